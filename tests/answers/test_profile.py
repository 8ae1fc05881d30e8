"""One person's page."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from answers.profile import end_of_period, find_person, read_circle, read_profile, read_timeline
from answers.records import BrokenCursor
from data_access.decisions import append_decision
from data_access.models import derived, facts
from data_access.models.decisions import Mute
from data_access.models.derived import Conversation, DailyActivity
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

KEY = {"network": "shop", "source": "s"}


def add_store(session: Session) -> None:
    """Ann holds the accounts 1 and 3, Bob 2. She wrote twice, visited once, bought once, and talked with Bob."""
    add_channel(session)
    add_person(session, 1, "Ann", followers=10)
    add_person(session, 2, "Bob")
    session.add(facts.Identity(id=3, network="mastodon", source="m", native_id="u3", handle="ann3", followers=70))
    session.flush()
    session.add(derived.PersonIdentity(identity_id=3, person_id=1, evidence={"rule": "email"}))
    add_post(session, 1, author=1, moment=at(MONDAY, 9), label="positive")
    add_post(session, 2, author=3, moment=at(MONDAY + DAY, 9), label="negative")
    add_post(session, 3, author=2, moment=at(MONDAY, 10))
    for day, number in [(MONDAY, 1), (MONDAY + 40 * DAY, 2)]:
        session.add(
            derived.PersonDay(
                person_id=1, day=day, channel_id=1, posts=number, scored=1, positive=2 - number, negative=number - 1
            )
        )
    session.add(facts.Visit(**KEY, native_id="v", identity_id=1, occurred_at=at(MONDAY, 9), utm_source="mail"))
    session.add(
        facts.Order(**KEY, native_id="o", identity_id=3, occurred_at=at(MONDAY, 11), amount_minor=999, currency="EUR")
    )
    session.add(facts.Feedback(**KEY, native_id="f", identity_id=1, kind="csat", score=4, occurred_at=at(MONDAY, 8)))
    talk = [("reply", 1, 2), ("mention", 3, 2), ("reply", 2, 1), ("like", 2, 1), ("reply", 1, 3), ("reply", 1, None)]
    for number, (kind, actor, target) in enumerate(talk):
        known = {"kind": kind, "actor_id": actor, "target_id": target, "occurred_at": at(MONDAY, number)}
        session.add(facts.Interaction(**KEY, native_id=str(number), **known))
    for number, closed, seconds in [(1, at(MONDAY, 10), 3_600), (2, None, None)]:
        session.add(
            derived.Turn(
                opened_post_id=number,
                conversation_id=number,
                channel_id=1,
                person_id=1,
                day=MONDAY,
                opened_at=at(MONDAY, 9),
                last_post_id=number,
                posts=1,
                negative_posts=0,
                closed_at=closed,
                response_seconds=seconds,
            )
        )
    session.flush()


def test_read_profile_gathers_all_accounts(session: Session) -> None:
    add_store(session)
    profile = read_profile(session, 1)
    assert profile is not None
    assert (profile.name, profile.posts, profile.active_days, profile.conversations) == ("Ann", 2, 2, 2)
    assert (profile.first_day, profile.last_day) == (MONDAY, MONDAY + DAY)
    assert profile.entries == {"post": 2, "visit": 1, "order": 1, "feedback": 1}
    assert sorted(profile.accounts["network"]) == ["mastodon", "twitter"]
    assert (profile.turns, profile.answered, profile.median_response_seconds) == (2, 1, 3_600)
    assert (profile.net_sentiment, profile.scored) == (0, 2)
    assert profile.channels[["channel", "posts"]].to_numpy().tolist() == [["channel 1", 3]]


def test_read_profile_shows_sentiment_by_week_up_to_half_a_year(session: Session) -> None:
    add_store(session)
    profile = read_profile(session, 1)
    assert profile is not None
    assert profile.unit == "week"
    assert profile.sentiment["period"].iloc[0] == pd.Timestamp(MONDAY)
    assert profile.sentiment["posts"].tolist() == [1, 0, 0, 0, 0, 2]  # 40 days later; the weeks between too
    assert profile.sentiment["net_sentiment"].dropna().tolist() == [100, -100]


def test_read_profile_shows_sentiment_by_month_beyond_half_a_year(session: Session) -> None:
    add_store(session)
    session.add(derived.PersonDay(person_id=1, day=MONDAY + 300 * DAY, channel_id=1, posts=4, scored=0))
    session.flush()
    profile = read_profile(session, 1)
    assert profile is not None
    assert profile.unit == "month"
    assert profile.sentiment["posts"].tolist() == [1, 2, 0, 0, 0, 0, 0, 0, 0, 4]
    assert profile.sentiment["period"].tolist()[-1] == pd.Timestamp("2026-12-01")


@given(day=st.dates(max_value=date(9998, 1, 1)), unit=st.sampled_from(["week", "month"]))
def test_end_of_period_follows_the_start(day: date, unit: str) -> None:
    start = day.replace(day=1) if unit == "month" else day
    end = end_of_period(start, unit)
    assert 7 <= (end - start).days <= 31
    assert unit == "week" or end.day == 1


def test_read_profile_waits_as_today_does_when_a_turn_is_open(session: Session) -> None:
    add_store(session)
    answered = session.exec(select(derived.Turn).where(derived.Turn.opened_post_id == 1)).one()
    answered.closed_post_id = 3
    session.add_all(DailyActivity(day=day, channel_id=1, side="inbound", posts=3) for day in (MONDAY, MONDAY + DAY))
    session.add(
        Conversation(
            id=2, channel_id=1, started_at=at(MONDAY), last_at=at(MONDAY + DAY, 9), posts=1, team_posts=0, people=1
        )
    )
    session.flush()
    profile = read_profile(session, 1)
    assert profile is not None
    assert profile.waiting.waiting == 1
    assert profile.waiting.turns["opened_post_id"].tolist() == [2]
    bob = read_profile(session, 2)
    assert bob is not None
    assert bob.waiting.waiting == 0


def test_read_profile_names_the_mute_of_an_account(session: Session) -> None:
    add_store(session)
    mute = append_decision(
        session, Mute, decided_by="Eve", kind="account", network="mastodon", source="m", native_id="u3"
    )
    profile = read_profile(session, 1)
    assert profile is not None
    mutes = profile.accounts.set_index("identity_id")["mute_id"]
    assert mutes[3] == mute.id
    assert pd.isna(mutes[1])


def test_read_circle_counts_talk_both_ways(session: Session) -> None:
    add_store(session)
    circle = read_circle(session, 1)
    assert circle["person_id"].tolist() == [2]
    row = circle.iloc[0]
    assert (row["name"], row["network"], row["together"]) == ("Bob", "twitter", 4)
    assert (row["replies_to"], row["replies_from"], row["mentions_to"], row["likes_from"]) == (1, 1, 1, 1)
    assert (row["shares_to"], row["likes_to"]) == (0, 0)
    assert row["last_at"] == at(MONDAY, 3)


def test_read_circle_mirrors_that_of_the_other(session: Session) -> None:
    add_store(session)
    ann, bob = read_circle(session, 1).iloc[0], read_circle(session, 2).iloc[0]
    for kind in ("replies", "mentions", "shares", "likes"):
        assert (ann[f"{kind}_to"], ann[f"{kind}_from"]) == (bob[f"{kind}_from"], bob[f"{kind}_to"])


def test_find_person_opens_whoever_holds_the_account_now(session: Session) -> None:
    add_store(session)
    assert find_person(session, 3) == 1
    assert find_person(session, 99) is None
    assert find_person(session, 10**30) is None
    assert read_profile(session, 99) is None


def test_read_profile_of_someone_silent_has_no_numbers(session: Session) -> None:
    add_person(session, 7, "Gil")
    profile = read_profile(session, 7)
    assert profile is not None
    assert (profile.posts, profile.first_day, profile.turns, profile.waiting.waiting) == (0, None, 0, 0)
    assert math.isnan(profile.net_sentiment)
    assert math.isnan(profile.median_response_seconds)
    assert read_circle(session, 7).empty
    assert profile.sentiment.empty
    assert read_timeline(session, 7).rows.empty


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_read_timeline_pages_through_everything_once(session: Session, limit: int) -> None:
    add_store(session)
    seen, cursor = [], None
    while True:
        page = read_timeline(session, 1, cursor=cursor, limit=limit)
        seen += list(zip(page.rows["sort"], page.rows["entry_id"], strict=True))
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [("post", 2), ("order", 1), ("post", 1), ("visit", 1), ("feedback", 1)]


def test_read_timeline_shows_only_the_sorts_asked_for(session: Session) -> None:
    add_store(session)
    rows = read_timeline(session, 1, sorts=("order",)).rows
    assert read_timeline(session, 1, sorts=("order",)).records.empty
    assert rows[["sort", "amount_minor", "currency"]].to_numpy().tolist() == [["order", 999, "EUR"]]
    assert read_timeline(session, 1, sorts=()).rows.empty


def test_read_timeline_brings_posts_as_records_to_correct(session: Session) -> None:
    add_store(session)
    records = read_timeline(session, 1).records
    assert records["post_id"].tolist() == [2, 1]
    assert records["label"].tolist() == ["negative", "positive"]
    assert read_timeline(session, 1, with_records=False).records.empty


@pytest.mark.parametrize("cursor", ["", "x", "1.2", "1.party.3", "9999999999999999999999.post.1"])
def test_read_timeline_refuses_a_broken_cursor(session: Session, cursor: str) -> None:
    add_store(session)
    if not cursor:
        assert len(read_timeline(session, 1, cursor=cursor).rows) == 5
        return
    with pytest.raises(BrokenCursor, match="first page"):
        read_timeline(session, 1, cursor=cursor)
