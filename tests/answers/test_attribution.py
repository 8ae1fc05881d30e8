"""Credit as the pages ask for it: rules side by side, what no touch reaches, currencies, the sales behind a bar."""

import math
from datetime import date
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from answers.attribution import (
    DIMENSIONS,
    LOOKBACKS,
    NO_KEY,
    OTHERS,
    UNREACHED,
    Credit,
    read_credit,
    read_credit_sales,
    read_person_credit,
    read_pipeline,
    read_revenue,
    sale_kinds,
)
from answers.catalogue import compute_metrics
from answers.filters import Filters
from answers.records import BrokenCursor
from answers.sales_held import read_sales_held
from data_access.models.derived import PersonStage
from data_access.records import IdentityRecord
from data_access.store import reading
from jobs.credit_rows import read_credit_rows
from jobs.decisions import change_setting
from metrics.attribution import RULES
from tests.jobs.sales import DAY, PLACE, deal, order, visit
from tests.jobs.stores import account, at, bring, channel, post
from tests.kept_stores import filled_once

MARCH = Filters(date(2026, 3, 1), date(2026, 4, 1))


@filled_once
def _fill_shop(engine: Engine) -> None:
    """Ann visits, asks us, is answered and buys; ben writes and buys in dollars; nobody knows who bought the rest."""
    bring(
        engine,
        [
            account("desk", is_team=True, display_name="Desk"),
            IdentityRecord(*PLACE, "ann", display_name="Ann"),
            channel("wall"),
            visit("v", 0, utm_campaign="spring"),
            post("q", DAY, "ann", text="How much is it?"),
            post("a", DAY + 5, "desk", parent="q", kind="reply"),
            order("o", 2 * DAY, amount=1_000, product="Pods"),
            order("r", 4 * DAY, amount=-100, refund_of="o"),
            post("b", 2 * DAY, "ben"),
            order("usd", 3 * DAY, "ben", amount=333, currency="USD"),
            order("?", 3 * DAY, None, amount=50),
            deal("won", 5 * DAY, "ann", amount=5_000, name="Ann's school"),
            deal("open", None, "ann", amount=700),
        ],
    )


@pytest.fixture
def shop(engine: Engine) -> Engine:
    _fill_shop(engine)
    return engine


def credit_by_key(credit: Credit, rule: str) -> dict[str, int]:
    return dict(zip(credit.rows["label"], credit.rows[rule].tolist(), strict=True))


def test_rules_stand_side_by_side_and_add_up_to_what_was_sold(shop: Engine) -> None:
    with reading(shop) as session:
        credit = read_credit(session, MARCH, rule="first_touch", by="channel")
        assert (credit.sale_kind, credit.sales, credit.total_minor) == ("order", 2, 950)
        assert (credit.touched_minor, credit.unreached_minor) == (900, 50)
        assert credit_by_key(credit, "first_touch") == {"No channel known": 900, "Wall": 0, "No touch": 50}
        assert credit_by_key(credit, "linear") == {"No channel known": 300, "Wall": 600, "No touch": 50}
        # of two journeys, one goes through the visit and both through the wall: 1/2 and 1 would be lost
        assert credit_by_key(credit, "markov") == {"No channel known": 300, "Wall": 600, "No touch": 50}
        assert credit.coverage == "1 of 2 orders have a touch in the 30 days before"
        assert credit.unconverted.to_dict("records") == [{"currency": "USD", "sales": 1, "total_minor": 333}]
        for by, lookback in zip(DIMENSIONS, cycle(LOOKBACKS), strict=False):
            rows = read_credit(session, MARCH, by=by, lookback_days=lookback).rows
            assert {int(rows[rule].sum()) for rule in RULES} == {950}, (by, lookback)


def test_keys_are_called_as_people_know_them(shop: Engine) -> None:
    with reading(shop) as session:
        labels = {by: read_credit(session, MARCH, by=by).rows["label"].tolist() for by in DIMENSIONS}
        member = read_credit(session, MARCH, by="member").rows
    assert labels["layer"] == ["Public networks", "Website", "No touch"]
    assert labels["campaign"] == ["spring", "No campaign", "No touch"]
    assert labels["member"] == ["Desk", "Nobody of the team", "No touch"]
    assert labels["host"] == ["Nobody else's conversation", "No touch"]
    assert labels["network"] == ["net", "No touch"]
    assert member["key"].tolist()[1:] == [NO_KEY, UNREACHED]
    assert member["person_id"].notna().tolist() == [True, False, False]


