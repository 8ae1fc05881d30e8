"""BG/NBD and Gamma-Gamma against the published fits, and against customers simulated from known ones."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.customer_value import simulate_customers
from metrics.columns import MissingColumns
from metrics.customer_value import (
    PurchaseRate,
    Spending,
    expected_purchases,
    expected_value,
    fit_purchase_rate,
    fit_spending,
    probability_alive,
    summarise_purchases,
)

PUBLISHED = PurchaseRate(0.243, 4.414, 0.793, 2.426, -9582.43)
ONE = pd.DataFrame({"repeats": [2], "recency": [30.43], "age": [38.86]})


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> pd.DataFrame:
    """The sample that the papers fit: 39 weeks of customers who first bought in the first 12."""
    names = ["master_id", "customer", "date", "items", "value"]
    rows = pd.read_csv(shared_data / "cdnow" / "CDNOW_sample.txt", sep=r"\s+", header=None, names=names)
    days = pd.to_datetime(rows["date"].astype(str), format="%Y%m%d")
    bought = rows.assign(day=(days - pd.Timestamp("1997-01-01")).dt.days)
    return summarise_purchases(bought[bought["day"] <= 272], end_day=272)


@pytest.mark.realdata
def test_fits_equal_the_published_ones_on_cdnow(cdnow: pd.DataFrame) -> None:
    assert len(cdnow) == 2357
    rate = fit_purchase_rate(cdnow)
    assert (round(rate.r, 3), round(rate.alpha, 3), round(rate.a, 3), round(rate.b, 3)) == (0.243, 4.414, 0.793, 2.426)
    assert rate.log_likelihood == pytest.approx(-9582.43, abs=0.005)
    spending = fit_spending(cdnow)
    assert (round(spending.p, 2), round(spending.q, 2)) == (6.25, 3.74)
    assert spending.v == pytest.approx(15.45, abs=0.01)
    assert not rate.is_on_bound
    assert not spending.is_on_bound


def test_expected_purchases_and_probability_alive_equal_the_published_values() -> None:
    # with the parameters to three places, as printed; the paper's own are of the unrounded fit
    assert expected_purchases(PUBLISHED, ONE, 39)[0] == pytest.approx(1.226, abs=0.0006)
    assert probability_alive(PUBLISHED, ONE)[0] == pytest.approx(0.7266, abs=0.0003)


def test_expected_purchases_equal_the_published_formula_as_it_stands() -> None:
    """The sum as a mean changes nothing: the series of the paper, term by term."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, t_x, age, time = 2, 30.43, 38.86, 39
    z = time / (alpha + age + time)
    series = term = 1.0
    for n in range(2_000):
        term *= (r + x + n) * (b + x + n) / (a + b + x - 1 + n) * z / (n + 1)
        series += term
    bought = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + time)) ** (r + x) * series)
    expected = bought / (1 + a / (b + x - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x))
    assert expected_purchases(PUBLISHED, ONE, time)[0] == pytest.approx(expected, rel=1e-9)


def test_fits_find_the_parameters_that_customers_were_made_from() -> None:
    made = simulate_customers(30_000, seed=4, rate=(0.6, 6.0, 0.8, 2.5), spending=(6.0, 4.0, 15.0))
    rate, spending = fit_purchase_rate(made), fit_spending(made)
    assert (rate.r, rate.alpha) == pytest.approx((0.6, 6.0), rel=0.1)
    assert rate.a / (rate.a + rate.b) == pytest.approx(0.8 / 3.3, rel=0.1)
    mean = spending.p * spending.v / (spending.q - 1)
    assert mean == pytest.approx(6.0 * 15.0 / 3.0, rel=0.05)
    assert spending.p == pytest.approx(6.0, rel=0.2)


def test_expected_purchases_equal_what_simulated_customers_go_on_to_buy() -> None:
    parameters = (0.6, 6.0, 0.8, 2.5)
    early = simulate_customers(30_000, seed=5, rate=parameters, spending=(6.0, 4.0, 15.0), later_weeks=26)
    expected = expected_purchases(PurchaseRate(*parameters, 0.0), early, 26)
    assert expected.sum() == pytest.approx(early["later"].sum(), rel=0.05)
    often = early["repeats"].to_numpy() >= 3
    assert expected[often].sum() == pytest.approx(early["later"][often].sum(), rel=0.05)


def test_summarise_purchases_joins_those_of_one_day() -> None:
    bought = pd.DataFrame(
        {"customer": [7, 3, 7, 7, 7], "day": [14, 5, 0, 14, 28], "value": [10.0, 9.0, 99.0, 20.0, 50.0]}
    )
    three, seven = summarise_purchases(bought, end_day=35).to_dict("records")
    assert (three["repeats"], three["recency"], math.isnan(three["mean_value"])) == (0, 0.0, True)
    assert (three["age"], seven["age"]) == (30 / 7, 5.0)
    assert (seven["repeats"], seven["recency"], seven["mean_value"]) == (2, 4.0, 40.0)


def test_fit_does_not_depend_on_the_unit_of_time() -> None:
    weeks = simulate_customers(2_000, seed=6, rate=(0.6, 6.0, 0.8, 2.5), spending=(6.0, 4.0, 15.0))
    days = weeks.assign(recency=weeks["recency"] * 7, age=weeks["age"] * 7)
    by_week, by_day = fit_purchase_rate(weeks), fit_purchase_rate(days)
    assert by_day.r == pytest.approx(by_week.r, rel=1e-3)
    assert by_day.alpha == pytest.approx(7 * by_week.alpha, rel=1e-3)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 150), st.floats(0, 1), st.floats(0.1, 500), st.floats(0.05, 5), st.floats(0.05, 5), st.floats(0.1, 9)
)
def test_predictions_stay_in_bounds(x: int, share: float, age: float, a: float, b: float, r: float) -> None:
    fit = PurchaseRate(r, 4.0, a, b, 0.0)
    one = pd.DataFrame({"repeats": [x], "recency": [age * share if x else 0.0], "age": [age]})
    alive = float(probability_alive(fit, one)[0])
    assert 0 <= alive <= 1
    soon, later = (float(expected_purchases(fit, one, time)[0]) for time in (10, 52))
    assert 0 <= soon <= later * (1 + 1e-6) + 1e-9
    assert later <= alive * 52 * (r + x) / (4.0 + age) * (1 + 1e-6) + 1e-9


def test_expected_value_has_no_mean_when_the_tail_is_too_heavy() -> None:
    two = pd.DataFrame({"repeats": [0, 3], "mean_value": [math.nan, 20.0]})
    values = expected_value(Spending(2.0, 0.9, 10.0, 0.0), two)
    assert math.isnan(values[0])
    assert values[1] == pytest.approx(2.0 * (10 + 60) / (6 + 0.9 - 1))


def test_missing_columns_are_named() -> None:
    with pytest.raises(MissingColumns, match="recency"):
        probability_alive(PUBLISHED, pd.DataFrame({"repeats": [1], "age": [1.0]}))


def test_nothing_changes_the_frame_that_it_is_given() -> None:
    made = simulate_customers(200, seed=7, rate=(0.6, 6.0, 0.8, 2.5), spending=(6.0, 4.0, 15.0))
    before = made.copy()
    fit_purchase_rate(made)
    fit_spending(made)
    expected_purchases(PUBLISHED, made, 52)
    pd.testing.assert_frame_equal(made, before)
    assert np.isnan(made.loc[made["repeats"] == 0, "mean_value"]).all()
