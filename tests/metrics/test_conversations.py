"""Turns and business hours, on threads small enough to read."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.columns import MissingColumns
from metrics.conversations import MICROSECONDS, business_seconds, find_turns
from tests.metrics.twcs import read_twcs

OFFICE = ((9, 17),) * 5 + (None, None)
ANN, BOB, TEAM = 1, 2, 90


def thread(*posts: dict[str, Any]) -> pd.DataFrame:
    """Posts of conversation 1: each a minute after the one before unless it says otherwise."""
    rows = []
    for number, post in enumerate(posts, start=1):
        row = {
            "post_id": number,
            "conversation_id": 1,
            "parent_id": None,
            "author_person_id": ANN,
            "author_id": post.get("author_person_id", ANN),
            "is_team": post.get("author_person_id") == TEAM,
            "is_excluded": False,
            "occurred_at": number * 60 * MICROSECONDS,
            "kind": "post",
            "channel_kind": "public",
            "is_question": False,
            "mentions_us": False,
            "is_negative": False,
        }
        rows.append(row | post)
    return pd.DataFrame(rows)


def ours(parent: int | None, **more: Any) -> dict[str, Any]:
    return {"author_person_id": TEAM, "parent_id": parent, "kind": "reply", **more}


def test_find_turns_closes_at_first_reply_when_team_answers_twice() -> None:
    turns = find_turns(thread({}, ours(1), ours(1)))
    assert len(turns) == 1
    turn = turns.iloc[0]
    assert (turn.opened_post_id, turn.closed_post_id, turn.closed_by, turn.response_seconds) == (1, 2, TEAM, 60)


def test_find_turns_stays_open_when_nobody_answers() -> None:
    turn = find_turns(thread({"is_negative": True}, {"parent_id": 1})).iloc[0]
    assert (turn.posts, turn.negative_posts, turn.last_post_id) == (2, 1, 2)
    assert pd.isna(turn.closed_at)
    assert pd.isna(turn.response_seconds)


def test_find_turns_measures_from_first_waiting_post_when_team_answers_a_later_one() -> None:
    turn = find_turns(thread({}, {"parent_id": 1}, ours(2))).iloc[0]
    assert (turn.opened_post_id, turn.posts, turn.response_seconds) == (1, 2, 120)


def test_find_turns_opens_another_when_person_comes_back() -> None:
    turns = find_turns(thread({}, ours(1), {"parent_id": 2}, ours(3)))
    assert turns["opened_post_id"].tolist() == [1, 3]
    assert turns["closed_post_id"].tolist() == [2, 4]


def test_find_turns_closes_when_reply_is_to_an_earlier_post_of_theirs() -> None:
    turns = find_turns(thread({}, ours(1), {"parent_id": 2}, ours(1)))
    assert turns["closed_post_id"].tolist() == [2, 4]


def test_find_turns_closes_only_the_answered_when_two_wait() -> None:
    turns = find_turns(thread({}, {"author_person_id": BOB, "parent_id": 1}, ours(2)))
    assert turns["person_id"].tolist() == [ANN, BOB]
    assert turns["closed_post_id"].isna().tolist() == [True, False]


@pytest.mark.parametrize("parent", [None, 2, 999])
def test_find_turns_stays_open_when_team_post_answers_no_person(parent: int | None) -> None:
    turns = find_turns(thread({}, ours(None), ours(parent)))
    assert turns["closed_at"].isna().all()


@pytest.mark.parametrize(
    "post",
    [
        {"kind": "share"},
        {"kind": "check_in"},
        {"is_excluded": True},
        {"author_person_id": None},
        {"channel_kind": "private"},
    ],
)
def test_find_turns_opens_none_when_post_asks_nothing_of_us(post: dict[str, Any]) -> None:
    assert find_turns(thread(post)).empty


@pytest.mark.parametrize("post", [{"is_question": True}, {"kind": "question"}, {"mentions_us": True}])
def test_find_turns_opens_in_private_when_post_asks(post: dict[str, Any]) -> None:
    assert len(find_turns(thread(post | {"channel_kind": "private"}))) == 1


def test_find_turns_counts_what_waits_when_private_question_is_followed_by_talk() -> None:
    private = {"channel_kind": "private"}
    turn = find_turns(thread(private | {"is_question": True}, private, private | {"kind": "share"})).iloc[0]
    assert (turn.posts, turn.last_post_id) == (2, 2)


def test_find_turns_is_empty_with_dtypes_when_there_is_no_post() -> None:
    turns = find_turns(thread({}).iloc[:0])
    assert turns.empty
    assert turns["response_seconds"].dtype == "Int64"


def test_find_turns_names_missing_columns() -> None:
    with pytest.raises(MissingColumns, match="parent_id"):
        find_turns(thread({}).drop(columns="parent_id"))


@st.composite
def conversations(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(1, 14))
    post = st.fixed_dictionaries(
        {
            "author_person_id": st.sampled_from([ANN, BOB, 3, TEAM, None]),
            "parent_id": st.none() | st.integers(1, size),
            "conversation_id": st.integers(1, 2),
            "occurred_at": st.integers(0, 5).map(lambda second: second * MICROSECONDS),
            "kind": st.sampled_from(["post", "reply", "share"]),
            "is_negative": st.booleans(),
        }
    )
    return thread(*draw(st.lists(post, min_size=size, max_size=size)))


@given(conversations(), st.randoms(use_true_random=False))
def test_find_turns_ignores_order_of_rows_and_leaves_input_unchanged(posts: pd.DataFrame, random: Any) -> None:
    before = posts.copy(deep=True)
    order = list(range(len(posts)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(find_turns(posts), find_turns(posts.iloc[order]))
    pd.testing.assert_frame_equal(posts, before)


@given(conversations())
def test_find_turns_has_one_open_turn_at_most_for_person_and_conversation(posts: pd.DataFrame) -> None:
    turns = find_turns(posts)
    open_turns = turns[turns["closed_at"].isna()]
    assert not open_turns.duplicated(["person_id", "conversation_id"]).any()
    closed = turns[turns["closed_at"].notna()]
    assert (closed["response_seconds"] >= 0).all()
    assert not closed["closed_post_id"].duplicated().any()
    assert (turns["negative_posts"] <= turns["posts"]).all()
    authors = posts.set_index("post_id")["author_person_id"]
    assert (authors.loc[turns["opened_post_id"]].to_numpy() == turns["person_id"].to_numpy()).all()
    waiting = posts[posts["author_person_id"].notna() & ~posts["is_team"] & (posts["kind"] != "share")]
    assert turns["posts"].sum() <= len(waiting)


def micros(*parts: int, zone: str = "UTC") -> int:
    return int(datetime(*parts, tzinfo=ZoneInfo(zone)).timestamp()) * MICROSECONDS  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("opened", "closed", "seconds"),
    [
        ((2026, 3, 2, 10), (2026, 3, 2, 11), 3_600),
        ((2026, 3, 2, 8), (2026, 3, 2, 18), 8 * 3_600),
        ((2026, 3, 6, 16), (2026, 3, 9, 10), 2 * 3_600),  # Friday afternoon to Monday morning
        ((2026, 3, 7, 10), (2026, 3, 8, 10), 0),  # a weekend
        ((2026, 3, 2, 9), (2026, 3, 16, 9), 10 * 8 * 3_600),
    ],
)
def test_business_seconds_counts_office_hours(opened: tuple[int, ...], closed: tuple[int, ...], seconds: int) -> None:
    assert business_seconds(micros(*opened), micros(*closed), OFFICE, "UTC") == seconds


def test_business_seconds_follows_the_wall_clock_when_clocks_change() -> None:
    zone = "Europe/Berlin"  # 29 March 2026: 02:00 becomes 03:00, that Sunday has 23 hours
    always = ((0, 24),) * 7
    opened, closed = micros(2026, 3, 29, 0, zone=zone), micros(2026, 3, 30, 0, zone=zone)
    assert business_seconds(opened, closed, always, zone) == 23 * 3_600
    morning = ((9, 10),) * 7
    assert business_seconds(opened, closed, morning, zone) == 3_600


def test_business_seconds_crosses_midnight_when_hours_end_before_they_begin() -> None:
    nights = ((22, 6),) * 7
    assert business_seconds(micros(2026, 3, 3, 0), micros(2026, 3, 3, 23), nights, "UTC") == 7 * 3_600


def test_business_seconds_refuses_when_week_is_short() -> None:
    with pytest.raises(ValueError, match="got 5"):
        business_seconds(0, 1, OFFICE[:5], "UTC")


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_business_seconds_adds_up_and_stays_within(start: int, first: int, second: int) -> None:
    moments = [micros(2026, 1, 1) + offset * MICROSECONDS for offset in (start % 10**7, first, second)]
    early, middle, late = sorted(moments)
    whole = business_seconds(early, late, OFFICE, "America/New_York")
    parts = business_seconds(early, middle, OFFICE, "America/New_York")
    parts += business_seconds(middle, late, OFFICE, "America/New_York")
    assert whole == parts
    assert 0 <= whole <= business_seconds(early, late, (), "UTC")


@pytest.mark.realdata
def test_find_turns_equals_counted_figures_when_posts_are_real(shared_data: Path) -> None:
    posts = read_twcs(shared_data)
    turns = find_turns(posts)
    assert len(posts) == 5_000
    assert len(turns) == 2_408
    assert turns["closed_at"].notna().sum() == 2_086
    assert turns["response_seconds"].median() == 732.5
