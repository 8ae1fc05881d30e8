"""Decisions about cases, those that stand."""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from data_access.among import among
from data_access.models.decisions import CaseEvent
from data_access.queries.frames import Rows, read_frame


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
