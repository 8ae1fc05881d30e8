"""Where the value models do not suit, in sentences."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.customer_value import simulate_customers
from metrics.customer_value import PurchaseRate, summarise_purchases
from metrics.value_fit import compare_frequencies, fit_customers, frequency_p_value, is_enough


def test_nothing_is_noted_when_customers_are_as_the_model_assumes() -> None:
    fitted = fit_customers(simulate_customers(5_000, seed=2))
    assert fitted.notes == ()
    assert fitted.rate is not None
    assert fitted.spending is not None


def test_nothing_is_fitted_when_customers_are_too_few() -> None:
    fitted = fit_customers(simulate_customers(30, seed=2))
    assert (fitted.rate, fitted.spending) == (None, None)
    assert "Too few customers" in fitted.notes[0]
    assert not is_enough(1_000, 19)
    assert is_enough(50, 20)


def test_correlation_is_noted_when_frequent_buyers_spend_more() -> None:
    made = simulate_customers(3_000, seed=3)
    fitted = fit_customers(made.assign(mean_value=made["mean_value"] * made["repeats"] ** 2))
    assert any("spends more each time (rank correlation +" in note for note in fitted.notes)


def test_nobody_leaving_is_noted_when_everybody_goes_on_to_buy() -> None:
    made = simulate_customers(2_000, seed=8, rate=(3.0, 20.0, 1e-3, 1e3))
    assert any("nobody seems to leave" in note for note in fit_customers(made).notes)


def test_misfit_is_noted_when_everybody_buys_equally_often() -> None:
    made = simulate_customers(3_000, seed=3)
    same = made.assign(repeats=np.where(made.index % 2, 5, 0), recency=np.where(made.index % 2, made["age"] * 0.9, 0.0))
    notes = fit_customers(same).notes
    assert any("does not follow these customers. 1,500 bought again 5 times" in note for note in notes)


def test_bound_is_noted_when_all_purchases_cost_the_same() -> None:
    made = simulate_customers(2_000, seed=8)
    fitted = fit_customers(made.assign(mean_value=np.where(made["repeats"] > 0, 999.0, np.nan)))
    assert any("What they spend" in note and "edge" in note for note in fitted.notes)


def test_spending_is_left_out_when_repeat_purchases_have_no_price() -> None:
    made = simulate_customers(2_000, seed=8)
    fitted = fit_customers(made.assign(mean_value=np.where(made["repeats"] > 0, 0.0, np.nan)))
    assert fitted.rate is not None
    assert fitted.spending is None
    assert "Too few repeat purchases have a price" in fitted.notes[-1]


def test_expected_frequencies_add_up_to_the_customers() -> None:
    made = simulate_customers(500, seed=9)
    counts = compare_frequencies(PurchaseRate(0.3, 5.0, 0.8, 2.5, 0.0), made)
    assert counts["expected"].sum() == pytest.approx(500)
    assert counts["customers"].sum() == 500
    assert frequency_p_value(counts) > 0.001


@pytest.mark.realdata
def test_nothing_is_noted_on_cdnow_and_the_frequencies_fit_as_published(shared_data: Path) -> None:
    names = ["master_id", "customer", "date", "items", "value"]
    rows = pd.read_csv(shared_data / "cdnow" / "CDNOW_sample.txt", sep=r"\s+", header=None, names=names)
    days = pd.to_datetime(rows["date"].astype(str), format="%Y%m%d")
    bought = rows.assign(day=(days - pd.Timestamp("1997-01-01")).dt.days)
    summary = summarise_purchases(bought[bought["day"] <= 272], end_day=272)
    fitted = fit_customers(summary)
    assert fitted.notes == ()
    assert fitted.rate is not None
    # the paper: chi-square 4.82 with 3 degrees of freedom, p = 0.19
    assert frequency_p_value(compare_frequencies(fitted.rate, summary)) == pytest.approx(0.19, abs=0.01)
