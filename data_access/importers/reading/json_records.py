"""Records in JSON: a list, a list inside an object, one object, or an object a line (NDJSON)."""

import io
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ijson
import orjson

from data_access.importers.reading.content import BROKEN, GZIP_MAGIC, REST_NOT_READ, Content, until_broken
from data_access.importers.reading.encodings import UTF8_MARK
from data_access.importers.reading.json_text import (
    open_lines,
    open_sound,
    why_broken,
    with_long_numbers_as_texts,
)
from data_access.importers.reading.table_rows import Row
from data_access.records import Refusal

_LOOKED_AT_EVENTS = 20_000
_JUDGED_RECORDS = 50
_HEAD_BYTES = 1 << 14
#: Documents up to this size are looked through to their end before they are imported; unpacked, up to that.
_LOOKED_THROUGH_BYTES, _MOST_UNPACKED_BYTES = 8 << 20, 64 << 20
#: A refused row is handed out to be mended: what is longer is kept in part.
RAW_CHARACTERS = 100_000


def flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A record's values by path; lists of plain values are joined, lists of objects left out.

    >>> flatten({"a": {"b": 1, "c": ["x", "y"]}, "d": [{"e": 2}]})
    {'a.b': 1, 'a.c': 'x, y'}
    """
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{key}."))
        elif isinstance(value, list):
            if value and not any(isinstance(item, (dict, list)) for item in value):
                flat[prefix + key] = ", ".join(str(item) for item in value)
        else:
            flat[prefix + key] = value
    return flat


def as_raw(record: Any) -> str:
    """A record as it stood, for a refusal."""
    if isinstance(record, str):
        return record[:RAW_CHARACTERS]
    try:
        return orjson.dumps(record, default=str).decode()[:RAW_CHARACTERS]
    except orjson.JSONEncodeError:
        pass
    try:  # half a surrogate pair as the file wrote it, and numbers of any length
        return json.dumps(record, default=str)[:RAW_CHARACTERS]
    except (TypeError, ValueError, RecursionError):
        pass
    try:
        return repr(record)[:RAW_CHARACTERS]
    except RecursionError:
        return "nested too deeply to be shown"


@dataclass(frozen=True)
class JsonRecords:
    """Where in a JSON file the records are: ``path`` as ijson writes it (``"data.posts.item"``); None for NDJSON."""

    columns: tuple[str, ...]
    path: str | None

    def read_objects(self, content: Content) -> Iterator[tuple[int, Any] | Refusal]:
        """The objects with their number (NDJSON: their line)."""
        if self.path is None:
            return read_lines(content)
        return read_items(content, self.path)

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The objects, flattened."""
        for item in self.read_objects(content):
            if isinstance(item, Refusal):
                yield item
            elif isinstance(item[1], dict):
                yield _flat_row(*item)
            else:
                yield Refusal(item[0], "is no object with named values", as_raw(item[1]))


def _flat_row(number: int, record: Mapping[str, Any]) -> Row | Refusal:
    try:
        return number, flatten(record)
    except RecursionError:
        return Refusal(number, "is nested too deeply", as_raw(record))


def read_items(content: Content, path: str) -> Iterator[tuple[int, Any] | Refusal]:
    """The values at a path of one JSON document, streamed; a break in the document ends them with a refusal."""
    number = 0
    with content.open() as stream:
        try:
            for value in ijson.items(open_sound(stream), path, use_float=True, multiple_values=True):
                number += 1
                content.progress.rows += 1
                yield number, value
        except ijson.JSONError as error:
            yield broken_off(number, error)


def broken_off(number: int, error: ijson.JSONError) -> Refusal:
    """What is said where a document breaks off after so many records."""
    records = "1 record" if number == 1 else f"{number:,} records"
    reason = f"the JSON breaks off after {records}: {why_broken(error)}. {REST_NOT_READ}"
    return Refusal(number + 1, reason)


def why_cut_off(content: Content) -> str | None:
    """Why a JSON document cannot be read to its end, as a sentence's end; None where it can, and for other files. Of a
    document that is too large to be looked through only its last sign is looked at, and that of a packed one is not."""
    if content.size_bytes > _LOOKED_THROUGH_BYTES:
        return _why_last_sign_is_none(content)
    try:
        with content.aside().open() as stream:
            text = stream.read(_MOST_UNPACKED_BYTES).removeprefix(UTF8_MARK)
    except BROKEN as error:
        return str(error)
    if text.lstrip()[:1] not in (b"{", b"[") or len(text) == _MOST_UNPACKED_BYTES or is_lines(text[:_HEAD_BYTES]):
        return None
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return _why_not_parsed(text)
    return None


