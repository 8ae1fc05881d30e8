"""The review queue on the Data page: the evidence, one click that decides, many at once, and undo."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.records import IdentityRecord
from tests.jobs.stores import bring, rows_of
from tests.pages.conftest import open_directly, shown_text

NAMES = ("Anneliese Leewood", "Bartholomew Quincey", "Cordelia Thackeray")


@pytest.fixture
def look_alikes(small_store: Engine) -> Engine:
    """Three pairs of accounts of the same rare name, on two networks."""
    networks = (("neta", "a.example"), ("netb", "b.example"))
    bring(small_store, [IdentityRecord(*place, name, display_name=name) for name in NAMES for place in networks])
    return small_store


def _several(engine: Engine) -> int:
    """How many accounts are of a person that has a lower one."""
    return sum(row[0] != row[1] for row in rows_of(engine, ["person_identity"])["person_identity"])


def _choose(app: AppTest, rows: list[int]) -> AppTest:
    app.session_state["review_queue"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def test_surest_pair_is_joined_by_one_click_and_split_by_undo(look_alikes: Engine) -> None:
    app = open_directly("data", me="Ana")
    assert "3 pairs look like one person's" in shown_text(app)
    assert "one person with 2 accounts, 0 posts" in shown_text(app)
    app.button(key="review_same").click().run()
    assert not app.exception
    assert "2 pairs look like one person's" in shown_text(app)
    assert _several(look_alikes) == 1
    app.button(key="undo_last").click().run()
    assert _several(look_alikes) == 0
    assert "3 pairs look like one person's" in shown_text(app)


def test_several_pairs_are_decided_and_undone_together(look_alikes: Engine) -> None:
    app = _choose(open_directly("data", me="Ana"), [0, 1, 2])
    app.button(key="review_different").click().run()
    assert not app.exception
    assert "No pair of accounts waits for your word" in shown_text(app)
    verdicts = rows_of(look_alikes, ["match_decision"])["match_decision"]
    assert [(row[2], row[-1]) for row in verdicts] == [("Ana", "different")] * 3
    app.button(key="undo_last").click().run()
    assert "3 pairs look like one person's" in shown_text(app)


def test_choice_that_is_longer_than_the_queue_shows_the_surest(look_alikes: Engine) -> None:
    app = _choose(open_directly("data", me="Ana"), [7])
    assert not app.exception
    assert app.button(key="review_same").label == "Same person"
