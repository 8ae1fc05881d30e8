"""What people here said about the facts: who, when. Appended, never updated; the newest that stands wins.

A row with ``withdraws`` set says that the decision of that id (in the same table) no longer stands; what was before
stands again. Decisions name facts by natural key, so they outlive any rebuild.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from data_access.models.columns import Big, Json, UtcTime


class CaseEventKind(StrEnum):
    ASSIGNED = "assigned"
    NOTE = "note"
    SNOOZED = "snoozed"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    NO_ANSWER_NEEDED = "no_answer_needed"


class DecisionBase(SQLModel):
    """What every decision has."""

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    decided_at: datetime = Field(sa_type=UtcTime)
    decided_by: str = Field(description="chosen from the team list, until there is a log-in")
    withdraws: int | None = Field(default=None, sa_type=Big, index=True)


class Relabel(DecisionBase, table=True):
    """A post's sentiment as a person reads it."""

    __tablename__ = "relabel"
    __table_args__ = (Index("ix_relabel_key", "network", "source", "native_id"),)

    network: str
    source: str
    native_id: str
    label: str = Field(description="positive | neutral | negative")


class MatchDecision(DecisionBase, table=True):
    """Two accounts are the same person, or are not. "different" beats every automatic link."""

    __tablename__ = "match_decision"

    left_network: str
    left_source: str
    left_native_id: str
    right_network: str
    right_source: str
    right_native_id: str
    verdict: str = Field(description="same | different")


class CaseEvent(DecisionBase, table=True):
    """Something done about a case. The case is its root post."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_key", "network", "source", "native_id"),)

    network: str
    source: str
    native_id: str
    kind: str = Field(description="assigned | note | snoozed | answered_elsewhere | no_answer_needed")
    assignee: str | None = None
    note: str | None = None
    until: datetime | None = Field(default=None, sa_type=UtcTime, description="the end of a snooze, in the data's time")
    covers_until: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="the newest post of the case when this was decided: later ones reopen it",
    )


class Mute(DecisionBase, table=True):
    """An account or a word that nobody wants to see."""

    __tablename__ = "mute"

    kind: str = Field(description="account | word")
    network: str | None = None
    source: str | None = None
    native_id: str | None = None
    word: str | None = None


class TopicRule(DecisionBase, table=True):
    """Which words make a post about a topic. ``is_active`` False retires the rule."""

    __tablename__ = "topic_rule"

    topic: str
    pattern: str
    is_active: bool = True


class BrandRule(DecisionBase, table=True):
    """Which names, handles and hashtags make a post mention a brand, and which words rule that out."""

    __tablename__ = "brand_rule"

    brand: str
    pattern: str
    exclusions: str | None = None
    is_active: bool = True


class Watch(DecisionBase, table=True):
    """Whoever holds this account is watched: each of their posts after ``since`` raises an alert."""

    __tablename__ = "watch"
    __table_args__ = (Index("ix_watch_key", "network", "source", "native_id"),)

    network: str
    source: str
    native_id: str
    since: datetime | None = Field(
        default=None, sa_type=UtcTime, description="the newest post of the store when this was decided; None: any"
    )
    note: str | None = None


class AlertSeen(DecisionBase, table=True):
    """Somebody has taken note of an alert. The key is its post's."""

    __tablename__ = "alert_seen"
    __table_args__ = (Index("ix_alert_seen_key", "network", "source", "native_id"),)

    network: str
    source: str
    native_id: str


class Thanked(DecisionBase, table=True):
    """Somebody has thanked whoever holds this account, here or elsewhere."""

    __tablename__ = "thanked"
    __table_args__ = (Index("ix_thanked_key", "network", "source", "native_id"),)

    network: str
    source: str
    native_id: str
    until: datetime | None = Field(
        default=None, sa_type=UtcTime, description="the newest post of the store when this was decided"
    )
    note: str | None = None


class Expert(DecisionBase, table=True):
    """Someone who answers a topic well."""

    __tablename__ = "expert"

    topic: str
    network: str
    source: str
    native_id: str


class Setting(DecisionBase, table=True):
    """One setting of the workspace. Names and defaults: ``data_access/settings.py``."""

    __tablename__ = "setting"

    key: str = Field(index=True)
    value: Any = Field(default=None, sa_type=Json)


class ChannelReview(DecisionBase, table=True):
    """Whose voice a channel is, and whether it discloses its employer."""

    __tablename__ = "channel_review"

    network: str
    source: str
    native_id: str
    voice: str | None = None
    is_disclosed: bool | None = None


class IdeaStatus(DecisionBase, table=True):
    """How far an idea has come. The idea is its root post."""

    __tablename__ = "idea_status"

    network: str
    source: str
    native_id: str
    status: str


class RoleGrant(DecisionBase, table=True):
    """What someone may see and do here."""

    __tablename__ = "role_grant"

    member: str
    role: str


class Erasure(DecisionBase, table=True):
    """An account that asked to be forgotten: a salted hash of its key, so that it is not imported again."""

    __tablename__ = "erasure"

    key_hash: str = Field(index=True)
