"""Refused rows that come back mended. Columns of their own say where each stood, why it was refused and of which import
it is; what is read of them is what the file that they are of would have given."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data_access.formulas import plain_cell
from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import JsonRecords, as_raw
from data_access.importers.reading.table_rows import BLANK_ROW, FROM, MARK, MARKS, REASON, ROW, Row, Table
from data_access.importers.reading.values import is_nothing
from data_access.records import Refusal

#: What is said of a row that could not be cut into cells, or of a value that is no object, until somebody did.
NOT_MENDED = f"; it is not mended: put its cells right, then empty {ROW}"
#: What is said instead of a row that is too long to be kept whole.
KEPT_IN_PART = "; only its beginning is kept: put it right in the original file, and import that"
#: Rows of two imports may be written in two ways, and only one of them is known of a file.
OF_ANOTHER = "was refused by another import than the first row of this file: import the refused rows of each by itself"


@dataclass(frozen=True)
class MendedTable:
    """A table of refused rows, read as the table that they are of."""

    table: Table
    said: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that the rows are of."""
        return tuple(name for name in self.table.columns if name not in MARKS)

    @property
    def delimiter(self) -> str:
        """What stands between its cells."""
        return str(getattr(self.table, "delimiter", ","))

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The rows; refused are those that still cannot be cut into cells."""
        for item in self.table.read_rows(content):
            if isinstance(item, Refusal):
                yield Refusal(item.line, item.reason, self._without_marks(item.raw))
                continue
            line, row = item
            if not is_nothing(row.get(ROW)):
                yield _still_refused(line, row.get(REASON), row[ROW])
                continue
            cells = {name: _plain(value) for name, value in row.items() if name not in MARKS}
            if _is_of_another(row.get(FROM), self.said):
                raw = write_line(["" if value is None else str(value) for value in cells.values()], self.delimiter)
                yield Refusal(line, OF_ANOTHER, raw)
                continue
            if all(is_nothing(value) for value in cells.values()):
                content.progress.rows -= 1
                content.progress.skipped[BLANK_ROW] += 1
            else:
                yield line, cells

    def _without_marks(self, raw: str | None) -> str | None:
        """A line of the file as it would stand in the file that it is of."""
        if raw is None:
            return None
        cells = next(csv.reader([raw], delimiter=self.delimiter), [])
        marks = [place for place, name in enumerate(self.table.columns) if name in MARKS]
        kept = [plain_cell(cell) for place, cell in enumerate(cells) if place not in marks]
        return write_line(kept, self.delimiter)


@dataclass(frozen=True)
class MendedRecords(JsonRecords):
    """JSON objects that were refused, read without what says so."""

    said: str | None = None

    def read_objects(self, content: Content) -> Iterator[tuple[int, Any] | Refusal]:
        """The objects; refused are values that still are none."""
        for item in JsonRecords(self.columns, self.path).read_objects(content):
            if isinstance(item, Refusal) or not isinstance(item[1], dict):
                yield item
                continue
            number, record = item
            marks = record.pop(MARK, None)
            row = marks.get("row") if isinstance(marks, Mapping) else None
            if is_nothing(row) and isinstance(marks, Mapping) and _is_of_another(marks.get("from"), self.said):
                yield Refusal(number, OF_ANOTHER, as_raw(record))
            elif is_nothing(row):
                yield number, record
            else:
                yield _still_refused(number, marks.get("reason"), row)


def _is_of_another(said: Any, first: str | None) -> bool:
    return not is_nothing(said) and str(said) != first


def _still_refused(line: int, reason: Any, row: Any) -> Refusal:
    said = str(reason or "cannot be read").removesuffix(NOT_MENDED)
    return Refusal(line, said if said.endswith(KEPT_IN_PART) else said + NOT_MENDED, str(row))


def _plain(value: Any) -> Any:
    return plain_cell(value) if isinstance(value, str) else value


class _Line:
    """What a writer of CSV writes."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def write_line(cells: list[str], delimiter: str) -> str:
    """Cells as one line of a table, without its end.

    >>> write_line(["a", "b,c"], ",")
    'a,"b,c"'
    """
    line = _Line()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(cells)
    return line.text


def as_mended(table: Table, content: Content) -> tuple[Table, str | None]:
    """The table without the marks of refused rows, and of which import they are; any other table as it is."""
    if FROM not in table.columns:
        return table, None
    rows = (item[1] for item in table.read_rows(content.aside()) if not isinstance(item, Refusal))
    said = next((str(row[FROM]) for row in rows if not is_nothing(row.get(FROM))), None)
    if isinstance(table, JsonRecords):
        return MendedRecords(tuple(name for name in table.columns if name not in MARKS), table.path, said), said
    return MendedTable(table, said), said
