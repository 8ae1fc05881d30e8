"""A look at a file before it is imported: its columns, what they are taken for, and what would come of it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from data_access.importers.reading.inputs import Input, find_inputs, list_contents
from data_access.importers.reading.mapping import header_shape, resolve_mapping
from data_access.importers.reading.options import ImportOptions, UnknownFormat
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.values import is_nothing
from data_access.records import PostRecord, Refusal

PREVIEW_RECORDS = 20
_SAMPLE_VALUES = 5
_SHOWN_CHARACTERS = 200
_LOOKED_AT_RECORDS = 2_000


@dataclass(frozen=True)
class ColumnPreview:
    """A column of the file, with some of its values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class MappingPreview:
    """``format`` is None where ``problem`` keeps the file from being imported as it is. ``mapping`` is field ->
    column(s), ``reasons`` field -> why; both empty for formats that need none. ``records``: the first posts."""

    name: str
    format: str | None
    columns: tuple[ColumnPreview, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    header_shape: str | None = None
    is_saved: bool = False
    problem: str | None = None
    records: Sequence[Mapping[str, Any]] = ()
    refusals: Sequence[Refusal] = ()


def preview_mapping(path: Path, options: ImportOptions) -> MappingPreview:
    """A look at ``path`` with these options; of a folder or zip, at the first file that can be imported or is a table.

    Raises ``FileNotFoundError`` for a path that does not exist.
    """
    try:
        first = next((found for found in find_inputs([path], options) if isinstance(found, Input)), None)
    except UnknownFormat as unknown:
        return _preview_of_unknown(path, unknown.seen, options)
    if first is None:
        return _preview_of_unknown(path, "holds nothing that can be imported.", options)
    sample = first.sample()
    posts, refusals = _first_posts(first)
    shown = (
        _preview_of_table(sample, options)
        if sample is not None and first.format == "table"
        else _preview_of_columns(sample)
    )
    return replace(shown, name=first.name, format=first.format, records=posts, refusals=refusals)


def _preview_of_unknown(path: Path, problem: str, options: ImportOptions) -> MappingPreview:
    """What is there to map, where the mapping cannot be told: the first table."""
    samples = (take_sample(content) for content in list_contents(path))
    sample = next((sample for sample in samples if sample.table is not None), None)
    if sample is None or options.format not in (None, "table"):
        return MappingPreview(path.name, None, problem=problem)
    return _preview_of_table(sample, options)


def _preview_of_columns(sample: Sample | None) -> MappingPreview:
    columns = () if sample is None else tuple(_column(name, sample.rows) for name in sample.columns)
    return MappingPreview("", None, columns)


def _preview_of_table(sample: Sample, options: ImportOptions) -> MappingPreview:
    guess = resolve_mapping(sample.columns, sample.rows, options)
    return MappingPreview(
        name=sample.content.name,
        format=None,
        columns=tuple(_column(name, sample.rows) for name in sample.columns),
        mapping=guess.fields,
        reasons=guess.reasons,
        header_shape=header_shape(sample.columns),
        is_saved=guess.is_saved,
        problem=guess.problem,
    )


def _column(name: str, rows: Sequence[Mapping[str, Any]]) -> ColumnPreview:
    """A column's first different values."""
    values: dict[str, None] = {}
    for row in rows:
        if not is_nothing(row.get(name)):
            values[str(row[name])[:_SHOWN_CHARACTERS]] = None
        if len(values) == _SAMPLE_VALUES:
            break
    return ColumnPreview(name, tuple(values))


def _first_posts(first: Input) -> tuple[list[dict[str, Any]], list[Refusal]]:
    """The first posts as dictionaries, and what was refused before them."""
    posts: list[dict[str, Any]] = []
    refusals: list[Refusal] = []
    for record in itertools.islice(first.read(), _LOOKED_AT_RECORDS):
        if isinstance(record, PostRecord):
            posts.append(asdict(record))
        elif isinstance(record, Refusal):
            refusals.append(record)
        if len(posts) == PREVIEW_RECORDS:
            break
    return posts, refusals
