"""Single values as files write them: ids, counts, yes and no, times. What cannot be read raises ``Damaged``."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from data_access.importers.reading.options import Damaged

T = TypeVar("T")

_NOTHING = frozenset({"", "nan", "none", "null", "n/a", "na", "-", "nil", "\\n"})
_LONGEST_NOTHING = max(map(len, _NOTHING))
_WHOLE_AS_FLOAT = re.compile(r"-?\d+\.0+")
_ROUNDED = re.compile(r"-?\d(?:[.,]\d+)?[eE]\+\d+|-?\d[.,]\d+[eE]\d{1,2}")
#: Days that a spreadsheet counts from 30 December 1899: those from 1970 to 2100.
_SPREADSHEET_DAY = re.compile(r"\d{5}(?:\.\d*)?")
_SPREADSHEET_START = datetime(1899, 12, 30)
_SPREADSHEET_DAYS = (25_570, 73_051)
_BETWEEN_THOUSANDS = "' \u00a0\u2009\u202f\u2019"
_COUNT = re.compile(rf"(-?)(\d{{1,3}}(?:[,.{_BETWEEN_THOUSANDS}]\d{{3}})+|\d+)(?:\.0+)?")
_COUNT_WITH_POINT = re.compile(rf"(-?)(\d{{1,3}}(?:[,{_BETWEEN_THOUSANDS}]\d{{3}})+|\d+)(?:\.0+)?")
_SWAPPED_MARKS = str.maketrans(",.", ".,")
_WITH_DECIMALS = re.compile(r"-?\d+,\d+")
#: What networks write behind a number that they shorten, in the languages of most of their pages. B is not among it:
#: a billion in English, a thousand in Turkish.
_SHORTENED = {
    **dict.fromkeys(("k", "tsd", "mil", "тыс", "천"), 1_000),
    **dict.fromkeys(("万", "萬", "만"), 10_000),
    **dict.fromkeys(("m", "mio", "mln", "mi", "млн"), 1_000_000),
    **dict.fromkeys(("億", "亿", "억"), 100_000_000),
    **dict.fromkeys(("bn", "mrd", "mld", "млрд"), 1_000_000_000),
}
_SHORT_COUNT = re.compile(r"(\d+)(?:([.,])(\d+))?\s*([^\W\d]+)\.?")
#: No count is larger: the engines add up 64 bits, and a few such rows still leave room for a sum.
LARGEST_COUNT = 10**16
_DIGITS_OF_LARGEST = len(str(LARGEST_COUNT))
_EXACT_FLOAT = 10**15  # a spreadsheet keeps fifteen digits


def is_nothing(value: Any) -> bool:
    """Whether a cell says nothing."""
    if value is None or value != value:
        return True
    return isinstance(value, str) and value.strip().lower() in _NOTHING


def required(value: T | None, name: str) -> T:
    """The value. Raises ``Damaged`` where there is none."""
    if value is None:
        raise Damaged(f"has no {name}")
    return value


def read_id(value: Any) -> str | None:
    """An id as text. Raises ``Damaged`` for one that a spreadsheet rounded.

    >>> read_id("3.0"), read_id(7), read_id(" ab ")
    ('3', '7', 'ab')
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isalnum() and (len(value) > _LONGEST_NOTHING or value.isdecimal()):
        return value
    if is_nothing(value):
        return None
    if isinstance(value, float):
        if abs(value) >= _EXACT_FLOAT:
            raise Damaged(_rounded(f"{value:.3E}"))
        return str(int(value)) if value.is_integer() else str(value)
    text = str(value).strip()
    if _WHOLE_AS_FLOAT.fullmatch(text):
        return text.partition(".")[0]
    if _ROUNDED.fullmatch(text):
        raise Damaged(_rounded(text))
    return text


def _rounded(text: str) -> str:
    return f"the id {text} was rounded by a spreadsheet and is lost: export it again with ids as text"


