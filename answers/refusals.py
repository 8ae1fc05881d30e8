"""Rows that an import refused, as a file to mend them in and to import again.

The rows of a table come as that table, those of JSON as such JSON; beside each stands where it was, why it was refused
and of which import it is. Refused rows of other files come as a list to read.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlmodel import Session

from answers.spreadsheets import safe_cell
from data_access.importers.reading.mended import safe_text
from data_access.importers.reading.several_tables import plain_name
from data_access.importers.reading.shape import document_of
from data_access.importers.reading.table_rows import MARK, MARKS
from data_access.queries.refusals import RefusedRow, RefusingRun, find_refusing_run, list_refused_rows

LISTED = ("file", "line", "reason", "row")


@dataclass(frozen=True)
class RefusedFile:
    """A file of refused rows. ``rows``: how many are in it; ``refused``: how many there were; ``without_row``: refusals
    that are of no row, such as a file that breaks off. ``can_return``: whether it can be imported once it is mended."""

    name: str
    mime: str
    content: bytes
    rows: int
    refused: int
    without_row: int
    can_return: bool

    @property
    def not_kept(self) -> int:
        """Refused rows beyond those that are kept."""
        return max(0, self.refused - self.rows - self.without_row)


def write_refused(session: Session, run_id: int | None = None) -> RefusedFile | None:
    """The rows that an import refused, the newest that refused any where none is named; None where there is none."""
    run = find_refusing_run(session, run_id)
    if run is None:
        return None
    every = list(list_refused_rows(session, run.id))
    rows = [row for row in every if row.raw]
    if "columns" in run.shape:
        ending, mime, text = "csv", "text/csv", _as_table(run, rows)
    elif "path" in run.shape:
        ending, mime, text = _as_json(run, rows)
    else:
        ending, mime, text, rows = "csv", "text/csv", _as_list(run, every), every
    stem = PurePosixPath(run.file).name.split(".")[0] or "rows"
    can_return = bool(run.shape)
    return RefusedFile(
        f"refused-{run.id}-{stem}.{ending}",
        mime,
        text.encode("utf-8-sig" if ending == "csv" else "utf-8"),
        len(rows),
        run.refused,
        len(every) - len(rows),
        can_return,
    )


def describe_refused(written: RefusedFile) -> str:
    """What a file of refused rows holds, and what to do with it."""
    rows = "1 row" if written.rows == 1 else f"{written.rows:,} rows"
    parts = [f"{rows}." if written.can_return else f"{rows}, to read: mend them in the original file."]
    if written.can_return:
        parts.append("Mend the cells, then import this file: what is still wrong is refused again.")
    if written.not_kept:
        parts.append(f"{written.not_kept:,} more were refused and not kept: mend what is common to all in the file.")
    if written.without_row:
        parts.append(f"{written.without_row:,} refusals are of no row of their own.")
    return " ".join(parts)


def _marks(run: RefusingRun, row: RefusedRow) -> dict[str, Any]:
    return {"line": row.line, "reason": row.reason, "from": f"{run.file} {run.key}"}


def _as_table(run: RefusingRun, rows: Iterable[RefusedRow]) -> str:
    columns, delimiter = run.shape["columns"], run.shape["delimiter"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*MARKS, *columns])
    for row in rows:
        cells, is_row = _cells(row.raw or "", columns, delimiter)
        marks = [*_marks(run, row).values(), "" if is_row else row.raw]
        texts = ("" if cell is None else str(cell) for cell in (*marks, *cells))
        writer.writerow([safe_text(text) for text in texts])
    return out.getvalue()


def _cells(raw: str, columns: list[str], delimiter: str) -> tuple[list[Any], bool]:
    """A row's cells in the order of the columns, and whether they are what the file said. Where it could not be cut
    into cells they are a guess: it is not taken in before somebody has looked at it."""
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


def _as_json(run: RefusingRun, rows: Iterable[RefusedRow]) -> tuple[str, str, str]:
    """The file's ending, its type, and the rows as JSON: an object a line where the file had it so."""
    records = list(_records(run, rows))
    path = run.shape["path"]
    if path is None:
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        return "ndjson", "application/x-ndjson", "".join(f"{line}\n" for line in lines)
    document = document_of(records, path, run.shape.get("around") or {})
    return "json", "application/json", json.dumps(document, ensure_ascii=False, indent=1)


def _records(run: RefusingRun, rows: Iterable[RefusedRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        record = _object(row.raw or "")
        marks = _marks(run, row)
        yield {MARK: marks | {"row": row.raw}} if record is None else {MARK: marks} | _without_marks(record)


def _without_marks(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != MARK}


def _as_list(run: RefusingRun, rows: Iterable[RefusedRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LISTED)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in (run.file, row.line, row.reason, row.raw)])
    return out.getvalue()
