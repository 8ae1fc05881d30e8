"""Bluesky: what its API (app.bsky.*) answers: threads, feeds, searches, posts, records, profiles, likes, follows.

A repost is a share of its own; a quote is a share with a text. What a quote shows comes in beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import read_count, required
from data_access.importers.social.at_proto import POST, REPOST, AtRecords, account, owner_of
from data_access.importers.social.json_pages import Item, first_objects, items_of, read_pages, records_of_items
from data_access.records import IdentityRecord, Record, Refusal

#: The lists of the API's answers; a thread is one nested object, in its second version a list.
_LISTS = ("feed", "posts", "thread", "likes", "follows", "followers", "records", "notifications", "actors", "profiles")
_PREFIX = "app.bsky."

Json = Mapping[str, Any]


class _Answers:
    def __init__(self, sample: Sample, time_zone: str) -> None:
        self._at = AtRecords(time_zone, sample.content.progress)

    def records(self, item: Item) -> Iterator[Record]:
        """What one item of an answer says."""
        value, page = item.value, item.page
        if item.list_name == "likes":
            yield from self._person(value["actor"])
            yield self._at.like(value["actor"]["did"], page["uri"], self._at.times.read(value.get("createdAt")))
        elif item.list_name in ("follows", "followers"):
            yield from self._person(page["subject"])
            yield from self._person(value)
            ends = (page["subject"]["did"], value["did"])
            yield self._at.follow(*(ends if item.list_name == "follows" else reversed(ends)))
        elif isinstance(value.get("post"), Mapping):
            yield from self._feed_post(value)
        elif "record" in value:
            yield from self._view(value)
        elif "value" in value:
            yield from self._at.records(value["uri"], value["value"])
        elif "did" in value:
            yield from self._person(value)
        else:
            self._at.progress.skipped["not a post: deleted, blocked or hidden"] += 1

    def _feed_post(self, value: Json) -> Iterator[Record]:
        """A post of a feed with what it answers, and who reposted it."""
        reply = value.get("reply") or {}
        for context in (reply.get("root"), reply.get("parent")):
            if isinstance(context, Mapping) and "record" in context:
                yield from self._view(context)
        post = value["post"]
        yield from self._view(post)
        reason = value.get("reason") or {}
        if reason.get("$type", "").endswith("#reasonRepost"):
            sharer = reason["by"]
            yield from self._person(sharer)
            address = reason.get("uri") or f"at://{sharer['did']}/{REPOST}/of-{post['cid']}"
            time = self._at.times.read(reason["indexedAt"])
            yield from self._at.repost(address, sharer["did"], post["uri"], time)

    def _view(self, view: Json) -> Iterator[Record]:
        """A post (or another record) as the API shows it: with its author, its counts, what it quotes."""
        record = view.get("record", view.get("value"))
        if not isinstance(record, Mapping):
            raise Damaged("has no record")
        address = view["uri"]
        if view["author"]["did"] != owner_of(address):
            raise Damaged("is of another account than its address says")
        for shown in (view.get("embed"), *(view.get("embeds") or ())):
            quoted = _shown_record(shown)
            if quoted is not None:
                yield from self._view(quoted)
        yield from self._person(view["author"])
        if record.get("$type") != POST or "reason" in view:
            yield from self._at.records(address, record)
            return
        yield from self._at.post(address, record, view)

    def _person(self, person: Json) -> Iterator[Record]:
        yield from self._at.said.news(_account(person))


def _account(person: Json) -> IdentityRecord:
    return account(
        required(person.get("did"), "did"),
        handle=person.get("handle"),
        display_name=person.get("displayName"),
        bio=person.get("description"),
        followers=read_count(person.get("followersCount")),
    )


def _shown_record(embed: Any) -> Json | None:
    """The post that an embed shows, where it shows it whole."""
    record = embed.get("record") if isinstance(embed, Mapping) else None
    if isinstance(record, Mapping) and isinstance(record.get("record"), Mapping) and "value" not in record:
        record = record["record"]
    if not isinstance(record, Mapping) or "author" not in record:
        return None
    value = record.get("value")
    return record if isinstance(value, Mapping) and value.get("$type") == POST else None


# --- threads are nested


def _nodes(thread: Json) -> Iterator[Json]:
    """The posts of a thread: what was answered, the post, its replies."""
    waiting = [thread]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping):
            continue
        yield {name: value for name, value in node.items() if name not in ("parent", "replies")}
        replies = node.get("replies")
        waiting.extend(reversed(replies) if isinstance(replies, list) else ())
        if isinstance(node.get("parent"), Mapping):
            waiting.append(node["parent"])


def _unfolded(rows: Iterable[tuple[int, Item] | Refusal]) -> Iterator[tuple[int, Item] | Refusal]:
    """The posts of threads by themselves, so that a damaged one is refused alone."""
    for row in rows:
        if isinstance(row, Refusal):
            yield row
            continue
        number, (value, list_name, page) = row
        if isinstance(value, Mapping) and isinstance(value.get("thread"), Mapping):
            yield from ((number, Item(node)) for node in _nodes(value["thread"]))
        elif list_name == "thread" and isinstance(value, Mapping):
            yield number, Item(value.get("value") or {})
        elif isinstance(value, Mapping) and ("replies" in value or "parent" in value) and "post" in value:
            yield from ((number, Item(node)) for node in _nodes(value))
        else:
            yield number, Item(value, list_name, page)


# --- recognition


def _is_ours(value: Any) -> bool:
    """Whether this is a post, record or account of the AT Protocol."""
    if not isinstance(value, Mapping):
        return False
    if _is_profile(value) or _is_profile(value.get("actor")):
        return True
    if str(value.get("$type", "")).startswith(_PREFIX):
        return True
    inner = value.get("post") if isinstance(value.get("post"), Mapping) else value.get("value")
    view = inner.get("post", inner) if isinstance(inner, Mapping) and "uri" not in value else value
    return isinstance(view, Mapping) and str(view.get("uri", "")).startswith("at://")


def _is_profile(value: Any) -> bool:
    return isinstance(value, Mapping) and str(value.get("did", "")).startswith("did:") and "handle" in value


def _matches(sample: Sample) -> bool:
    for value in first_objects(sample)[:20]:
        thread = value.get("thread")
        inner = [thread] if isinstance(thread, Mapping) else [item.value for item in items_of(value, _LISTS)]
        if any(_is_ours(item) for item in inner[:20]):
            return True
    return False


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    answers = _Answers(sample, options.zone)
    return records_of_items(_unfolded(read_pages(sample, _LISTS)), answers.records)


FORMAT = Format(
    name="bluesky",
    label="Bluesky",
    description="JSON of Bluesky's API: threads, feeds, searches, records, profiles, likes and follows.",
    matches=_matches,
    read=_read,
)
