"""Import: read and score into a staging file, then copy into the store in transactions of under a second.

A reader never waits for an import, and a killed one goes on where it was when it is started again. Cancelled, it is
undone: every row knows its run, and what a run changed is kept until it is done.
"""

import hashlib
import sqlite3
import time
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from operator import is_
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, delete, func, select, update
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.erasure import Forgotten, read_forgotten, remember_found
from data_access.exchange import find_export
from data_access.importers import ImportOptions, Input, OpenSource, UnknownFormat, UnrecognisedInput, find_inputs
from data_access.importers.reading.content import NOTHING_OF_FORMAT, REST_NOT_READ, readable
from data_access.models import facts
from data_access.models.columns import to_micros
from data_access.models.facts import RunStatus
from data_access.new_posts import add_new_posts
from data_access.queries.refusals import MENDED_FROM, list_ways_read
from data_access.records import Note, Record, Refusal
from data_access.settings import list_setting_rows, read_settings
from data_access.staging import FIELDS, StagedRow, Staging, rank_of, staging_directory, storable
from data_access.store import reading, refresh_statistics, writing
from data_access.upsert import FactWriter, Outcome, chunks, table
from jobs.ahead import Ahead, Batch
from jobs.brands import derive_brands, noting_brands
from jobs.collection import rare_collection
from jobs.derive import Rules, derive_people, finish, load_rules, settle_posts
from jobs.derive.due import DUE, MATCHING, SOLD, mark_due, note_influence, settle_due
from jobs.derive.new_posts import derive_new_posts, settle_new_conversations
from jobs.derive.people import INTERACTION, POST_THREAD, list_people_of
from jobs.derive.said import READ_OF_POSTS, Sought, read_said
from jobs.derive.threads import link_new_posts, link_posts
from jobs.derive.touches import list_people_by_place
from jobs.derive.turns import CONVERSATION
from jobs.failures import may_pass
from jobs.fitting import fit_where_none_is
from jobs.influence import derive_influence
from jobs.interactions import settle_interactions, settle_new_interactions
from jobs.logs import log
from jobs.matching import match_accounts
from jobs.own_sources import ASKED, TAKEN, find_conflict, settle_source
from jobs.progress import Cancelled, Finishing, Progress
from jobs.staging_input import ERASED, Readable, stage
from jobs.undo import undo_run

RUN = table(facts.ImportRun)
REFUSAL = table(facts.ImportRefusal)
CHANGE = table(facts.ImportChange)
#: Kinds of record that say which brands there are, and what they are called.
_NAMING_BRANDS = ("brand", "channel")
#: What refusals say that are of a file and not of a row.
_UNREAD = (REST_NOT_READ, NOTHING_OF_FORMAT)
#: What an import says of records that are older than what is in the store, or of the same moment and say less. Of
#: accounts, places and organisations that is usual: they are told with every export as they were then.
OVERRULED = "Differs from what is here, which is as new or newer: what is here stays"
_SAID_OF_ONE_MOMENT = ("post", "visit", "deal", "order", "feedback")

_TARGET_SECONDS = 0.6
#: Fewer at once take no less time: a busy day is derived anew as a whole.
_SMALLEST, _FIRST, _LARGEST = 5_000, 5_000, 10_000
#: So many rows make PostgreSQL's plans for an empty table slow.
_COUNTED_FROM = 1_000
_MATCHED_BEFORE = rank_of("post")
_GOOD_PART = 20
#: So many accounts wait for who is who while further files come: less than its fixed work takes.
_MOST_UNMATCHED = 1_000
KEPT_REFUSALS = 100_000
_NAMED_DOCUMENTS = 3
_WHOLE_STORE = (
    "It is a whole store that Rapport wrote. `rapport import` brings it into an empty store, "
    "`rapport restore` puts it in the place of this one."
)

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class RunResult:
    """What came of one file. ``error`` is set where the file could not be read at all, or not to its end, or where it
    asks a question; ``asks``: what is open then, in a sentence."""

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
    asks: str | None = None
    skipped: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def came_in(self) -> bool:
        """Whether what could be read of it is in the store."""
        return self.status == RunStatus.DONE


