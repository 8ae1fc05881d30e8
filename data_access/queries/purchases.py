"""Orders and deals by the person who bought."""

from collections import Counter
from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session

from data_access.among import among
from data_access.models import derived, facts
from data_access.queries.frames import read_frame
from data_access.upsert import chunks, table

ORDER = table(facts.Order)
DEAL = table(facts.Deal)
DEAL_CONTACT = table(facts.DealContact)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
_IS_INBOUND = PERSON.c.role.is_(None)
_NULLABLE = ("refund_of_native_id", "amount_minor", "is_won", "currency", "closed_at")


def refunded_order() -> tuple[Any, ColumnElement[bool]]:
    """The order that a refund gives back money of, and what ties the two: a refund is its buyer's, whoever is named on
    it."""
    bought = ORDER.alias("bought")
    same_shop = and_(bought.c.network == ORDER.c.network, bought.c.source == ORDER.c.source)
    return bought, and_(same_shop, bought.c.native_id == ORDER.c.refund_of_native_id)


def read_orders(session: Session, people: Collection[int] | None = None) -> pd.DataFrame:
    """Orders and refunds of inbound persons, of these or of all, by time: ``person_id``, ``currency``, ``network``,
    ``source``, ``native_id``, ``refund_of_native_id`` (None: no refund), ``amount_minor``, ``occurred_at`` (UTC). A
    refund is of the buyer of its order; where the store does not have that, of whom it names itself. Orders that only
    an organisation is known to have made are left out."""
    names = ("currency", "network", "source", "native_id", "refund_of_native_id", "amount_minor", "occurred_at", "id")
    columns = (PERSON_IDENTITY.c.person_id, *(ORDER.c[name] for name in names))
    found = [_of(session, statement, people) for statement in _select_orders(*columns)]
    both = pd.concat(found, ignore_index=True).sort_values(["occurred_at", "id"], ignore_index=True)
    return both.drop(columns="id")


def _select_orders(*columns: ColumnElement[Any]) -> tuple[Select[Any], Select[Any]]:
    """Orders and refunds of inbound persons: those of whom they name, and refunds of the buyers of their orders."""
    bought, is_of = refunded_order()
    own = (
        select(*columns)
        .join_from(ORDER, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == ORDER.c.identity_id)
        .join(bought, is_of, isouter=True)
        .where(bought.c.id.is_(None))
    )
    # apart, since no index finds the orders of a person by either of two columns
    back = (
        select(*columns)
        .join_from(bought, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == bought.c.identity_id)
        .join(ORDER, is_of)
    )
    own, back = (
        each.join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id).where(_IS_INBOUND) for each in (own, back)
    )
    return own, back


def sum_orders(session: Session) -> dict[tuple[int, str], int]:
    """What every inbound person bought, less refunds, in minor units by person and currency, as of ``read_orders``."""
    key = (PERSON_IDENTITY.c.person_id, ORDER.c.currency)
    sums: Counter[tuple[int, str]] = Counter()
    for statement in _select_orders(*key, func.sum(ORDER.c.amount_minor)):
        for person, currency, minor in session.execute(statement.group_by(*key)):
            sums[int(person), str(currency)] += int(minor)
    return dict(sums)


def count_deals(session: Session) -> dict[tuple[int, str], int]:
    """How many deals every inbound person has won or has open, by person and currency ("" where that is not known), as
    of ``read_deals``."""
    key = (PERSON_IDENTITY.c.person_id, func.coalesce(DEAL.c.currency, ""))
    statement = (
        select(*key, func.count(DEAL.c.id.distinct()))
        .join_from(DEAL_CONTACT, DEAL, DEAL.c.id == DEAL_CONTACT.c.deal_id)
        .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == DEAL_CONTACT.c.identity_id)
        .join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
        .where(_IS_INBOUND, DEAL.c.is_won.is_not(False))
        .group_by(*key)
    )
    return {(int(person), str(currency)): int(deals) for person, currency, deals in session.execute(statement)}


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
        read_frame(session, statement.where(among(PERSON_IDENTITY.c.person_id, part)), optional=_NULLABLE)
        for part in parts
    ]
    return pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]
