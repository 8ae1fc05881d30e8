"""The posts behind a number."""

from typing import Any

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.records import BrokenCursor, RecordFilters, read_records
from data_access.settings import add_setting
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def add_store(session: Session) -> None:
    add_channel(session, 1)
    add_channel(session, 2, network="reddit")
    add_person(session, 1, "Ann")
    add_person(session, 2, "Bob")
    add_post(session, 1, author=1, moment=at(MONDAY, 9), label="negative", tags=["late"], likes=3)
    add_post(session, 2, author=2, moment=at(MONDAY, 9), label="positive", channel=2)
    add_post(session, 3, author=1, moment=at(MONDAY + DAY, 10), label=None, is_question=True)
    add_post(session, 4, author=2, moment=at(MONDAY + DAY, 11), side="team")
    add_post(session, 5, author=None, moment=at(MONDAY + 6 * DAY, 23, 59))
    add_post(session, 6, author=1, moment=at(MONDAY + 7 * DAY, 0))


def ids(session: Session, **conditions: Any) -> list[int]:
    wanted = RecordFilters(conditions.pop("filters", WEEK), **conditions)
    return read_records(session, wanted).rows["post_id"].tolist()


def test_read_records_lists_newest_first_within_the_period(session: Session) -> None:
    add_store(session)
    assert ids(session) == [5, 3, 2, 1]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"label": "negative"}, [1]),
        ({"label": "unscored"}, [3]),
        ({"side": "team"}, [4]),
        ({"side": None}, [5, 4, 3, 2, 1]),
        ({"person": 1}, [3, 1]),
        ({"hour": 9}, [2, 1]),
        ({"weekday": 0}, [2, 1]),
        ({"weekday": 1, "hour": 10}, [3]),
        ({"tag": "#Late"}, [1]),
        ({"is_question": True}, [3]),
        ({"filters": Filters(MONDAY, WEEK.end, networks=("reddit",))}, [2]),
        ({"filters": Filters(MONDAY, WEEK.end, channels=(1,)), "label": "neutral"}, [5]),
        ({"person": 99}, []),
    ],
)
def test_read_records_keeps_what_was_asked_for(
    session: Session, conditions: dict[str, Any], expected: list[int]
) -> None:
    add_store(session)
    assert ids(session, **conditions) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_read_records_pages_through_everything_once(session: Session, limit: int) -> None:
    add_store(session)
    seen, cursor = [], None
    while True:
        page = read_records(session, RecordFilters(WEEK), cursor=cursor, limit=limit)
        assert len(page.rows) <= limit
        seen += page.rows["post_id"].tolist()
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [5, 3, 2, 1]


def test_read_records_follows_local_days_when_zone_is_ahead(session: Session) -> None:
    add_store(session)
    add_setting(session, key="time_zone", value="Asia/Tokyo", decided_by="Ada")
    assert ids(session, filters=Filters(MONDAY + 7 * DAY, MONDAY + 8 * DAY)) == [6, 5]


def test_read_records_says_who_wrote_and_what_was_not_reported(session: Session) -> None:
    add_store(session)
    rows = read_records(session, RecordFilters(WEEK)).rows.set_index("post_id")
    assert (rows.loc[1, "author"], rows.loc[1, "person_id"], rows.loc[1, "likes"]) == ("Ann", 1, 3)
    assert rows.loc[[2, 5], "likes"].isna().all()
    assert rows["likes"].dtype == "Int64"
    assert rows.loc[[5], "author"].isna().all()
    assert str(rows["occurred_at"].dtype) == "datetime64[us, UTC]"


def test_read_records_refuses_a_broken_cursor(session: Session) -> None:
    with pytest.raises(BrokenCursor, match="first page"):
        read_records(session, RecordFilters(WEEK), cursor="yesterday")


def test_read_records_is_empty_when_store_is(session: Session) -> None:
    page = read_records(session, RecordFilters(WEEK))
    assert page.rows.empty
    assert page.next_cursor is None


def test_read_records_says_whose_post_is_answered(session: Session) -> None:
    add_store(session)
    add_post(session, 7, author=2, moment=at(MONDAY, 10), parent=1)
    add_post(session, 8, author=1, moment=at(MONDAY, 11), parent=5)
    rows = read_records(session, RecordFilters(WEEK)).rows.set_index("post_id")
    assert rows.loc[7, "answered"] == "Ann"
    assert rows.loc[[1, 8], "answered"].isna().all()  # answers nobody; answers somebody who is not known
