"""The Influencers page: graph and table in step, the person chosen, the lists, and why there is nothing."""

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from sqlalchemy import Engine, delete, select, update
from sqlmodel import col
from streamlit.testing.v1 import AppTest

from answers.influencers import SCORES, GraphFilters, Influencers, read_influencers
from data_access.models.derived import Community, Influence, InfluencePeriod
from data_access.models.facts import Identity
from data_access.records import OrderRecord, PostRecord, Record
from data_access.store import reading, writing
from figures.influence_graph import UNIT_PIXELS
from jobs.decisions import decide_matches, mute_account
from jobs.derive.due import note_influence
from jobs.influence import derive_influence
from jobs.progress import Silence
from jobs.watching import thank_person
from tests.jobs.stores import bring
from tests.kept_stores import filled_once
from tests.pages.conftest import DAYS, FIRST, MARKUP, NETWORK, ROOT, shown_text
from ui.influencers import Look
from ui.influencers_export import write_graph
from ui.influencers_graph import fingerprint
from ui.influencers_words import describe_numbers

#: p3, whose name is markup, answers p0 thrice; everybody answers p1.
TALK = [(3, 0), (3, 0), (3, 0), *((number, 1) for number in range(10) if number != 1), (1, 2), (7, 8)]


def _talk() -> Iterator[Record]:
    """In the last days people answer each other; p2 buys."""
    for number, (who, whom) in enumerate(TALK):
        root = next(post for post in range(DAYS * 3 - 10, DAYS * 3) if post % 10 == whom)
        moment = FIRST + timedelta(days=DAYS - 1, hours=9, minutes=number)
        yield PostRecord(
            *NETWORK,
            f"talk{number}",
            "wall",
            moment,
            author=f"p{who}",
            kind="reply",
            text="I love this, thank you",
            parent=f"post{root}",
        )
    yield OrderRecord(*NETWORK, "o1", 12_300, "EUR", FIRST + timedelta(days=30), identity="p2")


@filled_once
def _fill_talking(engine: Engine) -> None:
    bring(engine, _talk(), "talk")
    with writing(engine) as session:
        note_influence(session)
    derive_influence(engine, Silence())


@pytest.fixture
def talking(small_store: Engine) -> Engine:
    _fill_talking(small_store)
    return small_store


def _page(chosen: dict[str, Any] | None = None, **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "influencers.py"), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    for key, value in (chosen or {}).items():
        app.session_state[key] = value
    return app.run()


def _graph(engine: Engine, period: str = "28") -> Influencers:
    with reading(engine) as session:
        return read_influencers(session, GraphFilters(period), by=next(iter(SCORES)))


def _id(engine: Engine, name: str) -> int:
    people = _graph(engine).people
    return int(people.loc[people["name"] == name, "person_id"].iloc[0])


def _specs(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("echarts_chart")]


def _ringed(spec: dict[str, Any]) -> list[str]:
    """The ids of the nodes with a ring."""
    nodes = spec["series"][0]["data"]
    return [node["id"] for node in nodes if node.get("itemStyle", {}).get("borderWidth") == 4]


def test_page_offers_to_work_scores_out_where_there_are_none(small_store: Engine) -> None:
    app = _page()
    assert not app.exception
    assert "Nobody has scores yet" in shown_text(app)
    assert "Work the scores out" in [button.label for button in app.main.button]


def test_page_draws_the_people_of_the_table(talking: Engine) -> None:
    app = _page()
    assert not app.exception
    people = _graph(talking).people
    nodes = _specs(app)[0]["series"][0]["data"]
    assert [node["id"] for node in nodes if node["id"].isdecimal()] == [str(person) for person in people["person_id"]]
    assert app.dataframe[0].value["name"].tolist() == people["name"].tolist()
    assert MARKUP in people["name"].tolist()  # as it stands: neither reads markup
    assert people["name"].iloc[0] == "Person 1"
    assert "half as much with each 90 days" in shown_text(app)


