"""Rows that imports refused, as they stood, and how their files were read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.facts import ImportRefusal, ImportRun, RunStatus

_ROWS_AT_A_TIME = 5_000
_KEY_CHARACTERS = 12
#: Under which the options of an import of refused rows keep the key of the import that refused them.
MENDED_FROM = "mended_from"


@dataclass(frozen=True)
class RefusingRun:
    """An import that refused rows: ``refused`` of them, of which ``kept`` are kept, ``without_row`` of
    these without a row. ``shape``: how they are written
    again (``Input.shape``); ``key``: what it is known by in files of refused rows."""

    id: int
    file: str
    format: str | None
    key: str
    shape: dict[str, Any]
    refused: int
    kept: int
    without_row: int


@dataclass(frozen=True)
class RefusedRow:
    """A refused row: its place in the file, why, and the row as it stood."""

    line: int | None
    reason: str
    raw: str | None


def find_refusing_run(session: Session, run_id: int | None = None) -> RefusingRun | None:
    """An import by its id, or the newest that refused anything; None where there is none."""
    wanted = select(ImportRun).where(col(ImportRun.refused) > 0)
    if run_id is not None:
        wanted = wanted.where(col(ImportRun.id) == run_id)
    run = session.scalars(wanted.order_by(col(ImportRun.id).desc()).limit(1)).first()
    if run is None or run.id is None:
        return None
    counts = select(func.count(), func.count(func.nullif(col(ImportRefusal.raw), "")))
    kept, with_row = session.execute(counts.where(col(ImportRefusal.run_id) == run.id)).one()
    key = run.fingerprint[:_KEY_CHARACTERS]
    return RefusingRun(run.id, run.file, run.format, key, run.shape or {}, run.refused, kept, kept - with_row)


def list_refused_rows(session: Session, run_id: int) -> Iterator[RefusedRow]:
    """All rows that an import refused and that are kept, in the file's order."""
    last = 0
    while True:
        columns = select(
            col(ImportRefusal.id), col(ImportRefusal.line), col(ImportRefusal.reason), col(ImportRefusal.raw)
        )
        chosen = columns.where(col(ImportRefusal.run_id) == run_id, col(ImportRefusal.id) > last)
        rows = session.execute(chosen.order_by(col(ImportRefusal.id)).limit(_ROWS_AT_A_TIME)).all()
        yield from (RefusedRow(line, reason, raw) for _id, line, reason, raw in rows)
        if len(rows) < _ROWS_AT_A_TIME:
            return
        last = rows[-1][0]


@dataclass(frozen=True)
class MendedRun:
    """An import of rows that another import had refused: when it ended (UTC), and how many of them came in."""

    file: str
    finished_at: datetime | None
    came_in: int
    refused: int


def list_mended_runs(session: Session, run_id: int) -> list[MendedRun]:
    """The imports of refused rows of an import that came back mended, the oldest first."""
    fingerprint = session.scalar(select(col(ImportRun.fingerprint)).where(col(ImportRun.id) == run_id)) or ""
    later = select(ImportRun).where(col(ImportRun.id) > run_id, col(ImportRun.status) == RunStatus.DONE)
    return [
        MendedRun(run.file, run.finished_at, run.rows_read - run.refused, run.refused)
        for run in session.scalars(later.order_by(col(ImportRun.id)))
        if fingerprint and (run.options or {}).get(MENDED_FROM) == fingerprint[:_KEY_CHARACTERS]
    ]


def list_ways_read(session: Session, *, stated: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """How each file that had rows refused was read (``Input.how_read``), by the import's key; the newest of a key.
    Those with a header (by ``header_shape``) in ``stated`` are without their mapping: somebody just said another."""
    from data_access.importers.reading.mapping import header_shape  # loads every format

    columns = select(col(ImportRun.fingerprint), col(ImportRun.options), col(ImportRun.shape))
    found = {}
    for fingerprint, options, shape in session.execute(
        columns.where(col(ImportRun.refused) > 0).order_by(col(ImportRun.id))
    ):
        names = (shape or {}).get("columns")
        is_stated = bool(stated) and names is not None and header_shape(names) in stated
        found[fingerprint[:_KEY_CHARACTERS]] = (options or {}) | ({"mapping": None} if is_stated else {})
    return found
