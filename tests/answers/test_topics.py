"""What is talked about, and what one person likes and dislikes, on stores that fit in the head."""

import math
from datetime import timedelta

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.records import RecordFilters, read_records
from answers.topics import list_topic_names, read_person_topics, read_topic_trend, read_topics, read_unusual_topics
from data_access.models.decisions import TopicRule
from data_access.models.derived import PostTopic, TopicDay
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def add_rule(session: Session, topic: str, pattern: str = "word") -> None:
    session.add(TopicRule(topic=topic, pattern=pattern, decided_at=at(MONDAY), decided_by="Ada"))
    session.flush()


def add_topic_day(session: Session, days: int, topic: str, posts: int, *, channel: int = 1, **labels: int) -> None:
    session.add(TopicDay(day=MONDAY + days * DAY, channel_id=channel, topic=topic, posts=posts, **labels))
    session.flush()


@pytest.fixture
def weeks(session: Session) -> Session:
    """Two weeks: in the first 2 mentions of Refunds and 2 of Parcels, in the second 6 and 2."""
    add_channel(session, 1)
    add_channel(session, 2)
    for n in range(-7, 7):
        add_daily(session, MONDAY + n * DAY, posts=5)
    add_topic_day(session, -7, "Refunds", 2, negative=2)
    add_topic_day(session, -6, "Parcels", 2, positive=1)
    add_topic_day(session, 0, "Refunds", 4, positive=1, negative=2, neutral=1)
    add_topic_day(session, 1, "Refunds", 2, channel=2, positive=1)
    add_topic_day(session, 1, "Parcels", 2)
    for topic in ("Refunds", "Parcels", "Gnats"):
        add_rule(session, topic)
    return session


def test_topics_have_share_sentiment_and_change(weeks: Session) -> None:
    topics = read_topics(weeks, WEEK)
    assert (topics.mentions, topics.rules) == (8, 3)
    refunds, parcels, gnats = topics.by_topic.to_dict("records")
    assert (refunds["topic"], refunds["posts"], refunds["scored"], refunds["share"]) == ("Refunds", 6, 5, 0.75)
    assert (refunds["net_sentiment"], refunds["net_sentiment_before"]) == (0, -100)
    assert (refunds["before"], refunds["change"], refunds["share_change"]) == (2, 4, 0.25)
    assert (parcels["topic"], parcels["change"], parcels["share_change"]) == ("Parcels", 0, -0.25)
    assert math.isnan(parcels["net_sentiment"])
    assert (gnats["topic"], gnats["posts"], gnats["share"]) == ("Gnats", 0, 0)
    assert list_topic_names(weeks, WEEK) == ["Refunds", "Parcels", "Gnats"]


def test_topics_have_no_change_when_data_does_not_reach_back(weeks: Session) -> None:
    by_topic = read_topics(weeks, WEEK.previous()).by_topic
    assert by_topic["topic"].tolist() == ["Parcels", "Refunds", "Gnats"]
    assert by_topic[["before", "change", "share_change"]].isna().all(axis=None)


def test_topics_speak_of_the_channels_of_the_filter(weeks: Session) -> None:
    by_topic = read_topics(weeks, Filters(WEEK.start, WEEK.end, channels=(2,))).by_topic
    assert by_topic[["topic", "posts", "share"]].to_numpy().tolist()[0] == ["Refunds", 2, 1.0]


def test_topics_are_empty_when_there_is_no_rule_and_no_post(session: Session) -> None:
    topics = read_topics(session, WEEK)
    assert (topics.mentions, topics.rules, len(topics.by_topic)) == (0, 0, 0)
    assert read_topic_trend(session, WEEK, "Refunds").empty


def test_topic_trend_has_every_day_with_data(weeks: Session) -> None:
    trend = read_topic_trend(weeks, Filters(WEEK.start, WEEK.end + 7 * DAY), "Refunds")
    assert trend["value"].tolist() == [4, 2, 0, 0, 0, 0, 0]
    assert trend["share"].fillna(-1).tolist() == [1, 0.5, -1, -1, -1, -1, -1]


def test_unusual_topics_begin_with_what_there_is_most_more_of(weeks: Session) -> None:
    day = Filters(MONDAY, MONDAY + DAY)
    found = read_unusual_topics(weeks, day, before=timedelta(days=7), channels=(1, 2), limit=5)
    assert found.to_numpy().tolist() == [["Refunds", 4, pytest.approx(2 / 7)]]


def add_topic_post(session: Session, number: int, topic: str, label: str | None, **values: object) -> None:
    moment = at(MONDAY, minute=number)
    add_post(session, number, moment=moment, label=label, **values)  # type: ignore[arg-type]
    session.add(PostTopic(post_id=number, topic=topic, occurred_at=moment))
    session.flush()


@pytest.fixture
def person(session: Session) -> Session:
    """Person 1 likes Herbs (2 scored), dislikes Gnats (3), has one good word for Lamps, two minds on Pumps."""
    add_channel(session)
    add_person(session, 1)
    add_person(session, 2)
    said: dict[str, list[str | None]] = {
        "Herbs": ["positive", "neutral"],
        "Gnats": ["negative", "negative", "positive", None],
        "Lamps": ["positive"],
        "Pumps": ["positive", "negative"],
    }
    for number, (topic, label) in enumerate(((about, label) for about in said for label in said[about]), start=1):
        add_topic_post(session, number, topic, label)
    add_topic_post(session, 20, "Herbs", "negative", author=2)
    add_topic_post(session, 21, "Herbs", "negative", side="excluded")
    return session


def test_person_likes_what_they_speak_well_of_and_dislikes_the_reverse(person: Session) -> None:
    found = read_person_topics(person, 1).set_index("topic")
    assert found["posts"].to_dict() == {"Gnats": 4, "Herbs": 2, "Pumps": 2, "Lamps": 1}
    verdicts = {topic: found["verdict"][topic] for topic in found.index}
    assert verdicts == {"Gnats": "dislikes", "Herbs": "likes", "Pumps": None, "Lamps": None}
    assert found["net_sentiment"]["Gnats"] == pytest.approx(-100 / 3)
    assert read_person_topics(person, 99).empty


def test_records_behind_a_topic_are_its_posts_newest_first_a_page_at_a_time(person: Session) -> None:
    wanted = RecordFilters(WEEK, topic="Gnats")
    page = read_records(person, wanted, limit=3)
    assert page.rows["post_id"].tolist() == [6, 5, 4]
    rest = read_records(person, wanted, limit=3, cursor=page.next_cursor)
    assert (rest.rows["post_id"].tolist(), rest.next_cursor) == ([3], None)
    assert read_records(person, RecordFilters(WEEK, topic="Gnats", label="negative")).rows["post_id"].tolist() == [4, 3]


def test_records_behind_a_topic_are_one_persons_when_asked_so(person: Session) -> None:
    found = read_records(person, RecordFilters(WEEK, topic="Herbs", person=2))
    assert found.rows["post_id"].tolist() == [20]
    before = RecordFilters(WEEK.previous(), topic="Herbs")
    assert read_records(person, before).rows.empty
