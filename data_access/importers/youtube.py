"""YouTube's Data API: threads of comments with their replies, comments, videos, searches, channels, subscriptions.

A channel of YouTube is both: the place where its videos and their comments are, and the account that speaks there. A
comment whose answer does not say on whose channel it stands is put where the file's videos say, else in "YouTube".
"""

import html
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import EARLIEST, TimeReader, read_count, read_id, read_language, required
from data_access.importers.social.json_pages import Item, first_objects, items_of, read_pages, records_of_items
from data_access.records import (
    ChannelRecord,
    IdentityRecord,
    InteractionRecord,
    PostRecord,
    Record,
    Refusal,
    handle_id,
)

NETWORK, SOURCE, SITE = "youtube", "youtube.com", "https://www.youtube.com"
ANYWHERE = ChannelRecord(NETWORK, SOURCE, "youtube", "YouTube", url=SITE)
_LISTS = ("items",)
_KIND = "youtube#"

Json = Mapping[str, Any]


class _Resources:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._progress = progress
        self._channel_of_video: dict[str, str] = {}
        self._makers: dict[str, Callable[[Json], Iterator[Record]]] = {
            "commentThread": self._thread,
            "comment": self._comment,
            "video": self._video,
            "searchResult": self._found,
            "channel": self._channel,
            "subscription": self._subscription,
        }

    def records(self, item: Item) -> Iterator[Record]:
        """What a resource says; one of another kind, such as a playlist, is counted and passed over."""
        kind = str(item.value.get("kind") or "")
        maker = self._makers.get(kind.removeprefix(_KIND))
        if maker is None:
            self._progress.skipped[f"not a post: {kind or 'without a kind'}"] += 1
        else:
            yield from maker(item.value)

    def _thread(self, thread: Json) -> Iterator[Record]:
        """The first comment of a thread. Its replies follow by themselves (``_unfolded``)."""
        about = thread["snippet"]
        yield from self._comment(about["topLevelComment"], thread=about)

    def _comment(self, comment: Json, thread: Json | None = None) -> Iterator[Record]:
        said, around = comment["snippet"], thread or {}
        native_id = required(read_id(comment["id"]), "id")
        author = _commenter(said)
        video = read_id(said.get("videoId") or around.get("videoId"))
        above = read_id(said.get("parentId"))
        written = required(self._times.read(said["publishedAt"]), "publishedAt")
        edited = self._times.read(said.get("updatedAt"))
        channel = read_id(said.get("channelId") or around.get("channelId")) or self._channel_of_video.get(video or "")
        if channel is None:
            yield from self._said.news(ANYWHERE)
        if author is not None:
            yield from self._said.news(author)
        yield PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=channel or ANYWHERE.native_id,
            occurred_at=written,
            author=None if author is None else author.native_id,
            kind="reply" if above else "comment",
            text=_words(said),
            url=f"{SITE}/watch?v={video}&lc={native_id}" if video else None,
            edited_at=edited if edited != written else None,
            parent=above or video,
            parent_author=channel if video and not above else None,
            root=video,
            likes=read_count(said.get("likeCount")),
            replies=read_count(around.get("totalReplyCount")),
        )

    def _video(self, video: Json) -> Iterator[Record]:
        yield from self._of_video(required(read_id(video["id"]), "id"), video["snippet"], video.get("statistics") or {})

    def _found(self, result: Json) -> Iterator[Record]:
        """What a search found: videos, and channels; playlists are counted and passed over.

        Its texts are HTML and cut off, so that what another file says of the video stands.
        """
        found, snippet = result["id"], result["snippet"]
        shown = {**snippet, **{name: html.unescape(snippet.get(name) or "") for name in ("title", "description")}}
        kind = str(found.get("kind") or "")
        if kind == "youtube#video":
            yield from self._of_video(found["videoId"], shown, {}, observed_at=EARLIEST)
        elif kind == "youtube#channel":
            yield from self._describe(found["channelId"], shown, {})
        else:
            self._progress.skipped[f"not a post: {kind}"] += 1

    def _of_video(
        self, native_id: str, snippet: Json, counts: Json, observed_at: datetime | None = None
    ) -> Iterator[Record]:
        channel = required(read_id(snippet["channelId"]), "channelId")
        name = html.unescape(snippet.get("channelTitle") or "") or None
        self._channel_of_video[native_id] = channel
        if name is not None:
            yield from self._said.news(_channel(channel, name))
        yield from self._said.news_of_stranger(_account(channel, name))
        yield PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=channel,
            occurred_at=required(self._times.read(snippet["publishedAt"]), "publishedAt"),
            author=channel,
            title=snippet.get("title") or None,
            text=snippet.get("description") or "",
            url=f"{SITE}/watch?v={native_id}",
            language=read_language(snippet.get("defaultLanguage")),
            root=native_id,
            likes=read_count(counts.get("likeCount")),
            replies=read_count(counts.get("commentCount")),
            views=read_count(counts.get("viewCount")),
            observed_at=observed_at,
        )

    def _channel(self, channel: Json) -> Iterator[Record]:
        native_id = required(read_id(channel["id"]), "id")
        yield from self._describe(native_id, channel.get("snippet") or {}, channel.get("statistics") or {})

    def _describe(self, native_id: str, snippet: Json, counts: Json) -> Iterator[Record]:
        is_hidden = counts.get("hiddenSubscriberCount") is True
        account = _account(
            native_id,
            snippet.get("title"),
            handle=(snippet.get("customUrl") or "").removeprefix("@") or None,
            bio=snippet.get("description") or None,
            location=snippet.get("country") or None,
            followers=None if is_hidden else read_count(counts.get("subscriberCount")),
        )
        yield from self._said.news(account)
        if snippet.get("title"):
            yield from self._said.news(_channel(native_id, snippet["title"]))

    def _subscription(self, subscription: Json) -> Iterator[Record]:
        """Somebody follows a channel."""
        snippet, follower = subscription["snippet"], subscription.get("subscriberSnippet") or {}
        actor = required(read_id(follower.get("channelId") or snippet.get("channelId")), "channelId")
        whom = snippet.get("resourceId") or {}
        target = required(read_id(whom.get("channelId")), "resourceId")
        if follower.get("title"):
            yield from self._said.news_of_stranger(_account(actor, follower["title"]))
        yield from self._said.news_of_stranger(_account(target, snippet.get("title")))
        yield InteractionRecord(
            NETWORK,
            SOURCE,
            f"follow/{actor}/{target}",
            kind="follow",
            actor=actor,
            target=target,
            occurred_at=self._times.read(snippet.get("publishedAt")),
        )


