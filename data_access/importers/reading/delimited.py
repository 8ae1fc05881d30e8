"""Tables of text: CSV, TSV and their kin. Encoding, delimiter, quoting and header are told from the beginning."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from data_access.importers.reading.content import Content
from data_access.importers.reading.encodings import detect_encoding
from data_access.importers.reading.table_rows import BLANK_ROW, FROM, Row, name_columns
from data_access.importers.reading.text_lines import RETURN_MARK, TextLines
from data_access.records import Refusal

_DELIMITERS = (",", "\t", ";", "|")
_JUDGED_ROWS = 400
_LOOKED_AT_LINES = 10 * _JUDGED_ROWS
_MOST_TITLES = 10
_ENOUGH_ALIKE = 0.5
#: So many, or one in a hundred letters: a crash leaves some behind, a program's own format has more.
_FEW_NULS = 4
_NAMED_DELIMITER = re.compile('"?sep=(.)"?\r?\n')
_LONGEST_CELL = 1 << 20
_TOO_LONG = f"has a cell of more than {_LONGEST_CELL:,} letters: shorten it in the original file, and import that"
_VALUE = re.compile(r"\d{4}-\d\d-\d\dT.*|[-+\d.,:/ eE%]*\d[-+\d.,:/ eE%]*|https?://.*|@.*|\S+@\S+\.\S+")

_DIGIT = re.compile(r"\d")
#: With a year of four digits, as an address of a machine or a version looks like a date of two.
_DATE = re.compile(r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4})(?![-/.\d])")
#: Programs leave out the zeros at its end, and all of it at a whole second.
_FRACTION = re.compile(r"(?<=:99)[.,]9+$")
#: So many last cells of rows say how times are written there.
_SEEN_ENDS = 200


@dataclass(frozen=True)
class Delimited:
    """A table of text, and how it is written. ``quotes_are_data``: a quotation mark is a letter like any other.
    ``lead``: how many lines stand before the table."""

    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    has_header: bool = True
    quotes_are_data: bool = False
    lead: int = 0

    def again(self, head: bytes) -> "Delimited | None":
        """How to read another file of this shape, by its first bytes; None where it has another shape."""
        encoding = detect_encoding(head)
        lines = _first_lines(head, encoding)[self.lead :]
        if not lines:
            return None
        quotes_are_data = _quotes_are_data(lines, self.delimiter)
        rows = islice(
            csv.reader(iter(lines), delimiter=self.delimiter, quoting=_quoting(quotes_are_data)), _JUDGED_ROWS
        )
        try:
            filled = [cells for cells in rows if any(cells)]
        except csv.Error:
            return None
        if self.has_header:
            is_same = bool(filled) and name_columns(filled[0]) == self.columns
        else:
            is_same = bool(filled) and all(len(cells) == len(self.columns) for cells in filled)
        return replace(self, encoding=encoding, quotes_are_data=quotes_are_data) if is_same else None

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The rows by header. Refused are rows that hold more cells than the header, a last row that is cut off, bytes
        of another encoding, or a quotation mark that is never closed: the rows that it would swallow are read all the
        same."""
        columns = self.columns
        for item in self.read_cells(content):
            if isinstance(item, Refusal):
                yield item
            else:
                yield item[0], dict(zip(columns, item[1]))  # noqa: B905 - the last cells may be missing

    def read_cells(self, content: Content) -> Iterator[tuple[int, list[str]] | Refusal]:
        """``read_rows`` with the cells in their order: those of a row's end may be missing."""
        csv.field_size_limit(_LONGEST_CELL)
        progress, header_is_due = content.progress, self.has_header
        with content.open() as stream:
            lines = TextLines(stream, self.encoding, self.delimiter + "\r\n")
            try:
                for number, cells, reason in self._parsed(lines):
                    if reason is not None:
                        progress.rows += 1
                        yield Refusal(number, reason, cells[0])
                    elif not any(cells):
                        progress.skipped[BLANK_ROW] += 1
                    elif header_is_due:
                        header_is_due = False
                    else:
                        progress.rows += 1
                        yield number, cells
            finally:
                if lines.passed:
                    progress.skipped[BLANK_ROW] += lines.passed

    def _parsed(self, lines: TextLines) -> Iterator[tuple[int, list[str], str | None]]:
        """Each row's first line and cells; or the line as it stands, and what is wrong with it."""
        width = len(self.columns)
        for _line in islice(lines.from_line(1), self.lead):
            lines.first += 1
        while True:
            start = first = lines.first
            passed_before = lines.passed
            reader = csv.reader(
                lines.from_line(start), delimiter=self.delimiter, quoting=_quoting(self.quotes_are_data)
            )
            reason, ends = None, deque[str](maxlen=_SEEN_ENDS)
            try:
                for cells in reader:
                    if lines.passed > passed_before:  # since the row before
                        start += lines.passed - passed_before
                        first += lines.passed - passed_before
                        passed_before = lines.passed
                    after = start + reader.line_num
                    if len(cells) != width or after - first > 1 or lines.need_care:
                        reason = self._fault(cells, ends, lines, first, after)
                        if reason is not None:
                            break
                        cells = [cell.replace(RETURN_MARK, "\n") for cell in cells]
                    yield first, cells, None
                    first = lines.first = after
                    if cells:
                        ends.append(cells[-1])
            except csv.Error as error:
                reason = _TOO_LONG if "field limit" in str(error) else f"cannot be read as a row: {error}"
            if reason is None:
                return
            yield first, [lines.between(first, first + 1)[0].rstrip("\r\n")], reason
            lines.first = first + 1

    def _fault(self, cells: list[str], ends: Sequence[str], lines: TextLines, first: int, after: int) -> str | None:
        """What is wrong with the row that the lines from ``first`` up to ``after`` make, after rows with these last
        cells; None for nothing."""
        taken = lines.between(first, after)
        is_too_long = len(cells) > len(self.columns) and any(cells[len(self.columns) :])
        is_odd = not self.quotes_are_data and sum(line.count('"') for line in taken) % 2 == 1
        if len(taken) > 1 and (is_too_long or is_odd):
            return "has a quotation mark that is not closed"
        for number in range(first, after):
            if number in lines.damaged:
                return lines.damaged[number]
        if is_too_long:
            return (
                f"has {len(cells)} cells, the header names {len(self.columns)}: a cell that holds {self.delimiter!r} "
                "needs quotation marks around it"
            )
        if lines.is_open(after - 1):
            return self._cut_off(cells, ends, taken[-1], is_odd=is_odd)
        return None

    def _cut_off(self, cells: list[str], ends: Sequence[str], line: str, *, is_odd: bool) -> str | None:
        """Whether the file ends within its last row, which no newline ends."""
        is_quoted = line.startswith('"') or f'{self.delimiter}"' in line
        is_short = 0 < len(cells) < len(self.columns)
        if (is_odd and is_quoted) or is_short or (cells and not line.endswith('"') and _is_begun(cells[-1], ends)):
            return "is cut off: the file ends within this row. Export it again, or complete the row"
        return None


