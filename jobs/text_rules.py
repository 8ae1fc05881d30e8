"""Rules on what a text says (topics, brands): all posts read anew when one changes, without scoring again.

Which posts hold a rule's words, and the days' counts, are all that hangs on it. They are derived in short transactions;
killed, the work begins again when it is started again. That it is due is noted with the decision itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Engine, Row, Table, delete, func, select, type_coerce
from sqlmodel import Session

from data_access import rollups
from data_access.brands import list_brand_rules
from data_access.bulk import insert_tuples
from data_access.store import reading, writing
from data_access.topics import list_topic_rules
from jobs.derive.due import DUE, mark_due, note_influence
from jobs.derive.people import POST
from jobs.derive.posts import BRAND_MENTION, POST_TOPIC, brand_rows, topic_rows
from jobs.derive.rules import Rules, load_rules
from jobs.derive.said import body_of
from jobs.derive.slices import derive_brand_days, derive_topic_days
from jobs.derive.touched import Slices
from jobs.progress import Progress
from metrics.topics import words_of

_POSTS_AT_A_TIME = 4_000
_DAYS_AT_A_TIME = 10

_Rows = Callable[[Rules, int, list[str], datetime | int], list[tuple[Any, ...]]]


def _note_nothing(_session: Session) -> None:
    """Nothing else hangs on the topics of posts."""


@dataclass(frozen=True)
class TextRules:
    """A kind of rule. ``due``: what it is called where it is noted as due. ``target``: the table of the posts that a
    rule matches, and its column ``key``: which rule. ``days``: the rollup of it."""

    due: str
    target: Table
    key: str
    days: Table
    read: Callable[[Session], Mapping[Any, Any]]
    rows: _Rows
    derive_days: Callable[[Session, Slices], None]
    note_changed: Callable[[Session], None]


TOPICS = TextRules(
    "topics",
    POST_TOPIC,
    "topic",
    rollups.TOPIC_DAY,
    list_topic_rules,
    topic_rows,
    derive_topic_days,
    _note_nothing,
)
BRANDS = TextRules(
    "brands",
    BRAND_MENTION,
    "brand_id",
    rollups.BRAND_DAY,
    list_brand_rules,
    brand_rows,
    derive_brand_days,
    note_influence,  # who speaks well of us hangs on which posts name us
)


def note_rules(session: Session, kind: TextRules) -> None:
    """Note that all posts are to be read anew, where there is any post."""
    if session.execute(select(POST.c.id).limit(1)).first() is not None:
        mark_due(session, kind.due, [0])


@contextmanager
def noting_changes(session: Session, kind: TextRules) -> Iterator[None]:
    """Note that all posts are to be read anew, if what happens in between changes a rule."""
    session.flush()
    before = kind.read(session)
    yield
    session.flush()
    if kind.read(session) != before:
        note_rules(session, kind)


def are_rules_due(session: Session, kind: TextRules) -> bool:
    """Whether a rule was decided that not all posts were read by yet."""
    return session.execute(select(DUE.c.key).where(DUE.c.kind == kind.due)).first() is not None


def settle_rules(engine: Engine, kind: TextRules, rules: Mapping[Any, Any]) -> bool:
    """Note that all posts were read by these rules. False where others stand by now."""
    with writing(engine) as session:
        if kind.read(session) != rules:
            return False
        session.connection().execute(delete(DUE).where(DUE.c.kind == kind.due))
        return True


def derive_rules(engine: Engine, kind: TextRules, progress: Progress) -> None:
    """Read all posts anew where that is due, again where a rule changes meanwhile."""
    while True:
        with reading(engine) as session:
            is_due, rules = are_rules_due(session, kind), kind.read(session)
        if not is_due:
            return
        _derive_posts(engine, kind, progress)
        _derive_days(engine, kind, progress)
        if settle_rules(engine, kind, rules):
            return


def _derive_posts(engine: Engine, kind: TextRules, progress: Progress) -> None:
    with reading(engine) as session:
        total = session.execute(select(func.count()).select_from(POST)).scalar_one()
    progress.step(f"Reading posts for their {kind.due}", total, "posts")
    done, last = 0, 0
    while True:
        with writing(engine, counts=False) as session:
            posts = _read_posts(session, last)
            if not posts:
                return
            _derive_chunk(session, kind, load_rules(session), posts)
        done, last = done + len(posts), posts[-1].id
        progress.at(done)


def _read_posts(session: Session, last: int) -> Sequence[Row[tuple[int, str | None, str, int]]]:
    moment = type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at")
    statement = select(POST.c.id, POST.c.title, POST.c.text, moment).where(POST.c.id > last).order_by(POST.c.id)
    return session.execute(statement.limit(_POSTS_AT_A_TIME)).all()


def _derive_chunk(
    session: Session, kind: TextRules, rules: Rules, posts: Sequence[Row[tuple[int, str | None, str, int]]]
) -> None:
    """Write only what differs: most rules have not changed."""
    target, key = kind.target, kind.target.c[kind.key]
    rows = [row for p in posts for row in kind.rows(rules, p.id, words_of(body_of(p.title, p.text)), p.occurred_at)]
    held = session.execute(select(target.c.post_id, key).where(target.c.post_id.between(posts[0].id, posts[-1].id)))
    before = {(post_id, value) for post_id, value in held}
    now = {(post_id, value): (post_id, value, moment) for post_id, value, moment in rows}
    for value in sorted({value for _, value in before - now.keys()}):
        gone = sorted(post_id for post_id, its in before - now.keys() if its == value)
        for start in range(0, len(gone), 500):
            part = target.c.post_id.in_(gone[start : start + 500])
            session.connection().execute(delete(target).where(part, key == value))
    fresh = [row for pair, row in now.items() if pair not in before]
    if fresh:
        insert_tuples(session, target, ("post_id", kind.key, "occurred_at"), fresh)
    if before != now.keys():
        kind.note_changed(session)


def _derive_days(engine: Engine, kind: TextRules, progress: Progress) -> None:
    slices = _list_slices(engine, kind)
    days = sorted(slices)
    progress.step(f"Counting {kind.due} by day", len(days), "days")
    for start in range(0, len(days), _DAYS_AT_A_TIME):
        with writing(engine) as session:
            kind.derive_days(session, {day: slices[day] for day in days[start : start + _DAYS_AT_A_TIME]})
        progress.at(start)


def _list_slices(engine: Engine, kind: TextRules) -> Slices:
    """Every day and channel that has posts or, from before, posts that a rule matched."""
    slices: Slices = {}
    with reading(engine) as session:
        for target in (rollups.DAILY_ACTIVITY, kind.days):
            for day, channel_id in session.execute(select(target.c.day, target.c.channel_id).distinct()):
                slices.setdefault(day, set()).add(channel_id)
    return slices
