"""Answers of the Graph API: a list under ``data``, one object, several by their ids, or objects inside others."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.sample import Sample
from data_access.records import Refusal

_ADDRESS = re.compile(r"graph\.(?:facebook|instagram)\.com/(?:v[\d.]+/)?(?P<id>[\w.]+)/(?P<edge>\w+)\?")
#: What holds the object asked for: somebody else's account, or where one's own was mentioned.
WRAPPERS = ("business_discovery", "mentioned_media", "mentioned_comment")

#: What is missing where the caller did not ask for it, for "has no ...".
FETCH = "{0}: fetch it again with the field {0}"

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What an answer is an answer to, as its paging tells: an ``edge`` ("feed", "comments") of the object ``id``."""

    id: str | None = None
    edge: str | None = None


def asked(document: Any) -> Asked:
    """What a page of an answer was asked for; nothing where it is the only page."""
    paging = document.get("paging") if isinstance(document, Mapping) else None
    for address in paging.values() if isinstance(paging, Mapping) else ():
        if isinstance(address, str) and (match := _ADDRESS.search(address)):
            return Asked(match["id"], match["edge"])
    return Asked()


def edge(value: Json, name: str) -> list[Any]:
    """The objects under an edge that was asked for along with an object: none where it was not."""
    found = value.get(name)
    data = found.get("data") if isinstance(found, Mapping) else None
    return data if isinstance(data, list) else []


def id_at(value: Any, *names: str) -> str | None:
    """The id that stands in an object, or in one inside it; None where none does.

    >>> id_at({"media": {"id": "17"}}, "media", "id"), id_at({"media": "17"}, "media", "id")
    ('17', None)
    """
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value or None if isinstance(value, str) else None


def summary_count(value: Json, *names: str) -> Any:
    """The first of these edges' counts that is reported."""
    for name in names:
        found = value.get(name)
        summary = found.get("summary") if isinstance(found, Mapping) else None
        if isinstance(summary, Mapping) and "total_count" in summary:
            return summary["total_count"]
    return None


def _path(document: Any) -> str | None:
    """Where the objects are; None for an object a line."""
    if isinstance(document, list):
        return "item"
    if not isinstance(document, Mapping):
        return None
    if isinstance(document.get("data"), list):
        return "data.item"
    return next((name for name in WRAPPERS if isinstance(document.get(name), Mapping)), "")


def _is_by_id(value: Any) -> bool:
    """Whether an answer holds several objects under their ids."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(isinstance(inner, Mapping) and inner.get("id") == key for key, inner in value.items())
    )


def first_objects(sample: Sample) -> list[Json]:
    """The objects that a file begins with."""
    document = sample.document
    path = _path(document)
    if path is None:
        return list(sample.objects)
    if path == "data.item":
        found = document["data"]
    elif path == "item":
        found = document
    else:
        found = [document[path] if path else document]
    if path == "" and _is_by_id(document):
        found = list(document.values())
    return [value for value in found if isinstance(value, Mapping)]


def read_objects(sample: Sample) -> Iterator[tuple[int, Any] | Refusal]:
    """The objects of a file, numbered."""
    path = _path(sample.document)
    if path is None:
        yield from sample.read_objects()
        return
    for item in read_items(sample.content, path):
        if not isinstance(item, Refusal) and path == "" and _is_by_id(item[1]):
            yield from enumerate(item[1].values(), start=1)
        else:
            yield item
