"""Answers of an API as people keep them: one page, a list of pages, a page a line, or the items by themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from data_access.importers.reading.json_records import as_raw, read_items
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.records import Record, Refusal


class Item(NamedTuple):
    """One thing of a page: the list that it stood in (None: none), and the page without its lists."""

    value: Any
    list_name: str | None = None
    page: Mapping[str, Any] = {}


def first_objects(sample: Sample) -> list[Mapping[str, Any]]:
    """What a file begins with: the document itself where it is one object, else the objects of its list or lines."""
    if isinstance(sample.document, Mapping):
        return [sample.document]
    return [value for value in sample.objects if isinstance(value, Mapping)]


def items_of(value: Any, lists: Sequence[str]) -> Iterator[Item]:
    """The items of a page's lists, by the names of those; what is no page, as it is.

    >>> [item.value for item in items_of({"posts": [1, 2], "cursor": "a"}, ["posts"])]
    [1, 2]
    """
    found = [name for name in lists if isinstance(value, Mapping) and isinstance(value.get(name), list)]
    if not found:
        yield Item(value)
        return
    page = {name: inner for name, inner in value.items() if name not in found}
    for name in found:
        for inner in value[name]:
            yield Item(inner, name, page)


def read_pages(sample: Sample, lists: Sequence[str]) -> Iterator[tuple[int, Item] | Refusal]:
    """All items of a file, streamed, each with its number (of lists of pages: its page's)."""
    document = sample.document
    if isinstance(document, Mapping):
        found = [name for name in lists if isinstance(document.get(name), list)]
        page = {name: value for name, value in document.items() if name not in found}
        for name in found:
            for row in read_items(sample.content, f"{name}.item"):
                yield row if isinstance(row, Refusal) else (row[0], Item(row[1], name, page))
        if not found:
            yield from _expanded(read_items(sample.content, ""), lists)
    elif isinstance(document, list):
        yield from _expanded(read_items(sample.content, "item"), lists)
    else:
        yield from _expanded(sample.read_objects(), lists)


def _expanded(rows: Iterable[tuple[int, Any] | Refusal], lists: Sequence[str]) -> Iterator[tuple[int, Item] | Refusal]:
    for row in rows:
        if isinstance(row, Refusal):
            yield row
        else:
            yield from ((row[0], item) for item in items_of(row[1], lists))


def records_of_items(
    rows: Iterable[tuple[int, Item] | Refusal], make: Callable[[Item], Iterable[Record]]
) -> Iterator[Record | Refusal]:
    """What ``make`` makes of each item; one that cannot be taken in is refused as it stood in its page."""
    for row in rows:
        if isinstance(row, Refusal):
            yield row
            continue
        for record in records_of_rows([row], make):
            if isinstance(record, Refusal):
                record.raw = as_raw(row[1].value)
            yield record
