"""Rows that are posts, many at once: a block is read column by column, which costs a third of reading it row by row.

What comes of it is the same: a block in which anything is odd is read in smaller ones, and at last row by row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, TypeVar

from data_access.importers.reading.mapping import SAYS, named_columns
from data_access.importers.reading.records_of_rows import NOT_AS_EXPECTED, naming_columns, records_of_rows
from data_access.importers.reading.values import read_id, read_language
from data_access.importers.tables.cells import SOURCE, read_text
from data_access.importers.tables.posts import (
    COUNTS,
    NETWORK,
    OF_AUTHOR,
    PostRows,
    address_of,
    kind_of,
    mentions_of,
    place_of,
    read_line,
)
from data_access.records import IdentityRecord, Note, PostRecord, Record, Refusal

T = TypeVar("T")
Cells = Sequence[str]
Made = list[Record | Note | Refusal]

BLOCK_ROWS = 250
#: Of a block that is odd, parts of so many rows are tried before each row is read by itself.
_PART_ROWS = 25


class PostBlocks:
    """Makes records of blocks of rows, as ``rows`` would of each. ``is_possible``: whether the mapping allows it."""

    def __init__(self, rows: PostRows, mapping: Mapping[str, str], columns: Sequence[str]) -> None:
        self._rows = rows
        self._columns = columns
        specs = {name: spec for name, spec in mapping.items() if name not in SAYS}
        self._constants = {name: spec[1:] for name, spec in specs.items() if spec.startswith("=")}
        named = {name: named_columns(spec, columns) for name, spec in specs.items() if name not in self._constants}
        self.is_possible = all(len(found) == 1 and found[0] in columns for found in named.values()) and all(
            _is_storable(text) for text in (*self._constants.values(), rows.default_channel)
        )
        self._places = {name: columns.index(found[0]) for name, found in named.items()} if self.is_possible else {}
        self._of_author = [name for name in OF_AUTHOR if name in specs]

    def read(self, items: Iterable[tuple[int, Cells] | Refusal]) -> Iterator[Made]:
        """The records of rows, by block."""
        made: Made = []
        rows: list[tuple[int, Cells]] = []
        for item in items:
            if isinstance(item, Refusal):
                made += self._made(rows)
                made.append(item)
                rows = []
            else:
                rows.append(item)
            if len(rows) >= BLOCK_ROWS or len(made) >= BLOCK_ROWS:
                yield made + self._made(rows)
                made, rows = [], []
        yield made + self._made(rows)

    def _made(self, rows: Sequence[tuple[int, Cells]]) -> Made:
        if (made := self._at_once([cells for _number, cells in rows])) is not None:
            return made
        if len(rows) > _PART_ROWS:
            starts = range(0, len(rows), _PART_ROWS)
            return [record for start in starts for record in self._made(rows[start : start + _PART_ROWS])]
        by_name = ((number, dict(zip(self._columns, cells))) for number, cells in rows)  # noqa: B905 - as in a row
        return list(records_of_rows(by_name, naming_columns(self._rows.records)))

    def _at_once(self, rows: Sequence[Cells]) -> Made | None:
        """The records of a plain block; None where anything in it is odd, and nothing has been said of it."""
        if set(map(len, rows)) != {len(self._columns)}:
            return None
        columns = list(zip(*rows, strict=True))
        try:
            return self._records(columns, len(rows))
        except NOT_AS_EXPECTED:
            return None

    def _column(self, name: str, columns: Sequence[Cells], count: int) -> Sequence[str] | None:
        if name in self._places:
            return columns[self._places[name]]
        return [self._constants[name]] * count if name in self._constants else None

    def _read(self, name: str, read: Callable[[Any], T], columns: Sequence[Cells], count: int) -> list[T]:
        """A field of all rows as it is read; where no column holds it, as one that says nothing."""
        column = self._column(name, columns, count)
        return [read(None)] * count if column is None else list(map(read, column))

    def _records(self, columns: Sequence[Cells], count: int) -> Made | None:
        rows = self._rows
        times = self._read("time", rows.read_time, columns, count)
        texts = self._read("text", read_text, columns, count)
        titles = self._read("title", read_line, columns, count)
        if None in times or not all(text or title is not None for text, title in zip(texts, titles, strict=True)):
            return None
        parents = self._read("parent", read_id, columns, count)
        types = self._column("post_type", columns, count) or repeat(None)
        numbers = [self._read(name, rows.read_count, columns, count) for name in COUNTS]
        accounts = self._accounts(columns, count)
        fresh = {stated: rows.author_of(stated) for stated in set(accounts) if not rows.is_known(stated)}
        fields = zip(
            accounts,
            self._read("id", read_id, columns, count),
            times,
            texts,
            titles,
            self._read("url", read_line, columns, count),
            self._read("language", read_language, columns, count),
            parents,
            map(kind_of, types, parents),
            self._read("channel", read_text, columns, count),
            self._read("brand", read_text, columns, count),
            zip(*numbers, strict=True),
            strict=True,
        )
        return self._posts(fields, fresh)  # nothing raises from here on: what is said of accounts is said once

    def _accounts(self, columns: Sequence[Cells], count: int) -> list[tuple[Any, ...]]:
        """The network and source of each row, and what it says of its author."""
        networks, sources = (self._column(name, columns, count) for name in ("network", "source"))
        if networks is None and sources is None:
            places: Iterable[tuple[str, str]] = repeat((NETWORK, SOURCE), count)
        else:
            nothing = [None] * count
            pairs = list(zip(networks or nothing, sources or nothing, strict=True))
            known = {pair: place_of({"network": pair[0], "source": pair[1]}) for pair in set(pairs)}
            places = map(known.__getitem__, pairs)
        of_author = [self._column(name, columns, count) or () for name in self._of_author]
        if not of_author:
            return list(places)
        return [(*place, *cells) for place, cells in zip(places, zip(*of_author, strict=True), strict=True)]

    def _posts(self, fields: Iterable[tuple[Any, ...]], fresh: dict[tuple[Any, ...], IdentityRecord | None]) -> Made:
        rows, has_author = self._rows, bool(self._of_author)
        default, chosen, next_id = rows.default_channel, rows.chosen_channel, rows.ids.next
        made: list[Record] = []
        for stated, native_id, at, text, title, url, language, parent, kind, channel, brand, numbers in fields:
            author = rows.account(stated, at, made, fresh) if has_author else None
            named = channel or chosen
            post = PostRecord(
                stated[0],
                stated[1],
                native_id or next_id(author, at, text or title, named),
                named or default,
                at,
                author,
                kind,
                text,
                title,
                url or address_of(stated[0], native_id, at),
                language,
                None,
                None,
                parent,
                None,
                None,
                mentions_of(text),
                *numbers,
            )
            rows.announce_place(post, brand or None, made)
            made.append(post)
        return list(made)


def _is_storable(text: str) -> bool:
    """Whether what a user or the file's name says can be kept as it stands, as can all that is read from a file."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
