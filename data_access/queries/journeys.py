"""How far people have come: counts by the day of their first sign, and the people behind them."""

from collections.abc import Collection
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from data_access.models import derived, facts
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import table

STAGE_DAY = table(derived.StageDay)
STAGE = table(derived.PersonStage)
PERSON = table(derived.Person)
PERSON_DAY = table(derived.PersonDay)
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


def list_active_on_paths(
    session: Session, *, paths: Collection[str], start: date, end: date, since: date, until: date, limit: int = 5_000
) -> pd.DataFrame:
    """People on one of ``paths`` whose first sign was in [start, end) and who wrote in [since, until), those who wrote
    last first: the columns of ``list_people_of_stages``, ``last_on`` (the last day on which they wrote) and ``posts``
    (in [since, until))."""
    wrote = (
        select(
            PERSON_DAY.c.person_id, func.max(PERSON_DAY.c.day).label("last_on"), func.sum(PERSON_DAY.c.posts).label("n")
        )
        .where(PERSON_DAY.c.day >= since, PERSON_DAY.c.day < until)
        .group_by(PERSON_DAY.c.person_id)
        .subquery()
    )
    is_asked = and_(STAGE.c.path.in_(paths), STAGE.c.first_on >= start, STAGE.c.first_on < end)
    statement = (
        _select_people()
        .add_columns(wrote.c.last_on, wrote.c.n.label("posts"))
        .join(wrote, wrote.c.person_id == STAGE.c.person_id)
        .where(is_asked)
        .order_by(wrote.c.last_on.desc(), wrote.c.n.desc(), STAGE.c.person_id)
        .limit(limit)
    )
    return read_frame(session, statement, optional=_DAYS)
