"""Topic rules: decided and retired, and the topics of all posts found anew when a rule changes, without scoring again.

Which posts are about what, and the days' counts, are all that hangs on a rule. They are derived in short transactions;
killed, the work begins again when it is started again. That it is due is noted with the decision itself.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Engine, Row, delete, func, select, type_coerce
from sqlmodel import Session

from data_access import rollups
from data_access.bulk import insert_rows
from data_access.decisions import append_decision
from data_access.models.decisions import TopicRule
from data_access.store import reading, writing
from data_access.topics import list_topic_decisions, list_topic_rules
from jobs.derive.due import DUE, mark_due
from jobs.derive.people import POST
from jobs.derive.posts import POST_TOPIC, body_of, topic_rows
from jobs.derive.rules import Rules, load_rules
from jobs.derive.slices import derive_topic_days
from jobs.derive.touched import Slices
from jobs.progress import Progress
from metrics.topics import parse_pattern

LONGEST_NAME = 60
_TOPICS = "topics"
_POSTS_AT_A_TIME = 4_000
_DAYS_AT_A_TIME = 10


class BadTopic(ValueError):
    """A topic needs a name that can be read."""


class NoSuchTopic(LookupError):
    """No rule of that name stands."""


def decide_topic(engine: Engine, *, topic: str, pattern: str, decided_by: str) -> int:
    """Say which words make a post about a topic, new or known; then start the job ``topics``. Returns its id.

    Raises ``BadTopic``, and ``metrics.topics.BadPattern`` for a pattern that says nothing.
    """
    name = " ".join(topic.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadTopic(f"A topic needs a name of 1 to {LONGEST_NAME} letters.")
    parse_pattern(pattern)
    with writing(engine) as session:
        row = append_decision(session, TopicRule, decided_by=decided_by, topic=name, pattern=pattern.strip())
        return _noted(session, row)


def retire_topic(engine: Engine, *, topic: str, decided_by: str) -> int:
    """Say that a topic is no longer looked for; then start the job ``topics``. Raises ``NoSuchTopic``."""
    with writing(engine) as session:
        standing = {row.topic.casefold(): row for row in list_topic_decisions(session) if row.is_active}
        if topic.casefold() not in standing:
            raise NoSuchTopic(f"There is no topic {topic!r}.")
        now = standing[topic.casefold()]
        values = {"topic": now.topic, "pattern": now.pattern, "is_active": False}
        return _noted(session, append_decision(session, TopicRule, decided_by=decided_by, **values))


def _noted(session: Session, row: TopicRule) -> int:
    note_topics(session)
    assert row.id is not None
    return row.id


def note_topics(session: Session) -> None:
    """Note that the topics of all posts are due, where there is any post."""
    if session.execute(select(POST.c.id).limit(1)).first() is not None:
        mark_due(session, _TOPICS, [0])


def are_topics_due(session: Session) -> bool:
    """Whether a rule was decided that not all posts were read by yet."""
    return session.execute(select(DUE.c.key).where(DUE.c.kind == _TOPICS)).first() is not None


def settle_topics(engine: Engine, rules: dict[str, str]) -> bool:
    """Note that all posts were read by these rules. False where others stand by now."""
    with writing(engine) as session:
        if list_topic_rules(session) != rules:
            return False
        session.connection().execute(delete(DUE).where(DUE.c.kind == _TOPICS))
        return True


def derive_topics(engine: Engine, progress: Progress) -> None:
    """Find the topics of all posts anew where that is due, again where a rule changes meanwhile."""
    while True:
        with reading(engine) as session:
            is_due, rules = are_topics_due(session), list_topic_rules(session)
        if not is_due:
            return
        _derive_posts(engine, progress)
        _derive_days(engine, progress)
        if settle_topics(engine, rules):
            return


def _derive_posts(engine: Engine, progress: Progress) -> None:
    with reading(engine) as session:
        total = session.execute(select(func.count()).select_from(POST)).scalar_one()
    progress.step("Reading posts for their topics", total, "posts")
    done, last = 0, 0
    while True:
        with writing(engine, counts=False) as session:
            posts = _read_posts(session, last)
            if not posts:
                return
            _derive_chunk(session, load_rules(session), posts)
        done, last = done + len(posts), posts[-1].id
        progress.at(done)


def _read_posts(session: Session, last: int) -> Sequence[Row[tuple[int, str | None, str, int]]]:
    moment = type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at")
    statement = select(POST.c.id, POST.c.title, POST.c.text, moment).where(POST.c.id > last).order_by(POST.c.id)
    return session.execute(statement.limit(_POSTS_AT_A_TIME)).all()


def _derive_chunk(session: Session, rules: Rules, posts: Sequence[Row[tuple[int, str | None, str, int]]]) -> None:
    """Write only what differs: most rules have not changed."""
    rows = [row for p in posts for row in topic_rows(rules, p.id, body_of(p.title, p.text), p.occurred_at)]
    here = POST_TOPIC.c.post_id.between(posts[0].id, posts[-1].id)
    held = session.execute(select(POST_TOPIC.c.post_id, POST_TOPIC.c.topic).where(here))
    before = {(post_id, topic) for post_id, topic in held}
    now = {(row["post_id"], row["topic"]): row for row in rows}
    for topic in sorted({topic for _, topic in before - now.keys()}):
        gone = sorted(post_id for post_id, its in before - now.keys() if its == topic)
        for start in range(0, len(gone), 500):
            part = POST_TOPIC.c.post_id.in_(gone[start : start + 500])
            session.connection().execute(delete(POST_TOPIC).where(part, POST_TOPIC.c.topic == topic))
    fresh = [row for key, row in now.items() if key not in before]
    if fresh:
        insert_rows(session, POST_TOPIC, fresh)


def _derive_days(engine: Engine, progress: Progress) -> None:
    slices = _list_slices(engine)
    days = sorted(slices)
    progress.step("Counting topics by day", len(days), "days")
    for start in range(0, len(days), _DAYS_AT_A_TIME):
        with writing(engine) as session:
            derive_topic_days(session, {day: slices[day] for day in days[start : start + _DAYS_AT_A_TIME]})
        progress.at(start)


def _list_slices(engine: Engine) -> Slices:
    """Every day and channel that has posts or, from before, topics."""
    slices: Slices = {}
    with reading(engine) as session:
        for target in (rollups.DAILY_ACTIVITY, rollups.TOPIC_DAY):
            for day, channel_id in session.execute(select(target.c.day, target.c.channel_id).distinct()):
                slices.setdefault(day, set()).add(channel_id)
    return slices
