"""Zulip: an organisation's export (a folder with realm.json and messages-000001.json), or messages of the API.

A topic is a conversation: its first message is the post, what follows answers that or the message it quotes. Only an
export knows a topic from its start; of an answer of the API, the first message of each topic is taken for the start.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import partial_document, read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, PostRecord, Record, Refusal

NETWORK = "zulip"
UNKNOWN_SOURCE = "zulip"
_PERSONAL, _STREAM = 1, 2
_MODERATOR = 300  # roles count down from member (400) over moderator and administrator to owner
_TELLS_OF_CHANGES = "notification-bot@zulip.com"
_INTERNAL = "zulipinternal"
_MESSAGES = re.compile(r"(?:.*/)?messages-\d+\.json")
_MADE_UP_ADDRESS = re.compile(r"user\d+@")
_MENTION = re.compile(r"@\*\*([^*|]+)(?:\|(\d+))?\*\*")
_MENTION_SHOWN = re.compile(
    r'class="user-mention"[^>]*data-user-id="(\d+)"|data-user-id="(\d+)"[^>]*class="user-mention"'
)
_QUOTED = re.compile(r"@_\*\*[^*]+\*\* \[[^\]]*\]\(\S*?/near/(\d+)\)")
_QUOTED_SHOWN = re.compile(r'user-mention silent"[^>]*>[^<]*</span>\s*<a href="[^"]*/near/(\d+)"')
_QUOTE = re.compile(r"(?:@_\*\*[^*]+\*\* \[[^\]]*\]\(\S*?/near/\d+\):\s*)?(`{3,})quote\n.*?\n\1", re.DOTALL)
_QUOTE_SHOWN = re.compile(
    r'(?:<p><span class="user-mention silent"[^>]*>[^<]*</span>\s*<a href="[^"]*/near/\d+">[^<]*</a>:</p>\s*)?'
    r"<blockquote>.*?</blockquote>",
    re.DOTALL,
)

Json = Mapping[str, Any]


@dataclass
class _Message:
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
class _Organisation:
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

    def post(self, message: _Message) -> PostRecord:
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

    def _mentions(self, message: _Message) -> Iterable[str]:
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


def _text(message: _Message) -> str:
    """What was written, without what it quotes."""
    quote = _QUOTE_SHOWN if message.is_html else _QUOTE
    own = quote.sub("", message.content)
    return html_to_text(own) if message.is_html else own.strip()


def _address(value: Any) -> str | None:
    return None if not value or _MADE_UP_ADDRESS.match(value) else value


def _between(accounts: Iterable[str]) -> str:
    return "dm/" + "-".join(sorted(set(accounts), key=lambda number: (len(number), number)))


# --- an organisation's export


class _Export:
    def __init__(self, bundle: Bundle, time_zone: str) -> None:
        self._realm = bundle.files["realm.json"]
        self._files = [content for path, content in sorted(bundle.files.items()) if _MESSAGES.fullmatch(path)]
        self._bundle = bundle
        name = next((row.get("string_id") or row.get("name") for row in self._rows(self._realm, "realm")), None)
        self._known = _Organisation(name or UNKNOWN_SOURCE, TimeReader(time_zone), bundle.progress)
        self._channels: dict[str, ChannelRecord] = {}
        self._people: dict[str, str] = {}  # recipient -> the one account that it is
        self._reactions: Counter[str] = Counter()
        self._authors: dict[str, str] = {}

    def read(self) -> Iterator[Record | Refusal]:
        """Accounts, then messages, then reactions."""
        for table in ("userprofile", "userprofile_mirrordummy", "userprofile_crossrealm"):
            yield from records_of_rows(_items(self._realm, f"zerver_{table}.item"), self._account)
        self._learn_recipients()
        self._count_reactions(self._realm)
        for content in self._files:
            self._learn_from(content)
        for content in self._files:
            messages = read_items(content, "zerver_message.item")
            yield from _of_file(content, records_of_rows(messages, self._message))
        for content in (self._realm, *self._files):
            yield from _of_file(content, records_of_rows(_items(content, "zerver_reaction.item"), self._reaction))
        others = len(self._bundle.files) - len(self._files) - 1
        if others:
            self._bundle.progress.skipped["a file without messages"] += others

    @staticmethod
    def _rows(content: Content, table: str) -> Iterator[Json]:
        for item in read_items(content.aside(), f"zerver_{table}.item"):
            if not isinstance(item, Refusal) and isinstance(item[1], Mapping):
                yield item[1]

    def _account(self, user: Json) -> Iterator[Record]:
        number = required(read_id(user["id"]), "id")
        name = user.get("full_name") or None
        if name is not None:
            self._known.ids[name] = number
        role = user.get("role")
        yield from self._known.said.news(
            IdentityRecord(
                network=NETWORK,
                source=self._known.source,
                native_id=number,
                display_name=name,
                email=_address(user.get("delivery_email")) or _address(user.get("email")),
                is_team=True if user.get("is_realm_admin") or (role is not None and role <= _MODERATOR) else None,
                is_bot=user.get("is_bot"),
            )
        )

    def _learn_recipients(self) -> None:
        streams = {str(stream["id"]): stream for stream in self._rows(self._realm, "stream")}
        for recipient in self._rows(self._realm, "recipient"):
            number, target = str(recipient["id"]), str(recipient["type_id"])
            if recipient["type"] == _STREAM:
                stream = streams.get(target, {})
                self._channels[number] = _stream(self._known.source, target, stream.get("name"), stream)
            elif recipient["type"] == _PERSONAL:
                self._people[number] = target
            else:
                self._channels[number] = _direct(self._known.source, f"group/{target}")

    def _learn_from(self, content: Content) -> None:
        """A first pass: where topics start, and how many reactions a message has."""
        for message in self._rows(content, "message"):
            channel = self._channels.get(str(message.get("recipient")))
            if (
                channel is not None
                and not channel.native_id.startswith("group/")
                and isinstance(message.get("id"), int)
            ):
                self._known.note_start(channel.native_id, str(message.get("subject") or ""), message["id"])
        self._count_reactions(content)

    def _count_reactions(self, content: Content) -> None:
        """Newer exports keep reactions beside their messages, older ones in realm.json."""
        for row in self._rows(content, "reaction"):
            self._reactions[str(row.get("message"))] += 1

    def _message(self, data: Json) -> Iterator[Record]:
        author, recipient = required(read_id(data["sender"]), "sender"), str(data["recipient"])
        if author == self._known.ids.get("Notification Bot"):
            self._known.progress.skipped["not a post: a note of Zulip's"] += 1
            return
        channel = self._channels.get(recipient)
        if channel is None and recipient in self._people:
            channel = _direct(self._known.source, _between((author, self._people[recipient])))
        channel = required(channel, "recipient that the export describes")
        number = required(read_id(data["id"]), "id")
        topic = str(data.get("subject") or "") if channel.purpose else None
        likes = self._reactions[number] if self._reactions else None
        content, edited = str(data.get("content") or ""), data.get("last_edit_time")
        post = self._known.post(
            _Message(number, channel, topic, author, content, False, data["date_sent"], edited, likes)
        )
        if likes:
            self._authors[number] = author
        yield from self._known.said.news(channel)
        yield post

    def _reaction(self, data: Json) -> Iterator[Record]:
        post = str(data["message"])
        yield self._known.like(post, self._authors.get(post), data["emoji_name"], str(data["user_profile"]))


def _items(content: Content, path: str) -> Iterator[tuple[int, Any] | Refusal]:
    """Rows of a table that are no messages: they do not count as such."""
    return read_items(content.aside(), path)


def _of_file(content: Content, records: Iterable[Record | Refusal]) -> Iterator[Record | Refusal]:
    for record in records:
        if isinstance(record, Refusal):
            record.reason = f"{content.name}: {record.reason}"
        yield record


def _stream(source: str, number: str, name: str | None, data: Json) -> ChannelRecord:
    kind = "public" if data.get("is_web_public") else "private"
    return ChannelRecord(NETWORK, source, f"stream/{number}", name or number, kind=kind, purpose="community")


def _direct(source: str, native_id: str) -> ChannelRecord:
    return ChannelRecord(NETWORK, source, native_id, f"Direct messages {native_id.partition('/')[2]}", kind="private")


def _is_realm(content: Content) -> bool:
    document = partial_document(content)
    return isinstance(document, Mapping) and any(str(name).startswith("zerver_") for name in document)


def _find_exports(files: Mapping[str, Content]) -> list[str]:
    """The folders that are an export: they have realm.json, and messages beside it."""
    roots = []
    for path in files:
        if path != "realm.json" and not path.endswith("/realm.json"):
            continue
        root = path.removesuffix("realm.json").rstrip("/")
        beside = (other.removeprefix(f"{root}/") if root else other for other in files if other.startswith(root))
        if any(_MESSAGES.fullmatch(other) and "/" not in other for other in beside) and _is_realm(files[path]):
            roots.append(root)
    return roots


def _read_export(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal]:
    return _Export(bundle, options.zone).read()


# --- messages of the API


class _Answer:
    def __init__(self, sample: Sample, time_zone: str) -> None:
        realms = Counter(str(message.get("sender_realm_str") or "") for message in sample.objects)
        name = next((realm for realm, _count in realms.most_common() if realm not in ("", _INTERNAL)), UNKNOWN_SOURCE)
        self._known = _Organisation(name, TimeReader(time_zone), sample.content.progress)
        for item in read_items(sample.content.aside(), "messages.item"):
            if not isinstance(item, Refusal) and isinstance(item[1], Mapping) and item[1].get("type") == "stream":
                stream, number = read_id(item[1].get("stream_id")), item[1].get("id")
                if stream is not None and isinstance(number, int):
                    self._known.note_start(f"stream/{stream}", str(item[1].get("subject") or ""), number)

    def records(self, data: Json) -> Iterator[Record]:
        """A message, preceded by its stream and author where they are new."""
        if data.get("sender_email") == _TELLS_OF_CHANGES:
            self._known.progress.skipped["not a post: a note of Zulip's"] += 1
            return
        source = self._known.source
        number, author = required(read_id(data["id"]), "id"), required(read_id(data["sender_id"]), "sender_id")
        is_stream = data["type"] in ("stream", "channel")
        people = () if is_stream else data["display_recipient"]
        reactions = data.get("reactions")
        message = _Message(
            number=number,
            channel=_stream(source, str(data["stream_id"]), data["display_recipient"], {})
            if is_stream
            else _direct(source, _between(str(person["id"]) for person in people)),
            topic=str(data.get("subject") or "") if is_stream else None,
            author=author,
            content=str(data.get("content") or ""),
            is_html=data.get("content_type", "text/html") == "text/html",
            sent=data["timestamp"],
            edited=data.get("last_edit_timestamp"),
            likes=None if reactions is None else len(reactions),
        )
        post = self._known.post(message)
        yield from self._known.said.news(message.channel)
        name, email = data.get("sender_full_name") or None, _address(data.get("sender_email"))
        yield from self._known.said.news(IdentityRecord(NETWORK, source, author, display_name=name, email=email))
        yield post
        for reaction in reactions or ():
            user = reaction.get("user_id") or (reaction.get("user") or {}).get("id")
            if user is not None:
                yield self._known.like(number, author, reaction["emoji_name"], str(user))


def _matches(sample: Sample) -> bool:
    document = sample.document
    messages = document.get("messages") if isinstance(document, Mapping) else None
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], Mapping):
        return False
    return {"sender_id", "sender_full_name", "display_recipient", "content", "timestamp"} <= messages[0].keys()


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    answer = _Answer(sample, options.zone)
    return records_of_rows(read_items(sample.content, "messages.item"), answer.records)


FORMAT = Format(
    name="zulip",
    label="Zulip export",
    description="An organisation's export, unpacked (a folder with realm.json), or messages of Zulip's API.",
    matches=_matches,
    read=_read,
    find_bundles=_find_exports,
    read_bundle=_read_export,
)
