"""Who could be like somebody, found through indexes, and what is compared of them."""

from collections import Counter
from collections.abc import Collection
from datetime import date

import pandas as pd
from pyroaring import BitMap
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from data_access.models.derived import ActiveSet, Person, PersonDay, PersonIdentity, PostTopic
from data_access.models.facts import Channel, Post
from data_access.queries.frames import Rows, read_frame

#: Of a topic the newest so many posts, and of a channel so many who were met day by day, name candidates.
NEWEST_OF_TOPIC = 300
NEWEST_OF_CHANNEL = 400
#: Of a person's posts the newest so many say what they speak of.
NEWEST_POSTS = 150
_DAYS_AT_A_TIME = 20


def list_authors_about(session: Session, topic: str, *, newest: int = NEWEST_OF_TOPIC) -> pd.DataFrame:
    """Who of the public wrote the newest posts about a topic: ``person_id``, ``posts`` (of these)."""
    recent = (
        select(col(PostTopic.post_id))
        .where(col(PostTopic.topic) == topic)
        .order_by(col(PostTopic.occurred_at).desc(), col(PostTopic.post_id).desc())
        .limit(newest)
        .subquery()
    )
    statement: Rows = (
        select(col(PersonIdentity.person_id), func.count().label("posts"))
        .join_from(recent, Post, col(Post.id) == recent.c.post_id)
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Post.author_id))
        .group_by(col(PersonIdentity.person_id))
    )
    return read_frame(session, statement)


def list_writers_in(
    session: Session, channel: int, *, since: date, until: date, newest: int = NEWEST_OF_CHANNEL
) -> pd.DataFrame:
    """Who wrote in a channel in [since, until), from the newest day back until ``newest`` were met: ``person_id``,
    ``posts`` (on how many of these days; at least as many posts)."""
    statement = (
        select(col(ActiveSet.people))
        .where(col(ActiveSet.channel_id) == channel, col(ActiveSet.day) >= since, col(ActiveSet.day) < until)
        .order_by(col(ActiveSet.day).desc())
    )
    met: Counter[int] = Counter()
    for people in session.execute(statement.execution_options(yield_per=_DAYS_AT_A_TIME)).scalars():
        met.update(BitMap.deserialize(people))
        if met.total() >= newest:
            break
    return pd.DataFrame({"person_id": list(met), "posts": list(met.values())}, dtype="int64")


def list_public(session: Session, people: Collection[int]) -> pd.DataFrame:
    """Those of these people who are neither of the team, nor bots, nor muted: ``person_id``, ``name``."""
    statement: Rows = (
        select(col(Person.id).label("person_id"), col(Person.name))
        .where(col(Person.id).in_(people), col(Person.role).is_(None))
        .order_by(col(Person.id))
    )
    return read_frame(session, statement)


def count_channels(session: Session, people: Collection[int], *, since: date) -> pd.DataFrame:
    """Where these people wrote since a day: ``person_id``, ``channel_id``, ``channel`` (name), ``posts``."""
    statement: Rows = (
        select(
            col(PersonDay.person_id),
            col(PersonDay.channel_id),
            col(Channel.name).label("channel"),
            func.sum(PersonDay.posts).label("posts"),
        )
        .join(Channel, col(Channel.id) == col(PersonDay.channel_id))
        .where(col(PersonDay.person_id).in_(people), col(PersonDay.day) >= since)
        .group_by(col(PersonDay.person_id), col(PersonDay.channel_id), col(Channel.name))
    )
    return read_frame(session, statement)


def count_topics(session: Session, people: Collection[int], *, newest: int = NEWEST_POSTS) -> pd.DataFrame:
    """What the newest posts of these people are about: ``person_id``, ``topic``, ``posts``. A look-up a person: no
    engine gives the newest of several from an index at once."""
    accounts = select(col(PersonIdentity.identity_id)).where(col(PersonIdentity.person_id) == bindparam("person"))
    recent = (
        select(col(Post.id))
        .where(col(Post.author_id).in_(accounts))
        .order_by(col(Post.occurred_at).desc())
        .limit(newest)
        .subquery()
    )
    statement = (
        select(col(PostTopic.topic), func.count())
        .join_from(recent, PostTopic, col(PostTopic.post_id) == recent.c.id)
        .group_by(col(PostTopic.topic))
    )
    rows = [
        (person, topic, count) for person in people for topic, count in session.execute(statement, {"person": person})
    ]
    frame = pd.DataFrame(rows, columns=["person_id", "topic", "posts"])
    return frame.astype({"person_id": "int64", "topic": "object", "posts": "int64"})
