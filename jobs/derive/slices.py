"""The rollups of the slices (a day in a channel) that a change touches, computed anew from their posts and turns."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import delete, insert, select
from sqlmodel import Session

from data_access import rollups
from data_access.models import derived
from data_access.models.columns import to_micros
from data_access.upsert import table
from jobs.derive.touched import Slices

ACTIVE_SET = table(derived.ActiveSet)
TURN = table(derived.Turn)
TURN_DAY = table(derived.TurnDay)
BY_SLICE = (rollups.DAILY_ACTIVITY, rollups.HOURLY_ACTIVITY, rollups.PERSON_DAY, ACTIVE_SET, TURN_DAY)


def derive_slices(session: Session, slices: Slices) -> None:
    """Compute every rollup of these slices anew."""
    for day in sorted(slices):
        channels = slices[day]
        _forget(session, day, channels)
        rollups.insert_daily_activity(session, day, channels)
        rollups.insert_hourly_activity(session, day, channels)
        rollups.insert_person_day(session, day, channels)
        _insert_active_sets(session, day, channels)
        _insert_turn_days(session, day, channels)


def _forget(session: Session, day: date, channels: Collection[int]) -> None:
    for target in BY_SLICE:
        statement = delete(target).where(target.c.day == day, target.c.channel_id.in_(sorted(channels)))
        session.connection().execute(statement)


def _insert_active_sets(session: Session, day: date, channels: Collection[int]) -> None:
    target = rollups.PERSON_DAY
    statement = select(target.c.channel_id, target.c.person_id).where(
        target.c.day == day, target.c.channel_id.in_(sorted(channels))
    )
    people: dict[int, BitMap] = defaultdict(BitMap)
    for channel_id, person_id in session.execute(statement):
        people[channel_id].add(person_id)
    rows = [{"day": day, "channel_id": c, "people": people[c].serialize()} for c in sorted(people)]
    if rows:
        session.connection().execute(insert(ACTIVE_SET), rows)


def _insert_turn_days(session: Session, day: date, channels: Collection[int]) -> None:
    names = ("channel_id", "opened_at", "closed_at", "response_seconds", "business_seconds")
    statement = select(*(TURN.c[name] for name in names)).where(
        TURN.c.day == day, TURN.c.channel_id.in_(sorted(channels))
    )
    turns: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        turns[row.channel_id].append(row)
    rows = [_turn_day(day, channel_id, turns[channel_id]) for channel_id in sorted(turns)]
    if rows:
        session.connection().execute(insert(TURN_DAY), rows)


def _turn_day(day: date, channel_id: int, turns: list[Any]) -> dict[str, Any]:
    closed = [turn for turn in turns if turn.closed_at is not None]
    return {
        "day": day,
        "channel_id": channel_id,
        "opened": len(turns),
        "closed": len(closed),
        "response_seconds": _packed([turn.response_seconds for turn in closed]),
        "business_seconds": _packed([turn.business_seconds for turn in closed]),
        "open_since": _packed([to_micros(turn.opened_at) for turn in turns if turn.closed_at is None]),
    }


def _packed(values: list[int]) -> bytes:
    return np.sort(np.asarray(values, dtype="<i8")).tobytes()