def _is_begun(cell: str, others: Sequence[str]) -> bool:
    """Whether a cell is no more than the beginning of a time as the last of ``others`` is written, and as none of them.

    >>> _is_begun("2026-01-1", ["2026-01-10T10:00Z"]), _is_begun("2026-01-12T11:00Z", ["2026-01-10T10:00Z"])
    (True, False)
    >>> _is_begun("12", ["1234"]), _is_begun("2/1/2026", ["12/1/2026"]), _is_begun("10.0.0.1", ["10.0.0.12"])
    (False, False, False)
    >>> _is_begun("2026-01-12 11:00:00", ["2026-01-12 11:00:00.25"]), _is_begun("2026/1/3", ["2026/1/2", "2026/1/15"])
    (False, False)
    """
    if not (cell and others and _DATE.match(others[-1])):
        return False
    shape, *whole = (_FRACTION.sub("", _DIGIT.sub("9", each)) for each in (cell, *others))
    return len(shape) < len(whole[-1]) and whole[-1].startswith(shape) and shape not in whole


def _quoting(quotes_are_data: bool) -> Literal[0, 3]:
    return csv.QUOTE_NONE if quotes_are_data else csv.QUOTE_MINIMAL


def recognise_delimited(head: bytes) -> Delimited | None:
    """The table that a file's first bytes are the beginning of; None where they are no table of text."""
    if not head.strip():
        return None
    csv.field_size_limit(_LONGEST_CELL)
    encoding = detect_encoding(head)
    lines = _without_many_blanks(_first_lines(head, encoding))
    named = _NAMED_DELIMITER.fullmatch(lines[0]) if lines else None
    lead = 1 if named else 0
    if len(lines) <= lead:
        return None
    delimiters = (named[1],) if named else _DELIMITERS
    best = max((_judge(lines[lead:], delimiter) for delimiter in delimiters), key=_how_well)
    (fit, width), delimiter, quotes_are_data = best
    lead = lead or _title_lines(lines, delimiter, _quoting(quotes_are_data))
    rows = csv.reader(iter(lines[lead:]), delimiter=delimiter, quoting=_quoting(quotes_are_data))
    first, second = [*islice(filter(any, rows), 2), [], []][:2]
    is_ragged = fit < _ENOUGH_ALIKE and not (len(first) > 2 and _is_above_values(first, second))
    if width < 2 or is_ragged:
        return None
    table = Delimited(name_columns(first), encoding, delimiter, quotes_are_data=quotes_are_data, lead=lead)
    if FROM in first or looks_like_header(first, second):
        return table
    widest = name_columns([""] * max(width, len(first)))
    return replace(table, columns=widest, has_header=False)


