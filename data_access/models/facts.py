"""What the networks and the CRM say. Imported, never edited.

Every fact has a natural key (``network``, ``source``, ``native_id``), the run that brought it, and ``observed_at``: the
moment (UTC) at which its values held. What a network did not report is NULL, never 0. Times are UTC; money is in whole
minor units (cents) beside its ISO 4217 currency.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from data_access.models.columns import Big, Json, UtcTime


class ChannelKind(StrEnum):
    PUBLIC = "public"
    HUB = "hub"
    PRIVATE = "private"


class PostKind(StrEnum):
    POST = "post"
    REPLY = "reply"
    COMMENT = "comment"
    SHARE = "share"
    QUESTION = "question"
    REVIEW = "review"
    CHECK_IN = "check_in"


class InteractionKind(StrEnum):
    REPLY = "reply"
    MENTION = "mention"
    SHARE = "share"
    LIKE = "like"
    FOLLOW = "follow"
    VOTE = "vote"


class NameKind(StrEnum):
    HANDLE = "handle"
    DISPLAY_NAME = "display_name"


class RunStatus(StrEnum):
    STAGING = "staging"
    COPYING = "copying"
    DONE = "done"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


def _key(name: str) -> UniqueConstraint:
    return UniqueConstraint("network", "source", "native_id", name=f"uq_{name}_natural_key")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Brand(SQLModel, table=True):
    """An organisation that people talk about: ours, or a competitor. Natural key: ``name``."""

    __tablename__ = "brand"

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    name: str = Field(unique=True)
    is_competitor: bool | None = Field(default=None, description="None where no file said; Settings may decide")
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Channel(SQLModel, table=True):
    """A place where talk happens: a profile page, a subreddit, a forum category, a chat room."""

    __tablename__ = "channel"
    __table_args__ = (_key("channel"),)

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    name: str
    kind: str = Field(default=ChannelKind.PUBLIC, description="public | hub (the website) | private (the community)")
    purpose: str | None = Field(default=None, description="marketing | support | sales | product | community")
    voice: str | None = Field(default=None, description="whose voice it is: corporate | personal | hybrid")
    brand_id: int | None = Field(default=None, sa_type=Big, foreign_key="brand.id", index=True)
    owner_id: int | None = Field(default=None, sa_type=Big, foreign_key="identity.id", index=True)
    url: str | None = None
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Organization(SQLModel, table=True):
    """A company or other body in the CRM."""

    __tablename__ = "organization"
    __table_args__ = (_key("organization"),)

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    name: str
    domain: str | None = None
    sector: str | None = None
    country: str | None = None
    employees: int | None = Field(default=None, sa_type=Big)
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Identity(SQLModel, table=True):
    """One account on one network. A CRM contact is one (network ``crm``), and so is a web visitor (network ``web``)."""

    __tablename__ = "identity"
    __table_args__ = (
        _key("identity"),
        Index("ix_identity_handle", "handle_key"),
        Index("ix_identity_email", "email"),
        Index("ix_identity_name", "display_name"),
        Index("ix_identity_company", "organization"),
    )

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    handle: str | None = Field(default=None, description="as the network writes it, without a leading @")
    handle_key: str | None = Field(default=None, description="the handle in lower case, to look it up")
    display_name: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    bio: str | None = None
    url: str | None = None
    location: str | None = None
    organization: str | None = None
    organization_id: int | None = Field(default=None, sa_type=Big, foreign_key="organization.id", index=True)
    followers: int | None = Field(default=None, sa_type=Big)
    owner: str | None = Field(default=None, description="who of the team looks after this contact, where a CRM says")
    is_team: bool | None = Field(default=None, description="whether the file says that this account speaks for us")
    is_bot: bool | None = Field(default=None, description="whether the network says that this account is a bot")
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class IdentityName(SQLModel, table=True):
    """A name of an account of which more than one is known, also the one that it has now. Accounts may be renamed: the
    id stays the account. Natural key: the account, kind and name."""

    __tablename__ = "identity_name"
    __table_args__ = (UniqueConstraint("identity_id", "kind", "name", name="uq_identity_name_natural_key"),)

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    identity_id: int = Field(sa_type=Big, foreign_key="identity.id")
    kind: str = Field(description="handle | display_name")
    name: str
    observed_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="the last moment at which it was seen, as far as files tell"
    )
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Post(SQLModel, table=True):
    """Anything that someone wrote. Counts are what the network gave; NULL where it gave none."""

    __tablename__ = "post"
    __table_args__ = (
        _key("post"),
        Index("ix_post_channel_time", "channel_id", "occurred_at"),
        Index("ix_post_author_time", "author_id", "occurred_at"),
        Index("ix_post_parent", "parent_native_id", **_where("parent_native_id IS NOT NULL")),
        Index("ix_post_root", "root_native_id", **_where("root_native_id IS NOT NULL")),
        Index("ix_post_shares", "author_id", "occurred_at", "shares", **_where("shares IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    channel_id: int = Field(sa_type=Big, foreign_key="channel.id")
    author_id: int | None = Field(default=None, sa_type=Big, foreign_key="identity.id")
    kind: str = Field(default=PostKind.POST)
    text: str = ""
    title: str | None = None
    url: str | None = Field(default=None, description="the original, on its network")
    language: str | None = Field(default=None, description="as the network reports it, ISO 639-1")
    occurred_at: datetime = Field(sa_type=UtcTime, index=True)
    edited_at: datetime | None = Field(default=None, sa_type=UtcTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    parent_native_id: str | None = Field(default=None, description="the post that this answers or shares")
    root_native_id: str | None = Field(default=None, description="the first post of the thread, where the file says")
    likes: int | None = Field(default=None, sa_type=Big)
    shares: int | None = Field(default=None, sa_type=Big)
    replies: int | None = Field(default=None, sa_type=Big)
    views: int | None = Field(default=None, sa_type=Big)
    reach: int | None = Field(default=None, sa_type=Big)
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Interaction(SQLModel, table=True):
    """Someone did something towards someone: actor -> target."""

    __tablename__ = "interaction"
    __table_args__ = (
        _key("interaction"),
        Index("ix_interaction_actor", "actor_id", "occurred_at"),
        # with all that is asked of who did something to somebody: the rows themselves lie apart from each other
        Index("ix_interaction_target", "target_id", "occurred_at", "kind", "actor_id", "network"),
    )

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    kind: str
    actor_id: int = Field(sa_type=Big, foreign_key="identity.id")
    target_id: int | None = Field(default=None, sa_type=Big, foreign_key="identity.id")
    post_id: int | None = Field(default=None, sa_type=Big, foreign_key="post.id", index=True)
    occurred_at: datetime | None = Field(default=None, sa_type=UtcTime)
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Visit(SQLModel, table=True):
    """The website seen by an identity."""

    __tablename__ = "visit"
    __table_args__ = (_key("visit"), Index("ix_visit_identity_time", "identity_id", "occurred_at"))

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    identity_id: int = Field(sa_type=Big, foreign_key="identity.id")
    channel_id: int | None = Field(default=None, sa_type=Big, foreign_key="channel.id", index=True)
    occurred_at: datetime = Field(sa_type=UtcTime, index=True)
    url: str | None = None
    referrer: str | None = Field(default=None, description="the page that led here")
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Deal(SQLModel, table=True):
    """A sale in the making, with the history of its stages."""

    __tablename__ = "deal"
    __table_args__ = (
        _key("deal"),
        Index("ix_deal_outcome", "organization_id", "is_won", "currency", "amount_minor"),  # what each won, in one look
    )

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    name: str | None = None
    organization_id: int | None = Field(default=None, sa_type=Big, foreign_key="organization.id")
    owner: str | None = Field(default=None, description="who of the team holds it")
    product: str | None = None
    stage: str | None = None
    stages: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, description="[{stage, entered_at}]")
    is_won: bool | None = Field(default=None, description="True won, False lost, None open")
    amount_minor: int | None = Field(default=None, sa_type=Big)
    currency: str | None = None
    created_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class DealContact(SQLModel, table=True):
    """Who takes part in a deal."""

    __tablename__ = "deal_contact"

    deal_id: int = Field(sa_type=Big, foreign_key="deal.id", primary_key=True)
    identity_id: int = Field(sa_type=Big, foreign_key="identity.id", primary_key=True, index=True)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Order(SQLModel, table=True):
    """A purchase; a refund is a negative one on its own day that names the order it refunds."""

    __tablename__ = "order"
    __table_args__ = (
        _key("order"),
        Index("ix_order_identity_time", "identity_id", "occurred_at"),
        Index("ix_order_refund_of", "refund_of_native_id", **_where("refund_of_native_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    identity_id: int | None = Field(default=None, sa_type=Big, foreign_key="identity.id")
    organization_id: int | None = Field(default=None, sa_type=Big, foreign_key="organization.id", index=True)
    refund_of_native_id: str | None = None
    product: str | None = None
    quantity: int | None = Field(default=None, sa_type=Big)
    amount_minor: int = Field(sa_type=Big)
    currency: str
    occurred_at: datetime = Field(sa_type=UtcTime, index=True)
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class Feedback(SQLModel, table=True):
    """What someone answered when asked: satisfaction (1 to 5), NPS (0 to 10), a poll."""

    __tablename__ = "feedback"
    __table_args__ = (_key("feedback"), Index("ix_feedback_identity_time", "identity_id", "occurred_at"))

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    identity_id: int | None = Field(default=None, sa_type=Big, foreign_key="identity.id")
    kind: str = Field(description="csat | nps | poll")
    score: float | None = None
    choice: str | None = None
    comment: str | None = None
    about_native_id: str | None = Field(default=None, description="the root post of the case that it is about")
    occurred_at: datetime = Field(sa_type=UtcTime, index=True)
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class ChannelDay(SQLModel, table=True):
    """A channel's day as the network's own insights export reports it. ``native_id``: the channel's id and the day."""

    __tablename__ = "channel_day"
    __table_args__ = (_key("channel_day"), UniqueConstraint("channel_id", "day"))

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    network: str
    source: str
    native_id: str
    channel_id: int = Field(sa_type=Big, foreign_key="channel.id")
    day: date
    followers: int | None = Field(default=None, sa_type=Big)
    impressions: int | None = Field(default=None, sa_type=Big)
    reach: int | None = Field(default=None, sa_type=Big)
    observed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    run_id: int | None = Field(default=None, sa_type=Big, index=True)


