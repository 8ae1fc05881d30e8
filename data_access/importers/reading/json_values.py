"""JSON of which only a part is wanted: the values of an object that keeps records by id, or a small beginning."""

import io
from collections.abc import Iterator
from typing import Any

import ijson

from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import broken_off, partial_document
from data_access.importers.reading.json_text import open_sound
from data_access.records import Refusal

_BEGINNING_BYTES = 1 << 15


def beginning_document(content: Content) -> Any:
    """A JSON document as far as its first 32 kB go; None for other files. Cheap: for looking through folders."""
    head = content.head(_BEGINNING_BYTES)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return None
    return partial_document(Content(content.name, len(head), lambda: io.BytesIO(head)))


def read_values(content: Content, path: str) -> Iterator[tuple[int, Any] | Refusal]:
    """The values of the object at a path (as ijson writes it), streamed; a break in the document ends them with a
    refusal."""
    number = 0
    with content.open() as stream:
        try:
            for _name, value in ijson.kvitems(open_sound(stream), path, use_float=True):
                number += 1
                content.progress.rows += 1
                yield number, value
        except ijson.JSONError as error:
            yield broken_off(number, error)
