"""Money of several currencies as one, by rates that somebody entered. Amounts are whole minor units (cents).

Two currencies are never added without a rate: what cannot be converted is returned apart.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from metrics.columns import require_columns

_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
#: Currencies (ISO 4217) whose minor unit is not a hundredth: how many decimals they have.
_DECIMALS = dict.fromkeys(_WITHOUT_DECIMALS.split(), 0) | dict.fromkeys(_WITH_THREE.split(), 3)

#: What one unit of a currency is worth in the currency that amounts are converted to, from a day on until the next.
Rate = tuple[str, Decimal, date]


def minor_digits(currency: str) -> int:
    """How many decimals a currency has.

    >>> minor_digits("EUR"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    return _DECIMALS.get(currency, 2)


def convert_minor(amounts: pd.DataFrame, rates: Iterable[Rate], to: str) -> tuple[pd.Series, pd.DataFrame]:
    """Amounts in the currency ``to``, each by the newest rate of its currency on its day, rounded half to even.

    Columns: ``amount_minor`` (whole minor units), ``currency`` (ISO 4217), ``day`` (local: ``date`` or datetime64).
    ``rates``: (currency, rate, since), in any order. Returns the amounts in minor units of ``to``, Int64, in the order
    and with the index of ``amounts``, missing where no rate holds; and what is missing: ``currency``, ``amount_minor``
    (sum), ``rows``, by currency. Name the second beside the sum of the first: it is money that the sum leaves out.

    >>> sales = pd.DataFrame({"amount_minor": [1000, 1000, 500], "currency": ["EUR", "USD", "GBP"],
    ...                       "day": [date(2026, 3, 1)] * 3})
    >>> converted, apart = convert_minor(sales, [("USD", Decimal("0.9"), date(2026, 1, 1))], "EUR")
    >>> int(converted.sum()), apart.to_dict("records")
    (1900, [{'currency': 'GBP', 'amount_minor': 500, 'rows': 1}])
    """
    require_columns(amounts, "convert_minor", "amount_minor", "currency", "day")
    known = _by_currency(rates)
    if (amounts["currency"] == to).all():
        whole = pd.Series(amounts["amount_minor"].to_numpy(), index=amounts.index, name="amount_minor")
        return whole.astype("int64").astype("Int64"), _NOTHING_APART.copy()
    days = pd.to_datetime(amounts["day"]).dt.date
    values = [
        _convert(int(amount), str(currency), day, known, to)
        for amount, currency, day in zip(amounts["amount_minor"], amounts["currency"], days, strict=True)
    ]
    converted = pd.Series(values, index=amounts.index, dtype="Int64", name="amount_minor")
    return converted, _sum_by_currency(amounts[converted.isna().to_numpy()])


def _by_currency(rates: Iterable[Rate]) -> dict[str, tuple[list[date], list[Decimal]]]:
    """Currency -> its days and rates, oldest first. Raises ``ValueError`` for a rate that is not above 0."""
    known: dict[str, tuple[list[date], list[Decimal]]] = {}
    for currency, rate, since in sorted(rates, key=lambda row: row[2]):
        if not rate.is_finite() or rate <= 0:
            raise ValueError(f"The rate of {currency} from {since} is {rate}: a rate is above 0.")
        days, values = known.setdefault(currency, ([], []))
        days.append(since)
        values.append(rate)
    return known


def _convert(
    amount: int, currency: str, day: date, known: Mapping[str, tuple[Sequence[date], Sequence[Decimal]]], to: str
) -> int | None:
    if currency == to:
        return amount
    days, rates = known.get(currency, ((), ()))
    place = bisect_right(days, day)
    if place == 0:
        return None
    exact = Decimal(amount).scaleb(minor_digits(to) - minor_digits(currency)) * rates[place - 1]
    return int(exact.to_integral_value(ROUND_HALF_EVEN))


def _sum_by_currency(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby("currency", sort=True)["amount_minor"]
    apart = grouped.agg(["sum", "size"]).reset_index()
    apart.columns = pd.Index(["currency", "amount_minor", "rows"])
    return apart.astype({"amount_minor": "int64", "rows": "int64"})


#: Made once: most stores have one currency.
_NOTHING_APART = _sum_by_currency(pd.DataFrame({"currency": pd.Series(dtype="object"), "amount_minor": []}))