def import_paths(
    engine: Engine, paths: Sequence[Path], options: ImportOptions, progress: Progress, *, skip_done: bool = False
) -> Iterator[RunResult]:
    """Import files, folders, zips and .gz files, one run a file. A file of no known format is reported, not raised.

    What hangs on the whole community is derived after the last file: which posts of before name a brand that is new,
    and the scores of people. By then all is in, and nobody can cancel it. Who is who waits, too, while further files
    come and few accounts came: a folder may hold hundreds of answers of a network.

    With ``skip_done``, a file that came in before, with these options, is passed over. Nobody else may import
    meanwhile: hold the job (``jobs.launch.running_job``).
    """
    options = with_saved_mappings(engine, options)
    done = _list_done(engine) if skip_done else frozenset()
    passed_over: list[UnrecognisedInput] = []
    has_data = False
    for found, is_last in _and_whether_last(_find(paths, options)):
        if isinstance(found, UnrecognisedInput) and found.is_beside_data:
            passed_over.append(found)
        elif isinstance(found, UnrecognisedInput):
            yield _kept(engine, _unread(found))
        else:
            has_data = True
            if found.fingerprint not in done:
                yield from _import_found(engine, found, options, progress, done, may_wait=not is_last)
    if has_data:
        _say_passed_over(passed_over)
    else:  # an export of pages to look at, or an empty one: say why nothing came of it
        yield from map(_unread, passed_over)
    finishing = Finishing(progress)
    match_accounts(engine, finishing, changed=())  # whom the last file left waiting
    settle_due(engine, finishing)
    derive_brands(engine, finishing)
    derive_influence(engine, finishing)


def _and_whether_last(found: Iterable[_Found]) -> Iterator[tuple[_Found, bool]]:
    """Each with whether no other follows.

    >>> list(_and_whether_last("ab"))
    [('a', False), ('b', True)]
    """
    coming = iter(found)
    for one in coming:
        for following in coming:
            yield one, False
            one = following
        yield one, True


def _import_found(
    engine: Engine,
    found: Input,
    options: ImportOptions,
    progress: Progress,
    done: Collection[str],
    *,
    may_wait: bool,
) -> Iterator[RunResult]:
    told = settle_source(engine, found)
    if isinstance(told, OpenSource):
        asking = RunResult(found.name, found.format, RunStatus.FAILED, error=_describe(told), asks=told.problem)
        yield _kept(engine, asking)
        return
    how_read = _how_read(told, options)
    if told is not found and told.mapping is not None:
        how_read[TAKEN] = told.mapping.source
        log.info(
            f"{told.name}: its ids are taken for those of {told.mapping.source!r}, as the same rows, or files of "
            "that name, came from there before."
        )
    if told.fingerprint not in done:
        yield import_input(engine, told, progress, options=how_read, may_wait=may_wait)


def _describe(question: OpenSource) -> str:
    return f"{question.problem} {question.advice}"


def _how_read(found: Input, options: ImportOptions) -> dict[str, Any]:
    """How a file is read and, of refused rows that came back mended, which import refused them."""
    sample = found.sample() if options.mended else None
    key = ((sample.mended_from if sample else None) or "").rpartition(" ")[2]
    return found.how_read | ({MENDED_FROM: key} if key in options.mended else {})


def _unread(found: UnrecognisedInput) -> RunResult:
    return RunResult(found.name, None, RunStatus.FAILED, error=found.reason)


def _kept(engine: Engine, result: RunResult) -> RunResult:
    """What came of a file of which nothing could be brought in, kept among the imports, for who was not there to read
    it. Where the same was kept before, that goes: a folder may be imported every day."""
    error = storable(result.error or "")  # which may name a column as it stands in the file
    key = hashlib.sha256(f"{result.file}\x1f{error}".encode()).hexdigest()
    now = datetime.now(UTC)
    with writing(engine) as session:
        session.connection().execute(delete(RUN).where(RUN.c.fingerprint == key, RUN.c.status == RunStatus.FAILED))
        run = facts.ImportRun(
            file=result.file,
            fingerprint=key,
            format=result.format,
            status=RunStatus.FAILED,
            started_at=now,
            finished_at=now,
            error=error,
        )
        session.add(run)
        session.flush()
        return replace(result, run_id=run.id)


