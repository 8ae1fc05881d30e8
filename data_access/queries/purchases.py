"""Orders and deals by the person who bought."""

from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy import Select, select
from sqlmodel import Session

from data_access.models import derived, facts
from data_access.queries.frames import read_frame
from data_access.upsert import chunks, table

ORDER = table(facts.Order)
DEAL = table(facts.Deal)
DEAL_CONTACT = table(facts.DealContact)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
_NULLABLE = ("refund_of_native_id", "amount_minor", "is_won", "currency", "closed_at")


def read_orders(session: Session, people: Collection[int] | None = None) -> pd.DataFrame:
    """Orders and refunds of inbound persons, of these or of all, by time: ``person_id``, ``currency``, ``network``,
    ``source``, ``native_id``, ``refund_of_native_id`` (None: no refund), ``amount_minor``, ``occurred_at`` (UTC).
    Orders that only an organisation is known to have made are left out."""
    names = ("currency", "network", "source", "native_id", "refund_of_native_id", "amount_minor", "occurred_at")
    statement = (
        select(PERSON_IDENTITY.c.person_id, *(ORDER.c[name] for name in names))
        .join_from(ORDER, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == ORDER.c.identity_id)
        .join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
        .where(PERSON.c.role.is_(None))
        .order_by(ORDER.c.occurred_at, ORDER.c.id)
    )
    return _of(session, statement, people)


def read_deals(session: Session, people: Collection[int] | None = None) -> pd.DataFrame:
    """Deals in which inbound persons take part as contacts, of these or of all: ``person_id``, ``deal_id``,
    ``currency`` (None where not known), ``amount_minor`` (Int64), ``is_won`` (True, False: lost, NA: open),
    ``closed_at`` (UTC, NaT where open). A deal of several contacts is there for each of them."""
    columns = (DEAL.c.currency, DEAL.c.amount_minor, DEAL.c.is_won, DEAL.c.closed_at)
    statement = (
        select(PERSON_IDENTITY.c.person_id, DEAL.c.id.label("deal_id"), *columns)
        .join_from(DEAL_CONTACT, DEAL, DEAL.c.id == DEAL_CONTACT.c.deal_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == DEAL_CONTACT.c.identity_id)
        .join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
        .where(PERSON.c.role.is_(None))
        .order_by(DEAL.c.id)
        .distinct()
    )
    return _of(session, statement, people)


def _of(session: Session, statement: Select[Any], people: Collection[int] | None) -> pd.DataFrame:
    if people is None:
        return read_frame(session, statement, optional=_NULLABLE)
    parts = list(chunks(sorted(people))) or [[]]
    found = [
        read_frame(session, statement.where(PERSON_IDENTITY.c.person_id.in_(part)), optional=_NULLABLE)
        for part in parts
    ]
    return pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]
