"""How response times are spread."""

import pandas as pd

from figures.distribution import response_times_figure, response_times_takeaway
from figures.template import BLUE, RED

FRAME = pd.DataFrame(
    {
        "step": ["under 5 min", "5 to 60 min", "1 to 4 h", "over 4 h"],
        "seconds_to": [300.0, 3600.0, 14_400.0, float("nan")],
        "turns": [2, 4, 1, 1],
    }
)


def test_response_times_figure_tells_late_answers_apart() -> None:
    within, past = response_times_figure(FRAME, target_seconds=3600).data
    assert (within.marker.color, past.marker.color) == (BLUE, RED)
    assert past.marker.pattern.shape == "/"  # not by colour alone
    assert dict(zip(within.x, within.y, strict=True)) == {"under 5 min": 2, "5 to 60 min": 4}
    assert dict(zip(past.x, past.y, strict=True)) == {"1 to 4 h": 1, "over 4 h": 1}


def test_response_times_figure_keeps_the_order_of_the_steps() -> None:
    figure = response_times_figure(FRAME, target_seconds=3600)
    assert list(figure.layout.xaxis.categoryarray) == FRAME["step"].tolist()


def test_response_times_takeaway_gives_share_within_the_target() -> None:
    assert response_times_takeaway(FRAME, target_seconds=3600) == (
        "75 % of 8 answers came within the target; the commonest wait is 5 to 60 min."
    )
    assert response_times_takeaway(FRAME.iloc[:0], target_seconds=3600) == (
        "No turn that opened in this period was answered."
    )
