"""The graph of influence as a specification: dots, lines, colours, and no markup of a member's."""

import json

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.influence_graph import (
    MOST_TIES,
    dot_sizes,
    graph_takeaway,
    hover_html,
    influence_graph_spec,
    mark_chosen,
    spread_out,
    tie_lines,
)
from figures.influence_groups import group_by_community, group_by_revenue, group_by_sentiment
from figures.influence_network import network_data, network_lines

MARKUP = "<img src=x onerror=alert(1)> {b}"
NO_COMMUNITIES = pd.DataFrame({"number": pd.Series(dtype="int64"), "label": pd.Series(dtype="object")})
COMMUNITIES = pd.DataFrame({"number": [1, 2, 3, 4], "label": ["lamps", "parcels", "beans", "apps"]})


def people_of(communities: list[int | None], **columns: object) -> pd.DataFrame:
    count = len(communities)
    known = {
        "person_id": range(1, count + 1),
        "name": [f"Person {number}" for number in range(1, count + 1)],
        "role": pd.Series([None] * count, dtype="object"),
        "community": pd.array(communities, dtype="Int64"),
        "score": [float(count - place) for place in range(count)],
        "x": [place / count for place in range(count)],
        "y": [(place * 7 % count) / count for place in range(count)],
        "net_sentiment": [float("nan")] * count,
        "revenue_minor": pd.array([None] * count, dtype="Int64"),
        "is_customer": [False] * count,
    }
    return pd.DataFrame(known | columns)


def ties_of(*rows: tuple[int, int, float]) -> pd.DataFrame:
    ties = pd.DataFrame(rows, columns=["source_id", "target_id", "weight"])
    return ties.assign(replies=2, mentions=0, shares=1)


def names_of(people: pd.DataFrame) -> list[str]:
    grouping = group_by_community(people, COMMUNITIES)
    return [grouping.groups[place].name for place in grouping.of]


def test_three_largest_communities_are_coloured_and_the_rest_is_grey() -> None:
    people = people_of([1, 2, 2, 3, 3, 3, 4, 4, 4, 4, None])
    grouping = group_by_community(people, COMMUNITIES)
    assert [(group.name, group.colour, group.symbol) for group in grouping.groups] == [
        ("4 · apps", 0, "circle"),
        ("3 · beans", 1, "diamond"),
        ("2 · parcels", 2, "triangle"),
        ("Other communities", None, "circle"),
    ]
    assert names_of(people)[0] == names_of(people)[-1] == "Other communities"


def test_team_and_bots_are_squares_of_their_own_group() -> None:
    people = people_of([1, 1], role=pd.Series(["team", None], dtype="object"))
    grouping = group_by_community(people, COMMUNITIES)
    assert [grouping.groups[place].symbol for place in grouping.of] == ["rect", "circle"]


def test_sentiment_is_grey_where_nothing_is_scored_or_both_are_as_many() -> None:
    people = people_of([1, 1, 1, 1], net_sentiment=[50.0, -10.0, 0.0, float("nan")])
    grouping = group_by_sentiment(people)
    assert [grouping.groups[place].colour for place in grouping.of] == [0, 2, None, None]


def test_revenue_colours_the_upper_quarter_of_who_bought() -> None:
    revenue = pd.array([1000, 2000, 3000, 9000, None, None], dtype="Int64")
    people = people_of([1] * 6, revenue_minor=revenue, is_customer=[True] * 5 + [False])
    grouping = group_by_revenue(people, lambda minor: f"EUR {minor / 100:.0f}")
    assert [group.name for group in grouping.groups] == [
        "Bought for EUR 45 or more",
        "Bought for less",
        "Bought nothing",
    ]
    assert [grouping.groups[place].colour for place in grouping.of] == [1, 1, 1, 0, 1, None]


