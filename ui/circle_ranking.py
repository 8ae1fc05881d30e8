"""Whose circle brings revenue: many people by what those around them bought after taking part."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from answers.circle_sales import MOST_RANKED, NEWEST_OF_MANY, CircleSalesRanking, read_circle_sales_ranking
from answers.filters import Filters
from answers.sales_held import read_sales_held
from metrics.money import minor_digits
from ui.cache import ask
from ui.circle_sales import KINDS, NO_CAUSE, choose_window
from ui.columns import count_column, money_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.numbers import whole
from ui.people_list import show_people_list


def show_circle_ranking(here: Here, people: Collection[int], filters: Filters) -> None:
    """The people whose circle bought anything after taking part, most first, each leading to the profile. ``people``:
    of whom (the first ``MOST_RANKED``)."""
    kinds = tuple(kind for kind in ask(here, read_sales_held, here.scope.newest_day).kinds if kind in KINDS)
    if not kinds:
        nothing_here(
            "No order and no won deal has come in yet, so nothing can be said of whose circle buys.",
            button="Import orders",
            page="data",
            key="c_rank_import",
        )
        return
    window, kind = choose_window(kinds, "_ranking")
    ranking: CircleSalesRanking = ask(
        here,
        read_circle_sales_ranking,
        filters,
        tuple(people)[:MOST_RANKED],
        window_days=window,
        sale_kind=kind,
        scope=here.scope,
    )
    table = ranking.table[ranking.table["orders_after"] > 0]
    if table.empty:
        nothing_here(
            f"Of the circles of these people nobody is known to have bought anything in the {window} days after taking "
            "part. Choose a longer period, or bring in more orders.",
            button="Import orders",
            page="data",
            key="c_rank_orders",
        )
        return
    first = f"The first {MOST_RANKED} of the people above are compared. " if len(people) > MOST_RANKED else ""
    st.caption(first + _describe(ranking))
    show_people_list(
        _in_units(ranking, table), _columns(ranking), name="circle_ranking", alt="Whose circle bought most, first"
    )


def _describe(ranking: CircleSalesRanking) -> str:
    words = (
        f"What those who answered, mentioned or shared each of these people in the period bought in the "
        f"{ranking.window_days} days before and after the first time that they did. A buyer may be of several circles, "
        f"so the rows do not add up. {NO_CAUSE}"
    )
    if ranking.is_cut:
        words += f" Of each account only the newest {whole(NEWEST_OF_MANY)} interactions are looked at."
    if ranking.unconverted:
        words += f" Left out, since Settings has no rate: sales in {', '.join(ranking.unconverted)}."
    return words


def _in_units(ranking: CircleSalesRanking, table: Any) -> Any:
    unit = 10.0 ** minor_digits(ranking.currency)
    return table.assign(bought_before=table["before_minor"] / unit, bought_after=table["after_minor"] / unit).drop(
        columns=["before_minor", "after_minor"]
    )


def _columns(ranking: CircleSalesRanking) -> dict[str, Any]:
    return {
        "name": "Name",
        "bought_after": money_column(f"Bought after, {ranking.currency}", ranking.currency),
        "bought_before": money_column(f"Bought before, {ranking.currency}", ranking.currency),
        "buyers_after": count_column("Buyers after"),
        "orders_after": count_column(f"{KINDS[ranking.sale_kind]} after"),
        "people": count_column("In their circle"),
    }
