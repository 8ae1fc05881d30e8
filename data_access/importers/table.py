"""Any table whose columns say what was written, when, and by whom: CSV, TSV, XLSX, Parquet, NDJSON, JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.mapping import DATE_ORDER, named_columns, resolve_mapping
from data_access.importers.reading.options import Damaged, Format, ImportOptions, UnknownFormat
from data_access.importers.reading.plain_text import find_mentions, plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.synonyms import NETWORK_SOURCES
from data_access.importers.reading.values import (
    TimeReader,
    is_nothing,
    read_count,
    read_flag,
    read_id,
    read_language,
    required,
)
from data_access.records import (
    BrandRecord,
    ChannelRecord,
    IdentityRecord,
    PostRecord,
    Record,
    Refusal,
    content_id,
    handle_id,
)

NETWORK = "import"
SOURCE = "file"
_KINDS = ("reply", "comment", "share", "question", "review", "check_in", "post")
_SHARES = ("retweet", "reblog", "repost", "boost")
_COUNTS = ("likes", "shares", "replies", "views", "reach")
_BLANK_LINE = "\n\n"

Getter = Callable[[Mapping[str, Any]], Any]


class PostRows:
    """Makes records of rows by a mapping."""

    def __init__(
        self, mapping: Mapping[str, str], columns: Sequence[str], time_zone: str, default_channel: str
    ) -> None:
        self._times = TimeReader(time_zone, mapping.get(DATE_ORDER))
        self._default_channel = default_channel
        getters = {name: _getter(spec, columns) for name, spec in mapping.items() if name != DATE_ORDER}
        self._counts = [(name, getters.pop(name)) for name in _COUNTS if name in getters]
        self._get = list(getters.items())
        self._said = Announced()
        self._last_place: ChannelRecord | None = None

    def records(self, row: Mapping[str, Any]) -> list[Record]:
        """The post of a row, preceded by its brand, channel and author where they are new. Raises ``Damaged``."""
        cells = {name: get(row) for name, get in self._get}
        cell = cells.get
        occurred_at = required(self._times.read(cell("time")), "time")
        text, title = _text(cell("text")), _text(cell("title")) or None
        if not text and title is None:
            raise Damaged("has no text")
        network = (_text(cell("network")) or NETWORK).lower()
        source = _text(cell("source")) or NETWORK_SOURCES.get(network, SOURCE)
        author = _author(cells, network, source)
        author_id = None if author is None else author.native_id
        parent = read_id(cell("parent"))
        counts: dict[str, Any] = {name: read_count(get(row)) for name, get in self._counts}
        post = PostRecord(
            network=network,
            source=source,
            native_id=read_id(cell("id")) or content_id(author_id, occurred_at, text or title),
            channel=_text(cell("channel")) or self._default_channel,
            occurred_at=occurred_at,
            author=author_id,
            kind=_kind(cell("kind"), parent),
            text=text,
            title=title,
            url=_text(cell("url")) or None,
            language=read_language(cell("language")),
            parent=parent,
            mentions=tuple(dict.fromkeys(handle_id(handle) for handle in find_mentions(text))),
            **counts,
        )
        return [*self._place(post, _text(cell("brand")) or None), *self._account(author, occurred_at), post]

    def _place(self, post: PostRecord, brand: str | None) -> Iterator[Record]:
        place = ChannelRecord(post.network, post.source, post.channel, post.channel, brand=brand)
        if place == self._last_place:
            return
        self._last_place = replace(place)
        if brand is not None:
            yield from self._said.news(BrandRecord(brand))
        yield from self._said.news(place)

    def _account(self, author: IdentityRecord | None, occurred_at: datetime) -> Iterator[Record]:
        """The author, as they were when they wrote."""
        if author is not None:
            author.observed_at = occurred_at
            yield from self._said.news(author)


def _getter(spec: str, columns: Sequence[str]) -> Getter:
    if spec.startswith("="):
        constant = spec[1:]
        return lambda row: constant
    names = named_columns(spec, columns)
    if len(names) == 1:
        name = names[0]
        return lambda row: row.get(name)
    return lambda row: _BLANK_LINE.join(str(row[name]) for name in names if not is_nothing(row.get(name)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return plain_text(value).strip()
    return "" if is_nothing(value) else str(value)


def _kind(value: Any, parent: str | None) -> str:
    """The kind that a file names, in our terms; by whether it answers something where the file names none."""
    kind = None
    if value is not None:
        name = _text(value).lower()
        kind = next((kind for kind in _KINDS if kind in name), None)
        if kind is None and any(share in name for share in _SHARES):
            kind = "share"
    return kind or ("reply" if parent is not None else "post")


def _author(cells: Mapping[str, Any], network: str, source: str) -> IdentityRecord | None:
    """The account that wrote a row: by its id, else its handle, else its name."""
    native_id = read_id(cells.get("author"))
    handle = _text(cells.get("author_handle")).lstrip("@") or None
    name = _text(cells.get("author_name")) or None
    if native_id is None and handle is None and name is None:
        return None
    return IdentityRecord(
        network=network,
        source=source,
        native_id=native_id or (handle_id(handle) if handle else f"name:{str(name).casefold()}"),
        handle=handle,
        display_name=name,
        location=_text(cells.get("location")) or None,
        followers=read_count(cells.get("followers")),
        is_team=_is_team(cells),
    )


def _is_team(cells: Mapping[str, Any]) -> bool | None:
    """Whether the file says that the author speaks for us: it names the team, or what is not inbound."""
    stated = read_flag(cells.get("is_team"))
    if stated is not None:
        return stated
    return True if read_flag(cells.get("inbound")) is False else None


def channel_of_file(name: str) -> str:
    """The channel of posts whose file names none: the file's name without its endings.

    >>> channel_of_file("export.zip/2024/answers.csv.gz")
    'answers'
    """
    return PurePosixPath(name).name.split(".")[0] or name


def read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    """The posts of a table. Raises ``UnknownFormat`` where no mapping can be told."""
    if sample.table is None:
        raise UnknownFormat(sample.content.name, sample.seen)
    mapping = resolve_mapping(sample.columns, sample.rows, options)
    if mapping.problem is not None:
        raise UnknownFormat(sample.content.name, mapping.problem, "")
    default_channel = options.channel or channel_of_file(sample.content.name)
    rows = PostRows(mapping.fields, sample.columns, options.zone, default_channel)
    yield from records_of_rows(sample.read_rows(), rows.records)


FORMAT = Format(
    name="table",
    label="Table (CSV, TSV, XLSX, Parquet, NDJSON, JSON)",
    description="Any table with a column of texts and one of times; the columns are guessed and can be named.",
    matches=lambda sample: sample.table is not None,
    read=read,
    is_fallback=True,
)
