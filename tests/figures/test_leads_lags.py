"""How changes of two series go together some weeks apart."""

import math

import pandas as pd

from figures.leads_lags import leads_lags_figure, leads_lags_takeaway

FRAME = pd.DataFrame({"lag": [-1, 0, 1, 2], "correlation": [0.1, -0.2, 0.6, math.nan], "limit": [0.3] * 4})


def test_bars_outside_the_band_are_told_apart_by_more_than_colour() -> None:
    inside, outside = leads_lags_figure(FRAME, first="posts", second="orders").data
    assert list(outside.x) == [1]
    assert outside.marker.pattern.shape == "/"
    assert inside.marker.pattern.shape is None
    assert list(inside.x) == [-1, 0, 2]


def test_bars_are_as_wide_as_each_other_when_those_outside_the_band_lie_far_apart() -> None:
    apart = pd.DataFrame({"lag": range(-5, 8), "correlation": [0.6, *[0.1] * 11, 0.5], "limit": [0.3] * 13})
    inside, outside = leads_lags_figure(apart, first="posts", second="orders").data
    assert list(outside.x) == [-5, 7]
    assert 0 < outside.width == inside.width < 1  # weeks


def test_axis_ends_with_the_bars_when_those_outside_the_band_lie_far_apart() -> None:
    apart = pd.DataFrame({"lag": range(-8, 9), "correlation": [0.6, *[0.1] * 15, 0.5], "limit": [0.3] * 17})
    assert list(leads_lags_figure(apart, first="posts", second="orders").layout.xaxis.range) == [-8.5, 8.5]


def test_takeaway_says_how_many_lie_outside_and_which_is_largest() -> None:
    assert leads_lags_takeaway(FRAME, first="posts", second="orders") == (
        "Changes of posts and orders: 1 of 3 distances lie outside the band, as about 0 would by chance; the largest "
        "correlation is +0.60, with posts 1 week ahead."
    )


def test_takeaway_writes_a_correlation_below_nothing_with_a_minus() -> None:
    falling = FRAME.assign(correlation=[0.1, -0.61, 0.2, math.nan])
    assert "the largest correlation is −0.61, in the same week" in leads_lags_takeaway(
        falling, first="posts", second="orders"
    )


def test_takeaway_says_when_there_is_nothing_to_compare() -> None:
    nothing = FRAME.assign(correlation=math.nan)
    assert leads_lags_takeaway(nothing, first="posts", second="orders").endswith("too few to compare.")
