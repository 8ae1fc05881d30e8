"""Tables of text: CSV, TSV and their kin. Encoding, delimiter, quoting and header are told from the beginning."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from charset_normalizer import from_bytes

from data_access.importers.reading.content import Content
from data_access.importers.reading.table_rows import BLANK_ROW, Row, name_columns
from data_access.records import Refusal

_DELIMITERS = (",", "\t", ";", "|")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DETECT_BYTES = 1 << 17
#: A vertical tab, which nobody writes, stands for a return within a row until the row is read.
_RETURN_MARK = b"\x0b"
_JUDGED_ROWS = 400
_LONGEST_CELL = 1 << 20
_VALUE = re.compile(r"[-+\d.,:/ eE%]*\d[-+\d.,:/ eE%]*|https?://.*|@.*|\S+@\S+\.\S+")


@dataclass(frozen=True)
class Delimited:
    """A table of text, and how it is written. ``quotes_are_data``: a quotation mark is a letter like any other."""

    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    has_header: bool = True
    quotes_are_data: bool = False

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The rows by header. Refused are rows that hold more cells than the header, bytes of another encoding, or a
        quotation mark that is never closed: the rows that it would swallow are read all the same."""
        csv.field_size_limit(_LONGEST_CELL)
        with content.open() as stream:
            header_is_due = self.has_header
            for number, cells, problem in self._parsed(_Lines(stream, self.encoding)):
                if problem is None and not any(cells):
                    content.progress.skipped[BLANK_ROW] += 1
                elif header_is_due:
                    header_is_due = False
                else:
                    content.progress.rows += 1
                    yield problem or (number, dict(zip(self.columns, cells, strict=False)))

    def _parsed(self, lines: "_Lines") -> Iterator[tuple[int, list[str], Refusal | None]]:
        """Each row with its first line, and what is wrong with it."""
        reader = csv.reader(lines, delimiter=self.delimiter, quoting=_quoting(self.quotes_are_data))
        while True:
            lines.taken.clear()
            try:
                cells = next(reader)
                reason = self._fault(cells, lines)
            except StopIteration:
                return
            except csv.Error as error:
                cells, reason = [], f"cannot be read as a row: {error}"
            number = lines.taken[0][0]
            if reason is None:
                yield number, [cell.replace("\x0b", "\n") if "\x0b" in cell else cell for cell in cells], None
                continue
            if len(lines.taken) > 1:
                lines.give_back_all_but_first()
            yield number, cells, Refusal(number, reason, lines.taken[0][1].rstrip("\r\n"))

    def _fault(self, cells: list[str], lines: "_Lines") -> str | None:
        is_too_long = len(cells) > len(self.columns) and any(cells[len(self.columns) :])
        if len(lines.taken) > 1 and (is_too_long or sum(line.count('"') for _number, line in lines.taken) % 2):
            return "has a quotation mark that is not closed"
        if is_too_long:
            return f"has {len(cells)} cells, the header names {len(self.columns)}"
        if lines.damaged and any(number in lines.damaged for number, _line in lines.taken):
            return f"holds bytes that are not {self.encoding}"
        return None


class _Lines:
    """The lines of a stream, decoded one by one, so that one bad byte costs one row: ``damaged`` are the numbers of
    such lines. ``taken`` are those that the row at hand is made of, with their numbers."""

    def __init__(self, stream: io.BufferedReader, encoding: str) -> None:
        self._encoding = encoding
        self._rest = enumerate(self._decoded(stream), start=1)
        self._again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self.damaged: set[int] = set()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self.taken.append(line)
        return line[1]

    def give_back_all_but_first(self) -> None:
        """Read the lines again that a damaged row swallowed."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def _decoded(self, stream: io.BufferedReader) -> Iterator[str]:
        if self._encoding.startswith(("utf-16", "utf-32")) or _ends_rows_with_returns(stream):
            yield from io.TextIOWrapper(stream, self._encoding, errors="replace", newline="")
            return
        encoding = "utf-8" if self._encoding == "utf-8-sig" else self._encoding
        if stream.peek(3)[:3] == _BOMS[0][0]:
            stream.read(3)
        for number, line in enumerate(_mark_returns(stream), start=1):
            try:
                yield line.decode(encoding)
            except UnicodeDecodeError:
                self.damaged.add(number)
                yield line.decode(encoding, errors="replace")


def _mark_returns(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Lines that end in a newline. A return alone within one is part of what somebody wrote, and is marked, because a
    reader of CSV would end the row there."""
    for line in stream:
        body = line.rstrip(b"\r\n")
        yield body.replace(b"\r", _RETURN_MARK) + line[len(body) :] if b"\r" in body else line


