"""What acts go with, from a store whose answer can be counted by hand."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from sqlmodel import Session

from answers.effects import (
    ACTS,
    Effects,
    count_compared,
    describe_effect,
    list_effect_people,
    read_effects,
    whole_history,
)
from answers.filters import Filters
from data_access.models import facts
from data_access.models.columns import to_micros
from data_access.queries.effects import choose_buckets, count_customers, list_customers, list_turns_of
from metrics.matched_effects import Verdict
from tests.answers.buyers import CONTACTS, FIRST_DAY, LAST_DAY, add_buyers, moment
from tests.answers.store import add_person, add_post

ALL = Filters(FIRST_DAY, LAST_DAY + timedelta(days=1))


def row_of(effects: Effects, act: str) -> pd.Series:
    return effects.table.set_index("act").loc[act]


def test_answers_go_with_half_an_order_more(session: Session) -> None:
    add_buyers(session)
    effects = read_effects(session, ALL)
    found = row_of(effects, "answer")
    # 30 of the 60 who were answered bought once more, nobody of the others
    assert found["orders"] == pytest.approx(0.5, abs=0.01)
    assert found["low"] > 0.3
    assert (found["did"], found["did_not"]) == (60, 60)
    assert found["verdict"] == Verdict.EFFECT
    assert found["words"].startswith("Consistent with an effect of +0.50 orders (+0.3")
    assert found["worth_minor"] == pytest.approx(1_000, abs=20)
    assert (effects.customers, effects.looked_at, effects.currency) == (120, 120, "EUR")
    assert (effects.first_at, effects.last_at) == (moment(0), moment(400))


def test_every_act_has_a_row_and_says_why_when_it_cannot_be_compared(session: Session) -> None:
    add_buyers(session)
    effects = read_effects(session, ALL)
    assert effects.table["act"].tolist() == [act.name for act in ACTS]
    like = row_of(effects, "like")
    assert like["words"] == "Too few people to compare: 0 who did, 120 who did not."
    assert pd.isna(like["orders"])
    assert pd.isna(like["worth_minor"])
    assert "caused" not in " ".join(effects.table["words"]).lower()


def test_nothing_is_told_from_zero_when_the_answered_bought_no_more(session: Session) -> None:
    add_buyers(session, buys_more=5)  # as many of the answered as of the others
    found = row_of(read_effects(session, ALL), "answer")
    assert found["verdict"] == Verdict.NOT_TOLD_FROM_ZERO
    assert found["words"].startswith("Cannot be told from zero: ")
    assert "-" not in found["words"]
    assert f"−{abs(found['low']):.2f} to +" in found["words"]


def test_answer_after_the_end_of_the_period_is_none_yet(session: Session) -> None:
    add_buyers(session)
    asked, answered = to_micros(moment(200)), to_micros(moment(200) + timedelta(hours=1))
    early = list_turns_of(session, choose_buckets(120), [1], until=asked + 1)
    assert (len(early), int(early["is_answered"].sum())) == (120, 0)
    late = list_turns_of(session, choose_buckets(120), [1], until=answered + 1)
    assert int(late["is_answered"].sum()) == 60


def test_words_say_how_many_acts_were_compared(session: Session) -> None:
    add_buyers(session)
    effects = read_effects(session, ALL)
    assert (count_compared(effects.effects.values()), len(effects.effects)) == (1, 4)
    answer = effects.effects["answer"]
    doubtful = replace(
        answer, verdict=Verdict.NOT_TOLD_FROM_ZERO, change=replace(answer.change, p_value=0.04), adjusted_p=0.08
    )
    assert "once 2 acts are compared" in describe_effect(doubtful, window_days=60, acts=2)


def test_people_behind_a_row_are_named_with_their_orders(session: Session) -> None:
    add_buyers(session)
    people = read_effects(session, ALL).effects["answer"].people.set_index("person_id")
    assert len(people) == 120
    assert people.loc[4, ["is_treated", "orders_before", "orders_after"]].tolist() == [True, 1.0, 1.0]
    assert people.loc[5, ["is_treated", "orders_before", "orders_after"]].tolist() == [False, 1.0, 0.0]
    assert list_effect_people(session, (4, 5))["name"].tolist() == ["Person 4", "Person 5"]


def test_orders_after_the_end_of_the_period_are_not_known(session: Session) -> None:
    add_buyers(session)
    early = read_effects(session, Filters(FIRST_DAY, FIRST_DAY + timedelta(days=211)))
    assert early.last_at == moment(210)
    assert row_of(early, "answer")["verdict"] == Verdict.TOO_FEW  # day 200 has no 60 days after it


def test_buyers_for_organisations_are_looked_at_alone(session: Session) -> None:
    add_buyers(session)
    some = read_effects(session, ALL, buyers="organizations")
    assert some.looked_at == 40
    assert (some.first_at, some.last_at) == (moment(0), moment(400))  # what is known does not hang on who is looked at
    assert read_effects(session, ALL, buyers="private").looked_at == 80
    with pytest.raises(ValueError, match="buyers are one of"):
        read_effects(session, ALL, buyers="robots")


def test_refunds_are_no_orders_and_lower_what_one_is_worth(session: Session) -> None:
    add_buyers(session)
    refund = {"network": "crm", "source": "c", "currency": "EUR", "identity_id": CONTACTS + 4}
    session.add(
        facts.Order(
            native_id="refund", refund_of_native_id="order1", amount_minor=-15_200, occurred_at=moment(211), **refund
        )
    )
    session.flush()
    effects = read_effects(session, ALL)
    assert row_of(effects, "answer")["orders"] == pytest.approx(0.5, abs=0.01)
    assert effects.mean_order_minor == 1_900  # 152 orders of 20.00, less 152.00


def test_worth_is_missing_when_there_are_two_currencies(session: Session) -> None:
    add_buyers(session)
    session.add(
        facts.Order(
            network="crm",
            source="c",
            native_id="usd",
            identity_id=CONTACTS + 1,
            amount_minor=100,
            currency="USD",
            occurred_at=moment(300),
        )
    )
    session.flush()
    effects = read_effects(session, ALL)
    assert effects.currency is None
    assert effects.table["worth_minor"].isna().all()


def test_empty_store_says_that_there_are_no_customers(session: Session) -> None:
    effects = read_effects(session, ALL)
    assert effects.table.empty
    assert "no customers" in effects.why_empty


def test_short_data_says_how_much_is_needed(session: Session) -> None:
    add_buyers(session)
    effects = read_effects(session, Filters(FIRST_DAY, FIRST_DAY + timedelta(days=160)), window_days=90)
    assert effects.why_empty == (
        "Orders and posts are both known of 150 days. To look 90 days back and 90 days ahead of an act, more than "
        "180 are needed."
    )


def test_customers_are_contacts_and_buyers_but_not_the_team(session: Session) -> None:
    add_buyers(session, people=6)
    add_person(session, 500)  # writes and buys nothing
    add_post(session, 900_001, author=500, moment=moment(10))
    add_person(session, 501)  # buys without a contact
    session.add(
        facts.Order(
            network="shop",
            source="s",
            native_id="1",
            identity_id=501,
            amount_minor=1,
            currency="EUR",
            occurred_at=moment(20),
        )
    )
    session.flush()
    assert count_customers(session) == 7
    found = list_customers(session, choose_buckets(7))
    assert found["person_id"].tolist() == [1, 2, 3, 4, 5, 6, 501]
    assert found["is_organization"].tolist() == [False, False, True, False, False, True, False]


def test_a_part_of_many_customers_is_the_same_each_time(session: Session) -> None:
    add_buyers(session, people=60)
    half = list_customers(session, choose_buckets(60, most=30))["person_id"].tolist()
    assert 15 <= len(half) <= 45
    assert half == list_customers(session, choose_buckets(60, most=30))["person_id"].tolist()


def test_whole_history_ends_where_the_period_does() -> None:
    week = Filters(LAST_DAY - timedelta(days=7), LAST_DAY, networks=("twitter",))
    assert whole_history(week, FIRST_DAY) == Filters(FIRST_DAY, LAST_DAY, networks=("twitter",))
