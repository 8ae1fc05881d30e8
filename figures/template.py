"""One look for all figures: colours, fonts, margins. Every figure goes through ``styled_figure``.

Colours are names, not shades: Streamlit puts the theme's own chart colours in their place, so that one figure suits the
light and the dark theme. ``print_figure`` puts the light ones in, for a page or a mail that Streamlit does not draw.

Plotly reads ``<b>`` and ``<a href>`` in what it draws: names that members or files gave go through ``literal``.
"""

import html
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

# The names under which Streamlit's theme looks its chart colours up; a test compares them with Streamlit's own.
BLUE = "#000001"
YELLOW = "#000002"
RED = "#000003"
SEQUENTIAL = tuple(f"#0000{number}" for number in range(11, 21))
# The page's ground: of text in bars, which are as far from it in the light theme as in the dark.
GROUND = "#000038"

# Greys that can be read on white and on black alike.
GREY = "#8A8A8A"
BAND = "rgba(138, 138, 138, 0.22)"
FAINT = "rgba(138, 138, 138, 0.75)"

LABEL_COLOURS = {"positive": BLUE, "neutral": GREY, "negative": RED}
_PRINTED = {BLUE: "#004488", YELLOW: "#DDAA33", RED: "#BB5566", GROUND: "#FFFFFF"} | dict(
    zip(
        SEQUENTIAL,
        ["#F1F5FA", "#DBE6F2", "#C2D4E8", "#A5BFDC", "#86A8CE", "#668FBF", "#4777AE", "#285F9B", "#0F5092", "#004488"],
        strict=True,
    )
)
#: What marks the negative and the late, beside their colour.
HATCHED = {"shape": "/", "fillmode": "overlay", "solidity": 0.25, "size": 6}
HEIGHT_PIXELS = 300
#: A trace of a figure: its type, and Plotly's properties of that.
Trace: TypeAlias = dict[str, Any]


def literal(name: object) -> str:
    """A name that members or files gave, for Plotly to draw as it stands: its tags and entities are no markup.

    >>> literal("A & B <b>x</b>")
    'A &amp; B &lt;b&gt;x&lt;/b&gt;'
    """
    return html.escape(str(name), quote=False)


def sequential_scale() -> list[tuple[float, str]]:
    """The theme's ten shades from least to most, as Plotly takes them."""
    return [(index / (len(SEQUENTIAL) - 1), shade) for index, shade in enumerate(SEQUENTIAL)]


def scatter_trace(**properties: Any) -> Trace:
    """Points or lines, with Plotly's properties of them."""
    return {"type": "scatter", **properties}


def bar_trace(**properties: Any) -> Trace:
    """Bars, with Plotly's properties of them."""
    return {"type": "bar", **properties}


def heatmap_trace(**properties: Any) -> Trace:
    """A heatmap, with Plotly's properties of it."""
    return {"type": "heatmap", **properties}


def sankey_trace(**properties: Any) -> Trace:
    """A Sankey diagram, with Plotly's properties of it."""
    return {"type": "sankey", **properties}


#: An x axis of moments: days as they are written elsewhere, with the year where it changes.
OF_DAYS: dict[str, Any] = {
    "tickformatstops": [
        {"dtickrange": [None, 86_399_999], "value": "%H:%M\n%-d %b %Y"},
        {"dtickrange": [86_400_000, 2_600_000_000], "value": "%-d %b\n%Y"},
        {"dtickrange": ["M1", "M11"], "value": "%b\n%Y"},
        {"dtickrange": ["M12", None], "value": "%Y"},
    ]
}

#: An axis of percentages, which are drawn as points of a hundred: d3's own sign would stand close behind the number.
OF_PERCENT: dict[str, Any] = {"ticksuffix": "\u00a0%", "hoverformat": ".1~f"}


def styled_figure(
    traces: list[Trace],
    *,
    y_title: str = "",
    x_title: str = "",
    height: int = HEIGHT_PIXELS,
    x_axis: dict[str, Any] | None = None,
    y_axis: dict[str, Any] | None = None,
    **layout: Any,
) -> go.Figure:
    """A figure of ``traces`` in the house's look. Titles of axes say the unit; the chart's title stands on the page.
    ``x_axis``, ``y_axis`` and ``layout``: Plotly's properties of these, beside or instead of the house's.

    Said at once, and not looked through by Plotly: both take longer than all the rest. The tests look through it.
    """
    house = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hovermode": "x unified",
        "dragmode": False,
        "bargap": 0.25,
    }
    axes = {"xaxis": _axis(x_title) | (x_axis or {}), "yaxis": _axis(y_title) | (y_axis or {})}
    return draw([_plain(trace) for trace in traces], _plain(house | axes | layout))


def draw(traces: list[Trace], layout: dict[str, Any]) -> go.Figure:
    """The figure as it is said, without a look whether Plotly knows all that."""
    return go.Figure(traces, layout | {"template": _template({trace["type"] for trace in traces})}, _validate=False)


def _template(types: set[str]) -> dict[str, Any]:
    """Of the template that stands (Streamlit's, where it draws) what figures of these types of traces need."""
    whole = _whole_template(str(pio.templates.default))
    return {**whole, "data": {name: held for name, held in whole.get("data", {}).items() if name in types}}


@cache
def _whole_template(name: str) -> dict[str, Any]:
    return dict(pio.templates[name].to_plotly_json())


def _axis(title: str) -> dict[str, Any]:
    return {
        "title": {"text": literal(title) or None},
        "automargin": True,
        "fixedrange": True,
        "separatethousands": True,
    }


def _plain(value: Any) -> Any:
    """Properties as Plotly keeps them: those without a value are left out, columns of frames are arrays, and days are
    spelt without the time of day, which would make their figure half as long again."""
    if isinstance(value, dict):
        found = {name: _plain(held) for name, held in value.items() if held is not None}
        return {name: held for name, held in found.items() if not (isinstance(held, dict) and not held)}
    if isinstance(value, pd.Series):
        return spell_days(value) if value.dtype.kind == "M" else value.to_numpy()
    return value


def spell_days(moments: pd.Series) -> list[str] | Any:
    """Days as Plotly reads them; moments that are no days as an array.

    >>> spell_days(pd.Series(pd.to_datetime(["2026-03-02", "2026-03-03"])))
    ['2026-03-02', '2026-03-03']
    """
    exact = moments.to_numpy()
    if moments.dt.tz is not None:
        return exact
    days = exact.astype("datetime64[D]")
    return np.datetime_as_string(days).tolist() if (days == exact).all() else exact


def print_figure(figure: go.Figure) -> go.Figure:
    """The same figure in the light theme's colours, to draw outside Streamlit."""
    text = str(figure.to_json())
    for name, shade in _PRINTED.items():
        text = text.replace(name, shade)
    printed: go.Figure = pio.from_json(text)
    printed.update_layout(template="plotly_white")
    return printed
