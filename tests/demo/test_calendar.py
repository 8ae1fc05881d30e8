"""When things happen: days, hours, seasons, and how long the team takes."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from statistics import mean, median
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from jobs.demo import calendar
from jobs.demo.calendar import (
    DAYS,
    END,
    answer_delay,
    cumulative_posts,
    day_of,
    day_start,
    is_open,
    moment_of_day,
    next_opening,
)
from tests.demo.loaded import Loaded

DUBLIN = ZoneInfo("Europe/Dublin")
SECONDS = st.integers(day_start(0), END - 1)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=DUBLIN).timestamp())


def test_the_demo_ends_with_30_june_2026_in_dublin() -> None:
    assert datetime.fromtimestamp(END, UTC) == datetime(2026, 6, 30, 23, tzinfo=UTC)


@given(SECONDS)
def test_day_of_is_the_local_day(second: int) -> None:
    day = day_of(second)
    assert day_start(day) <= second < day_start(day + 1)
    assert calendar.date_of(day) == datetime.fromtimestamp(second, DUBLIN).date()


@given(SECONDS, st.integers(0, 10_000), st.floats(1, 500))
def test_answer_delay_is_never_negative_and_next_opening_is_open(second: int, seed: int, minutes: float) -> None:
    assert answer_delay(second, Random(seed), median_minutes=minutes) >= 45
    opening = next_opening(second)
    assert opening >= second
    assert is_open(opening)


def test_is_open_keeps_business_hours() -> None:
    wednesday, saturday, sunday = (2026, 6, 17), (2026, 6, 20), (2026, 6, 21)
    assert [is_open(local(*wednesday, hour)) for hour in (7, 8, 17, 18)] == [False, True, True, False]
    assert [is_open(local(*saturday, hour)) for hour in (9, 10, 13, 14)] == [False, True, True, False]
    assert not is_open(local(*sunday, 12))


def test_next_opening_is_monday_when_it_is_saturday_afternoon() -> None:
    assert next_opening(local(2026, 6, 20, 15)) == local(2026, 6, 22, 8)


def test_cumulative_posts_end_at_all_of_them() -> None:
    counts = cumulative_posts(1_000, Random(1))
    assert len(counts) == DAYS
    assert counts == sorted(counts)
    assert counts[-1] == 1_000


@given(st.integers(0, DAYS - 1), st.integers(0, 1_000))
def test_moment_of_day_is_within_the_day_or_the_hour_that_clocks_skip(day: int, seed: int) -> None:
    assert day_start(day) <= moment_of_day(day, Random(seed)) < day_start(day + 1) + 3_600


def test_people_write_more_on_workdays_and_in_the_evening(full: Loaded) -> None:
    moments = [post.occurred_at.astimezone(DUBLIN) for post in full.posts]
    weekdays = Counter(moment.weekday() for moment in moments)
    hours = Counter(moment.hour for moment in moments)
    assert mean(weekdays[day] for day in range(4)) > 1.15 * mean(weekdays[day] for day in (5, 6))
    assert hours[20] > 10 * hours[3]


def test_talk_grows_slowly(full: Loaded) -> None:
    days = Counter(post.occurred_at.date() for post in full.posts)
    by_day = [days[day] for day in sorted(days)]
    assert 1.2 < median(by_day[-60:]) / median(by_day[:60]) < 2.2


def test_the_team_is_slower_at_night_and_at_weekends(full: Loaded) -> None:
    waits: dict[bool, list[float]] = {True: [], False: []}
    for answer, post in full.team_answers:
        waits[is_open(int(post.occurred_at.timestamp()))].append(
            (answer.occurred_at - post.occurred_at).total_seconds()
        )
    assert median(waits[True]) < 2 * 3_600
    assert median(waits[False]) > 4 * median(waits[True])
    assert min(waits[True]) >= 45
