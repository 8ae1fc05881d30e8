"""The two tabs as people see them."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui.effects
from answers.effects import Effects
from answers.filters import Filters
from data_access.store import build_engine, migrate, writing
from tests.answers.buyers import FIRST_DAY, LAST_DAY, add_buyers
from tests.answers.store import add_daily
from ui.effects import describe_comparison

PAGE = """
from ui.effects import show_effects, show_leads_lags
from ui.filters import choose_filters
from ui.guard import guard

here = guard("engagement")
filters = choose_filters(here)
show_effects(here, filters)
show_leads_lags(here, filters)
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 customers over 400 days."""
    path = tmp_path_factory.mktemp("buyers") / "buyers.db"
    engine = build_engine(f"sqlite:///{path}")
    migrate(engine)
    with writing(engine) as session:
        add_buyers(session)
        for day in (FIRST_DAY, LAST_DAY):
            add_daily(session, day, posts=1)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def app(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    copy = tmp_path / "app.db"
    copy.write_bytes(store.read_bytes())
    monkeypatch.setenv("RAPPORT_DATABASE_URL", f"sqlite:///{copy}")
    return AppTest.from_string(PAGE, default_timeout=60)


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_effects_are_shown_with_what_can_be_said(app: AppTest) -> None:
    app.run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("label")
    assert table.loc["A question answered", "words"].startswith("Consistent with an effect of +0.50 orders")
    assert table.loc["A question answered", "worth"].startswith("EUR ")
    assert table.loc["A like given", "words"].startswith("Too few people to compare")
    assert table.loc["A like given", "worth"] == "–"
    said = [text.value.replace("\\", "") for text in app.markdown]
    assert any(words.startswith("Consistent with an effect: A question answered") for words in said)
    assert "120 customers from 1 Jan 2025 to 5 Feb 2026" in captions(app)


def test_row_leads_to_the_people_compared(app: AppTest) -> None:
    app.session_state["table_effects"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    people = app.dataframe[1].value
    assert len(people) == 120
    assert set(people["group"]) == {"asked and were answered by us", "asked and got no answer"}
    assert "Orders a person went from 1.00 to 0.50 among those who did" in captions(app)


def test_other_customers_and_windows_can_be_chosen(app: AppTest) -> None:
    app.run()
    app.button_group(key="fx_buyers").set_value("organizations").run()
    assert not app.exception
    assert "40 customers" in captions(app)
    assert app.dataframe[0].value["words"][0].startswith("Too few people to compare: 20 who did, 20 who did not")
    assert "worth" not in app.dataframe[0].value, "nothing is worth anything"


def test_leads_say_why_there_is_nothing(app: AppTest) -> None:
    app.run()
    assert "needed" in captions(app) or "whole weeks" in captions(app)
    assert app.button(key="empty_ll_data").label == "Import more"


def test_many_customers_wait_for_a_button(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.effects, "MOST_AT_ONCE", 100)
    app.run()
    assert "Comparing 120 customers takes some seconds." in captions(app)
    assert not app.dataframe
    app.button(key="empty_fx_compare").click().run()
    assert app.dataframe[0].value["label"][0] == "A question answered"


def test_comparison_says_when_it_is_made_of_a_part() -> None:
    filters = Filters(FIRST_DAY, LAST_DAY + timedelta(days=1))
    effects = Effects(filters, 60, None, {}, customers=50_000, looked_at=10_000)  # type: ignore[arg-type]
    words = describe_comparison(effects)
    assert words.startswith("10,000 customers of 50,000. A person's first act")
    assert "after allowing for 0 acts compared" in words
    assert words.endswith("people who buy and talk more for a while at the same time look like an effect.")
