"""A graph written to a file and read back is the same graph."""

import csv
import io
import math
import zipfile

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.graph_export import FORMATS, Drawing, UnknownFormat, build_graph, export_graph
from answers.influence_people import PEOPLE_COLUMNS


def _people(*names: str) -> pd.DataFrame:
    """People from 1 on, of whom every other has no community, no sentiment, no revenue and no place."""
    rows = []
    for number, name in enumerate(names, 1):
        known = number % 2 == 1
        rows.append(
            dict.fromkeys(PEOPLE_COLUMNS)
            | {
                "person_id": number,
                "rank": number,
                "name": name,
                "community": 1 if known else None,
                "community_label": "Pumps & <pipes>" if known else None,
                "pagerank": 0.25 * number,
                "in_people": number,
                "net_sentiment": -12.5 if known else math.nan,
                "revenue_minor": 12_345 if known else pd.NA,
                "is_customer": known,
                "is_watched": False,
                "kinds": ("hub", "broker") if known else (),
                "networks": ("twitter",),
                "x": -0.5 if known else None,
                "y": 0.25 if known else None,
            }
        )
    frame = pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS))
    return frame.astype({"community": "Int64", "revenue_minor": "Int64", "x": "float64", "y": "float64"})


def _ties(*pairs: tuple[int, int, float]) -> pd.DataFrame:
    rows = [(source, target, weight, 3, 1, 2, 0) for source, target, weight in pairs]
    return pd.DataFrame(rows, columns=["source_id", "target_id", "weight", "times", "replies", "mentions", "shares"])


def _read(kind: str, written: bytes) -> "nx.DiGraph[int]":
    read = nx.read_gexf if kind == "gexf" else nx.read_graphml
    return read(io.BytesIO(written), node_type=int)


def _bare(graph: "nx.DiGraph[int]") -> tuple[dict[int, dict[str, object]], dict[tuple[int, int], dict[str, object]]]:
    """Nodes and edges without what only says how to draw or number them."""
    nodes = {
        node: {name: value for name, value in facts.items() if name != "viz"} for node, facts in graph.nodes.items()
    }
    edges = {
        pair: {name: value for name, value in facts.items() if name != "id"} for pair, facts in graph.edges.items()
    }
    return nodes, edges


@pytest.mark.parametrize("kind", ["gexf", "graphml"])
def test_export_read_back_is_the_same_graph(kind: str) -> None:
    people, ties = _people("Ann", "Bob", "Cy"), _ties((1, 2, 0.5), (2, 1, 1.25), (1, 3, 7.0))

    graph = _read(kind, export_graph(people, ties, kind, currency="EUR"))

    assert graph.is_directed()
    assert _bare(graph) == _bare(build_graph(people, ties, currency="EUR"))
    assert graph.edges[2, 1] | {"id": ""} == {
        "weight": 1.25,
        "times": 3,
        "replies": 1,
        "mentions": 2,
        "shares": 0,
        "id": "",
    }
    assert graph.nodes[1]["label"] == "Ann"
    assert graph.nodes[1]["kinds"] == "hub, broker"
    assert (graph.nodes[1]["revenue"], graph.nodes[1]["currency"]) == (123.45, "EUR")
    assert graph.nodes[1]["community_label"] == "Pumps & <pipes>"
    assert not {"community", "net_sentiment", "revenue"} & set(graph.nodes[2])


def test_gexf_has_the_places_sizes_and_colours_of_the_drawing() -> None:
    drawing = Drawing([0.5, math.nan], [0.25, math.nan], [0.01, 0.02], ["#004488", "#ddaa33"])
    graph = _read("gexf", export_graph(_people("Ann", "Bob"), _ties((1, 2, 1.0)), "gexf", drawing=drawing))
    first, second = graph.nodes[1]["viz"], graph.nodes[2]["viz"]

    assert first["position"] == {"x": 500.0, "y": -250.0, "z": 0.0}  # there y grows upwards
    assert first["color"] == {"r": 0, "g": 68, "b": 136, "a": 1.0}
    assert "position" not in second
    assert second["color"] == {"r": 221, "g": 170, "b": 51, "a": 1.0}
    assert (first["size"], second["size"]) == (10.0, 20.0)


