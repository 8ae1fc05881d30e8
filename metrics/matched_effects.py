"""What an act goes with: later orders of people who did it, against matched people who did not.

Three checks stand before any number is called an effect: enough people on both sides who could as well have been on
the other; groups alike in what they did before; orders that ran alike before. Then the interval, corrected for the
number of acts looked at, must exclude zero.
"""

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from metrics.columns import require_columns
from metrics.difference_in_differences import NO_CHANGE, Change, difference_in_differences
from metrics.matched_comparison import (
    Numbers,
    Span,
    choose_index_days,
    count_between,
    describe_before,
    effective_size,
    imbalance,
    overlap_weights,
)

#: As how many people of equal weight each group must count at least.
FEWEST_PEOPLE = 30
#: Standard deviations by which the weighted groups may differ in what they did before.
MOST_IMBALANCE = 0.1
#: Below this the earlier trends are said to differ; and, corrected for several acts, an effect is reported.
LEVEL = 0.05


class Verdict(StrEnum):
    """What can be said of an act, worst first."""

    TOO_FEW = "too_few"
    UNBALANCED = "unbalanced"
    DIFFERED_BEFORE = "differed_before"
    NOT_TOLD_FROM_ZERO = "not_told_from_zero"
    EFFECT = "effect"


@dataclass(frozen=True)
class Effect:
    """One act. ``change``: extra orders in the window after it, per person who did it, by difference in differences.

    ``lead``: the same between the two halves of the window before, when nothing had happened yet. ``treated`` and
    ``others``: people looked at; ``effective_treated`` and ``effective_others``: as how many of equal weight they
    count. ``means``: weighted orders a person by ``is_treated`` and ``half`` (two before, two after). ``people``: a row
    each with ``person_id``, ``day``, ``is_treated``, ``weight``, ``orders_before``, ``orders_after``. ``adjusted_p``:
    after Benjamini and Hochberg over all acts looked at together; NaN until ``judge``.
    """

    act: str
    verdict: Verdict
    treated: int
    others: int
    effective_treated: float
    effective_others: float
    change: Change
    lead: Change
    worst_imbalance: float
    worst_trait: str
    means: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)
    adjusted_p: float = math.nan


def matched_effect(
    act: str,
    *,
    acts: pd.DataFrame,
    chances: pd.DataFrame,
    activity: pd.DataFrame,
    orders: pd.DataFrame,
    people: pd.DataFrame,
    span: Span,
) -> Effect:
    """One act's effect on orders, not yet judged beside other acts (``judge`` does).

    ``acts``, ``chances`` (moments at which people could have done it), ``activity`` (moments at which they did
    anything), ``orders``: ``person_id``, ``day`` (days, float64, of one origin). ``people``: ``person_id`` of everybody
    looked at, and numeric traits; who is not among them is left out. Returns
    an ``Effect`` whose verdict is ``NOT_TOLD_FROM_ZERO`` where all checks hold. Intervals are clustered by person.
    How to read it: an extra order for each so many who did it, if all that differs was seen.
    """
    events = {"acts": acts, "chances": chances, "activity": activity, "orders": orders}
    for name, frame in events.items():
        require_columns(frame, f"matched_effect ({name})", "person_id", "day")
    require_columns(people, "matched_effect (people)", "person_id")
    known = people["person_id"]
    theirs = {name: frame[frame["person_id"].isin(known)] for name, frame in events.items()}
    index = choose_index_days(theirs["acts"], theirs["chances"], span)
    did = int(index["is_treated"].sum())
    if min(did, len(index) - did) < FEWEST_PEOPLE:
        return _too_few(act, index)
    covariates = describe_before(index, theirs["orders"], theirs["activity"], people, span)
    weights = overlap_weights(covariates, index["is_treated"])
    return _estimate(act, index, covariates, weights, _orders_by_half(index, theirs["orders"], span))


def _too_few(act: str, index: pd.DataFrame) -> Effect:
    did = int(index["is_treated"].sum())
    nothing = {"weight": math.nan, "orders_before": math.nan, "orders_after": math.nan}
    means = pd.DataFrame({"is_treated": pd.Series(dtype="bool"), "half": pd.Series(dtype="int64"), "orders": []})
    return Effect(
        act=act,
        verdict=Verdict.TOO_FEW,
        treated=did,
        others=len(index) - did,
        effective_treated=math.nan,
        effective_others=math.nan,
        change=NO_CHANGE,
        lead=NO_CHANGE,
        worst_imbalance=math.nan,
        worst_trait="",
        means=means,
        people=index.assign(**nothing),
    )


