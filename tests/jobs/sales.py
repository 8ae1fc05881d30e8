"""Visits, orders and deals of small communities, for the tests of credit."""

from typing import Any

from data_access.records import DealRecord, OrderRecord, VisitRecord
from tests.jobs.stores import at

PLACE = ("net", "net.example")
DAY = 24 * 60


def visit(native_id: str, minutes: float, who: str = "ann", **values: Any) -> VisitRecord:
    """A visit to the website."""
    return VisitRecord(*PLACE, native_id, identity=who, occurred_at=at(minutes), **values)


def order(native_id: str, minutes: float, who: str | None = "ann", amount: int = 1000, **values: Any) -> OrderRecord:
    """An order in euros."""
    values.setdefault("currency", "EUR")
    return OrderRecord(*PLACE, native_id, amount, occurred_at=at(minutes), identity=who, **values)


def deal(native_id: str, minutes: float | None, *contacts: str, amount: int = 1000, **values: Any) -> DealRecord:
    """A deal that closed so many minutes in; won, unless ``is_won`` says otherwise. Open where it has no time."""
    values.setdefault("is_won", None if minutes is None else True)
    values.setdefault("currency", "EUR")
    closed_at = None if minutes is None else at(minutes)
    return DealRecord(*PLACE, native_id, amount_minor=amount, closed_at=closed_at, contacts=contacts, **values)