def test_page_says_how_many_are_shown_and_have_a_tie(talking: Engine) -> None:
    assert "10 people, drawn and listed. Scores of 28 days" in shown_text(_page())
    assert "10 people of the public with a tie, 12 ties, " in shown_text(_page())
    with writing(talking) as session:  # one who only wrote
        session.add(Influence(period="28", person_id=-1, posts=1))
    said = "11 people, drawn and listed; 1 of all wrote or bought something and talked with nobody."
    assert said in shown_text(_page())
    assert "1 person, drawn and listed: those who match the filters." in shown_text(_page(i_customers="true"))


def test_many_people_are_said_to_be_cut() -> None:
    everybody = pd.DataFrame({"role": [None] * 3})
    graph = SimpleNamespace(people=everybody, total=1_234, period=SimpleNamespace(people=1_200))
    said = describe_numbers(graph, "constraint", is_narrowed=False)  # type: ignore[arg-type]
    first = "The first 3 of 1,234 people by Constraint (lowest first), drawn and listed; "
    assert said == first + "34 of all wrote or bought something and talked with nobody."


@pytest.mark.parametrize("size", ["pagerank", "constraint"])
def test_gexf_is_drawn_as_on_the_page(talking: Engine, size: str) -> None:
    with reading(talking) as session:
        graph = read_influencers(session, GraphFilters("28"), by=size)
    look = Look(size, "community")
    colours = ["#000001", "#000002", "#000003", "#000004"]
    read = nx.read_gexf(io.BytesIO(write_graph(graph, look, "gexf", colours)), node_type=int)
    spec = _specs(_page(i_size=SCORES[size].title))[0]["series"][0]
    nodes = {int(node["id"]): node for node in spec["data"] if node["id"].isdecimal()}
    assert set(read) == set(nodes)
    for person, facts in read.nodes(data=True):
        drawn, viz = nodes[person], facts["viz"]
        assert viz["size"] == pytest.approx(1_000 * drawn["symbolSize"] / 2 / UNIT_PIXELS, rel=0.02)
        assert viz["position"]["x"] == pytest.approx(1_000 * drawn["x"], abs=0.1)
        assert viz["position"]["y"] == pytest.approx(-1_000 * drawn["y"], abs=0.1)
        assert viz["color"]["b"] == drawn["category"] + 1


def test_chosen_person_is_ringed_in_the_graph_first_in_the_table_and_told_below(talking: Engine) -> None:
    person = _id(talking, "Person 0")
    app = _page(i_person=str(person))
    assert not app.exception
    assert _ringed(_specs(app)[0]) == [str(person)]
    assert app.dataframe[0].value["name"].iloc[0] == "Person 0"
    assert app.dataframe[0].value["name"].is_unique
    assert "Person 0" in [title.value for title in app.subheader]
    circle = _specs(app)[1]["series"][0]
    assert {node["name"] for node in circle["data"]} >= {"Person 0", "Person 1", MARKUP}
    assert circle["edgeSymbol"] == ["none", "arrow"]


def test_letting_go_clears_the_address_and_the_ring(talking: Engine) -> None:
    app = _page(i_person=str(_id(talking, "Person 0")))
    next(button for button in app.main.button if button.label == "Close").click().run()
    assert "i_person" not in app.query_params
    assert _ringed(_specs(app)[0]) == []
    assert [title.value for title in app.subheader] == []


