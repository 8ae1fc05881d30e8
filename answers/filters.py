"""What someone asked to see: a period, networks, channels, brands."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """A half-open period [start, end) of the workspace's local days, and what it is limited to; empty is "no limit".

    Raises ``ValueError`` where the period ends before it starts.

    >>> week = Filters(date(2026, 3, 2), date(2026, 3, 9))
    >>> week.days, week.previous().start.isoformat()
    (7, '2026-02-23')
    """

    start: date
    end: date
    networks: tuple[str, ...] = ()
    channels: tuple[int, ...] = ()
    brands: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the period ends on {self.end}, before it starts on {self.start}")

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day inside the period."""
        return self.end - DAY

    def previous(self) -> "Filters":
        """The period of the same length just before."""
        return replace(self, start=self.start - timedelta(days=self.days), end=self.start)

    def between(self, start: date, end: date) -> "Filters":
        """The same limits over another period."""
        return replace(self, start=start, end=end)
