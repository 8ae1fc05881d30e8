"""Channels, accounts and organisations are said once, and again when something about them changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from data_access.records import BrandRecord, ChannelRecord, IdentityRecord, OrganizationRecord

_REMEMBERED = 50_000

Key = tuple[str, str, str, str]
Described = BrandRecord | ChannelRecord | IdentityRecord | OrganizationRecord


@dataclass
class Announced:
    """Remembers what was said last of the accounts and channels met lately, so that memory stays flat."""

    _last: dict[Key, Described] = field(default_factory=dict)

    def news(self, record: Described) -> Iterator[Described]:
        """The record, where it says something that was not said yet; nothing otherwise.

        >>> said = Announced()
        >>> ann = IdentityRecord("twitter", "twitter.com", "@ann", handle="ann")
        >>> len(list(said.news(ann))), len(list(said.news(ann)))
        (1, 0)
        """
        key = _key(record)
        last = self._last.get(key)
        if last is not None and _says_the_same(last, record):
            return
        if len(self._last) >= _REMEMBERED:
            self._last.clear()
        self._last[key] = replace(record)  # a copy: what comes after may change the record
        yield record

    def news_of_stranger(self, record: IdentityRecord) -> Iterator[Described]:
        """What little a mention says of an account; nothing where the account was said before, better."""
        if _key(record) not in self._last:
            yield from self.news(record)


def _key(record: Described) -> Key:
    if isinstance(record, BrandRecord):
        return "brand", record.name, "", ""
    return type(record).__name__, record.network, record.source, record.native_id


def _says_the_same(last: Described, record: Described) -> bool:
    """Whether two records differ by nothing but when they were observed."""
    if not isinstance(last, BrandRecord) and not isinstance(record, BrandRecord):
        last.observed_at = record.observed_at
    return last == record
