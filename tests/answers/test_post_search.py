"""Posts that say some words, under the conditions of every list of posts."""

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session

from answers import post_search
from answers.filters import Filters
from answers.records import RecordFilters, read_records
from data_access.models.facts import Post
from data_access.store import reading, writing
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def add_store(session: Session) -> None:
    add_channel(session, 1)
    add_person(session, 1, "Ann")
    for number in range(1, 11):
        add_post(
            session,
            number,
            author=1 if number == 1 else None,
            moment=at(MONDAY, 9, number),
            text="a lamp" if number < 10 else "a kettle",
            label="negative" if number % 2 else "positive",
            side="team" if number == 2 else "inbound",
        )
    session.flush()
    session.connection().execute(update(Post).where(Post.id == 9).values(deleted_at=at(MONDAY, 12)))  # type: ignore[arg-type]


def read_all(session: Session, wanted: RecordFilters, limit: int) -> list[int]:
    """The ids of every page, each page no longer than asked for."""
    found, cursor = [], None
    while True:
        page = read_records(session, wanted, cursor=cursor, limit=limit)
        assert len(page.rows) <= limit
        found += page.rows["post_id"].tolist()
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_words_go_with_every_other_condition_when_a_few_hits_are_read_at_a_time(
    engine: Engine, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_search, "_FIRST", 2)
    with writing(engine) as session:
        add_store(session)
    with reading(engine) as session:
        assert read_all(session, RecordFilters(WEEK, words="lamp", side=None), limit) == [8, 7, 6, 5, 4, 3, 2, 1]
        assert read_all(session, RecordFilters(WEEK, words="lamp"), limit) == [8, 7, 6, 5, 4, 3, 1]
        assert read_all(session, RecordFilters(WEEK, words="lamp", label="positive"), limit) == [8, 6, 4]
        assert read_all(session, RecordFilters(WEEK, words="lamp", person=1), limit) == [1]
        assert read_all(session, RecordFilters(WEEK.previous(), words="lamp"), limit) == []


def test_page_ends_where_enough_hits_were_looked_at_and_the_next_goes_on_there(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_search, "_FIRST", 2)
    monkeypatch.setattr(post_search, "_MOST_AT_ONCE", 2)
    monkeypatch.setattr(post_search, "MOST_LOOKED_AT", 4)
    wanted = RecordFilters(WEEK, words="lamp", person=1)
    with writing(engine) as session:
        add_store(session)
    with reading(engine) as session:
        first = read_records(session, wanted, limit=1)
        assert first.rows.empty
        assert first.looked_at is not None
        assert first.next_cursor is not None
        assert read_all(session, wanted, 1) == [1]
