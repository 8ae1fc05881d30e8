"""Posts of a slice: the newest, page by page, and what stands out among the newest some thousand.

Nothing here reads more posts than it says: the whole of a period is the rollups' business.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import Session, col

from data_access.among import among
from data_access.models.derived import (
    BrandMention,
    DailyActivity,
    Person,
    PersonIdentity,
    PostDay,
    PostLink,
    PostScore,
    PostTag,
    PostThread,
    PostTopic,
    Side,
)
from data_access.models.facts import Channel, Identity, Post
from data_access.queries.frames import Rows, read_frame, read_given
from data_access.upsert import chunks

#: Of how many of the newest posts of a period the lists of top posts, tags and links are made.
CANDIDATES = 10_000
_PARENTS_AT_A_TIME = 5_000
OPTIONAL = ("person_id", "author_id", "likes", "shares", "replies", "views", "parent_id", "conversation_id")


@dataclass(frozen=True)
class PostConditions:
    """Which posts. ``since`` and ``until`` are half-open UTC times; ``days`` narrows them to some local days.

    ``label``: positive, neutral, negative, or ``unscored``. ``before``: time and id of the last post already seen.
    ``ids``: of these, those that were not deleted on their network.
    """

    channels: Collection[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    days: Collection[date] | None = None
    side: str | None = Side.INBOUND
    label: str | None = None
    hour: int | None = None
    authors: Collection[int] | None = None
    kinds: Collection[str] | None = None
    tag: str | None = None
    is_question: bool | None = None
    topic: str | None = None
    brand: int | None = None
    before: tuple[datetime, int] | None = None
    ids: Collection[int] | None = None


@lru_cache
def _columns() -> Rows:
    # made once: to put these columns together takes longer than to read them
    return (
        select(
            col(Post.id).label("post_id"),
            col(Post.occurred_at),
            col(Post.network),
            col(Post.source),
            col(Post.native_id),
            col(Post.channel_id),
            col(Channel.name).label("channel"),
            col(Post.kind),
            col(Post.author_id),
            col(PersonIdentity.person_id),
            func.coalesce(Person.name, Identity.display_name, Identity.handle).label("author"),
            col(Identity.handle),
            col(PostDay.side),
            col(Post.title),
            col(Post.text),
            col(Post.url),
            col(PostScore.language),
            col(PostScore.label),
            col(PostScore.model_label),
            col(PostScore.is_relabelled),
            col(PostScore.compound),
            col(Post.likes),
            col(Post.replies),
            col(Post.shares),
            col(Post.views),
            col(PostThread.parent_id),
            col(PostThread.conversation_id),
        )
        .join(PostDay, col(PostDay.post_id) == col(Post.id))
        .join(PostScore, col(PostScore.post_id) == col(Post.id))
        .join(Channel, col(Channel.id) == col(Post.channel_id))
        .join(PostThread, col(PostThread.post_id) == col(Post.id), isouter=True)
        .join(Identity, col(Identity.id) == col(Post.author_id), isouter=True)
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Post.author_id), isouter=True)
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
    )


def _order(wanted: PostConditions) -> tuple[Any, Any]:
    """Time and id to walk along: a brand's or a topic's own index has them, unless the posts are those of a few
    authors."""
    if wanted.brand is not None and wanted.authors is None:
        return col(BrandMention.occurred_at), col(BrandMention.post_id)
    if wanted.topic is not None and wanted.authors is None:
        return col(PostTopic.occurred_at), col(PostTopic.post_id)
    return col(Post.occurred_at), col(Post.id)


def _narrow_topic(statement: Rows, wanted: PostConditions) -> Rows:
    if wanted.topic is None:
        return statement
    is_it = (col(PostTopic.post_id) == col(Post.id)) & (col(PostTopic.topic) == wanted.topic)
    if wanted.authors is not None or wanted.brand is not None:
        return statement.where(exists().where(is_it))
    return statement.join(PostTopic, col(PostTopic.post_id) == col(Post.id)).where(is_it)


def _narrow_brand(statement: Rows, wanted: PostConditions) -> Rows:
    if wanted.brand is None:
        return statement
    names_it = (col(BrandMention.post_id) == col(Post.id)) & (col(BrandMention.brand_id) == wanted.brand)
    if wanted.authors is not None:
        return statement.where(exists().where(names_it))
    return statement.join(BrandMention, col(BrandMention.post_id) == col(Post.id)).where(names_it)


def _narrow(statement: Rows, wanted: PostConditions) -> Rows:
    occurred_at, post_id = _order(wanted)
    statement = _narrow_brand(_narrow_topic(statement, wanted), wanted)
    if wanted.since is not None:
        statement = statement.where(occurred_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(occurred_at < wanted.until)
    if wanted.ids is not None:
        statement = statement.where(col(Post.id).in_(wanted.ids), col(Post.deleted_at).is_(None))
    if wanted.authors is not None:
        statement = statement.where(col(Post.author_id).in_(wanted.authors))
    if wanted.kinds is not None:
        statement = statement.where(col(Post.kind).in_(wanted.kinds))
    if wanted.before is not None:
        moment, last = wanted.before
        is_earlier = (occurred_at < moment) | ((occurred_at == moment) & (post_id < last))
        # The first half lets an index on the time begin where the last page ended.
        statement = statement.where(occurred_at <= moment, is_earlier)
    return _narrow_derived(statement, wanted)


def _narrow_derived(statement: Rows, wanted: PostConditions) -> Rows:
    # Of given ids SQLite would leave the ids for that index, and read all that the channel has of the period.
    is_by_post = wanted.topic is None and wanted.brand is None and wanted.ids is None
    if wanted.channels is not None and len(wanted.channels) == 1 and is_by_post:
        statement = statement.where(col(Post.channel_id).in_(wanted.channels))  # its index has them in order of time
    elif wanted.channels is not None:
        # By the derived row: then the walk goes newest first along the posts' own time, and stops at the page's end.
        statement = statement.where(col(PostDay.channel_id).in_(wanted.channels))
    if wanted.side is not None:
        statement = statement.where(col(PostDay.side) == wanted.side)
    if wanted.days is not None:
        statement = statement.where(col(PostDay.day).in_(wanted.days))
    if wanted.hour is not None:
        statement = statement.where(col(PostDay.hour) == wanted.hour)
    if wanted.label is not None:
        is_labelled = col(PostScore.label) == wanted.label
        statement = statement.where(col(PostScore.label).is_(None) if wanted.label == "unscored" else is_labelled)
    if wanted.is_question is not None:
        statement = statement.where(col(PostScore.is_question) == wanted.is_question)
    if wanted.tag is not None:
        statement = statement.join(PostTag, col(PostTag.post_id) == col(Post.id)).where(col(PostTag.tag) == wanted.tag)
    return statement


def list_posts(session: Session, wanted: PostConditions, *, limit: int = 50) -> pd.DataFrame:
    """Posts, newest first: ``post_id``, ``occurred_at``, the natural key (``network``, ``source``, ``native_id``),
    ``channel_id``, ``channel``, ``kind``, ``author_id``, ``person_id``, ``author`` (name), ``handle``, ``side``,
    ``title``, ``text``, ``url``, ``language``, ``label``, ``model_label``, ``is_relabelled``, ``compound``, ``likes``,
    ``replies``, ``shares``, ``views`` (Int64, NA where not reported), ``parent_id``, ``conversation_id``."""
    occurred_at, post_id = _order(wanted)
    statement = _narrow(_columns(), wanted).order_by(occurred_at.desc(), post_id.desc()).limit(limit)
    return read_frame(session, statement, optional=OPTIONAL)


def list_posts_by_id(session: Session, post_ids: Sequence[int]) -> pd.DataFrame:
    """The posts of those ids, in that order, with the columns of ``list_posts``."""
    frame = read_frame(session, _columns().where(col(Post.id).in_(post_ids)), optional=OPTIONAL)
    order = {post_id: place for place, post_id in enumerate(post_ids)}
    places = np.argsort([order[post_id] for post_id in frame["post_id"].tolist()])
    return frame.take(places).reset_index(drop=True)


def name_answered(session: Session, posts: pd.DataFrame) -> pd.DataFrame:
    """``posts`` with ``answered``: who wrote the post that each answers or shares; None where that is not known."""
    parents = sorted({int(parent) for parent in posts["parent_id"].dropna()})
    names: dict[int, str | None] = {}
    for some in chunks(parents, _PARENTS_AT_A_TIME):
        statement = (
            select(col(Post.id), func.coalesce(Person.name, Identity.display_name, Identity.handle))
            .join(Identity, col(Identity.id) == col(Post.author_id))
            .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Post.author_id), isouter=True)
            .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
            .where(col(Post.id).in_(some))
        )
        names.update((int(post_id), name) for post_id, name in session.execute(statement) if post_id is not None)
    answered = [None if pd.isna(parent) else names.get(int(parent)) for parent in posts["parent_id"]]
    return posts.assign(answered=pd.Series(answered, index=posts.index, dtype="object"))


def _newest_first() -> tuple[ColumnElement[Any], ...]:
    """By day, which the index gives, and within the day by when they came in, in whatever channel."""
    return col(PostDay.day).desc(), col(PostDay.post_id).desc()


def list_newest_ids(
    session: Session, *, start: date, end: date, channels: Collection[int], limit: int, side: str = Side.INBOUND
) -> list[int]:
    """The posts of the newest days in [start, end), ``limit`` of them: of a day that is not whole, those that came in
    last, in whatever channel."""
    days = _newest_days(session, start, end, channels, limit, side)
    statement: Rows = (
        select(col(PostDay.post_id))
        .where(
            # day by day: of a span the index would be read with the posts of all channels
            col(PostDay.day).in_(days),
            col(PostDay.channel_id).in_(channels),
            col(PostDay.side) == side,
        )
        .order_by(*_newest_first())
        .limit(limit)
    )
    return [post for (post,) in read_given(session, statement)]


def _newest_days(
    session: Session, start: date, end: date, channels: Collection[int], limit: int, side: str
) -> list[date]:
    """The newest days of [start, end) that hold ``limit`` posts together, or all that hold any; a day alone itself."""
    if (end - start).days == 1:
        return [start]
    statement: Rows = (
        select(col(DailyActivity.day), func.sum(col(DailyActivity.posts)))
        .where(
            col(DailyActivity.day) >= start,
            col(DailyActivity.day) < end,
            col(DailyActivity.channel_id).in_(channels),
            col(DailyActivity.side) == side,
        )
        .group_by(col(DailyActivity.day))
        .order_by(col(DailyActivity.day).desc())
    )
    days, found = [], 0
    with session.execute(statement) as rows:  # no more of them than are needed: a year has thousands to add up
        for day, posts in rows:
            days.append(day)
            found += posts
            if found >= limit:
                break
    return days


def list_top_post_ids(session: Session, posts: Collection[int], *, limit: int = 10) -> list[int]:
    """Ids of those of ``posts`` that got most likes, replies and shares."""
    got = func.coalesce(Post.likes, 0) + func.coalesce(Post.replies, 0) + func.coalesce(Post.shares, 0)
    statement = (
        select(col(Post.id))
        .where(among(col(Post.id), sorted(posts)), got > 0)  # looked up in order of their ids
        .order_by(got.desc(), col(Post.id).desc())
        .limit(limit)
    )
    return [int(post_id) for post_id in session.scalars(statement) if post_id is not None]


def list_top_tags(session: Session, posts: Collection[int], *, limit: int = 20) -> pd.DataFrame:
    """Hashtags by how many of ``posts`` carry them: ``tag``, ``posts``, ``positive``, ``negative``."""
    carrying = func.count().label("posts")
    statement: Rows = (
        select(
            col(PostTag.tag),
            carrying,
            func.count().filter(col(PostScore.label) == "positive").label("positive"),
            func.count().filter(col(PostScore.label) == "negative").label("negative"),
        )
        # outer, though every post has one: so it is looked up for the few posts with hashtags only
        .join(PostScore, col(PostScore.post_id) == col(PostTag.post_id), isouter=True)
        .where(among(col(PostTag.post_id), sorted(posts)))
        .group_by(col(PostTag.tag))
        .order_by(carrying.desc(), col(PostTag.tag))
        .limit(limit)
    )
    return read_frame(session, statement)


def list_top_links(session: Session, posts: Collection[int], *, limit: int = 20) -> pd.DataFrame:
    """Pages by how many of ``posts`` point to them: ``url``, ``posts``."""
    pointing = func.count().label("posts")
    statement: Rows = (
        select(col(PostLink.url), pointing)
        .where(among(col(PostLink.post_id), sorted(posts)))
        .group_by(col(PostLink.url))
        .order_by(pointing.desc(), col(PostLink.url))
        .limit(limit)
    )
    return read_frame(session, statement)


def read_texts(session: Session, posts: Collection[int]) -> dict[int, str]:
    """The texts of these posts, by their ids."""
    statement: Rows = select(col(Post.id), col(Post.text)).where(among(col(Post.id), sorted(posts)))
    rows: Any = read_given(session, statement)
    return dict(rows)


def list_texts(
    session: Session,
    *,
    start: date,
    end: date,
    channels: Collection[int],
    limit: int = 2_000,
    side: str = Side.INBOUND,
    labels: Collection[str] | None = None,
) -> list[str]:
    """Texts of the newest posts of [start, end), or of those with one of ``labels``, newest first."""
    statement = (
        select(col(Post.text))
        .join(PostDay, col(PostDay.post_id) == col(Post.id))
        .where(
            col(PostDay.day) >= start,
            col(PostDay.day) < end,
            col(PostDay.channel_id).in_(channels),
            col(PostDay.side) == side,
        )
        .order_by(*_newest_first())
        .limit(limit)
    )
    if labels is not None:
        statement = statement.join(PostScore, col(PostScore.post_id) == col(PostDay.post_id))
        statement = statement.where(col(PostScore.label).in_(labels))
    return [text for (text,) in read_given(session, statement)]
