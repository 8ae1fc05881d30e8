"""Telegram: the app's export of one chat or of a whole account (``result.json``), or updates that a bot received.

A message's id is ``chat/number``, for numbers are unique within their chat only. Chats and accounts are named alike,
by what they are and their number (``user8``, ``chat1``, ``channel5``), whichever of the three files they come from.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from data_access.importers.chats.telegram_updates import (
    CHANNEL_CHATS,
    GROUP_CHATS,
    NETWORK,
    SOURCE,
    USER_CHATS,
    Updates,
    address_of,
    are_updates,
    chat_id,
)
from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.grouped_json import read_grouped_items
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.records import (
    ChannelRecord,
    IdentityRecord,
    InteractionRecord,
    PostRecord,
    Record,
    Refusal,
    handle_id,
)

_PUBLIC = frozenset({"public_supergroup", "public_channel"})
_CHAT_LISTS = ("chats.list.item", "left_chats.list.item")
Json = Mapping[str, Any]


def _account_id(value: Any) -> str | None:
    """An account's id: exports before 2020 wrote the number alone."""
    number = read_id(value)
    return f"user{number}" if number is not None and number.isdigit() else number


# --- the app's export


class _Export:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()

    def records_of_one(self, row: tuple[Json, Json]) -> Iterator[Record]:
        """A message of one of many chats."""
        return self.records(*row)

    def records(self, chat: Json, message: Json) -> Iterator[Record]:
        """A message of a chat, preceded by its chat and author where they are new."""
        if message["type"] != "message":
            self._skipped[f"not a post: {message.get('action') or message['type']}"] += 1
            return
        channel = _channel_of_export(chat)
        author = self._author(message, chat)
        post = self._post(message, channel.native_id)
        post.author = None if author is None else author.native_id
        yield from self._said.news(channel)
        if author is not None:
            yield from self._said.news(author)
        yield post
        yield from self._reactions(message, post)

    def _post(self, message: Json, channel: str) -> PostRecord:
        number, answered = required(read_id(message["id"]), "id"), read_id(message.get("reply_to_message_id"))
        elsewhere = _account_id(message.get("reply_to_peer_id"))
        is_forwarded = message.get("forwarded_from") is not None or message.get("forwarded_from_id") is not None
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"{channel}/{number}",
            channel=channel,
            occurred_at=required(self._times.read(message.get("date_unixtime") or message.get("date")), "date"),
            kind="share" if is_forwarded else "post" if answered is None else "reply",
            text=_text(message.get("text")),
            url=address_of(channel, number),
            edited_at=self._edited(message),
            parent=None if answered is None else f"{elsewhere or channel}/{answered}",
            mentions=_mentions(message),
            likes=_reaction_count(message),
        )

    def _edited(self, message: Json) -> Any:
        """When it was edited; old exports wrote 1970 for never."""
        value = message.get("edited_unixtime") or message.get("edited")
        return None if value is None or str(value).startswith("1970-01-01") else self._times.read(value)

    @staticmethod
    def _author(message: Json, chat: Json) -> IdentityRecord | None:
        native_id, name = _account_id(message.get("from_id")), message.get("from") or None
        if native_id is None:
            return None if name is None else IdentityRecord(NETWORK, SOURCE, handle_id(name), display_name=name)
        is_bot = chat.get("type") == "bot_chat" and native_id == f"user{chat.get('id')}"
        return IdentityRecord(NETWORK, SOURCE, native_id, display_name=name, is_bot=is_bot or None)

    def _reactions(self, message: Json, post: PostRecord) -> Iterator[Record]:
        for reaction in message.get("reactions") or ():
            name = reaction.get("emoji") or reaction.get("document_id") or reaction.get("type")
            for one in reaction.get("recent") or ():
                actor = _account_id(one.get("from_id"))
                if actor is not None:
                    yield from self._said.news_of_stranger(
                        IdentityRecord(NETWORK, SOURCE, actor, display_name=one.get("from") or None)
                    )
                    yield InteractionRecord(
                        network=NETWORK,
                        source=SOURCE,
                        native_id=f"{post.native_id}/{name}/{actor}",
                        kind="like",
                        actor=actor,
                        target=post.author,
                        post=post.native_id,
                        occurred_at=self._times.read(one.get("date")),
                    )


def _channel_of_export(chat: Json) -> ChannelRecord:
    kind, number = str(chat.get("type") or ""), required(read_id(chat.get("id")), "chat's id")
    native_id = chat_id(kind, number)
    name = chat.get("name") or ("Saved messages" if kind == "saved_messages" else native_id)
    purpose = "community" if kind.endswith("group") else None
    return ChannelRecord(
        NETWORK, SOURCE, native_id, name, kind="public" if kind in _PUBLIC else "private", purpose=purpose
    )


def _text(value: Any) -> str:
    """A message's words: plain, or a list of plain parts and of links, mentions and the like.

    >>> _text(["See ", {"type": "link", "text": "https://example.org"}, "!"])
    'See https://example.org!'
    """
    if isinstance(value, list):
        value = "".join(part if isinstance(part, str) else str(part.get("text") or "") for part in value)
    return (value or "").strip()


def _mentions(message: Json) -> tuple[str, ...]:
    """Who is mentioned, by id where the name has no handle."""
    text = message.get("text")
    entities = message.get("text_entities") or (text if isinstance(text, list) else ())
    found: dict[str, None] = {}
    for entity in entities:
        if isinstance(entity, Mapping) and entity.get("type") == "mention":
            found[handle_id(str(entity.get("text") or ""))] = None
        elif isinstance(entity, Mapping) and entity.get("type") == "mention_name" and entity.get("user_id"):
            found[_account_id(entity["user_id"]) or ""] = None
    return tuple(found)


def _reaction_count(message: Json) -> int | None:
    """Reactions; the export leaves the list out where there are none, and older ones always did: then unknown."""
    reactions = message.get("reactions")
    return None if reactions is None else sum(read_count(reaction.get("count")) or 0 for reaction in reactions)


# --- the kinds of file


def _is_chat(document: Any) -> bool:
    if not isinstance(document, Mapping) or not isinstance(document.get("messages"), list):
        return False
    return str(document.get("type")) in USER_CHATS | GROUP_CHATS | CHANNEL_CHATS and "id" in document


def _is_account(document: Any) -> bool:
    if not isinstance(document, Mapping):
        return False
    lists = (document.get("chats"), document.get("left_chats"))
    if not any(isinstance(chats, Mapping) and isinstance(chats.get("list"), list) for chats in lists):
        return False
    chats = [chat for known in lists if isinstance(known, Mapping) for chat in known.get("list") or ()]
    return all(isinstance(chat, Mapping) and "type" in chat for chat in chats)


def _matches(sample: Sample) -> bool:
    document = sample.document
    return _is_chat(document) or _is_account(document) or are_updates(document)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    content, document = sample.content, sample.document
    if are_updates(document):
        return records_of_rows(read_items(content, "result.item"), Updates(options.zone, content.progress).records)
    export = _Export(options.zone, content.progress)
    if not _is_chat(document):
        return records_of_rows(read_grouped_items(content, _CHAT_LISTS, "messages"), export.records_of_one)
    chat = {name: document.get(name) for name in ("name", "type", "id")}
    return records_of_rows(read_items(content, "messages.item"), partial(export.records, chat))


FORMAT = Format(
    name="telegram",
    label="Telegram chats",
    description="The export of one chat or a whole account as JSON (result.json), or updates that a bot received.",
    matches=_matches,
    read=_read,
)
