"""Rows that are posts: what was written, when, and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.mapping import DATE_ORDER, SAYS
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.plain_text import find_mentions
from data_access.importers.reading.synonyms import KINDS, NETWORK_SOURCES, POSTS
from data_access.importers.reading.values import TimeReader, read_count, read_flag, read_id, read_language, required
from data_access.importers.tables.cells import SOURCE, getter, read_text
from data_access.records import (
    BrandRecord,
    ChannelRecord,
    IdentityRecord,
    PostRecord,
    Record,
    content_id,
    handle_id,
)

NETWORK = KINDS[POSTS].network
_KINDS = ("reply", "comment", "share", "question", "review", "check_in", "post")
_SHARES = ("retweet", "reblog", "repost", "boost")
_COUNTS = ("likes", "shares", "replies", "views", "reach")


class PostRows:
    """Makes records of rows by a mapping."""

    def __init__(
        self, mapping: Mapping[str, str], columns: Sequence[str], time_zone: str, default_channel: str
    ) -> None:
        self._times = TimeReader(time_zone, mapping.get(DATE_ORDER))
        self._default_channel = default_channel
        getters = {name: getter(spec, columns) for name, spec in mapping.items() if name not in SAYS}
        self._counts = [(name, getters.pop(name)) for name in _COUNTS if name in getters]
        self._get = list(getters.items())
        self._said = Announced()
        self._last_place: ChannelRecord | None = None

    def records(self, row: Mapping[str, Any]) -> list[Record]:
        """The post of a row, preceded by its brand, channel and author where they are new. Raises ``Damaged``."""
        cells = {name: get(row) for name, get in self._get}
        cell = cells.get
        occurred_at = required(self._times.read(cell("time")), "time")
        text, title = read_text(cell("text")), read_text(cell("title")) or None
        if not text and title is None:
            raise Damaged("has no text")
        network = (read_text(cell("network")) or NETWORK).lower()
        source = read_text(cell("source")) or NETWORK_SOURCES.get(network, SOURCE)
        author = _author(cells, network, source)
        author_id = None if author is None else author.native_id
        parent = read_id(cell("parent"))
        counts: dict[str, Any] = {name: read_count(get(row)) for name, get in self._counts}
        post = PostRecord(
            network=network,
            source=source,
            native_id=read_id(cell("id")) or content_id(author_id, occurred_at, text or title),
            channel=read_text(cell("channel")) or self._default_channel,
            occurred_at=occurred_at,
            author=author_id,
            kind=_kind(cell("post_type"), parent),
            text=text,
            title=title,
            url=read_text(cell("url")) or None,
            language=read_language(cell("language")),
            parent=parent,
            mentions=tuple(dict.fromkeys(handle_id(handle) for handle in find_mentions(text))),
            **counts,
        )
        return [*self._place(post, read_text(cell("brand")) or None), *self._account(author, occurred_at), post]

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


def _kind(value: Any, parent: str | None) -> str:
    """The kind that a file names, in our terms; by whether it answers something where the file names none."""
    kind = None
    if value is not None:
        name = read_text(value).lower()
        kind = next((kind for kind in _KINDS if kind in name), None)
        if kind is None and any(share in name for share in _SHARES):
            kind = "share"
    return kind or ("reply" if parent is not None else "post")


def _author(cells: Mapping[str, Any], network: str, source: str) -> IdentityRecord | None:
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
        followers=read_count(cells.get("followers")),
        is_team=_is_team(cells),
    )


def _is_team(cells: Mapping[str, Any]) -> bool | None:
    """Whether the file says that the author speaks for us: it names the team, or what is not inbound."""
    stated = read_flag(cells.get("is_team"))
    if stated is not None:
        return stated
    return True if read_flag(cells.get("inbound")) is False else None
