"""Mattermost: answers of its API saved to files (posts, people, channels), or its bulk export (a JSON object a line).

The files of a folder belong to each other: people and channels are read first, for posts name them by id. In the bulk
export nothing has an id: people are known by their names, posts by author, time and text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.json_values import beginning_document, read_values
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import EARLIEST, TimeReader, read_count, read_id, required
from data_access.records import (
    ChannelRecord,
    IdentityRecord,
    InteractionRecord,
    PostRecord,
    Record,
    Refusal,
    content_id,
    handle_id,
)

NETWORK = SOURCE = "mattermost"
_EVERYBODY = frozenset({"all", "channel", "here"})
_MENTION = re.compile(r"(?<![\w@/.])@([a-z\d][\w.-]*[\w-]|[a-z\d])", re.IGNORECASE)
_BULK_KINDS = frozenset(
    ["version", "role", "scheme", "team", "channel", "user", "post", "direct_channel", "direct_post", "emoji", "bot"]
)

Json = Mapping[str, Any]


def _person(native_id: str, user: Json, observed_at: datetime | None) -> IdentityRecord:
    """An account, as the API and the bulk export describe it alike."""
    name = " ".join(filter(None, (user.get("first_name"), user.get("last_name"))))
    return IdentityRecord(
        network=NETWORK,
        source=SOURCE,
        native_id=native_id,
        handle=user["username"],
        display_name=name or user.get("nickname") or None,
        email=(user.get("email") or "").lower() or None,
        bio=user.get("position") or None,
        is_team=True if "system_admin" in (user.get("roles") or "").split() else None,
        is_bot=user.get("is_bot"),
        observed_at=observed_at,
    )


def _shown(post: Json) -> str:
    """A post's message; what a program posted may stand in attachments only."""
    attached = (post.get("props") or {}).get("attachments") or ()
    parts = (part.get(name) for part in attached for name in ("pretext", "title", "text"))
    return str(post.get("message") or "").strip() or "\n".join(part for part in parts if part).strip()


class _Team:
    """The people and channels of a server, and how its posts become records."""

    def __init__(self, progress: Progress, time_zone: str) -> None:
        self._skipped = progress.skipped
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._ids: dict[str, str] = {}
        self._channels: set[str] = set()

    # --- the API

    def person(self, user: Json) -> Iterator[Record]:
        """A person of ``users`` or ``users/{id}``."""
        native_id = required(read_id(user["id"]), "id")
        self._ids[user["username"].lower()] = native_id
        yield from self._said.news(_person(native_id, user, self._moment(user.get("update_at"))))

    def channel(self, data: Json) -> Iterator[Record]:
        """A channel of ``channels``."""
        native_id = required(read_id(data["id"]), "id")
        self._channels.add(native_id)
        yield from self._said.news(_channel(native_id, data.get("display_name") or data.get("name") or native_id))

    def post(self, post: Json) -> Iterator[Record]:
        """A post, followed by the reactions to it."""
        if str(post.get("type") or "").startswith("system_"):
            self._skipped[f"not a post: {post['type']}"] += 1
            return
        native_id = required(read_id(post["id"]), "id")
        channel = required(read_id(post["channel_id"]), "channel_id")
        parent = read_id(post.get("root_id"))
        author = read_id(post.get("user_id"))
        reactions = (post.get("metadata") or {}).get("reactions")
        record = self._record(post, native_id, channel, author, parent)
        record.edited_at = self._moment(post.get("edit_at"))
        record.deleted_at = self._moment(post.get("delete_at"))
        record.likes = None if reactions is None else len(reactions)
        record.replies = read_count(post.get("reply_count")) if parent is None else None
        if channel not in self._channels:
            unnamed = _channel(channel, channel)
            unnamed.observed_at = EARLIEST  # so that a name which another file gives stands
            yield from self._said.news(unnamed)
        yield record
        for reaction in reactions or ():
            yield self._like(record, required(read_id(reaction["user_id"]), "user_id"), reaction)

    # --- the bulk export

    def bulk(self, line: Json) -> Iterator[Record]:
        """What a line of the bulk export says."""
        kind = str(line["type"])
        data = line.get(kind) or {}
        if kind == "user":
            yield from self._said.news(_person(handle_id(data["username"]), data, None))
        elif kind == "channel":
            yield from self._said.news(_channel(_bulk_channel(data), data.get("display_name") or data["name"]))
        elif kind == "post":
            yield from self._bulk_post(data, f"{data['team']}/{data['channel']}", None)
        elif kind == "direct_post":
            members = ", ".join(sorted(data["channel_members"]))
            yield from self._said.news(_channel(f"direct/{members}", members))
            yield from self._bulk_post(data, f"direct/{members}", None)
        else:
            self._skipped[f"not a post: {kind}"] += 1

    def _bulk_post(self, post: Json, channel: str, above: str | None) -> Iterator[Record]:
        if str(post.get("type") or "").startswith("system_"):
            self._skipped[f"not a post: {post['type']}"] += 1
            return
        author = handle_id(post["user"])
        written = required(self._moment(post["create_at"]), "create_at")
        native_id = f"{channel}/{content_id(author, written, _shown(post))}"
        record = self._record(post, native_id, channel, author, above)
        record.edited_at = self._moment(post.get("edit_at"))
        replies, reactions = post.get("replies") or (), post.get("reactions") or ()
        record.likes = len(reactions)
        record.replies = len(replies) if above is None else None
        yield record
        for reaction in reactions:
            yield self._like(record, handle_id(reaction["user"]), reaction)
        for reply in replies:
            yield from self._bulk_post(reply, channel, native_id)

    # --- both

    def _moment(self, value: Any) -> datetime | None:
        """A time in milliseconds since 1970; 0 is none."""
        return self._times.read(value) if value else None

    def _record(self, post: Json, native_id: str, channel: str, author: str | None, parent: str | None) -> PostRecord:
        text = _shown(post)
        names = dict.fromkeys(name.lower() for name in _MENTION.findall(text))
        mentioned = (self._ids.get(name, handle_id(name)) for name in names if name not in _EVERYBODY)
        return PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=channel,
            occurred_at=required(self._moment(post["create_at"]), "create_at"),
            author=author,
            kind="post" if parent is None else "reply",
            text=text,
            parent=parent,
            root=parent or native_id,
            mentions=tuple(one for one in mentioned if one != author),
        )

    def _like(self, post: PostRecord, actor: str, reaction: Json) -> InteractionRecord:
        return InteractionRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"{post.native_id}/{reaction['emoji_name']}/{actor}",
            kind="like",
            actor=actor,
            target=post.author,
            post=post.native_id,
            occurred_at=self._moment(reaction.get("create_at")),
        )


