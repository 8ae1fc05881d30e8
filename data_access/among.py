"""Whether a column holds one of many keys, as one bound value: the statement stays the same however many there are."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Dialect, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Keys(TypeDecorator[Any]):
    """Many keys as one value: an array on PostgreSQL, a JSON list on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, is_text: bool) -> None:
        super().__init__()
        self.is_text = is_text

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(String() if self.is_text else BigInteger()))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else orjson.dumps(value).decode()


class _Among(FunctionElement[bool]):
    name = "among"
    type = NullType()  # type: ignore[assignment]  # a Boolean reads "= 1" on SQLite, and no index is used
    inherit_cache = True


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY ({keys})"


def among(column: Any, keys: Iterable[int] | Iterable[str]) -> ColumnElement[bool]:
    """Whether ``column``, of whole numbers or texts, is one of ``keys``: like ``in_``, for thousands of them.

    >>> from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
    >>> seat = Table("seat", MetaData(), Column("id", Integer))
    >>> with create_engine("sqlite://").begin() as connection:
    ...     seat.create(connection)
    ...     _ = connection.execute(insert(seat), [{"id": 1}, {"id": 2}])
    ...     connection.scalars(select(seat.c.id).where(among(seat.c.id, [2, 3]))).all()
    [2]
    """
    return _Among(column, bindparam(None, list(keys), type_=_keys_of(column), unique=True))


def among_given(column: Any, name: str) -> ColumnElement[bool]:
    """Whether ``column`` is one of the keys that are given as the parameter ``name`` whenever the statement is run."""
    return _Among(column, bindparam(name, type_=_keys_of(column)))


def _keys_of(column: Any) -> _Keys:
    kind = column.type
    if isinstance(kind, TypeDecorator):  # as the texts of SQLModel are
        kind = kind.impl_instance
    return _Keys(isinstance(kind, String))
