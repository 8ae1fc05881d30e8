"""People who did something beside people who did not, made alike in what they did before.

All times are days as float64 (with their fraction), counted from any common origin.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns

Numbers = npt.NDArray[np.float64]

#: Hardly any shrinkage: it only keeps the weights finite where one trait tells the groups apart.
_INVERSE_PENALTY = 100.0
_ROUNDING = 1e-9
#: Half a second: an act and a chance that are the same post.
_AT_ONCE_DAYS = 0.5 / 86_400


@dataclass(frozen=True)
class Span:
    """From when to when there is data, in days, and how many days before and after a moment are looked at."""

    first_day: float
    last_day: float
    window_days: int = 60

    @property
    def earliest(self) -> float:
        """The first moment that has a whole window before it."""
        return self.first_day + self.window_days

    @property
    def latest(self) -> float:
        """The last moment that has a whole window after it."""
        return self.last_day - self.window_days


def count_between(events: pd.DataFrame, people: pd.Series, start: Numbers, end: Numbers) -> Numbers:
    """For each row of ``people`` (ids): how many of their events lie in [start, end).

    Columns of ``events``: ``person_id``, ``day``.

    >>> events = pd.DataFrame({"person_id": [7, 7, 8], "day": [1.0, 3.0, 1.0]})
    >>> count_between(events, pd.Series([7, 8]), np.array([0.0, 2.0]), np.array([3.0, 9.0])).tolist()
    [1.0, 0.0]
    """
    require_columns(events, "count_between", "person_id", "day")
    known = np.unique(people.to_numpy())
    theirs = events[np.isin(events["person_id"].to_numpy(), known)]
    if theirs.empty:
        return np.zeros(len(people))
    days = theirs["day"].to_numpy(dtype="float64")
    low, high = days.min() - 1, days.max() + 1
    width = high - low + 1
    keys = np.sort(np.searchsorted(known, theirs["person_id"].to_numpy()) * width + days)
    place = np.searchsorted(known, people.to_numpy()) * width
    last, first = (np.searchsorted(keys, place + np.clip(edge, low, high)) for edge in (end, start))
    return np.asarray(last - first, dtype="float64")


def choose_index_days(acts: pd.DataFrame, chances: pd.DataFrame, span: Span) -> pd.DataFrame:
    """When each person is looked at: ``person_id``, ``day``, ``is_treated``; one row a person, by id.

    ``acts``, ``chances``: ``person_id``, ``day``. Treated: the first act with none in the two windows before it, so
    that no earlier one reaches into the window of comparison. Others: people without such an act, at a chance that they
    did not take, without an act in the two windows before it; which chance is drawn by a hash of person and moment, so
    that the same rows give the same moments in any order. What follows the chance decides nothing: who acts soon after
    it stays among the others, as who acts again stays among the treated (intention to treat). It draws the estimate a
    little towards zero; to leave them out would leave out those who had begun a lively time.
    """
    treated = _first_fresh(acts, span)
    others = chances[~chances["person_id"].isin(treated["person_id"])]
    others = others[others["day"].between(span.earliest, span.latest)]
    end = others["day"].to_numpy("float64")
    near = count_between(acts, others["person_id"], end - 2 * span.window_days, end + _AT_ONCE_DAYS)
    clear = others[near == 0]
    drawn = clear.assign(draw=_draw(clear)).sort_values(["person_id", "draw", "day"]).drop_duplicates("person_id")
    rows = pd.concat([treated.assign(is_treated=True), drawn[["person_id", "day"]].assign(is_treated=False)])
    return rows.sort_values("person_id", ignore_index=True).astype({"day": "float64", "is_treated": "bool"})


def _first_fresh(acts: pd.DataFrame, span: Span) -> pd.DataFrame:
    ordered = acts[["person_id", "day"]].sort_values(["person_id", "day"])
    since = ordered.groupby("person_id")["day"].diff().fillna(math.inf)
    is_fresh = (since > 2 * span.window_days) & ordered["day"].between(span.earliest, span.latest)
    return ordered[is_fresh].drop_duplicates("person_id")


def _draw(rows: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """A number for each person and moment that looks random and is always the same (the mixer of SplitMix64)."""
    mixed = rows["person_id"].to_numpy("uint64") * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (rows["day"].to_numpy("float64") * 86_400).astype("int64").view("uint64")
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), dtype="uint64")


def describe_before(
    index: pd.DataFrame, orders: pd.DataFrame, activity: pd.DataFrame, people: pd.DataFrame, span: Span
) -> pd.DataFrame:
    """What was known of each person before their moment, a numeric column each; the propensity is made of these.

    Earlier orders are those before the window of comparison: matching on the very orders that the change is measured
    from would undo the difference in differences (regression to the mean; Daw and Hatfield, Health Services Research
    53, 2018). ``people``: ``person_id`` and numeric traits that do not change.
    """
    who, day = index["person_id"], index["day"].to_numpy("float64")
    begin = np.full(len(index), -math.inf)
    first = activity.groupby("person_id")["day"].min()
    known = np.minimum(who.map(first).fillna(math.inf).to_numpy("float64"), day)
    window = float(span.window_days)
    length = span.last_day - span.first_day or 1.0
    when = (day - span.first_day) / length
    frame = pd.DataFrame(
        {
            "earlier_orders": np.log1p(count_between(orders, who, begin, day - window)),
            "earlier_activity": np.log1p(count_between(activity, who, begin, day - window)),
            "recent_activity": np.log1p(count_between(activity, who, day - window, day)),
            "last_week": np.log1p(count_between(activity, who, day - 7, day)),
            "tenure": np.log1p(day - known),
            "date": when,
            "date_squared": when**2,
        }
    )
    traits = people.set_index("person_id").reindex(who).reset_index(drop=True)
    return pd.concat([frame, traits.fillna(0).astype("float64")], axis=1)


def overlap_weights(covariates: pd.DataFrame, is_treated: pd.Series) -> Numbers:
    """A weight for each row, 0 to 1: the propensity of being in the other group.

    Those who could as well have been in the other group count most, those who could not hardly count. Propensities
    come from a logistic regression on the standardised covariates, so that the weighted means of both groups agree.
    Source: Li, Morgan and Zaslavsky, Journal of the American Statistical Association 113 (2018).
    """
    from sklearn.linear_model import LogisticRegression  # takes a second to load: only where it is used

    treated = is_treated.to_numpy(dtype="bool")
    values = covariates.to_numpy(dtype="float64")
    spread = values.std(axis=0)
    varies = spread > _ROUNDING
    scaled = (values - values.mean(axis=0))[:, varies] / spread[varies]
    if scaled.shape[1] == 0:
        return np.full(len(values), 0.5)
    model = LogisticRegression(C=_INVERSE_PENALTY, solver="newton-cholesky", max_iter=200)
    propensity = model.fit(scaled, treated).predict_proba(scaled)[:, 1]
    return np.asarray(np.where(treated, 1 - propensity, propensity), dtype="float64")


def imbalance(covariates: pd.DataFrame, is_treated: pd.Series, weights: Numbers) -> pd.Series:
    """By covariate: the difference of the groups' weighted means in standard deviations (pooled, before weighting).

    0 where they agree; below 0.1 in size is the usual mark for balance (Austin, Statistics in Medicine 28, 2009).
    Infinite where a covariate is the same within each group and differs between them.
    """
    treated = is_treated.to_numpy(dtype="bool")
    values = covariates.to_numpy(dtype="float64")
    spread = np.sqrt((values[treated].var(axis=0) + values[~treated].var(axis=0)) / 2)
    means = [np.average(values[group], axis=0, weights=weights[group]) for group in (treated, ~treated)]
    gaps = np.where(np.abs(means[0] - means[1]) > _ROUNDING, math.inf, 0.0)
    np.divide(means[0] - means[1], spread, out=gaps, where=spread > _ROUNDING)
    return pd.Series(gaps, index=covariates.columns, dtype="float64")


def effective_size(weights: Numbers) -> float:
    """As how many people of equal weight these count: (sum of weights) squared / sum of squares; 0 for none.

    >>> effective_size(np.array([1.0, 1.0, 0.0]))
    2.0
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0
