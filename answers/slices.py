"""What the rollups hold for a filter: read once, then cut by days as often as needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
import pandas as pd
from pyroaring import BitMap
from sqlmodel import Session

from answers.active_people import ActivePeople
from answers.attribution_money import read_sold_days
from answers.brand_days import BrandDays
from answers.filters import Filters
from answers.scope import Scope, channel_ids
from answers.turn_times import DayTimes, read_day_times, read_young_turns
from data_access.models.derived import Side
from data_access.queries.activity import COUNTS, read_activity
from data_access.queries.sales import DEAL, OPEN_DEAL, ORDER, list_kinds, list_undated, read_open_sums, read_sales_span
from data_access.queries.topics import read_topic_days
from data_access.queries.turns import count_turns_by_day, has_team
from metrics.engagement import ResponseTimes, summarise_times
from metrics.retention import monday_of

#: The lookback of the numbers of the catalogue; pages choose others.
LOOKBACK_DAYS = 30
_EPOCH = date(1970, 1, 1)
#: Which counts of a day are read with which: what was written, how it was meant, what it got.
_READ_TOGETHER = (COUNTS[:5], COUNTS[5:9], COUNTS[9:])


F = TypeVar("F", pd.DataFrame, pd.Series)


class DayCounts:
    """Counts in rows by day, oldest first. Running totals make a sum over any days two look-ups: a series of a year
    asks for thousands of them."""

    def __init__(self, frame: pd.DataFrame, more: Callable[[str], pd.DataFrame] | None = None) -> None:
        """``frame``: a column ``day`` and counts. ``more``: reads others of the same days, that of this name among
        them."""
        self._frame = frame
        self._more = more
        self._days = frame["day"].to_numpy().astype("datetime64[D]").astype("int64")
        self._running: dict[str, list[int]] = {}

    def cut(self, start: date, end: date) -> "DaySums":
        """The rows of [start, end)."""
        first, last = self._days.searchsorted([(start - _EPOCH).days, (end - _EPOCH).days])
        return DaySums(self, int(first), int(last))

    def running(self, name: str) -> list[int]:
        """The sum of a count over the rows before each."""
        if name not in self._running:
            if self._more is not None and name not in self._frame:
                self._frame = self._frame.assign(**self._more(name).drop(columns="day"))
            totals = np.cumsum(self._frame[name].to_numpy(), dtype="int64")
            self._running[name] = [0, *totals.tolist()]
        return self._running[name]


@dataclass(frozen=True)
class DaySums:
    """The rows of ``counts`` from ``first`` to before ``last``."""

    counts: DayCounts
    first: int
    last: int

    def total(self, name: str) -> int:
        """The sum of a count."""
        running = self.counts.running(name)
        return running[self.last] - running[self.first]


class Rollups:
    """The rollups of a filter's channels over [start, end). Each is read when it is first asked for."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        filters: Filters,
        start: date,
        series: Filters | None = None,
        brands: BrandDays | None = None,
        people: ActivePeople | None = None,
    ) -> None:
        """``series``: the days that are asked for one by one. ``brands``: what was read of brands before, from
        ``start`` or earlier; ``people``: of who was active in the filter's channels."""
        self._session = session
        self._start = start
        self._slices: dict[tuple[date, date], Slice] = {}
        self._sold: dict[str, tuple[DayCounts, pd.DataFrame]] = {}
        self._sold_spans: dict[str, tuple[date | None, date | None]] = {}
        self.scope = scope
        self.filters = filters
        self.channels = channel_ids(scope, filters)
        self.brands = brands or BrandDays(session, scope, filters, start)
        days = series or filters
        #: Who was active when.
        self.people = people or ActivePeople(session, self.channels, days.start, days.end)

    @cached_property
    def span(self) -> tuple[date | None, date | None]:
        """From which to which day there is data of the filter's channels."""
        return self.scope.days_of(self.channels)

    def slice(self, start: date, end: date) -> "Slice":
        """The rollups cut to [start, end); asked again, the same."""
        if (start, end) not in self._slices:
            self._slices[start, end] = Slice(self, start, end)
        return self._slices[start, end]

    def _activity(self, side: str, channels: tuple[int, ...]) -> DayCounts:
        days = {"start": self._start, "end": self.filters.end}

        def read(name: str) -> pd.DataFrame:
            counts = next(group for group in _READ_TOGETHER if name in group)
            return read_activity(self._session, **days, channels=channels, by=("day",), side=side, counts=counts)

        return DayCounts(read("posts"), read)

    @cached_property
    def inbound(self) -> DayCounts:
        return self._activity(Side.INBOUND, self.channels)

    @cached_property
    def team(self) -> DayCounts:
        return self._activity(Side.TEAM, self.channels)

    def _naming(self, brand_ids: tuple[int, ...]) -> DayCounts:
        return DayCounts(self.brands.frame[self.brands.frame["brand_id"].isin(brand_ids)])

    @cached_property
    def our_mentions(self) -> DayCounts:
        """Mentions of the brands whose voice it is, by day."""
        return self._naming(self.brands.voices.our_ids)

    @cached_property
    def rival_mentions(self) -> DayCounts:
        """Mentions of the brands that these are compared with, by day."""
        return self._naming(self.brands.voices.rival_ids)

    @cached_property
    def turns(self) -> DayCounts:
        """Turns by the day on which they opened."""
        days = {"start": self._start, "end": self.filters.end}
        return DayCounts(count_turns_by_day(self._session, **days, channels=self.channels))

    @cached_property
    def young_turns(self) -> DayCounts:
        """Those that are open and, at the end of the data, younger than the response target."""
        return DayCounts(read_young_turns(self._session, self.scope, self.channels))

    @cached_property
    def has_team(self) -> bool:
        """Whether any account is known to be the team's: else nobody can tell what was answered."""
        return has_team(self._session)

    @cached_property
    def response_times(self) -> DayTimes:
        """How long it took until turns were answered, by the day on which they opened."""
        return read_day_times(self._session, "response_seconds", self._start, self.filters.end, self.channels)

    @cached_property
    def business_times(self) -> DayTimes:
        """The same, in business hours."""
        return read_day_times(self._session, "business_seconds", self._start, self.filters.end, self.channels)

    @cached_property
    def topics(self) -> pd.DataFrame:
        """Mentions of topics by day and topic."""
        frame = read_topic_days(
            self._session, start=self._start, end=self.filters.end, channels=self.channels, by=("day", "topic")
        )
        return frame.set_index("day")

    @cached_property
    def sale_kind(self) -> str:
        """What is sold where there is a choice: orders, or deals where there is no order."""
        return next(iter(list_kinds(self._session)), ORDER)

    def sold_span(self, kind: str) -> tuple[date | None, date | None]:
        """From which to which day there is data of sales of a kind: as of anything, since a day without any was one
        without sales. None where there is no such sale."""
        if kind == OPEN_DEAL:
            # only what is open now is known: nothing of the period before, and of a series only its end
            return (self.filters.end - timedelta(days=1), date.max) if len(self.open_deals) else (None, None)
        first, last = self._days_of_sales(kind)
        if first is None or last is None:
            return None, None
        return min(first, self.scope.oldest_day or first), max(last, self.scope.newest_day or last)

    def sold_since(self, kind: str) -> date | None:
        """The day of the first sale of a kind: of the days before nobody knows whether nothing was sold, or what was
        sold has not been brought in."""
        return self.sold_span(kind)[0] if kind == OPEN_DEAL else self._days_of_sales(kind)[0]

    def _days_of_sales(self, kind: str) -> tuple[date | None, date | None]:
        if kind not in self._sold_spans:
            self._sold_spans[kind] = read_sales_span(self._session, kind, today=self.scope.newest_day)
        return self._sold_spans[kind]

    def sold(self, kind: str) -> tuple[DayCounts, pd.DataFrame]:
        """What was sold by day, and what could not be converted, as ``answers.attribution_money.read_sold_days``."""
        if kind not in self._sold:
            days, left = read_sold_days(self._session, self.scope, kind, LOOKBACK_DAYS, self._start, self.filters.end)
            self._sold[kind] = DayCounts(days), left
        return self._sold[kind]

    @cached_property
    def undated_deals(self) -> int:
        """How many deals were won on a day that nothing tells, so that they are in no period."""
        return int(list_undated(self._session, DEAL)["sales"].sum())

    @cached_property
    def open_deals(self) -> pd.DataFrame:
        """The deals that are open, a row a currency: ``currency``, ``sales``, ``total_minor``, and ``day``, the last
        day of data."""
        deals = read_open_sums(self._session)
        return deals.assign(day=pd.Timestamp(self.scope.as_of.start))


