"""A number over time, inside the band that is usual for it."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures.template import BAND, BLUE, FAINT, OF_DAYS, RED, Trace, literal, scatter_trace, spell_days, styled_figure
from metrics.signs import with_minus

MANY_DAYS = 45
_GAP = np.array([np.nan], dtype="float32")


def trend_figure(
    frame: pd.DataFrame,
    *,
    name: str,
    y_title: str,
    before: pd.DataFrame | None = None,
    y_axis: dict[str, Any] | None = None,
) -> go.Figure:
    """A line in its band, with what lies outside marked.

    ``frame``: ``day`` (local), ``value``; where known ``low`` and ``high`` (the usual band) and ``is_unusual``.
    Of weeks: ``posts``, over which each mean is, and ``days`` (of the week, from ``day``); both are told on hovering.
    ``before``: ``day`` and ``value`` of the period before, drawn faint under the same days, first to first.
    ``y_axis``: Plotly's properties of it, beside the house's.
    """
    traces: list[Any] = []
    if {"low", "high"} <= set(frame.columns) and frame["low"].notna().any():
        traces += _band(frame)
    if before is not None and not before.empty:
        traces.append(_before(frame, before))
    traces.append(
        scatter_trace(
            x=frame["day"],
            y=frame["value"],
            name=literal(name),
            mode="lines+markers",  # a click needs a marker to hit
            marker={"size": 6 if len(frame) <= MANY_DAYS else 3},
            line={"color": BLUE, "width": 2.5 if len(frame) <= MANY_DAYS else 1.5},
            **(_told_of_weeks(frame, name) if "posts" in frame else {}),
        )
    )
    unusual = _unusual(frame)
    if not unusual.empty:
        traces.append(
            scatter_trace(
                x=unusual["day"],
                y=unusual["value"],
                name="unusual",
                mode="markers",
                marker={"color": RED, "size": 10, "symbol": "diamond-open", "line": {"width": 2}},
            )
        )
    return styled_figure(traces, y_title=y_title, x_axis=OF_DAYS, y_axis=y_axis)


def _told_of_weeks(frame: pd.DataFrame, name: str) -> dict[str, Any]:
    """What hovering says of each week: its days, its mean, and over how many posts."""
    rows = zip(frame["day"], frame["days"], frame["posts"], strict=True)
    told = [
        f"{day:%-d %b} to {day + pd.Timedelta(days=days - 1):%-d %b %Y}, mean over {posts:,} posts"
        for day, days, posts in rows
    ]
    return {"text": told, "hovertemplate": f"%{{text}}<br>{literal(name)}: %{{y:.1f}}<extra></extra>"}


def _unusual(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["is_unusual"].fillna(False).astype(bool)] if "is_unusual" in frame else frame.iloc[:0]


def _band(frame: pd.DataFrame) -> list[Any]:
    """The band as one outline for each run of days of which it is known: Plotly would join them across the gaps.
    Nobody reads a number off it, so that seven digits do."""
    low, high = (frame[name].to_numpy(dtype="float32") for name in ("low", "high"))
    known = np.flatnonzero(~np.isnan(low) & ~np.isnan(high))
    spelt = spell_days(frame["day"])
    days: list[Any] = []
    edges: list[np.ndarray[Any, Any]] = []
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        there_and_back = [*run, *run[::-1]]
        days += [*(spelt[place] for place in there_and_back), None]
        edges += [high[run], low[run[::-1]], _GAP]
    return [
        scatter_trace(
            x=days,
            y=np.concatenate(edges),
            fill="toself",
            fillcolor=BAND,
            name="usual for the weekday",
            mode="lines",
            line={"width": 0},
            hoverinfo="skip",
        )
    ]


def _before(frame: pd.DataFrame, before: pd.DataFrame) -> Trace:
    count = min(len(frame), len(before))
    return scatter_trace(
        x=frame["day"].iloc[:count],
        y=before["value"].iloc[:count],
        name="period before",
        mode="lines",
        line={"color": FAINT, "width": 1.5, "dash": "dot"},
    )


def trend_takeaway(frame: pd.DataFrame, *, name: str, unit: str = "") -> str:
    """What the line shows, in a sentence, for whoever cannot see it. ``unit``: what stands behind each number."""
    values = frame.dropna(subset=["value"])
    if values.empty:
        return f"{name}: no data in this period."
    highest = values.loc[values["value"].idxmax()]
    first, last = values["value"].iloc[0], values["value"].iloc[-1]
    course = "rose" if last > first else "fell" if last < first else "ended where it began"
    numbers = [with_minus(f"{value:,.4g}") for value in (first, last, highest["value"])]
    unusual = len(_unusual(frame))
    outside = f" {unusual} of {len(values)} days lie outside the usual band." if "is_unusual" in frame else ""
    return (
        f"{name} {course}, from {numbers[0]}{unit} to {numbers[1]}{unit}; highest {numbers[2]}{unit} "
        f"{'in the week from' if 'posts' in frame else 'on'} {pd.Timestamp(highest['day']):%-d %b %Y}.{outside}"
    )
