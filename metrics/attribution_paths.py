"""The credit rules on a table of paths with counts: "A > B > A", how often it converted, how often it did not."""

import numpy as np
import pandas as pd

from metrics.attribution import HALF_LIFE_DAYS, credit_shares
from metrics.attribution_markov import markov_removal_effects, transitions_of
from metrics.columns import require_columns

SEPARATOR = " > "


def journeys_of(paths: pd.DataFrame, *, separator: str = SEPARATOR, step_days: float = 1.0) -> pd.DataFrame:
    """One journey a row of ``paths``, numbered from 0. Columns: ``path`` (keys, first to last, between ``separator``).
    A path says no times: its touches lie ``step_days`` apart, the last on the day of the sale.

    Returns ``journey``, ``key``, ``days_before``, ``touch_id``, in order.

    >>> journeys_of(pd.DataFrame({"path": ["A > B"]})).to_dict("list")
    {'journey': [0, 0], 'key': ['A', 'B'], 'days_before': [1.0, 0.0], 'touch_id': [0, 1]}
    """
    require_columns(paths, "journeys_of", "path")
    keys = paths["path"].str.split(separator, regex=False).reset_index(drop=True)
    sizes = keys.str.len().to_numpy(dtype=np.int64)
    journey = np.repeat(np.arange(len(paths)), sizes)
    place = np.arange(len(journey)) - np.repeat(sizes.cumsum() - sizes, sizes)
    return pd.DataFrame(
        {
            "journey": journey,
            "key": keys.explode().str.strip().astype("str").to_numpy(),
            "days_before": (np.repeat(sizes, sizes) - 1 - place) * step_days,
            "touch_id": np.arange(len(journey)),
        }
    )


def path_transitions(paths: pd.DataFrame, *, separator: str = SEPARATOR) -> pd.DataFrame:
    """``transitions_of`` a table of paths. Columns: ``path``, ``conversions``, ``nulls`` (counts)."""
    require_columns(paths, "path_transitions", "path", "conversions", "nulls")
    outcomes = paths[["conversions", "nulls"]].reset_index(drop=True)
    return transitions_of(journeys_of(paths, separator=separator), outcomes.assign(journey=outcomes.index))


def path_credit(
    paths: pd.DataFrame,
    rule: str,
    *,
    separator: str = SEPARATOR,
    step_days: float = 1.0,
    half_life_days: float = HALF_LIFE_DAYS,
) -> pd.Series:
    """How many of the conversions each key gets under one of ``RULES``. Columns: ``path``, ``conversions`` and, for
    Markov, ``nulls`` (counts). ``step_days`` as in ``journeys_of``. Returns conversions (not whole) by key, sorted by
    key, which add up to all conversions; money is for ``credit_by_key``, to the cent.

    >>> path_credit(pd.DataFrame({"path": ["A > B", "B"], "conversions": [2, 1]}), "linear").to_dict()
    {'A': 1.0, 'B': 2.0}
    """
    require_columns(paths, f"path_credit by {rule}", "path", "conversions")
    if rule == "markov":
        effects = markov_removal_effects(path_transitions(paths, separator=separator))
        return (effects / (effects.sum() or 1) * paths["conversions"].sum()).rename(rule)
    journeys = journeys_of(paths, separator=separator, step_days=step_days)
    shares = credit_shares(journeys, rule, half_life_days=half_life_days)
    credit = shares * paths["conversions"].to_numpy()[journeys["journey"]]
    return credit.groupby(journeys["key"]).sum()
