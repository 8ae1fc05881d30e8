"""Slack: a workspace's export (a zip or folder with users.json and a folder a channel), or messages of its API.

A message's id is ``channel/ts``, for ``ts`` is unique within its channel only. Reactions count as likes.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import find_record_path, partial_document, read_items
from data_access.importers.reading.options import Format, ImportOptions, Part
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, Note, PostRecord, Record, Refusal

NETWORK = "slack"
UNKNOWN_SOURCE = "slack"
#: Messages that nobody wrote: they tell of something that happened in the channel.
_CHANNEL_EVENTS = "join leave topic purpose name archive unarchive convert_to_private posting_permissions"
_OTHER_EVENTS = """pinned_item unpinned_item bot_add bot_remove reminder_add tombstone message_deleted huddle_thread
    sh_room_created app_conversation_join"""
_NOT_WRITTEN = frozenset(
    [f"{place}_{event}" for place in ("channel", "group") for event in _CHANNEL_EVENTS.split()] + _OTHER_EVENTS.split()
)
_CHANNEL_FILES = ("channels.json", "groups.json")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_USER = re.compile(r"<@([A-Z0-9]+)")

Json = Mapping[str, Any]


class Workspace:
    """The accounts and channels of a workspace, and how its messages become records."""

    def __init__(self, source: str, time_zone: str, progress: Progress) -> None:
        self.source = source
        self.said = Announced()
        self._times = TimeReader(time_zone)
        self._progress = progress
        self._names: dict[str, str] = {}

    def account(self, user: Json) -> Iterator[Record]:
        """A member of the workspace."""
        profile = user.get("profile") or {}
        native_id = required(read_id(user["id"]), "id")
        handle = user.get("name") or None
        name = profile.get("display_name") or user.get("real_name") or profile.get("real_name") or None
        self._names[native_id] = name or handle or native_id
        yield from self.said.news(
            IdentityRecord(
                network=NETWORK,
                source=self.source,
                native_id=native_id,
                handle=handle,
                display_name=user.get("real_name") or profile.get("real_name") or name,
                email=profile.get("email") or None,
                bio=profile.get("title") or None,
                is_bot=user.get("is_bot"),
                observed_at=self._times.read(user.get("updated")),
            )
        )

    def messages(self, channel: ChannelRecord) -> Callable[[Json], Iterator[Record]]:
        """What makes records of a channel's messages."""
        return lambda message: self._message(message, channel)

    def _message(self, message: Json, channel: ChannelRecord) -> Iterator[Record]:
        subtype = message.get("subtype")
        if message.get("type", "message") != "message" or subtype in _NOT_WRITTEN:
            self._progress.skipped[f"not a post: {subtype or message.get('type')}"] += 1
            return
        stamp = required(read_id(message["ts"]), "ts")
        text = message.get("text") or ""
        author = self._author(message)
        thread = read_id(message.get("thread_ts"))
        is_reply = thread is not None and thread != stamp
        post = PostRecord(
            network=NETWORK,
            source=self.source,
            native_id=f"{channel.native_id}/{stamp}",
            channel=channel.native_id,
            occurred_at=required(self._times.read(stamp), "ts"),
            author=None if author is None else author.native_id,
            kind="reply" if is_reply else "post",
            text=self.text(text) or _of_attachments(message),
            edited_at=self._times.read((message.get("edited") or {}).get("ts")),
            parent=f"{channel.native_id}/{thread}" if is_reply else None,
            parent_author=read_id(message.get("parent_user_id")) if is_reply else None,
            root=f"{channel.native_id}/{thread or stamp}",
            mentions=tuple(
                user for user in dict.fromkeys(_USER.findall(text)) if author is None or user != author.native_id
            ),
            likes=_reaction_count(message),
            replies=message.get("reply_count"),
        )
        yield from self.said.news(channel)
        if author is not None and author.native_id not in self._names:
            yield from self.said.news(author)
        yield post
        yield from self._reactions(message, post)

    def _author(self, message: Json) -> IdentityRecord | None:
        """Who wrote a message: a member, or a bot, which may have no more than a name."""
        user = read_id(message.get("user")) or read_id((message.get("comment") or {}).get("user"))
        bot, name = read_id(message.get("bot_id")), message.get("username") or None
        if user is not None:
            return IdentityRecord(NETWORK, self.source, user)
        native_id = bot or (f"name:{name.casefold()}" if name else None)
        if native_id is None:
            return None
        is_bot = bot is not None or message.get("subtype") == "bot_message"
        return IdentityRecord(NETWORK, self.source, native_id, display_name=name, is_bot=is_bot or None)

    def _reactions(self, message: Json, post: PostRecord) -> Iterator[Record]:
        for reaction in message.get("reactions") or ():
            for user in reaction.get("users") or ():
                yield InteractionRecord(
                    network=NETWORK,
                    source=self.source,
                    native_id=f"{post.native_id}/{reaction['name']}/{user}",
                    kind="like",
                    actor=user,
                    target=post.author,
                    post=post.native_id,
                )

    def text(self, text: str) -> str:
        """A message as people read it: names for ids, labels for links, entities decoded."""
        return html.unescape(_LINK.sub(self._shown, text)).strip()

    def _shown(self, match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target.startswith("@"):
            return "@" + (label or self._names.get(target[1:], target[1:]))
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target.removeprefix("mailto:")


def _reaction_count(message: Json) -> int | None:
    """Reactions; Slack leaves the list out where there are none, and so does an export that lost them: then unknown."""
    reactions = message.get("reactions")
    return None if reactions is None else sum(int(reaction.get("count") or 0) for reaction in reactions)


def _of_attachments(message: Json) -> str:
    """What a message without a text shows: its attachments' words."""
    shown = (part.get("text") or part.get("fallback") or "" for part in message.get("attachments") or ())
    return html.unescape("\n".join(text for text in shown if text)).strip()


# --- exports


def _first_item(content: Content) -> Any:
    document = partial_document(content)
    return document[0] if isinstance(document, list) and document else None


def _find_exports(files: Mapping[str, Content]) -> list[str]:
    """The folders that hold users.json, of Slack's making, beside folders of days."""
    roots = []
    for path in files:
        place = PurePosixPath(path)
        if place.name != "users.json":
            continue
        root = "" if str(place.parent) == "." else str(place.parent)
        has_days = any(_is_day_below(root, other) for other in files)
        user = _first_item(files[path]) if has_days else None
        if isinstance(user, Mapping) and {"id", "name", "profile"} <= user.keys():
            roots.append(root)
    return roots


def _is_day_below(root: str, path: str) -> bool:
    below = path.removeprefix(f"{root}/") if root else path
    parts = below.split("/")
    return len(parts) == 2 and (not root or below != path) and _DAY.fullmatch(parts[1]) is not None


def _items(content: Content) -> Iterator[tuple[int, Any] | Refusal]:
    """A file's objects; what was refused names the file, for an export has many. They do not count as messages."""
    for item in read_items(content.aside(), "item"):
        yield Refusal(item.line, f"{content.name}: {item.reason}", item.raw) if isinstance(item, Refusal) else item


def _read_export(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal]:
    users = bundle.files["users.json"]
    first = _first_item(users) or {}
    workspace = Workspace(read_id(first.get("team_id")) or UNKNOWN_SOURCE, options.zone, bundle.progress)
    yield from records_of_rows(_items(users), workspace.account)
    channels: dict[str, ChannelRecord] = {}
    for name in _CHANNEL_FILES:
        if name in bundle.files:
            for item in _items(bundle.files[name]):
                if isinstance(item, Refusal):
                    yield item
                else:
                    channel = _channel(workspace.source, item[1]["name"], item[1])
                    channels[channel.name] = channel
                    yield from workspace.said.news(channel)
    for path in sorted(bundle.files):
        if _is_day_below("", path):
            folder = path.split("/")[0]
            channel = channels.get(folder) or _channel(workspace.source, folder, {})
            yield from _read_day(bundle.files[path], workspace.messages(channel))
        elif path not in ("users.json", *_CHANNEL_FILES):
            bundle.progress.skipped[f"a file without messages: {path}"] += 1


def _read_day(content: Content, make: Callable[[Json], Iterator[Record]]) -> Iterator[Record | Refusal]:
    for record in records_of_rows(read_items(content, "item"), make):
        if isinstance(record, Refusal):
            record.reason = f"{content.name}: {record.reason}"
        yield record


def _channel(source: str, name: str, data: Json) -> ChannelRecord:
    """A channel: by its id where the export says it, else by its name."""
    native_id = read_id(data.get("id")) or name
    return ChannelRecord(NETWORK, source, native_id, name, kind="private", purpose="community")


# --- messages by themselves


def _is_message(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("type") == "message" and "ts" in value


def _matches(sample: Sample) -> bool:
    document = sample.document
    messages = document.get("messages") if isinstance(document, Mapping) else document
    return isinstance(messages, list) and bool(messages) and _is_message(messages[0])


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal | Note]:
    """Messages without their workspace: the channel is named by the file or by ``--channel``."""
    place = PurePosixPath(sample.content.name)
    name = place.parent.name if _DAY.fullmatch(place.name) and place.parent.name else place.name.split(".")[0]
    message = next((item for item in sample.objects if _is_message(item)), {})
    source = read_id(message.get("team")) or UNKNOWN_SOURCE
    workspace = Workspace(source, options.zone, sample.content.progress)
    path = find_record_path(sample.document) or "item"
    if _DAY.fullmatch(str(place)) and not options.channel:
        yield Note("Nothing names the channel, which is called after the day: import the whole export, or name it")
    make = workspace.messages(_channel(source, options.channel or name, {}))
    yield from records_of_rows(read_items(sample.content, path), make)


def _tell_part(sample: Sample) -> Part | None:
    """What a file of an export is that lies beside the folders of days."""
    first = sample.document[0] if isinstance(sample.document, list) and sample.document else None
    if not isinstance(first, Mapping):
        return None
    has = first.keys()
    if {"id", "name", "profile"} <= has:
        return Part("its people")
    if {"id", "created", "members"} <= has:
        return Part("its channels" if "name" in first else "who talks to whom directly")
    return Part("which apps were added", is_read=False) if {"user_id", "change_type", "date"} <= has else None


FORMAT = Format(
    name="slack",
    label="Slack export",
    description="A workspace's export (zip or folder with users.json), or messages of Slack's API.",
    matches=_matches,
    read=_read,
    find_bundles=_find_exports,
    read_bundle=_read_export,
    tell_part=_tell_part,
)
