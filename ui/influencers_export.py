"""The graph that is shown as a file: tables, or for Gephi and other programs that read graphs."""

from functools import partial

import streamlit as st

from answers.graph_export import FORMATS, Drawing, export_graph
from answers.influencers import Influencers
from figures.influence_graph import UNIT_PIXELS, dot_sizes
from ui.influencers import Look
from ui.influencers_community import chart_colours
from ui.influencers_graph import group_people, place_people


def show_exports(graph: Influencers, look: Look) -> None:
    """A small button for each kind of file, which is made when it is asked for."""
    days = "all" if graph.filters.period == "all" else f"{graph.filters.period}-days"
    colours, grey, _ = chart_colours()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("What is shown, as a file:", width="content")
        for kind, form in FORMATS.items():
            st.download_button(
                form.title,
                data=partial(write_graph, graph, look, kind, [*colours, grey]),
                file_name=f"influencers-{days}.{form.suffix}",
                mime=form.media_type,
                key=f"i_export_{kind}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def write_graph(graph: Influencers, look: Look, kind: str, colours: list[str]) -> bytes:
    """The graph as a file of a kind, drawn as on the page. ``colours``: blue, yellow, red, grey."""
    return export_graph(
        graph.people, graph.ties, kind, currency=graph.worth.currency, drawing=draw_as_shown(graph, look, colours)
    )


def draw_as_shown(graph: Influencers, look: Look, colours: list[str]) -> Drawing:
    """Places, sizes and colours of the people as on the page."""
    people, grouping = place_people(graph, look), group_people(graph, look.colour_by)
    radii = dot_sizes(people["score"]) / 2 / UNIT_PIXELS
    groups = [colours[-1] if group.colour is None else colours[group.colour] for group in grouping.groups]
    return Drawing(people["x"].tolist(), people["y"].tolist(), radii.tolist(), [groups[place] for place in grouping.of])
