"""What a circle bought around the day on which each of its people first took part."""

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import BLUE, FAINT, GREY, HATCHED, bar_trace, styled_figure
from metrics.signs import with_minus

_HEIGHT_PIXELS = 260


def circle_sales_figure(steps: pd.DataFrame, *, window_days: int, currency: str) -> go.Figure:
    """A bar for each part of the days before (grey, hatched) and after (blue) taking part, on an axis of days.

    ``steps``: ``step`` (below 0: before), ``value`` (in whole units of ``currency``; refunds may bring it below 0). A
    rise that begins before the middle began before they took part.
    """
    days = window_days / max(int((steps["step"] >= 0).sum()), 1)
    traces = []
    for name, rows, colour in (
        ("before they took part", steps[steps["step"] < 0], GREY),
        ("after", steps[steps["step"] >= 0], BLUE),
    ):
        bar = bar_trace(
            x=((rows["step"] + 0.5) * days).tolist(),
            y=rows["value"].tolist(),
            width=days * 0.86,
            name=name,
            marker={"color": colour, "pattern": HATCHED if colour == GREY else {}, "line": {"width": 0}},
            customdata=[_describe_days(int(step), days) for step in rows["step"]],
            hovertemplate=f"%{{customdata}}: {currency} %{{y:,.2f}}<extra></extra>",
        )
        traces.append(bar)
    ticks = [number * window_days / 3 for number in range(-3, 4)]
    figure = styled_figure(
        traces,
        x_title="days from first taking part",
        y_title=f"bought, {currency}",
        height=_HEIGHT_PIXELS,
        hovermode="closest",
        barmode="overlay",
        x_axis={"tickvals": ticks, "range": [-window_days, window_days], "zeroline": False},
    )
    figure.add_vline(x=0, line={"color": FAINT, "width": 1, "dash": "dot"})
    return figure


def _describe_days(step: int, days: float) -> str:
    near, far = sorted((abs(step * days), abs((step + 1) * days)))
    return f"{near:.0f} to {far:.0f} days {'before' if step < 0 else 'after'}"


def circle_sales_takeaway(steps: pd.DataFrame, *, window_days: int, currency: str) -> str:
    """What was bought before and after, and how much of the former in the half of the days before that came last."""
    before, after = steps[steps["step"] < 0], steps[steps["step"] >= 0]
    bought = [float(rows["value"].sum()) for rows in (before, after)]
    if not (steps["value"] != 0).any():
        return f"In the {window_days} days before and after taking part nothing was bought."
    words = (
        f"{currency} {with_minus(f'{bought[0]:,.2f}')} in the {window_days} days before taking part, "
        f"{currency} {with_minus(f'{bought[1]:,.2f}')} in the {window_days} days after."
    )
    late = float(before.loc[before["step"] >= before["step"].min() / 2, "value"].sum())
    if bought[0] > 0 and 0 <= late <= bought[0]:
        words += f" Of what came before, {percent(late / bought[0], 0)} lies in the last {window_days / 2:.0f} days."
    return words