def _channel(native_id: str, name: str) -> ChannelRecord:
    return ChannelRecord(NETWORK, SOURCE, native_id, name, kind="private", purpose="community")


def _bulk_channel(data: Json) -> str:
    return f"{data['team']}/{data['name']}"


# --- the kinds of file


def _held(document: Any) -> str | None:
    """What an answer of the API holds: posts, people or channels; None where it is none of Mattermost's."""
    if isinstance(document, list):
        held = _held_by_object(document[0]) if document else None
        return None if held == "posts" else held
    return _held_by_object(document)


def _held_by_object(document: Any) -> str | None:
    if not isinstance(document, Mapping):
        return None
    has = document.keys()
    posts = document.get("posts")
    if isinstance(posts, Mapping) and isinstance(document.get("order"), list):
        return "posts"
    if {"id", "username", "create_at", "update_at", "delete_at"} <= has:
        return "people"
    return "channels" if {"id", "team_id", "display_name", "create_at", "delete_at", "type"} <= has else None


def _is_bulk(sample: Sample) -> bool:
    first = sample.objects[:1] if sample.document is None else []
    return bool(first) and first[0].get("type") in _BULK_KINDS and first[0]["type"] in first[0]


def _look(content: Content) -> tuple[str | None, bool]:
    """What a file holds, and whether as a list, told from its beginning."""
    document = beginning_document(content)
    return _held(document), isinstance(document, list)


def _find_folders(files: Mapping[str, Content]) -> list[str]:
    """The folders that hold posts, and people or channels beside them."""
    held: dict[str, set[str]] = {}
    for path, content in files.items():
        found = _look(content)[0]
        if found is not None:
            parent = str(PurePosixPath(path).parent)
            held.setdefault("" if parent == "." else parent, set()).add(found)
    return sorted(folder for folder, kinds in held.items() if "posts" in kinds and len(kinds) > 1)


def _read_file(content: Content, held: str, is_list: bool, team: _Team) -> Iterator[Record | Refusal]:
    makers: dict[str, Callable[[Json], Iterator[Record]]] = {
        "posts": team.post,
        "people": team.person,
        "channels": team.channel,
    }
    rows = read_values(content, "posts") if held == "posts" else read_items(content, "item" if is_list else "")
    for record in records_of_rows(rows, makers[held]):
        if isinstance(record, Refusal):
            record.reason = f"{PurePosixPath(content.name).name}: {record.reason}"
        yield record


def _read_bundle(bundle: Bundle, options: ImportOptions) -> Iterator[Record | Refusal]:
    team = _Team(bundle.progress, options.zone)
    looked = {path: _look(content) for path, content in bundle.files.items()}
    for kind in ("people", "channels", "posts"):
        for path, (held, is_list) in sorted(looked.items()):
            if held == kind:
                yield from _read_file(bundle.files[path], kind, is_list, team)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    if _is_bulk(sample):
        return records_of_rows(sample.read_objects(), _Team(sample.content.progress, options.zone).bulk)
    name = PurePosixPath(sample.content.name).name
    return _read_bundle(Bundle(name, {name: sample.content}, sample.content.progress), options)


FORMAT = Format(
    name="mattermost",
    label="Mattermost posts",
    description="Answers of Mattermost's API (posts, people, channels), alone or in a folder; or its bulk export.",
    matches=lambda sample: _held(sample.document) is not None or _is_bulk(sample),
    read=_read,
    find_bundles=_find_folders,
    read_bundle=_read_bundle,
    takes=lambda below, content: "/" not in below and _look(content)[0] is not None,
)
