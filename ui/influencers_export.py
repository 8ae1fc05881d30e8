"""The graph that is shown as a file: tables, or for Gephi and other programs that read graphs."""

from functools import partial

import streamlit as st

from answers.graph_export import FORMATS, export_graph
from answers.influencers import Influencers


def show_exports(graph: Influencers) -> None:
    """A small button for each kind of file, which is made when it is asked for."""
    days = "all" if graph.filters.period == "all" else f"{graph.filters.period}-days"
    size = "pagerank" if graph.by == "revenue" else graph.by
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("What is shown, as a file:", width="content")
        for kind, form in FORMATS.items():
            st.download_button(
                form.title,
                data=partial(export_graph, graph.people, graph.ties, kind, size=size, currency=graph.worth.currency),
                file_name=f"influencers-{days}.{form.suffix}",
                mime=form.media_type,
                key=f"i_export_{kind}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )
