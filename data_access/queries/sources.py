"""Sources of posts day by day, the imports that brought their newest posts, and what kinds of data there are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import DailyActivity, Side
from data_access.models.facts import (
    Channel,
    ChannelDay,
    Deal,
    Feedback,
    Identity,
    ImportRun,
    Order,
    Post,
    Visit,
)
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import chunks

#: Of how many accounts, the newest, it is looked up whether a file says how many follow them.
_LOOKED_AT_ACCOUNTS = 10_000


def list_source_days(session: Session, since: date) -> pd.DataFrame:
    """The local days from ``since`` with posts: ``network``, ``source``, ``day``, ``posts``."""
    statement: Rows = (
        select(
            col(Channel.network),
            col(Channel.source),
            col(DailyActivity.day),
            func.sum(DailyActivity.posts).label("posts"),
        )
        .join(DailyActivity, col(DailyActivity.channel_id) == col(Channel.id))
        .where(col(DailyActivity.day) >= since)
        .group_by(col(Channel.network), col(Channel.source), col(DailyActivity.day))
        .order_by(col(Channel.network), col(Channel.source), col(DailyActivity.day))
    )
    return read_frame(session, statement)


def find_newest_day(session: Session, until: date) -> date | None:
    """The newest local day with posts, ``until`` at the latest; None where there is none."""
    return session.scalar(select(func.max(DailyActivity.day)).where(col(DailyActivity.day) <= until))


def find_newest_import(session: Session, channels: Sequence[int], since: datetime) -> tuple[str, Any] | None:
    """The file of the newest import that brought posts of these channels written at ``since`` or later (UTC), and when
    (UTC) it ended; None where that is not known."""
    newest: int | None = None
    for part in chunks(channels):
        run = select(func.max(Post.run_id)).where(col(Post.channel_id).in_(part), col(Post.occurred_at) >= since)
        newest = max((one for one in (newest, session.scalar(run)) if one is not None), default=None)
    found = session.execute(select(col(ImportRun.file), col(ImportRun.finished_at)).where(col(ImportRun.id) == newest))
    row = found.first()
    return None if row is None else (row.file, row.finished_at)


def list_held(session: Session) -> dict[str, bool]:
    """Whether there is any of each kind of data: ``posts``, ``orders``, ``deals``, ``visits``, ``feedback``, ``emails``
    (of accounts), ``followers``; and, of posts of any day, ``answers`` (posts of the team), ``likes``, ``shares``,
    ``views``, ``reach``."""
    kinds = {"orders": col(Order.id), "deals": col(Deal.id), "visits": col(Visit.id), "feedback": col(Feedback.id)}
    held = {name: _any(session, select(number)) for name, number in kinds.items()}
    held["emails"] = _any(session, select(col(Identity.id)).where(col(Identity.email).is_not(None)))
    newest = select(col(Identity.followers)).order_by(col(Identity.id).desc()).limit(_LOOKED_AT_ACCOUNTS).subquery()
    held["followers"] = _any(session, select(newest.c.followers).where(newest.c.followers.is_not(None))) or _any(
        session, select(col(ChannelDay.id)).where(col(ChannelDay.followers).is_not(None))
    )
    held["posts"] = _any(session, select(col(DailyActivity.posts)))
    held["answers"] = _any(session, select(col(DailyActivity.posts)).where(col(DailyActivity.side) == Side.TEAM))
    for name, column in (
        ("likes", DailyActivity.likes_posts),
        ("shares", DailyActivity.shares_posts),
        ("views", DailyActivity.view_posts),
        ("reach", DailyActivity.reach_posts),
    ):
        held[name] = _any(session, select(col(column)).where(col(column) > 0))
    return held


def _any(session: Session, rows: Any) -> bool:
    return session.execute(rows.limit(1)).first() is not None
