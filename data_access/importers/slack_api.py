"""Answers of Slack's API saved to a folder: messages, people, channels. They belong to each other, in any order.

Messages do not name their channel: they are of the one whose description lies beside them; where several do, of the
one whose id or name the file bears. Messages by themselves are read by ``slack.py``.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import as_raw, read_items
from data_access.importers.reading.json_values import beginning_document
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import read_id
from data_access.importers.slack import NETWORK, UNKNOWN_SOURCE, Workspace
from data_access.records import ChannelRecord, Record, Refusal

#: What an answer holds, by the name of its list or object.
_PATHS = {"user": "user", "users": "users.item", "members": "members.item",
          "channel": "channel", "channels": "channels.item", "messages": "messages.item"}  # fmt: skip

Json = Mapping[str, Any]


def _held(document: Any) -> str | None:
    """What an answer holds: a name of ``_PATHS``, "error", or None where the document is no answer of Slack's."""
    if not isinstance(document, Mapping) or not isinstance(document.get("ok", True), bool):
        return None
    messages = document.get("messages")
    if isinstance(messages, list) and (messages or "ok" in document):
        first = messages[0] if messages else {"type": "message", "ts": ""}
        is_slack = isinstance(first, Mapping) and first.get("type") == "message" and "ts" in first
        return "messages" if is_slack else None
    if document.get("ok") is False:
        return "error" if isinstance(document.get("error"), str) else None
    held = next((name for name in _PATHS if isinstance(document.get(name), (list, Mapping))), None)
    if held is None or "ok" in document:
        return held
    people = document[held]  # a long list, behind which "ok" may stand
    first = people[0] if isinstance(people, list) and people else None
    return held if held == "members" and isinstance(first, Mapping) and {"team_id", "profile"} <= first.keys() else None


def _look(content: Content) -> str | None:
    """What a file holds, told from its beginning."""
    return _held(beginning_document(content))


def _find_folders(files: Mapping[str, Content]) -> list[str]:
    """The folders that hold messages, and people or channels beside them."""
    held: dict[str, set[str]] = {}
    for path, content in files.items():
        found = _look(content)
        if found is not None:
            parent = str(PurePosixPath(path).parent)
            held.setdefault("" if parent == "." else parent, set()).add(found)
    return sorted(folder for folder, names in held.items() if "messages" in names and names - {"messages", "error"})


def _takes(below: str, content: Content) -> bool:
    return "/" not in below and _look(content) is not None


def _values(content: Content, held: str, *, counted: bool) -> Iterator[tuple[int, Any] | Refusal]:
    """A file's objects; what was refused names the file."""
    for item in read_items(content if counted else content.aside(), _PATHS[held]):
        yield Refusal(item.line, f"{content.name}: {item.reason}", item.raw) if isinstance(item, Refusal) else item


def _named(content: Content, records: Iterator[Record | Refusal]) -> Iterator[Record | Refusal]:
    for record in records:
        if isinstance(record, Refusal) and not record.reason.startswith(content.name):
            record.reason = f"{content.name}: {record.reason}"
        yield record


def _channel(source: str, data: Json) -> ChannelRecord:
    native_id = str(data["id"])
    return ChannelRecord(NETWORK, source, native_id, data.get("name") or native_id, kind="private", purpose="community")


def _team_of(contents: Iterable[Content]) -> str:
    """The workspace, as the first person or message says that names one."""
    for content in contents:
        document = beginning_document(content)
        found = [document.get("user"), *(document.get("members") or ()), *(document.get("messages") or ())]
        for one in found:
            team = read_id(one.get("team_id") or one.get("team")) if isinstance(one, Mapping) else None
            if team is not None:
                return team
    return UNKNOWN_SOURCE


def _channel_of(content: Content, channels: Mapping[str, ChannelRecord], source: str) -> ChannelRecord:
    """The channel of a file of messages: the only one, else the one that the file's name names, else one named so."""
    if len(channels) == 1:
        return next(iter(channels.values()))
    stem = PurePosixPath(content.name).name.split(".")[0]
    named = [channel for channel in channels.values() if stem in (channel.native_id, channel.name)]
    return named[0] if named else _channel(source, {"id": stem})


def _read_bundle(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal]:
    files: dict[str, list[Content]] = {}
    for _path, content in sorted(bundle.files.items()):
        files.setdefault(_look(content) or "error", []).append(content)
    people = [(held, content) for held in ("user", "users", "members") for content in files.get(held, ())]
    source = _team_of([*(content for _held_there, content in people), *files.get("messages", ())])
    workspace = Workspace(source, options.zone, bundle.progress)
    for held, content in people:
        described = (item for item in _values(content, held, counted=False) if not _is_bare_id(item))
        yield from _named(content, records_of_rows(described, workspace.account))
    channels: dict[str, ChannelRecord] = {}
    for held in ("channel", "channels"):
        for content in files.get(held, ()):
            yield from _read_channels(_values(content, held, counted=False), workspace, channels)
    for content in files.get("messages", ()):
        make = workspace.messages(_channel_of(content, channels, source))
        yield from _named(content, records_of_rows(_values(content, "messages", counted=True), make))
    for content in files.get("error", ()):
        bundle.progress.skipped[f"an answer that is an error: {PurePosixPath(content.name).name}"] += 1


def _read_channels(
    items: Iterable[tuple[int, Any] | Refusal], workspace: Workspace, channels: dict[str, ChannelRecord]
) -> Iterator[Record | Refusal]:
    """Channels, each kept by its id for the messages that come after."""
    for item in items:
        if isinstance(item, Refusal):
            yield item
        elif isinstance(item[1], Mapping) and read_id(item[1].get("id")):
            channel = _channel(workspace.source, item[1])
            channels[channel.native_id] = channel
            yield from workspace.said.news(channel)
        else:
            yield Refusal(item[0], "has no 'id'", as_raw(item[1]))


def _is_bare_id(item: tuple[int, Any] | Refusal) -> bool:
    """Whether a member of a channel is named by the id alone, which says nothing of the person."""
    return not isinstance(item, Refusal) and isinstance(item[1], str)


def _matches(sample: Sample) -> bool:
    """People or channels by themselves."""
    document = sample.document
    return isinstance(document, Mapping) and "ok" in document and _held(document) not in (None, "error", "messages")


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    name = PurePosixPath(sample.content.name).name
    return _read_bundle(Bundle(name, {name: sample.content}, sample.content.progress), options)


FORMAT = Format(
    name="slack_api",
    label="Slack API answers",
    description="A folder of answers of Slack's API: conversations.history, users.info or .list, conversations.info.",
    matches=_matches,
    read=_read,
    find_bundles=_find_folders,
    read_bundle=_read_bundle,
    takes=_takes,
)
