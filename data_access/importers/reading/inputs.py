"""Finds what can be imported in files, folders and zips, tells each one's format, and reads it."""

import copy
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import orjson

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import (
    BROKEN,
    NOTHING_OF_FORMAT,
    REST_NOT_READ,
    Content,
    TooLarge,
    content_of_file,
    readable,
)
from data_access.importers.reading.json_records import JsonRecords
from data_access.importers.reading.like_tables import MANY, LikeTables, bundle_of, group_tables
from data_access.importers.reading.mapping import KIND, SAYS, MappingGuess, resolve_mapping
from data_access.importers.reading.options import (
    NOTHING_TO_IMPORT,
    Format,
    ImportOptions,
    UnknownFormat,
    UnrecognisedInput,
)
from data_access.importers.reading.overrides import apply_options, apply_options_to_blocks
from data_access.importers.reading.patterns import PATTERN, pattern_of
from data_access.importers.reading.places import places_named
from data_access.importers.reading.questions import OpenQuestion
from data_access.importers.reading.sample import EXPORT_AGAIN, HEAD_BYTES, Sample, take_sample
from data_access.importers.reading.shape import shape_of
from data_access.importers.reading.synonyms import KINDS
from data_access.importers.reading.tree import is_archive, is_archive_quietly, is_hidden, walk
from data_access.records import Note, Record, Refusal

_BLOCK_RECORDS = 1_000
_SHOWN_CHARACTERS = 200
_PASS_OVER = "Nothing of it is read, also beside the others: leave it out."
FETCH_AGAIN = "Put that right, and export or fetch it again."
#: What stands beside the message of an API that failed.
_BESIDE_FAILURE = frozenset(["documentation_url", "status_code", "detailed_error", "statusCode"])


def _find_formats() -> tuple[Format, ...]:
    """The ``FORMAT`` of every module of the importers' folder, those that take any table last."""
    folder = Path(__file__).parents[1]
    package = __name__.removesuffix(".reading.inputs")
    names = sorted(module.name for module in iter_modules([str(folder)]) if not module.ispkg)
    formats: list[Format] = [import_module(f"{package}.{name}").FORMAT for name in names]
    return tuple(sorted(formats, key=lambda known: (known.is_fallback, known.name)))


FORMATS = _find_formats()


def _format_named(name: str) -> Format:
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise UnknownFormat("--format", f"there is no format {name!r}.", f"There are: {names}.")


