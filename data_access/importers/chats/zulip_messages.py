"""Zulip's messages, from whichever kind of file: conversations by topic, what is quoted and who is mentioned."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.values import TimeReader, required
from data_access.records import ChannelRecord, InteractionRecord, PostRecord

NETWORK = "zulip"
UNKNOWN_SOURCE = "zulip"
_MADE_UP_ADDRESS = re.compile(r"user\d+@")
_MENTION = re.compile(r"@\*\*([^*|]+)(?:\|(\d+))?\*\*")
_MENTION_SHOWN = re.compile(
    r'class="user-mention"[^>]*data-user-id="(\d+)"|data-user-id="(\d+)"[^>]*class="user-mention"'
)
_QUOTED = re.compile(r"@_\*\*[^*]+\*\* \[[^\]]*\]\(\S*?/near/(\d+)\)")
_QUOTED_SHOWN = re.compile(r'user-mention silent"[^>]*>[^<]*</span>\s*<a href="[^"]*/near/(\d+)"')
_QUOTE = re.compile(r"(?:@_\*\*[^*]+\*\* \[[^\]]*\]\(\S*?/near/\d+\):\s*)?(`{3,})quote\n.*?\n\1", re.DOTALL)
#: Whom or which channel a text names, as it is written: shown are these names without signs and numbers.
_NAMED = re.compile(r"(@)_?\*\*([^*|\n]+)(?:\|\d+)?\*\*|(@)_?\*([^*\n]+)\*|(#)\*\*([^*\n]+)\*\*")
_QUOTE_SHOWN = re.compile(
    r'(?:<p><span class="user-mention silent"[^>]*>[^<]*</span>\s*<a href="[^"]*/near/\d+">[^<]*</a>:</p>\s*)?'
    r"<blockquote>.*?</blockquote>",
    re.DOTALL,
)

Json = Mapping[str, Any]


@dataclass
class Message:
    """A message as both kinds of file have it."""

    number: str
    channel: ChannelRecord
    topic: str | None
    author: str
    content: str
    is_html: bool
    sent: Any
    edited: Any
    likes: int | None


@dataclass
class Organisation:
    """What messages need to know of their organisation: its people by name, and where its topics start."""

    source: str
    times: TimeReader
    progress: Progress
    said: Announced = field(default_factory=Announced)
    ids: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, str], int] = field(default_factory=dict)

    def note_start(self, channel: str, topic: str, number: int) -> None:
        """Remember the first message of a topic."""
        key = channel, _plain_topic(topic).lower()
        self.starts[key] = min(number, self.starts.get(key, number))

    def post(self, message: Message) -> PostRecord:
        """A message as a post."""
        start = None
        if message.topic is not None:
            start = str(
                self.starts.get((message.channel.native_id, _plain_topic(message.topic).lower()), message.number)
            )
        quoted = (_QUOTED_SHOWN if message.is_html else _QUOTED).search(message.content)
        parent = quoted[1] if quoted else start if start != message.number else None
        return PostRecord(
            network=NETWORK,
            source=self.source,
            native_id=message.number,
            channel=message.channel.native_id,
            occurred_at=required(self.times.read(message.sent), "time"),
            author=message.author,
            kind="post" if parent is None else "reply",
            text=_text(message),
            title=_plain_topic(message.topic) if message.topic and start == message.number else None,
            edited_at=self.times.read(message.edited),
            parent=parent,
            root=start,
            mentions=tuple(account for account in self._mentions(message) if account != message.author),
            likes=message.likes,
        )

    def _mentions(self, message: Message) -> Iterable[str]:
        if message.is_html:
            return dict.fromkeys(one or other for one, other in _MENTION_SHOWN.findall(message.content))
        found = (number or self.ids.get(name) for name, number in _MENTION.findall(message.content))
        return dict.fromkeys(number for number in found if number)

    def like(self, post: str, target: str | None, emoji: str, actor: str) -> InteractionRecord:
        """A reaction."""
        native_id = f"{post}/{emoji}/{actor}"
        return InteractionRecord(NETWORK, self.source, native_id, "like", actor=actor, target=target, post=post)


def _plain_topic(topic: str) -> str:
    """A topic's name without the mark of one that was resolved."""
    return topic.removeprefix("✔ ")


def _text(message: Message) -> str:
    """What was written, without what it quotes, with names as people read them."""
    quote = _QUOTE_SHOWN if message.is_html else _QUOTE
    own = quote.sub("", message.content)
    return html_to_text(own) if message.is_html else _NAMED.sub(_named, own).strip()


def _named(found: re.Match[str]) -> str:
    return "".join(part for part in found.groups() if part)


def address(value: Any) -> str | None:
    """An e-mail address; None for one that Zulip made up to hide the true one."""
    return None if not value or _MADE_UP_ADDRESS.match(value) else value


def between(accounts: Iterable[str]) -> str:
    """The id of a conversation of these accounts."""
    return "dm/" + "-".join(sorted(set(accounts), key=lambda number: (len(number), number)))


def stream_channel(source: str, number: str, name: str | None, data: Json) -> ChannelRecord:
    """A stream as a channel."""
    kind = "public" if data.get("is_web_public") else "private"
    return ChannelRecord(NETWORK, source, f"stream/{number}", name or number, kind=kind, purpose="community")


def direct_channel(source: str, native_id: str) -> ChannelRecord:
    """Direct messages between some people as a channel."""
    return ChannelRecord(NETWORK, source, native_id, f"Direct messages {native_id.partition('/')[2]}", kind="private")
