"""Discourse forums: a topic with its posts, lists of posts, single posts, the categories' names.

A post's id is ``topic/number``: replies name what they answer by its number within the topic, also where that post
is in another file. A list of topics holds titles but no texts: no post is made of it. What answers nobody in
particular answers the topic's first post. What a post quotes of another is not its text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, handle_id

NETWORK = "discourse"
UNKNOWN_SOURCE = "discourse"
_LIKE = 2
_WRITTEN = (1, 2, 4, None)  # regular, by a moderator, whispered; 3 is a note that a topic was closed or moved
_AVATAR_HOST = re.compile(rb"/user_avatar/([\w-]+(?:\.[\w-]+)+)/")
#: What somebody else wrote, as it is written: the innermost where one quotes another.
_QUOTE = re.compile(r"\[quote\b[^\]]*\](?:(?!\[quote\b).)*?\[/quote\]", re.DOTALL | re.IGNORECASE)
_MENTION = re.compile(r'class="mention"[^>]*>@([\w.-]+)<')
_TOPIC_WITHOUT_POSTS = "topic listed without its posts"

Json = Mapping[str, Any]


@dataclass
class _Topic:
    """What the file says of a whole topic, and who wrote which post of it."""

    title: str | None = None
    slug: str | None = None
    category: str | None = None
    authors: dict[tuple[str, int], str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


class _Posts:
    def __init__(self, source: str, topic: _Topic, sample: Sample, time_zone: str) -> None:
        self._source = source
        self._topic = topic
        self._skipped = sample.content.progress.skipped
        self._times = TimeReader(time_zone)
        self._said = Announced()

    def records(self, data: Json) -> Iterator[Record]:
        """A post, preceded by its category and author where they are new."""
        if data.get("post_type") not in _WRITTEN:
            self._skipped["note of the forum's, not a post"] += 1
            return
        topic, number = required(read_id(data["topic_id"]), "topic_id"), int(data["post_number"])
        channel, author = self._channel(data), self._author(data)
        parent = _parent_number(data, number)
        cooked = data.get("cooked")
        own = None if cooked is None else _without_quotes_shown(cooked)
        post = PostRecord(
            network=NETWORK,
            source=self._source,
            native_id=f"{topic}/{number}",
            channel=channel.native_id,
            occurred_at=required(self._times.read(data["created_at"]), "created_at"),
            author=author.native_id,
            kind="post" if number == 1 else "reply",
            text=html_to_text(own) if own is not None else _without_quotes(str(data.get("raw") or "")),
            title=(data.get("topic_title") or self._topic.title) if number == 1 else None,
            url=self._address(data, topic, number),
            edited_at=self._times.read(data.get("updated_at")) if int(data.get("version") or 1) > 1 else None,
            deleted_at=self._times.read(data.get("deleted_at")),
            parent=None if parent is None else f"{topic}/{parent}",
            parent_author=None if parent is None else self._topic.authors.get((topic, parent)),
            root=f"{topic}/1",
            mentions=self._mentions(own or ""),
            likes=_likes(data),
            replies=read_count(data.get("reply_count")),
            reach=read_count(data.get("reads")),
        )
        yield from self._said.news(channel)
        yield from self._said.news(author)
        yield post

    def _channel(self, data: Json) -> ChannelRecord:
        category = read_id(data.get("category_id")) or self._topic.category
        return category_channel(self._source, category, None)

    def _author(self, data: Json) -> IdentityRecord:
        username = required(data.get("username"), "username")
        is_team = any(data.get(role) is True for role in ("staff", "admin", "moderator"))
        return IdentityRecord(
            network=NETWORK,
            source=self._source,
            native_id=read_id(data.get("user_id")) or handle_id(username),
            handle=username,
            display_name=data.get("name") or None,
            url=None if self._source == UNKNOWN_SOURCE else f"https://{self._source}/u/{username}",
            is_team=True if is_team else None,
        )

    def _address(self, data: Json, topic: str, number: int) -> str | None:
        if self._source == UNKNOWN_SOURCE:
            return None
        slug = data.get("topic_slug") or self._topic.slug or "-"
        return f"https://{self._source}/t/{slug}/{topic}/{number}"

    def _mentions(self, cooked: str) -> tuple[str, ...]:
        names = dict.fromkeys(_MENTION.findall(cooked))
        return tuple(self._topic.ids.get(name.lower(), handle_id(name)) for name in names)


def _without_quotes_shown(cooked: str) -> str:
    if "quote" not in cooked:
        return cooked
    tree = LexborHTMLParser(cooked)
    while (quote := tree.css_first("aside.quote")) is not None:  # one may hold another, and goes with it
        quote.decompose()
    return (tree.body.html if tree.body is not None else None) or ""


def _without_quotes(raw: str) -> str:
    found = 1
    while found:
        raw, found = _QUOTE.subn("", raw)
    return raw.strip()


def _parent_number(data: Json, number: int) -> int | None:
    named = data.get("reply_to_post_number")
    if named is not None:
        return int(named)
    return None if number == 1 else 1


def _likes(data: Json) -> int | None:
    """Likes; 0 where the summary of actions is there and leaves them out, as Discourse does for none."""
    summary = data.get("actions_summary")
    if summary is None:
        return None
    return sum(int(action.get("count") or 0) for action in summary if action.get("id") == _LIKE)


def category_channel(source: str, category: str | None, name: str | None) -> ChannelRecord:
    """A category as a channel; posts without one are in the forum's own."""
    native_id = "forum" if category is None else f"category/{category}"
    shown = name or (source if category is None else f"Category {category}")
    return ChannelRecord(NETWORK, source, native_id, shown, kind="private", purpose="community")