def _without_many_blanks(lines: list[str]) -> list[str]:
    """The lines from the first that is not blank on, where more are blank than stand around a title."""
    start = next((place for place, line in enumerate(lines) if line.strip()), 0)
    return lines[start:] if start > _MOST_TITLES else lines


def _title_lines(lines: list[str], delimiter: str, quoting: Literal[0, 3]) -> int:
    """How many lines stand before the header that hold one cell at most: a title, a date, nothing."""
    try:
        rows = [
            next(csv.reader([line], delimiter=delimiter, quoting=quoting), []) for line in lines[: _MOST_TITLES + 2]
        ]
    except csv.Error:
        return 0
    titles = next((place for place, cells in enumerate(rows) if sum(map(bool, cells)) > 1), 0)
    if not 0 < titles <= _MOST_TITLES or len(rows) < titles + 2:
        return 0
    header, below = rows[titles], rows[titles + 1]
    return titles if len(header) > 2 and len(header) == len(below) and _is_above_values(header, below) else 0


def _is_above_values(cells: list[str], second: list[str]) -> bool:
    """Whether a row can only be a header: names, and below them values."""
    return looks_like_header(cells) and any(_VALUE.fullmatch(cell.strip()) for cell in second)


def _first_lines(head: bytes, encoding: str) -> list[str]:
    """The lines of a file's first bytes; none where they are no text."""
    text = head.decode(encoding, errors="replace")
    if text.rstrip("\x00").count("\x00") > max(_FEW_NULS, len(text) // 100):
        return []
    lines = list(io.StringIO(text.replace("\x00", "").removeprefix("\ufeff"), newline=""))
    if len(lines) > 1 and not lines[-1].endswith(("\n", "\r")):
        lines.pop()  # cut off, where the file is longer than what was looked at
    return lines


def _how_well(judged: tuple[tuple[float, int], str, bool]) -> tuple[float, bool, int]:
    """For comparing: of those that fit alike the tab, which nobody types, then the one that makes more cells."""
    (fit, width), delimiter, _quotes_are_data = judged
    return fit, delimiter == "\t" and width > 2, width


def _judge(lines: list[str], delimiter: str) -> tuple[tuple[float, int], str, bool]:
    """How well a delimiter fits (the share of rows of the commonest width, that width), and whether quotes are data."""
    quotes_are_data = _quotes_are_data(lines, delimiter)
    widths: Counter[int] = Counter()
    try:
        first_lines = iter(lines[:_LOOKED_AT_LINES])
        for cells in csv.reader(first_lines, delimiter=delimiter, quoting=_quoting(quotes_are_data)):
            if any(cells):
                widths[len(cells)] += 1
            if widths.total() >= _JUDGED_ROWS:
                break
    except csv.Error:
        return (0.0, 0), delimiter, quotes_are_data
    if not widths:
        return (0.0, 0), delimiter, quotes_are_data
    width, rows = widths.most_common(1)[0]
    return (round(rows / widths.total(), 1) if width > 1 else 0.0, width), delimiter, quotes_are_data


def _quotes_are_data(lines: list[str], delimiter: str) -> bool:
    """Whether some cell begins with a quotation mark that cannot be quoting, though each line has the same width."""
    if not any('"' in line for line in lines[:_LOOKED_AT_LINES]):
        return False
    widths: set[int] = set()
    is_odd = False
    for line in lines[:_LOOKED_AT_LINES]:
        cells = line.rstrip("\r\n").split(delimiter)
        widths.add(len(cells))
        if len(widths) > 1:
            return False
        is_odd = is_odd or any(_is_oddly_quoted(cell) for cell in cells)
    return is_odd


def _is_oddly_quoted(cell: str) -> bool:
    if not cell.startswith('"'):
        return False
    inner = cell[1:-1]
    return len(cell) < 2 or not cell.endswith('"') or '"' in inner.replace('""', "")


def looks_like_header(cells: list[str], second: Sequence[str] = ()) -> bool:
    """Whether a first row holds names and not values: short, no number, date, address or sentence. They are all
    different, unless the ``second`` row holds values."""
    names = [cell.strip() for cell in cells if cell.strip()]
    if not names or len(names) < len(cells) / 2:
        return False
    if len(set(names)) < len(names) and not any(_VALUE.fullmatch(cell.strip()) for cell in second):
        return False
    return not any(_VALUE.fullmatch(name) or len(name) > 60 or name.count(" ") > 6 for name in names)
