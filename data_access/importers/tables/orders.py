"""Rows that are orders and refunds. A refund is an order of a negative amount on its own day; an order that was
cancelled comes to 0 (see ``OrderRecord``)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.values import required
from data_access.importers.tables.cells import Cells, RowReader
from data_access.importers.tables.people import read_organization, read_person
from data_access.records import Note, OrderRecord, Record, content_id

NOT_PAID = "order that was cancelled or not paid"
CANCELLED = "order that was cancelled: it comes to 0"
_REFUND = re.compile(r"\b(?:refunds?|returns?|credit[ _-]?(?:note|memo)s?|chargebacks?|reversals?)\b", re.IGNORECASE)
_REFUNDED = re.compile(r"(?:fully[ _-]?)?(?:refunded|returned|charged[ _-]?back|reversed)", re.IGNORECASE)
_NOT_PAID = re.compile(
    r"failed|declined|pending|unpaid|draft|expired|abandoned|not[ _-]?paid|blocked|rejected",
    re.IGNORECASE,
)


_CANCELLED = re.compile(r"cancel+ed|void(?:ed)?", re.IGNORECASE)


class OrderRows:
    """Makes orders of rows. ``skipped`` counts those that nobody paid or that were cancelled."""

    def __init__(self, reader: RowReader, skipped: Counter[str]) -> None:
        self._reader = reader
        self._skipped = skipped
        self._said = Announced()
        self._alike: Counter[str] = Counter()

    def records(self, row: Mapping[str, Any]) -> Iterator[Record | Note]:
        """The order of a row, and its refund where it has one, preceded by who bought. Raises ``Damaged``."""
        cells = self._reader.cells(row)
        status = (cells.text("status") or "").strip()
        is_cancelled = _CANCELLED.fullmatch(status) is not None and not cells.money("refunded")[0]
        if _NOT_PAID.fullmatch(status) or (is_cancelled and cells.id("id") is None):
            self._skipped[NOT_PAID] += 1
            return
        occurred_at = required(cells.time("time"), "time")
        place = cells.place(self._reader.network)
        person = read_person(cells, place, occurred_at, id_field="customer", name_field="customer_name")
        organization = read_organization(cells, place, occurred_at)
        order = self._order(cells, place, occurred_at, status)
        order.identity = person.native_id if person else None
        order.organization = organization.native_id if organization else None
        if is_cancelled:
            self._skipped[CANCELLED] += 1
            order.amount_minor, order.refund_of = 0, order.native_id
        refund = _refund(cells, order, status)
        if organization is not None:
            yield from self._said.news(organization)
        if person is not None:
            yield from self._said.news(person)
        yield order
        if refund is not None:
            yield refund
        yield from cells.notes

    def _order(self, cells: Cells, place: tuple[str, str], occurred_at: datetime, status: str) -> OrderRecord:
        amount_minor, currency = cells.money("amount")
        amount_minor = required(amount_minor, "amount")
        refund_of = cells.id("refund_of")
        if refund_of is not None or _REFUND.search(status):
            amount_minor = -abs(amount_minor)
        return OrderRecord(
            *place,
            cells.id("id") or self._id_of_content(cells, occurred_at, f"{amount_minor} {currency}"),
            amount_minor,
            currency,
            occurred_at,
            refund_of=refund_of,
            product=cells.text("product"),
            quantity=cells.count("quantity"),
        )

    def _id_of_content(self, cells: Cells, occurred_at: datetime, amount: str) -> str:
        """The id of an order that has none. Who buys the same twice at one time has bought twice."""
        buyer = cells.id("customer") or cells.email("email") or cells.text("customer_name")
        native_id = content_id(buyer, occurred_at, f"{amount} {cells.text('product') or ''}")
        self._alike[native_id] += 1
        return native_id if self._alike[native_id] == 1 else f"{native_id}#{self._alike[native_id]}"


def _refund(cells: Cells, order: OrderRecord, status: str) -> OrderRecord | None:
    """The refund that stands in the row of its order: an amount refunded, or all of it where the order's state is
    "refunded". Without a day of its own it is dated as the order."""
    if order.amount_minor <= 0:
        return None
    amount_minor, _currency = cells.money("refunded")
    if amount_minor is None and _REFUNDED.fullmatch(status):
        amount_minor = order.amount_minor
    if not amount_minor:
        return None
    if abs(amount_minor) > order.amount_minor:
        raise Damaged("has a refund that is larger than the order")
    refunded_at = cells.time("refunded_at")
    if refunded_at is None:
        cells.notes.append(Note("A refund has no date of its own in this file: it is put on the day of its order"))
    return replace(
        order,
        native_id=f"{order.native_id}:refund",
        amount_minor=-abs(amount_minor),
        occurred_at=refunded_at or order.occurred_at,
        refund_of=order.native_id,
        quantity=None,
    )
