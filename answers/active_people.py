"""Who was active in a filter's channels: over long stretches from the sets of months, else day by day."""

from datetime import date, timedelta

from pyroaring import BitMap
from sqlmodel import Session

from data_access.queries.people import read_active_people, read_people
from metrics.retention import union

#: Up to so many days, the sets of days are as quick to read as those of months and of the days around them.
_FEW_DAYS = 31
_DAY = timedelta(days=1)


class ActivePeople:
    """Who was active in some channels. What was read once is not read again."""

    def __init__(self, session: Session, channels: tuple[int, ...], start: date, end: date) -> None:
        """[start, end): the days that will be asked for one by one, read together."""
        self._session = session
        self._channels = channels
        self._window = start, end
        self._first = self._last = start
        self._by_day: dict[date, BitMap] = {}
        self._spans: dict[tuple[date, date], BitMap] = {}
        #: Who was active before a day, as read from the store; and the last that was asked for.
        self._read_before: dict[date, BitMap] = {}
        self._earlier: tuple[date, BitMap] | None = None

    def by_day(self, start: date, end: date) -> dict[date, BitMap]:
        """Who was active on each day of [start, end), oldest first; days without anyone are missing."""
        self._read(start, end)
        days = (start + number * _DAY for number in range((end - start).days))
        return {day: self._by_day[day] for day in days if day in self._by_day}

    def _read(self, start: date, end: date) -> None:
        """Read the days that are not there yet, so that those which are make one stretch."""
        if self._first == self._last:
            start, end = min(start, self._window[0]), max(end, self._window[1])
            self._first = self._last = start
        for since, until in ((start, self._first), (self._last, end)):
            if since < until:
                held = read_active_people(self._session, start=since, end=until, channels=self._channels)
                self._by_day.update(held)
        self._first, self._last = min(start, self._first), max(end, self._last)

    def _holds(self, start: date, end: date) -> bool:
        return self._first <= start and end <= self._last and self._first < self._last

    def between(self, start: date, end: date) -> BitMap:
        """Everyone active on any day of [start, end)."""
        if (end - start).days <= _FEW_DAYS or self._holds(start, end):
            return union(list(self.by_day(start, end).values()))
        if (start, end) not in self._spans:
            self._spans[start, end] = read_people(self._session, start=start, end=end, channels=self._channels)
        return self._spans[start, end]

    def before(self, day: date) -> BitMap:
        """Everyone active on any day before ``day``."""
        known, seen = self._earlier or (date.min, BitMap())
        is_near = known <= day and (day <= known + _FEW_DAYS * _DAY or self._holds(known, day))
        if day in self._read_before:
            seen = self._read_before[day]
        elif self._earlier is None or not is_near:
            seen = read_people(self._session, start=None, end=day, channels=self._channels)
            self._read_before[day] = seen
        else:
            seen = seen | self.between(known, day)
        self._earlier = day, seen
        return seen

    def newcomers(self, start: date, end: date) -> dict[date, BitMap]:
        """Who was active for the first time ever, by day of [start, end); days without anyone are missing."""
        seen = self.before(start).copy()
        found = {}
        for day, people in self.by_day(start, end).items():
            found[day] = people - seen
            seen |= found[day]
        return found
