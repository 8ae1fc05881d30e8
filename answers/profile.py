"""One person: their accounts, what they did, with whom they talk, and how they feel."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlmodel import Session

from answers.records import PAGE_SIZE, BrokenCursor, RecordPage
from data_access.models.columns import from_micros, to_micros
from data_access.models.derived import Person
from data_access.queries.people import find_person_of, list_accounts, read_person, read_person_days
from data_access.queries.timeline import (
    SORTS,
    TimelinePlace,
    list_circle,
    list_person_channels,
    list_person_turns,
    list_timeline,
)
from metrics.engagement import response_times
from metrics.ratios import ratio


@dataclass(frozen=True)
class Profile:
    """A person, over all of the data.

    ``person_id`` may differ from the id asked for: an account's old id opens whoever holds it now. ``posts`` and the
    like count inbound posts; ``net_sentiment`` (-100 to 100) and ``median_response_seconds`` are NaN where nothing is
    scored or answered. ``accounts``: as ``list_accounts``. ``sentiment``: by month: ``period`` (its first day),
    ``posts``, ``positive``, ``negative``, ``scored``, ``net_sentiment``. ``channels``: ``channel_id``, ``channel``,
    ``network``, ``posts``, ``last_day``. ``circle``: ``person_id``, ``name``, ``sent``, ``received``, ``last_at``, who
    they talk with most first.
    """

    person_id: int
    name: str
    role: str | None
    posts: int
    active_days: int
    first_day: date | None
    last_day: date | None
    net_sentiment: float
    turns: int
    waiting: int
    median_response_seconds: float
    followers: int | None
    accounts: pd.DataFrame = field(repr=False)
    sentiment: pd.DataFrame = field(repr=False)
    channels: pd.DataFrame = field(repr=False)
    circle: pd.DataFrame = field(repr=False)


def find_person(session: Session, number: int) -> int | None:
    """The person whom an id means: the id of any of their accounts, or their own. None where it means nobody."""
    holder = find_person_of(session, number)
    if holder is not None:
        return holder
    return number if read_person(session, number) is not None else None


def read_profile(session: Session, number: int) -> Profile | None:
    """The profile of the person whom an id means (``find_person``); None where it means nobody."""
    person_id = find_person(session, number)
    if person_id is None:
        return None
    person = read_person(session, person_id) or Person(id=person_id)
    accounts = list_accounts(session, person_id)
    ids = [int(account) for account in accounts["identity_id"]]
    days = read_person_days(session, person_id)
    turns = list_person_turns(session, person_id)
    followers = accounts["followers"].max() if len(accounts) else pd.NA
    return Profile(
        person_id=person_id,
        name=_name(person, accounts),
        role=person.role,
        posts=int(days["posts"].sum()),
        active_days=len(days),
        first_day=days["day"].iloc[0].date() if len(days) else None,
        last_day=days["day"].iloc[-1].date() if len(days) else None,
        net_sentiment=_net(days),
        turns=len(turns),
        waiting=int(turns["closed_at"].isna().sum()),
        median_response_seconds=response_times(turns["response_seconds"].dropna().to_numpy(dtype="int64")).median,
        followers=None if pd.isna(followers) else int(followers),
        accounts=accounts,
        sentiment=_by_month(days),
        channels=list_person_channels(session, person_id),
        circle=list_circle(session, person_id, ids),
    )


def _name(person: Person, accounts: pd.DataFrame) -> str:
    known = [person.name]
    for column in ("display_name", "handle", "native_id"):
        known += accounts[column].dropna().tolist()
    return next((name for name in known if name), f"Person {person.id}")


def _net(days: pd.DataFrame) -> float:
    return 100 * ratio(int(days["positive"].sum()) - int(days["negative"].sum()), int(days["scored"].sum()))


def _by_month(days: pd.DataFrame) -> pd.DataFrame:
    months = days.assign(period=days["day"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]"))
    sums = months.groupby("period", as_index=False)[["posts", "positive", "negative", "scored"]].sum()
    known = sums["scored"].where(sums["scored"] > 0).astype("float64")
    return sums.assign(net_sentiment=100 * (sums["positive"] - sums["negative"]) / known)


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
) -> RecordPage:
    """A page of what a person did, newest first: posts, visits, orders, feedback (``sorts`` chooses among them), with
    the columns of ``data_access.queries.timeline.list_timeline``. Raises ``BrokenCursor``."""
    accounts = [int(account) for account in list_accounts(session, person_id)["identity_id"]]
    after = _read_place(cursor) if cursor else None
    rows = list_timeline(session, accounts, sorts=sorts, after=after, limit=limit + 1)
    has_more = len(rows) > limit
    rows = rows.iloc[:limit].reset_index(drop=True)
    return RecordPage(rows, _write_place(rows) if has_more else None)