def read_count(value: Any, decimal_comma: bool | None = None) -> int | None:
    """A whole number. Raises ``Damaged`` where there is something else. ``decimal_comma``: whether decimals follow a
    comma (True) or a point (False); None: three figures behind either are thousands.

    >>> read_count("1,234"), read_count("12.0"), read_count("1.2K"), read_count("")
    (1234, 12, 1200, None)
    >>> read_count("5.000"), read_count("5.000", decimal_comma=False), read_count("12,0", decimal_comma=True)
    (5000, 5, 12)
    >>> read_count("1,5K"), read_count("2.3 Mio."), read_count("3,4万")
    (1500, 2300000, 34000)
    """
    if isinstance(value, str):
        if value.isascii() and value.isdigit() and len(value) < _DIGITS_OF_LARGEST:
            return int(value)
        return _of_size(value, lambda: _read_written_count(value.strip(), decimal_comma))
    if is_nothing(value):
        return None
    if isinstance(value, (int, Decimal)) or (isinstance(value, float) and value.is_integer()):
        return _of_size(value, lambda: int(value))
    raise Damaged(f"{value!r} is no whole number")


def _of_size(value: Any, count: Callable[[], int | None]) -> int | None:
    """The number, where the store can keep it and add it up. Raises ``Damaged``."""
    try:
        number = count()
    except Damaged:
        raise
    except (ValueError, ArithmeticError):  # Python reads no number of thousands of digits, and none that is infinite
        number = LARGEST_COUNT + 1
    if number is not None and abs(number) > LARGEST_COUNT:
        shown = value[:40] if isinstance(value, str) else f"{Decimal(value):.3E}"
        raise Damaged(f"{shown} is too large a number")
    return number


def _read_written_count(text: str, decimal_comma: bool | None) -> int | None:
    if text.lower() in _NOTHING:
        return None
    number = text.translate(_SWAPPED_MARKS) if decimal_comma else text
    if match := (_COUNT if decimal_comma is None else _COUNT_WITH_POINT).fullmatch(number):
        return int(match[1] + re.sub(r"\D", "", match[2]))
    if (short := _read_short_count(text, decimal_comma)) is not None:
        return short
    is_open = decimal_comma is None and _WITH_DECIMALS.fullmatch(text)
    advice = ": where decimals follow a comma in this file, say --map decimals=comma" if is_open else ""
    raise Damaged(f"{text[:40]!r} is no whole number{advice}")


def _read_short_count(text: str, decimal_comma: bool | None) -> int | None:
    """A number that was shortened ("1.2K"); None for anything else, and where the mark is one between thousands."""
    match = _SHORT_COUNT.fullmatch(text)
    times = None if match is None else _SHORTENED.get(match[4].lower())
    if match is None or times is None:
        return None
    whole, mark, decimals = match[1], match[2], match[3] or ""
    is_decimal_mark = mark == ("," if decimal_comma else ".") or (decimal_comma is None and len(decimals) != 3)
    if mark is not None and not is_decimal_mark:
        return None
    return int(Decimal(f"{whole}.{decimals or 0}") * times)


def read_flag(value: Any) -> bool | None:
    """Yes or no. Raises ``Damaged`` for anything else.

    >>> read_flag("True"), read_flag("no"), read_flag("")
    (True, False, None)
    """
    if isinstance(value, bool):
        return value
    if is_nothing(value):
        return None
    text = str(value).strip().lower()
    if text in {"true", "t", "yes", "y", "1", "1.0"}:
        return True
    if text in {"false", "f", "no", "n", "0", "0.0"}:
        return False
    raise Damaged(f"{str(value)[:40]!r} is neither yes nor no")


_WORD = re.compile(r"[^\s,;:<>()\"]+")


def read_email(value: Any) -> str | None:
    """The e-mail address in a cell, in lower case; None where there is none.

    >>> read_email("Ann <Ann@Example.org>"), read_email("ann at example")
    ('ann@example.org', None)
    """
    if not isinstance(value, str) or "@" not in value:
        return None
    for word in _WORD.findall(value):
        parts = word.split("@")
        for mailbox, host in pairwise(parts):
            if mailbox and (domain := _domain(host)) is not None:
                return f"{mailbox}@{domain}".lower()
    return None


def _domain(host: str) -> str | None:
    """What begins like a domain, up to its last label of two letters or more behind a point; None where it does not."""
    labels = host.split(".")
    last = next((place for place in range(len(labels) - 1, 0, -1) if len(labels[place]) > 1), 0)
    return ".".join(labels[: last + 1]) if last > 1 or (last == 1 and labels[0]) else None


