"""Days without data where data is usual. 5 January 2026 is a Monday."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from metrics.gaps import find_gaps, usual_weekdays

FIRST = pd.Timestamp("2026-01-05")


def gaps_of(has_posts: list[bool], days: int | None = None) -> pd.DataFrame:
    every = pd.date_range(FIRST, periods=len(has_posts), freq="D")
    frame = pd.DataFrame({"day": every, "posts": [int(has) for has in has_posts]})
    last = FIRST + pd.Timedelta(days=(days or len(has_posts)) - 1)
    return find_gaps(frame[frame["posts"] > 0], first_day=FIRST, last_day=last)


def numbers(found: pd.DataFrame) -> list[int]:
    """The gaps, as days after the first."""
    return [(day - FIRST).days for day in found.loc[found["is_gap"], "day"]]


def test_gap_is_a_day_without_posts_after_four_same_weekdays_with_posts() -> None:
    always = [True] * 28
    assert numbers(gaps_of(always, days=30)) == [28, 29]
    assert numbers(gaps_of(always[:27], days=30)) == [28, 29]  # the fourth Sunday had none: three are too few to say


def test_gap_is_none_on_weekdays_that_are_quiet_anyway() -> None:
    weekdays = [day % 7 < 5 for day in range(56)]
    found = gaps_of(weekdays, days=65)
    assert numbers(found) == [56, 57, 58, 59, 60, 63, 64]
    assert usual_weekdays(found) == [0, 1, 2, 3, 4]


def test_gap_is_none_where_one_in_eight_same_weekdays_was_quiet() -> None:
    has_posts = [day % 7 == 0 and day != 7 for day in range(56)]  # the second Monday is too early to be a gap
    assert numbers(gaps_of(has_posts, days=57)) == []
    assert numbers(gaps_of([day % 7 == 0 for day in range(56)], days=57)) == [56]


def test_gap_says_nothing_of_what_is_usual_and_ends_with_its_fifth_week() -> None:
    assert numbers(gaps_of([True] * 56, days=120)) == list(range(56, 56 + 35))
    lost_week = [not 56 <= day < 63 for day in range(70)]
    assert numbers(gaps_of(lost_week, days=71)) == [*range(56, 63), 70]


@given(st.lists(st.booleans(), min_size=1, max_size=90))
def test_gaps_are_usual_days_without_posts_whatever_the_order_of_rows(has_posts: list[bool]) -> None:
    found = gaps_of(has_posts)
    assert (found["is_gap"] == (found["is_usual"] & (found["posts"] == 0))).all()
    assert len(found) == len(has_posts)
    rows = found.loc[found["posts"] > 0, ["day", "posts"]][::-1]
    again = find_gaps(rows, first_day=FIRST, last_day=found["day"].max())
    pd.testing.assert_frame_equal(again, found)
