"""Conversations and turns, computed anew from the posts of each conversation that a change touches."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, delete, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_tuples, read_stored, stored_day
from data_access.models import derived, facts
from data_access.models.derived import Label, Side
from data_access.models.facts import ChannelKind
from data_access.queries.turns import list_posts_naming_team
from data_access.upsert import chunks, table
from jobs.derive.people import PERSON_IDENTITY, POST, POST_DAY, POST_THREAD
from jobs.derive.rules import Rules
from metrics.conversations import (
    SILENT_KINDS,
    FoundTurn,
    ThreadPost,
    business_seconds,
    opens_turn,
    turns_of_conversation,
)

CHANNEL = table(facts.Channel)
CONVERSATION = table(derived.Conversation)
POST_SCORE = table(derived.PostScore)
TURN = table(derived.Turn)

Slice = tuple[date, int]

#: What is written, in this order.
_CONVERSATION_COLUMNS = ("id", "channel_id", "started_at", "last_at", "posts", "team_posts", "people")
_TURN_COLUMNS = (*FoundTurn._fields, "business_seconds", "day", "channel_id")
#: Of a turn that nobody has answered: the last columns of ``FoundTurn``, and the seconds within business hours.
_OPEN = (None,) * 5
#: Where these stand in a row of ``_read_posts``.
_POST, _PERSON, _CHANNEL_KIND, _CHANNEL, _DAY = 2, 4, 8, 12, 13


def derive_conversations(
    session: Session, rules: Rules, conversations: Collection[int], people: set[int] | None = None
) -> set[Slice]:
    """Derive these conversations and their turns anew. Returns the slices whose turns that touches; adds who takes part
    to ``people``."""
    slices: set[Slice] = set()
    for part in chunks(sorted(conversations)):
        slices |= forget_turns(session, part)
        slices |= _derive_chunk(session, rules, part, set() if people is None else people)
    return slices


def forget_turns(session: Session, conversations: Collection[int]) -> set[Slice]:
    """Drop these conversations and their turns. Returns the slices whose turns that touches."""
    slices: set[Slice] = set()
    connection = session.connection()
    for part in chunks(sorted(conversations)):
        statement = select(TURN.c.day, TURN.c.channel_id).where(among(TURN.c.conversation_id, part)).distinct()
        slices.update((row.day, row.channel_id) for row in session.execute(statement))
        connection.execute(delete(TURN).where(among(TURN.c.conversation_id, part)))
        connection.execute(delete(CONVERSATION).where(among(CONVERSATION.c.id, part)))
    return slices


def _derive_chunk(session: Session, rules: Rules, conversations: Sequence[int], people: set[int]) -> set[Slice]:
    posts = _read_posts(session, conversations)
    people.update({row[_PERSON] for row in posts} - {None})
    if not posts:
        return set()
    # only in private channels does it matter for who waits
    private = [row[_POST] for row in posts if row[_CHANNEL_KIND] == ChannelKind.PRIVATE]
    mentioned = list_posts_naming_team(session, private)
    return _keep(session, rules, posts, mentioned)


def derive_new_conversations(
    session: Session, rules: Rules, posts: Sequence[tuple[Any, ...]], private: Sequence[int], people: set[int]
) -> set[Slice]:
    """``derive_conversations`` of which all posts have just come in: rows as ``_read_posts`` gives them, in its order.
    ``private``: those of private channels."""
    people.update({row[_PERSON] for row in posts} - {None})
    return _keep(session, rules, posts, list_posts_naming_team(session, private) if private else set())


def _keep(session: Session, rules: Rules, posts: Sequence[tuple[Any, ...]], mentioned: Collection[int]) -> set[Slice]:
    """Write the conversations of these posts, and their turns. Returns the slices of the turns."""
    found: list[tuple[Any, ...]] = []
    turns: list[tuple[Any, ...]] = []
    for _, group in groupby(posts, key=itemgetter(0)):
        members = list(group)
        if len(members) == 1:
            _keep_alone(members[0], mentioned, found, turns)
        else:
            _keep_thread(rules, members, mentioned, found, turns)
    insert_tuples(session, CONVERSATION, _CONVERSATION_COLUMNS, found)
    insert_tuples(session, TURN, _TURN_COLUMNS, turns)
    return {row[-2:] for row in turns}


def _keep_alone(
    row: tuple[Any, ...], mentioned: Collection[int], found: list[tuple[Any, ...]], turns: list[tuple[Any, ...]]
) -> None:
    """A post that nobody answered, as most are."""
    conversation_id, at, post_id, _, person, _, *standing, channel, day = row
    is_ours, opens, _, is_negative = _standing(*standing, post_id in mentioned)
    found.append((conversation_id, channel, at, at, 1, int(is_ours), 0 if person is None else 1))
    if opens and not is_ours and person is not None:
        turns.append(
            (post_id, conversation_id, person, at, post_id, 1, int(is_negative), *_OPEN, stored_day(day), channel)
        )


def _keep_thread(
    rules: Rules,
    members: Sequence[tuple[Any, ...]],
    mentioned: Collection[int],
    found: list[tuple[Any, ...]],
    turns: list[tuple[Any, ...]],
) -> None:
    thread = [ThreadPost._make((*row[:6], *_standing(*row[6:12], row[_POST] in mentioned))) for row in members]
    found.append(_conversation_row(members[0][0], members, thread))
    slices = {row[_POST]: (stored_day(row[_DAY]), row[_CHANNEL]) for row in members}
    turns += [_turn_row(rules, turn, slices[turn.opened_post_id]) for turn in turns_of_conversation(thread)]


def _read_posts(session: Session, conversations: Sequence[int]) -> list[tuple[Any, ...]]:
    """The posts of these conversations in the order of time: what ``ThreadPost`` begins with, what ``_standing`` is
    told, the channel and the local day (``stored_day``). Times in microseconds."""
    statement = (
        select(
            POST_THREAD.c.conversation_id,
            type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at"),
            POST.c.id,
            POST_THREAD.c.parent_id,
            PERSON_IDENTITY.c.person_id,
            POST.c.author_id,
            POST_DAY.c.side,
            POST.c.kind,
            CHANNEL.c.kind.label("channel_kind"),
            POST_SCORE.c.is_question,
            POST_SCORE.c.label,
            POST.c.deleted_at.is_not(None).label("is_deleted"),
            POST.c.channel_id,
            POST_DAY.c.day,
        )
        .join_from(POST_THREAD, POST, POST.c.id == POST_THREAD.c.post_id)
        .join(POST_DAY, POST_DAY.c.post_id == POST.c.id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST.c.id)
        .join(CHANNEL, CHANNEL.c.id == POST.c.channel_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == POST.c.author_id, isouter=True)
        .where(among(POST_THREAD.c.conversation_id, conversations))
        .order_by(POST_THREAD.c.conversation_id, POST.c.occurred_at, POST.c.id)
    )
    return read_stored(session, statement)


@lru_cache(maxsize=1024)
def _standing(
    side: str, kind: str, channel_kind: str, is_question: bool, label: str | None, is_deleted: bool, mentions_us: bool
) -> tuple[bool, bool, bool, bool]:
    """What a post is for turns: ours, one that may open a turn, one that waits, negative."""
    is_excluded = side == Side.EXCLUDED or bool(is_deleted)
    opens = opens_turn(
        kind=kind,
        channel_kind=channel_kind,
        is_question=bool(is_question),
        mentions_us=mentions_us,
        is_excluded=is_excluded,
    )
    waits = not is_excluded and kind not in SILENT_KINDS
    return side == Side.TEAM, opens, waits, label == Label.NEGATIVE


def _turn_row(rules: Rules, turn: FoundTurn, opened_in: Slice) -> tuple[Any, ...]:
    working = None
    if turn.closed_at is not None:
        hours = rules.settings.business_hours
        working = business_seconds(turn.opened_at, turn.closed_at, hours, rules.settings.time_zone)
    return (*turn, working, *opened_in)


def _conversation_row(
    conversation_id: int, members: Sequence[tuple[Any, ...]], thread: Sequence[ThreadPost]
) -> tuple[Any, ...]:
    root = next((row for row in members if row[_POST] == conversation_id), members[0])
    people = {post.person_id for post in thread} - {None}
    ours = sum(post.is_team for post in thread)
    return (
        *(conversation_id, root[_CHANNEL], thread[0].occurred_at, thread[-1].occurred_at),
        *(len(thread), ours, len(people)),
    )
