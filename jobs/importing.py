"""Import: read and score into a staging file, then copy into the store in transactions of under a second.

A reader never waits for an import, and a killed one goes on where it was when it is started again. Cancelled, it is
undone: every row knows its run, and what a run changed is kept until it is done.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, delete, select, update
from sqlmodel import Session

from data_access.bulk import insert_rows
from data_access.importers import ImportOptions, Input, UnknownFormat, UnrecognisedInput, find_inputs
from data_access.models import facts
from data_access.models.facts import RunStatus
from data_access.records import PostRecord, Record, Refusal
from data_access.settings import list_setting_rows, read_settings
from data_access.staging import StagedRow, Staging, staging_directory
from data_access.store import reading, writing
from data_access.upsert import FactWriter, Outcome, table
from jobs.derive import Rules, derive_people, finish, load_rules, settle_posts
from jobs.interactions import list_reply_rows, list_stated_rows
from jobs.progress import Cancelled, Progress
from jobs.scoring import Scorer
from jobs.undo import undo_run

RUN = table(facts.ImportRun)
REFUSAL = table(facts.ImportRefusal)
CHANGE = table(facts.ImportChange)

_TARGET_SECONDS = 0.6
_SMALLEST, _FIRST, _LARGEST = 100, 2_000, 5_000
_KEPT_REFUSALS = 100_000


class Readable(Protocol):
    """What an import run reads: an ``Input`` of the importers, or the demo."""

    @property
    def name(self) -> str:
        """The file's name, with its place in a folder or zip."""

    @property
    def fingerprint(self) -> str:
        """A hash of content and options: the same again is known by it."""

    @property
    def format(self) -> str:
        """The name of its format."""

    @property
    def size_bytes(self) -> int:
        """How large it is; 0 where nobody knows."""

    def read(self) -> Iterator[Record | Refusal]:
        """Its records, streamed."""

    @property
    def rows_read(self) -> int:
        """Rows so far."""

    @property
    def bytes_read(self) -> int:
        """Bytes so far."""


@dataclass(frozen=True)
class RunResult:
    """What came of one file. ``error`` is set where the file could not be read at all."""

    file: str
    format: str | None
    status: str
    run_id: int | None = None
    rows_read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    seconds: float = 0.0
    error: str | None = None
    skipped: dict[str, int] = field(default_factory=dict)


def import_paths(
    engine: Engine, paths: Sequence[Path], options: ImportOptions, progress: Progress
) -> Iterator[RunResult]:
    """Import files, folders, zips and .gz files, one run a file. A file of no known format is reported, not raised."""
    options = with_saved_mappings(engine, options)
    undo_cancelled(engine)
    for found in _find(paths, options):
        if isinstance(found, UnrecognisedInput):
            yield RunResult(found.name, None, RunStatus.FAILED, error=found.reason)
        else:
            yield import_input(engine, found, progress, options=_options_kept(options))


def _find(paths: Sequence[Path], options: ImportOptions) -> Iterator[Input | UnrecognisedInput]:
    """What the paths hold. A file of no known format does not keep the others from being imported."""
    for path in paths:
        try:
            yield from find_inputs([path], options)
        except UnknownFormat as error:
            yield UnrecognisedInput(error.file, f"{error.seen} {error.advice}")


def with_saved_mappings(engine: Engine, options: ImportOptions) -> ImportOptions:
    """The options with the column mappings that people saved, and the workspace's time zone and team."""
    with reading(engine) as session:
        rows = list_setting_rows(session)
        settings = read_settings(session)
    saved = {key.removeprefix("mapping:"): value for key, value in rows.items() if key.startswith("mapping:") and value}
    team = options.team or tuple(account for member in settings.team for account in member.accounts)
    return replace(options, saved_mappings=saved | dict(options.saved_mappings), team=team)


def _options_kept(options: ImportOptions) -> dict[str, Any]:
    return {
        "format": options.format,
        "brand": options.brand,
        "channel": options.channel,
        "mapping": dict(options.mapping) if options.mapping else None,
    }


def import_input(engine: Engine, source: Readable, progress: Progress, *, options: dict[str, Any]) -> RunResult:
    """Import one input: begin a run, or go on with the one that was killed. Undoes it and raises on ``Cancelled``."""
    began = time.monotonic()
    run_id = _begin_run(engine, source, options)
    try:
        with _staged(engine, run_id, source, progress) as staging:
            _copy(engine, run_id, staging, progress, source.name)
            _end_run(engine, run_id, time.monotonic() - began)
            staging.remove()
    except Cancelled:
        _set_run(engine, run_id, status=RunStatus.CANCELLING)
        undo_run(engine, run_id)
        _staging_path(engine, run_id).unlink(missing_ok=True)
        raise
    return read_result(engine, run_id)


