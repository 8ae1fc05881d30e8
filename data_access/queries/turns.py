"""Turns: the rollup of their times, and those that wait."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from data_access.among import among
from data_access.models.derived import AccountRole, BrandMention, Conversation, Person, PostScore, Role, Turn, TurnDay
from data_access.models.facts import Channel, Identity, Interaction, InteractionKind, Post
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import chunks

#: Of those who wait, the newest are looked at: nobody works through more.
MOST_WAITING = 1_000


def count_turns_by_day(session: Session, *, start: date, end: date, channels: Collection[int]) -> pd.DataFrame:
    """Turns by the day on which they opened, in [start, end): ``day``, ``opened``, ``closed``."""
    statement: Rows = (
        select(col(TurnDay.day), func.sum(TurnDay.opened).label("opened"), func.sum(TurnDay.closed).label("closed"))
        .where(col(TurnDay.day) >= start, col(TurnDay.day) < end, col(TurnDay.channel_id).in_(channels))
        .group_by(col(TurnDay.day))
        .order_by(col(TurnDay.day))
    )
    return read_frame(session, statement)


def read_packed_times(
    session: Session, name: str, *, start: date, end: date, channels: Collection[int]
) -> list[tuple[date, bytes]]:
    """``response_seconds``, ``business_seconds`` or ``open_since`` of the days of [start, end), a row a day and channel
    that has any, oldest first."""
    packed = getattr(TurnDay, name)
    statement = (
        select(col(TurnDay.day), packed)
        .where(
            col(TurnDay.day) >= start,
            col(TurnDay.day) < end,
            col(TurnDay.channel_id).in_(channels),
            col(TurnDay.opened) > col(TurnDay.closed) if name == "open_since" else col(TurnDay.closed) > 0,
        )
        .order_by(col(TurnDay.day))
    )
    return [(day, held) for day, held in session.execute(statement)]


def list_open_turns(
    session: Session,
    *,
    start: date,
    end: date,
    channels: Collection[int],
    person: int | Collection[int] | None = None,
    conversations: Collection[int] | None = None,
    complaints_only: bool = False,
    limit: int = MOST_WAITING,
) -> pd.DataFrame:
    """Turns opened in [start, end) that nobody has answered, of everyone, of one person or of several, or in
    some ``conversations``, newest first; or those of them alone that hold a negative post.

    ``opened_post_id``, ``last_post_id``, ``conversation_id``, ``person_id``, ``channel_id``; ``opened_at``, ``last_at``
    (their newest post); ``posts``, ``negative_posts``; ``followers`` (Int64), ``replies_received`` (Int64, by the
    first), ``is_question`` (either); ``opened_answers`` and ``last_answers``, whether the first and the newest hang
    from another post; the case's natural key as ``case_network``, ``case_source``, ``case_native_id``.
    What they say has ``read_turn_details``.
    """
    statement = _open_turns().where(col(Turn.day) >= start, col(Turn.day) < end, _is_in(channels)).limit(limit)
    if complaints_only:
        statement = statement.where(col(Turn.negative_posts) > 0)
    newest = (col(Turn.opened_at).desc(), col(Turn.opened_post_id).desc())
    if conversations is not None:
        # as below: the index on conversations is to be taken
        statement = statement.order_by(*newest).where(
            col(Turn.closed_post_id).is_(None), among(col(Turn.conversation_id), conversations)
        )
    elif person is None:
        # Open ones have no time at which they were closed; PostgreSQL walks along the index only in its whole order.
        statement = statement.order_by(col(Turn.closed_at).desc(), *newest).where(
            col(Turn.closed_at).is_(None),
            # Any zone's day lies within these: they let the index begin where the period does.
            col(Turn.opened_at) >= datetime.combine(start, time(), UTC) - timedelta(days=1),
            col(Turn.opened_at) < datetime.combine(end, time(), UTC) + timedelta(days=1),
        )
    else:
        people = [person] if isinstance(person, int) else person
        # Open turns are asked for by a column without an index, so that the one on people is taken.
        statement = statement.order_by(*newest).where(
            col(Turn.closed_post_id).is_(None), col(Turn.person_id).in_(people)
        )
    return read_frame(session, statement, optional=("followers", "replies_received"))


def list_answered_turns(
    session: Session, *, since: datetime, channels: Collection[int], limit: int = MOST_WAITING
) -> pd.DataFrame:
    """Turns that were answered after ``since`` (UTC, when the answer was given), newest answer first:
    ``opened_post_id``, ``person_id``, ``closed_at``, ``response_seconds``."""
    statement: Rows = (
        select(
            col(Turn.opened_post_id),
            col(Turn.person_id),
            col(Turn.closed_at),
            col(Turn.response_seconds),
        )
        # a sum is in no index: the one over the times of the answers is to be taken
        .where(col(Turn.closed_at) > since, (col(Turn.channel_id) + 0).in_(channels))
        .order_by(col(Turn.closed_at).desc(), col(Turn.opened_at).desc(), col(Turn.opened_post_id).desc())
        .limit(limit)
    )
    return read_frame(session, statement)


@lru_cache
def _open_turns() -> Rows:
    # made once: to put these columns together takes longer than to read them
    first, last, root = aliased(Post), aliased(Post), aliased(Post)
    first_score, last_score = aliased(PostScore), aliased(PostScore)
    return (
        select(
            col(Turn.opened_post_id),
            col(Turn.last_post_id),
            col(Turn.conversation_id),
            col(Turn.person_id),
            col(Turn.channel_id),
            col(Turn.opened_at),
            col(last.occurred_at).label("last_at"),
            col(Turn.posts),
            col(Turn.negative_posts),
            col(Identity.followers),
            col(first.replies).label("replies_received"),
            or_(col(first_score.is_question), col(last_score.is_question)).label("is_question"),
            col(first.parent_native_id).is_not(None).label("opened_answers"),
            col(last.parent_native_id).is_not(None).label("last_answers"),
            col(root.network).label("case_network"),
            col(root.source).label("case_source"),
            col(root.native_id).label("case_native_id"),
        )
        .join(first, col(first.id) == col(Turn.opened_post_id))
        .join(last, col(last.id) == col(Turn.last_post_id))
        .join(root, col(root.id) == col(Turn.conversation_id))
        .join(first_score, col(first_score.post_id) == col(Turn.opened_post_id))
        .join(last_score, col(last_score.post_id) == col(Turn.last_post_id))
        .join(Identity, col(Identity.id) == col(last.author_id), isouter=True)
    )


def _is_in(channels: Collection[int]) -> ColumnElement[bool]:
    # One channel has an index in order of time. Of several, a sum is in none: else all their turns would be sorted.
    channel = col(Turn.channel_id)
    return channel.in_(channels) if len(channels) == 1 else (channel + 0).in_(channels)


def read_turn_details(session: Session, opened_post_ids: Collection[int]) -> pd.DataFrame:
    """What the turns that these posts opened say, in no order: ``opened_post_id``, ``person`` (name), ``handle``,
    ``channel``, ``network``; ``case_last_at`` (the newest post of the case); ``title`` of their first post (a mail's
    subject; None where it has none), ``text`` and ``url`` of their newest post, ``opened_text``, ``opened_url``."""
    return read_frame(session, _details().where(among(col(Turn.opened_post_id), opened_post_ids)))


@lru_cache
def _details() -> Rows:
    first, last = aliased(Post), aliased(Post)
    return (
        select(
            col(Turn.opened_post_id),
            func.coalesce(Person.name, Identity.display_name, Identity.handle).label("person"),
            col(Identity.handle),
            col(Channel.name).label("channel"),
            col(Channel.network),
            col(Conversation.last_at).label("case_last_at"),
            col(first.title),
            col(last.text).label("text"),
            col(last.url).label("url"),
            col(first.text).label("opened_text"),
            col(first.url).label("opened_url"),
        )
        .join(first, col(first.id) == col(Turn.opened_post_id))
        .join(last, col(last.id) == col(Turn.last_post_id))
        .join(Conversation, col(Conversation.id) == col(Turn.conversation_id))
        .join(Channel, col(Channel.id) == col(Turn.channel_id))
        .join(Identity, col(Identity.id) == col(last.author_id), isouter=True)
        .join(Person, col(Person.id) == col(Turn.person_id), isouter=True)
    )


def list_posts_naming_team(session: Session, post_ids: Sequence[int]) -> set[int]:
    """Of these posts, those that mention an account of the team's."""
    found: set[int] = set()
    for part in chunks(post_ids):
        statement = (
            select(col(Interaction.post_id))
            # a sum is in no index: else the engine may walk all that was ever said to the team
            .join(AccountRole, col(AccountRole.identity_id) == col(Interaction.target_id) + 0)
            .where(
                among(col(Interaction.post_id), part),
                col(Interaction.kind) == InteractionKind.MENTION,
                col(AccountRole.role) == Role.TEAM,
            )
        )
        found.update(session.scalars(statement))
    return found


