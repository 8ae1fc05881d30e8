"""Numbers on cards: the value, the period before, a sparkline, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from answers.catalogue import MONEY, Metric, MetricAnswer
from answers.filters import Filters
from answers.scope import channel_ids
from metrics.signs import MINUS
from ui.guard import Here
from ui.numbers import compact, day_range, duration, in_unit, is_missing, signed, signed_percent

SPARKLINE_DAYS = 60
CARD_PIXELS = 215
#: Of four cards, which would leave one alone below three: on a laptop they stand in a row beside the sidebar.
QUARTER_PIXELS = 180
NO_CHANGE = "no change"


@dataclass(frozen=True)
class Card:
    """One number. ``value`` and ``before`` in ``unit``; ``better``: up, down or neither. ``change``: what stands below
    it, in words, in place of the comparison with ``before``.

    ``history``: one value a day, oldest first; days without one are left out."""

    label: str
    value: float | None
    unit: str
    before: float | None = None
    better: str = "neither"
    history: Sequence[float] = ()
    help: str | None = None
    icon: str | None = None
    change: str | None = None


def show_cards(cards: Sequence[Card], *, comparison: str | None = None, columns: int = 6) -> None:
    """The cards in a grid that follows the window's width. ``comparison`` is a sentence below."""
    is_four = len(cards) == 4 and columns >= 4
    with st.grid(4 if is_four else columns, min_column_width=QUARTER_PIXELS if is_four else CARD_PIXELS):
        for card in cards:
            number_card(card)
    if comparison:
        st.caption(comparison)


def metric_card(answer: MetricAnswer, *, currency: str = "") -> Card:
    """The card of a metric of the catalogue: its formula and coverage are its help. ``currency``: of money."""
    return Card(
        label=answer.metric.label,
        value=answer.value,
        unit=currency if currency and answer.metric.unit == MONEY else answer.metric.unit,
        before=answer.previous,
        better=answer.metric.direction,
        history=answer.series["value"].tolist(),
        help=explain(answer.metric, answer.coverage),
    )


def explain(metric: Metric, coverage: str = "") -> str:
    """What a number is, for a tooltip."""
    parts = [metric.question, f"{metric.formula}.", f"Of: {metric.population}."]
    return "\n\n".join([*parts, f"Without: {metric.excludes}.", *([f"Here: {coverage}."] if coverage else [])])


def number_card(card: Card) -> None:
    """One card. The arrow says the direction; blue is good and red is not, and neither is said by colour alone."""
    change = card.change or describe_change(card.value, card.before, card.unit)
    has_changed = card.change is None and change is not None and change != NO_CHANGE
    falls = (change or "").startswith(MINUS)  # Streamlit knows a fall by its hyphen alone
    history = [float(value) for value in card.history if not is_missing(value)][-SPARKLINE_DAYS:]
    st.metric(
        card.label,
        in_unit(card.value, card.unit),
        change,
        delta_color=_colour(card.better, falls) if has_changed else "off",
        delta_arrow=("down" if falls else "up") if has_changed else "off",
        icon=card.icon,
        help=card.help,
        border=True,
        height="stretch",
        chart_data=history if len(set(history)) > 1 else None,
        chart_type="area",
    )


def _colour(better: str, falls: bool) -> Literal["green", "red", "off"]:
    if better == "neither":
        return "off"
    return "green" if falls == (better == "down") else "red"


def describe_change(value: float | None, before: float | None, unit: str) -> str | None:
    """How ``value`` differs from ``before``: in points where it is a share, in percent where it is an amount. None
    where there is nothing to compare.

    >>> describe_change(0.30, 0.25, "share"), describe_change(120, 100, "count"), describe_change(5, None, "count")
    ('+5.0 pts', '+20 %', None)
    """
    if value is None or before is None or is_missing(value) or is_missing(before):
        return None
    if unit in ("share", "points"):
        points = (value - before) * (1 if unit == "points" else 100)
        return f"{signed(points, 1)} pts" if abs(points) >= 0.05 else NO_CHANGE
    if value == before:
        return NO_CHANGE
    if before == 0:
        return f"+{duration(value) if unit == 'seconds' else compact(value)} from none"
    relative = (value - before) / abs(before) * 100
    if abs(relative) >= 1000:
        return f"{value / before:.0f} times as much"
    return signed_percent(relative / 100, 0) if abs(relative) >= 0.5 else NO_CHANGE


def describe_comparison(here: Here, filters: Filters) -> str:
    """The period that the numbers are compared with, and whether the last day is all there, in sentences."""
    before = filters.previous()
    first, last = here.scope.days_of(channel_ids(here.scope, filters))
    if first is None or last is None or before.start < first:
        return f"There is nothing to compare with: the data does not reach back over the {filters.days:,} days before."
    words = f"Compared with the {filters.days:,} days before, {day_range(before.start, before.end)}."
    if here.scope.is_last_day_unfinished and last == here.scope.last_day and filters.start <= last < filters.end:
        hour = (here.scope.last_hour or 0) + 1
        words += f" The last day ends at {hour:02}:00, and is compared with a whole one."
    return words