def _say_passed_over(found: Sequence[UnrecognisedInput]) -> None:
    """Say, in a line each, which files beside data are for people to read, and which are empty."""
    empty = [each for each in found if each.is_empty]
    documents = [each for each in found if not each.is_empty]
    for files, why in ((documents, "passed over, for people to read or look at"), (empty, "empty")):
        if files:
            names = ", ".join(each.name for each in files[:_NAMED_DOCUMENTS])
            count = "1 file is" if len(files) == 1 else f"{len(files):,} files are"
            more = ", ..." if len(files) > _NAMED_DOCUMENTS else ""
            log.info(f"{count} {why}: {names}{more}")


def _list_done(engine: Engine) -> frozenset[str]:
    with reading(engine) as session:
        return frozenset(session.scalars(select(RUN.c.fingerprint).where(RUN.c.status == RunStatus.DONE)))


def _find(paths: Sequence[Path], options: ImportOptions) -> Iterator[Input | UnrecognisedInput]:
    """What the paths hold. A file of no known format does not keep the others from being imported."""
    for path in paths:
        if find_export(path):
            yield UnrecognisedInput(readable(path.name), _WHOLE_STORE)
            continue
        try:
            yield from find_inputs([path], options.of_path(str(path)))
        except UnknownFormat as error:
            yield UnrecognisedInput(error.file, f"{error.seen} {error.advice}", problem=error)


def with_saved_mappings(engine: Engine, options: ImportOptions) -> ImportOptions:
    """The options with the column mappings that people saved and, where none is given, the workspace's time zone and
    currency."""
    with reading(engine) as session:
        rows = list_setting_rows(session)
        settings = read_settings(session)
    saved = {key.removeprefix("mapping:"): value for key, value in rows.items() if key.startswith("mapping:") and value}
    zone = options.time_zone or settings.time_zone
    currency = options.currency or settings.currency
    saved |= dict(options.saved_mappings)
    with reading(engine) as session:
        mended = list_ways_read(session, stated=options.saved_mappings)
    return replace(options, saved_mappings=saved, time_zone=zone, currency=currency, mended=mended)


def import_input(
    engine: Engine, source: Readable, progress: Progress, *, options: dict[str, Any], may_wait: bool = False
) -> RunResult:
    """Import one input: begin a run, or go on with the one that was killed. Undoes it and raises on ``Cancelled``.
    ``may_wait``: as of ``settle_run``.

    A run of another file that was killed is finished first, or its undoing, so that no two runs lie over each other.
    What hangs on the whole community stays due: after the last input, ``derive_brands`` and ``derive_influence``.
    """
    began = time.monotonic()
    _finish_others(engine, source.fingerprint, progress)
    run_id = _begin_run(engine, source, options)
    try:
        with rare_collection(), _staged(engine, run_id, source, progress) as staging:
            matched = _copy(engine, run_id, staging, progress, source.name, may_wait=may_wait)
            settle_run(engine, run_id, progress, matched, may_wait=may_wait)
            _end_run(engine, run_id, time.monotonic() - began)
            staging.remove()
    except Cancelled:
        _set_run(engine, run_id, status=RunStatus.CANCELLING)
        _undo(engine, run_id)
        raise
    except _Asks as asks:
        _end_asking(engine, run_id, asks.question)
    return read_result(engine, run_id)


class _Asks(Exception):
    """What is staged cannot be copied before a question is answered."""

    def __init__(self, question: OpenSource) -> None:
        self.question = question
        super().__init__(question.problem)


def _ask_before_copying(engine: Engine, run_id: int, staging: Staging) -> None:
    """Raises ``_Asks`` where what is staged would overwrite what is something else."""
    with reading(engine) as session:
        run = session.execute(select(RUN).where(RUN.c.id == run_id)).one()
    question = find_conflict(engine, run, staging)
    if question is not None:
        staging.remove()
        raise _Asks(question)


