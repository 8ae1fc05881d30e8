"""Stripe's export of payments (charges). Those that failed or were not captured are counted and passed over.

A refund is an order of its own below zero on the day of the refund; where the file does not say it, on the charge's.
Times are in UTC, amounts in whole units of the currency ("20.00").
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.money import describe_no_currency, minor_units, read_currency
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.several_tables import Read, Row, first_of, plain_name, plain_rows, text_of
from data_access.importers.reading.values import TimeReader, read_email, read_flag, read_id, required
from data_access.records import IdentityRecord, Note, OrderRecord, Record

NETWORK, SOURCE = "stripe", "stripe"
_PAID = ("paid", "succeeded", "refunded", "partial refund", "partially refunded", "disputed")


@dataclass
class _Charges:
    currency: str
    progress: Progress
    _times: TimeReader = field(default_factory=TimeReader)
    _said: Announced = field(default_factory=Announced)

    def records(self, row: Row) -> Iterator[Record | Note]:
        """The payment of a row, its payer where new, and its refund."""
        reason = _why_not(row)
        if reason is not None:
            self.progress.skipped[reason] += 1
            return
        stated = read_currency(text_of(row, "currency"))
        currency = stated or self.currency
        if stated is None:
            yield Note(describe_no_currency(currency))
        payer = _payer(row)
        if payer is not None:
            yield from self._said.news(payer)
        charge = OrderRecord(
            NETWORK,
            SOURCE,
            native_id=required(read_id(row.get("id")), "id"),
            amount_minor=required(minor_units(row.get("amount"), currency, decimal_comma=False), "Amount"),
            currency=currency,
            occurred_at=required(self._times.read(first_of(row, "created", "createddate")), "Created (UTC)"),
            identity=None if payer is None else payer.native_id,
            product=text_of(row, "description"),
        )
        yield charge
        refunded = minor_units(row.get("amountrefunded"), currency, decimal_comma=False)
        if refunded:
            yield from self._refund(charge, refunded, row)

    def _refund(self, charge: OrderRecord, refunded: int, row: Row) -> Iterator[Record | Note]:
        moment = self._times.read(row.get("refundeddate"))
        if moment is None:
            yield Note("A refund has no date of its own in this file: it is put on the day of its payment")
        yield OrderRecord(
            NETWORK,
            SOURCE,
            native_id=f"{charge.native_id}/refund",
            amount_minor=-refunded,
            currency=charge.currency,
            occurred_at=moment or charge.occurred_at,
            identity=charge.identity,
            refund_of=charge.native_id,
            product=charge.product,
        )


def _why_not(row: Row) -> str | None:
    """Why a payment brought no money; None where it did."""
    status = (text_of(row, "status") or "paid").casefold()
    if status not in _PAID:
        return f"a payment that is {status}"
    if read_flag(row.get("captured")) is False:
        return "a payment that was not captured"
    if (text_of(row, "mode") or "").casefold() == "test":
        return "a payment of test mode"
    return None


def _payer(row: Row) -> IdentityRecord | None:
    """The customer by id, else by the address that receipts go to."""
    email = read_email(first_of(row, "customeremail", "email"))
    native_id = read_id(row.get("customerid")) or email
    if native_id is None:
        return None
    return IdentityRecord(
        NETWORK,
        SOURCE,
        native_id,
        display_name=text_of(row, "customername", "cardname"),
        email=email,
        email_verified=True if email else None,
    )


def _read(sample: Sample, options: ImportOptions) -> Read:
    charges = _Charges(options.currency_code, sample.content.progress)
    return records_of_rows(plain_rows(sample), charges.records)


def _matches(sample: Sample) -> bool:
    columns = {plain_name(column) for column in sample.columns}
    is_dated = bool({"created", "createddate"} & columns)
    return is_dated and {"id", "amount", "amountrefunded", "currency", "status"} <= columns


FORMAT = Format(
    name="stripe_charges",
    label="Stripe payments",
    description="Stripe's export of payments as CSV: id, Amount, Amount Refunded, Currency, Status, Created (UTC).",
    matches=_matches,
    read=_read,
)
