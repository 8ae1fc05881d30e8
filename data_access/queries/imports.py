"""What was brought in: the runs, what they refused, and how fresh each source is."""

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import DailyActivity
from data_access.models.facts import Channel, ImportRefusal, ImportRun
from data_access.queries.frames import Rows, read_frame


def list_runs(session: Session, limit: int = 100, *, only_amiss: bool = False) -> pd.DataFrame:
    """The newest runs, or the newest of those that refused rows or have an error: ``id``, ``file``, ``format``,
    ``status``, ``rows_read``, ``added``, ``counts`` ({table: rows added}), ``changed``, ``unchanged``, ``refused``,
    ``first_at``, ``last_at`` (UTC, of what it brought), ``started_at``, ``seconds``, ``error``, ``notes`` ({what was
    read as what: rows}), ``skipped`` ({why rows are none: rows})."""
    statement: Rows = (
        select(
            col(ImportRun.id),
            col(ImportRun.file),
            col(ImportRun.format),
            col(ImportRun.status),
            col(ImportRun.rows_read),
            col(ImportRun.added),
            col(ImportRun.counts),
            col(ImportRun.changed),
            col(ImportRun.unchanged),
            col(ImportRun.refused),
            col(ImportRun.first_at),
            col(ImportRun.last_at),
            col(ImportRun.started_at),
            col(ImportRun.seconds),
            col(ImportRun.error),
            col(ImportRun.notes),
            col(ImportRun.skipped),
        )
        .order_by(col(ImportRun.id).desc())
        .limit(limit)
    )
    if only_amiss:
        statement = statement.where((col(ImportRun.refused) > 0) | col(ImportRun.error).is_not(None))
    return read_frame(session, statement)


def list_refusals(session: Session, run_id: int, limit: int = 100_000) -> pd.DataFrame:
    """What a run refused, in the file's order: ``file``, ``line`` (Int64), ``reason``, ``raw`` (as it stood)."""
    statement: Rows = (
        select(col(ImportRefusal.file), col(ImportRefusal.line), col(ImportRefusal.reason), col(ImportRefusal.raw))
        .where(col(ImportRefusal.run_id) == run_id)
        .order_by(col(ImportRefusal.id))
        .limit(limit)
    )
    return read_frame(session, statement, optional=("line",))


def list_freshness(session: Session) -> pd.DataFrame:
    """One row a source: ``network``, ``source``, ``channels``, ``posts``, ``first_day`` and ``last_day`` (local)."""
    statement: Rows = (
        select(
            col(Channel.network),
            col(Channel.source),
            func.count(col(Channel.id).distinct()).label("channels"),
            func.sum(DailyActivity.posts).label("posts"),
            func.min(DailyActivity.day).label("first_day"),
            func.max(DailyActivity.day).label("last_day"),
        )
        .join(DailyActivity, col(DailyActivity.channel_id) == col(Channel.id))
        .group_by(col(Channel.network), col(Channel.source))
        .order_by(func.max(DailyActivity.day).desc(), col(Channel.network), col(Channel.source))
    )
    return read_frame(session, statement)
