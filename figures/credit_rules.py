"""What each credit rule gives to each key: the chosen rule in colour on the range of all of them.

Where the range is short, the rules agree, and it does not matter which one is chosen.
"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import BAND, BLUE, GREY, Trace, literal, scatter_trace, styled_figure

ROW_PIXELS = 34
_LONGEST = 34


def credit_rules_figure(frame: pd.DataFrame, *, rules: Mapping[str, str], rule: str, x_title: str) -> go.Figure:
    """A row a key, the first on top: a grey dot for each rule, a diamond for the chosen one, a band from least to most.

    ``frame``: ``key`` (goes with a click), ``label`` (two keys may share one), and a column a rule (money in whole
    units). ``rules``: the columns and their names. ``rule``: the chosen column.
    """
    places = list(range(len(frame)))
    others = [name for name in rules if name != rule]
    traces = [
        _ranges(frame[list(rules)], places),
        _dots(frame, others, rules, name="other rules", marker={"color": GREY, "size": 7}),
        _dots(frame, [rule], rules, name=rules[rule], marker={"color": BLUE, "size": 13, "symbol": "diamond"}),
    ]
    labels = [_shortened(str(label)) for label in frame["label"]]
    bounds = [len(frame) - 0.4, -0.6]
    return styled_figure(
        traces,
        x_title=x_title,
        height=110 + ROW_PIXELS * max(len(frame), 2),
        hovermode="closest",
        x_axis={"rangemode": "tozero"},
        y_axis={"tickvals": places, "ticktext": labels, "range": bounds, "showgrid": False, "zeroline": False},
    )


def _ranges(amounts: pd.DataFrame, places: list[int]) -> Trace:
    ends = zip(amounts.min(axis=1), amounts.max(axis=1), places, strict=True)
    points = [point for low, high, place in ends for point in ((low, place), (high, place), (None, None))]
    return scatter_trace(
        x=[x for x, _ in points],
        y=[y for _, y in points],
        mode="lines",
        line={"color": BAND, "width": 9},
        hoverinfo="skip",
        showlegend=False,
    )


def _dots(
    frame: pd.DataFrame, columns: list[str], rules: Mapping[str, str], *, name: str, marker: dict[str, object]
) -> Trace:
    cells = [(place, column) for place in range(len(frame)) for column in columns]
    return scatter_trace(
        x=[frame[column].iloc[place] for place, column in cells],
        y=[place for place, _ in cells],
        name=name,
        mode="markers",
        marker=marker,
        text=[f"{literal(frame['label'].iloc[place])}<br>{rules[column]}" for place, column in cells],
        hovertemplate="%{text}: %{x:,.2f}<extra></extra>",
        customdata=[[frame["key"].iloc[place], column] for place, column in cells],
    )


def _shortened(label: str) -> str:
    return literal(label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…")


def credit_rules_takeaway(frame: pd.DataFrame, *, rules: Mapping[str, str], rule: str, what: str) -> str:
    """Who gets most under the chosen rule, and on whom the rules differ most, in shares of all. Columns as in
    ``credit_rules_figure``; key "" is what no touch reaches, and leads nothing."""
    total = frame[rule].sum()
    if frame.empty or not total:
        return f"{what}: nothing was sold in this period."
    touched = frame[frame["key"] != ""].reset_index(drop=True)
    if touched.empty:
        return f"{what}: no touch came before what was sold."
    top = touched.loc[touched[rule].idxmax()]
    said = f"{what}: under {rules[rule]}, {top['label']} leads with {percent(top[rule] / total, 0)}."
    amounts = touched[list(rules)]
    spread = amounts.max(axis=1) - amounts.min(axis=1)
    if not spread.max():
        return f"{said} All rules agree."
    widest = spread.idxmax()
    low, high = sorted((amounts.loc[widest].min() / total, amounts.loc[widest].max() / total))
    return (
        f"{said} The rules differ most on {touched.loc[widest, 'label']}: from {percent(low, 0)} to {percent(high, 0)}."
    )
