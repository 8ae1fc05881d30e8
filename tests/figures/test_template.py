"""Colours by name, and the same figure for a page that Streamlit does not draw."""

import plotly.graph_objects as go
from streamlit.elements.lib import streamlit_plotly_theme as theme

from figures import template


def test_colour_names_are_those_that_streamlit_replaces_by_its_theme() -> None:
    assert (template.BLUE, template.YELLOW, template.RED) == (theme.CATEGORY_0, theme.CATEGORY_1, theme.CATEGORY_2)
    assert template.GROUND == theme.BG_COLOR
    assert template.SEQUENTIAL[0] == theme.SEQUENTIAL_0
    assert template.SEQUENTIAL[-1] == theme.SEQUENTIAL_9
    assert len(template.SEQUENTIAL) == 10


def test_print_figure_has_real_colours_when_drawn_outside_streamlit() -> None:
    figure = template.styled_figure([go.Scatter(x=[1, 2], y=[1, 2], line={"color": template.RED})])
    printed = template.print_figure(figure)
    assert printed.data[0].line.color == "#BB5566"
    assert figure.data[0].line.color == template.RED


def test_styled_figure_names_the_unit_on_its_axis() -> None:
    figure = template.styled_figure([go.Bar(x=[1], y=[2])], y_title="posts")
    assert figure.layout.yaxis.title.text == "posts"
