"""Amounts of money are read to the cent, or refused with what to do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.reading.money import DECIMALS, choose_currency, currency_of, decimal_comma_of, minor_units


@pytest.mark.parametrize(
    ("value", "currency", "units"),
    [
        ("$1,234.50", "USD", 123_450),
        ("1.234,50 €", "EUR", 123_450),
        ("1 234,50\u00a0€", "EUR", 123_450),
        ("CHF 1'234.50", "CHF", 123_450),
        ("1 234 567", "EUR", 123_456_700),
        ("₹1,23,456.00", "INR", 12_345_600),
        ("(12.00)", "EUR", -1_200),
        ("-12", "EUR", -1_200),
        ("−12.5", "EUR", -1_250),
        ("$-12", "USD", -1_200),
        ("-$12", "CAD", -1_200),
        ("12-", "EUR", -1_200),
        ("1,234", "USD", 123_400),
        ("1,234,567", "JPY", 1_234_567),
        ("1.234.567", "EUR", 123_456_700),
        ("12.00", "JPY", 12),
        ("1.234", "KWD", 1_234),
        (".5", "EUR", 50),
        ("0.125", "EUR", 12),
        ("33.300000000000004", "USD", 3_330),
        (11.77, "USD", 1_177),
        (0.1 + 0.2, "USD", 30),
        (7, "EUR", 700),
        (Decimal("7.5"), "KWD", 7_500),
        ("0", "EUR", 0),
        ("", "EUR", None),
        ("-", "EUR", None),
        (None, "EUR", None),
        (float("nan"), "EUR", None),
    ],
)
def test_amount_is_in_minor_units(value, currency, units):
    assert minor_units(value, currency) == units


@pytest.mark.parametrize(
    ("value", "currency", "says"),
    [
        ("1.234", "EUR", "could be 1234 or 1.234"),
        ("1,234", "KWD", "could be 1234 or 1.234"),
        ("$12", "EUR", "is not in EUR"),
        ("12 EUR", "USD", "is not in USD"),
        ("twelve", "EUR", "is no amount of money"),
        ("12 apples", "EUR", "is no amount of money"),
        ("12-13", "EUR", "is no amount of money"),
        ("1,23,4.00", "EUR", "thousands"),
        ("1.05E+07", "EUR", "rounded by a spreadsheet"),
        (float("inf"), "EUR", "is no amount of money"),
        (True, "EUR", "is no amount of money"),
        ("99999999999999999999", "EUR", "more money than there is"),
        ("12", "XYZ", "is no currency"),
        ("12 50", "EUR", "blanks only between thousands"),
        ("10 20 30", "EUR", "blanks only between thousands"),
        ("1234 567", "EUR", "blanks only between thousands"),
        ("1 2345", "EUR", "blanks only between thousands"),
        ("1.5 000", "EUR", "blanks only between thousands"),
    ],
)
def test_amount_is_refused_with_a_reason_when_it_could_be_another(value, currency, says):
    with pytest.raises(ValueError, match=says):
        minor_units(value, currency)


def test_amount_is_read_as_told_when_it_could_be_two():
    assert minor_units("1.234", "EUR", decimal_comma=True) == 123_400
    assert minor_units("1.234", "EUR", decimal_comma=False) == 123
    with pytest.raises(ValueError, match="thousands"):
        minor_units("1,23", "EUR", decimal_comma=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [("usd", "USD"), ("€", "EUR"), ("12,00 €", "EUR"), ("¥", "JPY"), ("kr", None), ("R$ 5", "BRL"), ("zł", "PLN"),
     ("", None), (None, None), ("Try again", None), ("12", None)],
)  # fmt: skip
def test_currency_is_told_by_code_or_symbol(text, code):
    assert currency_of(text) == code


@pytest.mark.parametrize(
    ("text", "workspace", "code", "says"),
    [("$10.00", "CAD", "CAD", "the workspace's"), ("¥1000", "CNY", "CNY", "the workspace's"),
     ("5 kr", "NOK", "NOK", ""), ("$10", "EUR", "USD", "is taken as USD: it may"),
     ("A$10", "CAD", "AUD", None), ("5 EUR", "CAD", "EUR", None),
     ("5", "CAD", None, None), ("5 kr", "EUR", None, None)],
)  # fmt: skip
def test_symbol_of_several_is_the_workspaces_currency_and_noted(text, workspace, code, says):
    chosen, note = choose_currency(text, workspace)
    assert chosen == code
    assert (note is None) == (says is None)
    assert (says or "") in (note or "")


def test_decimal_comma_is_told_by_a_column_when_its_amounts_agree():
    assert decimal_comma_of(["1.234", "5,50"]) is True
    assert decimal_comma_of(["1,234", "5.50"]) is False
    assert decimal_comma_of(["5,50", "5.50"]) is None
    assert decimal_comma_of(["12", None, 3.5]) is None


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(DECIMALS)), st.booleans())
def test_written_amount_comes_back_when_it_is_grouped_either_way(units, currency, has_comma):
    decimals = DECIMALS[currency]
    written = f"{Decimal(units).scaleb(-decimals):,.{decimals}f}"
    if has_comma:
        written = written.translate(str.maketrans(",.", ".,"))
    assert minor_units(f"{written} {currency}", currency, decimal_comma=has_comma) == units
