"""Who was active in a month in a channel, from the sets of its days."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
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
#: People by their ids, in order, and how much each of them wrote.
PackedSet = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]


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
    days: dict[int, list[PackedSet]] = defaultdict(list)
    for channel, people, posts in session.execute(statement):
        day = unpack_set(people, posts)
        if day is not None:
            days[channel].append(day)
    return [{"day": month, "channel_id": channel, **put_together(held)} for channel, held in days.items()]


def unpack_set(people: bytes, posts: bytes) -> PackedSet | None:
    """A day's people (int64), and how much each of them wrote; None of a damaged set, which the doctor finds."""
    try:
        everyone, counts = BitMap.deserialize(people).to_array(), unpack_counts(posts)
    except ValueError:
        return None
    return (np.array(everyone, dtype="int64"), counts) if len(everyone) == len(counts) else None


def put_together(days: Sequence[PackedSet]) -> dict[str, bytes]:
    """The people of several sets, and how much each of them wrote in all of these."""
    if not days:
        return {"people": BitMap().serialize(), "posts": b""}
    people, place = np.unique(np.concatenate([everyone for everyone, _ in days]), return_inverse=True)
    totals = np.bincount(place, weights=np.concatenate([counts for _, counts in days])).astype("int64")
    return {"people": BitMap(people.astype("uint32")).serialize(), "posts": pack_counts(totals)}
