"""Instagram's Graph API and Basic Display API: media and stories with their comments, and comments by themselves.

The channel is the account whose media it is: by its id where the answer or its paging tells that, else by its name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from data_access.importers.meta.graph import FETCH, asked, edge, first_objects, id_at, read_objects
from data_access.importers.meta.objects import Objects, each_inside, told_of
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import find_mentions
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import EARLIEST, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, handle_id

NETWORK = "instagram"
SOURCE = "instagram.com"
_ANYWHERE = "www.instagram.com"
_MEDIA_EDGES = ("media", "stories", "live_media", "tags", "recent_media", "top_media")
_OWN_EDGES = frozenset({"media", "stories", "live_media"})
_COMMENT_EDGES = frozenset({"comments", "replies"})
_USER_MARKS = frozenset({"followers_count", "media_count", "biography"})

Json = Mapping[str, Any]


@dataclass(frozen=True)
class _Entry:
    """An object and where it stood: whose account (``owner``, its id or ``@name``), below which medium and comment."""

    kind: str
    value: Any
    owner: str | None = None
    media: str | None = None
    comment: str | None = None


def _kind(value: Any, standing: _Entry) -> str:
    """What an object is."""
    if not isinstance(value, Mapping):
        return "damaged"
    if standing.media is not None or standing.comment is not None or ("text" in value and "media_type" not in value):
        return "comment"
    if "media_type" in value or "media_url" in value:
        return "media"
    return "user" if _is_user(value) else "other"


def _is_user(value: Json) -> bool:
    return "username" in value and bool(_USER_MARKS & value.keys()) and "fan_count" not in value


def _inside(value: Any, standing: _Entry) -> Iterator[_Entry]:
    entry = replace(standing, kind=_kind(value, standing), value=value)
    if entry.kind in ("other", "user") and any(edge(value, name) for name in _MEDIA_EDGES):
        entry = replace(entry, kind="user")
    yield entry
    if entry.kind == "media":
        below = replace(standing, owner=_owner(entry), media=str(value.get("id") or ""))
        yield from _all_inside(told_of(edge(value, "comments"), media={"id": below.media}), below)
    elif entry.kind == "comment":
        below = replace(standing, media=_media_of(entry), comment=str(value.get("id") or ""))
        yield from _all_inside(told_of(edge(value, "replies"), parent_id=below.comment), below)
    elif entry.kind == "user":
        for name in _MEDIA_EDGES:
            below = replace(standing, owner=_account_of(value) if name in _OWN_EDGES else None)
            yield from _all_inside(edge(value, name), below)


def _all_inside(values: Iterable[Any], standing: _Entry) -> Iterator[_Entry]:
    for value in values:
        yield from _inside(value, standing)


def _account_of(value: Json) -> str | None:
    """An account's id, or its name as one."""
    return id_at(value, "id") or _by_name(value)


def _by_name(value: Json) -> str | None:
    handle = value.get("username")
    return handle_id(handle) if isinstance(handle, str) and handle else None


def _owner(entry: _Entry) -> str | None:
    """Whose medium it is."""
    return id_at(entry.value, "owner", "id") or entry.owner or _by_name(entry.value)


def _media_of(entry: _Entry) -> str | None:
    """The medium that a comment is about."""
    return id_at(entry.value, "media", "id") or entry.media or None


