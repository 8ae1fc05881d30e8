"""Stack Exchange's API (Stack Overflow and its sisters): questions with answers and comments, or those by themselves.

A question's id is its number, an answer's ``answer/number``, a comment's ``comment/number``. Reputation is no number of
followers and is left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.json_records import JsonRecords, read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text, plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal

NETWORK = "stackexchange"
UNKNOWN_SOURCE = "stackexchange"
_IDS = {"comment": "comment_id", "answer": "answer_id", "question": "question_id"}  # an answer names its question too
_QUESTION = re.compile(r"/questions/(\d+)/")

Json = Mapping[str, Any]


def _host(address: Any) -> str | None:
    return urlsplit(address).hostname if isinstance(address, str) else None


def _site(item: Json) -> str | None:
    """The site that an object is of, as its addresses say."""
    return _host(item.get("link")) or _host((item.get("owner") or {}).get("link"))


def _kind(item: Any) -> str | None:
    if not isinstance(item, Mapping) or "creation_date" not in item:
        return None
    if {"user_id", "display_name", "reputation"} <= item.keys():
        return "person"
    return next((kind for kind, name in _IDS.items() if name in item and "score" in item), None)


class _Items:
    def __init__(self, site: str, time_zone: str) -> None:
        self._site = site
        self._times = TimeReader(time_zone)
        self._said = Announced()

    def records(self, item: Json) -> Iterator[Record]:
        """A question, answer or comment, preceded by its author where new, followed by what answers it."""
        kind = _kind(item)
        source = _site(item) or self._site
        if kind == "person":
            yield from self._said.news(self._person(item, source))
            return
        yield from self._said.news(
            ChannelRecord(
                NETWORK, source, source, source, url=None if source == UNKNOWN_SOURCE else f"https://{source}"
            )
        )
        yield from self._with_answers(item, source, None)

    def _with_answers(self, item: Json, source: str, above: PostRecord | None) -> Iterator[Record]:
        owner = item.get("owner") or {}
        if read_id(owner.get("user_id")) is not None:
            yield from self._said.news(self._person(owner, source))
        post = self._post(item, source)
        if above is not None:
            post.root = above.root
            post.parent_author = above.author if post.parent == above.native_id else None
        yield post
        for name in ("comments", "answers"):
            for inner in item.get(name) or ():
                yield from self._with_answers(inner, source, post)

    def _post(self, item: Json, source: str) -> PostRecord:
        kind = _kind(item) or "question"
        number = required(read_id(item[_IDS[kind]]), _IDS[kind])
        owner, answered = item.get("owner") or {}, item.get("reply_to_user") or {}
        link = item.get("link")
        return PostRecord(
            network=NETWORK,
            source=source,
            native_id=number if kind == "question" else f"{kind}/{number}",
            channel=source,
            occurred_at=required(self._times.read(item["creation_date"]), "creation_date"),
            author=read_id(owner.get("user_id")),
            kind={"question": "question", "answer": "reply", "comment": "comment"}[kind],
            text=_text(item),
            title=plain_text(item.get("title") or "") or None if kind == "question" else None,
            url=link if _host(link) else None,
            edited_at=self._times.read(item.get("last_edit_date")),
            parent=_parent(item, kind),
            root=number if kind == "question" else read_id(item.get("question_id")),
            mentions=tuple(filter(None, [read_id(answered.get("user_id"))])),
            likes=_likes(item),
            replies=_replies(item),
            views=read_count(item.get("view_count")),
        )

    def _person(self, user: Json, source: str) -> IdentityRecord:
        return IdentityRecord(
            network=NETWORK,
            source=source,
            native_id=required(read_id(user["user_id"]), "user_id"),
            display_name=plain_text(user.get("display_name") or "") or None,
            bio=html_to_text(user.get("about_me") or "") or None,
            url=user.get("link") or None,
            location=plain_text(user.get("location") or "") or None,
            is_team=True if user.get("is_employee") is True else None,
        )


def _parent(item: Json, kind: str) -> str | None:
    """What an answer or comment stands below. A comment's address names its question: another post is an answer."""
    if kind == "question":
        return None
    if kind == "answer":
        return read_id(item.get("question_id"))
    post = read_id(item.get("post_id"))
    question = _QUESTION.search(str(item.get("link") or ""))
    is_answer = item.get("post_type") == "answer" or (question is not None and question[1] != post)
    return f"answer/{post}" if post and is_answer else post


def _text(item: Json) -> str:
    """What was written: as Markdown where the answer has that, else as text of its HTML."""
    written = item.get("body_markdown")
    return plain_text(written) if written is not None else html_to_text(item.get("body") or "")


def _likes(item: Json) -> int | None:
    """Votes up; where only the score is told, that one, unless the votes down outweigh them."""
    upward = read_count(item.get("up_vote_count"))
    score = read_count(item.get("score"))
    return upward if upward is not None else score if score is not None and score >= 0 else None


def _replies(item: Json) -> int | None:
    counts = [read_count(item.get(name)) for name in ("answer_count", "comment_count")]
    return None if counts == [None, None] else sum(count or 0 for count in counts)


def _path(document: Any) -> str | None:
    """Where the objects are; None where the document is none of the API's."""
    if isinstance(document, list):
        return "item" if document and _kind(document[0]) else None
    if isinstance(document, Mapping) and isinstance(document.get("items"), list):
        items = document["items"]
        return "items.item" if (items and _kind(items[0])) or "quota_remaining" in document else None
    return None


def _matches(sample: Sample) -> bool:
    return _path(sample.document) is not None or bool(
        sample.document is None and sample.objects and _kind(sample.objects[0])
    )


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    path = _path(sample.document)
    site = next(filter(None, map(_site, sample.objects)), UNKNOWN_SOURCE)
    items = _Items(site, options.zone)
    if path is None and isinstance(sample.table, JsonRecords):
        return records_of_rows(sample.read_objects(), items.records)
    return records_of_rows(read_items(sample.content, path or "items.item"), items.records)


FORMAT = Format(
    name="stackexchange",
    label="Stack Exchange questions",
    description="JSON of Stack Exchange's API: questions, answers, comments, people.",
    matches=_matches,
    read=_read,
)
