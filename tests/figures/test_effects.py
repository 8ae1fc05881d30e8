"""The forest of effects, and orders before and after an act."""

import math

import pandas as pd

from figures.effects import before_after_figure, before_after_takeaway, forest_figure, forest_takeaway

TABLE = pd.DataFrame(
    {
        "label": ["Answer", "Like", "Share"],
        "verdict": ["effect", "not_told_from_zero", "differed_before"],
        "orders": [0.3, 0.05, math.nan],
        "low": [0.2, -0.1, math.nan],
        "high": [0.4, 0.2, math.nan],
    }
)
MEANS = pd.DataFrame(
    {
        "is_treated": [True] * 4 + [False] * 4,
        "half": [0, 1, 2, 3] * 2,
        "orders": [0.1, 0.1, 0.3, 0.2, 0.1, 0.1, 0.1, 0.2],
    }
)


def test_forest_tells_effects_from_the_rest_by_more_than_colour() -> None:
    effect, rest, apart = forest_figure(TABLE, x_title="orders").data
    assert (list(effect.x), list(effect.y), effect.marker.symbol) == ([0.3], ["Answer"], "diamond")
    assert [round(value, 3) for value in (*effect.error_x.array, *effect.error_x.arrayminus)] == [0.1, 0.1]
    assert (list(rest.y), rest.marker.symbol) == (["Like"], "circle")
    assert list(apart.y) == ["Share"]
    assert apart.error_x.array is None  # what cannot be compared has no interval


def test_forest_keeps_the_order_of_acts_from_the_top() -> None:
    assert list(forest_figure(TABLE, x_title="").layout.yaxis.categoryarray) == ["Share", "Like", "Answer"]


def test_forest_takeaway_names_effects_with_their_intervals() -> None:
    assert forest_takeaway(TABLE) == (
        "Consistent with an effect: Answer, +0.30 orders (+0.20 to +0.40). 1 cannot be told from zero, 1 cannot be "
        "compared."
    )


def test_forest_takeaway_writes_fewer_orders_with_a_minus_and_leaves_hyphens_of_names() -> None:
    fewer = TABLE.head(1).assign(label="Check-in", orders=-0.3, low=-0.4, high=-0.2)
    assert "Check-in, −0.30 orders (−0.40 to −0.20)." in forest_takeaway(fewer)


def test_forest_takeaway_says_when_there_is_none() -> None:
    assert forest_takeaway(TABLE.tail(2)) == (
        "Of 2 acts none is consistent with an effect: 1 cannot be told from zero, 1 cannot be compared."
    )


def test_before_and_after_are_two_lines_in_the_order_of_time() -> None:
    did, did_not = before_after_figure(MEANS, window_days=60).data
    assert list(did.x) == ["60 to 30 days before", "30 to 0 days before", "0 to 30 days after", "30 to 60 days after"]
    assert list(did.y) == [0.1, 0.1, 0.3, 0.2]
    assert (did.line.dash, did_not.line.dash) == ("solid", "dash")


def test_before_and_after_takeaway_sums_the_halves() -> None:
    assert before_after_takeaway(MEANS) == (
        "Orders a person went from 0.20 to 0.50 among those who did, and from 0.20 to 0.30 among matched people who "
        "did not."
    )
    assert "nothing to compare" in before_after_takeaway(MEANS.iloc[:0])
