"""Facebook's Graph API: posts of a page or group with their comments, comments by themselves, messages of a page.

A post's id is ``page_post``, a comment's ``post_comment`` (older versions: ``page_post_comment``). Reactions count as
likes. An account is named only where the caller was allowed to see it. Albums, photos and videos are passed over: what
was posted of them is among the posts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.meta.facebook_objects import (
    Entry,
    entries_of,
    is_of_facebook,
    page_of,
    place_of_comment,
    standing_of,
)
from data_access.importers.meta.graph import FETCH, edge, read_objects, summary_count
from data_access.importers.meta.objects import Objects
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import EARLIEST, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, PostRecord, Record, Refusal

NETWORK = "facebook"
SOURCE = "facebook.com"
_ANY_PAGE = "www.facebook.com"

Json = Mapping[str, Any]


class _Objects(Objects[Entry]):
    def _records(self, entry: Entry) -> Iterator[Record]:
        makers = {"post": self._post, "comment": self._comment, "message": self._message, "page": self._page}
        if entry.kind in makers:
            yield from makers[entry.kind](entry)
        elif entry.kind == "other":
            self._skipped["not a post: an album, photo, video, event or the like"] += 1
        elif not edge(entry.value, "messages"):
            self._skipped["a conversation without its messages"] += 1

    def _page(self, entry: Entry) -> Iterator[Record]:
        value, number = entry.value, str(entry.value["id"])
        handle, name = value.get("username"), value.get("name") or None
        followers = read_count(value.get("followers_count"))
        if name is not None:
            self._names[number] = name
        yield from self._said.news(
            IdentityRecord(
                network=NETWORK,
                source=SOURCE,
                native_id=number,
                handle=handle,
                display_name=name,
                bio=value.get("about") or None,
                url=value.get("link") or None,
                followers=read_count(value.get("fan_count")) if followers is None else followers,
            )
        )
        yield from self._said.news(self._channel(number))

    def _channel(self, page: str | None) -> ChannelRecord:
        """A page or group as a channel; of one whose name is not told, what else is known of it stands."""
        if page is None:
            return ChannelRecord(NETWORK, SOURCE, _ANY_PAGE, "Facebook", observed_at=EARLIEST)
        name = self._names.get(page)
        return ChannelRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=page,
            name=name or page,
            url=f"https://www.facebook.com/{page}",
            observed_at=None if name else EARLIEST,
        )

    def _account(self, value: Any) -> IdentityRecord | None:
        number = read_id(value.get("id")) if isinstance(value, Mapping) else None
        if number is None:
            return None
        return IdentityRecord(NETWORK, SOURCE, number, display_name=value.get("name") or None)

    def _post(self, entry: Entry) -> Iterator[Record]:
        value, page = entry.value, required(page_of(entry.value), "id of a post")
        author = self._account(value.get("from"))
        if author is None and entry.own:
            author = IdentityRecord(NETWORK, SOURCE, page, display_name=self._names.get(page))
        elif author is not None and author.native_id == page and author.display_name:
            self._names[page] = author.display_name
        post = self._record(entry, value["id"], page, author)
        post.likes = read_count(summary_count(value, "reactions", "likes"))
        post.replies = read_count(summary_count(value, "comments"))
        post.shares = read_count((value.get("shares") or {}).get("count"))
        yield from self._with_account(post, page, author)
        yield from self._reactions(value, post)

    def _comment(self, entry: Entry) -> Iterator[Record]:
        value = entry.value
        place = required(place_of_comment(entry), "id")
        author = self._account(value.get("from"))
        page = place.page or entry.page
        post = self._record(entry, place.comment, page, author)
        post.kind = "comment" if place.above is None else "reply"
        post.parent, post.root = place.above or place.post, place.post
        likes = value.get("like_count")
        post.likes = read_count(summary_count(value, "reactions", "likes") if likes is None else likes)
        post.replies = read_count(value.get("comment_count"))
        yield from self._with_account(post, page, author)
        yield from self._reactions(value, post)

    def _message(self, entry: Entry) -> Iterator[Record]:
        """A message to or from a page, in a channel of its own for each conversation."""
        value = entry.value
        author = self._account(value.get("from"))
        others = [read_id(other.get("id")) for other in edge(value, "to")]
        people = sorted(number for number in (author and author.native_id, *others) if number)
        thread = entry.post or f"inbox/{'-'.join(people)}"
        names = [value.get("from") or {}, *edge(value, "to")]
        shown = ", ".join(sorted(str(one["name"]) for one in names if one.get("name"))) or thread
        post = self._record(entry, value["id"], thread, author)
        yield from self._said.news(ChannelRecord(NETWORK, SOURCE, thread, shown, kind="private"))
        if author is not None:
            yield from self._said.news(author)
        yield post

    def _record(self, entry: Entry, number: Any, channel: str | None, author: IdentityRecord | None) -> PostRecord:
        value = entry.value
        mentions = dict.fromkeys(_tagged(value.get("message_tags")))
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=required(read_id(number), "id"),
            channel=channel or _ANY_PAGE,
            occurred_at=required(self._times.read(value.get("created_time")), FETCH.format("created_time")),
            author=None if author is None else author.native_id,
            text=_text(value),
            url=value.get("permalink_url") or None,
            mentions=tuple(number for number in mentions if author is None or number != author.native_id),
        )

    def _reactions(self, value: Json, post: PostRecord) -> Iterator[Record]:
        for reaction in (*edge(value, "reactions"), *edge(value, "likes")):
            actor = self._account(reaction)
            if actor is not None:
                yield from self._said.news_of_stranger(actor)
                yield InteractionRecord(
                    network=NETWORK,
                    source=SOURCE,
                    native_id=f"{post.native_id}/{actor.native_id}",
                    kind="like",
                    actor=actor.native_id,
                    target=post.author,
                    post=post.native_id,
                )


def _text(value: Json) -> str:
    """What was written; of a post without words, what its attachments say."""
    if value.get("message"):
        return str(value["message"]).strip()
    parts = [attached.get(name) for attached in edge(value, "attachments") for name in ("title", "description")]
    return "\n".join(dict.fromkeys(str(part).strip() for part in parts if part))


def _tagged(tags: Any) -> Iterator[str]:
    """Accounts tagged in a text: a list, or, as older versions had it, lists by their place in the text."""
    groups = tags.values() if isinstance(tags, Mapping) else [tags or ()]
    for tag in (tag for group in groups for tag in group):
        number = read_id(tag.get("id"))
        if number is not None and tag.get("type") in (None, "user", "page"):
            yield number


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    objects = _Objects(options.zone, sample.content.progress)
    return objects.records_of(entries_of(read_objects(sample), standing_of(sample)))


FORMAT = Format(
    name="facebook",
    label="Facebook posts and comments",
    description="Answers of Facebook's Graph API: posts with comments, comments, pages, messages of a page.",
    matches=is_of_facebook,
    read=_read,
)
