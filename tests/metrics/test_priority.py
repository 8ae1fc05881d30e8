"""The order in which to answer."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.priority import duration_in_words, priority

HOUR = 3_600


def turn(**more: Any) -> dict[str, Any]:
    plain = {
        "negative_share": 0.0,
        "waiting_seconds": HOUR,
        "target_seconds": HOUR,
        "followers": 0,
        "replies_received": 0,
        "worth": 0,
        "is_question": False,
        "is_to_us": False,
    }
    return plain | more


def test_priority_weighs_as_documented() -> None:
    frame = priority(pd.DataFrame([turn(), turn(negative_share=1.0), turn(is_question=True), turn(is_to_us=True)]))
    assert frame["priority"].tolist() == pytest.approx([10, 40, 17, 25])
    assert priority(pd.DataFrame([turn(followers=10**6)]))["priority"][0] == 18
    assert priority(pd.DataFrame([turn(worth=99_999), turn(worth=99)]))["priority"].tolist() == [30, 18]


def test_priority_puts_angry_new_case_before_calm_old_one() -> None:
    frame = priority(pd.DataFrame([turn(waiting_seconds=100 * HOUR), turn(negative_share=1.0)]))
    assert frame["priority"].idxmax() == 1


def test_priority_puts_who_bought_more_first_among_equals() -> None:
    angry = turn(negative_share=1.0, is_to_us=True)
    frame = priority(pd.DataFrame([angry, angry | {"worth": 200}, angry | {"worth": 40_000}, turn(worth=10**7)]))
    assert frame["priority"].rank(ascending=False).tolist() == [3, 2, 1, 4]
    assert frame["reason"][2] == "Negative; a customer; to us; waits 1 h"


def test_priority_says_why_in_plain_words() -> None:
    frame = priority(
        pd.DataFrame([turn(waiting_seconds=3 * HOUR, negative_share=0.4, followers=12_000, is_question=True)])
    )
    assert frame["reason"][0] == "Waits 3 h, past the target of 1 h; partly negative; a question; 12,000 followers"


def test_priority_speaks_of_replies_for_one_person_may_write_many() -> None:
    assert priority(pd.DataFrame([turn(replies_received=12)]))["reason"][0] == "Waits 1 h; 12 replies"


def test_priority_puts_what_is_written_to_us_before_what_is_not() -> None:
    frame = priority(pd.DataFrame([turn(), turn(is_to_us=True)]))
    assert frame["reason"].tolist() == ["Waits 1 h", "To us; waits 1 h"]
    assert frame["priority"].idxmax() == 1


def test_priority_takes_missing_numbers_as_nothing() -> None:
    frame = priority(pd.DataFrame([turn(followers=None, replies_received=None)]).astype({"followers": "Int64"}))
    assert frame["priority"][0] == 10


def test_priority_is_empty_when_nobody_waits() -> None:
    assert priority(pd.DataFrame([turn()]).iloc[:0]).empty


numbers = st.floats(0, 10**8, allow_nan=False)


@given(st.floats(0, 1), numbers, st.integers(0, 10**8), st.integers(0, 10**6), st.booleans(), numbers)
def test_priority_is_bounded_and_grows_with_waiting(
    negative: float, waiting: float, followers: int, replies: int, is_question: bool, longer: float
) -> None:
    base = turn(
        negative_share=negative,
        waiting_seconds=waiting,
        followers=followers,
        replies_received=replies,
        is_question=is_question,
    )
    frame = priority(pd.DataFrame([base, base | {"waiting_seconds": waiting + longer}]))
    assert frame["priority"].between(0, 100).all()
    assert frame["priority"][1] >= frame["priority"][0]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 min"), (59 * 60, "59 min"), (HOUR, "1 h"), (47 * HOUR, "47 h"), (48 * HOUR, "2 d")]
)
def test_duration_in_words_uses_the_largest_fitting_unit(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words
