"""One person's doings in the order of time, and with whom they talk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, literal, null, select, true, union_all
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from data_access.models.derived import Person, PersonDay, PersonIdentity, PostScore, PostThread, Turn
from data_access.models.facts import Channel, Feedback, Identity, Interaction, InteractionKind, Order, Post, Visit
from data_access.queries.frames import Rows, read_frame

#: The sorts of entries, in the order in which those of one moment stand.
SORTS = ("post", "visit", "order", "feedback")
TALK = (InteractionKind.REPLY, InteractionKind.MENTION, InteractionKind.SHARE)
_OPTIONAL = ("likes", "replies", "shares", "amount_minor", "conversation_id")


@dataclass(frozen=True)
class TimelinePlace:
    """The last entry already seen."""

    moment: datetime
    sort: str
    entry_id: int


def _after(place: TimelinePlace | None, sort: str, moment: Mapped[Any], entry: Mapped[Any]) -> ColumnElement[bool]:
    if place is None:
        return true()
    ranks = SORTS.index(sort), SORTS.index(place.sort)
    if ranks[0] < ranks[1]:
        return moment < place.moment
    if ranks[0] > ranks[1]:
        return moment <= place.moment
    return (moment < place.moment) | ((moment == place.moment) & (entry < place.entry_id))


def _posts(accounts: Collection[int]) -> Rows:
    return (
        select(
            literal("post").label("sort"),
            col(Post.id).label("entry_id"),
            col(Post.occurred_at),
            col(Post.kind),
            col(Post.network),
            col(Post.source),
            col(Post.native_id),
            col(Channel.name).label("channel"),
            col(Post.title),
            col(Post.text),
            col(Post.url),
            col(PostScore.label),
            col(PostScore.compound),
            col(Post.likes),
            col(Post.replies),
            col(Post.shares),
            null().label("amount_minor"),
            null().label("currency"),
            col(PostThread.conversation_id),
        )
        .join(Channel, col(Channel.id) == col(Post.channel_id))
        .join(PostScore, col(PostScore.post_id) == col(Post.id), isouter=True)
        .join(PostThread, col(PostThread.post_id) == col(Post.id), isouter=True)
        .where(col(Post.author_id).in_(accounts), col(Post.deleted_at).is_(None))
    )


_EMPTY = (
    *("channel", "title", "text", "url", "label", "compound", "likes", "replies", "shares", "amount_minor"),
    *("currency", "conversation_id"),
)


def _plain(sort: str, model: Any, accounts: Collection[int], **known: Any) -> Rows:
    """Entries that are no posts: what they have not is NULL."""
    return select(
        literal(sort).label("sort"),
        col(model.id).label("entry_id"),
        col(model.occurred_at),
        known.get("kind", literal(sort)).label("kind"),
        col(model.network),
        col(model.source),
        col(model.native_id),
        *[known.get(name, null()).label(name) for name in _EMPTY],
    ).where(col(model.identity_id).in_(accounts))


def _entries(sort: str, accounts: Collection[int]) -> tuple[Rows, Any]:
    """The entries of a sort, and the model that they come from."""
    if sort == "post":
        return _posts(accounts), Post
    if sort == "visit":
        known = {"title": col(Visit.utm_source), "text": col(Visit.utm_campaign), "url": col(Visit.url)}
        return _plain("visit", Visit, accounts, **known), Visit
    if sort == "order":
        money = {"amount_minor": col(Order.amount_minor), "currency": col(Order.currency)}
        return _plain("order", Order, accounts, title=col(Order.product), **money), Order
    said = {"kind": col(Feedback.kind), "title": col(Feedback.choice), "text": col(Feedback.comment)}
    return _plain("feedback", Feedback, accounts, compound=col(Feedback.score), **said), Feedback


def list_timeline(
    session: Session,
    accounts: Collection[int],
    *,
    sorts: Collection[str] = SORTS,
    after: TimelinePlace | None = None,
    limit: int = 50,
) -> pd.DataFrame:
    """What these accounts did, newest first: ``sort`` (of ``SORTS``), ``entry_id`` (of its table), ``occurred_at``,
    ``kind``, the natural key (``network``, ``source``, ``native_id``), ``channel``, ``title``, ``text``, ``url``,
    ``label``, ``compound`` (of feedback: its score), ``likes``, ``replies``, ``shares`` (Int64), ``amount_minor``
    (Int64) and ``currency`` of orders, ``conversation_id`` of posts."""
    frames = []
    for sort in (name for name in SORTS if name in sorts):
        statement, model = _entries(sort, accounts)
        moment, entry = col(model.occurred_at), col(model.id)
        wanted = statement.where(_after(after, sort, moment, entry))
        frames.append(_read(session, wanted.order_by(moment.desc(), entry.desc()).limit(limit)))
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return _read(session, _posts(()).limit(0))
    rows = pd.concat(filled, ignore_index=True)
    rank = rows["sort"].map(SORTS.index)
    ordered = rows.assign(rank=rank).sort_values(["occurred_at", "rank", "entry_id"], ascending=[False, True, False])
    return ordered.drop(columns="rank").head(limit).reset_index(drop=True)


def _read(session: Session, statement: Rows) -> pd.DataFrame:
    """A column that is NULL for a whole sort of entries has no type of its own."""
    frame = read_frame(session, statement, optional=_OPTIONAL)
    return frame.astype({**dict.fromkeys(_OPTIONAL, "Int64"), "compound": "float64"})


def _talk(mine: Mapped[Any], theirs: Mapped[Any], accounts: Collection[int]) -> Rows:
    """How often, and when last, by the account on the other side."""
    return (
        select(
            theirs.label("identity_id"),
            func.count().label("times"),
            func.max(Interaction.occurred_at).label("last_at"),
        )
        .where(mine.in_(accounts), theirs.is_not(None), col(Interaction.kind).in_(TALK))
        .group_by(theirs)
    )


def list_circle(session: Session, person_id: int, accounts: Collection[int], *, limit: int = 50) -> pd.DataFrame:
    """With whom a person talks (replies, mentions, shares), most first: ``person_id``, ``name``, ``sent`` (by them to
    the other), ``received`` (by the other to them), ``last_at``. Themselves and accounts of nobody are left out."""
    actor, target = col(Interaction.actor_id), col(Interaction.target_id)
    sent, received = _talk(actor, target, accounts).subquery(), _talk(target, actor, accounts).subquery()
    both = union_all(
        select(sent.c.identity_id, sent.c.times.label("sent"), literal(0).label("received"), sent.c.last_at),
        select(received.c.identity_id, literal(0), received.c.times, received.c.last_at),
    ).subquery()
    statement: Rows = (
        select(
            col(PersonIdentity.person_id),
            func.max(func.coalesce(Person.name, Identity.display_name, Identity.handle)).label("name"),
            func.sum(both.c.sent).label("sent"),
            func.sum(both.c.received).label("received"),
            func.max(both.c.last_at).label("last_at"),
        )
        .join_from(both, PersonIdentity, col(PersonIdentity.identity_id) == both.c.identity_id)
        .join(Identity, col(Identity.id) == both.c.identity_id)
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(col(PersonIdentity.person_id) != person_id)
        .group_by(col(PersonIdentity.person_id))
        .order_by(func.sum(both.c.sent + both.c.received).desc(), col(PersonIdentity.person_id))
        .limit(limit)
    )
    return read_frame(session, statement)


def list_person_turns(session: Session, person_id: int) -> pd.DataFrame:
    """A person's turns, newest first: ``opened_post_id``, ``conversation_id``, ``opened_at``, ``closed_at`` (NaT while
    open), ``response_seconds`` (Int64)."""
    statement: Rows = (
        select(
            col(Turn.opened_post_id),
            col(Turn.conversation_id),
            col(Turn.opened_at),
            col(Turn.closed_at),
            col(Turn.response_seconds),
        )
        .where(col(Turn.person_id) == person_id)
        .order_by(col(Turn.opened_at).desc(), col(Turn.opened_post_id).desc())
    )
    return read_frame(session, statement, optional=("response_seconds",))


def list_person_channels(session: Session, person_id: int) -> pd.DataFrame:
    """Where a person writes, most first: ``channel_id``, ``channel``, ``network``, ``posts``, ``last_day``."""
    posts = func.sum(PersonDay.posts).label("posts")
    statement: Rows = (
        select(
            col(PersonDay.channel_id),
            col(Channel.name).label("channel"),
            col(Channel.network),
            posts,
            func.max(PersonDay.day).label("last_day"),
        )
        .join(Channel, col(Channel.id) == col(PersonDay.channel_id))
        .where(col(PersonDay.person_id) == person_id)
        .group_by(col(PersonDay.channel_id), col(Channel.name), col(Channel.network))
        .order_by(posts.desc(), col(PersonDay.channel_id))
    )
    return read_frame(session, statement)
