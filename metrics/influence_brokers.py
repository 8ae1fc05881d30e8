"""Who stands between others: betweenness and Burt's constraint, on pairs of people who have to do with each other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]

#: Candidate triangles looked at in one go: what bounds the memory.
WEDGES_AT_ONCE = 500_000
#: Slots of the table that says at once that most candidates are no triangle.
FILTER_SLOTS = 1 << 24
FEW_SLOTS = 1 << 18
FEW_PAIRS = 10_000


@dataclass(frozen=True)
class Pairs:
    """Who has to do with whom, without direction: each pair once, ``low`` < ``high``, sorted.

    People are positions from 0 to ``people`` - 1; ``weight`` is what goes between the two, both ways together.
    """

    people: int
    low: Ids | Places
    high: Ids | Places
    weight: Numbers


def burt_constraint(pairs: Pairs) -> Numbers:
    """How far each person's contacts know each other: low for who joins people that nobody else joins.

    The sum over contacts j of (p_ij + sum over q of p_iq p_qj)^2, where p_ij is the share of i's weight that goes to
    j. Returns above 0, at times a little above 1; NaN for who has no contact. Every triangle is looked at once, from
    its person with the fewest contacts, so that hubs cost little. Source: Burt, *Structural Holes* (1992).

    >>> triangle = Pairs(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3))
    >>> burt_constraint(triangle).tolist()
    [1.125, 1.125, 1.125]
    """
    tail, head, weight = _from_fewer_contacts(pairs)
    strength = np.bincount(tail, weight, pairs.people) + np.bincount(head, weight, pairs.people)
    there, back = weight / strength[tail], weight / strength[head]
    via_there, via_back = _through_others(pairs.people, tail, head, there, back)
    found = np.bincount(tail, (there + via_there) ** 2, pairs.people)
    found += np.bincount(head, (back + via_back) ** 2, pairs.people)
    return np.where(strength > 0, found, np.nan)


def _from_fewer_contacts(pairs: Pairs) -> tuple[Ids, Ids, Numbers]:
    """Each pair from the one with fewer contacts to the other, in the order of their ranks by contacts."""
    contacts = np.bincount(pairs.low, minlength=pairs.people) + np.bincount(pairs.high, minlength=pairs.people)
    rank = np.empty(pairs.people, dtype=np.int64)
    rank[np.argsort(contacts, kind="stable")] = np.arange(pairs.people)
    swap = rank[pairs.low] > rank[pairs.high]
    tail, head = np.where(swap, pairs.high, pairs.low), np.where(swap, pairs.low, pairs.high)
    tail, head = tail.astype(np.int64), head.astype(np.int64)  # two of them make one key
    order = np.argsort(rank[tail] * pairs.people + rank[head])
    return tail[order], head[order], pairs.weight[order]


def _through_others(people: int, tail: Ids, head: Ids, there: Numbers, back: Numbers) -> tuple[Numbers, Numbers]:
    """For each pair the sum over common contacts q of p_iq p_qj, from tail to head and from head to tail."""
    count = len(tail)
    forth, rear = np.zeros(count), np.zeros(count)
    for first, second, third in _triangles(people, tail, head):
        for pair, value in (
            (first, there[second] * back[third]),
            (second, there[first] * there[third]),
            (third, back[first] * there[second]),
        ):
            np.add.at(forth, pair, value)
        for pair, value in (
            (first, there[third] * back[second]),
            (second, back[third] * back[first]),
            (third, back[second] * there[first]),
        ):
            np.add.at(rear, pair, value)
    return forth, rear


def _triangles(people: int, tail: Ids, head: Ids) -> Iterator[tuple[Ids, Ids, Ids]]:
    """Positions of the pairs u-v, u-w and v-w of each triangle, for u, v, w of rising rank; in parts."""
    end = np.zeros(people, dtype=np.int64)
    np.maximum.at(end, tail, np.arange(1, len(tail) + 1))
    later = end[tail] - np.arange(1, len(tail) + 1)  # the other pairs of the same tail that come after
    so_far = np.concatenate([[0], np.cumsum(later)])
    index = _PairIndex.of(people, tail, head)
    begin = 0
    while begin < len(tail):
        stop = int(np.searchsorted(so_far, so_far[begin] + WEDGES_AT_ONCE, side="right")) - 1
        stop = max(stop, begin + 1)
        first = np.repeat(np.arange(begin, stop), later[begin:stop])
        second = np.arange(len(first)) - (so_far[first] - so_far[begin]) + first + 1
        yield index.closing(first, second)
        begin = stop


@dataclass(frozen=True)
class _PairIndex:
    """Finds the pair of two people, and says of most that there is none at the cost of one look."""

    people: int
    head: Ids
    keys: Ids
    position: Ids
    seen: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, people: int, tail: Ids, head: Ids) -> "_PairIndex":
        keys = tail * people + head
        position = np.argsort(keys)
        seen = np.zeros(FILTER_SLOTS if len(keys) > FEW_PAIRS else FEW_SLOTS, dtype=bool)
        seen[_slot(keys, len(seen))] = True
        return cls(people, head, keys[position], position, seen)

    def closing(self, first: Ids, second: Ids) -> tuple[Ids, Ids, Ids]:
        """Those pairs u-v and u-w for which there is v-w, and that."""
        wanted = self.head[first] * self.people + self.head[second]
        maybe = self.seen[_slot(wanted, len(self.seen))]
        first, second, wanted = first[maybe], second[maybe], wanted[maybe]
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        real = self.keys[at] == wanted
        return first[real], second[real], self.position[at[real]]


def _slot(keys: Ids, slots: int) -> Ids:
    return (keys * 0x9E3779B1) >> 7 & (slots - 1)
