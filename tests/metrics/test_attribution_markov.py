"""Markov's credit rule: hand-computed chains, and chains stepped through with a key taken out as the oracle."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

from metrics.attribution_markov import (
    MissingKey,
    MissingOutcome,
    ReservedKey,
    conversion_rate,
    inverse_diagonal,
    markov_credit,
    markov_removal_effects,
    transitions_of,
)
from metrics.attribution_paths import path_transitions
from metrics.attribution_split import RepeatedTouch
from metrics.columns import MissingColumns


def chain_of(*steps: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(steps, columns=["from_key", "to_key", "journeys"])


#: Two in three come by A; half of these go on to B and convert. The others, and whoever starts at C, are lost.
LITTLE = chain_of(
    ("(start)", "A", 4),
    ("(start)", "C", 2),
    ("A", "B", 2),
    ("A", "(null)", 2),
    ("B", "(conversion)", 2),
    ("C", "(null)", 2),
)


def test_removal_effects_equal_hand_computed_ones() -> None:
    assert conversion_rate(LITTLE) == pytest.approx(1 / 3)
    assert markov_removal_effects(LITTLE).to_dict() == pytest.approx({"A": 1, "B": 1, "C": 0})
    assert markov_credit(LITTLE, 101).to_dict() == {"A": 51, "B": 50, "C": 0}
    assert markov_credit(LITTLE, -101).to_dict() == {"A": -51, "B": -50, "C": 0}


def test_removal_effects_do_not_change_when_a_key_is_followed_by_itself() -> None:
    looped = pd.concat([LITTLE, chain_of(("A", "A", 40), ("B", "B", 1))])
    assert markov_removal_effects(looped).to_dict() == pytest.approx({"A": 1, "B": 1, "C": 0})


def test_removal_effects_leave_out_dead_ends_when_counts_are_cut_off_at_a_day() -> None:
    """D and E only lead to each other: the end of these journeys lies in another period."""
    cut = pd.concat([LITTLE, chain_of(("(start)", "D", 2), ("D", "E", 1), ("E", "D", 1), ("F", "B", 1))])
    assert conversion_rate(cut) == pytest.approx(1 / 4)
    assert markov_removal_effects(cut).to_dict() == pytest.approx({"A": 1, "B": 1, "C": 0, "D": 0, "E": 0, "F": 0})


def test_markov_says_that_nothing_is_known_when_nothing_starts_or_converts() -> None:
    nothing = LITTLE.iloc[:0]
    assert math.isnan(conversion_rate(nothing))
    assert markov_removal_effects(nothing).empty
    assert markov_credit(nothing, 70).to_dict() == {"": 70}
    lost = chain_of(("(start)", "A", 4), ("A", "(null)", 4))
    assert conversion_rate(lost) == 0
    assert markov_credit(lost, 70).to_dict() == {"": 70}


def test_markov_names_what_is_wrong() -> None:
    touches = pd.DataFrame({"journey": [1, 1], "key": ["A", "B"], "days_before": [1, 0], "touch_id": [1, 2]})
    outcomes = pd.DataFrame({"journey": [1], "conversions": [1], "nulls": [0]})
    with pytest.raises(ReservedKey, match=r"\(null\)"):
        transitions_of(touches.assign(key=["A", "(null)"]), outcomes)
    with pytest.raises(MissingKey):
        transitions_of(touches.assign(key=["A", None]), outcomes)
    with pytest.raises(MissingOutcome):
        transitions_of(touches.assign(journey=[1, 2]), outcomes)
    with pytest.raises(MissingOutcome):
        transitions_of(touches, pd.concat([outcomes, outcomes]))
    with pytest.raises(RepeatedTouch):
        transitions_of(touches.assign(days_before=0, touch_id=1), outcomes)
    with pytest.raises(MissingColumns, match="to_key"):
        conversion_rate(pd.DataFrame({"from_key": ["A"], "journeys": [1]}))


PATHS = st.lists(
    st.tuples(st.text("ABCDE", min_size=1, max_size=7), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12
)
Drawn = list[tuple[str, int, int]]


def paths_of(drawn: Drawn) -> pd.DataFrame:
    frame = pd.DataFrame(drawn, columns=["path", "conversions", "nulls"])
    return frame.assign(path=frame["path"].map(" > ".join))


def rate_without(transitions: pd.DataFrame, removed: str | None) -> float:
    """The chance of a conversion where nobody gets past ``removed``: the chain stepped on until it stands still."""
    table = transitions.pivot_table(index="from_key", columns="to_key", values="journeys", fill_value=0)
    states = sorted(set(table.index) | set(table.columns))
    chances = table.div(table.sum(axis=1), axis=0).reindex(index=states, columns=states, fill_value=0).to_numpy().copy()
    if removed is not None:
        chances[states.index(removed)] = 0
    here = np.array([float(state == "(start)") for state in states])
    converted = 0.0
    for _ in range(3_000):
        here = here @ chances
        converted += here[states.index("(conversion)")] if "(conversion)" in states else 0.0
    return converted


@settings(max_examples=40, deadline=None)
@given(PATHS)
def test_removal_effects_equal_those_of_a_chain_stepped_through(drawn: Drawn) -> None:
    paths = paths_of(drawn)
    transitions = path_transitions(paths)
    if not paths["conversions"].sum():
        assert not markov_removal_effects(transitions).any()
        return
    full = rate_without(transitions, None)
    effects = markov_removal_effects(transitions)
    assert effects.between(0, 1).all()
    assert effects.to_dict() == pytest.approx(
        {key: 1 - rate_without(transitions, key) / full for key in effects.index}, abs=1e-6
    )
    total = paths[["conversions", "nulls"]].sum().sum()
    assert conversion_rate(transitions) == pytest.approx(paths["conversions"].sum() / total)


@settings(max_examples=40, deadline=None)
@given(PATHS, st.integers(-(10**12), 10**12))
def test_markov_credit_adds_up_to_the_cent_in_any_order_of_rows_dense_or_sparse(drawn: Drawn, total: int) -> None:
    transitions = path_transitions(paths_of(drawn))
    before = transitions.copy()
    credit = markov_credit(transitions, total)
    assert credit.sum() == total
    assert credit.dtype == "int64"
    pd.testing.assert_series_equal(markov_credit(transitions.iloc[::-1], total), credit)
    sparse = markov_removal_effects(transitions, dense_keys=0)
    assert sparse.to_dict() == pytest.approx(markov_removal_effects(transitions).to_dict(), abs=1e-9)
    pd.testing.assert_frame_equal(transitions, before)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 120), st.integers(1, 4))
def test_inverse_diagonal_is_that_of_the_whole_inverse(seed: int, size: int, steps: int) -> None:
    draw = np.random.default_rng(seed)
    chances = np.zeros((size, size))
    for row in range(size):
        chances[row, draw.integers(0, size, steps)] += draw.random() * 0.99 / steps
    matrix = np.identity(size) - chances
    factors = splu(
        csc_matrix(matrix), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    np.testing.assert_allclose(inverse_diagonal(factors), np.diagonal(np.linalg.inv(matrix)), rtol=1e-9)


def test_removal_effects_are_the_same_when_journeys_go_from_a_key_to_few_others() -> None:
    keys = [f"key {number}" for number in range(200)]
    paths = pd.DataFrame({"path": [f"{one} > hub > {other}" for one, other in pairwise(keys)]})
    transitions = path_transitions(paths.assign(conversions=range(1, 200), nulls=3))
    sparse = markov_removal_effects(transitions)
    assert (sparse > 0).all()
    pd.testing.assert_series_equal(markov_removal_effects(transitions, dense_keys=0), sparse, rtol=1e-9)