CLICKS = """
import streamlit as st
from ui.influencers_choice import GRAPH, TABLE, choose_clicked, choose_row, chosen_person, drawn_as, follow_address

follow_address()
people = [11, 12, 13]
for part in (GRAPH, TABLE):
    st.session_state[drawn_as(part, "x")[0]] = None  # as a part that is drawn
for kind, places in st.session_state["acts"]:
    if kind == GRAPH:
        groups = [{"data_type": "node", "data_indices": places}] if places else []
        key = drawn_as(GRAPH, "x")[0]
        st.session_state[key] = {"selection": {"selected": groups}}
        choose_clicked(key, people)
    else:
        st.session_state["rows"] = {"selection": {"rows": places}}
        choose_row("rows", people)
st.text(f"{chosen_person()} {drawn_as(GRAPH, 'x')} {drawn_as(TABLE, 'x')}")
"""


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([("graph", [1])], "12 ('i_graph_x_0', None) ('i_table_x_1', 12)"),  # the graph stays as it is
        ([("table", [2])], "13 ('i_graph_x_1', 13) ('i_table_x_0', None)"),  # the table does
        ([("graph", [1]), ("graph", [])], "None ('i_graph_x_1', None) ('i_table_x_2', None)"),  # the second click
        ([("table", [1]), ("graph", [1])], "None ('i_graph_x_2', None) ('i_table_x_1', None)"),
        ([("graph", [1]), ("table", [])], "None ('i_graph_x_1', None) ('i_table_x_1', None)"),
        ([("graph", [7])], "None ('i_graph_x_0', None) ('i_table_x_0', None)"),  # the name of a community
    ],
)
def test_a_choice_is_drawn_where_it_was_not_made(acts: list[tuple[str, list[int]]], said: str) -> None:
    app = AppTest.from_string(CLICKS)
    app.session_state["acts"] = acts
    assert app.run().text[0].value == said


def test_person_is_found_by_name(talking: Engine) -> None:
    app = _page()
    box = next(box for box in app.selectbox if box.label == "Person")
    box.select("Person 8").run()
    assert app.query_params["i_person"] == str(_id(talking, "Person 8"))
    assert "Person 8" in [title.value for title in app.subheader]


def test_number_that_nobody_has_is_told_of(talking: Engine) -> None:
    app = _page(i_person="987654321")
    assert not app.exception
    said = shown_text(app)
    assert "Nobody has this number any more" in said
    assert "wrote nothing" not in said


def test_person_who_is_muted_is_told_of(talking: Engine) -> None:
    person = _id(talking, "Person 8")
    mute_account(talking, network=NETWORK[0], source=NETWORK[1], native_id="p8", decided_by="Ada")
    derive_influence(talking, Silence())
    said = shown_text(_page(i_person=str(person)))
    assert "The person chosen is muted" in said
    assert "wrote nothing" not in said


def test_any_account_of_a_person_opens_them(talking: Engine) -> None:
    first, second = (_id(talking, name) for name in ("Person 7", "Person 8"))
    pair = ((*NETWORK, "p7"), (*NETWORK, "p8"))
    decide_matches(talking, pairs=[pair], verdict="same", decided_by="Ada")
    derive_influence(talking, Silence())
    for asked in (first, second):
        app = _page(i_person=str(asked))
        assert [title.value for title in app.subheader] == ["Person 7"]
        assert app.query_params["i_person"] == str(min(first, second))


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "1.5"])
def test_address_that_names_nobody_chooses_nobody(talking: Engine, asked: str) -> None:
    app = _page(i_person=asked)
    assert not app.exception
    assert [title.value for title in app.subheader] == []


def test_colour_by_revenue_changes_the_legend(talking: Engine) -> None:
    app = _page(i_colour="Revenue")
    spec = _specs(app)[0]
    assert [entry["name"] for entry in spec["legend"][0]["data"]] == ["Bought for EUR 120 or more", "Bought nothing"]


def test_customers_only_leaves_who_bought(talking: Engine) -> None:
    app = _page(i_customers="true")
    assert app.dataframe[0].value["name"].tolist() == ["Person 2"]


def test_filters_that_nobody_matches_can_be_cleared(talking: Engine) -> None:
    app = _page(i_kind="Silent customer")
    assert "Nobody matches these filters." in shown_text(app)
    next(button for button in app.main.button if button.label == "Clear the filters").click().run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 10


