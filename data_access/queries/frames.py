"""Rows of a statement as a frame whose dtypes do not depend on what the rows hold."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import Boolean, Date, Enum, Float, Integer, Select, String
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString, Session

from data_access.models.columns import UtcTime

#: A statement that selects some columns.
Rows: TypeAlias = Select[*tuple[Any, ...]]
#: What needs nothing done to it but what makes a column of it: a day is a date or its text, a time its microseconds, a
#: truth 0 or 1.
_TAKEN_AS_GIVEN = (AutoString, Boolean, Date, Float, Integer, String, UtcTime)
_NO_TIME = np.iinfo("int64").min


def _dtype(kind: TypeEngine[Any], *, optional: bool) -> str:
    if isinstance(kind, UtcTime):
        return "datetime64[us, UTC]"
    if isinstance(kind, Date):
        return "datetime64[us]"
    if isinstance(kind, Boolean):
        return "boolean" if optional else "bool"
    if isinstance(kind, Float):
        return "float64"
    if isinstance(kind, Integer):
        return "Int64" if optional else "int64"
    return "object"


def read_frame(session: Session, statement: Rows, *, optional: Iterable[str] = ()) -> pd.DataFrame:
    """The rows that ``statement`` selects.

    Times are ``datetime64[us, UTC]``, days ``datetime64[us]`` at midnight (they have no zone), whole numbers
    ``int64``, texts ``object``. Columns named in ``optional`` may hold NULL: their whole numbers are ``Int64``.
    """
    kinds = {str(column.key): column.type for column in statement.selected_columns}
    may_be_null = set(optional)
    values = list(zip(*_read_rows(session, statement, kinds.values()), strict=True)) or [()] * len(kinds)
    columns = {
        name: _column(held, _dtype(kind, optional=name in may_be_null))
        for (name, kind), held in zip(kinds.items(), values, strict=True)
    }
    return pd.DataFrame(columns)


def _read_rows(session: Session, statement: Rows, kinds: Collection[TypeEngine[Any]]) -> Sequence[Sequence[Any]]:
    """The rows as the driver gives them, where ``_column`` takes them so: a frame needs no object for each of its rows,
    days and times, which take longer than the query."""
    if all(isinstance(kind, _TAKEN_AS_GIVEN) and not isinstance(kind, Enum) for kind in kinds):
        return read_given(session, statement)
    return session.execute(statement).all()


def read_given(session: Session, statement: Rows) -> Sequence[Sequence[Any]]:
    """The rows of a statement as the driver gives them: days as dates or as text, which ``np.array`` takes as
    ``datetime64[D]`` both, times as microseconds since 1970, sets as bytes."""
    session.flush()
    result = session.connection().execute(statement)
    try:
        return result.cursor.fetchall() if result.cursor is not None else []
    finally:
        result.close()


def read_given_parts(session: Session, statement: Rows, *, at_once: int = 20_000) -> Iterator[Sequence[Sequence[Any]]]:
    """The same, ``at_once`` rows after each other: objects for millions of rows take more than what is made of them."""
    session.flush()
    result = session.connection().execute(statement)
    try:
        while result.cursor is not None and (rows := result.cursor.fetchmany(at_once)):
            yield rows
    finally:
        result.close()


def _column(held: Sequence[Any], dtype: str) -> Any:
    if dtype in ("int64", "float64", "bool"):
        return np.array(held, dtype=dtype)  # PostgreSQL sums to Decimal
    if dtype == "Int64":
        objects = np.array(held, dtype="object")
        is_null = np.array([value is None for value in held], dtype="bool")
        objects[is_null] = 0
        return pd.arrays.IntegerArray(objects.astype("int64"), is_null)
    if dtype == "datetime64[us]":
        return np.array(held, dtype="datetime64[D]").astype(dtype)
    if dtype == "datetime64[us, UTC]" and not any(isinstance(value, datetime) for value in held):
        micros = np.array([_NO_TIME if value is None else value for value in held], dtype="int64")
        return pd.DatetimeIndex(micros.view("datetime64[us]"), tz="UTC")
    return pd.Series(list(held), dtype=dtype)


def read_integers(session: Session, statement: Rows, *, at_once: int = 20_000) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The rows of a statement that selects whole numbers only, none of them NULL: an array of int64, a row each.

    Made for millions of rows: no object stands for a row longer than ``at_once`` rows take.
    """
    parts = [np.empty((0, len(statement.selected_columns)), dtype=np.int64)]
    parts += read_integer_parts(session, statement, at_once=at_once)
    return np.concatenate(parts)


def read_integer_parts(
    session: Session, statement: Rows, *, at_once: int = 20_000
) -> "Iterator[np.ndarray[Any, np.dtype[np.int64]]]":
    """The same, ``at_once`` rows after each other: for who keeps less of them than there is."""
    connection = session.connection()
    sql = str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    driver: Any = connection.connection.driver_connection
    is_server = connection.dialect.name == "postgresql"  # whose plain cursor would hold all rows at once
    cursor = driver.cursor(name="whole_numbers") if is_server else driver.cursor()
    try:
        cursor.execute(sql)
        while rows := cursor.fetchmany(at_once):
            yield np.array(rows, dtype=np.int64)
    finally:
        cursor.close()
