"""Posts of which none is in the store, written column by column: what ``FactWriter`` does row by row, in a fraction of
the time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from data_access.bulk import insert_columns
from data_access.models import facts
from data_access.upsert import FactWriter, Key, Outcome, Row, find_ids, table

#: What a post's row says in other words than its record.
_RENAMED = {"parent_native_id": "parent", "root_native_id": "root"}
_AS_STATED = tuple(
    column.name for column in table(facts.Post).c if column.name not in {"id", "run_id", "channel_id", "author_id"}
)


@dataclass(frozen=True)
class NewPosts:
    """Posts just written. ``keys``: their natural keys; ``facts``: their columns by name, as the store keeps them;
    ``stated``: those of their records."""

    ids: range
    keys: list[Key]
    facts: Mapping[str, Sequence[Any]]
    stated: Mapping[str, Sequence[Any]]

    def as_outcome(self) -> Outcome:
        """The same row by row."""
        names = tuple(self.facts)
        rows = [dict(zip(names, values, strict=True)) for values in zip(*self.facts.values(), strict=True)]
        ids = list(self.ids)
        return Outcome(ids, ids=dict(zip(self.keys, ids, strict=True)), rows=dict(zip(ids, rows, strict=True)))

    def stated_rows(self) -> list[Row]:
        """The records as rows."""
        names = tuple(self.stated)
        return [dict(zip(names, values, strict=True)) for values in zip(*self.stated.values(), strict=True)]


def add_new_posts(session: Session, writer: FactWriter, stated: Mapping[str, Sequence[Any]]) -> NewPosts | None:
    """Write posts, given as columns by the names of ``PostRecord``. None, and nothing written, where one of them is in
    the store or two of them are one."""
    keys = list(zip(stated["network"], stated["source"], stated["native_id"], strict=True))
    if len(set(keys)) < len(keys) or find_ids(session, facts.Post, keys):
        return None
    places = list(zip(stated["network"], stated["source"], stated["channel"], strict=True))
    writers = list(zip(stated["network"], stated["source"], stated["author"], strict=True))
    channels = writer.channel_ids(session, places)
    authors: Mapping[Key, int] = writer.identity_ids(session, {key for key in set(writers) if key[2]})
    ids = writer.next_ids(session, facts.Post, len(keys))
    columns: dict[str, Sequence[Any]] = {name: stated[_RENAMED.get(name, name)] for name in _AS_STATED}
    columns["observed_at"] = writer.observed(stated["observed_at"])
    columns |= {
        "channel_id": list(map(channels.__getitem__, places)),
        "author_id": list(map(authors.get, writers)),
        "id": ids,
        "run_id": [writer.run_id] * len(keys),
    }
    insert_columns(session, table(facts.Post), columns)
    return NewPosts(ids, keys, columns, stated)
