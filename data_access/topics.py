"""The topic rules that stand: which words make a post about what."""

from sqlmodel import Session

from data_access.decisions import list_standing
from data_access.models.decisions import TopicRule


def list_topic_decisions(session: Session) -> list[TopicRule]:
    """The newest standing decision on each topic, retired ones too, by name. A name in other capitals is the same."""
    newest = {row.topic.casefold(): row for row in list_standing(session, TopicRule)}
    return [newest[name] for name in sorted(newest)]


def list_topic_rules(session: Session) -> dict[str, str]:
    """The pattern of each topic that is not retired, by its name."""
    return {row.topic: row.pattern for row in list_topic_decisions(session) if row.is_active}
