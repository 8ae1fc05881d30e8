"""X (Twitter), version 2 of its API: pages with ``data`` and ``includes``, a stream's line each, or flattened posts.

Authors and what posts share stand beside them in ``includes``; a post without a time has it in its id.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import JsonRecords, read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.importers.social.json_pages import first_objects
from data_access.importers.social.x_posts import (
    CHANNEL,
    NETWORK,
    SOURCE,
    TIMELINE,
    post_address,
    time_of_id,
    x_account,
    x_language,
)
from data_access.records import IdentityRecord, PostRecord, Record, Refusal, handle_id

_KINDS = {"replied_to": "reply", "retweeted": "share", "quoted": "share"}
_OF_A_TWEET = frozenset(
    ["author_id", "edit_history_tweet_ids", "public_metrics", "referenced_tweets", "conversation_id"]
)

Json = Mapping[str, Any]
Rows = Iterable[tuple[int, Any] | Refusal]


class _Page:
    """A page's posts, with whom and what its ``includes`` name."""

    def __init__(self, said: Announced, times: TimeReader) -> None:
        self._said = said
        self._times = times
        self._places: dict[str, str] = {}
        self._authors: dict[str, str] = {}

    def place(self, place: Json) -> Iterator[Record]:
        """Remember where posts may be from."""
        self._places[place["id"]] = place.get("full_name") or place["name"]
        yield from ()

    def user(self, user: Json) -> Iterator[Record]:
        """An account."""
        metrics = user.get("public_metrics") or {}
        account = x_account(
            required(read_id(user["id"]), "user's id"),
            user.get("username"),
            user.get("name") or None,
            bio=html.unescape(user.get("description") or "") or None,
            location=user.get("location") or None,
            followers=read_count(metrics.get("followers_count")),
        )
        yield from self._said.news(account)

    def thing(self, thing: Json) -> Iterator[Record]:
        """A post or an account."""
        return self.user(thing) if _is_user(thing) else self.tweet(thing)

    def tweet(self, tweet: Json) -> Iterator[Record]:
        """A post, preceded by its author where it carries that along, and by what it refers to likewise."""
        native_id = required(read_id(tweet["id"]), "id")
        author = read_id(tweet.get("author_id"))
        if author:
            self._authors[native_id] = author
        if isinstance(tweet.get("author"), Mapping):
            yield from self.user(tweet["author"])
        for inner in tweet.get("referenced_tweets") or ():
            if "text" in inner:
                yield from self.tweet(inner)
        post = self._post(native_id, author, tweet)
        yield from self._said.news(TIMELINE)
        if post.kind != "share" or post.text:
            mentioned = _mentions(tweet)
            post.mentions = tuple(mentioned)
            for stranger in mentioned.values():
                yield from self._said.news_of_stranger(stranger)
        yield post

    def _post(self, native_id: str, author: str | None, tweet: Json) -> PostRecord:
        referred = {inner["type"]: read_id(inner["id"]) for inner in tweet.get("referenced_tweets") or ()}
        relation = next((name for name in _KINDS if name in referred), None)
        parent = referred[relation] if relation else None
        is_plain_share = relation == "retweeted"
        metrics = {} if is_plain_share else tweet.get("public_metrics") or {}
        place = (tweet.get("geo") or {}).get("place_id")
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=CHANNEL,
            occurred_at=required(self._times.read(tweet.get("created_at")) or time_of_id(native_id), "created_at"),
            author=author,
            kind=_KINDS[relation] if relation else "post",
            text="" if is_plain_share else _text(tweet),
            url=post_address(native_id),
            language=None if is_plain_share else x_language(tweet.get("lang")),
            parent=parent,
            parent_author=self._parent_author(tweet, relation, parent),
            root=read_id(tweet.get("conversation_id")),
            likes=read_count(metrics.get("like_count")),
            shares=read_count(metrics.get("retweet_count")),
            replies=read_count(metrics.get("reply_count")),
            views=read_count(metrics.get("impression_count")),
            place=self._places.get(place) if place else None,
        )

    def _parent_author(self, tweet: Json, relation: str | None, parent: str | None) -> str | None:
        if relation == "replied_to" and tweet.get("in_reply_to_user_id"):
            return read_id(tweet["in_reply_to_user_id"])
        return self._authors.get(parent) if parent else None


def _text(tweet: Json) -> str:
    return html.unescape((tweet.get("note_tweet") or {}).get("text") or tweet["text"])


