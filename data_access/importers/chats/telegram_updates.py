"""Telegram's updates that a bot received, and how chats are named whichever file they come from."""

from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.values import TimeReader, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, handle_id

NETWORK = "telegram"
SOURCE = "telegram.org"
USER_CHATS = frozenset({"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes", "private"})
GROUP_CHATS = frozenset({"private_group", "group"})
CHANNEL_CHATS = frozenset(
    {"private_supergroup", "public_supergroup", "private_channel", "public_channel", "supergroup", "channel"}
)
_UPDATES = ("message", "edited_message", "channel_post", "edited_channel_post")
_COMMON = frozenset({"message_id", "from", "chat", "date", "sender_chat", "message_thread_id"})
#: What a message that somebody wrote may have instead of a text.
_BESIDE_TEXT = frozenset(
    {"text", "caption", "photo", "video", "audio", "voice", "document", "sticker", "animation", "video_note", "contact"}
    | {"location", "venue", "poll", "dice", "story"}
)

Json = Mapping[str, Any]


def chat_id(kind: str, number: str) -> str:
    """A chat's id: a person's, a small group's, or a large group's or channel's, which bots see as -100...

    >>> chat_id("personal_chat", "8"), chat_id("group", "-7"), chat_id("supergroup", "-1001234")
    ('user8', 'chat7', 'channel1234')
    """
    if kind in USER_CHATS:
        return f"user{number}"
    if kind in GROUP_CHATS:
        return f"chat{number.lstrip('-')}"
    return f"channel{number.removeprefix('-100') if number.startswith('-100') else number.lstrip('-')}"


def address_of(chat: str, message: str, handle: str | None = None) -> str | None:
    """Where a message is seen: by everybody where its chat has a handle, else by the chat's members. None in chats of
    people and small groups, whose messages have no address.

    >>> address_of("channel1234", "5"), address_of("channel1234", "5", "lamps"), address_of("user8", "5")
    ('https://t.me/c/1234/5', 'https://t.me/lamps/5', None)
    """
    number = chat.removeprefix("channel")
    if number == chat or not number.isdecimal() or not message.isdecimal():
        return None
    return f"https://t.me/{handle or f'c/{number}'}/{message}"


class Updates:
    """How a bot's updates become records."""

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
        number = required(read_id(message["message_id"]), "message_id")
        occurred_at = required(self._times.read(message["date"]), "date")
        edited_at = self._times.read(message.get("edit_date"))
        is_forwarded = "forward_origin" in message or "forward_date" in message
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"{channel}/{number}",
            channel=channel,
            occurred_at=occurred_at,
            author=None if author is None else author.native_id,
            kind="share" if is_forwarded else "reply" if answered else "post",
            text=str(message.get("text") or message.get("caption") or "").strip(),
            url=address_of(channel, number, message["chat"].get("username")),
            edited_at=edited_at,
            parent=f"{channel}/{answered['message_id']}" if answered else None,
            mentions=_mentions_of_update(message),
            observed_at=edited_at or occurred_at,
        )


def _channel_of_update(chat: Json) -> ChannelRecord:
    kind, number = str(chat["type"]), required(read_id(chat["id"]), "chat's id")
    native_id = chat_id(kind, number)
    handle = chat.get("username")
    is_public = kind in ("supergroup", "channel") and handle is not None
    return ChannelRecord(
        network=NETWORK,
        source=SOURCE,
        native_id=native_id,
        name=chat.get("title") or _full_name(chat) or native_id,
        kind="public" if is_public else "private",
        purpose="community" if kind in ("group", "supergroup") else None,
        url=f"https://t.me/{handle}" if is_public else None,
    )


def _author_of_update(message: Json) -> IdentityRecord | None:
    user, chat = message.get("from"), message.get("sender_chat")
    if chat is not None:
        native_id = chat_id(str(chat["type"]), str(chat["id"]))
        return IdentityRecord(NETWORK, SOURCE, native_id, handle=chat.get("username"), display_name=chat.get("title"))
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


def are_updates(document: Any) -> bool:
    """Whether a document is an answer with updates."""
    result = document.get("result") if isinstance(document, Mapping) else None
    return isinstance(result, list) and bool(result) and isinstance(result[0], Mapping) and "update_id" in result[0]
