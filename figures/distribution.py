"""How response times are spread."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import BLUE, HATCHED, RED, Trace, bar_trace, styled_figure


def response_times_figure(frame: pd.DataFrame, *, target_seconds: float) -> go.Figure:
    """Bars of answered turns by how long the answer took; those past the target are hatched.

    ``frame``: ``step`` (words, shortest first), ``seconds_to`` (NaN: no end), ``turns``. Past the target are the steps
    that end after it.
    """
    is_within = frame["seconds_to"] <= target_seconds
    traces = [
        _bars(frame[is_within], "within the target", BLUE, {}),
        _bars(frame[~is_within], "past the target", RED, HATCHED),
    ]
    return styled_figure(
        [trace for trace in traces if len(trace["x"])],
        y_title="turns answered",
        barmode="stack",
        x_axis={"type": "category", "categoryorder": "array", "categoryarray": frame["step"].tolist()},
    )


def _bars(frame: pd.DataFrame, name: str, colour: str, pattern: dict[str, Any]) -> Trace:
    marker = {"color": colour, "pattern": pattern}
    return bar_trace(x=frame["step"].tolist(), y=frame["turns"].tolist(), name=name, marker=marker)


def response_times_takeaway(frame: pd.DataFrame, *, target_seconds: float) -> str:
    """How many came within the target, and the commonest step."""
    total = int(frame["turns"].sum()) if not frame.empty else 0
    if not total:
        return "No turn that opened in this period was answered."
    within = int(frame.loc[frame["seconds_to"] <= target_seconds, "turns"].sum())
    commonest = frame.loc[frame["turns"].idxmax(), "step"]
    return (
        f"{percent(within / total, 0)} of {total:,} answers came within the target; the commonest wait is {commonest}."
    )
