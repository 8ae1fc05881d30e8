"""Words that tell two sets of posts apart."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import terms
from metrics.terms import distinguishing_terms, terms_in

DAYS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
LATE = [f"late again on day {word}" for word in DAYS]
LOVELY = [f"lovely crew on day {word}" for word in DAYS]


def test_terms_in_keeps_words_and_hashtags_and_drops_what_says_nothing() -> None:
    text = "@acme The BATTERY isn't charging!! #Recall see https://acme.example/x 12345"
    assert terms_in(text) == {"battery", "charging", "#recall"}


def test_terms_in_keeps_no_long_piece_of_text_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = terms._Pieces()
    monkeypatch.setattr(terms, "_TERMS_OF", kept.__getitem__)
    assert terms_in("battery " + "電" * 41) == {"battery", "電" * 41}
    assert kept == {"battery": ("battery",)}


def test_terms_in_keeps_no_more_pieces_than_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = terms._Pieces()
    monkeypatch.setattr(terms, "_TERMS_OF", kept.__getitem__)
    monkeypatch.setattr(terms, "_KEPT", 2)
    assert terms_in("battery seat refund") == {"battery", "seat", "refund"}
    assert kept == {"refund": ("refund",)}


def test_distinguishing_terms_finds_what_only_one_side_says() -> None:
    assert distinguishing_terms(LATE, LOVELY)["term"].tolist() == ["late"]
    assert distinguishing_terms(LOVELY, LATE)["term"].tolist() == ["crew", "lovely"]


def test_distinguishing_terms_counts_a_text_once_when_it_is_sent_often() -> None:
    assert distinguishing_terms(["broken broken"] * 50, LOVELY).empty


def test_distinguishing_terms_survives_when_one_term_is_all_that_is_said() -> None:
    assert distinguishing_terms(["late", "late late", "late late late"], [])["posts"].le(3).all()


def test_distinguishing_terms_is_empty_when_there_is_nothing() -> None:
    frame = distinguishing_terms([], [])
    assert frame.empty
    assert frame["posts"].dtype == "int64"


words = st.lists(st.sampled_from(["late", "crew", "seat", "refund", "lovely", "bag"]), min_size=1, max_size=4)
texts = st.lists(words.map(" ".join), max_size=30)


@given(texts, texts)
def test_distinguishing_terms_never_tell_for_both_sides(first: list[str], second: list[str]) -> None:
    ours, theirs = distinguishing_terms(first, second), distinguishing_terms(second, first)
    assert not set(ours["term"]) & set(theirs["term"])
    assert (ours["score"] >= 1.96).all()
    assert ours["score"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(ours, distinguishing_terms(list(reversed(first)), second))
