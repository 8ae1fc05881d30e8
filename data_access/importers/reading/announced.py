"""Channels and accounts are said once, and again when something about them changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from data_access.records import BrandRecord, ChannelRecord, IdentityRecord

_REMEMBERED = 50_000

Described = BrandRecord | ChannelRecord | IdentityRecord


@dataclass
class Announced:
    """Remembers what was said last of the accounts and channels met lately, so that memory stays flat."""

    _last: dict[tuple[str, ...], Described] = field(default_factory=dict)

    def news(self, record: Described) -> Iterator[Described]:
        """The record, where it says something that was not said yet; nothing otherwise.

        >>> said = Announced()
        >>> ann = IdentityRecord("twitter", "twitter.com", "@ann", handle="ann")
        >>> len(list(said.news(ann))), len(list(said.news(ann)))
        (1, 0)
        """
        key, bare = _key_and_content(record)
        if self._last.get(key) == bare:
            return
        if len(self._last) >= _REMEMBERED:
            self._last.clear()
        self._last[key] = bare
        yield record


def _key_and_content(record: Described) -> tuple[tuple[str, ...], Described]:
    if isinstance(record, BrandRecord):
        return ("brand", record.name), record
    bare = record if record.observed_at is None else replace(record, observed_at=None)
    return (type(record).__name__, record.network, record.source, record.native_id), bare  # type: ignore[return-value]
