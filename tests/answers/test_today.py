"""The last day: its numbers, what is unusual and why, and what is new."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from answers import drivers
from answers.catalogue import find_metric
from answers.drivers import Drivers, read_drivers, read_top_posts
from answers.filters import Filters
from answers.scope import read_scope
from answers.today import DAY_NUMBERS, Unusual, group_by_day, read_since_last_look, read_today
from data_access.models.decisions import Mute, Relabel
from data_access.models.facts import ImportRun
from tests.answers.store import (
    DAY,
    MONDAY,
    add_active,
    add_channel,
    add_daily,
    add_hour,
    add_person,
    add_post,
    add_turn_day,
    at,
)

ANY = Filters(MONDAY, MONDAY + DAY)


def add_weeks(session: Session, *, posts: int, last_hour: int = 23) -> None:
    """Ten weeks of 40 posts a day, half in the morning and half in the evening; a last Monday of ``posts``."""
    add_channel(session)
    add_person(session, 1, "Ann")
    for n in range(1, 71):
        add_daily(session, MONDAY - n * DAY, positive=20, negative=20)
        add_hour(session, MONDAY - n * DAY, 9, 20)
        add_hour(session, MONDAY - n * DAY, 20, 20)
    add_daily(session, MONDAY, positive=0, negative=posts)
    add_hour(session, MONDAY, last_hour, posts)
    for number in range(12):
        words = ("the battery burns again", "burning battery", "battery on fire")[number % 3]
        add_post(
            session, number + 1, moment=at(MONDAY, last_hour, number), text=f"{words} {'abcdefghijkl'[number]}{number}",
            label="negative", tags=["recall"], likes=number,
        )  # fmt: skip
        add_post(session, number + 101, moment=at(MONDAY - 3 * DAY, 9, number), text=f"lovely day, part x{number}")
    add_active(session, MONDAY, [1])
    add_turn_day(session, MONDAY, seconds=[60], open_since=[at(MONDAY, 5)])


def drivers_of(session: Session) -> Drivers:
    return read_drivers(session, Filters(MONDAY, MONDAY + DAY), scope=read_scope(session))


@pytest.mark.parametrize(
    ("metric", "value", "low", "high", "said"),
    [
        ("net_sentiment", 5.6, 5.9, 43.2, "+5.6, usually +5.9 to +43.2."),
        ("net_sentiment", 5.6, 6.9, 43.2, "+6, usually +7 to +43."),
        ("posts", 34.0, 6.2, 33.6, "34, usually 7 to 33."),
        ("negative_share", 0.304, 0.1, 0.301, "30.4 %, usually 10.0 % to 30.1 %."),
    ],
)
def test_a_value_outside_its_band_is_not_written_like_the_limit_it_passed(metric, value, low, high, said):
    unusual = Unusual(date(2026, 5, 15), find_metric(metric), value, 20.0, low, high)
    assert unusual.what.split(": ")[1] == said


def test_read_today_has_its_numbers_with_a_sparkline(session: Session) -> None:
    add_weeks(session, posts=200)
    today = read_today(session, ANY)
    assert today.day == MONDAY
    assert [item.metric.name for item in today.numbers] == list(DAY_NUMBERS)
    posts = today.numbers[0]
    assert (posts.value, posts.expected, posts.change) == (200, 40, 160)
    assert posts.is_unusual
    assert posts.comparison == "usual for a Monday"
    assert len(posts.series) == 28
    assert today.numbers[2].value == -100


def test_read_today_compares_with_the_same_hours_when_day_is_unfinished(session: Session) -> None:
    add_weeks(session, posts=20, last_hour=11)
    today = read_today(session, ANY)
    posts = today.numbers[0]
    assert today.is_unfinished
    assert (posts.value, posts.expected) == (20, 20)
    assert not posts.is_unusual
    assert posts.comparison == "usual for a Monday until 12:00"


def test_read_today_says_what_is_unusual_and_why(session: Session) -> None:
    add_weeks(session, posts=200)
    unusual = read_today(session, ANY).unusual
    assert unusual[0].day == MONDAY
    assert {item.metric.name for item in unusual} <= {"posts", "negative_posts", "net_sentiment", "people", "questions"}
    posts = next(item for item in unusual if item.metric.name == "posts")
    assert posts.what == "Posts on Monday 2 March: 200, usually 22 to 58."
    assert [len(of_day) for of_day in group_by_day(unusual)] == [len(unusual)]
    found = drivers_of(session)
    assert found.words.startswith("160 more posts than usual in channel 1")
    assert "#recall in 12 posts" in found.words
    assert found.terms["term"].iloc[0] == "battery"
    top = read_top_posts(session, ANY, scope=read_scope(session))
    assert top["post_id"].iloc[0] == 12
    assert found.people["name"].tolist() == ["Ann"]


def test_drivers_compare_hashtags_of_as_many_posts_when_days_have_more_than_are_looked_at(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_weeks(session, posts=200)
    add_post(session, 200, moment=at(MONDAY - DAY, 10), text="recalled", tags=["recall"])
    whole = drivers_of(session)
    # of the day's 200 posts all are looked at, of the 1,120 of the days before not
    assert whole.bounds == "Words compare the newest 200 posts of that day with the newest 600 before it."
    assert whole.tags["usual"].tolist() == [1 / 28]
    monkeypatch.setattr(drivers, "CANDIDATES", 10)
    monkeypatch.setattr(drivers, "MOST_BEFORE", 20)
    monkeypatch.setattr(drivers, "TEXTS", 8)
    cut = drivers_of(session)
    assert cut.tags["posts"].tolist() == [10]
    # of 1,120 posts of the 28 days before 10 are looked at, of the day's 200 the same
    assert cut.tags["usual"].tolist() == [pytest.approx(1 / 28 * (10 / 200) / (10 / 1120))]
    assert cut.bounds == (
        "Words compare the newest 8 posts of that day with the newest 8 before it; hashtags and the posts that got most"
        " are of its newest 10; what is usual of a hashtag is estimated from the newest 10 posts before it."
    )


def test_read_today_leaves_out_muted_words_from_the_reasons(session: Session) -> None:
    add_weeks(session, posts=200)
    for word in ("battery", "recall"):
        session.add(Mute(kind="word", word=word, decided_at=at(MONDAY), decided_by="Ada"))
    session.flush()
    found = drivers_of(session)
    assert "battery" not in set(found.terms["term"])
    assert found.tags.empty
    assert read_top_posts(session, ANY, scope=read_scope(session)).empty


def test_read_today_keeps_what_only_contains_a_muted_word(session: Session) -> None:
    add_weeks(session, posts=200)
    for word in ("att", "call", "burn"):
        session.add(Mute(kind="word", word=word, decided_at=at(MONDAY), decided_by="Ada"))
    session.flush()
    found = drivers_of(session)
    assert len(read_top_posts(session, ANY, scope=read_scope(session))) == 5
    assert "battery" in set(found.terms["term"])
    assert found.tags["tag"].tolist() == ["recall"]


def test_read_today_finds_nothing_unusual_when_day_is_like_others(session: Session) -> None:
    add_weeks(session, posts=40)
    assert "posts" not in {item.metric.name for item in read_today(session, ANY).unusual}


def test_read_today_is_empty_when_store_is(session: Session) -> None:
    today = read_today(session, ANY)
    assert today.day is None
    assert today.numbers == ()


def test_read_today_has_no_expectation_when_data_is_young(session: Session) -> None:
    add_channel(session)
    add_daily(session, MONDAY, positive=3)
    add_hour(session, MONDAY, 10, 3)
    today = read_today(session, ANY)
    assert today.numbers[0].value == 3
    assert math.isnan(today.numbers[0].expected)
    assert today.unusual == ()


@pytest.mark.parametrize("hours", [1, -1])
def test_read_since_last_look_tells_only_what_came_after(session: Session, hours: int) -> None:
    looked = datetime(2026, 3, 3, 8, tzinfo=UTC)
    later = looked + timedelta(hours=hours)
    session.add(
        ImportRun(
            file="a.csv",
            fingerprint="x",
            status="done",
            counts={"post": 7},
            added=9,
            started_at=later,
            finished_at=later,
        )
    )
    session.add(Relabel(network="t", source="s", native_id="1", label="neutral", decided_at=later, decided_by="Ada"))
    session.flush()
    since = read_since_last_look(session, ANY, looked_at=looked)
    assert since.is_nothing == (hours < 0)
    assert since.new_posts == (7 if hours > 0 else 0)
    assert since.decisions["decisions"].sum() == (1 if hours > 0 else 0)
