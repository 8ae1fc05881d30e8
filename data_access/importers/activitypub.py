"""ActivityPub: an account's outbox, and the archive that Mastodon makes of an account (actor, outbox, likes).

Ids are those that the account's server gives in Mastodon's API where its addresses show them, so that a status is the
same in both; elsewhere a post's id is its address. Other accounts are known by handle (``@ann@inn.example``), as
Mastodon writes them.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, urlsplit

from data_access.importers.mastodon import NETWORK
from data_access.importers.reading.announced import Announced
from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import partial_document
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.values import TimeReader, read_count, read_language, required
from data_access.importers.social.json_pages import Item, first_objects, read_pages, records_of_items
from data_access.importers.social.whose_archive import whose_archive
from data_access.records import (
    ChannelRecord,
    IdentityRecord,
    InteractionRecord,
    Note,
    PostRecord,
    Record,
    Refusal,
    handle_id,
)

_LISTS = ("orderedItems", "items")
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_ACTORS = frozenset({"Person", "Service", "Application", "Group", "Organization"})
_BOTS = frozenset({"Service", "Application"})
_POSTS = frozenset({"Note", "Question", "Article", "Page", "Event", "Video", "Audio", "Image"})
_ACTIVITIES = frozenset({"Create", "Announce"})
_COLLECTIONS = frozenset({"OrderedCollection", "OrderedCollectionPage", "Collection", "CollectionPage"})
#: Mastodon's addresses: of a status, which its API calls by the number (GoToSocial's: a ULID), and of an account.
_STATUS = re.compile(
    r"/(?:users/([^/]+)/statuses|@([^/]+)|ap/users/\d+/statuses|statuses)/(\d+|[0-9A-Z]{26})(?:/activity)?/?"
)
_ACCOUNT = re.compile(r"/(?:users/([^/]+)|@([^/]+)|ap/users/(\d+))/?")
_OF_ARCHIVE = frozenset({"actor", "outbox", "likes", "bookmarks", "avatar", "header"})

Json = Mapping[str, Any]


def _address(thing: Any) -> str:
    """The address of a thing, which stands in its place or within it. Raises ``Damaged`` where there is none."""
    found = thing.get("id") if isinstance(thing, Mapping) else thing
    if not isinstance(found, str) or not urlsplit(found).hostname:
        raise Damaged(f"{str(found)[:60]!r} is no address")
    return found


def _split(address: str) -> tuple[SplitResult, str]:
    parts = urlsplit(address)
    return parts, parts.hostname or ""


def post_id(address: str, source: str) -> str:
    """The id of a post as the server ``source`` gives it in its API, else its address.

    >>> post_id("https://inn.example/users/ann/statuses/12/activity", "inn.example")
    '12'
    >>> post_id("https://away.example/@bob/7", "inn.example")
    'https://away.example/@bob/7'
    """
    parts, host = _split(address)
    match = _STATUS.fullmatch(parts.path)
    return match[3] if match and host == source else address


def account_id(address: str, source: str) -> str | None:
    """The id of the account that an address is of, or is of a post of; None where the address does not show it.

    >>> account_id("https://inn.example/users/Ann", "inn.example")
    '@ann'
    >>> account_id("https://away.example/@bob/7", "inn.example")
    '@bob@away.example'
    """
    parts, host = _split(address)
    of_account, of_post = _ACCOUNT.fullmatch(parts.path), _STATUS.fullmatch(parts.path)
    if of_account and of_account[3]:
        return of_account[3] if host == source else None
    match = of_account or of_post
    name = match and (match[1] or match[2])
    return handle_id(_handle(name, host, source)) if name else None


def _handle(name: str, host: str, source: str) -> str:
    """A handle as the server ``source`` writes it: its own accounts without a host."""
    user, _, named_host = name.lstrip("@").partition("@")
    at = named_host or host
    return user if at == source else f"{user}@{at}"


class _Outbox:
    def __init__(self, time_zone: str, progress: Progress, owner: Json | None = None) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._progress = progress
        self._owner = owner

    def records(self, item: Item) -> Iterator[Record]:
        """A post or share; another activity is counted and passed over."""
        activity = item.value
        if isinstance(activity, str):
            yield from self._like(activity, str(item.page.get("id") or ""))
            return
        kind = activity.get("type")
        if kind in _ACTORS:
            yield from self.actor(activity)
        elif kind in _POSTS:
            yield from self._post(activity, activity["attributedTo"], activity)
        elif kind == "Create" and isinstance(activity["object"], Mapping):
            yield from self._post(activity["object"], activity["actor"], activity)
        elif kind == "Announce":
            yield from self._share(activity)
        elif not (kind in _COLLECTIONS and not activity.get("totalItems")):
            self._progress.skipped[f"not a post: {kind}"] += 1

    def actor(self, actor: Json) -> Iterator[Record]:
        """An account as it describes itself."""
        address = _address(actor)
        source = _split(address)[1]
        handle = required(actor.get("preferredUsername") or None, "preferredUsername")
        yield from self._said.news(
            IdentityRecord(
                network=NETWORK,
                source=source,
                native_id=account_id(address, source) or handle_id(handle),
                handle=handle,
                display_name=actor.get("name") or None,
                bio=html_to_text(actor.get("summary") or "") or None,
                url=actor.get("url") if isinstance(actor.get("url"), str) else address,
                is_bot=actor.get("type") in _BOTS,
            )
        )

    def _post(self, note: Json, by: Any, activity: Json) -> Iterator[Record]:
        if note.get("type") not in _POSTS:
            self._progress.skipped[f"not a post: {note.get('type')}"] += 1
            return
        source, author = self._author(by)
        channel = _channel(source, [activity, note])
        address, answered = _address(note), note.get("inReplyTo")
        mentioned = _mentions(note, source)
        yield from self._said.news(channel)
        for stranger in mentioned:
            yield from self._said.news_of_stranger(stranger)
        yield PostRecord(
            network=NETWORK,
            source=source,
            native_id=post_id(address, source),
            channel=channel.native_id,
            occurred_at=required(self._times.read(note.get("published") or activity.get("published")), "published"),
            author=author,
            kind="reply" if answered else "post",
            text=html_to_text(note.get("content") or ""),
            title=html_to_text(note.get("summary") or note.get("name") or "") or None,
            url=note["url"] if isinstance(note.get("url"), str) else address,
            language=_language(note),
            edited_at=self._times.read(note.get("updated")),
            parent=post_id(_address(answered), source) if answered else None,
            parent_author=account_id(_address(answered), source) if answered else None,
            mentions=tuple(dict.fromkeys(stranger.native_id for stranger in mentioned)),
            likes=_total(note.get("likes")),
            shares=_total(note.get("shares")),
            replies=_total(note.get("replies")),
        )

    def _share(self, activity: Json) -> Iterator[Record]:
        source, author = self._author(activity["actor"])
        channel = _channel(source, [activity])
        shared = _address(activity["object"])
        yield from self._said.news(channel)
        yield PostRecord(
            network=NETWORK,
            source=source,
            native_id=post_id(_address(activity), source),
            channel=channel.native_id,
            occurred_at=required(self._times.read(activity.get("published")), "published"),
            author=author,
            kind="share",
            parent=post_id(shared, source),
            parent_author=account_id(shared, source),
        )

    def _author(self, by: Any) -> tuple[str, str]:
        """The server of an account and the account's id there; without a name in its address, that is the address."""
        address = _address(by)
        source = _split(address)[1]
        if self._owner is not None and self._owner.get("id") == address:
            return source, account_id(address, source) or handle_id(self._owner["preferredUsername"])
        return source, account_id(address, source) or address

    def _like(self, address: str, collection: str) -> Iterator[Record]:
        """A post that the archive's owner liked. Bookmarks look the same, and are nobody else's business."""
        if self._owner is None or not collection.startswith("likes"):
            self._progress.skipped["not a post: an address alone"] += 1
            return
        source, actor = self._author(self._owner)
        liked = post_id(_address(address), source)
        yield InteractionRecord(
            network=NETWORK,
            source=source,
            native_id=f"like/{actor}/{liked}",
            kind="like",
            actor=actor,
            target=account_id(address, source),
            post=liked,
        )


