"""Lists to act on: who is on each, in which order, and the post that leads there."""

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session

from answers import waiting
from answers.influencer_lists import LISTS, UnknownList, read_list
from answers.influencers import GraphFilters
from data_access.decisions import append_decision, withdraw_decision
from data_access.models import derived, facts
from data_access.models.decisions import CaseEvent, Thanked
from tests.answers.influence_rows import add_period, add_scored, add_tie
from tests.answers.store import add_channel, add_daily, add_post, at

FILTERS = GraphFilters("28")
LAST_DAY = date(2026, 3, 2)


@pytest.fixture
def ours(session: Session) -> Session:
    """A channel of our brand (1) and one of nobody's (2), whose newest post is of 2 March."""
    session.add(facts.Brand(id=1, name="Us", is_competitor=False))
    session.flush()
    add_channel(session, 1, brand=1)
    add_channel(session, 2)
    add_period(session)
    add_post(session, 1_000, author=None, moment=at(LAST_DAY, 23))
    add_daily(session, LAST_DAY, posts=1)
    return session


def _thank(session: Session, person: int, until: datetime | None) -> int:
    row = append_decision(
        session, Thanked, decided_by="me", network="twitter", source="s", native_id=f"u{person}", until=until
    )
    assert row.id is not None
    return row.id


def _posts(frame: pd.DataFrame) -> dict[str, Any]:
    return dict(zip(frame["name"], frame["post_id"], strict=True))


def test_advocates_come_with_their_newest_praise_of_us(ours: Session) -> None:
    for number, rank in ((1, 0.1), (2, 0.3)):
        add_scored(ours, number, name=f"A{number}", kinds="|advocate|hub|", praise=3, blame=number - 1, pagerank=rank)
    add_scored(ours, 3, name="Other", kinds="|hub|", praise=9)
    add_post(ours, 1, author=1, moment=at(LAST_DAY, 1), label="positive")
    add_post(ours, 2, author=1, moment=at(LAST_DAY, 2), label="negative")
    add_post(ours, 3, author=1, moment=at(LAST_DAY, 3), label="positive", channel=2)
    add_post(ours, 4, author=1, moment=at(LAST_DAY - timedelta(days=1)), label="positive")
    add_post(ours, 5, author=2, moment=at(LAST_DAY, 4), label="positive", channel=2, text="Us, again!", url="http://x")
    ours.add(derived.BrandMention(post_id=5, brand_id=1, occurred_at=at(LAST_DAY, 4)))
    ours.flush()

    listed = read_list(ours, "advocates_to_thank", FILTERS)

    assert _posts(listed) == {"A2": 5, "A1": 1}
    assert listed["why"].tolist() == [
        "Praised us in 3 posts in 180 days, beside 1 negative one",
        "Praised us in 3 posts in 180 days",
    ]
    assert (listed["post_text"].iloc[0], listed["post_url"].iloc[0]) == ("Us, again!", "http://x")
    assert listed["post_at"].iloc[0] == at(LAST_DAY, 4)
    assert list(read_list(ours, "advocates_to_thank", FILTERS, limit=1)["name"]) == ["A2"]


def test_an_advocate_leaves_the_list_when_thanked_until_they_praise_again(ours: Session) -> None:
    add_scored(ours, 1, name="Ann", kinds="|advocate|", praise=3)
    add_post(ours, 1, author=1, moment=at(LAST_DAY, 1), label="positive")

    def listed() -> list[str]:
        return list(read_list(ours, "advocates_to_thank", FILTERS)["name"])

    assert listed() == ["Ann"]
    thanked = _thank(ours, 1, at(LAST_DAY, 1))
    assert listed() == []
    withdraw_decision(ours, Thanked, decision_id=thanked, decided_by="me")
    assert listed() == ["Ann"]
    _thank(ours, 1, at(LAST_DAY, 2))
    add_post(ours, 2, author=1, moment=at(LAST_DAY, 3), label="positive")
    again = read_list(ours, "advocates_to_thank", FILTERS)
    assert again["why"].tolist() == ["Praised us in 3 posts in 180 days; thanked before that"]
    assert _posts(again) == {"Ann": 2}
    _thank(ours, 1, None)
    assert listed() == []


