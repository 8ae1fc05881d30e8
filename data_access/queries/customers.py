"""Customers by segment, and what engaged ones are worth, from ``PersonValue``."""

import pandas as pd
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session

from data_access.models import derived
from data_access.models.derived import PersonValue
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import table

VALUE = table(derived.PersonValue)
STAGE = table(derived.PersonStage)
PERSON = table(derived.Person)
_SUMS = ("orders", "revenue_minor", "deals_won", "deals_won_minor", "deals_open", "deals_open_minor")


def list_currencies(session: Session) -> list[str]:
    """The currencies in which people have ordered, the one of most people first."""
    statement = (
        select(VALUE.c.currency)
        .where(VALUE.c.orders > 0)
        .group_by(VALUE.c.currency)
        .order_by(func.count().desc(), VALUE.c.currency)
    )
    return list(session.scalars(statement))


def read_segments(session: Session, currency: str) -> pd.DataFrame:
    """Customers who ordered in a currency, by segment: ``segment`` (None: not placed), ``people``, ``orders``,
    ``revenue_minor``, ``expected_orders``, ``expected_minor``, ``foreseen`` (how many the expected revenue is of)."""
    statement: Rows = (
        select(
            VALUE.c.segment,
            func.count().label("people"),
            func.sum(VALUE.c.orders).label("orders"),
            func.sum(VALUE.c.revenue_minor).label("revenue_minor"),
            func.coalesce(func.sum(VALUE.c.expected_orders), 0.0).label("expected_orders"),
            func.coalesce(func.sum(VALUE.c.expected_minor), 0).label("expected_minor"),
            func.count(VALUE.c.expected_minor).label("foreseen"),
        )
        .where(VALUE.c.currency == currency, VALUE.c.orders > 0)
        .group_by(VALUE.c.segment)
    )
    return read_frame(session, statement)


def is_engaged() -> ColumnElement[bool]:
    """Whether the person of a row of ``PersonStage`` wrote something that we have read."""
    return or_(STAGE.c.public_on.is_not(None), STAGE.c.private_on.is_not(None))


def read_engaged_value(session: Session, currency: str) -> pd.DataFrame:
    """Customers who ordered in a currency, those who wrote in a public network or the community and the others:
    ``is_engaged`` (0, 1), ``people``, ``orders``, ``revenue_minor``, ``expected_minor``, ``foreseen``."""
    wrote = case((is_engaged(), 1), else_=0)
    statement: Rows = (
        select(
            wrote.label("is_engaged"),
            func.count().label("people"),
            func.sum(VALUE.c.orders).label("orders"),
            func.sum(VALUE.c.revenue_minor).label("revenue_minor"),
            func.coalesce(func.sum(VALUE.c.expected_minor), 0).label("expected_minor"),
            func.count(VALUE.c.expected_minor).label("foreseen"),
        )
        .join_from(VALUE, STAGE, STAGE.c.person_id == VALUE.c.person_id, isouter=True)
        .where(VALUE.c.currency == currency, VALUE.c.orders > 0)
        .group_by(wrote)
        .order_by(wrote.desc())
    )
    return read_frame(session, statement)


def list_customers(
    session: Session, currency: str, *, segment: str | None = None, engaged: bool | None = None, limit: int = 200
) -> pd.DataFrame:
    """Customers who ordered in a currency, most revenue first, then most expected: ``person_id``, ``name``,
    ``segment``, ``orders``, ``revenue_minor``, ``first_order_at``, ``last_order_at`` (UTC), ``recency_quintile``,
    ``frequency_quintile``, ``monetary_quintile`` (Int64), ``probability_alive``, ``expected_orders`` (float64, NaN),
    ``expected_minor`` (Int64)."""
    names = ("segment", "orders", "revenue_minor", "first_order_at", "last_order_at")
    scores = ("recency_quintile", "frequency_quintile", "monetary_quintile")
    foreseen = ("probability_alive", "expected_orders", "expected_minor")
    columns = (VALUE.c[name] for name in (*names, *scores, *foreseen))
    statement: Rows = (
        select(VALUE.c.person_id, PERSON.c.name, *columns)
        .join_from(VALUE, PERSON, PERSON.c.id == VALUE.c.person_id)
        .where(VALUE.c.currency == currency, VALUE.c.orders > 0)
        .order_by(VALUE.c.revenue_minor.desc(), func.coalesce(VALUE.c.expected_minor, 0).desc(), VALUE.c.person_id)
        .limit(limit)
    )
    if segment is not None:
        statement = statement.where(VALUE.c.segment == segment)
    if engaged is not None:
        statement = statement.join(STAGE, STAGE.c.person_id == VALUE.c.person_id, isouter=True)
        statement = statement.where(is_engaged() if engaged else ~is_engaged())
    return read_frame(session, statement, optional=(*scores, *foreseen, "first_order_at", "last_order_at"))


def list_person_values(session: Session, person_id: int) -> list[PersonValue]:
    """What a person bought, a row a currency, the largest revenue first; "" stands for deals of no known currency."""
    statement = (
        select(PersonValue)
        .where(VALUE.c.person_id == person_id)
        .order_by(VALUE.c.revenue_minor.desc(), VALUE.c.currency)
    )
    return list(session.execute(statement).scalars())
