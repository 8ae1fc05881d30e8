"""Filters live in the address, survive a change of page, and never leave the data."""

from datetime import date, datetime, tzinfo

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from data_access.models.derived import DailyActivity
from data_access.models.facts import Channel
from data_access.store import writing
from tests.pages.conftest import open_directly, open_through_home

SCRIPT = """
import streamlit as st
from ui.filters import choose_filters
from ui.guard import guard
here = guard("engagement")
st.session_state["chosen"] = choose_filters(here)
"""


def _choose(**params: str | list[str]) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def test_filters_end_on_the_last_day_of_the_data_when_nothing_is_chosen(small_store: Engine) -> None:
    chosen = _choose().session_state["chosen"]
    assert (chosen.start, chosen.end) == (date(2026, 3, 14), date(2026, 4, 11))
    assert (chosen.networks, chosen.channels, chosen.brands) == ((), (), ())


def test_filters_follow_the_address(small_store: Engine) -> None:
    app = _choose(f_period="7 days", f_channel="Help · net", f_network="net")
    chosen = app.session_state["chosen"]
    assert (chosen.end - chosen.start).days == 7
    assert len(chosen.channels) == 1
    assert chosen.networks == ("net",)


def test_filters_cover_all_the_data_when_all_is_chosen(small_store: Engine) -> None:
    chosen = _choose(f_period="All").session_state["chosen"]
    assert (chosen.start, chosen.end) == (date(2026, 3, 2), date(2026, 4, 11))


def test_filters_take_days_from_the_address_when_custom(small_store: Engine) -> None:
    chosen = _choose(f_period="Custom", f_days=["2026-03-10", "2026-03-12"]).session_state["chosen"]
    assert (chosen.start, chosen.end) == (date(2026, 3, 10), date(2026, 3, 13))


@pytest.mark.parametrize(
    "params",
    [
        {"f_period": "nonsense"},
        {"f_network": "nowhere"},
        {"f_channel": "No such · channel"},
        {"f_period": "Custom", "f_days": ["1990-01-01", "2090-01-01"]},
        {"f_period": "Custom", "f_days": "rubbish"},
    ],
)
def test_filters_stay_within_the_data_when_the_address_does_not(params: dict[str, str], small_store: Engine) -> None:
    app = _choose(**params)
    assert not app.exception
    chosen = app.session_state["chosen"]
    assert date(2026, 3, 2) <= chosen.start < chosen.end <= date(2026, 4, 11)
    assert (chosen.networks, chosen.channels) == ((), ())


def test_filters_drop_a_channel_when_its_network_is_not_chosen(small_store: Engine) -> None:
    app = _choose(f_channel="Help · net")
    app.multiselect(key="f_network").set_value(["net"]).run()
    assert len(app.session_state["chosen"].channels) == 1


def test_filters_are_kept_when_the_page_changes(small_store: Engine) -> None:
    app = open_through_home("engagement")
    app.selectbox(key="f_period").set_value("90 days").run()
    app.switch_page("pages/settings.py").run()
    app.switch_page("pages/sentiment.py").run()
    assert app.selectbox(key="f_period").value == "90 days"
    assert not app.exception


def test_filters_say_where_the_data_ends(small_store: Engine) -> None:
    app = open_directly("engagement")
    assert any("Data ends on 10 Apr 2026" in caption.value for caption in app.sidebar.caption)


def test_filters_end_before_posts_that_a_wrong_clock_dated_and_say_so(small_store: Engine) -> None:
    with writing(small_store) as session:
        channel = session.scalars(select(Channel.id)).first()
        assert channel is not None
        session.add(DailyActivity(day=date(2999, 1, 1), channel_id=channel, side="inbound", posts=2))
    app = _choose()
    assert app.session_state["chosen"].end == date(2026, 4, 11)
    assert any(
        "2 posts are dated after today, up to 1 Jan 2999, and left out" in said.value for said in app.sidebar.caption
    )


def test_filters_take_in_a_day_when_it_comes_though_nothing_is_written(
    small_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        day = 12

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls(2026, 4, cls.day, 12, tzinfo=tz)

    monkeypatch.setattr("ui.guard.datetime", Clock)
    with writing(small_store) as session:
        channel = session.scalars(select(Channel.id)).first()
        assert channel is not None
        session.add(DailyActivity(day=date(2026, 4, 13), channel_id=channel, side="inbound", posts=2))
    assert _choose().session_state["chosen"].end == date(2026, 4, 11)
    monkeypatch.setattr(Clock, "day", 13)
    assert _choose().session_state["chosen"].end == date(2026, 4, 14)
