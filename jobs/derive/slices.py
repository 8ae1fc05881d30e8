"""The rollups of the slices (a day in a channel) that a change touches, computed anew from their posts and turns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from pyroaring import BitMap
from sqlalchemy import BigInteger, Delete, Select, Table, delete, select, type_coerce
from sqlmodel import Session

from data_access import rollups
from data_access.among import in_slices
from data_access.bulk import insert_rows, read_stored, stored_day
from data_access.models import derived
from data_access.upsert import table
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
_SLICES_AT_A_TIME = 100
#: When a turn opened (microseconds), and what passed until its answer: seconds, and seconds within business hours.
_Times = list[Any]
_TIMES = select(
    TURN.c.day,
    TURN.c.channel_id,
    type_coerce(TURN.c.opened_at, BigInteger),
    TURN.c.response_seconds,
    TURN.c.business_seconds,
)


def derive_slices(session: Session, slices: Slices) -> None:
    """Compute the rollups of posts in these slices anew."""
    derive_label_slices(session, slices)
    for part in _in_parts(slices):
        _forget_slices(session, BY_PEOPLE, part)
        _insert_active_sets(session, part)
    derive_active_months(session, slices)
    derive_active_anywhere(session, slices)


def derive_label_slices(session: Session, slices: Slices) -> None:
    """The same where nothing but labels has changed: those rollups that do not hang on labels stay."""
    for part in _in_parts(slices):
        _forget_slices(session, BY_POSTS, part)
        rollups.insert_slices(session, part)


def derive_topic_days(session: Session, slices: Slices) -> None:
    """Compute the rollups of topics in these slices anew, those of the brands named along with them too."""
    for part in _in_parts(slices):
        _forget_slices(session, (rollups.TOPIC_DAY,), part)
        rollups.insert_topic_day(session, part)
    derive_brand_days(session, slices)


def derive_brand_days(session: Session, slices: Slices) -> None:
    """Compute the rollups of brands in these slices anew."""
    for part in _in_parts(slices):
        _forget_slices(session, BY_BRANDS, part)
        rollups.insert_brand_day(session, part)


def _in_parts(slices: Slices) -> Iterator[Slices]:
    """The slices, oldest first, some at a time: a statement each costs more than what it does where days have few
    posts; all at once could be millions of rows."""
    part: Slices = {}
    for day in sorted(slices):
        part[day] = slices[day]
        if sum(map(len, part.values())) >= _SLICES_AT_A_TIME:
            yield part
            part = {}
    if part:
        yield part


def _forget_slices(session: Session, targets: Iterable[Table], slices: Slices) -> None:
    for target in targets:
        session.connection().execute(_delete_slices(target), {"slices": slices})


@lru_cache
def _delete_slices(target: Table) -> Delete:
    """Made once: at many days, making it takes longer than running it."""
    return delete(target).where(in_slices(target.c.day, target.c.channel_id, "slices"))


@lru_cache
def _people_of_slices() -> Select[Any]:
    target = rollups.PERSON_DAY
    wanted = select(target.c.day, target.c.channel_id, target.c.person_id, target.c.posts)
    return wanted.where(in_slices(target.c.day, target.c.channel_id, "slices")).order_by(target.c.person_id)


def _insert_active_sets(session: Session, slices: Slices) -> None:
    posts: dict[tuple[Any, int], dict[int, int]] = defaultdict(dict)
    for day, channel_id, person_id, count in read_stored(session, _people_of_slices(), {"slices": slices}):
        posts[day, channel_id][person_id] = count
    rows = [
        {
            "day": stored_day(day),
            "channel_id": channel_id,
            "people": BitMap(posts[day, channel_id]).serialize(),
            "posts": pack_counts(posts[day, channel_id].values()),
        }
        for day, channel_id in sorted(posts)
    ]
    insert_rows(session, ACTIVE_SET, rows)


def derive_turn_days(session: Session, slices: Slices) -> None:
    """Compute the distributions of turns in these slices anew."""
    for part in _in_parts(slices):
        _forget_slices(session, (TURN_DAY,), part)
        insert_rows(session, TURN_DAY, _turn_days(read_stored(session, _turns_of_slices(), {"slices": part})))


@lru_cache
def _turns_of_slices() -> Select[Any]:
    return _TIMES.where(in_slices(TURN.c.day, TURN.c.channel_id, "slices"))


def read_turn_days(session: Session, days: Collection[date]) -> list[dict[str, Any]]:
    """The rows of ``turn_day`` that the turns of these days give, in all channels."""
    return _turn_days(read_stored(session, _TIMES.where(TURN.c.day.in_(days))))


def _turn_days(stored: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    turns: dict[tuple[Any, int], list[_Times]] = defaultdict(list)
    for day, channel_id, *times in stored:
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
