"""Who moves the community: scores of people in the graph of who answers, mentions and shares whom.

A tie leads from the one who answers, mentions or shares (source) to the one who is answered, mentioned or shared
(target), and weighs by kind and age. NetworKit scores it; every result is the same for a seed, whatever the order of
the rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns
from metrics.influence_brokers import Pairs, burt_constraint
from metrics.tie_weights import KIND_WEIGHTS as KIND_WEIGHTS
from metrics.tie_weights import faded as faded

DAMPING = 0.85
#: PageRank stops when a step changes it by less than this in all.
TOLERANCE = 1e-10
#: People x pairs up to which betweenness is exact: some 2 seconds.
EXACT_STEPS = 40_000_000
#: From so many pairs on scores are computed one after the other, each in the memory of the one before.
PAIRS_ONE_BY_ONE = 300_000
#: How far sampled betweenness may be from the exact one, by people up to whom; with a risk of one in ten.
SAMPLING_ERRORS = {50_000: 0.005, 10_000_000_000: 0.01}
#: Of a person's PageRank now to the one before, from and to which it is a trend; and people it takes for one.
RISING_FROM = 1.5
FADING_TO = 1 / 1.5
LEAST_PEOPLE = 3

Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
AnyIds = TypeVar("AnyIds", Ids, Places)
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Scores of people, and from how many pairs' shortest paths betweenness was sampled; None where it is exact."""

    people: pd.DataFrame
    sampled_from: int | None


def merge_ties(source: npt.ArrayLike, target: npt.ArrayLike, weight: npt.ArrayLike) -> pd.DataFrame:
    """One row for each source and target with the sum of their weights, in their order; nobody is tied to themselves.

    Columns: ``source``, ``target`` (int64), ``weight`` (float64, above 0: what has faded to nothing is left out).
    The same to the last bit whatever the order of the rows.

    >>> merge_ties([2, 1, 2, 3], [1, 2, 1, 3], [1.0, 1.0, 0.5, 9.0]).to_numpy().tolist()
    [[1.0, 2.0, 1.0], [2.0, 1.0, 1.5]]
    """
    sources, targets = np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64)
    weights = np.asarray(weight, dtype=np.float64)
    keep = (sources != targets) & (weights > 0)
    if not keep.all():  # of millions of ties that are merged already nothing is copied
        sources, targets, weights = sources[keep], targets[keep], weights[keep]
    sources, targets, weights = _summed(sources, targets, weights)
    return pd.DataFrame({"source": sources, "target": targets, "weight": weights})


def _summed(first: AnyIds, second: AnyIds, weights: Numbers) -> tuple[AnyIds, AnyIds, Numbers]:
    if len(first) == 0 or _are_in_order(first, second):
        return first, second, weights
    order = _pair_order(first, second)
    first, second, weights = first[order], second[order], weights[order]
    new = np.ones(len(first), dtype=bool)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    starts = np.flatnonzero(new)
    if len(starts) == len(first):
        return first, second, weights
    _sort_within(new, weights)
    return first[starts], second[starts], np.add.reduceat(weights, starts)


def _are_in_order(first: AnyIds, second: AnyIds) -> bool:
    """Whether each pair comes once, and in order: as what is merged already."""
    is_next = first[1:] > first[:-1]
    is_next |= (first[1:] == first[:-1]) & (second[1:] > second[:-1])
    return bool(is_next.all())


def _pair_order(first: AnyIds, second: AnyIds) -> Ids:
    lowest, span = int(second.min()), int(second.max()) - int(second.min()) + 1
    base = int(first.min())
    if (int(first.max()) - base + 1) * span < 2**63:  # one key sorts several times as fast as two columns
        return np.argsort((first - base).astype(np.int64) * span + (second - lowest), kind="stable")
    return np.lexsort((second, first))


def _sort_within(new: npt.NDArray[np.bool_], weights: Numbers) -> None:
    """Put the weights of each pair in order, in place: a sum of floats depends on it."""
    repeated = ~new
    repeated[:-1] |= repeated[1:]
    rows = np.flatnonzero(repeated)
    pair = np.cumsum(new)[rows]
    weights[rows] = weights[rows][np.lexsort((weights[rows], pair))]


