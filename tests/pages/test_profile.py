"""Profile: found from any account's id or by search; what is shown of a person, and what can be done there."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from data_access.decisions import list_standing
from data_access.models.decisions import Erasure, Mute, Relabel
from data_access.models.derived import Person, PersonIdentity
from data_access.models.facts import Identity, Order
from data_access.records import ChannelRecord, IdentityRecord, OrderRecord, OrganizationRecord, PostRecord
from data_access.store import reading, writing
from jobs.decisions import case_event, withdraw_many
from tests.jobs.stores import bring
from tests.kept_stores import filled_once
from tests.pages.conftest import FIRST, MARKUP, NETWORK, open_directly, open_through_home, shown_text
from ui.markup import plain

NOBODY = "Nobody here has"


def identity_id(engine: Engine, native_id: str) -> int:
    with reading(engine) as session:
        found = session.exec(select(Identity.id).where(Identity.native_id == native_id)).one()
    assert found is not None
    return found


def open_person(engine: Engine, native_id: str, **params: str) -> AppTest:
    app = open_directly("profile", person=str(identity_id(engine, native_id)), **params)
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def posts_shown(app: AppTest) -> list[str]:
    return [str(group.key) for group in app.get("button_group") if str(group.key).startswith("label_p_timeline")]


def test_profile_lists_the_most_active_when_nobody_is_asked_for(small_store: Engine) -> None:
    app = open_directly("profile")
    assert NOBODY not in shown_text(app)
    assert len(app.dataframe[0].value) == 10


@pytest.mark.parametrize("asked", ["999", "abc", "-1", "1.5", "9" * 30, "²", "**x**"])
def test_profile_says_so_and_offers_the_search_when_the_id_is_nobodys(asked: str, small_store: Engine) -> None:
    app = open_directly("profile", person=asked)
    assert not app.exception
    assert NOBODY in shown_text(app)
    assert "**x**" not in shown_text(app)
    assert app.text_input(key="p_search").value == ""


def test_profile_finds_people_by_the_beginning_of_the_handle(small_store: Engine) -> None:
    app = open_directly("profile")
    app.text_input(key="p_search").set_value("@PERSON7").run()
    assert not app.exception
    assert app.dataframe[0].value["Handle" if "Handle" in app.dataframe[0].value else "handle"].tolist() == ["person7"]
    app.text_input(key="p_search").set_value("nobody of that name").run()
    assert "Nobody is found" in shown_text(app)


def test_profile_shows_the_search_that_the_address_holds(small_store: Engine) -> None:
    app = open_directly("profile", p_search="person7")
    assert len(app.dataframe[0].value) == 1


def test_profile_shows_the_person_in_six_numbers(small_store: Engine) -> None:
    app = open_person(small_store, "p7")
    assert app.title[0].value == "Person 7"
    shown = metrics(app)
    assert len(shown) == 6
    assert (shown["Value to date"], shown["Expected in a year"], shown["Open deals"]) == ("–", "–", "0")
    assert 0 < int(shown["Engagement score"]) < 100
    assert "Wrote 12 posts in 12 conversations" in shown_text(app)
    assert "700 followers" not in shown_text(app)
    assert len(posts_shown(app)) == 8


def test_profile_says_how_the_engagement_score_is_made(small_store: Engine) -> None:
    app = open_person(small_store, "p7")
    said = shown_text(app).replace("\\", "")
    assert "from 12 posts" in said
    assert "Points an act: order 8" in said


def test_profile_shows_the_accounts_when_their_tab_is_open(small_store: Engine) -> None:
    app = open_person(small_store, "p7", p_tab="Accounts")
    assert "700 followers" in shown_text(app)
    assert "The only account that we know of them" in shown_text(app).replace("\\", "")
    assert not [button for button in app.button if str(button.key).startswith("split_")]


def test_profile_opens_the_same_person_through_home(small_store: Engine) -> None:
    app = open_through_home("profile", person=str(identity_id(small_store, "p7")))
    assert not app.exception
    assert app.title[0].value == "Person 7"


def test_profile_opens_whoever_holds_the_account(small_store: Engine) -> None:
    held, holder = identity_id(small_store, "p8"), identity_id(small_store, "p7")
    with writing(small_store) as session:
        session.get_one(PersonIdentity, held).person_id = holder
    app = open_person(small_store, "p8", p_tab="Accounts")
    assert app.title[0].value == "Person 7"
    assert {"**person7**", "**person8**"} <= {element.value for element in app.markdown}


def test_profile_shows_markup_in_a_name_as_it_was_typed(small_store: Engine) -> None:
    app = open_person(small_store, "p3")
    assert app.title[0].value == plain(MARKUP, longest=80)


def test_profile_marks_the_team_and_shows_no_number_that_is_not_theirs(small_store: Engine) -> None:
    app = open_person(small_store, "team")
    assert "Team" in shown_text(app)
    assert set(metrics(app)) == {"Posts", "Conversations"}
    assert not [button for button in app.button if button.label.startswith("Mute")]


def add_customer(engine: Engine) -> int:
    """Somebody of the CRM who bought twice, the second time handing it back, and wrote nothing."""
    key = {"network": "crm", "source": "c"}
    with writing(engine) as session:
        session.add(Identity(id=900, **key, native_id="c1", display_name="Cleo", url="javascript:alert(1)"))
        session.add(Person(id=900, name="Cleo"))
        session.flush()
        session.add(PersonIdentity(identity_id=900, person_id=900))
        for number, amount in enumerate((1_999, -1_999)):
            moment = FIRST + timedelta(days=number)
            known = {"identity_id": 900, "amount_minor": amount, "currency": "EUR", "occurred_at": moment}
            session.add(Order(**key, native_id=f"o{number}", product=MARKUP, **known))
    return 900


def test_profile_shows_orders_when_the_person_wrote_nothing(small_store: Engine) -> None:
    app = open_directly("profile", person=str(add_customer(small_store)))
    assert not app.exception
    product = plain(f"{MARKUP} · EUR", longest=120)
    orders = [element.value for element in app.markdown if product in element.value]
    assert ["Refund" in order for order in orders] == [True, False]
    assert not app.get("link_button")


def test_profile_says_so_when_nothing_is_known_of_what_they_did(small_store: Engine) -> None:
    with writing(small_store) as session:
        session.add(Identity(id=901, network="crm", source="c", native_id="c2"))
        session.add(Person(id=901))
        session.flush()
        session.add(PersonIdentity(identity_id=901, person_id=901))
    app = open_directly("profile", person="901")
    assert not app.exception
    assert app.title[0].value == "c2"
    assert "Nothing that they did was brought in" in shown_text(app)


def test_profile_turns_to_older_posts_and_back(small_store: Engine) -> None:
    app = open_person(small_store, "p7")
    newest = posts_shown(app)
    assert app.button(key="newer_p_timeline").disabled
    app.button(key="older_p_timeline").click().run()
    older = posts_shown(app)
    assert len(older) == 4
    assert not set(older) & set(newest)
    assert app.button(key="older_p_timeline").disabled
    app.button(key="newer_p_timeline").click().run()
    assert posts_shown(app) == newest


def test_profile_shows_only_the_sorts_that_are_chosen(small_store: Engine) -> None:
    add_customer(small_store)
    with writing(small_store) as session:
        session.get_one(PersonIdentity, identity_id(small_store, "p7")).person_id = 900
    app = open_directly("profile", person="900")
    assert len(posts_shown(app)) == 8
    pills = app.button_group(key="p_show")
    assert list(pills.options) == ["Posts", "Orders"]
    assert "Posts 12, orders 2" in shown_text(app)
    pills.set_value(["Orders"]).run()
    assert not app.exception
    assert posts_shown(app) == []
    assert sum("Order ·" in element.value.replace("\\", "") for element in app.markdown) == 1


def test_profile_corrects_a_label_where_it_is_seen(small_store: Engine) -> None:
    app = open_person(small_store, "p7", me="Ana")
    before = metrics(app)["Net sentiment"]
    widget = next(group for group in app.get("button_group") if "_negative_" in str(group.key))
    widget.set_value("positive").run()
    assert not app.exception
    assert metrics(app)["Net sentiment"] != before
    with reading(small_store) as session:
        assert [(row.label, row.decided_by) for row in list_standing(session, Relabel)] == [("positive", "Ana")]
    app.button(key="undo_last").click().run()
    assert metrics(app)["Net sentiment"] == before


def test_profile_mutes_an_account_until_it_is_undone(small_store: Engine) -> None:
    app = open_person(small_store, "p7", me="Ana")
    key = f"mute_{identity_id(small_store, 'p7')}"
    app.button(key=key).click().run()
    assert not app.exception
    assert "Muted" in shown_text(app)
    assert {"Posts", "Value to date"} <= set(metrics(app))
    assert not {"Net sentiment", "Waits now, all days"} & set(metrics(app))
    with reading(small_store) as session:
        assert [(row.native_id, row.decided_by) for row in list_standing(session, Mute)] == [("p7", "Ana")]
    app.button(key="undo_last").click().run()
    assert len(metrics(app)) == 6


def test_profile_unmutes_an_account_and_can_mute_it_again(small_store: Engine) -> None:
    app = open_person(small_store, "p7")
    key = f"mute_{identity_id(small_store, 'p7')}"
    app.button(key=key).click().run()
    assert app.button(key=key).label == "Unmute"
    app.button(key=key).click().run()
    assert not app.exception
    assert app.button(key=key).label == "Mute"
    with reading(small_store) as session:
        assert list_standing(session, Mute) == []


def test_profile_shows_what_waits_as_today_does(small_store: Engine) -> None:
    app = open_person(small_store, "p8", p_tab="Waits for an answer")
    cases = [str(button.key) for button in app.button if str(button.key).startswith("no_answer_needed_")]
    assert len(cases) == int(metrics(app)["Waits now, all days"]) > 0
    app.button(key=cases[0]).click().run()
    assert not app.exception
    assert int(metrics(app)["Waits now, all days"]) == len(cases) - 1


def test_profile_counts_no_answer_to_another_member_as_waiting_for_us(small_store: Engine) -> None:
    before = metrics(open_person(small_store, "p8"))["Waits now, all days"]
    moment = FIRST + timedelta(days=39, hours=6)
    said: dict[str, Any] = {"author": "p8", "kind": "reply", "text": "Welcome!", "parent": "post116"}
    bring(small_store, [PostRecord(*NETWORK, "hi", "help", moment, **said)])
    app = open_person(small_store, "p8", p_tab="Waits for an answer")
    assert metrics(app)["Waits now, all days"] == before
    assert "1 more is not said to us." in shown_text(app)
    app.toggle(key="w_others").set_value(True).run()
    assert "Welcome!" in shown_text(app)


def test_profile_shows_the_circle_with_the_team_that_answers(small_store: Engine) -> None:
    app = open_person(small_store, "p8", p_tab="Circle")
    circle = app.dataframe[0].value
    assert circle["name"].tolist() == ["The team"]
    assert circle["replies_from"].tolist() == circle["together"].tolist()


def test_profile_says_so_when_nobody_is_in_the_circle(small_store: Engine) -> None:
    app = open_person(small_store, "p7", p_tab="Circle")
    assert "ties them to anyone here" in shown_text(app)


def test_profile_keeps_in_the_address_what_the_timeline_shows(small_store: Engine) -> None:
    app = open_person(small_store, "p8", p_show="Our answers")
    assert posts_shown(app) == []
    assert "The team answered after" in shown_text(app)


def test_profile_shows_notes_and_assignments_in_the_timeline(small_store: Engine) -> None:
    key = {"network": NETWORK[0], "source": NETWORK[1], "native_id": "post117", "decided_by": "Ana"}
    case_event(small_store, kind="assigned", assignee="Ben", **key)
    noted = case_event(small_store, kind="note", note=MARKUP, **key)
    app = open_person(small_store, "p7", p_show="Notes and assignments")
    assert "Ana assigned the conversation to Ben" in shown_text(app)
    assert MARKUP in [element.value for element in app.text]
    withdraw_many(small_store, table="case_event", decision_ids=[noted], decided_by="Ana")
    app = open_person(small_store, "p7", p_show="Notes and assignments")
    assert MARKUP not in [element.value for element in app.text]


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Sentiment and purchases", "No purchase of theirs is known"),
        ("Likes and dislikes", "Nothing that they wrote is about a topic"),
        ("Credit", "No order or deal of theirs is known"),
        ("Similar people", "Alike in what they speak of"),
    ],
)
def test_profile_says_what_each_part_has(tab: str, said: str, small_store: Engine) -> None:
    app = open_person(small_store, "p7", p_tab=tab)
    assert said in shown_text(app)


@pytest.mark.parametrize("tab", ["Sentiment and purchases", "Credit", "Circle", "Similar people", "Accounts"])
def test_profile_opens_every_part_of_the_team(tab: str, small_store: Engine) -> None:
    open_person(small_store, "team", p_tab=tab)


LOOKALIKE = "Anneliese Sorrelwood"


@filled_once
def _fill_buyer(engine: Engine) -> None:
    """A social account and a contact of the same rare name, who ordered twice; nothing else ties the two."""
    moment = FIRST + timedelta(days=30)
    bring(
        engine,
        [
            ChannelRecord("neta", "a.example", "lounge", name="Lounge", brand="Ours"),
            IdentityRecord("neta", "a.example", "sorrel", handle="sorrel", display_name=LOOKALIKE),
            PostRecord("neta", "a.example", "s1", "lounge", moment, author="sorrel", text="Where do I get the lamp?"),
            OrganizationRecord("crm", "c", "o1", name="Sorrelwood Ltd"),
            IdentityRecord(
                "crm",
                "c",
                "c9",
                display_name=LOOKALIKE,
                organization="Sorrelwood Ltd",
                organization_native_id="o1",
                owner="Ben",
            ),
            *(
                OrderRecord("crm", "c", f"o{number}", 5_000, currency="EUR", occurred_at=at, identity="c9")
                for number, at in enumerate((moment + timedelta(days=2), moment + timedelta(days=4)))
            ),
        ],
    )


@pytest.fixture
def buyer(small_store: Engine) -> Engine:
    _fill_buyer(small_store)
    return small_store


def test_profile_joins_a_suggested_account_and_undo_takes_it_back(buyer: Engine) -> None:
    social, contact = identity_id(buyer, "sorrel"), identity_id(buyer, "c9")
    app = open_directly("profile", person=str(social), p_tab="Accounts", me="Ana")
    assert metrics(app)["Value to date"] == "–"
    app.button(key=f"same_{contact}").click().run()
    assert not app.exception
    assert metrics(app)["Value to date"] == "EUR 100.00"
    said = shown_text(app).replace("\\", "")
    assert "Ana said on" in said
    assert "Team contact: Ben" in said
    assert "Sorrelwood Ltd" in said
    # links to either account open the one person
    for link in (social, contact):
        assert metrics(open_directly("profile", person=str(link)))["Value to date"] == "EUR 100.00"
    app.button(key="undo_last").click().run()
    assert metrics(app)["Value to date"] == "–"
    assert metrics(open_directly("profile", person=str(contact)))["Value to date"] == "EUR 100.00"
    assert metrics(open_directly("profile", person=str(social)))["Value to date"] == "–"
    assert app.button(key=f"same_{contact}").label == "Join"


def test_profile_remembers_that_a_suggested_account_is_not_theirs(buyer: Engine) -> None:
    app = open_person(buyer, "sorrel", p_tab="Accounts")
    app.button(key=f"different_{identity_id(buyer, 'c9')}").click().run()
    assert not app.exception
    assert "No other account looks like theirs" in shown_text(app)


def test_profile_joins_an_account_that_the_search_finds_and_splits_it_again(buyer: Engine) -> None:
    seven, eight = identity_id(buyer, "p7"), identity_id(buyer, "p8")
    app = open_person(buyer, "p7", p_tab="Accounts", me="Ana")
    app.text_input(key=f"p_join_{seven}").set_value("person8").run()
    app.button(key=f"join_{eight}").click().run()
    assert not app.exception
    assert "Wrote 24 posts" in shown_text(app)
    app.button(key=f"split_{eight}").click().run()
    assert not app.exception
    assert "Wrote 12 posts" in shown_text(app)
    app.button(key="undo_last").click().run()
    assert "Wrote 24 posts" in shown_text(app)


def test_profile_never_joins_the_team_with_the_public(small_store: Engine) -> None:
    app = open_person(small_store, "p7", p_tab="Accounts")
    app.text_input(key=f"p_join_{identity_id(small_store, 'p7')}").set_value("team").run()
    assert app.button(key=f"join_{identity_id(small_store, 'team')}").disabled


def test_profile_shares_out_a_sale_under_the_rule_of_the_address(buyer: Engine) -> None:
    social, contact = identity_id(buyer, "sorrel"), identity_id(buyer, "c9")
    app = open_directly("profile", person=str(social), p_tab="Accounts", me="Ana")
    app.button(key=f"same_{contact}").click().run()
    app = open_directly("profile", person=str(contact), p_tab="Credit", p_rule="Last touch", p_lookback="90 days")
    assert not app.exception
    sales, touches = (table.value for table in app.dataframe)
    assert sales["amount"].tolist() == ["EUR 50.00", "EUR 50.00"]
    assert touches["credit"].tolist() == ["EUR 50.00"]
    assert touches["what"].tolist() == ["Their post"]
    assert "All of it to the last touch" in shown_text(app)
    app = open_directly("profile", person=str(contact), p_tab="Sentiment and purchases")
    assert "2 orders, from" in shown_text(app)


def _erasing() -> None:
    """The page with the dialog open: a click in a dialog runs only the dialog, which these tests cannot do."""
    import streamlit as st

    from ui.guard import guard
    from ui.profile import open_asked
    from ui.profile_actions import ask_to_erase, show_erased

    here = guard("profile")
    profile = open_asked(here, st.query_params.get("person"))
    if profile is None:
        show_erased()
    else:
        ask_to_erase(here, profile)


def test_profile_offers_to_erase(small_store: Engine) -> None:
    app = open_person(small_store, "p7")
    app.button(key="erase_person").click().run()
    assert not app.exception
    assert "orders, deals and survey scores, as nobody's" in shown_text(app)
    assert any("person7" in text.value.split(" · ") for text in app.text)
    assert app.button(key="erase_now").disabled


def test_profile_erases_a_person_once_the_name_is_typed(small_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("ui.profile_actions.start_job", lambda engine, kind, given: started.append(kind))
    person = identity_id(small_store, "p7")
    app = AppTest.from_function(_erasing, default_timeout=60)
    app.query_params["person"], app.query_params["me"] = str(person), "Ana"
    app.run()
    app.text_input(key="erase_name").set_value("person 8").run()
    assert app.button(key="erase_now").disabled
    app.text_input(key="erase_name").set_value(" person  7").run()
    app.button(key="erase_now").click().run()
    assert not app.exception
    assert app.query_params["erased"] == "1"
    assert "They are erased" in shown_text(app)
    assert started == ["influence"], "whom they talked with has other scores now"
    with reading(small_store) as session:
        assert session.get(Identity, person) is None
        assert {row.decided_by for row in session.exec(select(Erasure))} == {"Ana"}
    assert NOBODY in shown_text(open_directly("profile", person=str(person)))
    assert "They are erased" in shown_text(open_directly("profile", erased="1"))


def test_profile_leaves_a_long_erasure_to_a_job(small_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, Any]] = []
    monkeypatch.setattr("ui.profile_actions.start_job", lambda engine, kind, given: started.append((kind, given)))
    monkeypatch.setattr("jobs.erasure.MANY_POSTS", 0)
    person = identity_id(small_store, "p7")
    app = AppTest.from_function(_erasing, default_timeout=60)
    app.query_params["person"], app.query_params["me"] = str(person), "Ana"
    app.run()
    app.text_input(key="erase_name").set_value("person 7").run()
    app.button(key="erase_now").click().run()
    assert not app.exception
    assert started == [("erase", {"accounts": [person], "decided_by": "Ana"})]
    assert "They are being erased" in shown_text(app)