def _ends_rows_with_returns(stream: io.BufferedReader) -> bool:
    """Whether the file is of the kind that ends its rows with a return alone: most of its line ends are."""
    start = stream.peek(1 << 16)
    return start.count(b"\r") - start.count(b"\r\n") > start.count(b"\n")


def _quoting(quotes_are_data: bool) -> Literal[0, 3]:
    return csv.QUOTE_NONE if quotes_are_data else csv.QUOTE_MINIMAL


def detect_encoding(head: bytes) -> str:
    """The encoding of text by its first bytes: by its mark, else UTF-8 where it is that, else the likeliest."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 and not _is_mostly_utf8(head):  # a letter may be cut off at the end
            best = from_bytes(head[:_DETECT_BYTES]).best()
            return best.encoding if best is not None else "cp1252"
    return "utf-8"


def _is_mostly_utf8(head: bytes) -> bool:
    """Whether UTF-8 was meant and a few letters are damaged: the letters beyond ASCII that are sound outnumber them."""
    decoded = head.decode("utf-8", errors="replace")
    damaged = decoded.count("\ufffd")
    sound = sum(not character.isascii() for character in decoded) - damaged
    return sound > 4 * damaged


def recognise_delimited(head: bytes) -> Delimited | None:
    """The table that a file's first bytes are the beginning of; None where they are no table of text."""
    if not head.strip():
        return None
    encoding = detect_encoding(head)
    text = head.decode(encoding, errors="replace")
    if "\x00" in text:
        return None
    lines = text.splitlines(keepends=True)
    if len(lines) > 1 and not text.endswith(("\n", "\r")):
        lines.pop()  # cut off, where the file is longer than what was looked at
    best = max((_judge(lines, delimiter) for delimiter in _DELIMITERS), key=lambda judged: judged[0])
    (fit, width), delimiter, quotes_are_data = best
    if width < 2 or fit < 0.5:
        return None
    first = next(csv.reader(iter(lines), delimiter=delimiter, quoting=_quoting(quotes_are_data)))
    table = Delimited(name_columns(first), encoding, delimiter, quotes_are_data=quotes_are_data)
    if looks_like_header(first):
        return table
    widest = name_columns([""] * max(width, len(first)))
    return replace(table, columns=widest, has_header=False)


def _judge(lines: list[str], delimiter: str) -> tuple[tuple[float, int], str, bool]:
    """How well a delimiter fits (the share of rows of the commonest width, that width), and whether quotes are data."""
    quotes_are_data = _quotes_are_data(lines, delimiter)
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(iter(lines), delimiter=delimiter, quoting=_quoting(quotes_are_data)):
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
    widths: set[int] = set()
    is_odd = False
    for line in lines[: 10 * _JUDGED_ROWS]:
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


def looks_like_header(cells: list[str]) -> bool:
    """Whether a first row holds names and not values: short, all different, no number, date, address or sentence."""
    names = [cell.strip() for cell in cells if cell.strip()]
    if not names or len(names) < len(cells) / 2 or len(set(names)) < len(names):
        return False
    return not any(_VALUE.fullmatch(name) or len(name) > 60 or name.count(" ") > 6 for name in names)
