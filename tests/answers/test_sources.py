"""How fresh each source is, which days are missing, and what was not brought in. 2 March 2026 is a Monday."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from answers.catalogue import METRICS
from answers.sources import _KINDS, list_missing, read_sources
from data_access.importers import FORMATS
from data_access.models.facts import ImportRun, Order
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at

WEEKS = 10
LAST = MONDAY + timedelta(weeks=WEEKS) - DAY


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
    assert told["ahead"] == "has posts of 14 Jun 2027, which is to come"
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
