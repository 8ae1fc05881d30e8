"""Any table, through a mapping of its columns: CSV, TSV, XLSX, Parquet, NDJSON, JSON.

Its rows are posts, people, organisations, deals, orders, visits or feedback: told from the columns, or named.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, Protocol, runtime_checkable

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import BROKEN, REST_NOT_READ
from data_access.importers.reading.delimited import Delimited
from data_access.importers.reading.mapping import MappingGuess, resolve_mapping
from data_access.importers.reading.options import Format, ImportOptions, UnknownFormat
from data_access.importers.reading.places import name_without_endings, places_named, with_places
from data_access.importers.reading.records_of_rows import naming_columns, records_of_rows
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
from data_access.importers.tables.post_blocks import PostBlocks
from data_access.importers.tables.posts import PostRows
from data_access.importers.tables.visits import VisitRows
from data_access.records import Note, Record, Refusal


class Rows(Protocol):
    """Makes records of rows."""

    def records(self, row: Mapping[str, Any]) -> Iterable[Record | Note]:
        """What a row says. Raises ``Damaged``."""


@runtime_checkable
class NumberedRows(Protocol):
    """Rows without ids, of which those that are alike are numbered file by file."""

    def next_file(self) -> None:
        """Begin another file."""


_ROWS: dict[str, Callable[[RowReader], Rows]] = {
    PEOPLE: PeopleRows,
    ORGANISATIONS: OrganisationRows,
    DEALS: DealRows,
    VISITS: VisitRows,
    FEEDBACK: FeedbackRows,
}


def _rows(
    mapping: MappingGuess, columns: tuple[str, ...], options: ImportOptions, channel: str, skipped: Counter[str]
) -> Rows:
    if mapping.kind == POSTS:
        return _posts(mapping, columns, options, channel)
    reader = RowReader(KINDS[mapping.kind], mapping.fields, columns, options)
    return OrderRows(reader, skipped) if mapping.kind == ORDERS else _ROWS[mapping.kind](reader)


def _posts(mapping: MappingGuess, columns: tuple[str, ...], options: ImportOptions, channel: str) -> PostRows:
    return PostRows(mapping.fields, columns, options.zone, channel, options.channel)


def _mapping_of(sample: Sample, options: ImportOptions) -> MappingGuess:
    content = sample.content
    if sample.table is None:
        raise UnknownFormat(content.name, sample.seen, sample.advice)
    mapping = sample.mapping or resolve_mapping(sample.columns, sample.rows, options, sample.every_row)
    if mapping.problem is not None:
        raise UnknownFormat(content.name, mapping.problem, mapping.advice)
    return mapping


def read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    """The records of a table. Raises ``UnknownFormat`` where no mapping can be told."""
    content, mapping = sample.content, _mapping_of(sample, options)
    rows, places = sample.read_rows(), places_named(mapping.fields)
    if places:
        rows = with_places(rows, content, places)
    channel = name_without_endings(PurePosixPath(content.name).name)
    yield from map(Note, mapping.left_out.values())
    made = _rows(mapping, sample.columns, options, channel, content.progress.skipped)
    yield from records_of_rows(rows, naming_columns(made.records))


def read_blocks(sample: Sample, options: ImportOptions) -> Iterator[list[Record | Refusal | Note]] | None:
    """The records of a text table of posts, in blocks; None for another one. Raises as ``read``."""
    table, mapping = sample.table, _mapping_of(sample, options)
    if not isinstance(table, Delimited) or mapping.kind != POSTS:
        return None
    rows = _posts(mapping, table.columns, options, name_without_endings(PurePosixPath(sample.content.name).name))
    blocks = PostBlocks(rows, mapping.fields, table.columns)
    if not blocks.is_possible:
        return None
    said: list[Record | Refusal | Note] = [Note(why) for why in mapping.left_out.values()]
    return chain([said] if said else [], blocks.read(table.read_cells(sample.content)))


def read_bundle(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    """The records of many tables of one shape. What is refused says in which file."""
    assert bundle.mapping is not None
    columns = tuple(dict.fromkeys(column for table in bundle.tables.values() for column in table.columns))
    made = _rows(bundle.mapping, columns, options, bundle.name, bundle.progress.skipped)
    places = places_named(bundle.mapping.fields)
    yield from map(Note, bundle.mapping.left_out.values())
    for path, content in bundle.files.items():
        rows = with_places(bundle.tables[path].read_rows(content), content, places)
        if isinstance(made, NumberedRows):
            made.next_file()
        try:
            for record in records_of_rows(rows, naming_columns(made.records)):
                if isinstance(record, Refusal):
                    record.reason = f"{path}: {record.reason}"
                yield record
        except BROKEN as error:
            yield Refusal(None, f"{path}: the file breaks off here: {error}. {REST_NOT_READ}")


FORMAT = Format(
    name="table",
    label="Table (CSV, TSV, XLSX, Parquet, NDJSON, JSON)",
    description="Any table of posts, people, organisations, deals, orders, visits or feedback; the columns are guessed"
    " and can be named.",
    matches=lambda sample: sample.table is not None,
    read=read,
    read_bundle=read_bundle,
    read_blocks=read_blocks,
    is_fallback=True,
)
