"""The graph of who answers, mentions and shares whom, as a specification for ECharts: frames in, plain values out."""

import html
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import scipy  # loads its parts where they are first used

from figures.influence_groups import COLOURED, Grouping, name_community
from figures.influence_labels import (
    AWAY_PIXELS,
    LINE_PIXELS,
    Box,
    Floats,
    choose_box,
    sides_of,
    text_width,
    to_pixels,
)
from figures.template import GREY

Spec: TypeAlias = dict[str, Any]

SMALLEST_PIXELS, LARGEST_PIXELS = 5.0, 25.0
MOST_NAMED = 20
#: How much wider than high the drawing is, in the middle between a narrow window and a wide one.
ASPECT = 1.0
MOST_TIES = 900
MOST_PUSHED_APART = 600
ROUNDS = 60
#: Of a unit of the drawing, in a window of the usual width.
UNIT_PIXELS = 175.0
GAP_PIXELS = 2.0
MOST_COMMUNITIES_NAMED = 8
NAME_PIXELS, COMMUNITY_PIXELS = 120, 150
MOST_DOTS_UNDER_COMMUNITIES = 1
RING_PIXELS = 4
TIE_OPACITY = 0.35
EDGE = "rgba(128, 128, 128, 0.6)"
#: What is the same of every drawing.
_SERIES: Spec = {
    "type": "graph",
    "layout": "none",
    "roam": True,
    "preserveAspect": "contain",
    "scaleLimit": {"min": 0.6, "max": 12},
    "nodeScaleRatio": 0.5,
    "selectedMode": "single",
    "left": 14,
    "right": 44,
    "top": 62,
    "bottom": 16,
    "lineStyle": {"color": GREY, "opacity": TIE_OPACITY, "curveness": 0.12},
    "itemStyle": {"borderColor": EDGE, "borderWidth": 0.8},
    "label": {"position": "right", "overflow": "truncate", "width": NAME_PIXELS},
    "labelLayout": {"hideOverlap": True},
    "emphasis": {"focus": "adjacency", "label": {"show": True}, "lineStyle": {"opacity": 0.7}},
    "blur": {"itemStyle": {"opacity": 0.15}, "lineStyle": {"opacity": 0.04}, "label": {"opacity": 0.2}},
    "select": {"itemStyle": {"borderWidth": RING_PIXELS}, "label": {"show": True, "fontWeight": "bold"}},
    "edgeSymbolSize": 7,
}
#: What stands for a colour that no group has, so that the theme's colours are handed out in their order.
_UNUSED = "\u2060"


def influence_graph_spec(
    people: pd.DataFrame,
    ties: pd.DataFrame,
    grouping: Grouping,
    *,
    hover: Sequence[Sequence[str]] = (),
    communities: pd.DataFrame | None = None,
    named: int = MOST_NAMED,
    arrows: bool = False,
) -> Spec:
    """Dots for people, lines for their ties.

    ``people``: ``person_id``, ``name``, ``x``, ``y``, ``score`` (the size of the dot; NaN is the smallest), and with
    ``communities`` their ``community``. The largest dots, at most ``named`` of them, show their names where no other
    name is. ``ties``: ``source_id``, ``target_id``, ``weight`` (the width), ``replies``, ``mentions``, ``shares``.
    ``grouping``: who is coloured alike. ``hover``: for each person the lines that the pointer shows. ``communities``
    (``number``, ``label``): the grey ones are named beside their people, where there is room. Place n of the nodes is
    the person in row n; what follows them are names of communities.
    """
    nodes = _people_nodes(people, grouping, hover or [()] * len(people))
    taken: list[Box] = []
    if communities is not None:
        nodes += _community_names(people, communities, nodes, taken)
    _name_largest(people, nodes, taken, named)
    links = tie_lines(ties, dict(zip(people["person_id"], people["name"], strict=True)))
    moving = {"data": nodes, "links": links, "categories": _categories(grouping)}
    return {
        "animation": False,
        "tooltip": {"confine": True, "formatter": "{b}"},
        "legend": [_legend(grouping)],
        "series": [_SERIES | moving | {"edgeSymbol": ["none", "arrow" if arrows else "none"]}],
    }