def test_path_names_everybody_on_the_way(talking: Engine) -> None:
    app = _page({"i_path_to": "Person 8"}, i_person=str(_id(talking, "Person 0")), i_tab="Path to someone")
    assert not app.exception
    said = shown_text(app)
    assert "in 2 steps" in said
    assert "**Person 0**" in said
    assert "**Person 1**" in said


@pytest.mark.parametrize("tab", ["Circle", "What their circle bought", "Path to someone", "Community"])
def test_every_tab_opens_and_shows_no_markup_of_a_member(talking: Engine, tab: str) -> None:
    people = _graph(talking).people
    marked = int(people.loc[people["name"] == MARKUP, "person_id"].iloc[0])
    app = _page(i_person=str(marked), i_tab=tab)
    assert not app.exception
    for element in (*app.markdown, *app.caption, *app.subheader):
        assert "[win](javascript" not in str(element.value)


def test_team_is_in_no_community_for_being_the_team(talking: Engine) -> None:
    with reading(talking) as session:
        team = session.execute(select(col(Identity.id)).where(col(Identity.native_id) == "team")).scalar_one()
    said = shown_text(_page(i_person=str(team), i_tab="Community"))
    assert "They are in no community: communities are of the public" in said


ADVOCATES: dict[str, Any] = {"i_list": "Advocates to thank"}


def test_lists_stand_above_the_graph_and_open_when_one_is_chosen(talking: Engine) -> None:
    app = _page()
    people, closed = app.dataframe[0].value["name"].tolist(), shown_text(app)
    app.session_state["i_list"] = "Detractors without an answer"
    app.run()
    assert not app.exception
    said = "a complaint to us that nobody has answered"
    assert said in shown_text(app)
    assert said not in closed
    captions = [caption.value for caption in app.main.caption]
    scores = next(place for place, text in enumerate(captions) if "Scores of" in text)
    assert said in " ".join(captions[:scores])
    assert people in [table.value["name"].tolist() for table in app.dataframe if "name" in table.value]


def test_list_names_advocates_and_why(talking: Engine) -> None:
    app = _page(**ADVOCATES)
    assert not app.exception
    rows = app.dataframe[0].value
    assert {"Person 0", "Person 2"} <= set(rows["name"])
    assert all("Praised" in why for why in rows["why"])


def _list_key(app: AppTest, talking: Engine) -> str:
    ids = [_id(talking, name) for name in app.dataframe[0].value["name"]]
    return f"i_list_advocates_to_thank_{fingerprint(ids)}"


def test_row_of_a_list_tells_why_in_sentences(talking: Engine) -> None:
    app = _page({_list_key(_page(**ADVOCATES), talking): ROW}, **ADVOCATES)
    told = next(text.value for text in app.text if "Praised us" in text.value)
    assert re.fullmatch(r"Praised us in [^.]*\. Net sentiment [+-]\d+\.", told)


def test_nobody_slips_under_the_selection_when_somebody_is_thanked(talking: Engine) -> None:
    before = _page(**ADVOCATES)
    key, names = _list_key(before, talking), before.dataframe[0].value["name"].tolist()
    app = _page({key: ROW}, **ADVOCATES)
    assert f"**{names[0]}**" in [text.value for text in app.markdown]
    thank_person(talking, person_id=_id(talking, names[0]), decided_by="Ada")
    app.run()
    assert app.dataframe[0].value["name"].tolist() == names[1:]
    assert f"**{names[1]}**" not in [text.value for text in app.markdown]


def test_person_of_a_list_is_chosen_without_a_pointer(talking: Engine) -> None:
    app = _page(**ADVOCATES)
    box = next(one for one in app.selectbox if one.label == "Or choose by name")
    app = box.select(box.options[1]).run()
    assert not app.exception
    name = app.dataframe[0].value["name"].iloc[1]
    assert f"**{name}**" in [text.value for text in app.markdown]


