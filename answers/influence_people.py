"""The people of a graph as pages show them: names, communities, moods, what they bought, and who is watched."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.scope import Scope
from data_access.decisions import list_standing
from data_access.models.decisions import Watch
from data_access.queries.influencers import (
    list_accounts_of,
    list_communities,
    list_customers_among,
    list_sold_currencies,
    list_worth,
)
from metrics.money import convert_minor, minor_digits

ORDERS, DEALS = "revenue_minor", "deals_won_minor"
#: Every score of ``Influence`` and what hangs on it, in the order in which a table shows them.
SCORE_COLUMNS = (
    "pagerank",
    "in_strength",
    "in_people",
    "betweenness",
    "constraint",
    "core",
    "reach",
    "h_index",
    "out_strength",
    "out_people",
    "in_replies",
    "in_mentions",
    "in_shares",
    "pagerank_before",
    "in_strength_before",
    "trend",
    "posts",
    "positive",
    "negative",
    "scored",
    "praise",
    "blame",
    "first_on",
)
PEOPLE_COLUMNS = (
    "rank",
    "person_id",
    "name",
    "handle",
    "role",
    "community",
    "community_label",
    *SCORE_COLUMNS,
    "net_sentiment",
    "revenue_minor",
    "is_customer",
    "is_watched",
    "kinds",
    "networks",
    "x",
    "y",
)


@dataclass(frozen=True)
class Worth:
    """What people are worth here: ``column`` of ``PersonValue`` (orders less refunds where anybody ordered, else won
    deals), and the workspace's ``currency``. ``rates``: what a minor unit of each currency is in minor units of it, by
    the rates that hold on the last day with data."""

    column: str
    currency: str
    rates: dict[str, float]

    @property
    def is_of_orders(self) -> bool:
        """Whether it is orders less refunds; else won deals."""
        return self.column == ORDERS


def read_worth(session: Session, scope: Scope) -> Worth:
    """How what people bought is told here."""
    column, currencies = ORDERS, list_sold_currencies(session, ORDERS)
    if not currencies:
        column, currencies = DEALS, list_sold_currencies(session, DEALS)
    rates = {currency: rate for currency in currencies if (rate := _rate(scope, currency)) is not None}
    return Worth(column, scope.settings.currency, rates)


def _rate(scope: Scope, currency: str) -> float | None:
    to = scope.settings.currency
    if currency == to:
        return 1.0
    held = [rate for rate in scope.settings.rates if rate.currency == currency and rate.since <= scope.as_of.start]
    if not held:
        return None
    newest: Decimal = max(held, key=lambda rate: rate.since).rate
    return float(newest.scaleb(minor_digits(to) - minor_digits(currency)))


def read_revenue(session: Session, people: Collection[int], scope: Scope, worth: Worth) -> pd.Series:
    """What each of these people bought, in minor units of the workspace's currency, by ``person_id`` (Int64). Who
    bought nothing that we know of, or only in currencies without a rate, is missing."""
    return add_up_worth(list_worth(session, people), worth.column, scope)


def add_up_worth(rows: pd.DataFrame, column: str, scope: Scope) -> pd.Series:
    """The same of rows of ``list_worth``, by the column of ``PersonValue``."""
    if (rows["currency"] == scope.settings.currency).all():
        revenue = pd.Series(rows[column].to_numpy(), index=pd.Index(rows["person_id"].to_numpy(), name="person_id"))
        return revenue.astype("Int64").rename("revenue_minor")  # a row a currency, and there is one
    amounts = rows.assign(amount_minor=rows[column], day=pd.Timestamp(scope.as_of.start))
    converted, _ = convert_minor(amounts, scope.settings.rates, scope.settings.currency)
    known = amounts.assign(revenue_minor=converted).dropna(subset="revenue_minor")
    return known.groupby("person_id")["revenue_minor"].sum().astype("Int64")


def list_watched(session: Session) -> frozenset[tuple[str, str, str]]:
    """The accounts whose holders are watched, by natural key."""
    return frozenset((row.network, row.source, row.native_id) for row in list_standing(session, Watch))


def _name_people(accounts: pd.DataFrame) -> dict[int, str]:
    """A name for each person, by ``person_id``: theirs, else of the first account."""
    columns = ("person_id", "person", "display_name", "handle", "native_id")
    found: dict[int, str] = {}
    # plain rows: a page shows some hundred people twice, and each step on a frame takes longer than all of them
    for person, *names in zip(*(accounts[name].tolist() for name in columns), strict=True):
        if person not in found:
            found[person] = next(name for name in names if name is not None)
    return found


def _find_handles(accounts: pd.DataFrame) -> dict[int, str]:
    """The handle of each person's first account that has one, by ``person_id``."""
    found: dict[int, str] = {}
    for person, handle in zip(accounts["person_id"].tolist(), accounts["handle"].tolist(), strict=True):
        if handle is not None:
            found.setdefault(person, handle)
    return found


