"""Sums of the activity rollups."""

from sqlmodel import Session

from data_access.queries.activity import COUNTS, read_activity, read_hours
from data_access.queries.people import (
    list_top_people,
    read_active_people,
    read_people_by_channel,
    read_writers,
)
from tests.answers.store import DAY, MONDAY, add_active, add_channel, add_daily, add_hour


def add_store(session: Session) -> None:
    add_channel(session, 1)
    add_channel(session, 2)
    add_daily(session, MONDAY, 1, posts=3, likes=5)
    add_daily(session, MONDAY, 2, posts=4)
    add_daily(session, MONDAY + DAY, 1, posts=5)
    add_daily(session, MONDAY, 1, side="team", posts=90)
    add_hour(session, MONDAY, 8, 3)
    add_hour(session, MONDAY + 7 * DAY, 8, 4)


def test_read_activity_sums_by_day_over_the_channels(session: Session) -> None:
    add_store(session)
    frame = read_activity(session, start=MONDAY, end=MONDAY + 2 * DAY, channels=[1, 2])
    assert list(frame.columns) == ["day", *COUNTS]
    assert frame["posts"].tolist() == [7, 5]
    assert frame["likes"].tolist() == [5, 0]


def test_read_activity_is_half_open_and_keeps_to_channels_and_side(session: Session) -> None:
    add_store(session)
    by_channel = read_activity(session, start=MONDAY, end=MONDAY + DAY, channels=[1], by=("channel_id",))
    assert by_channel[["channel_id", "posts"]].to_numpy().tolist() == [[1, 3]]
    team = read_activity(session, start=MONDAY, end=MONDAY + DAY, channels=[1, 2], side="team")
    assert team["posts"].tolist() == [90]


def test_read_activity_without_keys_is_one_row_even_when_there_is_nothing(session: Session) -> None:
    frame = read_activity(session, start=MONDAY, end=MONDAY + DAY, channels=[], by=())
    assert frame["posts"].tolist() == [0]


def test_read_hours_adds_the_same_hour_of_several_weeks(session: Session) -> None:
    add_store(session)
    frame = read_hours(session, start=MONDAY, end=MONDAY + 8 * DAY, channels=[1])
    assert frame.to_numpy().tolist() == [[0, 8, 7, 0]]


def test_people_are_united_by_day_and_by_channel(session: Session) -> None:
    add_channel(session, 1)
    add_channel(session, 2)
    add_active(session, MONDAY, [1, 2], channel=1)
    add_active(session, MONDAY, [2, 3], channel=2)
    add_active(session, MONDAY + DAY, [2], channel=1)
    by_day = read_active_people(session, end=MONDAY + 2 * DAY, channels=[1, 2])
    assert {day: set(people) for day, people in by_day.items()} == {MONDAY: {1, 2, 3}, MONDAY + DAY: {2}}
    assert set(read_active_people(session, start=MONDAY + DAY, end=MONDAY + 2 * DAY, channels=[1, 2])) == {MONDAY + DAY}
    by_channel = read_people_by_channel(session, start=MONDAY, end=MONDAY + 2 * DAY, channels=[1, 2])
    assert {channel: set(people) for channel, people in by_channel.items()} == {1: {1, 2}, 2: {2, 3}}
    histogram, most = read_writers(session, start=MONDAY, end=MONDAY + 2 * DAY, channels=[1, 2], limit=1)
    assert histogram.to_numpy().tolist() == [[1, 2], [3, 1]]  # two wrote once, one wrote three times
    assert most[["person_id", "posts"]].to_numpy().tolist() == [[2, 3]]


def test_list_top_people_keeps_the_lower_ids_when_the_last_places_are_shared(session: Session) -> None:
    add_channel(session, 1)
    add_active(session, MONDAY, [2, 5, 7, 9], channel=1)
    add_active(session, MONDAY + DAY, [7], channel=1)
    top = list_top_people(session, start=MONDAY, end=MONDAY + 2 * DAY, channels=[1], limit=3)
    assert top[["person_id", "posts"]].to_numpy().tolist() == [[7, 2], [2, 1], [5, 1]]
    everyone = list_top_people(session, start=MONDAY, end=MONDAY + 2 * DAY, channels=[1], limit=9)
    assert everyone["person_id"].tolist() == [7, 2, 5, 9]
    assert list_top_people(session, start=MONDAY, end=MONDAY + 2 * DAY, channels=[8]).empty
