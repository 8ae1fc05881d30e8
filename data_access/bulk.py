"""Many rows into a table, as fast as the engine takes them.

SQLAlchemy's own way builds each row's parameters anew; at a million posts that costs more than the writing. SQLite gets
plain ``executemany``, PostgreSQL gets COPY. Values pass the same type processors.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, Dialect, Table
from sqlmodel import Session

from data_access.models.columns import UtcTime, to_micros

_Processor = Callable[[Any], Any]


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, given as values by column name. Columns that a row does not name get the engine's default."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    session.flush()
    connection = session.connection()
    for names, group in groups.items():
        _insert(connection, table, names, group)


def insert_tuples(session: Session, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, given as values in the order of these columns."""
    if rows:
        session.flush()
        _write(session.connection(), table, names, list(map(list, rows)))


def _insert(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> None:
    pick: Callable[[Any], tuple[Any, ...]] = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    _write(connection, table, names, [list(pick(row)) for row in rows])


def _write(connection: Connection, table: Table, names: tuple[str, ...], values: list[list[Any]]) -> None:
    for index, process in _processors(connection.dialect, table, names):
        for row in values:
            row[index] = process(row[index])
    insert_stored(connection, table.name, names, values)


def insert_stored(connection: Connection, name: str, names: tuple[str, ...], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows whose values are already as the engine keeps them: times as microseconds, JSON as text."""
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(name)} ({', '.join(map(quote, names))})"
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", list(map(tuple, values)))


def _stored_time(value: Any) -> int | None:
    """``UtcTime`` in both engines, without the layers around it: most times come as they are kept."""
    return value if value is None or isinstance(value, int) else to_micros(value)


@lru_cache(maxsize=256)
def _processors(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[tuple[int, _Processor], ...]:
    found = []
    for index, name in enumerate(names):
        if isinstance(table.c[name].type, UtcTime):
            found.append((index, _stored_time))
            continue
        process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            is_day = isinstance(table.c[name].type, Date)  # few days, many rows of each
            found.append((index, lru_cache(maxsize=1024)(process) if is_day else process))
    return tuple(found)
