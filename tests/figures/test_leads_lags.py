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


def test_takeaway_says_how_many_lie_outside_and_which_is_largest() -> None:
    assert leads_lags_takeaway(FRAME, first="posts", second="orders") == (
        "Changes of posts and orders: 1 of 3 distances lie outside the band, as about 0 would by chance; the largest "
        "correlation is +0.60, with posts 1 week ahead."
    )


def test_takeaway_says_when_there_is_nothing_to_compare() -> None:
    nothing = FRAME.assign(correlation=math.nan)
    assert leads_lags_takeaway(nothing, first="posts", second="orders").endswith("too few to compare.")
