"""Rows that are visits of the website: who, when, which page, led by what."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.values import required
from data_access.importers.tables.cells import RowReader
from data_access.importers.tables.people import read_person
from data_access.records import Record, VisitRecord, content_id

_UTM = ("utm_source", "utm_medium", "utm_campaign")
_NOTHING = frozenset(["(none)", "(not set)", "(direct)"])


class VisitRows:
    """Makes visits of rows."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._said = Announced()

    def records(self, row: Mapping[str, Any]) -> Iterator[Record]:
        """The visit of a row, preceded by the visitor where the row says more than an id. Raises ``Damaged``."""
        cells = self._reader.cells(row)
        occurred_at = required(cells.time("time"), "time")
        place = cells.place(self._reader.network)
        visitor = read_person(cells, place, occurred_at, id_field="visitor")
        if visitor is None:
            raise Damaged("has no visitor")
        url = cells.text("url")
        named = utm_of(url)
        stated = {name: cells.text(name) for name in _UTM}
        utm = {name: value if _says(value) else named.get(name) for name, value in stated.items()}
        if visitor.email is not None:
            yield from self._said.news(visitor)
        yield VisitRecord(
            *place,
            cells.id("id") or content_id(visitor.native_id, occurred_at, url),
            visitor.native_id,
            occurred_at,
            url=url,
            referrer=cells.text("referrer"),
            utm_source=utm["utm_source"],
            utm_medium=utm["utm_medium"],
            utm_campaign=utm["utm_campaign"],
        )


def _says(value: str | None) -> bool:
    return value is not None and value.lower() not in _NOTHING


def utm_of(url: str | None) -> dict[str, str]:
    """The UTM fields in a page's address.

    >>> utm_of("https://shop.example/?utm_source=news&utm_medium=email&x=1")
    {'utm_source': 'news', 'utm_medium': 'email'}
    """
    try:
        query = parse_qs(urlsplit(url or "").query)
    except ValueError:  # a bracket that opens no address
        return {}
    return {name: query[name][0] for name in _UTM if name in query}
