"""What kinds of facts the store holds, how many, and which time they cover."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from data_access.models.facts import (
    ChannelDay,
    Deal,
    Feedback,
    Identity,
    Order,
    Organization,
    Post,
    Visit,
)

_KINDS: tuple[type[SQLModel], ...] = (Post, Deal, Order, Visit, Feedback, Identity, Organization, ChannelDay)
#: The times that say when something happened, each first in an index: the first and the last are a look-up each.
_MOMENTS: tuple[Any, ...] = (
    col(Order.occurred_at),
    col(Deal.created_at),
    col(Deal.closed_at),
    col(Visit.occurred_at),
    col(Feedback.occurred_at),
)


def has_facts(session: Session) -> bool:
    """Whether anything was brought in: a post, a sale, a visit, a survey answer, an account, an organisation."""
    return any(session.execute(select(kind.id).limit(1)).first() is not None for kind in _KINDS)  # type: ignore[attr-defined]


def count_facts(session: Session) -> dict[str, int]:
    """How many facts there are of each kind, by table; those without any are left out."""
    counts = {
        str(kind.__tablename__): int(session.execute(select(func.count()).select_from(kind)).scalar_one())
        for kind in _KINDS
    }
    return {name: count for name, count in counts.items() if count}


def read_moments(session: Session, *, before: datetime | None = None) -> tuple[datetime, datetime] | None:
    """The first and the last time (UTC) at which anything but posts happened: an order, a deal made or closed, a
    visit, a survey answer. None where nothing of these has a time. Where ``before`` is named and anything happened
    before it, what is later does not count."""
    # apart, since SQLite goes to the end of an index for one minimum or maximum only
    first = [session.scalar(select(func.min(moment))) for moment in _MOMENTS]
    last = [session.scalar(select(func.max(moment))) for moment in _MOMENTS]
    known = [moment for moment in (*first, *last) if moment is not None]
    if before is not None and known and min(known) < before <= max(known):
        last = [session.scalar(select(func.max(moment)).where(moment < before)) for moment in _MOMENTS]
        known = [moment for moment in (*first, *last) if moment is not None and moment < before]
    return (min(known), max(known)) if known else None
