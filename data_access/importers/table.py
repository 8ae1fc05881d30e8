"""Any table, through a mapping of its columns: CSV, TSV, XLSX, Parquet, NDJSON, JSON.

Its rows are posts, people, organisations, deals, orders, visits or feedback: told from the columns, or named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Protocol

from data_access.importers.reading.mapping import MappingGuess, resolve_mapping
from data_access.importers.reading.options import Format, ImportOptions, UnknownFormat
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.synonyms import (
    DEALS,
    FEEDBACK,
    KINDS,
    ORDERS,
    ORGANISATIONS,
    PEOPLE,
    POSTS,
    VISITS,
)
from data_access.importers.tables.cells import RowReader
from data_access.importers.tables.deals import DealRows
from data_access.importers.tables.feedback import FeedbackRows
from data_access.importers.tables.orders import OrderRows
from data_access.importers.tables.people import OrganisationRows, PeopleRows
from data_access.importers.tables.posts import PostRows
from data_access.importers.tables.visits import VisitRows
from data_access.records import Note, Record, Refusal


class Rows(Protocol):
    """Makes records of rows."""

    def records(self, row: Mapping[str, Any]) -> Iterable[Record | Note]:
        """What a row says. Raises ``Damaged``."""


_ROWS: dict[str, Callable[[RowReader], Rows]] = {
    PEOPLE: PeopleRows,
    ORGANISATIONS: OrganisationRows,
    DEALS: DealRows,
    VISITS: VisitRows,
    FEEDBACK: FeedbackRows,
}


def channel_of_file(name: str) -> str:
    """The channel of posts whose file names none: the file's name without its endings.

    >>> channel_of_file("export.zip/2024/answers.csv.gz")
    'answers'
    """
    return PurePosixPath(name).name.split(".")[0] or name


def _rows(sample: Sample, mapping: MappingGuess, options: ImportOptions) -> Rows:
    if mapping.kind == POSTS:
        default_channel = options.channel or channel_of_file(sample.content.name)
        return PostRows(mapping.fields, sample.columns, options.zone, default_channel)
    reader = RowReader(KINDS[mapping.kind], mapping.fields, sample.columns, options)
    if mapping.kind == ORDERS:
        return OrderRows(reader, sample.content.progress.skipped)
    return _ROWS[mapping.kind](reader)


def read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    """The records of a table. Raises ``UnknownFormat`` where no mapping can be told."""
    if sample.table is None:
        raise UnknownFormat(sample.content.name, sample.seen)
    mapping = sample.mapping or resolve_mapping(sample.columns, sample.rows, options, sample.every_row)
    if mapping.problem is not None:
        raise UnknownFormat(sample.content.name, mapping.problem, mapping.advice)
    yield from records_of_rows(sample.read_rows(), _rows(sample, mapping, options).records)


FORMAT = Format(
    name="table",
    label="Table (CSV, TSV, XLSX, Parquet, NDJSON, JSON)",
    description="Any table of posts, people, organisations, deals, orders, visits or feedback; the columns are guessed"
    " and can be named.",
    matches=lambda sample: sample.table is not None,
    read=read,
    is_fallback=True,
)
