"""Rows that are answers to a survey: satisfaction (1 to 5), likelihood to recommend (0 to 10), a poll's choice."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content_ids import ContentIds
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.values import required
from data_access.importers.tables.cells import Cells, RowReader
from data_access.importers.tables.people import read_person
from data_access.records import FeedbackRecord, Record

ANSWERS = ("csat", "nps", "poll")
_FIELDS = {"csat": "csat", "nps": "nps", "poll": "choice"}
_BOUNDS = {"csat": (1, 5), "nps": (0, 10)}
_SCORE = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*(?:/\s*\d+|stars?|★+|[-–:(].*))?", re.IGNORECASE)


def read_score(text: str | None, kind: str) -> float | None:
    """A score within the bounds of its kind; None where there is none. Raises ``Damaged`` for any other.

    >>> read_score("4", "csat"), read_score("5 - very satisfied", "csat"), read_score("10/10", "nps")
    (4.0, 5.0, 10.0)
    """
    if text is None:
        return None
    low, high = _BOUNDS[kind]
    match = _SCORE.fullmatch(text)
    score = float(match[1].replace(",", ".")) if match else None
    if score is None or not low <= score <= high:
        raise Damaged(f"{text[:40]!r} is no score between {low} and {high}")
    return score


class FeedbackRows:
    """Makes feedback of rows: one for each question that a row answers."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._said = Announced()
        self._ids = ContentIds()
        self._asked = [kind for kind in ANSWERS if _FIELDS[kind] in reader.mapping]

    def records(self, row: Mapping[str, Any]) -> Iterator[Record]:
        """The answers of a row, preceded by who gave them where the row says more than an id. Raises ``Damaged``."""
        cells = self._reader.cells(row)
        occurred_at = required(cells.time("time"), "time")
        place = cells.place(self._reader.network)
        person = read_person(cells, place, occurred_at, id_field="person")
        answers = [(kind, *_answer(cells, kind)) for kind in self._asked]
        given = [(kind, score, choice) for kind, score, choice in answers if score is not None or choice is not None]
        if not given:
            raise Damaged("has no answer")
        comment = cells.text("comment")
        if person is not None and (person.email or person.display_name):
            yield from self._said.news(person)
        who = person.native_id if person else None
        about = cells.id("about")
        native_id = cells.id("id") or self._ids.next(who, occurred_at, f"{given[0][1:]} {comment or ''}", about)
        for kind, score, choice in given:
            yield FeedbackRecord(
                *place,
                native_id if len(self._asked) == 1 else f"{native_id}:{kind}",
                kind,
                occurred_at,
                identity=who,
                score=score,
                choice=choice,
                comment=comment if kind == given[0][0] else None,
                about=about,
            )

    def next_file(self) -> None:
        """Begin another file of the same shape."""
        self._ids.next_file()


def _answer(cells: Cells, kind: str) -> tuple[float | None, str | None]:
    if kind == "poll":
        return None, cells.text("choice")
    return read_score(cells.text(_FIELDS[kind]), kind), None
