"""RSS and Atom: a website's feed, whose items are posts of that site (a channel of kind hub).

The feed is cut between items and parsed some at a time by feedparser, so that its size does not matter and what is
damaged stays by itself. A file that declares entities is refused: no feed needs them, and "billion laughs" is made of
them. An author without an address is told by the name, which is one author's within one site.
"""

import calendar
import codecs
import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

import feedparser

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text, plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_email, read_language, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, content_id

NETWORK, UNKNOWN_SOURCE = "rss", "feed"
_ITEMS_AT_ONCE = 100
_READ_BYTES = 1 << 18
#: One item may be a book; what has no end after this many bytes is cut off.
_LARGEST_ITEM = 1 << 26
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.S)
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|RDF)\b([^>]*)>")
_DECLARED = re.compile(r"""\s+encoding\s*=\s*["'][^"']*["']""")
_ENTITY = re.compile(rb"<!ENTITY\b")
_START, _END = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]"), re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_WRITTEN_BY = re.compile(r"(\S+@\S+)\s*\((.+)\)")

Json = Mapping[str, Any]


def _bytes_of_letters(head: bytes) -> bytes:
    """The beginning of a file without its marks of encoding, so that UTF-16 reads like ASCII."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")


def _root(head: bytes) -> bytes | None:
    """What kind of feed a file's beginning is: ``rss``, ``feed``, ``RDF``; None for other files."""
    letters = _bytes_of_letters(head)
    prolog = _PROLOG.match(letters)
    match = _ROOT.match(letters, prolog.end() if prolog else 0)
    if match is None:
        return None
    named = match[2].lower()
    is_feed = match[1] == b"rss" or b"atom" in named or b"purl.org/rss" in named
    return match[1] if is_feed else None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes; UTF-16 as UTF-8, in which items can be told by their bytes."""
    raw = iter(lambda: stream.read(_READ_BYTES), b"")
    first = next(raw, b"")
    if first[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        yield from itertools.chain([first], raw)
        return
    texts = codecs.iterdecode(itertools.chain([first], raw), "utf-16", errors="replace")
    yield _DECLARED.sub("", next(texts), count=1).encode()
    yield from (text.encode() for text in texts)


class _Part(NamedTuple):
    """Some items of a feed as they stand in it, and the number of the first."""

    number: int
    items: list[bytes]


def _ends_of_items(text: bytes) -> Iterator[int]:
    """Where items end; an end that stands within quoted text (CDATA) is none."""
    start = 0
    for match in _END.finditer(text):
        item = text[start : match.end()]
        if item.count(b"<![CDATA[") == item.count(b"]]>"):
            start = match.end()
            yield start


class _Cutter:
    """Cuts a feed into its head, its items and what is left behind the last."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.head = b""
        self.rest = b""
        self.number = 0

    def parts(self) -> Iterator[_Part]:
        """The items, some at a time. ``head`` stands from the first on, ``rest`` after the last."""
        waiting: list[bytes] = []
        with self._content.open() as stream:
            for chunk in _chunks(stream):
                self.rest += chunk
                if len(self.rest) > _LARGEST_ITEM:
                    break
                waiting.extend(self._cut())
                while len(waiting) >= _ITEMS_AT_ONCE:
                    yield self._part(waiting[:_ITEMS_AT_ONCE])
                    del waiting[:_ITEMS_AT_ONCE]
        if waiting:
            yield self._part(waiting)

    def _cut(self) -> list[bytes]:
        if not self.head:
            match = _START.search(self.rest)
            if match is None:
                return []
            self.head, self.rest = self.rest[: match.start()], self.rest[match.start() :]
        items, start = [], 0
        for end in _ends_of_items(self.rest):
            items.append(self.rest[start:end])
            start = end
        self.rest = self.rest[start:]
        return items

    def _part(self, items: list[bytes]) -> _Part:
        first = self.number + 1
        self.number += len(items)
        self._content.progress.rows += len(items)
        return _Part(first, list(items))


def _closing(root: bytes) -> bytes:
    return {b"rss": b"</channel></rss>", b"RDF": b"</rdf:RDF>"}.get(root, b"</feed>")


def _parse(document: bytes) -> Any:
    return feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)


def _entries(cutter: _Cutter, root: bytes) -> Iterator[tuple[int, tuple[Json, Json]] | Refusal]:
    """The feed's entries with what the feed says of itself."""
    for part in cutter.parts():
        parsed = _parse(cutter.head + b"".join(part.items) + _closing(root))
        if len(parsed.entries) == len(part.items):
            yield from ((part.number + place, (parsed.feed, entry)) for place, entry in enumerate(parsed.entries))
            continue
        for number, item in enumerate(part.items, start=part.number):  # one of them swallowed others: each alone
            alone = _parse(cutter.head + item + _closing(root))
            if len(alone.entries) == 1:
                yield number, (alone.feed, alone.entries[0])
            else:
                yield Refusal(number, "is no entry that can be parsed", item.decode(errors="replace"))
    yield from _what_is_left(cutter, root)


