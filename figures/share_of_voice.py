"""Us and the competitors: whose part is how large, over time and by topic. Ours is coloured; every brand also has its
own dash, sign and place."""

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import (
    BLUE,
    GREY,
    GROUND,
    OF_DAYS,
    OF_PERCENT,
    RED,
    YELLOW,
    bar_trace,
    literal,
    scatter_trace,
    styled_figure,
)

ROW_PIXELS = 34
MANY_POINTS = 45
#: So many brands can be told apart in one figure: three colours and grey.
MOST_BRANDS = 4
_COLOURS = (BLUE, YELLOW, RED, GREY)
_DASHES = ("solid", "dash", "dot", "dashdot")
_SIGNS = ("circle", "diamond", "square", "x")


def choose_shown(brands: pd.DataFrame) -> list[int]:
    """The brands that a figure of several has room for, in the order of ``brands`` (``brand_id``, ``is_ours``): one of
    ours first, then the competitors, then our others."""
    ours = brands.loc[brands["is_ours"], "brand_id"].tolist()
    rivals = brands.loc[~brands["is_ours"], "brand_id"].tolist()
    return [int(brand) for brand in [*ours[:1], *rivals, *ours[1:]][:MOST_BRANDS]]


def voice_bars_figure(frame: pd.DataFrame, *, x_title: str) -> go.Figure:
    """A bar a brand in the order of the rows, ours coloured, with its share. ``frame``: ``brand_id``, ``brand``,
    ``is_ours``, ``value``, ``share`` (0 to 1)."""
    rows = frame.iloc[::-1]
    bar = bar_trace(
        x=rows["value"],
        y=rows["brand"].map(literal),
        orientation="h",
        marker={"color": [BLUE if is_ours else GREY for is_ours in rows["is_ours"]]},
        customdata=rows["brand_id"],
        text=rows["share"].map(lambda share: "" if pd.isna(share) else percent(share, 0)),
        textposition="auto",
        insidetextfont={"color": GROUND},
        hovertemplate="%{y}: %{x:,} (%{text})<extra></extra>",
        showlegend=False,
    )
    return styled_figure(
        [bar],
        x_title=x_title,
        height=90 + ROW_PIXELS * max(len(frame), 2),
        hovermode="closest",
        y_axis={"type": "category"},
    )


def voice_bars_takeaway(frame: pd.DataFrame, *, what: str) -> str:
    """Who leads, and what part ours is."""
    if frame.empty or not frame["value"].sum():
        return f"{what}: nobody is named in this period."
    top = frame.loc[frame["value"].idxmax()]
    ours = frame[frame["is_ours"]]
    verb = "has" if len(ours) == 1 else "have"
    part = f"; {', '.join(ours['brand'])} {verb} {percent(ours['share'].sum(), 0)} of all" if len(ours) else ""
    return f"{what}: {top['brand']} leads with {top['value']:,.0f}{part}."


def voice_lines_figure(frame: pd.DataFrame, *, shown: list[int], y_title: str, is_share: bool = False) -> go.Figure:
    """A line a brand. ``frame``: ``period``, ``brand_id``, ``brand``, ``value``, and ``is_whole``: periods that are not
    have hollow marks. ``shown``: which, ours first."""
    traces = []
    for place, brand_id in enumerate(shown):
        rows = frame[frame["brand_id"] == brand_id]
        if rows.empty:
            continue
        is_many = len(rows) > MANY_POINTS
        traces.append(
            scatter_trace(
                x=rows["period"],
                y=rows["value"] * (100 if is_share else 1),
                name=literal(rows["brand"].iloc[0]),
                mode="lines+markers",  # a click needs a marker to hit
                customdata=rows["brand_id"],
                marker=_marks(rows["is_whole"].tolist(), _SIGNS[place], 4 if is_many else 7),
                line={"color": _COLOURS[place], "dash": _DASHES[place], "width": 2.5 if place == 0 else 1.75},
            )
        )
    return styled_figure(
        traces,
        y_title=y_title,
        x_axis=OF_DAYS,
        y_axis={"rangemode": "tozero"} | (OF_PERCENT if is_share else {}),
    )


def _marks(is_whole: list[bool], sign: str, size: int) -> dict[str, object]:
    """Small marks, and large hollow ones where a period is not whole."""
    if all(is_whole):
        return {"size": size, "symbol": sign}
    return {
        "size": [size if whole else 9 for whole in is_whole],
        "symbol": [sign if whole else f"{sign}-open" for whole in is_whole],
    }


def voice_lines_takeaway(frame: pd.DataFrame, *, shown: list[int], what: str, is_share: bool = False) -> str:
    """How ours went, from the first to the last whole period where there are two, and who came nearest. ``is_share``:
    values are 0 to 1."""
    known = frame.dropna(subset=["value"])
    first = known[known["brand_id"].isin(shown[:1])]
    if first.empty:
        return f"{what}: no data in this period."
    sums = known.groupby("brand_id")["value"].sum()
    whole = first[first["is_whole"]]
    values = [
        percent(value, 0) if is_share else f"{value:,.4g}" for value in (whole if len(whole) > 1 else first)["value"]
    ]
    what = f"Share of {what[:1].lower()}{what[1:]}" if is_share else what
    course = f"{what} of {first['brand'].iloc[0]} went from {values[0]} to {values[-1]}"
    others = sums.drop(shown[0]).sort_values(ascending=False)
    if others.empty:
        return f"{course}."
    nearest = str(frame.loc[frame["brand_id"] == others.index[0], "brand"].iloc[0])
    return f"{course}; the most of the others has {nearest}."


def voice_topics_figure(frame: pd.DataFrame, *, shown: list[int]) -> go.Figure:
    """A row a topic, a sign a brand: which part of what is said about the brand is about the topic. ``frame``:
    ``topic``, ``brand_id``, ``brand``, ``share`` (0 to 1), ``mentions``; topics from top to bottom as they come. With a
    click go the brand's id and the topic."""
    topics = [literal(topic) for topic in dict.fromkeys(frame["topic"])]
    traces = []
    for place, brand_id in enumerate(shown):
        rows = frame[frame["brand_id"] == brand_id]
        if rows.empty:
            continue
        traces.append(
            scatter_trace(
                x=rows["share"] * 100,
                y=rows["topic"].map(literal),
                name=literal(rows["brand"].iloc[0]),
                mode="markers",
                customdata=rows[["brand_id", "topic"]].values.tolist(),
                text=rows["mentions"].map(lambda count: f"{count:,} mention{'' if count == 1 else 's'}"),
                hovertemplate="%{x:.1f}\u00a0% (%{text})",
                marker={
                    "symbol": _SIGNS[place],
                    "color": _COLOURS[place],
                    "size": 12 if place == 0 else 9,
                },
            )
        )
    return styled_figure(
        traces,
        x_title="share of the brand's mentions",
        height=110 + 26 * max(len(topics), 3),
        hovermode="y unified",
        x_axis=OF_PERCENT | {"rangemode": "tozero"},
        y_axis={"type": "category", "categoryorder": "array", "categoryarray": topics[::-1], "showgrid": True},
    )


def voice_topics_takeaway(frame: pd.DataFrame, *, shown: list[int]) -> str:
    """What is said most about each."""
    parts = []
    for brand_id in shown:
        rows = frame[frame["brand_id"] == brand_id]
        if len(rows):
            top = rows.loc[rows["share"].idxmax()]
            parts.append(f"{top['brand']} by {top['topic']} ({percent(top['share'], 0)})")
    return f"Named most with a topic: {', '.join(parts)}." if parts else "No mention is about a topic."