def _open_turn(session: Session, post: int, person: int, moment: datetime) -> None:
    add_post(session, post, author=person, moment=moment, label="negative", text=f"broken {post}")
    session.add(
        derived.Conversation(id=post, channel_id=1, started_at=moment, last_at=moment, posts=1, team_posts=0, people=1)
    )
    session.add(
        derived.Turn(
            opened_post_id=post,
            conversation_id=post,
            channel_id=1,
            person_id=person,
            day=moment.date(),
            opened_at=moment,
            last_post_id=post,
            posts=1,
            negative_posts=1,
        )
    )
    session.flush()


def test_detractors_come_by_weight_with_the_post_that_waits_longest(ours: Session) -> None:
    for number, rank in ((1, 0.1), (2, 0.2), (3, 0.9)):
        add_scored(ours, number, name=f"D{number}", kinds="|detractor|", blame=4, pagerank=rank)
    ours.add(derived.PersonValue(person_id=1, currency="EUR", orders=1, revenue_minor=100))
    _open_turn(ours, 1, 1, at(LAST_DAY, 20))
    _open_turn(ours, 2, 1, at(LAST_DAY - timedelta(days=3), 20))
    _open_turn(ours, 3, 2, at(LAST_DAY, 20))
    ours.flush()

    listed = read_list(ours, "detractors_to_answer", FILTERS)

    # D1 is the lower by PageRank (1 of 2) and the higher by revenue (2 of 2), D2 the other way round: a tie, by id
    assert _posts(listed) == {"D1": 2, "D2": 3}
    assert listed["waiting"].tolist() == [2, 1]
    assert listed["why"].tolist() == [
        "4 negative posts about us in 180 days; has waited 3 days",
        "4 negative posts about us in 180 days; has waited 3 hours",
    ]
    assert listed["post_text"].iloc[0] == "broken 2"


def test_a_detractor_who_waits_without_a_complaint_to_us_is_not_listed(ours: Session) -> None:
    add_scored(ours, 1, kinds="|detractor|", blame=3)
    _open_turn(ours, 1, 1, at(LAST_DAY, 20))
    turn = ours.get_one(derived.Turn, 1)
    turn.negative_posts = 0
    ours.flush()
    assert read_list(ours, "detractors_to_answer", FILTERS).empty


def test_a_complaint_is_found_behind_newer_turns_without_one(ours: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    add_scored(ours, 1, kinds="|detractor|", blame=3)
    _open_turn(ours, 1, 1, at(LAST_DAY, 10))
    for number in (2, 3):
        _open_turn(ours, number, 1, at(LAST_DAY, 18 + number))
        ours.get_one(derived.Turn, number).negative_posts = 0
    ours.flush()
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)
    assert read_list(ours, "detractors_to_answer", FILTERS)["post_id"].tolist() == [1]


def test_a_detractor_whose_case_was_settled_waits_no_more(ours: Session) -> None:
    add_scored(ours, 1, kinds="|detractor|", blame=3)
    _open_turn(ours, 1, 1, at(LAST_DAY, 20))
    append_decision(
        ours,
        CaseEvent,
        decided_by="me",
        network="twitter",
        source="s",
        native_id="p1",
        kind="answered_elsewhere",
        covers_until=at(LAST_DAY, 20),
    )
    assert read_list(ours, "detractors_to_answer", FILTERS).empty


