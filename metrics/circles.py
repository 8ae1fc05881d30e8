"""Circles, paths and bridges: what is explored in a small part of the graph of who talks with whom.

Ties are rows ``source_id`` -> ``target_id`` (who answered, mentioned or shared whom). A path may follow a tie either
way: to talk with somebody takes two.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from metrics.columns import require_columns

if TYPE_CHECKING:
    import networkx as nx

#: Two people may have very many shortest paths; of so many the ones of the strongest ties are chosen.
MOST_COMPARED = 1_000
_RADIUS = {0: 0.0, 1: 0.5, 2: 1.0}


def talk_graph(ties: pd.DataFrame) -> "nx.Graph[int]":
    """Who talks with whom, either way. Columns: ``source_id``, ``target_id``, ``times``. Each edge has ``times``, both
    directions together; nobody talks with themselves.

    >>> ties = pd.DataFrame({"source_id": [1, 2, 2], "target_id": [2, 1, 3], "times": [2, 1, 5]})
    >>> sorted(talk_graph(ties).edges(data="times"))
    [(1, 2, 3), (2, 3, 5)]
    """
    import networkx as nx  # takes a while to load: here and below only where it is used

    require_columns(ties, "talk_graph", "source_id", "target_id", "times")
    graph: nx.Graph[int] = nx.Graph()
    columns = (ties[name].astype("int64").tolist() for name in ("source_id", "target_id", "times"))
    for source, target, times in zip(*columns, strict=True):
        if source == target:
            continue
        held = graph.get_edge_data(source, target, default={"times": 0})
        graph.add_edge(source, target, times=held["times"] + times)
    return graph


def next_step(ties: pd.DataFrame, known: Collection[int], last: Collection[int] | None = None) -> pd.Series:
    """Whom the people of ``last`` (of all ``known``, where None) talk with beside those ``known``: the ``weight`` of
    their ties, both directions together, by ``person_id``, the heaviest first.

    Columns: ``source_id``, ``target_id``, ``weight``.

    >>> ties = pd.DataFrame({"source_id": [1, 2, 2, 3], "target_id": [2, 1, 3, 4], "weight": [1.0, 1.0, 0.5, 9.0]})
    >>> next_step(ties, [1]).to_dict(), next_step(ties, [1, 2], [2]).to_dict()
    ({2: 2.0}, {3: 0.5})
    """
    require_columns(ties, "next_step", "source_id", "target_id", "weight")
    inner = known if last is None else last
    sent, got = ties[ties["source_id"].isin(inner)], ties[ties["target_id"].isin(inner)]
    ends = [sent[["target_id", "weight"]], got[["source_id", "weight"]]]
    others = pd.concat([part.set_axis(["person_id", "weight"], axis=1) for part in ends])
    others = others[~others["person_id"].isin(known)]
    found = others.groupby("person_id", as_index=False)["weight"].sum()
    found = found.sort_values(["weight", "person_id"], ascending=[False, True])
    return found.set_index("person_id")["weight"].astype("float64")


def shortest_paths(ties: pd.DataFrame, start: int, end: int, *, at_most: int = 5, longest: int = 4) -> list[list[int]]:
    """The shortest paths from one person to another, as lists of people; those whose weakest tie is used most come
    first. Columns as of ``talk_graph``. Empty where there is none, or it has more than ``longest`` ties.

    >>> ties = pd.DataFrame({"source_id": [1, 2, 1, 4, 5], "target_id": [2, 3, 4, 3, 6], "times": [9, 1, 4, 4, 1]})
    >>> shortest_paths(ties, 1, 3), shortest_paths(ties, 1, 6)
    ([[1, 4, 3], [1, 2, 3]], [])
    """
    import networkx as nx

    graph = talk_graph(ties)
    if start == end or not (graph.has_node(start) and graph.has_node(end)):
        return []
    if not nx.has_path(graph, start, end) or nx.shortest_path_length(graph, start, end) > longest:
        return []
    found: Iterator[list[int]] = nx.all_shortest_paths(graph, start, end)
    return sorted(islice(found, MOST_COMPARED), key=lambda path: (-_weakest(graph, path), path))[:at_most]


def _weakest(graph: "nx.Graph[int]", path: list[int]) -> int:
    return min(int(graph.edges[pair]["times"]) for pair in pairwise(path))


def bridges(sides: pd.DataFrame, first: int, second: int) -> pd.DataFrame:
    """Who stands between two communities: people with ties into both, the strongest bridge first.

    Columns of ``sides``: ``person_id``, ``community`` (whose people the ties are with), ``weight`` (of the ties in
    both directions). For a person of one of the two, ties within their own community count for that side. Returns
    ``person_id``, ``weight_first``, ``weight_second`` and ``bridged``: the harmonic mean of the two, which is near the
    smaller one, so that one tie across beside a hundred within makes nobody a bridge. To bring the two together, ask
    those at the top.

    >>> people, weight = [1, 1, 2, 2, 3], [6.0, 3.0, 9.0, 1.0, 9.0]
    >>> sides = pd.DataFrame({"person_id": people, "community": [1, 2, 1, 2, 1], "weight": weight})
    >>> bridges(sides, 1, 2).to_dict("records")[0]
    {'person_id': 1, 'weight_first': 6.0, 'weight_second': 3.0, 'bridged': 4.0}
    """
    require_columns(sides, "bridges", "person_id", "community", "weight")
    weights = sides.groupby(["person_id", "community"])["weight"].sum().unstack(fill_value=0.0)
    weights = weights.reindex(columns=[first, second], fill_value=0.0).astype("float64")
    both = weights[(weights[first] > 0) & (weights[second] > 0)]
    found = pd.DataFrame(
        {
            "person_id": both.index.astype("int64"),
            "weight_first": both[first].to_numpy(),
            "weight_second": both[second].to_numpy(),
            "bridged": (2 * both[first] * both[second] / (both[first] + both[second])).to_numpy(),
        }
    )
    return found.sort_values(["bridged", "person_id"], ascending=[False, True], ignore_index=True)


def place_circle(steps: Mapping[int, int], ties: pd.DataFrame) -> pd.DataFrame:
    """Where to draw a circle: its person in the middle, the others on a ring a step, each of the second ring near the
    one of the first with whom they talk most. ``person_id``, ``x``, ``y`` (-1 to 1), in the order of ``steps``.

    >>> ties = pd.DataFrame({"source_id": [1, 2], "target_id": [2, 3], "times": [1, 1]})
    >>> place_circle({1: 0, 2: 1, 3: 2}, ties).round(3).to_numpy().tolist()
    [[1.0, 0.0, 0.0], [2.0, 0.5, 0.0], [3.0, 1.0, 0.0]]
    """
    graph = talk_graph(ties)
    angles: dict[int, float] = {}
    for step in range(3):
        ring = [person for person, at in steps.items() if at == step]
        # around the circle in the order of whom they hang on, so that few ties cross
        ring.sort(key=lambda person: (_angle_towards(graph, person, angles), person))
        angles |= dict(zip(ring, np.linspace(0, 2 * np.pi, len(ring), endpoint=False).tolist(), strict=True))
    radius = np.array([_RADIUS[step] for step in steps.values()])
    turn = np.array([angles[person] for person in steps])
    placed = {"person_id": list(steps), "x": radius * np.cos(turn), "y": radius * np.sin(turn)}
    return pd.DataFrame(placed).astype({"person_id": "int64"})


def _angle_towards(graph: "nx.Graph[int]", person: int, angles: Mapping[int, float]) -> float:
    if person not in graph:
        return 0.0
    known = [(-int(times), other) for _, other, times in graph.edges(person, data="times") if other in angles]
    return angles[min(known)[1]] if known else 0.0
