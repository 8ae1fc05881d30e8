"""Organisations: chosen from a table, and one of them with its people, deals and what is new."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data_access.models.facts import Deal, Identity, Organization
from data_access.store import reading, writing
from tests.pages.conftest import FIRST, MARKUP, open_directly, open_through_home, shown_text
from ui.markup import plain
from ui.search import find_hits

CRM = {"network": "crm", "source": "c"}


def add_organizations(engine: Engine) -> None:
    """Number 70 has person 7 and a won deal; number 71 an open deal and nobody; number 72 nothing."""
    with writing(engine) as session:
        named = {70: "Kilbride", 71: MARKUP, 72: "Empty"}
        session.add_all(Organization(id=n, **CRM, native_id=str(n), name=name) for n, name in named.items())
        session.flush()
        session.exec(select(Identity).where(Identity.native_id == "p7")).one().organization_id = 70
        money = {"amount_minor": 1_500_00, "currency": "EUR", "created_at": FIRST}
        closed = {"is_won": True, "closed_at": FIRST + timedelta(days=2)}
        session.add(Deal(id=1, **CRM, native_id="d1", name="Tea for all", organization_id=70, **money, **closed))
        session.add(Deal(id=2, **CRM, native_id="d2", name=MARKUP, organization_id=71, **money))


def metrics(organization: int, engine: Engine, **params: str) -> dict[str, str]:
    app = open_directly("organization", organization=str(organization), **params)
    assert not app.exception
    return {metric.label: metric.value for metric in app.metric}


def test_organizations_say_where_they_come_from_when_there_is_none(small_store: Engine) -> None:
    app = open_directly("organization")
    assert "No organisation is known" in shown_text(app)
    assert "Import from a CRM" in [button.label for button in app.main.button]


def test_organizations_are_listed_with_the_most_won_first(small_store: Engine) -> None:
    add_organizations(small_store)
    app = open_directly("organization")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["name"].tolist() == ["Kilbride", MARKUP, "Empty"]
    assert table["won"].tolist() == [1500, 0, 0]
    assert list(table.columns)[:3] == ["open", "name", "won"], (
        "what they are in order of is to be seen without scrolling"
    )
    app.text_input(key="o_search").set_value("kilb").run()
    assert app.dataframe[0].value["name"].tolist() == ["Kilbride"]
    app.text_input(key="o_search").set_value("zzz").run()
    assert "None is found" in shown_text(app)


def test_organization_has_no_amount_rather_than_nothing_won_when_settings_has_no_rate(small_store: Engine) -> None:
    add_organizations(small_store)
    with writing(small_store) as session:
        won = {"amount_minor": 9_00, "currency": "USD", "created_at": FIRST, "is_won": True}
        session.add(Deal(id=3, **CRM, native_id="d3", organization_id=72, **won, closed_at=FIRST))
    app = open_directly("organization")
    table = app.dataframe[0].value.set_index("name")
    assert table["won"].isna().to_dict() == {"Kilbride": False, MARKUP: False, "Empty": True}
    assert table.loc["Empty", "deals_won"] == 1
    assert "1 deal in a currency for which Settings has no rate" in shown_text(app)


def test_search_puts_an_organization_above_its_own_people(small_store: Engine) -> None:
    add_organizations(small_store)
    with reading(small_store) as session:
        assert [page for page, *_ in find_hits(session, "kilbride")[0]] == ["organization", "profile"]
        assert [page for page, *_ in find_hits(session, "person 7")[0]] == ["profile"]


@pytest.mark.parametrize("asked", ["999", "abc", "9" * 30, "-1"])
def test_organization_says_so_when_the_id_is_nobodys(asked: str, small_store: Engine) -> None:
    app = open_directly("organization", organization=asked)
    assert not app.exception
    assert "No organisation here has that id" in shown_text(app)


def test_organization_shows_six_numbers_of_its_people_and_deals(small_store: Engine) -> None:
    add_organizations(small_store)
    shown = metrics(70, small_store, f_period="All")
    assert shown["People known"] == "1"
    assert shown["Posts"] == "12"
    assert shown["Won to date"] == "EUR 1,500"
    assert shown["Open pipeline"] == "EUR 0.00"
    assert len(shown) == 6


def test_organization_opens_at_its_deals_when_nobody_is_known(small_store: Engine) -> None:
    add_organizations(small_store)
    app = open_through_home("organization", organization="71")
    assert not app.exception
    assert app.title[0].value == plain(MARKUP, longest=80)
    assert app.dataframe[0].value["title"].tolist() == [MARKUP]


@pytest.mark.parametrize("tab", ["People", "Signals", "Deals", "Orders", "Timeline"])
def test_organization_says_why_a_part_is_empty_and_offers_an_import(tab: str, small_store: Engine) -> None:
    add_organizations(small_store)
    app = open_directly("organization", organization="72", o_tab=tab)
    assert not app.exception
    assert [button.label for button in app.main.button if button.label.startswith("Import")]


@pytest.mark.parametrize("tab", ["People", "Signals", "Deals", "Timeline"])
def test_organization_shows_each_part_when_there_is_something(tab: str, small_store: Engine) -> None:
    add_organizations(small_store)
    app = open_directly("organization", organization="70", o_tab=tab, f_period="All")
    assert not app.exception
    assert not [button.label for button in app.main.button if button.label.startswith("Import")]
    words = {"People": "", "Signals": "Newest complaints", "Deals": "1 won", "Timeline": plain("Tea for all: Won")}
    assert words[tab] in shown_text(app)
