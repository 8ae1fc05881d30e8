"""Tables into files: Parquet, a row group every so many rows, or CSV that a spreadsheet reads and runs nothing of."""

import codecs
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv
import pyarrow.parquet
from sqlalchemy import select
from sqlmodel import Session

from data_access.exchange.manifest import Manifest, TableFile, own_version
from data_access.exchange.places import Counted, NewPlace
from data_access.exchange.tables import Exchanged, list_exchanged, stored_columns
from data_access.formulas import GUARDED
from data_access.store import newest_revision

FILE_FORMATS = ("parquet", "csv")
_ROWS_AT_A_TIME = 10_000
_Writer = Callable[[Counted, pa.Schema], Any]


def write_tables(
    session: Session, place: NewPlace, *, file_format: str, with_derived: bool, told: Callable[[int], None]
) -> Manifest:
    """Write every table that is exchanged, as this session sees it: give it one reading transaction. ``told`` hears how
    many rows are written. The manifest comes last, so that nothing is taken for an export before it is whole."""
    tables: list[TableFile] = []
    done = 0
    for one in list_exchanged(with_derived=with_derived):
        tables.append(_write_table(session, place, one, file_format, partial(_tell, told, done)))
        done += tables[-1].rows
    engine = session.get_bind().dialect.name
    manifest = Manifest(newest_revision(), own_version(), engine, datetime.now(UTC), file_format, tuple(tables))
    place.finish(manifest)
    return manifest


def _tell(told: Callable[[int], None], before: int, rows: int) -> None:
    told(before + rows)


def _write_table(
    session: Session, place: NewPlace, one: Exchanged, file_format: str, told: Callable[[int], None]
) -> TableFile:
    name, rows = f"{one.table.name}.{file_format}", 0
    with place.create(name) as target:
        with closing(_WRITERS[file_format](target, one.schema)) as writer:
            for batch in _read_batches(session, one):
                writer.write_batch(_guarded(batch, one.types) if file_format == "csv" else batch)
                rows += batch.num_rows
                told(rows)
        return TableFile(one.table.name, one.content, name, rows, target.size, target.sha256, one.types)


def _read_batches(session: Session, one: Exchanged) -> Iterator[pa.RecordBatch]:
    """The rows in the order of their key, streamed."""
    statement = select(*stored_columns(one.table)).order_by(*one.table.primary_key.columns)
    result = session.execute(statement, execution_options={"yield_per": _ROWS_AT_A_TIME})
    for rows in result.partitions():
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, type=field.type) for column, field in zip(columns, one.schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=one.schema)


def _guarded(batch: pa.RecordBatch, types: dict[str, str]) -> pa.RecordBatch:
    """The rows without what a spreadsheet would run (``data_access.formulas``)."""
    arrays = [
        _guard(array) if types[name] in ("text", "json") else array
        for name, array in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _guard(texts: pa.Array) -> pa.Array:
    is_formula = compute.match_substring_regex(texts, GUARDED)
    return compute.if_else(is_formula, compute.binary_join_element_wise("'", texts, ""), texts)


def _parquet(target: Counted, schema: pa.Schema) -> Any:
    return pyarrow.parquet.ParquetWriter(target, schema, compression="zstd")


def _csv(target: Counted, schema: pa.Schema) -> Any:
    """Texts stand in quotes, so that an empty one differs from none; times are UTC, in ISO 8601."""
    target.write(codecs.BOM_UTF8)
    return pyarrow.csv.CSVWriter(target, schema, write_options=pyarrow.csv.WriteOptions(quoting_style="needed"))


_WRITERS: dict[str, _Writer] = {"parquet": _parquet, "csv": _csv}