def _mentions(tweet: Json) -> dict[str, IdentityRecord]:
    entities = (tweet.get("note_tweet") or {}).get("entities") or tweet.get("entities") or {}
    found = {}
    for mention in entities.get("mentions") or ():
        known = read_id(mention.get("id")) or handle_id(mention["username"])
        found[known] = x_account(known, mention["username"])
    return found


# --- pages


def _rows(values: Any) -> Iterator[tuple[int, Any]]:
    """The values of a list, numbered; one value as a list of one."""
    listed = values if isinstance(values, list) else [] if values is None else [values]
    return iter(enumerate(listed, start=1))


class _Pages:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._said = Announced()
        self._times = TimeReader(time_zone)
        self._progress = progress

    def read(self, part: Callable[[str], Rows]) -> Iterator[Record | Refusal]:
        """A page: who and what is named beside its posts, then those. ``part`` gives the rows at a path."""
        page = _Page(self._said, self._times)
        yield from records_of_rows(part("includes.users"), page.user)
        yield from records_of_rows(part("includes.places"), page.place)
        yield from records_of_rows(part("includes.tweets"), page.tweet)
        yield from records_of_rows(part("data"), page.thing)

    def read_each(self, rows: Rows) -> Iterator[Record | Refusal]:
        """Pages or posts by themselves, one after another; what is refused names its page's number."""
        page = _Page(self._said, self._times)
        for row in rows:
            if isinstance(row, Refusal):
                yield row
            elif not isinstance(row[1], Mapping) or "id" in row[1]:
                yield from records_of_rows([row], page.thing)
            elif not _is_page(row[1]):
                self._progress.skipped["not a post: the API's message"] += 1
            else:
                yield from self._numbered(row[0], row[1])

    def _numbered(self, number: int, value: Json) -> Iterator[Record | Refusal]:
        includes = value["includes"] if isinstance(value.get("includes"), Mapping) else {}
        places = {"data": value.get("data"), **{f"includes.{name}": inner for name, inner in includes.items()}}
        for record in self.read(lambda path: _rows(places.get(path))):
            if isinstance(record, Refusal):
                record.line = number
            yield record


def _parts_of_file(content: Content, document: Json) -> Callable[[str], Rows]:
    """The rows at a path of the file's one page, streamed; only posts count as progress."""

    def part(path: str) -> Rows:
        of = content if path == "data" else content.aside()
        return read_items(of, path if isinstance(document.get(path), Mapping) else f"{path}.item")

    return part


# --- recognition


def _is_user(value: Any) -> bool:
    return isinstance(value, Mapping) and {"id", "name", "username"} <= value.keys() and "text" not in value


def _is_tweet(value: Any) -> bool:
    if not isinstance(value, Mapping) or not {"id", "text"} <= value.keys():
        return False
    return str(value["id"]).isdigit() and bool(_OF_A_TWEET & value.keys())


def _is_page(value: Json) -> bool:
    data = value.get("data")
    if data is None:
        return _is_empty(value)
    listed = [inner for _number, inner in _rows(data)]
    is_bare = all(isinstance(inner, Mapping) and inner.keys() == {"id", "text"} for inner in listed)
    if any(_is_tweet(inner) for inner in listed):
        return True
    if listed and all(_is_user(inner) for inner in listed):
        return True
    return bool(listed) and is_bare and not value.keys() - {"data", "meta", "includes", "errors", "matching_rules"}


def _is_empty(value: Json) -> bool:
    meta = value.get("meta")
    return isinstance(meta, Mapping) and "result_count" in meta and value.keys() <= {"meta", "errors", "data"}


def _matches(sample: Sample) -> bool:
    return any(_is_page(value) or _is_tweet(value) for value in first_objects(sample)[:20])


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    pages = _Pages(options.zone, sample.content.progress)
    if isinstance(sample.document, Mapping) and _is_page(sample.document):
        return pages.read(_parts_of_file(sample.content, sample.document))
    if isinstance(sample.document, list):
        return pages.read_each(read_items(sample.content, "item"))
    if isinstance(sample.table, JsonRecords) and sample.table.path is None:
        return pages.read_each(sample.read_objects())
    return pages.read_each(read_items(sample.content, ""))


FORMAT = Format(
    name="x_api_v2",
    label="X (Twitter), API v2",
    description="JSON of X's API: pages with data, includes and meta; posts with their referenced posts and counts.",
    matches=_matches,
    read=_read,
)
