"""Telegram: the app's export of one chat or of a whole account (``result.json``), or updates that a bot received.

A message's id is ``chat/number``, for numbers are unique within their chat only. Chats and accounts are named alike,
by what they are and their number (``user8``, ``chat1``, ``channel5``), whichever of the three files they come from.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

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

NETWORK = "telegram"
SOURCE = "telegram.org"
_USER_CHATS = frozenset({"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes", "private"})
_GROUP_CHATS = frozenset({"private_group", "group"})
_CHANNEL_CHATS = frozenset(
    {"private_supergroup", "public_supergroup", "private_channel", "public_channel", "supergroup", "channel"}
)
_PUBLIC = frozenset({"public_supergroup", "public_channel"})
_UPDATES = ("message", "edited_message", "channel_post", "edited_channel_post")
_CHAT_LISTS = ("chats.list.item", "left_chats.list.item")
#: What a message that somebody wrote may have instead of a text.
_BESIDE_TEXT = frozenset(
    {"text", "caption", "photo", "video", "audio", "voice", "document", "sticker", "animation", "video_note", "contact"}
    | {"location", "venue", "poll", "dice", "story"}
)

Json = Mapping[str, Any]


def _peer(kind: str, number: str) -> str:
    """A chat's id: a person's, a small group's, or a large group's or channel's, which bots see as -100...

    >>> _peer("personal_chat", "8"), _peer("group", "-7"), _peer("supergroup", "-1001234"), _peer("channel", "1234")
    ('user8', 'chat7', 'channel1234', 'channel1234')
    """
    if kind in _USER_CHATS:
        return f"user{number}"
    if kind in _GROUP_CHATS:
        return f"chat{number.lstrip('-')}"
    return f"channel{number.removeprefix('-100') if number.startswith('-100') else number.lstrip('-')}"


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
        answered = read_id(message.get("reply_to_message_id"))
        elsewhere = _account_id(message.get("reply_to_peer_id"))
        is_forwarded = message.get("forwarded_from") is not None or message.get("forwarded_from_id") is not None
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"{channel}/{required(read_id(message['id']), 'id')}",
            channel=channel,
            occurred_at=required(self._times.read(message.get("date_unixtime") or message.get("date")), "date"),
            kind="share" if is_forwarded else "post" if answered is None else "reply",
            text=_text(message.get("text")),
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
    peer = _peer(kind, number)
    name = chat.get("name") or ("Saved messages" if kind == "saved_messages" else peer)
    purpose = "community" if kind.endswith("group") else None
    return ChannelRecord(NETWORK, SOURCE, peer, name, kind="public" if kind in _PUBLIC else "private", purpose=purpose)


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


# --- a bot's updates


class _Updates:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()

    def records(self, update: Json) -> Iterator[Record]:
        """A message that a bot received, or what became of one that was edited."""
        kind = next((kind for kind in _UPDATES if kind in update), None)
        message = update[kind] if kind is not None else {}
        if not _BESIDE_TEXT & message.keys():
            others = sorted(update.keys() - {"update_id"}) if kind is None else sorted(message.keys() - _COMMON)
            self._skipped[f"not a post: {', '.join(others) or 'nothing'}"] += 1
            return
        channel, author = _channel_of_update(message["chat"]), _author_of_update(message)
        yield from self._said.news(channel)
        if author is not None:
            yield from self._said.news(author)
        yield self._post(message, channel.native_id, author)

    def _post(self, message: Json, channel: str, author: IdentityRecord | None) -> PostRecord:
        answered = message.get("reply_to_message") or {}
        occurred_at = required(self._times.read(message["date"]), "date")
        edited_at = self._times.read(message.get("edit_date"))
        is_forwarded = "forward_origin" in message or "forward_date" in message
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"{channel}/{required(read_id(message['message_id']), 'message_id')}",
            channel=channel,
            occurred_at=occurred_at,
            author=None if author is None else author.native_id,
            kind="share" if is_forwarded else "reply" if answered else "post",
            text=str(message.get("text") or message.get("caption") or "").strip(),
            edited_at=edited_at,
            parent=f"{channel}/{answered['message_id']}" if answered else None,
            mentions=_mentions_of_update(message),
            observed_at=edited_at or occurred_at,
        )


_COMMON = frozenset({"message_id", "from", "chat", "date", "sender_chat", "message_thread_id"})


def _channel_of_update(chat: Json) -> ChannelRecord:
    kind, number = str(chat["type"]), required(read_id(chat["id"]), "chat's id")
    peer = _peer(kind, number)
    handle = chat.get("username")
    is_public = kind in ("supergroup", "channel") and handle is not None
    return ChannelRecord(
        network=NETWORK,
        source=SOURCE,
        native_id=peer,
        name=chat.get("title") or _full_name(chat) or peer,
        kind="public" if is_public else "private",
        purpose="community" if kind in ("group", "supergroup") else None,
        url=f"https://t.me/{handle}" if is_public else None,
    )


def _author_of_update(message: Json) -> IdentityRecord | None:
    user, chat = message.get("from"), message.get("sender_chat")
    if chat is not None:
        peer = _peer(str(chat["type"]), str(chat["id"]))
        return IdentityRecord(NETWORK, SOURCE, peer, handle=chat.get("username"), display_name=chat.get("title"))
    return None if user is None else _user(user)


def _user(user: Json) -> IdentityRecord:
    return IdentityRecord(
        network=NETWORK,
        source=SOURCE,
        native_id=f"user{required(read_id(user['id']), 'id')}",
        handle=user.get("username"),
        display_name=_full_name(user),
        is_bot=user.get("is_bot"),
    )


def _full_name(person: Json) -> str | None:
    return " ".join(filter(None, (person.get("first_name"), person.get("last_name")))) or None


def _mentions_of_update(message: Json) -> tuple[str, ...]:
    """Who is mentioned; places in the text are counted in units of UTF-16."""
    text = str(message.get("text") or message.get("caption") or "").encode("utf-16-le")
    found: dict[str, None] = {}
    for entity in message.get("entities") or message.get("caption_entities") or ():
        if entity.get("type") == "mention":
            start = 2 * int(entity["offset"])
            handle = text[start : start + 2 * int(entity["length"])].decode("utf-16-le", "replace")
            found[handle_id(handle)] = None
        elif entity.get("type") == "text_mention":
            found[f"user{entity['user']['id']}"] = None
    return tuple(found)


# --- the kinds of file


def _is_chat(document: Any) -> bool:
    if not isinstance(document, Mapping) or not isinstance(document.get("messages"), list):
        return False
    return document.get("type") in _USER_CHATS | _GROUP_CHATS | _CHANNEL_CHATS and "id" in document


def _is_account(document: Any) -> bool:
    if not isinstance(document, Mapping):
        return False
    lists = (document.get("chats"), document.get("left_chats"))
    if not any(isinstance(chats, Mapping) and isinstance(chats.get("list"), list) for chats in lists):
        return False
    chats = [chat for known in lists if isinstance(known, Mapping) for chat in known.get("list") or ()]
    return all(isinstance(chat, Mapping) and "type" in chat for chat in chats)


def _are_updates(document: Any) -> bool:
    result = document.get("result") if isinstance(document, Mapping) else None
    return isinstance(result, list) and bool(result) and isinstance(result[0], Mapping) and "update_id" in result[0]


def _matches(sample: Sample) -> bool:
    document = sample.document
    return _is_chat(document) or _is_account(document) or _are_updates(document)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    content, document = sample.content, sample.document
    if _are_updates(document):
        return records_of_rows(read_items(content, "result.item"), _Updates(options.zone, content.progress).records)
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
