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
from data_access.importers.social.x_posts import address_of_row
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
OF_AUTHOR = ("author", "author_handle", "author_name", "location", "followers", "is_team", "inbound")
#: How tables call the network whose posts have an address that their id tells.
_X = frozenset({"twitter", "x"})
_REMEMBERED = 50_000
_NEVER: Any = object()


def _nothing(row: Mapping[str, Any]) -> None:
    """What a field that no column holds says."""


def read_line(value: Any) -> str | None:
    """A line as people read it; None where there is none."""
    return read_text(value) or None


#: Fields that a post has as they are, and how they are read.
MORE: dict[str, Callable[[Any], Any]] = {
    "title": read_line,
    "url": read_line,
    "language": read_language,
}
COUNTS = ("likes", "shares", "replies", "views", "reach")


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
        self.read_time = TimeReader(time_zone, mapping.get(DATE_ORDER)).read
        self.default_channel, self.chosen_channel = default_channel, chosen_channel
        self.ids = ContentIds()
        specs = {name: spec for name, spec in mapping.items() if name not in SAYS}
        getters = {name: getter(spec, columns, _HOLDS[name]) for name, spec in specs.items()}
        self._time: Getter = getters.get("time", _nothing)
        self._text: Getter = getters.get("text", _nothing)
        self._channel, self._brand = getters.get("channel"), getters.get("brand")
        self._id: Getter = getters.get("id", _nothing)
        self._parent: Getter = getters.get("parent", _nothing)
        self._post_type = getters.get("post_type")
        self._places = [(name, getters[name]) for name in ("network", "source") if name in getters]
        self._author = [(name, getters[name]) for name in OF_AUTHOR if name in getters]
        self.read_count = partial(read_count, decimal_comma=decimal_comma_said(mapping))
        more = MORE | dict.fromkeys(COUNTS, self.read_count)
        self._more = [(name, getters[name], read) for name, read in more.items() if name in getters]
        self._accounts: dict[tuple[Any, ...], str | None] = {}
        self._said = Announced()
        self._said_channels: dict[tuple[str, str, str], str | None] = {}
        self._said_accounts: dict[tuple[str, str, str | None], tuple[Any, ...]] = {}

    def records(self, row: Mapping[str, Any]) -> list[Record]:
        """The post of a row, preceded by its brand, channel and author where they are new. Raises ``Damaged``."""
        occurred_at = required(self.read_time(self._time(row)), "time")
        text = read_text(self._text(row))
        more = {name: read(get(row)) for name, get, read in self._more}
        if not text and more.get("title") is None:
            raise Damaged("has no text")
        network, source = self._place(row) if self._places else (NETWORK, SOURCE)
        records: list[Record] = []
        stated = [get(row) for _name, get in self._author]
        author = self.account((network, source, *stated), occurred_at, records) if self._author else None
        parent, native_id = _read_id(self._parent(row)), _read_id(self._id(row))
        if more.get("url") is None:
            more["url"] = address_of(network, native_id, occurred_at)
        channel = self._line(self._channel, row) or self.chosen_channel
        post = PostRecord(
            network,
            source,
            native_id or self.ids.next(author, occurred_at, text or more["title"], channel),
            channel or self.default_channel,
            occurred_at,
            author,
            kind_of(None if self._post_type is None else self._post_type(row), parent),
            text,
            parent=parent,
            mentions=mentions_of(text),
            **more,
        )
        self.announce_place(post, self._line(self._brand, row) or None, records)
        records.append(post)
        return records

    def next_file(self) -> None:
        """Begin another file of the same shape."""
        self.ids.next_file()

    @staticmethod
    def _line(get: Getter | None, row: Mapping[str, Any]) -> str:
        return "" if get is None else read_text(get(row))

    def _place(self, row: Mapping[str, Any]) -> tuple[str, str]:
        return place_of({name: get(row) for name, get in self._places})

    def is_known(self, stated: tuple[Any, ...]) -> bool:
        """Whether such cells were read as an account before."""
        return stated in self._accounts

    def announce_place(self, post: PostRecord, brand: str | None, records: list[Record]) -> None:
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

    def account(
        self,
        stated: tuple[Any, ...],
        occurred_at: datetime,
        records: list[Record],
        fresh: dict[tuple[Any, ...], IdentityRecord | None] | None = None,
    ) -> str | None:
        """The id of the author, who is announced as they were when they wrote, where that is new. ``stated``: network,
        source, and the cells of ``OF_AUTHOR``; ``fresh``: who they say it is, where that is known already."""
        network, source = stated[:2]
        known = self._accounts.get(stated, _NEVER)
        if known is not _NEVER and self._said_accounts[network, source, known] == stated:
            return cast("str | None", known)
        author = fresh.pop(stated) if fresh and stated in fresh else self.author_of(stated)
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

    def author_of(self, stated: tuple[Any, ...]) -> IdentityRecord | None:
        """Who the cells of a row say that its author is. Raises ``Damaged``."""
        cells = dict(zip([name for name, _get in self._author], stated[2:], strict=True))
        return _author(cells, stated[0], stated[1], self.read_count)


def place_of(stated: Mapping[str, Any]) -> tuple[str, str]:
    """The network and source that a row's cells of these names say."""
    network = (read_text(stated.get("network")) or NETWORK).lower()
    return network, read_text(stated.get("source")) or NETWORK_SOURCES.get(network, SOURCE)


def address_of(network: str, native_id: str | None, occurred_at: datetime) -> str | None:
    """Where people see a post of which no column tells it; None where its network and id do not."""
    return address_of_row(native_id, occurred_at) if network in _X else None


def mentions_of(text: str) -> tuple[str, ...]:
    """The accounts that a text addresses."""
    return tuple(dict.fromkeys(map(handle_id, find_mentions(text)))) if "@" in text else ()


def kind_of(value: Any, parent: str | None) -> str:
    """The kind that a file names, in our terms; by whether it answers something where the file names none."""
    kind = None
    if value is not None:
        name = read_text(value).lower()
        kind = next((kind for kind in _KINDS if kind in name), None)
        if kind is None and any(share in name for share in _SHARES):
            kind = "share"
    return kind or ("reply" if parent is not None else "post")


def _read_id(value: Any) -> str | None:
    """As ``read_id``. Who has no other export can do without the ids: what is told by them is told by what rows say."""
    try:
        return read_id(value)
    except Damaged as damaged:
        raise Damaged(f"{damaged}, or choose no column for this id") from damaged


def _author(
    cells: Mapping[str, Any], network: str, source: str, count: Callable[[Any], int | None]
) -> IdentityRecord | None:
    """The account that wrote a row: by its id, else its handle, else its name."""
    native_id = _read_id(cells.get("author"))
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
