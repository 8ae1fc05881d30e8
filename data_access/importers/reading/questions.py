"""What a table can leave open: whether 04/03/2017 is in March, whether 1.234 is over a thousand. Asked, not guessed."""

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from data_access.importers.reading.money import decimal_comma_of, minor_units
from data_access.importers.reading.options import Damaged, UnknownFormat
from data_access.importers.reading.places import PATH
from data_access.importers.reading.values import (
    DAY_FIRST,
    MONTH_FIRST,
    TimeReader,
    date_orders,
    has_numeric_dates,
)

Cell = tuple[str, Any]
#: What the ids of a table belong to where nothing says it.
DEFAULT_SOURCE = "file"


@dataclass(frozen=True)
class AmbiguousDates:
    """A column whose dates can all be read two ways: one of them, ``example``, as either."""

    column: str
    example: str
    day_first: date
    month_first: date

    @property
    def problem(self) -> str:
        """What is open, in a sentence.

        >>> AmbiguousDates("Day", "03/04/2025", date(2025, 4, 3), date(2025, 3, 4)).problem
        "Times in 'Day' can be read with the day or the month first: '03/04/2025' is 3 April or 4 March 2025."
        """
        day, month = self.day_first, self.month_first
        return (
            f"Times in {self.column!r} can be read with the day or the month first: {self.example!r} is "
            f"{day.day} {day:%B} or {month.day} {month:%B} {month.year}."
        )


@dataclass(frozen=True)
class ContradictoryDates:
    """A column of which some dates have the day first, others the month."""

    column: str

    @property
    def problem(self) -> str:
        """What is open, in a sentence."""
        return f"Some times in {self.column!r} can only be read with the day first, others only with the month first."


@dataclass(frozen=True)
class OpenSource:
    """A table whose ids are in the store, from other files, and there mean something else: ``met`` ids of those that
    were looked at, ``differing`` with nothing but the id in common. ``rows``: what they are ("posts"), ``others``: the
    files that they came from, ``suggestion``: a name for what this table's ids belong to, that is free.

    ``within``: the ids are not in the store, but in other rows of the import, of any of its ``FILES`` or of its one
    file (``ROWS``). Then ``met`` are the rows but the first of each id. ``stored``: how many of the ids mean something
    else in the store as well, where they are from ``others``.
    """

    FILES: ClassVar = "files"
    ROWS: ClassVar = "rows"

    file: str
    rows: str
    met: int
    differing: int
    others: tuple[str, ...]
    suggestion: str
    within: str | None = None
    stored: int = 0

    @property
    def problem(self) -> str:
        """What is open, in sentences.

        >>> OpenSource("b.csv", "posts", 60, 59, ("a.csv",), "b").problem
        '60 ids of b.csv are here already, from a.csv, and 59 of them are of something else there: only the id is the \
same. Either these are other posts, or the same posts, changed.'
        >>> OpenSource("b.csv", "posts", 60, 59, (), "b", OpenSource.ROWS).problem
        '60 rows of b.csv have the id of another row, and 59 of them say something else: only the id is the same. \
Either these are other posts, or the same posts, changed.'
        >>> OpenSource("b.csv", "posts", 60, 60, ("a.csv",), "b", OpenSource.ROWS, 50).problem.partition("changed. ")[2]
        '50 of these ids are here already as well, from a.csv, and of something else there: taken for the same posts, \
changed, these would be written over.'
        """
        either = f"only the id is the same. Either these are other {self.rows}, or the same {self.rows}, changed."
        some = "all" if self.differing == self.met else f"{self.differing:,}"
        if self.within is not None:
            rows = f"{self.met:,} rows of {self.file} have" if self.met > 1 else f"1 row of {self.file} has"
            saying = f"{some} of them {'say' if self.differing > 1 else 'says'}" if self.met > 1 else "says"
            return f"{rows} the id of another row, and {saying} something else: {either}{self._stored_too}"
        ids, are = (f"{self.met:,} ids", "are") if self.met > 1 else ("1 id", "is")
        several = f"{some} of them {'are' if self.differing > 1 else 'is'}"
        differing = several if self.met > 1 else "is"
        return (
            f"{ids} of {self.file} {are} here already, from {self.others_named}, and {differing} of something else "
            f"there: {either}"
        )

    @property
    def _stored_too(self) -> str:
        if not self.stored:
            return ""
        ids, are = (f"{self.stored:,} of these ids", "are") if self.stored > 1 else ("1 of these ids", "is")
        return (
            f" {ids} {are} here already as well, from {self.others_named}, and of something else there: taken for the "
            f"same {self.rows}, changed, these would be written over."
        )

    @property
    def others_named(self) -> str:
        """The files that the ids in the store came from."""
        return ", ".join(self.others) or "another file"

    @property
    def apart(self) -> dict[str, str] | None:
        """What to say of the columns so that the rows are kept apart; None where their source needs a name."""
        if self.within is None:
            return None
        return {"source": PATH} if self.within == self.FILES else {"id": ""}

    @property
    def advice(self) -> str:
        """How to answer on the command line."""
        name = f'"source=={self.suggestion}"' if " " in self.suggestion else f"source=={self.suggestion}"
        same = f"For the same {self.rows}, changed: --map source=={DEFAULT_SOURCE}."
        if self.stored:
            same = (
                f"For {self.rows} that changed within {self.file}, but are others than those of {self.others_named}: "
                f"--map {name}. For the same {self.rows} as there, which are then written over: "
                f"--map source=={DEFAULT_SOURCE}."
            )
        if self.within == self.FILES:
            return (
                f"Nothing was imported. For other {self.rows}, with ids that hold in their file only: "
                f"--map source={PATH}. {same}"
            )
        if self.within is not None:
            return (
                f"Nothing was imported. For other {self.rows}, name another column as their id (--map id=COLUMN) or "
                f"none (--map id=). {same}"
            )
        return (
            f"Nothing was imported. For other {self.rows}, give what their ids belong to a name: --map {name}. {same}"
        )


