"""Who comes back: one row for those who first wrote in a week, one column for each one after."""

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import OF_PERCENT, heatmap_trace, sequential_scale, styled_figure


def cohorts_figure(frame: pd.DataFrame) -> go.Figure:
    """``frame``: ``cohort`` (the Monday), ``week`` (weeks since, from 0), ``share`` (0 to 1)."""
    grid = frame.pivot_table(index="cohort", columns="week", values="share").sort_index()
    labels = [f"{pd.Timestamp(cohort):%-d %b %Y}" for cohort in grid.index]
    heatmap = heatmap_trace(
        z=grid.to_numpy() * 100,
        x=[str(week) for week in grid.columns],
        y=labels,
        colorscale=sequential_scale(),
        zmin=0,
        # everyone is there in week 0, which would leave the rest one shade
        zmax=_highest_return(frame) * 100,
        colorbar={"title": {"text": "active"}, "ticksuffix": OF_PERCENT["ticksuffix"], "thickness": 10},
        hovertemplate="first wrote %{y}<br>%{x} weeks later: %{z:.0f}\u00a0%<extra></extra>",
        xgap=2,
        ygap=2,
    )
    return styled_figure(
        [heatmap],
        x_title="weeks since the first post",
        height=120 + 22 * max(len(labels), 4),
        hovermode="closest",
        x_axis={"type": "category", "showgrid": False},
        y_axis={"type": "category", "autorange": "reversed", "showgrid": False},
    )


def _highest_return(frame: pd.DataFrame) -> float:
    later = frame.loc[frame["week"] > 0, "share"]
    return float(later.max()) if later.notna().any() and later.max() > 0 else 1.0


def cohorts_takeaway(frame: pd.DataFrame) -> str:
    """How many come back in the next week, over all cohorts that had one."""
    next_ones = frame.loc[frame["week"] == 1, "share"].dropna()
    if next_ones.empty:
        return "Nobody's second week lies in this period."
    spread = f"from {percent(next_ones.min(), 0)} to {percent(next_ones.max(), 0)}"
    return f"{percent(next_ones.mean(), 0)} come back in the week after their first, {spread}."
