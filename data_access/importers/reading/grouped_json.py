"""The items of lists inside the items of a list, streamed: the messages of each chat of a file with many chats."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import ijson

from data_access.importers.reading.content import BROKEN, Content
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.json_text import open_sound
from data_access.records import Refusal

_ENDING = frozenset({"end_map", "end_array", "string", "number", "boolean", "null"})


@dataclass
class _Group:
    """An object that holds a list: its plain values that stand before the list, and how many items the list has."""

    values: dict[str, Any] = field(default_factory=dict)
    items: int = 0


def _groups(content: Content, path: str, items: str) -> Iterator[_Group]:
    """The objects at a path, as far as the document goes. What they hold is counted, not built: that is quicker."""
    item, group = f"{path}.{items}.item", _Group()
    with content.aside().open() as stream:
        try:
            for place, event, value in ijson.parse(open_sound(stream), use_float=True, multiple_values=True):
                if place.startswith(item):
                    group.items += place == item and event in _ENDING
                elif place == path and event == "end_map":
                    yield group
                    group = _Group()
                elif value is not None and event != "map_key" and place.rpartition(".")[0] == path:
                    group.values[place.rpartition(".")[2]] = value
        except (ijson.JSONError, *BROKEN):
            yield group


def read_grouped_items(
    content: Content, paths: tuple[str, ...], items: str
) -> Iterator[tuple[int, tuple[dict[str, Any], Any]] | Refusal]:
    """(group, item) of each list ``items`` in the objects at ``paths``, numbered through the file; of the group its
    plain values. A break in the document ends them with a refusal."""
    before = 0
    for path in paths:
        groups = _groups(content, path, items)
        group, ends = _Group(), before
        for item in read_items(content, f"{path}.{items}.item"):
            if isinstance(item, Refusal):
                yield Refusal(before + (item.line or 0), item.reason, item.raw)
                return
            number = before + item[0]
            while number > ends:
                group = next(groups)
                ends += group.items
            yield number, (group.values, item[1])
        before = max(before, ends)
