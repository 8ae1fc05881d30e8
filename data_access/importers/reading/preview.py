"""A look at a file before it is imported: its columns, what they are taken for, and what would come of it."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from data_access.importers.reading.inputs import Input, find_inputs, list_contents
from data_access.importers.reading.mapping import SOURCE_FIELD, header_shape, resolve_mapping
from data_access.importers.reading.options import ImportOptions, UnknownFormat, UnrecognisedInput
from data_access.importers.reading.questions import AmbiguousDates, OpenQuestion, OpenSource
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.synonyms import DEALS, FEEDBACK, ORDERS, ORGANISATIONS, PEOPLE, POSTS, VISITS
from data_access.importers.reading.tree import is_archive_quietly
from data_access.importers.reading.values import is_nothing
from data_access.records import (
    DealRecord,
    FeedbackRecord,
    IdentityRecord,
    OrderRecord,
    OrganizationRecord,
    PostRecord,
    Record,
    Refusal,
    VisitRecord,
)

PREVIEW_RECORDS = 20
_SAMPLE_VALUES = 5
_SHOWN_CHARACTERS = 200
_LOOKED_AT_RECORDS = 2_000
#: So many other files of a folder or zip are looked at.
MOST_BESIDE = 10
#: What is shown of a file that holds several: the first of these that there is.
_SHOWN: tuple[tuple[str, type[Record]], ...] = (
    (POSTS, PostRecord),
    (DEALS, DealRecord),
    (ORDERS, OrderRecord),
    (VISITS, VisitRecord),
    (FEEDBACK, FeedbackRecord),
    (PEOPLE, IdentityRecord),
    (ORGANISATIONS, OrganizationRecord),
)

#: Tells what the ids of a table belong to, or what is to be asked.
Settle = Callable[[Input], Input | OpenSource]


@dataclass(frozen=True)
class ColumnPreview:
    """A column of the file, with some of its values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """Another file of the folder or zip that is looked at: its name, its format, of a table what its rows are
    (``kind``), and what keeps it from being imported as it is, in sentences (``problem``)."""

    name: str
    format: str | None
    kind: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class MappingPreview:
    """``format`` is None where ``problem`` keeps the file from being imported as it is.

    ``asks`` is the open question, of ``mapping.SAYS`` (``"date_order"``, ``"decimals"``): answer it with
    ``ImportOptions(mapping={asks: answer})``, an answer being one of ``SAYS[asks]``. ``ambiguous_dates`` says, where
    the order of day and month is asked, in which ``column``, and what an ``example`` of it is ``day_first`` and
    ``month_first`` (dates); None where the file's dates contradict each other (``problem`` says so). ``open_source``:
    what is asked where ids may belong to something else than those that are here (``asks`` is ``"source"``).

    ``kind``: what the rows of a table are, and ``kind_reason`` why. ``mapping`` is field -> column(s), ``reasons``
    field -> why; both empty for formats that need none. ``records``: the first facts of ``records_kind``. ``beside``:
    what else is in the folder or zip, at most ``MOST_BESIDE``, and whether there is more (``is_more_beside``).
    """

    name: str
    format: str | None
    columns: tuple[ColumnPreview, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    kind: str = POSTS
    kind_reason: str = ""
    header_shape: str | None = None
    is_saved: bool = False
    problem: str | None = None
    asks: str | None = None
    ambiguous_dates: AmbiguousDates | None = None
    open_source: OpenSource | None = None
    records_kind: str = POSTS
    records: Sequence[Mapping[str, Any]] = ()
    refusals: Sequence[Refusal] = ()
    beside: tuple[Beside, ...] = ()
    is_more_beside: bool = False


def preview_mapping(path: Path, options: ImportOptions, settle: Settle | None = None) -> MappingPreview:
    """A look at ``path`` with these options; of a folder or zip, at the first file that can be imported or is a table.
    ``settle`` tells, of a table, what its ids belong to, or what is to be asked.

    Raises ``FileNotFoundError`` for a path that does not exist.
    """
    try:
        first = _first_input(path, options)
    except OpenQuestion as question:
        return _preview_of_question(path, question)
    except UnknownFormat as unknown:
        advice = "Export the same as CSV, Excel or JSON." if unknown.is_general else unknown.advice
        return _preview_of_unknown(path, f"{unknown.seen} {advice}", options)
    if first is None:
        return _preview_of_unknown(path, "holds nothing that can be imported.", options)
    told = first if settle is None else settle(first)
    open_source = told if isinstance(told, OpenSource) else None
    first = told if isinstance(told, Input) else first
    sample = first.sample()
    kind, records, refusals = _first_records(first)
    shown = (
        _preview_of_table(sample, options)
        if sample is not None and first.format == "table"
        else _preview_of_columns(sample)
    )
    shown = replace(shown, name=first.name, format=first.format, records_kind=kind, records=records, refusals=refusals)
    beside = _list_beside(path, first.name, options, settle)
    shown = replace(shown, beside=tuple(beside[:MOST_BESIDE]), is_more_beside=len(beside) > MOST_BESIDE)
    if open_source is None:
        return shown
    return replace(shown, problem=open_source.problem, asks=SOURCE_FIELD, open_source=open_source)


def _first_input(path: Path, options: ImportOptions) -> Input | None:
    """The first that can be imported. Raises ``OpenQuestion`` where an answer is all that keeps a file from it."""
    question: OpenQuestion | None = None
    for found in find_inputs([path], options):
        if isinstance(found, Input):
            return found
        if question is None and isinstance(found.problem, OpenQuestion):
            question = found.problem
    if question is not None:
        raise question
    return None


def _list_beside(path: Path, first: str, options: ImportOptions, settle: Settle | None) -> list[Beside]:
    """What else is in a folder or zip, at most one more than ``MOST_BESIDE``. The columns that are named for the first
    are not the others'."""
    if not (path.is_dir() or is_archive_quietly(path)):
        return []
    inputs = find_inputs([path], replace(options, mapping=None))
    others = (found for found in inputs if found.name != first and not _is_passed_over(found))
    return [_beside(found, settle) for found in itertools.islice(others, MOST_BESIDE + 1)]


def _is_passed_over(found: Input | UnrecognisedInput) -> bool:
    return isinstance(found, UnrecognisedInput) and found.is_beside_data


def _beside(found: Input | UnrecognisedInput, settle: Settle | None) -> Beside:
    if isinstance(found, UnrecognisedInput):
        return Beside(found.name, None, problem=found.problem.seen if found.problem else found.reason)
    told = found if settle is None else settle(found)
    problem = told.problem if isinstance(told, OpenSource) else None
    return Beside(found.name, found.format, found.mapping.kind if found.mapping else None, problem)


def _preview_of_question(path: Path, question: OpenQuestion) -> MappingPreview:
    """A file whose format is known, but for an answer."""
    return MappingPreview(
        path.name,
        None,
        header_shape=question.shape,
        problem=question.seen,
        asks=question.asks,
        ambiguous_dates=question.ambiguous_dates,
    )


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
    guess = sample.mapping or resolve_mapping(sample.columns, sample.rows, options, sample.every_row)
    return MappingPreview(
        name=sample.content.name,
        format=None,
        columns=tuple(_column(name, sample.rows) for name in sample.columns),
        kind=guess.kind,
        kind_reason=guess.kind_reason,
        mapping=guess.fields,
        reasons=guess.reasons,
        header_shape=header_shape(sample.columns),
        is_saved=guess.is_saved,
        problem=guess.problem,
        asks=guess.asks,
        ambiguous_dates=guess.ambiguous_dates,
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


def _first_records(first: Input) -> tuple[str, list[dict[str, Any]], list[Refusal]]:
    """The first facts of one kind as dictionaries, their kind, and what was refused before them."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind, _record in _SHOWN}
    refusals: list[Refusal] = []
    for record in itertools.islice(first.read(), _LOOKED_AT_RECORDS):
        if isinstance(record, Refusal):
            refusals.append(record)
        kind = next((kind for kind, shown in _SHOWN if isinstance(record, shown)), None)
        if kind is not None and len(found[kind]) < PREVIEW_RECORDS:
            found[kind].append(asdict(record))
        if len(found[POSTS]) == PREVIEW_RECORDS:
            break
    kind = next((kind for kind, records in found.items() if records), POSTS)
    return kind, found[kind], refusals
