"""What the numbers rest on: what came in, what was decided, what people relabelled."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import case, func, select
from sqlmodel import Session, col

from data_access.among import among
from data_access.decisions import KINDS
from data_access.models.decisions import Relabel
from data_access.models.derived import PostScore, Turn
from data_access.models.facts import ImportRun, Post, RunStatus
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import chunks, find_ids


def list_relabelled(session: Session, *, channels: Collection[int]) -> pd.DataFrame:
    """Posts that people relabelled, with what the scorer had said: ``post_id``, ``channel_id``, ``occurred_at``,
    ``label``, ``model_label`` (None where it was not scored)."""
    statement: Rows = (
        select(
            col(Post.id).label("post_id"),
            col(Post.channel_id),
            col(Post.occurred_at),
            col(PostScore.label),
            col(PostScore.model_label),
        )
        .join(PostScore, col(PostScore.post_id) == col(Post.id))
        # a sum is in no index: else all posts of a channel would be walked, and not those that were decided of
        .where(col(PostScore.is_relabelled), (col(Post.channel_id) + 0).in_(channels))
        .order_by(col(Post.id))
    )
    # by their ids: from a join, or from keys of three columns, SQLite walks through all posts
    decided = select(col(Relabel.network), col(Relabel.source), col(Relabel.native_id)).distinct()
    ids = find_ids(session, Post, [(network, source, native) for network, source, native in session.execute(decided)])
    parts = list(chunks(sorted(ids.values()))) or [[]]
    frames = [read_frame(session, statement.where(among(col(Post.id), part))) for part in parts]
    return pd.concat(frames, ignore_index=True)


def list_imports_since(session: Session, moment: datetime) -> pd.DataFrame:
    """Imports finished after ``moment``, newest first: ``file``, ``format``, ``posts`` (added), ``added``, ``changed``,
    ``refused``, ``finished_at``."""
    statement: Rows = (
        select(
            col(ImportRun.file),
            col(ImportRun.format),
            col(ImportRun.counts),
            col(ImportRun.added),
            col(ImportRun.changed),
            col(ImportRun.refused),
            col(ImportRun.finished_at),
        )
        .where(col(ImportRun.status) == RunStatus.DONE, col(ImportRun.finished_at) > moment)
        .order_by(col(ImportRun.finished_at).desc())
    )
    frame = read_frame(session, statement)
    posts = [int((counts or {}).get("post", 0)) for counts in frame["counts"]]
    return frame.assign(posts=pd.Series(posts, dtype="int64")).drop(columns="counts")


def read_seen_until(session: Session, looked_at: datetime) -> datetime | None:
    """The time (UTC) up to which the data reached at ``looked_at``; None where there was none.

    A post that a wrong clock dated ahead counts as of when it came in: no data reached further.
    """
    last, finished = col(ImportRun.last_at), col(ImportRun.finished_at)
    statement = select(func.max(case((last > finished, finished), else_=last))).where(
        col(ImportRun.status) == RunStatus.DONE, col(ImportRun.finished_at) <= looked_at
    )
    seen: datetime | None = session.scalar(statement)
    return seen


def count_decisions_since(session: Session, moment: datetime) -> pd.DataFrame:
    """Decisions taken after ``moment``, withdrawals too: ``kind`` (the table), ``decided_by``, ``decisions``."""
    rows = [
        (name, who, int(number))
        for name, kind in KINDS.items()
        for who, number in session.execute(
            select(col(kind.decided_by), func.count())
            .where(col(kind.decided_at) > moment)
            .group_by(col(kind.decided_by))
            .order_by(col(kind.decided_by))
        )
    ]
    frame = pd.DataFrame(rows, columns=["kind", "decided_by", "decisions"])
    return frame.astype({"kind": "object", "decided_by": "object", "decisions": "int64"})


def count_answered_since(session: Session, moment: datetime, *, channels: Collection[int]) -> int:
    """Turns that were answered after ``moment``, when the answer was given."""
    here = col(Turn.channel_id).in_(channels)
    return int(session.scalar(select(func.count()).where(col(Turn.closed_at) > moment, here)) or 0)
