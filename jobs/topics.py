"""Topic rules: decided and retired. ``jobs.text_rules`` reads all posts anew when one changes."""

from sqlalchemy import Engine
from sqlmodel import Session

from data_access.decisions import append_decision
from data_access.models.decisions import TopicRule
from data_access.store import writing
from data_access.topics import list_topic_decisions
from jobs.text_rules import TOPICS, note_rules
from metrics.topics import parse_pattern

LONGEST_NAME = 60


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
    note_rules(session, TOPICS)
    assert row.id is not None
    return row.id