def _end_asking(engine: Engine, run_id: int, question: OpenSource) -> None:
    with reading(engine) as session:
        options = session.execute(select(RUN.c.options).where(RUN.c.id == run_id)).scalar() or {}
    _set_run(
        engine,
        run_id,
        status=RunStatus.FAILED,
        finished_at=datetime.now(UTC),
        error=_describe(question),
        options=options | {ASKED: asdict(question)},
    )


def _undo(engine: Engine, run_id: int) -> None:
    path = staging_path(engine, run_id)
    undo_run(engine, run_id)
    path.unlink(missing_ok=True)
    path.with_suffix(".part").unlink(missing_ok=True)


def finish_stopped(engine: Engine, progress: Progress) -> None:
    """Bring every run that was killed to its end, as the next import would."""
    _finish_others(engine, "", progress)


def _finish_others(engine: Engine, fingerprint: str, progress: Progress) -> None:
    """Bring runs of other files that were killed to an end: undo the cancelled, copy the rest of what was staged. What
    was not read to its end has written nothing: it is marked as failed. What cannot be brought to its end is undone:
    its staging file may be gone, or stand where another working folder has its own."""
    unfinished = (RunStatus.STAGING, RunStatus.COPYING, RunStatus.CANCELLING)
    with reading(engine) as session:
        found = session.execute(select(RUN).where(RUN.c.status.in_(unfinished)).order_by(RUN.c.id)).all()
    for run in found:
        if run.status == RunStatus.CANCELLING:
            _undo(engine, run.id)
        elif run.fingerprint != fingerprint:
            try:
                _roll_forward(engine, run, progress)
            except _Asks as asks:
                _end_asking(engine, run.id, asks.question)
            except Exception as error:
                if isinstance(error, Cancelled) or may_pass(error):
                    raise
                _give_up(engine, run, error)


def _give_up(engine: Engine, run: Any, error: Exception) -> None:
    """Undo a run that fails each time it is brought to its end: nobody else's import waits for it."""
    why = (
        f"It could not be brought to its end ({type(error).__name__}: {error}). What it had brought in was taken back."
    )
    log.error(f"{run.file}: {why}", exc_info=error)
    _take_back(engine, run, why)


def _take_back(engine: Engine, run: Any, why: str) -> None:
    """Undo a run and mark it as failed."""
    _set_run(engine, run.id, status=RunStatus.CANCELLING, error=why)
    _undo(engine, run.id)
    _set_run(engine, run.id, status=RunStatus.FAILED)


def _roll_forward(engine: Engine, run: Any, progress: Progress) -> None:
    path = staging_path(engine, run.id)
    staging = _open_sealed(path)
    if staging is None:
        path.with_suffix(".part").unlink(missing_ok=True)
        if run.status == RunStatus.COPYING:
            why = (
                "It was stopped while its rows came in, and what was read of it is no longer there. What it had "
                "brought in was taken back. Import the file again."
            )
            log.warning(f"{run.file}: {why}")
            _take_back(engine, run, why)
            return
        error = "It was stopped before the file was read to its end. Import the file again."
        _set_run(engine, run.id, status=RunStatus.FAILED, finished_at=datetime.now(UTC), error=error)
        return
    with staging:
        if run.status == RunStatus.STAGING:
            _ask_before_copying(engine, run.id, staging)
            _keep_refusals(engine, run.id, staging, run.file)
        matched = _copy(engine, run.id, staging, progress, run.file)
        settle_run(engine, run.id, progress, matched)
        _end_run(engine, run.id, run.seconds or 0.0)
        staging.remove()


def read_result(engine: Engine, run_id: int) -> RunResult:
    """What came of a run so far."""
    with reading(engine) as session:
        row = session.execute(select(RUN).where(RUN.c.id == run_id)).one()
    asked = (row.options or {}).get(ASKED)
    asks = OpenSource(**asked).problem if asked else None
    names = ("status", "rows_read", "added", "changed", "unchanged", "refused", "error", "skipped", "notes", "counts")
    return RunResult(
        row.file,
        row.format,
        run_id=run_id,
        seconds=row.seconds or 0.0,
        asks=asks,
        **{name: getattr(row, name) for name in names},
    )


