"""Many files of one shape, such as a table for each thread: they are told apart from others, and read as one."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import BROKEN, Content, until_broken
from data_access.importers.reading.delimited import Delimited
from data_access.importers.reading.guessing import normal_name
from data_access.importers.reading.json_records import JsonRecords
from data_access.importers.reading.mapping import MappingGuess, resolve_mapping
from data_access.importers.reading.options import ImportOptions, UnknownFormat
from data_access.importers.reading.places import FILE
from data_access.importers.reading.sample import HEAD_BYTES, SAMPLE_ROWS, Sample
from data_access.importers.reading.synonyms import POSTS
from data_access.importers.reading.table_rows import Table
from data_access.records import Refusal

#: From so many files of one shape on, they are one import: a run for each would take long and fill the list of imports.
MANY = 25
_MOST_SHAPES = 200


@dataclass
class LikeTables:
    """Tables of one shape: how the first is read, the columns of all, the files by path."""

    first: Table
    columns: dict[str, None] = field(default_factory=dict)
    files: dict[str, Content] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def add(self, path: str, content: Content, table: Table) -> None:
        """One more."""
        self.columns.update(dict.fromkeys(table.columns))
        self.files[path] = content
        self.tables[path] = table

    def takes(self, table: Table) -> bool:
        """Whether a table has this shape. JSON leaves out what is empty: half of the columns are enough."""
        if _family(table) != _family(self.first):
            return False
        if not isinstance(table, JsonRecords):
            return True
        shared = sum(column in self.columns for column in table.columns)
        return shared >= min(len(table.columns), len(self.columns)) / 2


def _family(table: Table) -> Hashable:
    columns = tuple(normal_name(column) for column in table.columns)
    if isinstance(table, Delimited):
        return table.delimiter, table.has_header, columns
    if isinstance(table, JsonRecords):
        return "json", table.path
    return type(table).__name__, columns


def group_tables(
    files: Mapping[str, Content], look: Callable[[Content], Sample], is_plain: Callable[[Sample], bool]
) -> list[LikeTables]:
    """The groups of many files of one shape. ``is_plain`` tells whether a file is a table like any other, and not in a
    format of its own."""
    groups: list[LikeTables] = []
    plain: set[Hashable] = set()
    for path, content in files.items():
        try:
            _sort_in(groups, plain, path, content, look, is_plain)
        except (UnknownFormat, *BROKEN):
            continue  # it comes alone, and says why it cannot be read
        if len(groups) > _MOST_SHAPES:
            break
    groups.sort(key=lambda group: len(group.files), reverse=True)
    _gather_strays(groups)
    return [group for group in groups if len(group.files) >= MANY]


def _sort_in(
    groups: list[LikeTables],
    plain: set[Hashable],
    path: str,
    content: Content,
    look: Callable[[Content], Sample],
    is_plain: Callable[[Sample], bool],
) -> None:
    for group in groups[:3]:  # files of one folder are mostly alike: the first shapes are tried before all else
        if isinstance(group.first, Delimited) and (same := group.first.again(content.head(HEAD_BYTES))) is not None:
            group.add(path, content, same)
            return
    sample = look(content)
    table = sample.table
    if table is None or sample.mended_from is not None:
        return
    shape = (_family(table), frozenset(table.columns))
    if shape not in plain:
        if not is_plain(sample):
            return
        plain.add(shape)
    for group in groups:
        if group.takes(table):
            group.add(path, content, table)
            return
    groups.append(LikeTables(table))
    groups[-1].add(path, content, table)


def _gather_strays(groups: list[LikeTables]) -> None:
    """A file of a line or two can look like a table of another shape: what can be read as the others are, is."""
    if not groups or not isinstance(groups[0].first, Delimited) or len(groups[0].files) < MANY:
        return
    first, leader = groups[0], groups[0].first
    for group in groups[1:]:
        for path, content in list(group.files.items()):
            same = leader.again(content.head(HEAD_BYTES)) if isinstance(group.tables[path], Delimited) else None
            if same is not None:
                first.add(path, content, same)
                del group.files[path], group.tables[path]


def bundle_of(group: LikeTables, root: str, options: ImportOptions) -> Bundle:
    """The files of a group as one, with their mapping. Raises ``UnknownFormat`` where none can be told."""
    folder = PurePosixPath(root, *_common_folder(group.files))
    name = f"{folder} ({len(group.files):,} files)"
    bundle = Bundle(name, dict(sorted(group.files.items())), tables=group.tables)
    rows = list(islice(every_row(bundle), SAMPLE_ROWS))
    guess = resolve_mapping(tuple(group.columns), rows, options, lambda: every_row(bundle))
    if guess.problem is not None:
        unknown = UnknownFormat(name, guess.problem, guess.advice)
        unknown.asks = guess.asks
        raise unknown
    bundle.mapping = _named_after_file(guess, options)
    return bundle


def _named_after_file(guess: MappingGuess, options: ImportOptions) -> MappingGuess:
    """Posts whose file names no channel are of one that is called like the file."""
    if guess.kind == POSTS and "channel" not in guess.fields and options.channel is None:
        guess.fields["channel"] = FILE
        guess.reasons["channel"] = "no column names it"
    return guess


def every_row(bundle: Bundle) -> Iterator[dict[str, Any]]:
    """All rows of all files, without counting as progress."""
    for path, content in bundle.files.items():
        for item in until_broken(bundle.tables[path].read_rows(content.aside())):
            if not isinstance(item, Refusal):
                yield item[1]


def _common_folder(paths: Iterable[str]) -> tuple[str, ...]:
    common: tuple[str, ...] | None = None
    for path in paths:
        parts = PurePosixPath(path).parent.parts
        if common is None:
            common = parts
        length = next((n for n, pair in enumerate(zip(common, parts, strict=False)) if pair[0] != pair[1]), len(common))
        common = common[: min(length, len(parts))]
    return common or ()
