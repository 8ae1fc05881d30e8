"""The rollups of the slices (a day in a channel) that a change touches, computed anew from their posts and turns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from pyroaring import BitMap
from sqlalchemy import BigInteger, Delete, Table, bindparam, delete, select, type_coerce
from sqlmodel import Session

from data_access import rollups
from data_access.among import among, among_given
from data_access.bulk import insert_rows, read_stored, stored_day
from data_access.models import derived
from data_access.upsert import chunks, table
from jobs.derive.anywhere import derive_active_anywhere
from jobs.derive.months import ACTIVE_MONTH, derive_active_months
from jobs.derive.touched import Slices
from metrics.engagement import pack_seconds, pack_times
from metrics.participation import pack_counts

ACTIVE_SET = table(derived.ActiveSet)
TURN = table(derived.Turn)
TURN_DAY = table(derived.TurnDay)
BY_BRANDS = (rollups.BRAND_DAY, rollups.BRAND_TOPIC_DAY)
BY_POSTS = (
    rollups.DAILY_ACTIVITY,
    rollups.HOURLY_ACTIVITY,
    rollups.PERSON_DAY,
    rollups.TOPIC_DAY,
    *BY_BRANDS,
)
#: This says who wrote how much, whatever the labels are.
BY_PEOPLE = (ACTIVE_SET,)
#: These rest on the slices of a month.
BY_MONTH = (ACTIVE_MONTH,)
_DAYS_AT_A_TIME = 100
#: Days are taken together where at least one in so many of their channels is named for a day.
_MOST_ARE_NAMED = 3
#: When a turn opened (microseconds), and what passed until its answer: seconds, and seconds within business hours.
_Times = list[Any]


def derive_slices(session: Session, slices: Slices) -> None:
    """Compute the rollups of posts in these slices anew."""
    derive_label_slices(session, slices)
    for day in sorted(slices):
        _forget_slice(session, BY_PEOPLE, day, slices[day])
        _insert_active_sets(session, day, slices[day])
    derive_active_months(session, slices)
    derive_active_anywhere(session, slices)


def derive_label_slices(session: Session, slices: Slices) -> None:
    """The same where nothing but labels has changed: those rollups that do not hang on labels stay."""
    for day in sorted(slices):
        _forget_slice(session, BY_POSTS, day, slices[day])
        rollups.insert_slice(session, day, slices[day])


def derive_topic_days(session: Session, slices: Slices) -> None:
    """Compute the rollups of topics in these slices anew, those of the brands named along with them too."""
    for day in sorted(slices):
        _forget_slice(session, (rollups.TOPIC_DAY,), day, slices[day])
        rollups.insert_topic_day(session, day, slices[day])
    derive_brand_days(session, slices)


def derive_brand_days(session: Session, slices: Slices) -> None:
    """Compute the rollups of brands in these slices anew."""
    for day in sorted(slices):
        _forget_slice(session, BY_BRANDS, day, slices[day])
        rollups.insert_brand_day(session, day, slices[day])


def _forget_slice(session: Session, targets: Iterable[Table], day: date, channels: Collection[int]) -> None:
    for target in targets:
        session.connection().execute(_delete_slice(target), {"of_day": day, "of_channels": sorted(channels)})


@lru_cache
def _delete_slice(target: Table) -> Delete:
    """Made once: at many days, making it takes longer than running it."""
    return delete(target).where(target.c.day == bindparam("of_day"), among_given(target.c.channel_id, "of_channels"))


def _insert_active_sets(session: Session, day: date, channels: Collection[int]) -> None:
    target = rollups.PERSON_DAY
    statement = (
        select(target.c.channel_id, target.c.person_id, target.c.posts)
        .where(target.c.day == day, among(target.c.channel_id, sorted(channels)))
        .order_by(target.c.person_id)
    )
    posts: dict[int, dict[int, int]] = defaultdict(dict)
    for channel_id, person_id, count in read_stored(session, statement):
        posts[channel_id][person_id] = count
    rows = [
        {"day": day, "channel_id": c, "people": BitMap(posts[c]).serialize(), "posts": pack_counts(posts[c].values())}
        for c in sorted(posts)
    ]
    if rows:
        insert_rows(session, ACTIVE_SET, rows)


def derive_turn_days(session: Session, slices: Slices) -> None:
    """Compute the distributions of turns anew, for these days in the channels that are named for each, or in more."""
    for part in chunks(sorted(slices), _DAYS_AT_A_TIME):
        channels = set().union(*(slices[day] for day in part))
        named = sum(len(slices[day]) for day in part)
        if named * _MOST_ARE_NAMED >= len(part) * len(channels):
            _derive_turn_days(session, part, channels)
        else:  # a busy day has thousands of turns, of which an answer that came days later is one
            for day in part:
                _derive_turn_days(session, [day], slices[day])


def _derive_turn_days(session: Session, days: Sequence[date], channels: Collection[int]) -> None:
    wanted = (TURN_DAY.c.day.in_(days), among(TURN_DAY.c.channel_id, channels))
    session.connection().execute(delete(TURN_DAY).where(*wanted))
    rows = read_turn_days(session, days, channels)
    if rows:
        insert_rows(session, TURN_DAY, rows)


def read_turn_days(
    session: Session, days: Sequence[date], channels: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The rows of ``turn_day`` that the turns of these days give, in these channels or in all."""
    opened = type_coerce(TURN.c.opened_at, BigInteger)
    statement = select(TURN.c.day, TURN.c.channel_id, opened, TURN.c.response_seconds, TURN.c.business_seconds).where(
        TURN.c.day.in_(days)
    )
    if channels is not None:
        statement = statement.where(among(TURN.c.channel_id, channels))
    turns: dict[tuple[Any, int], list[_Times]] = defaultdict(list)
    for day, channel_id, *times in read_stored(session, statement):
        turns[(day, channel_id)].append(times)
    return [_turn_day(stored_day(day), channel_id, turns[(day, channel_id)]) for day, channel_id in sorted(turns)]


def _turn_day(day: date, channel_id: int, turns: list[_Times]) -> dict[str, Any]:
    closed = [turn for turn in turns if turn[1] is not None]
    return {
        "day": day,
        "channel_id": channel_id,
        "opened": len(turns),
        "closed": len(closed),
        "response_seconds": pack_times([response for _, response, _ in closed]),
        "business_seconds": pack_times([business for _, _, business in closed]),
        "open_since": pack_seconds([opened for opened, response, _ in turns if response is None]),
    }
