"""Both value models fitted together, and in sentences where they do not suit the customers at hand."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy  # loads its parts where they are first used

from metrics.columns import require_columns
from metrics.customer_value import Numbers, PurchaseRate, Spending, fit_purchase_rate, fit_spending

FEWEST_CUSTOMERS = 50
FEWEST_REPEATERS = 20
HIGHEST_CORRELATION = 0.3
LARGEST_MISFIT = 0.03
SMALLEST_P = 0.01
NOBODY_LEAVES = 0.001
HISTOGRAM_UP_TO = 7


@dataclass(frozen=True)
class ValueFit:
    """The two models, None where there are too few customers for one, and ``notes``: sentences on where they do not
    suit. No note: nothing speaks against them."""

    rate: PurchaseRate | None
    spending: Spending | None
    notes: tuple[str, ...]


def is_enough(customers: int, repeaters: int) -> bool:
    """Whether there are customers enough to fit anything to, and enough of them who bought again."""
    return customers >= FEWEST_CUSTOMERS and repeaters >= FEWEST_REPEATERS


def fit_customers(summary: pd.DataFrame) -> ValueFit:
    """Fit how often and for how much customers buy. Columns: ``repeats``, ``recency``, ``age``, ``mean_value``, as
    ``metrics.customer_value.summarise_purchases`` gives them, times in weeks."""
    require_columns(summary, "fit_customers", "repeats", "recency", "age", "mean_value")
    again = int((summary["repeats"] > 0).sum())
    if not is_enough(len(summary), again):
        note = (
            f"Too few customers to say what they will buy: {len(summary):,}, of whom {again:,} bought again. It takes "
            f"{FEWEST_CUSTOMERS}, of whom {FEWEST_REPEATERS} bought again."
        )
        return ValueFit(None, None, (note,))
    rate = fit_purchase_rate(summary)
    paid = summary[(summary["repeats"] > 0) & (summary["mean_value"] > 0)]
    spending = fit_spending(paid) if len(paid) >= FEWEST_REPEATERS else None
    return ValueFit(rate, spending, (*_rate_notes(rate, summary), *_spending_notes(spending, paid)))


def _rate_notes(rate: PurchaseRate, summary: pd.DataFrame) -> list[str]:
    notes = []
    if rate.a / (rate.a + rate.b) < NOBODY_LEAVES:
        notes.append(
            "Whether people still buy: nobody seems to leave for good here, so everyone counts as still buying. The "
            "expected purchases rest on how often people bought alone."
        )
    elif rate.is_on_bound:
        notes.append(
            "How often people buy: the fit ends at the edge of what it may be, so these customers do not differ in "
            "the way that the model assumes. Read the expected purchases as a rough order."
        )
    counts = compare_frequencies(rate, summary)
    worst = counts.loc[(counts["customers"] - counts["expected"]).abs().idxmax()]
    if frequency_p_value(counts) < SMALLEST_P and misplaced_share(counts) > LARGEST_MISFIT:
        repeats = int(worst["repeats"])
        times = f"{repeats}{' or more' if repeats == HISTOGRAM_UP_TO else ''} times"
        notes.append(
            f"How often people buy: the model does not follow these customers. {worst['customers']:,.0f} bought again "
            f"{times}, and it expects {worst['expected']:,.0f}."
        )
    return notes


def _spending_notes(spending: Spending | None, paid: pd.DataFrame) -> list[str]:
    if spending is None:
        return ["Too few repeat purchases have a price to say what the next ones will be worth."]
    notes = []
    if spending.is_on_bound:
        notes.append(
            "What they spend: the fit ends at the edge of what it may be, mostly because all purchases cost nearly "
            "the same. Read the expected revenue as a rough order."
        )
    elif spending.q <= 1:
        notes.append(
            "What they spend: a few very large purchases leave no mean to expect, so who bought once gets no expected "
            "revenue."
        )
    correlation = _rank_correlation(paid["repeats"], paid["mean_value"])
    if abs(correlation) > HIGHEST_CORRELATION:
        more = "more" if correlation > 0 else "less"
        notes.append(
            f"What they spend: who buys more often spends {more} each time (rank correlation {correlation:+.2f}), and "
            "the model takes the two for unrelated."
        )
    return notes


def _rank_correlation(left: pd.Series, right: pd.Series) -> float:
    """Spearman's, -1 to 1; 0 where one of them is the same throughout."""
    if left.nunique() < 2 or right.nunique() < 2:
        return 0.0
    return float(scipy.stats.spearmanr(left, right).statistic)


def compare_frequencies(rate: PurchaseRate, summary: pd.DataFrame) -> pd.DataFrame:
    """How many customers bought again 0 to 6 times, and 7 or more (the last row): ``repeats``, ``customers``,
    ``expected`` (by the model). Columns: ``repeats``, ``age``."""
    require_columns(summary, "compare_frequencies", "repeats", "age")
    ages, weights = np.unique(summary["age"].to_numpy(dtype="float64"), return_counts=True)
    below = [float(np.sum(weights * _probability_of(rate, x, ages))) for x in range(HISTOGRAM_UP_TO)]
    seen = np.bincount(np.minimum(summary["repeats"], HISTOGRAM_UP_TO), minlength=HISTOGRAM_UP_TO + 1)
    return pd.DataFrame(
        {
            "repeats": range(HISTOGRAM_UP_TO + 1),
            "customers": seen.astype("int64"),
            "expected": [*below, max(0.0, len(summary) - sum(below))],
        }
    )


def _probability_of(rate: PurchaseRate, x: int, age: Numbers) -> Numbers:
    """P(X(age) = x): bought x times and still there, or gone after the x-th."""
    share = age / (rate.alpha + age)
    terms = [
        np.exp(scipy.special.gammaln(rate.r + j) - scipy.special.gammaln(rate.r) - scipy.special.gammaln(j + 1))
        * (1 - share) ** rate.r
        * share**j
        for j in range(x + 1)
    ]
    beta = scipy.special.betaln(rate.a, rate.b)
    there = np.exp(scipy.special.betaln(rate.a, rate.b + x) - beta) * terms[x]
    if x == 0:
        return np.asarray(there)
    gone = np.exp(scipy.special.betaln(rate.a + 1, rate.b + x - 1) - beta) * (1 - np.sum(terms[:x], axis=0))
    return np.asarray(there + gone)


def frequency_p_value(counts: pd.DataFrame) -> float:
    """The chance of counts as far from the expected ones if the model holds: chi-square, four parameters fitted.
    Columns: ``customers``, ``expected``. Steps that expect fewer than five are joined to the one before."""
    require_columns(counts, "frequency_p_value", "customers", "expected")
    seen, expected = list(counts["customers"]), list(counts["expected"])
    while len(expected) > 1 and expected[-1] < 5:
        expected[-2:], seen[-2:] = [sum(expected[-2:])], [sum(seen[-2:])]
    distance = sum((s - e) ** 2 / e for s, e in zip(seen, expected, strict=True) if e > 0)
    freedom = len(expected) - 1 - 4
    return float(scipy.stats.chi2.sf(distance, freedom)) if freedom > 0 else 1.0


def misplaced_share(counts: pd.DataFrame) -> float:
    """The share of customers, 0 to 1, that would have to move to another step for the counts to be as expected.

    >>> misplaced_share(pd.DataFrame({"customers": [60, 40], "expected": [50.0, 50.0]}))
    0.1
    """
    require_columns(counts, "misplaced_share", "customers", "expected")
    return float((counts["customers"] - counts["expected"]).abs().sum() / 2 / max(1, counts["customers"].sum()))