def _channel(source: str, addressed: list[Json]) -> ChannelRecord:
    """Where a post stands: among those that everybody may read, or not (the names are those of Mastodon's API)."""
    receivers: set[str] = set()
    for thing in addressed:
        for name in ("to", "cc"):
            named = thing.get(name) or ()
            receivers.update([named] if isinstance(named, str) else map(str, named))
    if receivers & _PUBLIC:
        return ChannelRecord(NETWORK, source, "public", source, url=f"https://{source}")
    return ChannelRecord(NETWORK, source, "not public", f"{source} (not public)", kind="private")


def _mentions(note: Json, source: str) -> list[IdentityRecord]:
    found = []
    tags = note.get("tag") or ()
    for tag in [tags] if isinstance(tags, Mapping) else tags:
        if isinstance(tag, Mapping) and tag.get("type") == "Mention" and tag.get("href"):
            address = tag["href"]
            handle = _handle(tag.get("name") or "", _split(address)[1], source)
            known = account_id(address, source) or (handle_id(handle) if tag.get("name") else address)
            found.append(
                IdentityRecord(NETWORK, source, known, handle=handle if tag.get("name") else None, url=address)
            )
    return found


def _language(note: Json) -> str | None:
    """The language of a text that is written in one."""
    languages = list(note.get("contentMap") or ())
    return read_language(languages[0]) if len(languages) == 1 else None