EMPTY = {
    "Detractors without an answer": ("No detractor waits for an answer.", "See when somebody counts as one"),
    "Brokers between communities": ("Nobody stands between communities in this period.", "Import posts"),
    "Newcomers on the rise": ("No newcomer has drawn much attention yet.", "Import posts"),
    "Silent customers": ("Every customer that we know of wrote something in the period.", "Import orders"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_empty_list_says_why_and_what_changes_it(talking: Engine, name: str) -> None:
    with writing(talking) as session:
        session.execute(update(Influence).values(kinds="|"))
    app = _page(i_list=name)
    assert not app.exception
    why, button = EMPTY[name]
    assert why in shown_text(app)
    assert button in [shown.label for shown in app.main.button]


@pytest.mark.parametrize("name", EMPTY)
def test_list_that_filters_emptied_claims_nothing_of_everybody(talking: Engine, name: str) -> None:
    app = _page(i_list=name, i_customers="true")
    said = shown_text(app)
    assert "Nobody who matches the filters is on this list." in said
    assert EMPTY[name][0] not in said
    next(button for button in app.main.button if button.label == "Clear the filters").click().run()
    assert not app.session_state["i_customers"]


def test_communities_lead_to_what_they_talk_about(talking: Engine) -> None:
    row = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app = _page({"table_communities": row}, i_below="Communities")
    assert not app.exception
    communities = _graph(talking).communities
    assert app.dataframe[-1].value["size"].tolist() == communities["size"].tolist()
    assert {metric.label: metric.value for metric in app.metric}["People"] == str(communities["size"].iloc[0])


ROW = {"selection": {"rows": [0], "columns": [], "cells": []}}
BRIDGES: dict[str, Any] = {"i_below": "Who bridges two communities"}


@pytest.fixture
def parted(talking: Engine) -> Engine:
    """Person 7 and Person 8, who answer each other and Person 1, are a community of their own."""
    with writing(talking) as session:
        names = dict(session.execute(select(col(Identity.display_name), col(Identity.id))).all())
        session.execute(update(Influence).values(community=1))
        apart = col(Influence.person_id).in_([names["Person 7"], names["Person 8"]])
        session.execute(update(Influence).where(apart).values(community=2))
        session.execute(delete(Community))
        session.add_all([Community(period="28", number=number, label="talk", size=8 // number) for number in (1, 2)])
    return talking


def _box(app: AppTest, label: str) -> Any:
    return next(box for box in app.selectbox if box.label == label)


def test_bridges_are_told_without_a_person_and_a_row_chooses_one(parted: Engine) -> None:
    app = _page(**BRIDGES)
    assert not app.exception
    assert [_box(app, label).value for label in ("Between", "and")] == ["1 · talk", "2 · talk"]
    names = app.dataframe[-1].value["name"].tolist()
    assert set(names) == {"Person 1", "Person 7", "Person 8"}
    assert "3 people with ties into both" in shown_text(app)
    app = _page({"i_bridges_1_2_None": ROW}, **BRIDGES)
    assert app.query_params["i_person"] == str(_id(parted, names[0]))
    assert names[0] in [title.value for title in app.subheader]


def test_row_of_the_bridge_who_is_chosen_already_is_left_alone(parted: Engine) -> None:
    person = _id(parted, str(_page(**BRIDGES).dataframe[-1].value["name"].iloc[0]))
    app = _page({f"i_bridges_1_2_{person}": ROW}, i_person=str(person), **BRIDGES)
    assert not app.exception
    assert app.query_params["i_person"] == str(person)


def test_bridge_begins_with_the_community_of_whoever_is_chosen(parted: Engine) -> None:
    app = _page(**BRIDGES)
    _box(app, "Person").select("Person 8").run()
    assert [_box(app, label).value for label in ("Between", "and")] == ["2 · talk", "1 · talk"]
    # not drawn, since no customer
    app = _page(i_person=str(_id(parted, "Person 8")), i_customers="true", **BRIDGES)
    assert _box(app, "Between").value == "2 · talk"


def test_one_community_has_no_bridge_and_offers_all_days(talking: Engine) -> None:
    with writing(talking) as session:
        session.execute(delete(Community))
        session.add(Community(period="28", number=1, label="talk", size=10))
    app = _page(**BRIDGES)
    assert "one community only" in shown_text(app)
    next(button for button in app.main.button if button.label == "Show all days").click().run()
    assert app.session_state["f_period"] == "All"


def test_all_of_a_community_is_drawn_and_listed(parted: Engine) -> None:
    person = _id(parted, "Person 8")
    app = _page(i_person=str(person), i_tab="Community", i_all_people="true")
    assert not app.exception
    said = shown_text(app)
    assert "2 of 2 people: " in said
    assert "1 pair who talks. Highest by Responders: Person " in said
    table = next(frame.value for frame in app.dataframe if "colour" in frame.value)
    assert set(table["name"]) == {"Person 7", "Person 8"}
    assert set(table["colour"]) <= {"More positive than negative posts", "More negative", "As many, or none scored"}


def test_whose_circle_bought_is_told_beside_the_persons_own(talking: Engine) -> None:
    params: dict[str, Any] = {"i_below": "Whose circle bought", "i_tab": "What their circle bought"}
    app = _page(i_person=str(_id(talking, "Person 0")), f_period="All", **params)
    assert not app.exception
    assert "Of the circles of these people nobody is known to have bought" in shown_text(app)
    orders = [
        OrderRecord(*NETWORK, f"later{day}", 5_000, "EUR", FIRST + timedelta(days=day), identity=who)
        for day, who in ((-90, "p9"), (DAYS + 5, "p7"), (DAYS + 90, "p9"))
    ]
    bring(talking, orders, "later")
    app = _page(f_period="All", **params)
    assert not app.exception
    table = app.dataframe[-1].value
    assert "Person 1" in table["name"].tolist()  # whom Person 7 answered
    assert table["bought_after"].tolist() == [50.0] * len(table)


def test_due_scores_are_said_to_be_and_brought_up_to_date_once(
    talking: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr("ui.influencers.start_job", lambda engine, kind, arguments: started.append(kind))
    with writing(talking) as session:
        note_influence(session)
    app = _page()
    assert "Scores are being brought up to date" in shown_text(app)
    app.run()
    assert started == ["influence"]


def test_second_click_works_the_scores_out_once(small_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("ui.influencers.start_job", lambda engine, kind, arguments: started.append(kind))
    app = _page()
    button = next(button for button in app.main.button if button.label == "Work the scores out")
    button.click().run()
    monkeypatch.setattr("ui.influencers.running_job", lambda here: "one")
    button.click().run()
    assert started == ["influence"]
    assert "Scores are being worked out." in shown_text(app)


@pytest.mark.parametrize(("period", "button"), [("28 days", "Show all days"), ("All", "Import posts")])
def test_days_without_talk_lead_on(talking: Engine, period: str, button: str) -> None:
    with writing(talking) as session:
        session.execute(delete(Influence))
        session.execute(update(InfluencePeriod).values(people=0))
    app = _page(f_period=period)
    assert "Nobody answered, mentioned or shared anybody" in shown_text(app)
    assert [shown.label for shown in app.main.button] == [button]


def test_nothing_is_started_where_a_job_runs(talking: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("ui.influencers.start_job", lambda engine, kind, arguments: started.append(kind))
    monkeypatch.setattr("ui.influencers.running_job", lambda here: "one")
    with writing(talking) as session:
        note_influence(session)
    _page()
    assert started == []


def test_scores_of_all_days_say_which_days_those_are(talking: Engine) -> None:
    assert "Scores of all days from the first to the last with a post: " in shown_text(_page(f_period="All"))
    assert "Scores of 28 days: " in shown_text(_page(f_period="28 days"))