def describe_people(
    session: Session, rows: pd.DataFrame, *, period: str, scope: Scope, worth: Worth, with_rank: bool = True
) -> pd.DataFrame:
    """Rows of ``Influence`` with ``PEOPLE_COLUMNS``, in their order.

    ``rank`` (from 1), ``handle`` (of their first account that has one, else None), ``community_label`` (None where in
    none), ``net_sentiment`` (-100 to 100 of their posts in the period; NaN where none is scored), ``revenue_minor``
    (Int64, of the workspace's currency), ``is_customer``, ``is_watched`` (bool), ``kinds`` and ``networks`` (tuples of
    text).
    """
    people = rows["person_id"].tolist()
    accounts = list_accounts_of(session, people)
    watched = list_watched(session)
    keys = zip(accounts["network"], accounts["source"], accounts["native_id"], strict=True)
    is_watched = set(accounts.loc[[key in watched for key in keys], "person_id"]) if watched else set()
    numbers = [int(number) for number in rows["community"].dropna().unique()]
    communities = list_communities(session, period, numbers=numbers)
    labels = dict(zip(communities["number"].tolist(), communities["label"].tolist(), strict=True))
    bought = read_revenue(session, people, scope, worth)
    revenue = dict(zip(bought.index.tolist(), bought.tolist(), strict=True))
    customers = set(list_customers_among(session, people))
    names, handles = _name_people(accounts), _find_handles(accounts)

    def of_each(values: Iterable[Any], dtype: str = "object") -> pd.Series:
        return pd.Series(list(values), index=rows.index, dtype=dtype)

    described = rows.assign(
        rank=range(1, len(rows) + 1) if with_rank else 0,
        name=of_each(names.get(person, f"Account {person}") for person in people),
        handle=of_each(handles.get(person) for person in people),
        community_label=of_each(None if pd.isna(number) else labels.get(number) for number in rows["community"]),
        net_sentiment=net_sentiment(rows),
        revenue_minor=of_each((revenue.get(person) for person in people), "Int64"),
        is_customer=of_each((person in customers for person in people), "bool"),
        is_watched=of_each((person in is_watched for person in people), "bool"),
        kinds=_split(rows["kinds"]),
        networks=_split(rows["networks"]),
    )
    return described[list(PEOPLE_COLUMNS)].reset_index(drop=True)


def net_sentiment(rows: pd.DataFrame) -> pd.Series:
    """(positive - negative) of the scored posts, times 100; NaN where none is scored."""
    scored = rows["scored"].where(rows["scored"] > 0).astype("float64")
    return 100 * (rows["positive"] - rows["negative"]) / scored


def _split(barred: pd.Series) -> pd.Series:
    parts = [tuple(part for part in str(text).split("|") if part) for text in barred]
    return pd.Series(parts, index=barred.index, dtype="object")
