"""One bad row is one refusal, never an end."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from data_access.importers.reading.json_records import as_raw
from data_access.importers.reading.options import Damaged
from data_access.records import Note, Record, Refusal

T = TypeVar("T")
R = TypeVar("R", Record, Record | Note)

_QUOTED_CELL = re.compile(r"'([^']+)' ")
#: What is raised at a row that is not as its format has it.
NOT_AS_EXPECTED = (TypeError, ValueError, AttributeError, IndexError, KeyError, OverflowError)


def records_of_rows(rows: Iterable[tuple[int, T] | Refusal], make: Callable[[T], Iterable[R]]) -> Iterator[R | Refusal]:
    """What ``make`` makes of each row: all of it, or a refusal that says why not. Refusals among the rows pass on."""
    for item in rows:
        if isinstance(item, Refusal):
            yield item
            continue
        line, row = item
        try:
            made = make(row)
            records = made if isinstance(made, list) else list(made)
        except Damaged as damaged:
            yield Refusal(line, str(damaged), as_raw(row))
        except KeyError as error:
            yield Refusal(line, f"has no {error.args[0]!r}", as_raw(row))
        except NOT_AS_EXPECTED as error:
            yield Refusal(line, f"is not built as expected: {error}", as_raw(row))
        else:
            yield from records


def naming_columns(make: Callable[[Mapping[str, Any]], Iterable[R]]) -> Callable[[Mapping[str, Any]], list[R]]:
    """As ``make``; where it takes a row for damaged and quotes a cell that one column alone has, the reason names that
    column."""

    def made(row: Mapping[str, Any]) -> list[R]:
        try:
            return list(make(row))
        except Damaged as damaged:
            cell = _QUOTED_CELL.match(str(damaged))
            columns = [name for name, value in row.items() if cell and str(value).strip()[:40] == cell[1]]
            if len(columns) != 1:
                raise
            raise Damaged(f"{damaged} (column {columns[0]})") from damaged

    return made
