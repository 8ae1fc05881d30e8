"""Turns: a person waits for an answer, from their first unanswered post to the first team reply to a post of theirs.

The definition is ours. A conversation is a root post and all that hangs from it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from metrics.columns import require_columns

MICROSECONDS = 1_000_000
#: Nobody waits for an answer to these.
SILENT_KINDS = frozenset({"share", "check_in"})
PRIVATE = "private"

Hours = tuple[tuple[int, int] | None, ...]


class ThreadPost(NamedTuple):
    """A post as turns see it. ``occurred_at``: microseconds since 1970 UTC. ``person_id``: None where the author is
    unknown. ``author_id``: the account. ``opens``: whether it may open a turn (``opens_turn``)."""

    conversation_id: int
    occurred_at: int
    post_id: int
    parent_id: int | None
    person_id: int | None
    author_id: int | None
    is_team: bool
    opens: bool
    waits: bool
    is_negative: bool


class FoundTurn(NamedTuple):
    """A turn, named as the columns of the table; the last four are None while it is open."""

    opened_post_id: int
    conversation_id: int
    person_id: int
    opened_at: int
    last_post_id: int
    posts: int
    negative_posts: int
    closed_post_id: int | None
    closed_at: int | None
    closed_by: int | None
    response_seconds: int | None


_BY_TIME = attrgetter("occurred_at", "post_id")
_BY_OPENING = attrgetter("opened_at", "opened_post_id")


class _Waiting:
    """An open turn while its conversation is read."""

    __slots__ = ("first", "last", "negative_posts", "posts")

    def __init__(self, first: ThreadPost) -> None:
        self.first = self.last = first
        self.posts = 1
        self.negative_posts = int(first.is_negative)

    def add(self, post: ThreadPost) -> None:
        self.last = post
        self.posts += 1
        self.negative_posts += post.is_negative

    def found(self, answer: ThreadPost | None) -> FoundTurn:
        first = self.first
        assert first.person_id is not None
        return FoundTurn(
            first.post_id,
            first.conversation_id,
            first.person_id,
            first.occurred_at,
            self.last.post_id,
            self.posts,
            self.negative_posts,
            answer.post_id if answer else None,
            answer.occurred_at if answer else None,
            answer.author_id if answer else None,
            (answer.occurred_at - first.occurred_at) // MICROSECONDS if answer else None,
        )


def opens_turn(*, kind: str, channel_kind: str, is_question: bool, mentions_us: bool, is_excluded: bool) -> bool:
    """Whether a person's post may open a turn. ``is_excluded``: a bot's, a muted account's, or deleted.

    In private channels people talk with each other: there only questions and mentions of us ask something of us.

    >>> opens_turn(kind="post", channel_kind="private", is_question=False, mentions_us=False, is_excluded=False)
    False
    """
    if is_excluded or kind in SILENT_KINDS:
        return False
    return channel_kind != PRIVATE or is_question or kind == "question" or mentions_us


def turns_of_conversation(posts: Iterable[ThreadPost]) -> list[FoundTurn]:
    """The turns of one conversation, in the order of their opening. The order of ``posts`` does not matter.

    A team reply answers the person whose post is its direct parent, whichever post of theirs that is; a reply to one
    of ours, or to nobody, answers no one.
    """
    ordered = sorted(posts, key=_BY_TIME)
    if len(ordered) == 1:
        (alone,) = ordered
        is_waiting = alone.opens and not alone.is_team and alone.person_id is not None
        return [_Waiting(alone).found(None)] if is_waiting else []
    person_of = {post.post_id: post.person_id for post in ordered if not post.is_team}
    waiting: dict[int, _Waiting] = {}
    turns: list[FoundTurn] = []
    for post in ordered:
        if post.is_team:
            person = None if post.parent_id is None else person_of.get(post.parent_id)
            if person is not None and person in waiting:
                turns.append(waiting.pop(person).found(post))
        elif post.person_id is not None:
            if post.person_id in waiting:
                if post.waits:
                    waiting[post.person_id].add(post)
            elif post.opens:
                waiting[post.person_id] = _Waiting(post)
    turns.extend(turn.found(None) for turn in waiting.values())
    return sorted(turns, key=_BY_OPENING) if len(turns) > 1 else turns


def turns_of(posts: Iterable[ThreadPost]) -> list[FoundTurn]:
    """The turns of whole conversations: ``posts`` must hold every post of each conversation that it touches."""
    by_conversation = sorted(posts, key=attrgetter("conversation_id"))
    return [
        turn
        for _, thread in groupby(by_conversation, key=attrgetter("conversation_id"))
        for turn in turns_of_conversation(thread)
    ]


_NEEDED = [
    *("post_id", "conversation_id", "parent_id", "author_person_id", "author_id", "is_team", "is_excluded"),
    *("occurred_at", "kind", "channel_kind", "is_question", "mentions_us", "is_negative"),
]
_OPTIONAL_COLUMNS = ("closed_post_id", "closed_at", "closed_by", "response_seconds")


def _optional(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _thread_posts(posts: pd.DataFrame) -> Iterable[ThreadPost]:
    for row in posts[_NEEDED].itertuples(index=False):
        yield ThreadPost(
            int(row.conversation_id),
            int(row.occurred_at),
            int(row.post_id),
            _optional(row.parent_id),
            _optional(row.author_person_id),
            _optional(row.author_id),
            bool(row.is_team),
            opens_turn(
                kind=row.kind,
                channel_kind=row.channel_kind,
                is_question=bool(row.is_question),
                mentions_us=bool(row.mentions_us),
                is_excluded=bool(row.is_excluded),
            ),
            not row.is_excluded and row.kind not in SILENT_KINDS,
            bool(row.is_negative),
        )


def find_turns(posts: pd.DataFrame) -> pd.DataFrame:
    """The turns in ``posts``, which hold every post of each conversation.

    Columns: ``post_id``, ``conversation_id``, ``parent_id``, ``author_person_id``, ``author_id`` (whole numbers;
    parent, person and account may be missing), ``is_team``, ``is_excluded`` (bot, muted, deleted), ``occurred_at``
    (microseconds since 1970 UTC), ``kind``, ``channel_kind``, ``is_question``, ``mentions_us``, ``is_negative``.
    Returns a row a turn with the fields of ``FoundTurn`` (times in microseconds; the last four NA while it is open),
    ordered by opening. A long response, or none, is someone who was left waiting: read that conversation.
    Raises ``MissingColumns``.
    """
    require_columns(posts, "find_turns", *_NEEDED)
    turns = turns_of(_thread_posts(posts))
    frame = pd.DataFrame(turns, columns=list(FoundTurn._fields))
    dtypes = {name: "Int64" if name in _OPTIONAL_COLUMNS else "int64" for name in FoundTurn._fields}
    return frame.astype(dtypes).sort_values(["opened_at", "opened_post_id"], ignore_index=True)


@lru_cache(maxsize=20_000)
def _window(ordinal: int, hours: Hours, time_zone: str) -> tuple[int, int] | None:
    """Opening and closing of a local day in microseconds since 1970; hours that end before they begin end tomorrow."""
    day = datetime.fromordinal(ordinal).replace(tzinfo=ZoneInfo(time_zone))
    if (span := hours[day.weekday()]) is None:
        return None
    opens, closes = span
    if closes <= opens:
        closes += 24
    # A local day may have 23 or 25 hours: each end is found on the wall clock, not by adding hours to midnight.
    first = day + timedelta(hours=opens)
    last = day + timedelta(hours=closes)
    return int(first.timestamp()) * MICROSECONDS, int(last.timestamp()) * MICROSECONDS


def business_seconds(opened_at: int, closed_at: int, hours: Sequence[tuple[int, int] | None], time_zone: str) -> int:
    """Seconds between two moments that fall within business hours.

    ``opened_at``, ``closed_at``: microseconds since 1970 UTC. ``hours``: for Monday to Sunday (open, close) in whole
    local hours or None for a day off; empty for "always". Returns whole seconds, never more than lie between the two.
    Raises ``ValueError`` where ``hours`` is neither empty nor seven days long.

    >>> monday = 1_772_438_400 * MICROSECONDS  # 2 March 2026, 08:00 UTC
    >>> hours = ((9, 17),) * 5 + (None, None)
    >>> business_seconds(monday, monday + 7_200 * MICROSECONDS, hours, "UTC")
    3600
    """
    if not hours:
        return max(0, closed_at - opened_at) // MICROSECONDS
    if len(hours) != 7:
        raise ValueError(f"business hours need an entry for each day from Monday to Sunday, got {len(hours)}")
    zone = ZoneInfo(time_zone)
    week: Hours = tuple(hours)
    first, last = (
        datetime.fromtimestamp(moment / MICROSECONDS, UTC).astimezone(zone).toordinal()
        for moment in (opened_at, closed_at)
    )
    total = 0
    for ordinal in range(first - 1, last + 1):  # a window of the day before may reach past midnight
        if (window := _window(ordinal, week, time_zone)) is not None:
            total += max(0, min(closed_at, window[1]) - max(opened_at, window[0]))
    return total // MICROSECONDS
