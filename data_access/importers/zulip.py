"""Zulip: an organisation's export (a folder with realm.json and messages-000001.json), or messages of the API.

A topic is a conversation: its first message is the post, what follows answers that or the message it quotes. Only an
export knows a topic from its start; of an answer of the API, the first message of each topic is taken for the start.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.chats.zulip_export import find_exports, read_export
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
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.options import Format, ImportOptions, Part
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_id, required
from data_access.records import IdentityRecord, Record, Refusal

_TELLS_OF_CHANGES = "notification-bot@zulip.com"
_INTERNAL = "zulipinternal"

Json = Mapping[str, Any]


class _Answer:
    def __init__(self, sample: Sample, time_zone: str) -> None:
        realms = Counter(str(message.get("sender_realm_str") or "") for message in sample.objects)
        name = next((realm for realm, _count in realms.most_common() if realm not in ("", _INTERNAL)), UNKNOWN_SOURCE)
        self._known = Organisation(name, TimeReader(time_zone), sample.content.progress)
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
        message = Message(
            number=number,
            channel=stream_channel(source, str(data["stream_id"]), data["display_recipient"], {})
            if is_stream
            else direct_channel(source, between(str(person["id"]) for person in people)),
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
        name, email = data.get("sender_full_name") or None, address(data.get("sender_email"))
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


def _tell_part(sample: Sample) -> Part | None:
    """A file of an export: all of them hold lists of their database's tables."""
    document = sample.document
    if not isinstance(document, Mapping) or not any(str(name).startswith("zerver_") for name in document):
        return None
    return Part("its messages" if "zerver_message" in document else "its people and channels")


FORMAT = Format(
    name="zulip",
    label="Zulip export",
    description="An organisation's export, unpacked (a folder with realm.json), or messages of Zulip's API.",
    matches=_matches,
    read=_read,
    find_bundles=find_exports,
    read_bundle=read_export,
    tell_part=_tell_part,
)
