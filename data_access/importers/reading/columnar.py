"""Tables in Parquet files, batch by batch."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import flatten
from data_access.importers.reading.table_rows import BLANK_ROW, Row
from data_access.records import Refusal

MAGIC = b"PAR1"
_BATCH_ROWS = 10_000


@dataclass(frozen=True)
class Columnar:
    """A Parquet file. Nested values are flattened to ``a.b.c``."""

    columns: tuple[str, ...]

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The rows by column."""
        number = 0
        with content.open_seekable() as stream:
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=_BATCH_ROWS):
                for record in batch.to_pylist():
                    number += 1
                    row = flatten(record)
                    if any(value is not None for value in row.values()):
                        content.progress.rows += 1
                        yield number, row
                    else:
                        content.progress.skipped[BLANK_ROW] += 1


def recognise_columnar(content: Content) -> Columnar | None:
    """The table of a Parquet file; None where it is damaged."""
    try:
        with content.aside().open_seekable() as stream:
            return Columnar(tuple(_leaves(pq.ParquetFile(stream).schema_arrow)))
    except pa.ArrowException:
        return None


def _leaves(fields: pa.Schema | pa.StructType, prefix: str = "") -> Iterator[str]:
    for field in fields:
        if pa.types.is_struct(field.type):
            yield from _leaves(field.type, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name
