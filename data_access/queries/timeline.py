"""What a person did, and what we did about it, in the order of time."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Row, and_, case, func, literal, null, or_, select, true
from sqlmodel import Session, col

from data_access.models.decisions import CaseEvent
from data_access.models.derived import Person, PersonIdentity, PostScore, PostThread, Turn
from data_access.models.facts import Channel, Deal, DealContact, Feedback, Identity, Order, Post, PostKind, Visit
from data_access.queries.frames import Rows

#: The sorts of entries, in the order in which those of one moment stand.
SORTS = ("post", "reply", "answer", "case", "visit", "order", "deal", "feedback")
#: What they wrote.
WRITTEN = ("post", "reply")
_REPLIES = (PostKind.REPLY, PostKind.COMMENT)
_COLUMNS = {
    "sort": "object",
    "entry_id": "int64",
    "occurred_at": "datetime64[us, UTC]",
    "kind": "object",
    "network": "object",
    "source": "object",
    "native_id": "object",
    "channel": "object",
    "title": "object",
    "text": "object",
    "url": "object",
    "label": "object",
    "score": "float64",
    "likes": "Int64",
    "replies": "Int64",
    "shares": "Int64",
    "amount_minor": "Int64",
    "currency": "object",
    "conversation_id": "Int64",
    "by": "object",
    "seconds": "Int64",
}
_MODELS: dict[str, Any] = {"post": Post, "reply": Post, "visit": Visit, "order": Order, "feedback": Feedback}
_KEY = ("network", "source", "native_id")
#: While a deal is open, it stands where it began.
_DEAL_TIME = func.coalesce(Deal.closed_at, Deal.created_at)


@dataclass(frozen=True)
class TimelinePlace:
    """The last entry already seen."""

    moment: datetime
    sort: str
    entry_id: int


def _after(place: TimelinePlace | None, sort: str, moment: Any, entry: Any) -> ColumnElement[bool]:
    if place is None:
        return true()
    ranks = SORTS.index(sort), SORTS.index(place.sort)
    # The first half of each lets an index on the time begin where the last page ended.
    is_not_later: ColumnElement[bool] = moment <= place.moment
    is_earlier: ColumnElement[bool] = moment < place.moment
    if ranks[0] < ranks[1]:
        return is_earlier
    if ranks[0] > ranks[1]:
        return is_not_later
    return and_(is_not_later, or_(is_earlier, entry < place.entry_id))


def _select(sort: str, model: Any, moment: Any, **known: Any) -> Rows:
    """The columns of an entry: what a sort does not have is NULL."""
    given: dict[str, Any] = {"sort": literal(sort), "entry_id": col(model.id), "occurred_at": moment}
    given |= {"kind": literal(sort), **{name: col(getattr(model, name)) for name in _KEY}, **known}
    return select(*[given.get(name, null()).label(name) for name in _COLUMNS])


def _posts(sort: str, account: int) -> Rows:
    own = {name: col(getattr(Post, name)) for name in ("kind", "title", "text", "url", "likes", "replies", "shares")}
    statement = _select(
        sort,
        Post,
        col(Post.occurred_at),
        **own,
        channel=col(Channel.name),
        label=col(PostScore.label),
        score=col(PostScore.compound),
        conversation_id=col(PostThread.conversation_id),
    )
    return (
        statement.join(Channel, col(Channel.id) == col(Post.channel_id))
        .join(PostScore, col(PostScore.post_id) == col(Post.id), isouter=True)
        .join(PostThread, col(PostThread.post_id) == col(Post.id), isouter=True)
        .where(col(Post.author_id) == account, col(Post.deleted_at).is_(None), _is_written_as(sort))
    )


def _is_written_as(sort: str) -> ColumnElement[bool]:
    return col(Post.kind).in_(_REPLIES) if sort == "reply" else col(Post.kind).not_in(_REPLIES)


def _of_account(sort: str, account: int) -> Rows:
    """The entries of a sort that belong to one account. One at a time: so an index gives them newest first."""
    if sort in WRITTEN:
        return _posts(sort, account)
    if sort == "visit":
        seen = {"title": col(Visit.utm_source), "text": col(Visit.utm_campaign), "url": col(Visit.url)}
        return _select("visit", Visit, col(Visit.occurred_at), **seen).where(col(Visit.identity_id) == account)
    if sort == "order":
        bought = {name: col(getattr(Order, name)) for name in ("amount_minor", "currency")}
        statement = _select("order", Order, col(Order.occurred_at), title=col(Order.product), **bought)
        return statement.where(col(Order.identity_id) == account)
    said = {"kind": col(Feedback.kind), "title": col(Feedback.choice), "text": col(Feedback.comment)}
    statement = _select("feedback", Feedback, col(Feedback.occurred_at), **said, score=col(Feedback.score))
    return statement.where(col(Feedback.identity_id) == account)


def _deals(accounts: Collection[int]) -> Rows:
    """Deals of which any of the accounts is a contact, each once."""
    outcome = case((col(Deal.is_won).is_(True), "won"), (col(Deal.is_won).is_(False), "lost"), else_="open")
    shown = {"kind": outcome, "title": func.coalesce(Deal.name, Deal.product), "text": col(Deal.stage)}
    money = {name: col(getattr(Deal, name)) for name in ("amount_minor", "currency")}
    contacts = select(col(DealContact.deal_id)).where(col(DealContact.identity_id).in_(accounts))
    statement = _select("deal", Deal, _DEAL_TIME, **shown, **money)
    return statement.where(col(Deal.id).in_(contacts), _DEAL_TIME.is_not(None))


def _people(accounts: Collection[int]) -> Any:
    return select(col(PersonIdentity.person_id)).where(col(PersonIdentity.identity_id).in_(accounts))


def _answers(accounts: Collection[int]) -> Rows:
    """What the team answered them: of each turn that closed, the post that closed it."""
    given: dict[str, Any] = {
        "entry_id": col(Turn.opened_post_id),
        "text": col(Post.text),
        "url": col(Post.url),
        "channel": col(Channel.name),
        "conversation_id": col(Turn.conversation_id),
        "by": func.coalesce(Person.name, Identity.display_name, Identity.handle),
        "seconds": col(Turn.response_seconds),
    }
    return (
        _select("answer", Post, col(Turn.closed_at), **given)
        .join_from(Turn, Post, col(Post.id) == col(Turn.closed_post_id))
        .join(Channel, col(Channel.id) == col(Post.channel_id))
        .join(Identity, col(Identity.id) == col(Turn.closed_by), isouter=True)
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Turn.closed_by), isouter=True)
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(col(Turn.person_id).in_(_people(accounts)), col(Turn.closed_at).is_not(None))
    )


def _case_events(accounts: Collection[int]) -> Rows:
    """What was done here about the conversations in which they waited. A case is its root post."""
    roots = select(col(Turn.conversation_id)).where(col(Turn.person_id).in_(_people(accounts)))
    withdrawn = select(col(CaseEvent.withdraws)).where(col(CaseEvent.withdraws).is_not(None))
    said: dict[str, Any] = {"kind": col(CaseEvent.kind), "title": col(CaseEvent.assignee), "text": col(CaseEvent.note)}
    said |= {"channel": col(Channel.name), "conversation_id": col(Post.id), "by": col(CaseEvent.decided_by)}
    is_it = and_(*(getattr(CaseEvent, name) == getattr(Post, name) for name in _KEY))
    return (
        _select("case", CaseEvent, col(CaseEvent.decided_at), **said)
        .join_from(Post, CaseEvent, is_it)
        .join(Channel, col(Channel.id) == col(Post.channel_id))
        .where(
            col(Post.id).in_(roots),
            col(CaseEvent.withdraws).is_(None),
            col(CaseEvent.id).not_in(withdrawn),
        )
    )


#: Sorts that are of a person rather than of one account: what selects them, their time and id.
_OF_PEOPLE: dict[str, tuple[Callable[[Collection[int]], Rows], Any, Any]] = {
    "deal": (_deals, _DEAL_TIME, col(Deal.id)),
    "answer": (_answers, col(Turn.closed_at), col(Turn.opened_post_id)),
    "case": (_case_events, col(CaseEvent.decided_at), col(CaseEvent.id)),
}


def _statements(sort: str, accounts: Collection[int]) -> tuple[list[Rows], Any, Any]:
    """What reads a sort, with its time and id."""
    if sort in _OF_PEOPLE:
        select_sort, moment, entry = _OF_PEOPLE[sort]
        return [select_sort(accounts)], moment, entry
    model = _MODELS[sort]
    return [_of_account(sort, account) for account in accounts], col(model.occurred_at), col(model.id)


def list_timeline(
    session: Session,
    accounts: Collection[int],
    *,
    sorts: Collection[str] = SORTS,
    after: TimelinePlace | None = None,
    limit: int = 50,
) -> pd.DataFrame:
    """What these accounts did, and what we did about it, newest first: ``sort`` (of ``SORTS``; ``answer``: of the team,
    to a turn of theirs; ``case``: decided here about their conversation), ``entry_id`` (of its table; of an answer: the
    post that opened the turn), ``occurred_at`` (UTC; of a deal: when it closed, else began), ``kind`` (of a deal: won,
    lost or open; of a case: of ``CaseEventKind``), the natural key (``network``, ``source``, ``native_id``),
    ``channel``, ``title`` (of a case: to whom it was assigned), ``text`` (of a deal: its stage; of a case: the note),
    ``url``, ``label``, ``score`` (a post's compound, a feedback's score), ``likes``, ``replies``, ``shares`` (Int64),
    ``amount_minor`` (Int64) and ``currency`` of orders and deals, ``conversation_id`` (Int64), ``by`` (who answered or
    decided), ``seconds`` (that an answer took; Int64)."""
    rows: list[Row[Any]] = []
    for sort in (name for name in SORTS if name in sorts):
        statements, moment, entry = _statements(sort, accounts)
        for statement in statements:
            wanted = statement.where(_after(after, sort, moment, entry))
            rows += session.execute(wanted.order_by(moment.desc(), entry.desc()).limit(limit))
    rows.sort(key=lambda row: (row.occurred_at, -SORTS.index(row.sort), row.entry_id), reverse=True)
    values: list[tuple[Any, ...]] = list(zip(*rows[:limit], strict=True)) or [()] * len(_COLUMNS)
    named = zip(_COLUMNS.items(), values, strict=True)
    return pd.DataFrame({name: pd.Series(list(held), dtype=dtype) for (name, dtype), held in named})


def count_entries(session: Session, accounts: Collection[int]) -> dict[str, int]:
    """How many entries of each sort these accounts have; sorts without any are missing."""
    counts = _count_written(session, accounts)
    for sort in (sort for sort in SORTS if sort not in WRITTEN):
        if sort in _OF_PEOPLE:
            statement = select(func.count()).select_from(_OF_PEOPLE[sort][0](accounts).subquery())
        else:
            statement = select(func.count()).where(_MODELS[sort].identity_id.in_(accounts))
        counts[sort] = session.execute(statement).scalar_one()
    return {sort: counts[sort] for sort in SORTS if counts.get(sort)}


def _count_written(session: Session, accounts: Collection[int]) -> dict[str, int]:
    """Posts and replies, counted in one walk: a member of the team may have written a hundred thousand."""
    statement = (
        select(col(Post.kind), func.count())
        .where(col(Post.author_id).in_(accounts), col(Post.deleted_at).is_(None))
        .group_by(col(Post.kind))
    )
    counts = dict.fromkeys(WRITTEN, 0)
    for kind, count in session.execute(statement):
        counts["reply" if kind in _REPLIES else "post"] += count
    return counts


def read_seen(session: Session, accounts: Collection[int]) -> tuple[datetime, datetime] | None:
    """When these accounts first and last did anything that has its own time (UTC); None where they did nothing."""
    found: list[datetime] = []
    for model in dict.fromkeys(_MODELS.values()):
        owner: Any = model.author_id if model is Post else model.identity_id
        statement = select(func.min(model.occurred_at), func.max(model.occurred_at)).where(owner.in_(accounts))
        found += [moment for moment in session.execute(statement).one() if moment is not None]
    return (min(found), max(found)) if found else None
