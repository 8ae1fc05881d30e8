"""Lists of posts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session

from data_access.models.derived import PostLink
from data_access.queries.posts import (
    PostConditions,
    list_newest_ids,
    list_posts,
    list_posts_by_id,
    list_texts,
    list_top_links,
    list_top_post_ids,
    list_top_tags,
    read_texts,
)
from data_access.rollups import insert_slices
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

WEEK: dict[str, Any] = {"start": MONDAY, "end": MONDAY + 7 * DAY, "channels": [1]}


def add_store(session: Session) -> None:
    add_channel(session)
    add_person(session, 1)
    for number, likes in [(1, 5), (2, None), (3, 9), (4, 1)]:
        add_post(
            session, number, moment=at(MONDAY + (number - 1) * DAY), likes=likes, tags=["a"] if number < 3 else ["b"],
            label="positive" if number == 1 else "neutral", text=f"text {number}",
        )  # fmt: skip
    session.add(PostLink(post_id=3, url="https://x.example"))
    session.flush()


def count_days(session: Session, *channels: int) -> None:
    """The rollups of the week."""
    session.flush()
    insert_slices(session, {MONDAY + number * DAY: channels for number in range(7)})


def test_list_posts_by_id_keeps_the_order_asked_for(session: Session) -> None:
    add_store(session)
    assert list_posts_by_id(session, [3, 1, 4])["post_id"].tolist() == [3, 1, 4]
    assert list_posts_by_id(session, []).empty


def test_top_lists_look_at_the_newest_candidates_only(session: Session) -> None:
    add_store(session)
    count_days(session, 1)
    everything, newest = (list_newest_ids(session, **WEEK, limit=limit) for limit in (9, 2))
    assert (everything, newest) == ([4, 3, 2, 1], [4, 3])
    assert list_top_post_ids(session, everything) == [3, 1, 4]
    assert list_top_post_ids(session, newest) == [3, 4]
    assert list_top_tags(session, everything)["tag"].tolist() == ["a", "b"]
    assert list_top_tags(session, newest)["tag"].tolist() == ["b"]
    assert list_top_links(session, everything).to_numpy().tolist() == [["https://x.example", 1]]
    assert list_top_links(session, newest[:1]).empty
    assert sorted(read_texts(session, newest).values()) == ["text 3", "text 4"]


def test_newest_posts_of_a_day_are_those_that_came_last_in_whatever_channel(session: Session) -> None:
    for channel in (1, 2):
        add_channel(session, channel)
    add_person(session, 1)
    for number, channel in enumerate([2, 1, 2, 1], 1):
        add_post(session, number, moment=at(MONDAY), channel=channel)
    count_days(session, 1, 2)
    channels = {**WEEK, "channels": [1, 2]}
    assert list_newest_ids(session, **channels, limit=3) == [4, 3, 2]


def plan_of(session: Session, ask: Callable[[], object]) -> str:
    """How SQLite goes about the last statement of ``ask``; "" elsewhere."""
    asked: list[tuple[str, Any]] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *passed: asked.append((passed[2], passed[3])))
    ask()
    statement, values = asked[-1]
    if connection.dialect.name != "sqlite":
        return ""
    return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())


def test_newest_posts_of_a_channel_are_read_without_those_of_others(session: Session) -> None:
    """Of a channel with few posts, else all posts of a large store would be walked through."""
    for channel in (1, 2):
        add_channel(session, channel)
    add_person(session, 1)
    for number in range(1, 7):
        add_post(session, number, moment=at(MONDAY + (number - 1) * DAY), channel=1 if number in (1, 6) else 2)
    count_days(session, 1, 2)
    assert list_newest_ids(session, **WEEK, limit=2) == [6, 1]
    plan = plan_of(session, lambda: list_newest_ids(session, **WEEK, limit=2))
    assert not plan or "(day=? AND channel_id=? AND side=?)" in plan


def test_given_posts_of_a_channel_are_looked_up_without_walking_through_its_others(session: Session) -> None:
    add_store(session)
    wanted = PostConditions(ids=[1, 2, 4], channels=[1], since=at(MONDAY), until=at(MONDAY + 7 * DAY))
    assert list_posts(session, wanted)["post_id"].tolist() == [4, 2, 1]
    plan = plan_of(session, lambda: list_posts(session, wanted))
    assert not plan or "SEARCH post USING INTEGER PRIMARY KEY" in plan


def test_list_texts_gives_the_newest_with_the_labels(session: Session) -> None:
    add_store(session)
    assert list_texts(session, **WEEK, limit=2) == ["text 4", "text 3"]
    assert list_texts(session, **WEEK, labels=["positive"]) == ["text 1"]


def test_list_posts_narrows_by_time_kind_and_author(session: Session) -> None:
    add_store(session)
    add_post(session, 5, author=None, moment=at(MONDAY + 6 * DAY), kind="share")
    assert list_posts(session, PostConditions(kinds=["share"]))["post_id"].tolist() == [5]
    assert list_posts(session, PostConditions(authors=[1], since=at(MONDAY + 2 * DAY)))["post_id"].tolist() == [4, 3]
    assert list_posts(session, PostConditions(until=at(MONDAY + DAY)))["post_id"].tolist() == [1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_list_posts_pages_in_one_order_when_many_have_the_same_time(session: Session, data: st.DataObject) -> None:
    if list_posts(session, PostConditions()).empty:
        add_channel(session)
        add_person(session, 1)
        for number in range(1, 25):
            add_post(session, number, moment=at(MONDAY) + timedelta(seconds=number % 3))
    size = data.draw(st.integers(1, 10))
    seen: list[int] = []
    before = None
    while True:
        page = list_posts(session, PostConditions(before=before), limit=size)
        seen += page["post_id"].tolist()
        if len(page) < size:
            break
        last = page.iloc[-1]
        before = (last["occurred_at"].to_pydatetime(), int(last["post_id"]))
    assert sorted(seen) == list(range(1, 25))
    assert seen == list_posts(session, PostConditions(), limit=100)["post_id"].tolist()
