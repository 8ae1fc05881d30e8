"""Rows that are posts: what was written, when, and by whom."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content_ids import ContentIds
from data_access.importers.reading.mapping import DATE_ORDER, SAYS
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.plain_text import find_mentions
from data_access.importers.reading.synonyms import KINDS, NETWORK_SOURCES, POSTS
from data_access.importers.reading.values import TimeReader, read_count, read_flag, read_id, read_language, required
from data_access.importers.tables.cells import SOURCE, Getter, decimal_comma_said, getter, read_text
from data_access.records import (
    BrandRecord,
    ChannelRecord,
    IdentityRecord,
    PostRecord,
    Record,
    handle_id,
)

NETWORK = KINDS[POSTS].network
_HOLDS = {name: known.holds for name, known in KINDS[POSTS].fields.items()}
_KINDS = ("reply", "comment", "share", "question", "review", "check_in", "post")
_SHARES = ("retweet", "reblog", "repost", "boost")
_OF_AUTHOR = ("author", "author_handle", "author_name", "location", "followers", "is_team", "inbound")
_REMEMBERED = 50_000
_NEVER: Any = object()


def _nothing(row: Mapping[str, Any]) -> None:
    """What a field that no column holds says."""


def _read_line(value: Any) -> str | None:
    return read_text(value) or None


#: Fields that a post has as they are, and how they are read.
_MORE: dict[str, Callable[[Any], Any]] = {
    "title": _read_line,
    "url": _read_line,
    "language": read_language,
}
_COUNTS = ("likes", "shares", "replies", "views", "reach")


class PostRows:
    """Makes records of rows by a mapping. Only what the mapping names is looked at: the rows are many.

    ``chosen_channel``: the channel of rows that name none, as the user says; ``default_channel``: by the file's name.
    """

    def __init__(
        self,
        mapping: Mapping[str, str],
        columns: Sequence[str],
        time_zone: str,
        default_channel: str,
        chosen_channel: str | None = None,
    ) -> None:
        self._read_time = TimeReader(time_zone, mapping.get(DATE_ORDER)).read
        self._default_channel, self._chosen_channel = default_channel, chosen_channel
        self._ids = ContentIds()
        specs = {name: spec for name, spec in mapping.items() if name not in SAYS}
        getters = {name: getter(spec, columns, _HOLDS[name]) for name, spec in specs.items()}
        self._time: Getter = getters.get("time", _nothing)
        self._text: Getter = getters.get("text", _nothing)
        self._channel, self._brand = getters.get("channel"), getters.get("brand")
        self._id: Getter = getters.get("id", _nothing)
        self._parent: Getter = getters.get("parent", _nothing)
        self._post_type = getters.get("post_type")
        self._places = [(name, getters[name]) for name in ("network", "source") if name in getters]
        self._author = [(name, getters[name]) for name in _OF_AUTHOR if name in getters]
        self._read_count = partial(read_count, decimal_comma=decimal_comma_said(mapping))
        more = _MORE | dict.fromkeys(_COUNTS, self._read_count)
        self._more = [(name, getters[name], read) for name, read in more.items() if name in getters]
        self._accounts: dict[tuple[Any, ...], str | None] = {}
        self._said = Announced()
        self._said_channels: dict[tuple[str, str, str], str | None] = {}
        self._said_accounts: dict[tuple[str, str, str | None], tuple[Any, ...]] = {}

    def records(self, row: Mapping[str, Any]) -> list[Record]:
        """The post of a row, preceded by its brand, channel and author where they are new. Raises ``Damaged``."""
        occurred_at = required(self._read_time(self._time(row)), "time")
        text = read_text(self._text(row))
        more = {name: read(get(row)) for name, get, read in self._more}
        if not text and more.get("title") is None:
            raise Damaged("has no text")
        network, source = self._place(row) if self._places else (NETWORK, SOURCE)
        records: list[Record] = []
        author = self._account(row, network, source, occurred_at, records) if self._author else None
        parent = read_id(self._parent(row))
        channel = self._line(self._channel, row) or self._chosen_channel
        post = PostRecord(
            network,
            source,
            read_id(self._id(row)) or self._ids.next(author, occurred_at, text or more["title"], channel),
            channel or self._default_channel,
            occurred_at,
            author,
            _kind(None if self._post_type is None else self._post_type(row), parent),
            text,
            parent=parent,
            mentions=_mentions(text) if "@" in text else (),
            **more,
        )
        self._announce_place(post, self._line(self._brand, row) or None, records)
        records.append(post)
        return records

    def next_file(self) -> None:
        """Begin another file of the same shape."""
        self._ids.next_file()

    @staticmethod
    def _line(get: Getter | None, row: Mapping[str, Any]) -> str:
        return "" if get is None else read_text(get(row))

    def _place(self, row: Mapping[str, Any]) -> tuple[str, str]:
        stated = {name: read_text(get(row)) for name, get in self._places}
        network = (stated.get("network") or NETWORK).lower()
        return network, stated.get("source") or NETWORK_SOURCES.get(network, SOURCE)

    def _announce_place(self, post: PostRecord, brand: str | None, records: list[Record]) -> None:
        """Its channel and brand, where they say something new."""
        key = (post.network, post.source, post.channel)
        if self._said_channels.get(key, _NEVER) == brand:
            return
        if len(self._said_channels) >= _REMEMBERED:
            self._said_channels.clear()
        self._said_channels[key] = brand
        if brand is not None:
            records.extend(self._said.news(BrandRecord(brand)))
        records.extend(self._said.news(ChannelRecord(*key, post.channel, brand=brand)))

    def _account(
        self, row: Mapping[str, Any], network: str, source: str, occurred_at: datetime, records: list[Record]
    ) -> str | None:
        """The id of the author, who is announced as they were when they wrote, where that is new."""
        stated = (network, source, *[get(row) for _name, get in self._author])
        known = self._accounts.get(stated, _NEVER)
        if known is not _NEVER and self._said_accounts[network, source, known] == stated:
            return cast("str | None", known)
        cells = dict(zip([name for name, _get in self._author], stated[2:], strict=True))
        author = _author(cells, network, source, self._read_count)
        native_id = None if author is None else author.native_id
        if len(self._accounts) >= _REMEMBERED:
            self._accounts.clear()
            self._said_accounts.clear()
        self._accounts[stated] = native_id
        self._said_accounts[network, source, native_id] = stated
        if author is not None:
            author.observed_at = occurred_at
            records.extend(self._said.news(author))
        return native_id


def _mentions(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(handle_id(handle) for handle in find_mentions(text)))


def _kind(value: Any, parent: str | None) -> str:
    """The kind that a file names, in our terms; by whether it answers something where the file names none."""
    kind = None
    if value is not None:
        name = read_text(value).lower()
        kind = next((kind for kind in _KINDS if kind in name), None)
        if kind is None and any(share in name for share in _SHARES):
            kind = "share"
    return kind or ("reply" if parent is not None else "post")


def _author(
    cells: Mapping[str, Any], network: str, source: str, count: Callable[[Any], int | None]
) -> IdentityRecord | None:
    """The account that wrote a row: by its id, else its handle, else its name."""
    native_id = read_id(cells.get("author"))
    handle = read_text(cells.get("author_handle")).lstrip("@") or None
    name = read_text(cells.get("author_name")) or None
    if native_id is None and handle is None and name is None:
        return None
    return IdentityRecord(
        network=network,
        source=source,
        native_id=native_id or (handle_id(handle) if handle else f"name:{str(name).casefold()}"),
        handle=handle,
        display_name=name,
        location=read_text(cells.get("location")) or None,
        followers=count(cells.get("followers")),
        is_team=_is_team(cells),
    )


def _is_team(cells: Mapping[str, Any]) -> bool | None:
    """Whether the file says that the author speaks for us: it names the team, or what is not inbound."""
    stated = read_flag(cells.get("is_team"))
    if stated is not None:
        return stated
    return True if read_flag(cells.get("inbound")) is False else None
