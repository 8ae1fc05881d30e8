"""The graph that is shown as a file: a table, or for Gephi and other programs that read graphs."""

from functools import partial
from typing import Any

import streamlit as st
from answers.graph_export import export_graph

from answers.influencers import Influencers

FORMATS = {
    "csv": ("CSV", "text/csv", "The people with their scores, as a table."),
    "graphml": ("GraphML", "application/xml", "People and ties, for Gephi, yEd, networkx, igraph."),
    "gexf": ("GEXF", "application/xml", "People and ties, for Gephi."),
}


def show_exports(graph: Influencers) -> None:
    """Three small buttons; each file is made when it is asked for."""
    days = "all" if graph.filters.period == "all" else f"{graph.filters.period}-days"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("What is shown, as a file:", width="content")
        for form, (title, mime, explanation) in FORMATS.items():
            st.download_button(
                title,
                data=partial(_file, graph, form),
                file_name=f"influencers-{days}.{form}",
                mime=mime,
                key=f"i_export_{form}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
                help=explanation,
            )


def _file(graph: Influencers, form: Any) -> bytes:

    return export_graph(graph.people, graph.ties, form)
