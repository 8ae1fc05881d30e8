"""The records behind a number: the posts of a slice, newest first, a page at a time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session, col, select

from answers.brands import voice_channel_ids
from answers.filters import Filters
from answers.post_search import MOST_LOOKED_AT, find_posts
from answers.scope import Scope, channel_ids, read_scope
from data_access.models.columns import from_micros, to_micros
from data_access.models.derived import PersonIdentity, Side
from data_access.queries.posts import PostConditions, list_posts, name_answered

PAGE_SIZE = 50


class BrokenCursor(ValueError):
    """The mark of where to go on is not one that a page gave out."""


@dataclass(frozen=True)
class RecordFilters:
    """The posts behind a number. ``label``: positive, neutral, negative or ``unscored``. ``side``: inbound, team,
    excluded, or None for all. ``weekday``: 0 is Monday. ``hour``: local. ``tag``: without #. ``topic``: its name.
    ``brand``: the id of one that the posts name, in any channel that the filters do not rule out. ``words``: what the
    posts say, as somebody types it (``data_access.queries.post_search``)."""

    filters: Filters
    label: str | None = None
    side: str | None = Side.INBOUND
    person: int | None = None
    weekday: int | None = None
    hour: int | None = None
    tag: str | None = None
    is_question: bool | None = None
    topic: str | None = None
    brand: int | None = None
    words: str | None = None


@dataclass(frozen=True)
class RecordPage:
    """``rows``: posts with the columns of ``data_access.queries.posts.list_posts``. ``next_cursor``: where the next
    page begins; None on the last. ``looked_at``: how many of the newest posts with the words were looked at, where the
    page ends there and not because it is full."""

    rows: pd.DataFrame = field(repr=False)
    next_cursor: str | None
    looked_at: int | None = None


def local_midnight(day: date, time_zone: str) -> datetime:
    """The moment (UTC) at which a local day begins.

    >>> local_midnight(date(2026, 7, 1), "Europe/Berlin").isoformat()
    '2026-06-30T22:00:00+00:00'
    """
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def write_cursor(rows: pd.DataFrame) -> str:
    """The mark of the last of ``rows``."""
    last = rows.iloc[-1]
    return _write_place(last["occurred_at"].to_pydatetime(), last["post_id"])


def _write_place(moment: datetime, post_id: int) -> str:
    return f"{to_micros(moment)}.{post_id}"


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Time and id in a mark. Raises ``BrokenCursor``.

    >>> read_cursor("1000000.7")[1]
    7
    """
    try:
        micros, post_id = cursor.split(".")
        return from_micros(int(micros)), int(post_id)
    except (ValueError, OverflowError, OSError) as error:
        raise BrokenCursor(f"{cursor!r} does not say where to go on; start from the first page") from error


def _accounts(session: Session, person: int) -> list[int]:
    return list(session.exec(select(PersonIdentity.identity_id).where(col(PersonIdentity.person_id) == person)))


def _days(wanted: RecordFilters) -> list[date] | None:
    if wanted.weekday is None:
        return None
    period = (wanted.filters.start + timedelta(days=n) for n in range(wanted.filters.days))
    return [day for day in period if day.weekday() == wanted.weekday]


def _channels(scope: Scope, wanted: RecordFilters) -> tuple[int, ...] | None:
    """None where the filter speaks of every channel: then none needs naming."""
    choose = channel_ids if wanted.brand is None else voice_channel_ids
    chosen = choose(scope, wanted.filters)
    return None if len(chosen) == len(scope.channels) else chosen


def read_records(
    session: Session,
    wanted: RecordFilters,
    *,
    cursor: str | None = None,
    limit: int = PAGE_SIZE,
    scope: Scope | None = None,
) -> RecordPage:
    """A page of the posts of a slice, with ``answered``: whose post each answers or shares. Raises ``BrokenCursor``."""
    scope = scope or read_scope(session)
    conditions = PostConditions(
        channels=_channels(scope, wanted),
        since=local_midnight(wanted.filters.start, scope.time_zone),
        until=local_midnight(wanted.filters.end, scope.time_zone),
        days=_days(wanted),
        side=wanted.side,
        label=wanted.label,
        hour=wanted.hour,
        authors=None if wanted.person is None else _accounts(session, wanted.person),
        tag=wanted.tag.lstrip("#").lower() if wanted.tag else None,
        is_question=wanted.is_question,
        topic=wanted.topic,
        brand=wanted.brand,
        before=read_cursor(cursor) if cursor else None,
    )
    if wanted.words is not None:
        page = _read_found(session, conditions, wanted.words, limit)
    else:
        page = read_page(session, conditions, limit)
    return replace(page, rows=name_answered(session, page.rows))


def _read_found(session: Session, conditions: PostConditions, words: str, limit: int) -> RecordPage:
    found = find_posts(session, words, conditions, limit=limit + 1)
    if len(found.rows) > limit:
        rows = found.rows.iloc[:limit].reset_index(drop=True)
        return RecordPage(rows, write_cursor(rows))
    if found.looked_until is None:
        return RecordPage(found.rows, None)
    return RecordPage(found.rows, _write_place(*found.looked_until), MOST_LOOKED_AT)


def read_page(session: Session, conditions: PostConditions, limit: int = PAGE_SIZE) -> RecordPage:
    """A page of the posts under ``conditions``, and where the next begins."""
    rows = list_posts(session, conditions, limit=limit + 1)
    has_more = len(rows) > limit
    rows = rows.iloc[:limit].reset_index(drop=True)
    return RecordPage(rows, write_cursor(rows) if has_more else None)