def read_language(value: Any) -> str | None:
    """A language code's first part, in lower case; None where it is no code.

    >>> read_language("en-US"), read_language("und"), read_language("English")
    ('en', None, None)
    """
    if is_nothing(value):
        return None
    code = re.split(r"[-_]", str(value).strip().lower())[0]
    return code if code.isalpha() and len(code) in (2, 3) and code != "und" else None


# --- times

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_DAY_OF_WEEK = r"(?:[A-Za-z]{3,9},? )?"
_CLOCK = (
    r"(?:[ T,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?(?:\s*(?P<utc>UTC|GMT|Z))?"
    # 10:00-11:00 is no offset; "GMT+0100 (Central European Time)" is what browsers write
    r"(?:(?P<offset>(?:\s*\+|\s-|(?<=UTC)-|(?<=GMT)-)\d{1,2}(?::?\d{2})?)(?:\s*\([\w .+:-]+\))?)?"
)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(?P<year>\d{4}|\d{2})" + _CLOCK)
_DAY_MONTH = re.compile(
    _DAY_OF_WEEK
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[A-Za-z]{3,9})\.?,?[ -](?P<year>\d{4}|\d{2})"
    + _CLOCK
)
_MONTH_DAY = re.compile(
    _DAY_OF_WEEK + r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})" + _CLOCK
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([/.-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _CLOCK)
_TWITTER = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}")
_SYSTEM_CLOCK = re.compile(r"([A-Z][a-z]{2}) ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2})((?: UTC| GMT)?) (\d{4})")
_OF_MAIL = re.compile(
    r"(?:[A-Z][a-z]{2}, ?\d{1,2} [A-Z][a-z]{2} (?:\d{4}|\d{2}) \d{1,2}:\d{2}(?::\d{2})? +(?:UT|[ECMP][SD]T)"
    r"|(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} (?:\d{4}|\d{2}) \d{1,2}:\d{2}(?::\d{2})? +(?:GMT|[+-]\d{4}))"
    r"(?:\s*\([^()]*\))?"
)
_NAMED_ZONE = re.compile(
    r":\d{2}(?:\.\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*\(?((?![AaPp][Mm]\b)[A-Z]{2,5}|[A-Z][a-z]+/[A-Z]\w+)\)?$"
)
_WIDEST_OFFSET = timedelta(hours=14)
_LATEST_SHORT_YEAR = 68  # as mail has it: 68 is 2068, 69 is 1969
_FORMS = ": write it as 2017-03-04 22:00, 2017-03-04T22:00:00+01:00, 4 March 2017 22:00 or 04.03.2017 22:00"
_EPOCH = re.compile(r"\d{9,19}(?:\.\d*)?")
_ISO_START = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)|(?:19|20)\d{6}(?!\d)")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

_IN_UTC = ("Z", "+00:00")

DAY_FIRST, MONTH_FIRST = "day", "month"


