"""The people of a graph as pages show them: names, communities, moods, what they bought, and who is watched."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

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
    amounts = rows.assign(amount_minor=rows[column], day=pd.Timestamp(scope.as_of.start))
    converted, _ = convert_minor(amounts, scope.settings.rates, scope.settings.currency)
    known = amounts.assign(revenue_minor=converted).dropna(subset="revenue_minor")
    return known.groupby("person_id")["revenue_minor"].sum().astype("Int64")


def list_watched(session: Session) -> frozenset[tuple[str, str, str]]:
    """The accounts whose holders are watched, by natural key."""
    return frozenset((row.network, row.source, row.native_id) for row in list_standing(session, Watch))


def label_accounts(accounts: pd.DataFrame) -> pd.Series:
    """A name for each person, by ``person_id``: theirs, else of the first account that has one."""
    name = accounts["person"].fillna(accounts["display_name"]).fillna(accounts["handle"])
    named = accounts.assign(name=name.fillna(accounts["native_id"]))
    return named.groupby("person_id")["name"].first()


def describe_people(
    session: Session, rows: pd.DataFrame, *, period: str, scope: Scope, worth: Worth, with_rank: bool = True
) -> pd.DataFrame:
    """Rows of ``Influence`` with ``PEOPLE_COLUMNS``, in their order.

    ``rank`` (from 1), ``handle`` (of their first account that has one, else None), ``community_label`` (None where in
    none), ``net_sentiment`` (-100 to 100 of their posts in the period; NaN where none is scored), ``revenue_minor``
    (Int64, of the workspace's currency), ``is_customer``, ``is_watched`` (bool), ``kinds`` and ``networks`` (tuples of
    text).
    """
    people = [int(person) for person in rows["person_id"]]
    accounts = list_accounts_of(session, people)
    watched = list_watched(session)
    keys = zip(accounts["network"], accounts["source"], accounts["native_id"], strict=True)
    is_watched = set(accounts.loc[[key in watched for key in keys], "person_id"]) if watched else set()
    numbers = [int(number) for number in rows["community"].dropna().unique()]
    labels = list_communities(session, period, numbers=numbers).set_index("number")["label"]
    ids = rows["person_id"]
    names = ids.map(label_accounts(accounts))
    described = rows.assign(
        rank=range(1, len(rows) + 1) if with_rank else 0,
        name=names.where(names.notna(), "Account " + ids.astype(str)).astype("object"),
        handle=_or_none(ids.map(accounts.groupby("person_id")["handle"].first())),
        community_label=_or_none(rows["community"].map(labels)),
        net_sentiment=net_sentiment(rows),
        revenue_minor=ids.map(read_revenue(session, people, scope, worth)).astype("Int64"),
        is_customer=ids.isin(list_customers_among(session, people)),
        is_watched=ids.isin(is_watched),
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


def _or_none(values: pd.Series) -> pd.Series:
    objects = values.astype("object")
    return objects.where(objects.notna(), None)
