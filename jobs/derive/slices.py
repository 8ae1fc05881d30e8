"""The rollups of the slices (a day in a channel) that a change touches, computed anew from their posts and turns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from pyroaring import BitMap
from sqlalchemy import BigInteger, Table, delete, select, type_coerce
from sqlmodel import Session

from data_access import rollups
from data_access.bulk import insert_rows
from data_access.models import derived
from data_access.upsert import chunks, table
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
    ACTIVE_SET,
    *BY_BRANDS,
)
#: These rest on the slices of a month.
BY_MONTH = (ACTIVE_MONTH,)
_DAYS_AT_A_TIME = 100


def derive_slices(session: Session, slices: Slices) -> None:
    """Compute the rollups of posts in these slices anew."""
    for day in sorted(slices):
        channels = slices[day]
        _forget_slice(session, BY_POSTS, day, channels)
        rollups.insert_slice(session, day, channels)
        _insert_active_sets(session, day, channels)
    derive_active_months(session, slices)


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
        statement = delete(target).where(target.c.day == day, target.c.channel_id.in_(sorted(channels)))
        session.connection().execute(statement)


def _insert_active_sets(session: Session, day: date, channels: Collection[int]) -> None:
    target = rollups.PERSON_DAY
    statement = (
        select(target.c.channel_id, target.c.person_id, target.c.posts)
        .where(target.c.day == day, target.c.channel_id.in_(sorted(channels)))
        .order_by(target.c.person_id)
    )
    posts: dict[int, dict[int, int]] = defaultdict(dict)
    for channel_id, person_id, count in session.execute(statement):
        posts[channel_id][person_id] = count
    rows = [
        {"day": day, "channel_id": c, "people": BitMap(posts[c]).serialize(), "posts": pack_counts(posts[c].values())}
        for c in sorted(posts)
    ]
    if rows:
        insert_rows(session, ACTIVE_SET, rows)


def derive_turn_days(session: Session, slices: Slices) -> None:
    """Compute the distributions of turns anew, for these days in all the channels that any of them names."""
    days = sorted(slices)
    channels = sorted(set().union(*slices.values()))
    for part in chunks(days, _DAYS_AT_A_TIME):
        wanted = (TURN_DAY.c.day.in_(part), TURN_DAY.c.channel_id.in_(channels))
        session.connection().execute(delete(TURN_DAY).where(*wanted))
        _insert_turn_days(session, part, channels)


def _insert_turn_days(session: Session, days: Sequence[date], channels: Sequence[int]) -> None:
    names = ("day", "channel_id", "response_seconds", "business_seconds")
    opened = type_coerce(TURN.c.opened_at, BigInteger).label("opened_at")
    statement = select(*(TURN.c[name] for name in names), opened).where(
        TURN.c.day.in_(days), TURN.c.channel_id.in_(channels)
    )
    turns: dict[tuple[date, int], list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        turns[(row.day, row.channel_id)].append(row)
    rows = [_turn_day(day, channel_id, turns[(day, channel_id)]) for day, channel_id in sorted(turns)]
    if rows:
        insert_rows(session, TURN_DAY, rows)


def _turn_day(day: date, channel_id: int, turns: list[Any]) -> dict[str, Any]:
    closed = [turn for turn in turns if turn.response_seconds is not None]
    return {
        "day": day,
        "channel_id": channel_id,
        "opened": len(turns),
        "closed": len(closed),
        "response_seconds": pack_times([turn.response_seconds for turn in closed]),
        "business_seconds": pack_times([turn.business_seconds for turn in closed]),
        "open_since": pack_seconds([turn.opened_at for turn in turns if turn.response_seconds is None]),
    }
