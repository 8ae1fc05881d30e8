"""What the objects of Facebook's answers are, and what stands inside what: posts, comments, pages, conversations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from data_access.importers.meta.graph import asked, edge, first_objects, id_at
from data_access.importers.meta.objects import each_inside, told_of
from data_access.importers.reading.sample import Sample
from data_access.records import Refusal

_POST_ID = re.compile(r"\d+_\d+")
_OF_COMMENT = re.compile(
    r"/(?P<page>\d+)/posts/(?P<post>\d+)/?\?comment_id=(?P<comment>\d+)(?:&reply_comment_id=(?P<reply>\d+))?"
)
_OLD_COMMENT_ID = re.compile(r"\d+_\d+_\d+")
_POST_EDGES = ("posts", "published_posts", "feed", "visitor_posts", "tagged", "ads_posts")
_OWN_EDGES = frozenset({"posts", "published_posts"})
_COMMENT_EDGES = frozenset({"comments", "replies"})
_COMMENT_MARKS = frozenset({"comment_count", "like_count", "parent", "object", "can_reply_privately", "user_likes"})
_PAGE_MARKS = frozenset({"fan_count", "category_list", "global_brand_page_name"})
_INSTAGRAM_MARKS = frozenset({"timestamp", "media_type"})

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """An object and where it stood: the ids of ``page``, ``post``, ``comment`` above it; ``own``: the page's post."""

    kind: str
    value: Any
    page: str | None = None
    own: bool = False
    post: str | None = None
    comment: str | None = None


def kind_of(value: Any, standing: Entry) -> str:
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


def entries_of(items: Iterable[tuple[int, Any] | Refusal], standing: Entry) -> Iterator[tuple[int, Entry] | Refusal]:
    """Each object and what is inside it, one by one: a damaged comment leaves its post and the others whole."""
    return each_inside(items, partial(_inside, standing=standing))


def _inside(value: Any, standing: Entry) -> Iterator[Entry]:
    entry = replace(standing, kind=kind_of(value, standing), value=value)
    yield entry
    if entry.kind == "post":
        below = replace(standing, page=page_of(value) or standing.page, post=str(value["id"]))
        yield from _all_inside(told_of(edge(value, "comments"), object={"id": below.post}), below)
    elif entry.kind == "comment":
        place = place_of_comment(entry)
        if place is not None:
            below = replace(standing, page=place.page, post=place.post, comment=place.comment)
            above = told_of(edge(value, "comments"), object={"id": place.post}, parent={"id": place.comment})
            yield from _all_inside(above, below)
    elif entry.kind == "page":
        for name in _POST_EDGES:
            below = replace(standing, page=str(value["id"]), own=name in _OWN_EDGES)
            yield from _all_inside(edge(value, name), below)
        yield from _all_inside(edge(value, "conversations"), replace(standing, page=str(value["id"])))
    elif entry.kind == "conversation":
        for message in edge(value, "messages"):
            yield replace(standing, kind="message", value=message, post=str(value.get("id") or ""))


def _all_inside(values: Iterable[Any], standing: Entry) -> Iterator[Entry]:
    for value in values:
        yield from _inside(value, standing)


def page_of(value: Json) -> str | None:
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


def place_of_comment(entry: Entry) -> _Place | None:
    """Where a comment belongs, by its id, its address and what it stood in; None where nothing tells."""
    value = entry.value
    number, named = id_at(value, "id"), _comment_id(id_at(value, "parent", "id"))
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
    post = entry.post or id_at(value, "object", "id") or number.rpartition("_")[0] or number
    has_page = _OLD_COMMENT_ID.fullmatch(number) or _POST_ID.fullmatch(post)
    page = entry.page or (
        (number if _OLD_COMMENT_ID.fullmatch(number) else post).partition("_")[0] if has_page else None
    )
    return _Place(_comment_id(number) or number, post, named or entry.comment, page)


def _comment_id(number: str | None) -> str | None:
    """A comment's id without its page, as versions write it by now."""
    return number.partition("_")[2] if number and _OLD_COMMENT_ID.fullmatch(number) else number


def standing_of(sample: Sample) -> Entry:
    """Where a list stands, as its paging tells."""
    place = asked(sample.document)
    if place.edge in _COMMENT_EDGES and place.id is not None:
        if _POST_ID.fullmatch(place.id):
            return Entry("", None, page=place.id.partition("_")[0], post=place.id)
        return Entry("", None, post=place.id)
    return Entry("", None, own=place.edge in _OWN_EDGES)


def is_of_facebook(sample: Sample) -> bool:
    """Whether a file holds what Facebook's Graph API answers about posts, comments, pages or messages."""
    objects = first_objects(sample)[:20]
    if any(_INSTAGRAM_MARKS & value.keys() for value in objects):
        return False
    standing = standing_of(sample)
    kinds = {kind_of(value, standing) for value in objects if "created_time" in value or _PAGE_MARKS & value.keys()}
    if kinds & {"post", "comment", "message", "page"}:
        return True
    if any(edge(value, name) for value in objects for name in _POST_EDGES):
        return True
    if any(str(value.get("id") or "").startswith("t_") and "updated_time" in value for value in objects):
        return True
    is_answer = asked(sample.document).id is not None
    return any("live_views" in value or (is_answer and "created_time" in value) for value in objects)
