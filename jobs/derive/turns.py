"""Conversations and turns, computed anew from the posts of each conversation that a change touches."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Row, delete, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.models.derived import Label, Side
from data_access.models.facts import ChannelKind
from data_access.queries.turns import list_posts_naming_team
from data_access.upsert import chunks, table
from jobs.derive.local_time import local_hour
from jobs.derive.people import PERSON_IDENTITY, POST, POST_DAY, POST_THREAD
from jobs.derive.rules import Rules
from metrics.conversations import SILENT_KINDS, FoundTurn, ThreadPost, business_seconds, opens_turn, turns_of

CHANNEL = table(facts.Channel)
CONVERSATION = table(derived.Conversation)
POST_SCORE = table(derived.PostScore)
TURN = table(derived.Turn)

Slice = tuple[date, int]


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
    people.update(row.person_id for row in posts if row.person_id is not None)
    if not posts:
        return set()
    # only in private channels does it matter for who waits
    private = [row.id for row in posts if row.channel_kind == ChannelKind.PRIVATE]
    mentioned = list_posts_naming_team(session, private)
    turns = turns_of(_thread_post(row, row.id in mentioned) for row in posts)
    channel_of = {row.id: row.channel_id for row in posts}
    rows = [_turn_row(rules, turn, channel_of[turn.opened_post_id]) for turn in turns]
    insert_rows(session, CONVERSATION, _conversation_rows(posts))
    if rows:
        insert_rows(session, TURN, rows)
    return {(row["day"], row["channel_id"]) for row in rows}


def _read_posts(session: Session, conversations: Sequence[int]) -> list[Row[Any]]:
    statement = (
        select(
            POST_THREAD.c.conversation_id,
            POST.c.id,
            POST_THREAD.c.parent_id,
            PERSON_IDENTITY.c.person_id,
            POST.c.author_id,
            POST.c.channel_id,
            POST_DAY.c.side,
            POST.c.kind,
            CHANNEL.c.kind.label("channel_kind"),
            POST_SCORE.c.is_question,
            POST_SCORE.c.label,
            POST.c.deleted_at.is_not(None).label("is_deleted"),
            type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at"),
        )
        .join_from(POST_THREAD, POST, POST.c.id == POST_THREAD.c.post_id)
        .join(POST_DAY, POST_DAY.c.post_id == POST.c.id)
        .join(POST_SCORE, POST_SCORE.c.post_id == POST.c.id)
        .join(CHANNEL, CHANNEL.c.id == POST.c.channel_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == POST.c.author_id, isouter=True)
        .where(among(POST_THREAD.c.conversation_id, conversations))
        .order_by(POST_THREAD.c.conversation_id, POST.c.occurred_at, POST.c.id)
    )
    return list(session.execute(statement).all())


def _thread_post(row: Row[Any], mentions_us: bool) -> ThreadPost:
    is_excluded = row.side == Side.EXCLUDED or row.is_deleted
    opens = opens_turn(
        kind=row.kind,
        channel_kind=row.channel_kind,
        is_question=row.is_question,
        mentions_us=mentions_us,
        is_excluded=is_excluded,
    )
    return ThreadPost(
        conversation_id=row.conversation_id,
        occurred_at=row.occurred_at,
        post_id=row.id,
        parent_id=row.parent_id,
        person_id=row.person_id,
        author_id=row.author_id,
        is_team=row.side == Side.TEAM,
        opens=opens,
        waits=not is_excluded and row.kind not in SILENT_KINDS,
        is_negative=row.label == Label.NEGATIVE,
    )


def _turn_row(rules: Rules, turn: FoundTurn, channel_id: int) -> dict[str, Any]:
    working = None
    if turn.closed_at is not None:
        hours = rules.settings.business_hours
        working = business_seconds(turn.opened_at, turn.closed_at, hours, rules.settings.time_zone)
    day, _ = local_hour(rules.zone, turn.opened_at)
    return turn._asdict() | {"channel_id": channel_id, "day": day, "business_seconds": working}


def _conversation_rows(posts: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    rows = []
    for conversation_id, group in groupby(posts, key=lambda row: row.conversation_id):
        members = list(group)
        root = next((row for row in members if row.id == conversation_id), members[0])
        rows.append(
            {
                "id": conversation_id,
                "channel_id": root.channel_id,
                "started_at": members[0].occurred_at,
                "last_at": members[-1].occurred_at,
                "posts": len(members),
                "team_posts": sum(row.side == Side.TEAM for row in members),
                "people": len({row.person_id for row in members if row.person_id is not None}),
            }
        )
    return rows