def staging_path(engine: Engine, run_id: int) -> Path:
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
    with writing(engine) as session:  # that a run failed is news, even where it brought nothing
        session.connection().execute(update(RUN).where(RUN.c.id == run_id).values(**values))


def _open_sealed(path: Path) -> Staging | None:
    """The staging file where one was read to its end; None where there is none, or one that cannot be read."""
    if not path.exists():
        return None
    try:
        staging = Staging(path)
        if staging.is_sealed:
            return staging
        staging.close()
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
    return None


def _staged(engine: Engine, run_id: int, source: Readable, progress: Progress) -> Staging:
    path = staging_path(engine, run_id)
    staging = _open_sealed(path)
    if staging is None:
        # it has its name only when it is whole, so that a power cut leaves none that is half
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with reading(engine) as session:
            forgotten = read_forgotten(session)
        try:
            with Staging(part) as fresh:
                stage(fresh, source, progress, forgotten)
        except (OSError, sqlite3.Error):
            part.unlink(missing_ok=True)  # on a full disk there is room again to say so
            raise
        _keep_found(engine, forgotten)
        part.rename(path)
        staging = Staging(path)
        _begin_copying_again(engine, run_id)
    with reading(engine) as session:
        status = session.execute(select(RUN.c.status).where(RUN.c.id == run_id)).scalar()
    if status == RunStatus.STAGING:
        _ask_before_copying(engine, run_id, staging)
        _keep_refusals(engine, run_id, staging, source.name, source)
    return staging


def _begin_copying_again(engine: Engine, run_id: int) -> None:
    """From the first row of a new staging file, where one that was copied in part is gone: somebody may have been
    erased since, and its rows have other numbers. What was counted of those before is not counted again."""
    with reading(engine) as session:
        cursor = session.execute(select(RUN.c.cursor).where(RUN.c.id == run_id)).scalar() or {}
    counted = max(cursor.get("position", 0), cursor.get("counted", 0))
    _set_run(engine, run_id, cursor={"counted": counted} if counted else {})


def _keep_found(engine: Engine, forgotten: Forgotten) -> None:
    """Accounts that this file says belong to somebody who was erased: its rows that came before, and later files,
    are known by them."""
    if forgotten.found:
        with writing(engine, counts=False) as session:
            remember_found(session, forgotten)


def _keep_refusals(engine: Engine, run_id: int, staging: Staging, file: str, source: Readable | None = None) -> None:
    """What reading came to, from the staging file into the run; from here on it is being copied. Of a file that is gone
    nobody can tell how refused rows are written again."""
    first, last = staging.span_of_dates()
    rows_read, skipped, refused = staging.read_counts()
    with writing(engine, counts=False) as session:
        forgotten = read_forgotten(session)
        connection = session.connection()
        connection.execute(delete(REFUSAL).where(REFUSAL.c.run_id == run_id))
        insert_rows(
            session,
            REFUSAL,
            [
                {
                    "run_id": run_id,
                    "file": file,
                    "line": r.line,
                    "reason": r.reason,
                    "raw": forgotten.without_addresses(r.raw),
                }
                for r in islice(staging.refusals(), KEPT_REFUSALS)
            ],
        )
        values = {
            "status": RunStatus.COPYING,
            "rows_read": rows_read,
            "refused": refused,
            "error": next((r.reason for r in staging.refusals() if any(said in r.reason for said in _UNREAD)), None),
            "shape": getattr(source, "shape", {}) if refused else {},
            "skipped": skipped,
            "notes": staging.notes(),
            "first_at": first,
            "last_at": last,
        }
        connection.execute(update(RUN).where(RUN.c.id == run_id).values(**values))


