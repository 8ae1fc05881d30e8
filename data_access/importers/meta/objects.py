"""The objects of Meta's answers, one by one: each with where it stood, each refused alone."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.values import TimeReader
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal


class Standing(Protocol):
    """An object, what it is, and where it stood."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def value(self) -> Any:
        """The object."""


E = TypeVar("E", bound=Standing)


def each_inside(
    items: Iterable[tuple[int, Any] | Refusal], inside: Callable[[Any], Iterable[E]]
) -> Iterator[tuple[int, E] | Refusal]:
    """Each object and what is ``inside`` it, one by one: a damaged comment leaves its post and the others whole."""
    for item in items:
        if isinstance(item, Refusal):
            yield item
        else:
            for entry in inside(item[1]):
                yield item[0], entry


def told_of(comments: list[Any], **above: Any) -> Iterator[Any]:
    """Comments with what they are about, as the API says it of one by itself: a refused one keeps its place.

    >>> list(told_of([{"id": "2"}, "damaged"], parent={"id": "1"}))
    [{'parent': {'id': '1'}, 'id': '2'}, 'damaged']
    """
    return (above | comment if isinstance(comment, dict) else comment for comment in comments)


class Objects(ABC, Generic[E]):
    """Makes records of objects. What they are, a network says."""

    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()
        self._names: dict[str, str] = {}

    def records_of(self, entries: Iterable[tuple[int, E] | Refusal]) -> Iterator[Record | Refusal]:
        """What the objects are; a refusal keeps its object as it stood."""
        at: list[E] = []

        def one_by_one() -> Iterator[tuple[int, Any] | Refusal]:
            for item in entries:
                if isinstance(item, Refusal):
                    yield item
                else:
                    at[:] = [item[1]]
                    yield item[0], item[1].value

        return records_of_rows(one_by_one(), lambda _value: self.records(at[0]))

    def records(self, entry: E) -> Iterator[Record]:
        """What an object is, preceded by what is new of its place and author. Raises ``TypeError`` for no object."""
        if entry.kind == "damaged":
            raise TypeError("no object with named values")
        return self._records(entry)

    @abstractmethod
    def _records(self, entry: E) -> Iterator[Record]: ...

    @abstractmethod
    def _channel(self, native_id: str | None) -> ChannelRecord: ...

    def _with_account(self, post: PostRecord, channel: str | None, author: IdentityRecord | None) -> Iterator[Record]:
        yield from self._said.news(self._channel(channel))
        if author is not None:
            yield from self._said.news(author)
        yield post