def _people_nodes(people: pd.DataFrame, grouping: Grouping, hover: Sequence[Sequence[str]]) -> list[Spec]:
    sizes = dot_sizes(people["score"])
    is_right = (people["x"] > people["x"].min() + 0.8 * (people["x"].max() - people["x"].min())).tolist()
    order = category_order(grouping)
    rows = zip(people.itertuples(), sizes, grouping.of, hover, is_right, strict=True)
    return [_node(row, size, order[group], lines, is_right=at_edge) for row, size, group, lines, at_edge in rows]


def _dots(people: pd.DataFrame, nodes: Sequence[Spec]) -> tuple[Floats, Floats, float]:
    """Where the dots are in the narrowest drawing, their radii, and how many pixels a unit has."""
    points, unit = to_pixels(people[["x", "y"]].to_numpy(dtype="float64") * [ASPECT, 1.0])
    return points, np.array([node["symbolSize"] / 2 for node in nodes[: len(people)]]), unit


def _name_largest(people: pd.DataFrame, nodes: Sequence[Spec], taken: list[Box], named: int) -> None:
    """Show the names of the largest dots where they lie on no other name."""
    if people.empty:
        return
    dots, radii, _ = _dots(people, nodes)
    for place in np.argsort(-radii, kind="stable")[:named]:
        width = text_width(nodes[place]["name"], NAME_PIXELS)
        sides = sides_of(float(dots[place, 0]), float(dots[place, 1]), float(radii[place]), width)
        boxes = list(sides.values())
        chosen = choose_box(boxes, taken, dots, radii)
        if chosen is not None:
            nodes[place]["label"] = {"show": True, "position": list(sides)[chosen]}
            taken.append(boxes[chosen])


