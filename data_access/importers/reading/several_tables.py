"""Exports of several tables that refer to each other, such as a CRM's: each is known by its columns.

Columns are compared, and rows given, by plain names: "Deal Name", ``property_dealname`` and ``dealname`` are one.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.content import Content
from data_access.importers.reading.delimited import recognise_delimited
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import is_nothing
from data_access.records import Note, Record, Refusal

Row = Mapping[str, Any]
Read = Iterator[Record | Refusal | Note]
Maker = Callable[[Row], Iterable[Record | Note]]

_HEADER_BYTES = 1 << 14
_NO_TABLES = (b"[", b"{", b"PK", b"PAR1", b"<")


def plain_name(column: str) -> str:
    """A column's name without case, marks, blanks and what stands in brackets behind it.

    >>> plain_name("Deal Name"), plain_name("property_dealname"), plain_name("Create Date (EST)")
    ('dealname', 'dealname', 'createdate')
    """
    name = re.sub(r"\s*\([^)]*\)$", "", column.strip()).casefold().removeprefix("property_")
    return re.sub(r"[\W_]+", "", name)


@dataclass(frozen=True)
class TableKind:
    """A kind of table and the plain columns that tell it: all of ``needs``, at least one of ``one_of`` where there are
    any, none of ``without``."""

    name: str
    needs: frozenset[str]
    one_of: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def fits(self, columns: Collection[str]) -> bool:
        """Whether a table with these columns is of this kind."""
        has = set(columns)
        return self.needs <= has and not (self.without & has) and (not self.one_of or bool(self.one_of & has))


def table_kind(name: str, needs: str, one_of: str = "", without: str = "") -> TableKind:
    """A kind by its columns, written with blanks between."""
    return TableKind(name, frozenset(needs.split()), frozenset(one_of.split()), frozenset(without.split()))


def kind_of(columns: Iterable[str], kinds: Sequence[TableKind]) -> str | None:
    """The name of the first kind that fits a table with these columns as its file names them; None where none does."""
    plain = {plain_name(column) for column in columns}
    return next((kind.name for kind in kinds if kind.fits(plain)), None)


def header_of(content: Content) -> tuple[str, ...]:
    """The columns of a table of text; none of any other file. Cheap: for looking through folders."""
    if "header" not in content.seen:
        content.seen["header"] = _read_header(content)
    header: tuple[str, ...] = content.seen["header"]
    return header


def _read_header(content: Content) -> tuple[str, ...]:
    head = content.head(_HEADER_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_NO_TABLES):
        return ()
    table = recognise_delimited(head)
    return table.columns if table is not None and table.has_header else ()


def find_folders(
    files: Mapping[str, Content], kinds: Sequence[TableKind], is_one: Callable[[Content], bool] = lambda _content: True
) -> list[str]:
    """The folders that hold tables of at least two of these kinds. ``is_one``: what else a file must show to count."""
    found: dict[str, set[str]] = {}
    for path, content in files.items():
        kind = kind_of(header_of(content), kinds)
        if kind is not None and is_one(content):
            parent = str(PurePosixPath(path).parent)
            found.setdefault("" if parent == "." else parent, set()).add(kind)
    return sorted(root for root, names in found.items() if len(names) > 1)


def is_direct_table(below: str, content: Content, kinds: Sequence[TableKind]) -> bool:
    """Whether a file lies in the folder itself and is a table of one of these kinds."""
    return "/" not in below and kind_of(header_of(content), kinds) is not None


def plain_rows(sample: Sample, *, aside: bool = False) -> Iterator[tuple[int, dict[str, Any]] | Refusal]:
    """The rows of a table by plain names, without the cells that say nothing. ``aside``: without counting them."""
    names = {column: plain_name(column) for column in sample.columns}
    if sample.table is None:
        return
    for item in sample.table.read_rows(sample.content.aside() if aside else sample.content):
        if isinstance(item, Refusal):
            yield item
        else:
            yield item[0], {names[key]: value for key, value in item[1].items() if not is_nothing(value)}


def read_tables(samples: Sequence[Sample], make: Maker, *, name_files: bool) -> Read:
    """The records of these tables, in order. ``name_files``: whether refusals say in which file they are."""
    for sample in samples:
        for record in records_of_rows(plain_rows(sample), make):
            if name_files and isinstance(record, Refusal):
                record.reason = f"{PurePosixPath(sample.content.name).name}: {record.reason}"
            yield record


def first_of(row: Row, *names: str) -> Any:
    """The first of these cells that says something; None where none does."""
    return next((row[name] for name in names if name in row), None)


def text_of(row: Row, *names: str) -> str | None:
    """The same as text, without blanks around it."""
    value = first_of(row, *names)
    return None if value is None else str(value).strip() or None
