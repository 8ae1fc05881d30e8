"""What the caller's options change in any importer's records, and what no store can keep is taken out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.json_records import RAW_CHARACTERS, as_raw
from data_access.importers.reading.options import ImportOptions
from data_access.records import (
    BrandRecord,
    ChannelDayRecord,
    ChannelRecord,
    IdentityRecord,
    Note,
    PostRecord,
    Record,
    Refusal,
)


class Overrides:
    """``--brand``, ``--channel`` (one channel for everything) and ``--team``, applied to one record after the other."""

    def __init__(self, options: ImportOptions) -> None:
        self._team = {member.lstrip("@").lower() for member in options.team}
        self._brand, self._channel = options.brand, options.channel
        self._said = Announced()

    def first(self) -> Iterator[Record]:
        """What goes before all records."""
        return iter(()) if self._brand is None else self._said.news(BrandRecord(self._brand))

    def applied(self, record: Record | Refusal | Note) -> Iterable[Record | Refusal | Note]:
        """The record as it goes on; nothing where it says nothing new. What no store can keep is taken out of it."""
        try:
            if isinstance(record, PostRecord):  # the commonest: what is plain ASCII is not looked at twice
                joined = "".join(filter(None, _TEXTS_OF_POST(record)))
                if not joined.isascii() or "\x00" in joined:
                    storable(record)
                if self._channel is not None:
                    record.channel = self._channel
                return (record,)
            storable(record)
        except TypeError as error:
            return (_refused(record, error),)
        return self._described(record)

    def _described(self, record: Record | Refusal | Note) -> Iterable[Record | Refusal | Note]:
        if isinstance(record, IdentityRecord):
            if self._team and _is_named(record, self._team):
                record.is_team = True
        elif isinstance(record, ChannelRecord):
            if self._channel is not None:
                record.name = record.native_id = self._channel
            if self._brand is not None:
                record.brand = self._brand
            return self._said.news(record)
        elif isinstance(record, BrandRecord) and self._brand is not None:
            return ()
        elif isinstance(record, ChannelDayRecord) and self._channel is not None:
            record.channel = self._channel
        return (record,)


def apply_options(
    records: Iterable[Record | Refusal | Note], options: ImportOptions
) -> Iterator[Record | Refusal | Note]:
    """The records with the options applied."""
    overrides = Overrides(options)
    yield from overrides.first()
    for record in records:
        yield from overrides.applied(record)


def apply_options_to_blocks(
    blocks: Iterable[list[Record | Refusal | Note]], options: ImportOptions
) -> Iterator[list[Record | Refusal | Note]]:
    """``apply_options`` to blocks in which every post can be kept as it stands."""
    overrides = Overrides(options)
    yield list(overrides.first())
    for block in blocks:
        applied: list[Record | Refusal | Note] = []
        for record in block:
            if type(record) is not PostRecord:
                applied += overrides.applied(record)
                continue
            if options.channel is not None:
                record.channel = options.channel
            applied.append(record)
        yield applied


def _refused(record: Record | Refusal | Note, error: TypeError) -> Refusal:
    """A record that has something else where a text belongs, such as a list."""
    kind: Any = type(record)
    names, _texts = _texts_of(kind)
    wrong = [name for name in names if not isinstance(getattr(record, name), str | None)]
    if not wrong:
        raise error
    return Refusal(None, f"has no text as its {', '.join(wrong)}", as_raw(record))


def _is_named(identity: IdentityRecord, team: set[str]) -> bool:
    names = (identity.handle, identity.native_id)
    return any(name is not None and name.lstrip("@").lower() in team for name in names)


@cache
def _texts_of(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[str | None, ...]]]:
    """The names of a record's texts, and what reads them all."""
    names = [field.name for field in fields(kind) if "str" in str(field.type) and "[" not in str(field.type)]
    return tuple(names), attrgetter(*names, names[0])  # one more, for with one name it gives no tuple


_NAMES_OF_POST, _TEXTS_OF_POST = _texts_of(PostRecord)


def storable(record: Record | Refusal | Note) -> None:
    """Take out of a record's texts what no database keeps: NUL, and halves of letters that are no Unicode text."""
    if isinstance(record, Refusal) and record.raw is not None:
        record.raw = record.raw[:RAW_CHARACTERS]
    kind: Any = type(record)
    names, texts = _texts_of(kind)
    joined = "".join(filter(None, texts(record)))
    if "\x00" not in joined and _is_unicode(joined):
        return
    for name in names:
        text = getattr(record, name)
        if text is not None:
            setattr(record, name, _without_impossible(text))


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_impossible(text: str) -> str:
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
