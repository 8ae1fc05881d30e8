"""The cells of a row by the fields that they hold, read as what they should be."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from data_access.importers.reading.mapping import DATE_ORDER, DECIMALS, SAYS, named_columns
from data_access.importers.reading.money import choose_currency, describe_no_currency, minor_units
from data_access.importers.reading.options import Damaged, ImportOptions
from data_access.importers.reading.places import PLACES
from data_access.importers.reading.plain_text import plain_text
from data_access.importers.reading.questions import DEFAULT_SOURCE
from data_access.importers.reading.synonyms import NETWORK_SOURCES, TableKind
from data_access.importers.reading.values import (
    TimeReader,
    is_nothing,
    read_count,
    read_email,
    read_flag,
    read_id,
)
from data_access.records import Note

SOURCE = DEFAULT_SOURCE
_BLANK_LINE, _ID_PARTS = "\n\n", "/"

Getter = Callable[[Mapping[str, Any]], Any]


def getter(spec: str, columns: Sequence[str], holds: str = "", id_joint: str = _BLANK_LINE) -> Getter:
    """What reads the column or columns that a mapping names, or its constant, from a row. ``holds``: what its cells
    are, which says how several are joined."""
    if spec.startswith("="):
        constant = spec[1:]
        return lambda row: constant
    names = named_columns(spec, columns)
    if len(names) == 1:
        name = names[0]
        return lambda row: row.get(name)
    cells = [name for name in names if name not in PLACES]
    joint = _joint(holds, id_joint, has_place=len(cells) < len(names))

    def joined(row: Mapping[str, Any]) -> str | None:
        if cells and all(is_nothing(row.get(name)) for name in cells):
            return None  # where a file lies says nothing alone
        return joint.join(str(row[name]) for name in names if not is_nothing(row.get(name)))

    return joined


def _joint(holds: str, id_joint: str, *, has_place: bool) -> str:
    if holds == "time":
        return " "
    if holds == "id":
        return _ID_PARTS if has_place else id_joint
    return _ID_PARTS if has_place and holds != "text" else _BLANK_LINE


def decimal_comma_said(mapping: Mapping[str, str]) -> bool | None:
    """Whether a mapping says that decimals follow a comma; None where it says nothing of them."""
    return {"comma": True, "point": False}.get(mapping.get(DECIMALS, ""))


def read_text(value: Any) -> str:
    """A cell as people read it; empty where it says nothing."""
    if isinstance(value, str):
        return plain_text(value).strip() if "<" in value or "&" in value else value.strip()
    if value is None:
        return ""
    return "" if is_nothing(value) else str(value)


class Cells:
    """The cells of one row. Each method reads a field as one kind of thing: None where there is nothing. ``notes``:
    what was read as something else."""

    def __init__(self, values: Mapping[str, Any], times: TimeReader, currency: str, decimal_comma: bool | None) -> None:
        self._values = values
        self._times = times
        self._currency = currency
        self._decimal_comma = decimal_comma
        self.notes: list[Note] = []

    def text(self, name: str) -> str | None:
        """A text of one line or more."""
        value = self._values.get(name)
        return None if is_nothing(value) else read_text(value).replace("\x00", "") or None

    def id(self, name: str) -> str | None:
        """An id. Raises ``Damaged`` for one that a spreadsheet rounded."""
        return read_id(self._values.get(name))

    def email(self, name: str) -> str | None:
        """An e-mail address in lower case; None for what is none."""
        return read_email(self._values.get(name))

    def time(self, name: str) -> datetime | None:
        """A time in UTC. Raises ``Damaged`` where it cannot be read."""
        return self.time_of(self._values.get(name))

    def time_of(self, value: Any) -> datetime | None:
        """The time that a cell holds, in UTC."""
        return self._times.read(value)

    def flag(self, name: str) -> bool | None:
        """Yes or no."""
        return read_flag(self._values.get(name))

    def count(self, name: str) -> int | None:
        """A whole number."""
        return read_count(self._values.get(name), self._decimal_comma)

    def money(self, name: str) -> tuple[int | None, str]:
        """An amount in minor units and its currency: what the row says, else what stands beside the amount, else the
        workspace's. Raises ``Damaged`` where the amount cannot be read."""
        value = self._values.get(name)
        stated = self._stated_currency(value)
        currency = stated or self._currency
        amount_minor = minor_units(value, currency, decimal_comma=self._decimal_comma)
        note = Note(describe_no_currency(currency))
        if amount_minor is not None and stated is None and note not in self.notes:
            self.notes.append(note)
        return amount_minor, currency

    def _stated_currency(self, amount: Any) -> str | None:
        """The currency of an amount as the row says, noting how a symbol of several was read. Raises ``Damaged`` for
        one that there is not."""
        stated = self.text("currency")
        code, note = choose_currency(stated or (amount if isinstance(amount, str) else None), self._currency)
        if note is not None and Note(note) not in self.notes:
            self.notes.append(Note(note))
        if stated is not None and code is None:
            raise Damaged(f"{stated[:20]!r} is no currency: use its ISO code, such as EUR")
        return code

    def place(self, default_network: str) -> tuple[str, str]:
        """The network and source of the row's ids."""
        network = (self.text("network") or default_network).lower()
        return network, self.text("source") or NETWORK_SOURCES.get(network, SOURCE)


class RowReader:
    """Reads the rows of a table by its mapping."""

    def __init__(
        self, kind: TableKind, mapping: Mapping[str, str], columns: Sequence[str], options: ImportOptions
    ) -> None:
        self.network = kind.network
        self.mapping = mapping
        self.columns = columns
        self._times = TimeReader(options.zone, mapping.get(DATE_ORDER))
        self._currency = options.currency_code
        self._decimal_comma = decimal_comma_said(mapping)
        self._get = [
            (name, getter(spec, columns, kind.fields[name].holds, _ID_PARTS))
            for name, spec in mapping.items()
            if name not in SAYS
        ]

    def cells(self, row: Mapping[str, Any]) -> Cells:
        """The cells of a row."""
        values = {name: get(row) for name, get in self._get}
        return Cells(values, self._times, self._currency, self._decimal_comma)
