"""What an importer sees of a file to tell whether it is one of its own."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from data_access.importers.reading.columnar import MAGIC as PARQUET_MAGIC
from data_access.importers.reading.columnar import recognise_columnar
from data_access.importers.reading.content import GZIP_MAGIC, ZIP_MAGIC, Content, until_broken
from data_access.importers.reading.delimited import recognise_delimited
from data_access.importers.reading.encodings import UTF8_MARK, detect_encoding
from data_access.importers.reading.json_records import (
    JsonRecords,
    is_lines,
    partial_document,
    recognise_json,
    why_cut_off,
    why_no_records,
)
from data_access.importers.reading.mapping import MappingGuess
from data_access.importers.reading.mended import as_mended
from data_access.importers.reading.options import NOTHING_TO_IMPORT
from data_access.importers.reading.patterns import recognise_lines
from data_access.importers.reading.spreadsheet import recognise_spreadsheet
from data_access.importers.reading.table_rows import Row, Table
from data_access.records import Refusal

HEAD_BYTES = 1 << 20
SAMPLE_ROWS = 1_000
EXPORT_AGAIN = "Download or export it again."


@dataclass
class Sample:
    """The beginning of a file. ``table``: how to read it as rows, None where it is no table; ``document``: the
    beginning of a JSON document (its last values may be cut off), None for other files and for NDJSON; ``mapping``:
    which column holds which field, where that was told before; ``mended_from``: which
    import these rows were refused by; ``seen``, ``advice``: what to say where no importer knows it."""

    content: Content
    head: bytes
    table: Table | None = None
    document: Any = None
    mapping: MappingGuess | None = None
    mended_from: str | None = None
    seen: str = field(default="holds nothing that can be read as a table or as JSON.")
    advice: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's columns; none where it is no table."""
        return self.table.columns if self.table is not None else ()

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The first rows, by column."""
        if self.table is None:
            return []
        first = itertools.islice(until_broken(self.table.read_rows(self.content.aside())), SAMPLE_ROWS)
        return [item[1] for item in first if not isinstance(item, Refusal)]

    @cached_property
    def objects(self) -> list[dict[str, Any]]:
        """The first JSON objects as they are, nested; none for other files."""
        if not isinstance(self.table, JsonRecords):
            return []
        first = itertools.islice(until_broken(self.table.read_objects(self.content.aside())), SAMPLE_ROWS)
        return [item[1] for item in first if not isinstance(item, Refusal) and isinstance(item[1], dict)]

    def every_row(self) -> Iterator[dict[str, Any]]:
        """All rows of the table that can be read, by column, without counting as progress."""
        if self.table is not None:
            every = until_broken(self.table.read_rows(self.content.aside()))
            yield from (item[1] for item in every if not isinstance(item, Refusal))

    def read_rows(self) -> Iterator[Row | Refusal]:
        """All rows of the table, counted as progress."""
        return iter(()) if self.table is None else self.table.read_rows(self.content)

    def read_objects(self) -> Iterator[tuple[int, Any] | Refusal]:
        """All JSON objects, nested as they are, counted as progress."""
        return self.table.read_objects(self.content) if isinstance(self.table, JsonRecords) else iter(())

    def has_columns(self, *names: str) -> bool:
        """Whether the table has all of these columns."""
        return set(names) <= set(self.columns)


def _advice_on_json(sample: Sample) -> str:
    """What to do about JSON without records."""
    if sample.table is not None:
        return ""
    if why_cut_off(sample.content) is not None:
        return EXPORT_AGAIN
    return NOTHING_TO_IMPORT if sample.document in ([], {}) else ""


#: How archives that are not unpacked here begin, and what they are called; a tar says so further in.
_PACKED = {
    **{b"BZh%d1AY&SY" % level: "bzip2" for level in range(1, 10)},
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
}
_TAR_AT, _TAR = 257, b"ustar"
_UNPACK = "Unpack it, and import what is in it."


def _packed_with(head: bytes) -> str | None:
    """With what a file is packed that is not unpacked here; None for other files."""
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return "tar"
    return next((name for magic, name in _PACKED.items() if head.startswith(magic)), None)


_WEB_PAGE = re.compile(rb"<(!doctype\s+html|html)\b", re.IGNORECASE)


def _other_encoding_of_json(head: bytes) -> str | None:
    """The encoding of JSON that is not in UTF-8; None for everything else."""
    start = head[:64].decode(detect_encoding(head[:64]), errors="replace").lstrip("\ufeff \t\r\n")
    if not start.startswith(("[", "{")):
        return None
    encoding = detect_encoding(head)
    return None if encoding.startswith("utf-8") else encoding


def take_sample(content: Content, pattern: re.Pattern[str] | None = None) -> Sample:
    """Look at the beginning of a file. ``pattern``: how to read the lines of one that is neither a table in a format of
    its own nor JSON."""
    head = content.head(HEAD_BYTES)
    if content.encoding is None and (encoding := _other_encoding_of_json(head)) is not None:
        content.encoding = encoding
        head = content.head(HEAD_BYTES)
    sample = Sample(content, head)
    start = head.removeprefix(UTF8_MARK).lstrip()[:1]
    if not head.removeprefix(UTF8_MARK).strip():
        broken = content.why_broken(HEAD_BYTES)
        sample.seen = "is empty." if broken is None else f"is broken: {broken}."
        sample.advice = NOTHING_TO_IMPORT if broken is None else EXPORT_AGAIN
    elif head.startswith(GZIP_MAGIC):
        sample.seen = "is packed twice: unpack it once."
    elif (packing := _packed_with(head)) is not None:
        sample.seen, sample.advice = f"is packed with {packing}.", _UNPACK
    elif head.startswith(ZIP_MAGIC):
        sample.table = recognise_spreadsheet(content)
        sample.seen = "is a workbook or archive that holds no table." if sample.table is None else ""
        sample.advice = _UNPACK if sample.table is None else ""
    elif head.startswith(PARQUET_MAGIC):
        sample.table = recognise_columnar(content)
        sample.seen = "is a damaged Parquet file." if sample.table is None else ""
    elif start and start in b"[{":
        if not is_lines(head):
            sample.document = partial_document(content)
        sample.table = recognise_json(content, head, sample.document)
        sample.seen = f"is JSON that {why_no_records(content, sample.document)}."
        sample.advice = _advice_on_json(sample)
        if sample.table is None and sample.document is None:
            sample.table = recognise_delimited(head)
    elif pattern is None and _WEB_PAGE.match(head.removeprefix(UTF8_MARK).lstrip()):
        sample.seen, sample.advice = "is a web page, not data.", "Export the same as CSV or JSON."
    elif pattern is not None:
        sample.table = recognise_lines(head, pattern)
    else:
        sample.table = recognise_delimited(head)
    if sample.table is not None:
        sample.table, sample.mended_from = as_mended(sample.table, content)
    return sample
