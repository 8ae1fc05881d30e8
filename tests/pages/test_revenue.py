"""Revenue: credit under each rule and by each dimension adds up to the same; from a part of it to sales and people."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from answers.attribution import RULE_LABELS
from answers.catalogue import MetricAnswer, find_metric
from answers.filters import Filters
from data_access.records import OrganizationRecord, Record
from data_access.settings import read_settings
from data_access.store import build_engine, migrate, reading
from jobs.decisions import change_setting
from tests.jobs.sales import DAY, PLACE, deal, order, visit
from tests.jobs.stores import account, bring, channel, post
from tests.kept_stores import filled_once
from tests.pages.conftest import MARKUP, open_directly, shown_text
from ui.revenue_numbers import describe_sold


def community() -> Iterator[Record]:
    """Ann visits, asks Ben, is answered by the desk, and buys for 10.00, 5.00 of which come back; Cleo, whom nobody
    knows from anywhere, buys for 7.00; Ann's deal of 100.00 is won, another of 40.00 is open."""
    yield channel("wall")
    yield channel("room", kind="private")
    yield account("desk", is_team=True)
    yield account("ann", display_name=MARKUP)
    yield account("cleo", display_name="Cleo")
    yield visit("v", 0, utm_campaign="spring")
    yield post("hosted", 4 * DAY, "ben")
    yield post("asked", 5 * DAY, "ann", parent="hosted", kind="reply")
    yield post("told", 6 * DAY, "desk", parent="asked", kind="reply")
    yield order("o", 14 * DAY)
    yield order("r", 15 * DAY, amount=-500, refund_of="o")
    yield order("c", 15 * DAY, "cleo", amount=700)
    yield deal("won", 16 * DAY, "ann", amount=10_000, name="Forty lamps")
    yield deal("open", None, "ann", amount=4_000, name="A lamp")
    yield post("last", 17 * DAY, "ben", channel="room")


def _store(url: str, records: Any) -> Engine:
    engine = build_engine(url)
    migrate(engine)
    bring(engine, records)
    return engine


@filled_once
def _fill(engine: Engine) -> None:
    migrate(engine)
    bring(engine, community())


@pytest.fixture
def sales_store(empty_store: str) -> Iterator[Engine]:
    """The store of the app holds the community."""
    engine = build_engine(empty_store)
    _fill(engine)
    yield engine
    engine.dispose()


def rules_table(app: AppTest) -> pd.DataFrame:
    """What each rule gives to each, with the whole in the first row."""
    return next(frame.value for frame in app.dataframe if "shapley" in frame.value and "share" in frame.value)


def sales_table(app: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if "amount" in frame.value)


def _click(app: AppTest, key: str, place: str = "channel_order") -> AppTest:
    """Click a mark of the chart."""
    app.session_state[f"r_chart_{place}"] = {"selection": {"points": [{"customdata": [key, "linear"]}]}}
    return app.run()


@pytest.mark.parametrize(
    "by", ["Channel", "Network", "Public, website, private", "Campaign", "Team member", "Influencer"]
)
def test_revenue_rows_add_up_to_the_whole_when_any_rule_shares_it_out(by: str, sales_store: Engine) -> None:
    app = open_directly("revenue", r_by=by)
    assert not app.exception
    table = rules_table(app)
    parts, total = table.iloc[1:], table.iloc[0]
    for rule in RULE_LABELS:
        assert total[rule] == pytest.approx(12.0), "10.00 less 5.00, and 7.00"
        assert parts[rule].sum() == pytest.approx(12.0)
    assert parts.loc[parts["label"] == "No touch", "linear"].tolist() == [7.0]


@pytest.mark.parametrize("days", ["7 days", "28 days", "30 days", "90 days"])
def test_revenue_says_what_no_touch_reaches_when_the_lookback_changes(days: str, sales_store: Engine) -> None:
    app = open_directly("revenue", r_lookback=days)
    text = shown_text(app).replace("\\", "")
    reached, left = ("0.00", "12.00") if days == "7 days" else ("5.00", "7.00")
    assert "Every rule shares out the same **EUR 12.00** (2 orders, less refunds)" in text
    assert f"**EUR {reached}** with a touch in the {days} before, **EUR {left}** that no touch reaches" in text


