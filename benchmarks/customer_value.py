"""Customer value: how long a refit takes, on customers simulated from known parameters."""

import numpy as np
import pandas as pd

from benchmarks.measure import Row, seconds_of
from metrics.customer_value import expected_purchases
from metrics.value_fit import fit_customers

REFIT_SECONDS = 10
RATE = (0.3, 5.0, 0.8, 2.5)
SPENDING = (6.0, 4.0, 1_500.0)


def simulate_customers(
    count: int,
    *,
    seed: int,
    rate: tuple[float, float, float, float] = RATE,
    spending: tuple[float, float, float] = SPENDING,
    later_weeks: float = 0.0,
) -> pd.DataFrame:
    """Customers of 20 to 104 weeks who buy and leave as BG/NBD says, and pay as Gamma-Gamma says.

    Returns the columns of ``metrics.customer_value.summarise_purchases`` and ``later``: what each buys in the
    ``later_weeks`` after.
    """
    random = np.random.default_rng(seed)
    r, alpha, a, b = rate
    p, q, v = spending
    rates, leaves = random.gamma(r, 1 / alpha, count), random.beta(a, b, count)
    age = random.integers(20, 105, count).astype("float64")
    repeats, later, recency, time = np.zeros(count, int), np.zeros(count, int), np.zeros(count), np.zeros(count)
    buying = np.arange(count)
    while len(buying):
        time[buying] += random.exponential(1 / rates[buying])
        buying = buying[time[buying] <= age[buying] + later_weeks]
        is_early = time[buying] <= age[buying]
        early = buying[is_early]
        repeats[early] += 1
        recency[early] = time[early]
        later[buying[~is_early]] += 1
        buying = buying[random.random(len(buying)) >= leaves[buying]]
    bought = np.maximum(repeats, 1)
    mean_value = random.gamma(p * bought, 1.0) / bought / random.gamma(q, 1 / v, count)
    return pd.DataFrame(
        {
            "customer": np.arange(count),
            "repeats": repeats,
            "recency": recency,
            "age": age,
            "mean_value": np.where(repeats > 0, mean_value, np.nan),
            "later": later,
        }
    )


def measure_customer_value(count: int = 100_000) -> list[Row]:
    """Seconds to fit both models with their notes, and to say what each customer will buy."""
    customers = simulate_customers(count, seed=1)
    fitted = fit_customers(customers)
    assert fitted.rate is not None
    rate = fitted.rate
    spent = seconds_of(lambda: fit_customers(customers))
    ahead = seconds_of(lambda: expected_purchases(rate, customers, 52))
    shown = f"{spent:.1f} s, then {1_000 * ahead:,.0f} ms for a year ahead"
    return [
        Row(f"customer value fitted to {count:,} customers", shown, f"under {REFIT_SECONDS} s", spent < REFIT_SECONDS)
    ]