@dataclass
class Input:
    """One import run: a file, or several that are one export. ``read`` streams its records; ``rows_read``,
    ``bytes_read`` and ``rows_skipped`` (reason -> count, such as blank rows) tell how far it is."""

    name: str
    fingerprint: str
    size_bytes: int
    format: str
    _content: Content | Bundle = field(repr=False)
    _options: ImportOptions = field(repr=False)
    _mapping: MappingGuess | None = field(default=None, repr=False)

    def read(self) -> Iterator[Record | Refusal | Note]:
        """The records and refusals, in the file's order. Where the file breaks off, or has nothing of the format that
        was named, the last one says so."""
        known = _format_named(self.format)
        is_empty = self._options.format is not None
        try:
            for record in apply_options(self._records(known), self._options):
                is_empty = False
                yield record
        except BROKEN as error:
            yield _broken_off(error)
        if is_empty and self._is_of_another(known):
            yield Refusal(None, f"the file has nothing that can be read as {known.label}. {NOTHING_OF_FORMAT}")

    def _is_of_another(self, known: Format) -> bool:
        """Whether a file of which nothing came is none of that format: no empty page of it."""
        content = self._content
        if isinstance(content, Bundle) or content.progress.rows or content.progress.skipped:
            return False
        return not known.matches(self._sampled(content))

    def read_blocks(self) -> Iterator[list[Record | Refusal | Note]]:
        """What ``read`` gives, in lists: in less time where the format can."""
        known = _format_named(self.format)
        blocks = None
        if known.read_blocks is not None and isinstance(self._content, Content):
            blocks = known.read_blocks(self._sampled(self._content), self._options)
        if blocks is None:
            records = self.read()
            while block := list(islice(records, _BLOCK_RECORDS)):
                yield block
            return
        self._begin()
        try:
            yield from apply_options_to_blocks(blocks, self._options)
        except BROKEN as error:
            yield [_broken_off(error)]

    def _begin(self) -> None:
        self._content.progress.rows = 0
        self._content.progress.skipped.clear()

    def _records(self, known: Format) -> Iterator[Record | Refusal | Note]:
        self._begin()
        if isinstance(self._content, Bundle):
            assert known.read_bundle is not None
            return known.read_bundle(self._content, self._options)
        return known.read(self._sampled(self._content), self._options)

    def _sampled(self, content: Content) -> Sample:
        sample = take_sample(content, pattern_of(self._options))
        sample.mapping = self._mapping
        return sample

    @property
    def mapping(self) -> MappingGuess | None:
        """What the columns of a table are taken for; None for another format."""
        return self._mapping

    @property
    def is_mended(self) -> bool:
        """Whether it is rows that an import refused, and that come back."""
        if not self._options.mended:
            return False
        sample = self.sample()
        return sample is not None and sample.mended_from is not None

    def of_source(self, name: str, reason: str) -> "Input":
        """The same table with ids that belong to ``name``."""
        mapping = copy.deepcopy(self._mapping)
        assert mapping is not None
        mapping.set_source(name, reason)
        content = self._content
        if isinstance(content, Bundle):
            content = replace(content, mapping=mapping)
        fingerprint = content.fingerprint(_choices(_format_named(self.format), self._options, mapping.choices))
        return replace(self, fingerprint=fingerprint, _content=content, _mapping=mapping)

    def first_records(self, count: int) -> list[Record]:
        """Its first records, or fewer where it breaks off before."""
        return [record for record in islice(self.read(), count) if not isinstance(record, Refusal | Note)]

    @property
    def how_read(self) -> dict[str, Any]:
        """How it is read, as kept with its run: refused rows that come back mended are read the same way."""
        options, guess = self._options, self._mapping
        file = self.name if isinstance(self._content, Bundle) else self._content.name
        return {
            "file": file,
            "format": self.format,
            "brand": options.brand,
            "channel": options.channel,
            "team": list(options.team),
            "mapping": {KIND: guess.kind, **guess.fields} if guess else None,
            "time_zone": options.time_zone,
            "currency": options.currency,
            "files": len(self._content.files) if isinstance(self._content, Bundle) else 1,
        }

    @property
    def is_many(self) -> bool:
        """Whether it is many files that are read as one."""
        return isinstance(self._content, Bundle)

    @property
    def shape(self) -> dict[str, Any]:
        """What it takes to write some of its rows again; empty where they cannot be."""
        sample = self.sample()
        shape = {} if sample is None else shape_of(sample)
        if "columns" in shape and self._mapping is not None:  # a row that comes back says where it came from
            shape["columns"] += places_named(self._mapping.fields)
        return shape

    def sample(self) -> Sample | None:
        """The file's beginning, of many tables the first one's; None for another export of several files."""
        content = self._content
        if isinstance(content, Bundle):
            return self._sampled(next(iter(content.files.values()))) if content.tables else None
        return self._sampled(content)

    @property
    def rows_read(self) -> int:
        return self._content.progress.rows

    @property
    def rows_skipped(self) -> Mapping[str, int]:
        return self._content.progress.skipped

    @property
    def bytes_read(self) -> int:
        return self._content.bytes_read


def _broken_off(error: Exception) -> Refusal:
    return Refusal(None, f"the file breaks off here: {error}. {REST_NOT_READ}")


def recognise(sample: Sample, options: ImportOptions) -> Format:
    """The format of a file. ``options.format`` goes before all, a mapping before what is recognised without asking.

    Raises ``UnknownFormat``, which says what was seen and what to do.
    """
    if options.format is not None:
        return _format_named(options.format)
    if not (_names_columns(options) and sample.table is not None):
        for known in FORMATS:
            if not known.is_fallback and known.matches(sample):
                return known
    if sample.table is None:
        raise UnknownFormat(sample.content.name, sample.seen, sample.advice)
    if not _names_columns(options) and (unknown := _why_no_list(sample)) is not None:
        unknown.is_no_table = True
        raise unknown
    return _format_named("table")


def _why_no_list(sample: Sample) -> UnknownFormat | None:
    """What to say of JSON that holds an object and no list of several; None for every other table."""
    name = sample.content.name
    if (said := what_went_wrong(sample.document)) is not None:
        return UnknownFormat(name, f"holds no data but what went wrong where it was fetched: {said}.", FETCH_AGAIN)
    if not _is_single_object(sample):
        return None
    if _is_empty_page(sample.document):
        return UnknownFormat(name, "is one JSON object, and its list is empty.", NOTHING_TO_IMPORT)
    return UnknownFormat(name, "is one JSON object and no list of posts.")


def _names_columns(options: ImportOptions) -> bool:
    """Whether a mapping says more than what a file of any format may leave open."""
    return any(name not in SAYS for name in options.mapping or {})


