"""An export or a backup, back into a store: an empty one, or a new one in the place of a SQLite file."""

import os
import sqlite3
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from data_access.exchange import Place, check_files, load_tables, require_empty
from data_access.store import build_engine, migrate, reading, writing
from jobs.derive.due import DUE, RESTORED, mark_due
from jobs.progress import Progress
from jobs.refresh import refresh

_BESIDE = ("-wal", "-shm", "-journal")


class StoreInUse(RuntimeError):
    """Somebody has the store open. Nothing was changed."""


class RestoredStoreDamaged(RuntimeError):
    """What came of a restore does not hold together. The store of before is as it was."""


def load_export(engine: Engine, place: Place, progress: Progress) -> bool:
    """Load an export into an empty store, all of it or nothing. Returns whether the derived rows came with it; where
    not, ``refresh`` is due. Loaded before, and killed before it was refreshed, it stays and is not loaded again.

    ``progress`` must not write to the store, which is one transaction's meanwhile. Raises ``NotEmpty``,
    ``DamagedExport``, ``NewerExport``.
    """
    with reading(engine) as session:
        if _is_loaded(session, place):
            return False
        require_empty(session)
    progress.step(f"Checking {place.name}", place.manifest.bytes, "bytes")
    check_files(place, progress.at)
    progress.step(f"Loading {place.name}", place.manifest.rows)
    with writing(engine) as session:
        is_whole = load_tables(session, place, progress.at)
        if not is_whole:
            mark_due(session, RESTORED, [place.manifest.key])
    return is_whole


def _is_loaded(session: Session, place: Place) -> bool:
    loaded = select(DUE.c.key).where(DUE.c.kind == RESTORED, DUE.c.key == place.manifest.key)
    return session.execute(loaded).first() is not None


def restore_file(store: Path, place: Place, progress: Progress) -> Path | None:
    """Put an export in the place of a SQLite store, in one step, once it is whole and checked. Returns where the store
    of before is kept, None where there was none. Killed, that stands as it was.

    Raises ``StoreInUse``, ``RestoredStoreDamaged``, and what ``load_export`` raises.
    """
    _close_store(store)
    new = store.with_name(store.name + ".restoring")
    _remove(new)
    try:
        _build(new, place, progress)
        progress.step(f"Putting {place.name} in its place")
        _close_store(store)
        return _put_in_place(new, store)
    finally:
        _remove(new)


def _build(new: Path, place: Place, progress: Progress) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    engine = build_engine(f"sqlite:///{new}")
    try:
        migrate(engine)
        if not load_export(engine, place, progress):
            refresh(engine, progress)
        progress.step("Checking what came of it")
        _check(engine)
    finally:
        engine.dispose()
    _close_store(new)


def _check(engine: Engine) -> None:
    with engine.connect() as connection:
        said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        orphans = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if said != ["ok"] or orphans:
        what = said[0] if said != ["ok"] else f"{len(orphans):,} rows refer to rows that are not there"
        raise RestoredStoreDamaged(
            f"What was restored does not hold together ({what}). The store of before is as it was: "
            "try again, on another disk, or another backup."
        )


def _close_store(store: Path) -> None:
    """Bring what stands beside a SQLite file into it. Raises ``StoreInUse`` where anybody else has it open."""
    if not store.exists():
        return
    connection = sqlite3.connect(store, timeout=1.0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")  # fails for a store that others have open
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        raise StoreInUse(
            f"{store} is open elsewhere: the pages, or another command. Nothing was changed. "
            "Stop them (a job is done when the Data page says so), then run the same again."
        ) from error
    except sqlite3.DatabaseError:
        return  # no store that could be opened: that may be why another is restored
    finally:
        connection.close()


def _put_in_place(new: Path, store: Path) -> Path | None:
    """At every moment there is a whole store by that name: the one of before, or the new one."""
    with new.open("rb") as written:
        os.fsync(written.fileno())
    aside: Path | None = None
    if store.exists():
        aside = _free_name(store)
        for suffix in _BESIDE:  # left only beside a store that could not be opened
            if (beside := Path(f"{store}{suffix}")).exists():
                beside.replace(f"{aside}{suffix}")
        try:
            aside.hardlink_to(store)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            store.replace(aside)
    new.replace(store)
    return aside


def _free_name(store: Path) -> Path:
    """A name beside a store under which nothing stands: another store of before may be of the same second."""
    stem = f"{store.stem}-before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (f"{stem}{f'-{number}' if number else ''}{store.suffix}" for number in count())
    free = (name for name in names if not any(store.with_name(f"{name}{suffix}").exists() for suffix in ("", *_BESIDE)))
    return store.with_name(next(free))


def _remove(file: Path) -> None:
    for suffix in ("", *_BESIDE):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite store; None for a store on a server."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
