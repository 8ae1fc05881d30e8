"""Topics on the pages: what is typed shows what it would find, is saved as a decision, and leads to posts."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.store import reading
from data_access.topics import list_topic_rules
from jobs.progress import Silence
from jobs.text_rules import TOPICS, are_rules_due, derive_rules
from jobs.topics import decide_topic
from tests.kept_stores import filled_once
from tests.pages.conftest import open_directly, shown_text
from ui.topics import NEW


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that pages start, which do not run here."""
    kinds: list[str] = []
    for module in ("ui.text_rules", "ui.actions"):
        monkeypatch.setattr(f"{module}.start_job", lambda engine, kind, arguments: kinds.append(kind))
    return kinds


@filled_once
def _fill_store_with_topics(engine: Engine) -> None:
    """Every fourth post is about the product, loved; every fourth about anger."""
    decide_topic(engine, topic="Product", pattern="product*", decided_by="Ana")
    decide_topic(engine, topic="Anger", pattern="angry, furious", decided_by="Ana")
    derive_rules(engine, TOPICS, Silence())


@pytest.fixture
def store_with_topics(small_store: Engine) -> Engine:
    _fill_store_with_topics(small_store)
    return small_store


def _rules(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        return list_topic_rules(session)


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def _words(app: AppTest) -> object:
    return next(area for area in app.text_area if area.label == "Words")


def _type(app: AppTest, words: str, name: str = "") -> AppTest:
    if name:
        next(field for field in app.text_input if field.label == "Its name").set_value(name)
    return _words(app).set_value(words).run()  # type: ignore[attr-defined, no-any-return]


def test_settings_show_what_words_would_find_before_they_are_saved(small_store: Engine) -> None:
    app = _type(open_directly("settings"), "angry, manual")
    assert not app.exception
    text = shown_text(app)
    assert "60 of the newest 120 posts" in text
    assert "**angry**" in text
    assert _rules(small_store) == {}


def test_settings_show_what_words_nearly_find(small_store: Engine) -> None:
    text = shown_text(_type(open_directly("settings"), "parcels"))
    assert "0 of the newest 120 posts" in text
    assert ":orange-background[**parcel**]" in text


def test_settings_save_a_topic_and_start_reading_posts(small_store: Engine, started: list[str]) -> None:
    app = _press(_type(open_directly("settings", me="Ana"), "angry", name="Anger"), "Save topic")
    assert not app.exception
    assert _rules(small_store) == {"Anger": "angry"}
    assert started == ["topics"]
    with reading(small_store) as session:
        assert are_rules_due(session, TOPICS)
    app.button(key="undo_last").click().run()
    assert _rules(small_store) == {}
    assert started == ["topics", "topics"]


def test_settings_change_and_retire_a_topic(store_with_topics: Engine) -> None:
    app = open_directly("settings")
    app.selectbox(key="topic_chosen").set_value("Anger").run()
    assert _words(app).value == "angry, furious"  # type: ignore[attr-defined]
    app = _press(_type(app, "angry, terrible"), "Save topic")
    assert _rules(store_with_topics)["Anger"] == "angry, terrible"
    app.selectbox(key="topic_chosen").set_value("Anger").run()
    app = _press(app, "Retire")
    assert not app.exception
    assert set(_rules(store_with_topics)) == {"Product"}
    assert app.selectbox(key="topic_chosen").options == [NEW, "Product"]


@pytest.mark.parametrize("words", ["*", "-free", "!!!"])
def test_settings_say_what_is_wrong_with_words_that_find_nothing(small_store: Engine, words: str) -> None:
    app = _type(open_directly("settings"), words, name="Anger")
    assert app.error
    _press(app, "Save topic")
    assert not app.exception
    assert _rules(small_store) == {}


def test_settings_offer_to_read_posts_when_a_change_was_not_followed(small_store: Engine, started: list[str]) -> None:
    decide_topic(small_store, topic="Anger", pattern="angry", decided_by="Ana")
    _press(open_directly("settings"), "Read them now")
    assert started == ["topics"]


def test_sentiment_shows_topics_and_leads_to_their_posts(store_with_topics: Engine) -> None:
    app = open_directly("sentiment", s_tab="By topic")
    assert not app.exception
    table = next(frame.value for frame in app.dataframe if "net_sentiment_change" in frame.value)
    assert set(table["topic"]) == {"Product", "Anger"}
    app.session_state["s_topics"] = {"selection": {"points": [{"customdata": "Anger"}]}}
    app.run()
    assert not app.exception
    assert "Posts about Anger" in shown_text(app)
    assert "very angry" in shown_text(app)


def test_sentiment_names_a_topic_as_it_stands_when_it_holds_markup(small_store: Engine) -> None:
    decide_topic(small_store, topic="Anger [x](https://evil.example)", pattern="angry", decided_by="Ana")
    derive_rules(small_store, TOPICS, Silence())
    app = open_directly("sentiment", s_tab="By topic")
    assert not app.exception
    assert "most negative is Anger" in shown_text(app)
    assert "](https" not in shown_text(app)


def test_sentiment_leads_to_settings_when_there_is_no_topic(small_store: Engine) -> None:
    app = open_directly("sentiment", s_tab="By topic")
    assert not app.exception
    assert "Make topics in Settings" in shown_text(app)