class TimeReader:
    """Reads times: ISO 8601, RFC 2822, Twitter's, "4 March 2017", 04/03/2017 (``date_order`` says which is the day),
    seconds, milli-, micro- or nanoseconds since 1970, the datetimes and days of spreadsheets. Without a zone: in
    ``time_zone``. A zone's name is refused, but for UTC, GMT and Z: CST is three zones.

    >>> TimeReader("UTC").read("Tue Oct 31 22:10:47 +0000 2017").isoformat()
    '2017-10-31T22:10:47+00:00'
    """

    def __init__(self, time_zone: str = "UTC", date_order: str | None = None) -> None:
        self._zone = UTC if time_zone == "UTC" else ZoneInfo(time_zone)
        self._date_order = date_order
        self._parsers: list[Callable[[str], datetime | None]] = [
            _read_iso, _read_twitter, _read_epoch_text, self._read_numeric, _read_named_month, _read_system_clock,
            _read_rfc,
        ]  # fmt: skip

    def read(self, value: Any) -> datetime | None:
        """The time in UTC; None where there is none. Raises ``Damaged`` where it cannot be read."""
        if isinstance(value, str):
            if (aware := _read_usual(value)) is not None:
                return aware
            text = value.strip()
            moment = None if text.lower() in _NOTHING else self._read_text(text)
        elif is_nothing(value):
            moment = None
        else:
            moment = _read_typed(value)
        if moment is None:
            return None
        return self._in_utc(moment, value)

    def _in_utc(self, moment: datetime, value: Any) -> datetime:
        try:
            aware = (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError as error:
            raise Damaged(f"{str(value)[:40]!r} is no plausible time") from error
        if not EARLIEST <= aware < LATEST:
            raise Damaged(f"{str(value)[:40]!r} is no plausible time")
        return aware

    def _read_text(self, text: str) -> datetime:
        for place, parser in enumerate(self._parsers):
            try:
                moment = parser(text)
            except (ValueError, OverflowError, TypeError, IndexError, KeyError):
                moment = None
            if moment is not None:
                if place and parser is not _read_rfc:  # a file writes its times in one way: that is tried first next
                    self._parsers.insert(0, self._parsers.pop(place))
                return moment
        raise Damaged(self._why_not(text))

    def _why_not(self, text: str) -> str:
        """Why a text is no time."""
        if named := zone_named(text):
            return (
                f"{text[:40]!r} names the zone {named!r}: write its offset instead, such as +01:00, or leave it"
                " away and say --time-zone"
            )
        if not has_numeric_dates([text]) or len(date_orders([text])) == 0:
            if _names_no_day(text):
                return f"{text[:40]!r} cannot be read as a time: there is no such day"
            is_of_known_form = _ISO_START.match(text) or not any(map(str.isdigit, text))
            return f"{text[:40]!r} cannot be read as a time{'' if is_of_known_form else _FORMS}"
        if self._date_order is None:
            return f"{text[:40]!r} can be read with the day or the month first: say which (date_order is day or month)"
        return f"{text[:40]!r} is no date with the {self._date_order} first, as the others of the file are read"

    def _read_numeric(self, text: str) -> datetime | None:
        match = _NUMERIC.fullmatch(text)
        if match is None:
            return None
        first, mark, second = int(match[1]), match[2], int(match[3])
        order = DAY_FIRST if mark == "." else self._date_order
        if order is None:
            order = DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 else None
        if order is None:
            raise ValueError("day first or month first")
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        return _moment(match, month, day)


def _names_no_day(text: str) -> bool:
    """Whether a text has the form of a date of figures, of which the calendar has no day.

    >>> [_names_no_day(text) for text in ("2026-02-30 10:00", "31.11.2026", "2026-02-28 25:00", "12/31/2026")]
    [True, True, False, False]
    """
    if match := _ISO_START.match(text):
        figures = match[0] if match[0].isdecimal() else "".join(f"{int(part):02}" for part in re.split(r"\D", match[0]))
        days = [(int(figures[:4]), int(figures[4:6]), int(figures[6:]))]
    elif match := _NUMERIC.fullmatch(text):
        year, first, second = int(match["year"]), int(match[1]), int(match[3])
        days = [(year, second, first)] + ([] if match[2] == "." else [(year, first, second)])
    else:
        return False
    return not any(1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] for year, month, day in days if year)


def zone_named(text: str) -> str | None:
    """The name of a zone that ends what may be a time; None where there is none.

    >>> zone_named("Mar 4, 2017, 10:00 PM PST"), zone_named("Mar 4, 2017, 10:00 PM")
    ('PST', None)
    """
    named = _NAMED_ZONE.search(text)
    return None if named is None else named[1]


def _moment(match: re.Match[str], month: int, day: int) -> datetime:
    """The time on the day, aware where it names UTC or an offset. Raises ``ValueError`` where there is none."""
    year = int(match["year"])
    if year < 100:
        year += 1900 if year > _LATEST_SHORT_YEAR else 2000
    return datetime.combine(date(year, month, day), _clock(match), _offset(match))


def _clock(match: re.Match[str]) -> time:
    if match["hour"] is None:
        return time()
    hour, half = int(match["hour"]), match["half"]
    if half:
        if hour > 12 and half[0] in "Aa":
            raise ValueError("an hour after noon in the morning")
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    micros = int((match["fraction"] or "").ljust(6, "0")[:6])
    return time(hour, int(match["minute"]), int(match["second"] or 0), micros)


def _offset(match: re.Match[str]) -> timezone | None:
    written = match["offset"]
    if written is None:
        return UTC if match["utc"] else None
    digits = written.strip().lstrip("+-").replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if match["hour"] is None or offset > _WIDEST_OFFSET or int(minutes) > 59:
        raise ValueError("no offset")
    return timezone(-offset if "-" in written else offset)


