"""Brands: what the days' rollups hold of who names them, and the posts of one that stand out."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from pyroaring import BitMap
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import BrandDay, BrandMention, BrandTopicDay, PostDay, Side
from data_access.models.facts import Post
from data_access.queries.frames import Rows, read_frame, read_given

SENTIMENT = ("posts", "positive", "neutral", "negative")
COUNTS = (*SENTIMENT, "reach", "reach_posts", "views", "views_posts")


def read_brand_days(
    session: Session, *, start: date, end: date, channels: Collection[int], by: Sequence[str] = ("brand_id",)
) -> pd.DataFrame:
    """Inbound posts of [start, end) that name a brand, summed for each value of ``by`` (of ``day``, ``brand_id``,
    ``channel_id``): those columns, ``posts``, ``positive``, ``neutral``, ``negative``, ``reach`` and ``views`` (sums
    over the posts that report them), ``reach_posts``, ``views_posts`` (how many do) (int64). A post counts once for
    each brand that it names; rows without a mention are missing."""
    keys = [getattr(BrandDay, name) for name in by]
    sums = [func.coalesce(func.sum(getattr(BrandDay, name)), 0).label(name) for name in COUNTS]
    statement: Rows = (
        select(*keys, *sums)
        .where(col(BrandDay.day) >= start, col(BrandDay.day) < end, col(BrandDay.channel_id).in_(channels))
        .group_by(*keys)
        .order_by(*keys)
    )
    return read_frame(session, statement)


def list_brand_people(
    session: Session, *, start: date, end: date, channels: Collection[int]
) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], list[BitMap]]":
    """Who named each brand on each day of [start, end): the days (datetime64[D]), the brands (int64), the ids of the
    people, one each a day, brand and channel, by day. Posts of unknown authors have nobody."""
    statement: Rows = (
        select(col(BrandDay.day), col(BrandDay.brand_id), col(BrandDay.people))
        .where(col(BrandDay.day) >= start, col(BrandDay.day) < end, col(BrandDay.channel_id).in_(channels))
        .order_by(col(BrandDay.day), col(BrandDay.channel_id), col(BrandDay.brand_id))
    )
    days, brands, people = list(zip(*read_given(session, statement), strict=True)) or ((), (), ())
    return (
        np.array(days, dtype="datetime64[D]"),
        np.array(brands, dtype="int64"),
        [BitMap.deserialize(ids) for ids in people],
    )


def read_brand_topic_days(
    session: Session,
    *,
    start: date,
    end: date,
    channels: Collection[int],
    by: Sequence[str] = ("brand_id", "topic"),
) -> pd.DataFrame:
    """Inbound posts of [start, end) that name a brand and are about a topic, summed for each value of ``by`` (of
    ``day``, ``brand_id``, ``topic``, ``channel_id``): those columns, ``posts``, ``positive``, ``neutral``, ``negative``
    (int64)."""
    keys = [getattr(BrandTopicDay, name) for name in by]
    sums = [func.coalesce(func.sum(getattr(BrandTopicDay, name)), 0).label(name) for name in SENTIMENT]
    statement: Rows = (
        select(*keys, *sums)
        .where(
            col(BrandTopicDay.day) >= start,
            col(BrandTopicDay.day) < end,
            col(BrandTopicDay.channel_id).in_(channels),
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return read_frame(session, statement)


def _of_brand(brand_id: int, since: datetime, until: datetime, channels: Collection[int], newest: int) -> Rows:
    """The newest inbound posts that name a brand: the brand's own index has them in order."""
    return (
        select(col(BrandMention.post_id))
        .join(PostDay, col(PostDay.post_id) == col(BrandMention.post_id))
        .where(
            col(BrandMention.brand_id) == brand_id,
            col(BrandMention.occurred_at) >= since,
            col(BrandMention.occurred_at) < until,
            col(PostDay.channel_id).in_(channels),
            col(PostDay.side) == Side.INBOUND,
        )
        .order_by(col(BrandMention.occurred_at).desc(), col(BrandMention.post_id).desc())
        .limit(newest)
    )


def list_top_brand_post_ids(
    session: Session,
    brand_id: int,
    *,
    since: datetime,
    until: datetime,
    channels: Collection[int],
    limit: int = 5,
    newest: int = 5_000,
) -> list[int]:
    """Ids of the posts that name a brand and got most likes, replies and shares, among the ``newest`` of [since, until)
    (UTC)."""
    named = _of_brand(brand_id, since, until, channels, newest).subquery()
    got = func.coalesce(Post.likes, 0) + func.coalesce(Post.replies, 0) + func.coalesce(Post.shares, 0)
    statement = (
        select(col(Post.id))
        .join(named, named.c.post_id == col(Post.id))
        .where(got > 0)
        .order_by(got.desc(), col(Post.id).desc())
        .limit(limit)
    )
    return [int(post_id) for post_id in session.scalars(statement) if post_id is not None]


def list_brand_texts(
    session: Session, brand_id: int, *, since: datetime, until: datetime, channels: Collection[int], limit: int = 1_000
) -> pd.Series:
    """What the newest posts of [since, until) (UTC) that name a brand say."""
    named = _of_brand(brand_id, since, until, channels, limit).subquery()
    statement = select(col(Post.text)).join(named, named.c.post_id == col(Post.id))
    return pd.Series(list(session.scalars(statement)), dtype="object", name="text")
