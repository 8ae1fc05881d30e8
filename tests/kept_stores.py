"""Stores that many tests begin with are filled once by each worker; every further test gets a copy of their rows."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from psycopg import Connection, sql
from sqlalchemy import Engine

P = ParamSpec("P")
R = TypeVar("R")
_OWN_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_NUMBERED = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
#: A binary copy of no row: its header and its end.
_EMPTY_COPY_BYTES = 21


@dataclass(frozen=True)
class _Rows:
    """What a PostgreSQL store holds, and where its numbering stands."""

    tables: dict[str, bytes]
    numbers: dict[str, int]


_kept: dict[tuple[str, str, str], tuple[bytes | _Rows, Any]] = {}


def filled_once(fill: Callable[Concatenate[Engine, P], R]) -> Callable[Concatenate[Engine, P], R]:
    """``fill(engine, ...)``, run once for each kind of engine and each arguments; later its rows are copied.

    For what a test begins with: ``fill`` must always find the same store, an empty one on PostgreSQL.
    """

    @functools.wraps(fill)
    def copy_or_fill(engine: Engine, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (f"{fill.__module__}.{fill.__qualname__}", repr((args, kwargs)), engine.dialect.name)
        if key not in _kept:
            result = fill(engine, *args, **kwargs)
            _kept[key] = (_read_file(engine) if engine.dialect.name == "sqlite" else _read_rows(engine), result)
            return result
        kept, result = _kept[key]
        if isinstance(kept, bytes):
            _write_file(engine, kept)
        else:
            _write_rows(engine, kept)
        return result

    return copy_or_fill


def _path(engine: Engine) -> Path:
    assert engine.url.database
    return Path(engine.url.database)


def _read_file(engine: Engine) -> bytes:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a checkpoint is done outside of the transaction that we begin
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        assert not busy
        connection.exec_driver_sql("BEGIN")
    return _path(engine).read_bytes()


def _write_file(engine: Engine, content: bytes) -> None:
    engine.dispose()
    path = _path(engine)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(content)


def _read_rows(engine: Engine) -> _Rows:
    with engine.begin() as connection:
        driver: Connection = connection.connection.driver_connection  # type: ignore[assignment]
        names = [name for (name,) in driver.execute(_OWN_TABLES)]
        tables = {name: _copy_out(driver, name) for name in names}
        numbers: dict[str, int] = dict(iter(driver.execute(_NUMBERED)))
    return _Rows({name: rows for name, rows in tables.items() if len(rows) > _EMPTY_COPY_BYTES}, numbers)


def _copy_out(driver: Connection, table: str) -> bytes:
    command = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
    with driver.cursor() as cursor, cursor.copy(command) as copy:
        return b"".join(bytes(part) for part in copy)


def _write_rows(engine: Engine, kept: _Rows) -> None:
    with engine.begin() as connection:
        driver: Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute("SET LOCAL session_replication_role = replica")  # the rows fit each other as they are
        for table, rows in kept.tables.items():
            name = sql.Identifier(table)
            driver.execute(sql.SQL("DELETE FROM {}").format(name))
            with (
                driver.cursor() as cursor,
                cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(name)) as copy,
            ):
                copy.write(rows)
        for sequence, value in kept.numbers.items():
            driver.execute("SELECT setval(%s::regclass, %s)", (f'"{sequence}"', value))