def _total(collection: Any) -> int | None:
    return read_count(collection.get("totalItems")) if isinstance(collection, Mapping) else None


# --- recognition


def _is_ours(value: Json) -> bool:
    kind = value.get("type")
    if not isinstance(kind, str):
        return False
    if kind in _ACTIVITIES:
        return "actor" in value and "object" in value
    is_told = "activitystreams" in str(value.get("@context"))
    return is_told and kind in (_COLLECTIONS | _ACTORS | _POSTS)


def _matches(sample: Sample) -> bool:
    return any(_is_ours(value) for value in first_objects(sample)[:20])


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    outbox = _Outbox(options.zone, sample.content.progress)
    return records_of_items(read_pages(sample, _LISTS), outbox.records)


def _find_archives(files: Mapping[str, Content]) -> list[str]:
    """The folders that hold an actor and its outbox."""
    roots = []
    for path in files:
        place = PurePosixPath(path)
        if place.name == "actor.json" and str(place.with_name("outbox.json")) in files:
            actor = partial_document(files[path])
            if isinstance(actor, Mapping) and actor.get("type") in _ACTORS and "preferredUsername" in actor:
                roots.append("" if str(place.parent) == "." else str(place.parent))
    return roots


def _takes(path: str, _content: Content) -> bool:
    parts = PurePosixPath(path).parts
    return parts[0] == "media_attachments" or (len(parts) == 1 and PurePosixPath(path).stem in _OF_ARCHIVE)


def _read_archive(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    """The account, its posts, what it liked."""
    actor = partial_document(bundle.files["actor.json"]) or {}
    outbox = _Outbox(options.zone, bundle.progress, actor)
    yield from records_of_items([(1, Item(actor))], outbox.records)
    yield from whose_archive(str(actor.get("preferredUsername")), options)
    for name in ("outbox.json", "likes.json", "bookmarks.json"):
        if name not in bundle.files:
            continue
        content = bundle.files[name]
        for record in records_of_items(read_pages(take_sample(content), _LISTS), outbox.records):
            if isinstance(record, Refusal):
                record.reason = f"{content.name}: {record.reason}"
            yield record


FORMAT = Format(
    name="activitypub",
    label="ActivityPub outbox, Mastodon archive",
    description="An account's outbox (JSON of activities), or Mastodon's archive of it: actor, outbox and likes.",
    matches=_matches,
    read=_read,
    find_bundles=_find_archives,
    read_bundle=_read_archive,
    takes=_takes,
)
