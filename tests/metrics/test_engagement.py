"""Rates and response times against published or hand-computed values."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import engagement
from metrics.columns import MissingColumns
from tests.metrics.twcs import read_twcs


def test_engagement_rate_equals_reference() -> None:
    assert engagement.engagement_rate(500, 10_000) == 0.05


def test_engagement_rate_by_views_is_ratio_of_sums_when_posts_differ_in_size() -> None:
    activity = pd.DataFrame({"view_engagements": [1, 99], "views": [1, 9_999]})
    activity = activity.assign(view_conversations=[0, 20], conversation_views=[1, 9_999])
    assert engagement.engagement_rate_by_views(activity) == 0.01
    assert engagement.audience_engagement(activity) == 0.002


def test_engagement_rate_by_reach_is_nan_when_nothing_was_reached() -> None:
    assert math.isnan(engagement.engagement_rate_by_reach(pd.DataFrame({"reach_engagements": [0], "reach": [0]})))


def test_audience_engagement_names_missing_columns() -> None:
    with pytest.raises(MissingColumns, match="view_conversations"):
        engagement.audience_engagement(pd.DataFrame({"views": [1]}))


def test_response_rate_leaves_out_pending() -> None:
    assert engagement.response_rate(8, 12, pending=2) == 0.8
    assert math.isnan(engagement.response_rate(0, 2, pending=2))


def test_response_times_mean_equals_reference() -> None:
    assert engagement.response_times(np.array([125] * 120)).mean == 15_000 / 120 == 125


def test_damaged_times_are_left_out() -> None:
    whole = engagement.pack_times([90, 60, 90])
    assert engagement.unpack_times([whole[:12], b"\x01\x02\x03", whole]).tolist() == [[60, 1], [60, 1], [90, 2]]
    assert engagement.summarise_times(engagement.unpack_times([bytes(8)])).turns == 0


def test_response_times_are_nan_when_nobody_was_answered() -> None:
    times = engagement.summarise_times(engagement.unpack_times([]))
    assert times.turns == 0
    assert math.isnan(times.median)


@given(st.lists(st.lists(st.integers(0, 10**9), max_size=20), max_size=5))
def test_pack_seconds_loses_nothing(days: list[list[int]]) -> None:
    seconds = engagement.unpack_seconds([engagement.pack_seconds(day) for day in days])
    assert sorted(seconds.tolist()) == sorted(value for day in days for value in day)


@given(st.lists(st.lists(st.integers(0, 10**9), max_size=20), max_size=5))
def test_packed_times_give_the_quantiles_of_every_turn(days: list[list[int]]) -> None:
    seconds = [value for day in days for value in day]
    times = engagement.summarise_times(engagement.unpack_times([engagement.pack_times(day) for day in days]))
    assert times.turns == len(seconds)
    if seconds:
        exact = [*np.quantile(seconds, [0.5, 0.9]), np.mean(seconds)]
        assert [times.median, times.p90, times.mean] == pytest.approx(exact)


@given(st.lists(st.integers(0, 10**9), min_size=600, max_size=700, unique=True))
def test_packed_times_are_rounded_by_half_a_percent_when_a_day_has_many(seconds: list[int]) -> None:
    times = engagement.summarise_times(engagement.unpack_times([engagement.pack_times(seconds)]))
    exact = [*np.quantile(seconds, [0.5, 0.9]), np.mean(seconds)]
    assert [times.median, times.p90, times.mean] == pytest.approx(exact, rel=0.005)
    assert times.turns == len(seconds)


def test_packed_times_take_no_more_room_when_there_are_more_turns() -> None:
    waits = np.random.default_rng(1).lognormal(8, 1.2, 200_000).astype("int64")
    assert len(engagement.pack_times(waits)) < 1.5 * len(engagement.pack_times(waits[:20_000]))


def test_packed_times_are_136_years_at_most_when_a_question_is_dated_in_the_year_1() -> None:
    for wrong in (2**32, 63_000_000_000):
        packed = engagement.pack_times([60, wrong, wrong])
        assert engagement.unpack_times([packed]).tolist() == [[60, 1], [2**32 - 1, 2]]
    many = engagement.unpack_times([engagement.pack_times([*range(300), 63_000_000_000])])
    assert many.max() == 2**32 - 1


def test_resolution_time_equals_reference() -> None:
    assert engagement.resolution_time(6_000, 500) == 12


def test_reply_seconds_counts_every_reply_to_a_person_and_none_to_us() -> None:
    posts = pd.DataFrame(
        {
            "post_id": [1, 2, 3, 4, 5],
            "parent_id": pd.array([None, 1, 1, 2, 99], dtype="Int64"),
            "is_team": [False, True, True, True, True],
            "occurred_at": [0, 60_000_000, 90_000_000, 95_000_000, 99_000_000],
        }
    )
    assert engagement.reply_seconds(posts).tolist() == [60, 90]


@pytest.mark.realdata
def test_reply_seconds_equals_counted_figures_when_posts_are_real(shared_data: Path) -> None:
    seconds = engagement.reply_seconds(read_twcs(shared_data))
    assert len(seconds) == 2_188
    assert np.median(seconds) == 723.5
    assert round(float(np.mean(seconds)), 1) == 12_696.7
    assert seconds.min() >= 0
