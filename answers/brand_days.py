"""Who names which brand on which day: read once for a filter, then cut by days as often as needed."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pyroaring import BitMap
from sqlmodel import Session

from answers.brands import Voices, read_voices, voice_channel_ids
from answers.filters import Filters
from answers.scope import Scope
from data_access.queries.brands import COUNTS, list_brand_people, read_brand_days
from metrics.retention import union

#: Over more days than this, the people of a brand are put together from those of weeks, which a line asks for as well.
_FEW_DAYS = 31
_WEEK = timedelta(days=7)
_EPOCH = date(1970, 1, 1)
_Numbers: TypeAlias = "np.ndarray[Any, Any]"


def day_number(day: date) -> int:
    """The days since 1970."""
    return (day - _EPOCH).days


class BrandDays:
    """Mentions of brands in the channels that a filter names, from ``start`` to the filter's end. Each rollup is read
    when it is first asked for."""

    def __init__(self, session: Session, scope: Scope, filters: Filters, start: date) -> None:
        self._session = session
        self._filters = filters
        self._start = start
        self._scope = scope
        self._people: dict[tuple[int, date, date], BitMap] = {}
        self._counts: dict[int, tuple[_Numbers, _Numbers]] = {}
        self.channels = voice_channel_ids(scope, filters)

    @cached_property
    def voices(self) -> Voices:
        """Whose share of voice is taken, and of whom."""
        return read_voices(self._session, self._filters)

    @cached_property
    def span(self) -> tuple[date | None, date | None]:
        """From which to which day there is data of these channels."""
        return self._scope.days_of(self.channels)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Mentions by day and brand, as ``read_brand_days``."""
        by = ("day", "brand_id")
        return read_brand_days(self._session, start=self._start, end=self._filters.end, channels=self.channels, by=by)

    def sums(self, brand_id: int, starts: Sequence[date], ends: Sequence[date]) -> _Numbers:
        """The counts (``COUNTS``, a column each) of a brand over each of the stretches [start, end), a row each."""
        days, running = self._running(brand_id)
        first, last = (days.searchsorted([day_number(day) for day in ends_]) for ends_ in (starts, ends))
        return np.asarray(running[np.maximum(first, last)] - running[first])

    def posts_by_day(self, brand_id: int, days: _Numbers) -> _Numbers:
        """How many posts name a brand on each of ``days`` (``day_number``, ascending, one after another)."""
        known, running = self._running(brand_id)
        first, last = known.searchsorted(days), known.searchsorted(days, side="right")
        return np.asarray(running[last, 0] - running[first, 0])

    def _running(self, brand_id: int) -> tuple[_Numbers, _Numbers]:
        """The days of a brand, and the sums of its counts over the days before each."""
        if brand_id not in self._counts:
            days, brands, counts = self._columns
            is_mine = brands == brand_id
            mine = counts[is_mine]
            self._counts[brand_id] = (
                days[is_mine],
                np.vstack([np.zeros_like(mine[:1], shape=(1, len(COUNTS))), mine.cumsum(axis=0)]),
            )
        return self._counts[brand_id]

    @cached_property
    def _columns(self) -> tuple[_Numbers, _Numbers, _Numbers]:
        """Of ``frame``: the days (``day_number``), the brands, the counts, a column each."""
        days = self.frame["day"].to_numpy().astype("datetime64[D]").astype("int64")
        return days, self.frame["brand_id"].to_numpy(), np.column_stack([self.frame[name] for name in COUNTS])

    @cached_property
    def _sets(self) -> dict[int, tuple[_Numbers, list[BitMap]]]:
        """Who named a brand, by brand: the days (``day_number``), oldest first, and who did on each, once a channel."""
        before, first = self._filters.previous().start, self.span[0]
        # without data of all of the period before, nothing is compared with it
        is_compared = first is not None and first <= before and self._start <= before
        start = before if is_compared else self._filters.start
        rows = list_brand_people(self._session, start=start, end=self._filters.end, channels=self.channels)
        days, brands, people = rows[0].astype("int64"), rows[1], rows[2]
        places = {int(brand): np.flatnonzero(brands == brand) for brand in np.unique(brands)}
        return {brand: (days[held], [people[place] for place in held.tolist()]) for brand, held in places.items()}

    def people(self, brand_id: int, start: date, end: date) -> BitMap:
        """Who named a brand on any day of [start, end), of the filter's period or of the one before."""
        if (brand_id, start, end) not in self._people:
            self._people[brand_id, start, end] = self._put_together(brand_id, start, end)
        return self._people[brand_id, start, end]

    def _put_together(self, brand_id: int, start: date, end: date) -> BitMap:
        if (end - start).days > _FEW_DAYS:
            middle = [start + timedelta(days=-start.weekday() % 7)]
            while middle[-1] + _WEEK <= end:
                middle.append(middle[-1] + _WEEK)
            edges = [start, *middle, end]
            return union([self.people(brand_id, *ends) for ends in pairwise(edges)])
        days, sets = self._sets.get(brand_id, (np.zeros(0, dtype="int64"), []))
        first, last = days.searchsorted([day_number(start), day_number(end)]).tolist()
        return union(sets[first:last])
