"""The change of one group less the change of another."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.columns import MissingColumns
from metrics.difference_in_differences import difference_in_differences


def frame_of(*rows: tuple[float, bool, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["outcome", "is_treated", "is_after"])


def two_of_each(before: float, after: float, treated_before: float, treated_after: float) -> pd.DataFrame:
    """Two units a group, one above and one below the mean by 1."""
    cells = [(before, False, False), (after, False, True), (treated_before, True, False), (treated_after, True, True)]
    rows = [(mean + spread, treated, late) for mean, treated, late in cells for spread in (-1.0, 1.0)]
    return frame_of(*rows).assign(unit=[0, 1, 0, 1, 2, 3, 2, 3])


def test_change_is_the_treated_groups_less_the_others() -> None:
    found = difference_in_differences(two_of_each(10, 11, 20, 24))
    assert found.estimate == pytest.approx(3.0)
    # residuals of size 1 in 8 rows, 4 parameters: variance 2, and each of the four means has 2 rows
    assert found.standard_error == pytest.approx(math.sqrt(2 * 4 / 2))


def test_errors_vanish_when_clusters_change_by_the_same() -> None:
    found = difference_in_differences(two_of_each(10, 11, 20, 24), cluster="unit")
    assert found.estimate == pytest.approx(3.0)
    assert found.standard_error == pytest.approx(0.0, abs=1e-9)


def test_weights_count_as_so_many_rows() -> None:
    rows = frame_of((1, False, False), (2, False, True), (1, True, False), (5, True, True), (9, True, True))
    twice = pd.concat([rows, rows.tail(1)])
    found = difference_in_differences(rows.assign(weight=[1, 1, 1, 1, 2]), weight="weight")
    assert found.estimate == pytest.approx(difference_in_differences(twice).estimate)


def test_nothing_is_said_when_a_group_has_no_row_after() -> None:
    found = difference_in_differences(frame_of((1, False, False), (2, False, True), (1, True, False)))
    assert math.isnan(found.estimate)
    assert math.isnan(found.p_value)


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(MissingColumns, match="is_after"):
        difference_in_differences(pd.DataFrame({"outcome": [1.0], "is_treated": [True]}))


def test_pooled_estimate_and_error_are_card_and_kruegers() -> None:
    """Full-time equivalents of 75 restaurants of Pennsylvania and 309 of New Jersey, known both before and after: only
    the size, mean and spread of a cell matter, so each is made of its published ones."""
    cells = [
        (75, 23.380, False, False),
        (75, 21.097, False, True),
        (309, 20.431, True, False),
        (309, 20.897, True, True),
    ]
    spread = 1.098 * math.sqrt(75)  # the published error of Pennsylvania's mean before
    rows = []
    for count, mean, treated, late in cells:
        shape = np.linspace(-1, 1, count)
        outcome = mean + shape / math.sqrt((shape**2).sum() / count) * spread * math.sqrt(1 - 4 / 768)
        rows.append(pd.DataFrame({"outcome": outcome, "is_treated": treated, "is_after": late}))
    found = difference_in_differences(pd.concat(rows))
    assert found.estimate == pytest.approx(2.750, abs=0.002)
    assert found.standard_error == pytest.approx(1.731, abs=0.002)


@given(st.lists(st.floats(-50, 50), min_size=8, max_size=8), st.floats(-20, 20), st.floats(-20, 20))
def test_nothing_changes_when_all_move_by_the_same(outcomes: list[float], level: float, drift: float) -> None:
    rows = two_of_each(0, 0, 0, 0).assign(outcome=outcomes)
    moved = rows.assign(outcome=rows["outcome"] + level + drift * rows["is_after"])
    before, after = difference_in_differences(rows).estimate, difference_in_differences(moved).estimate
    assert after == pytest.approx(before, abs=1e-6)