def test_revenue_bound_is_reached_by_the_only_buyer() -> None:
    people = people_of([1, None], revenue_minor=pd.array([12_560, None], dtype="Int64"), is_customer=[True, False])
    grouping = group_by_revenue(people, lambda minor: f"EUR {minor / 100:.0f}")
    assert [grouping.groups[place].name for place in grouping.of] == ["Bought for EUR 120 or more", "Bought nothing"]


def test_spec_holds_a_dot_for_each_person_in_their_order_and_names_the_largest() -> None:
    people = people_of([1, 1, 1, 2, 2])
    spec = influence_graph_spec(
        people, ties_of((1, 2, 3.0), (4, 1, 1.0)), group_by_community(people, COMMUNITIES), named=2
    )
    nodes = spec["series"][0]["data"]
    assert [node["id"] for node in nodes] == ["1", "2", "3", "4", "5"]
    assert [node["label"]["show"] for node in nodes] == [True, True, False, False, False]
    assert [node["symbolSize"] for node in nodes] == sorted((node["symbolSize"] for node in nodes), reverse=True)
    assert [(link["source"], link["target"]) for link in spec["series"][0]["links"]] == [("4", "1"), ("1", "2")]
    assert spec["series"][0]["links"][1]["lineStyle"]["width"] > spec["series"][0]["links"][0]["lineStyle"]["width"]
    json.dumps(spec, allow_nan=False)


def test_categories_keep_the_places_of_the_themes_colours() -> None:
    people = people_of([1, 1], net_sentiment=[-5.0, 0.0])
    spec = influence_graph_spec(people, ties_of(), group_by_sentiment(people))
    series = spec["series"][0]
    assert [node["category"] for node in series["data"]] == [2, 3]  # red is the third, grey stands behind
    assert series["categories"][2]["name"] == "More negative"
    assert [entry["name"] for entry in spec["legend"][0]["data"]] == ["More negative", "As many, or none scored"]


def test_communities_without_a_colour_are_named_once_after_the_people() -> None:
    people = people_of([1] * 6 + [2] * 5 + [3] * 4 + [4] * 3 + [5] * 2)
    spec = influence_graph_spec(people, ties_of(), group_by_community(people, COMMUNITIES), communities=COMMUNITIES)
    added = spec["series"][0]["data"][len(people) :]
    assert [node["name"] for node in added] == ["4 · apps"]  # two people alone are no place to name
    assert added[0]["select"] == {"disabled": True}


def test_mark_chosen_rings_one_dot() -> None:
    people = people_of([1, 1, 1])
    spec = influence_graph_spec(people, ties_of(), group_by_community(people, COMMUNITIES), named=0)
    mark_chosen(spec, 1, "#123456")
    assert [node.get("itemStyle", {}).get("borderColor") for node in spec["series"][0]["data"]] == [
        None,
        "#123456",
        None,
    ]
    assert spec["series"][0]["data"][1]["label"]["show"]


def test_hover_reads_no_markup_of_a_member() -> None:
    people = people_of([1, 1], name=[MARKUP, "Ann"])
    spec = influence_graph_spec(people, ties_of((1, 2, 1.0)), group_by_community(people, NO_COMMUNITIES))
    for part in ("data", "links"):
        said = spec["series"][0][part][0]["tooltip"]["formatter"]
        assert "<img" not in said
        assert "{" not in said
    assert said.endswith("→ Ann</b><br>2 replies, 1 share")
    assert "&lt;img" in hover_html([MARKUP])


def test_dots_are_all_small_where_nobody_has_a_score() -> None:
    assert dot_sizes(pd.Series([float("nan")] * 3)).tolist() == [5.0, 5.0, 5.0]
    assert dot_sizes(pd.Series([2.0, 2.0])).tolist() == [5.0, 5.0]