def _what_is_left(cutter: _Cutter, root: bytes) -> Iterator[Refusal]:
    """What stands behind the last item: the end of the feed, or the beginning of an item that the file cuts off."""
    if cutter.head and _START.search(cutter.rest):
        yield Refusal(cutter.number + 1, "the feed breaks off within this entry", cutter.rest.decode(errors="replace"))
    elif re.search(rb"</(?:\w+:)?" + root, cutter.rest) is None:
        yield Refusal(cutter.number + 1, f"the feed breaks off after {cutter.number:,} entries")


class _Site:
    def __init__(self, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()

    def records(self, told: tuple[Json, Json]) -> Iterator[Record]:
        """An entry, preceded by its site and author where new."""
        feed, entry = told
        address = feed.get("link") or entry.get("link")
        source = urlsplit(address or "").hostname or UNKNOWN_SOURCE
        title = plain_text(feed.get("title") or "").strip()
        channel = feed.get("link") or feed.get("id") or title or source
        author = _author(entry, feed, source)
        published, updated = self._time(entry, "published"), self._time(entry, "updated")
        occurred_at = required(published or updated, "published or updated")
        headline = plain_text(entry.get("title") or "").strip() or None
        text = _text(entry)
        answered = (entry.get("thr_in-reply-to") or {}).get("ref")
        by = None if author is None else author.native_id
        yield from self._said.news(
            ChannelRecord(NETWORK, source, channel, title or source, kind="hub", url=feed.get("link"))
        )
        if author is not None:
            yield from self._said.news(author)
        yield PostRecord(
            network=NETWORK,
            source=source,
            native_id=entry.get("id")
            or entry.get("link")
            or content_id(by, occurred_at, f"{headline}\n{text}", channel),
            channel=channel,
            occurred_at=occurred_at,
            author=by,
            kind="reply" if answered else "post",
            text=text,
            title=headline,
            url=entry.get("link"),
            language=read_language(feed.get("language")),
            edited_at=updated if published and updated != published else None,
            parent=answered,
            replies=read_count(entry.get("thr_total") or entry.get("slash_comments")),
        )

    def _time(self, entry: Json, name: str) -> datetime | None:
        if name not in entry:  # feedparser would give the one for the other
            return None
        written = entry[name]
        try:
            return self._times.read(written)
        except Damaged:
            parsed = entry.get(f"{name}_parsed")
            if parsed is None:
                raise
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def _text(entry: Json) -> str:
    """The whole text where the feed gives it, else its summary."""
    parts = [part for part in entry.get("content") or () if part.get("value")]
    shown = parts[0] if parts else entry.get("summary_detail") or {}
    value = shown.get("value") or ""
    return value.strip() if shown.get("type") == "text/plain" and "<" not in value else html_to_text(value)


def _author(entry: Json, feed: Json, source: str) -> IdentityRecord | None:
    """Who wrote an entry: its author, else the feed's, as Atom has it."""
    told = entry.get("author") or feed.get("author") or ""
    detail = entry.get("author_detail") or feed.get("author_detail") or {}
    name, email, page = detail.get("name"), detail.get("email"), detail.get("href")
    if in_rss := _WRITTEN_BY.fullmatch(told):  # "ann@inn.example (Ann)"
        email, name = in_rss[1], in_rss[2]
    email, name = read_email(email or told), plain_text(name or "").strip() or None
    if name is not None and "@" in name:
        name = None
    native_id = page or email or (f"name:{name.casefold()}" if name else None)
    if native_id is None:
        return None
    return IdentityRecord(NETWORK, source, native_id, display_name=name, email=email, url=page)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    letters, root = _bytes_of_letters(sample.head), _root(sample.head)
    prolog = _PROLOG.match(letters)
    if _ENTITY.search(letters, 0, prolog.end() if prolog and root else len(letters)):
        yield Refusal(None, "the feed declares entities, which can be made to grow without end: it is not read")
        return
    yield from records_of_rows(_entries(_Cutter(sample.content), root or b"rss"), _Site(options.zone).records)


FORMAT = Format(
    name="feed",
    label="RSS or Atom feed",
    description="A website's feed: RSS 2.0, RSS 1.0 or Atom.",
    matches=lambda sample: _root(sample.head) is not None,
    read=_read,
)