class _Objects(Objects[_Entry]):
    def _records(self, entry: _Entry) -> Iterator[Record]:
        makers = {"media": self._media, "comment": self._comment, "user": self._user}
        if entry.kind in makers:
            yield from makers[entry.kind](entry)
        else:
            self._skipped["not a post: neither media nor a comment"] += 1

    def _user(self, entry: _Entry) -> Iterator[Record]:
        value = entry.value
        number, handle = required(_account_of(value), "id"), value.get("username")
        if not _is_user(value):
            return
        self._names[number] = handle
        yield from self._said.news(
            IdentityRecord(
                network=NETWORK,
                source=SOURCE,
                native_id=number,
                handle=handle,
                display_name=value.get("name") or None,
                bio=value.get("biography") or None,
                url=f"https://www.instagram.com/{handle}/",
                followers=read_count(value.get("followers_count")),
            )
        )
        yield from self._said.news(self._channel(number))

    def _media(self, entry: _Entry) -> Iterator[Record]:
        value, owner = entry.value, _owner(entry)
        if owner is not None and value.get("username"):
            self._names.setdefault(owner, value["username"])
        author = None if owner is None else IdentityRecord(NETWORK, SOURCE, owner, handle=self._names.get(owner))
        post = self._post(entry, owner, author, value.get("caption"))
        post.url = value.get("permalink") or None
        post.likes, post.replies = read_count(value.get("like_count")), read_count(value.get("comments_count"))
        post.views = read_count(value.get("view_count"))
        for metric in edge(value, "insights"):
            if metric.get("name") == "reach" and metric.get("values"):
                post.reach = read_count(metric["values"][0].get("value"))
        yield from self._with_account(post, owner, author)

    def _comment(self, entry: _Entry) -> Iterator[Record]:
        value, media = entry.value, _media_of(entry)
        above = read_id(value.get("parent_id")) or entry.comment or None
        user = value.get("user") or value.get("from") or {}
        handle = value.get("username") or user.get("username")
        number = read_id(user.get("id")) or (handle_id(handle) if handle else None)
        author = None if number is None else IdentityRecord(NETWORK, SOURCE, number, handle=handle)
        post = self._post(entry, entry.owner, author, value.get("text"))
        post.kind = "comment" if above is None else "reply"
        post.parent, post.root = above or media, media
        post.likes = read_count(value.get("like_count"))
        yield from self._with_account(post, entry.owner, author)

    def _post(self, entry: _Entry, channel: str | None, author: IdentityRecord | None, text: Any) -> PostRecord:
        value, words = entry.value, str(text or "").strip()
        own = None if author is None else author.native_id
        mentions = dict.fromkeys(handle_id(handle) for handle in find_mentions(words))
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=required(read_id(value["id"]), "id"),
            channel=channel or _ANYWHERE,
            occurred_at=required(self._times.read(value.get("timestamp")), FETCH.format("timestamp")),
            author=own,
            text=words,
            mentions=tuple(mentions),
        )

    def _channel(self, owner: str | None) -> ChannelRecord:
        """An account as a channel; of one whose name is not told, what else is known of it stands."""
        if owner is None:
            return ChannelRecord(NETWORK, SOURCE, _ANYWHERE, "Instagram", observed_at=EARLIEST)
        name = self._names.get(owner) or (owner[1:] if owner.startswith("@") else None)
        url = f"https://www.instagram.com/{name}/" if name else None
        return ChannelRecord(NETWORK, SOURCE, owner, name or owner, url=url, observed_at=None if name else EARLIEST)


def _standing(sample: Sample) -> _Entry:
    """Where a list stands, as its paging tells; media of somebody else are inside the account."""
    place = asked(sample.document)
    if place.id is None:
        return _Entry("", None)
    if place.edge == "comments":
        return _Entry("", None, media=place.id)
    if place.edge == "replies":
        return _Entry("", None, comment=place.id)
    is_own = place.edge in _OWN_EDGES and place.id.isdigit()
    return _Entry("", None, owner=place.id if is_own else None)


def _matches(sample: Sample) -> bool:
    objects = first_objects(sample)[:20]
    standing = _standing(sample)
    for value in objects:
        keys = value.keys()
        number = str(value.get("id") or "")
        if "media_type" in keys and number.isdigit() and not {"created_time", "channel_id"} & keys:
            return True
        is_comment = {"text", "timestamp"} <= keys and number.isdigit() and not {"user_id", "created_at"} & keys
        if is_comment and (keys <= _COMMENT_KEYS or standing.media is not None):
            return True
        if number.isdigit() and _is_user(value) and not {"screen_name", "acct", "created_at"} & keys:
            return True
    return any(edge(value, name) for value in objects for name in ("media", "stories"))


_COMMENT_KEYS = frozenset(
    {"id", "text", "timestamp", "username", "like_count", "hidden", "media", "user", "from", "replies", "parent_id"}
    | {"legacy_instagram_comment_id"}
)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    entries = each_inside(read_objects(sample), partial(_inside, standing=_standing(sample)))
    return _Objects(options.zone, sample.content.progress).records_of(entries)


FORMAT = Format(
    name="instagram",
    label="Instagram media and comments",
    description="Answers of Instagram's APIs: media and stories with comments, comments, accounts.",
    matches=_matches,
    read=_read,
)
