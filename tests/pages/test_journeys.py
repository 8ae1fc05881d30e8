"""Journeys and the customers' section: from a number to the people behind it, and from a person to their profile."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from data_access.models.derived import Job
from data_access.records import OrderRecord, Record
from data_access.store import reading
from tests.jobs.stores import bring
from tests.kept_stores import filled_once
from tests.pages.conftest import FIRST, MARKUP, NETWORK, ROOT, open_directly, shown_text
from ui.columns import SHARE_FORMAT

SECTION = """
import streamlit as st
from ui.customers import show_customers
from ui.filters import choose_filters
from ui.guard import guard

here = guard("journeys")
show_customers(here, choose_filters(here))
"""


def _orders() -> Iterator[Record]:
    """The ten people of the small community buy on day 20, and 50 others once or twice."""
    for number in range(60):
        buyer = f"p{number}" if number < 10 else f"b{number}"
        for again in range(1 + number % 2):
            moment = FIRST + timedelta(days=20 + 10 * again + number % 5)
            yield OrderRecord(*NETWORK, f"o{number}-{again}", 1_000 + number, "EUR", moment, identity=buyer)


@filled_once
def _fill_shop(engine: Engine) -> None:
    bring(engine, _orders(), "orders")


@pytest.fixture
def shop(small_store: Engine) -> Engine:
    _fill_shop(small_store)
    return small_store


def _page(chosen: dict[str, Any], **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "journeys.py"), default_timeout=60)
    return _run(app, chosen, params)


def _run(app: AppTest, chosen: dict[str, Any], params: dict[str, str]) -> AppTest:
    for name, value in params.items():
        app.query_params[name] = value
    for key, value in chosen.items():
        app.session_state[key] = value
    return app.run()


def _row(number: int) -> dict[str, Any]:
    return {"selection": {"rows": [number], "columns": [], "cells": []}}


def _names(app: AppTest) -> list[str]:
    return [str(name) for table in app.dataframe for name in table.value.get("name", [])]


def test_journeys_counts_the_stages_of_those_first_seen_in_the_period(shop: Engine) -> None:
    app = _page({}, f_period="All")
    assert not app.exception
    numbers = {metric.label: metric.value for metric in app.metric}
    assert (numbers["People"], numbers["Public network"], numbers["Customer"]) == ("60", "10", "60")
    assert "16.7 %" in numbers["Moved on"]


def test_journeys_leads_from_a_step_to_the_people_who_took_it(shop: Engine) -> None:
    app = _page({"table_steps": _row(0)}, f_period="All")
    assert not app.exception
    assert "Who went from public network to customer" in [title.value for title in app.subheader]
    names = _names(app)
    assert len(names) == 10
    assert MARKUP in names  # as it stands: a table reads no markup


def test_journeys_writes_shares_in_tables_as_every_page_does(shop: Engine) -> None:
    for tab, column in (("How they move on", "share"), ("First channel", "customer_share")):
        (table,) = [one for one in _page({}, f_period="All", j_tab=tab).dataframe if column in one.value]
        assert json.loads(table.proto.columns)[column]["type_config"]["format"] == SHARE_FORMAT
        assert table.value[column].max() > 1, "in hundredths"


def test_journeys_leads_from_a_channel_and_from_a_month_to_people(shop: Engine) -> None:
    point = {"selection": {"points": [{"customdata": "Wall · net"}]}}
    app = _page({"j_channel": point}, f_period="All", j_tab="First channel")
    assert not app.exception
    assert "First seen in Wall · net" in [title.value for title in app.subheader]
    assert len(_names(app)) == 5
    app = _page({"table_cohorts": _row(0)}, f_period="All", j_tab="Month of first sign")
    assert "First seen in March 2026" in [title.value for title in app.subheader]
    assert len(_names(app)) == 60


def test_journeys_says_why_nobody_is_stuck(shop: Engine) -> None:
    app = _page({}, f_period="All", j_tab="Who is stuck")
    assert not app.exception
    assert "Nothing is usual yet for: website, private community" in shown_text(app)
    assert "Nobody is." in shown_text(app)


def test_journeys_says_so_when_nobody_was_first_seen_in_the_period(small_store: Engine) -> None:
    app = _page({}, f_period="7 days")
    assert not app.exception
    assert "Nobody was first seen in this period" in shown_text(app)


def test_journeys_offers_to_join_accounts_when_nobody_moved_on(small_store: Engine) -> None:
    app = _page({}, f_period="All")
    assert not app.exception
    assert "none has come to a second stage yet" in shown_text(app)
    assert "Join accounts" in [button.label for button in app.button]


def _section(chosen: dict[str, Any], **params: str) -> AppTest:
    return _run(AppTest.from_string(SECTION, default_timeout=60), chosen, params)


def test_customers_leads_from_a_segment_to_its_people(shop: Engine) -> None:
    app = _section({"table_segments": _row(0)})
    assert not app.exception
    numbers = {metric.label: metric.value for metric in app.metric}
    assert (numbers["Customers"], numbers["Bought again"]) == ("60", "50 %")
    assert numbers["Revenue to date"] == "EUR 926.7"
    assert "won deals are not in it" in shown_text(app)
    title = next(title.value for title in app.subheader if title.value.startswith("Customers: "))
    (segments,) = [table.value for table in app.dataframe if "meaning" in table.value]
    assert title == f"Customers: {segments['segment'].iloc[0]}"
    assert len(_names(app)) == segments["people"].iloc[0]


def test_customers_leads_from_those_who_wrote_to_them(shop: Engine) -> None:
    app = _section({"table_engaged": _row(0)})
    assert not app.exception
    assert len(_names(app)) == 10
    assert "the difference says nothing of what talking does" in shown_text(app)


def test_customers_starts_a_job_when_asked_to_fit_again(shop: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr("ui.customers.start_job", lambda _engine, kind, arguments: started.append((kind, arguments)))
    app = _section({})
    app.button(key="c_fit").click().run()
    assert not app.exception
    assert started == [("train", {"model": "customer_value"})]
    with reading(shop) as session:
        assert session.execute(select(Job)).all() == []


def test_customers_offers_to_import_orders_when_there_are_none(small_store: Engine) -> None:
    app = _section({})
    assert not app.exception
    assert "Import orders" in [button.label for button in app.button]


def test_journeys_is_open_to_a_marketer_with_no_orders_at_all(small_store: Engine) -> None:
    app = open_directly("journeys", f_period="All")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Customer"] == "0"
