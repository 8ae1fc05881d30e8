"""Facebook's Graph API: posts of a page or group with their comments, comments by themselves, messages of a page.

A post's id is ``page_post``, a comment's ``post_comment`` (older versions: ``page_post_comment``). Reactions count as
likes. An account is named only where the caller was allowed to see it. Albums, photos and videos are passed over: what
was posted of them is among the posts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from data_access.importers.meta.graph import FETCH, asked, edge, first_objects, read_objects, summary_count
from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import EARLIEST, TimeReader, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, PostRecord, Record, Refusal

NETWORK = "facebook"
SOURCE = "facebook.com"
_POST_ID = re.compile(r"\d+_\d+")
_OF_COMMENT = re.compile(
    r"/(?P<page>\d+)/posts/(?P<post>\d+)/?\?comment_id=(?P<comment>\d+)(?:&reply_comment_id=(?P<reply>\d+))?"
)
_OLD_COMMENT_ID = re.compile(r"\d+_\d+_\d+")
_POST_EDGES = ("posts", "published_posts", "feed", "visitor_posts", "tagged", "ads_posts")
_OWN_EDGES = frozenset({"posts", "published_posts"})
_COMMENT_EDGES = frozenset({"comments", "replies"})
_COMMENT_MARKS = frozenset({"comment_count", "like_count", "parent", "can_reply_privately", "user_likes"})
_PAGE_MARKS = frozenset({"fan_count", "category_list", "global_brand_page_name"})
_INSTAGRAM_MARKS = frozenset({"timestamp", "media_type"})
_ANY_PAGE = "www.facebook.com"

Json = Mapping[str, Any]


@dataclass(frozen=True)
class _Entry:
    """An object and where it stood: the ids of ``page``, ``post``, ``comment`` above it; ``own``: the page's post."""

    kind: str
    value: Any
    page: str | None = None
    own: bool = False
    post: str | None = None
    comment: str | None = None


def _kind(value: Any, standing: _Entry) -> str:
    """What an object is."""
    if not isinstance(value, Mapping):
        return "damaged"
    number = str(value.get("id") or "")
    if "messages" in value or number.startswith("t_"):
        return "conversation"
    if number.startswith("m_"):
        return "message"
    is_comments = "comment_id=" in str(value.get("permalink_url")) or _OLD_COMMENT_ID.fullmatch(number)
    if standing.post is not None or is_comments:
        return "comment"
    if _POST_ID.fullmatch(number):
        return "comment" if _COMMENT_MARKS & value.keys() else "post"
    if number.isdigit() and (_PAGE_MARKS & value.keys() or any(name in value for name in _POST_EDGES)):
        return "page"
    return "other"


def _entries(items: Iterable[tuple[int, Any] | Refusal], standing: _Entry) -> Iterator[tuple[int, _Entry] | Refusal]:
    """Each object and what is inside it, one by one: a damaged comment leaves its post and the others whole."""
    for item in items:
        if isinstance(item, Refusal):
            yield item
        else:
            for entry in _inside(item[1], standing):
                yield item[0], entry


def _inside(value: Any, standing: _Entry) -> Iterator[_Entry]:
    entry = replace(standing, kind=_kind(value, standing), value=value)
    yield entry
    if entry.kind == "post":
        below = replace(standing, page=_page_of(value) or standing.page, post=str(value["id"]))
        yield from _all_inside(edge(value, "comments"), below)
    elif entry.kind == "comment":
        place = _place_of_comment(entry)
        if place is not None:
            below = replace(standing, page=place.page, post=place.post, comment=place.comment)
            yield from _all_inside(edge(value, "comments"), below)
    elif entry.kind == "page":
        for name in _POST_EDGES:
            below = replace(standing, page=str(value["id"]), own=name in _OWN_EDGES)
            yield from _all_inside(edge(value, name), below)
        yield from _all_inside(edge(value, "conversations"), replace(standing, page=str(value["id"])))
    elif entry.kind == "conversation":
        for message in edge(value, "messages"):
            yield replace(standing, kind="message", value=message, post=str(value.get("id") or ""))


def _all_inside(values: Iterable[Any], standing: _Entry) -> Iterator[_Entry]:
    for value in values:
        yield from _inside(value, standing)


def _page_of(value: Json) -> str | None:
    """The page that a post's id begins with."""
    number = str(value.get("id") or "")
    return number.partition("_")[0] if _POST_ID.fullmatch(number) else None


@dataclass(frozen=True)
class _Place:
    """A comment's id, the post that it is about, the comment that it answers, and the page where that is known."""

    comment: str
    post: str
    above: str | None
    page: str | None


