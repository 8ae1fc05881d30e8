"""What went wrong that somebody can mend: in plain words, with what to do."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from data_access.staging import staging_directory
from data_access.store import BadStoreUrl

DISK_FULL = (
    "The disk is full, or a quota is: nothing that came in is lost, and the store is whole. "
    "Free space{where} and run the same again: it goes on from there."
)
INTERRUPTED = "It was stopped with Ctrl+C. Run it again."
#: No room in the file itself, or in the one beside it that its readers share.
_FULL_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
_UNUSABLE_CODES = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_BUSY,
)
#: Locked for longer than anybody waits, interrupted, out of memory: their first byte tells them.
_PASSING_CODES = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
)
_FULL_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LEAST_FREE_BYTES = 4 * 1024**2


def explain(error: BaseException) -> str | None:
    """What to do about an error. None where only those who write the program can tell."""
    import psycopg  # here and below: only a failure needs it, and every page and command loads this module
    from psycopg.errors import DiskFull

    if is_interrupted(error):
        return INTERRUPTED
    if is_disk_full(error):
        is_server = any(isinstance(cause, DiskFull) for cause in _causes(error))
        return DISK_FULL.format(where=" on the machine of the database" if is_server else "")
    for cause in _causes(error):
        if isinstance(cause, BadStoreUrl):
            return str(cause)
        if isinstance(cause, psycopg.OperationalError) or _sqlite_code(cause) in _UNUSABLE_CODES:
            return (
                f"The store cannot be used now: {str(cause).strip()}. "
                "Is it where RAPPORT_DATABASE_URL says, and does its server run? `rapport doctor` looks at it."
            )
    if isinstance(error, OSError) and error.filename is not None:
        path = error.filename if isinstance(error.filename, (str, Path)) else repr(error.filename)
        return f"{path}: {error.strerror or error}. Look whether the path is right and may be used, or name another."
    return None


def is_interrupted(error: BaseException) -> bool:
    """Whether Ctrl+C led to it. Some libraries, such as pyarrow, only name it in the words of an error of theirs."""
    import psycopg

    name = KeyboardInterrupt.__name__
    return any(
        isinstance(cause, KeyboardInterrupt)
        # the words of a statement that failed are those of posts, too
        or (name in str(cause) and not isinstance(cause, (SQLAlchemyError, psycopg.Error, sqlite3.Error)))
        for cause in _causes(error)
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether there was no room to write: for the store, its server, or a staging file."""
    from psycopg.errors import DiskFull

    for cause in _causes(error):
        if isinstance(cause, DiskFull) or (isinstance(cause, OSError) and cause.errno in _FULL_NUMBERS):
            return True
        if _sqlite_code(cause) in _FULL_CODES:
            return True
    return False


def may_pass(error: BaseException) -> bool:
    """Whether the same may go well another time: no room, no memory, a store or a file that could not be used."""
    if explain(error) is not None:
        return True
    return any(
        isinstance(cause, (OSError, MemoryError)) or (_sqlite_code(cause) or 0) & 0xFF in _PASSING_CODES
        for cause in _causes(error)
    )


def has_no_room(url: URL) -> bool:
    """Whether the disk of a store in a file, or that of the staging files, is full now."""
    folders = [staging_directory()]
    if url.get_backend_name() == "sqlite" and url.database:
        folders.append(Path(url.database).resolve().parent)
    return any(shutil.disk_usage(folder).free < _LEAST_FREE_BYTES for folder in folders if folder.is_dir())


def _sqlite_code(error: BaseException) -> int | None:
    """SQLite's extended code of an error of it."""
    return getattr(error, "sqlite_errorcode", None) if isinstance(error, sqlite3.Error) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and what led to it, as far as it goes."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [getattr(cause, "orig", None), cause.__cause__, cause.__context__]
