"""Bands of metrics, also of a day that is not over."""

from datetime import timedelta

import pandas as pd
import pytest
from sqlmodel import Session

from answers.bands import band_of, read_bands, until_hour
from answers.catalogue import compute_metric
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


def test_until_hour_expects_a_part_of_the_day() -> None:
    day = {"day": pd.Timestamp(MONDAY), "value": 90.0, "expected": 100.0, "low": 70.0, "high": 130.0}
    band = until_hour(pd.DataFrame([day | {"is_unusual": False}]), 0.25)
    assert band.loc[0, ["expected", "low", "high"]].tolist() == [25, 10, 40]
    assert band.loc[0, "is_unusual"]


def test_until_hour_leaves_a_whole_day_alone() -> None:
    day = {"day": pd.Timestamp(MONDAY), "value": 90.0, "expected": 100.0, "low": 70.0, "high": 130.0}
    band = pd.DataFrame([day | {"is_unusual": False}])
    pd.testing.assert_frame_equal(until_hour(band, 1.0), band)
