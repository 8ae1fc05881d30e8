"""A whole community of thousands as a specification for sigma.js: frames in, plain values out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from figures.influence_graph import LARGEST_PIXELS as FULL_PIXELS
from figures.influence_graph import SMALLEST_PIXELS, dot_sizes, spread_out
from figures.influence_groups import Grouping

MOST_LINES = 5_000
LINES_EACH = 3
LARGEST_PIXELS = 14.0
MOST_NAMED = 12


def network_data(
    people: pd.DataFrame, ties: pd.DataFrame, grouping: Grouping, *, colours: Sequence[str], grey: str, line: str
) -> dict[str, list[dict[str, Any]]]:
    """``nodes`` and ``edges`` of people (``person_id``, ``name``, ``x``, ``y``, ``score``) and their ties
    (``source_id``, ``target_id``, ``weight``). ``colours``: blue, yellow, red, with
    ``grey`` and ``line``, as CSS has them; sigma.js knows no transparency."""
    placed = spread_out(people)
    sizes = 2 + (LARGEST_PIXELS - 2) * (dot_sizes(people["score"]) - SMALLEST_PIXELS) / (FULL_PIXELS - SMALLEST_PIXELS)
    named = set(np.argsort(-sizes, kind="stable")[:MOST_NAMED].tolist())
    nodes = []
    for place, row in enumerate(placed.itertuples(index=False)):
        group = grouping.groups[int(grouping.of[place])]
        node: dict[str, Any] = {
            "id": str(int(row.person_id)),
            "label": str(row.name),
            "x": round(float(row.x), 4),
            "y": round(-float(row.y), 4),
            "size": round(float(sizes[place]), 1),
            "color": grey if group.colour is None else colours[group.colour],
        }
        nodes.append(node | {"forceLabel": True} if place in named else node)
    return {"nodes": nodes, "edges": network_lines(ties, line, min(MOST_LINES, LINES_EACH * len(people)))}


def network_lines(ties: pd.DataFrame, colour: str, most: int = MOST_LINES) -> list[dict[str, Any]]:
    """Ties as lines, each pair once, both directions together: the heaviest of each person, so that few are left
    alone, then the heaviest of all, up to ``most``. More of them make a hairball, and each takes its time to draw."""
    ends = ties[["source_id", "target_id"]].to_numpy()
    pairs = pd.DataFrame({"low": ends.min(axis=1), "high": ends.max(axis=1), "weight": ties["weight"].to_numpy()})
    lines = pairs.groupby(["low", "high"], as_index=False)["weight"].sum()
    lines = lines.sort_values(["weight", "low", "high"], ascending=[False, True, True], ignore_index=True)
    both = pd.concat([lines["low"], lines["high"]]).sort_index(kind="stable")
    first = set(both[~both.duplicated()].index)
    order = sorted(range(len(lines)), key=lambda place: (place not in first, place))[:most]
    top = float(lines["weight"].max()) if len(lines) else 0.0
    return [
        {
            "source": str(int(row.low)),
            "target": str(int(row.high)),
            "size": round(0.3 + 2.2 * float(row.weight) / top, 2) if top > 0 else 0.3,
            "color": colour,
        }
        for row in lines.iloc[sorted(order, reverse=True)].itertuples()
    ]
