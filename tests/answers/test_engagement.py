"""What the Engagement page shows, on a store that fits in the head."""

from dataclasses import fields

import pandas as pd
import pytest
from sqlmodel import Session

from answers.engagement import NUMBERS, NUMBERS_OF, PARTS, read_engagement, read_response_times
from answers.filters import Filters
from answers.scope import read_scope
from data_access.models.derived import PostLink
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

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def add_store(session: Session) -> None:
    add_channel(session, 1)
    add_channel(session, 2, network="reddit")
    for number in (1, 2, 3):
        add_person(session, number)
    add_daily(session, MONDAY, channel=1, posts=3, questions=1)
    add_daily(session, MONDAY + DAY, channel=1, posts=1)
    add_daily(session, MONDAY, channel=2, posts=1)
    add_hour(session, MONDAY, 9, 3)
    add_hour(session, MONDAY + DAY, 10, 1)
    add_active(session, MONDAY, [1, 2], channel=1)
    add_active(session, MONDAY + DAY, [1], channel=1)
    add_active(session, MONDAY, [1, 3], channel=2)
    add_turn_day(session, MONDAY, seconds=[60, 299, 300, 400_000], open_since=[at(MONDAY, 9)])
    add_post(session, 1, moment=at(MONDAY, 9), likes=5, replies=1, tags=["launch"])
    add_post(session, 2, moment=at(MONDAY, 9), likes=None, shares=9, tags=["launch", "beta"], label="positive")
    add_post(session, 3, moment=at(MONDAY, 9))
    session.add_all([PostLink(post_id=1, url="https://a.example"), PostLink(post_id=3, url="https://a.example")])
    session.flush()


def test_read_engagement_counts_by_channel_and_network(session: Session) -> None:
    add_store(session)
    found = read_engagement(session, WEEK)
    assert set(found.numbers) == set(NUMBERS)
    by_channel = found.by_channel[["channel_id", "network", "posts", "people"]].to_numpy().tolist()
    assert by_channel == [[1, "twitter", 4, 2], [2, "reddit", 1, 2]]
    by_network = found.by_network[["network", "posts", "people", "questions"]].to_numpy().tolist()
    assert by_network == [["twitter", 4, 2, 1], ["reddit", 1, 2, 0]]
    assert found.numbers["people"].value == 3
    assert found.volume["value"].tolist() == [4, 1]


def test_read_engagement_says_the_same_of_a_part_when_only_that_is_asked(session: Session) -> None:
    add_store(session)
    whole = read_engagement(session, WEEK)
    for part in PARTS:
        alone = read_engagement(session, WEEK, parts=(part,))
        named = [field.name for field in fields(alone) if isinstance(getattr(alone, field.name), pd.DataFrame)]
        filled = [name for name in named if not getattr(alone, name).empty]
        assert bool(filled) == (part != "numbers"), part
        for name in filled:
            pd.testing.assert_frame_equal(getattr(alone, name), getattr(whole, name))
        assert set(alone.numbers) == set(NUMBERS if part == "numbers" else NUMBERS_OF.get(part, ()))
        values = {name: whole.numbers[name].value for name in alone.numbers}
        assert {name: answer.value for name, answer in alone.numbers.items()} == pytest.approx(values, nan_ok=True)


def test_read_engagement_lists_what_drew_attention(session: Session) -> None:
    add_store(session)
    found = read_engagement(session, WEEK)
    assert found.top_posts[["post_id", "engagements"]].to_numpy().tolist() == [[2, 9], [1, 6]]
    assert found.top_tags.to_numpy().tolist() == [["launch", 2, 1, 0], ["beta", 1, 1, 0]]
    assert found.top_links.to_numpy().tolist() == [["https://a.example", 2]]
    assert found.top_people["person_id"].tolist() == [1, 2, 3]
    assert (found.considered, found.is_cut) == (5, False)


def test_read_engagement_heatmap_has_every_hour_and_divides_by_weeks(session: Session) -> None:
    add_store(session)
    heatmap = read_engagement(session, Filters(MONDAY - 14 * DAY, WEEK.end)).heatmap
    assert len(heatmap) == 168
    monday = heatmap[(heatmap["weekday"] == 0) & (heatmap["hour"] == 9)].iloc[0]
    assert (monday.posts, monday.posts_a_week) == (3, 3)  # the weeks before the data began do not count
    assert heatmap["posts"].sum() == 4


def test_read_engagement_response_times_fall_into_steps(session: Session) -> None:
    add_store(session)
    steps = read_response_times(session, WEEK, scope=read_scope(session)).set_index("step")
    assert steps.loc["under 5 min", "turns"] == 2
    assert steps.loc["5 to 15 min", "turns"] == 1
    assert steps.loc["over 3 d", "turns"] == 1
    assert steps["share"].sum() == pytest.approx(1)


def test_read_engagement_participation_and_cohorts_count_people_once(session: Session) -> None:
    add_store(session)
    found = read_engagement(session, WEEK)
    assert found.participation["people"].sum() == 3
    assert found.participation["posts"].sum() == 5
    assert found.cohorts.to_dict("records")[0]["size"] == 3


def test_read_engagement_is_empty_when_store_is(session: Session) -> None:
    found = read_engagement(session, WEEK)
    for name in ("by_network", "by_channel", "heatmap", "response_times", "cohorts", "participation", "top_posts"):
        assert getattr(found, name).empty, name
    assert not found.is_cut