def test_brokers_name_the_two_communities_that_they_bridge(ours: Session) -> None:
    for number, community in ((1, 1), (2, 1), (3, 2), (4, 3)):
        kinds = "|broker|" if number in (1, 4) else "|"
        add_scored(ours, number, name=f"B{number}", community=community, kinds=kinds, betweenness=number / 10)
    for number, label in ((1, "Pumps"), (2, "Herbs"), (3, "Lights")):
        ours.add(derived.Community(period="28", number=number, label=label))
    add_tie(ours, 1, 2, 3.0)
    add_tie(ours, 3, 1, 1.0)
    add_tie(ours, 4, 1, 0.5)
    add_post(ours, 1, author=1, moment=at(LAST_DAY, 1))
    ours.flush()

    listed = read_list(ours, "brokers", FILTERS)

    assert listed["name"].tolist() == ["B1", "B4"]
    assert listed["why"].tolist() == ["Between “Pumps” and “Herbs”", "On many of the shortest ways between others"]
    assert listed["bridged"].tolist() == [1.5, 0.0]
    assert listed[["first_community", "second_community"]].iloc[0].tolist() == [1, 2]
    assert listed[["weight_first", "weight_second"]].to_numpy().tolist() == [[3.0, 1.0], [0.5, 0.0]]
    assert listed["post_id"].fillna(0).tolist() == [1, 0]


def test_newcomers_come_by_attention_with_their_first_day(ours: Session) -> None:
    for number, weight, people in ((1, 1.0, 1), (2, 4.0, 5)):
        values = {"in_strength": weight, "in_people": people, "first_on": date(2026, 2, 9)}
        add_scored(ours, number, name=f"N{number}", kinds="|newcomer_rising|", **values)
    listed = read_list(ours, "rising_newcomers", FILTERS)
    assert listed["name"].tolist() == ["N2", "N1"]
    assert listed["why"].tolist() == [
        "First post on 9 Feb 2026; answered, mentioned or shared by 5 people",
        "First post on 9 Feb 2026; answered, mentioned or shared by 1 person",
    ]


def test_silent_customers_come_by_revenue_with_what_was_last_seen_of_them(ours: Session) -> None:
    for number, minor in ((1, 100), (2, 900)):
        add_scored(ours, number, name=f"S{number}", kinds="|silent_customer|")
        ours.add(
            derived.PersonValue(
                person_id=number, currency="EUR", orders=1, revenue_minor=minor, last_order_at=at(date(2026, 1, 5))
            )
        )
    for number, day in ((1, 3), (2, 9)):
        visit = {"network": "web", "source": "s", "native_id": f"v{number}", "identity_id": 2}
        ours.add(facts.Visit(id=number, occurred_at=at(date(2026, 2, day)), **visit))
    ours.get_one(derived.Influence, ("28", 1)).first_on = date(2025, 5, 1)
    ours.flush()

    listed = read_list(ours, "silent_customers", FILTERS)

    assert listed["name"].tolist() == ["S2", "S1"]
    assert listed["why"].tolist() == [
        "Never wrote; last order on 5 Jan 2026; last seen on the website on 9 Feb 2026",
        "Wrote before, and not in this period; last order on 5 Jan 2026",
    ]
    assert listed["revenue_minor"].tolist() == [900, 100]
    assert listed["post_id"].isna().all()


@pytest.mark.parametrize("name", list(LISTS))
def test_every_list_has_the_same_first_columns_when_it_is_empty(ours: Session, name: str) -> None:
    for filters in (FILTERS, GraphFilters("all")):
        listed = read_list(ours, name, filters)
        assert listed.empty
        assert {"person_id", "name", "why", "post_id", "post_text", "revenue_minor"} <= set(listed.columns)


def test_lists_keep_to_the_filters(ours: Session) -> None:
    for number, network in ((1, "reddit"), (2, "twitter")):
        add_scored(ours, number, name=network, kinds="|newcomer_rising|", networks=f"|{network}|")
    listed = read_list(ours, "rising_newcomers", GraphFilters("28", networks=("reddit",), kind="hub"))
    assert listed["name"].tolist() == ["reddit"]


def test_an_unknown_list_is_refused(session: Session) -> None:
    with pytest.raises(UnknownList, match="enemies"):
        read_list(session, "enemies", FILTERS)
