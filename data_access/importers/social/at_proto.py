"""Records of the AT Protocol as Bluesky writes them: posts, likes, reposts, follows, profiles.

An account's id is its DID, a post's its ``at://`` address. A person likes a post and follows another once, so those
are told by who and whom: an answer of the API and a repository name one like the same.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.values import TimeReader, read_count, read_language, required
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, PostRecord, Record

NETWORK, SOURCE, CHANNEL = "bluesky", "bsky.app", "public"
SITE = "https://bsky.app"
POST, LIKE, REPOST = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost"
FOLLOW, PROFILE = "app.bsky.graph.follow", "app.bsky.actor.profile"
_MENTION = "app.bsky.richtext.facet#mention"

Json = Mapping[str, Any]


def owner_of(address: str) -> str:
    """Whose a record is. Raises ``Damaged`` for what is no ``at://`` address of one.

    >>> owner_of("at://did:plc:ann/app.bsky.feed.post/3k")
    'did:plc:ann'
    """
    return _parts(address)[0]


def collection_of(address: str) -> str:
    """Which kind a record is of."""
    return _parts(address)[1]


def _parts(address: Any) -> list[str]:
    parts = address.removeprefix("at://").split("/") if isinstance(address, str) else []
    if len(parts) != 3 or not address.startswith("at://"):
        raise Damaged(f"{str(address)[:60]!r} is no address of a record (at://...)")
    return parts


def address_on_site(address: str) -> str:
    """Where people see a post."""
    owner, _collection, key = _parts(address)
    return f"{SITE}/profile/{owner}/post/{key}"


class AtRecords:
    """Records into ours, with the accounts that they name."""

    def __init__(self, time_zone: str, progress: Progress) -> None:
        self.times = TimeReader(time_zone)
        self.said = Announced()
        self.progress = progress

    def records(self, address: str, record: Json) -> Iterator[Record]:
        """What a record of the protocol says; one of another kind is counted and passed over."""
        kind, who = collection_of(address), owner_of(address)
        if record.get("$type", kind) != kind or kind not in (POST, LIKE, REPOST, FOLLOW, PROFILE):
            self.progress.skipped[f"not a post: {record.get('$type') or kind}"] += 1
        elif kind == POST:
            yield from self.post(address, record)
        elif kind == LIKE:
            yield self.like(who, record["subject"]["uri"], self.times.read(record["createdAt"]))
        elif kind == REPOST:
            yield from self.repost(address, who, record["subject"]["uri"], self.times.read(record["createdAt"]))
        elif kind == FOLLOW:
            yield self.follow(who, record["subject"], self.times.read(record["createdAt"]))
        else:
            yield from self.said.news(
                account(who, display_name=record.get("displayName"), bio=record.get("description"))
            )

    def post(self, address: str, record: Json, view: Json | None = None) -> Iterator[Record]:
        """A post, preceded by the accounts that it mentions, followed by what it quotes beside answering.

        ``view`` is what the network says of it: its counts, and when it came in.
        """
        view = view or {}
        reply, quoted = record.get("reply") or {}, _quoted(record.get("embed") or {})
        parent = reply["parent"]["uri"] if reply else quoted
        author = owner_of(address)
        mentioned = dict(_mentions(record))
        post = PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=address,
            channel=CHANNEL,
            occurred_at=self._written_at(record.get("createdAt"), view.get("indexedAt")),
            author=author,
            kind="reply" if reply else "share" if quoted else "post",
            text=record.get("text") or "",
            url=address_on_site(address),
            language=next(map(read_language, record.get("langs") or ()), None),
            parent=parent,
            parent_author=owner_of(parent) if parent else None,
            root=((reply.get("root") or {}).get("uri") or parent) if reply else None,
            mentions=tuple(mentioned),
            likes=read_count(view.get("likeCount")),
            shares=read_count(view.get("repostCount")),
            replies=read_count(view.get("replyCount")),
        )
        yield from self.said.news(ChannelRecord(NETWORK, SOURCE, CHANNEL, "Bluesky", url=SITE))
        for did, handle in mentioned.items():
            yield from self.said.news_of_stranger(account(did, handle=handle))
        yield post
        if reply and quoted:
            yield _interaction("share", author, owner_of(quoted), address, quoted, post.occurred_at)

    def repost(self, address: str, who: str, shared: str, occurred_at: datetime | None) -> Iterator[Record]:
        """A post that was shared as it is."""
        yield from self.said.news(ChannelRecord(NETWORK, SOURCE, CHANNEL, "Bluesky", url=SITE))
        yield PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=address,
            channel=CHANNEL,
            occurred_at=required(occurred_at, "time"),
            author=who,
            kind="share",
            parent=shared,
            parent_author=owner_of(shared),
        )

    def like(self, who: str, liked: str, occurred_at: datetime | None) -> Record:
        """A post (or feed) that somebody liked."""
        return _interaction("like", who, owner_of(liked), liked, liked, occurred_at)

    def follow(self, who: str, whom: str, occurred_at: datetime | None = None) -> Record:
        """An account that somebody follows."""
        return _interaction("follow", who, whom, whom, None, occurred_at)

    def _written_at(self, created_at: Any, indexed_at: Any) -> datetime:
        """When a post was written: its author's clock may be wrong, but not ahead of when the network had it."""
        indexed = self.times.read(indexed_at)
        try:
            created = self.times.read(created_at)
        except Damaged:
            if indexed is None:
                raise
            created = indexed
        return required(min(filter(None, (created, indexed)), default=None), "createdAt")


def account(did: str, *, handle: str | None = None, display_name: str | None = None, **more: Any) -> IdentityRecord:
    """An account, as far as it is told."""
    more["bio"] = more.get("bio") or None
    if not did.startswith("did:"):
        raise Damaged(f"{did[:40]!r} is no DID")
    known = handle if handle and handle != "handle.invalid" else None
    page = f"{SITE}/profile/{did}"
    return IdentityRecord(NETWORK, SOURCE, did, handle=known, display_name=display_name or None, url=page, **more)


def _interaction(
    kind: str, who: str, whom: str, about: str, post: str | None, occurred_at: datetime | None
) -> InteractionRecord:
    return InteractionRecord(
        network=NETWORK,
        source=SOURCE,
        native_id=f"{kind}/{who}/{about}",
        kind=kind,
        actor=who,
        target=whom,
        post=post,
        occurred_at=occurred_at,
    )


def _quoted(embed: Json) -> str | None:
    """The address of the post that an embed shows."""
    record = embed.get("record") or {}
    address = (record.get("record") or record).get("uri")
    return address if address and collection_of(address) == POST else None


def _mentions(record: Json) -> Iterator[tuple[str, str | None]]:
    """The accounts that a text mentions, with the handle as written there: the places of facets are bytes."""
    text = (record.get("text") or "").encode()
    for facet in record.get("facets") or ():
        for feature in facet.get("features") or ():
            if feature.get("$type") == _MENTION:
                place = facet.get("index") or {}
                written = text[place.get("byteStart", 0) : place.get("byteEnd", 0)].decode(errors="replace")
                yield feature["did"], written.removeprefix("@") if written.startswith("@") else None