def _is_single_object(sample: Sample) -> bool:
    return isinstance(sample.table, JsonRecords) and sample.table.path == "" and len(sample.objects) < 2


def _is_empty_page(document: Any) -> bool:
    """Whether an object is what an API answers where it has nothing: a list without items, and words on it. What says
    that something went wrong is none.

    >>> _is_empty_page({"data": [], "meta": {"count": 0}}), _is_empty_page({"tags": [], "posts": {"7": {"text": "x"}}})
    (True, False)
    >>> _is_empty_page({"ok": False, "error": "not_authed", "messages": []})
    False
    """
    if what_went_wrong(document) is not None:
        return False
    values = list(document.values()) if isinstance(document, dict) else []
    inner = [value for value in values if isinstance(value, dict) for value in value.values()]
    has_more = any(value for value in values if isinstance(value, list)) or any(
        value for value in inner if isinstance(value, list | dict)
    )
    return not has_more and any(value == [] for value in (*values, *inner))


def what_went_wrong(document: Any) -> str | None:
    """What an API's answer says where it did not do what was asked, without the stop behind it; None for every other
    document, also for one that holds records beside its errors.

    >>> what_went_wrong({"ok": False, "error": "not_authed"}), what_went_wrong({"error": {"message": "No such page."}})
    ('not_authed', 'No such page')
    >>> what_went_wrong({"message": "Rate limit exceeded", "documentation_url": "https://api.example"})
    'Rate limit exceeded'
    >>> what_went_wrong({"errors": [{"id": 1}], "data": [{"id": 2}]}), what_went_wrong({"message": "Hi", "id": 7})
    (None, None)
    """
    if not isinstance(document, dict):
        return None
    has_failed = any(document.get(name) is False for name in ("ok", "success", "succeeded"))
    errors = [value for name, value in document.items() if value and name.casefold().startswith("error")]
    is_failure = "message" in document and not _BESIDE_FAILURE.isdisjoint(document)
    others = [value for name, value in document.items() if not name.casefold().startswith("error")]
    if not (has_failed or errors or is_failure) or any(_holds_records(value) for value in others):
        return None
    said = next((text for value in (*errors, document) if (text := _message_of(value)) is not None), "it does not say")
    return said.strip().rstrip(".")[:_SHOWN_CHARACTERS]


def _holds_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _message_of(error: Any) -> str | None:
    """The words of an error."""
    if isinstance(error, list):
        return next((text for one in error if (text := _message_of(one)) is not None), None)
    if isinstance(error, dict):
        words = (error.get(name) for name in ("message", "error_description", "detail", "title", "description"))
        return next((word for word in words if isinstance(word, str) and word.strip()), None)
    return error if isinstance(error, str) and error.strip() else None


def _input(content: Content, options: ImportOptions) -> Input:
    sample, name = take_sample(content, pattern_of(options)), content.name
    if sample.mended_from is not None:
        options = _as_before(sample, options)
    known = recognise(sample, options)
    mapping = _mapping(sample, options) if known.is_fallback else None
    settled = _settle(known, sample, options)
    fingerprint = content.fingerprint(_choices(known, options, mapping.choices if mapping else settled))
    return Input(name, fingerprint, content.size_bytes, known.name, content, options, mapping)


def _settle(known: Format, sample: Sample, options: ImportOptions) -> Mapping[str, str]:
    """What the reading of a file depends on beside it. Raises ``OpenQuestion`` where nothing tells."""
    if known.settle is None:
        return {}
    try:
        return known.settle(sample, options)
    except OpenQuestion as question:
        question.format = known.name
        raise


def _as_before(sample: Sample, options: ImportOptions) -> ImportOptions:
    """The options for refused rows that come back: as their file was read, where the caller does not say otherwise."""
    before = options.mended.get((sample.mended_from or "").rpartition(" ")[2])
    if before is None:
        return options
    sample.content.name = before.get("file") or sample.content.name  # a channel may be named after it
    mapping = before.get("mapping")
    if mapping:
        # what the few rows hold must not make more columns known than all of them did
        mapping = dict.fromkeys(KINDS[mapping[KIND]].fields, "") | mapping
    return replace(
        options,
        format=options.format or before.get("format"),
        brand=options.brand or before.get("brand"),
        channel=options.channel or before.get("channel"),
        team=options.team or tuple(before.get("team") or ()),
        mapping=options.mapping or mapping,
        time_zone=before.get("time_zone") or options.time_zone,
        currency=before.get("currency") or options.currency,
    )