def test_currencies_are_added_with_a_rate_that_someone_entered_and_still_add_up(shop: Engine) -> None:
    rates = [{"currency": "USD", "rate": "0.9", "from": "2026-01-01"}]
    change_setting(shop, key="rates", value=rates, decided_by="Ada")
    with reading(shop) as session:
        credit = read_credit(session, MARCH, by="layer")
        assert (credit.sales, credit.total_minor, len(credit.unconverted)) == (3, 950 + 300, 0)
        for by in DIMENSIONS:
            rows = read_credit(session, MARCH, by=by).rows
            assert {int(rows[rule].sum()) for rule in RULES} == {1_250}, by


def test_filters_gather_other_channels_in_one_row_or_say_that_they_cannot_limit(shop: Engine) -> None:
    with reading(shop) as session:
        wall = int(read_credit(session, MARCH).rows["channel_id"].dropna().iloc[0])
        limited = Filters(MARCH.start, MARCH.end, channels=(wall,))
        by_channel = read_credit(session, limited, by="channel")
        by_campaign = read_credit(session, limited, by="campaign")
    assert by_channel.rows["key"].tolist() == [str(wall), OTHERS, UNREACHED]
    assert by_channel.rows["linear"].sum() == by_campaign.rows["linear"].sum() == 950
    assert (by_channel.note, by_campaign.note != "") == ("", True)


def test_sales_behind_a_bar_have_its_credit_its_people_and_their_touches(shop: Engine) -> None:
    with reading(shop) as session:
        bar = read_credit(session, MARCH, by="layer", rule="linear").rows.set_index("key")["credit_minor"]
        behind = read_credit_sales(session, MARCH, by="layer", key="public", rule="linear")
        in_euros = behind.sales[behind.sales["currency"] == "EUR"]
        assert int(in_euros["credit_minor"].sum()) == bar["public"]
        assert in_euros[["amount_minor", "touches"]].to_numpy().tolist() == [[-100, 3], [1_000, 3]]
        assert set(behind.people["name"]) == {"Ann", "ben"}
        touches = behind.touches[behind.touches["sale_id"] == in_euros["sale_id"].iloc[1]]
        assert touches["kind"].tolist() == ["visit", "post", "answer"]
        assert touches["member"].tolist() == [None, None, "Desk"]
        assert touches["linear"].tolist() == [334, 333, 333]
        assert touches["shapley"].tolist() == [500, 250, 250]
        unreached = read_credit_sales(session, MARCH, by="layer", key=UNREACHED)
        assert (unreached.sales["amount_minor"].tolist(), len(unreached.people)) == ([50], 0)
        markov = read_credit_sales(session, MARCH, by="layer", key="public", rule="markov")
        assert markov.sales["credit_minor"].isna().all()


def test_sales_come_page_by_page_each_once(shop: Engine) -> None:
    found, cursor = [], None
    with reading(shop) as session:
        for _ in range(5):
            page = read_credit_sales(session, MARCH, limit=1, cursor=cursor)
            found += page.sales["sale_id"].tolist()
            cursor = page.next_cursor
            if cursor is None:
                break
        everything = read_credit_sales(session, MARCH)
        with pytest.raises(BrokenCursor):
            read_credit_sales(session, MARCH, cursor="1.cheese.2")
    assert found == everything.sales["sale_id"].tolist()
    assert len(found) == 4
    assert everything.next_cursor is None


def test_deals_are_a_view_of_their_own(shop: Engine) -> None:
    with reading(shop) as session:
        assert sale_kinds(session) == ("order", "deal")
        credit = read_credit(session, MARCH, sale_kind="deal", by="layer", rule="last_touch")
    assert (credit.total_minor, credit_by_key(credit, "last_touch")["Public networks"]) == (5_000, 5_000)


