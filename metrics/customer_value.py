"""What customers will buy: BG/NBD for how often and whether they still do, Gamma-Gamma for how much each time.

Sources: Fader, Hardie and Lee, "Counting Your Customers the Easy Way" (Marketing Science 24, 2005); Fader and Hardie,
"The Gamma-Gamma Model of Monetary Value" (2013). Times may be in any unit, the same throughout.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # loads its parts where they are first used

from metrics.columns import require_columns

#: Bounds of the logarithms of parameters: a fit that ends near one found no maximum inside.
_SHAPE = (math.log(1e-3), math.log(1e3))
_SCALE = (math.log(1e-5), math.log(1e6))
_NEAR_BOUND = math.log(3)
_MOST_TERMS = 50_000
_NEGLIGIBLE = 1e-16

Numbers = npt.NDArray[np.float64]
Bounds = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class PurchaseRate:
    """A BG/NBD fit: purchase rates vary as gamma(r, alpha), the chance to leave after a purchase as beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    is_on_bound: bool = False


@dataclass(frozen=True)
class Spending:
    """A Gamma-Gamma fit of the value of a repeat purchase: shape ``p``, and gamma(q, v) over customers."""

    p: float
    q: float
    v: float
    log_likelihood: float
    is_on_bound: bool = False


def summarise_purchases(purchases: pd.DataFrame, *, end_day: int) -> pd.DataFrame:
    """What the two models take of each customer's history.

    Columns of ``purchases``: ``customer``, ``day`` (whole days on any count), ``value``. Purchases of one day are one.
    Returns, a row a customer, in their order: ``customer``, ``repeats`` (purchase days after the first), ``recency``
    (weeks from the first to the last), ``age`` (weeks from the first to ``end_day``, or to the last purchase where that
    is later), ``mean_value`` (of a repeat day; NaN without).

    >>> bought = pd.DataFrame({"customer": [1, 1, 1], "day": [0, 7, 7], "value": [9.0, 1.0, 2.0]})
    >>> summarise_purchases(bought, end_day=14).to_numpy().tolist()
    [[1.0, 1.0, 1.0, 2.0, 3.0]]
    """
    require_columns(purchases, "summarise_purchases", "customer", "day", "value")
    days = purchases.groupby(["customer", "day"], as_index=False)["value"].sum()
    by_customer = days.groupby("customer")
    first, last = by_customer["day"].min(), by_customer["day"].max()
    repeats = by_customer.size() - 1
    values = by_customer["value"].sum() - by_customer["value"].first()
    summary = pd.DataFrame(
        {
            "repeats": repeats.astype("int64"),
            "recency": (last - first) / 7.0,
            "age": (np.maximum(last, end_day) - first) / 7.0,
            "mean_value": values / repeats.where(repeats > 0),
        }
    )
    return summary.reset_index()


def _rate_log_likelihood(parameters: Numbers, x: Numbers, t_x: Numbers, age: Numbers, weights: Numbers) -> float:
    r, alpha, a, b = np.exp(parameters)
    counts, where = np.unique(x, return_inverse=True)  # gamma functions are dear, and many bought equally often
    of_count = scipy.special.gammaln(r + counts) - scipy.special.gammaln(r) + r * math.log(alpha)
    of_count += scipy.special.betaln(a, b + counts) - scipy.special.betaln(a, b)
    alive = -(r + x) * np.log(alpha + age)
    gone = math.log(a) - np.log(np.maximum(b + x - 1, 1e-300)) - (r + x) * np.log(alpha + t_x)
    either = np.where(x > 0, np.logaddexp(alive, np.where(x > 0, gone, -np.inf)), alive)
    return float(np.sum(weights * (of_count[where] + either)))


