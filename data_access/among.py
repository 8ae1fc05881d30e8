"""Whether a column holds one of many keys, or a row is of one of many days in channels, as one bound value: the
statement stays the same however many there are."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
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


class _Slices(TypeDecorator[Any]):
    """Days, each with channels, as JSON: a list of pairs."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Mapping[date, Collection[int]] | None, dialect: Dialect) -> str:
        assert value is not None
        return orjson.dumps([(day, channel) for day in sorted(value) for channel in sorted(value[day])]).decode()


class _InSlices(FunctionElement[bool]):
    name = "in_slices"
    type = NullType()  # type: ignore[assignment]  # as above
    inherit_cache = True


@compiles(_InSlices, "sqlite")
def _slices_on_sqlite(element: _InSlices, compiler: SQLCompiler, **kw: Any) -> str:
    day, channel, given = (compiler.process(clause, **kw) for clause in element.clauses)
    pairs = f"SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({given})"
    return f"({day}, {channel}) IN ({pairs})"


@compiles(_InSlices, "postgresql")
def _slices_on_postgresql(element: _InSlices, compiler: SQLCompiler, **kw: Any) -> str:
    day, channel, given = (compiler.process(clause, **kw) for clause in element.clauses)
    pairs = f"FROM jsonb_array_elements(CAST({given} AS jsonb))"
    days, channels = "CAST(value ->> 0 AS date)", "CAST(value ->> 1 AS bigint)"
    # of the pairs alone it takes a quarter of the table to be meant, and reads whole tables to join them
    near = f"{day} = ANY (ARRAY(SELECT {days} {pairs})) AND {channel} = ANY (ARRAY(SELECT {channels} {pairs}))"
    return f"({near} AND ({day}, {channel}) IN (SELECT {days}, {channels} {pairs}))"


def in_slices(day: Any, channel: Any, name: str) -> ColumnElement[bool]:
    """Whether a row is of one of the slices that are given as the parameter ``name`` whenever the statement is run: a
    mapping of days (``date``), each to the ids of channels. ``day`` and ``channel`` are the row's columns; an index
    that begins with both is used.

    >>> from sqlalchemy import Column, Date, Integer, MetaData, Table, create_engine, insert, select
    >>> sold = Table("sold", MetaData(), Column("day", Date), Column("channel_id", Integer))
    >>> first, second = date(2026, 3, 1), date(2026, 3, 2)
    >>> rows = [{"day": day, "channel_id": channel} for day in (first, second) for channel in (1, 2)]
    >>> with create_engine("sqlite://").begin() as connection:
    ...     sold.create(connection)
    ...     _ = connection.execute(insert(sold), rows)
    ...     wanted = select(sold.c.channel_id).where(in_slices(sold.c.day, sold.c.channel_id, "slices"))
    ...     connection.scalars(wanted, {"slices": {first: {1}, second: {2, 3}}}).all()
    [1, 2]
    """
    return _InSlices(day, channel, bindparam(name, type_=_Slices()))


def _keys_of(column: Any) -> _Keys:
    kind = column.type
    if isinstance(kind, TypeDecorator):  # as the texts of SQLModel are
        kind = kind.impl_instance
    return _Keys(isinstance(kind, String))
