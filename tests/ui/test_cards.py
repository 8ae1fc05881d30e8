"""What changed, in the unit of the number."""

import math

from ui.cards import describe_change


def test_describe_change_is_none_when_there_is_nothing_to_compare() -> None:
    assert describe_change(5, math.nan, "count") is None
    assert describe_change(math.nan, 5, "count") is None


def test_describe_change_is_in_points_when_the_number_is_a_share() -> None:
    assert describe_change(0.25, 0.3, "share") == "-5.0 pts"
    assert describe_change(-3.0, 4.0, "points") == "-7.0 pts"
    assert describe_change(0.3, 0.3, "share") == "no change"


def test_describe_change_says_from_none_when_there_was_nothing_before() -> None:
    assert describe_change(7, 0, "count") == "+7 from none"


def test_describe_change_says_how_many_times_when_percent_would_be_huge() -> None:
    assert describe_change(5000, 100, "count") == "50 times as much"
