"""The seasonal band and the control limits."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.baseline import ewma, ewma_limits, seasonal_band

MONDAY = pd.Timestamp("2026-01-05")


def weekly(*values: float) -> pd.DataFrame:
    """One value a Monday."""
    days = [MONDAY + pd.Timedelta(weeks=n) for n in range(len(values))]
    return pd.DataFrame({"day": days, "value": list(values)})


def test_ewma_limits_equals_reference() -> None:
    low, high = ewma_limits(50, 2.0539, 0.3)
    assert (round(low, 4), round(high, 4)) == (47.4116, 52.5884)


def test_ewma_equals_hand_computed_values() -> None:
    assert ewma(pd.Series([52.0, 47.0]), 0.3, 50).tolist() == pytest.approx([50.6, 49.52])


def test_seasonal_band_expects_the_median_of_the_same_weekday() -> None:
    last = seasonal_band(weekly(100, 110, 90, 100, 105, 95, 100, 1_000, 300)).iloc[-1]
    assert last.expected == 100  # of 90 95 100 100 100 105 110 1000: one wild week does not move it
    assert last.is_unusual
    assert last.high == pytest.approx(100 + 3 * 10)  # MAD 5 x 1.4826 = 7.4 < the root of 100


def test_seasonal_band_ignores_other_weekdays() -> None:
    days = pd.date_range(MONDAY, periods=70)
    values = np.where(days.day_of_week < 5, 100, 10)
    band = seasonal_band(pd.DataFrame({"day": days, "value": values}))
    assert not band["is_unusual"].any()
    assert band.loc[band["day"].dt.day_of_week == 6, "expected"].iloc[-1] == 10


def test_seasonal_band_does_not_cry_when_weeks_were_equal_and_change_is_small() -> None:
    assert not seasonal_band(weekly(*[100.0] * 8, 125)).iloc[-1].is_unusual
    assert seasonal_band(weekly(*[100.0] * 8, 135)).iloc[-1].is_unusual


def test_seasonal_band_does_not_cry_when_channel_is_quiet() -> None:
    assert not seasonal_band(weekly(*[0.0] * 8, 4)).iloc[-1].is_unusual
    assert seasonal_band(weekly(*[0.0] * 8, 5)).iloc[-1].is_unusual


def test_seasonal_band_is_unknown_before_four_weeks() -> None:
    band = seasonal_band(weekly(10, 10, 10, 10, 500))
    assert band["expected"].isna().tolist() == [True, True, True, True, False]
    assert band["is_unusual"].tolist() == [False, False, False, False, True]


def test_seasonal_band_goes_below_zero_when_value_is_no_count() -> None:
    band = seasonal_band(weekly(*[0.0] * 8, -40), is_count=False, least_spread=5, least_difference=10)
    assert (band.iloc[-1].low, band.iloc[-1].high) == (-15, 15)
    assert band.iloc[-1].is_unusual


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_seasonal_band_contains_what_it_expects_and_ignores_order(values: list[int], random: Any) -> None:
    frame = weekly(*map(float, values))
    before = frame.copy(deep=True)
    band = seasonal_band(frame)
    known = band.dropna()
    assert (known["low"] <= known["expected"]).all()
    assert (known["expected"] <= known["high"]).all()
    assert (known["low"] >= 0).all()
    order = list(range(len(frame)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(band, seasonal_band(frame.iloc[order]))
    pd.testing.assert_frame_equal(frame, before)


def test_seasonal_band_skips_days_without_value() -> None:
    band = seasonal_band(weekly(10, 10, math.nan, 10, 10, math.nan), is_count=False)
    assert not band.iloc[-1].is_unusual
    assert math.isnan(band.iloc[-1].value)
