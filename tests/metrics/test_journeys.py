"""Stages in the order in which they are reached, and how long a step takes."""

import math
from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from metrics.journeys import STAGES, Sign, lag_quantile, path_of, steps_of

DAY = date(2026, 3, 2)
signs = st.lists(
    st.builds(
        lambda n, stage, place: Sign.of(DAY + timedelta(days=n), stage, place),
        st.integers(0, 9),
        st.sampled_from(STAGES),
        st.integers(0, 3),
    ),
    min_size=1,
)


def test_path_counts_the_stages_in_their_order_when_all_are_reached_on_one_day() -> None:
    assert list(path_of([Sign.of(DAY, stage, None) for stage in reversed(STAGES)])) == list(STAGES)


@given(signs)
def test_path_holds_the_first_day_of_each_stage_whatever_the_order(found: list[Sign]) -> None:
    path = path_of(found)
    assert path == path_of(reversed(found))
    assert list(path.values()) == sorted(path.values())
    for stage, day in path.items():
        assert day == min(sign.day for sign in found if STAGES[sign.rank] == stage)
    assert set(path) == {STAGES[sign.rank] for sign in found}


@given(signs)
def test_days_of_the_steps_add_up_to_the_whole_way(found: list[Sign]) -> None:
    path = path_of(found)
    lags = steps_of(path)
    assert len(lags) == len(path) - 1
    assert all(days >= 0 for days in lags.values())
    assert sum(lags.values()) == (max(path.values()) - min(path.values())).days


def test_lag_quantile_is_the_day_within_which_that_share_went_on() -> None:
    lags = pd.DataFrame({"days": [40, 0, 5], "people": [1, 2, 1]})
    assert [lag_quantile(lags, share) for share in (0.5, 0.75, 0.76, 1.0)] == [0.0, 5.0, 40.0, 40.0]
    assert math.isnan(lag_quantile(lags.iloc[:0], 0.5))
