"""Who was active in a month in a channel, from the sets of its days."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import delete, select
from sqlmodel import Session

from data_access.bulk import insert_rows
from data_access.models import derived
from data_access.upsert import table
from jobs.derive.touched import Slices
from metrics.participation import pack_counts, unpack_counts

ACTIVE_MONTH = table(derived.ActiveMonth)
ACTIVE_SET = table(derived.ActiveSet)


def derive_active_months(session: Session, slices: Slices) -> None:
    """Put the sets of the months of these slices together anew, from those of their days."""
    months: dict[date, set[int]] = defaultdict(set)
    for day, channels in slices.items():
        months[day.replace(day=1)] |= channels
    for month in sorted(months):
        touched = sorted(months[month])
        gone = delete(ACTIVE_MONTH).where(ACTIVE_MONTH.c.day == month, ACTIVE_MONTH.c.channel_id.in_(touched))
        session.connection().execute(gone)
        rows = read_month(session, month, touched)
        if rows:
            insert_rows(session, ACTIVE_MONTH, rows)


def read_month(session: Session, month: date, channels: Collection[int] | None = None) -> list[dict[str, Any]]:
    """The rows of ``active_month`` that the days of a month give, in these channels or in all."""
    statement = (
        select(ACTIVE_SET.c.channel_id, ACTIVE_SET.c.people, ACTIVE_SET.c.posts)
        .where(ACTIVE_SET.c.day >= month, ACTIVE_SET.c.day < (month + timedelta(days=31)).replace(day=1))
        .order_by(ACTIVE_SET.c.channel_id, ACTIVE_SET.c.day)
    )
    if channels is not None:
        statement = statement.where(ACTIVE_SET.c.channel_id.in_(channels))
    sets: dict[int, list[tuple[BitMap, bytes]]] = defaultdict(list)
    for channel, people, posts in session.execute(statement):
        sets[channel].append((BitMap.deserialize(people), posts))
    return [{"day": month, "channel_id": channel, **_together(days)} for channel, days in sets.items()]


def _together(days: list[tuple[BitMap, bytes]]) -> dict[str, bytes]:
    """The people of several days, and how much each of them wrote on all of these."""
    everyone = np.concatenate([np.array(people.to_array(), dtype="int64") for people, _ in days])
    posts = np.concatenate([unpack_counts(packed) for _, packed in days])
    people, place = np.unique(everyone, return_inverse=True)
    totals = np.bincount(place, weights=posts).astype("int64")
    return {"people": BitMap(people.astype("uint32")).serialize(), "posts": pack_counts(totals)}
