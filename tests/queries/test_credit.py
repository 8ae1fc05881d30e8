"""The rollups of credit, and the sales and touches behind them."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from data_access.models.columns import to_micros
from data_access.models.derived import CreditDay, Sale, Touch, TransitionDay
from data_access.queries.credit import list_person_names, read_credit_days, read_credit_sums, read_transitions
from data_access.queries.sales import SalePlace, list_kinds, list_newest_sales, list_sales_of, read_sales_span
from data_access.queries.touches import list_touches, list_touches_around

MONDAY = date(2026, 3, 2)
SLICE = {"sale_kind": "order", "lookback_days": 30, "dimension": "layer"}


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=day)


def add_sale(session: Session, number: int, day: int | None, person: int = 1, kind: str = "order") -> None:
    moment = None if day is None else at(day)
    place = {"sale_kind": kind, "fact_id": number, "person_id": person, "amount_minor": 100, "currency": "EUR"}
    session.add(Sale(**place, occurred_at=moment, journey_at=moment, day=None if moment is None else moment.date()))
    session.flush()


def add_touch(session: Session, number: int, day: int, person: int = 1) -> None:
    place = {"person_id": person, "kind": "visit", "fact_id": number, "network": "web", "layer": "hub"}
    session.add(Touch(**place, occurred_at=at(day), day=at(day).date()))
    session.flush()


def test_credit_is_summed_over_the_days_of_the_slice(session: Session) -> None:
    for day, key, currency, linear in (
        (0, "hub", "EUR", 5),
        (1, "hub", "EUR", 7),
        (1, "", "USD", 3),
        (2, "hub", "EUR", 90),
    ):
        place = {"day": MONDAY + timedelta(days=day), "key": key, "currency": currency}
        session.add(CreditDay(**SLICE, **place, linear=linear, sales=1))
    session.add(CreditDay(**(SLICE | {"lookback_days": 7}), day=MONDAY, key="hub", currency="EUR", linear=1_000))
    session.flush()
    period = {"start": MONDAY, "end": MONDAY + timedelta(days=2)}
    sums = read_credit_sums(session, **SLICE, **period)  # type: ignore[arg-type]
    found = {(row["key"], row["currency"]): (row["linear"], row["sales"]) for row in sums.to_dict("records")}
    assert found == {("hub", "EUR"): (12, 2), ("", "USD"): (3, 1)}
    days = read_credit_days(session, **SLICE, **period, currencies=["USD"])  # type: ignore[arg-type]
    assert days[["key", "linear"]].to_numpy().tolist() == [["", 3]]


def test_transitions_are_summed_over_days(session: Session) -> None:
    for day, journeys in ((0, 2), (1, 3), (5, 100)):
        steps = {"(start)": {"hub": journeys}, "hub": {"(null)": 1}}
        session.add(TransitionDay(**SLICE, day=MONDAY + timedelta(days=day), steps=steps))
    session.flush()
    found = read_transitions(session, **SLICE, start=MONDAY, end=MONDAY + timedelta(days=2))  # type: ignore[arg-type]
    assert found.to_numpy().tolist() == [["(start)", "hub", 5], ["hub", "(null)", 2]]
    assert read_transitions(session, **SLICE, start=None, end=None)["journeys"].sum() == 108  # type: ignore[arg-type]


def test_newest_sales_go_on_after_a_place_each_once_whoever_takes_part(session: Session) -> None:
    for number, day in ((1, 0), (2, 3), (3, 3), (4, None)):
        add_sale(session, number, day, kind="order" if day is not None else "open_deal")
    add_sale(session, 2, 3, person=2)
    kinds = ("order", "open_deal")
    newest = list_newest_sales(session, kinds=kinds)
    assert newest["fact_id"].tolist() == [4, 3, 2, 1]
    place = SalePlace(to_micros(at(3)), "order", 3)
    assert list_newest_sales(session, kinds=kinds, after=place)["fact_id"].tolist() == [2, 1]
    assert list_newest_sales(session, kinds=kinds, people=[2])["fact_id"].tolist() == [2]
    assert list_newest_sales(session, kinds=kinds, start=MONDAY, end=MONDAY + timedelta(days=1))[
        "fact_id"
    ].tolist() == [1]
    assert list_kinds(session) == ("order",)
    assert read_sales_span(session, "order") == (MONDAY, MONDAY + timedelta(days=3))
    assert sorted(list_sales_of(session, [1])["fact_id"]) == [1, 2, 3, 4]


def test_touches_are_read_by_person_and_around_days(session: Session) -> None:
    for number, day, person in ((1, 0, 1), (2, 5, 1), (3, 9, 1), (4, 5, 2), (5, 6, 3)):
        add_touch(session, number, day, person)
    since, until = to_micros(at(0)), to_micros(at(5))
    assert sorted(list_touches(session, [1, 2])["fact_id"]) == [1, 2, 3, 4]
    assert sorted(list_touches(session, [1], since=since, until=until)["fact_id"]) == [1, 2]
    around = list_touches_around(session, [at(5).date()], since=since, until=to_micros(at(9)))
    assert sorted(around["fact_id"]) == [1, 2, 3, 4]
    assert list_touches(session, []).empty
    assert list_person_names(session, [7]) == {7: "Person 7"}