@dataclass(frozen=True)
class Slice:
    """The rollups cut to the local days [start, end)."""

    rollups: Rollups
    start: date
    end: date

    def _cut(self, frame: F) -> F:
        # By position: a series of a year asks four hundred times, and a look-up by label takes five times as long.
        first, last = frame.index.to_numpy().searchsorted([np.datetime64(self.start), np.datetime64(self.end)])
        return cast(F, frame.iloc[first:last])

    @property
    def scope(self) -> Scope:
        return self.rollups.scope

    @cached_property
    def inbound(self) -> DaySums:
        """What people wrote."""
        return self.rollups.inbound.cut(self.start, self.end)

    @cached_property
    def team(self) -> DaySums:
        """What we wrote."""
        return self.rollups.team.cut(self.start, self.end)

    @cached_property
    def our_mentions(self) -> DaySums:
        """Posts of people that name the brands whose voice it is."""
        return self.rollups.our_mentions.cut(self.start, self.end)

    @cached_property
    def rival_mentions(self) -> DaySums:
        """Posts of people that name the brands that these are compared with."""
        return self.rollups.rival_mentions.cut(self.start, self.end)

    def people_mentioning(self, brand_ids: tuple[int, ...]) -> int:
        """How many people named each of these brands, added up: who names two counts for both."""
        return sum(len(self.rollups.brands.people(brand, self.start, self.end)) for brand in brand_ids)

    @cached_property
    def turns(self) -> DaySums:
        """Turns by the day on which they opened: ``opened``, ``closed``."""
        return self.rollups.turns.cut(self.start, self.end)

    @cached_property
    def young_turns(self) -> int:
        """How many are open and, at the end of the data, younger than the response target."""
        return self.rollups.young_turns.cut(self.start, self.end).total("turns")

    @cached_property
    def response_times(self) -> ResponseTimes:
        """How long it took until turns that opened in the slice were answered."""
        return summarise_times(self.rollups.response_times.cut(self.start, self.end))

    @cached_property
    def business_times(self) -> ResponseTimes:
        """The same, in business hours."""
        return summarise_times(self.rollups.business_times.cut(self.start, self.end))

    @cached_property
    def active(self) -> dict[date, BitMap]:
        """Who was active on each day of the slice."""
        return self.rollups.people.by_day(self.start, self.end)

    @cached_property
    def people(self) -> int:
        """How many were active on any day of the slice."""
        return len(self.rollups.people.between(self.start, self.end))

    @cached_property
    def new_people(self) -> int:
        """How many were active in it for the first time ever."""
        people = self.rollups.people
        return people.between(self.start, self.end).difference_cardinality(people.before(self.start))

    @cached_property
    def topics(self) -> pd.DataFrame:
        """Mentions of topics by people, a row a day and topic, indexed by day."""
        return self._cut(self.rollups.topics)

    def sold(self, kind: str) -> DaySums:
        """What was sold, by day."""
        return self.rollups.sold(kind)[0].cut(self.start, self.end)

    def unconverted(self, kind: str) -> tuple[str, ...]:
        """The currencies of what was sold that are in no sum."""
        left = self.rollups.sold(kind)[1]
        if left.empty:
            return ()
        is_within = (left["day"] >= pd.Timestamp(self.start)) & (left["day"] < pd.Timestamp(self.end))
        return tuple(sorted(set(left.loc[is_within, "currency"])))

    @property
    def days(self) -> int:
        """How many days of the slice lie between the first and the last with data."""
        first, last = self.rollups.span
        if first is None or last is None:
            return 0
        return max(0, (min(self.end, last + timedelta(days=1)) - max(self.start, first)).days)


def is_outside(span: tuple[date | None, date | None], start: date, end: date) -> bool:
    """Whether [start, end) lies wholly before or after the days with data, or there are none.

    >>> is_outside((date(2026, 3, 2), date(2026, 3, 8)), date(2026, 3, 8), date(2026, 3, 15))
    False
    """
    first, last = span
    return first is None or last is None or end <= first or start > last


def buckets(start: date, end: date, by: str) -> Iterator[tuple[date, date, date]]:
    """The days, weeks (from Monday) or months of [start, end): the first day that names each, and what of it lies in
    the period. Raises ``ValueError`` for another ``by``.

    >>> [(str(name), str(first)) for name, first, _ in buckets(date(2026, 3, 4), date(2026, 3, 10), "week")]
    [('2026-03-02', '2026-03-04'), ('2026-03-09', '2026-03-09')]
    """
    day = start
    while day < end:
        if by == "day":
            name, following = day, day + timedelta(days=1)
        elif by == "week":
            name = monday_of(day)
            following = name + timedelta(days=7)
        elif by == "month":
            name = day.replace(day=1)
            following = (name + timedelta(days=32)).replace(day=1)
        else:
            raise ValueError(f"by is day, week or month, not {by!r}")
        yield name, day, min(following, end)
        day = following