def _channel(native_id: str, name: str) -> ChannelRecord:
    return ChannelRecord(NETWORK, SOURCE, native_id, name, owner=native_id, url=f"{SITE}/channel/{native_id}")


def _account(native_id: str, name: str | None, **more: Any) -> IdentityRecord:
    return IdentityRecord(
        NETWORK, SOURCE, native_id, display_name=name or None, url=f"{SITE}/channel/{native_id}", **more
    )


def _commenter(said: Json) -> IdentityRecord | None:
    """Who wrote a comment. The name shown has been the handle for some years; an account that is gone has no id."""
    shown = said.get("authorDisplayName") or None
    handle = shown[1:] if shown and shown.startswith("@") else None
    native_id = read_id((said.get("authorChannelId") or {}).get("value")) or (handle_id(handle) if handle else None)
    if native_id is None:
        return None
    return IdentityRecord(
        NETWORK,
        SOURCE,
        native_id,
        handle=handle,
        display_name=None if handle else shown,
        url=said.get("authorChannelUrl") or None,
    )


def _words(said: Json) -> str:
    """A comment's text: as it was written where that is told, else from its HTML."""
    written = said.get("textOriginal")
    shown = html_to_text(said.get("textDisplay") or "") if written is None else written
    if written is None and "textDisplay" not in said:
        raise Damaged("has no text")
    return str(shown)


def _unfolded(rows: Iterator[tuple[int, Item] | Refusal]) -> Iterator[tuple[int, Item] | Refusal]:
    """The replies of a thread by themselves behind it, so that a damaged one is refused alone."""
    for row in rows:
        yield row
        if isinstance(row, Refusal) or not isinstance(row[1].value, Mapping):
            continue
        thread = row[1].value
        around, replies = thread.get("snippet"), thread.get("replies")
        if not isinstance(around, Mapping) or not isinstance(replies, Mapping):
            continue  # a thread without a snippet was refused as a whole
        known = {name: around[name] for name in ("channelId", "videoId") if name in around}
        comments = replies.get("comments")
        for reply in comments if isinstance(comments, list) else ():
            said = reply.get("snippet") if isinstance(reply, Mapping) else None
            if isinstance(said, Mapping):
                said = {**known, "parentId": thread.get("id"), **said}
                yield row[0], Item({"kind": f"{_KIND}comment", **reply, "snippet": said})
            else:
                yield row[0], Item({"kind": f"{_KIND}comment", "reply": reply})


def _matches(sample: Sample) -> bool:
    values = [value for page in first_objects(sample)[:3] for value in (page, *_inner(page))]
    return any(str(value.get("kind") or "").startswith(_KIND) for value in values)


def _inner(page: Json) -> list[Json]:
    return [item.value for item in items_of(page, _LISTS) if isinstance(item.value, Mapping)][:3]


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    resources = _Resources(options.zone, sample.content.progress)
    return records_of_items(_unfolded(read_pages(sample, _LISTS)), resources.records)


FORMAT = Format(
    name="youtube",
    label="YouTube",
    description="JSON of YouTube's Data API: comment threads, comments, videos, searches, channels, subscriptions.",
    matches=_matches,
    read=_read,
)
