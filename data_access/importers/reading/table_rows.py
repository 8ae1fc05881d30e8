"""What every kind of table gives: columns, and rows as dictionaries with their place in the file."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from data_access.importers.reading.content import Content
from data_access.records import Refusal

#: A row and where it stands: its first line in a text file, its number in other tables.
Row = tuple[int, dict[str, Any]]

BLANK_ROW = "blank row"

#: Where a refused row stood, why it was refused, of which import it is, and the row itself where it is no row of cells:
#: columns of the files in which refused rows are handed out, to be mended and imported again.
MARK = "refused"
LINE, REASON, FROM, ROW = (f"{MARK}.{name}" for name in ("line", "reason", "from", "row"))
MARKS = (LINE, REASON, FROM, ROW)


class Table(Protocol):
    """How to read a file as a table."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def read_rows(self, content: Content) -> Iterator[Row | Refusal]:
        """The rows that hold anything; the others are counted as skipped."""
        ...


def name_columns(cells: Sequence[Any]) -> tuple[str, ...]:
    """A header's names: those missing by their position, repeated ones numbered.

    >>> name_columns(["id", "", "id", None])
    ('id', 'column_2', 'id_2', 'column_4')
    """
    names: dict[str, None] = {}
    repeats: dict[str, int] = {}  # counted, for what is no table may repeat one cell a hundred thousand times
    for position, cell in enumerate(cells, start=1):
        base = name = str(cell if cell is not None else "").strip() or f"column_{position}"
        while name in names:
            repeats[base] = repeats.get(base, 1) + 1
            name = f"{base}_{repeats[base]}"
        names[name] = None
    return tuple(names)
