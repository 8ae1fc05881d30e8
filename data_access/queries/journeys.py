"""How far people have come: counts by the day of their first sign, and the people behind them."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

import pandas as pd
from pyroaring import BitMap
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from data_access.among import among
from data_access.models import derived, facts
from data_access.queries.frames import Rows, read_frame, read_given
from data_access.upsert import chunks, table

STAGE_DAY = table(derived.StageDay)
STAGE = table(derived.PersonStage)
PERSON = table(derived.Person)
PERSON_DAY = table(derived.PersonDay)
ACTIVE_SET = table(derived.ActiveSet)
CHANNEL = table(facts.Channel)
_DAYS = ("public_on", "hub_on", "private_on", "customer_on")
NO_CHANNEL = 0


def read_stage_days(session: Session, *, start: date, end: date, channels: Collection[int]) -> pd.DataFrame:
    """People whose first sign was in [start, end) in one of ``channels`` (0: no channel is known): ``first_on``,
    ``channel_id``, ``path``, ``people``, ``lags`` ({step: {days: people}})."""
    statement: Rows = (
        select(
            STAGE_DAY.c.first_on,
            STAGE_DAY.c.first_channel_id.label("channel_id"),
            STAGE_DAY.c.path,
            STAGE_DAY.c.people,
            STAGE_DAY.c.lags,
        )
        .where(STAGE_DAY.c.first_on >= start, STAGE_DAY.c.first_on < end, STAGE_DAY.c.first_channel_id.in_(channels))
        .order_by(STAGE_DAY.c.first_on, STAGE_DAY.c.first_channel_id, STAGE_DAY.c.path)
    )
    return read_frame(session, statement)


def _select_people() -> Select[tuple[object, ...]]:
    days = (STAGE.c[name] for name in _DAYS)
    return (
        select(STAGE.c.person_id, PERSON.c.name, STAGE.c.path, STAGE.c.first_on, CHANNEL.c.name.label("channel"), *days)
        .join_from(STAGE, PERSON, PERSON.c.id == STAGE.c.person_id)
        .join(CHANNEL, CHANNEL.c.id == STAGE.c.first_channel_id, isouter=True)
    )


def list_people_of_stages(
    session: Session,
    *,
    start: date,
    end: date,
    channels: Collection[int],
    step: str | None = None,
    stage: str | None = None,
    limit: int,
) -> pd.DataFrame:
    """People whose first sign was in [start, end) in one of ``channels``, the newest first; of them those who took
    ``step`` ("public>private"), or reached ``stage``: ``person_id``, ``name``, ``path``, ``first_on``, ``channel`` (the
    first one's name, or None), ``public_on``, ``hub_on``, ``private_on``, ``customer_on`` (NaT where not reached)."""
    known = STAGE.c.first_channel_id.in_(channels)
    where: ColumnElement[bool] = or_(known, STAGE.c.first_channel_id.is_(None)) if NO_CHANNEL in channels else known
    statement = _select_people().where(STAGE.c.first_on >= start, STAGE.c.first_on < end, where)
    if step is not None:
        statement = statement.where(STAGE.c.path.contains(step))
    if stage is not None:
        statement = statement.where(STAGE.c[f"{stage}_on"].is_not(None))
    statement = statement.order_by(STAGE.c.first_on.desc(), STAGE.c.person_id).limit(limit)
    return read_frame(session, statement, optional=_DAYS)


_LOOKED_UP_AT_ONCE = 5_000
#: Where a look-up finds fewer, it pays to read all who are asked for, if they are no more than so many.
_RARE, _FEW = 50, 20_000


def list_active_on_paths(
    session: Session, *, paths: Collection[str], start: date, end: date, since: date, until: date, limit: int
) -> pd.DataFrame:
    """People on one of ``paths`` whose first sign was in [start, end) and who wrote in [since, until), those who wrote
    last first: the columns of ``list_people_of_stages``, ``last_on`` (the last day on which they wrote) and ``posts``
    (in [since, until)). Of the last day that is reached, those who are known for longest."""
    found: dict[int, date] = {}
    few: BitMap | None = None
    are_rare = False
    for day, writers in _list_last_writers(session, since, until):
        asked = _list_among(session, writers, paths, start, end) if few is None else writers & few
        found |= dict.fromkeys(asked, day)
        if len(found) >= limit:  # whoever wrote before wrote last earlier than all of these
            break
        if not are_rare and len(asked) < _RARE:
            are_rare, few = True, _list_if_few(session, paths, start, end)
    posts = _count_posts(session, found, since, until)
    first = sorted(found, key=lambda person: (-found[person].toordinal(), -posts[person], person))[:limit]
    people = read_frame(session, _select_people().where(among(STAGE.c.person_id, first)), optional=_DAYS)
    counted = people.assign(
        last_on=pd.to_datetime(people["person_id"].map(found)).astype("datetime64[us]"),
        posts=people["person_id"].map(posts).astype("int64"),
    )
    order = ["last_on", "posts", "person_id"]
    return counted.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _list_among(session: Session, people: BitMap, paths: Collection[str], start: date, end: date) -> BitMap:
    """Of ``people``, those on one of ``paths`` whose first sign was in [start, end)."""
    is_asked = and_(STAGE.c.path.in_(paths), STAGE.c.first_on >= start, STAGE.c.first_on < end)
    statement = select(STAGE.c.person_id).where(is_asked, among(STAGE.c.person_id, people))
    return BitMap(person for (person,) in read_given(session, statement))


def _list_if_few(session: Session, paths: Collection[str], start: date, end: date) -> BitMap | None:
    """All of those on one of ``paths`` whose first sign was in [start, end), or None where that many people had their
    first sign then that it is quicker to look up who wrote."""
    began = select(STAGE.c.person_id, STAGE.c.path).where(STAGE.c.first_on >= start, STAGE.c.first_on < end)
    rows = read_given(session, began.limit(_FEW + 1))
    wanted = set(paths)
    return BitMap(person for person, path in rows if path in wanted) if len(rows) <= _FEW else None


def _list_last_writers(session: Session, since: date, until: date) -> Iterator[tuple[date, BitMap]]:
    """Who wrote in [since, until), by the last day on which they did, from the newest day back, some at a time."""
    sets = (
        select(ACTIVE_SET.c.day, ACTIVE_SET.c.people)
        .where(ACTIVE_SET.c.day >= since, ACTIVE_SET.c.day < until)
        .order_by(ACTIVE_SET.c.day.desc())
    )
    seen = BitMap()
    for day, rows in groupby(session.execute(sets).all(), key=itemgetter(0)):
        fresh = BitMap().union(*(BitMap.deserialize(row.people) for row in rows)) - seen
        for first in range(0, len(fresh), _LOOKED_UP_AT_ONCE):
            yield day, fresh[first : first + _LOOKED_UP_AT_ONCE]
        seen |= fresh


def _count_posts(session: Session, people: Collection[int], since: date, until: date) -> dict[int, int]:
    counts: dict[int, int] = {}
    for part in chunks(sorted(people), _LOOKED_UP_AT_ONCE):
        statement = (
            select(PERSON_DAY.c.person_id, func.sum(PERSON_DAY.c.posts))
            .where(among(PERSON_DAY.c.person_id, part), PERSON_DAY.c.day >= since, PERSON_DAY.c.day < until)
            .group_by(PERSON_DAY.c.person_id)
        )
        counts |= {int(person): int(posts) for person, posts in read_given(session, statement)}
    return counts
