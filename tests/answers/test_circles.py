"""Circles, paths and bridges, from interactions and ties in the store."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from answers import circles
from answers.circles import Step, read_bridges, read_circle_graph, read_paths
from answers.influencers import GraphFilters
from data_access.models import derived, facts
from tests.answers.influence_rows import END, START, add_act, add_period, add_scored, add_team, add_tie
from tests.answers.store import add_person

FILTERS = GraphFilters("28")
LAST = datetime(END.year, END.month, END.day, tzinfo=UTC)
FIRST = datetime(START.year, START.month, START.day, tzinfo=UTC)


@pytest.fixture
def line(session: Session) -> Session:
    """1 - 2 - 3 - 4 - 5 in a line, and 2 - 6, 6 - 3 beside it; each tie one reply of the last moment."""
    add_period(session, half_life_days=90)
    for number in range(1, 7):
        add_scored(session, number, pagerank=number / 10, community=1 + number % 2)
    for number, (actor, target) in enumerate(((1, 2), (3, 2), (3, 4), (5, 4), (2, 6), (6, 3), (1, 2)), 1):
        add_act(session, number, actor, target, LAST - timedelta(microseconds=1))
    return session


def test_a_circle_has_whom_one_talks_with_and_what_passes_between_them(line: Session) -> None:
    first = read_circle_graph(line, FILTERS, 2)

    assert dict(zip(first.people["person_id"], first.people["step"], strict=True)) == {2: 0, 1: 1, 3: 1, 6: 1}
    assert list(first.people["person_id"]) == [2, 1, 3, 6]
    pairs = first.ties[["source_id", "target_id", "times"]].to_numpy().tolist()
    assert sorted(pairs) == [[1, 2, 2], [2, 6, 1], [3, 2, 1], [6, 3, 1]]
    assert first.ties["weight"].iloc[0] == pytest.approx(2.0)
    assert (first.total, first.is_bounded) == (3, False)
    assert first.people["pagerank"].tolist() == pytest.approx([0.2, 0.1, 0.3, 0.6])


def test_talk_of_a_muted_account_does_not_count_when_its_person_has_another(line: Session) -> None:
    other = facts.Identity(id=30, network="twitter", source="s", native_id="30", handle="other")
    line.add(other)
    line.flush()
    line.add_all(
        [derived.PersonIdentity(identity_id=30, person_id=3), derived.AccountRole(identity_id=30, role="muted")]
    )
    line.flush()
    add_act(line, 20, 30, 2, LAST - timedelta(microseconds=1))
    add_act(line, 21, 1, 30, LAST - timedelta(microseconds=1))
    around = read_circle_graph(line, FILTERS, 2)
    assert [3, 2, 1] in around.ties[["source_id", "target_id", "times"]].to_numpy().tolist()
    assert set(read_circle_graph(line, FILTERS, 1).people["person_id"]) == {1, 2}
    assert set(read_circle_graph(line, FILTERS, 3).people["person_id"]) == {3, 2, 4, 6}


def test_two_steps_reach_one_further(line: Session) -> None:
    second = read_circle_graph(line, FILTERS, 1, steps=2)

    assert dict(zip(second.people["person_id"], second.people["step"], strict=True)) == {1: 0, 2: 1, 3: 2, 6: 2}
    assert [6, 3] in second.ties[["source_id", "target_id"]].to_numpy().tolist()
    assert second.total == 3
    assert (second.people["x"].abs() <= 1).all()


def test_each_step_has_at_most_the_limit(line: Session) -> None:
    graph = read_circle_graph(line, FILTERS, 2, steps=2, limit=1)
    assert list(graph.people["person_id"]) == [2, 1]
    assert (graph.total, graph.is_bounded) == (3, True)


def test_acts_outside_the_period_or_the_filters_do_not_count(session: Session) -> None:
    add_period(session)
    for number in range(1, 6):
        add_scored(session, number)
    add_act(session, 1, 1, 2, LAST)
    add_act(session, 2, 1, 3, FIRST, network="reddit")
    add_act(session, 3, 4, 1, FIRST, "share")
    add_act(session, 4, 1, 5, FIRST, "like")
    add_act(session, 5, 1, 5, None)
    add_act(session, 6, 1, 2, FIRST - timedelta(microseconds=1))

    def met(**filters: tuple[str, ...]) -> list[int]:
        people = read_circle_graph(session, GraphFilters("28", **filters), 1).people  # type: ignore[arg-type]
        return sorted(people["person_id"])[1:]

    assert met() == [3, 4]
    assert met(networks=("reddit",)) == [3]
    assert met(relations=("share", "mention")) == [4]


def test_weights_fade_with_age_and_shares_weigh_twice(session: Session) -> None:
    add_period(session, half_life_days=10)
    for number in (1, 2):
        add_scored(session, number)
    add_act(session, 1, 1, 2, LAST - timedelta(days=10), "share")
    add_act(session, 2, 1, 2, LAST - timedelta(days=20), "mention")

    tie = read_circle_graph(session, FILTERS, 1).ties.iloc[0]

    assert tie["weight"] == pytest.approx(2 * 0.5 + 0.25)
    assert tie[["times", "replies", "mentions", "shares"]].tolist() == [2, 0, 1, 1]


def test_accounts_of_one_person_are_one_and_do_not_talk_with_themselves(line: Session) -> None:
    add_person(line, 7)
    line.get_one(derived.PersonIdentity, 7).person_id = 1
    line.flush()
    add_act(line, 20, 7, 1, LAST - timedelta(days=1))
    add_act(line, 21, 4, 7, LAST - timedelta(days=1))

    assert list(read_circle_graph(line, FILTERS, 1).people["person_id"]) == [1, 2, 4]


def test_the_team_is_marked_the_muted_are_absent_and_who_has_no_scores_is_there(line: Session) -> None:
    add_team(line, 8)
    line.add(derived.Person(id=9, name="Loud", role="muted"))
    line.flush()
    for number in (9, 10):
        add_person(line, number)
    for number, actor in ((20, 8), (21, 9), (22, 10)):
        add_act(line, number, actor, 1, LAST - timedelta(days=1))

    people = read_circle_graph(line, FILTERS, 1).people.set_index("person_id")

    assert sorted(people.index) == [1, 2, 8, 10]
    assert people["role"].dropna().to_dict() == {8: "team"}
    assert people.loc[10, "name"] == "Person 10"
    assert people.loc[10, "in_people"] == 0


def test_a_circle_says_when_older_talk_was_left_out(line: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "NEWEST_OF_ONE", 1)
    add_act(line, 20, 2, 5, LAST - timedelta(days=3))

    graph = read_circle_graph(line, FILTERS, 2)

    assert graph.is_bounded
    assert 5 not in list(graph.people["person_id"])


def test_who_talks_with_nobody_is_alone(line: Session) -> None:
    add_scored(line, 30)
    graph = read_circle_graph(line, FILTERS, 30, steps=2)
    assert (list(graph.people["person_id"]), len(graph.ties), graph.total) == ([30], 0, 0)
    assert read_circle_graph(line, GraphFilters("90"), 1).people.empty
    with pytest.raises(ValueError, match="3 steps"):
        read_circle_graph(line, FILTERS, 1, steps=3)


def test_paths_are_all_the_shortest_with_how_often_each_step_was_taken(line: Session) -> None:
    add_act(line, 20, 6, 4, LAST - timedelta(days=1))

    found = read_paths(line, FILTERS, 1, 4)

    assert found.length == 3
    assert [path.people for path in found.paths] == [(1, 2, 3, 4), (1, 2, 6, 4)]
    assert found.paths[0].names == ("Person 1", "Person 2", "Person 3", "Person 4")
    assert found.paths[0].steps == (Step(1, 2, 2, 0), Step(2, 3, 0, 1), Step(3, 4, 1, 0))
    assert sorted(found.people["person_id"]) == [1, 2, 3, 4, 6]
    assert len(found.ties) == 5
    assert not found.is_bounded
    assert len(read_paths(line, FILTERS, 1, 4, at_most=1).paths) == 1


def test_no_path_is_found_when_it_is_too_long_or_there_is_none(line: Session) -> None:
    add_scored(line, 30)
    for a, b, longest in ((1, 5, 3), (1, 30, 4), (30, 1, 4), (1, 1, 4), (1, 999, 4)):
        found = read_paths(line, FILTERS, a, b, longest=longest)
        assert (found.paths, found.length, len(found.people), len(found.ties)) == ((), None, 0, 0)
    assert read_paths(line, FILTERS, 1, 5, longest=4).length == 4


def test_paths_lead_through_the_team_only_when_asked(line: Session) -> None:
    add_team(line, 8)
    add_act(line, 20, 8, 1, LAST - timedelta(days=1))
    add_act(line, 21, 8, 5, LAST - timedelta(days=1))

    assert read_paths(line, FILTERS, 1, 5).length == 4
    assert read_paths(line, GraphFilters("28", with_team=True), 1, 5).length == 2
    assert read_paths(line, FILTERS, 8, 5).length == 1


def test_a_search_that_left_people_out_says_so(line: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "MOST_EXPANDED", 1)
    found = read_paths(line, FILTERS, 2, 5)
    assert found.is_bounded or found.length == 3


def test_bridges_have_ties_into_both_communities(session: Session) -> None:
    add_period(session)
    for number, community in ((1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3)):
        add_scored(session, number, name=f"P{number}", community=community)
    add_team(session, 8)
    add_tie(session, 1, 2, 4.0)
    add_tie(session, 3, 1, 4.0)
    add_tie(session, 5, 2, 1.0)
    add_tie(session, 4, 5, 3.0, kind="mention")
    add_tie(session, 6, 4, 9.0)
    for other in (2, 3):
        add_tie(session, 8, other, 50.0)
    add_tie(session, 6, 1, 9.0, period="90")

    found = read_bridges(session, FILTERS, 1, 2)

    columns = ["name", "weight_first", "weight_second", "bridged"]
    assert found.people[columns].to_numpy().tolist() == [["P1", 4.0, 4.0, 4.0], ["P5", 1.0, 3.0, 1.5]]
    assert found.total == 2
    assert list(read_bridges(session, FILTERS, 2, 1, limit=1).people["name"]) == ["P1"]
    assert read_bridges(session, FILTERS, 1, 1).people.empty
    assert read_bridges(session, FILTERS, 1, 9).people.empty
