"""Sums of the activity rollups."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

import pandas as pd
from sqlalchemy import Label, func, select
from sqlmodel import Session, SQLModel, col

from data_access.models.derived import DailyActivity, HourlyActivity, Side
from data_access.queries.frames import Rows, read_frame

#: The counts of ``DailyActivity``; its model says what each means.
COUNTS = (
    *("posts", "comments", "questions", "shared", "unknown_authors", "positive", "neutral", "negative", "unscored"),
    *("likes", "replies", "shares", "likes_posts", "replies_posts", "shares_posts"),
    *("views", "view_engagements", "view_posts", "conversation_views", "view_conversations", "conversation_posts"),
    *("reach", "reach_engagements", "reach_posts"),
)


def _sums(
    model: type[SQLModel],
    counts: tuple[str, ...],
    by: Sequence[str],
    start: date,
    end: date,
    channels: Collection[int],
    side: str,
) -> Rows:
    keys = [getattr(model, name) for name in by]
    statement: Rows = select(*keys, *_summed(model, counts)).where(
        col(model.day) >= start,  # type: ignore[attr-defined]
        col(model.day) < end,  # type: ignore[attr-defined]
        col(model.channel_id).in_(channels),  # type: ignore[attr-defined]
        col(model.side) == side,  # type: ignore[attr-defined]
    )
    return statement.group_by(*keys).order_by(*keys) if keys else statement


@lru_cache
def _summed(model: type[SQLModel], counts: tuple[str, ...]) -> tuple[Label[int], ...]:
    return tuple(func.coalesce(func.sum(getattr(model, name)), 0).label(name) for name in counts)


def read_activity(
    session: Session,
    *,
    start: date,
    end: date,
    channels: Collection[int],
    by: Sequence[str] = ("day",),
    side: str = Side.INBOUND,
    counts: tuple[str, ...] = COUNTS,
) -> pd.DataFrame:
    """Activity in [start, end), summed for each value of ``by`` (``day``, ``channel_id``; days without rows are
    missing): those columns, then ``counts`` (of ``COUNTS``, int64): to sum up all of them takes most of the time."""
    return read_frame(session, _sums(DailyActivity, counts, by, start, end, channels, side))


def read_hours(
    session: Session,
    *,
    start: date,
    end: date,
    channels: Collection[int],
    by: Sequence[str] = ("weekday", "hour"),
    side: str = Side.INBOUND,
) -> pd.DataFrame:
    """Posts by local hour in [start, end), summed for each value of ``by`` (of ``day``, ``weekday`` (Monday is 0),
    ``hour``, ``channel_id``): those columns, ``posts`` and ``negative`` (int64)."""
    return read_frame(session, _sums(HourlyActivity, ("posts", "negative"), by, start, end, channels, side))