def test_pipeline_shares_out_open_deals_as_of_the_last_day_of_data(shop: Engine) -> None:
    with reading(shop) as session:
        pipeline = read_pipeline(session, by="layer", rule="last_touch")
        behind = read_credit_sales(session, None, by="layer", key="public", sale_kind="open_deal", rule="last_touch")
    assert (pipeline.sale_kind, pipeline.total_minor, pipeline.touched_minor) == ("open_deal", 700, 700)
    assert credit_by_key(pipeline, "last_touch") == {"Public networks": 700, "Website": 0}
    assert {int(pipeline.rows[rule].sum()) for rule in RULES} == {700}
    assert behind.sales[["amount_minor", "credit_minor"]].to_numpy().tolist() == [[700, 700]]
    assert behind.sales["occurred_at"].isna().all()


def test_person_has_all_their_sales_with_the_touches_before_each(shop: Engine) -> None:
    with reading(shop) as session:
        ann = read_credit_sales(session, MARCH, sale_kind="deal").people["person_id"].iloc[0]
        found = read_person_credit(session, int(ann), rule="u_shaped")
        nobody = read_person_credit(session, 987_654)
    assert found.sales["sale_kind"].tolist() == ["open_deal", "deal", "order", "order"]
    assert found.sales["name"].tolist()[1:] == ["Ann's school", None, "Pods"]
    assert found.sales["credit_minor"].tolist() == [700, 5_000, -100, 1_000]
    assert nobody.sales.empty


def test_revenue_over_time_adds_up_to_the_total(shop: Engine) -> None:
    with reading(shop) as session:
        revenue = read_revenue(session, MARCH, unit="week")
    assert (revenue.sales, revenue.total_minor, revenue.touched_minor) == (3, 950, 900)
    assert revenue.series["total_minor"].tolist() == [0, 950, 0, 0, 0, 0]


def test_store_without_sales_says_so(engine: Engine) -> None:
    bring(engine, [post("p", 0)])
    with reading(engine) as session:
        credit = read_credit(session, MARCH)
        assert (credit.sales, credit.total_minor, len(credit.rows), credit.first_day) == (0, 0, 0, None)
        assert read_credit_sales(session, MARCH).sales.empty
        assert read_pipeline(session).total_minor == 0
        assert read_revenue(session, MARCH).total_minor == 0
        assert sale_kinds(session) == ()


def test_unknown_rules_dimensions_and_lookbacks_are_refused(engine: Engine) -> None:
    with reading(engine) as session:
        for wrong in ({"rule": "luck"}, {"by": "weather"}, {"lookback_days": 8}, {"sale_kind": "lost_deal"}):
            with pytest.raises(ValueError, match="is not one of"):
                read_credit(session, MARCH, **wrong)  # type: ignore[arg-type]


def test_command_line_prints_the_same_numbers_in_whole_units(shop: Engine) -> None:
    with reading(shop) as session:
        line, rows = read_credit_rows(
            session,
            None,
            MARCH,
            name="attributed_revenue",
            rule="markov",
            by="influencer",
            lookback_days=30,
            sale_kind=None,
        )
    assert (line["value"], line["no_touch"], line["total"], line["sales"]) == (9.0, 0.5, 9.5, "orders")
    assert "Without sales in USD" in line["coverage"]
    assert [row["credit"] for row in rows] == [9.0, 0.5]


def test_markov_gives_nothing_to_a_key_that_is_in_no_sales_journey(engine: Engine) -> None:
    # bob goes from the hall to the wall and buys nothing; ann comes to the wall and buys: only hers is shared out
    records = [channel("hall"), channel("wall"), visit("v", 11, "bob"), order("o", DAY, amount=1_000)]
    bring(engine, [*records, post("b1", 0, "bob", channel="hall"), post("b2", 10, "bob"), post("a", 10)])
    with reading(engine) as session:
        credit = read_credit(session, MARCH, rule="markov")
        for key in credit.rows["key"]:
            assert len(read_credit_sales(session, MARCH, rule="markov", key=key).sales) == 1
    assert credit_by_key(credit, "markov") == {"Wall": 1_000}


