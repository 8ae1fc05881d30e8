"""What acts go with: a forest of estimates with their intervals, and orders before and after one act."""

import pandas as pd
import plotly.graph_objects as go

from figures.template import BLUE, FAINT, GREY, Trace, scatter_trace, styled_figure
from metrics.signs import with_minus

ROW_PIXELS = 44
EFFECT = "effect"


def forest_figure(frame: pd.DataFrame, *, x_title: str) -> go.Figure:
    """A row for each act: its estimate and 95 % interval, beside a line at zero. What can be told from zero is blue and
    a diamond, the rest grey and a circle; an act that cannot be compared has a cross at zero and no interval.

    ``frame``: ``label``, ``verdict``, ``orders``, ``low``, ``high`` (NaN where no comparison holds).
    """
    is_known = frame["orders"].notna()
    is_effect = is_known & (frame["verdict"] == EFFECT)
    traces = [
        _intervals(frame[is_effect], "consistent with an effect", BLUE, "diamond"),
        _intervals(frame[is_known & ~is_effect], "cannot be told from zero", GREY, "circle"),
        scatter_trace(
            x=[0.0] * int((~is_known).sum()),
            y=frame.loc[~is_known, "label"].tolist(),
            name="not comparable",
            mode="markers",
            marker={"color": FAINT, "symbol": "x-thin", "size": 10, "line": {"width": 2, "color": FAINT}},
            hovertemplate="not comparable<extra></extra>",
        ),
    ]
    height = 120 + ROW_PIXELS * max(len(frame), 2)
    labels = frame["label"].tolist()[::-1]
    figure = styled_figure(
        [trace for trace in traces if len(trace["x"])],
        x_title=x_title,
        height=height,
        hovermode="closest",
        x_axis={"zeroline": False},
        y_axis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": labels,
            "range": [-0.6, len(labels) - 0.4],
        },
    )
    figure.add_vline(x=0, line={"color": FAINT, "width": 1})
    return figure


def _intervals(frame: pd.DataFrame, name: str, colour: str, symbol: str) -> Trace:
    return scatter_trace(
        x=frame["orders"].tolist(),
        y=frame["label"].tolist(),
        name=name,
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 11},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (frame["high"] - frame["orders"]).tolist(),
            "arrayminus": (frame["orders"] - frame["low"]).tolist(),
            "color": colour,
            "thickness": 2,
            "width": 6,
        },
        customdata=frame[["low", "high"]].to_numpy(),
        hovertemplate="%{x:+.2f} (%{customdata[0]:+.2f} to %{customdata[1]:+.2f})<extra></extra>",
    )


def forest_takeaway(frame: pd.DataFrame) -> str:
    """Which acts are consistent with an effect, and how many cannot be compared or told from zero."""
    told = frame[frame["verdict"] == EFFECT]
    unclear = int(frame["orders"].notna().sum()) - len(told)
    apart = int(frame["orders"].isna().sum())
    rest = f"{unclear} cannot be told from zero, {apart} cannot be compared."
    if told.empty:
        return f"Of {len(frame)} acts none is consistent with an effect: {rest}"
    named = "; ".join(
        f"{row.label}, " + with_minus(f"{row.orders:+.2f} orders ({row.low:+.2f} to {row.high:+.2f})")
        for row in _rows(told)
    )
    return f"Consistent with an effect: {named}. {rest}"


def _rows(frame: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in frame.iterrows()]


def before_after_figure(means: pd.DataFrame, *, window_days: int) -> go.Figure:
    """Orders a person in the two halves of the window before an act and the two of the window after it.

    ``means``: ``is_treated``, ``half`` (0 to 3), ``orders``. Lines that run alike up to the act are what makes the
    comparison fair.
    """
    half = window_days // 2
    names = [f"{window_days} to {half} days before", f"{half} to 0 days before"]
    names += [f"0 to {half} days after", f"{half} to {window_days} days after"]
    traces = []
    for is_treated, name, colour, dash in ((True, "did", BLUE, "solid"), (False, "did not, matched", GREY, "dash")):
        rows = means[means["is_treated"] == is_treated].sort_values("half")
        traces.append(
            scatter_trace(
                x=[names[number] for number in rows["half"]],
                y=rows["orders"].tolist(),
                name=name,
                mode="lines+markers",
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"size": 8},
                hovertemplate="%{y:.3f}",
            )
        )
    figure = styled_figure(
        traces,
        y_title="orders a person",
        x_axis={"type": "category", "categoryorder": "array", "categoryarray": names},
        y_axis={"rangemode": "tozero"},
    )
    figure.add_vline(x=1.5, line={"color": FAINT, "width": 1, "dash": "dot"})
    return figure


def before_after_takeaway(means: pd.DataFrame) -> str:
    """Orders a person before and after, of both groups."""
    if means.empty:
        return "Orders before and after: nothing to compare."
    sums = means.assign(is_after=means["half"] >= 2).groupby(["is_treated", "is_after"])["orders"].sum()
    did, did_not = ((sums[group, False], sums[group, True]) for group in (True, False))
    return (
        f"Orders a person went from {did[0]:.2f} to {did[1]:.2f} among those who did, and from {did_not[0]:.2f} to "
        f"{did_not[1]:.2f} among matched people who did not."
    )
