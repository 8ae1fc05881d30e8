"""Which people match is found through the indexes of a period, on either engine."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, event
from sqlmodel import Session

from data_access.models.derived import PersonValue
from data_access.queries import influencers
from data_access.queries.circle_sales import list_circles
from data_access.queries.circles import TalkConditions, list_acts
from data_access.queries.influence_conditions import INFLUENCE, InfluenceConditions, count_wanted
from data_access.queries.influencers import (
    list_communities,
    list_first_influencers,
    list_influencers,
    list_ties,
    list_ties_of,
)
from jobs.derive.influence_counts import count_alike
from tests.answers.influence_rows import add_act, add_scored, add_tie

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


class Plans:
    """What SQLite says of how it finds the rows of each statement that is run."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lines: list[str] = []

    def __enter__(self) -> "Plans":
        event.listen(self.session.get_bind(), "before_cursor_execute", self._explain)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.session.get_bind(), "before_cursor_execute", self._explain)

    def _explain(self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        driver = connection.connection.driver_connection
        self.lines += [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]


@pytest.fixture
def plans(session: Session) -> Plans:
    return Plans(session)


#: SQLite says how it reads in words that hold for every version; PostgreSQL does not.
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


@ON_SQLITE
@pytest.mark.parametrize("by", ["pagerank", "in_strength", "betweenness"])
def test_the_first_people_are_read_along_an_index(session: Session, plans: Plans, by: str) -> None:
    add_scored(session, 1, pagerank=0.5, in_strength=1.0, betweenness=0.1)
    with plans:
        list_influencers(session, InfluenceConditions("28"), by=by, limit=1)
    assert plans.lines[0].startswith(f"SEARCH influence USING INDEX ix_influence_{by} (period=?")
    assert "USE TEMP B-TREE FOR ORDER BY" not in plans.lines


@ON_SQLITE
def test_a_community_is_read_along_its_index(session: Session, plans: Plans) -> None:
    add_scored(session, 1, pagerank=0.5, community=3)
    with plans:
        list_influencers(session, InfluenceConditions("28", community=3), limit=1)
    assert "ix_influence_community (period=? AND community=?" in plans.lines[0]


@ON_SQLITE
@pytest.mark.parametrize(
    "wanted",
    [
        InfluenceConditions("28", kind="hub"),
        InfluenceConditions("28", networks=("reddit",)),
        InfluenceConditions("28", mood="negative"),
    ],
)
def test_filters_look_through_the_period_once_where_the_first_do_not_match(
    session: Session, plans: Plans, wanted: InfluenceConditions
) -> None:
    with plans:
        list_influencers(session, wanted, limit=1)
    assert any(line.startswith("SEARCH influence USING PRIMARY KEY (period=?)") for line in plans.lines)
    assert not any("USING INDEX ix_influence" in line for line in plans.lines)


@ON_SQLITE
def test_customers_are_looked_up_by_who_bought(session: Session, plans: Plans) -> None:
    with plans:
        list_influencers(session, InfluenceConditions("28", customers_only=True), limit=1)
    assert any(line.startswith("SEARCH influence USING PRIMARY KEY (period=?") for line in plans.lines)
    assert not any("INDEX ix_influence" in line for line in plans.lines)


@ON_SQLITE
def test_the_first_of_a_kind_are_looked_up_among_the_first_of_all(session: Session, plans: Plans) -> None:
    add_scored(session, 1, pagerank=0.5, kinds="|hub|")
    with plans:
        list_first_influencers(session, InfluenceConditions("28", kind="hub"), limit=1)
    assert any("COVERING INDEX ix_influence_pagerank (period=?" in line for line in plans.lines)
    assert not any(line.endswith("USING PRIMARY KEY (period=?)") for line in plans.lines)


@pytest.mark.parametrize("looked_at", [1, 2, 3, 100])
@pytest.mark.parametrize("by", ["pagerank", "in_people"])
def test_who_matches_is_the_same_however_many_are_looked_at_first(
    session: Session, monkeypatch: pytest.MonkeyPatch, by: str, looked_at: int
) -> None:
    for number, (score, networks) in enumerate([(3, "|a|"), (1, "|a|b|"), (1, "|b|"), (None, "|b|"), (2, "|ab|")], 1):
        add_scored(session, number, pagerank=score, in_people=score or 0, networks=networks)
    monkeypatch.setattr(influencers, "_FIRST_LOOKED_AT", (1, looked_at))
    wanted = InfluenceConditions("28", networks=("b",))
    found = [list_influencers(session, wanted, by=by, limit=limit) for limit in (1, 2, 3, 4)]
    assert [rows["person_id"].tolist() for rows, _ in found] == [[2], [2, 3], [2, 3, 4], [2, 3, 4]]
    assert {total for _, total in found} == {3}


@ON_SQLITE
def test_people_of_a_kind_are_found_in_the_index_of_kinds(session: Session, plans: Plans) -> None:
    add_scored(session, 1, pagerank=0.5, kinds="|hub|")
    count_alike(session, "28")
    with plans:
        list_first_influencers(session, InfluenceConditions("28", networks=("a",), kind="hub"), by="revenue")
    assert any("COVERING INDEX ix_influence_kinds (period=? AND kinds=?)" in line for line in plans.lines)
    assert not any(line.endswith("USING PRIMARY KEY (period=?)") for line in plans.lines)


@pytest.mark.parametrize("networks", [(), ("b",)])
def test_people_of_a_kind_are_the_same_by_kept_counts(session: Session, networks: tuple[str, ...]) -> None:
    scores = [(3, 1.0, "|a|b|"), (3, 2.0, "|b|"), (None, 0.0, "|a|"), (9, 0.0, "|b|")]
    for number, (score, strength, where) in enumerate(scores, 1):
        seen: dict[str, Any] = {"pagerank": score, "in_people": score or 0, "in_strength": strength, "networks": where}
        add_scored(session, number, kinds="|hub|broker|" if number == 2 else "|hub|", **seen)
    add_scored(session, 5, pagerank=99, networks="|b|")
    add_scored(session, 6, role="team", pagerank=99, kinds="|hub|", networks="|b|")
    bought = [(2, "EUR", 100), (2, "USD", 100), (4, "EUR", 190), (3, "USD", -5), (1, "GBP", 9_999)]
    session.add_all(PersonValue(person_id=who, currency=unit, revenue_minor=minor) for who, unit, minor in bought)
    session.flush()
    wanted, rates = InfluenceConditions("28", networks=networks, kind="hub"), {"EUR": 1.0, "USD": 0.95}

    def first(by: str, limit: int) -> list[int]:
        rows = list_first_influencers(session, wanted, by=by, limit=limit, rates=rates)
        return [int(person) for person in rows["person_id"]]

    def found() -> dict[str, list[list[int]]]:
        orders = ("pagerank", "in_people", "revenue")
        return {by: [first(by, limit) for limit in (1, 2, 9)] for by in orders}

    without = found()
    count_alike(session, "28")
    assert found() == without
    in_order = {"pagerank": [4, 1, 2, 3], "in_people": [4, 2, 1, 3], "revenue": [2, 4, 3, 1]}
    all_found = {by: [person for person in people if not networks or person != 3] for by, people in in_order.items()}
    assert {by: several[-1] for by, several in without.items()} == all_found


#: People as alike and as different as the conditions tell apart.
PEOPLE: tuple[dict[str, Any], ...] = (
    *({"networks": "|a|b|", "kinds": "|hub|", "scored": 2, "positive": 2, "in_replies": 1},) * 2,
    {"networks": "|b|", "kinds": "|hub|broker|", "scored": 3, "positive": 1, "negative": 2, "in_shares": 4},
    {"networks": "|ab|", "scored": 1, "negative": 1, "in_mentions": 1, "in_replies": 2},
    {"networks": "|a|", "kinds": "|broker|", "scored": 2},
    {"networks": "|a|", "role": "team", "in_replies": 9},
)
COUNTED = {
    InfluenceConditions("28"): 5,
    InfluenceConditions("90"): 0,
    InfluenceConditions("28", networks=("b",)): 3,
    InfluenceConditions("28", networks=("a", "ab")): 4,
    InfluenceConditions("28", relations=("reply",)): 3,
    InfluenceConditions("28", relations=("mention", "share")): 2,
    InfluenceConditions("28", kind="hub", networks=("a",)): 2,
    InfluenceConditions("28", kind="nobody"): 0,
    InfluenceConditions("28", mood="positive"): 2,
    InfluenceConditions("28", mood="neutral"): 1,
    InfluenceConditions("28", mood="negative", relations=("share",)): 1,
    InfluenceConditions("28", customers_only=True): 0,
}


def test_kept_counts_say_how_many_match(session: Session) -> None:
    for number, scores in enumerate(PEOPLE, 1):
        add_scored(session, number, **scores)
    assert {wanted: count_wanted(session, wanted) for wanted in COUNTED} == COUNTED, "without kept counts"
    count_alike(session, "28")
    assert {wanted: count_wanted(session, wanted) for wanted in COUNTED} == COUNTED
    session.connection().execute(delete(INFLUENCE))
    assert count_wanted(session, InfluenceConditions("28", kind="hub")) == 3, "nobody was looked at"


@ON_SQLITE
def test_ties_and_acts_are_looked_up(session: Session, plans: Plans) -> None:
    add_scored(session, 1)
    with plans:
        list_ties(session, "28", [1])
        list_ties_of(session, "28", [1], others=[2])
    assert all("SEARCH tie USING" in line for line in plans.lines if "tie" in line)
    assert any("ix_tie_target (period=? AND target_id=?)" in line for line in plans.lines)
    assert not any("SCAN tie" in line for line in plans.lines)


@ON_SQLITE
def test_circles_are_read_from_an_index_alone(session: Session, plans: Plans) -> None:
    with plans:
        list_circles(session, [1], since=0, until=9, networks=("reddit",), newest=5)
    acts = [line for line in plans.lines if "ix_interaction" in line]
    assert len(acts) == 2
    assert all("COVERING INDEX ix_interaction_target (target_id=?" in line for line in acts)
    assert not any(line.startswith(("SCAN person", "SCAN interaction")) for line in plans.lines)


def test_acts_of_busy_accounts_are_the_newest_and_of_others_all(session: Session) -> None:
    for number in (1, 2, 3):
        add_scored(session, number)
    for number in range(1, 6):
        add_act(session, number, 1, 2, datetime(2026, 1, number, tzinfo=UTC))
    add_act(session, 10, 3, 1, datetime(2026, 1, 1, tzinfo=UTC), "mention")
    wanted = TalkConditions(SINCE, UNTIL, newest=2)

    sent, is_bounded = list_acts(session, [1, 3], wanted, is_sent=True)
    got, is_got_bounded = list_acts(session, [1], wanted, is_sent=False)

    assert sorted(sent["interaction_id"]) == [4, 5, 10]
    assert is_bounded
    assert got[["interaction_id", "actor_id", "target_id", "relation"]].to_numpy().tolist() == [[10, 3, 1, 1]]
    assert not is_got_bounded
    assert list_acts(session, [], wanted, is_sent=True)[0].empty


def test_more_ties_than_are_looked_up_by_both_ends_are_the_same_ties(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        add_scored(session, number)
    for source, target in ((1, 2), (2, 3), (3, 1)):
        add_tie(session, source, target, float(source))
    few = list_ties(session, "28", [1, 2])
    monkeypatch.setattr("data_access.queries.influencers._FEW", 0)
    assert list_ties(session, "28", [1, 2]).equals(few)
    assert few[["source_id", "target_id"]].to_numpy().tolist() == [[1, 2]]
    assert len(list_ties_of(session, "28", [1], others=[2, 3])) == 2


def test_no_people_have_no_ties(session: Session) -> None:
    assert list_ties(session, "28", []).empty
    assert list_ties_of(session, "28", [], others=[1]).empty
    assert list_communities(session, "28").empty