def _read_iso(text: str) -> datetime | None:
    if text[4:5] == text[7:8] == "-":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    if not _ISO_START.match(text):
        return None
    if match := _YEAR_FIRST.fullmatch(text):
        return _moment(match, int(match["month"]), int(match["day"]))
    if text[-3:] in ("UTC", "GMT"):
        text = text[:-3].rstrip() + "+00:00"
    return datetime.fromisoformat(text)


def _read_usual(text: str) -> datetime | None:
    """A time as most files write it: ISO 8601 in UTC. None where it is anything else, or out of range."""
    if text[4:5] != "-" or not text.endswith(_IN_UTC):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is UTC and EARLIEST <= moment < LATEST else None


def _read_twitter(text: str) -> datetime | None:
    if not _TWITTER.fullmatch(text):
        return None
    month = f"{_MONTHS[text[4:7].lower()]:02}"
    return datetime.fromisoformat(f"{text[26:30]}-{month}-{text[8:10]}T{text[11:19]}{text[20:25]}")


def _read_epoch_text(text: str) -> datetime | None:
    if _SPREADSHEET_DAY.fullmatch(text):
        return _read_spreadsheet_day(float(text))
    return _read_epoch(Decimal(text)) if _EPOCH.fullmatch(text) else None


def _read_spreadsheet_day(days: float) -> datetime | None:
    """The time that a spreadsheet keeps as days, to the second; None where it is too long ago or ahead."""
    first, last = _SPREADSHEET_DAYS
    if not first <= days < last:
        return None
    return _SPREADSHEET_START + timedelta(seconds=round(days * 86_400))


def _read_epoch(number: int | float | Decimal) -> datetime:
    """Seconds since 1970, or milli-, micro- or nanoseconds where only those are plausible."""
    exact = Decimal(str(number))
    for limit, unit in ((10**11, 10**6), (10**14, 10**3), (10**17, 1)):
        if abs(exact) < limit:
            return _EPOCH_START + timedelta(microseconds=int(exact * unit))
    return _EPOCH_START + timedelta(microseconds=int(exact / 1000))


def _read_named_month(text: str) -> datetime | None:
    match = _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if match is None:
        return None
    return _moment(match, _MONTHS[match["month"][:3].lower()], int(match["day"]))


def _read_system_clock(text: str) -> datetime | None:
    """A time as ``date`` prints it: Tue Oct 31 22:10:47 UTC 2017."""
    match = _SYSTEM_CLOCK.fullmatch(text)
    if match is None:
        return None
    clock, zone = time.fromisoformat(match[4]), UTC if match[5] else None
    return datetime.combine(date(int(match[6]), _MONTHS[match[2].lower()], int(match[3])), clock, zone)


def _read_rfc(text: str) -> datetime | None:
    """A mail's time, whose standard defines a few zones by name."""
    if not _OF_MAIL.fullmatch(text):
        return None
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # -0000 is UTC


def _read_typed(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and 10**8 <= value < 10**19:
        return _read_epoch(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        moment = _read_spreadsheet_day(float(value))
        if moment is not None:
            return moment
    raise Damaged(f"{str(value)[:40]!r} cannot be read as a time")


def date_orders(values: Iterable[Any]) -> set[str]:
    """Which orders of day and month the values allow, of those written like 04/03/2017; both are for asking.

    >>> sorted(date_orders(["04/03/2017", "05/03/2017"])), date_orders(["25/03/2017", "04/03/2017"])
    (['day', 'month'], {'day'})
    """
    allowed = {DAY_FIRST, MONTH_FIRST}
    for value in values:
        match = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None or match[2] == ".":
            continue
        if int(match[1]) > 12:
            allowed.discard(MONTH_FIRST)
        if int(match[3]) > 12:
            allowed.discard(DAY_FIRST)
    return allowed


def has_numeric_dates(values: Iterable[Any]) -> bool:
    """Whether any value is written like 04/03/2017, so that the order of day and month matters."""
    matches = (_NUMERIC.fullmatch(value.strip()) for value in values if isinstance(value, str))
    return any(match is not None and match[2] != "." for match in matches)
