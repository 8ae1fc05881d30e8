"""Fifths and segments of customers."""

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.segments import SEGMENTS, name_segments, quintile_edges, rfm_quintiles


def _customers(recency: list[int], orders: list[int], revenue: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"recency_days": recency, "orders": orders, "revenue_minor": revenue})


def test_fifths_hold_a_fifth_each_when_all_differ() -> None:
    people = _customers(list(range(100)), list(range(1, 101)), [n * 100 for n in range(100)])
    found = rfm_quintiles(people, quintile_edges(people))
    assert [found[name].value_counts().tolist() for name in found] == [[20] * 5] * 3
    assert found.iloc[0].tolist() == [5, 1, 1]
    assert found.iloc[99].tolist() == [1, 5, 5]


def test_fifths_say_nothing_when_customers_are_too_few() -> None:
    assert quintile_edges(_customers([1] * 19, [1] * 19, [1] * 19)) == {}


def test_who_bought_equally_often_is_in_the_same_fifth() -> None:
    people = _customers([1] * 25, [1] * 24 + [9], [5] * 25)
    assert rfm_quintiles(people, quintile_edges(people))["frequency"].tolist() == [1] * 24 + [5]


def test_customers_after_the_edges_were_drawn_are_placed_by_them() -> None:
    people = _customers(list(range(20)), list(range(20)), list(range(20)))
    later = _customers([-30, 400], [1000, 1], [10**12, -50])
    found = rfm_quintiles(later, quintile_edges(people))
    assert found.to_numpy().tolist() == [[5, 5, 5], [1, 1, 1]]


@pytest.mark.parametrize(
    ("recency", "frequency", "monetary", "segment"),
    [
        (5, 5, 5, "best"),
        (4, 4, 3, "loyal"),
        (3, 3, 1, "loyal"),
        (5, 1, 1, "new"),
        (3, 1, 5, "fading"),
        (1, 5, 5, "at risk"),
        (2, 1, 4, "at risk"),
        (1, 1, 1, "lapsed"),
    ],
)
def test_segment_follows_from_the_three_fifths(recency: int, frequency: int, monetary: int, segment: str) -> None:
    row = pd.DataFrame({"recency": [recency], "frequency": [frequency], "monetary": [monetary]})
    assert name_segments(row).tolist() == [segment]


def test_every_combination_has_a_segment_and_every_segment_is_used() -> None:
    rows = pd.DataFrame(itertools.product(range(1, 6), repeat=3), columns=["recency", "frequency", "monetary"])
    assert set(name_segments(rows)) == set(SEGMENTS)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 30), st.integers(-50, 10**9)), min_size=20))
def test_a_better_customer_is_never_in_a_worse_fifth(people: list[tuple[int, int, int]]) -> None:
    frame = _customers(*(list(column) for column in zip(*people, strict=True)))
    fifths = rfm_quintiles(frame, quintile_edges(frame))
    assert fifths.min().min() >= 1
    assert fifths.max().max() <= 5
    ordered = fifths.assign(by=frame["revenue_minor"]).sort_values("by")
    assert ordered["monetary"].is_monotonic_increasing
    assert fifths.assign(by=frame["recency_days"]).sort_values("by")["recency"].is_monotonic_decreasing
