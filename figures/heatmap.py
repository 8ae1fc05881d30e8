"""The week's rhythm: weekday by hour."""

import pandas as pd
import plotly.graph_objects as go

from figures.template import YELLOW, Trace, heatmap_trace, scatter_trace, sequential_scale, styled_figure

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _grid(frame: pd.DataFrame) -> pd.DataFrame:
    table = frame.pivot_table(index="weekday", columns="hour", values="value", aggfunc="sum")
    return table.reindex(index=range(7), columns=range(24)).fillna(0)


def heatmap_figure(frame: pd.DataFrame, *, unit: str = "posts") -> go.Figure:
    """``frame``: ``weekday`` (Monday is 0), ``hour`` (local, 0 to 23), ``value``."""
    grid = _grid(frame)
    heatmap = heatmap_trace(
        z=grid.to_numpy(),
        x=[f"{hour:02d}" for hour in grid.columns],
        y=[WEEKDAYS[day] for day in grid.index],
        colorscale=sequential_scale(),
        colorbar={"title": {"text": unit}, "thickness": 10},
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )
    return styled_figure(
        [heatmap, _targets(grid, unit)],
        x_title="hour of the day",
        hovermode="closest",
        x_axis={"type": "category", "dtick": 3, "showgrid": False},
        y_axis={"autorange": "reversed", "showgrid": False},
    )


def _targets(grid: pd.DataFrame, unit: str) -> Trace:
    """Markers that nobody sees until one is chosen: a heatmap itself takes no clicks."""
    cells = [(int(weekday), int(hour)) for weekday in grid.index for hour in grid.columns]
    return scatter_trace(
        x=[f"{hour:02d}" for _, hour in cells],
        y=[WEEKDAYS[weekday] for weekday, _ in cells],
        mode="markers",
        marker={"symbol": "square-open", "size": 20, "color": YELLOW, "opacity": 0, "line": {"width": 3}},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0}},
        text=grid.to_numpy().ravel(),
        hovertemplate="%{y} %{x}:00<br>%{text:,.3g} " + unit + "<extra></extra>",
        showlegend=False,
        customdata=cells,
    )


def heatmap_takeaway(frame: pd.DataFrame, *, unit: str = "posts") -> str:
    """The busiest hour of the week."""
    if frame.empty or not frame["value"].sum():
        return f"{unit.capitalize()} by weekday and hour: no data in this period."
    busiest = _grid(frame).stack().idxmax()
    return f"Busiest on {WEEKDAYS[int(busiest[0])]} between {int(busiest[1]):02d}:00 and {int(busiest[1]) + 1:02d}:00."
