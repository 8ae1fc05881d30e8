"""Bars of what a circle bought before and after taking part."""

import pandas as pd

from figures.circle_sales import circle_sales_figure, circle_sales_takeaway

STEPS = pd.DataFrame({"step": range(-6, 6), "value": [0.0, 10, 0, 0, 20, 10, 50, 0, -5.5, 0, 0, 0]})


def test_figure_draws_before_and_after_apart_on_one_axis_of_days() -> None:
    before, after = circle_sales_figure(STEPS, window_days=60, currency="EUR").data
    assert (before.name, after.name) == ("before they took part", "after")
    assert list(before.x) == [-55, -45, -35, -25, -15, -5]
    assert list(after.x) == [5, 15, 25, 35, 45, 55]
    assert list(after.y) == [50, 0, -5.5, 0, 0, 0]
    assert before.marker.color != after.marker.color
    assert before.marker.pattern.shape  # never by colour alone
    assert (before.customdata[0], after.customdata[0]) == ("50 to 60 days before", "0 to 10 days after")


def test_takeaway_says_how_much_of_before_came_last() -> None:
    assert circle_sales_takeaway(STEPS, window_days=60, currency="EUR") == (
        "EUR 40.00 in the 60 days before taking part, EUR 44.50 in the 60 days after. "
        "Of what came before, 75 % lies in the last 30 days."
    )


def test_takeaway_says_so_when_nothing_was_bought() -> None:
    nothing = STEPS.assign(value=0.0)
    words = circle_sales_takeaway(nothing, window_days=30, currency="EUR")
    assert words == "In the 30 days before and after taking part nothing was bought."
    later = circle_sales_takeaway(STEPS[STEPS["step"] >= 0], window_days=30, currency="EUR")
    assert later == "EUR 0.00 in the 30 days before taking part, EUR 44.50 in the 30 days after."


def test_takeaway_writes_refunds_beyond_what_was_bought_with_a_minus() -> None:
    refunded = STEPS.assign(value=[0.0] * 8 + [-5.5, 0, 0, 0])
    words = circle_sales_takeaway(refunded, window_days=60, currency="EUR")
    assert words == "EUR 0.00 in the 60 days before taking part, EUR −5.50 in the 60 days after."
