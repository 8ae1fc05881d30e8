"""Many rows into a table, as fast as the engine takes them, and out of one.

SQLAlchemy's own way builds each row's parameters anew; at a million posts that costs more than the writing. SQLite gets
plain ``executemany``, PostgreSQL gets COPY. Values pass the same type processors.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Dialect, Select, Table
from sqlmodel import Session

from data_access.models.columns import UtcTime, to_micros

#: What makes a column's values of those given.
_Processor = Callable[[Sequence[Any]], Sequence[Any]]
_KEPT = {int, type(None)}
_FLAGS = {True: 1, False: 0, None: None}


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, given as values by column name. Columns that a row does not name get the engine's default."""
    if not rows:
        return
    session.flush()
    connection = session.connection()
    names = tuple(rows[0])
    if set(map(len, rows)) == {len(names)}:  # as a rule all rows have the same names: looking at each one costs more
        try:
            picked = _picked(names, rows)
        except KeyError:
            pass
        else:
            _write(connection, table, names, picked)
            return
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    for names, group in groups.items():
        _write(connection, table, names, _picked(names, group))


def insert_tuples(session: Session, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, given as values in the order of these columns."""
    if rows:
        session.flush()
        _write(session.connection(), table, names, rows)


def insert_columns(session: Session, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows, given column by column."""
    names = tuple(columns)
    if not len(columns[names[0]]):
        return
    session.flush()
    connection = session.connection()
    stored = list(columns.values())
    for index, process in _processors(connection.dialect, table, names):
        stored[index] = process(stored[index])
    insert_stored(connection, table.name, names, list(zip(*stored, strict=True)))


def _picked(names: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    pick: Callable[[Any], tuple[Any, ...]] = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    return list(map(pick, rows))


def _write(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    changed: dict[int, Sequence[Any]] = {}
    for index, process in _processors(connection.dialect, table, names):
        given = list(map(itemgetter(index), rows))
        stored = process(given)
        if stored is not given:
            changed[index] = stored
    if changed:
        columns = zip(*rows, strict=True)
        rows = list(zip(*(changed.get(index, column) for index, column in enumerate(columns)), strict=True))
    insert_stored(connection, table.name, names, rows)


def insert_stored(connection: Connection, name: str, names: tuple[str, ...], values: Sequence[tuple[Any, ...]]) -> None:
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
    rows = values if isinstance(values, list) else list(values)
    connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", rows)


def read_stored(
    session: Session, statement: Select[Any], values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """The rows of a statement, run with these parameters, as the engine has them, without the layers around each: times
    in microseconds, flags as 0 and 1 on SQLite, days as ``stored_day`` takes them."""
    result = session.connection().execute(statement, values or {})
    rows = list(result.cursor.fetchall())
    result.close()
    return rows


@lru_cache(maxsize=4096)
def stored_day(value: date | str) -> date:
    """A day as ``read_stored`` gives it: SQLite has text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _stored_times(values: Sequence[Any]) -> Sequence[Any]:
    """``UtcTime`` in both engines, without the layers around it: most times come as they are kept."""
    if _KEPT.issuperset(map(type, values)):
        return values
    return [value if value is None or isinstance(value, int) else to_micros(value) for value in values]


def _stored_days(values: Sequence[Any]) -> Sequence[Any]:
    """Days as SQLite has them: few days, many rows of each."""
    known = {day: None if day is None else day.isoformat() for day in set(values)}
    return [known[day] for day in values]


def _stored_flags(values: Sequence[Any]) -> Sequence[Any]:
    """Flags as SQLite has them."""
    return list(map(_FLAGS.__getitem__, values))


def _each(process: Callable[[Any], Any], values: Sequence[Any]) -> Sequence[Any]:
    return list(map(process, values))


@lru_cache(maxsize=256)
def _processors(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[tuple[int, _Processor], ...]:
    found: list[tuple[int, _Processor]] = []
    for index, name in enumerate(names):
        kind = table.c[name].type
        process = kind.dialect_impl(dialect).bind_processor(dialect)
        if isinstance(kind, UtcTime):
            found.append((index, _stored_times))
        elif process is not None and isinstance(kind, Date):
            found.append((index, _stored_days))
        elif process is not None and isinstance(kind, Boolean):
            found.append((index, _stored_flags))
        elif process is not None:
            found.append((index, partial(_each, process)))
    return tuple(found)