def fit_purchase_rate(summary: pd.DataFrame) -> PurchaseRate:
    """The BG/NBD model of greatest likelihood. Columns: ``repeats``, ``recency``, ``age``, as ``summarise_purchases``
    gives them; at least one customer."""
    require_columns(summary, "fit_purchase_rate", "repeats", "recency", "age")
    rows = summary[["repeats", "recency", "age"]].to_numpy(dtype="float64")
    distinct, weights = np.unique(rows, axis=0, return_counts=True)
    x, t_x, age = distinct.T
    scale = float(np.average(age, weights=weights)) or 1.0  # a time unit near the data's, whatever it came in
    found = _maximise(
        lambda q: _rate_log_likelihood(q, x, t_x / scale, age / scale, weights.astype("float64")),
        (_SHAPE, _SCALE, _SHAPE, _SHAPE),
        len(rows),
    )
    r, alpha, a, b = np.exp(found.x)
    likelihood = -float(found.fun) * len(rows) - float(rows[:, 0].sum()) * math.log(scale)
    return PurchaseRate(
        float(r),
        float(alpha * scale),
        float(a),
        float(b),
        likelihood,
        _is_near(found.x, (_SHAPE, _SCALE, _SHAPE, _SHAPE)),
    )


def _maximise(
    log_likelihood: Callable[[Numbers], float], bounds: Bounds, customers: int
) -> "scipy.optimize.OptimizeResult":
    """The logarithms of the parameters at which the mean log-likelihood is greatest."""
    return scipy.optimize.minimize(
        lambda parameters: -log_likelihood(parameters) / customers,
        np.zeros(len(bounds)),
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-12, "gtol": 1e-7, "maxiter": 300},
    )


def _is_near(parameters: Numbers, bounds: Bounds) -> bool:
    lowest, highest = np.array(bounds).T
    return bool(np.any((parameters < lowest + _NEAR_BOUND) | (parameters > highest - _NEAR_BOUND)))


def probability_alive(fit: PurchaseRate, summary: pd.DataFrame) -> Numbers:
    """The probability, 0 to 1, that each customer still buys. 1 for who bought once: nobody leaves before buying again.

    Columns: ``repeats``, ``recency``, ``age``. A low one after frequent purchases is someone to write to now.

    >>> fit = PurchaseRate(0.243, 4.414, 0.793, 2.426, -9582.43)
    >>> one = pd.DataFrame({"repeats": [2], "recency": [30.43], "age": [38.86]})
    >>> round(float(probability_alive(fit, one)[0]), 3)
    0.727
    """
    require_columns(summary, "probability_alive", "repeats", "recency", "age")
    x, t_x, age = _three(summary)
    log_odds_gone = math.log(fit.a) - np.log(np.maximum(fit.b + x - 1, 1e-300))
    log_odds_gone += (fit.r + x) * (np.log(fit.alpha + age) - np.log(fit.alpha + t_x))
    return np.asarray(np.where(x > 0, scipy.special.expit(-log_odds_gone), 1.0))


def _three(summary: pd.DataFrame) -> tuple[Numbers, Numbers, Numbers]:
    x, t_x, age = (summary[name].to_numpy(dtype="float64") for name in ("repeats", "recency", "age"))
    return x, t_x, age


def expected_purchases(fit: PurchaseRate, summary: pd.DataFrame, time: float) -> Numbers:
    """How many purchases each customer is expected to make in the coming ``time`` (in the unit of ``summary``).

    Columns: ``repeats``, ``recency``, ``age``. Returns 0 or more.

    >>> fit = PurchaseRate(0.243, 4.414, 0.793, 2.426, -9582.43)
    >>> one = pd.DataFrame({"repeats": [2], "recency": [30.43], "age": [38.86]})
    >>> round(float(expected_purchases(fit, one, 39)[0]), 3)
    1.226
    """
    require_columns(summary, "expected_purchases", "repeats", "recency", "age")
    x, _, age = _three(summary)
    a, b = _off_the_gaps(fit.a, fit.b)
    share = time / (fit.alpha + age + time)
    bought = (a + b + x - 1) / (a - 1) * (1 - _mean_ratio(fit.r + x, b + x, a + b + x - 1, share))
    return np.asarray(np.maximum(bought * probability_alive(fit, summary), 0.0))


