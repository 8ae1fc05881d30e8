"""What the Sentiment page shows, on a store that fits in the head."""

import math

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.sentiment import MOST_TREND_DAYS, NUMBERS, read_sentiment
from data_access.models.decisions import Mute, Relabel
from data_access.models.derived import PostScore
from data_access.models.facts import Brand
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def add_store(session: Session) -> None:
    session.add(Brand(id=1, name="Ours"))
    session.flush()
    add_channel(session, 1, brand=1)
    add_channel(session, 2, network="reddit")
    add_daily(session, MONDAY, channel=1, posts=10, positive=3, neutral=1, negative=1)
    add_daily(session, MONDAY + 2 * DAY, channel=2, posts=4, negative=2)


def test_read_sentiment_splits_by_channel_network_and_brand(session: Session) -> None:
    add_store(session)
    found = read_sentiment(session, WEEK)
    assert set(found.numbers) == set(NUMBERS)
    assert found.coverage == "sentiment scored for 7 of 14 posts"
    columns = ["scored", "net_sentiment", "negative_share", "unscored"]
    assert found.by_channel.set_index("channel_id")[columns].to_numpy().tolist() == [[5, 40, 0.2, 5], [2, -100, 1, 2]]
    assert found.by_network.set_index("network").loc["reddit", "net_sentiment"] == -100
    assert found.by_brand.set_index("brand")["scored"].to_dict() == {"Ours": 5, "no brand": 2}
    assert found.by_network["scored"].sum() == found.by_brand["scored"].sum() == 7


def test_read_sentiment_by_day_has_days_without_posts(session: Session) -> None:
    add_store(session)
    by_day = read_sentiment(session, WEEK).by_day
    assert by_day["negative"].tolist() == [1, 0, 2]  # up to the last day that has data
    assert by_day[["positive", "neutral", "negative", "unscored"]].to_numpy().sum() == 14


def test_trend_is_of_weeks_weighted_by_posts_when_data_has_too_many_days(session: Session) -> None:
    add_channel(session, 1)
    last = MONDAY + MOST_TREND_DAYS * DAY
    add_daily(session, MONDAY + 2 * DAY, positive=9, posts=20)
    add_daily(session, MONDAY + 3 * DAY, negative=1)  # the mean of the days would be 0
    add_daily(session, last, neutral=2)
    every = Filters(MONDAY - 30 * DAY, last + 30 * DAY)
    daily = read_sentiment(session, every, parts=("trend",))  # 119 days have data
    assert (daily.trend_unit, daily.trend_days(MONDAY)) == ("day", (MONDAY, MONDAY + DAY))
    add_daily(session, MONDAY + DAY, neutral=0, posts=1)
    add_daily(session, last + DAY, negative=2)
    weekly = read_sentiment(session, every, parts=("trend",))
    assert weekly.trend_unit == "week"
    first, final = weekly.trend.iloc[0], weekly.trend.iloc[-1]
    assert (first["day"].date(), first["value"], first["posts"], first["days"]) == (MONDAY + DAY, 80, 10, 6)
    assert (final["value"], final["posts"]) == (-50, 4)
    assert weekly.trend_days(MONDAY + DAY) == (MONDAY + DAY, MONDAY + 7 * DAY)
    assert weekly.trend["days"].sum() == MOST_TREND_DAYS + 1


def test_read_sentiment_reads_the_parts_that_are_asked_for_alone(session: Session) -> None:
    add_store(session)
    whole, where = read_sentiment(session, WEEK), read_sentiment(session, WEEK, parts=("where",))
    assert where.by_brand.equals(whole.by_brand)
    assert not whole.by_day.empty
    assert (where.numbers, where.by_day.empty, where.trend.empty, where.texts) == ({}, True, True, 0)
    assert read_sentiment(session, WEEK, parts=("trend", "days")).by_day.equals(whole.by_day)


def test_read_sentiment_names_likes_and_dislikes(session: Session) -> None:
    add_store(session)
    add_person(session, 1)
    for number in range(12):
        tail = "abcdefghijkl"[number] * 3
        add_post(session, number + 1, moment=at(MONDAY), text=f"lovely crew {tail}", label="positive")
        add_post(session, number + 101, moment=at(MONDAY), text=f"late again, awful {tail}", label="negative")
        add_post(session, number + 201, moment=at(MONDAY), text=f"boarding now {tail}", label="neutral")
    session.add(Mute(kind="word", word="awful", decided_at=at(MONDAY), decided_by="Ada"))
    session.flush()
    found = read_sentiment(session, WEEK)
    assert found.likes["term"].tolist() == ["crew", "lovely"]
    assert found.dislikes["term"].tolist() == ["late"]
    assert found.texts == 24


def test_read_sentiment_says_how_right_the_scorer_is(session: Session) -> None:
    add_store(session)
    add_person(session, 1)
    for number, (model, label) in enumerate([("neutral", "negative"), ("positive", "positive")], start=1):
        add_post(session, number, moment=at(MONDAY), label=model)
        score = session.get_one(PostScore, number)
        score.label, score.is_relabelled = label, True
        for _ in range(2):  # deciding twice is still one post
            session.add(
                Relabel(
                    network="twitter",
                    source="s",
                    native_id=f"p{number}",
                    label=label,
                    decided_at=at(MONDAY),
                    decided_by="Ada",
                )
            )
    session.flush()
    scorer = read_sentiment(session, WEEK).scorer
    assert (scorer.posts, scorer.accuracy) == (2, 0.5)
    assert scorer.macro_f1 == pytest.approx(0.5)


def test_read_sentiment_is_empty_when_store_is(session: Session) -> None:
    found = read_sentiment(session, WEEK)
    for name in ("trend", "by_day", "by_channel", "by_network", "by_brand", "likes", "dislikes"):
        frame = getattr(found, name)
        assert frame.empty or frame["value"].isna().all(), name
    assert math.isnan(found.scorer.accuracy)
