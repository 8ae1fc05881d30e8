"""Retention against its reference table."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from metrics.retention import came_back_within, new_people, retention_on_day, weekly_cohorts

FIVE = {1: {1, 2, 3, 5, 7, 9}, 2: {1, 4, 10}, 3: {1, 2}, 4: {3}, 5: set[int]()}
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.mark.parametrize(("day", "classic", "rolling", "cumulative"), [(1, 0.6, 0.8, 0.6), (7, 0.2, 0.4, 0.8)])
def test_retention_on_day_equals_reference(day: int, classic: float, rolling: float, cumulative: float) -> None:
    found = retention_on_day(FIVE, day)
    assert (found.classic, found.rolling, found.cumulative) == (classic, rolling, cumulative)


def test_retention_on_day_is_nan_when_cohort_is_empty() -> None:
    assert math.isnan(retention_on_day({}, 1).classic)


@given(st.dictionaries(st.integers(1, 9), st.sets(st.integers(1, 20)), min_size=1), st.integers(1, 20))
def test_retention_on_day_is_ordered(active_days: dict[int, set[int]], day: int) -> None:
    found = retention_on_day(active_days, day)
    assert 0 <= found.classic <= min(found.rolling, found.cumulative)
    assert max(found.rolling, found.cumulative) <= 1


def test_new_people_counts_each_once_and_not_who_came_before_the_period() -> None:
    active = {MONDAY: BitMap([1]), MONDAY + DAY: BitMap([1, 2]), MONDAY + 2 * DAY: BitMap([2, 3])}
    found = new_people(active, MONDAY + DAY, MONDAY + 3 * DAY)
    assert {day: set(people) for day, people in found.items()} == {MONDAY + DAY: {2}, MONDAY + 2 * DAY: {3}}


def test_came_back_within_equals_cumulative_reference() -> None:
    active = {MONDAY: BitMap(FIVE)}
    for person, days in FIVE.items():
        for day in days:
            active.setdefault(MONDAY + day * DAY, BitMap()).add(person)
    back, total = came_back_within(active, {MONDAY: BitMap(FIVE)}, 7)
    assert back / total == 0.8


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(1, 20), min_size=1)), st.integers(0, 4))
def test_came_back_within_counts_each_newcomer_once(active_days: dict[int, set[int]], days: int) -> None:
    active = {MONDAY + joined * DAY: BitMap() for joined in range(30)}
    for joined, later in active_days.items():
        for day in {0, *later}:
            active[MONDAY + (joined + day) * DAY].add(joined)
    newcomers = {MONDAY + joined * DAY: BitMap([joined]) for joined in active_days}
    back = sum(any(day <= days for day in later) for later in active_days.values())
    assert came_back_within(active, newcomers, days) == (back, len(active_days))


def test_weekly_cohorts_follows_each_week() -> None:
    active = {
        MONDAY: BitMap([1, 2]),
        MONDAY + 6 * DAY: BitMap([2]),
        MONDAY + 7 * DAY: BitMap([2, 3]),
        MONDAY + 14 * DAY: BitMap([1, 3]),
    }
    frame = weekly_cohorts(active, MONDAY, MONDAY + 15 * DAY)
    table = {(row.cohort.date(), row.week): (row.people, row.size, row.share) for row in frame.itertuples()}
    assert table == {
        (MONDAY, 0): (2, 2, 1.0),
        (MONDAY, 1): (1, 2, 0.5),
        (MONDAY, 2): (1, 2, 0.5),
        (MONDAY + 7 * DAY, 0): (1, 1, 1.0),
        (MONDAY + 7 * DAY, 1): (1, 1, 1.0),
    }


def test_weekly_cohorts_is_empty_when_nobody_came() -> None:
    assert weekly_cohorts({}, MONDAY, MONDAY + DAY).empty