def _mean_ratio(size: Numbers, b: Numbers, c: Numbers, share: Numbers) -> Numbers:
    """(1 - share)^size 2F1(size, b; c; share): the mean of b (b+1) .. (b+n-1) / c (c+1) .. (c+n-1) over n, a negative
    binomial. Summed in logarithms: the function itself is out of range for who bought often."""
    log_term = size * np.log1p(-share)
    total = np.exp(log_term)
    sign = np.where(c < 0, -1.0, 1.0)  # only the first factor of c can be negative
    going = np.arange(len(size))
    for n in range(_MOST_TERMS):
        log_term = log_term + np.log((size + n) / (n + 1) * share * (b + n) / np.abs(c + n))
        term = np.exp(log_term)
        total[going] += sign * term
        is_past = (n > size * share / (1 - share)) & (term < _NEGLIGIBLE)
        if is_past.any():
            still = ~is_past
            size, b, c, share = size[still], b[still], c[still], share[still]
            sign, log_term, going = sign[still], log_term[still], going[still]
        if not len(going):
            break
    return total


def _off_the_gaps(a: float, b: float) -> tuple[float, float]:
    """The formula of expected purchases has a limit at a = 1 and at a + b = 1, and no value: step beside them."""
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    return a, b if abs(a + b - 1) > 1e-6 else b + 2e-6


def fit_spending(summary: pd.DataFrame) -> Spending:
    """The Gamma-Gamma model of greatest likelihood, over customers who bought again and paid. Columns: ``repeats``,
    ``mean_value``, as ``summarise_purchases`` gives them; at least one such customer."""
    require_columns(summary, "fit_spending", "repeats", "mean_value")
    known = _spenders(summary)
    x = known["repeats"].to_numpy(dtype="float64")
    scale = float(known["mean_value"].mean())
    value = known["mean_value"].to_numpy(dtype="float64") / scale
    bounds = (_SHAPE, _SHAPE, _SCALE)
    found = _maximise(lambda parameters: _spending_log_likelihood(parameters, x, value), bounds, len(known))
    p, q, v = np.exp(found.x)
    likelihood = -float(found.fun) * len(known) - len(known) * math.log(scale)
    return Spending(float(p), float(q), float(v * scale), likelihood, _is_near(found.x, bounds))


def _spenders(summary: pd.DataFrame) -> pd.DataFrame:
    return summary[(summary["repeats"] > 0) & (summary["mean_value"] > 0)]


def _spending_log_likelihood(parameters: Numbers, x: Numbers, value: Numbers) -> float:
    p, q, v = np.exp(parameters)
    each = scipy.special.gammaln(p * x + q) - scipy.special.gammaln(p * x) - scipy.special.gammaln(q) + q * math.log(v)
    each += (p * x - 1) * np.log(value) + p * x * np.log(x) - (p * x + q) * np.log(x * value + v)
    return float(np.sum(each))


def expected_value(fit: Spending, summary: pd.DataFrame) -> Numbers:
    """What each customer's purchases will be worth on average, in the unit of ``mean_value``: their own mean, drawn
    towards everyone's, the more so the fewer they made. NaN where the fit has no mean (q of 1 or less) and the customer
    no repeat purchase.

    >>> fit = Spending(6.25, 3.74, 15.45, 0.0)
    >>> two = pd.DataFrame({"repeats": [0, 4], "mean_value": [float("nan"), 50.0]})
    >>> [round(float(value), 2) for value in expected_value(fit, two)]
    [35.24, 48.54]
    """
    require_columns(summary, "expected_value", "repeats", "mean_value")
    x = summary["repeats"].to_numpy(dtype="float64")
    total = x * summary["mean_value"].fillna(0.0).to_numpy(dtype="float64")
    below = fit.p * x + fit.q - 1
    return np.asarray(np.where(below > 0, fit.p * (fit.v + total) / np.where(below > 0, below, 1.0), np.nan))
