"""What people bought before and after they first took part in somebody's talk. Times are whole microseconds since 1970
UTC, money whole minor units.

The two are compared within each person, without anybody to compare them with: who comes to talk is often about to buy
anyway, so that a difference says what came before what, and nothing of why.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.columns import require_columns

#: Of fewer people, or of fewer whose purchases differ, no interval is given: it would be too narrow.
FEWEST_PEOPLE = 10
FEWEST_CHANGED = 5
#: Into so many equal steps each of the two windows is divided.
STEPS = 6
_RESAMPLES = 2_000
_AT_A_TIME = 100  # of these, so that the draws of many people fit into memory
_SEED = 20_260_302
_DAY_MICROS = 86_400 * 1_000_000


@dataclass(frozen=True)
class PairedChange:
    """By how much the mean person bought more after than before: ``estimate`` and the ends of its 95 % interval, in the
    unit of what was compared; NaN where there is nothing, or too little, to say. ``people``: of so many."""

    people: int
    estimate: float
    low: float = math.nan
    high: float = math.nan

    @property
    def is_known(self) -> bool:
        """Whether there is an interval."""
        return not math.isnan(self.low)


def share_among(sales: pd.DataFrame) -> pd.Series:
    """Each participant's equal part of a sale, whole and adding up to it exactly; the lowest ids get what is left over.

    Columns: ``sale``, ``person_id`` (once a sale), ``amount_minor`` (of the whole sale, in each of its rows; a refund
    is below 0). Returns int64 on the index of ``sales``. How to read it: an order of an organisation is nobody's alone.

    >>> sales = pd.DataFrame({"sale": [1, 1, 2], "person_id": [7, 5, 5], "amount_minor": [-101, -101, 30]})
    >>> share_among(sales).tolist()
    [-50, -51, 30]
    """
    require_columns(sales, "share_among", "sale", "person_id", "amount_minor")
    ordered = sales.sort_values(["sale", "person_id"], kind="stable")
    groups = ordered.groupby("sale", sort=False)
    amount = ordered["amount_minor"].astype("int64")
    heads, rank = groups["person_id"].transform("size"), groups.cumcount()
    size = amount.abs()
    part = size // heads + (rank < size % heads)
    return part.where(amount >= 0, -part).reindex(sales.index).astype("int64")


def is_covered(at: pd.Series, *, window_days: int, known_from: int, known_until: int) -> pd.Series:
    """Whether the ``window_days`` days before each moment and those after it lie within [known_from, known_until).

    >>> day = 86_400 * 1_000_000
    >>> is_covered(pd.Series([2, 3, 5]) * day, window_days=3, known_from=0, known_until=8 * day).tolist()
    [False, True, True]
    """
    window = window_days * _DAY_MICROS
    return (at - window >= known_from) & (at + window <= known_until)


def sales_around(moments: pd.DataFrame, sales: pd.DataFrame, *, window_days: int) -> pd.DataFrame:
    """The sales in the ``window_days`` days before each moment and in those after it.

    ``moments``: ``person_id``, ``at``; a person may have several. ``sales``: ``person_id``, ``at``, and what else there
    is. Returns a row a moment and sale of its person: the columns of ``sales``, ``moment`` (the label of the moment),
    ``is_after`` (at the moment itself counts as after), ``step`` (-STEPS to STEPS - 1: which part of the windows, 0 the
    first one after).
    """
    require_columns(moments, "sales_around (moments)", "person_id", "at")
    require_columns(sales, "sales_around (sales)", "person_id", "at")
    named = pd.DataFrame({"person_id": moments["person_id"], "moment": moments.index, "moment_at": moments["at"]})
    pairs = sales.merge(named, on="person_id")
    offset = pairs["at"].astype("int64") - pairs["moment_at"].astype("int64")
    window = window_days * _DAY_MICROS
    placed = pairs.assign(is_after=offset >= 0, step=offset // (window // STEPS)).drop(columns="moment_at")
    return placed[(offset >= -window) & (offset < window)].reset_index(drop=True)


def before_and_after(moments: pd.DataFrame, around: pd.DataFrame) -> pd.DataFrame:
    """What was bought before and after each moment, on the index of ``moments``.

    ``around``: from ``sales_around``, with ``amount_minor`` (of this person; a refund is below 0) and ``is_refund``.
    Returns int64 ``orders_before``, ``orders_after`` (refunds are none), ``before_minor``, ``after_minor`` (refunds
    taken off on their own day).

    >>> day = 86_400 * 1_000_000
    >>> moments = pd.DataFrame({"person_id": [1], "at": [10 * day]})
    >>> sales = pd.DataFrame({"person_id": 1, "at": [9 * day, 10 * day, 12 * day, 40 * day],
    ...                       "amount_minor": [500, 700, -200, 999], "is_refund": [False, False, True, False]})
    >>> before_and_after(moments, sales_around(moments, sales, window_days=30)).to_dict("records")
    [{'orders_before': 1, 'orders_after': 1, 'before_minor': 500, 'after_minor': 500}]
    """
    require_columns(around, "before_and_after", "moment", "is_after", "amount_minor", "is_refund")
    bought = {}
    for name, rows in (("before", around[~around["is_after"]]), ("after", around[around["is_after"]])):
        bought[f"orders_{name}"] = (~rows["is_refund"].astype(bool)).groupby(rows["moment"]).sum()
        bought[f"{name}_minor"] = rows.groupby("moment")["amount_minor"].sum()
    columns = ["orders_before", "orders_after", "before_minor", "after_minor"]
    sums = {name: bought[name].reindex(moments.index, fill_value=0).astype("int64") for name in columns}
    return pd.DataFrame(sums, index=moments.index)


def sum_by_step(around: pd.DataFrame) -> pd.DataFrame:
    """What was bought in each step of the windows: ``step`` (each of -STEPS to STEPS - 1), ``amount_minor``."""
    require_columns(around, "sum_by_step", "step", "amount_minor")
    steps = pd.RangeIndex(-STEPS, STEPS, name="step")
    return around.groupby("step")["amount_minor"].sum().reindex(steps, fill_value=0).astype("int64").reset_index()


def paired_change(before: pd.Series, after: pd.Series, *, seed: int = _SEED) -> PairedChange:
    """The mean difference of ``after`` and ``before``, a value a person on one index, with a 95 % interval by drawing
    people anew (percentile bootstrap, the same for the same people in any order). Without an interval where there are
    fewer than ``FEWEST_PEOPLE`` people, or than ``FEWEST_CHANGED`` whose two values differ.

    How to read it: an interval above zero says that these people bought more after than before, not that they would
    not have otherwise. Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993).

    >>> paired_change(pd.Series([0, 10]), pd.Series([10, 10])).estimate
    5.0
    """
    change = np.sort((after - before).to_numpy(dtype="float64"))
    if not len(change):
        return PairedChange(0, math.nan)
    estimate = float(change.mean())
    if len(change) < FEWEST_PEOPLE or np.count_nonzero(change) < FEWEST_CHANGED:
        return PairedChange(len(change), estimate)
    # most people bought nothing: how often each value is drawn is all that a mean needs
    values, times = np.unique(change, return_counts=True)
    draw = np.random.default_rng(seed).multinomial
    shares = times / len(change)
    means = [draw(len(change), shares, size=_AT_A_TIME) @ values for _ in range(_RESAMPLES // _AT_A_TIME)]
    low, high = np.quantile(np.concatenate(means) / len(change), [0.025, 0.975])
    return PairedChange(len(change), estimate, float(low), float(high))
