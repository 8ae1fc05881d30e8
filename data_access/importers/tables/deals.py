"""Rows that are deals: where they stand, when they came to each stage, what they are worth, who takes part."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.guessing import stage_name
from data_access.importers.reading.mapping import named_columns
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.outcomes import outcome_named
from data_access.importers.reading.values import read_email, read_id
from data_access.importers.tables.cells import Cells, RowReader
from data_access.importers.tables.people import Place, read_organization
from data_access.records import DealRecord, IdentityRecord, Note, Record

_NOT_WON = re.compile(r"false|no|0|0\.0|(?:not|no)\b.*\b(?:won|win)")
_NAME = re.compile(r"[^;,|\n]+")


def read_outcome(text: str | None, is_closed: bool | None) -> bool | None:
    """True for won, False for lost, None for open. "No" and "not won" are lost only where the deal is closed.

    >>> read_outcome("Closed Won", None), read_outcome("closedlost", None), read_outcome("no", True)
    (True, False, False)
    >>> read_outcome("not won", True), read_outcome("not won", None)
    (False, None)
    >>> read_outcome("no", None) is None and read_outcome("Negotiation", None) is None
    True
    """
    if text is None:
        return None
    named = outcome_named(text)
    if named is not None:
        return named
    words = text.strip().lower()
    if words in ("true", "yes", "1", "1.0"):
        return True
    return False if is_closed and _NOT_WON.fullmatch(words) else None


class DealRows:
    """Makes deals of rows."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._said = Announced()
        spec = reader.mapping.get("stages", "")
        columns = named_columns(spec, reader.columns) if spec else []
        self._stages = [(column, stage_name(column) or column) for column in columns]

    def records(self, row: Mapping[str, Any]) -> Iterator[Record | Note]:
        """The deal of a row, preceded by its organisation and contacts where they are new. Raises ``Damaged``."""
        cells = self._reader.cells(row)
        place = cells.place(self._reader.network)
        name, native_id = cells.text("name"), cells.id("id")
        if name is None and native_id is None:
            raise Damaged("has no id and no name")
        seen_at = cells.time("time")
        amount_minor, currency = cells.money("amount")
        stage, is_won = cells.text("stage"), _outcome(cells)
        contacts = list(_contacts(cells.text("contact"), place, seen_at))
        organization = read_organization(cells, place, seen_at)
        deal = DealRecord(
            *place,
            native_id or f"name:{str(name).casefold()}",
            name=name,
            organization=organization.native_id if organization else None,
            owner=cells.text("owner"),
            product=cells.text("product"),
            stage=stage,
            stages=self._history(cells, row),
            is_won=is_won,
            amount_minor=amount_minor,
            currency=currency if amount_minor is not None else None,
            contacts=tuple(contact.native_id for contact in contacts),
            created_at=cells.time("created"),
            closed_at=cells.time("closed") if is_won is not None else None,  # of an open deal it is a plan
            observed_at=seen_at,
        )
        if organization is not None:
            yield from self._said.news(organization)
        for contact in contacts:
            if contact.email is not None:
                yield from self._said.news(contact)
        yield deal
        yield from cells.notes

    def _history(self, cells: Cells, row: Mapping[str, Any]) -> list[dict[str, str]]:
        """The stages that the deal came to, in the order of time."""
        reached = [(cells.time_of(row.get(column)), stage) for column, stage in self._stages]
        known = sorted((moment, place, stage) for place, (moment, stage) in enumerate(reached) if moment is not None)
        return [{"stage": stage, "entered_at": moment.isoformat()} for moment, _place, stage in known]


def _outcome(cells: Cells) -> bool | None:
    is_closed = cells.flag("is_closed")
    stated = read_outcome(cells.text("won"), is_closed)
    return stated if stated is not None else read_outcome(cells.text("stage"), is_closed)


def _contacts(text: str | None, place: Place, seen_at: datetime | None) -> Iterator[IdentityRecord]:
    """Who takes part: the ids and e-mail addresses in a cell, with commas or semicolons between. Names are nobody."""
    for part in dict.fromkeys(_NAME.findall(text or "")):
        email = read_email(part)
        if email is not None:
            yield IdentityRecord(*place, email, email=email, observed_at=seen_at)
        elif (native_id := read_id(part)) is not None and " " not in native_id:
            yield IdentityRecord(*place, native_id, observed_at=seen_at)
