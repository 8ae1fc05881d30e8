"""The scores that NetworKit computes. Loading it takes a second: ``metrics.influence`` does so when it is to score.

It crashes on ids narrower than 64 bits, on pairs that come twice and on ties with oneself: ``Pairs`` has neither.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Any

import networkit as nk
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from metrics.influence_brokers import Pairs, Places

#: The risk that sampled betweenness is further off than its error says.
ERROR_RISK = 0.1
#: Up to so many pairs communities are searched in 10 rounds, above in 3: more change little there and cost seconds.
PAIRS_FOR_MORE_ROUNDS = 100_000
_ONE_GRAPH = Lock()

Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@contextmanager
def networkit_runs(seed: int, *, at_once: int = 2) -> Iterator[Callable[..., "Future[Any]"]]:
    """Runs so many things of NetworKit at a time, each on one thread: on more, sums depend on which comes first.

    Its number of threads belongs to the thread that sets it, its seed to the process: one graph is scored at a time.
    """
    with _ONE_GRAPH, ThreadPoolExecutor(at_once, initializer=nk.setNumberOfThreads, initargs=(1,)) as pool:
        nk.setSeed(seed, True)
        yield pool.submit


def betweenness_and_cores(pairs: Pairs, error: float | None) -> tuple[Numbers, int | None, Ids]:
    """Betweenness; with an ``error``, how many pairs of people a shortest path was drawn between; and the largest k for
    which each person is among people who all have k contacts among themselves."""
    count = pairs.people
    if count == 0:
        return np.zeros(0), None, np.zeros(0, dtype=np.int64)
    graph = _graph(count, pairs.low, pairs.high, None)
    cores = np.array(nk.centrality.CoreDecomposition(graph).run().scores()).astype(np.int64)
    if count < 3 or _all_know_all(pairs):
        return np.zeros(count), None, cores
    if error is None:
        found = nk.centrality.Betweenness(graph, normalized=False).run().scores()
        return np.array(found) / ((count - 1) * (count - 2)), None, cores
    drawn = nk.centrality.KadabraBetweenness(graph, error, ERROR_RISK, deterministic=True)
    drawn.run()
    share_of_paths = np.array(drawn.scores()) / 2  # NetworKit doubles it where ties have no direction
    return share_of_paths * count / (count - 2), int(drawn.getNumberOfIterations()), cores


def community_numbers(pairs: Pairs) -> Ids:
    """Who talks with each other more than with others, by weight (Leiden, modularity, resolution 1); from 1."""
    if pairs.people == 0:
        return np.zeros(0, dtype=np.int64)
    graph = _graph(pairs.people, pairs.low, pairs.high, pairs.weight)
    rounds = 10 if len(pairs.low) <= PAIRS_FOR_MORE_ROUNDS else 3
    found = nk.community.ParallelLeiden(graph, randomize=True, iterations=rounds, gamma=1).run().getPartition()
    return numbered_by_size(np.array(found.getVector(), dtype=np.int64))


def numbered_by_size(groups: Ids) -> Ids:
    """Groups as numbers from 1 for the largest on; of two of a size the one whose first member comes first.

    >>> numbered_by_size(np.array([7, 3, 3, 9, 9])).tolist()
    [3, 1, 1, 2, 2]
    """
    _, first, group, size = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(size), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, len(size) + 1)
    return number[group]


def _all_know_all(pairs: Pairs) -> bool:
    """Whether nobody stands between two others; the sampling divides by zero there."""
    matrix = coo_matrix((np.ones(len(pairs.low)), (pairs.low, pairs.high)), shape=(pairs.people, pairs.people))
    _, group = connected_components(matrix, directed=False)
    size = np.bincount(group)
    return bool(np.all(np.bincount(group[pairs.low], minlength=len(size)) == size * (size - 1) // 2))


def _graph(count: int, first: Ids | Places, second: Ids | Places, weight: Numbers | None) -> nk.Graph:
    ends = (first.astype(np.uint64), second.astype(np.uint64))  # NetworKit crashes on narrower ones
    data = ends if weight is None else (weight, ends)
    return nk.GraphFromCoo(data, n=count, weighted=weight is not None, directed=False)
