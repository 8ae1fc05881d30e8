"""Rows of a statement as a frame whose dtypes do not depend on what the rows hold."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import Boolean, Date, Float, Integer, Select
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from data_access.models.columns import UtcTime

#: A statement that selects some columns.
Rows: TypeAlias = Select[*tuple[Any, ...]]


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
    rows = session.execute(statement).all()
    values = list(zip(*rows, strict=True)) or [()] * len(kinds)
    columns = {}
    for (name, kind), held in zip(kinds.items(), values, strict=True):
        dtype = _dtype(kind, optional=name in may_be_null)
        if dtype in ("int64", "Int64"):
            held = tuple(None if value is None else int(value) for value in held)  # PostgreSQL sums to Decimal
        columns[name] = pd.Series(list(held), dtype=dtype)
    return pd.DataFrame(columns)
