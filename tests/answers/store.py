"""Rows for a small store, put where the pipeline would put them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pyroaring import BitMap
from sqlmodel import Session

from data_access.models import derived, facts
from data_access.search_words import list_account_words
from jobs.derive.anywhere import derive_active_anywhere
from jobs.derive.months import derive_active_months
from metrics.engagement import pack_seconds, pack_times
from metrics.participation import pack_counts

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of a UTC day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def add_channel(session: Session, number: int = 1, *, brand: int | None = None, **more: Any) -> None:
    values = {"network": "twitter", "source": "s", "native_id": str(number), "name": f"channel {number}"} | more
    session.add(facts.Channel(id=number, brand_id=brand, **values))
    session.flush()


def add_daily(session: Session, day: date, channel: int = 1, side: str = "inbound", **counts: int) -> None:
    """A day's activity. ``posts`` is at least the sum of the labels; what is not labelled is unscored."""
    labelled = sum(counts.get(label, 0) for label in ("positive", "neutral", "negative"))
    posts = counts.pop("posts", labelled)
    counts.setdefault("unscored", posts - labelled)
    session.add(derived.DailyActivity(day=day, channel_id=channel, side=side, posts=posts, **counts))
    session.flush()


def add_hour(session: Session, day: date, hour: int, posts: int, channel: int = 1, side: str = "inbound") -> None:
    session.add(
        derived.HourlyActivity(
            day=day, hour=hour, channel_id=channel, side=side, weekday=day.weekday(), posts=posts, negative=0
        )
    )
    session.flush()


def add_active(session: Session, day: date, people: Iterable[int], channel: int = 1) -> None:
    """Who was active: the bitmap, and a post each."""
    members = sorted(people)
    session.add(
        derived.ActiveSet(
            day=day, channel_id=channel, people=BitMap(members).serialize(), posts=pack_counts([1] * len(members))
        )
    )
    derive_active_months(session, {day: {channel}})
    derive_active_anywhere(session, {day: {channel}})
    for person in members:
        if session.get(derived.Person, person) is None:
            session.add(derived.Person(id=person, name=f"Person {person}"))
            session.flush()
        session.add(derived.PersonDay(person_id=person, day=day, channel_id=channel, posts=1, scored=1))
    session.flush()


def add_written(session: Session, day: date, posts: dict[int, int], channel: int = 1) -> None:
    """How much each of these people wrote, as the set of a day says it."""
    people = sorted(posts)
    counts = pack_counts([posts[person] for person in people])
    session.add(derived.ActiveSet(day=day, channel_id=channel, people=BitMap(people).serialize(), posts=counts))
    derive_active_months(session, {day: {channel}})
    derive_active_anywhere(session, {day: {channel}})
    session.flush()


def add_turn_day(
    session: Session,
    day: date,
    *,
    seconds: Iterable[int] = (),
    business: Iterable[int] = (),
    open_since: Iterable[datetime] = (),
    channel: int = 1,
) -> None:
    closed, waiting = list(seconds), [int(moment.timestamp()) * 1_000_000 for moment in open_since]
    session.add(
        derived.TurnDay(
            day=day,
            channel_id=channel,
            opened=len(closed) + len(waiting),
            closed=len(closed),
            response_seconds=pack_times(closed),
            business_seconds=pack_times(business),
            open_since=pack_seconds(waiting),
        )
    )
    session.flush()


def add_person(session: Session, number: int, name: str | None = None, **more: Any) -> None:
    """A person with one account of the same number."""
    account = {"network": "twitter", "source": "s", "native_id": f"u{number}", "handle": f"user{number}"} | more
    session.add(facts.Identity(id=number, **account))
    if session.get(derived.Person, number) is None:
        session.add(derived.Person(id=number, name=name or f"Person {number}"))
    session.flush()
    session.add(derived.PersonIdentity(identity_id=number, person_id=number))
    parts = ("handle", "display_name", "email", "organization", "email_verified")
    named: list[Any] = [account.get(part) for part in parts]
    session.add_all(derived.AccountWord(identity_id=number, word=word) for word in list_account_words(*named))
    session.flush()


def add_post(
    session: Session,
    number: int,
    *,
    author: int | None = 1,
    moment: datetime,
    text: str = "hello",
    label: str | None = "neutral",
    side: str = "inbound",
    channel: int = 1,
    parent: int | None = None,
    conversation: int | None = None,
    tags: Iterable[str] = (),
    is_question: bool = False,
    **more: Any,
) -> None:
    """A post with all that is derived of it alone. Its local day is the UTC day."""
    values = {"network": "twitter", "source": "s", "native_id": f"p{number}", "text": text} | more
    session.add(facts.Post(id=number, channel_id=channel, author_id=author, occurred_at=moment, **values))
    session.flush()
    compound = {"positive": 0.5, "negative": -0.5, "neutral": 0.0, None: None}[label]
    session.add(
        derived.PostScore(
            post_id=number,
            language="en" if label else "de",
            compound=compound,
            model_label=label,
            label=label,
            is_question=is_question,
        )
    )
    session.add(derived.PostDay(post_id=number, channel_id=channel, day=moment.date(), hour=moment.hour, side=side))
    session.add(derived.PostThread(post_id=number, parent_id=parent, conversation_id=conversation or number))
    session.add_all(derived.PostTag(post_id=number, tag=tag) for tag in tags)
    session.flush()