class Addressed(NamedTuple):
    """Posts by whom they are said to: ``to_team``, those that name or answer an account of the team's; ``to_members``,
    those that answer somebody else, no bot."""

    to_team: set[int]
    to_members: set[int]


def read_addressed(session: Session, post_ids: Collection[int]) -> Addressed:
    """Of these posts, those of which it is known to whom they are said."""
    role = col(AccountRole.role)
    statement = (
        select(col(Interaction.post_id), col(Interaction.kind), role)
        .join(AccountRole, col(AccountRole.identity_id) == col(Interaction.target_id), isouter=True)
        .where(
            col(Interaction.kind).in_((InteractionKind.MENTION, InteractionKind.REPLY)),
            col(Interaction.target_id).is_not(None),
        )
    )
    found = Addressed(set(), set())
    for part in chunks(sorted(post_ids)):
        for post_id, kind, whose in session.execute(statement.where(among(col(Interaction.post_id), part))):
            if whose == Role.TEAM:
                found.to_team.add(post_id)
            elif kind == InteractionKind.REPLY and whose != Role.BOT:
                found.to_members.add(post_id)
    return found


def list_posts_naming(session: Session, brands: Collection[int], post_ids: Collection[int]) -> set[int]:
    """Of these posts, those that name one of these brands."""
    # a sum is in no index: else all that names a brand would be walked
    statement = select(col(BrandMention.post_id)).where((col(BrandMention.brand_id) + 0).in_(brands))
    found: set[int] = set()
    for part in chunks(sorted(post_ids)) if brands else ():
        found.update(session.scalars(statement.where(among(col(BrandMention.post_id), part))))
    return found


def has_team(session: Session) -> bool:
    """Whether any account is known to be the team's."""
    return bool(session.scalar(select(exists().where(col(AccountRole.role) == Role.TEAM))))