def _why_not_parsed(text: bytes) -> str | None:
    """The same of a document that a strict parser does not take."""
    try:
        for _event in ijson.basic_parse(open_sound(io.BytesIO(text)), use_float=True, multiple_values=True):
            pass
    except ijson.JSONError as error:
        return why_broken(error)
    return None


def _why_last_sign_is_none(content: Content) -> str | None:
    start = content.head(_HEAD_BYTES).removeprefix(UTF8_MARK).lstrip()
    with content.open_raw() as raw:
        if start[:1] not in (b"{", b"[") or is_lines(start) or not raw.seekable() or raw.read(2) == GZIP_MAGIC:
            return None
        raw.seek(max(content.size_bytes - _HEAD_BYTES, 0))
        last = raw.read().rstrip(b" \r\n\t\0")[-1:]
    return None if last == (b"}" if start[:1] == b"{" else b"]") else "it ends in the middle"


def read_lines(content: Content) -> Iterator[tuple[int, Any] | Refusal]:
    """The values of NDJSON, one a line."""
    with content.open() as stream:
        for number, line in enumerate(open_lines(stream), start=1):
            if not line.strip():
                continue
            content.progress.rows += 1
            try:
                value = _read_line(line)
            except ValueError as error:
                yield Refusal(number, f"is no JSON: {error}", line.decode(errors="replace").rstrip("\r\n"))
            else:
                yield number, value


def _read_line(line: bytes) -> Any:
    """A line's value. Raises ``ValueError`` where it is no JSON."""
    line = with_long_numbers_as_texts(line)
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        try:  # what is no number, and a raw tab within a text, are no JSON either, but programs write them
            return json.loads(line, strict=False, parse_constant=lambda _name: None)
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error


def partial_document(content: Content) -> Any:
    """The beginning of a JSON document, as far as it was looked at; None where it is none."""
    builder = ijson.ObjectBuilder()
    with content.aside().open() as stream:
        try:
            events = ijson.basic_parse(open_sound(stream), use_float=True)
            for event, value in itertools.islice(events, _LOOKED_AT_EVENTS):
                builder.event(event, value)
        except (ijson.JSONError, *BROKEN):
            pass  # what was built before the break is what there is
    return getattr(builder, "value", None)


def is_lines(head: bytes) -> bool:
    """Whether a file's beginning holds an object a line."""
    lines = [line for line in open_lines(io.BytesIO(head)) if line.strip()][:3]
    objects = list(map(_is_object, lines))
    is_second_cut = objects[:1] == [True] and len(lines) == 2 and lines[1].lstrip().startswith(b"{")
    return sum(objects) > 1 or is_second_cut  # of the first three one may be damaged


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_read_line(line), dict)
    except ValueError:
        return False


def find_record_path(document: Any) -> str | None:
    """Where the records of a document are: the list of objects nearest to its root, the longest of those."""
    level: list[tuple[str, Any]] = [("", document)]
    for _depth in range(5):
        lists = [(path, value) for path, value in level if isinstance(value, list) and any(map(_is_filled, value))]
        if lists:
            path, _value = max(lists, key=lambda found: len(found[1]))
            return f"{path}.item" if path else "item"
        level = [
            (f"{path}.{key}" if path else key, inner)
            for path, value in level
            if isinstance(value, dict)
            for key, inner in value.items()
        ]
    return "" if _is_filled(document) else None


def _is_filled(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


def recognise_json(content: Content, head: bytes, document: Any) -> JsonRecords | None:
    """The records of a JSON file; None where it holds none."""
    path = None if is_lines(head) else find_record_path(document)
    if path is None and not is_lines(head):
        return None
    columns: dict[str, None] = {}
    is_broken = False
    for item in itertools.islice(until_broken(JsonRecords((), path).read_rows(content.aside())), _JUDGED_RECORDS):
        if isinstance(item, Refusal):
            is_broken = True
        else:
            columns.update(dict.fromkeys(item[1]))
    return None if is_broken and not columns else JsonRecords(tuple(columns), path)


def why_no_records(content: Content, document: Any) -> str:
    """What keeps a JSON file from being a table, as a sentence's end."""
    path = find_record_path(document)
    first = next(iter(read_items(content.aside(), path)), None) if path else None
    if isinstance(first, Refusal):
        why = first.reason.removesuffix(f". {REST_NOT_READ}").partition(": ")[2]
    else:
        why = why_cut_off(content) or ""
    return f"cannot be read from its first record on: {why}" if why else "holds no records"
