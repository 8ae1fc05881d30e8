"""Who was active in any channel but those of competitors, by day and by month, from the sets of the channels."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from pyroaring import BitMap
from sqlalchemy import delete, select
from sqlmodel import Session

from data_access.brands import list_rival_channels
from data_access.bulk import insert_rows
from data_access.models import derived
from data_access.settings import read_settings
from data_access.upsert import chunks, table
from jobs.derive.months import ACTIVE_MONTH, ACTIVE_SET, put_together, unpack_set
from jobs.derive.touched import Slices

ACTIVE_ANYWHERE = table(derived.ActiveAnywhere)
DAY, MONTH = "day", "month"
_DAYS_AT_A_TIME = 50


def derive_active_anywhere(session: Session, slices: Slices) -> None:
    """Put the sets of the days of these slices together anew, and of the months that they are in; those too that are
    missing, or that were put together when other channels were competitors'."""
    rivals = BitMap(list_rival_channels(session, read_settings(session)))
    stale = _list_stale(session, rivals)
    days = sorted(set(slices) | stale[DAY])
    for part in chunks(days, _DAYS_AT_A_TIME):
        _write(session, DAY, part, read_days(session, part, rivals))
    for month in sorted({day.replace(day=1) for day in days} | stale[MONTH]):
        _write(session, MONTH, [month], read_months(session, [month]))


def _list_stale(session: Session, rivals: BitMap) -> dict[str, set[date]]:
    """The days and the months that are missing, unreadable, or of other channels than ours are now."""
    stale = {
        length: set(session.scalars(select(sets.c.day).distinct()))
        for length, sets in ((DAY, ACTIVE_SET), (MONTH, ACTIVE_MONTH))
    }
    columns = ("length", "day", "channels", "others")
    for row in session.execute(select(*(ACTIVE_ANYWHERE.c[name] for name in columns))):
        if is_of_ours(row.channels, row.others, rivals):
            stale[row.length].discard(row.day)
    return stale


def is_of_ours(channels: bytes, others: bytes, rivals: BitMap) -> bool:
    """Whether a row is of all channels but those of competitors, as these are now."""
    try:
        return rivals.isdisjoint(BitMap.deserialize(channels)) and BitMap.deserialize(others) <= rivals
    except ValueError:  # damaged
        return False


def _write(session: Session, length: str, days: Collection[date], rows: Iterable[dict[str, Any]]) -> None:
    gone = delete(ACTIVE_ANYWHERE).where(ACTIVE_ANYWHERE.c.length == length, ACTIVE_ANYWHERE.c.day.in_(days))
    session.connection().execute(gone)
    found = [row | {"length": length} for row in rows]
    if found:
        insert_rows(session, ACTIVE_ANYWHERE, found)


def read_days(session: Session, days: Collection[date], rivals: BitMap) -> Iterator[dict[str, Any]]:
    """The rows of ``active_anywhere`` that the sets of the channels give for these days. None of a day with a damaged
    set, which the doctor finds."""
    statement = select(*(ACTIVE_SET.c[name] for name in ("day", "channel_id", "people", "posts")))
    rows = session.execute(statement.where(ACTIVE_SET.c.day.in_(days)).order_by(ACTIVE_SET.c.day))
    for day, held in groupby(rows, key=itemgetter(0)):
        sets = {row.channel_id: unpack_set(row.people, row.posts) for row in held}
        ours = [found for channel, found in sets.items() if channel not in rivals and found is not None]
        if None not in sets.values():
            channels, others = BitMap(sets) - rivals, BitMap(sets) & rivals
            places = {"channels": channels.serialize(), "others": others.serialize()}
            yield {"day": day, **places, **put_together(ours)}


def read_months(session: Session, months: Collection[date]) -> Iterator[dict[str, Any]]:
    """The rows of these months that those of their days give. None of a month of which a day is missing or
    damaged."""
    for month in months:
        end = (month + timedelta(days=31)).replace(day=1)
        rows = session.execute(
            select(ACTIVE_ANYWHERE)
            .where(ACTIVE_ANYWHERE.c.length == DAY, ACTIVE_ANYWHERE.c.day >= month, ACTIVE_ANYWHERE.c.day < end)
            .order_by(ACTIVE_ANYWHERE.c.day)
        ).all()
        with_sets = session.scalars(
            select(ACTIVE_SET.c.day).where(ACTIVE_SET.c.day >= month, ACTIVE_SET.c.day < end).distinct()
        )
        if not rows or set(with_sets) != {row.day for row in rows}:
            continue
        sets = [unpack_set(row.people, row.posts) for row in rows]
        readable = [found for found in sets if found is not None]
        try:
            channels, others = (_union(getattr(row, name) for row in rows) for name in ("channels", "others"))
        except ValueError:  # damaged: its day is put together anew by the next derivation, and then this
            continue
        if len(readable) == len(sets):
            yield {"day": month, "channels": channels, "others": others, **put_together(readable)}


def _union(packed: Iterable[bytes]) -> bytes:
    return BitMap().union(*(BitMap.deserialize(held) for held in packed)).serialize()