def undo_cancelled(engine: Engine) -> None:
    """Go on with undoing what was cancelled, where that was killed."""
    with reading(engine) as session:
        half = list(session.scalars(select(RUN.c.id).where(RUN.c.status == RunStatus.CANCELLING)))
    for run_id in half:
        undo_run(engine, run_id)
        _staging_path(engine, run_id).unlink(missing_ok=True)


def read_result(engine: Engine, run_id: int) -> RunResult:
    """What came of a run so far."""
    with reading(engine) as session:
        row = session.execute(select(RUN).where(RUN.c.id == run_id)).one()
    names = ("status", "rows_read", "added", "changed", "unchanged", "refused", "error", "skipped")
    return RunResult(
        row.file, row.format, run_id=run_id, seconds=row.seconds or 0.0, **{name: getattr(row, name) for name in names}
    )


def _staging_path(engine: Engine, run_id: int) -> Path:
    """Where a run's staging file stands. Its name tells stores and files apart: a run of another store, or of a store
    that was here before, may have the same number."""
    with reading(engine) as session:
        fingerprint = session.execute(select(RUN.c.fingerprint).where(RUN.c.id == run_id)).scalar()
    store = engine.url.render_as_string(hide_password=True)
    name = hashlib.sha256(f"{store}\x1f{fingerprint}".encode()).hexdigest()[:16]
    return staging_directory() / f"run-{run_id}-{name}.staging"


def _begin_run(engine: Engine, source: Readable, options: dict[str, Any]) -> int:
    unfinished = (RunStatus.STAGING, RunStatus.COPYING)
    with writing(engine, counts=False) as session:
        found = session.execute(
            select(RUN.c.id)
            .where(RUN.c.fingerprint == source.fingerprint, RUN.c.status.in_(unfinished))
            .order_by(RUN.c.id)
        ).scalar()
        if found is not None:
            return int(found)
        run = facts.ImportRun(
            file=source.name,
            fingerprint=source.fingerprint,
            format=source.format,
            options=options,
            started_at=datetime.now(UTC),
        )
        session.add(run)
        session.flush()
        assert run.id is not None
        return run.id


def _set_run(engine: Engine, run_id: int, **values: Any) -> None:
    with writing(engine, counts=False) as session:
        session.connection().execute(update(RUN).where(RUN.c.id == run_id).values(**values))


def _staged(engine: Engine, run_id: int, source: Readable, progress: Progress) -> Staging:
    path = _staging_path(engine, run_id)
    if path.exists():
        staging = Staging(path)
        if staging.is_sealed:
            return staging
        staging.remove()
    staging = Staging(path)
    try:
        _stage(staging, source, progress)
        _keep_refusals(engine, run_id, staging, source)
    except BaseException:
        staging.close()
        raise
    return staging


def _stage(staging: Staging, source: Readable, progress: Progress) -> None:
    progress.step(f"Reading {source.name}", source.size_bytes or None, "bytes" if source.size_bytes else "rows")
    with Scorer() as scorer:
        for batch in scorer.score(_scorable(staging, source)):
            staging.add(batch)
            progress.at(source.bytes_read if source.size_bytes else source.rows_read)
    staging.seal()


def _scorable(staging: Staging, source: Readable) -> Iterator[tuple[Record, tuple[str | None, str, str | None] | None]]:
    refused: list[Refusal] = []
    for record in source.read():
        if isinstance(record, Refusal):
            refused.append(record)
            if len(refused) >= _FIRST:
                staging.refuse(refused)
                refused.clear()
        elif isinstance(record, PostRecord):
            yield record, (record.title, record.text, record.language)
        else:
            yield record, None
    staging.refuse(refused)


def _keep_refusals(engine: Engine, run_id: int, staging: Staging, source: Readable) -> None:
    first, last = staging.span()
    kept = list(islice(staging.refusals(), _KEPT_REFUSALS))
    refused = sum(1 for _ in staging.refusals())
    with writing(engine, counts=False) as session:
        connection = session.connection()
        connection.execute(delete(REFUSAL).where(REFUSAL.c.run_id == run_id))
        rows = [{"run_id": run_id, "file": source.name, "line": r.line, "reason": r.reason, "raw": r.raw} for r in kept]
        if rows:
            insert_rows(session, REFUSAL, rows)
        values = {
            "status": RunStatus.COPYING,
            "rows_read": source.rows_read,
            "refused": refused,
            "skipped": dict(getattr(source, "rows_skipped", {})),
            "first_at": first,
            "last_at": last,
        }
        connection.execute(update(RUN).where(RUN.c.id == run_id).values(**values))


