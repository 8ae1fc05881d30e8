"""An account's repository of the AT Protocol (a CAR file, ``com.atproto.sync.getRepo``): its posts, likes, follows.

A CAR file is a header and blocks in any order. The blocks of the repository's tree say under which name each record
stands, so the file is read twice: names first, then records.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

import libipld

from data_access.importers.reading.content import Content
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.social.at_proto import AtRecords
from data_access.records import Record, Refusal

#: A record takes up a megabyte at most; what claims more is no block.
_LARGEST_BLOCK = 1 << 24
_CID_BYTES = 36
_SHA256_CBOR = bytes((1, 0x71, 0x12, 32))


class _Block(NamedTuple):
    number: int
    cid: bytes
    data: bytes


class _Cut(ValueError):
    """The file ends or goes wrong within a block."""


def _varint(stream: IO[bytes]) -> int | None:
    """The next length; None at the end of the file."""
    value, shift = 0, 0
    while byte := stream.read(1):
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7
        if shift > 56:
            raise _Cut("a length that cannot be")
    if shift:
        raise _Cut("the file ends within a length")
    return None


def _section(stream: IO[bytes]) -> bytes | None:
    length = _varint(stream)
    if length is None:
        return None
    if length > _LARGEST_BLOCK:
        raise _Cut(f"a block of {length:,} bytes")
    data = stream.read(length)
    if len(data) < length:
        raise _Cut("the file ends within a block")
    return data


def _blocks(content: Content) -> Iterator[_Block]:
    """The blocks after the header. Raises ``_Cut`` where they break off."""
    with content.open() as stream:
        _section(stream)
        number = 0
        while (section := _section(stream)) is not None:
            number += 1
            yield _Block(number, section[:_CID_BYTES], section[_CID_BYTES:])


def _decoded(block: _Block) -> Any:
    """What a block holds. Raises ``Damaged`` where its bytes are not what its name promises."""
    if not block.cid.startswith(_SHA256_CBOR):
        raise Damaged("is a block of an unknown kind")
    if hashlib.sha256(block.data).digest() != block.cid[len(_SHA256_CBOR) :]:
        raise Damaged("is damaged: its checksum does not fit")
    try:
        return libipld.decode_dag_cbor(block.data)
    except ValueError as error:
        raise Damaged(f"cannot be decoded: {error}") from error


class _Tree:
    """Whose a repository is, and under which names each block stands (by its id; several are rare)."""

    def __init__(self, content: Content) -> None:
        self.owner: str | None = None
        self.names: dict[bytes, str] = {}
        try:
            for block in _blocks(content):
                self._learn(block)
        except _Cut:
            pass  # reading the records says where the file breaks off

    def _learn(self, block: _Block) -> None:
        try:
            value = _decoded(block)
        except Damaged:
            return  # reading the records refuses it
        if not isinstance(value, Mapping) or "$type" in value:
            return
        if isinstance(value.get("did"), str) and "data" in value:
            self.owner = value["did"]
        elif "e" in value and "l" in value:
            name = b""
            for entry in value["e"]:
                name = name[: entry["p"]] + bytes(entry["k"])
                known = self.names.get(entry["v"])
                self.names[entry["v"]] = f"{known} {name.decode()}" if known else name.decode()


class _Repository:
    def __init__(self, tree: _Tree, sample: Sample, time_zone: str) -> None:
        self._tree = tree
        self._at = AtRecords(time_zone, sample.content.progress)

    def records(self, block: _Block) -> Iterator[Record]:
        """What a block says under each of its names; the tree's own blocks say nothing here."""
        record = _decoded(block)
        if not isinstance(record, Mapping) or "$type" not in record:
            return
        names = self._tree.names.get(block.cid)
        if names is None or self._tree.owner is None:
            raise Damaged("stands nowhere in the repository's tree: the file is incomplete, download it again")
        for name in names.split(" "):
            yield from self._at.records(f"at://{self._tree.owner}/{name}", record)


def _counted(content: Content) -> Iterator[tuple[int, _Block] | Refusal]:
    number = 0
    try:
        for block in _blocks(content):
            number = block.number
            content.progress.rows += 1
            yield number, block
    except _Cut as cut:
        yield Refusal(number + 1, f"the repository breaks off after {number:,} blocks: {cut}")


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    repository = _Repository(_Tree(sample.content.aside()), sample, options.zone)
    return records_of_rows(_counted(sample.content), repository.records)


def _matches(sample: Sample) -> bool:
    start = sample.head[:200]
    return b"eroots" in start and b"gversion" in start and not start.isascii()


FORMAT = Format(
    name="bluesky_repository",
    label="Bluesky repository",
    description="An account's repository of the AT Protocol: a CAR file with its posts, likes, reposts and follows.",
    matches=_matches,
    read=_read,
)
