"""Who comes back. People are bitmaps of their ids (``pyroaring.BitMap``), a day each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from pyroaring import BitMap

from metrics.ratios import ratio

WEEK = timedelta(days=7)
_NOBODY = BitMap()


@dataclass(frozen=True)
class Retention:
    """Shares of a cohort, 0 to 1: active on that very day, on that day or later, by that day."""

    classic: float
    rolling: float
    cumulative: float


def retention_on_day(active_days: Mapping[int, Collection[int]], day: int) -> Retention:
    """Retention on ``day`` (1 or more) after joining. ``active_days``: for everyone of the cohort, the days since
    joining on which they were active, none for whoever never came. NaN for an empty cohort.

    >>> retention_on_day({1: {1, 2}, 2: {3}, 3: set()}, 2)
    Retention(classic=0.3333333333333333, rolling=0.6666666666666666, cumulative=0.3333333333333333)
    """
    size = len(active_days)
    later = [[d for d in days if d >= 1] for days in active_days.values()]
    return Retention(
        classic=ratio(sum(day in days for days in later), size),
        rolling=ratio(sum(any(d >= day for d in days) for days in later), size),
        cumulative=ratio(sum(any(d <= day for d in days) for days in later), size),
    )


def union(sets: Collection[BitMap]) -> BitMap:
    """Everyone in any of ``sets``."""
    return BitMap.union(*sets) if sets else BitMap()


def new_people(active: Mapping[date, BitMap], start: date, end: date) -> dict[date, BitMap]:
    """For each day in [start, end): who was active for the first time ever. ``active`` goes back to the beginning."""
    seen = union([people for day, people in active.items() if day < start])
    found = {}
    for day in sorted(day for day in active if start <= day < end):
        found[day] = active[day] - seen
        seen |= found[day]
    return found


def came_back_within(active: Mapping[date, BitMap], newcomers: Mapping[date, BitMap], days: int) -> tuple[int, int]:
    """Of ``newcomers`` by the day they came: how many were active again within ``days`` days, and how many there were.

    Each of them came on one day. The ratio of the two is cumulative retention. Give only newcomers whose ``days`` days
    the data covers.
    """
    back, waiting = 0, BitMap()
    first, last = min(newcomers, default=date.max), max(newcomers, default=date.min)
    for day in (first + timedelta(days=n) for n in range((last - first).days + days + 1)):
        waiting -= newcomers.get(day - timedelta(days=days + 1), _NOBODY)
        again = waiting & active.get(day, _NOBODY)
        back += len(again)
        waiting -= again
        waiting |= newcomers.get(day, _NOBODY)
    return back, sum(map(len, newcomers.values()))


def monday_of(day: date) -> date:
    """The Monday of the week that ``day`` is in.

    >>> monday_of(date(2026, 3, 8)).isoformat()
    '2026-03-02'
    """
    return day - timedelta(days=day.weekday())


def weekly_cohorts(active: Mapping[date, BitMap], start: date, end: date) -> pd.DataFrame:
    """People by the week (from Monday) in which they first came, and how many of them came again in later weeks.

    ``active``: everyone active on each day, from the beginning of the data. Cohorts are the whole or part weeks of
    [start, end), followed to the last week before ``end``. Returns ``cohort`` (the Monday, datetime64), ``week`` (0 is
    the first), ``people`` (of the cohort, active in that week), ``size`` (of the cohort), ``share`` (0 to 1). Read a
    row from left to right: where the share stops falling, that many have made it a habit.
    """
    days_of: dict[date, list[BitMap]] = {}
    for day, people in active.items():
        if day < end:
            days_of.setdefault(monday_of(day), []).append(people)
    by_week = {monday: union(days) for monday, days in days_of.items()}
    rows = []
    for cohort, members in new_people(by_week, monday_of(start), end).items():
        if not members:
            continue
        week, monday = 0, cohort
        while monday < end:
            count = len(members & by_week.get(monday, BitMap()))
            rows.append((pd.Timestamp(cohort), week, count, len(members), count / len(members)))
            week, monday = week + 1, monday + WEEK
    frame = pd.DataFrame(rows, columns=["cohort", "week", "people", "size", "share"])
    return frame.astype(
        {"cohort": "datetime64[us]", "week": "int64", "people": "int64", "size": "int64", "share": "float64"}
    )
