"""CDNOW: purchases by customers of 1997, the data set on which models of customer value are compared.

Columns stand apart by blanks: customer, day, CDs, dollars. The sample that papers use has the customer's number there
between the first two and no header; its purchases are those of the whole set and come in under the same ids.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content
from data_access.importers.reading.money import minor_units
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.records import IdentityRecord, OrderRecord, Record, Refusal

NETWORK, SOURCE, CURRENCY = "cdnow", "cdnow", "USD"
_HEADER = re.compile(rb"\s*customer_id\s+date\s+number_of_cds\s+dollar_value\s*")
_ROW = re.compile(rb"\s*(\d{5})\s+(?:\d{4}\s+)?((?:19|20)\d{6})\s+(\d+)\s+(-?\d+\.\d{2})\s*")
_JUDGED_LINES = 20


def _matches(sample: Sample) -> bool:
    """Whether the first lines are its header or rows, and nothing else."""
    lines = [line for line in sample.head[:4096].splitlines()[:_JUDGED_LINES] if line.strip()]
    rows = lines[1:] if lines and _HEADER.fullmatch(lines[0]) else lines
    whole = rows[:-1] or rows  # the last may be cut off
    return bool(whole) and all(_ROW.fullmatch(line) for line in whole)


def _lines(content: Content) -> Iterator[tuple[int, str]]:
    with content.open() as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip() and not (number == 1 and _HEADER.fullmatch(line)):
                content.progress.rows += 1
                yield number, line.decode("ascii", "replace").strip()


@dataclass
class _Purchases:
    zone: ZoneInfo
    _said: Announced = field(default_factory=Announced)
    _last: tuple[str, str] = ("", "")
    _repeat: int = 0

    def records(self, line: str) -> Iterator[Record]:
        """The purchase of a line, preceded by its customer where new. The second of a day has the id of a second."""
        found = _ROW.fullmatch(line.encode())
        if found is None:
            raise Damaged("is not customer, day, number of CDs and dollars")
        customer, day, count, dollars = (part.decode() for part in found.groups())
        self._repeat = self._repeat + 1 if self._last == (customer, day) else 1
        self._last = (customer, day)
        yield from self._said.news(IdentityRecord(NETWORK, SOURCE, customer))
        amount = minor_units(dollars, CURRENCY, decimal_comma=False)
        assert amount is not None
        yield OrderRecord(
            NETWORK,
            SOURCE,
            f"{customer}/{day}/{self._repeat}",
            amount,
            CURRENCY,
            datetime.strptime(day, "%Y%m%d").replace(tzinfo=self.zone),
            identity=customer,
            product="CDs",
            quantity=int(count),
        )


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    return records_of_rows(_lines(sample.content), _Purchases(ZoneInfo(options.zone)).records)


FORMAT = Format(
    name="cdnow",
    label="CDNOW purchases",
    description="The CDNOW data set or its sample: customer, day, number of CDs and dollars, with blanks between.",
    matches=_matches,
    read=_read,
)
