"""One person's praise and complaints over time."""

import pandas as pd
import pytest

from figures.balance import balance_figure, balance_takeaway

MONTHS = pd.DataFrame(
    {
        "period": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]),
        "positive": [3, 0, 1],
        "negative": [1, 0, 4],
        "scored": [6, 0, 5],
    }
)


def test_balance_figure_draws_complaints_below_zero() -> None:
    positive, negative, scored = balance_figure(MONTHS, unit="month").data
    assert list(positive.y) == [3, 0, 1]
    assert list(negative.y) == [-1, 0, -4]
    assert list(negative.customdata) == [1, 0, 4]
    assert list(scored.y) == [6, 0, 5]
    assert negative.marker.pattern.shape == "/"  # not by colour alone


def test_balance_takeaway_names_the_worst_period() -> None:
    assert balance_takeaway(MONTHS, unit="month") == (
        "4 positive and 5 negative of 11 scored posts; most negative ones in Mar 2026, 4."
    )
    assert "the week of 1 Mar 2026" in balance_takeaway(MONTHS, unit="week")


def test_balance_takeaway_names_no_period_when_nobody_complains() -> None:
    assert balance_takeaway(MONTHS.head(1).assign(negative=0), unit="week") == (
        "3 positive and 0 negative of 6 scored posts."
    )


@pytest.mark.parametrize("unit", ["week", "month"])
def test_balance_figure_is_drawn_when_nothing_is_scored(unit: str) -> None:
    nothing = MONTHS.iloc[:0]
    assert len(balance_figure(nothing, unit=unit).data) == 3
    assert balance_takeaway(nothing, unit=unit) == "None of their posts is scored."


def test_balance_figure_leaves_room_beside_a_lone_period() -> None:
    start, end = balance_figure(MONTHS.tail(1), unit="month").layout.xaxis.range
    assert (pd.Timestamp(start), pd.Timestamp(end)) == (pd.Timestamp("2025-10-01"), pd.Timestamp("2026-04-01"))
