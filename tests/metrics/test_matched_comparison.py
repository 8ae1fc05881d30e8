"""Whom an act is compared with, and from which moment."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.matched_comparison import (
    Span,
    choose_index_days,
    count_between,
    describe_before,
    effective_size,
    imbalance,
    overlap_weights,
)

SPAN = Span(0.0, 400.0, 60)


def events(*rows: tuple[int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "day"]).astype({"person_id": "int64", "day": "float64"})


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 20)), max_size=30),
    st.lists(st.tuples(st.integers(1, 5), st.integers(-5, 25), st.integers(-5, 25)), min_size=1, max_size=8),
)
def test_counts_are_those_of_a_plain_loop(happened: list[tuple[int, int]], asked: list[tuple[int, int, int]]) -> None:
    people = pd.Series([person for person, _, _ in asked])
    start, end = (np.array([row[place] for row in asked], dtype="float64") for place in (1, 2))
    end = np.maximum(start, end)
    found = count_between(events(*happened), people, start, end)
    expected = [
        sum(one == person and low <= day < high for one, day in happened)
        for person, low, high in zip(people, start, end, strict=True)
    ]
    assert found.tolist() == expected


def test_treated_are_looked_at_on_their_first_act_after_two_windows_without_one() -> None:
    acts = events((1, 70), (1, 90), (2, 30), (2, 100), (2, 300), (3, 390), (4, 10))
    found = choose_index_days(acts, events(), SPAN)
    # 2 acted on day 30 and again within 120 days; 3 so late that no window follows; 4 so early that none precedes
    assert found.values.tolist() == [[1, 70.0, True], [2, 300.0, True]]


def test_others_are_looked_at_on_a_chance_that_they_did_not_take() -> None:
    chances = events((5, 10), (5, 200), (7, 100), (8, 320))
    acts = events((7, 390), (8, 10), (8, 110), (8, 210))
    found = choose_index_days(acts, chances, SPAN)
    # 5: day 10 has no window before; 7 acted long after; 8 had acted 110 days before
    assert found.values.tolist() == [[5, 200.0, False], [7, 100.0, False]]


def test_others_stay_when_they_act_soon_after_their_chance() -> None:
    # day 345 has no window after it, so that 6 is not among the treated
    found = choose_index_days(events((6, 345)), events((6, 300), (6, 345)), SPAN)
    assert found.values.tolist() == [[6, 300.0, False]]


def test_a_moment_at_which_somebody_acted_is_no_chance_not_taken() -> None:
    acts = events((9, 50), (9, 160), (9, 270))  # never two windows without one
    assert choose_index_days(acts, acts, SPAN).empty


_CHANCES = [(person, 61.0 + 31 * step) for person in range(4) for step in range(8)]


@given(st.permutations(_CHANCES))
@settings(max_examples=25)
def test_moments_do_not_hang_on_the_order_of_rows(shuffled: list[tuple[int, float]]) -> None:
    pd.testing.assert_frame_equal(
        choose_index_days(events(), events(*_CHANCES), SPAN), choose_index_days(events(), events(*shuffled), SPAN)
    )


def test_what_was_known_before_leaves_out_what_the_change_is_measured_from() -> None:
    index = pd.DataFrame({"person_id": [1], "day": [200.0], "is_treated": [True]})
    orders = events((1, 100), (1, 139.9), (1, 141), (1, 201))
    activity = events((1, 50), (1, 150), (1, 195), (1, 200), (1, 230))
    people = pd.DataFrame({"person_id": [1, 2], "is_private": [True, False]})
    found = describe_before(index, orders, activity, people, SPAN).iloc[0]
    assert found["earlier_orders"] == pytest.approx(np.log(3))  # days 100 and 139.9; the window begins on day 140
    assert found["earlier_activity"] == pytest.approx(np.log(2))  # day 50
    assert found["recent_activity"] == pytest.approx(np.log(3))  # days 150 and 195; the act itself is no past
    assert found["last_week"] == pytest.approx(np.log(2))
    assert found["tenure"] == pytest.approx(np.log(151))
    assert (found["date"], found["is_private"]) == (0.5, 1.0)


def test_weighted_groups_agree_in_what_told_them_apart() -> None:
    rng = np.random.default_rng(1)
    active = rng.normal(size=2_000)
    did = pd.Series(rng.random(2_000) < 1 / (1 + np.exp(-active)))
    covariates = pd.DataFrame({"active": active, "constant": 1.0})
    assert imbalance(covariates, did, np.ones(2_000))["active"] > 0.5
    weights = overlap_weights(covariates, did)
    assert imbalance(covariates, did, weights).abs().max() < 0.01
    assert weights.min() >= 0
    assert weights.max() <= 1


def test_who_could_not_be_in_the_other_group_hardly_counts() -> None:
    active = np.concatenate([np.linspace(0, 1, 50), np.linspace(0.5, 1.5, 50)])
    did = pd.Series([False] * 50 + [True] * 50)
    weights = overlap_weights(pd.DataFrame({"active": active}), did)
    assert weights[49] > weights[0]  # of those who did not, the most active count most
    assert weights[50] > weights[99]


def test_people_are_as_many_as_they_count() -> None:
    assert effective_size(np.array([0.5, 0.5, 0.5, 0.5])) == pytest.approx(4)
    assert effective_size(np.array([1.0, 0.001])) == pytest.approx(1, abs=0.01)
    assert effective_size(np.zeros(3)) == 0
