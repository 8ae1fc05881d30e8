"""A graph of people as a file: GraphML and GEXF for graph programs such as Gephi, CSV for spreadsheets."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from answers.spreadsheets import to_csv
from data_access.queries.influencers import LOWEST_FIRST
from metrics.money import minor_digits

if TYPE_CHECKING:
    import networkx as nx


class Format(NamedTuple):
    """How a file of a kind is called on a page, how its name ends, and its media type."""

    title: str
    suffix: str
    media_type: str


FORMATS: dict[str, Format] = {
    "gexf": Format("GEXF (Gephi)", "gexf", "application/gexf+xml"),
    "graphml": Format("GraphML", "graphml", "application/graphml+xml"),
    "csv": Format("CSV (people and ties, zipped)", "zip", "application/zip"),
}
#: What is told of each person, where it is known.
_FACTS = (
    *("handle", "role", "community", "community_label", "pagerank", "in_strength", "out_strength", "in_people"),
    *("out_people", "betweenness", "constraint", "core", "reach", "h_index", "trend", "posts", "net_sentiment"),
    *("is_customer", "is_watched", "kinds", "networks"),
)
_COUNTS = ("times", "replies", "mentions", "shares")
#: What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GREY = "#8a8a8a"
#: The three communities with most people have a colour, as on the page; the others are grey.
_COLOURS = ("#004488", "#ddaa33", "#bb5566")
_SCALE = 1_000.0
_SMALLEST, _LARGEST = 0.004, 0.04


class Drawing(NamedTuple):
    """How people are drawn, by their rows: places (``y`` grows downwards), ``radii`` in units of the places, and
    ``colours`` as CSS writes them (#rrggbb)."""

    x: Sequence[float]
    y: Sequence[float]
    radii: Sequence[float]
    colours: Sequence[str]


class UnknownFormat(ValueError):
    """There is no file of that kind."""


def export_graph(
    people: pd.DataFrame,
    ties: pd.DataFrame,
    kind: str,
    *,
    size: str = "pagerank",
    currency: str | None = None,
    drawing: Drawing | None = None,
) -> bytes:
    """People and ties, as ``Influencers`` and ``CircleGraph`` have them, as a file of a ``kind``: a key of ``FORMATS``.

    A node has the person's id and ``label`` (name), their scores, ``community``, ``kinds``, ``networks``, ``revenue``
    (in units of ``currency``, which stands beside it; ``revenue_minor`` where no currency is named), and in GEXF the
    place, the colour and the size of ``drawing``; without one their own place, the colour by community and the size by
    the score ``size``. An edge leads from who
    answers, mentions or shares, with ``weight``, ``times``, ``replies``, ``mentions``, ``shares``. What is not known of
    somebody is left out. Raises ``UnknownFormat``.
    """
    import networkx as nx  # takes a while to load: here and below only where it is used

    if kind == "csv":
        return _zipped(_table(people, currency), ties[["source_id", "target_id", "weight", *_COUNTS]], people)
    if kind not in FORMATS:
        raise UnknownFormat(f"a graph is not written as {kind!r}; there are {', '.join(FORMATS)}")
    graph = build_graph(people, ties, currency=currency)
    written = io.BytesIO()
    if kind == "graphml":
        nx.write_graphml(graph, written, encoding="utf-8", named_key_ids=True)
    else:
        for node, drawn in _shapes(people, drawing or _draw(people, size)).items():
            graph.nodes[node]["viz"] = drawn
        nx.write_gexf(graph, written, encoding="utf-8")
    return written.getvalue()


def build_graph(people: pd.DataFrame, ties: pd.DataFrame, *, currency: str | None = None) -> "nx.DiGraph[int]":
    """The graph that is written: a node a person, an edge a tie between two of them."""
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    for row in _table(people, currency).to_dict("records"):
        facts = {str(name): _plain(value) for name, value in row.items() if not _is_unknown(value)}
        graph.add_node(int(facts.pop("id")), **facts)
    for tie in ties.to_dict("records"):
        source, target = int(tie["source_id"]), int(tie["target_id"])
        if source in graph and target in graph:
            counts = {name: int(tie[name]) for name in _COUNTS}
            graph.add_edge(source, target, weight=float(tie["weight"]), **counts)
    return graph


def _table(people: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    """A row a person, in the order in which it is read: id, name, facts."""
    known = [name for name in _FACTS if name in people.columns]
    rows = people[known].assign(**{name: people[name].map(", ".join) for name in ("kinds", "networks")})
    rows.insert(0, "id", people["person_id"])
    rows.insert(1, "label", people["name"])
    if currency is None:
        return rows.assign(revenue_minor=people["revenue_minor"])
    revenue = people["revenue_minor"].astype("Float64") / 10 ** minor_digits(currency)
    return rows.assign(revenue=revenue, currency=currency)


def _is_unknown(value: Any) -> bool:
    return value is None or value is pd.NA or bool(pd.isna(value))


def _plain(value: Any) -> Any:
    """A value of Python's own, and a text that XML can hold.

    >>> _plain("a\\x00b")
    'ab'
    """
    if isinstance(value, str):
        return _NOT_XML.sub("", value)
    return value.item() if hasattr(value, "item") else value


def _draw(people: pd.DataFrame, size: str) -> Drawing:
    """People where the layout puts them, coloured by community, the area of each growing with the score: with one over
    it where low says most."""
    score = people["revenue_minor" if size == "revenue" else size].astype("float64")
    if size in LOWEST_FIRST:
        score = 1 / score.where(score > 0)
    score = score.fillna(0.0).clip(lower=0.0)
    share = (score / max(float(score.max()), 1e-12)) ** 0.5 if len(score) else score
    radii = _SMALLEST + (_LARGEST - _SMALLEST) * share
    counts = people["community"].dropna().astype(int).value_counts()
    largest = sorted(counts.index, key=lambda number: (-counts[number], number))
    found = dict(zip(largest, _COLOURS, strict=False))
    colours = [_GREY if pd.isna(number) else found.get(int(number), _GREY) for number in people["community"]]
    return Drawing(people["x"].tolist(), people["y"].tolist(), radii.tolist(), colours)


def _shapes(people: pd.DataFrame, drawing: Drawing) -> dict[int, dict[str, Any]]:
    """Place, colour and size of each node, for GEXF, where y grows upwards; who has no place is left to the program's
    own layout."""
    shapes = {}
    for person, x, y, radius, colour in zip(people["person_id"], *drawing, strict=True):
        red, green, blue = bytes.fromhex(colour.removeprefix("#"))
        viz: dict[str, Any] = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}, "size": _SCALE * float(radius)}
        if pd.notna(x) and pd.notna(y):
            viz["position"] = {"x": _SCALE * float(x), "y": -_SCALE * float(y), "z": 0.0}
        shapes[int(person)] = viz
    return shapes


def _zipped(people: pd.DataFrame, ties: pd.DataFrame, named: pd.DataFrame) -> bytes:
    names = dict(zip(named["person_id"], named["name"], strict=True))
    told = ties.assign(source=ties["source_id"].map(names), target=ties["target_id"].map(names))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", to_csv(people))
        archive.writestr("ties.csv", to_csv(told))
    return written.getvalue()
