"""The Influence part of a profile: scores, places, what the circle bought, and what to do where there is nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from answers.circle_sales import read_host_credit
from answers.filters import Filters
from data_access.models.derived import Community, Influence, InfluencePeriod
from data_access.models.facts import Identity
from data_access.records import OrderRecord, PostRecord, Record
from data_access.store import reading, writing
from tests.jobs.stores import bring
from tests.pages.conftest import FIRST, NETWORK, open_directly, shown_text
from ui.numbers import money
from ui.profile_actions import TAB

LAST = (FIRST + timedelta(days=39)).date()


def at(day: float) -> Any:
    return FIRST + timedelta(days=day)


def reply(who: str, day: float) -> PostRecord:
    values: dict[str, Any] = {"author": who, "kind": "reply", "parent": "post7", "text": "me too"}
    return PostRecord(*NETWORK, f"{who}-{day}", "wall", at(day), **values)


def order(name: str, day: float, who: str, amount: int, currency: str = "EUR") -> OrderRecord:
    return OrderRecord(*NETWORK, name, amount, currency=currency, occurred_at=at(day), identity=who)


def talk_and_orders() -> list[Record]:
    """Person 7 wrote post 7; persons 1 and 3 answer on day 10; orders are known of 100 days before and after."""
    return [
        reply("p1", 10),
        reply("p3", 10.5),
        reply("team", 11),
        order("first", -100, "p9", 100),
        order("before", 0, "p1", 2_000),
        order("after", 12, "p1", 5_000),
        order("markup", 13, "p3", 1_234),
        order("late", 140, "p9", 100),
    ]


def person_of(engine: Engine, native_id: str) -> int:
    with reading(engine) as session:
        found = session.exec(select(Identity.id).where(Identity.native_id == native_id)).one()
    assert found is not None
    return found


def open_influence(engine: Engine, native_id: str = "p7", **params: str) -> AppTest:
    app = open_directly("profile", person=str(person_of(engine, native_id)), **{TAB: "Influence"}, **params)
    assert not app.exception
    return app


def add_scores(engine: Engine, native_id: str, **scores: Any) -> None:
    person = person_of(engine, native_id)
    with writing(engine) as session:
        for period, days in (("28", 28), ("90", 90), ("365", 365), ("all", 40)):
            start, end = LAST - timedelta(days=days - 1), LAST + timedelta(days=1)
            session.add(InfluencePeriod(period=period, start=start, end=end, people=1_890, ties=9))
            session.add(Community(period=period, number=1, label="**manuals**"))
            session.add(Influence(period=period, person_id=person, **scores))
            session.add(Influence(period=period, person_id=-1, pagerank=0.9))
            session.add(Influence(period=period, person_id=-2, pagerank=0.8))


def test_scores_that_are_being_worked_out_are_not_asked_for_again(
    small_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.influencers.running_job", lambda here: "one")
    app = open_influence(small_store)
    assert "Scores are being worked out." in shown_text(app)
    assert "Work the scores out" not in [button.label for button in app.button]


def tables(app: AppTest) -> list[list[str]]:
    return [list(table.value.columns) for table in app.dataframe]


def circle_table(app: AppTest) -> Any:
    return next(table.value for table in app.dataframe if "bought_after" in table.value.columns)


def test_influence_says_the_place_the_trend_the_community_and_the_rules(small_store: Engine) -> None:
    add_scores(small_store, "p7", pagerank=0.5, betweenness=0.25, community=1, trend="rising", kinds="|advocate|")
    said = shown_text(open_influence(small_store))
    assert "**3rd** of 1,890 by PageRank, **1st** of 1,890 by Brokerage." in said
    assert "rising" in said
    assert "\\*\\*manuals\\*\\*" in said
    assert "**Advocate**: At least 3 positive posts about us in 180 days" in said


def test_influence_offers_to_work_scores_out_when_there_are_none(small_store: Engine) -> None:
    app = open_influence(small_store)
    assert "Nobody has scores yet" in shown_text(app)
    assert [button.label for button in app.button if button.key == "empty_p_influence_start"] == ["Work the scores out"]


@pytest.mark.parametrize(
    ("who", "role", "why"),
    [("p7", None, "answered, mentioned or shared nobody"), ("team", "team", "The team and bots are not scored")],
)
def test_influence_says_why_when_they_are_not_scored(small_store: Engine, who: str, role: str | None, why: str) -> None:
    add_scores(small_store, who, role=role)
    app = open_influence(small_store, who)
    assert why in shown_text(app)
    assert not any("pagerank" in columns for columns in tables(app))


def test_circle_offers_an_import_when_nothing_was_sold(small_store: Engine) -> None:
    app = open_influence(small_store)
    assert "No order and no won deal has come in yet" in shown_text(app)
    assert [button.label for button in app.button if button.key == "empty_c_import"] == ["Import orders"]
    assert "What the credit rules give" not in shown_text(app)


def test_circle_shows_who_bought_before_and_after_and_claims_no_cause(small_store: Engine) -> None:
    bring(small_store, talk_and_orders(), "talk")
    app = open_influence(small_store)
    said = shown_text(app)
    assert "Their circle: 2 people" in said
    assert "nothing about cause" in said
    assert "EUR 10\\.00 before and EUR 31\\.17 after" in said
    bought = circle_table(app)
    assert bought["name"].tolist() == ["Person 1", "**Bold** [win](javascript:alert(1)) <b>x</b> :red[y]"]
    assert bought["bought_before"].tolist() == [20.0, 0.0]
    assert bought["bought_after"].tolist() == [50.0, 12.34]
    assert {metric.label: metric.value for metric in app.metric}["Bought after"] == "EUR 62.34"


def test_circle_keeps_the_window_of_the_address(small_store: Engine) -> None:
    bring(small_store, talk_and_orders(), "talk")
    app = open_influence(small_store, c_days="30 days")
    assert "In the 30 days" in next(metric.help for metric in app.metric if metric.label == "Bought after")
    assert app.session_state["c_days"] == 30


def test_circle_says_why_when_nobody_took_part_or_nobody_bought(small_store: Engine) -> None:
    records = talk_and_orders()
    bring(small_store, [*records[:4], records[-1]], "talk")
    assert "Of 2 people nobody is known to have bought anything" in shown_text(open_influence(small_store))
    assert "Nobody of the public answered, mentioned or shared them" in shown_text(open_influence(small_store, "p6"))


def test_circle_offers_a_shorter_window_when_the_days_are_too_few(small_store: Engine) -> None:
    few = [reply("p1", 10), order("first", -30, "p9", 100), order("late", 60, "p9", 100)]
    bring(small_store, few, "talk")
    app = open_influence(small_store)
    assert "Of 1 person nobody has both 60 days before" in shown_text(app)
    app.button(key="empty_c_shorter").click().run()
    assert not app.exception
    assert app.session_state["c_days"] == 30
    assert "nobody is known to have bought" in shown_text(app)


def test_money_without_a_rate_is_named(small_store: Engine) -> None:
    bring(small_store, [*talk_and_orders(), order("usd", 14, "p3", 700, "USD")], "talk")
    assert "Left out, since Settings has no rate to EUR\\: USD 7\\.00" in shown_text(open_influence(small_store))


@pytest.mark.parametrize("days", ["7 days", "90 days"])
def test_credit_has_a_row_a_rule(small_store: Engine, days: str) -> None:
    bring(small_store, talk_and_orders(), "talk")
    app = open_influence(small_store, c_lookback=days)
    rules = next(table.value for table in app.dataframe if "rule" in table.value.columns)
    assert rules["rule"].tolist()[:3] == ["First touch", "Last touch", "Linear"]
    with reading(small_store) as session:
        person, year = person_of(small_store, "p7"), Filters(LAST - timedelta(days=364), LAST + timedelta(days=1))
        credit = read_host_credit(session, person, year, lookback_days=int(days.split()[0]))
    assert rules["credit"].tolist() == [money(minor, "EUR") for minor in credit.rules["credit_minor"]]
    assert rules["credit"].tolist()[2] != "EUR 0.00"
    assert "it does not say that a touch made anybody buy" in shown_text(app)
