"""Rows that an import refused, as a file to mend them in and to import again.

The rows of a table come as that table, those of JSON as such JSON; beside each stands where it was, why it was refused
and of which import it is. Refused rows of other files come as a list to read.

What knows the formats is loaded where a file is written: to list what was refused takes none of it.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlmodel import Session

from answers.spreadsheets import safe_cell
from data_access.formulas import safe_text
from data_access.queries.refusals import RefusedRow, RefusingRun, find_refusing_run, list_refused_rows

_QUOTATION = re.compile(r"^'([^']*)'")
#: What differs between refusals for the same reason: what is quoted (as ``repr`` does: in other marks where it has an
#: apostrophe), but for the name of what is missing, and words with a figure.
_OF_ONE_ROW = re.compile(r"""(?<!has no )(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\S*\d\S*""")
LISTED = ("file", "line", "reason", "row")


@dataclass(frozen=True)
class RefusedFile:
    """A file of the rows that an import refused, to be written. ``can_return``: whether it can be imported once it is
    mended; else it is a list to read."""

    run: RefusingRun
    name: str
    mime: str
    can_return: bool

    @property
    def rows(self) -> int:
        """How many rows are in it."""
        return self.run.kept - self.without_row

    @property
    def without_row(self) -> int:
        """Refusals that it leaves out because they are of no row, such as a file that breaks off."""
        return self.run.without_row if self.can_return else 0

    @property
    def not_kept(self) -> int:
        """Refused rows beyond those that are kept."""
        return self.run.refused - self.run.kept


def find_refused(session: Session, run_id: int | None = None) -> RefusedFile | None:
    """The file of the rows that an import refused, the newest that refused any where none is named; None where there is
    none."""
    run = find_refusing_run(session, run_id)
    if run is None:
        return None
    ending, mime = "csv", "text/csv"
    if "path" in run.shape:
        is_lines = run.shape["path"] is None
        ending, mime = ("ndjson", "application/x-ndjson") if is_lines else ("json", "application/json")
    stem = PurePosixPath(run.file).name.split(".")[0] or "rows"
    return RefusedFile(run, f"refused-{run.id}-{stem}.{ending}", mime, bool(run.shape))


def write_refused(session: Session, file: RefusedFile) -> bytes:
    """What the file holds: CSV with a byte-order mark, so that spreadsheets read accents, or JSON."""
    run, rows = file.run, list_refused_rows(session, file.run.id)
    if not file.can_return:
        return _as_list(run, rows).encode("utf-8-sig")
    with_row = (row for row in rows if row.raw)
    if "path" in run.shape:
        return _as_json(run, with_row).encode(errors="backslashreplace")  # half a surrogate pair as JSON writes it
    return _as_table(run, with_row).encode("utf-8-sig")


def describe_refused(file: RefusedFile) -> str:
    """What a file of refused rows holds, and what to do with it."""
    rows = "1 row" if file.rows == 1 else f"{file.rows:,} rows"
    parts = [f"{rows}." if file.can_return else f"{rows}, to read: mend them in the original file."]
    if file.can_return:
        parts.append("Put them right in this file and import it: what is still wrong is refused again.")
    if file.not_kept:
        parts.append(f"{file.not_kept:,} more were refused and not kept: mend what they share in the original file.")
    if file.without_row:
        parts.append(f"{file.without_row:,} refusals are of no row of their own.")
    return " ".join(parts)


def quoted(reason: str) -> str:
    """A reason that begins with a quotation, in quotation marks that no spreadsheet takes for its own apostrophe.

    >>> quoted("'31/31/2026' cannot be read as a time")
    '‘31/31/2026’ cannot be read as a time'
    """
    return _QUOTATION.sub(r"‘\1’", reason)


def count_reasons(reasons: Iterable[str]) -> list[tuple[str, int]]:
    """Reasons that differ only in what the rows hold, as the first of them and how often; the commonest first.

    >>> count_reasons(["'a' cannot be read as a time", "has no text", "'b c' cannot be read as a time"])
    [("'a' cannot be read as a time", 2), ('has no text', 1)]
    >>> count_reasons(f"{said!r} is no whole number" for said in ("many", "don't know", "\\"it's\\""))
    [("'many' is no whole number", 3)]
    >>> count_reasons(["has no 'user'", "has no 'date'", "has no 'user'"])
    [("has no 'user'", 2), ("has no 'date'", 1)]
    """
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for reason in reasons:
        alike = _OF_ONE_ROW.sub("", reason)
        counts[first.setdefault(alike, reason)] += 1
    return counts.most_common()


def _marks(run: RefusingRun, row: RefusedRow, *, is_row: bool) -> dict[str, Any]:
    """Where a row stood, why it was refused, and of which import it is; that it cannot be mended here, where it is kept
    in part."""
    from data_access.importers.reading.json_records import RAW_CHARACTERS
    from data_access.importers.reading.mended import KEPT_IN_PART

    reason = quoted(row.reason)
    if not is_row and len(row.raw or "") == RAW_CHARACTERS:
        reason = reason.removesuffix(KEPT_IN_PART) + KEPT_IN_PART
    return {"line": row.line, "reason": reason, "from": f"{run.file} {run.key}"}


def _as_table(run: RefusingRun, rows: Iterable[RefusedRow]) -> str:
    from data_access.importers.reading.table_rows import MARKS

    columns, delimiter = run.shape["columns"], run.shape["delimiter"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*MARKS, *columns])
    for row in rows:
        cells, is_row = _cells(row.raw or "", columns, delimiter)
        marks = [*_marks(run, row, is_row=is_row).values(), "" if is_row else row.raw]
        texts = ("" if cell is None else str(cell) for cell in (*marks, *cells))
        writer.writerow([safe_text(text) for text in texts])
    return out.getvalue()


def _cells(raw: str, columns: list[str], delimiter: str) -> tuple[list[Any], bool]:
    """A row's cells in the order of the columns, and whether they are what the file said. Where it could not be cut
    into cells they are a guess: it is not taken in before somebody has looked at it."""
    from data_access.importers.reading.several_tables import plain_name

    named = _object(raw)
    if named is not None:
        known = set(columns)
        by_plain = {plain_name(name): name for name in reversed(columns)}
        values = {name if name in known else by_plain.get(name, name): value for name, value in named.items()}
        return [values.get(name) for name in columns], True
    cut = next(csv.reader([raw], delimiter=delimiter), [])
    return (cut + [""] * len(columns))[: len(columns)], False


def _object(raw: str) -> dict[str, Any] | None:
    try:
        value = json.loads(raw)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _as_json(run: RefusingRun, rows: Iterable[RefusedRow]) -> str:
    """The rows as JSON: an object a line where the file had it so."""
    from data_access.importers.reading.shape import document_of

    records = list(_records(run, rows))
    path = run.shape["path"]
    if path is None:
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        return "".join(f"{line}\n" for line in lines)
    document = document_of(records, path, run.shape.get("around") or {})
    return json.dumps(document, ensure_ascii=False, indent=1)


def _records(run: RefusingRun, rows: Iterable[RefusedRow]) -> Iterator[dict[str, Any]]:
    from data_access.importers.reading.table_rows import MARK

    for row in rows:
        record = _object(row.raw or "")
        marks = _marks(run, row, is_row=record is not None)
        if record is None:  # with the names of what belongs into it
            yield {MARK: marks | {"row": row.raw}} | _blank(run.shape.get("columns") or [])
        else:
            yield {MARK: marks} | _without_marks(record)


def _blank(columns: Iterable[str]) -> dict[str, Any]:
    """An object with the values of these paths, all null."""
    blank: dict[str, Any] = {}
    for column in columns:
        *outer, last = column.split(".")
        inner = blank
        for name in outer:
            inner = inner.setdefault(name, {}) or inner
        inner.setdefault(last, None)
    return blank


def _without_marks(record: dict[str, Any]) -> dict[str, Any]:
    from data_access.importers.reading.table_rows import MARK

    return {name: value for name, value in record.items() if name != MARK}


def _as_list(run: RefusingRun, rows: Iterable[RefusedRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LISTED)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in (run.file, row.line, quoted(row.reason), row.raw)])
    return out.getvalue()
