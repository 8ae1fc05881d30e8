"""The rollups, each defined once as a ``select`` over the models. A page reads these and never scans posts.

Local days stand in ``post_day``, so that no engine's own date functions are needed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Insert, Integer, Select, Table, and_, bindparam, case, func, insert, select
from sqlmodel import Session

from data_access.among import in_slices
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.models.derived import Label, Side
from data_access.models.facts import PostKind
from data_access.upsert import table

POST = table(facts.Post)
POST_DAY = table(derived.PostDay)
POST_SCORE = table(derived.PostScore)
POST_TOPIC = table(derived.PostTopic)
BRAND_MENTION = table(derived.BrandMention)
PERSON_IDENTITY = table(derived.PersonIdentity)

DAILY_ACTIVITY = table(derived.DailyActivity)
HOURLY_ACTIVITY = table(derived.HourlyActivity)
PERSON_DAY = table(derived.PersonDay)
TOPIC_DAY = table(derived.TopicDay)
BRAND_DAY = table(derived.BrandDay)
BRAND_TOPIC_DAY = table(derived.BrandTopicDay)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _total(value: ColumnElement[Any], condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    known = func.coalesce(value, 0)
    return func.coalesce(func.sum(known if condition is None else case((condition, known), else_=0)), 0)


#: Days, each with the ids of channels.
Slices = Mapping[date, Collection[int]]


def _of_slices(statement: Select[Any]) -> Select[Any]:
    return statement.where(in_slices(POST_DAY.c.day, POST_DAY.c.channel_id, "slices"))


def select_daily_activity() -> Select[Any]:
    """The rows of ``DailyActivity``, columns in the order of ``DAILY_COLUMNS``."""
    # A rate takes its numerator and its denominator from the same posts: those that report every count in it.
    has_likes, has_replies, has_shares = (
        column.is_not(None) for column in (POST.c.likes, POST.c.replies, POST.c.shares)
    )
    conversed = and_(has_replies, has_shares, POST.c.views.is_not(None))
    seen = and_(has_likes, conversed)
    reached = and_(has_likes, has_replies, has_shares, POST.c.reach.is_not(None))
    talk = POST.c.replies + POST.c.shares
    engagement = POST.c.likes + talk
    label = POST_SCORE.c.label
    statement = (
        select(
            POST_DAY.c.day,
            POST_DAY.c.channel_id,
            POST_DAY.c.side,
            func.count().label("posts"),
            _count(POST.c.kind.in_([PostKind.REPLY, PostKind.COMMENT])).label("comments"),
            _count(POST_SCORE.c.is_question).label("questions"),
            _count(POST.c.kind == PostKind.SHARE).label("shared"),
            _count(POST.c.author_id.is_(None)).label("unknown_authors"),
            _count(label == Label.POSITIVE).label("positive"),
            _count(label == Label.NEUTRAL).label("neutral"),
            _count(label == Label.NEGATIVE).label("negative"),
            _count(label.is_(None)).label("unscored"),
            _total(POST.c.likes).label("likes"),
            _total(POST.c.replies).label("replies"),
            _total(POST.c.shares).label("shares"),
            _count(has_likes).label("likes_posts"),
            _count(has_replies).label("replies_posts"),
            _count(has_shares).label("shares_posts"),
            _total(POST.c.views, seen).label("views"),
            _total(engagement, seen).label("view_engagements"),
            _count(seen).label("view_posts"),
            _total(POST.c.views, conversed).label("conversation_views"),
            _total(talk, conversed).label("view_conversations"),
            _count(conversed).label("conversation_posts"),
            _total(POST.c.reach, reached).label("reach"),
            _total(engagement, reached).label("reach_engagements"),
            _count(reached).label("reach_posts"),
        )
        .join_from(POST_DAY, POST, POST.c.id == POST_DAY.c.post_id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST_DAY.c.post_id)
        .group_by(POST_DAY.c.day, POST_DAY.c.channel_id, POST_DAY.c.side)
    )
    return statement


def select_hourly_activity() -> Select[Any]:
    """Posts and negative posts by day, hour, channel and side: ``HourlyActivity`` without its weekday."""
    statement = (
        select(
            POST_DAY.c.day,
            POST_DAY.c.hour,
            POST_DAY.c.channel_id,
            POST_DAY.c.side,
            func.count().label("posts"),
            _count(POST_SCORE.c.label == Label.NEGATIVE).label("negative"),
        )
        .join_from(POST_DAY, POST_SCORE, POST_SCORE.c.post_id == POST_DAY.c.post_id)
        .group_by(POST_DAY.c.day, POST_DAY.c.hour, POST_DAY.c.channel_id, POST_DAY.c.side)
    )
    return statement


def select_person_day() -> Select[Any]:
    """The rows of ``PersonDay``: inbound posts of known people."""
    label = POST_SCORE.c.label
    statement = (
        select(
            PERSON_IDENTITY.c.person_id,
            POST_DAY.c.day,
            POST_DAY.c.channel_id,
            func.count().label("posts"),
            _count(label == Label.POSITIVE).label("positive"),
            _count(label == Label.NEGATIVE).label("negative"),
            _count(label.is_not(None)).label("scored"),
        )
        .join_from(POST_DAY, POST, POST.c.id == POST_DAY.c.post_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == POST.c.author_id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST_DAY.c.post_id)
        .where(POST_DAY.c.side == Side.INBOUND)
        .group_by(PERSON_IDENTITY.c.person_id, POST_DAY.c.day, POST_DAY.c.channel_id)
    )
    return statement


def select_topic_day() -> Select[Any]:
    """The rows of ``TopicDay``: inbound posts by topic. A post counts once for each of its topics."""
    label = POST_SCORE.c.label
    statement = (
        select(
            POST_DAY.c.day,
            POST_DAY.c.channel_id,
            POST_TOPIC.c.topic,
            func.count().label("posts"),
            _count(label == Label.POSITIVE).label("positive"),
            _count(label == Label.NEUTRAL).label("neutral"),
            _count(label == Label.NEGATIVE).label("negative"),
        )
        .join_from(POST_DAY, POST_TOPIC, POST_TOPIC.c.post_id == POST_DAY.c.post_id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST_DAY.c.post_id)
        .where(POST_DAY.c.side == Side.INBOUND)
        .group_by(POST_DAY.c.day, POST_DAY.c.channel_id, POST_TOPIC.c.topic)
    )
    return statement


def select_brand_day() -> Select[Any]:
    """The rows of ``BrandDay`` without its people: inbound posts by the brands that they name. A post counts once for
    each."""
    label = POST_SCORE.c.label
    return (
        select(
            POST_DAY.c.day,
            POST_DAY.c.channel_id,
            BRAND_MENTION.c.brand_id,
            func.count().label("posts"),
            _count(label == Label.POSITIVE).label("positive"),
            _count(label == Label.NEUTRAL).label("neutral"),
            _count(label == Label.NEGATIVE).label("negative"),
            _total(POST.c.reach).label("reach"),
            _count(POST.c.reach.is_not(None)).label("reach_posts"),
            _total(POST.c.views).label("views"),
            _count(POST.c.views.is_not(None)).label("views_posts"),
        )
        .join_from(POST_DAY, BRAND_MENTION, BRAND_MENTION.c.post_id == POST_DAY.c.post_id)
        .join(POST, POST.c.id == POST_DAY.c.post_id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST_DAY.c.post_id)
        .where(POST_DAY.c.side == Side.INBOUND)
        .group_by(POST_DAY.c.day, POST_DAY.c.channel_id, BRAND_MENTION.c.brand_id)
    )


def select_brand_people() -> Select[Any]:
    """Who wrote the posts of ``BrandDay``: day, channel, brand and person, each once. Posts of unknown authors have
    nobody."""
    return (
        select(POST_DAY.c.day, POST_DAY.c.channel_id, BRAND_MENTION.c.brand_id, PERSON_IDENTITY.c.person_id)
        .join_from(POST_DAY, BRAND_MENTION, BRAND_MENTION.c.post_id == POST_DAY.c.post_id)
        .join(POST, POST.c.id == POST_DAY.c.post_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == POST.c.author_id)
        .where(POST_DAY.c.side == Side.INBOUND)
        .distinct()
    )


def select_brand_topic_day() -> Select[Any]:
    """The rows of ``BrandTopicDay``: inbound posts that name a brand, by topic."""
    label = POST_SCORE.c.label
    return (
        select(
            POST_DAY.c.day,
            POST_DAY.c.channel_id,
            BRAND_MENTION.c.brand_id,
            POST_TOPIC.c.topic,
            func.count().label("posts"),
            _count(label == Label.POSITIVE).label("positive"),
            _count(label == Label.NEUTRAL).label("neutral"),
            _count(label == Label.NEGATIVE).label("negative"),
        )
        .join_from(POST_DAY, BRAND_MENTION, BRAND_MENTION.c.post_id == POST_DAY.c.post_id)
        .join(POST_TOPIC, POST_TOPIC.c.post_id == POST_DAY.c.post_id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST_DAY.c.post_id)
        .where(POST_DAY.c.side == Side.INBOUND)
        .group_by(POST_DAY.c.day, POST_DAY.c.channel_id, BRAND_MENTION.c.brand_id, POST_TOPIC.c.topic)
    )


@lru_cache
def _insert_statements() -> dict[Table, Insert]:
    hourly = _of_slices(select_hourly_activity()).subquery()
    with_weekday = select(*hourly.c, bindparam("weekday", type_=Integer).label("weekday"))
    selects = (
        (DAILY_ACTIVITY, _of_slices(select_daily_activity())),
        (HOURLY_ACTIVITY, with_weekday),
        (PERSON_DAY, _of_slices(select_person_day())),
        (TOPIC_DAY, _of_slices(select_topic_day())),
    )
    return {
        target: insert(target).from_select([column.name for column in statement.selected_columns], statement)
        for target, statement in selects
    }


@lru_cache
def _brand_selects() -> tuple[Select[Any], Select[Any]]:
    return _of_slices(select_brand_day()), _of_slices(select_brand_people())


@lru_cache
def _brand_topic_insert() -> Insert:
    statement = _of_slices(select_brand_topic_day())
    names = [column.name for column in statement.selected_columns]
    return insert(BRAND_TOPIC_DAY).from_select(names, statement)


def insert_brand_day(session: Session, slices: Slices) -> None:
    """Fill ``BrandDay`` and ``BrandTopicDay`` for days in channels; what stood there must be gone."""
    counts, people = _brand_selects()
    found = session.execute(counts, {"slices": slices}).mappings().all()
    if not found:
        return
    wrote: dict[tuple[date, int, int], BitMap] = defaultdict(BitMap)
    for row in session.execute(people, {"slices": slices}):
        wrote[row.day, row.channel_id, row.brand_id].add(row.person_id)
    keys = ("day", "channel_id", "brand_id")
    rows = [dict(row) | {"people": wrote[row["day"], row["channel_id"], row["brand_id"]].serialize()} for row in found]
    insert_rows(session, BRAND_DAY, sorted(rows, key=itemgetter(*keys)))
    session.connection().execute(_brand_topic_insert(), {"slices": slices})


def insert_slices(session: Session, slices: Slices) -> None:
    """Fill the rollups of posts for days in channels; what stood there must be gone."""
    insert_brand_day(session, slices)
    statements = _insert_statements()
    for weekday, part in _by_weekday(slices).items():
        session.connection().execute(statements[HOURLY_ACTIVITY], {"slices": part, "weekday": weekday})
    for target in (DAILY_ACTIVITY, PERSON_DAY, TOPIC_DAY):
        session.connection().execute(statements[target], {"slices": slices})


def _by_weekday(slices: Slices) -> dict[int, Slices]:
    found: dict[int, dict[date, Collection[int]]] = defaultdict(dict)
    for day, channels in slices.items():
        found[day.weekday()][day] = channels
    return dict(found)


def insert_topic_day(session: Session, slices: Slices) -> None:
    """Fill ``TopicDay`` for days in channels; what stood there must be gone."""
    session.connection().execute(_insert_statements()[TOPIC_DAY], {"slices": slices})
