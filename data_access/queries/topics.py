"""Topics: the days' counts, and one person's."""

from collections.abc import Collection, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import Label, PersonIdentity, PostDay, PostScore, PostTopic, Side, TopicDay
from data_access.models.facts import Post
from data_access.queries.frames import Rows, read_frame

COUNTS = ("posts", "positive", "neutral", "negative")
#: Of a person's posts the newest so many say what they like.
MOST_POSTS = 5_000


def read_topic_days(
    session: Session, *, start: date, end: date, channels: Collection[int], by: Sequence[str] = ("topic",)
) -> pd.DataFrame:
    """Mentions of topics in inbound posts of [start, end), summed for each value of ``by`` (of ``day``, ``topic``,
    ``channel_id``): those columns, ``posts``, ``positive``, ``neutral``, ``negative`` (int64). A post counts once for
    each of its topics; rows without a mention are missing."""
    keys = [getattr(TopicDay, name) for name in by]
    sums = [func.coalesce(func.sum(getattr(TopicDay, name)), 0).label(name) for name in COUNTS]
    statement: Rows = (
        select(*keys, *sums)
        .where(
            col(TopicDay.day) >= start,
            col(TopicDay.day) < end,
            col(TopicDay.channel_id).in_(channels),
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return read_frame(session, statement)


def list_person_topics(session: Session, person_id: int, *, limit: int = MOST_POSTS) -> pd.DataFrame:
    """What a person's newest ``limit`` inbound posts are about: ``topic``, ``posts``, ``positive``, ``neutral``,
    ``negative`` (int64), ``last_at`` (UTC)."""
    accounts = select(col(PersonIdentity.identity_id)).where(col(PersonIdentity.person_id) == person_id)
    newest = (
        select(col(Post.id).label("post_id"))
        .where(col(Post.author_id).in_(accounts))
        .order_by(col(Post.occurred_at).desc())
        .limit(limit)
        .subquery()
    )
    label = col(PostScore.label)
    statement: Rows = (
        select(
            col(PostTopic.topic),
            func.count().label("posts"),
            *(func.count().filter(label == name).label(str(name)) for name in Label),
            func.max(PostTopic.occurred_at).label("last_at"),
        )
        .join_from(newest, PostTopic, col(PostTopic.post_id) == newest.c.post_id)
        .join(PostScore, col(PostScore.post_id) == col(PostTopic.post_id))
        .join(PostDay, col(PostDay.post_id) == col(PostTopic.post_id))
        .where(col(PostDay.side) == Side.INBOUND)
        .group_by(col(PostTopic.topic))
        .order_by(col(PostTopic.topic))
    )
    return read_frame(session, statement)


def list_newest_texts(session: Session, *, limit: int) -> pd.DataFrame:
    """The newest ``limit`` inbound posts with what they say, newest first: ``post_id``, ``occurred_at`` (UTC),
    ``title`` (None where none), ``text``."""
    statement: Rows = (
        select(col(Post.id).label("post_id"), col(Post.occurred_at), col(Post.title), col(Post.text))
        .join(PostDay, col(PostDay.post_id) == col(Post.id))
        .where(col(PostDay.side) == Side.INBOUND)
        .order_by(col(Post.occurred_at).desc(), col(Post.id).desc())
        .limit(limit)
    )
    return read_frame(session, statement)