def influence_scores(
    ties: pd.DataFrame,
    *,
    seed: int = 1,
    alpha: float = DAMPING,
    exact_up_to: int = 10_000,
    sampling_error: float | None = None,
    between: Callable[[], object] = lambda: None,
) -> Scores:
    """Scores of everyone who has a tie, one row each, by ``person_id``.

    Columns needed: ``source``, ``target`` (person ids), ``weight``. Returns ``person_id``; ``in_strength``,
    ``out_strength`` (weight got and given), ``in_people``, ``out_people`` (from and to how many); ``pagerank`` (adds
    up to 1); ``core`` (k-core of the graph without direction); ``betweenness`` (0 to 1, without direction or weight;
    exact for up to ``exact_up_to`` people and ``EXACT_STEPS``, else within
    ``SAMPLING_ERRORS`` or the stated ``sampling_error``); ``constraint`` (see
    ``burt_constraint``); ``community`` (1 for the largest). ``between``: called between two graphs where they are made
    one after the other, to give back the memory of the first.
    """
    require_columns(ties, "influence_scores", "source", "target", "weight")
    graph = TieGraph.of(ties)
    people = graph.strengths()
    people["pagerank"] = pagerank(*graph.arrays(), alpha)
    pairs = graph.pairs()
    del graph, ties  # of millions nothing is kept that is not needed: what follows takes several times their memory
    error = _sampling_error(pairs, exact_up_to) if sampling_error is None else sampling_error
    people["constraint"] = burt_constraint(pairs)
    from metrics import influence_networkit as networkit  # a second to load, which only scoring should pay

    with networkit.networkit_runs(seed, at_once=2 if len(pairs.low) < PAIRS_ONE_BY_ONE else 1) as run:
        brokers = run(networkit.betweenness_and_cores, pairs, error)  # what takes longest, beside the other
        if len(pairs.low) >= PAIRS_ONE_BY_ONE:
            brokers.result()
            between()
        community = run(networkit.community_numbers, pairs)
        betweenness, sampled_from, people["core"] = brokers.result()
    people["betweenness"] = betweenness
    people["community"] = community.result()
    return Scores(people, sampled_from)


def standing(ties: pd.DataFrame, *, alpha: float = DAMPING) -> pd.DataFrame:
    """The part of ``influence_scores`` that ``trend`` compares, in a fraction of the time.

    Columns needed: ``source``, ``target``, ``weight``. Returns ``person_id``, ``in_strength``, ``out_strength``,
    ``in_people``, ``out_people``, ``pagerank``.
    """
    require_columns(ties, "standing", "source", "target", "weight")
    graph = TieGraph.of(ties)
    people = graph.strengths()
    people["pagerank"] = pagerank(*graph.arrays(), alpha)
    return people


def pagerank(count: int, source: Places, target: Places, weight: Numbers, alpha: float = DAMPING) -> Numbers:
    """PageRank of ``count`` people, who are positions, by their merged ties: adds up to 1.

    What leads nowhere is spread over all, as networkx does. It stops when a step changes less than ``TOLERANCE`` in
    all. In plain arrays a tie takes 32 bytes, as a graph of NetworKit's five times as many. Source: Page, Brin, Motwani
    and Winograd (1999).

    >>> pagerank(2, np.array([0], dtype=np.int32), np.array([1], dtype=np.int32), np.ones(1)).round(4).tolist()
    [0.3509, 0.6491]
    """
    if count == 0:
        return np.zeros(0)
    given = np.bincount(source, weight, count)
    leads_nowhere = given == 0
    given[leads_nowhere] = 1.0
    ranks, change = np.full(count, 1 / count), np.inf
    while change > TOLERANCE:
        passed = ranks[source]
        passed *= weight
        passed /= given[source]
        lost = float(ranks[leads_nowhere].sum())
        new = np.bincount(target, passed, count) * alpha + ((1 - alpha) + alpha * lost) / count
        change = float(np.abs(new - ranks).sum())
        ranks = new
    return np.asarray(ranks / ranks.sum())


