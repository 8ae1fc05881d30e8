"""Does one series come before another? Each is differenced; what is left is tested with the test's own p-value."""

import math
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from metrics.columns import require_columns

LAGS = (1, 2, 3, 4)
#: With fewer changes than this from one period to the next no test is made.
FEWEST_CHANGES = 30
LEVEL = 0.05
_TESTS = {"leader": "object", "follower": "object", "lags": "int64", "p_value": "float64", "adjusted_p": "float64"}


@dataclass(frozen=True)
class LeadsLags:
    """``tests``: ``leader``, ``follower``, ``lags`` (periods looked back on, together), ``p_value``, ``adjusted_p``
    (Benjamini and Hochberg over all rows), ``comes_before`` (whether the latter is at most 5 %). ``changes``: from how
    many changes; ``why_empty``: why there is no row, in words."""

    changes: int
    tests: pd.DataFrame = field(repr=False)
    why_empty: str = ""


def leads_lags(series: pd.DataFrame, pairs: Iterable[tuple[str, str]], *, lags: Sequence[int] = LAGS) -> LeadsLags:
    """Granger's test of each pair of columns in both directions, on changes from one period to the next.

    ``series``: a row a period (a week, say), evenly spaced and in order; a number a column. Of rows with gaps the
    longest stretch without one counts. How to read it: where one comes before the other, its past helps to tell the
    other's next change; a third thing may move both. Source: Granger, Econometrica 37 (1969).
    """
    from statsmodels.stats.multitest import multipletests  # takes a second to load: only where it is used

    wanted = list(pairs)
    require_columns(series, "leads_lags", *dict.fromkeys(name for pair in wanted for name in pair))
    names = list(dict.fromkeys(name for pair in wanted for name in pair))
    changes = changes_of(series[names])
    constant = [name for name in names if len(changes) and changes[name].std() == 0]
    why = _why_not(len(changes), constant, max(lags))
    if why:
        return LeadsLags(len(changes), _empty(), why)
    rows = []
    for first, second in wanted:
        for leader, follower in ((first, second), (second, first)):
            rows += [(leader, follower, lag, p) for lag, p in _p_values(changes, leader, follower, lags).items()]
    if not rows:
        return LeadsLags(len(changes), _empty(), "The series follow from each other exactly.")
    tests = pd.DataFrame(rows, columns=["leader", "follower", "lags", "p_value"])
    tests["adjusted_p"] = multipletests(tests["p_value"], method="fdr_bh")[1]
    return LeadsLags(len(changes), tests.assign(comes_before=tests["adjusted_p"] <= LEVEL))


def _why_not(changes: int, constant: list[str], most_lags: int) -> str:
    fewest = max(FEWEST_CHANGES, 5 * most_lags)
    if changes < fewest:
        return f"The series are too short: {changes} changes in a row are known, and {fewest} are needed."
    return f"Nothing moves in {' and '.join(constant)}." if constant else ""


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in {**_TESTS, "comes_before": "bool"}.items()})


def changes_of(series: pd.DataFrame) -> pd.DataFrame:
    """The changes from row to row in the longest stretch of rows without a gap.

    >>> changes_of(pd.DataFrame({"a": [1.0, 4.0, None, 2.0, 3.0, 5.0]}))["a"].tolist()
    [1.0, 2.0]
    """
    is_whole = series.notna().all(axis=1)
    runs = (~is_whole).cumsum()[is_whole]
    if runs.empty:
        return series.iloc[:0].astype("float64")
    longest = runs.value_counts(sort=True).sort_index(ascending=False).idxmax()  # of equal ones the latest
    return series.loc[runs.index[runs == longest]].astype("float64").diff().iloc[1:]


def _p_values(changes: pd.DataFrame, leader: str, follower: str, lags: Sequence[int]) -> dict[int, float]:
    """By number of lags. Where one series follows from the other exactly there is nothing left to test: no entry."""
    from statsmodels.tools.sm_exceptions import InfeasibleTestError, SingularMatrixWarning
    from statsmodels.tsa.stattools import grangercausalitytests  # takes a second to load: only where it is used

    values = changes[[follower, leader]].to_numpy()
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error", SingularMatrixWarning)
        for lag in lags:
            with suppress(InfeasibleTestError, SingularMatrixWarning):
                found[lag] = float(grangercausalitytests(values, [lag])[lag][0]["ssr_ftest"][1])
    return found


def cross_correlations(series: pd.DataFrame, first: str, second: str, *, most: int = 8) -> pd.DataFrame:
    """How the changes of ``first`` go with those of ``second`` some periods later: ``lag`` (-most to most; above 0 the
    first is the earlier), ``correlation`` (-1 to 1, NaN where nothing moves), ``limit`` (95 % of the correlations of
    unrelated series lie within plus or minus this).

    >>> series = pd.DataFrame({"a": [0, 3, 0, 0, 1, 0, 5, 0], "b": [0, 0, 3, 0, 0, 1, 0, 5]})
    >>> found = cross_correlations(series, "a", "b", most=1).set_index("lag")["correlation"]
    >>> int(found.idxmax())
    1
    """
    require_columns(series, "cross_correlations", first, second)
    changes = changes_of(series[[first, second]])
    left, right = changes[first].to_numpy(), changes[second].to_numpy()
    rows = []
    for lag in range(-most, most + 1):
        overlap = max(len(left) - abs(lag), 0)
        earlier, later = (left[:overlap], right[lag:]) if lag >= 0 else (left[-lag:], right[:overlap])
        rows.append((lag, _correlation(earlier, later), 1.96 / math.sqrt(max(overlap, 1))))
    return pd.DataFrame(rows, columns=["lag", "correlation", "limit"])


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    if len(left) < 3 or left.std() == 0 or right.std() == 0:
        return math.nan
    return float(np.corrcoef(left, right)[0, 1])