def test_revenue_shows_numbers_in_money_with_what_they_are(sales_store: Engine) -> None:
    app = open_directly("revenue")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Revenue from orders"] == "EUR 12.00"
    assert shown["Influenced, of orders"] == "41.7 %"
    assert shown["No touch, of orders"] == "EUR 7.00"
    assert shown["Won deals"] == "EUR 100.00"
    assert shown["Open pipeline"] == "EUR 40.00"
    assert shown["Orders"] == "2"


@pytest.mark.parametrize(("kind", "total"), [("Orders", 12.0), ("Won deals", 100.0), ("Open deals", 40.0)])
def test_revenue_shares_out_each_kind_of_sale_the_same_way(kind: str, total: float, sales_store: Engine) -> None:
    app = open_directly("revenue", r_sales=kind)
    assert not app.exception
    table = rules_table(app)
    assert table["linear"].iloc[0] == pytest.approx(total)
    assert table["markov"].iloc[1:].sum() == pytest.approx(total)


def test_revenue_leads_from_a_mark_to_the_sales_and_people_behind_it(sales_store: Engine) -> None:
    app = _click(open_directly("revenue", r_by="Public, website, private"), "hub", "layer_order")
    assert not app.exception
    assert "Orders behind Website" in shown_text(app)
    sales = sales_table(app)
    assert sales["amount"].tolist() == [-5.0, 10.0], "newest first; the visit is in the journey of both"
    assert list(sales)[-1] == "who", "what names are long does not push amounts out of sight"
    assert sales["credit"].tolist() == pytest.approx([-1.67, 3.34])
    assert sales["who"].tolist() == [MARKUP, MARKUP]


def test_revenue_keeps_what_is_chosen_when_the_rule_changes(sales_store: Engine) -> None:
    app = _click(open_directly("revenue", r_by="Public, website, private"), "hub", "layer_order")
    app.selectbox(key="r_rule").set_value("last_touch").run()
    assert not app.exception
    assert "Orders behind Website" in shown_text(app)
    assert sales_table(app)["credit"].tolist() == [0.0, 0.0]
    app.selectbox(key="r_by").set_value("member").run()
    assert "Orders behind" not in shown_text(app)


def test_revenue_shows_the_touches_of_a_sale_and_what_each_gets(sales_store: Engine) -> None:
    app = _click(open_directly("revenue", r_by="Public, website, private"), "hub", "layer_order")
    key = next(frame.proto.id for frame in app.dataframe if "amount" in frame.value).rpartition("-")[2]
    app.session_state[key] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    touches = next(frame.value for frame in app.dataframe if "days_before" in frame.value)
    assert touches["act"].tolist() == ["Visited", "Replied", "We answered"]
    assert touches["linear"].tolist() == pytest.approx([3.33, 3.33, 3.34], abs=0.011)
    assert touches["first_touch"].tolist() == [10.0, 0.0, 0.0]
    assert touches["days_before"].tolist() == [14.0, 9.0, 8.0]


def test_revenue_names_only_the_filters_networks_and_sells_the_same(sales_store: Engine) -> None:
    app = open_directly("revenue", f_channel="Room · net")
    assert not app.exception
    table = rules_table(app)
    assert table["linear"].iloc[0] == pytest.approx(12.0)
    assert "Other channels" in table["label"].tolist()
    assert "Wall" not in table["label"].tolist()


def test_revenue_leads_to_data_when_there_is_no_sale(small_store: Engine) -> None:
    app = open_directly("revenue")
    assert not app.exception
    assert "Import orders and deals" in [button.label for button in app.main.button]
    assert not app.metric


def test_revenue_offers_the_whole_time_when_nothing_was_sold_in_the_period(empty_store: str) -> None:
    engine = _store(empty_store, [order("o", 0), deal("d", 100 * DAY)])
    app = open_directly("revenue")
    assert "No orders in this period. They are known from 2 Mar 2026 to 2 Mar 2026." in shown_text(app)
    next(button for button in app.main.button if button.label == "Show all of them").click().run()
    assert not app.exception
    assert rules_table(app)["linear"].tolist() == [10.0, 10.0]
    engine.dispose()