def _orders_by_half(index: pd.DataFrame, orders: pd.DataFrame, span: Span) -> Numbers:
    """Orders in the two halves of the window before the moment and the two of the window after it, a column each."""
    half = span.window_days / 2
    day = index["day"].to_numpy("float64")
    columns = [
        count_between(orders, index["person_id"], day + step * half, day + (step + 1) * half) for step in (-2, -1, 0, 1)
    ]
    return np.column_stack(columns)


def _estimate(act: str, index: pd.DataFrame, covariates: pd.DataFrame, weights: Numbers, halves: Numbers) -> Effect:
    before, after = halves[:, :2].sum(axis=1), halves[:, 2:].sum(axis=1)
    did = index["is_treated"].to_numpy("bool")
    gaps = imbalance(covariates, index["is_treated"], weights).abs()
    effect = Effect(
        act=act,
        verdict=Verdict.NOT_TOLD_FROM_ZERO,
        treated=int(did.sum()),
        others=int((~did).sum()),
        effective_treated=effective_size(weights[did]),
        effective_others=effective_size(weights[~did]),
        change=_compare(index, weights, before, after),
        lead=_compare(index, weights, halves[:, 0], halves[:, 1]),
        worst_imbalance=float(gaps.max()),
        worst_trait=str(gaps.idxmax()),
        means=_weighted_means(did, weights, halves),
        people=index.assign(weight=weights, orders_before=before, orders_after=after),
    )
    return replace(effect, verdict=_check(effect))


def _compare(index: pd.DataFrame, weights: Numbers, before: Numbers, after: Numbers) -> Change:
    rows = pd.DataFrame(
        {
            "person_id": np.tile(index["person_id"], 2),
            "is_treated": np.tile(index["is_treated"], 2),
            "weight": np.tile(weights, 2),
            "is_after": np.repeat([False, True], len(index)),
            "outcome": np.concatenate([before, after]),
        }
    )
    return difference_in_differences(rows, weight="weight", cluster="person_id")


def _weighted_means(did: np.ndarray, weights: Numbers, halves: Numbers) -> pd.DataFrame:
    rows = [
        (is_treated, half, float(np.average(halves[did == is_treated, half], weights=weights[did == is_treated])))
        for is_treated in (True, False)
        for half in range(halves.shape[1])
    ]
    return pd.DataFrame(rows, columns=["is_treated", "half", "orders"])


def _check(effect: Effect) -> Verdict:
    if min(effect.effective_treated, effect.effective_others) < FEWEST_PEOPLE or math.isnan(effect.change.p_value):
        return Verdict.TOO_FEW
    if effect.worst_imbalance > MOST_IMBALANCE:
        return Verdict.UNBALANCED
    return Verdict.DIFFERED_BEFORE if effect.lead.p_value < LEVEL else Verdict.NOT_TOLD_FROM_ZERO


def judge(effects: list[Effect]) -> list[Effect]:
    """The same effects, judged beside each other: ``EFFECT`` where all checks hold and the p-value, corrected for the
    number of acts with groups large enough to be compared, is at most 5 %.

    Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995).
    """
    from statsmodels.stats.multitest import multipletests  # takes a second to load: only where it is used

    compared = [effect for effect in effects if effect.verdict != Verdict.TOO_FEW]
    if not compared:
        return effects
    corrected = multipletests([effect.change.p_value for effect in compared], alpha=LEVEL, method="fdr_bh")[1]
    by_act = {effect.act: float(value) for effect, value in zip(compared, corrected, strict=True)}
    return [_judged(effect, by_act.get(effect.act, math.nan)) for effect in effects]


def _judged(effect: Effect, adjusted_p: float) -> Effect:
    holds = effect.verdict == Verdict.NOT_TOLD_FROM_ZERO and adjusted_p <= LEVEL
    return replace(effect, adjusted_p=adjusted_p, verdict=Verdict.EFFECT if holds else effect.verdict)