def _mapping(sample: Sample, options: ImportOptions) -> MappingGuess:
    """The mapping of a table. Raises ``UnknownFormat`` where none can be told."""
    if sample.table is None:
        raise UnknownFormat(sample.content.name, sample.seen, sample.advice)
    guess = resolve_mapping(sample.columns, sample.rows, options, sample.every_row)
    if guess.problem is not None:
        if guess.asks is None and not _names_columns(options) and (part := _as_part(sample)) is not None:
            raise part
        if not sample.rows and (broken := sample.content.why_broken(HEAD_BYTES)) is not None:
            raise UnknownFormat(sample.content.name, f"is broken: {broken}", EXPORT_AGAIN)
        if not sample.rows and guess.asks is None:
            raise _without_rows(sample)
        other = "" if guess.asks else " Or name its format with --format."
        advice = f"{guess.advice}{other}".strip()
        unknown = UnknownFormat(sample.content.name, guess.problem, advice)
        unknown.asks = guess.asks
        raise unknown
    return guess


def _as_part(sample: Sample) -> UnknownFormat | None:
    """What to say of a table that is a part of an export of several files; None for every other."""
    for known in FORMATS:
        part = known.tell_part(sample) if known.tell_part is not None else None
        if part is not None:
            seen = f"is a part of an export of several files ({known.label}): {part.holds}."
            beside = "all files at once, or " if known.takes is not None else ""
            together = f"By itself nothing comes of it: bring the whole export in, {beside}in one folder or zip."
            unknown = UnknownFormat(sample.content.name, seen, together if part.is_read else _PASS_OVER)
            unknown.is_part = True
            return unknown
    return None


def _without_rows(sample: Sample) -> UnknownFormat:
    """What to say of a table of which no row can be read."""
    assert sample.table is not None
    name = sample.content.name
    try:
        first = next(iter(sample.table.read_rows(sample.content.aside())), None)
    except BROKEN as error:
        why, _point, advice = str(error).partition(". ")
        return UnknownFormat(name, f"is broken: {why.rstrip('.')}.", advice or EXPORT_AGAIN)
    if isinstance(first, Refusal):
        return UnknownFormat(name, f"holds no row that can be read; the first {first.reason}.", EXPORT_AGAIN)
    without = UnknownFormat(name, "holds a header and no rows.", NOTHING_TO_IMPORT)
    without.is_no_table = True
    return without


def _choices(known: Format, options: ImportOptions, mapping: Mapping[str, str]) -> str:
    """The options that change what is read, as text."""
    overrides = (options.brand, options.channel, sorted(options.team), options.zone, options.currency_code)
    stated = sorted(mapping.items())
    if pattern := (options.mapping or {}).get(PATTERN):
        stated.append((PATTERN, pattern))
    return orjson.dumps((known.name, overrides, stated)).decode()


def _input_or_reason(content: Content, options: ImportOptions) -> Input | UnrecognisedInput:
    try:
        return _input(content, options)
    except UnknownFormat as unknown:
        reason = f"{unknown.seen} {unknown.advice}".strip()
        return UnrecognisedInput(content.name, reason, unknown.asks, unknown)
    except BROKEN as error:
        return UnrecognisedInput(content.name, f"cannot be opened: {error}")


def _inputs_of_tree(path: Path, options: ImportOptions) -> Iterator[Input | UnrecognisedInput]:
    tree, name = dict(walk(path)), readable(path.name)
    names = _readable_names(tree)
    files = {names[below]: content for below, content in tree.items() if isinstance(content, Content)}
    bundled: set[str] = set()
    for export, paths in _find_bundles(name, files, options):
        bundled.update(paths)
        yield export
    single = {below: content for below, content in files.items() if below not in bundled}
    for many, paths in _find_like_tables(name, single, options):
        bundled.update(paths)
        yield many
    for below, content in tree.items():
        if names[below] in bundled:
            continue
        if isinstance(content, UnrecognisedInput):
            yield content
        elif path.is_dir() and is_archive_quietly(path / below):
            for inner in _inputs_of_tree(path / below, options):
                inner_name = f"{content.name.removesuffix('/' + readable((path / below).name))}/{inner.name}"
                yield _renamed(inner, inner_name)
        else:
            found = _input_or_reason(content, options)
            is_program_s = is_hidden(below) and not options.mapping  # settings and the like, unless it is people's data
            if isinstance(found, Input) or found.asks or not is_program_s:
                yield found


