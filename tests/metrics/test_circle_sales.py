"""What people bought before and after a moment: parts of sales, windows, and the interval."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.circle_sales import (
    FEWEST_PEOPLE,
    STEPS,
    before_and_after,
    is_covered,
    paired_change,
    sales_around,
    share_among,
    sum_by_step,
)
from metrics.columns import MissingColumns

DAY = 86_400 * 1_000_000
MOMENTS = pd.DataFrame({"person_id": [1, 2], "at": [100 * DAY, 200 * DAY]}, index=[7, 3])


def sales(*rows: tuple[int, float, int]) -> pd.DataFrame:
    """Sales of (person, day, amount); a negative amount is a refund."""
    frame = pd.DataFrame(rows, columns=["person_id", "day", "amount_minor"])
    return frame.assign(
        at=(frame["day"] * DAY).astype("int64"), is_refund=frame["amount_minor"] < 0, sale=range(len(frame))
    )


def test_share_among_gives_the_cent_left_over_to_the_lowest_id() -> None:
    parties = pd.DataFrame({"sale": [4, 4, 4, 9], "person_id": [30, 10, 20, 10], "amount_minor": [100, 100, 100, -7]})
    assert share_among(parties).tolist() == [33, 34, 33, -7]


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 9),
        st.tuples(st.integers(-(10**15), 10**15), st.sets(st.integers(1, 50), min_size=1, max_size=8)),
        max_size=6,
    )
)
def test_share_among_adds_up_to_every_sale(held: dict[int, tuple[int, set[int]]]) -> None:
    rows = [(sale, person, amount) for sale, (amount, people) in held.items() for person in people]
    parties = pd.DataFrame(rows, columns=["sale", "person_id", "amount_minor"]).astype("int64")
    parts = share_among(parties)
    assert parts.groupby(parties["sale"]).sum().to_dict() == {sale: amount for sale, (amount, _) in held.items()}
    spread = parts.abs().groupby(parties["sale"]).agg(["min", "max"])
    assert (spread["max"] - spread["min"] <= 1).all()


@pytest.mark.parametrize(("day", "covered"), [(29.9, False), (30, True), (170, True), (170.1, False)])
def test_is_covered_when_both_windows_lie_within_the_known_days(day: float, covered: bool) -> None:
    at = pd.Series([int(day * DAY)])
    assert is_covered(at, window_days=30, known_from=0, known_until=200 * DAY).tolist() == [covered]


def test_before_and_after_counts_the_moment_itself_as_after_and_takes_refunds_off() -> None:
    bought = sales((1, 70, 5), (1, 69.9, 99), (1, 99.9, 10), (1, 100, 20), (1, 129.9, -3), (1, 130, 99), (3, 100, 99))
    result = before_and_after(MOMENTS, sales_around(MOMENTS, bought, window_days=30))
    assert result.index.tolist() == [7, 3]
    assert result.loc[7].tolist() == [2, 1, 15, 17]
    assert result.loc[3].tolist() == [0, 0, 0, 0]


def test_sales_around_takes_a_sale_for_each_moment_of_its_person() -> None:
    twice = pd.DataFrame({"person_id": [1, 1], "at": [100 * DAY, 110 * DAY]})
    around = sales_around(twice, sales((1, 105, 40)), window_days=30)
    assert around[["moment", "is_after"]].to_numpy().tolist() == [[0, True], [1, False]]


def test_sum_by_step_has_every_step_and_their_sums() -> None:
    bought = sales((1, 70, 5), (1, 74.9, 6), (1, 99.9, 7), (1, 100, 8), (1, 129.9, 9))
    steps = sum_by_step(sales_around(MOMENTS, bought, window_days=30)).set_index("step")["amount_minor"]
    assert steps.index.tolist() == list(range(-STEPS, STEPS))
    assert steps[steps != 0].to_dict() == {-6: 11, -1: 7, 0: 8, 5: 9}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 300), st.integers(-500, 500)), max_size=30))
def test_steps_and_people_add_up_to_the_same(rows: list[tuple[int, int, int]]) -> None:
    around = sales_around(MOMENTS, sales(*rows).astype({"at": "int64"}), window_days=60)
    people, steps = before_and_after(MOMENTS, around), sum_by_step(around)
    is_after = steps["step"] >= 0
    assert people["after_minor"].sum() == steps.loc[is_after, "amount_minor"].sum()
    assert people["before_minor"].sum() == steps.loc[~is_after, "amount_minor"].sum()
    assert people["orders_before"].sum() + people["orders_after"].sum() == (~around["is_refund"].astype(bool)).sum()


def test_paired_change_is_above_zero_when_everybody_bought_more() -> None:
    before = pd.Series([100, 200, 300] * 10)
    change = paired_change(before, before + [50, 60, 70] * 10)
    assert change.estimate == 60
    assert 50 < change.low < 60 < change.high < 70


def test_paired_change_has_the_interval_of_the_normal_law_when_there_are_many() -> None:
    after = pd.Series([-1.0, 1.0] * 500)
    change = paired_change(pd.Series(0.0, index=after.index), after)
    assert change.high == pytest.approx(1.96 / math.sqrt(1000), rel=0.08)
    assert change.low == pytest.approx(-1.96 / math.sqrt(1000), rel=0.08)


def test_paired_change_says_no_interval_when_there_are_few_people_or_few_changes() -> None:
    few = pd.Series(range(FEWEST_PEOPLE - 1))
    assert not paired_change(few * 0, few + 1).is_known
    same = pd.Series([0] * 96 + [5] * 4)
    assert not paired_change(same * 0, same).is_known
    assert paired_change(same * 0, same).estimate == 0.2
    assert math.isnan(paired_change(few[:0], few[:0]).estimate)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(40)))
def test_paired_change_does_not_hang_on_the_order_of_people(order: list[int]) -> None:
    before, after = pd.Series(range(40)), pd.Series([number * 7 % 13 for number in range(40)])
    assert paired_change(before.iloc[order], after.iloc[order]) == paired_change(before, after)


def test_metrics_say_which_columns_are_missing() -> None:
    with pytest.raises(MissingColumns):
        sales_around(MOMENTS.drop(columns="at"), sales(), window_days=30)