def dot_sizes(scores: "pd.Series[float]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Diameters in pixels: the higher the score, the larger, from the lowest to the highest shown.

    >>> dot_sizes(pd.Series([0.0, 25.0, 100.0, None])).round(1).tolist()
    [5.0, 12.6, 25.0, 5.0]
    """
    values = scores.astype("float64")
    low, high = values.min(), values.max()
    share = ((values - low) / (high - low) if high > low else values * 0).fillna(0).to_numpy()
    return np.asarray(SMALLEST_PIXELS + (LARGEST_PIXELS - SMALLEST_PIXELS) * share**0.7)


def _node(row: Any, size: float, group: int, lines: Sequence[str], *, is_right: bool) -> Spec:
    return {
        "id": str(int(row.person_id)),
        "name": str(row.name),
        "x": round(ASPECT * float(row.x), 4),
        "y": round(float(row.y), 4),
        "symbolSize": round(float(size), 1),
        "category": group,
        # names at the right edge would be cut off
        "label": {"show": False, "position": "left" if is_right else "right"},
        "tooltip": {"formatter": hover_html(lines or [str(row.name)])},
    }


def mark_chosen(spec: Spec, place: int, colour: str) -> None:
    """Put a ring of ``colour`` around the dot of the person in row ``place``, and show their name."""
    node = spec["series"][0]["data"][place]
    node["itemStyle"] = {"borderColor": colour, "borderWidth": RING_PIXELS}
    node["label"] |= {"show": True, "fontWeight": "bold"}


def hover_html(lines: Sequence[str]) -> str:
    """Lines for ECharts' tooltip, which reads HTML and fills in ``{a}``: nothing that a member wrote is read so.

    >>> hover_html(["<b>x</b> {b}", "Hub"])
    '<b>&lt;b&gt;x&lt;/b&gt; &#123;b&#125;</b><br>Hub'
    """
    first, *rest = (html.escape(line).replace("{", "&#123;").replace("}", "&#125;") for line in lines)
    return "<br>".join([f"<b>{first}</b>", *rest])


def category_order(grouping: Grouping) -> list[int]:
    """For each group the place of its category: the theme's first three colours are blue, yellow and red."""
    grey = COLOURED
    places = []
    for group in grouping.groups:
        places.append(grey if group.colour is None else group.colour)
        grey += group.colour is None
    return places


def _categories(grouping: Grouping) -> list[Spec]:
    order = category_order(grouping)
    found = dict(zip(order, grouping.groups, strict=True))
    categories: list[Spec] = []
    for place in range(max([COLOURED - 1, *order]) + 1):
        group = found.get(place)
        category: Spec = {"name": group.name if group else _UNUSED * (place + 1)}
        if group:
            category["symbol"] = group.symbol
        if place >= COLOURED:
            category["itemStyle"] = {"color": GREY}
        categories.append(category)
    return categories


def _legend(grouping: Grouping) -> Spec:
    names = [{"name": group.name, "icon": group.symbol} for group in grouping.groups]
    return {"data": names, "top": 4, "left": 4, "right": 40, "itemGap": 12, "itemWidth": 12, "itemHeight": 12}


def tie_lines(ties: pd.DataFrame, names: Mapping[int, str], most: int = MOST_TIES) -> list[Spec]:
    """The heaviest ties as links, the lightest first so that the heavy ones are on top. ``names``: of the people."""
    heaviest = ties.sort_values(["weight", "source_id", "target_id"], ascending=[False, True, True]).head(most)
    top = float(heaviest["weight"].max()) if len(heaviest) else 1.0
    return [
        {
            "source": str(int(row.source_id)),
            "target": str(int(row.target_id)),
            "value": round(float(row.weight), 3),
            "lineStyle": {"width": round(0.5 + 4.0 * (float(row.weight) / top if top > 0 else 0.0) ** 0.5, 2)},
            "tooltip": {"formatter": hover_html([f"{names[row.source_id]} → {names[row.target_id]}", _counted(row)])},
        }
        for row in heaviest.iloc[::-1].itertuples()
    ]


def _counted(row: Any) -> str:
    counts = ((row.replies, "reply", "replies"), (row.mentions, "mention", "mentions"), (row.shares, "share", "shares"))
    return ", ".join(_number_of(*count) for count in counts if count[0])


def _community_names(
    people: pd.DataFrame, communities: pd.DataFrame, nodes: Sequence[Spec], taken: list[Box]
) -> list[Spec]:
    """The names of the largest grey communities, each above or below its people where no dot and no name is."""
    labels = dict(zip(communities["number"], communities["label"], strict=True))
    dots, radii, unit = _dots(people, nodes)
    # plain places: each step on a frame takes longer than all of them
    members: dict[int, list[int]] = {}
    for place, number in enumerate(people["community"].tolist()):
        if not pd.isna(number):
            members.setdefault(int(number), []).append(place)
    # the legend names those that have a colour
    grey = [
        (number, places)
        for number, places in sorted(members.items())
        if len(places) >= 3 and nodes[places[0]]["category"] >= COLOURED
    ]
    largest = sorted(grey, key=lambda community: -len(community[1]))[:MOST_COMMUNITIES_NAMED]
    middle = ((people["x"].min() + people["x"].max()) / 2 * ASPECT, (people["y"].min() + people["y"].max()) / 2)
    added = []
    for number, places in largest:
        name = name_community(number, labels.get(number))
        boxes = _boxes_around(dots[places], radii[places], text_width(name, COMMUNITY_PIXELS))
        chosen = choose_box(boxes, taken, dots, radii, most_dots=MOST_DOTS_UNDER_COMMUNITIES)
        if chosen is not None:
            taken.append(boxes[chosen])
            x, y = (middle[0] + boxes[chosen].x / unit, middle[1] + boxes[chosen].y / unit)
            added.append(_community_name(number, name, int(nodes[places[0]]["category"]), x, y))
    return added


def _boxes_around(
    dots: "np.ndarray[Any, np.dtype[np.float64]]", radii: "np.ndarray[Any, np.dtype[np.float64]]", width: float
) -> list[Box]:
    """Where the name of a community may stand: above its dots and below, in the middle and to both sides."""
    above = float((dots[:, 1] - radii).min()) - AWAY_PIXELS - LINE_PIXELS / 2
    below = float((dots[:, 1] + radii).max()) + AWAY_PIXELS + LINE_PIXELS / 2
    middle = float(np.median(dots[:, 0]))
    shifts = (0.0, -width / 4, width / 4, -width / 2, width / 2)
    return [Box(middle + shift, y, width) for shift in shifts for y in (above, below)]


def _community_name(number: int, name: str, category: int, x: float, y: float) -> Spec:
    return {
        "id": f"community {number}",
        "name": name,
        "x": round(x, 4),
        "y": round(y, 4),
        # wide and flat: ECharts keeps the labels of large symbols where some overlap
        "symbol": "rect",
        "symbolSize": [300, 4],
        "category": category,
        "itemStyle": {"opacity": 0},
        "select": {"disabled": True},
        "emphasis": {"disabled": True},
        "blur": {"itemStyle": {"opacity": 0}},
        "tooltip": {"show": False},
        "label": {
            "show": True,
            "opacity": 1,
            "color": GREY,
            "fontStyle": "italic",
            "width": COMMUNITY_PIXELS,
            "position": ["50%", "50%"],
            "align": "center",
            "verticalAlign": "middle",
        },
    }


def spread_out(people: pd.DataFrame, sizes: "np.ndarray[Any, np.dtype[np.float64]] | None" = None) -> pd.DataFrame:
    """``people`` with ``x`` and ``y`` such that dots hardly lie on each other: crowded parts are stretched, then dots
    that overlap are pushed apart. ``sizes``: their diameters in pixels. Those without a place get one on a ring around
    the rest. The same for the same people."""
    placed = people[["x", "y"]].astype("float64").copy()
    known = placed.notna().all(axis=1)
    for axis in ("x", "y"):
        ranks = placed.loc[known, axis].rank(method="first")
        even = 2 * (ranks - 1) / max(len(ranks) - 1, 1) - 1
        widest = placed.loc[known, axis].abs().max() or 1.0
        placed.loc[known, axis] = 0.4 * placed.loc[known, axis] / widest + 0.6 * even
    angles = np.linspace(0, 2 * np.pi, int((~known).sum()), endpoint=False)
    placed.loc[~known, "x"], placed.loc[~known, "y"] = 1.25 * np.cos(angles), 1.25 * np.sin(angles)
    points = placed.to_numpy()
    if len(points) <= MOST_PUSHED_APART:
        pixels = np.full(len(points), SMALLEST_PIXELS) if sizes is None else sizes
        points = _apart(points, (pixels + GAP_PIXELS) / 2 / UNIT_PIXELS)
    return people.assign(x=points[:, 0], y=points[:, 1])


def _apart(
    points: "np.ndarray[Any, np.dtype[np.float64]]", radii: "np.ndarray[Any, np.dtype[np.float64]]"
) -> "np.ndarray[Any, np.dtype[np.float64]]":
    turns = np.arange(len(points))
    points = points + 1e-4 * np.column_stack([np.cos(turns), np.sin(turns)])  # no two in one place
    for _ in range(ROUNDS):
        pairs = scipy.spatial.cKDTree(points).query_pairs(2 * radii.max(), output_type="ndarray")
        one, other = pairs[:, 0], pairs[:, 1]
        gaps = points[one] - points[other]
        distances = np.sqrt((gaps**2).sum(axis=1))
        short = np.clip(radii[one] + radii[other] - distances, 0, None)
        if not short.any():
            break
        push = gaps / np.maximum(distances, 1e-9)[:, None] * (short / 2)[:, None]
        points = points.copy()
        np.add.at(points, one, push)
        np.add.at(points, other, -push)
    return points


def graph_takeaway(
    people: pd.DataFrame, ties: pd.DataFrame, grouping: Grouping, *, score: str, total: int, is_lowest: bool = False
) -> str:
    """What the graph shows, in sentences, with its legend. ``people`` as they are ranked by ``score``, from the lowest
    where ``is_lowest``; of the public ``total`` match."""
    if people.empty:
        return "Graph of who talks with whom: nobody matches."
    public = people[people["role"].isna()]
    ours = len(people) - len(public)
    first = ", ".join(str(name) for name in public["name"].head(3))
    counts = ((group.name, int((grouping.of == place).sum())) for place, group in enumerate(grouping.groups))
    legend = ", ".join(f"{name} {count:,}" for name, count in counts)
    team = f", {ours:,} of the team and bots" if ours else ""
    return (
        f"Graph of {len(public):,} of {_number_of(total, 'person', 'people')}{team} and "
        f"{_number_of(len(ties), 'tie', 'ties')} between them. {'Lowest' if is_lowest else 'Highest'} by {score}: "
        f"{first}. Coloured: {legend}. The table beside it holds the same people."
    )


def _number_of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