def _readable_names(paths: Collection[str]) -> dict[str, str]:
    """Each path as text. Two that are the same as text stay two: of the later, its bytes are told.

    >>> latin = os.fsdecode(b"f\\xe4hre.csv")
    >>> list(_readable_names(["fähre.csv", latin]).values())
    ['fähre.csv', 'f\\\\xe4hre.csv']
    """
    names: dict[str, str] = {}
    taken = set(paths)
    for path in paths:
        name = readable(path)
        if name != path and name in taken:
            name = os.fsencode(path).decode(errors="backslashreplace")
        names[path] = name
        taken.add(name)
    return names


def _find_like_tables(
    name: str, files: Mapping[str, Content], options: ImportOptions
) -> Iterator[tuple[Input | UnrecognisedInput, set[str]]]:
    """The tables of one shape that are so many that they are read as one, with the paths that each takes up."""
    if len(files) < MANY or options.format not in (None, "table"):
        return
    pattern = pattern_of(options)
    for group in group_tables(
        files, lambda content: take_sample(content, pattern), lambda sample: _is_plain_table(sample, options)
    ):
        yield _input_of_many(group, name, options), set(group.files)


def _is_plain_table(sample: Sample, options: ImportOptions) -> bool:
    if _is_single_object(sample):  # alone it would be no table: among many it is a row of one, unless a format knows it
        return _names_columns(options) or not any(known.matches(sample) for known in FORMATS if not known.is_fallback)
    return recognise(sample, options).is_fallback


def _input_of_many(group: LikeTables, name: str, options: ImportOptions) -> Input | UnrecognisedInput:
    try:
        bundle = bundle_of(group, name, options)
    except UnknownFormat as unknown:
        return UnrecognisedInput(unknown.file, f"{unknown.seen} {unknown.advice}".strip(), unknown.asks)
    known = _format_named("table")
    choices = bundle.mapping.choices if bundle.mapping else {}
    fingerprint = bundle.fingerprint(_choices(known, options, choices))
    return Input(bundle.name, fingerprint, bundle.size_bytes, known.name, bundle, options, bundle.mapping)


def _renamed(found: Input | UnrecognisedInput, name: str) -> Input | UnrecognisedInput:
    if isinstance(found, UnrecognisedInput):
        return replace(found, name=name)
    found.name = name
    return found


def _find_bundles(name: str, files: Mapping[str, Content], options: ImportOptions) -> Iterator[tuple[Input, set[str]]]:
    """The exports that span several of these files, with the paths that each takes up."""
    for known in FORMATS:
        if known.find_bundles is None or options.format not in (None, known.name):
            continue
        for root in known.find_bundles(files):
            prefix = f"{root}/" if root else ""
            below = {path: path.removeprefix(prefix) for path in files if path.startswith(prefix)}
            paths = {path for path in below if known.takes is None or known.takes(below[path], files[path])}
            members = {path.removeprefix(prefix): files[path] for path in sorted(paths)}
            bundle = Bundle(f"{name}/{root}" if root else name, members)
            fingerprint = bundle.fingerprint(_choices(known, options, {}))
            yield Input(bundle.name, fingerprint, bundle.size_bytes, known.name, bundle, options), paths


def find_inputs(paths: Sequence[Path], options: ImportOptions) -> Iterator[Input | UnrecognisedInput]:
    """What can be imported of these files, folders (with all below them, sorted) and zips.

    Raises ``UnknownFormat`` for a file named directly that no importer knows; one inside a folder or zip comes out as
    ``UnrecognisedInput``, and the others go on. Raises ``FileNotFoundError`` for a path that does not exist.
    """
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path}: there is no such file or folder.")
        if not path.is_dir() and not path.is_file():  # it cannot be looked at first and then read
            raise UnknownFormat(readable(path.name), "is a pipe or a device.", "Save what it gives as a file first.")
        if path.is_dir() or is_archive(path):
            yield from _inputs_of_tree(path, options)
        else:
            yield _named_input(path, options)


def _named_input(path: Path, options: ImportOptions) -> Input:
    try:
        return _input(content_of_file(path, path.name), options)
    except TooLarge as error:
        raise UnknownFormat(readable(path.name), str(error), "") from error
    except BROKEN as error:
        raise UnknownFormat(readable(path.name), f"cannot be read: {error}.", EXPORT_AGAIN) from error


def list_contents(path: Path) -> Iterator[Content]:
    """The file, or every file of the folder or zip."""
    if path.is_dir() or is_archive_quietly(path):
        yield from (content for _below, content in walk(path) if isinstance(content, Content))
    else:
        yield content_of_file(path, path.name)