def test_revenue_works_and_says_why_nobody_is_known_when_there_are_deals_alone(empty_store: str) -> None:
    company = OrganizationRecord(*PLACE, "norrby", "Norrby")
    engine = _store(empty_store, [company, deal("d", 0, organization="norrby", name="Forty lamps")])
    app = open_directly("revenue", f_period="All")
    assert not app.exception
    assert "Nobody is known behind these won deals" in shown_text(app)
    assert "Import contacts" in [button.label for button in app.main.button]
    assert rules_table(app)["label"].tolist() == ["All, under every rule", "No touch"]
    engine.dispose()


def test_revenue_leads_to_the_review_when_the_buyers_have_no_touch(empty_store: str) -> None:
    engine = _store(empty_store, [order("o", 0), post("p", 1, "ben")])
    app = open_directly("revenue")
    assert "Review accounts" in [button.label for button in app.main.button]
    engine.dispose()


def test_revenue_counts_in_the_currency_of_the_sales_when_asked(empty_store: str) -> None:
    engine = _store(empty_store, [order("o", 0, currency="USD"), post("p", 1, "ben")])
    app = open_directly("revenue", me="Ida")
    assert "Everything sold is in USD, and this workspace counts in EUR" in shown_text(app)
    assert not app.metric, "nothing known is not nothing sold"
    assert "Not in these numbers" not in shown_text(app), "what lacks a rate is said once"
    next(button for button in app.main.button if button.label == "Count in USD").click().run()
    assert not app.exception
    with reading(engine) as session:
        assert read_settings(session).currency == "USD"
    assert {metric.label: metric.value for metric in app.metric}["Revenue from orders"] == "USD 10.00"
    engine.dispose()


def test_revenue_offers_each_currency_and_adds_none_up_when_sales_are_in_several(empty_store: str) -> None:
    sold = [order("o", 0, currency="USD"), order("g", 0, currency="GBP", amount=700), post("p", 1, "ben")]
    engine = _store(empty_store, sold)
    app = open_directly("revenue", me="Ida")
    assert "Everything sold is in GBP and USD, and this workspace counts in EUR" in shown_text(app)
    next(button for button in app.main.button if button.label == "Count in GBP").click().run()
    assert {metric.label: metric.value for metric in app.metric}["Revenue from orders"] == "GBP 7.00"
    assert "Not in these numbers, which are in GBP: USD 10.00 of 1 order" in shown_text(app).replace("\\", "")
    engine.dispose()


def test_revenue_offers_the_currency_of_the_period_when_only_earlier_sales_are_in_the_own(empty_store: str) -> None:
    sold = [order("o", 0), order("u", 40 * DAY, currency="USD", amount=300), post("p", 40 * DAY, "ben")]
    engine = _store(empty_store, sold)
    app = open_directly("revenue", me="Ida")
    assert {metric.label: metric.value for metric in app.metric}["Revenue from orders"] == "–"
    next(button for button in app.main.button if button.label == "Count in USD").click().run()
    assert {metric.label: metric.value for metric in app.metric}["Revenue from orders"] == "USD 3.00"
    engine.dispose()


def test_revenue_opens_with_what_came_in_and_claims_no_cause(sales_store: Engine) -> None:
    opening = open_directly("revenue").main.markdown[0].value.replace("\\", "")
    assert opening.startswith(
        "EUR 12.00 came in within 28 days; 2 orders are dated in these. 41.7 % of it came after a post, reply,"
    )
    assert "that says what came first, not what made them buy" in opening
    assert opening.endswith("Counted apart: won deals EUR 100.00, open deals EUR 40.00.")


