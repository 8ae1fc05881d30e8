"""People by their scores: which match, in which order, and what is told of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.influencers import (
    SCORES,
    GraphFilters,
    UnknownScore,
    describe_scores,
    period_of,
    read_community,
    read_influencers,
)
from answers.scope import read_scope
from data_access.decisions import append_decision, withdraw_decision
from data_access.models import derived
from data_access.models.decisions import Watch
from data_access.settings import add_setting
from tests.answers.influence_rows import add_period, add_scored, add_team, add_tie
from tests.answers.store import MONDAY, add_channel, add_daily, add_post, at

ALL_28 = GraphFilters("28")


@pytest.fixture
def three(session: Session) -> Session:
    """Ann, Bob and Cy: each first by another score; Dan has no tie."""
    add_period(session)
    high = {"pagerank": 0.5, "in_strength": 2.0, "in_people": 2, "betweenness": 0.1, "core": 1, "constraint": 0.9}
    add_scored(session, 1, name="Ann", community=1, reach=10, h_index=2, networks="|reddit|", in_replies=1, **high)
    low = {"pagerank": 0.3, "in_strength": 5.0, "in_people": 1, "betweenness": 0.3, "core": 2, "constraint": 0.4}
    add_scored(session, 2, name="Bob", community=1, reach=None, networks="|twitter|", in_mentions=3, **low)
    mid = {"pagerank": 0.2, "in_strength": 1.0, "in_people": 9, "betweenness": 0.0, "core": 3, "constraint": None}
    add_scored(
        session, 3, name="Cy", community=2, reach=99, h_index=1, networks="|reddit|twitter|", kinds="|hub|", **mid
    )
    add_scored(session, 4, name="Dan", kinds="|silent_customer|")
    add_scored(session, 1, period="90", pagerank=1.0)
    return session


def _names(session: Session, filters: GraphFilters = ALL_28, by: str = "pagerank", limit: int = 300) -> list[str]:
    return list(read_influencers(session, filters, by=by, limit=limit).people["name"])


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("pagerank", ["Ann", "Bob", "Cy", "Dan"]),
        ("in_strength", ["Bob", "Ann", "Cy", "Dan"]),
        ("in_people", ["Cy", "Ann", "Bob", "Dan"]),
        ("betweenness", ["Bob", "Ann", "Cy", "Dan"]),
        ("constraint", ["Bob", "Ann", "Cy", "Dan"]),
        ("core", ["Cy", "Bob", "Ann", "Dan"]),
        ("reach", ["Cy", "Ann", "Bob", "Dan"]),
        ("h_index", ["Ann", "Cy", "Bob", "Dan"]),
    ],
)
def test_people_come_by_the_score_and_those_without_it_last(three: Session, by: str, names: list[str]) -> None:
    assert _names(three, by=by) == names
    assert _names(three, by=by, limit=2) == names[:2]
    # a filter that all but Dan pass takes another way to the same order
    assert _names(three, GraphFilters("28", networks=("reddit", "twitter")), by=by) == names[:3]


def test_people_are_those_who_match_every_filter(three: Session) -> None:
    assert _names(three, GraphFilters("28", networks=("reddit",))) == ["Ann", "Cy"]
    assert _names(three, GraphFilters("28", relations=("reply",))) == ["Ann"]
    assert _names(three, GraphFilters("28", relations=("reply", "mention"))) == ["Ann", "Bob"]
    assert _names(three, GraphFilters("28", relations=("reply", "mention", "share"))) == ["Ann", "Bob", "Cy", "Dan"]
    assert _names(three, GraphFilters("28", kind="hub")) == ["Cy"]
    assert _names(three, GraphFilters("28", kind="silent_customer")) == ["Dan"]
    assert _names(three, GraphFilters("28", kind="silentxcustomer")) == []
    assert _names(three, GraphFilters("28", community=1)) == ["Ann", "Bob"]
    assert _names(three, GraphFilters("28", community=1, kind="hub")) == []
    assert _names(three, GraphFilters("90")) == ["Ann"]
    assert list(read_community(three, ALL_28, 1).people["name"]) == ["Ann", "Bob"]


def test_sentiment_needs_two_scored_posts(session: Session) -> None:
    add_period(session)
    add_scored(session, 1, name="Glad", positive=2, negative=1, scored=4)
    add_scored(session, 2, name="Once", positive=1, negative=0, scored=1)
    add_scored(session, 3, name="Cross", positive=0, negative=1, scored=2)
    add_scored(session, 4, name="Even", positive=1, negative=1, scored=2)

    found = {mood: _names(session, GraphFilters("28", sentiment=mood)) for mood in ("positive", "neutral", "negative")}
    net = read_influencers(session, ALL_28).people.set_index("name")["net_sentiment"]

    assert found == {"positive": ["Glad"], "neutral": ["Even"], "negative": ["Cross"]}
    assert net.to_dict() == {"Glad": 25.0, "Once": 100.0, "Cross": -50.0, "Even": 0.0}


def test_topic_keeps_who_wrote_about_it_in_the_period(three: Session) -> None:
    add_channel(three)
    for number, author, day in ((1, 1, date(2026, 2, 10)), (2, 2, date(2026, 1, 31)), (3, 3, date(2026, 3, 2))):
        add_post(three, number, author=author, moment=at(day))
        three.add(derived.PostTopic(post_id=number, topic="pumps", occurred_at=at(day)))
    three.flush()

    answer = read_influencers(three, GraphFilters("28", topic="pumps"), by="in_people", limit=1)

    assert (list(answer.people["name"]), answer.total) == (["Cy"], 2)
    assert _names(three, GraphFilters("28", topic="pumps")) == ["Ann", "Cy"]
    assert _names(three, GraphFilters("28", topic="taps")) == []


def test_revenue_is_in_one_currency_and_orders_people(three: Session) -> None:
    add_setting(three, key="currency", value="EUR", decided_by="me")
    rates = [{"currency": "USD", "rate": "0.5", "from": "2026-01-01"}]
    add_setting(three, key="rates", value=rates, decided_by="me")
    add_channel(three)
    add_post(three, 1, moment=at(MONDAY))
    add_daily(three, MONDAY, posts=1)
    for person, currency, minor in ((1, "USD", 300), (3, "EUR", 100), (3, "USD", 40), (4, "GBP", 9_999)):
        three.add(derived.PersonValue(person_id=person, currency=currency, orders=1, revenue_minor=minor))
    three.flush()

    answer = read_influencers(three, ALL_28, by="revenue")
    revenue = answer.people.set_index("name")["revenue_minor"]

    assert list(answer.people["name"]) == ["Ann", "Cy", "Bob", "Dan"]
    assert revenue.dropna().to_dict() == {"Ann": 150, "Cy": 120}
    assert answer.worth.is_of_orders
    assert answer.worth.rates == {"EUR": 1.0, "USD": float(Decimal("0.5"))}
    assert answer.people.set_index("name")["is_customer"].to_dict() == {
        "Ann": True,
        "Bob": False,
        "Cy": True,
        "Dan": True,
    }
    assert _names(three, GraphFilters("28", customers_only=True)) == ["Ann", "Cy", "Dan"]


def test_revenue_is_of_won_deals_where_nobody_orders(three: Session) -> None:
    for person, minor in ((2, 500), (3, 900)):
        three.add(derived.PersonValue(person_id=person, currency="EUR", deals_won=1, deals_won_minor=minor))
    three.flush()

    answer = read_influencers(three, ALL_28, by="revenue", limit=2)

    assert list(answer.people["name"]) == ["Cy", "Bob"]
    assert list(answer.people["revenue_minor"]) == [900, 500]
    assert not answer.worth.is_of_orders


def test_ties_are_merged_over_kind_and_network_and_only_between_those_shown(three: Session) -> None:
    add_tie(three, 1, 2, 1.0)
    add_tie(three, 1, 2, 0.5, kind="mention", times=2)
    add_tie(three, 1, 2, 2.0, kind="share", network="reddit", times=3)
    add_tie(three, 2, 1, 4.0, period="90")
    add_tie(three, 3, 1, 9.0)

    merged = read_influencers(three, ALL_28, limit=2).ties
    narrow = read_influencers(three, GraphFilters("28", relations=("mention", "share"), networks=("twitter",)))

    columns = ["source_id", "target_id", "weight", "times", "replies", "mentions", "shares"]
    assert merged.to_dict("records") == [dict(zip(columns, [1, 2, 3.5, 6, 1, 2, 3], strict=True))]
    assert list(narrow.people["name"]) == ["Bob"]
    assert narrow.ties.empty


def test_total_counts_all_who_match_and_people_beyond_the_limit(three: Session) -> None:
    answer = read_influencers(three, ALL_28, limit=1)

    assert (len(answer.people), answer.total) == (1, 4)
    assert read_influencers(three, GraphFilters("28", kind="hub"), limit=1).total == 1
    assert list(read_influencers(three, ALL_28).people["rank"]) == [1, 2, 3, 4]


def test_team_is_drawn_and_marked_when_asked_for(three: Session) -> None:
    add_team(three, 8)
    add_team(three, 9, "bot")
    add_tie(three, 8, 1, 3.0)

    answer = read_influencers(three, GraphFilters("28", with_team=True))

    assert _names(three) == ["Ann", "Bob", "Cy", "Dan"]
    assert answer.people[["name", "role", "rank"]].iloc[-1].tolist() == ["Colleague 8", "team", 0]
    assert list(answer.people["name"]) == ["Ann", "Bob", "Cy", "Dan", "Colleague 8"]
    assert answer.ties[["source_id", "target_id", "weight"]].to_numpy().tolist() == [[8, 1, 3.0]]
    assert answer.total == 4


def test_a_person_is_watched_while_the_watch_on_any_account_stands(three: Session) -> None:
    watch = append_decision(three, Watch, decided_by="me", network="twitter", source="s", native_id="u2")
    assert watch.id is not None

    before = read_influencers(three, ALL_28).people.set_index("name")["is_watched"]
    withdraw_decision(three, Watch, decision_id=watch.id, decided_by="me")
    after = read_influencers(three, ALL_28).people["is_watched"]

    assert before.to_dict() == {"Ann": False, "Bob": True, "Cy": False, "Dan": False}
    assert not after.any()


def test_communities_grow_by_the_share_of_their_size_before(three: Session) -> None:
    row: dict[str, Any] = {"period": "28", "positive": 3, "negative": 1, "scored": 4, "posts": 5}
    three.add(derived.Community(number=1, label="Pumps", size=6, size_before=4, **row))
    three.add(derived.Community(number=2, label="Herbs", size=5, size_before=0, **row))
    three.add(derived.Community(number=77, label="Far", size=2, size_before=None, **row))
    three.flush()

    answer = read_influencers(three, ALL_28)
    rows = answer.communities.set_index("label")

    assert list(rows.index) == ["Pumps", "Herbs"]
    assert rows["growth"].fillna(-9).to_dict() == {"Pumps": 0.5, "Herbs": -9}
    assert rows["net_sentiment"].to_dict() == {"Pumps": 50.0, "Herbs": 50.0}
    assert list(answer.people["community_label"]) == ["Pumps", "Pumps", "Herbs", None]
    assert list(answer.people["kinds"]) == [(), (), ("hub",), ("silent_customer",)]


def test_nothing_is_shown_when_no_graph_was_worked_out(session: Session) -> None:
    answer = read_influencers(session, GraphFilters("all", with_team=True), by="revenue")

    assert answer.period is None
    assert (len(answer.people), len(answer.ties), answer.total, answer.is_due) == (0, 0, 0, False)


def test_the_graph_says_its_days_and_that_newer_posts_wait(three: Session) -> None:
    three.add(derived.Due(kind="influence", key=0))
    three.flush()

    answer = read_influencers(three, ALL_28)

    assert answer.is_due
    assert answer.period is not None
    assert answer.period.last_day == date(2026, 3, 2)


def test_a_wrong_question_is_refused(session: Session) -> None:
    with pytest.raises(UnknownScore, match="followers"):
        read_influencers(session, ALL_28, by="followers")
    for wrong in ({"period": "7"}, {"period": "28", "relations": ("like",)}, {"period": "28", "sentiment": "glad"}):
        with pytest.raises(ValueError, match=r"none of|one of"):
            GraphFilters(**wrong)  # type: ignore[arg-type]


def test_every_score_is_described() -> None:
    described = describe_scores()

    assert list(described["score"]) == list(SCORES)
    assert described["meaning"].str.endswith(".").all()


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        (date(2026, 2, 3), date(2026, 3, 3), ("28", True)),
        (date(2026, 2, 4), date(2026, 3, 3), ("28", False)),
        (date(2026, 2, 2), date(2026, 3, 3), ("90", False)),
        (date(2025, 12, 3), date(2026, 3, 3), ("90", True)),
        (date(2025, 3, 3), date(2026, 3, 3), ("365", True)),
        (date(2025, 3, 2), date(2026, 3, 3), ("all", False)),
        (date(2025, 1, 1), date(2026, 3, 3), ("all", True)),
        (date(2020, 1, 1), date(2027, 1, 1), ("all", True)),
        (date(2026, 2, 10), date(2026, 2, 12), ("28", False)),
    ],
)
def test_period_of_is_the_shortest_that_covers_the_days(
    session: Session, start: date, end: date, period: tuple[str, bool]
) -> None:
    add_channel(session)
    for number, day in ((1, date(2025, 1, 1)), (2, MONDAY)):
        add_post(session, number, author=None, moment=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        add_daily(session, day, posts=1)

    assert period_of(Filters(start, end), read_scope(session)) == period
