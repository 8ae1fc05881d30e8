"""Reddit: listings of its API with their nested comments, dumps of a post or comment a line, and tables of posts.

Accounts are known by their name, which never changes on Reddit. What its author or a moderator removed has no text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import JsonRecords, read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, is_nothing, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, handle_id

NETWORK, SOURCE, SITE = "reddit", "reddit.com", "https://www.reddit.com"
COMMENT, POST = "t1", "t3"
_GONE = frozenset({"[deleted]", "[removed]"})
_SUBREDDIT = re.compile(r"/r/([^/]+)/")
_MENTION = re.compile(r"(?<![\w/])/?u/([\w-]{3,20})")

Json = Mapping[str, Any]


@dataclass(frozen=True)
class _Thing:
    """A post or comment, with the author of what it answers where that is known."""

    kind: str
    data: Json
    parent_author: str | None = None


class _Things:
    def __init__(self, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()

    def records(self, thing: _Thing) -> Iterator[Record]:
        """The post or comment, preceded by its subreddit and author where they are new."""
        data, is_comment = thing.data, thing.kind == COMMENT
        subreddit = required(_subreddit(data), "subreddit or permalink")
        channel = ChannelRecord(
            NETWORK, SOURCE, f"r/{subreddit.lower()}", f"r/{subreddit}", url=f"{SITE}/r/{subreddit}/"
        )
        author = _account(data)
        native_id = _full_name(thing)
        text = _text(data.get("body") if is_comment else data.get("selftext"))
        post = PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=channel.native_id,
            occurred_at=required(self._times.read(data.get("created_utc") or data.get("created")), "created_utc"),
            author=None if author is None else author.native_id,
            kind="comment" if is_comment else "post",
            text=text,
            title=_text(data.get("title")) or None,
            url=_address(data),
            edited_at=self._edited_at(data.get("edited")),
            parent=read_id(data.get("parent_id")) if is_comment else None,
            parent_author=thing.parent_author,
            root=read_id(data.get("link_id")) if is_comment else None,
            mentions=tuple(dict.fromkeys(handle_id(name) for name in _MENTION.findall(text))),
            likes=read_count(_first(data, "ups", "score")),
            replies=read_count(data.get("num_comments")),
            views=read_count(data.get("view_count")),
        )
        yield from self._said.news(channel)
        if author is not None:
            yield from self._said.news(author)
        yield post

    def _edited_at(self, edited: Any) -> Any:
        """When it was edited; Reddit also says just yes or no."""
        if isinstance(edited, bool) or str(edited).lower() in ("true", "false", "0"):
            return None
        return self._times.read(edited)


def _first(data: Json, *names: str) -> Any:
    return next((data[name] for name in names if not is_nothing(data.get(name))), None)


def _text(value: Any) -> str:
    return "" if is_nothing(value) or value in _GONE else plain_text(str(value)).strip()


def _subreddit(data: Json) -> str | None:
    if not is_nothing(data.get("subreddit")):
        return str(data["subreddit"])
    match = _SUBREDDIT.search(str(data.get("permalink") or ""))
    return match[1] if match else None


def _full_name(thing: _Thing) -> str:
    """The id with its kind in front, as parents name it."""
    name = read_id(thing.data.get("name"))
    return name or f"{thing.kind}_{required(read_id(thing.data.get('id')), 'id')}"


def _account(data: Json) -> IdentityRecord | None:
    author = data.get("author")
    if is_nothing(author) or author in _GONE:
        return None
    return IdentityRecord(NETWORK, SOURCE, handle_id(str(author)), handle=str(author), url=f"{SITE}/user/{author}")


def _address(data: Json) -> str | None:
    """Where the post itself is; what it links to is in ``url``."""
    link = data.get("permalink")
    if is_nothing(link):
        return None
    return f"{SITE}{link}" if str(link).startswith("/") else str(link)


def _unfold(thing: Json, content: Content, parent_author: str | None = None) -> Iterator[_Thing]:
    """A thing of a listing and all its replies, depth first."""
    waiting: list[tuple[Json, str | None]] = [(thing, parent_author)]
    while waiting:
        current, parent = waiting.pop()
        kind, data = current.get("kind"), current.get("data")
        if kind not in (COMMENT, POST) or not isinstance(data, Mapping):
            content.progress.skipped[
                "folded comments that the listing leaves out" if kind == "more" else f"a {kind}"
            ] += 1
            continue
        yield _Thing(str(kind), data, parent)
        author = _account(data)
        replies = data.get("replies")
        children = replies.get("data", {}).get("children", []) if isinstance(replies, Mapping) else []
        waiting.extend((child, None if author is None else author.native_id) for child in reversed(children))


def _listed(content: Content, path: str) -> Iterator[tuple[int, _Thing] | Refusal]:
    for item in read_items(content, path):
        if isinstance(item, Refusal):
            yield item
        elif isinstance(item[1], Mapping):
            for thing in _unfold(item[1], content):
                yield item[0], thing
        else:
            yield Refusal(item[0], "is no post or comment")


def _is_listing(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("kind") == "Listing" and "data" in value


def _is_dumped(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and {"subreddit", "created_utc"} <= value.keys()
        and bool({"body", "selftext"} & value.keys())
    )


def _matches(sample: Sample) -> bool:
    document = sample.document
    if _is_listing(document) or (isinstance(document, list) and document and _is_listing(document[0])):
        return True
    if sample.objects:
        return _is_dumped(sample.objects[0])
    return sample.has_columns("created_utc", "permalink", "title", "selftext")


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    things = _Things(options.zone)
    if _is_listing(sample.document):
        return records_of_rows(_listed(sample.content, "data.children.item"), things.records)
    if isinstance(sample.document, list) and sample.document and _is_listing(sample.document[0]):
        return records_of_rows(_listed(sample.content, "item.data.children.item"), things.records)
    rows = sample.read_objects() if isinstance(sample.table, JsonRecords) else sample.read_rows()
    return records_of_rows(_dumped(rows), things.records)


def _dumped(rows: Iterator[tuple[int, Any] | Refusal]) -> Iterator[tuple[int, _Thing] | Refusal]:
    for row in rows:
        if isinstance(row, Refusal):
            yield row
        elif isinstance(row[1], Mapping):
            yield row[0], _Thing(COMMENT if "body" in row[1] else POST, row[1])
        else:
            yield Refusal(row[0], "is no post or comment")


FORMAT = Format(
    name="reddit",
    label="Reddit posts and comments",
    description="Listings of Reddit's API, dumps of a post or comment a line, or a table of posts with permalinks.",
    matches=_matches,
    read=_read,
)
