"""How response times are spread."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from figures.distribution import count_response_times, response_times_figure, response_times_takeaway
from figures.template import BLUE, RED

TIMES = pd.Series([30.0, 600.0, 3600.0, 90_000.0])


def test_response_times_figure_tells_late_answers_apart() -> None:
    within, past = response_times_figure(TIMES, target_seconds=3600).data
    assert (within.marker.color, past.marker.color) == (BLUE, RED)
    assert past.marker.pattern.shape == "/"
    assert sum(within.y) == 2
    assert dict(zip(past.x, past.y, strict=True))["1–2 h"] == 1  # an hour exactly begins the next bracket
    assert sum(past.y) == 2


def test_response_times_takeaway_gives_median_and_share_within() -> None:
    assert response_times_takeaway(TIMES, target_seconds=3600) == (
        "Half of 4 answers came within 35 minutes; 75% within the target."
    )
    assert response_times_takeaway(TIMES.iloc[:0]) == "No turn was answered in this period."


@given(st.lists(st.floats(min_value=0, max_value=1e8)))
def test_count_response_times_counts_each_answer_once(seconds: list[float]) -> None:
    assert count_response_times(pd.Series(seconds, dtype=float))["value"].sum() == len(seconds)
