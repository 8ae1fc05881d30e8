"""The review queue on the Data page: the evidence, one click that decides, many at once, and undo."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from answers.matching import read_review_queue
from data_access.records import IdentityRecord
from data_access.store import reading
from tests.jobs.stores import bring, rows_of
from tests.kept_stores import filled_once
from tests.pages.conftest import open_directly, shown_text
from ui.review import selection_key

NAMES = ("Anneliese Leewood", "Bartholomew Quincey", "Cordelia Thackeray")


@filled_once
def _fill_look_alikes(engine: Engine) -> None:
    """Three pairs of accounts of the same rare name, on two networks."""
    networks = (("neta", "a.example"), ("netb", "b.example"))
    bring(engine, [IdentityRecord(*place, name, display_name=name) for name in NAMES for place in networks])


@pytest.fixture
def look_alikes(small_store: Engine) -> Engine:
    _fill_look_alikes(small_store)
    return small_store


def _several(engine: Engine) -> int:
    """How many accounts are of a person that has a lower one."""
    return sum(row[0] != row[1] for row in rows_of(engine, ["person_identity"])["person_identity"])


def _choose(engine: Engine, app: AppTest, rows: list[int]) -> AppTest:
    with reading(engine) as session:
        key = selection_key(read_review_queue(session))
    app.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def test_surest_pair_is_joined_by_one_click_and_split_by_undo(look_alikes: Engine) -> None:
    app = open_directly("data", me="Ana")
    assert "3 pairs" in shown_text(app)
    assert "one person with 2 accounts and 0 posts" in shown_text(app)
    app.button(key="review_same").click().run()
    assert not app.exception
    assert "2 pairs" in shown_text(app)
    assert _several(look_alikes) == 1
    app.button(key="undo_last").click().run()
    assert _several(look_alikes) == 0
    assert "3 pairs" in shown_text(app)


def test_several_pairs_are_decided_and_undone_together(look_alikes: Engine) -> None:
    app = _choose(look_alikes, open_directly("data", me="Ana"), [0, 1, 2])
    app.button(key="review_different").click().run()
    assert not app.exception
    assert "No pair of accounts waits for your word" in shown_text(app)
    verdicts = rows_of(look_alikes, ["match_decision"])["match_decision"]
    assert [(row[2], row[-1]) for row in verdicts] == [("Ana", "different")] * 3
    app.button(key="undo_last").click().run()
    assert "3 pairs" in shown_text(app)


def test_choice_that_is_longer_than_the_queue_shows_the_surest(look_alikes: Engine) -> None:
    app = _choose(look_alikes, open_directly("data", me="Ana"), [7])
    assert not app.exception
    assert app.button(key="review_same").label == "Same person"


def test_choice_does_not_pass_to_the_pairs_that_come_next(look_alikes: Engine) -> None:
    app = _choose(look_alikes, open_directly("data", me="Ana"), [0, 1])
    assert app.button(key="review_same").label == "Same person (2)"
    app.button(key="review_same").click().run()
    assert app.button(key="review_same").label == "Same person"
    assert _several(look_alikes) == 2
