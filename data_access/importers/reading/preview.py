"""A look at a file before it is imported: its columns, what they are taken for, and what would come of it."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from data_access.importers.reading.content import REST_NOT_READ
from data_access.importers.reading.inputs import Input, find_inputs, list_contents
from data_access.importers.reading.json_records import why_cut_off
from data_access.importers.reading.mapping import SOURCE_FIELD, header_shape, resolve_mapping
from data_access.importers.reading.money import NO_CURRENCY
from data_access.importers.reading.options import ImportOptions, UnknownFormat, UnrecognisedInput
from data_access.importers.reading.questions import AmbiguousDates, OpenQuestion, OpenSource
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.synonyms import DEALS, FEEDBACK, ORDERS, ORGANISATIONS, PEOPLE, POSTS, VISITS
from data_access.importers.reading.tree import is_archive_quietly
from data_access.importers.reading.values import is_nothing
from data_access.records import (
    BrandRecord,
    ChannelDayRecord,
    ChannelRecord,
    DealRecord,
    FeedbackRecord,
    IdentityRecord,
    InteractionRecord,
    Note,
    OrderRecord,
    OrganizationRecord,
    PostRecord,
    Record,
    Refusal,
    VisitRecord,
)

PREVIEW_RECORDS = 20
_EXPORT_ALL = "Drop the whole of the export in one zip, or export the same as CSV, Excel or a list in JSON."
_SAMPLE_VALUES = 5
_SHOWN_CHARACTERS = 200
_LOOKED_AT_RECORDS = 2_000
_KEPT_NOTES = _KEPT_REFUSALS = 50
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
#: What facts are counted as: the names that a run's counts have.
_COUNTED: dict[type[Record], str] = {
    PostRecord: "post",
    DealRecord: "deal",
    OrderRecord: "order",
    VisitRecord: "visit",
    FeedbackRecord: "feedback",
    IdentityRecord: "identity",
    OrganizationRecord: "organization",
    InteractionRecord: "interaction",
    ChannelRecord: "channel",
    ChannelDayRecord: "channel_day",
    BrandRecord: "brand",
}

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
    """``format`` is None where ``problem`` keeps the file from being imported as it is. ``part``: of which export of
    several files it is a part, and what to do, in sentences ("is a part of ..."); None for every other file.

    ``asks`` is the open question, of ``mapping.SAYS`` (``"date_order"``, ``"decimals"``): answer it with
    ``ImportOptions(mapping={asks: answer})``, an answer being one of ``SAYS[asks]``. ``ambiguous_dates`` says, where
    the order of day and month is asked, in which ``column``, and what an ``example`` of it is ``day_first`` and
    ``month_first`` (dates); None where the file's dates contradict each other (``problem`` says so). ``open_source``:
    what is asked where ids may belong to something else than those that are here (``asks`` is ``"source"``).

    ``header_shape``: the key under which a mapping or an answer is kept for such files. ``alike``: what files have in
    common that one program wrote, so that an answer of one is likely to hold for the others.

    ``kind``: what the rows of a table are, and ``kind_reason`` why. ``mapping`` is field -> column(s), ``reasons``
    field -> why; both empty for formats that need none. ``records``: the first facts of ``records_kind``. ``beside``:
    what else is in the folder or zip, at most ``MOST_BESIDE``, and whether there is more (``is_more_beside``).

    ``counts``: the facts by kind ("post", "identity", ...; one that comes twice counts twice) where all was looked at
    (``is_whole``), else those at its beginning; ``passed_over``: why other rows are none, and how many. ``notes``: what
    was read as something else there, and how often. ``breaks_off``: why the file cannot be read to its end; None where
    it can, or that shows only when it is read as a whole.
    """

    name: str
    format: str | None
    columns: tuple[ColumnPreview, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    kind: str = POSTS
    kind_reason: str = ""
    header_shape: str | None = None
    alike: str | None = None
    is_saved: bool = False
    problem: str | None = None
    part: str | None = None
    asks: str | None = None
    ambiguous_dates: AmbiguousDates | None = None
    open_source: OpenSource | None = None
    records_kind: str = POSTS
    records: Sequence[Mapping[str, Any]] = ()
    refusals: Sequence[Refusal] = ()
    beside: tuple[Beside, ...] = ()
    is_more_beside: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = False
    notes: Mapping[str, int] = field(default_factory=dict)
    passed_over: Mapping[str, int] = field(default_factory=dict)
    breaks_off: str | None = None

    @property
    def lacks_currency(self) -> bool:
        """Whether an amount at the beginning names no currency."""
        return any(note.startswith(NO_CURRENCY) for note in self.notes)

    @property
    def is_lost(self) -> bool:
        """Whether nothing can come of a file of a known format, as its first record is cut off or refused."""
        return self.format is not None and self.is_whole and not self.counts and bool(self.refusals)


@dataclass
class _Beginning:
    """The first facts of an input: those of ``kind`` that are shown, how many of each there are, what was refused."""

    kind: str = POSTS
    records: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    is_whole: bool = False
    notes: Counter[str] = field(default_factory=Counter)

    def refuse(self, refusal: Refusal) -> None:
        """Keep a refusal where it is one of the first, or says that the file breaks off."""
        if len(self.refusals) < _KEPT_REFUSALS or refusal.reason.endswith(REST_NOT_READ):
            self.refusals.append(refusal)


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
        if unknown.is_no_table:
            advice = _EXPORT_ALL if unknown.is_general else unknown.advice
            return MappingPreview(path.name, None, problem=f"{unknown.seen} {advice}")
        if unknown.is_part:
            shown = _preview_of_unknown(path, f"{unknown.seen} {unknown.advice}", options)
            return replace(shown, part=f"{unknown.seen} {unknown.advice}")
        advice = "Export the same as CSV, Excel or JSON." if unknown.is_general else unknown.advice
        return _preview_of_unknown(path, f"{unknown.seen} {advice}", options)
    if first is None:
        return _preview_of_nothing(path, options)
    told = first if settle is None else settle(first)
    open_source = told if isinstance(told, OpenSource) else None
    first = told if isinstance(told, Input) else first
    sample = first.sample()
    beginning = _look_at_beginning(first)
    shown = (
        _preview_of_table(sample, options)
        if sample is not None and first.format == "table"
        else _preview_of_columns(sample)
    )
    shown = replace(
        shown,
        name=first.name,
        format=first.format,
        records_kind=beginning.kind,
        records=beginning.records,
        refusals=beginning.refusals,
        counts=dict(beginning.counts),
        is_whole=beginning.is_whole,
        notes=dict(beginning.notes.most_common(_KEPT_NOTES)),
        passed_over=dict(first.rows_skipped),
        breaks_off=_why_broken_off(sample, beginning.refusals),
    )
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


def _preview_of_nothing(path: Path, options: ImportOptions) -> MappingPreview:
    """A folder or zip of which nothing can be imported: why, and the columns of its first table where it has one."""
    found = [one for one in find_inputs([path], options) if isinstance(one, UnrecognisedInput)]
    told = [one for one in found if not one.is_beside_data]
    if not told:
        why = "only texts or pictures for people, or empty files" if found else "no files"
        return MappingPreview(path.name, None, problem=f"holds {why}.")
    more = f" So it is with {len(told) - 1:,} more." if len(told) > 1 else ""
    why = f"holds nothing that can be imported: {told[0].name} {told[0].reason}{more}"
    if all(one.problem is not None and one.problem.is_no_table for one in told):
        return MappingPreview(path.name, None, problem=why)
    is_part = told[0].problem is not None and told[0].problem.is_part
    return replace(_preview_of_unknown(path, why, options), part=why if is_part else None)


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
        alike=question.format,
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
        alike=header_shape(sample.columns),
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


def _look_at_beginning(first: Input) -> _Beginning:
    """The first facts, those of one kind as dictionaries, and what was refused before them."""
    found = _Beginning()
    shown: dict[str, list[dict[str, Any]]] = {kind: [] for kind, _record in _SHOWN}
    records = first.read()
    for record in itertools.islice(records, _LOOKED_AT_RECORDS):
        if isinstance(record, Refusal):
            found.refuse(record)
        elif isinstance(record, Note):
            found.notes[record.text] += 1
        else:
            found.counts[_COUNTED[type(record)]] += 1
        kind = next((kind for kind, shape in _SHOWN if isinstance(record, shape)), None)
        if kind is not None and len(shown[kind]) < PREVIEW_RECORDS:
            shown[kind].append(asdict(record))
    found.is_whole = next(records, None) is None
    found.kind = next((kind for kind, records in shown.items() if records), POSTS)
    found.records = shown[found.kind]
    return found


def _why_broken_off(sample: Sample | None, refusals: Sequence[Refusal]) -> str | None:
    """Why a file cannot be read to its end; None where it can."""
    if sample is not None and (why := why_cut_off(sample.content)) is not None:
        return why
    broken = next((refusal.reason for refusal in refusals if refusal.reason.endswith(REST_NOT_READ)), None)
    return None if broken is None else broken.removesuffix(f" {REST_NOT_READ}").rstrip(".").partition(": ")[2]
