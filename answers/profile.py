"""One person: who they are, how they feel, how long we let them wait, what they did, and with whom they talk."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session

from answers.filters import DAY
from answers.records import PAGE_SIZE, BrokenCursor
from answers.scope import Scope, read_scope
from answers.waiting import Waiting, read_waiting
from data_access.decisions import list_standing_mutes
from data_access.models.columns import from_micros, to_micros
from data_access.models.derived import Person
from data_access.models.facts import InteractionKind
from data_access.queries.people import find_person_of, list_accounts, read_person, read_person_days
from data_access.queries.person_accounts import read_affiliation
from data_access.queries.posts import list_posts_by_id, name_answered
from data_access.queries.profile import (
    TALK,
    count_conversations,
    list_holders,
    list_person_channels,
    list_person_turns,
    list_talk,
)
from data_access.queries.sales import DEAL, ORDER, list_sales_of
from data_access.queries.timeline import SORTS, WRITTEN, TimelinePlace, count_entries, list_timeline, read_seen
from metrics.engagement import response_times
from metrics.ratios import ratio

#: Up to this long, sentiment is shown by week, beyond by month.
WEEKLY_UP_TO_DAYS = 26 * 7
COUNTED = ("posts", "positive", "negative", "scored")
_PLURALS = {
    InteractionKind.REPLY: "replies",
    InteractionKind.MENTION: "mentions",
    InteractionKind.SHARE: "shares",
    InteractionKind.LIKE: "likes",
}
DIRECTIONS = ("to", "from")


@dataclass(frozen=True)
class Profile:
    """A person, over all of the data.

    ``person_id`` may differ from the id asked for: an account's old id opens whoever holds it now. ``posts`` is all
    that they wrote; ``scored`` and ``net_sentiment`` (-100 to 100; NaN where nothing is scored) speak of inbound posts,
    so not of the team's. ``first_day`` and ``last_day``: of anything that they did. ``turns`` is how often they waited
    for us, ``answered`` how often we answered; ``median_response_seconds`` is NaN where we never did. ``waiting``:
    their open turns, as on Today. ``entries``: how many entries of each sort their timeline has. ``owner``: who of the
    team looks after them; ``organization`` (its name) and ``organization_id`` (None where the CRM has none).

    ``accounts``: as ``list_accounts``, and ``mute_id`` (Int64), the decision that mutes it. ``sentiment``: by
    ``unit`` (week or month): ``period`` (its first day), ``posts``, ``positive``, ``negative``, ``scored``,
    ``net_sentiment``; periods without posts too. ``channels``: ``channel_id``, ``channel``, ``network``, ``posts``,
    ``last_day``.
    """

    person_id: int
    name: str
    role: str | None
    posts: int
    scored: int
    active_days: int
    first_day: date | None
    last_day: date | None
    net_sentiment: float
    conversations: int
    turns: int
    answered: int
    median_response_seconds: float
    waiting: Waiting
    entries: dict[str, int]
    owner: str | None
    organization_id: int | None
    organization: str | None
    unit: str
    accounts: pd.DataFrame = field(repr=False)
    sentiment: pd.DataFrame = field(repr=False)
    channels: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Timeline:
    """A page of what a person did. ``rows``: the columns of ``data_access.queries.timeline.list_timeline``.
    ``records``: the posts among them, with the columns of ``data_access.queries.posts.list_posts`` and ``answered``,
    whose post each answers or shares. ``next_cursor``: where the next page begins; None on the last."""

    rows: pd.DataFrame = field(repr=False)
    records: pd.DataFrame = field(repr=False)
    next_cursor: str | None


def find_person(session: Session, number: int) -> int | None:
    """The person whom an id means: the id of any of their accounts, or their own. None where it means nobody."""
    if abs(number) >= 2**63:  # more than an id can be
        return None
    holder = find_person_of(session, number)
    if holder is not None:
        return holder
    return number if read_person(session, number) is not None else None


def read_profile(session: Session, number: int, *, scope: Scope | None = None) -> Profile | None:
    """The profile of the person whom an id means (``find_person``); None where it means nobody."""
    person_id = find_person(session, number)
    if person_id is None:
        return None
    scope = scope or read_scope(session)
    person = read_person(session, person_id) or Person(id=person_id)
    accounts = list_accounts(session, person_id)
    ids = _ids(accounts)
    days = read_person_days(session, person_id)
    turns = list_person_turns(session, person_id)
    seconds = turns["response_seconds"].dropna().to_numpy(dtype="int64")
    entries = count_entries(session, ids)
    unit = _unit(days)
    first_day, last_day = _seen(session, ids, scope.time_zone)
    affiliation = read_affiliation(session, ids)
    return Profile(
        person_id=person_id,
        name=_name(person, accounts),
        role=person.role,
        posts=sum(entries.get(sort, 0) for sort in WRITTEN),
        scored=int(days["scored"].sum()),
        active_days=len(days),
        first_day=first_day,
        last_day=last_day,
        net_sentiment=_net(days),
        conversations=count_conversations(session, ids),
        turns=len(turns),
        answered=len(seconds),
        median_response_seconds=response_times(seconds).median,
        waiting=_waiting(session, person_id, scope),
        entries=entries,
        owner=affiliation.owner,
        organization_id=affiliation.organization_id,
        organization=affiliation.organization,
        unit=unit,
        accounts=_with_mutes(session, accounts),
        sentiment=_by_period(days, unit),
        channels=list_person_channels(session, person_id),
    )


def _ids(accounts: pd.DataFrame) -> list[int]:
    return [int(account) for account in accounts["identity_id"]]


def _name(person: Person, accounts: pd.DataFrame) -> str:
    known = [person.name]
    for column in ("display_name", "handle", "native_id"):
        known += accounts[column].dropna().tolist()
    return next((name for name in known if name), f"Person {person.id}")


def _seen(session: Session, accounts: list[int], time_zone: str) -> tuple[date | None, date | None]:
    seen = read_seen(session, accounts)
    if seen is None:
        return None, None
    first, last = (moment.astimezone(ZoneInfo(time_zone)).date() for moment in seen)
    return first, last


def _waiting(session: Session, person_id: int, scope: Scope) -> Waiting:
    first, last = scope.first_day, scope.last_day
    every_day = scope.last_days((last - first).days + 1 if first and last else 1)
    return read_waiting(session, every_day, person=person_id, scope=scope)


def _with_mutes(session: Session, accounts: pd.DataFrame) -> pd.DataFrame:
    mutes = {mute.key: mute.id for mute in list_standing_mutes(session) if mute.key}
    keys = zip(accounts["network"], accounts["source"], accounts["native_id"], strict=True)
    ids = pd.Series([mutes.get(key) for key in keys], index=accounts.index, dtype="Int64")
    return accounts.assign(mute_id=ids)


def _net(days: pd.DataFrame) -> float:
    return 100 * ratio(int(days["positive"].sum()) - int(days["negative"].sum()), int(days["scored"].sum()))


def _unit(days: pd.DataFrame) -> str:
    if days.empty:
        return "month"
    return "week" if (days["day"].iloc[-1] - days["day"].iloc[0]).days <= WEEKLY_UP_TO_DAYS else "month"


def _by_period(days: pd.DataFrame, unit: str) -> pd.DataFrame:
    code, offset = ("W-SUN", "W-MON") if unit == "week" else ("M", "MS")
    begins = days["day"].dt.to_period(code).dt.start_time.astype("datetime64[us]")
    sums = days.assign(period=begins).groupby("period")[list(COUNTED)].sum()
    if not sums.empty:
        every = pd.date_range(sums.index[0], sums.index[-1], freq=offset, unit="us", name="period")
        sums = sums.reindex(every, fill_value=0)
    known = sums["scored"].where(sums["scored"] > 0).astype("float64")
    return sums.assign(net_sentiment=100 * (sums["positive"] - sums["negative"]) / known).reset_index()


def end_of_period(start: date, unit: str) -> date:
    """The first day after the week or month that begins on ``start``.

    >>> end_of_period(date(2026, 3, 2), "week"), end_of_period(date(2026, 12, 1), "month")
    (datetime.date(2026, 3, 9), datetime.date(2027, 1, 1))
    """
    if unit == "week":
        return start + 7 * DAY
    return (start.replace(day=1) + 31 * DAY).replace(day=1)


def _write_place(rows: pd.DataFrame) -> str:
    last = rows.iloc[-1]
    return f"{to_micros(last['occurred_at'].to_pydatetime())}.{last['sort']}.{last['entry_id']}"


def _read_place(cursor: str) -> TimelinePlace:
    try:
        micros, sort, entry = cursor.split(".")
        SORTS.index(sort)
        return TimelinePlace(from_micros(int(micros)), sort, int(entry))
    except (ValueError, OverflowError, OSError) as error:
        raise BrokenCursor(f"{cursor!r} does not say where to go on; start from the first page") from error


def read_timeline(
    session: Session,
    person_id: int,
    *,
    sorts: tuple[str, ...] = SORTS,
    cursor: str | None = None,
    limit: int = PAGE_SIZE,
    with_records: bool = True,
) -> Timeline:
    """A page of what a person did and we did about it, newest first; ``sorts`` chooses. Without ``with_records`` only
    the rows, for a long table. Raises ``BrokenCursor``."""
    accounts = _ids(list_accounts(session, person_id))
    after = _read_place(cursor) if cursor else None
    rows = list_timeline(session, accounts, sorts=sorts, after=after, limit=limit + 1)
    has_more = len(rows) > limit
    rows = rows.iloc[:limit].reset_index(drop=True)
    posts = rows.loc[rows["sort"].isin(WRITTEN), "entry_id"].tolist() if with_records else []
    records = name_answered(session, list_posts_by_id(session, posts))
    return Timeline(rows, records, _write_place(rows) if has_more else None)


def read_purchases(session: Session, person_id: int) -> pd.DataFrame:
    """What a person bought or took part in buying, oldest first: ``occurred_at`` (UTC), ``kind`` (order, refund or deal
    won), ``amount_minor`` (negative: a refund), ``currency``."""
    sales = list_sales_of(session, [person_id])
    sold = sales[sales["sale_kind"].isin([ORDER, DEAL]) & sales["at"].notna()].sort_values("at", kind="stable")
    kind = sold["sale_kind"].map({ORDER: "order", DEAL: "deal won"}).mask(sold["is_refund"], "refund")
    moments = pd.to_datetime(sold["at"].astype("int64"), unit="us", utc=True).astype("datetime64[us, UTC]")
    shown = sold.assign(occurred_at=moments, kind=kind.astype("object"))
    return shown[["occurred_at", "kind", "amount_minor", "currency"]].reset_index(drop=True)


def read_circle(session: Session, person_id: int, *, limit: int = 200) -> pd.DataFrame:
    """With whom a person talks, most first: ``person_id``, ``name``, ``role``, ``network`` (those on which they met),
    ``replies_to``, ``replies_from``, ``mentions_to``, ``mentions_from``, ``shares_to``, ``shares_from``, ``likes_to``,
    ``likes_from`` (by them to the other, by the other to them; int64), ``together`` (their sum), ``last_at`` (UTC, NaT
    where no time is known). Accounts of their own are left out."""
    accounts = _ids(list_accounts(session, person_id))
    talk = pd.concat(
        [
            list_talk(session, accounts, is_sent=is_sent).assign(direction=direction)
            for is_sent, direction in zip((True, False), DIRECTIONS, strict=True)
        ],
        ignore_index=True,
    )
    holders = list_holders(session, sorted({int(other) for other in talk["identity_id"]}))
    return _circle(talk.merge(holders, on="identity_id").sort_values("identity_id", kind="stable"), limit)


def _circle(talk: pd.DataFrame, limit: int) -> pd.DataFrame:
    columns = [f"{_PLURALS[kind]}_{direction}" for kind in TALK for direction in DIRECTIONS]
    named = talk["kind"].map(_PLURALS) + "_" + talk["direction"]
    by_person = talk.groupby("person_id")
    people = by_person.agg(
        name=("name", "first"),
        role=("role", "first"),
        network=("network", lambda networks: ", ".join(sorted(set(networks)))),
        last_at=("last_at", "max"),
    )
    counts = talk.assign(column=named).pivot_table(
        index="person_id", columns="column", values="times", aggfunc="sum", fill_value=0
    )
    counts = counts.reindex(columns=columns, fill_value=0).astype("int64")
    circle = people.join(counts).assign(together=counts.sum(axis=1).astype("int64")).reset_index()
    ordered = circle.sort_values(["together", "person_id"], ascending=[False, True])
    order = ["person_id", "name", "role", "network", *columns, "together", "last_at"]
    return ordered[order].head(limit).reset_index(drop=True)
