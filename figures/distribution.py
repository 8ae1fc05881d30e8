"""How response times are spread."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures.template import BLUE, RED, styled_figure

# Seconds at which bars end: response times spread over five powers of ten, so equal steps would hide all but one bar.
EDGES = (0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800)
NAMES = (
    "< 1 min",
    "1–5 min",
    "5–15 min",
    "15–30 min",
    "30–60 min",
    "1–2 h",
    "2–4 h",
    "4–8 h",
    "8–24 h",
    "1–2 days",
    "2–7 days",
    "> 7 days",
)


def count_response_times(response_seconds: pd.Series) -> pd.DataFrame:
    """How many lie in each bracket: ``name``, ``value`` (turns), ``upper_seconds``.

    >>> count_response_times(pd.Series([30.0, 45.0, 4000.0])).query("value > 0")["name"].tolist()
    ['< 1 min', '1–2 h']
    """
    edges = [*EDGES, np.inf]
    counts, _ = np.histogram(response_seconds.dropna().to_numpy(dtype=float), bins=edges)
    return pd.DataFrame({"name": NAMES, "value": counts, "upper_seconds": edges[1:]})


def response_times_figure(response_seconds: pd.Series, *, target_seconds: float | None = None) -> go.Figure:
    """Bars of answered turns by how long the answer took; those past the target are hatched."""
    frame = count_response_times(response_seconds)
    is_late = frame["upper_seconds"] > (target_seconds if target_seconds is not None else np.inf)
    traces = [
        _bars(frame[~is_late], "within the target" if target_seconds else "answered", BLUE, ""),
        _bars(frame[is_late], "past the target", RED, "/"),
    ]
    figure = styled_figure([trace for trace in traces if len(trace.x)], y_title="turns answered")
    figure.update_layout(barmode="stack")
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=list(NAMES))
    return figure


def _bars(frame: pd.DataFrame, name: str, colour: str, pattern: str) -> go.Bar:
    return go.Bar(x=frame["name"], y=frame["value"], name=name, marker={"color": colour, "pattern": {"shape": pattern}})


def response_times_takeaway(response_seconds: pd.Series, *, target_seconds: float | None = None) -> str:
    """The median, and how many came within the target."""
    times = response_seconds.dropna()
    if times.empty:
        return "No turn was answered in this period."
    within = f"; {(times <= target_seconds).mean():.0%} within the target" if target_seconds is not None else ""
    return f"Half of {len(times):,} answers came within {times.median() / 60:,.0f} minutes{within}."