def _place_of_comment(entry: _Entry) -> _Place | None:
    """Where a comment belongs, by its id, its address and what it stood in; None where nothing tells."""
    value = entry.value
    number, named = read_id(value.get("id")), _comment_id((value.get("parent") or {}).get("id"))
    address = _OF_COMMENT.search(str(value.get("permalink_url") or ""))
    if address is not None:
        page, post = address["page"], address["post"]
        above = f"{post}_{address['comment']}" if address["reply"] else None
        number = number or f"{post}_{address['reply'] or address['comment']}"
        return _Place(
            _comment_id(number) or number, entry.post or f"{page}_{post}", named or entry.comment or above, page
        )
    if number is None:
        return None
    post = entry.post or number.rpartition("_")[0] or number
    page = entry.page or (number.partition("_")[0] if _OLD_COMMENT_ID.fullmatch(number) else None)
    return _Place(_comment_id(number) or number, post, named or entry.comment, page)


def _comment_id(number: str | None) -> str | None:
    """A comment's id without its page, as versions write it by now."""
    return number.partition("_")[2] if number and _OLD_COMMENT_ID.fullmatch(number) else number


class _Objects:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()
        self._names: dict[str, str] = {}
        self._at = _Entry("", None)

    def records_of(self, entries: Iterable[tuple[int, _Entry] | Refusal]) -> Iterator[Record | Refusal]:
        """What the objects are; a refusal keeps its object as it stood."""
        return records_of_rows(self._one_by_one(entries), lambda _value: self.records(self._at))

    def _one_by_one(self, entries: Iterable[tuple[int, _Entry] | Refusal]) -> Iterator[tuple[int, Any] | Refusal]:
        for item in entries:
            if isinstance(item, Refusal):
                yield item
            else:
                self._at = item[1]
                yield item[0], item[1].value

    def records(self, entry: _Entry) -> Iterator[Record]:
        """What an object is, preceded by its page and author where they are new."""
        makers = {"post": self._post, "comment": self._comment, "message": self._message, "page": self._page}
        if entry.kind == "damaged":
            raise TypeError("no object with named values")
        if entry.kind in makers:
            yield from makers[entry.kind](entry)
        elif entry.kind == "other":
            self._skipped["not a post: an album, photo, video, event or the like"] += 1
        elif not edge(entry.value, "messages"):
            self._skipped["a conversation without its messages"] += 1

    def _page(self, entry: _Entry) -> Iterator[Record]:
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

    def _post(self, entry: _Entry) -> Iterator[Record]:
        value, page = entry.value, required(_page_of(entry.value), "id of a post")
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

    def _comment(self, entry: _Entry) -> Iterator[Record]:
        value = entry.value
        place = required(_place_of_comment(entry), "id")
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

    def _message(self, entry: _Entry) -> Iterator[Record]:
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

    def _record(self, entry: _Entry, number: Any, channel: str | None, author: IdentityRecord | None) -> PostRecord:
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

    def _with_account(self, post: PostRecord, page: str | None, author: IdentityRecord | None) -> Iterator[Record]:
        yield from self._said.news(self._channel(page))
        if author is not None:
            yield from self._said.news(author)
        yield post

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


def _standing(sample: Sample) -> _Entry:
    """Where a list stands, as its paging tells."""
    place = asked(sample.document)
    if place.edge in _COMMENT_EDGES and place.id is not None:
        if _POST_ID.fullmatch(place.id):
            return _Entry("", None, page=place.id.partition("_")[0], post=place.id)
        return _Entry("", None, post=place.id)
    return _Entry("", None, own=place.edge in _OWN_EDGES)


def _matches(sample: Sample) -> bool:
    objects = first_objects(sample)[:20]
    if any(_INSTAGRAM_MARKS & value.keys() for value in objects):
        return False
    standing = _standing(sample)
    kinds = {_kind(value, standing) for value in objects if "created_time" in value or _PAGE_MARKS & value.keys()}
    if kinds & {"post", "comment", "message", "page"}:
        return True
    if any(edge(value, name) for value in objects for name in _POST_EDGES):
        return True
    if any(str(value.get("id") or "").startswith("t_") and "updated_time" in value for value in objects):
        return True
    is_answer = asked(sample.document).id is not None
    return any("live_views" in value or (is_answer and "created_time" in value) for value in objects)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    objects = _Objects(options.zone, sample.content.progress)
    return objects.records_of(_entries(read_objects(sample), _standing(sample)))


FORMAT = Format(
    name="facebook",
    label="Facebook posts and comments",
    description="Answers of Facebook's Graph API: posts with comments, comments, pages, messages of a page.",
    matches=_matches,
    read=_read,
)
