"""Rows that are people or organisations; and who is meant where other rows refer to them.

A person is known by the id in the file, else by the e-mail address in lower case, else by the handle. A name alone is
nobody: two people share one. An e-mail address counts as confirmed only where a column says so: a shop or CRM takes
down whatever somebody typed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.options import Damaged
from data_access.importers.reading.values import read_email
from data_access.importers.tables.cells import Cells, RowReader
from data_access.records import IdentityRecord, OrganizationRecord, Record, handle_id

Place = tuple[str, str]


def read_person(
    cells: Cells,
    place: Place,
    seen_at: datetime | None,
    *,
    id_field: str,
    email_field: str = "email",
    name_field: str = "name",
) -> IdentityRecord | None:
    """Whom a row is about, as far as it says; None where it says no id and no e-mail address."""
    stated, email = cells.id(id_field), cells.email(email_field)
    if stated is not None and (read := read_email(stated)) is not None and read == stated.lower():
        stated, email = read, email or read
    native_id = stated or email
    if native_id is None:
        return None
    return IdentityRecord(
        *place,
        native_id,
        display_name=cells.text(name_field),
        email=email,
        email_verified=cells.flag("verified") if email else None,
        observed_at=seen_at,
    )


def read_organization(cells: Cells, place: Place, seen_at: datetime | None) -> OrganizationRecord | None:
    """The organisation that a row refers to: by its id, else by its name; None where it names none."""
    native_id, name = cells.id("organization_id"), cells.text("organization")
    if native_id is None and name is None:
        return None
    native_id = native_id or name_id(str(name))
    return OrganizationRecord(*place, native_id, name or native_id, observed_at=seen_at)


def name_id(name: str) -> str:
    """The id of an organisation of which only the name is known.

    >>> name_id("  Acme  Ltd ")
    'name:acme ltd'
    """
    return "name:" + " ".join(name.casefold().split())


class PeopleRows:
    """Makes accounts of rows."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._said = Announced()

    def records(self, row: Mapping[str, Any]) -> Iterator[Record]:
        """The person of a row, preceded by their organisation where it is new. Raises ``Damaged``."""
        cells = self._reader.cells(row)
        place = cells.place(self._reader.network)
        seen_at = cells.time("time")
        handle = (cells.text("handle") or "").lstrip("@") or None
        person = read_person(cells, place, seen_at, id_field="id")
        if person is None:
            if handle is None:
                raise Damaged("has no id, e-mail address or handle")
            person = IdentityRecord(*place, handle_id(handle), observed_at=seen_at)
        organization = read_organization(cells, place, seen_at)
        person.handle = handle
        person.display_name = person.display_name or _full_name(cells)
        person.url, person.location, person.bio = cells.text("url"), cells.text("location"), cells.text("bio")
        person.owner, person.followers = cells.text("owner"), cells.count("followers")
        person.is_team = cells.flag("is_team")
        if organization is not None:
            person.organization = cells.text("organization")
            person.organization_native_id = organization.native_id
            yield from self._said.news(organization)
        yield person


def _full_name(cells: Cells) -> str | None:
    return " ".join(filter(None, (cells.text("first_name"), cells.text("last_name")))) or None


class OrganisationRows:
    """Makes organisations of rows."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader

    def records(self, row: Mapping[str, Any]) -> Iterator[Record]:
        """The organisation of a row. Raises ``Damaged``."""
        cells = self._reader.cells(row)
        name = cells.text("name")
        if name is None:
            raise Damaged("has no name")
        yield OrganizationRecord(
            *cells.place(self._reader.network),
            cells.id("id") or name_id(name),
            name,
            domain=_domain(cells.text("domain")),
            sector=cells.text("sector"),
            country=cells.text("country"),
            employees=cells.count("employees"),
            observed_at=cells.time("time"),
        )


def _domain(address: str | None) -> str | None:
    """The host of an address.

    >>> _domain("https://www.acme.example/about"), _domain("acme.example")
    ('acme.example', 'acme.example')
    """
    if address is None:
        return None
    return address.split("://")[-1].split("/")[0].lower().removeprefix("www.") or None
