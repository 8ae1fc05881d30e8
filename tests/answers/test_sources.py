"""How fresh each source is, which days are missing, and what was not brought in. 2 March 2026 is a Monday."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from answers.catalogue import METRICS
from answers.sources import _KINDS, list_missing, read_sources
from data_access.importers import FORMATS
from data_access.models.facts import Deal, Feedback, ImportRun, Order, Visit
from data_access.queries import dated_rows
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at

WEEKS = 10
LAST = MONDAY + timedelta(weeks=WEEKS) - DAY
ON_NO_DAY = "on no day in particular"


def test_sources_say_which_are_late_and_whose_days_are_missing(session: Session) -> None:
    for number, source in enumerate(("daily", "office", "ended", "late"), start=1):
        add_channel(session, number, source=source)
    lost = LAST - timedelta(days=10)
    for day in (MONDAY + DAY * number for number in range(7 * WEEKS)):
        if day != lost:
            add_daily(session, day, 1, posts=2)
        if day.weekday() < 5:
            add_daily(session, day, 2, posts=1)
        if day < MONDAY + timedelta(weeks=1):
            add_daily(session, day, 3, posts=1)
        if day <= LAST - timedelta(days=6):
            add_daily(session, day, 4, posts=1)
    add_person(session, 1)
    session.add(ImportRun(id=7, file="may.csv", fingerprint="f", started_at=at(LAST), finished_at=at(LAST, 13)))
    session.flush()
    add_post(session, 1, moment=at(LAST), channel=1, run_id=7)

    found = read_sources(session)
    assert found.last_day == LAST
    told = found.sources.set_index("source")[["fresh", "usual", "gaps"]].T.to_dict("list")
    assert list(told.items()) == [
        ("late", ["nothing for 6 days", "every day", 6]),
        ("daily", ["has the newest posts", "every day", 1]),
        ("ended", ["nothing for 63 days: it seems to have ended", "on no day in particular", 0]),
        ("office", ["nothing for 2 days, which is usual", "on weekdays", 0]),
    ]
    assert found.silent == 0
    first = found.sources.set_index("source").loc["daily"]
    assert (first["file"], first["imported_at"]) == ("may.csv", at(LAST, 13))
    missing = found.days[found.days["state"] == "missing"]
    assert missing.groupby("name").size().to_dict() == {"twitter · daily": 1, "twitter · late": 6}
    assert missing.loc[missing["name"] == "twitter · daily", "day"].dt.date.tolist() == [lost]


def test_sources_take_no_day_after_today_for_the_newest(session: Session) -> None:
    add_channel(session, 1, source="daily")
    add_channel(session, 2, source="ahead")
    add_channel(session, 3, source="long ago")
    for number in range(7 * WEEKS):
        add_daily(session, MONDAY + DAY * number, 1, posts=1)
    add_daily(session, LAST + timedelta(days=400), 2, posts=1)
    add_daily(session, LAST - timedelta(weeks=40), 3, posts=1)
    session.flush()
    found = read_sources(session, today=LAST + DAY)
    assert (found.last_day, found.dated_ahead) == (LAST, LAST + timedelta(days=400))
    told = found.sources.set_index("source")["fresh"]
    assert told["daily"] == "has the newest posts"
    assert told["ahead"] == "has posts to come: 14 Jun 2027"
    assert (found.silent, set(found.days["name"])) == (2, {"twitter · daily"})


def test_sources_name_the_newest_of_imports_that_brought_the_newest_day(session: Session) -> None:
    add_channel(session, 1)
    add_person(session, 1)
    add_daily(session, MONDAY, 1, posts=2)
    for run, file in ((7, "first.csv"), (8, "later.csv"), (9, "older posts.csv")):
        session.add(ImportRun(id=run, file=file, fingerprint=file, started_at=at(LAST), finished_at=at(LAST, run)))
    session.flush()
    add_post(session, 1, moment=at(MONDAY, 20), channel=1, run_id=7)
    add_post(session, 2, moment=at(MONDAY, 9), channel=1, run_id=8)
    add_post(session, 3, moment=at(MONDAY - DAY), channel=1, run_id=9)
    assert read_sources(session).sources["file"].tolist() == ["later.csv"]


def add_order(session: Session, number: int, moment: datetime, source: str = "shop", **more: Any) -> None:
    values = {"network": "shopify", "source": source, "native_id": str(number), "identity_id": 1}
    session.add(Order(**values, occurred_at=moment, amount_minor=100, currency="EUR", **more))


def test_sources_of_orders_deals_and_visits_say_how_fresh_they_are_and_which_days_are_missing(session: Session) -> None:
    add_person(session, 1)
    session.add(ImportRun(id=7, file="june.csv", fingerprint="f", started_at=at(LAST), finished_at=at(LAST, 13)))
    session.flush()
    keys = {"network": "web", "identity_id": 1}
    for number in range(7 * WEEKS):
        day = MONDAY + DAY * number
        if number % 7 < 5 and day != LAST - timedelta(days=10):  # a Thursday
            add_order(session, number, at(day), run_id=7)
        for source in ("blog", "help") if number < 7 * WEEKS - 6 else ("blog",):
            session.add(Visit(native_id=str(number), source=source, occurred_at=at(day, 23), **keys))
    session.add(Feedback(native_id="f", source="a", occurred_at=at(MONDAY), kind="nps", **keys))
    session.add(Feedback(native_id="f", source="b", occurred_at=at(MONDAY + 2 * DAY), kind="nps", **keys))
    session.add(Deal(network="crm", source="hub", native_id="d", created_at=at(MONDAY), closed_at=at(LAST - DAY)))
    session.add(Deal(network="crm", source="hub", native_id="open"))
    session.flush()
    found = read_sources(session, today=LAST).others
    told = found[["kind", "source", "fresh", "gaps", "usual", "file"]].astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        ["Orders", "shop", "nothing for 2 days, which is usual", 1, "on weekdays", "june.csv"],
        ["Deals", "hub", "nothing for 1 day, which is usual", 0, ON_NO_DAY, None],
        ["Visits", "blog", "has the newest data", None, None, None],
        ["Visits", "help", "nothing for 6 days", None, None, None],
        ["Survey answers", "several", "nothing for 67 days: it seems to have ended", 0, ON_NO_DAY, None],
    ]
    assert found["last_day"].dt.date.tolist()[:2] == [LAST - 2 * DAY, LAST - DAY]


def test_newest_order_of_a_shop_is_found_behind_many_of_another(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dated_rows, "_WALKED", 3)
    add_person(session, 1)
    for number in range(9):
        add_order(session, number, at(MONDAY + DAY * number), source="busy")
    add_order(session, 1, at(MONDAY), source="ended")
    session.flush()
    found = {one.source: one.newest for one in dated_rows.list_dated_sources(session, most=5)}
    assert found == {"busy": at(MONDAY + 8 * DAY), "ended": at(MONDAY)}
    assert len(dated_rows.list_dated_sources(session, most=1)) == 1


def test_sources_say_what_would_fill_which_number(session: Session) -> None:
    names = [one.name for one in read_sources(session).missing]
    assert names == ["posts", "orders", "deals", "emails", "visits", "followers", "feedback"]
    add_channel(session)
    add_person(session, 1, email="ann@shop.example", followers=3)
    add_daily(session, MONDAY, posts=1, likes_posts=1)
    session.add(
        Order(
            network="shop",
            source="s",
            native_id="o1",
            identity_id=1,
            occurred_at=at(MONDAY),
            amount_minor=100,
            currency="EUR",
        )
    )
    session.flush()
    missing = {one.name: one for one in read_sources(session).missing}
    assert list(missing) == ["answers", "deals", "visits", "shares", "views", "reach", "feedback"]
    assert missing["deals"].fills == ("Won deals", "Deals won", "Open pipeline")
    assert missing["reach"].fills == ("Engagement rate by reach", "Share of voice, by reach")
    assert missing["deals"].formats[:2] == ("HubSpot", "Salesforce")


def test_sources_miss_nothing_that_there_was_at_any_time(session: Session) -> None:
    add_channel(session)
    add_daily(session, MONDAY, side="team", posts=1, likes_posts=1, shares_posts=1, view_posts=1, reach_posts=1)
    add_daily(session, MONDAY + timedelta(days=400), posts=1)
    names = [one.name for one in read_sources(session).missing]
    assert names == ["orders", "deals", "emails", "visits", "followers", "feedback"]


@pytest.mark.parametrize("name", _KINDS)
def test_kind_of_data_names_formats_that_there_are_and_fills_a_number_or_a_page(name: str) -> None:
    kind = _KINDS[name]
    assert set(kind.formats) <= {known.name for known in FORMATS}
    assert kind.shows
    assert name == "followers" or any(kind.is_of(metric) for metric in METRICS)
    (said,) = list_missing(dict.fromkeys(_KINDS, True) | {name: False})
    assert said.formats


def test_what_is_sold_is_named_before_what_it_is_compared_with() -> None:
    (orders,) = list_missing(dict.fromkeys(_KINDS, True) | {"orders": False})
    assert orders.fills[:2] == ("Revenue", "Orders")
