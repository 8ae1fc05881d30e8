"""Messenger and Instagram messages, as Facebook's and Instagram's "Download your information" writes them: one JSON
file for ten thousand messages of a thread (``message_1.json``), or the form of encrypted threads.

The files know people by their names alone. So an account is a name (``@alice``), except for the other person of a
thread of two, after whom the thread is named: that account is the thread's own, for many people share a name. Texts
are UTF-8 taken for Latin-1, and are mended.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, required
from data_access.records import (
    ChannelRecord,
    IdentityRecord,
    InteractionRecord,
    PostRecord,
    Record,
    Refusal,
    content_id,
    handle_id,
)

_OF_INSTAGRAM = b"your_instagram_activity"
_CALLS = frozenset({"Call", "call"})
_MEMBERSHIP = frozenset({"Subscribe", "Unsubscribe"})
_TELLS_OF_REACTION = re.compile(r"(?:Liked a message|Reacted .{1,20} to your message)\s*")
#: Names that stand for everybody who left.
_NOBODY = frozenset({"facebook user", "instagram user", "facebook-nutzer", "instagram-nutzer"})

Json = Mapping[str, Any]


def mend(text: str | None) -> str:
    """A text of which each byte of UTF-8 became a letter of its own, as it was written; another text as it is.

    >>> mend("caf\\u00c3\\u00a9"), mend("café")
    ('café', 'café')
    """
    if not text:
        return ""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


@dataclass(frozen=True)
class _Thread:
    network: str
    native_id: str
    title: str
    people: tuple[str, ...]

    @property
    def source(self) -> str:
        return f"{self.network}.com"

    @property
    def is_of_two(self) -> bool:
        return len(self.people) <= 2

    def account(self, name: str | None) -> IdentityRecord | None:
        """Who goes by a name in this thread."""
        shown = mend(name).strip()
        if self.is_of_two and shown == self.title:
            return IdentityRecord(self.network, self.source, self.native_id, display_name=shown)
        if not shown or shown.lower() in _NOBODY:
            return None
        return IdentityRecord(self.network, self.source, handle_id(shown), display_name=shown)


class _Messages:
    def __init__(self, thread: _Thread, time_zone: str, progress: Progress) -> None:
        self._thread = thread
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()
        self._moment: datetime | None = None
        self._at_moment: Counter[str] = Counter()

    def records(self, message: Json) -> Iterator[Record]:
        """A message, preceded by its thread and author where they are new."""
        reason = _why_no_post(message)
        if reason is not None:
            self._skipped[reason] += 1
            return
        thread = self._thread
        author = thread.account(message.get("sender_name") or message.get("senderName"))
        post = self._post(message, None if author is None else author.native_id)
        purpose = None if thread.is_of_two else "community"
        yield from self._said.news(
            ChannelRecord(
                thread.network, thread.source, thread.native_id, thread.title, kind="private", purpose=purpose
            )
        )
        if author is not None:
            yield from self._said.news(author)
        yield post
        yield from self._reactions(message, post)

    def _post(self, message: Json, author: str | None) -> PostRecord:
        moment = required(self._times.read(message.get("timestamp_ms") or message.get("timestamp")), "timestamp_ms")
        text = _text(message)
        reactions = message.get("reactions")
        return PostRecord(
            network=self._thread.network,
            source=self._thread.source,
            native_id=f"{self._thread.native_id}/{self._id(author, moment, text)}",
            channel=self._thread.native_id,
            occurred_at=moment,
            author=author,
            text=text,
            likes=None if reactions is None else len(reactions),
        )

    def _id(self, author: str | None, moment: datetime, text: str) -> str:
        """What tells a message apart, for it has no id: several photos of one moment are numbered."""
        if moment != self._moment:
            self._moment = moment
            self._at_moment.clear()
        native_id = content_id(author, moment, text)
        self._at_moment[native_id] += 1
        again = self._at_moment[native_id]
        return native_id if again == 1 else f"{native_id}.{again}"

    def _reactions(self, message: Json, post: PostRecord) -> Iterator[Record]:
        for reaction in message.get("reactions") or ():
            actor = self._thread.account(reaction.get("actor"))
            if actor is not None:
                yield from self._said.news(actor)
                yield InteractionRecord(
                    network=post.network,
                    source=post.source,
                    native_id=f"{post.native_id}/{mend(reaction.get('reaction'))}/{actor.native_id}",
                    kind="like",
                    actor=actor.native_id,
                    target=post.author,
                    post=post.native_id,
                    occurred_at=self._times.read(reaction.get("timestamp")),
                )


def _why_no_post(message: Json) -> str | None:
    if message.get("is_unsent") or message.get("isUnsent"):
        return "unsent message"
    if message.get("type") in _CALLS or "call_duration" in message:
        return "not a post: call"
    if message.get("type") in _MEMBERSHIP:
        return "not a post: somebody joined or left"
    if _TELLS_OF_REACTION.fullmatch(mend(message.get("content"))):
        return "not a post: tells of a reaction"
    return None


def _text(message: Json) -> str:
    """What was written, or the link that was shared; nothing for a photo alone."""
    share = message.get("share") or {}
    words = mend(message.get("content") or message.get("text") or share.get("share_text")).strip()
    link = share.get("link") or ""
    return "\n".join(part for part in (words, link if link not in words else "") if part)


# --- the kinds of file


def _is_message(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    return {"sender_name", "timestamp_ms"} <= value.keys() or {"senderName", "timestamp"} <= value.keys()


def _matches(sample: Sample) -> bool:
    document = sample.document
    if not isinstance(document, Mapping) or not {"participants", "messages"} <= document.keys():
        return False
    messages = document["messages"]
    return isinstance(messages, list) and any(_is_message(message) for message in messages[:20])


def _value_at(content: Content, path: str) -> str:
    """A value of the document, wherever it stands: names follow the messages."""
    for item in read_items(content.aside(), path):
        return "" if isinstance(item, Refusal) or not isinstance(item[1], str) else item[1]
    return ""


def _thread(sample: Sample) -> _Thread:
    content = sample.content
    people = [person.get("name") if isinstance(person, Mapping) else person for person in _people(sample)]
    names = tuple(mend(name).strip() for name in people if isinstance(name, str))
    place = _value_at(content, "thread_path") or _value_at(content, "threadName")
    title = mend(_value_at(content, "title")).strip() or re.sub(r"_\d+$", "", _value_at(content, "threadName"))
    native_id = PurePosixPath(place).name or PurePosixPath(content.name).parent.name or title or "thread"
    is_instagram = _OF_INSTAGRAM in sample.head or _OF_INSTAGRAM.decode() in content.name
    network = "instagram" if is_instagram else "messenger"
    return _Thread(network, native_id, title or ", ".join(names) or native_id, names)


def _people(sample: Sample) -> list[Any]:
    """The participants: beyond a file's beginning only where they follow very many messages."""
    people = sample.document.get("participants") if isinstance(sample.document, Mapping) else None
    return people if isinstance(people, list) else []


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    messages = _Messages(_thread(sample), options.zone, sample.content.progress)
    return records_of_rows(read_items(sample.content, "messages.item"), messages.records)


FORMAT = Format(
    name="messenger",
    label="Messenger and Instagram messages",
    description="Threads of Facebook's or Instagram's download of your information (message_1.json).",
    matches=_matches,
    read=_read,
)
