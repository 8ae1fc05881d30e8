"""An account's archive of X (Twitter): a zip or folder of files that assign JSON to ``window.YTD...``, or one of them.

The archive does not repeat whose it is: ``account.js`` says it, so a file by itself has no author. What was shared is
known by its text ("RT @ann: ..."), not by its id. Direct messages are private channels.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import read_id, required
from data_access.importers.social.whose_archive import whose_archive
from data_access.importers.social.x_posts import NETWORK, SOURCE, Tweets, mentions_of, x_account
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

_ASSIGNMENT = re.compile(rb"\s*window\.YTD\.(\w+)\.part\d+\s*=\s*")
_HEAD_BYTES = 200
_SHARED = re.compile(r"RT @(\w+): ")
#: The kinds of file that hold posts, in the order in which they are read.
_POSTS = ("tweets", "tweet", "community_tweet", "deleted_tweets")
_LONG = "note_tweet"
#: A long post stands cut off among the posts, whole among the notes, and nothing but its beginning ties the two.
_CUT_AT, _COMPARED = 200, 100
_BESIDE = ("Your archive.html", "README.txt", "manifest.js")

Json = Mapping[str, Any]


def _kind_of(content: Content) -> str | None:
    """What a file assigns, such as ``tweets``; None for a file that is none of an archive's."""
    match = _ASSIGNMENT.match(content.head(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf"))
    return match[1].decode() if match else None


def _behind_assignment(content: Content) -> IO[bytes]:
    stream = content.open()
    match = _ASSIGNMENT.match(stream.peek(_HEAD_BYTES)[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf"))
    while stream.read(1) not in (b"=", b""):
        pass
    assert match is not None
    return stream


def _items(content: Content) -> Iterator[tuple[int, Any] | Refusal]:
    """The objects of a file. Refusals name the file, for an archive has many."""
    json_part = replace(content, open_raw=lambda: _behind_assignment(content))
    for row in read_items(json_part, "item"):
        yield Refusal(row.line, f"{content.name}: {row.reason}", row.raw) if isinstance(row, Refusal) else row


def _inner(item: Json, *names: str) -> Json:
    """An item without the name that newer archives wrap it in."""
    for name in names:
        if isinstance(item.get(name), Mapping):
            inner: Json = item[name]
            return inner
    return item


class _Archive:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._tweets = Tweets(time_zone)
        self._progress = progress
        self._long: dict[str, str] = {}
        self.owner: str | None = None
        self.handle: str | None = None

    def account(self, item: Json) -> Iterator[Record]:
        """Whose archive it is."""
        account = _inner(item, "account")
        self.owner = required(read_id(account["accountId"]), "accountId")
        self.handle = account["username"]
        yield from self._tweets.said.news(self._owner_account(account.get("accountDisplayName"), account.get("email")))

    def profile(self, item: Json) -> Iterator[Record]:
        """What the account says of itself."""
        description = _inner(item, "profile").get("description") or {}
        if self.owner is not None:
            known = self._owner_account(None, None)
            known.bio, known.location = description.get("bio") or None, description.get("location") or None
            yield from self._tweets.said.news(known)

    def _owner_account(self, name: str | None, email: str | None) -> IdentityRecord:
        assert self.owner is not None
        return x_account(self.owner, self.handle, name, email=email.lower() if email else None)

    def long_text(self, item: Json) -> Iterator[Record]:
        """Remember the whole text of a long post."""
        text = html.unescape(_inner(item, "noteTweet")["core"]["text"])
        self._long[text[:_COMPARED]] = text
        yield from ()

    def tweet(self, item: Json) -> Iterator[Record]:
        """A post of the account; one that was deleted says when."""
        tweet = _inner(item, "tweet")
        for record in self._tweets.post(tweet, self.owner):
            if isinstance(record, PostRecord):
                self._complete(record, tweet)
                record.deleted_at = self._tweets.times.read(tweet.get("deleted_at"))
            yield record

    def _complete(self, post: PostRecord, tweet: Json) -> None:
        """The whole text of a long post, and whose post is shared."""
        if len(post.text) > _CUT_AT:
            post.text = self._long.get(post.text[:_COMPARED], post.text)
        if shared := _SHARED.match(post.text):
            known = {account.handle: native_id for native_id, account in mentions_of(tweet).items()}
            post.kind, post.parent_author = "share", known.get(shared[1], handle_id(shared[1]))
            post.mentions = ()
            post.likes = post.shares = post.replies = None

    def like(self, item: Json) -> Iterator[Record]:
        """A post that the account liked; the archive says neither when nor whose."""
        post = required(read_id(_inner(item, "like")["tweetId"]), "tweetId")
        yield from self._interaction("like", self.owner, post=post)

    def follower(self, item: Json) -> Iterator[Record]:
        """Who follows the account."""
        other = required(read_id(_inner(item, "follower")["accountId"]), "accountId")
        yield from self._interaction("follow", other, self.owner)

    def following(self, item: Json) -> Iterator[Record]:
        """Whom the account follows."""
        other = required(read_id(_inner(item, "following")["accountId"]), "accountId")
        yield from self._interaction("follow", self.owner, other)

    def _interaction(
        self, kind: str, actor: str | None, target: str | None = None, post: str | None = None
    ) -> Iterator[Record]:
        if self.owner is None:
            self._progress.skipped["the account is unknown without account.js"] += 1
            return
        assert actor is not None
        native_id = f"{kind}/{actor}/{target or post}"
        yield InteractionRecord(NETWORK, SOURCE, native_id, kind=kind, actor=actor, target=target, post=post)

    def message(self, conversation: str, event: Json) -> Iterator[Record]:
        """A direct message; who joined or left is counted and passed over."""
        if "messageCreate" not in event:
            self._progress.skipped[f"not a post: {next(iter(event), 'nothing')}"] += 1
            return
        message = event["messageCreate"]
        reactions = message.get("reactions")
        author = required(read_id(message["senderId"]), "senderId")
        post = PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"dm/{required(read_id(message['id']), 'id')}",
            channel=f"dm/{conversation}",
            occurred_at=required(self._tweets.times.read(message["createdAt"]), "createdAt"),
            author=author,
            text=html.unescape(message.get("text") or ""),
            likes=None if reactions is None else len(reactions),
        )
        yield from self._tweets.said.news(self._room(conversation))
        yield post
        for reaction in reactions or ():
            actor, key = required(read_id(reaction["senderId"]), "senderId"), reaction.get("reactionKey")
            yield InteractionRecord(
                NETWORK,
                SOURCE,
                f"{post.native_id}/{key}/{actor}",
                kind="like",
                actor=actor,
                target=author,
                post=post.native_id,
                occurred_at=self._tweets.times.read(reaction.get("createdAt")),
            )

    def _room(self, conversation: str) -> ChannelRecord:
        others = [number for number in conversation.split("-") if number != self.owner]
        name = f"Direct messages with {others[0]}" if len(others) == 1 else f"Direct messages {conversation}"
        return ChannelRecord(NETWORK, SOURCE, f"dm/{conversation}", name, kind="private")


def _messages(content: Content, archive: _Archive) -> Iterator[Record | Refusal]:
    """The messages of a file's conversations; a conversation is one object, a damaged message refused alone."""
    for row in _items(content):
        if isinstance(row, Refusal):
            yield row
            continue
        number, item = row
        conversation = _inner(item, "dmConversation") if isinstance(item, Mapping) else {}
        name = read_id(conversation.get("conversationId"))
        if name is None:
            yield Refusal(number, "has no 'conversationId'", str(item))
            continue
        events = ((number, event) for event in conversation.get("messages") or ())
        yield from records_of_rows(events, partial(archive.message, name))


def _read_file(content: Content, kind: str, archive: _Archive) -> Iterator[Record | Refusal]:
    if kind in ("direct_messages", "direct_messages_group"):
        found = _messages(content, archive)
    else:
        makers = dict.fromkeys(_POSTS, archive.tweet) | {
            "account": archive.account,
            "profile": archive.profile,
            _LONG: archive.long_text,
            "like": archive.like,
            "follower": archive.follower,
            "following": archive.following,
        }
        if kind not in makers:
            content.progress.skipped[f"a file without posts: {kind}"] += 1
            return
        found = records_of_rows(_items(content), makers[kind])
    for record in found:
        if isinstance(record, Refusal) and not record.reason.startswith(content.name):
            record.reason = f"{content.name}: {record.reason}"
        yield record


#: What others need comes first: whose the archive is, then whole texts.
_ORDER = ("account", "profile", _LONG)


def _read_bundle(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    archive = _Archive(options.zone, bundle.progress)
    kinds = {path: kind for path in sorted(bundle.files) if (kind := _kind_of(bundle.files[path]))}
    rank = {kind: place for place, kind in enumerate(_ORDER)}
    for path in sorted(kinds, key=lambda path: (rank.get(kinds[path], len(rank)), path)):
        yield from _read_file(bundle.files[path], kinds[path], archive)
    if archive.handle:
        yield from whose_archive(archive.handle, options)


def _find_archives(files: Mapping[str, Content]) -> list[str]:
    """The folders that hold a file of posts and one that says whose they are; ``data`` belongs to the one around it."""
    kinds: dict[str, set[str]] = {}
    for path, content in files.items():
        if path.endswith(".js") and (kind := _kind_of(content)):
            folder = str(PurePosixPath(path).parent)
            kinds.setdefault("" if folder == "." else folder, set()).add(kind)
    folders = [folder for folder, found in kinds.items() if "account" in found and len(found) > 1]
    return [folder.removesuffix("data").removesuffix("/") if _is_data(folder) else folder for folder in folders]


def _is_data(folder: str) -> bool:
    return PurePosixPath(folder).name == "data"


def _takes(path: str, content: Content) -> bool:
    """Whether a file is the archive's: its data, its pictures and the pages to look at it."""
    parts = PurePosixPath(path).parts
    if parts[0] in ("data", "assets") or path in _BESIDE or parts[0].endswith("_media"):
        return True
    return path.endswith(".js") and _kind_of(content) is not None


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    """A file by itself."""
    kind = _kind_of(sample.content) or ""
    if kind in _POSTS:
        yield Note("The posts have no author: import the whole archive, whose account.js says whose they are")
    yield from _read_file(sample.content, kind, _Archive(options.zone, sample.content.progress))


FORMAT = Format(
    name="x_archive",
    label="X (Twitter) archive",
    description="An account's archive (zip or folder with tweets.js and account.js), or one of its files.",
    matches=lambda sample: _kind_of(sample.content) is not None,
    read=_read,
    find_bundles=_find_archives,
    read_bundle=_read_bundle,
    takes=_takes,
)
