"""One look for all figures: colours, fonts, margins. Every figure goes through ``styled_figure``.

Colours are names, not shades: Streamlit puts the theme's own chart colours in their place, so that one figure suits the
light and the dark theme. ``print_figure`` puts the light ones in, for a page or a mail that Streamlit does not draw.

Plotly reads ``<b>`` and ``<a href>`` in what it draws: names that members or files gave go through ``literal``.
"""

import html
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

# The names under which Streamlit's theme looks its chart colours up; a test compares them with Streamlit's own.
BLUE = "#000001"
YELLOW = "#000002"
RED = "#000003"
SEQUENTIAL = tuple(f"#0000{number}" for number in range(11, 21))

# Greys that can be read on white and on black alike.
GREY = "#8A8A8A"
BAND = "rgba(138, 138, 138, 0.22)"
FAINT = "rgba(138, 138, 138, 0.75)"

LABEL_COLOURS = {"positive": BLUE, "neutral": GREY, "negative": RED}
_PRINTED = {BLUE: "#004488", YELLOW: "#DDAA33", RED: "#BB5566"} | dict(
    zip(
        SEQUENTIAL,
        ["#F1F5FA", "#DBE6F2", "#C2D4E8", "#A5BFDC", "#86A8CE", "#668FBF", "#4777AE", "#285F9B", "#0F5092", "#004488"],
        strict=True,
    )
)
#: What marks the negative and the late, beside their colour.
HATCHED = {"shape": "/", "fillmode": "overlay", "solidity": 0.25, "size": 6}
HEIGHT_PIXELS = 300


def literal(name: object) -> str:
    """A name that members or files gave, for Plotly to draw as it stands: its tags and entities are no markup.

    >>> literal("A & B <b>x</b>")
    'A &amp; B &lt;b&gt;x&lt;/b&gt;'
    """
    return html.escape(str(name), quote=False)


def sequential_scale() -> list[tuple[float, str]]:
    """The theme's ten shades from least to most, as Plotly takes them."""
    return [(index / (len(SEQUENTIAL) - 1), shade) for index, shade in enumerate(SEQUENTIAL)]


def styled_figure(traces: list[Any], *, y_title: str = "", x_title: str = "", height: int = HEIGHT_PIXELS) -> go.Figure:
    """A figure of ``traces`` in the house's look. Titles of axes say the unit; the chart's title stands on the page."""
    # said at once: each update of a figure takes longer than making it
    layout = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": None},
        "hovermode": "x unified",
        "dragmode": False,
        "bargap": 0.25,
        "xaxis": _axis(x_title),
        "yaxis": _axis(y_title),
    }
    return go.Figure(traces, layout)


def _axis(title: str) -> dict[str, Any]:
    return {"title": {"text": literal(title) or None}, "automargin": True, "fixedrange": True}


def print_figure(figure: go.Figure) -> go.Figure:
    """The same figure in the light theme's colours, to draw outside Streamlit."""
    text = str(figure.to_json())
    for name, shade in _PRINTED.items():
        text = text.replace(name, shade)
    printed: go.Figure = pio.from_json(text)
    printed.update_layout(template="plotly_white")
    return printed
