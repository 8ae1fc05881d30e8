"""Who was active in any channel but those of competitors, by day and by month, from the sets of the channels."""

from collections import defaultdict
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
from jobs.derive.months import ACTIVE_SET, put_together, unpack_set
from jobs.derive.touched import Slices

ACTIVE_ANYWHERE = table(derived.ActiveAnywhere)
DAY, MONTH = "day", "month"
_DAYS_AT_A_TIME = 50


def derive_active_anywhere(session: Session, slices: Slices) -> None:
    """Put the sets of the days of these slices together anew, and of the months that they are in; those too that are
    missing, or that were put together when other channels were competitors'."""
    rivals = BitMap(list_rival_channels(session, read_settings(session)))
    days = sorted(set(slices) | _list_stale(session, rivals))
    for part in chunks(days, _DAYS_AT_A_TIME):
        _write(session, DAY, part, read_days(session, part, rivals))
    months = sorted({day.replace(day=1) for day in days})
    for month in months:
        _write(session, MONTH, [month], read_months(session, [month]))


def _list_stale(session: Session, rivals: BitMap) -> set[date]:
    held = select(ACTIVE_ANYWHERE.c.day, ACTIVE_ANYWHERE.c.channels, ACTIVE_ANYWHERE.c.others)
    rows = session.execute(held.where(ACTIVE_ANYWHERE.c.length == DAY)).all()
    missing = set(session.scalars(select(ACTIVE_SET.c.day).distinct())) - {row.day for row in rows}
    return missing | {
        row.day
        for row in rows
        if not rivals.isdisjoint(BitMap.deserialize(row.channels)) or BitMap.deserialize(row.others) - rivals
    }


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
    """The rows of these months that those of their days give. None of a month of which a day is missing."""
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
        places: dict[str, BitMap] = defaultdict(BitMap)
        for name in ("channels", "others"):
            places[name].update(*(BitMap.deserialize(getattr(row, name)) for row in rows))
        sets = [found for row in rows if (found := unpack_set(row.people, row.posts)) is not None]
        yield {"day": month} | {name: held.serialize() for name, held in places.items()} | put_together(sets)
