"""Charts on a page: drawn from frames, described for who cannot see them, and open to a click."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from figures.template import OF_PERCENT
from figures.trend import trend_figure, trend_takeaway

CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False}
UNIT_TITLES = {"share": "share", "points": "points", "seconds": "minutes"}


def show_figure(figure: go.Figure, *, key: str, takeaway: str, select: bool = False) -> list[dict[str, Any]]:
    """Draw a figure with its takeaway as the text for who cannot see it. Returns the points chosen by a click."""
    options: dict[str, Any] = {"key": key, "theme": "streamlit", "config": CONFIG, "alt": takeaway}
    if not select:
        st.plotly_chart(figure, **options)
        return []
    event = st.plotly_chart(figure, on_select="rerun", selection_mode="points", **options)
    return list(event["selection"]["points"])


def show_trend(
    series: pd.DataFrame, *, name: str, unit: str, key: str, before: pd.DataFrame | None = None, select: bool = False
) -> pd.Timestamp | None:
    """A trend of ``day``, ``value`` (and the band). Returns the day that was clicked, or None."""
    shown = in_axis_unit(series, unit)
    figure = trend_figure(
        shown,
        name=name,
        y_title=UNIT_TITLES.get(unit, name.lower()),
        before=None if before is None else in_axis_unit(before, unit),
        y_axis={"rangemode": "tozero" if unit in ("count", "share", "seconds") else None}
        | (OF_PERCENT if unit == "share" else {}),
    )
    points = show_figure(
        figure, key=key, takeaway=trend_takeaway(shown, name=name, unit=" %" if unit == "share" else ""), select=select
    )
    return pd.Timestamp(points[0]["x"]).normalize() if points else None


def in_axis_unit(series: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Seconds as minutes, shares as percentages; the rest as it is."""
    factor = {"seconds": 1 / 60, "share": 100}.get(unit)
    if factor is None:
        return series
    columns = [name for name in ("value", "low", "high") if name in series]
    return series.assign(**{name: series[name] * factor for name in columns})
