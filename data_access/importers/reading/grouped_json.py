"""The items of lists inside the items of a list, streamed: the messages of each chat of a file with many chats."""

from collections.abc import Iterator
from typing import Any

import ijson

from data_access.importers.reading.content import Content
from data_access.records import Refusal

_CLOSING = ("end_map", "end_array")
Grouped = tuple[dict[str, Any], Any]


class _Walk:
    """Where a reading stands: in which group, and in which item of it."""

    def __init__(self, groups: tuple[str, ...], items: str) -> None:
        self._groups = groups
        self._items = tuple(f"{group}.{items}.item" for group in groups)
        self._group: dict[str, Any] = {}
        self._item: Any = None
        self._item_path = ""

    def take(self, path: str, event: str, value: Any) -> Grouped | None:
        """An event of the document; the item that it completes, with what its group said of itself before."""
        if self._item is not None:
            self._item.event(event, value)
            return self._finished() if path == self._item_path and event in _CLOSING else None
        if path in self._items:
            self._item, self._item_path = ijson.ObjectBuilder(), path
            self._item.event(event, value)
            return None if event in ("start_map", "start_array") else self._finished()
        if path in self._groups and event == "start_map":
            self._group = {}
        elif value is not None and event != "map_key" and path.rpartition(".")[0] in self._groups:
            self._group[path.rpartition(".")[2]] = value
        return None

    def _finished(self) -> Grouped:
        item, self._item = self._item.value, None
        return dict(self._group), item


def read_grouped_items(
    content: Content, groups: tuple[str, ...], items: str
) -> Iterator[tuple[int, Grouped] | Refusal]:
    """(group, item) of each list ``items`` in the objects at the paths ``groups``, numbered through the file; of the
    group its plain values that stand before the list. A break in the document ends them with a refusal."""
    walk, number = _Walk(groups, items), 0
    with content.open() as stream:
        if stream.peek(3)[:3] == b"\xef\xbb\xbf":
            stream.read(3)
        try:
            for path, event, value in ijson.parse(stream, use_float=True):
                found = walk.take(path, event, value)
                if found is not None:
                    number += 1
                    content.progress.rows += 1
                    yield number, found
        except ijson.JSONError as error:
            reason = str(error).strip().splitlines()[0]
            yield Refusal(number + 1, f"the JSON breaks off after {number:,} records: {reason}")
