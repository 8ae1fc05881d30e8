"""Ratios that say "unknown" where there is nothing to divide by."""

import math


def ratio(numerator: float, denominator: float) -> float:
    """``numerator / denominator``; NaN where the denominator is 0 or either is unknown.

    >>> ratio(500, 10_000)
    0.05
    >>> ratio(3, 0)
    nan
    """
    if denominator == 0 or math.isnan(numerator) or math.isnan(denominator):
        return math.nan
    return numerator / denominator