@dataclass(frozen=True)
class TieGraph:
    """Merged ties between people, who are positions in ``ids``."""

    ids: Ids
    source: Places
    target: Places
    weight: Numbers

    @classmethod
    def of(cls, ties: pd.DataFrame, *, also: Ids | None = None) -> "TieGraph":
        """Of everyone who has a tie, and of the person ids ``also``."""
        merged = merge_ties(ties["source"].to_numpy(), ties["target"].to_numpy(), ties["weight"].to_numpy())
        source, target = merged["source"].to_numpy(), merged["target"].to_numpy()
        ids = np.union1d(source, target)
        if also is not None:
            ids = np.union1d(ids, also)
        who, whom = (np.searchsorted(ids, end).astype(np.int32) for end in (source, target))
        return cls(ids, who, whom, merged["weight"].to_numpy())

    def strengths(self) -> pd.DataFrame:
        count = len(self.ids)
        return pd.DataFrame(
            {
                "person_id": self.ids,
                "in_strength": np.bincount(self.target, self.weight, count).astype(np.float64),
                "out_strength": np.bincount(self.source, self.weight, count).astype(np.float64),
                "in_people": np.bincount(self.target, minlength=count).astype(np.int64),
                "out_people": np.bincount(self.source, minlength=count).astype(np.int64),
            },
            copy=False,
        )

    def pairs(self) -> Pairs:
        low, high = np.minimum(self.source, self.target), np.maximum(self.source, self.target)
        return Pairs(len(self.ids), *_summed(low, high, self.weight))

    def arrays(self) -> tuple[int, Places, Places, Numbers]:
        return len(self.ids), self.source, self.target, self.weight


def _sampling_error(pairs: Pairs, exact_up_to: int) -> float | None:
    if pairs.people <= exact_up_to and pairs.people * len(pairs.low) <= EXACT_STEPS:
        return None
    return next(error for people, error in SAMPLING_ERRORS.items() if pairs.people <= people)


def h_index(shares: Iterable[float]) -> int:
    """The largest h for which h posts were shared h times or more; what reports no shares (NaN) does not count.

    Source: Hirsch (PNAS, 2005).

    >>> h_index([10, 8, 5, 4, 3])
    4
    """
    counts = np.fromiter(shares, dtype=np.float64)
    falling = np.sort(counts[~np.isnan(counts)])[::-1]
    return int(np.sum(falling >= np.arange(1, len(falling) + 1)))


def h_indices(author: npt.ArrayLike, shares: npt.ArrayLike) -> "pd.Series[int]":
    """``h_index`` of each author's posts, by author; without those none of whose posts reports shares.

    >>> h_indices([7, 7, 7, 9], [3, 2, 0, float("nan")]).to_dict()
    {7: 2}
    """
    frame = pd.DataFrame({"author": np.asarray(author), "shares": np.asarray(shares, dtype=np.float64)}).dropna()
    frame = frame.sort_values(["author", "shares"], ascending=[True, False])
    place = frame.groupby("author").cumcount() + 1
    return (frame["shares"] >= place).groupby(frame["author"]).sum().astype("int64").rename("h_index")


def trend(now: pd.DataFrame, before: pd.DataFrame) -> "pd.Series[str]":
    """How each person's PageRank compares with the period of the same length before; by ``person_id`` of ``now``.

    Columns of both: ``person_id``, ``pagerank``, ``in_people``. PageRank is taken as a multiple of what everyone
    would have if all had the same, for a share of a small community is larger than one of a large one. ``rising``:
    at least 1.5 times as much as before; ``fading``: at most two thirds; else ``steady``; ``new``: had no tie before.
    Rising and fading need three people or more who turned to them in the better of the two periods, new in this one:
    one answer more or less makes no trend. None where nobody much turned to them.
    """
    require_columns(now, "trend", "person_id", "pagerank", "in_people")
    require_columns(before, "trend", "person_id", "pagerank", "in_people")
    both = now[["person_id", "pagerank", "in_people"]].merge(
        before[["person_id", "pagerank", "in_people"]], on="person_id", how="left", suffixes=("", "_before")
    )
    ratio = (both["pagerank"] * len(now)) / (both["pagerank_before"] * max(len(before), 1))
    people = both[["in_people", "in_people_before"]].max(axis=1)
    found = pd.Series("steady", index=both["person_id"].to_numpy(), dtype=object, name="trend")
    unknown = both["pagerank_before"].isna().to_numpy()
    found[(ratio >= RISING_FROM).to_numpy()] = "rising"
    found[(ratio <= FADING_TO).to_numpy()] = "fading"
    found[unknown] = "new"
    found[(people < LEAST_PEOPLE).to_numpy() | both["pagerank"].isna().to_numpy()] = None
    return found
