"""Praise above, complaints below: one person's posts by week or month."""

import pandas as pd
import plotly.graph_objects as go

from figures.template import BLUE, GREY, OF_DAYS, RED, Trace, bar_trace, scatter_trace, styled_figure

PERIOD = {"week": 7 * 86_400_000, "month": "M1"}
#: A month's name, or a week's first day.
_TICKS = {"week": "%-d %b %Y", "month": "%b %Y"}


def balance_figure(frame: pd.DataFrame, *, unit: str) -> go.Figure:
    """Bars of positive posts upwards and of negative ones downwards, with a mark for how many were scored at all.

    ``frame``: ``period`` (its first day), ``positive``, ``negative``, ``scored`` (counts). ``unit``: week or month.
    """
    traces = [
        _bars(frame, "positive", frame["positive"], unit, {"color": BLUE}),
        _bars(frame, "negative", -frame["negative"], unit, {"color": RED, "pattern": {"shape": "/"}}),
        scatter_trace(
            x=frame["period"],
            y=frame["scored"],
            name="scored",
            mode="markers",
            marker={"symbol": "line-ew-open", "size": 16, "color": GREY, "line": {"width": 2, "color": GREY}},
            hovertemplate="%{y:,} scored<extra></extra>",
            xperiod=PERIOD[unit],
            xperiodalignment="middle",
        ),
    ]
    return styled_figure(
        traces,
        y_title="posts",
        barmode="relative",
        bargap=0.35,
        x_axis=OF_DAYS
        | {
            "showgrid": False,
            "ticklabelmode": "period",
            "hoverformat": _TICKS[unit],
            "range": _range(frame, unit),
        },
        y_axis={"zeroline": True, "zerolinecolor": GREY, "tickformat": ",d", "dtick": _step(frame)},
    )


def _bars(frame: pd.DataFrame, name: str, heights: pd.Series, unit: str, marker: dict[str, object]) -> Trace:
    return bar_trace(
        x=frame["period"],
        y=heights,
        name=name,
        marker=marker,
        customdata=frame[name],
        hovertemplate="%{customdata:,} " + name + "<extra></extra>",
        xperiod=PERIOD[unit],
        xperiodalignment="middle",
    )


def _step(frame: pd.DataFrame) -> int | None:
    """Whole posts on the axis where there are few."""
    return 1 if frame[["scored", "positive", "negative"]].max().max() <= 4 else None


def _range(frame: pd.DataFrame, unit: str) -> list[pd.Timestamp] | None:
    """At least six periods: one alone would fill the whole chart."""
    if frame.empty or len(frame) >= 6:
        return None
    step = pd.DateOffset(weeks=1) if unit == "week" else pd.DateOffset(months=1)
    last = frame["period"].iloc[-1]
    return [last - 5 * step, last + step]


def balance_takeaway(frame: pd.DataFrame, *, unit: str) -> str:
    """How much of it was praise and how much complaint, and the worst period."""
    scored, positive, negative = (int(frame[name].sum()) for name in ("scored", "positive", "negative"))
    if not scored:
        return "None of their posts is scored."
    parts = f"{positive:,} positive and {negative:,} negative of {scored:,} scored posts"
    if not negative:
        return f"{parts}."
    worst = frame.loc[frame["negative"].idxmax()]
    first = pd.Timestamp(worst["period"])
    when = f"the week of {first.day} {first:%b %Y}" if unit == "week" else f"{first:%b %Y}"
    return f"{parts}; most negative ones in {when}, {int(worst['negative']):,}."