class ImportRun(SQLModel, table=True):
    """One file brought in: what it was, how far it is, what came of it."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    file: str = Field(description="the file's name, with its place inside a zip or folder")
    fingerprint: str = Field(index=True, description="of content and options: the same file again is known by it")
    format: str | None = None
    options: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, description="how it was read: its refused rows are read so again"
    )
    shape: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=Json,
        description="how its refused rows are written again: columns of a table, place in a JSON document",
    )
    status: str = Field(default=RunStatus.STAGING, index=True)
    cursor: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="how far the copy has come")
    rows_read: int = Field(default=0, sa_type=Big)
    added: int = Field(default=0, sa_type=Big)
    changed: int = Field(default=0, sa_type=Big)
    unchanged: int = Field(default=0, sa_type=Big)
    refused: int = Field(default=0, sa_type=Big)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="facts added, by table")
    skipped: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="rows that hold no fact, by reason")
    notes: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="what was read as what, with counts")
    first_at: datetime | None = Field(default=None, sa_type=UtcTime, description="the earliest time in the file")
    last_at: datetime | None = Field(default=None, sa_type=UtcTime, description="the latest time in the file")
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    seconds: float | None = None
    error: str | None = None


class ImportRefusal(SQLModel, table=True):
    """A row that could not be taken in, as it stood, with the reason."""

    __tablename__ = "import_refusal"

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    run_id: int = Field(sa_type=Big, foreign_key="import_run.id", index=True)
    file: str
    line: int | None = Field(default=None, sa_type=Big)
    reason: str
    raw: str | None = None


class ImportChange(SQLModel, table=True):
    """What a fact said before a running import changed it, so that cancelling restores it. Gone once that is done."""

    __tablename__ = "import_change"

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    run_id: int = Field(sa_type=Big, foreign_key="import_run.id", index=True)
    table_name: str
    row_id: int = Field(sa_type=Big)
    before: dict[str, Any] = Field(sa_type=Json)