def say_which(asks: str, one: str, other: str) -> str:
    """Where a question about a file is answered: ``asks`` is a key of ``mapping.SAYS``.

    >>> say_which("decimals", "comma", "point")
    'Say which: on the Data page, with this file alone, or by --map decimals=comma or --map decimals=point.'
    """
    return f"Say which: on the Data page, with this file alone, or by --map {asks}={one} or --map {asks}={other}."


class OpenQuestion(UnknownFormat):
    """A file whose format is known, but not which of day and month comes first: ``asks`` is the question (a key of
    ``mapping.SAYS``), ``told`` what the file's dates are, ``shape`` the key under which an answer is kept, and
    ``format`` the file's."""

    format: str | None = None

    def __init__(self, file: str, asks: str, told: AmbiguousDates | ContradictoryDates, shape: str) -> None:
        self.asks = asks
        self.ambiguous_dates = told if isinstance(told, AmbiguousDates) else None
        self.shape = shape
        super().__init__(
            file,
            told.problem,
            say_which(asks, "day", "month"),
        )


def tell_date_order(
    sample: Iterable[Cell], every_cell: Callable[[], Iterable[Cell]]
) -> str | AmbiguousDates | ContradictoryDates | None:
    """Whether the day or the month comes first in these cells (column, value); None where no date is written so.

    The sample is asked first, then the whole file, up to the first date that tells. A date that there is not, such as
    31/31/2026, tells nothing.
    """
    cells = [cell for cell in sample if has_numeric_dates([cell[1]])]
    if not cells:
        return None
    orders = {DAY_FIRST, MONTH_FIRST}
    for _column, value in cells:
        orders &= _orders_told(value) or orders
    if not orders:
        return ContradictoryDates(cells[0][0])
    if len(orders) > 1:
        orders = next((told for _column, value in every_cell() if (told := _orders_told(value))), orders)
    if len(orders) == 1:
        return orders.pop()
    written = itertools.chain(cells, (cell for cell in every_cell() if has_numeric_dates([cell[1]])))
    differing = (ambiguous for cell in written if (ambiguous := _ambiguous(*cell)) is not None)
    return next(differing, None) or DAY_FIRST  # 04/04/2017 is one day, whichever comes first


def _orders_told(value: Any) -> set[str]:
    """The one order in which this is a date; empty where both do, or neither."""
    allowed = date_orders([value])
    return allowed if len(allowed) == 1 and _read_day(value, *allowed) is not None else set()


def _read_day(value: str, order: str) -> date | None:
    """The day that a date is in an order of day and month; None where it is none."""
    try:
        read = TimeReader(date_order=order).read(re.split("[ T,]", value.strip())[0])  # an offset may change the day
    except Damaged:
        return None
    return None if read is None else read.date()


def _ambiguous(column: str, value: str) -> AmbiguousDates | None:
    """A date's two readings; None where they are the same, or it is no date in one of them."""
    day, month = (_read_day(value, order) for order in (DAY_FIRST, MONTH_FIRST))
    return None if day is None or month is None or day == month else AmbiguousDates(column, value.strip(), day, month)


def tell_decimals(cells: Iterable[Cell]) -> str | Cell | None:
    """Whether a comma or a point stands before the decimals of these amounts (column, value); an amount that can be
    read both ways where none tells; None where it makes no difference."""
    amounts = list(cells)
    comma = decimal_comma_of(value for _column, value in amounts)
    if comma is not None:
        return "comma" if comma else "point"
    return next((cell for cell in amounts if _is_either(cell[1])), None)


def _is_either(value: Any) -> bool:
    """Whether an amount reads differently with a comma and with a point before its decimals, and does not say which."""
    if not isinstance(value, str):
        return False
    amount = "".join(letter for letter in value if letter.isdigit() or letter in ".,")
    try:
        minor_units(amount, "EUR")
    except Damaged:
        pass
    else:
        return False
    try:
        return minor_units(amount, "EUR", decimal_comma=True) != minor_units(amount, "EUR", decimal_comma=False)
    except Damaged:
        return False