def test_only_the_heaviest_ties_are_drawn() -> None:
    ties = ties_of(*((number, number + 1, float(number)) for number in range(1, MOST_TIES + 11)))
    links = tie_lines(ties, {number: f"Person {number}" for number in range(1, MOST_TIES + 12)})
    assert len(links) == MOST_TIES
    assert links[-1]["value"] == MOST_TIES + 10
    assert links[0]["value"] == 11


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)) | st.none(), min_size=1, max_size=40))
def test_spread_out_gives_everybody_a_place_of_their_own(places: list[tuple[float, float] | None]) -> None:
    people = pd.DataFrame([place or (None, None) for place in places], columns=["x", "y"]).astype("float64")
    before = people.copy()
    spread = spread_out(people)
    pd.testing.assert_frame_equal(people, before)
    assert np.isfinite(spread[["x", "y"]]).all(axis=None)
    assert not spread.duplicated(["x", "y"]).any()
    assert spread[["x", "y"]].abs().max().max() < 2


def test_takeaway_names_the_first_and_counts_the_colours() -> None:
    people = people_of([1, 1, 2])
    said = graph_takeaway(
        people, ties_of((1, 2, 1.0)), group_by_community(people, COMMUNITIES), score="PageRank", total=9
    )
    assert "3 of 9 people and 1 tie between" in said
    assert "Highest by PageRank: Person 1, Person 2, Person 3" in said
    assert "1 · lamps 2, 2 · parcels 1" in said


def test_takeaway_counts_the_team_apart_and_says_what_is_lowest() -> None:
    people = people_of([1, None], role=pd.Series([None, "team"], dtype="object"))
    grouping = group_by_community(people, COMMUNITIES)
    said = graph_takeaway(people, ties_of(), grouping, score="Constraint", total=1, is_lowest=True)
    assert said.startswith("Graph of 1 of 1 person, 1 of the team and bots and 0 ties between them.")
    assert "Lowest by Constraint: Person 1. " in said


def test_network_keeps_a_line_for_everybody_before_the_heaviest() -> None:
    ties = ties_of((1, 2, 9.0), (2, 1, 1.0), (2, 3, 8.0), (1, 3, 7.0), (4, 1, 1.0))
    lines = network_lines(ties, "#888888", most=3)
    assert {(line["source"], line["target"]) for line in lines} == {("1", "2"), ("2", "3"), ("1", "4")}
    assert max(line["size"] for line in lines) == 2.5


def test_network_gives_each_person_a_colour_that_css_knows() -> None:
    people = people_of([1, 1, None], net_sentiment=[5.0, -5.0, 0.0])
    data = network_data(
        people, ties_of((1, 2, 1.0)), group_by_sentiment(people), colours=["b", "y", "r"], grey="g", line="l"
    )
    assert [node["color"] for node in data["nodes"]] == ["b", "r", "g"]
    assert data["edges"] == [{"source": "1", "target": "2", "size": 2.5, "color": "l"}]
    assert all(isinstance(node["x"], float) for node in data["nodes"])


def test_names_stand_on_different_sides_when_dots_are_neighbours_and_are_left_out_where_none_is_free() -> None:
    close = [0.5, 0.51, 0.52, 0.0, 1.0]
    people = people_of([1] * 5, x=close, y=[0.5, 0.5, 0.5, 0.0, 1.0], score=[5.0, 5.0, 5.0, 0.0, 0.0])
    spec = influence_graph_spec(people, ties_of(), group_by_community(people, COMMUNITIES), named=3)
    labels = [node["label"] for node in spec["series"][0]["data"][:3]]
    shown = [label["position"] for label in labels if label["show"]]
    assert len(shown) == len(set(shown)) >= 2


def test_no_community_is_named_where_dots_lie() -> None:
    ring = [(0.5 + 0.02 * place, y) for y in (0.46, 0.54) for place in range(-9, 10)]
    xs, ys = [0.49, 0.5, 0.51, *(x for x, _ in ring)], [0.5, 0.5, 0.5, *(y for _, y in ring)]
    people = people_of([4] * 3 + [1] * 13 + [2] * 13 + [3] * 12, x=xs, y=ys)
    spec = influence_graph_spec(people, ties_of(), group_by_community(people, COMMUNITIES), communities=COMMUNITIES)
    assert len(spec["series"][0]["data"]) == len(people)
