"""Channels, and what the rollups say about the time that they cover."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import DailyActivity, HourlyActivity
from data_access.models.facts import Brand, Channel, Post
from data_access.queries.frames import Rows, read_frame


def list_channels(session: Session) -> pd.DataFrame:
    """All channels: ``id``, ``network``, ``source``, ``native_id``, ``name``, ``kind``, ``purpose``, ``voice``,
    ``url``, ``brand`` (its name or None), ``is_competitor`` (as imported; ``boolean``, NA where no file said)."""
    statement: Rows = (
        select(
            col(Channel.id).label("id"),
            col(Channel.network),
            col(Channel.source),
            col(Channel.native_id),
            col(Channel.name),
            col(Channel.kind),
            col(Channel.purpose),
            col(Channel.voice),
            col(Channel.url),
            col(Brand.name).label("brand"),
            col(Brand.is_competitor),
        )
        .join(Brand, col(Brand.id) == col(Channel.brand_id), isouter=True)
        .order_by(col(Channel.network), col(Channel.name), col(Channel.id))
    )
    return read_frame(session, statement, optional=("is_competitor",))


def list_channel_days(session: Session) -> pd.DataFrame:
    """First and last local day with posts of each channel that has any: ``id``, ``first_day``, ``last_day``."""
    # Every row of the rollup has posts, so that the index over its keys answers alone.
    channel, day = col(DailyActivity.channel_id), col(DailyActivity.day)
    statement: Rows = select(
        channel.label("id"), func.min(day).label("first_day"), func.max(day).label("last_day")
    ).group_by(channel)
    return read_frame(session, statement)


@dataclass(frozen=True)
class Span:
    """The time that the posts cover. Days are local; all None where there is no post. ``ahead``: how many posts are
    dated later than it goes, and ``ahead_day``, the last of their days."""

    first_day: date | None
    last_day: date | None
    last_hour: int | None
    last_moment: datetime | None
    posts: int
    ahead: int = 0
    ahead_day: date | None = None


def read_span(session: Session, *, today: date | None = None, time_zone: str = "UTC") -> Span:
    """First and last day with posts, the last hour of the last day, the moment of the last post, and how many posts.

    Where ``today`` (a local day) is named, it ends there at the latest: a later post is of a clock that is wrong. Where
    all posts are later, it is today that is wrong, and they count.
    """
    first, last, posts = session.execute(
        select(func.min(DailyActivity.day), func.max(DailyActivity.day), func.sum(DailyActivity.posts)).where(
            col(DailyActivity.posts) > 0
        )
    ).one()
    if last is None:
        return Span(None, None, None, None, 0)
    moments = select(col(Post.occurred_at)).order_by(col(Post.occurred_at).desc()).limit(1)
    ahead, ahead_day = 0, None
    if today is not None and first <= today < last:
        ahead_day = last
        there = col(DailyActivity.posts) > 0
        last = session.scalar(select(func.max(DailyActivity.day)).where(col(DailyActivity.day) <= today, there))
        ahead = session.scalar(select(func.sum(DailyActivity.posts)).where(col(DailyActivity.day) > today)) or 0
        moments = moments.where(col(Post.occurred_at) < _start_of(today + timedelta(days=1), time_zone))
    hour = session.scalar(
        select(func.max(HourlyActivity.hour)).where(col(HourlyActivity.day) == last, col(HourlyActivity.posts) > 0)
    )
    return Span(first, last, hour, session.scalar(moments), int(posts), int(ahead), ahead_day)


def _start_of(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
