"""Discord: a channel as DiscordChatExporter saves it, or messages as Discord's API gives them."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, PostRecord, Record, Refusal

NETWORK = "discord"
SOURCE = "discord.com"
#: Messages that somebody wrote, by the exporter's names or by number: plain, answers, and what a bot said to a command.
_WRITTEN = frozenset({"Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "0", "19", "20", "23"})
_DIRECT = frozenset({"DirectTextChat", "DirectGroupTextChat"})
_WEB = "https://discord.com/channels"
_FORWARD = 1

Json = Mapping[str, Any]


class _Messages:
    """How messages become records. The exporter and the API name the same things differently."""

    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()

    def exported(self, channel: ChannelRecord, address: str, message: Json) -> Iterator[Record]:
        """A message in the exporter's form."""
        if self._is_note(message["type"]):
            return
        named = message.get("reference") or {}
        post = self._post(message, channel, named.get("messageId"), message.get("timestampEdited"))
        post.url = f"{address}/{post.native_id}"
        if post.parent and (message.get("forwardedMessage") or named.get("channelId") not in (None, channel.native_id)):
            post.kind = "share"
        if not post.text and message.get("forwardedMessage"):
            post.text = str(message["forwardedMessage"].get("content") or "").strip()
        post.text = post.text or _of_embeds(message)
        yield from self._with_accounts(message, channel, post, _exported_account)
        for reaction in message.get("reactions") or ():
            for user in reaction.get("users") or ():
                yield from self._said.news_of_stranger(_exported_account(user))
                yield _like(post, str(reaction["emoji"].get("name")), str(user["id"]))

    def answered(self, message: Json) -> Iterator[Record]:
        """A message in the API's form; it names its channel by id only."""
        if self._is_note(message.get("type", 0)):
            return
        named = message.get("message_reference") or {}
        channel = required(read_id(message["channel_id"]), "channel_id")
        guild = read_id(message.get("guild_id") or named.get("guild_id"))
        place = ChannelRecord(NETWORK, SOURCE, channel, channel, kind="private")
        post = self._post(message, place, named.get("message_id"), message.get("edited_timestamp"))
        post.url = f"{_WEB}/{guild}/{channel}/{post.native_id}" if guild else None
        if post.parent and (named.get("type") == _FORWARD or read_id(named.get("channel_id")) not in (None, channel)):
            post.kind = "share"
        post.text = post.text or _of_embeds(message)
        yield from self._with_accounts(message, place, post, _api_account)

    def _is_note(self, kind: Any) -> bool:
        if str(kind) in _WRITTEN:
            return False
        self._skipped[f"not a post: {kind}"] += 1
        return True

    def _post(self, message: Json, channel: ChannelRecord, parent: Any, edited: Any) -> PostRecord:
        author, answered = str(message["author"]["id"]), read_id(parent)
        mentioned = dict.fromkeys(str(account["id"]) for account in message.get("mentions") or ())
        reactions = message.get("reactions")
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=required(read_id(message["id"]), "id"),
            channel=channel.native_id,
            occurred_at=required(self._times.read(message["timestamp"]), "timestamp"),
            author=author,
            kind="post" if answered is None else "reply",
            text=str(message.get("content") or "").strip(),
            edited_at=self._times.read(edited),
            parent=answered,
            mentions=tuple(account for account in mentioned if account != author),
            likes=None if reactions is None else sum(read_count(reaction["count"]) or 0 for reaction in reactions),
        )

    def _with_accounts(
        self, message: Json, channel: ChannelRecord, post: PostRecord, account: Callable[[Json], IdentityRecord]
    ) -> Iterator[Record]:
        """The post, preceded by its channel and accounts where they are new."""
        yield from self._said.news(channel)
        yield from self._said.news(account(message["author"]))
        for mentioned in message.get("mentions") or ():
            yield from self._said.news_of_stranger(account(mentioned))
        yield post


def _like(post: PostRecord, emoji: str, actor: str) -> InteractionRecord:
    native_id = f"{post.native_id}/{emoji}/{actor}"
    return InteractionRecord(NETWORK, SOURCE, native_id, "like", actor=actor, target=post.author, post=post.native_id)


def _exported_account(data: Json) -> IdentityRecord:
    tag = data.get("discriminator")
    handle = data.get("name")
    if handle and tag and tag != "0000":
        handle = f"{handle}#{tag}"
    return _account(data, handle, data.get("nickname") or data.get("name"), data.get("isBot"))


def _api_account(data: Json) -> IdentityRecord:
    tag = data.get("discriminator")
    handle = data.get("username")
    if handle and tag and tag not in ("0", "0000"):
        handle = f"{handle}#{tag}"
    return _account(data, handle, data.get("global_name") or data.get("username"), data.get("bot"))


def _account(data: Json, handle: str | None, name: str | None, is_bot: bool | None) -> IdentityRecord:
    native_id = required(read_id(data["id"]), "id")
    return IdentityRecord(NETWORK, SOURCE, native_id, handle=handle or None, display_name=name or None, is_bot=is_bot)


def _of_embeds(message: Json) -> str:
    """What a message without a text shows, as bots write: its embeds' titles and descriptions."""
    parts = [embed.get(name) for embed in message.get("embeds") or () for name in ("title", "description")]
    return "\n".join(str(part) for part in parts if part)


# --- the kinds of file


def _is_export(document: Any) -> bool:
    if not isinstance(document, Mapping) or not {"guild", "channel", "messages"} <= document.keys():
        return False
    guild, channel = document["guild"], document["channel"]
    if not isinstance(guild, Mapping) or not isinstance(channel, Mapping):
        return False
    return all(isinstance(channel.get(name), str) and channel[name] for name in ("id", "type", "name"))


def _is_message(value: Any) -> bool:
    if not isinstance(value, Mapping) or not {"id", "channel_id", "author", "content", "timestamp"} <= value.keys():
        return False
    return isinstance(value["author"], Mapping) and {"id", "username"} <= value["author"].keys()


def _matches(sample: Sample) -> bool:
    return _is_export(sample.document) or (bool(sample.objects) and _is_message(sample.objects[0]))


def _channel(document: Json) -> ChannelRecord:
    channel = document["channel"]
    is_direct = channel["type"] in _DIRECT
    return ChannelRecord(
        network=NETWORK,
        source=SOURCE,
        native_id=required(read_id(channel["id"]), "channel's id"),
        name=channel["name"] if is_direct else f"{document['guild'].get('name')}: {channel['name']}",
        kind="private",
        purpose=None if is_direct else "community",
        url=_address(document),
    )


def _address(document: Json) -> str:
    guild = read_id(document["guild"].get("id"))
    return f"{_WEB}/{'@me' if guild in (None, '0') else guild}/{document['channel']['id']}"


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    messages = _Messages(options.zone, sample.content.progress)
    if not _is_export(sample.document):
        return records_of_rows(sample.read_objects(), messages.answered)
    make = partial(messages.exported, _channel(sample.document), _address(sample.document))
    return records_of_rows(read_items(sample.content, "messages.item"), make)


FORMAT = Format(
    name="discord",
    label="Discord channel",
    description="A channel saved by DiscordChatExporter as JSON, or messages of Discord's API.",
    matches=_matches,
    read=_read,
)
