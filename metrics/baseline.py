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


def _medians(rows: np.ndarray) -> np.ndarray:
    """The median of each row, without its NaNs, of which no row consists. Takes a tenth of what ``np.nanmedian`` does.

    >>> _medians(np.array([[3.0, 1.0, math.nan], [4.0, 1.0, 3.0]])).tolist()
    [2.0, 3.0]
    """
    ascending = np.sort(rows, axis=1)  # NaN last
    known = (~np.isnan(rows)).sum(axis=1)
    lower, upper = (np.take_along_axis(ascending, place[:, None], axis=1) for place in ((known - 1) // 2, known // 2))
    return np.asarray((lower + upper)[:, 0] / 2)


def _deviation(history: np.ndarray, expected: np.ndarray, least_spread: float, *, is_count: bool) -> np.ndarray:
    """A robust standard deviation for each row of ``history``."""
    spread = MAD_TO_DEVIATION * _medians(np.abs(history - expected[:, None]))
    # Eight equal weeks have MAD 0, and then every change would be an alarm. Counts vary at least by their root.
    floor = np.sqrt(np.maximum(expected, 1.0)) if is_count else least_spread
    return np.asarray(np.maximum(spread, floor))


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
    dates = days["day"].to_numpy().astype("datetime64[us]")
    order = np.argsort(dates, kind="stable")
    dates, values = dates[order], days["value"].to_numpy(dtype="float64", na_value=math.nan)[order]
    history = _same_weekdays_before(dates.astype("datetime64[D]"), values)
    expected, reach = np.full(len(values), math.nan), np.full(len(values), math.nan)
    is_known = (~np.isnan(history)).sum(axis=1) >= LEAST_WEEKS
    if is_known.any():
        expected[is_known] = _medians(history[is_known])
        deviation = _deviation(history[is_known], expected[is_known], least_spread, is_count=is_count)
        reach[is_known] = width * deviation
    low = np.maximum(0.0, expected - reach) if is_count else expected - reach
    is_outside = (values < low) | (values > expected + reach)
    is_unusual = is_known & is_outside & (np.abs(values - expected) >= least_difference)
    columns = (dates, values, expected, low, expected + reach, is_unusual)
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))


def _same_weekdays_before(days: np.ndarray, values: np.ndarray) -> np.ndarray:
    """For each day (ascending) the values of the 8 same weekdays before it, NaN where there is none."""
    history = np.full((len(days), WEEKS), math.nan)
    for n in range(1, WEEKS + 1):
        wanted = days - np.timedelta64(7 * n, "D")
        place = np.searchsorted(days, wanted)
        is_there = days[np.minimum(place, len(days) - 1)] == wanted if len(days) else np.zeros(0, dtype=bool)
        history[is_there, n - 1] = values[place[is_there]]
    return history


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
