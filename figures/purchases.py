"""One person's sentiment over time, with what they bought below, on the same axis of time."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.balance import balance_figure, balance_takeaway
from figures.template import BLUE, GREY, OF_DAYS, YELLOW, Trace, literal, scatter_trace, styled_figure

#: The rows of the lower part, with the look of each.
KINDS: dict[str, dict[str, Any]] = {
    "order": {"symbol": "circle", "color": BLUE},
    "deal won": {"symbol": "diamond", "color": YELLOW},
    "refund": {"symbol": "x", "color": GREY},
}
_LOWER_SHARE = 0.22
_ROW_PIXELS = 34


def purchases_figure(sentiment: pd.DataFrame, purchases: pd.DataFrame, *, unit: str) -> go.Figure:
    """Praise and complaints by week or month; below, a mark for each purchase on its day.

    ``sentiment``: as ``figures.balance.balance_figure``. ``purchases``: ``moment`` (local), ``kind`` (of ``KINDS``),
    ``amount`` (as text). Where there are no purchases, it is the balance alone; where nothing is scored, the marks.
    """
    has_sentiment = not sentiment.empty and int(sentiment["scored"].sum()) > 0
    if purchases.empty:
        return balance_figure(sentiment, unit=unit)
    present = [kind for kind in KINDS if (purchases["kind"] == kind).any()]
    marks = [_marks(purchases[purchases["kind"] == kind], kind, has_sentiment) for kind in present]
    if not has_sentiment:
        return styled_figure(
            marks, height=110 + _ROW_PIXELS * len(present), hovermode="closest", showlegend=False, x_axis=OF_DAYS
        )
    figure = balance_figure(sentiment, unit=unit)
    figure.add_traces(marks)
    first = min(sentiment["period"].iloc[0], purchases["moment"].min())
    step = pd.DateOffset(months=1) if unit == "month" else pd.DateOffset(weeks=1)
    last = max(sentiment["period"].iloc[-1] + step, purchases["moment"].max())
    room = max((last - first) * 0.03, pd.Timedelta(days=3))
    figure.update_layout(
        height=320 + _ROW_PIXELS * len(present),
        xaxis={"anchor": "y2", "range": [first - room, last + room]},
        yaxis={"domain": [_LOWER_SHARE + 0.08, 1.0]},
        yaxis2={
            "domain": [0.0, _LOWER_SHARE],
            "type": "category",
            "categoryarray": present[::-1],
            "range": [-0.6, len(present) - 0.4],
            "fixedrange": True,
            "automargin": True,
        },
    )
    return figure


def _marks(rows: pd.DataFrame, kind: str, is_below: bool) -> Trace:
    return scatter_trace(
        x=rows["moment"],
        y=[kind] * len(rows),
        name=kind,
        mode="markers",
        marker={"size": 11, **KINDS[kind]},
        customdata=rows["amount"].map(literal),
        hovertemplate="%{x|%-d %b %Y}: " + kind + ", %{customdata}<extra></extra>",
        showlegend=False,  # its row is named on the axis
        **({"yaxis": "y2"} if is_below else {}),
    )


def purchases_takeaway(sentiment: pd.DataFrame, purchases: pd.DataFrame, *, unit: str) -> str:
    """How much was praise and how much complaint, and how often and from when to when they bought."""
    said = balance_takeaway(sentiment, unit=unit)
    counts = [(int((purchases["kind"] == kind).sum()), kind) for kind in KINDS]
    words = [f"{count:,} {_plural(kind, count)}" for count, kind in counts if count]
    if not words:
        return said
    first, last = purchases["moment"].min(), purchases["moment"].max()
    when = f"on {first:%-d %b %Y}" if first == last else f"from {first:%-d %b %Y} to {last:%-d %b %Y}"
    return f"{said} {', '.join(words)}, {when}."


def _plural(kind: str, count: int) -> str:
    if count == 1:
        return kind
    return "deals won" if kind == "deal won" else f"{kind}s"
