"""Which tables are exchanged, and their types as no engine has them."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    cast,
    type_coerce,
)
from sqlmodel import SQLModel

from data_access.models import decisions, derived, facts
from data_access.models.columns import UtcTime

FACT, DECISION, MODEL, DERIVED = "fact", "decision", "model", "derived"
#: What is of this one store and goes nowhere: its jobs, and how often it was written to.
_STAYS = frozenset({"job", "data_version"})
_ARROW: dict[str, Any] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "text": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
    "json": pa.string(),
    "bytes": pa.binary(),
}
_TYPES: tuple[tuple[type[Any], str], ...] = (
    (UtcTime, "time"),
    (JSON, "json"),
    (Boolean, "boolean"),
    (Date, "date"),
    (Integer, "integer"),
    (Float, "number"),
    (LargeBinary, "bytes"),
)


@dataclass(frozen=True)
class Exchanged:
    """A table that goes out and comes in. ``content``: fact | decision | model | derived."""

    model: type[SQLModel]
    table: Table
    content: str

    @property
    def types(self) -> dict[str, str]:
        """The type of each column, as the manifest has it."""
        return {column.name: type_name(column) for column in self.table.columns}

    @property
    def schema(self) -> pa.Schema:
        """The columns as Arrow has them."""
        return arrow_schema(self.types)


def arrow_schema(types: dict[str, str]) -> pa.Schema:
    """The Arrow schema of columns whose types a manifest names."""
    return pa.schema([(name, _ARROW[kind]) for name, kind in types.items()])


def type_name(column: Column[Any]) -> str:
    """What a column holds: integer | number | text | boolean | date | time | json | bytes."""
    return next((name for kind, name in _TYPES if isinstance(column.type, kind)), "text")


def list_exchanged(*, with_derived: bool) -> list[Exchanged]:
    """Facts, decisions and fitted models, those before others that refer to them; ``with_derived``: the rest, too."""
    by_name: dict[str, Exchanged] = {}
    for module, content in ((facts, FACT), (decisions, DECISION), (derived, DERIVED)):
        for model in _models_of(module):
            table: Table = model.__table__  # type: ignore[attr-defined]
            by_name[table.name] = Exchanged(model, table, MODEL if model is derived.Model else content)
    ordered = [by_name[table.name] for table in SQLModel.metadata.sorted_tables if table.name in by_name]
    return [one for one in ordered if one.table.name not in _STAYS and (with_derived or one.content != DERIVED)]


def _models_of(module: ModuleType) -> list[type[SQLModel]]:
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, SQLModel) and hasattr(kind, "__table__")
    ]


def stored_columns(table: Table) -> list[ColumnElement[Any]]:
    """The columns to select: times as microseconds, JSON as the text that the store keeps."""
    return [_stored(column) for column in table.columns]


def _stored(column: Column[Any]) -> ColumnElement[Any]:
    kind = type_name(column)
    if kind == "time":
        return type_coerce(column, BigInteger).label(column.name)
    if kind == "json":  # SQLite keeps a JSON number as a number
        return cast(column, Text).label(column.name)
    return column
