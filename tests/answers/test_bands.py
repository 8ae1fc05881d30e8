"""Bands of metrics, also of a day that is not over."""

import math
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from sqlmodel import Session

from answers.bands import band_of, read_bands, until_hour
from answers.catalogue import MONEY, compute_metric
from answers.filters import Filters
from answers.scope import read_scope
from tests.answers.store import DAY, MONDAY, add_channel, add_daily


def add_weeks(session: Session, last_posts: int) -> None:
    """Nine weeks of 100 posts a day, half of them negative, and a last Monday of its own."""
    add_channel(session)
    for n in range(1, 64):
        add_daily(session, MONDAY - n * DAY, positive=50, negative=50)
    add_daily(session, MONDAY, positive=0, negative=last_posts)


@pytest.mark.parametrize(("posts", "is_unusual"), [(110, False), (400, True)])
def test_read_bands_expects_what_the_weekday_brought(session: Session, posts: int, is_unusual: bool) -> None:
    add_weeks(session, posts)
    band = read_bands(session, ["posts"], Filters(MONDAY - DAY, MONDAY + 2 * DAY), scope=read_scope(session))["posts"]
    assert band["day"].tolist() == [pd.Timestamp(MONDAY - DAY), pd.Timestamp(MONDAY)]  # Tuesday has no data
    assert band["expected"].tolist() == [100, 100]
    assert band["is_unusual"].tolist() == [False, is_unusual]


@pytest.mark.parametrize(("posts", "is_unusual"), [(9, False), (40, True)])
def test_band_leaves_out_ratios_of_few_posts(session: Session, posts: int, is_unusual: bool) -> None:
    add_weeks(session, posts)
    answer = compute_metric(session, "net_sentiment", Filters(MONDAY - timedelta(weeks=8), MONDAY + DAY), by="day")
    last = band_of(answer).iloc[-1]
    assert last["value"] == -100
    assert last["expected"] == 0
    assert last["is_unusual"] == is_unusual


@pytest.mark.parametrize(("last", "is_unusual"), [(1_200.0, False), (1_400.0, True)])
@pytest.mark.parametrize("unit", [1.0, 1_000.0])
def test_band_of_money_is_wide_in_proportion_when_days_are_alike(
    session: Session, last: float, is_unusual: bool, unit: float
) -> None:
    answer = compute_metric(session, "posts", Filters(MONDAY - timedelta(weeks=8), MONDAY + DAY), by="day")
    days = pd.date_range(MONDAY - timedelta(weeks=8), MONDAY)
    values = [1_000.0 * unit] * (len(days) - 1) + [last * unit]
    series = pd.DataFrame({"period": days, "value": values, "denominator": float("nan")})
    band = band_of(replace(answer, metric=replace(answer.metric, unit=MONEY), series=series))
    assert band.iloc[-1][["expected", "high"]].tolist() == [1_000 * unit, pytest.approx(1_300 * unit)]
    assert band.iloc[-1]["is_unusual"] == is_unusual


def test_until_hour_expects_a_part_of_the_day() -> None:
    day = {"day": pd.Timestamp(MONDAY), "value": 90.0, "expected": 100.0, "low": 70.0, "high": 130.0}
    band = until_hour(pd.DataFrame([day | {"is_unusual": False}]), 0.25)
    assert band.loc[0, ["expected", "low", "high"]].tolist() == [25, 10, 40]
    assert band.loc[0, "is_unusual"]


def test_until_hour_leaves_a_whole_day_alone() -> None:
    day = {"day": pd.Timestamp(MONDAY), "value": 90.0, "expected": 100.0, "low": 70.0, "high": 130.0}
    band = pd.DataFrame([day | {"is_unusual": False}])
    pd.testing.assert_frame_equal(until_hour(band, 1.0), band)


def test_until_hour_knows_no_band_when_the_whole_day_has_none() -> None:
    day = {"day": pd.Timestamp(MONDAY), "value": 90.0, "expected": math.nan, "low": math.nan, "high": math.nan}
    band = pd.DataFrame([day | {"is_unusual": False}])
    pd.testing.assert_frame_equal(until_hour(band, 0.25), band)
