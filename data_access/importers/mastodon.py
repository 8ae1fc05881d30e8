"""Mastodon statuses, as its API gives them: a list, a search's or a thread's answer, or a status a line.

Ids belong to the server that was asked, not to the author's: a server knows its own accounts without a host, and its
own addresses of tags, so each status tells.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.json_records import JsonRecords, read_items
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, read_language, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal

NETWORK = "mastodon"
UNKNOWN_SOURCE = "mastodon"
_LISTS = ("statuses", "ancestors", "descendants")
_NOT_PUBLIC = frozenset({"private", "direct", "limited"})
_FILES_HOST = re.compile(r"^(?:files|media|cdn|assets|static|s3|pool|social-cdn)\.")

Json = Mapping[str, Any]


def _host(address: Any) -> str | None:
    return urlsplit(address).hostname if isinstance(address, str) else None


def _own_hosts(status: Json) -> Iterator[str | None]:
    """What in a status only the server that served it can have written, the surest first."""
    for account in (status.get("account") or {}, *(status.get("mentions") or ())):
        if "@" not in account.get("acct", "@"):
            yield _host(account.get("url"))
    for tag in status.get("tags") or ():
        yield _host(tag.get("url"))


def serving_host(status: Json, known: Mapping[str, int]) -> str:
    """The server whose ids a status carries: by its own marks, by where its pictures are, else the file's usual."""
    own = next((host for host in _own_hosts(status) if host), None)
    if own is not None:
        return own
    pictures = _host((status.get("account") or {}).get("avatar")) or ""
    for host in known:
        if pictures == host or pictures.endswith("." + host):
            return host
    if known:
        return max(known, key=lambda host: known[host])
    return _FILES_HOST.sub("", pictures) or UNKNOWN_SOURCE


class _Statuses:
    def __init__(self, sample: Sample, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()
        marks = (next((host for host in _own_hosts(status) if host), None) for status in _sampled(sample))
        self._known = Counter(host for host in marks if host)

    def records(self, status: Json) -> Iterator[Record]:
        """A status and, where it shares another, that one before it."""
        source = serving_host(status, self._known)
        shared = status.get("reblog")
        if isinstance(shared, Mapping):
            yield from self._status(shared, source, None)
        yield from self._status(status, source, shared)

    def _status(self, status: Json, source: str, shared: Json | None) -> Iterator[Record]:
        account = self._account(status["account"], source)
        channel = self._channel(source, status.get("visibility"))
        post = PostRecord(
            network=NETWORK,
            source=source,
            native_id=required(read_id(status["id"]), "id"),
            channel=channel.native_id,
            occurred_at=required(self._times.read(status["created_at"]), "created_at"),
            author=account.native_id,
            text="" if shared else html_to_text(status.get("content") or ""),
            title=html_to_text(status.get("spoiler_text") or "") or None,
            url=status.get("url") or status.get("uri"),
            language=read_language(status.get("language")),
            edited_at=self._times.read(status.get("edited_at")),
            mentions=tuple(dict.fromkeys(str(mention["id"]) for mention in status.get("mentions") or ())),
            likes=read_count(status.get("favourites_count")),
            shares=read_count(status.get("reblogs_count")),
            replies=read_count(status.get("replies_count")),
        )
        _place_in_thread(post, status, shared)
        yield from self._said.news(channel)
        yield from self._said.news(account)
        for mention in status.get("mentions") or ():
            known = IdentityRecord(
                NETWORK, source, str(mention["id"]), handle=mention.get("acct"), url=mention.get("url")
            )
            yield from self._said.news_of_stranger(known)
        yield post

    @staticmethod
    def _channel(source: str, visibility: Any) -> ChannelRecord:
        if visibility in _NOT_PUBLIC:
            return ChannelRecord(NETWORK, source, "not public", f"{source} (not public)", kind="private")
        return ChannelRecord(NETWORK, source, "public", source, url=f"https://{source}")

    @staticmethod
    def _account(account: Json, source: str) -> IdentityRecord:
        return IdentityRecord(
            network=NETWORK,
            source=source,
            native_id=required(read_id(account["id"]), "account id"),
            handle=account.get("acct") or account.get("username"),
            display_name=account.get("display_name") or None,
            bio=html_to_text(account.get("note") or "") or None,
            url=account.get("url"),
            followers=read_count(account.get("followers_count")),
            is_bot=account.get("bot"),
        )


def _place_in_thread(post: PostRecord, status: Json, shared: Json | None) -> None:
    if shared:
        post.kind = "share"
        post.parent = read_id(shared["id"])
        post.parent_author = read_id(shared["account"]["id"])
    elif status.get("in_reply_to_id") is not None:
        post.kind = "reply"
        post.parent = read_id(status["in_reply_to_id"])
        post.parent_author = read_id(status.get("in_reply_to_account_id"))


def _is_status(value: Any) -> bool:
    return isinstance(value, Mapping) and {"id", "created_at", "content", "account"} <= value.keys() and (
        isinstance(value["account"], Mapping) and "acct" in value["account"]
    )  # fmt: skip


def _sampled(sample: Sample) -> list[Json]:
    """The first statuses of a file, wherever it keeps them."""
    document = sample.document
    lists = [document.get(name) or [] for name in _LISTS] if isinstance(document, Mapping) else [sample.objects]
    found = [status for status in itertools.chain(*lists) if _is_status(status)]
    return found or [document] if _is_status(document) else found


def _paths(sample: Sample) -> list[str]:
    if _is_status(sample.document):
        return [""]
    return [f"{name}.item" for name in _LISTS] if isinstance(sample.document, Mapping) else ["item"]


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    statuses = _Statuses(sample, options.zone)
    if isinstance(sample.table, JsonRecords) and sample.table.path is None:
        yield from records_of_rows(sample.table.read_objects(sample.content), statuses.records)
        return
    for path in _paths(sample):
        yield from records_of_rows(read_items(sample.content, path), statuses.records)


FORMAT = Format(
    name="mastodon",
    label="Mastodon statuses",
    description="JSON of Mastodon's API: statuses with their accounts, shares, replies and counts.",
    matches=lambda sample: bool(_sampled(sample)),
    read=_read,
)
