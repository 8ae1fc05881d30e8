"""Stickiness and the observed split."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.participation import participation_split, stickiness


def test_stickiness_is_daily_mean_over_window() -> None:
    assert stickiness(pd.Series([2, 0, 4, 2]), 8) == 0.25


def test_stickiness_is_nan_when_nobody_came() -> None:
    assert math.isnan(stickiness(pd.Series([0, 0]), 0))
    assert math.isnan(stickiness(pd.Series([], dtype="int64"), 0))


def test_participation_split_reports_what_each_group_wrote() -> None:
    # one wrote 100, nine wrote 10 each, ninety wrote 1 each
    split = participation_split(pd.DataFrame({"posts": [1, 10, 100], "people": [90, 9, 1]}))
    assert split["people"].tolist() == [1, 9, 90]
    assert split["posts"].tolist() == [100, 90, 90]
    assert split["share"].tolist() == pytest.approx([100 / 280, 90 / 280, 90 / 280])


def test_participation_split_is_empty_when_nobody_posted() -> None:
    assert participation_split(pd.DataFrame({"posts": [], "people": []})).empty


@given(st.lists(st.integers(1, 50), min_size=1, max_size=300))
def test_participation_split_adds_up_to_the_whole(counts: list[int]) -> None:
    histogram = pd.Series(counts).value_counts().rename_axis("posts").rename("people").reset_index()
    split = participation_split(histogram)
    assert split["people"].sum() == len(counts)
    assert split["posts"].sum() == sum(counts)
    assert split["share"].sum() == pytest.approx(1)
    written = split["posts"] / split["people"].where(split["people"] > 0)
    assert written.dropna().is_monotonic_decreasing
