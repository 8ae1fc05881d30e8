"""What comes before, and what does not."""

import numpy as np
import pandas as pd
import pytest

from metrics.leads_lags import changes_of, cross_correlations, leads_lags


def walk_and_follower(seed: int, *, weeks: int = 60, behind: int = 2) -> pd.DataFrame:
    """Posts wander; orders do what posts did ``behind`` weeks before, and some more."""
    rng = np.random.default_rng(seed)
    posts = rng.normal(size=weeks).cumsum()
    orders = np.concatenate([np.zeros(behind), posts[:-behind]]) + rng.normal(scale=0.5, size=weeks)
    return pd.DataFrame({"posts": posts, "orders": orders})


def test_leader_comes_before_and_follower_does_not() -> None:
    found = leads_lags(walk_and_follower(1), [("posts", "orders")])
    comes = found.tests.groupby("leader")["comes_before"].any()
    assert (comes["posts"], comes["orders"]) == (True, False)
    assert found.changes == 59
    assert len(found.tests) == 8  # both directions, four lags


def test_cross_correlation_is_largest_where_the_follower_lags() -> None:
    found = cross_correlations(walk_and_follower(2), "posts", "orders", most=4).set_index("lag")["correlation"]
    assert found.idxmax() == 2
    mirrored = cross_correlations(walk_and_follower(2), "orders", "posts", most=4).set_index("lag")["correlation"]
    assert mirrored.idxmax() == -2


def test_corrected_p_is_never_below_the_tests_own() -> None:
    tests = leads_lags(walk_and_follower(3), [("posts", "orders")]).tests
    assert (tests["adjusted_p"] >= tests["p_value"]).all()


def test_unrelated_series_seldom_come_before_each_other() -> None:
    found = 0
    for seed in range(20):
        series = pd.DataFrame(np.random.default_rng(seed).normal(size=(57, 2)).cumsum(axis=0), columns=["a", "b"])
        found += bool(leads_lags(series, [("a", "b")]).tests["comes_before"].any())
    assert found <= 3  # at 5 % more than three of twenty come in one of sixty


def test_series_too_short_say_so() -> None:
    found = leads_lags(walk_and_follower(1, weeks=20), [("posts", "orders")])
    assert found.tests.empty
    assert "too short: 19" in found.why_empty


def test_series_that_does_not_move_says_so() -> None:
    series = walk_and_follower(1).assign(orders=3.0)
    assert leads_lags(series, [("posts", "orders")]).why_empty == "Nothing moves in orders."


def test_series_that_are_the_same_say_so() -> None:
    series = walk_and_follower(1)
    found = leads_lags(series.assign(orders=series["posts"]), [("posts", "orders")])
    assert found.tests.empty
    assert "exactly" in found.why_empty


def test_changes_are_those_of_the_longest_stretch_without_a_gap() -> None:
    series = pd.DataFrame({"a": [1.0, 2.0, np.nan, 5.0, 7.0, 10.0], "b": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]})
    assert changes_of(series)["a"].tolist() == [2.0, 3.0]
    assert changes_of(series.assign(a=np.nan)).empty


def test_correlations_are_missing_when_there_is_nothing_to_compare() -> None:
    found = cross_correlations(pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 3.0]}), "a", "b", most=2)
    assert found["correlation"].isna().all()
    assert found["lag"].tolist() == [-2, -1, 0, 1, 2]
    assert (found["limit"] >= 1).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_input_is_left_as_it_was(seed: int) -> None:
    series = walk_and_follower(seed)
    copy = series.copy()
    leads_lags(series, [("posts", "orders")])
    pd.testing.assert_frame_equal(series, copy)
