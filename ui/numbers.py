"""How numbers, durations, days and money are written. One place, so that a number looks the same wherever it stands."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from figures.percentages import NOTHING as NOTHING
from figures.percentages import percent as percent
from metrics.money import minor_digits
from metrics.signs import MINUS, with_minus

#: Smaller numbers are short enough as they are.
_WHOLE_BELOW = 10_000


def is_missing(value: float | None) -> bool:
    """Whether there is no number: None or NaN."""
    return value is None or value != value


def compact(value: float | None, digits: int = 1) -> str:
    """A count in at most four digits or so.

    >>> [compact(n) for n in (0, 999, 1234, 15_200, 999_999, 2_500_000, None, -3.25)]
    ['0', '999', '1,234', '15.2k', '1M', '2.5M', '–', '−3.2']
    """
    if value is None or is_missing(value):
        return NOTHING
    rounded_up = 1 - 0.5 * 10.0 ** -(digits + 3)  # what would be written 1000k is 1M
    for limit, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= max(limit * rounded_up, _WHOLE_BELOW):
            return with_minus(f"{value / limit:.{digits}f}".removesuffix("." + "0" * digits) + unit)
    if abs(value) >= 1_000 * rounded_up:
        return with_minus(f"{value:,.0f}")
    return with_minus(f"{value:.0f}" if float(value).is_integer() else f"{value:.{digits}f}")


def size(length_bytes: float) -> str:
    """How large a file is.

    >>> [size(n) for n in (0, 999, 1_500_000, 6e9)]
    ['0 B', '999 B', '1.5 MB', '6 GB']
    """
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if length_bytes >= limit:
            return f"{length_bytes / limit:.1f}".removesuffix(".0") + f" {unit}"
    return f"{length_bytes:.0f} B"


def whole(value: float | None) -> str:
    """A count with its thousands apart.

    >>> whole(1234567.0)
    '1,234,567'
    """
    return NOTHING if value is None or is_missing(value) else with_minus(f"{round(value):,}")


def counted(number: int, thing: str) -> str:
    """A count with what is counted, in the singular or the plural.

    >>> counted(1, "post"), counted(1200, "post")
    ('1 post', '1,200 posts')
    """
    return f"{whole(number)} {thing}{'' if number == 1 else 's'}"


def signed(value: float | None, digits: int = 0) -> str:
    """A number with its sign; nothing has none.

    >>> signed(30.2), signed(-0.3), signed(-1.25, 1), signed(1200), signed(None)
    ('+30', '0', '−1.2', '+1,200', '–')
    """
    if value is None or is_missing(value):
        return NOTHING
    return with_minus(f"{value:+,.{digits}f}") if round(value, digits) else "0"


def signed_percent(share: float | None, digits: int = 1) -> str:
    """A change as a percentage with its sign.

    >>> signed_percent(0.2, 0), signed_percent(-0.051), signed_percent(0.0), signed_percent(None)
    ('+20 %', '−5.1 %', '0 %', '–')
    """
    written = percent(share, digits)
    return f"+{written}" if share is not None and share > 0 and written != "0 %" else written


#: Beside so many days hours say nothing.
_MANY_DAYS = 10


def duration(seconds: float | None) -> str:
    """A length of time in words, with its two largest units.

    >>> [duration(s) for s in (0.4, 45, 732, 12_696.7, 90_000, 90_000_000, None)]
    ['0 s', '45 s', '12 min 12 s', '3 h 32 min', '1 day 1 h', '1,041 days', '–']
    """
    if seconds is None or is_missing(seconds):
        return NOTHING
    rest = round(abs(seconds))
    sign = MINUS if seconds < 0 and rest else ""
    if rest >= 86_400:
        days, rest = divmod(rest, 86_400)
        return sign + _two(f"{days:,} day" + ("s" if days != 1 else ""), rest // 3600 if days < _MANY_DAYS else 0, "h")
    if rest >= 3600:
        hours, minutes = divmod(round(rest / 60), 60)
        return sign + _two(f"{hours} h", minutes, "min")
    if rest >= 60:
        return sign + _two(f"{rest // 60} min", rest % 60, "s")
    return f"{sign}{rest} s"


def _two(first: str, second: int, unit: str) -> str:
    return f"{first} {second} {unit}" if second else first


def ago(moment: datetime, now: datetime) -> str:
    """How long before ``now`` something was, in one unit.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 3, 9, tzinfo=UTC))
    '47 h'
    """
    seconds = max(0.0, (now - moment).total_seconds())
    for limit, size, unit in ((172_800, 86_400, "days"), (3600, 3600, "h"), (60, 60, "min")):
        if seconds >= limit:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def money(amount_minor: int | None, currency: str) -> str:
    """Whole minor units as money.

    >>> money(123450, "EUR"), money(1234, "JPY")
    ('EUR 1,234.50', 'JPY 1,234')
    """
    if amount_minor is None:
        return NOTHING
    digits = minor_digits(currency)
    return f"{currency} {with_minus(f'{Decimal(amount_minor).scaleb(-digits):,.{digits}f}')}"


def day(value: date) -> str:
    """A day, as people of any country read it.

    >>> day(date(2026, 3, 9))
    '9 Mar 2026'
    """
    return f"{value.day} {value:%b %Y}"


def day_range(start: date, end: date) -> str:
    """The days of a half-open range, its last one named.

    >>> day_range(date(2026, 3, 1), date(2026, 3, 8))
    '1 Mar 2026 to 7 Mar 2026'
    """
    last = end - timedelta(days=1)
    return day(start) if last <= start else f"{day(start)} to {day(last)}"


def moment(value: datetime | None, time_zone: str) -> str:
    """A time in the workspace's zone, to the minute.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 3, 9, 23, 30, tzinfo=UTC), "Europe/Berlin")
    '10 Mar 2026, 00:30'
    """
    if value is None:
        return NOTHING
    local = value.astimezone(ZoneInfo(time_zone))
    return f"{day(local.date())}, {local:%H:%M}"


def is_currency(unit: str) -> bool:
    """Whether a unit is a currency: three capitals.

    >>> is_currency("EUR"), is_currency("share")
    (True, False)
    """
    return len(unit) == 3 and unit.isupper()


def in_unit(value: float | None, unit: str, *, currency: str = "") -> str:
    """A metric's value in the unit that the catalogue names: share (of 1), seconds, points, count or money (in whole
    units of ``currency``); or in a currency (ISO 4217), in whole units of it.

    >>> in_unit(0.5, "share"), in_unit(90.0, "seconds"), in_unit(30.0, "points"), in_unit(1200.0, "count")
    ('50 %', '1 min 30 s', '+30', '1,200')
    >>> in_unit(1234.5, "EUR"), in_unit(99.5, "money", currency="EUR"), in_unit(-99.5, "EUR")
    ('EUR 1,234', 'EUR 99.50', 'EUR −99.50')
    """
    if value is None or is_missing(value):
        return NOTHING
    if unit == "share":
        return percent(value)
    if unit == "seconds":
        return duration(value)
    if unit == "points":
        return signed(value)
    if unit == "money" and currency:
        unit = currency
    if is_currency(unit):
        return (
            f"{unit} {compact(value)}"
            if abs(value) >= 1000
            else f"{unit} {with_minus(f'{value:.{minor_digits(unit)}f}')}"
        )
    return compact(value)
