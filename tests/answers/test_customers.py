"""What customers are worth, by segment and one by one."""

from datetime import date

import pytest
from sqlalchemy import Engine

from answers.customers import (
    GROUPS,
    NOT_PLACED,
    list_engaged,
    list_people_of_segment,
    read_customers,
    read_person_value,
)
from data_access.records import DealRecord, OrderRecord, Record
from data_access.store import reading
from metrics.segments import SEGMENTS
from tests.jobs.stores import account, at, bring, post
from tests.kept_stores import filled_once

DAY = 1440


def _order(native_id: str, days: float, buyer: str, amount: int, currency: str = "EUR", **values: str) -> OrderRecord:
    return OrderRecord("net", "net.example", native_id, amount, currency, at(days * DAY), identity=buyer, **values)


def _shop() -> list[Record]:
    """60 customers of EUR: every other one buys again after 30 days, every fourth after 60; one buys in USD. Two of
    them write; one is a contact in deals."""
    rows: list[Record] = []
    for number in range(60):
        days = [0, *([30] if number % 2 == 0 else []), *([60] if number % 4 == 0 else [])]
        rows += [_order(f"o{number}-{d}", d + number % 7, f"b{number}", 1_000 + 100 * number) for d in days]
    rows += [_order("dollar", 3, "b1", 700, "USD"), _order("refund", 40, "b2", -1_200, refund_of="o2-30")]
    rows += [post("p1", 0, "b0"), post("p2", 5, "b1"), post("p3", 5, "nobody")]
    rows.append(account("b4"))
    deal = {"amount_minor": 90_000, "currency": "EUR", "contacts": ("b4",)}
    rows.append(DealRecord("net", "net.example", "won", is_won=True, closed_at=at(DAY), **deal))  # type: ignore[arg-type]
    rows.append(DealRecord("net", "net.example", "open", is_won=None, **deal))  # type: ignore[arg-type]
    return rows


@filled_once
def _fill_store(engine: Engine) -> None:
    bring(engine, _shop())


@pytest.fixture
def store(engine: Engine) -> Engine:
    _fill_store(engine)
    return engine


def test_segments_add_up_to_all_customers_of_the_currency(store: Engine) -> None:
    with reading(store) as session:
        customers = read_customers(session)
    assert customers is not None
    orders = sum((1 + (n % 2 == 0) + (n % 4 == 0)) * (1_000 + 100 * n) for n in range(60))
    assert (customers.currency, customers.currencies) == ("EUR", ("EUR", "USD"))
    assert (customers.people, customers.revenue_minor) == (60, orders - 1_200)
    segments = customers.segments
    assert (segments["people"].sum(), segments["revenue_minor"].sum()) == (60, orders - 1_200)
    assert segments["share"].sum() == pytest.approx(1)
    assert [name for name in SEGMENTS if name in set(segments["segment"])] == segments["segment"].tolist()
    assert customers.expected_minor == segments["expected_minor"].sum() > 0
    assert customers.others_without == 0
    assert customers.model is not None
    assert (customers.model.as_of, customers.model.customers) == (date(2026, 5, 7), 60)


def test_a_currency_of_few_is_not_placed_and_its_notes_say_why(store: Engine) -> None:
    with reading(store) as session:
        dollars = read_customers(session, "USD")
    assert dollars is not None
    assert (dollars.people, dollars.revenue_minor, dollars.expected_minor) == (1, 700, None)
    assert dollars.segments["segment"].tolist() == [NOT_PLACED]
    assert dollars.model is not None
    assert not dollars.model.is_fitted
    assert "Too few customers" in dollars.model.notes[0]


def test_people_of_a_segment_are_as_many_as_it_says(store: Engine) -> None:
    with reading(store) as session:
        customers = read_customers(session)
        assert customers is not None
        for row in customers.segments.itertuples(index=False):
            people = list_people_of_segment(session, "EUR", row.segment)
            assert len(people) == row.people
            assert people["revenue_minor"].sum() == row.revenue_minor
            assert people["revenue_minor"].is_monotonic_decreasing
        for row in customers.engaged.itertuples(index=False):
            assert len(list_engaged(session, "EUR", row.group)) == row.people


def test_engaged_customers_are_those_who_wrote(store: Engine) -> None:
    with reading(store) as session:
        customers = read_customers(session)
    assert customers is not None
    assert customers.engaged["group"].tolist() == [GROUPS[1], GROUPS[0]]
    assert customers.engaged["people"].tolist() == [2, 58]
    assert customers.engaged["revenue_minor"].tolist()[0] == 3 * 1_000 + 1_100
    assert customers.engaged["revenue_each_minor"].tolist()[0] == 2_050.0


def test_a_persons_value_says_how_it_is_made(store: Engine) -> None:
    with reading(store) as session:
        people = list_people_of_segment(session, "EUR", None).set_index("name")
        (worth,) = read_person_value(session, int(people.loc["b4", "person_id"]))
        assert read_person_value(session, 10**9) == ()
    assert (worth.orders, worth.revenue_minor, worth.to_date_minor) == (3, 4_200, 94_200)
    assert (worth.deals_won, worth.deals_open, worth.deals_open_minor) == (1, 1, 90_000)
    assert worth.segment in SEGMENTS
    assert worth.as_of == date(2026, 5, 7)
    assert worth.expected_orders is not None
    assert worth.how[0].startswith("Value to date: orders less refunds")
    assert f"Segment: {worth.segment}" in worth.how[1]
    assert "BG/NBD" in worth.how[2]


def test_value_says_that_there_is_no_model_when_customers_are_few(engine: Engine) -> None:
    bring(engine, [_order("o", 0, "ann", 500)])
    with reading(engine) as session:
        customers = read_customers(session)
        (worth,) = read_person_value(session, 1)
    assert customers is not None
    assert (customers.model, customers.expected_minor) == (None, None)
    assert (worth.to_date_minor, worth.segment, worth.quintiles) == (500, None, None)
    assert "too few customers" in worth.how[-1]


def test_there_is_no_answer_when_nobody_ordered(engine: Engine) -> None:
    with reading(engine) as session:
        assert read_customers(session) is None
