"""Where people are drawn: communities apart, who is turned to near the middle of theirs, bridges towards the others."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # loads its parts where they are first used

from metrics.columns import require_columns
from metrics.influence import TieGraph
from metrics.influence_brokers import Pairs
from metrics.influence_packing import GOLDEN_ANGLE, PLACED_WITH_CARE, pack_discs

Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

#: In units of the room that a person of no weight takes.
COMMUNITY_GAP = 4.0
GAP_OF_RADIUS = 0.15
MOST_ROOM = 3.0
ROOM_IN_COMMUNITY = 1.5
#: How much less a tie with another community turns someone than one within it.
TURN_OUTWARDS = 0.5
TURNS = 40
#: People on the innermost ring; the next ones hold 3, 5, 7 times as many.
FIRST_RING = 4
PUSHES = 60


def layout(ties: pd.DataFrame, community: "pd.Series[int]", *, seed: int = 1) -> pd.DataFrame:
    """A place for everyone with a tie or a community: ``person_id``, ``x`` and ``y`` from -1 to 1.

    Columns needed: ``source``, ``target``, ``weight``; ``community``: numbers by person id. Who has none is drawn with
    the one that most of their ties lead to. The same for a ``seed``, whatever the order of the rows.
    """
    require_columns(ties, "layout", "source", "target", "weight")
    graph = TieGraph.of(ties, also=community.index.to_numpy(dtype=np.int64))
    people = len(graph.ids)
    if people == 0:
        return pd.DataFrame({"person_id": graph.ids, "x": np.zeros(0), "y": np.zeros(0)})
    pairs = graph.pairs()
    got = np.bincount(graph.target, graph.weight, people) + 0.1 * np.bincount(graph.source, graph.weight, people)
    group = _groups(pairs, community.reindex(graph.ids).to_numpy(dtype=np.float64, na_value=np.nan))
    room = 0.5 + (MOST_ROOM - 1) / 2 * np.sqrt(got / max(got.max(), 1e-300))
    radius = ROOM_IN_COMMUNITY * np.sqrt(np.bincount(group, (2 * room) ** 2)) / 2
    gap = COMMUNITY_GAP + GAP_OF_RADIUS * radius.max()
    centres = pack_discs(radius, _pull(pairs, group, len(radius)), gap=gap)
    places = _turned_to_their_own(pairs, group, got, room, radius, centres, seed)
    places = _spread(places, room, centres[group], radius[group])
    return _in_square(graph.ids, places)


def _groups(pairs: Pairs, community: Numbers) -> Ids:
    """Communities as 0 for the one of most people, 1 for the next; of two of a size the one with the lower number."""
    known = ~np.isnan(community)
    chosen = np.where(known, community, -1 - np.arange(len(community)))  # alone, unless someone draws them
    lost = np.concatenate([pairs.low, pairs.high]), np.concatenate([pairs.high, pairs.low])
    weight = np.tile(pairs.weight, 2)
    from_lost = ~known[lost[0]] & known[lost[1]]
    most = pd.DataFrame({"who": lost[0][from_lost], "to": community[lost[1]][from_lost], "weight": weight[from_lost]})
    most = most.groupby(["who", "to"], as_index=False)["weight"].sum()
    most = most.sort_values(["who", "weight", "to"], ascending=[True, False, True]).drop_duplicates("who")
    chosen[most["who"].to_numpy()] = most["to"].to_numpy()
    _, group, size = np.unique(chosen, return_inverse=True, return_counts=True)
    number = np.empty(len(size), dtype=np.int64)
    number[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return np.asarray(number[group], dtype=np.int64)


def _pull(pairs: Pairs, group: Ids, groups: int) -> Numbers:
    """Weight of the ties between each two of the first communities, for their sizes."""
    count = min(groups, PLACED_WITH_CARE)
    pull = np.zeros((count, count))
    low, high = group[pairs.low], group[pairs.high]
    across = (low != high) & (low < count) & (high < count)
    np.add.at(pull, (low[across], high[across]), pairs.weight[across])
    size = np.bincount(group)[:count]
    return np.asarray((pull + pull.T) / np.sqrt(size[:, None] * size[None, :]))


def _turned_to_their_own(
    pairs: Pairs, group: Ids, got: Numbers, room: Numbers, radius: Numbers, centres: Numbers, seed: int
) -> Numbers:
    """As far from the middle of the community as others are before them, on the side of those they talk with."""
    order = np.lexsort((np.arange(len(group)), -got, group))
    rank, far = _ranks_and_distances(order, group, room, radius)
    ring = np.floor(np.sqrt(rank / FIRST_RING)).astype(np.int64)
    near = _nearness(pairs, group)
    own = centres[group]
    wish = np.random.default_rng(seed).normal(size=own.shape)
    around = np.zeros_like(own)
    for _ in range(TURNS):
        around = _evenly_on_rings(wish, group, ring) * far[:, None]
        wish = near @ (own + around) - own * (near.sum(axis=1) > 0)[:, None]
        wish -= _means(wish, group, len(radius))[group]  # or all would gather on one side
    return np.asarray(own + around)


def _ranks_and_distances(order: Ids, group: Ids, room: Numbers, radius: Numbers) -> tuple[Numbers, Numbers]:
    """Place from 0 in the community by what each got, and a distance that leaves room for all before them."""
    size, area = np.bincount(group), np.bincount(group, room**2)
    before = np.repeat(np.cumsum(size) - size, size)
    taken = np.cumsum(room[order] ** 2) - np.repeat(np.cumsum(area) - area, size)
    rank, far = np.empty(len(group)), np.empty(len(group))
    rank[order] = np.arange(len(group)) - before
    far[order] = np.sqrt(np.maximum(taken - room[order] ** 2 / 2, 0.0) / area[group[order]])
    return rank, np.where(size[group] > 1, far * radius[group], 0.0)


def _nearness(pairs: Pairs, group: Ids) -> "scipy.sparse.csr_array":
    """How strongly each other person turns one: shares that add up to 1 for who has a tie."""
    weight = np.log1p(pairs.weight / np.median(pairs.weight)) if len(pairs.weight) else pairs.weight
    weight = np.where(group[pairs.low] == group[pairs.high], weight, TURN_OUTWARDS * weight)
    ends = (np.concatenate([pairs.low, pairs.high]), np.concatenate([pairs.high, pairs.low]))
    total = np.bincount(ends[0], np.tile(weight, 2), len(group))
    return scipy.sparse.csr_array((np.tile(weight, 2) / total[ends[0]], ends), shape=(len(group), len(group)))


def _evenly_on_rings(wish: Numbers, group: Ids, ring: Ids) -> Numbers:
    """Directions, evenly spread round each ring of each community, in the order of the directions wished for."""
    angle = np.round(np.arctan2(wish[:, 1], wish[:, 0]), 9)
    key = group * (ring.max() + 1) + ring
    order = np.lexsort((np.arange(len(group)), angle, key))
    size = np.bincount(key)
    size = size[size > 0]
    slot = np.arange(len(group)) - np.repeat(np.cumsum(size) - size, size)
    turned = np.empty(len(group))
    turned[order] = 2 * np.pi * (slot + 0.5 + 0.3 * ring[order]) / np.repeat(size, size) - np.pi
    return np.column_stack([np.cos(turned), np.sin(turned)])


def _means(values: Numbers, group: Ids, groups: int) -> Numbers:
    size = np.maximum(np.bincount(group, minlength=groups), 1)
    return _moved(group, values, groups) / size[:, None]


def _spread(places: Numbers, room: Numbers, centre: Numbers, radius: Numbers) -> Numbers:
    """Push apart those who overlap, and back into their community who is pushed out of it."""
    for _ in range(PUSHES):
        near = scipy.spatial.cKDTree(places).query_pairs(2 * float(room.max()), output_type="ndarray")
        one, other = near[:, 0], near[:, 1]
        apart = places[one] - places[other]
        distance = np.hypot(*apart.T)
        short = np.maximum(room[one] + room[other] - distance, 0.0)
        if len(near) == 0 or short.max() < 0.05:
            break
        same = distance < 1e-9
        apart[same] = np.column_stack([np.cos(one[same] * GOLDEN_ANGLE), np.sin(one[same] * GOLDEN_ANGLE)])
        push = apart * (short / np.where(same, 1.0, distance) / 2)[:, None]
        places = places + _moved(one, push, len(places)) - _moved(other, push, len(places))
        out = places - centre
        beyond = np.hypot(*out.T) / np.maximum(radius, 1e-9)
        places = centre + out / np.maximum(beyond, 1.0)[:, None]
    return places


def _moved(who: Ids, push: Numbers, people: int) -> Numbers:
    return np.column_stack([np.bincount(who, push[:, axis], people) for axis in (0, 1)])


def _in_square(ids: Ids, places: Numbers) -> pd.DataFrame:
    low, high = places.min(axis=0), places.max(axis=0)
    places = (places - (low + high) / 2) / max(float((high - low).max()) / 2, 1e-9)
    return pd.DataFrame({"person_id": ids, "x": np.clip(places[:, 0], -1, 1), "y": np.clip(places[:, 1], -1, 1)})
