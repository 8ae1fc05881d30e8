"""Alerts, who is watched, and who was thanked, as they stand."""

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from data_access.models.decisions import Thanked, Watch
from data_access.models.derived import Alert, Person, PersonIdentity
from data_access.models.facts import Identity, Post
from data_access.queries.frames import Rows, read_frame


def _stands(kind: Any) -> ColumnElement[bool]:
    later = aliased(kind)
    return and_(kind.withdraws.is_(None), ~exists().where(later.withdraws == kind.id))


def count_unseen_alerts(session: Session) -> int:
    """How many alerts nobody has seen."""
    return int(session.scalar(select(func.count()).select_from(Alert).where(col(Alert.is_seen).is_(False))) or 0)


def list_alerts(
    session: Session, *, unseen_only: bool = True, run_id: int | None = None, limit: int | None = None
) -> pd.DataFrame:
    """Alerts, newest first: ``post_id``, ``person_id``, ``occurred_at`` (UTC), ``is_seen``. ``run_id``: only of posts
    that this import brought."""
    statement: Rows = select(
        col(Alert.post_id), col(Alert.person_id), col(Alert.occurred_at), col(Alert.is_seen)
    ).order_by(col(Alert.occurred_at).desc(), col(Alert.post_id).desc())
    if unseen_only:
        statement = statement.where(col(Alert.is_seen).is_(False))
    if run_id is not None:
        statement = statement.join(Post, col(Post.id) == col(Alert.post_id)).where(col(Post.run_id) == run_id)
    return read_frame(session, statement if limit is None else statement.limit(limit))


def count_alerts_by_person(session: Session) -> pd.DataFrame:
    """A row for each person with alerts: ``person_id``, ``posts`` (alerts), ``unseen``."""
    unseen = func.sum(case((col(Alert.is_seen), 0), else_=1)).label("unseen")
    statement: Rows = (
        select(col(Alert.person_id), func.count().label("posts"), unseen)
        .group_by(col(Alert.person_id))
        .order_by(col(Alert.person_id))
    )
    return read_frame(session, statement)


def list_watches(session: Session) -> pd.DataFrame:
    """The watches that stand on somebody who is here, oldest first: ``decision_id``, ``person_id``, ``name``, ``since``
    (UTC; NaT: since ever), ``decided_at``, ``decided_by``, ``note``."""
    return _list_on_people(session, Watch, Watch.since, None)


def list_thanks(session: Session, person_id: int) -> pd.DataFrame:
    """The thanks that stand to a person, oldest first: columns as ``list_watches``, with ``until`` for ``since``."""
    return _list_on_people(session, Thanked, Thanked.until, person_id)


def _list_on_people(
    session: Session, kind: type[Watch] | type[Thanked], moment: Any, person_id: int | None
) -> pd.DataFrame:
    names = ("network", "source", "native_id")
    statement: Rows = (
        select(
            col(kind.id).label("decision_id"),
            col(PersonIdentity.person_id),
            col(Person.name),
            col(moment),
            col(kind.decided_at),
            col(kind.decided_by),
            col(kind.note),
        )
        .join(Identity, and_(*(col(getattr(Identity, n)) == col(getattr(kind, n)) for n in names)))
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Identity.id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id))
        .where(_stands(kind))
        .order_by(col(kind.id))
    )
    if person_id is not None:
        statement = statement.where(col(PersonIdentity.person_id) == person_id)
    return read_frame(session, statement)


def read_last_posts(session: Session, people: list[int]) -> pd.DataFrame:
    """The newest post of each of these people, who are few: ``person_id``, ``last_at`` (UTC)."""
    statement: Rows = (
        select(col(PersonIdentity.person_id), func.max(col(Post.occurred_at)).label("last_at"))
        .join(Post, col(Post.author_id) == col(PersonIdentity.identity_id))
        .where(col(PersonIdentity.person_id).in_(people))
        .group_by(col(PersonIdentity.person_id))
    )
    return read_frame(session, statement)
