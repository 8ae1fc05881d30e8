"""Amounts side by side: counts by channel or network, and shares of sentiment."""

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import (
    BAND,
    BLUE,
    GREY,
    GROUND,
    HATCHED,
    LABEL_COLOURS,
    OF_DAYS,
    OF_PERCENT,
    Trace,
    bar_trace,
    literal,
    styled_figure,
)

ROW_PIXELS = 30


def bars_figure(frame: pd.DataFrame, *, x_title: str, before: bool = False) -> go.Figure:
    """Horizontal bars, the longest on top. ``frame``: ``name``, ``value``, and with ``before`` the value ``before``."""
    ordered = frame.sort_values("value", kind="stable")
    traces = []
    if before:
        traces.append(_bar(ordered, "before", "period before", GREY))
    traces.append(_bar(ordered, "value", "this period", BLUE))
    return styled_figure(
        traces,
        x_title=x_title,
        height=90 + ROW_PIXELS * (2 if before else 1) * max(len(frame), 2),
        hovermode="y unified",
        showlegend=before,
        barmode="group",
        y_axis={"type": "category"},
    )


def _bar(frame: pd.DataFrame, column: str, name: str, colour: str) -> Trace:
    return bar_trace(
        x=frame[column],
        y=frame["name"].map(_shortened),
        name=name,
        orientation="h",
        marker={"color": colour},
        customdata=frame["name"],
    )


def _shortened(name: str) -> str:
    return literal(name if len(name) <= 34 else name[:33] + "…")


def bars_takeaway(frame: pd.DataFrame, *, what: str) -> str:
    """Which bar is the longest, and what share of all it makes."""
    total = frame["value"].sum()
    if frame.empty or not total:
        return f"{what}: no data in this period."
    top = frame.loc[frame["value"].idxmax()]
    part = percent(top["value"] / total, 0)
    return f"{what}: {top['name']} leads with {top['value']:,.4g}, {part} of {len(frame)} together."


def sentiment_bars_figure(frame: pd.DataFrame) -> go.Figure:
    """Shares of positive, neutral and negative posts, one bar a row. ``frame``: ``name``, ``positive``, ``neutral``,
    ``negative`` (counts of scored posts)."""
    scored = frame[["positive", "neutral", "negative"]].sum(axis=1)
    ordered = frame.assign(scored=scored).sort_values("scored", kind="stable")
    traces = []
    for label in ("negative", "neutral", "positive"):
        share = (ordered[label] / ordered["scored"]).where(ordered["scored"] > 0)
        bar = bar_trace(
            x=share * 100,
            y=ordered["name"].map(_shortened),
            name=label,
            orientation="h",
            marker={"color": LABEL_COLOURS[label], "pattern": HATCHED if label == "negative" else {}},
            customdata=ordered["name"],
            text=share.map(lambda value: percent(value, 0) if value >= 0.08 else ""),
            textposition="inside",
            insidetextfont={"color": GROUND},
            insidetextanchor="middle",
        )
        traces.append(bar)
    return styled_figure(
        traces,
        x_title="share of scored posts",
        height=110 + ROW_PIXELS * max(len(frame), 2),
        barmode="stack",
        hovermode="y unified",
        legend_traceorder="normal",
        margin={"l": 8, "r": 32, "t": 28, "b": 8},  # a place for the last of the axis's numbers
        x_axis=OF_PERCENT | {"range": [0, 100]},
        y_axis={"type": "category"},
    )


def sentiment_bars_takeaway(frame: pd.DataFrame, *, what: str) -> str:
    """Where the largest share of posts is negative."""
    scored = frame[["positive", "neutral", "negative"]].sum(axis=1)
    share = (frame["negative"] / scored).where(scored > 0)
    if not share.notna().any():
        return f"Sentiment by {what}: nothing is scored in this period."
    worst = share.idxmax()
    name = frame.loc[worst, "name"]
    return f"Sentiment by {what}: most negative is {name}, with {percent(share[worst], 0)} of its scored posts."


def sentiment_days_figure(frame: pd.DataFrame) -> go.Figure:
    """Posts a day by sentiment, with those that were not scored in pale grey on top. ``frame``: ``day``, ``positive``,
    ``neutral``, ``negative``, ``unscored``."""
    traces = []
    for label in ("negative", "neutral", "positive", "unscored"):
        marker = {
            "color": LABEL_COLOURS.get(label, BAND),
            "pattern": HATCHED if label == "negative" else {},
            "line": {"width": 0},
        }
        name = "not scored" if label == "unscored" else label
        traces.append(bar_trace(x=frame["day"], y=frame[label], name=name, marker=marker))
    return styled_figure(
        traces, y_title="posts", barmode="stack", bargap=0.1, legend_traceorder="normal", x_axis=OF_DAYS
    )


def sentiment_days_takeaway(frame: pd.DataFrame) -> str:
    """How many posts of each sentiment, and how many were not scored."""
    sums = frame[["positive", "neutral", "negative", "unscored"]].sum()
    if not sums.sum():
        return "Posts a day by sentiment: no data in this period."
    counts = ", ".join(f"{sums[label]:,} {label}" for label in ("positive", "neutral", "negative"))
    return f"Posts a day by sentiment: {counts}; {sums['unscored']:,} not scored."
