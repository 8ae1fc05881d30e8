"""Decisions about cases, those that stand."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from data_access.among import among
from data_access.models.decisions import CaseEvent
from data_access.models.derived import Person, PersonIdentity
from data_access.models.facts import Channel, Identity, Post
from data_access.queries.frames import Rows, read_frame


def list_case_decisions(session: Session, kinds: Collection[str], *, since: datetime | None) -> pd.DataFrame:
    """Standing decisions of these ``kinds`` on cases, taken after ``since`` (UTC, by the clock; None: all), newest
    first: ``kind``, ``decided_by``, ``decided_at``, ``person_id`` (Int64) and ``person`` (name) of who began the case,
    ``channel``."""
    withdrawn = select(col(CaseEvent.withdraws)).where(col(CaseEvent.withdraws).is_not(None))
    is_root = and_(
        col(Post.network) == col(CaseEvent.network),
        col(Post.source) == col(CaseEvent.source),
        col(Post.native_id) == col(CaseEvent.native_id),
    )
    statement: Rows = (
        select(
            col(CaseEvent.kind),
            col(CaseEvent.decided_by),
            col(CaseEvent.decided_at),
            col(PersonIdentity.person_id),
            func.coalesce(Person.name, Identity.display_name, Identity.handle).label("person"),
            col(Channel.name).label("channel"),
        )
        .join(Post, is_root)
        .join(Channel, col(Channel.id) == col(Post.channel_id))
        .join(Identity, col(Identity.id) == col(Post.author_id), isouter=True)
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Post.author_id), isouter=True)
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(col(CaseEvent.kind).in_(kinds), col(CaseEvent.withdraws).is_(None), col(CaseEvent.id).not_in(withdrawn))
        .order_by(col(CaseEvent.id).desc())
    )
    if since is not None:
        statement = statement.where(col(CaseEvent.decided_at) > since)
    return read_frame(session, statement, optional=("person_id",))


def list_case_events(session: Session, native_ids: Collection[str]) -> pd.DataFrame:
    """Standing decisions on the cases whose root posts have these ids, oldest first: ``id``, ``network``, ``source``,
    ``native_id``, ``kind``, ``assignee``, ``note``, ``until``, ``covers_until``, ``decided_at``, ``decided_by``."""
    withdrawn = select(col(CaseEvent.withdraws)).where(col(CaseEvent.withdraws).is_not(None))
    statement: Rows = (
        select(
            col(CaseEvent.id),
            col(CaseEvent.network),
            col(CaseEvent.source),
            col(CaseEvent.native_id),
            col(CaseEvent.kind),
            col(CaseEvent.assignee),
            col(CaseEvent.note),
            col(CaseEvent.until),
            col(CaseEvent.covers_until),
            col(CaseEvent.decided_at),
            col(CaseEvent.decided_by),
        )
        .where(
            col(CaseEvent.withdraws).is_(None),
            col(CaseEvent.id).not_in(withdrawn),
            among(col(CaseEvent.native_id), native_ids),
        )
        .order_by(col(CaseEvent.id))
    )
    return read_frame(session, statement)
