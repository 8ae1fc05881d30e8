"""An answer is kept by what was asked: two different questions never share one, the same is asked once."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from sqlmodel import Session

from answers.filters import Filters
from data_access.models.derived import Side
from ui.cache import ask_store

WEEK = Filters(date(2026, 3, 2), date(2026, 3, 9))
_asked: list[tuple[Any, ...]] = []


@dataclass(frozen=True)
class _Hidden:
    name: str = field(repr=False)


def _answer(_session: Session, *arguments: Any, **named: Any) -> list[int]:
    _asked.append((arguments, named))
    return [len(_asked)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('asked') / 'store.db'}"


@pytest.fixture
def url(store: str) -> str:
    _asked.clear()
    st.cache_data.clear()
    return store


def test_same_question_is_asked_once_and_its_answer_can_be_changed(url: str) -> None:
    first = ask_store(url, 1, _answer, WEEK, ("slack",), limit=8)
    first.append(99)
    assert ask_store(url, 1, _answer, Filters(WEEK.start, WEEK.end), ("slack",), limit=8) == [1]
    assert ask_store(url, 2, _answer, WEEK, ("slack",), limit=8) == [2], "the store has changed"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((WEEK,), (replace(WEEK, channels=(1,)),)),
        ((replace(WEEK, channels=(12,)),), (replace(WEEK, channels=(1, 2)),)),
        (("a, str 'b'",), ("a", "b")),
        ((("a",), "b"), (("a", "b"),)),
        ((1,), ("1",)),
        ((1,), (True,)),
        ((None,), ("None",)),
        ((_Hidden("a"),), (_Hidden("b"),)),
        ((Side.TEAM,), ("team",)),
        ((date(2026, 3, 2),), ("2026-03-02",)),
    ],
)
def test_different_questions_have_their_own_answers(url: str, one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    assert ask_store(url, 1, _answer, *one) == [1]
    assert ask_store(url, 1, _answer, *other) == [2]
    assert ask_store(url, 1, _answer, *one) == [1]


def test_a_question_with_a_frame_is_refused(url: str) -> None:
    with pytest.raises(TypeError, match="plain value"):
        ask_store(url, 1, _answer, pd.DataFrame({"id": [1]}))


def test_names_of_columns_are_kept_as_python_has_them_when_a_page_reads_frames() -> None:
    """Pandas' own choice costs a fifth of a page."""
    assert pd.get_option("mode.string_storage") == "python"
    assert pd.DataFrame({"day": [1]}).columns.dtype == "str"
