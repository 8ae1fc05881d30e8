"""Scores of people in the graph of who answers whom: reference values, and networkx as the oracle."""

import math
from random import Random

import networkit as nk
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from metrics.columns import MissingColumns
from metrics.influence import (
    faded,
    h_index,
    h_indices,
    influence_scores,
    merge_ties,
    standing,
    trend,
)
from metrics.influence_brokers import Pairs, burt_constraint
from metrics.influence_networkit import numbered_by_size

TIE = st.tuples(st.integers(1, 12), st.integers(1, 12), st.floats(0.01, 10))
TIES = st.lists(TIE, min_size=1, max_size=40)


def frame(rows: list[tuple[int, int, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def both_ways(graph: nx.Graph) -> pd.DataFrame:
    return frame([(a, b, 1.0) for u, v in graph.edges for a, b in ((u, v), (v, u))])


def directed(rows: pd.DataFrame) -> nx.DiGraph:
    graph = nx.DiGraph()
    for row in merge_ties(rows["source"], rows["target"], rows["weight"]).itertuples():
        graph.add_edge(row.source, row.target, weight=row.weight)
    return graph


def heavy_tailed(people: int, count: int) -> pd.DataFrame:
    random = np.random.default_rng(5)
    fame = random.pareto(1.3, people) + 1
    source, target = (random.choice(people, count, p=fame / fame.sum()) for _ in range(2))
    return merge_ties(source, target, random.random(count) + 0.1)


def test_influence_scores_gives_the_published_pagerank_of_ten_edges() -> None:
    edges = [(1, 2), (1, 3), (3, 1), (3, 2), (3, 5), (4, 5), (4, 6), (5, 4), (5, 6), (6, 4)]
    found = influence_scores(frame([(*edge, 1.0) for edge in edges]), alpha=0.9).people
    expected = [0.0372120, 0.0539574, 0.0415057, 0.3750808, 0.2059983, 0.2862459]
    assert found["person_id"].tolist() == [1, 2, 3, 4, 5, 6]
    assert found["pagerank"].tolist() == pytest.approx(expected, abs=1e-6)


def test_influence_scores_gives_the_known_values_of_the_karate_club() -> None:
    club = nx.karate_club_graph()
    scores = influence_scores(both_ways(club))
    people = scores.people.set_index("person_id")
    assert scores.sampled_from is None
    assert people.loc[[33, 0], "pagerank"].round(4).tolist() == [0.1009, 0.0970]
    assert people.loc[[0, 33, 32], "betweenness"].round(4).tolist() == [0.4376, 0.3041, 0.1452]
    assert people["core"].max() == 4
    assert (people["core"] == 4).sum() == 10
    sides = pd.Series({person: club.nodes[person]["club"] for person in club.nodes})
    assert adjusted_rand_score(sides.reindex(people.index), people["community"]) > 0.4
    groups = [set(group.index) for _, group in people.groupby("community")]
    assert nx.community.modularity(club, groups, weight=None) > 0.41  # the best known is .4198


def test_constraint_is_the_published_one_and_nan_when_someone_has_no_tie() -> None:
    names = "ABCDEFG"
    rows = [
        (names.index(a), names.index(b), 1.0) for a, b in ("AB", "AF", "AG", "AE", "EG", "FG", "BG", "BD", "DG", "GC")
    ]
    found = influence_scores(frame(rows)).people.set_index("person_id")["constraint"]
    assert found[[6, 0, 2]].round(3).tolist() == [0.400, 0.595, 1.000]
    alone = Pairs(3, np.array([0]), np.array([2]), np.ones(1))
    assert np.isnan(burt_constraint(alone)).tolist() == [False, True, False]


@settings(max_examples=30, deadline=None)
@given(rows=TIES)
def test_influence_scores_agree_with_networkx_when_exact(rows: list[tuple[int, int, float]]) -> None:
    ties = frame(rows)
    graph = directed(ties)
    people = influence_scores(ties).people.set_index("person_id")
    assert people.index.tolist() == sorted(graph.nodes)
    if people.empty:
        return
    plain = nx.Graph(graph.to_undirected())
    expected = {
        "in_strength": dict(graph.in_degree(weight="weight")),
        "out_strength": dict(graph.out_degree(weight="weight")),
        "in_people": dict(graph.in_degree()),
        "out_people": dict(graph.out_degree()),
        "pagerank": nx.pagerank(graph, tol=1e-12, max_iter=1_000),
        "core": nx.core_number(plain),
        "betweenness": nx.betweenness_centrality(plain),
    }
    for name, values in expected.items():
        assert people[name].to_dict() == pytest.approx(values, abs=1e-8), name
    assert people["constraint"].to_dict() == pytest.approx(nx.constraint(graph, weight="weight"), abs=1e-9)
    assert people["pagerank"].sum() == pytest.approx(1)
    pd.testing.assert_frame_equal(standing(ties), people.reset_index()[standing(ties).columns.tolist()])


@settings(max_examples=25, deadline=None)
@given(rows=TIES, random=st.randoms(use_true_random=False))
def test_influence_scores_are_the_same_to_the_last_bit_when_rows_come_in_another_order(
    rows: list[tuple[int, int, float]], random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    ties = frame(rows)
    before = ties.copy()
    first, second = influence_scores(ties, seed=3), influence_scores(frame(shuffled), seed=3)
    pd.testing.assert_frame_equal(first.people, second.people, check_exact=True)
    pd.testing.assert_frame_equal(ties, before)


def test_influence_scores_agree_with_networkx_on_a_graph_with_hubs() -> None:
    ties = heavy_tailed(800, 4_000)
    people = influence_scores(ties, exact_up_to=0, sampling_error=0.05).people.set_index("person_id")
    graph = directed(ties)
    assert people["pagerank"].to_dict() == pytest.approx(nx.pagerank(graph, tol=1e-12, max_iter=999), abs=1e-9)
    assert people["constraint"].to_dict() == pytest.approx(nx.constraint(graph, weight="weight"), abs=1e-9)


def test_betweenness_is_within_its_error_and_says_so_when_sampled() -> None:
    ties = pd.concat([heavy_tailed(700, 2_500), frame([(9_000, 9_001, 1.0), (9_001, 9_002, 1.0)])])
    exact = influence_scores(ties)
    sampled = influence_scores(ties, exact_up_to=100, sampling_error=0.01)
    again = influence_scores(ties, exact_up_to=100, sampling_error=0.01)
    assert exact.sampled_from is None
    assert (sampled.sampled_from or 0) > 1_000
    assert (exact.people["betweenness"] - sampled.people["betweenness"]).abs().max() < 0.01
    assert sampled.people["betweenness"].sum() == pytest.approx(exact.people["betweenness"].sum(), rel=0.05)
    pd.testing.assert_frame_equal(sampled.people, again.people, check_exact=True)


def test_betweenness_is_zero_when_everyone_knows_everyone() -> None:
    pairs = frame([(1, 2, 1.0), (3, 4, 1.0), (5, 6, 1.0), (6, 7, 1.0), (7, 5, 1.0)])
    scores = influence_scores(pairs, exact_up_to=0)
    assert scores.people["betweenness"].tolist() == [0.0] * 7
    assert scores.sampled_from is None


def test_communities_are_numbered_by_size_and_lowest_person_and_repeat_for_a_seed() -> None:
    rows = [(a, b, 1.0) for group in ((1, 2, 3), (11, 12, 13, 14), (5, 6, 7)) for a in group for b in group if a < b]
    ties = frame([*rows, (1, 11, 0.01), (5, 12, 0.01)])
    found = [influence_scores(ties, seed=7).people.set_index("person_id")["community"] for _ in range(3)]
    assert found[0].to_dict() == {1: 2, 2: 2, 3: 2, 5: 3, 6: 3, 7: 3, 11: 1, 12: 1, 13: 1, 14: 1}
    assert all(again.equals(found[0]) for again in found)
    assert numbered_by_size(np.array([4, 4, 2, 2, 9])).tolist() == [1, 1, 2, 2, 3]


def test_planted_communities_are_found_when_ties_mostly_stay_inside() -> None:
    graph = nx.planted_partition_graph(6, 60, 0.15, 0.004, seed=2)
    people = influence_scores(both_ways(graph)).people
    assert adjusted_rand_score(people["person_id"] // 60, people["community"]) > 0.95


def test_influence_scores_gives_the_number_of_threads_back() -> None:
    threads = nk.getMaxNumberOfThreads()
    influence_scores(frame([(1, 2, 1.0)]))
    assert nk.getMaxNumberOfThreads() == threads


def test_influence_scores_is_empty_when_nobody_has_a_tie() -> None:
    people = influence_scores(frame([(1, 1, 2.0), (1, 2, 0.0)])).people
    assert people.empty
    assert people.columns.tolist() == influence_scores(frame([(1, 2, 1.0)])).people.columns.tolist()


def test_influence_scores_says_what_is_missing() -> None:
    with pytest.raises(MissingColumns, match="weight"):
        influence_scores(pd.DataFrame({"source": [1], "target": [2]}))


def test_merge_ties_adds_up_and_drops_those_with_oneself_and_of_no_weight() -> None:
    merged = merge_ties([5, 2, 5, 7, 1], [2, 5, 2, 7, 3], [1.0, 4.0, 0.5, 9.0, 0.0])
    assert merged.to_dict("list") == {"source": [2, 5], "target": [5, 2], "weight": [4.0, 1.5]}
    assert merged.dtypes.astype(str).tolist() == ["int64", "int64", "float64"]


def test_merge_ties_takes_ids_of_any_size() -> None:
    far = 2**62
    merged = merge_ties([far, 1, far], [1, far, 1], [1.0, 2.0, 3.0])
    assert merged.to_dict("list") == {"source": [1, far], "target": [far, 1], "weight": [2.0, 4.0]}


def test_faded_halves_with_each_half_life() -> None:
    assert faded(np.array([0.0, 45.0, 90.0]), 45).tolist() == [1.0, 0.5, 0.25]
    assert faded(-3, 45) == 1.0


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([], 0), ([0, 0], 0), ([9], 1), ([10, 8, 5, 4, 3], 4), ([25, 8, 5, 3, 3], 3), ([math.nan, 2, 2], 2)],
)
def test_h_index_counts_posts_shared_as_often(shares: list[float], expected: int) -> None:
    assert h_index(shares) == expected


@given(st.lists(st.tuples(st.integers(1, 4), st.one_of(st.integers(0, 9), st.just(math.nan))), max_size=30))
def test_h_indices_are_those_of_each_author(posts: list[tuple[int, float]]) -> None:
    found = h_indices([author for author, _ in posts], [shares for _, shares in posts]).to_dict()
    reported = {author for author, shares in posts if not math.isnan(shares)}
    assert found == {who: h_index(shares for author, shares in posts if author == who) for who in reported}


def scored(*rows: tuple[int, float, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "pagerank", "in_people"])


def test_trend_compares_with_the_period_before() -> None:
    before = scored((1, 0.2, 5), (2, 0.3, 5), (3, 0.3, 4), (5, 0.2, 1))
    now = scored((1, 0.4, 6), (2, 0.1, 3), (3, 0.3, 4), (4, 0.2, 3))
    assert trend(now, before).to_dict() == {1: "rising", 2: "fading", 3: "steady", 4: "new"}


def test_trend_is_silent_when_hardly_anyone_turned_to_them() -> None:
    before = scored((1, 0.1, 1), (2, 0.5, 3), (3, 0.4, 9))
    now = scored((1, 0.4, 2), (2, 0.1, 1), (4, 0.5, 2))
    assert trend(now, before).to_dict() == {1: None, 2: "fading", 4: None}


def test_trend_does_not_change_when_everyone_s_share_shrinks_with_a_growing_community() -> None:
    before = pd.DataFrame({"person_id": range(10), "pagerank": 0.1, "in_people": 5})
    now = pd.DataFrame({"person_id": range(40), "pagerank": 0.025, "in_people": 5})
    assert set(trend(now, before).loc[:9]) == {"steady"}
