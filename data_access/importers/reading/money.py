"""Amounts of money as files write them, into whole minor units (cents): "$1,234.50", "1.234,50 €", "(12.00)".

Everything goes through ``Decimal``. What could be two amounts is refused rather than guessed.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from data_access.importers.reading.options import Damaged
from data_access.importers.reading.values import is_nothing

#: ISO 4217 currencies in use, by how many decimals they have.
_CODES_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY"
        " COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS"
        " INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR"
        " MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD"
        " SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
DECIMALS = {code: decimals for decimals, codes in _CODES_BY_DECIMALS.items() for code in codes.split()}

_DOLLARS = "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD XCD ARS CLP COP"
#: Which currencies a symbol may stand for; the first is meant where nothing else is said, None: then it says nothing.
_SYMBOLS: dict[str, tuple[str | None, ...]] = {
    "$": tuple(_DOLLARS.split()),
    "£": ("GBP", "EGP", "FKP", "GIP", "SHP"),
    "¥": ("JPY", "CNY"),
    "kr": (None, "SEK", "NOK", "DKK", "ISK"),
    **{
        symbol: (code,)
        for symbol, code in {
            "€": "EUR", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
            "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "₹": "INR", "Rs": "INR", "₩": "KRW", "₽": "RUB",
            "₺": "TRY", "₪": "ILS", "₫": "VND", "₴": "UAH", "฿": "THB", "₱": "PHP", "₦": "NGN", "zł": "PLN",
            "Kč": "CZK", "Ft": "HUF", "Fr": "CHF",
        }.items()
    },
}  # fmt: skip

#: How the note begins of an amount whose currency nothing says.
NO_CURRENCY = "An amount names no currency"

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_NUMBER = re.compile(r"\d[\d.,'’ ]*\d|\d|[.,]\d+")
#: A blank or an apostrophe that does not stand between thousands.
_LONE_MARK = re.compile(r"['’ ](?!\d{3}(?!\d))|(?:^|['’ ])\d{4,}['’ ]|[.,]\d*['’ ]")
_ROUNDED = re.compile(r"\d[eE][+-]?\d")
_LARGEST = 2**63 - 1


def minor_units(
    value: str | int | float | Decimal | None, currency: str, *, decimal_comma: bool | None = None
) -> int | None:
    """An amount in whole minor units of ``currency``; None where the cell says nothing.

    ``decimal_comma``: whether decimals follow a comma (True) or a point (False); None: told from the value itself.
    Decimals beyond the currency's own are rounded to the nearest unit, half to even. Raises ``Damaged`` (a
    ``ValueError``) where the value is no amount, could be two, or names another currency.

    >>> minor_units("$1,234.50", "USD"), minor_units("1.234,50 €", "EUR"), minor_units("(12.00)", "EUR")
    (123450, 123450, -1200)
    >>> minor_units("1,234", "JPY"), minor_units("1.5", "KWD"), minor_units("", "EUR")
    (1234, 1500, None)
    """
    if is_nothing(value):
        return None
    decimals = decimals_of(currency)
    if isinstance(value, bool):
        raise Damaged(f"{value} is no amount of money")
    amount = _read_text(str(value), currency, decimals, decimal_comma) if isinstance(value, str) else _read_typed(value)
    units = int(amount.scaleb(decimals).to_integral_value(ROUND_HALF_EVEN))
    if abs(units) > _LARGEST:
        raise Damaged(f"{str(value)[:40]!r} is more money than there is")
    return units


def decimals_of(currency: str) -> int:
    """How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD. Raises ``Damaged`` for an unknown code."""
    try:
        return DECIMALS[currency.strip().upper()]
    except KeyError:
        raise Damaged(f"{currency[:20]!r} is no currency: use its ISO code, such as EUR") from None


def currency_of(text: str | None) -> str | None:
    """The ISO code of the currency that a text names by code or symbol, alone or beside an amount; None otherwise.

    >>> currency_of("eur"), currency_of("$1,234.50"), currency_of("12 kr"), currency_of("A$ 5")
    ('EUR', 'USD', None, 'AUD')
    """
    if text is None or is_nothing(text):
        return None
    named = _currencies_named(str(text))
    return named[0] if named else None


def read_currency(text: str | None) -> str | None:
    """The currency that a cell is there to name; None where it says nothing. Raises ``Damaged`` for an unknown one.

    >>> read_currency("usd"), read_currency("")
    ('USD', None)
    """
    if text is None or is_nothing(text):
        return None
    named = currency_of(text)
    if named is None:
        raise Damaged(f"{text[:20]!r} is no currency: use its ISO code, such as EUR")
    return named


def choose_currency(text: str | None, workspace: str) -> tuple[str | None, str | None]:
    """The currency that a text names, and what to note where its symbol is that of several: then it is the workspace's
    where that is among them, else the commonest. None and None where the text names none.

    >>> choose_currency("$5", "AUD")
    ('AUD', "'$' is taken as AUD, the workspace's currency: it may stand for others")
    >>> choose_currency("$5", "EUR")
    ('USD', "'$' is taken as USD: it may stand for others")
    >>> choose_currency("5 EUR", "AUD"), choose_currency("5", "AUD")
    (('EUR', None), (None, None))
    """
    if text is None or is_nothing(text):
        return None, None
    named = _currencies_named(str(text))
    if len(named) < 2:
        return (named[0] if named else None), None
    symbol = _letters_beside(str(text))
    if workspace.strip().upper() in named:
        return (
            workspace.strip().upper(),
            f"'{symbol}' is taken as {workspace.strip().upper()}, the workspace's currency: it may stand for others",
        )
    return named[0], None if named[0] is None else f"'{symbol}' is taken as {named[0]}: it may stand for others"


def describe_no_currency(currency: str) -> str:
    """What is noted where an amount is taken as of ``currency``, as it names none."""
    return f"{NO_CURRENCY}: it is taken as {currency}"


def decimal_comma_of(values: Iterable[Any]) -> bool | None:
    """Whether the amounts of a column have their decimals behind a comma; None where they do not tell.

    >>> decimal_comma_of(["1.234,50", "1.234"]), decimal_comma_of(["9.99", "1,000"]), decimal_comma_of(["5", "1.234"])
    (True, False, None)
    """
    told: set[bool] = set()
    for value in values:
        match = _NUMBER.search(_SPACES.sub("", value)) if isinstance(value, str) else None
        marks = re.findall(r"[.,]", match[0]) if match else []
        if len(set(marks)) == 2:
            told.add(marks[-1] == ",")
        elif marks and match and len(marks) > 1:
            told.add(marks[0] == ".")  # it stands between thousands, so the other stands before decimals
        elif marks and match and len(re.split(r"[.,]", match[0])[1]) != 3:
            told.add(marks[0] == ",")
    return told.pop() if len(told) == 1 else None


def _currencies_named(text: str) -> tuple[str | None, ...]:
    """What the letters beside a number may stand for; () where there are none that name a currency."""
    rest = _letters_beside(text)
    if rest.upper() in DECIMALS:
        return (rest.upper(),)
    return _SYMBOLS.get(rest) or _SYMBOLS.get(rest.upper()) or _SYMBOLS.get(rest.lower(), ())


def _letters_beside(text: str) -> str:
    return re.sub(r"[\d.,'’()+\-−\s]", "", text)


def _read_typed(value: int | float | Decimal | None) -> Decimal:
    amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value or 0)
    if not amount.is_finite():
        raise Damaged(f"{value} is no amount of money")
    return amount


def _read_text(text: str, currency: str, decimals: int, decimal_comma: bool | None) -> Decimal:
    shown = repr(text.strip()[:40])
    text = _SPACES.sub(" ", text).strip()
    if _ROUNDED.search(text):
        raise Damaged(f"{shown} was rounded by a spreadsheet: export it again with amounts as plain numbers")
    match = _NUMBER.search(text)
    if match is None or _NUMBER.search(text, match.end()):
        raise Damaged(f"{shown} is no amount of money")
    beside = (text[: match.start()] + text[match.end() :]).strip()
    _refuse_other_currency(beside, currency.strip().upper(), shown)
    amount = _read_number(match[0], decimals, decimal_comma, shown)
    is_negative = any(sign in beside for sign in "-−(")
    return -amount if is_negative else amount


def _refuse_other_currency(beside: str, currency: str, shown: str) -> None:
    """Raise where what stands beside a number is neither a sign nor this currency."""
    signs = "".join(sorted(re.sub(r"[^()+\-−]", "", beside)))
    if signs not in ("", "-", "+", "−", "()"):
        raise Damaged(f"{shown} is no amount of money")
    if not re.sub(r"[()+\-−\s]", "", beside):
        return
    named = _currencies_named(beside)
    if not named:
        raise Damaged(f"{shown} is no amount of money")
    if currency not in named:
        raise Damaged(f"{shown} is not in {currency}: say the currency of this row, or correct the amount")


def _read_number(number: str, decimals: int, decimal_comma: bool | None, shown: str) -> Decimal:
    if _LONE_MARK.search(number):
        raise Damaged(f"{shown} could be several numbers: write it as 1234.50, with blanks only between thousands")
    number = re.sub(r"['’ ]", "", number)
    if decimal_comma is None:
        decimal_comma = _has_decimal_comma(number, decimals, shown)
    point, between = (",", ".") if decimal_comma else (".", ",")
    whole, *rest = number.split(point)
    groups = whole.split(between)
    is_grouped = len(groups) > 1
    # 1,23,456 is how lakhs are written
    if is_grouped and not (len(groups[0]) <= 3 and groups[-1].isdigit() and len(groups[-1]) == 3
                           and all(len(group) in (2, 3) for group in groups[1:-1]) and groups[0]):  # fmt: skip
        raise Damaged(f"{shown} has its thousands in no known way: write it as 1234.50")
    if len(rest) > 1 or any(between in part for part in rest):
        raise Damaged(f"{shown} is no amount of money")
    return Decimal("".join(groups) + "." + ("".join(rest) or "0"))


def _has_decimal_comma(number: str, decimals: int, shown: str) -> bool:
    """Whether a number's decimals follow its comma. Raises where it could be two numbers, such as "1.234"."""
    marks: list[str] = re.findall(r"[.,]", number)
    if not marks:
        return False
    if len(set(marks)) == 2:
        return marks[-1] == ","
    if len(marks) > 1:
        return marks[0] == "."
    before, after = number.split(marks[0])
    if len(after) != 3 or not 1 <= len(before) <= 3 or before == "0":
        return marks[0] == ","
    if marks[0] == "," and decimals != 3:
        return False
    if marks[0] == "." and decimals == 3:
        return False
    raise Damaged(
        f"{shown} could be {before}{after} or {before}.{after}: write all decimals, or say whether they follow a comma"
    )
