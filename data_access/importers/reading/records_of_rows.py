"""One bad row is one refusal, never an end."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from data_access.importers.reading.json_records import as_raw
from data_access.importers.reading.options import Damaged
from data_access.records import Note, Record, Refusal

T = TypeVar("T")
R = TypeVar("R", Record, Record | Note)

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