def _copy(
    engine: Engine, run_id: int, staging: Staging, progress: Progress, name: str, *, may_wait: bool = False
) -> set[int]:
    """Copy what is staged. Returns the accounts that were matched on the way."""
    with reading(engine) as session:
        run = session.execute(select(RUN.c.cursor, RUN.c.started_at).where(RUN.c.id == run_id)).one()
    position, tallied = (int((run.cursor or {}).get(name, 0)) for name in ("position", "counted"))
    progress.step(f"Copying {name}", staging.rows, "records")
    # rows that do not say when they were seen were so at the newest time of their file; a clock that was wrong, and
    # dated one ahead, must not keep later edits of the others out
    writer = FactWriter(run_id, staging.newest_until(to_micros(run.started_at)))
    size, counted = _FIRST, _COUNTED_FROM
    matched: set[int] = set()
    is_matched = False
    forgotten = Forgotten()
    sought: Sought | None = None
    with Ahead(staging) as ahead:
        while batch := ahead.batch(position, size, sought):
            # who is who before their posts come in: then these are derived for the right person at once
            if not is_matched and rank_of(batch.kind) >= _MATCHED_BEFORE:
                matched, is_matched = _list_new_accounts(engine, run_id), True
                if _are_many(engine, matched) and not (may_wait and len(matched) <= _MOST_UNMATCHED):
                    match_accounts(engine, progress, changed=matched)
                else:  # all accounts are read for it: a few wait, so that their posts are seen at once
                    matched = set()
                progress.step(f"Copying {name}", staging.rows, "records")
            began = time.monotonic()
            with writing(engine) as session:
                # somebody may have been erased since the file was read, or since the last batch
                forgotten = read_forgotten(session, forgotten)
                kept = _list_kept(forgotten, batch)
                if kept is not None and len(kept) < len(batch):
                    remember_found(session, forgotten)
                    _note(session, run_id, ERASED, len(batch) - len(kept))
                if kept is None or kept:
                    again = bisect_right(batch.columns.positions, tallied)
                    sought = _copy_batch(session, writer, batch, kept, again)
                position = batch.columns.positions[-1]
                _advance(session, run_id, position, tallied)
            if len(batch) >= batch.size:
                size = _next_size(batch.size, time.monotonic() - began)
            progress.at(position)
            if position >= counted:
                refresh_statistics(engine, position)
                counted = 2 * position
    if position >= _COUNTED_FROM:  # when it was counted last, the posts may not have begun to come in
        refresh_statistics(engine, position)
    return matched


def _list_kept(forgotten: Forgotten, batch: Batch) -> list[StagedRow] | None:
    """The records without those of people who were erased; None where all stay as they are: these go in faster."""
    if not forgotten:
        return None
    kept = forgotten.leave_out_staged(batch.rows)
    is_whole = len(kept) == len(batch) and all(map(is_, kept, batch.rows))
    return None if is_whole else kept


def _next_size(size: int, seconds: float) -> int:
    """How many records to copy at once, where ``size`` of them took that long."""
    return max(_SMALLEST, min(_LARGEST, int(size * min(2.0, _TARGET_SECONDS / max(seconds, 0.01)))))


def _are_many(engine: Engine, accounts: Collection[int]) -> bool:
    """Whether these are a good part of all accounts."""
    identity = table(facts.Identity)
    with reading(engine) as session:
        count = session.execute(select(func.max(identity.c.id))).scalar() or 0
    return len(accounts) * _GOOD_PART >= count


def _note(session: Session, run_id: int, note: str, rows: int) -> None:
    notes = dict(session.execute(select(RUN.c.notes).where(RUN.c.id == run_id)).scalar() or {})
    notes[note] = notes.get(note, 0) + rows
    session.connection().execute(update(RUN).where(RUN.c.id == run_id).values(notes=notes))


def _list_new_accounts(engine: Engine, run_id: int) -> set[int]:
    """The accounts that this run brought or changed."""
    identity = table(facts.Identity)
    with reading(engine) as session:
        accounts = set(session.scalars(select(identity.c.id).where(identity.c.run_id == run_id)))
        changed = select(CHANGE.c.row_id).where(CHANGE.c.run_id == run_id, CHANGE.c.table_name == identity.name)
        return accounts | set(session.scalars(changed))