# --- the kinds of file


def _post_path(document: Any) -> str | None:
    """Where in a document the posts are; None where it is none of Discourse's that holds posts."""
    if isinstance(document, Mapping):
        if isinstance(document.get("post_stream"), Mapping):
            return "post_stream.posts.item"
        if isinstance(document.get("latest_posts"), list):
            return "latest_posts.item"
        return "" if _is_post(document) else None
    if isinstance(document, list) and document and _is_post(document[0]):
        return "item"
    return None


def _is_post(value: Any) -> bool:
    is_post = isinstance(value, Mapping) and {"post_number", "topic_id", "username"} <= value.keys()
    return is_post and bool({"cooked", "raw"} & value.keys())


def _holds(document: Any, name: str) -> bool:
    return isinstance(document, Mapping) and isinstance(document.get(name), Mapping)


def _matches(sample: Sample) -> bool:
    document = sample.document
    return _post_path(document) is not None or _holds(document, "topic_list") or _holds(document, "category_list")


def _source(sample: Sample) -> str:
    """The forum's host, as the addresses of its members' pictures tell; else unknown."""
    match = _AVATAR_HOST.search(sample.head)
    return match[1].decode() if match else UNKNOWN_SOURCE


def _describe_topic(sample: Sample, path: str) -> _Topic:
    """A first pass over a file: the topic's own fields, who wrote which post, which name is which account."""
    topic = _Topic()
    if path.startswith("post_stream"):
        values = {name: _value_at(sample, name) for name in ("title", "slug", "category_id")}
        topic = _Topic(values["title"], values["slug"], read_id(values["category_id"]))
    for item in read_items(sample.content.aside(), path):
        if isinstance(item, Refusal) or not _is_post(item[1]):
            continue
        data = item[1]
        account = read_id(data.get("user_id"))
        if account is not None:
            topic.authors[str(data["topic_id"]), int(data["post_number"])] = account
            topic.ids[data["username"].lower()] = account
    return topic


def _value_at(sample: Sample, path: str) -> Any:
    for item in read_items(sample.content.aside(), path):
        return None if isinstance(item, Refusal) else item[1]
    return None


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    source = _source(sample)
    path = _post_path(sample.document)
    if path is not None:
        posts = _Posts(source, _describe_topic(sample, path), sample, options.zone)
        yield from records_of_rows(read_items(sample.content, path), posts.records)
    elif _holds(sample.document, "category_list"):
        categories = read_items(sample.content, "category_list.categories.item")
        yield from records_of_rows(categories, lambda data: [_named_category(source, data)])
    else:
        for item in read_items(sample.content, "topic_list.topics.item"):
            if isinstance(item, Refusal):
                yield item
            else:
                sample.content.progress.skipped[_TOPIC_WITHOUT_POSTS] += 1


def _named_category(source: str, data: Json) -> ChannelRecord:
    return category_channel(source, required(read_id(data["id"]), "id"), data["name"])


FORMAT = Format(
    name="discourse",
    label="Discourse topics and posts",
    description="JSON of a Discourse forum: a topic with its posts, lists of posts, single posts, categories.",
    matches=_matches,
    read=_read,
)
