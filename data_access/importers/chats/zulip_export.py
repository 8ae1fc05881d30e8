"""Zulip's export of an organisation: accounts, recipients, then messages and their reactions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from data_access.importers.chats.zulip_messages import (
    NETWORK,
    UNKNOWN_SOURCE,
    Message,
    Organisation,
    address,
    between,
    direct_channel,
    stream_channel,
)
from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import partial_document, read_items
from data_access.importers.reading.options import ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.values import TimeReader, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, Record, Refusal

_PERSONAL, _STREAM = 1, 2
_MODERATOR = 300  # roles count down from member (400) over moderator and administrator to owner
_MESSAGES = re.compile(r"(?:.*/)?messages-\d+\.json")

Json = Mapping[str, Any]


class Export:
    """An organisation's export, read file by file."""

    def __init__(self, bundle: Bundle, time_zone: str) -> None:
        self._realm = bundle.files["realm.json"]
        self._files = [content for path, content in sorted(bundle.files.items()) if _MESSAGES.fullmatch(path)]
        self._bundle = bundle
        name = next((row.get("string_id") or row.get("name") for row in self._rows(self._realm, "realm")), None)
        self._known = Organisation(name or UNKNOWN_SOURCE, TimeReader(time_zone), bundle.progress)
        self._streams: dict[str, Json] = {}
        self._channels: dict[str, ChannelRecord] = {}
        self._people: dict[str, str] = {}  # recipient -> the one account that it is
        self._reactions: Counter[str] = Counter()
        self._authors: dict[str, str] = {}

    def read(self) -> Iterator[Record | Refusal]:
        """Accounts, then messages, then reactions."""
        for table, make in (
            ("userprofile", self._account),
            ("userprofile_mirrordummy", self._account),
            ("userprofile_crossrealm", self._account),
            ("stream", self._stream),
            ("recipient", self._recipient),
        ):
            rows = _items(self._realm, f"zerver_{table}.item")
            yield from _of_file(self._realm, records_of_rows(rows, make))
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
                email=address(user.get("delivery_email")) or address(user.get("email")),
                is_team=True if user.get("is_realm_admin") or (role is not None and role <= _MODERATOR) else None,
                is_bot=user.get("is_bot"),
            )
        )

    def _stream(self, data: Json) -> Iterator[Record]:
        self._streams[str(data["id"])] = data
        yield from ()

    def _recipient(self, data: Json) -> Iterator[Record]:
        """Learn where messages to a recipient stand."""
        number, target = str(data["id"]), str(data["type_id"])
        if data["type"] == _STREAM:
            stream = self._streams.get(target, {})
            self._channels[number] = stream_channel(self._known.source, target, stream.get("name"), stream)
        elif data["type"] == _PERSONAL:
            self._people[number] = target
        else:
            self._channels[number] = direct_channel(self._known.source, f"group/{target}")
        yield from ()

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
            channel = direct_channel(self._known.source, between((author, self._people[recipient])))
        channel = required(channel, "recipient that the export describes")
        number = required(read_id(data["id"]), "id")
        topic = str(data.get("subject") or "") if channel.purpose else None
        likes = self._reactions[number] if self._reactions else None
        content, edited = str(data.get("content") or ""), data.get("last_edit_time")
        post = self._known.post(
            Message(number, channel, topic, author, content, False, data["date_sent"], edited, likes)
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


def _is_realm(content: Content) -> bool:
    document = partial_document(content)
    return isinstance(document, Mapping) and any(str(name).startswith("zerver_") for name in document)


def find_exports(files: Mapping[str, Content]) -> list[str]:
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


def read_export(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal]:
    """The records of one export."""
    return Export(bundle, options.zone).read()
