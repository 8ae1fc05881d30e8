"""Which people of a period are wanted, and how many they are, from ``Influence`` and ``InfluenceCount``."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlmodel import Session

from data_access.models import derived, facts
from data_access.queries.frames import Rows
from data_access.upsert import table

INFLUENCE = table(derived.Influence)
COUNT = table(derived.InfluenceCount)
VALUE = table(derived.PersonValue)
PERSON_IDENTITY = table(derived.PersonIdentity)
POST_TOPIC = table(derived.PostTopic)
POST = table(facts.Post)

REPLY, MENTION, SHARE = RELATIONS = ("reply", "mention", "share")
_RECEIVED = {REPLY: "in_replies", MENTION: "in_mentions", SHARE: "in_shares"}
POSITIVE, NEUTRAL, NEGATIVE = MOODS = ("positive", "neutral", "negative")
#: A mood is said of who has at least so many scored posts in the period.
LEAST_SCORED = 2
#: Of a topic the newest so many posts of the period name who spoke of it.
NEWEST_OF_TOPIC = 50_000


@dataclass(frozen=True)
class InfluenceConditions:
    """Which people of a period; all that is set must hold. ``networks``: with a tie on one of them. ``relations``:
    who got a reply, mention or share of one of these. ``mood``: positive | neutral | negative. ``about``: a topic,
    and the half-open UTC times between which they wrote of it."""

    period: str
    networks: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    mood: str | None = None
    about: tuple[str, datetime, datetime] | None = None
    customers_only: bool = False
    kind: str | None = None
    community: int | None = None


def _between_bars(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column.contains(f"|{name}|", autoescape=True)


def _has_mood(mood: str) -> ColumnElement[bool]:
    balance = INFLUENCE.c.positive - INFLUENCE.c.negative
    sign = {POSITIVE: balance > 0, NEUTRAL: balance == 0, NEGATIVE: balance < 0}[mood]
    return and_(INFLUENCE.c.scored >= LEAST_SCORED, sign)


def has_bought() -> ColumnElement[bool]:
    """Whether somebody bought something that was not wholly refunded, or took part in a deal that was won."""
    return or_(VALUE.c.orders > 0, VALUE.c.deals_won > 0)


def _authors_about(topic: str, since: datetime, until: datetime) -> Select[int]:
    recent = (
        select(POST_TOPIC.c.post_id)
        .where(POST_TOPIC.c.topic == topic, POST_TOPIC.c.occurred_at >= since, POST_TOPIC.c.occurred_at < until)
        .order_by(POST_TOPIC.c.occurred_at.desc(), POST_TOPIC.c.post_id.desc())
        .limit(NEWEST_OF_TOPIC)
        .subquery()
    )
    return (
        select(PERSON_IDENTITY.c.person_id)
        .join_from(recent, POST, POST.c.id == recent.c.post_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == POST.c.author_id)
    )


def select_wanted(wanted: InfluenceConditions) -> list[ColumnElement[bool]]:
    """The conditions on ``Influence``."""
    conditions = [INFLUENCE.c.period == wanted.period, INFLUENCE.c.role.is_(None)]
    if wanted.community is not None:
        conditions.append(INFLUENCE.c.community == wanted.community)
    if wanted.networks:
        conditions.append(or_(false(), *(_between_bars(INFLUENCE.c.networks, name) for name in wanted.networks)))
    if wanted.relations:
        conditions.append(or_(false(), *(INFLUENCE.c[_RECEIVED[name]] > 0 for name in wanted.relations)))
    if wanted.kind is not None:
        conditions.append(_between_bars(INFLUENCE.c.kinds, wanted.kind))
    if wanted.mood is not None:
        conditions.append(_has_mood(wanted.mood))
    if wanted.customers_only:
        conditions.append(INFLUENCE.c.person_id.in_(select(VALUE.c.person_id).where(has_bought())))
    if wanted.about is not None:
        conditions.append(INFLUENCE.c.person_id.in_(_authors_about(*wanted.about)))
    return conditions


def list_of_kind(session: Session, wanted: InfluenceConditions) -> dict[str, int] | None:
    """What ``Influence.kinds`` says of whoever is of the wanted kind, and how many of the wanted are of just those
    kinds, by the kept counts. None where nothing is kept, or more is asked for than the kind and networks: the index of
    kinds has those alone."""
    if wanted.kind is None or wanted != InfluenceConditions(wanted.period, wanted.networks, kind=wanted.kind):
        return None
    counted = select(COUNT.c.kinds, func.sum(_kept(wanted))).where(COUNT.c.period == wanted.period)
    rows = session.execute(counted.group_by(COUNT.c.kinds)).all()
    return {str(kinds): int(people) for kinds, people in rows if people} if rows else None


def select_of_kind(wanted: InfluenceConditions, kinds: Collection[str]) -> list[ColumnElement[bool]]:
    """The conditions on ``Influence`` for people of a kind, by what its ``kinds`` says of them, which the index has."""
    # in letters: SQLite takes an index of some rows only where a query says which, and a bound value does not
    is_any = INFLUENCE.c.kinds != literal_column("'|'")
    return [is_any, INFLUENCE.c.kinds.in_(sorted(kinds)), *select_wanted(replace(wanted, kind=None))]


def select_alike() -> Rows:
    """The rows of ``InfluenceCount`` that ``Influence`` gives, columns in the order of the model."""
    c = INFLUENCE.c
    mood = case(*((_has_mood(name), name) for name in MOODS), else_="")
    received: ColumnElement[str] = literal("|")
    for name, column in _RECEIVED.items():
        received = received + case((c[column] > 0, f"{name}|"), else_="")
    groups = (c.period, c.networks, c.kinds, mood.label("mood"), received.label("received"))
    return select(*groups, func.count().label("people")).where(c.role.is_(None)).group_by(*groups)


def count_wanted(session: Session, wanted: InfluenceConditions) -> int:
    """How many of the public match. Kept counts say so, but where that hangs on what people bought, on what they wrote
    about or on one community."""
    if wanted == replace(wanted, customers_only=False, about=None, community=None):
        kept = session.scalar(select(func.sum(_kept(wanted))).where(COUNT.c.period == wanted.period))
        if kept is not None:
            return int(kept)
    every = select(func.count()).select_from(INFLUENCE).where(*select_wanted(wanted))
    return int(session.execute(every).scalar_one())


def _kept(wanted: InfluenceConditions) -> ColumnElement[int]:
    """The people of a row of ``InfluenceCount``, 0 where they are not wanted."""
    conditions = []
    if wanted.networks:
        conditions.append(or_(false(), *(_between_bars(COUNT.c.networks, name) for name in wanted.networks)))
    if wanted.relations:
        conditions.append(or_(false(), *(_between_bars(COUNT.c.received, name) for name in wanted.relations)))
    if wanted.kind is not None:
        conditions.append(_between_bars(COUNT.c.kinds, wanted.kind))
    if wanted.mood is not None:
        conditions.append(COUNT.c.mood == wanted.mood)
    return case((and_(true(), *conditions), COUNT.c.people), else_=0)