def settle_run(engine: Engine, run_id: int, progress: Progress, matched: set[int], *, may_wait: bool = False) -> None:
    """At the end of a run: who is who (but for those accounts that are ``matched``), what is due, and the first model
    of customer value once there are customers enough. With ``may_wait``, up to ``_MOST_UNMATCHED`` accounts are only
    noted for the next run's who is who, or for ``match_accounts`` after the last."""
    changed = _list_new_accounts(engine, run_id) - matched
    if not (may_wait and _note_unmatched(engine, changed)):
        match_accounts(engine, progress, changed=changed)
    settle_due(engine, progress)
    if fit_where_none_is(engine):
        settle_due(engine, progress)


def _note_unmatched(engine: Engine, changed: Collection[int]) -> bool:
    """Note these accounts for the next who is who. False, and nothing done, where too many would wait."""
    with writing(engine, counts=False) as session:
        waiting = session.execute(select(func.count()).where(DUE.c.kind == MATCHING)).scalar_one()
        if len(changed) + waiting > _MOST_UNMATCHED:
            return False
        mark_due(session, MATCHING, changed)
        return True


def _copy_batch(
    session: Session, writer: FactWriter, batch: Batch, kept: Sequence[StagedRow] | None, again: int
) -> Sought:
    """Copy some records of one kind; only those that are ``kept``, where some are of people who were erased. The first
    ``again`` of them were counted before. Returns what was looked for in texts."""
    rules = load_rules(session)
    kind = batch.kind
    writer.new_identities.clear()
    if kind == "post":
        outcome = None if kept is not None else _copy_new_posts(session, rules, writer, batch)
        outcome = outcome or _copy_posts(session, rules, writer, batch.rows if kept is None else kept)
    else:
        rows = batch.rows if kept is None else kept
        with noting_brands(session) if kind in _NAMING_BRANDS else nullcontext():
            outcome = writer.write(session, kind, [dict(row.values) for row in rows])
        changed = outcome.changed if kind == "identity" else []
        touched = derive_people(session, rules, [*writer.new_identities, *changed])
        touched.conversations |= _list_conversations_of(session, writer.run_id, kind, outcome)
        touched.people |= list_people_of(session, kind, [*outcome.added, *outcome.changed])
        touched.people |= _list_people_before(session, writer.run_id, kind, outcome.changed)
        touched.people |= list_people_by_place(session, kind, outcome.changed)
        if kind in SOLD:
            mark_due(session, kind, [*outcome.added, *outcome.changed])
        if kind == INTERACTION.name and (outcome.added or outcome.changed):
            note_influence(session)
        finish(session, rules, touched)
    _tally(session, writer.run_id, kind, outcome, again)
    return rules.sought


def _list_people_before(session: Session, run_id: int, kind: str, changed: Sequence[int]) -> set[int]:
    """Whose these posts, visits and orders were before this run gave them to somebody else."""
    accounts: set[int] = set()
    owner = "author_id" if kind == "post" else "identity_id"
    for part in chunks(changed if kind in ("post", "visit", "order", "feedback") else []):
        changes = select(CHANGE.c.before).where(
            CHANGE.c.run_id == run_id, CHANGE.c.table_name == kind, among(CHANGE.c.row_id, part)
        )
        accounts.update(before[owner] for before in session.scalars(changes) if before.get(owner))
    return list_people_of(session, "identity", sorted(accounts))


def _list_conversations_of(session: Session, run_id: int, kind: str, outcome: Outcome) -> set[int]:
    """The conversations in which other people wait now: of a channel that changed its kind, or where one of us is
    mentioned after all."""
    found: set[int] = set()
    for part in chunks(outcome.changed if kind == "channel" else []):
        changes = select(CHANGE.c.row_id, CHANGE.c.before).where(
            CHANGE.c.run_id == run_id, CHANGE.c.table_name == "channel", among(CHANGE.c.row_id, part)
        )
        moved = [row.row_id for row in session.execute(changes) if "kind" in row.before]
        found.update(session.scalars(select(CONVERSATION.c.id).where(CONVERSATION.c.channel_id.in_(moved))))
    for part in chunks(outcome.added if kind == "interaction" else []):
        posts = select(INTERACTION.c.post_id).where(among(INTERACTION.c.id, part), INTERACTION.c.kind == "mention")
        found.update(session.scalars(select(POST_THREAD.c.conversation_id).where(POST_THREAD.c.post_id.in_(posts))))
    return found