def _copy(engine: Engine, run_id: int, staging: Staging, progress: Progress, name: str) -> None:
    with reading(engine) as session:
        cursor = session.execute(select(RUN.c.cursor).where(RUN.c.id == run_id)).scalar() or {}
    position = int(cursor.get("position", 0))
    progress.step(f"Copying {name}", staging.rows)
    writer = FactWriter(run_id, staging.span()[1])
    size = _FIRST
    while rows := staging.batch(position, size):
        began = time.monotonic()
        with writing(engine) as session:
            _copy_batch(session, writer, rows)
            position = rows[-1].position
            _advance(session, run_id, position)
        seconds = time.monotonic() - began
        size = max(_SMALLEST, min(_LARGEST, int(size * min(2.0, _TARGET_SECONDS / max(seconds, 0.01)))))
        progress.at(position)


def _copy_batch(session: Session, writer: FactWriter, rows: Sequence[StagedRow]) -> None:
    rules = load_rules(session)
    kind = rows[0].kind
    writer.new_identities.clear()
    if kind == "post":
        outcome = _copy_posts(session, rules, writer, rows)
    else:
        outcome = writer.write(session, kind, [dict(row.values) for row in rows])
        changed = outcome.changed if kind == "identity" else []
        touched = derive_people(session, rules, [*writer.new_identities, *changed])
        finish(session, rules, touched)
    _tally(session, writer.run_id, kind, outcome)


def _copy_posts(session: Session, rules: Rules, writer: FactWriter, rows: Sequence[StagedRow]) -> Outcome:
    stated = [dict(row.values) for row in rows]
    outcome = writer.write(session, "post", [dict(row.values) for row in rows])
    touched = derive_people(session, rules, writer.new_identities)
    scores = _scores_that_hold(session, rows, outcome)
    settled, answered = settle_posts(session, rules, added=outcome.added, changed=outcome.changed, scores=scores)
    touched.update(settled)
    writer.new_identities.clear()
    fresh = {*outcome.added, *outcome.changed}
    interactions = list_stated_rows(session, writer, stated, outcome.ids, fresh) + list_reply_rows(session, answered)
    writer.upsert(session, facts.Interaction, interactions)
    touched.update(derive_people(session, rules, writer.new_identities))
    finish(session, rules, touched)
    return outcome


def _scores_that_hold(session: Session, rows: Sequence[StagedRow], outcome: Outcome) -> dict[int, Any]:
    """The staged scores of the posts that now read as their staged row does."""
    by_key = {(r.values["network"], r.values["source"], r.values["native_id"]): r for r in rows}
    changed = set(outcome.changed)
    post = table(facts.Post)
    texts = {}
    if changed or len(by_key) < len(rows):
        wanted = changed | {outcome.ids[key] for key in by_key} if len(by_key) < len(rows) else changed
        columns = select(post.c.id, post.c.title, post.c.text, post.c.language)
        texts = {row.id: row for row in session.execute(columns.where(post.c.id.in_(wanted)))}
    scores = {}
    for key, row in by_key.items():
        now = texts.get(outcome.ids[key])
        if now is None or all(getattr(now, name) == row.values[name] for name in ("title", "text", "language")):
            scores[outcome.ids[key]] = row.score
    return scores


def _tally(session: Session, run_id: int, kind: str, outcome: Outcome) -> None:
    run = session.execute(select(RUN.c.counts).where(RUN.c.id == run_id)).scalar() or {}
    counts = dict(run)
    counts[kind] = counts.get(kind, 0) + len(outcome.added)
    session.connection().execute(
        update(RUN)
        .where(RUN.c.id == run_id)
        .values(
            counts=counts,
            added=RUN.c.added + len(outcome.added),
            changed=RUN.c.changed + len(outcome.changed),
            unchanged=RUN.c.unchanged + outcome.unchanged,
        )
    )


def _advance(session: Session, run_id: int, position: int) -> None:
    session.connection().execute(update(RUN).where(RUN.c.id == run_id).values(cursor={"position": position}))


def _end_run(engine: Engine, run_id: int, seconds: float) -> None:
    with writing(engine) as session:
        connection = session.connection()
        connection.execute(delete(CHANGE).where(CHANGE.c.run_id == run_id))
        values = {"status": RunStatus.DONE, "finished_at": datetime.now(UTC), "seconds": seconds}
        connection.execute(update(RUN).where(RUN.c.id == run_id).values(**values))


@dataclass
class RecordStream:
    """Records from a program rather than a file: the demo."""

    name: str
    format: str
    records: Iterable[Record]
    identity: str
    size_bytes: int = 0
    rows_read: int = 0
    bytes_read: int = 0

    @property
    def fingerprint(self) -> str:
        """The same stream again is known by it."""
        return hashlib.sha256(self.identity.encode()).hexdigest()

    def read(self) -> Iterator[Record | Refusal]:
        """The records, counted."""
        for record in self.records:
            self.rows_read += 1
            yield record
