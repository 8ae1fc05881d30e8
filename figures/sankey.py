"""How people move from stage to stage: a Sankey of the steps that they took, and how long a step takes."""

import pandas as pd
import plotly.graph_objects as go

from figures.percentages import percent
from figures.template import BLUE, GREY, OF_PERCENT, RED, YELLOW, bar_trace, sankey_trace, scatter_trace, styled_figure

STAGE_COLOURS = {"public": BLUE, "hub": GREY, "private": YELLOW, "customer": RED}
ORDINALS = ("first", "second", "third", "fourth")
# a grey that is seen on black, too, where flows lie over each other
FLOW = "rgba(138, 138, 138, 0.4)"
_INNER = (0.001, 0.999)


def sankey_figure(places: pd.DataFrame, flows: pd.DataFrame, names: dict[str, str]) -> go.Figure:
    """People who went on, from left to right in the order in which they reached the stages.

    ``places``: ``place`` (0 is the first), ``stage``, ``people``, ``moved_on``; ``flows``: ``from_place``,
    ``from_stage``, ``to_stage``, ``people``; ``names``: what each stage is called. Those who stay at a stage make it
    taller than what leaves it; of the first stages only those who went on are drawn.
    """
    nodes = {(row.place, row.stage): number for number, row in enumerate(places.itertuples(index=False))}
    last = max((place for place, _ in nodes), default=1) or 1
    labels = [
        f"{_sentence(names[row.stage])}: {row.moved_on if row.place == 0 else row.people:,}"
        for row in places.itertuples(index=False)
    ]
    details = [
        f"{_sentence(names[row.stage])}, {ORDINALS[row.place]}: {row.people:,} people, {row.moved_on:,} of whom went on"
        for row in places.itertuples(index=False)
    ]
    node = {
        "label": labels,
        "customdata": details,
        "color": [STAGE_COLOURS[stage] for _, stage in nodes],
        "x": [min(max(place / last, _INNER[0]), _INNER[1]) for place, _ in nodes],
        "y": _heights(places),
        "pad": 18,
        "thickness": 16,
        "line": {"width": 0},
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    link = {
        "source": [nodes[(row.from_place, row.from_stage)] for row in flows.itertuples(index=False)],
        "target": [nodes[(row.from_place + 1, row.to_stage)] for row in flows.itertuples(index=False)],
        "value": flows["people"].tolist(),
        "color": FLOW,
        "hovertemplate": "%{source.label} to %{target.label}: %{value:,} people<extra></extra>",
    }
    sankey = sankey_trace(node=node, link=link, arrangement="snap", textfont={"size": 13})
    return styled_figure([sankey], height=460, hovermode="closest", margin={"l": 8, "r": 8, "t": 12, "b": 12})


def _sentence(name: str) -> str:
    return name[:1].upper() + name[1:]


def _heights(places: pd.DataFrame) -> list[float]:
    """Where the middle of each stage stands in its column, 0 at the top."""
    shown = places["people"].where(places["place"] > 0, places["moved_on"]).astype("float64")
    total = shown.groupby(places["place"]).transform("sum")
    middle = (shown.groupby(places["place"]).cumsum() - shown / 2) / total.where(total > 0, 1.0)
    return [min(max(float(value), _INNER[0]), _INNER[1]) for value in middle]


def sankey_takeaway(flows: pd.DataFrame, names: dict[str, str], *, people: int, moved_on: int) -> str:
    """How many went on, and the commonest step."""
    if flows.empty:
        return f"Of {people:,} people, none has come to a second stage yet."
    steps = flows.groupby(["from_stage", "to_stage"])["people"].sum()
    left, right = steps.idxmax()
    return (
        f"Of {people:,} people, {moved_on:,} ({percent(moved_on / people, 0)}) came to a second stage. The commonest "
        f"step is from {names[left]} to {names[right]}: {steps.max():,} people."
    )


def lag_figure(spread: pd.DataFrame, *, color: str = BLUE) -> go.Figure:
    """Bars of how long a step took. ``spread``: ``name`` (words, shortest first), ``people``, ``share``."""
    bars = bar_trace(
        x=spread["name"].tolist(),
        y=spread["people"].tolist(),
        marker={"color": color},
        text=[percent(share, 0) if share == share else "" for share in spread["share"]],
        customdata=spread["share"].tolist(),
        hovertemplate="%{y:,} people<extra></extra>",
        name="people",
    )
    return styled_figure(
        [bars],
        y_title="people",
        x_axis={"type": "category", "categoryorder": "array", "categoryarray": spread["name"].tolist()},
        showlegend=False,
    )


def lag_takeaway(spread: pd.DataFrame, *, step: str) -> str:
    """The commonest time that a step took. ``step`` in words."""
    total = int(spread["people"].sum())
    if not total:
        return f"Nobody went {step} yet."
    top = spread.loc[spread["people"].idxmax()]
    return f"{total:,} people went {step}; most often it took {top['name']} ({percent(top['people'] / total, 0)})."


def cohort_shares_figure(cohorts: pd.DataFrame, *, within_days: int) -> go.Figure:
    """The share of each month's people who came to a second stage: so far, and within the same time for all.

    ``cohorts``: ``month``, ``share``, ``share_within`` (0 to 1; NaN while the time is not over), ``is_whole``. Months
    of which only a part is there have hollow marks."""
    traces = []
    for column, name, colour, dash in (
        ("share", "so far", GREY, "dot"),
        ("share_within", f"within {within_days} days", BLUE, "solid"),
    ):
        symbols = ["circle" if whole else "circle-open" for whole in cohorts["is_whole"]]
        line = scatter_trace(
            x=cohorts["month"],
            y=cohorts[column] * 100,
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbols, "size": 8},
        )
        traces.append(line)
    return styled_figure(
        traces,
        y_title="share of the month's people",
        y_axis=OF_PERCENT | {"rangemode": "tozero"},
        x_axis={"tickformat": "%b %Y"},
    )


def cohort_shares_takeaway(cohorts: pd.DataFrame, *, within_days: int) -> str:
    """From which share to which the months range, in the same time for all."""
    whole = cohorts[cohorts["is_whole"] & cohorts["share_within"].notna()]
    if whole.empty:
        return f"No whole month of this period is followed by {within_days} days of data."
    low, high = whole.loc[whole["share_within"].idxmin()], whole.loc[whole["share_within"].idxmax()]
    return (
        f"Within {within_days} days, {percent(high['share_within'], 0)} of those first seen in {high['month']:%b %Y} "
        f"came to a second stage, the most of any month; of those of {low['month']:%b %Y} "
        f"{percent(low['share_within'], 0)}, the least."
    )
