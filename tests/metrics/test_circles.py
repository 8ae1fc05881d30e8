"""Circles, paths and bridges against networkx and by hand."""

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.circles import bridges, next_step, place_circle, shortest_paths, talk_graph
from metrics.columns import MissingColumns

PAIRS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=30)


def _ties(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    rows = [(source, target, 1.0 + place % 3, 1 + place % 4) for place, (source, target) in enumerate(pairs)]
    frame = pd.DataFrame(rows, columns=["source_id", "target_id", "weight", "times"])
    return frame.astype({"source_id": "int64", "target_id": "int64", "weight": "float64", "times": "int64"})


def _oracle(pairs: list[tuple[int, int]]) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph((one, other) for one, other in pairs if one != other)
    graph.add_nodes_from((1, 2))
    return graph


@settings(deadline=None)
@given(PAIRS, st.integers(1, 5))
def test_shortest_paths_are_those_of_networkx(pairs: list[tuple[int, int]], longest: int) -> None:
    graph, found = _oracle(pairs), shortest_paths(_ties(pairs), 1, 2, at_most=10_000, longest=longest)
    expected = list(nx.all_shortest_paths(graph, 1, 2)) if nx.has_path(graph, 1, 2) else []
    assert sorted(found) == sorted(path for path in expected if len(path) - 1 <= longest)


@settings(deadline=None)
@given(PAIRS)
def test_steps_around_a_person_are_those_of_networkx(pairs: list[tuple[int, int]]) -> None:
    known, last, at, ties = {1}, [1], {1: 0}, _ties(pairs)
    for step in (1, 2, 3):
        last = next_step(ties, known, last).index.tolist()
        known |= set(last)
        at |= dict.fromkeys(last, step)
    assert at == nx.single_source_shortest_path_length(_oracle(pairs), 1, cutoff=3)


@settings(deadline=None)
@given(PAIRS)
def test_talk_graph_does_not_hang_on_the_order_of_rows(pairs: list[tuple[int, int]]) -> None:
    ties = _ties(pairs)
    turned = talk_graph(ties.iloc[::-1])
    assert nx.utils.graphs_equal(talk_graph(ties), turned)
    assert sum(times for _, _, times in turned.edges(data="times")) == sum(
        ties.loc[ties["source_id"] != ties["target_id"], "times"]
    )


def test_next_step_comes_by_weight_in_both_directions() -> None:
    ties = pd.DataFrame(
        {"source_id": [1, 3, 2, 2, 9], "target_id": [2, 1, 1, 4, 8], "weight": [1.0, 2.5, 1.0, 7.0, 9.0]}
    )
    assert list(next_step(ties, [1]).items()) == [(3, 2.5), (2, 2.0)]
    assert list(next_step(ties, [1, 2, 3], [2, 3]).items()) == [(4, 7.0)]
    assert next_step(ties, [5]).empty


def test_paths_through_the_strongest_weakest_tie_come_first() -> None:
    ties = pd.DataFrame({"source_id": [1, 2, 1, 4, 1, 5], "target_id": [2, 3, 4, 3, 5, 3], "times": [9, 1, 3, 3, 2, 8]})
    assert shortest_paths(ties, 1, 3) == [[1, 4, 3], [1, 5, 3], [1, 2, 3]]
    assert shortest_paths(ties, 1, 3, at_most=1) == [[1, 4, 3]]


@pytest.mark.parametrize(("start", "end", "longest"), [(1, 1, 4), (1, 99, 4), (99, 1, 4), (1, 3, 1), (1, 8, 4)])
def test_no_path_when_there_is_none_within_the_steps(start: int, end: int, longest: int) -> None:
    ties = pd.DataFrame({"source_id": [1, 2, 8], "target_id": [2, 3, 9], "times": [1, 1, 1]})
    assert shortest_paths(ties, start, end, longest=longest) == []


def test_bridges_are_who_has_ties_into_both_sides() -> None:
    sides = pd.DataFrame(
        {
            "person_id": [1, 1, 2, 2, 3, 4, 4, 1],
            "community": [10, 20, 10, 20, 10, 20, 30, 10],
            "weight": [1.0, 2.0, 100.0, 1.0, 50.0, 5.0, 5.0, 1.0],
        }
    )
    found = bridges(sides, 10, 20)
    assert found.round(4).to_numpy().tolist() == [[1, 2.0, 2.0, 2.0], [2, 100.0, 1.0, 1.9802]]
    assert bridges(sides, 10, 99).empty


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from([1, 2]), st.floats(0.01, 100)), max_size=20))
def test_a_bridge_lies_between_its_weaker_side_and_twice_that(rows: list[tuple[int, int, float]]) -> None:
    sides = pd.DataFrame(rows, columns=["person_id", "community", "weight"])
    found, turned = bridges(sides, 1, 2), bridges(sides, 2, 1)
    weaker = found[["weight_first", "weight_second"]].min(axis=1)
    assert ((found["bridged"] >= weaker - 1e-9) & (found["bridged"] <= 2 * weaker + 1e-9)).all()
    assert dict(zip(found["person_id"], found["bridged"], strict=True)) == pytest.approx(
        dict(zip(turned["person_id"], turned["bridged"], strict=True))
    )


def test_a_circle_is_drawn_in_rings_without_two_at_one_place() -> None:
    steps = {1: 0} | dict.fromkeys(range(2, 12), 1) | dict.fromkeys(range(12, 40), 2)
    ties = _ties([(1, other) for other in range(2, 12)] + [(2 + other % 10, other) for other in range(12, 40)])
    placed = place_circle(steps, ties)
    radius = (placed["x"] ** 2 + placed["y"] ** 2) ** 0.5
    assert radius.round(6).tolist() == [0.0] + [0.5] * 10 + [1.0] * 28
    assert not placed[["x", "y"]].round(6).duplicated().any()


def test_a_frame_without_the_columns_is_refused() -> None:
    with pytest.raises(MissingColumns, match="times"):
        talk_graph(pd.DataFrame({"source_id": [1], "target_id": [2]}))
