"""What the Revenue page opens with: what came in, in a sentence or two, and its numbers beside those of the period
before."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from answers.catalogue import MetricAnswer, compute_metrics
from answers.filters import Filters
from answers.sales_held import SalesHeld
from data_access.queries.sales import DEAL, OPEN_DEAL, ORDER
from ui.cache import ask
from ui.cards import NO_CHANGE, describe_change, metric_card, show_cards
from ui.guard import Here
from ui.markup import plain
from ui.numbers import counted, day_range, in_unit, is_missing, percent

ORDER_CARDS = ("revenue", "influenced_share", "unattributed_revenue", "won_deals_amount", "open_pipeline", "orders")
DEAL_CARDS = ("won_deals_amount", "influenced_share", "unattributed_revenue", "open_pipeline", "won_deals")
SHORT_LABELS = {"Revenue that no touch reaches": "Reached by no touch"}
#: Where there are orders, these cards leave won deals out: said in their labels, so that nobody adds them up.
ORDER_LABELS = {
    "Revenue": "Revenue from orders",
    "Influenced share": "Influenced, of orders",
    "Revenue that no touch reaches": "No touch, of orders",
}
LONGEST_BY_DAY = 62

Numbers = Mapping[str, MetricAnswer]


def read_numbers(here: Here, filters: Filters, held: SalesHeld) -> Numbers:
    """The numbers of the page by name, in the order of their cards; none where all of them would lack a rate."""
    if held.lacks_every_rate(here.settings):
        return {}
    names: tuple[str, ...] = ORDER_CARDS if ORDER in held.kinds else DEAL_CARDS
    if not {DEAL, OPEN_DEAL} & set(held.kinds):
        names = tuple(name for name in names if name not in ("won_deals_amount", "open_pipeline"))
    unit = "day" if filters.days <= LONGEST_BY_DAY else "week"
    answers: Numbers = ask(here, compute_metrics, names, filters, unit, scope=here.scope)
    return {name: answers[name] for name in names}


def show_opening(filters: Filters, numbers: Numbers, currency: str) -> None:
    """What came in, and how much of it after a conversation, in sentences."""
    if said := describe_sold(filters, numbers, currency):
        st.markdown(plain(said, longest=600))


def describe_sold(filters: Filters, numbers: Numbers, currency: str) -> str:
    """What the numbers say together, in sentences: a sequence in time, never a cause. Empty without numbers."""
    main = "revenue" if "revenue" in numbers else "won_deals_amount"
    if main not in numbers:
        return ""
    count, thing = ("orders", "order") if main == "revenue" else ("won_deals", "won deal")
    sales, amount = numbers[count].value, numbers[main].value
    days = counted(filters.days, "day")
    dated = (
        "" if is_missing(sales) else f"{counted(round(sales), thing)} {'is' if sales == 1 else 'are'} dated in these"
    )
    if is_missing(sales) or not sales:
        sentences = [f"No {thing} is dated in these {days}."]
    elif is_missing(amount):
        sentences = [f"{dated} {days}, with no amount that is known in {currency}."]
    else:
        # one of them may have no amount in this currency: it is not said that all of it came from them
        sentences = [f"{_describe_amount(numbers, main, days, currency)}; {dated}."]
        share = numbers["influenced_share"].value
        if share == 0:  # nothing is known, rather than known to be nothing: buyers may have other names here
            sentences.append(
                "None of it is known to have come after a post, reply, answer, share, check-in or visit of the buyers "
                "in the 30 days before."
            )
        elif not is_missing(share):
            sentences.append(
                f"{percent(share)} of it came after a post, reply, answer, share, check-in or visit of the buyers in "
                "the 30 days before: that says what came first, not what made them buy."
            )
    return " ".join([*sentences, *_describe_deals(numbers, main, currency)])


def _describe_amount(numbers: Numbers, main: str, days: str, currency: str) -> str:
    answer = numbers[main]
    value, before = answer.value, answer.previous
    than = ""
    if not is_missing(before) and (before == 0 or min(value, before) < 0):  # no percentage says that
        than = f", after {in_unit(before, currency)} in as many days before"
    elif change := describe_change(value, before, currency):
        as_much = "as much" if change == NO_CHANGE else change
        than = f", {as_much} {'as in' if 'as much' in as_much else 'on'} as many days before"
    return f"{in_unit(value, currency)} came in within {days}{than}"


def _describe_deals(numbers: Numbers, main: str, currency: str) -> list[str]:
    """Deals beside what came in: with orders another view of the same business, so that they are in no sum."""
    names = {"won_deals_amount": "won deals", "open_pipeline": "open deals"}
    values = {words: numbers[name].value for name, words in names.items() if name in numbers and name != main}
    said = [f"{words} {in_unit(value, currency)}" for words, value in values.items() if value and not is_missing(value)]
    return [f"Counted apart: {', '.join(said)}."] if said else []


def show_numbers(filters: Filters, numbers: Numbers, currency: str) -> None:
    """At most six numbers of the period beside those of the period before."""
    labels = ORDER_LABELS if "revenue" in numbers else SHORT_LABELS
    cards = [metric_card(_without_part_weeks(answer), currency=currency) for answer in numbers.values()]
    cards = [replace(card, label=labels.get(card.label, card.label)) for card in cards]
    show_cards(cards, comparison=_describe_comparison(filters, numbers))


def _without_part_weeks(answer: MetricAnswer) -> MetricAnswer:
    """The answer without the weeks of which the period has only some days: they would look like a fall."""
    series = answer.series
    return replace(answer, series=series[series["days"] == series["days"].max()])


def _describe_comparison(filters: Filters, numbers: Numbers) -> str:
    before = filters.previous()
    if all(is_missing(answer.previous) for answer in numbers.values()):
        return f"There is nothing to compare with: sales do not reach back over the {filters.days:,} days before."
    return f"Compared with the {filters.days:,} days before, {day_range(before.start, before.end)}."
