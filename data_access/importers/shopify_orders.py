"""Shopify's export of orders: a row a line item, of which only the first of an order has its amounts.

The amount is the total, with taxes and shipping. Orders that nobody has paid yet are counted and passed over; one that
was voided comes to 0 (see ``OrderRecord``). A refund is an
order of its own below zero; the file does not date it, so that it stands on the day of cancelling, else of paying.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.money import describe_no_currency, minor_units, read_currency
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.several_tables import Read, Row, first_of, plain_rows, text_of
from data_access.importers.reading.values import TimeReader, read_count, read_email, read_id, required
from data_access.records import IdentityRecord, Note, OrderRecord, Record, Refusal

NETWORK, SOURCE = "shopify", "shopify"
_UNPAID = ("pending", "authorized", "expired", "unpaid")
_VOIDED = ("voided", "cancelled", "canceled")
_LONGEST_PRODUCT = 200


class _Orders:
    def __init__(self, options: ImportOptions, progress: Progress) -> None:
        self._times = TimeReader(options.zone)
        self._currency = options.currency_code
        self._progress = progress
        self._said = Announced()

    def records(self, rows: list[Row]) -> Iterator[Record | Note]:
        """The order that these rows are the items of, its buyer where new, and its refund."""
        first = rows[0]
        status = (text_of(first, "financialstatus") or "").casefold()
        if status in _UNPAID:
            self._progress.skipped[f"an order that is {status}"] += 1
            return
        stated = read_currency(text_of(first, "currency"))
        currency = stated or self._currency
        if stated is None:
            yield Note(describe_no_currency(currency))
        native_id = required(read_id(first_of(first, "id", "name")), "Id")
        refunded = abs(minor_units(first.get("refundedamount"), currency) or 0)
        is_void = status in _VOIDED and not refunded
        if is_void:
            self._progress.skipped[f"an order that is {status}: it comes to 0"] += 1
        buyer = self._buyer(first)
        if buyer is not None:
            yield from self._said.news(buyer)
        total = required(minor_units(first.get("total"), currency), "Total")
        outstanding = minor_units(first.get("outstandingbalance"), currency) or 0
        order = OrderRecord(
            NETWORK,
            SOURCE,
            native_id=native_id,
            amount_minor=0 if is_void else total - max(0, outstanding),
            currency=currency,
            occurred_at=required(self._times.read(first_of(first, "createdat", "paidat")), "Created at"),
            identity=None if buyer is None else buyer.native_id,
            refund_of=native_id if is_void else None,
            product=_products(rows),
            quantity=sum(read_count(row.get("lineitemquantity")) or 0 for row in rows) or None,
        )
        yield order
        if not refunded and status == "refunded" and first.get("refundedamount") is None:
            refunded = total
        if refunded:
            yield from self._refund(order, refunded, first)

    def _refund(self, order: OrderRecord, refunded: int, row: Row) -> Iterator[Record | Note]:
        day, moment = self._day_of_refund(order, row)
        yield Note(f"A refund has no date of its own in this file: it is put on the day on which its order was {day}")
        yield OrderRecord(
            NETWORK,
            SOURCE,
            native_id=f"{order.native_id}/refund",
            amount_minor=-refunded,
            currency=order.currency,
            occurred_at=moment,
            identity=order.identity,
            refund_of=order.native_id,
            product=order.product,
        )

    def _day_of_refund(self, order: OrderRecord, row: Row) -> tuple[str, datetime]:
        for name, column in (("cancelled", "cancelledat"), ("changed last", "updatedat"), ("paid", "paidat")):
            moment = self._times.read(row.get(column))
            if moment is not None:
                return name, moment
        return "made", order.occurred_at

    def _buyer(self, row: Row) -> IdentityRecord | None:
        """The customer, by the address that the shop writes to."""
        email = read_email(row.get("email"))
        if email is None:
            return None
        place = (text_of(row, "billingcity"), text_of(row, "billingcountry"))
        return IdentityRecord(
            NETWORK,
            SOURCE,
            email,
            display_name=text_of(row, "billingname", "shippingname"),
            email=email,
            email_verified=True,
            location=", ".join(filter(None, place)) or None,
            organization=text_of(row, "billingcompany"),
        )


def _products(rows: Iterable[Row]) -> str | None:
    names = dict.fromkeys(name for row in rows if (name := text_of(row, "lineitemname")) is not None)
    return ", ".join(names)[:_LONGEST_PRODUCT] or None


def _by_order(rows: Iterable[tuple[int, Row] | Refusal]) -> Iterator[tuple[int, list[Row]] | Refusal]:
    """The rows of each order together: those that follow each other under one name."""
    line, order = 0, list[Row]()
    for item in rows:
        if isinstance(item, Refusal):
            yield item
        elif order and item[1].get("name") == order[0].get("name") and "total" not in item[1]:
            order.append(item[1])
        else:
            if order:
                yield line, order
            line, order = item[0], [item[1]]
    if order:
        yield line, order


def _read(sample: Sample, options: ImportOptions) -> Read:
    orders = _Orders(options, sample.content.progress)
    return records_of_rows(_by_order(plain_rows(sample)), orders.records)


def _matches(sample: Sample) -> bool:
    return sample.has_columns("Name", "Financial Status", "Lineitem name", "Lineitem quantity", "Total")


FORMAT = Format(
    name="shopify_orders",
    label="Shopify orders",
    description="Shopify's export of orders as CSV: Name, Financial Status, Lineitem name, Total and others.",
    matches=_matches,
    read=_read,
)
