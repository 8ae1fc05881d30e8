"""Influence: how scoring grows with the graph, from the store's rows to stored scores, and networkx beside it."""

import math
import multiprocessing
import resource
import tempfile
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from benchmarks.influence_store import draw_acts, fill_store
from benchmarks.measure import Row, seconds_of
from data_access.store import open_store
from jobs.influence import derive_influence, derive_periods
from jobs.progress import Silence
from metrics.influence import DAMPING, influence_scores, merge_ties

SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
#: Acts a person.
DENSITY = 5
STORED_SECONDS, STORED_MEGABYTES = 20, 2_000
COMPARED_PEOPLE, TIMES_AS_FAST = 10_000, 10
AGREEMENT = 1e-6
#: networkx draws shortest paths from so many sources; all of them would take minutes.
_NX_SOURCES = 100
_SMALL_PEOPLE, _SMALL_TIES = 600, 3_000


def measure_influence() -> list[Row]:
    """Every row of this subject."""
    return [
        *_measure_growth(),
        *_measure_store(200_000, 1_000_000),
        _measure_beside_networkx(),
        *_measure_agreement(),
    ]


def _ties(people: int, acts: int) -> pd.DataFrame:
    source, target = draw_acts(people, acts)
    return merge_ties(source, target, np.random.default_rng(1).uniform(0.1, 2.0, acts))


def _measure_growth() -> list[Row]:
    """Seconds by size, and against n log n: what a tie costs beside the smallest graph, each process its own."""
    found = []
    for acts in SIZES:
        seconds, megabytes = _in_a_process(_score_in_process, acts)
        found.append((acts, seconds, megabytes))
    rows = []
    for acts, seconds, megabytes in found:
        costs = seconds / (acts * math.log(acts))
        # the smallest graphs are over before they have begun: the second is the measure
        grown = costs / (found[1][1] / (found[1][0] * math.log(found[1][0])))
        shown = f"{seconds:.2f} s, {megabytes:,.0f} MB; {grown:.2f} of n log n from 100,000 on"
        goal = ("at most 1.5 of n log n", grown <= 1.5) if acts > SIZES[1] else ("", None)
        rows.append(Row(f"scores of {acts // DENSITY:,} people, {acts:,} ties", shown, *goal))
    return rows


def _score_in_process(acts: int) -> float:
    ties = _ties(acts // DENSITY, acts)
    influence_scores(ties.head(100))  # what is loaded once is loaded
    return seconds_of(lambda: influence_scores(ties))


def _measure_store(people: int, acts: int) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'influence.db'}"
        _in_a_process(_fill_in_process, url, people, acts)
        size = f"{people:,} people, {acts:,} acts"
        seconds, megabytes = _in_a_process(_derive_in_process, url, "all")
        goal = f"under {STORED_SECONDS} s and {STORED_MEGABYTES:,} MB"
        is_met = seconds < STORED_SECONDS and megabytes < STORED_MEGABYTES
        rows.append(
            Row(f"rows to stored scores, one period: {size}", f"{seconds:.1f} s, {megabytes:,.0f} MB", goal, is_met)
        )
        seconds, megabytes = _in_a_process(_derive_in_process, url, None)
        rows.append(
            Row(f"the same, all four periods, over those of before: {size}", f"{seconds:.1f} s, {megabytes:,.0f} MB")
        )
    return rows


def _fill_in_process(url: str, people: int, acts: int) -> float:
    return seconds_of(lambda: fill_store(open_store(url), people, acts))


def _derive_in_process(url: str, period: str | None) -> float:
    engine = open_store(url)
    if period is None:
        return seconds_of(lambda: derive_influence(engine, Silence()))
    return seconds_of(lambda: derive_periods(engine, Silence(), (period,)))


def _in_a_process(work: object, *arguments: object) -> tuple[float, float]:
    """What ``work`` returns, and the most memory that its process held, MB."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_with_peak, (work, *arguments))


def _with_peak(work: object, *arguments: object) -> tuple[float, float]:
    seconds: float = work(*arguments)  # type: ignore[operator]
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure_beside_networkx() -> Row:
    """The same scores by networkx; betweenness sampled by both."""
    ties = _ties(COMPARED_PEOPLE, COMPARED_PEOPLE * DENSITY)
    ours = seconds_of(lambda: influence_scores(ties, exact_up_to=0), times=3)
    theirs = seconds_of(lambda: _score_by_networkx(ties))
    shown = f"{ours:.2f} s, networkx {theirs:.1f} s (betweenness from {_NX_SOURCES} sources): {theirs / ours:.0f} times"
    goal = f"at least {TIMES_AS_FAST} times as fast"
    return Row(f"all scores of {COMPARED_PEOPLE:,} people", shown, goal, theirs >= TIMES_AS_FAST * ours)


def _directed(ties: pd.DataFrame) -> "nx.DiGraph[int]":
    return nx.from_pandas_edgelist(ties, "source", "target", "weight", create_using=nx.DiGraph)


def _undirected(ties: pd.DataFrame) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    for source, target, weight in ties.itertuples(index=False):
        known = graph.get_edge_data(source, target, {"weight": 0.0})["weight"]
        graph.add_edge(source, target, weight=known + weight)
    return graph


def _score_by_networkx(ties: pd.DataFrame) -> None:
    directed, undirected = _directed(ties), _undirected(ties)
    nx.pagerank(directed, alpha=DAMPING)
    nx.core_number(undirected)
    nx.betweenness_centrality(undirected, k=_NX_SOURCES, seed=1)
    nx.constraint(undirected, weight="weight")
    nx.community.louvain_communities(undirected, seed=1)


def _measure_agreement() -> list[Row]:
    """The largest difference from networkx where both are exact."""
    ties = _ties(_SMALL_PEOPLE, _SMALL_TIES)
    ours = influence_scores(ties).people.set_index("person_id")
    directed, undirected = _directed(ties), _undirected(ties)
    theirs = {
        "pagerank": nx.pagerank(directed, alpha=DAMPING, tol=1e-12, max_iter=1_000),
        "core": nx.core_number(undirected),
        "betweenness": nx.betweenness_centrality(undirected),
        "constraint": nx.constraint(undirected, weight="weight"),
    }
    rows = []
    for name, scores in theirs.items():
        apart = float((ours[name] - pd.Series(scores)).abs().max())
        goal = (f"at most {AGREEMENT:g}", apart <= AGREEMENT)
        rows.append(Row(f"{name} beside networkx, {_SMALL_PEOPLE:,} people", f"{apart:.1e} apart at most", *goal))
    return rows
