"""Fit the model of customer value to what was bought, and store it as the current one."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Engine, case, func, select, update
from sqlmodel import Session

from data_access.models import derived
from data_access.models.derived import Model
from data_access.queries.models import CUSTOMER_VALUE, read_current_model
from data_access.queries.purchases import ORDER, read_orders
from data_access.settings import read_settings
from data_access.store import reading, writing
from data_access.upsert import table
from jobs.derive.due import VALUE, mark_due
from jobs.derive.values import describe_customers, to_days
from metrics.segments import quintile_edges
from metrics.value_fit import fit_customers, is_enough

_MODEL = table(Model)
_PERSON_VALUE = table(derived.PersonValue)
_SAID_OF_CUSTOMERS = ["repeats", "recency", "age", "mean_value"]


def fit_customer_value(engine: Engine, *, only_where_enough: bool = False) -> Model | None:
    """Fit to all orders of inbound persons, make that the current model, and note everyone whose value hangs on it.

    Its ``as_of`` is the last day with an order. None, and nothing is stored, where nobody has ordered anything; with
    ``only_where_enough``, also where no currency has customers enough to say what they will buy.
    """
    with reading(engine) as session:
        zone = ZoneInfo(read_settings(session).time_zone)
        orders = read_orders(session)
    if orders.empty:
        return None
    parameters = fit_parameters(orders, zone)
    if only_where_enough and not any(fit["rate"] for fit in parameters["currencies"].values()):
        return None
    with writing(engine) as session:
        model = store_model(session, CUSTOMER_VALUE, parameters)
        known = session.scalars(select(_PERSON_VALUE.c.person_id).distinct())
        mark_due(session, VALUE, {*known, *(int(person) for person in orders["person_id"].unique())})
        return model


def fit_parameters(orders: pd.DataFrame, zone: ZoneInfo) -> dict[str, Any]:
    """What is stored of a fit: ``as_of`` (the ordinal of the last day with an order) and, by currency, how many
    ``customers`` and ``repeaters``, the ``edges`` of fifths, ``rate`` and ``spending`` (None where not fitted), and
    ``notes``. ``orders`` as ``read_orders``, at least one."""
    as_of = int(to_days(orders["occurred_at"], zone).max())
    currencies: dict[str, Any] = {}
    for currency, group in orders.groupby("currency"):
        customers = describe_customers(group, zone, as_of)
        # sums of floats hang on their order, and a fit at its bound on their last bits: not on how people are numbered
        fitted = fit_customers(customers.sort_values(_SAID_OF_CUSTOMERS, ignore_index=True))
        currencies[str(currency)] = {
            "customers": len(customers),
            "repeaters": int((customers["repeats"] > 0).sum()),
            "edges": quintile_edges(customers),
            "rate": asdict(fitted.rate) if fitted.rate else None,
            "spending": asdict(fitted.spending) if fitted.spending else None,
            "notes": list(fitted.notes),
        }
    return {"as_of": as_of, "currencies": currencies}


def store_model(session: Session, name: str, parameters: dict[str, Any]) -> Model:
    """Store a fit as the next version of a model, and the current one. The versions before it are kept."""
    of_this = _MODEL.c.name == name
    versions = session.execute(select(func.count()).select_from(_MODEL).where(of_this)).scalar_one()
    session.connection().execute(update(_MODEL).where(of_this).values(is_current=False))
    model = Model(name=name, version=str(versions + 1), parameters=parameters, fitted_at=datetime.now(UTC))
    session.add(model)
    session.flush()
    return model


def fit_where_none_is(engine: Engine) -> bool:
    """Fit the value of customers where nobody has yet and there are enough of them. Returns whether it did."""
    with reading(engine) as session:
        if read_current_model(session, CUSTOMER_VALUE) is not None or not _has_enough(session):
            return False
    return fit_customer_value(engine, only_where_enough=True) is not None


def _has_enough(session: Session) -> bool:
    """A quick look, before anything is read: by account and not by person."""
    accounts = (
        select(ORDER.c.currency, func.count().label("orders"))
        .where(ORDER.c.identity_id.is_not(None), ORDER.c.amount_minor > 0)
        .group_by(ORDER.c.currency, ORDER.c.identity_id)
        .subquery()
    )
    again = func.sum(case((accounts.c.orders > 1, 1), else_=0))
    by_currency = select(func.count(), again).select_from(accounts).group_by(accounts.c.currency)
    return any(is_enough(customers, repeaters) for customers, repeaters in session.execute(by_currency))
