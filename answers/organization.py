"""Organisations: all of them to choose from, and one of them with its people, its deals and what is new."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.organization_money import LOST, OPEN, WON, add_apart, convert, with_outcome
from answers.scope import Scope, channel_ids, read_scope
from data_access.models.facts import Organization as OrganizationFact
from data_access.queries.organizations import (
    list_acts,
    list_deal_contacts,
    list_deals,
    list_leading,
    list_members,
    list_orders,
    list_organizations,
    read_deal_sums,
    read_last_days,
    read_organization,
    read_people_days,
)
from data_access.queries.posts import list_posts_by_id
from data_access.queries.sales import DEAL, ORDER, list_sales_of
from data_access.search_words import fold
from metrics.ratios import ratio

#: So many organisations are shown at once; who looks for another searches for it.
MOST_ORGANIZATIONS = 100
#: Of the deals' owners so many are named.
FEW_OWNERS = 3
_OUTCOMES = (OPEN, WON, LOST)
SORTS = ("post", "visit", "feedback", "order", "deal")


@dataclass(frozen=True)
class Organization:
    """An organisation. Amounts are whole minor units of ``currency``, the workspace's.

    ``people``: whom we know there, those who wrote most in the period first: ``person_id``, ``name``, ``accounts``,
    ``posts``, ``net_sentiment`` (-100 to 100; NaN where nothing is scored) in the period, ``last_day`` (datetime64; of
    any post, NaT where they wrote none), ``value_minor`` (int64: their orders less refunds, and deals won).
    ``deals``: open ones first, then the newest: ``deal_id``, ``native_id``, ``name``, ``product``, ``owner``,
    ``stage``, ``stages``, ``outcome`` (open, won, lost), ``amount_minor`` (Int64) with its ``currency``,
    ``converted_minor`` (Int64), ``created_at``, ``closed_at``, ``contacts`` (names).
    ``contacts``: who takes part in them: ``deal_id``, ``person_id``, ``name``. ``orders``: newest first, as
    ``list_orders``, and ``converted_minor``, ``person_id`` (Int64). ``apart``: what has no rate: ``what`` (deals won,
    open deals, orders), ``currency``, ``amount_minor``, ``rows``. ``deals_without_amount``: open or won ones.
    """

    organization_id: int
    name: str
    domain: str | None
    sector: str | None
    country: str | None
    employees: int | None
    owners: tuple[str, ...]
    currency: str
    posts: int
    posts_before: int
    net_sentiment: float
    net_sentiment_before: float
    scored: int
    won: int
    won_minor: int
    open: int
    open_minor: int
    lost: int
    ordered_minor: int
    deals_without_amount: int
    accounts: tuple[int, ...]
    people: pd.DataFrame = field(repr=False)
    deals: pd.DataFrame = field(repr=False)
    contacts: pd.DataFrame = field(repr=False)
    orders: pd.DataFrame = field(repr=False)
    apart: pd.DataFrame = field(repr=False)


def find_organizations(
    session: Session, *, search: str = "", limit: int = MOST_ORGANIZATIONS, scope: Scope | None = None
) -> list[int]:
    """The ids of organisations, or of those with words in name, domain, sector or country that begin with the words of
    ``search``; at most ``limit``, those with the most won first. They hang on no period."""
    scope = scope or read_scope(session)
    deals = _deal_counts(session, _list_candidates(session, search, limit, scope), scope)
    return [int(number) for number in deals["organization_id"].head(limit)]


def _list_candidates(session: Session, search: str, limit: int, scope: Scope) -> list[int]:
    """Organisations among which are those to show: the days of the people of all would be those of everybody."""
    if not search.strip():
        return list_leading(session, currency=scope.settings.currency, limit=limit)
    everything = list_organizations(session)
    return [int(number) for number in everything.loc[_matches(everything, search), "organization_id"]]


def read_organizations(
    session: Session, filters: Filters, *, organizations: Sequence[int], scope: Scope | None = None
) -> pd.DataFrame:
    """Organisations by their ids, those with the most won first: ``organization_id``, ``name``, ``domain``, ``sector``,
    ``country``, ``people``, ``posts`` and ``net_sentiment`` (in the period; NaN where nothing is scored),
    ``deals_open``, ``deals_won``, ``won_minor`` (int64, the workspace's currency), ``unconverted`` (won or open deals
    without a rate)."""
    scope = scope or read_scope(session)
    deals = _deal_counts(session, organizations, scope)
    found = list_organizations(session, organizations)
    members = list_members(session, found)
    people = members.drop_duplicates(["organization_id", "person_id"])
    wrote = _read_days(session, people["person_id"], filters, scope)
    sums = people.merge(wrote, on="person_id", how="left").groupby("organization_id")
    counts = sums[["posts", "positive", "negative", "scored"]].sum().astype("int64")
    counts = counts.assign(people=sums["person_id"].nunique())
    answer = found.merge(counts.reset_index(), on="organization_id", how="left")
    answer = answer.merge(deals, on="organization_id", how="left")
    whole = ["people", "posts", "positive", "negative", "scored", "deals_open", "deals_won", "won_minor", "unconverted"]
    answer[whole] = answer[whole].fillna(0).astype("int64")
    answer = answer.assign(net_sentiment=_net(answer)).drop(columns=["positive", "negative", "scored"])
    order = ["won_minor", "deals_open", "people", "organization_id"]
    return answer.sort_values(order, ascending=[False, False, False, True], ignore_index=True)


def _matches(organizations: pd.DataFrame, search: str) -> pd.Series:
    """Whether each word of ``search`` begins a word of the row."""
    texts = [
        " ".join(fold(str(value)) for value in row if isinstance(value, str))
        for row in organizations[["name", "domain", "sector", "country"]].itertuples(index=False)
    ]
    wanted = fold(search).split()
    return pd.Series(
        [all(f" {word}" in f" {text}" for word in wanted) for text in texts], index=organizations.index, dtype=bool
    )


def _read_days(session: Session, people: pd.Series, filters: Filters, scope: Scope) -> pd.DataFrame:
    ids = {int(person) for person in people}
    period = {"start": filters.start, "end": filters.end}
    return read_people_days(session, ids, **period, channels=channel_ids(scope, filters))


def _net(sums: pd.DataFrame) -> pd.Series:
    scored = sums["scored"].where(sums["scored"] > 0).astype("float64")
    return 100 * (sums["positive"] - sums["negative"]) / scored


def _deal_counts(session: Session, organizations: Sequence[int], scope: Scope) -> pd.DataFrame:
    """The deals of each of these organisations, those with the most won first."""
    deals = with_outcome(read_deal_sums(session, organizations))
    converted, _ = convert(deals, deals["closed_at"], scope)
    is_won, is_open = deals["outcome"] == WON, deals["outcome"] == OPEN
    parts = pd.DataFrame(
        {
            "organization_id": deals["organization_id"],
            "deals_open": deals["deals"].where(is_open, 0),
            "deals_won": deals["deals"].where(is_won, 0),
            "won_minor": converted.fillna(0).astype("int64").where(is_won, 0),
            "unconverted": deals["deals"].where(converted.isna() & deals["amount_minor"].notna(), 0),
        }
    )
    sums = parts.groupby("organization_id").sum().reindex(sorted(organizations), fill_value=0).astype("int64")
    counts = sums.rename_axis("organization_id").reset_index()
    order = ["won_minor", "deals_open", "organization_id"]
    return counts.sort_values(order, ascending=[False, False, True], ignore_index=True)


def read_one(
    session: Session, organization_id: int, filters: Filters, *, scope: Scope | None = None
) -> Organization | None:
    """An organisation, with what its people wrote in the period; deals and orders over all of the data. None where
    there is none of that id."""
    fact = read_organization(session, organization_id) if abs(organization_id) < 2**63 else None
    if fact is None:
        return None
    scope = scope or read_scope(session)
    members = list_members(session, _as_frame(fact))
    accounts = _accounts_of(members)
    now = _read_days(session, members["person_id"], filters, scope)
    before = _read_days(session, members["person_id"], filters.previous(), scope)
    deals, contacts, without = _read_deals(session, organization_id, accounts, scope)
    orders = _read_orders(session, organization_id, members)
    ordered, orders_apart = convert(orders, orders["occurred_at"], scope)
    by = {outcome: deals[deals["outcome"] == outcome] for outcome in _OUTCOMES}
    return Organization(
        organization_id=organization_id,
        name=fact.name,
        domain=fact.domain,
        sector=fact.sector,
        country=fact.country,
        employees=fact.employees,
        owners=tuple(str(name) for name in deals["owner"].dropna().value_counts().index[:FEW_OWNERS]),
        currency=scope.settings.currency,
        posts=int(now["posts"].sum()),
        posts_before=int(before["posts"].sum()),
        net_sentiment=_net_of(now),
        net_sentiment_before=_net_of(before),
        scored=int(now["scored"].sum()),
        won=len(by[WON]),
        won_minor=int(by[WON]["converted_minor"].sum()),
        open=len(by[OPEN]),
        open_minor=int(by[OPEN]["converted_minor"].sum()),
        lost=len(by[LOST]),
        ordered_minor=int(ordered.sum()),
        deals_without_amount=int(deals["amount_minor"].isna().mul(deals["outcome"] != LOST).sum()),
        accounts=accounts,
        people=_people(session, members, now, scope),
        deals=deals,
        contacts=contacts,
        orders=orders.assign(converted_minor=ordered),
        apart=add_apart({**without, "orders": orders_apart}),
    )


def _as_frame(fact: OrganizationFact) -> pd.DataFrame:
    return pd.DataFrame([{"organization_id": fact.id, "name": fact.name, "domain": fact.domain}])


def _accounts_of(members: pd.DataFrame) -> tuple[int, ...]:
    return tuple(sorted({int(account) for account in members["identity_id"]}))


def _read_orders(session: Session, organization_id: int, members: pd.DataFrame) -> pd.DataFrame:
    """As ``list_orders``, with ``person_id`` (Int64) of who holds the account."""
    orders = list_orders(session, organization_id, _accounts_of(members))
    holders = dict(zip(members["identity_id"], members["person_id"], strict=True))
    return orders.assign(person_id=orders["identity_id"].map(holders).astype("Int64"))


def _net_of(days: pd.DataFrame) -> float:
    scored = int(days["scored"].sum())
    return 100 * ratio(int(days["positive"].sum()) - int(days["negative"].sum()), scored) if scored else math.nan


def _read_deals(
    session: Session, organization_id: int, accounts: tuple[int, ...], scope: Scope
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, pd.DataFrame]]:
    """Deals, who takes part in them, and what of them cannot be converted."""
    deals = with_outcome(list_deals(session, organization_id, accounts))
    converted, _ = convert(deals, deals["closed_at"], scope)
    without = {
        what: convert(part, part["closed_at"], scope)[1]
        for what, part in (
            ("deals won", deals[deals["outcome"] == WON]),
            ("open deals", deals[deals["outcome"] == OPEN]),
        )
    }
    contacts = list_deal_contacts(session, [int(deal) for deal in deals["deal_id"]])
    names = contacts.groupby("deal_id")["name"].agg(lambda known: ", ".join(str(name) for name in known))
    newest = deals["closed_at"].fillna(deals["created_at"])
    shown = deals.assign(
        converted_minor=converted,
        contacts=deals["deal_id"].map(names).astype(object),
        rank=(deals["outcome"] != OPEN).astype("int64"),
        newest=newest,
    )
    shown = shown.sort_values(["rank", "newest", "deal_id"], ascending=[True, False, False], ignore_index=True)
    return shown.drop(columns=["rank", "newest"]), contacts, without


def _people(session: Session, members: pd.DataFrame, now: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    people = members.groupby("person_id", as_index=False).agg(
        name=("name", "first"), accounts=("identity_id", "nunique")
    )
    ids = [int(person) for person in people["person_id"]]
    wrote = now.drop(columns="last_day").assign(net_sentiment=_net(now))
    people = people.merge(wrote[["person_id", "posts", "net_sentiment"]], on="person_id", how="left")
    last, value = read_last_days(session, ids), _value_of(session, ids, scope)
    days = pd.to_datetime(pd.Series([last.get(person) for person in ids], index=people.index, dtype="object"))
    people = people.assign(
        posts=people["posts"].fillna(0).astype("int64"),
        last_day=days.astype("datetime64[us]"),
        value_minor=pd.Series([value.get(person, 0) for person in ids], index=people.index, dtype="int64"),
    )
    order = ["posts", "value_minor", "person_id"]
    return people.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _value_of(session: Session, people: list[int], scope: Scope) -> dict[int, int]:
    """What each person's orders less refunds and won deals come to, in the workspace's currency."""
    sales = list_sales_of(session, people)
    sales = sales[sales["sale_kind"].isin([ORDER, DEAL])].reset_index(drop=True)
    moments = pd.to_datetime(sales["at"].astype("Int64"), unit="us", utc=True)
    converted, _ = convert(sales, moments, scope)
    sums = converted.fillna(0).astype("int64").groupby(sales["person_id"]).sum()
    return {int(person): int(amount) for person, amount in sums.items()}


@dataclass(frozen=True)
class Happened:
    """What happened with an organisation, newest first. ``entries``: ``sort`` (of ``SORTS``), ``entry_id``,
    ``occurred_at`` (UTC), ``title``, ``person_id`` (Int64), ``name``. A deal stands there once for each stage it
    entered. ``records``: the posts among them, as ``data_access.queries.posts.list_posts``. ``has_more``: whether there
    is older."""

    entries: pd.DataFrame = field(repr=False)
    records: pd.DataFrame = field(repr=False)
    has_more: bool


def read_happened(
    session: Session, organization_id: int, *, sorts: tuple[str, ...] = SORTS, limit: int = 30
) -> Happened:
    """What an organisation's people wrote, visited and said, what was ordered, and the stages of its deals, on all
    days: the newest ``limit``."""
    fact = read_organization(session, organization_id)
    if fact is None:
        return Happened(pd.DataFrame(columns=["sort"]), list_posts_by_id(session, []), has_more=False)
    members = list_members(session, _as_frame(fact))
    accounts = _accounts_of(members)
    holders = members.drop_duplicates("identity_id")[["identity_id", "person_id", "name"]]
    acts = list_acts(session, accounts, sorts=sorts, limit=limit + 1).merge(holders, on="identity_id", how="left")
    rows: list[dict[str, Any]] = acts.drop(columns="identity_id").to_dict("records")
    rows += _order_entries(_read_orders(session, organization_id, members), members) if ORDER in sorts else []
    rows += _deal_entries(with_outcome(list_deals(session, organization_id, accounts))) if DEAL in sorts else []
    rows.sort(key=lambda row: (row["occurred_at"], row["sort"], row["entry_id"]), reverse=True)
    columns = ["sort", "entry_id", "occurred_at", "title", "person_id", "name"]
    entries = pd.DataFrame(rows[:limit], columns=columns)
    posts = [int(number) for number in entries.loc[entries["sort"] == "post", "entry_id"]]
    return Happened(entries, list_posts_by_id(session, posts), has_more=len(rows) > limit)


def _order_entries(orders: pd.DataFrame, members: pd.DataFrame) -> list[dict[str, Any]]:
    names = dict(zip(members["person_id"], members["name"], strict=True))
    return [
        {
            "sort": ORDER,
            "entry_id": row.order_id,
            "occurred_at": row.occurred_at,
            "title": row.product,
            "person_id": row.person_id,
            "name": None if pd.isna(row.person_id) else names.get(row.person_id),
        }
        for row in orders.itertuples(index=False)
    ]


def _deal_entries(deals: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "sort": DEAL,
            "entry_id": row.deal_id,
            "occurred_at": moment,
            "title": f"{row.name or row.product or 'Deal'}: {stage}",
            "person_id": None,
            "name": None,
        }
        for row in deals.itertuples(index=False)
        for stage, moment in list_stages(row)
    ]


def list_stages(deal: Any) -> list[tuple[str, pd.Timestamp]]:
    """The stages that a row of ``Organization.deals`` entered, oldest first, with the times (UTC): as the CRM has its
    history, else when it was made and closed."""
    known = [
        (str(step["stage"]), pd.Timestamp(step["entered_at"])) for step in deal.stages or [] if step.get("entered_at")
    ]
    steps = [(stage, at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")) for stage, at in known]
    if not steps:
        steps = [] if pd.isna(deal.created_at) else [("Created", deal.created_at)]
        if not pd.isna(deal.closed_at):
            steps.append((str(deal.outcome).capitalize(), deal.closed_at))
    return sorted(steps, key=lambda step: step[1])
