"""Many rows into a table, as fast as the engine takes them.

SQLAlchemy's own way builds each row's parameters anew; at a million posts that costs more than the writing. SQLite gets
plain ``executemany``, PostgreSQL gets COPY. Values pass the same type processors.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlmodel import Session

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


def _insert(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> None:
    processors = _processors(connection.dialect, table, names)
    pick: Callable[[Any], tuple[Any, ...]] = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    values = [list(pick(row)) for row in rows]
    for index, process in processors:
        for row in values:
            row[index] = process(row[index])
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", [tuple(row) for row in values])


@lru_cache(maxsize=256)
def _processors(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[tuple[int, _Processor], ...]:
    found = []
    for index, name in enumerate(names):
        process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            found.append((index, process))
    return tuple(found)
