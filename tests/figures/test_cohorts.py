"""Who comes back."""

import pandas as pd
import pytest

from figures.cohorts import cohorts_figure, cohorts_takeaway

FRAME = pd.DataFrame(
    {
        "cohort": pd.to_datetime(["2026-03-02", "2026-03-02", "2026-03-09"]),
        "week": [0, 1, 0],
        "share": [1.0, 0.25, 1.0],
    }
)


def test_cohorts_figure_leaves_empty_what_has_not_happened_yet() -> None:
    heatmap = cohorts_figure(FRAME).data[0]
    assert heatmap.z[0][1] == pytest.approx(25)
    assert pd.isna(heatmap.z[1][1])
    assert heatmap.colorbar.ticksuffix == "\u00a0%"
    assert list(heatmap.y) == ["2 Mar 2026", "9 Mar 2026"]


def test_cohorts_figure_scales_its_shades_to_those_who_return() -> None:
    assert cohorts_figure(FRAME).data[0].zmax == pytest.approx(25)


def test_cohorts_takeaway_says_how_many_come_back() -> None:
    assert cohorts_takeaway(FRAME) == "25 % come back in the week after their first, from 25 % to 25 %."
    assert cohorts_takeaway(FRAME[FRAME["week"] == 0]) == "Nobody's second week lies in this period."
