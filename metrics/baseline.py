"""What is usual: a robust band around what the same weekday brought before, and control limits.

Source of the limits: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4 (EWMA control charts).
"""

import math

import numpy as np
import pandas as pd

from metrics.columns import require_columns

#: The median absolute deviation of a normal distribution, times this, is its standard deviation.
MAD_TO_DEVIATION = 1.4826
WEEKS = 8
LEAST_WEEKS = 4
WIDTH = 3.0
#: Fewer posts than this away from the expected are no news, however quiet the channel.
LEAST_DIFFERENCE = 5.0
_COLUMNS = ["day", "value", "expected", "low", "high", "is_unusual"]


def _deviation(history: np.ndarray, expected: float, least_spread: float, *, is_count: bool) -> float:
    spread = MAD_TO_DEVIATION * float(np.median(np.abs(history - expected)))
    # Eight equal weeks have MAD 0, and then every change would be an alarm. Counts vary at least by their root.
    floor = math.sqrt(max(expected, 1.0)) if is_count else least_spread
    return max(spread, floor)


def seasonal_band(
    days: pd.DataFrame,
    *,
    is_count: bool = True,
    least_difference: float = LEAST_DIFFERENCE,
    least_spread: float = 0.0,
    width: float = WIDTH,
) -> pd.DataFrame:
    """For each day, what the 8 same weekdays before it make us expect, and whether it is outside of that.

    Columns: ``day`` (datetime64, one row a day), ``value`` (NaN where there is nothing to say). Returns ``day``,
    ``value``, ``expected`` (median), ``low`` and ``high`` (``width`` robust deviations away; counts not below 0), and
    ``is_unusual``; the band is NaN before 4 such weekdays have a value. ``least_spread`` is the smallest deviation of
    what is no count, ``least_difference`` the smallest distance worth a word. An unusual day has a reason: look at its
    posts.
    """
    require_columns(days, "seasonal_band", "day", "value")
    ordered = days[["day", "value"]].sort_values("day", ignore_index=True)
    by_day = dict(zip(ordered["day"], ordered["value"].astype("float64"), strict=True))
    rows = []
    for day, value in by_day.items():
        before = np.array([by_day.get(day - pd.Timedelta(weeks=n), math.nan) for n in range(1, WEEKS + 1)])
        history = before[~np.isnan(before)]
        if len(history) < LEAST_WEEKS:
            rows.append((day, value, math.nan, math.nan, math.nan, False))
            continue
        expected = float(np.median(history))
        reach = width * _deviation(history, expected, least_spread, is_count=is_count)
        low = max(0.0, expected - reach) if is_count else expected - reach
        is_outside = (value < low or value > expected + reach) and abs(value - expected) >= least_difference
        rows.append((day, value, expected, low, expected + reach, is_outside))
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    numbers = dict.fromkeys(("value", "expected", "low", "high"), "float64")
    return frame.astype({"day": "datetime64[us]", **numbers, "is_unusual": "bool"})


def ewma_limits(start: float, deviation: float, weight: float, width: float = 3.0) -> tuple[float, float]:
    """Lower and upper control limits of an exponentially weighted moving average, in its steady state.

    ``start`` is the process mean, ``deviation`` its standard deviation, ``weight`` (0 to 1) that of the newest value.

    >>> [round(limit, 4) for limit in ewma_limits(50, 2.0539, 0.3)]
    [47.4116, 52.5884]
    """
    reach = width * deviation * math.sqrt(weight / (2 - weight))
    return start - reach, start + reach


def ewma(values: pd.Series, weight: float, start: float) -> pd.Series:
    """The moving average that those limits are for: each is ``weight`` of the value and the rest of the one before.

    >>> ewma(pd.Series([52.0, 47.0]), 0.3, 50).round(2).tolist()
    [50.6, 49.52]
    """
    level = start
    levels = []
    for value in values:
        level = weight * value + (1 - weight) * level
        levels.append(level)
    return pd.Series(levels, index=values.index, dtype="float64")
