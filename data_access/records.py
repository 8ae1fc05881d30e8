"""What an importer yields: one record for each fact, naming other facts by their ids on the network.

A record says what the file says and no more: ``None`` is "not reported". Every record carries ``network`` and
``source`` (the instance, workspace, site or CRM account that its ids belong to); ids are text. References
(``channel``, ``author``, ``parent`` ...) are ids within the same network and source. A reference to an account that
the file does not describe makes a bare account of that id. Where only a handle is known, the id is ``"@" + handle``
in lower case (``handle_id``). Times are aware.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime


def handle_id(handle: str) -> str:
    """The id of an account of which only the handle is known."""
    return "@" + handle.lstrip("@").lower()


def content_id(author: str | None, occurred_at: datetime | None, text: str | None, channel: str | None = None) -> str:
    """The id of a post that has none in its file: a hash of author, time, text, and its channel where that is known."""
    moment = "" if occurred_at is None else occurred_at.isoformat()
    parts = (author or "", moment, text or "", *([channel] if channel else ()))
    return "#" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(slots=True)
class BrandRecord:
    name: str
    is_competitor: bool | None = None


@dataclass(slots=True)
class ChannelRecord:
    network: str
    source: str
    native_id: str
    name: str
    kind: str = "public"
    purpose: str | None = None
    voice: str | None = None
    brand: str | None = None
    owner: str | None = None
    url: str | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class OrganizationRecord:
    network: str
    source: str
    native_id: str
    name: str
    domain: str | None = None
    sector: str | None = None
    country: str | None = None
    employees: int | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class IdentityRecord:
    network: str
    source: str
    native_id: str
    handle: str | None = None
    display_name: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    bio: str | None = None
    url: str | None = None
    location: str | None = None
    organization: str | None = None
    organization_native_id: str | None = None
    followers: int | None = None
    owner: str | None = None
    is_team: bool | None = None
    is_bot: bool | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class PostRecord:
    """``parent`` is the post answered or shared, ``parent_author`` whose it is where the file says so. ``mentions``
    are ids of accounts (``handle_id`` where only a handle is known)."""

    network: str
    source: str
    native_id: str
    channel: str
    occurred_at: datetime
    author: str | None = None
    kind: str = "post"
    text: str = ""
    title: str | None = None
    url: str | None = None
    language: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    parent: str | None = None
    parent_author: str | None = None
    root: str | None = None
    mentions: tuple[str, ...] = ()
    likes: int | None = None
    shares: int | None = None
    replies: int | None = None
    views: int | None = None
    reach: int | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class InteractionRecord:
    """Replies, shares and mentions follow from posts by themselves; this is for likes, follows, votes and the like."""

    network: str
    source: str
    native_id: str
    kind: str
    actor: str
    target: str | None = None
    post: str | None = None
    occurred_at: datetime | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class VisitRecord:
    network: str
    source: str
    native_id: str
    identity: str
    occurred_at: datetime
    channel: str | None = None
    url: str | None = None
    referrer: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class DealRecord:
    network: str
    source: str
    native_id: str
    name: str | None = None
    organization: str | None = None
    owner: str | None = None
    product: str | None = None
    stage: str | None = None
    stages: list[dict[str, str]] = field(default_factory=list)
    is_won: bool | None = None
    amount_minor: int | None = None
    currency: str | None = None
    contacts: tuple[str, ...] = ()
    created_at: datetime | None = None
    closed_at: datetime | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class OrderRecord:
    """A purchase, or a refund: a negative one that names its order. One that was cancelled is an order of 0 that names
    itself: it counts as no order, and no other file's amount stands before it."""

    network: str
    source: str
    native_id: str
    amount_minor: int
    currency: str
    occurred_at: datetime
    identity: str | None = None
    organization: str | None = None
    refund_of: str | None = None
    product: str | None = None
    quantity: int | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class FeedbackRecord:
    network: str
    source: str
    native_id: str
    kind: str
    occurred_at: datetime
    identity: str | None = None
    score: float | None = None
    choice: str | None = None
    comment: str | None = None
    about: str | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class ChannelDayRecord:
    network: str
    source: str
    native_id: str
    channel: str
    day: date
    followers: int | None = None
    impressions: int | None = None
    reach: int | None = None
    observed_at: datetime | None = None


@dataclass(slots=True)
class Refusal:
    """A row that cannot be taken in: where it stands, why, as it stood."""

    line: int | None
    reason: str
    raw: str | None = None


@dataclass(slots=True)
class Note:
    """Something read as something else: "GTXPro" as "GTX Pro". The run counts and keeps them, by ``text``."""

    text: str


Record = (
    BrandRecord
    | ChannelRecord
    | OrganizationRecord
    | IdentityRecord
    | PostRecord
    | InteractionRecord
    | VisitRecord
    | DealRecord
    | OrderRecord
    | FeedbackRecord
    | ChannelDayRecord
)