def _copy_new_posts(session: Session, rules: Rules, writer: FactWriter, batch: Batch) -> Outcome | None:
    """Copy posts of which none is in the store, as in a first import. None, and nothing done, where one is."""
    columns = batch.columns
    posts = add_new_posts(session, writer, dict(zip(FIELDS["post"], columns.values, strict=True)))
    if posts is None:
        return None
    touched = derive_people(session, rules, writer.new_identities)
    writer.new_identities.clear()
    said = batch.said if batch.sought == rules.sought else None
    if said is None:
        said = read_said(rules.sought, zip(*(posts.facts[name] for name in READ_OF_POSTS), strict=True))
    found = derive_new_posts(session, rules, posts, columns.languages, columns.compounds, said)
    threads = link_new_posts(session, posts)
    if threads is None:
        outcome = posts.as_outcome()
        linked = link_posts(session, outcome.added, outcome.rows)
        touched.conversations |= linked.conversations
        touched.add_slices(set(zip(found.days, posts.facts["channel_id"], strict=True)))
        settle_interactions(session, writer, posts.stated_rows(), outcome, linked.answered)
        touched.update(derive_people(session, rules, writer.new_identities))
    else:
        outcome = Outcome(list(posts.ids))
        settle_new_interactions(session, writer, posts, threads)
        touched.update(derive_people(session, rules, writer.new_identities))
        settle_new_conversations(session, rules, posts, threads, found, touched)
    finish(session, rules, touched)
    return outcome


def _copy_posts(session: Session, rules: Rules, writer: FactWriter, rows: Sequence[StagedRow]) -> Outcome:
    stated = [row.values for row in rows]
    outcome = writer.write(session, "post", stated)
    touched = derive_people(session, rules, writer.new_identities)
    scores = _scores_that_hold(session, rows, outcome)
    settled, answered = settle_posts(
        session, rules, added=outcome.added, changed=outcome.changed, scores=scores, written=outcome.rows
    )
    touched.update(settled)
    touched.people |= _list_people_before(session, writer.run_id, "post", outcome.changed)
    writer.new_identities.clear()
    settle_interactions(session, writer, stated, outcome, answered)
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
        texts = {row.id: row for row in session.execute(columns.where(among(post.c.id, wanted)))}
    scores = {}
    for key, row in by_key.items():
        now = texts.get(outcome.ids[key])
        if now is None or all(getattr(now, name) == row.values[name] for name in ("title", "text", "language")):
            scores[outcome.ids[key]] = row.score
    return scores


def _tally(session: Session, run_id: int, kind: str, outcome: Outcome, again: int) -> None:
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
            unchanged=RUN.c.unchanged + max(outcome.unchanged - again, 0),
        )
    )
    if outcome.overruled > again and kind in _SAID_OF_ONE_MOMENT:
        _note(session, run_id, OVERRULED, outcome.overruled - again)


def _advance(session: Session, run_id: int, position: int, tallied: int) -> None:
    cursor = {"position": position} | ({"counted": tallied} if tallied > position else {})
    session.connection().execute(update(RUN).where(RUN.c.id == run_id).values(cursor=cursor))


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
    records: Iterable[Record | Refusal | Note]
    identity: str
    size_bytes: int = 0
    rows_read: int = 0
    bytes_read: int = 0

    @property
    def fingerprint(self) -> str:
        """The same stream again is known by it."""
        return hashlib.sha256(self.identity.encode()).hexdigest()

    def read(self) -> Iterator[Record | Refusal | Note]:
        """The records, counted."""
        for record in self.records:
            self.rows_read += 1
            yield record
