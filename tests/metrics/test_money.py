"""Money converted by rates that somebody entered: exact, day by day, and never without a rate."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.reading.money import DECIMALS
from data_access.settings import Rate
from metrics.columns import MissingColumns
from metrics.money import convert_minor, minor_digits

NEW_YEAR = date(2026, 1, 1)
RATES = [
    Rate("USD", Decimal("0.85"), NEW_YEAR),
    Rate("USD", Decimal("0.90"), date(2026, 3, 1)),
    Rate("JPY", Decimal("0.0061"), NEW_YEAR),
    Rate("KWD", Decimal("2.8"), NEW_YEAR),
]


def sales(*rows: tuple[int, str, date]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["amount_minor", "currency", "day"])


@pytest.mark.parametrize(
    ("amount", "currency", "day", "cents"),
    [
        (1000, "EUR", date(2020, 1, 1), 1000),
        (1000, "USD", date(2026, 1, 1), 850),
        (1000, "USD", date(2026, 2, 28), 850),
        (1000, "USD", date(2026, 3, 1), 900),
        (-1000, "USD", date(2026, 3, 1), -900),
        (1000, "JPY", date(2026, 3, 1), 610),  # 1,000 yen are 6.10 euros
        (1500, "KWD", date(2026, 3, 1), 420),  # 1.500 dinars are 4.20 euros
        (10, "USD", date(2026, 1, 1), 8),  # 8.5 cents: half to even
        (30, "USD", date(2026, 1, 1), 26),  # 25.5 cents: half to even
    ],
)
def test_convert_minor_takes_the_newest_rate_of_the_day(amount: int, currency: str, day: date, cents: int) -> None:
    converted, apart = convert_minor(sales((amount, currency, day)), RATES, "EUR")
    assert converted.tolist() == [cents]
    assert apart.empty


def test_convert_minor_sets_apart_what_has_no_rate_on_its_day() -> None:
    frame = sales(
        (500, "EUR", NEW_YEAR), (700, "GBP", NEW_YEAR), (-200, "GBP", NEW_YEAR), (900, "USD", date(2025, 12, 31))
    )
    converted, apart = convert_minor(frame, RATES, "EUR")
    assert converted.fillna(-1).tolist() == [500, -1, -1, -1]
    assert apart.to_dict("records") == [
        {"currency": "GBP", "amount_minor": 500, "rows": 2},
        {"currency": "USD", "amount_minor": 900, "rows": 1},
    ]


def test_convert_minor_is_empty_when_there_are_no_amounts() -> None:
    converted, apart = convert_minor(sales(), RATES, "EUR")
    assert converted.empty
    assert list(apart.columns) == ["currency", "amount_minor", "rows"]


def test_convert_minor_refuses_rate_that_is_not_above_0() -> None:
    with pytest.raises(ValueError, match="above 0"):
        convert_minor(sales((1, "USD", NEW_YEAR)), [Rate("USD", Decimal(0), NEW_YEAR)], "EUR")


def test_convert_minor_says_which_columns_it_needs() -> None:
    with pytest.raises(MissingColumns, match="day"):
        convert_minor(pd.DataFrame({"amount_minor": [1], "currency": ["EUR"]}), RATES, "EUR")


def test_minor_digits_are_those_that_imports_read_amounts_with() -> None:
    assert {code: minor_digits(code) for code in DECIMALS} == DECIMALS


days = st.integers(0, 120).map(lambda number: date(2025, 12, 1) + timedelta(days=number))
frames = st.lists(
    st.tuples(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "USD", "JPY", "GBP"]), days), max_size=12
).map(lambda rows: sales(*rows))


@given(frames, st.randoms())
def test_convert_minor_does_not_hang_on_the_order_of_rows_or_rates(frame: pd.DataFrame, random) -> None:  # type: ignore[no-untyped-def]
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled_rates = random.sample(RATES, len(RATES))
    before = frame.copy()
    converted, apart = convert_minor(frame, RATES, "EUR")
    again, apart_again = convert_minor(frame.iloc[order], shuffled_rates, "EUR")
    pd.testing.assert_series_equal(again.sort_index(), converted)
    pd.testing.assert_frame_equal(apart, apart_again)
    pd.testing.assert_frame_equal(frame, before)


@given(frames)
def test_convert_minor_changes_nothing_in_its_own_currency_and_loses_no_row(frame: pd.DataFrame) -> None:
    converted, apart = convert_minor(frame, RATES, "EUR")
    own = (frame["currency"] == "EUR").to_numpy()
    assert converted[own].tolist() == frame.loc[own, "amount_minor"].tolist()
    assert int(converted.notna().sum()) + int(apart["rows"].sum()) == len(frame)
    alone, _apart = convert_minor(frame[own], [], "EUR")
    assert alone.tolist() == frame.loc[own, "amount_minor"].tolist()