def test_gexf_is_large_where_constraint_is_low() -> None:
    people = _people("Ann", "Bob", "Cy").assign(constraint=[0.25, 1.0, math.nan])
    graph = _read("gexf", export_graph(people, _ties((1, 2, 1.0)), "gexf", size="constraint"))
    sizes = {node: round(facts["viz"]["size"], 9) for node, facts in graph.nodes(data=True)}
    assert sizes == {1: 40.0, 2: 22.0, 3: 4.0}


def test_gexf_colours_the_three_communities_with_most_people() -> None:
    people = _people(*"abcdefgh").assign(community=pd.array([9, 9, 8, 8, 7, 7, 1, None], dtype="Int64"))
    graph = _read("gexf", export_graph(people, _ties(), "gexf"))
    reds = [facts["viz"]["color"]["r"] for _, facts in sorted(graph.nodes(data=True))]
    assert reds == [187, 187, 221, 221, 0, 0, 138, 138]


def test_gexf_without_a_drawing_has_the_layouts_places() -> None:
    graph = _read("gexf", export_graph(_people("Ann", "Bob"), _ties((1, 2, 1.0)), "gexf", size="in_people"))
    first, second = graph.nodes[1]["viz"], graph.nodes[2]["viz"]

    assert first["position"] == {"x": -500.0, "y": -250.0, "z": 0.0}
    assert first["color"] == {"r": 0, "g": 68, "b": 136, "a": 1.0}
    assert "position" not in second
    assert second["color"] == {"r": 138, "g": 138, "b": 138, "a": 1.0}
    assert (first["size"], second["size"]) == (pytest.approx(4 + 36 * 0.5**0.5), pytest.approx(40.0))


@pytest.mark.parametrize("kind", ["gexf", "graphml"])
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("\x00bell\x07", "bell"),
        ("<b>&amp; \"quotes\" 'n' ]]>", "<b>&amp; \"quotes\" 'n' ]]>"),
        ("🦊 fox é", "🦊 fox é"),
        ("\ufffeend\uffff", "end"),
    ],
)
def test_no_name_breaks_the_file(kind: str, name: str, read: str) -> None:
    graph = _read(kind, export_graph(_people(name, "Bob"), _ties((1, 2, 1.0)), kind))
    assert graph.nodes[1]["label"] == read
    assert list(graph.edges) == [(1, 2)]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4))
def test_any_name_is_read_back_without_what_xml_cannot_hold(names: list[str]) -> None:
    people = _people(*names)
    for kind in ("gexf", "graphml"):
        assert set(_read(kind, export_graph(people, _ties(), kind))) == set(people["person_id"])


@pytest.mark.parametrize("kind", list(FORMATS))
def test_an_empty_graph_is_a_file_too(kind: str) -> None:
    written = export_graph(_people(), _ties(), kind)
    if kind == "csv":
        assert zipfile.ZipFile(io.BytesIO(written)).namelist() == ["people.csv", "ties.csv"]
    else:
        assert len(_read(kind, written)) == 0


def test_csv_runs_no_formula_and_names_both_ends() -> None:
    written = export_graph(_people("=1+1", "Bob"), _ties((2, 1, 0.5)), "csv", currency="JPY")
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        people, ties = (
            list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist()
        )

    assert [row["label"] for row in people] == ["'=1+1", "Bob"]
    assert [row["revenue"] for row in people] == ["12345.0", ""]
    assert people[0]["net_sentiment"] == "-12.5"
    assert [ties[0][name] for name in ("source_id", "target_id", "weight", "source", "target")] == [
        "2",
        "1",
        "0.5",
        "Bob",
        "'=1+1",
    ]


def test_gexf_is_drawn_by_revenue_when_people_are_ordered_by_it() -> None:
    people = _people("Ann", "Bob", "Cid").assign(revenue_minor=pd.array([400, pd.NA, 100], dtype="Int64"))
    graph = _read("gexf", export_graph(people, _ties((1, 2, 1.0)), "gexf", size="revenue", currency="EUR"))
    sizes = {node: round(facts["viz"]["size"], 9) for node, facts in graph.nodes(data=True)}
    assert sizes == {1: 40.0, 2: 4.0, 3: 22.0}


def test_ties_with_people_who_are_not_exported_are_left_out() -> None:
    assert list(build_graph(_people("Ann", "Bob"), _ties((1, 2, 1.0), (1, 9, 1.0))).edges) == [(1, 2)]


def test_another_format_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="gexf, graphml, csv"):
        export_graph(_people("Ann"), _ties(), "pdf")
