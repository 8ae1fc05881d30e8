"""Two groups, before and after: by how much more did one change than the other?"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy  # loads its parts where they are first used

from metrics.columns import require_columns

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Change:
    """``estimate``: the treated group's change less the other's, in units of the outcome. ``low`` to ``high``: the
    95 % interval; ``p_value`` of no difference. NaN where a group or a period has no row."""

    estimate: float
    standard_error: float
    low: float
    high: float
    p_value: float


NO_CHANGE = Change(math.nan, math.nan, math.nan, math.nan, math.nan)


def difference_in_differences(
    frame: pd.DataFrame, *, weight: str | None = None, cluster: str | None = None, level: float = 0.95
) -> Change:
    """(treated after - treated before) - (others after - others before).

    Columns: ``outcome`` (any unit), ``is_treated``, ``is_after`` (bool); where named, ``weight`` (0 or more) and
    ``cluster`` (rows of one key are not independent). Without ``cluster`` the errors are those of least squares with
    one variance; with it they are clustered, with the t distribution of as many degrees as there are clusters, less
    one. How to read it: only where both groups would have moved alike does it say what the treatment goes with.
    Source: Card and Krueger, American Economic Review 84 (1994); Liang and Zeger, Biometrika 73 (1986).

    >>> rows = [(2, False, False), (3, False, True), (2, True, False), (5, True, True)] * 2
    >>> frame = pd.DataFrame(rows, columns=["outcome", "is_treated", "is_after"])
    >>> round(difference_in_differences(frame).estimate, 6)
    2.0
    """
    from statsmodels.regression.linear_model import WLS  # takes a second to load: only where it is used

    named = [name for name in (weight, cluster) if name is not None]
    require_columns(frame, "difference_in_differences", "outcome", "is_treated", "is_after", *named)
    treated = frame["is_treated"].to_numpy(dtype="float64")
    after = frame["is_after"].to_numpy(dtype="float64")
    weights = np.ones(len(frame)) if weight is None else frame[weight].to_numpy(dtype="float64")
    if _has_empty_cell(treated, after, weights):
        return NO_CHANGE
    design = np.column_stack([np.ones(len(frame)), treated, after, treated * after])
    options: dict[str, Any] = {}
    if cluster is not None:
        options = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(frame[cluster])[0]}, "use_t": True}
    fit = WLS(frame["outcome"].to_numpy(dtype="float64"), design, weights=weights).fit(**options)
    degrees = fit.df_resid if cluster is None else len(np.unique(options["cov_kwds"]["groups"])) - 1
    return _change(float(fit.params[3]), float(fit.cov_params()[3, 3]), float(degrees), level)


def _change(estimate: float, variance: float, degrees: float, level: float) -> Change:
    """Where all change by the very same there is no error, and rounding may leave the variance just below 0."""
    error = math.sqrt(max(variance, 0.0))
    reach = float(scipy.special.stdtrit(degrees, (1 + level) / 2)) * error
    if error < _ROUNDING:
        p_value = 1.0 if abs(estimate) < _ROUNDING else 0.0
    else:
        p_value = float(2 * scipy.special.stdtr(degrees, -abs(estimate) / error))
    return Change(estimate, error, estimate - reach, estimate + reach, p_value)


def _has_empty_cell(treated: np.ndarray, after: np.ndarray, weights: np.ndarray) -> bool:
    cells = np.bincount((2 * treated + after).astype("int64"), weights=weights, minlength=4)
    return bool((cells <= 0).any())