def test_revenue_opens_without_a_share_when_nothing_is_known_to_have_come_before(empty_store: str) -> None:
    engine = _store(empty_store, [post("p", 0, "ben"), order("o", 40 * DAY)])
    opening = open_directly("revenue", f_period="All").main.markdown[0].value.replace("\\", "")
    assert opening == (
        "EUR 10.00 came in within 1 day; 1 order is dated in these. None of it is known to have come after a post, "
        "reply, answer, share, check-in or visit of the buyers in the 30 days before."
    )
    engine.dispose()


def test_revenue_names_what_it_leaves_out_when_a_rate_is_missing(empty_store: str) -> None:
    engine = _store(empty_store, [order("o", 0), order("u", 1, currency="USD", amount=300), post("p", 2, "ben")])
    app = open_directly("revenue")
    said = shown_text(app).replace("\\", "")
    assert "Not in these numbers, which are in EUR: USD 3.00 of 1 order" in said
    change_setting(
        engine, key="rates", value=[{"currency": "USD", "rate": "0.5", "from": "2026-01-01"}], decided_by="Ida"
    )
    app = open_directly("revenue")
    assert "Not in these numbers" not in shown_text(app)
    assert rules_table(app)["linear"].iloc[0] == pytest.approx(11.5)
    engine.dispose()


MARCH = Filters(date(2026, 3, 1), date(2026, 3, 29))


def test_revenue_says_what_came_in_beside_the_period_before_in_words_that_hold() -> None:
    def said(value: float, before: float) -> str:
        numbers = {
            "revenue": _answer("revenue", value, before),
            "orders": _answer("orders", 3, 3),
            "influenced_share": _answer("influenced_share", math.nan, math.nan),
        }
        return describe_sold(MARCH, numbers, "EUR")

    dated = "; 3 orders are dated in these."
    assert said(500, 0) == f"EUR 500.00 came in within 28 days, after EUR 0.00 in as many days before{dated}"
    assert said(500, 5) == f"EUR 500.00 came in within 28 days, 100 times as much as in as many days before{dated}"
    assert said(-20, 400) == f"EUR −20.00 came in within 28 days, after EUR 400.00 in as many days before{dated}"
    assert said(110, 100) == f"EUR 110.00 came in within 28 days, +10 % on as many days before{dated}"
    assert said(math.nan, 1) == "3 orders are dated in these 28 days, with no amount that is known in EUR."


def _answer(name: str, value: float, before: float) -> MetricAnswer:
    return MetricAnswer(find_metric(name), MARCH, value, before, math.nan, math.nan, "", pd.DataFrame())


@pytest.mark.parametrize("tab", ["What acts go with", "Before or after", "Customers"])
def test_revenue_opens_each_tab_and_computes_no_other(tab: str, sales_store: Engine) -> None:
    app = open_directly("revenue", r_tab=tab)
    assert not app.exception
    assert not [frame for frame in app.dataframe if "shapley" in frame.value]


def test_revenue_shows_no_number_and_says_why_when_no_deal_names_an_amount(empty_store: str) -> None:
    nothing: dict[str, Any] = {"amount": None, "currency": None}
    deals = [deal("won", DAY, "ann", **nothing), deal("open", None, "ann", **nothing)]
    _store(empty_store, [channel("wall"), visit("v", 0), *deals]).dispose()
    page = open_directly("revenue")
    assert not page.exception
    assert {metric.label: metric.value for metric in page.metric}["Open pipeline"] == "–"
    assert not any("0.00" in str(metric.value) for metric in page.metric)
    assert "The one won deal names no amount" in shown_text(page)
    assert not any(button.label.startswith("Count in") for button in page.button)


def test_revenue_says_which_deals_are_in_no_period_when_their_close_has_no_date(empty_store: str) -> None:
    undated = deal("won", None, "ann", amount=5_000, is_won=True)
    _store(empty_store, [channel("wall"), visit("v", 0), undated, deal("open", None, "ann")]).dispose()
    page = open_directly("revenue")
    assert not page.exception
    assert "There are no won deals" not in shown_text(page)
    assert "1 won deal" in shown_text(page)
    assert "without a date of the close, in no period" in shown_text(page)
    page = open_directly("revenue", r_sales="open_deal", r_rule="markov")
    assert not page.exception
