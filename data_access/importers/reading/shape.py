"""How a file's records are laid out: what it takes to write some of them again as a file of the same kind."""

from collections.abc import Mapping
from typing import Any

import orjson

from data_access.importers.reading.json_records import JsonRecords
from data_access.importers.reading.sample import Sample

_ITEM = "item"
_AROUND_BYTES = 20_000


def shape_of(sample: Sample) -> dict[str, Any]:
    """``columns`` and ``delimiter`` of a table; of JSON also the ``path`` of its records (None: an object a line) and
    what is ``around`` them; empty for other files."""
    table = sample.table
    if isinstance(table, JsonRecords):
        around = what_is_around(sample.document, table.path)
        return {"path": table.path, "around": around, "columns": list(table.columns)}
    if table is None:
        return {}
    return {"columns": list(table.columns), "delimiter": getattr(table, "delimiter", ",")}


def what_is_around(document: Any, path: str | None) -> dict[str, Any]:
    """A JSON document without its records, and without what is large beside them.

    >>> what_is_around({"type": "chat", "messages": {"all": [{"id": 1}], "more": False}}, "messages.all.item")
    {'type': 'chat', 'messages': {'more': False}}
    """
    if not path or path == _ITEM or not isinstance(document, Mapping):
        return {}
    kept = _without(document, path.split("."))
    if len(orjson.dumps(kept, default=str)) > _AROUND_BYTES:
        kept = {name: value for name, value in kept.items() if not isinstance(value, (dict, list))}
    return kept


def _without(document: Mapping[str, Any], path: list[str]) -> dict[str, Any]:
    first, *rest = path
    if not rest or rest == [_ITEM] or not isinstance(document.get(first), Mapping):
        return {name: value for name, value in document.items() if name != first}
    return {name: _without(value, rest) if name == first else value for name, value in document.items()}


def document_of(records: list[Any], path: str | None, around: Mapping[str, Any]) -> Any:
    """Records in a document as it was: a list, or a list inside an object.

    >>> document_of([{"id": 1}], "messages.all.item", {"type": "chat", "messages": {"more": False}})
    {'type': 'chat', 'messages': {'more': False, 'all': [{'id': 1}]}}
    """
    if path == "" and len(records) == 1:
        return records[0]
    if not path or path == _ITEM:
        return records
    *outer, last = path.removesuffix(f".{_ITEM}").split(".")
    document = dict(around)
    inner = document
    for name in outer:
        inner[name] = dict(inner.get(name) or {})
        inner = inner[name]
    inner[last] = records
    return document
