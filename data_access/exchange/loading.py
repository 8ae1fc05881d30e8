"""Files into the tables of an empty store, in the caller's transaction."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv
import pyarrow.parquet
from sqlalchemy import Connection, delete, select, text
from sqlmodel import Session

from data_access.bulk import insert_stored
from data_access.exchange.manifest import DamagedExport, Manifest, NewerExport, TableFile
from data_access.exchange.places import Place
from data_access.exchange.tables import DECISION, DERIVED, FACT, Exchanged, arrow_schema, list_exchanged
from data_access.store import list_revisions, newest_revision

_ROWS_AT_A_TIME = 10_000
_CSV_BLOCK_BYTES = 16 << 20  # a row has to fit in it
_HASH_BYTES = 1 << 20


class NotEmpty(ValueError):
    """The store that an export was to come into holds something. Nothing was changed."""


def require_empty(session: Session) -> None:
    """Raises ``NotEmpty`` where the store holds a fact or a decision."""
    tables = [one.table for one in list_exchanged(with_derived=False) if one.content in (FACT, DECISION)]
    held = [table.name for table in tables if session.execute(select(table).limit(1)).first() is not None]
    if held:
        names = ", ".join(held[:3]) + (" ..." if len(held) > 3 else "")
        raise NotEmpty(
            f"The store is not empty (it has rows of {names}), and a whole store comes into an empty one only. "
            "Nothing was changed. Point RAPPORT_DATABASE_URL at a new store, such as sqlite:///new.db or an "
            "empty database of PostgreSQL. A SQLite store is replaced, and kept beside the new one, by: rapport restore"
        )


def check_files(place: Place, told: Callable[[int], None]) -> None:
    """That every file is as it was written, and of a schema that is known. Raises ``DamagedExport``, ``NewerExport``.
    ``told`` hears how many bytes are read."""
    manifest, done = place.manifest, 0
    if manifest.schema_revision not in list_revisions():
        raise NewerExport(
            f"A newer Rapport wrote {place.name} (schema {manifest.schema_revision}): update Rapport, then try again."
        )
    for table in manifest.tables:
        found = hashlib.sha256()
        with place.open(table.file) as source:
            while content := source.read(_HASH_BYTES):
                found.update(content)
                done += len(content)
                told(done)
        if found.hexdigest() != table.sha256:
            raise DamagedExport(
                f"{table.file} is not as Rapport wrote it: cut off, or changed since. Take another copy of the export."
            )


def load_tables(session: Session, place: Place, told: Callable[[int], None]) -> bool:
    """Load an export into a store that holds no facts and no decisions. ``told`` hears how many rows are in.

    Returns whether the derived rows came, too: those of another schema are left out, for a refresh to derive. Raises
    ``NotEmpty``, ``DamagedExport``.
    """
    manifest = place.manifest
    with_derived = manifest.has_derived and manifest.schema_revision == newest_revision()
    require_empty(session)
    tables = list_exchanged(with_derived=with_derived)
    _check_tables(manifest, tables)
    connection = session.connection()
    for one in reversed(list_exchanged(with_derived=True)):  # what opening a store makes: the model of sentiment
        if one.content not in (FACT, DECISION):
            connection.execute(delete(one.table))
    done = 0
    for one in tables:
        file = manifest.find(one.table.name)
        if file is not None:
            done = _load_table(connection, place, one, file, told, done)
    if connection.dialect.name == "postgresql":
        _set_sequences(connection, tables)
    return with_derived


def _check_tables(manifest: Manifest, tables: list[Exchanged]) -> None:
    known = {one.table.name: one.types for one in list_exchanged(with_derived=True)}
    wanted = {one.table.name for one in tables}
    for file in manifest.tables:
        if file.name not in wanted and file.content == DERIVED:
            continue
        differing = {name: kind for name, kind in file.columns.items() if known.get(file.name, {}).get(name) != kind}
        if differing:
            raise DamagedExport(
                f"{file.file} has columns that this Rapport does not know: {', '.join(differing)}. "
                f"Import it with Rapport {manifest.rapport_version}, which wrote it, and then update."
            )


def _load_table(
    connection: Connection, place: Place, one: Exchanged, file: TableFile, told: Callable[[int], None], before: int
) -> int:
    rows = 0
    missing = {
        column.name: _default(one, column.name) for column in one.table.columns if column.name not in file.columns
    }
    names = (*file.columns, *missing)
    with place.open(file.file) as source:
        for batch in _read_batches(source, file, place.manifest.file_format):
            columns = [
                _stored(array, file.columns[name]) for name, array in zip(file.columns, batch.columns, strict=True)
            ]
            columns += [[value] * batch.num_rows for value in missing.values()]
            insert_stored(connection, one.table.name, names, list(zip(*columns, strict=True)))
            rows += batch.num_rows
            told(before + rows)
    if rows != file.rows:
        raise DamagedExport(f"{file.file} has {rows:,} rows and was to have {file.rows:,}. Take another copy.")
    return before + rows


def _default(one: Exchanged, name: str) -> Any:
    """What a column holds that the export is too old to have."""
    value = one.model.model_fields[name].get_default(call_default_factory=True, validated_data={})
    return json.dumps(value) if one.types[name] == "json" else value


def _read_batches(source: IO[bytes], file: TableFile, file_format: str) -> Iterator[pa.RecordBatch]:
    if file.rows == 0:
        return
    batches = _read_csv(source, file) if file_format == "csv" else _read_parquet(source, file)
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS_AT_A_TIME):
            yield batch.slice(start, _ROWS_AT_A_TIME)


def _read_parquet(source: IO[bytes], file: TableFile) -> Iterator[pa.RecordBatch]:
    with pyarrow.parquet.ParquetFile(source) as opened:
        yield from opened.iter_batches(batch_size=_ROWS_AT_A_TIME, columns=list(file.columns))


def _read_csv(source: IO[bytes], file: TableFile) -> Iterator[pa.RecordBatch]:
    schema = arrow_schema(file.columns)
    convert = pyarrow.csv.ConvertOptions(
        column_types=schema,
        include_columns=schema.names,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    read = pyarrow.csv.ReadOptions(block_size=_CSV_BLOCK_BYTES, use_threads=False)
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    with pyarrow.csv.open_csv(source, read_options=read, parse_options=parse, convert_options=convert) as reader:
        for batch in reader:
            is_text = [file.columns[name] in ("text", "json") for name in schema.names]
            arrays = [_plain(array) if text else array for array, text in zip(batch.columns, is_text, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _plain(texts: pa.Array) -> pa.Array:
    """The texts without what was put before those that a spreadsheet would run (``data_access.formulas``)."""
    return compute.if_else(compute.starts_with(texts, "'"), compute.utf8_slice_codeunits(texts, 1), texts)


def _stored(array: pa.Array, kind: str) -> list[Any]:
    """Values as every engine takes them: times as microseconds, days as text."""
    if kind == "time":
        array = array.cast(pa.int64())
    elif kind == "date":
        array = array.cast(pa.string())
    values: list[Any] = array.to_pylist()
    return values


def _set_sequences(connection: Connection, tables: list[Exchanged]) -> None:
    """The next id follows the highest that came in."""
    quote = connection.dialect.identifier_preparer.quote
    for one in tables:
        key = list(one.table.primary_key.columns)
        if len(key) == 1 and one.types[key[0].name] == "integer":
            highest = f"SELECT max({quote(key[0].name)}) FROM {quote(one.table.name)}"
            sequence = "pg_get_serial_sequence(:table, :column)"
            statement = text(f"SELECT setval({sequence}, highest) FROM ({highest}) AS held(highest) WHERE highest > 0")
            connection.execute(statement, {"table": quote(one.table.name), "column": key[0].name})