def test_no_touch_is_the_same_under_every_rule_and_in_the_heading_when_money_is_converted(engine: Engine) -> None:
    # 33 + 33 + 34 of 100 and 1,001 that nobody is known to have paid: each part would round apart from the others
    touches = [row for i in range(3) for row in (channel(f"w{i}"), post(f"a{i}", 10 + i, channel=f"w{i}"))]
    sold = [order("o", DAY, amount=100, currency="USD"), order("n", DAY + 5, None, amount=1_001, currency="USD")]
    bring(engine, [*touches, *sold])
    for rate, dimensions in (("0.5", ["channel"]), ("0.923", DIMENSIONS), ("1.1", ["channel"])):
        rates = [{"currency": "USD", "rate": rate, "from": "2026-01-01"}]
        change_setting(engine, key="rates", value=rates, decided_by="Ada")
        with reading(engine) as session:
            for by in dimensions:
                credit = read_credit(session, MARCH, by=by)
                unreached = credit.rows[credit.rows["key"] == UNREACHED].iloc[0]
                assert {int(unreached[rule]) for rule in RULES} == {credit.unreached_minor}, (rate, by)
                assert {int(credit.rows[rule].sum()) for rule in RULES} == {credit.total_minor}, (rate, by)


def test_markov_gives_no_credit_to_open_deals_and_says_why_when_nothing_was_ever_won(engine: Engine) -> None:
    bring(engine, [channel("wall"), post("p", 0), deal("open", None, "ann", amount=700)])
    with reading(engine) as session:
        pipeline = read_pipeline(session, rule="markov")
        line, rows = read_credit_rows(
            session, None, MARCH, name="open_pipeline", rule="markov", by="channel", lookback_days=30, sale_kind=None
        )
    assert pipeline.rows["label"].tolist() == ["Wall"]
    assert pipeline.rows["markov"].isna().all()
    assert pipeline.rows["linear"].tolist() == [700]
    assert pipeline.note.startswith("Markov learns from won deals, and none has been won")
    assert (rows[0]["credit"], rows[0]["linear"]) == (None, 7.0)
    assert "Markov learns" in line["coverage"]


def test_deal_without_an_amount_counts_and_comes_to_nothing_in_any_currency(engine: Engine) -> None:
    nothing: dict[str, Any] = {"amount": None, "currency": None}
    deals = [deal("d", 5 * DAY, "ann", amount=700), deal("n", 5 * DAY, "ann", **nothing), deal("o", None, **nothing)]
    bring(engine, [channel("wall"), visit("v", 0), *deals])
    with reading(engine) as session:
        credit = read_credit(session, MARCH, sale_kind="deal", by="layer")
        held = read_sales_held(session)
        numbers = compute_metrics(session, ("won_deals", "won_deals_amount", "open_pipeline"), MARCH)
    assert (credit.sales, credit.without_amount, credit.total_minor) == (2, 1, 700)
    assert credit.rows["sales"].tolist() == [2]
    assert len(credit.unconverted) == 0
    assert held.currencies == ("EUR",)
    assert (numbers["won_deals"].value, numbers["won_deals_amount"].value) == (2, 7.0)
    assert numbers["won_deals_amount"].coverage == "in EUR; 1 won deal names no amount"
    assert math.isnan(numbers["open_pipeline"].value)
    assert numbers["open_pipeline"].coverage == "1 open deal, without an amount"


def test_won_deal_without_a_date_is_counted_apart_beside_the_total(engine: Engine) -> None:
    undated = deal("u", None, "ann", amount=5_000, is_won=True, created_at=at(0))
    bring(engine, [channel("wall"), visit("v", 0), undated, deal("d", 5 * DAY, "ann", amount=700)])
    with reading(engine) as session:
        credit = read_credit(session, MARCH, sale_kind="deal")
        stages = session.exec(select(PersonStage)).all()
        won = compute_metrics(session, ("won_deals",), MARCH)["won_deals"]
        pipeline = read_pipeline(session)
    assert (credit.sales, credit.total_minor) == (1, 700)
    assert credit.undated.to_dict("records") == [{"currency": "EUR", "sales": 1, "total_minor": 5_000}]
    assert (won.value, won.coverage) == (1, "1 more won without a date of the close, in no period")
    assert [stage.customer_on for stage in stages] == [at(5 * DAY).date()]
    assert len(pipeline.undated) == 0


def test_counts_are_of_all_that_was_sold_also_in_a_currency_without_a_rate(shop: Engine) -> None:
    with reading(shop) as session:
        numbers = compute_metrics(session, ("orders", "revenue", "influenced_share", "attributed_revenue"), MARCH)
    assert (numbers["orders"].value, numbers["revenue"].value) == (3, 9.5)
    left_out = "2 of 3 orders have a touch before; amounts in EUR, without USD, for which Settings has no rate"
    assert {numbers[name].coverage for name in ("influenced_share", "attributed_revenue")} == {left_out}
