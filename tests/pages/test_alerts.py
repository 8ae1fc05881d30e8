"""Watched people: the buttons on their profile, their posts on Today, the count beside every page."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.decisions import list_standing
from data_access.models.decisions import AlertSeen, Thanked, Watch
from data_access.records import PostRecord
from data_access.store import reading
from jobs.watching import watch_person
from tests.jobs.stores import bring
from tests.kept_stores import filled_once
from tests.pages.conftest import DAYS, FIRST, MARKUP, NETWORK, open_directly, shown_text
from tests.pages.test_profile import identity_id, open_person

UNSEEN = "2 new posts of watched people"
LATER = FIRST + timedelta(days=DAYS)


def write(engine: Engine, *authors: str) -> None:
    """A new post of each of these, an hour apart."""
    posts = [
        PostRecord(*NETWORK, f"new{n}", "wall", LATER + timedelta(hours=n), author=author, text=f"News {n} {MARKUP}")
        for n, author in enumerate(authors)
    ]
    bring(engine, posts, "news")


@filled_once
def _fill_watched(engine: Engine) -> None:
    """Person 7, and one whose name is markup, are watched and have written since."""
    for name in ("p7", "p3"):
        watch_person(engine, person_id=identity_id(engine, name), decided_by="Ana", note="**Big** reach")
    write(engine, "p7", "p1", "p3")


@pytest.fixture
def watched(small_store: Engine) -> Engine:
    _fill_watched(small_store)
    return small_store


def alerts_shown(app: AppTest) -> list[str]:
    return [text.value for text in app.text if text.value.startswith("News ")]


def count_standing(engine: Engine, kind: type[Watch] | type[AlertSeen] | type[Thanked]) -> int:
    with reading(engine) as session:
        return len(list_standing(session, kind))


def test_today_says_that_nobody_is_watched_and_leads_to_people(small_store: Engine) -> None:
    app = open_directly("today")
    assert "Nobody is watched." in shown_text(app)
    assert "of watched people" not in shown_text(app)
    assert "New posts of watched people" not in shown_text(app)
    assert app.button(key="empty_watch_list").label == "Find someone"


def test_profile_watches_a_person_and_stops_each_until_undone(small_store: Engine) -> None:
    app = open_person(small_store, "p7", me="Ana")
    key = f"watch_profile_{identity_id(small_store, 'p7')}"
    app.button(key=key).click().run()
    assert not app.exception
    assert app.button(key=key).label == "Stop watching"
    write(small_store, "p7")
    app.button(key=key).click().run()
    assert app.button(key=key).label == "Watch"
    assert count_standing(small_store, Watch) == 0
    app.button(key="undo_last").click().run()
    assert not app.exception
    assert app.button(key=key).label == "Stop watching"
    assert len(alerts_shown(open_directly("today"))) == 1
    app = open_person(small_store, "p7")
    app.button(key=key).click().run()
    assert app.button(key=key).label == "Watch"


def test_profile_undoes_a_watch(small_store: Engine) -> None:
    app = open_person(small_store, "p7")
    key = f"watch_profile_{identity_id(small_store, 'p7')}"
    app.button(key=key).click().run()
    app.button(key="undo_last").click().run()
    assert app.button(key=key).label == "Watch"
    assert count_standing(small_store, Watch) == 0


def test_profile_of_the_team_has_no_watch_button(small_store: Engine) -> None:
    app = open_person(small_store, "team")
    assert not [button for button in app.button if str(button.key).startswith("watch_")]


def test_profile_keeps_thanks_with_a_note_and_says_so(small_store: Engine) -> None:
    app = open_person(small_store, "p7", me="Ana")
    widget = f"thank_profile_{identity_id(small_store, 'p7')}"
    app.session_state[widget] = True
    app.run()
    app.text_area(key=f"note_{widget}").set_value("A **card**")
    next(button for button in app.form_submit_button if button.label == "They were thanked").click().run()
    assert not app.exception
    with reading(small_store) as session:
        assert [(row.note, row.decided_by) for row in list_standing(session, Thanked)] == [("A **card**", "Ana")]
    app.session_state[widget] = True
    app.run()
    assert any(text.value.endswith("Ana: A **card**") for text in app.text)
    app.button(key="undo_last").click().run()
    assert count_standing(small_store, Thanked) == 0


def test_today_shows_new_posts_of_watched_people_with_why(watched: Engine) -> None:
    app = open_directly("today")
    assert not app.exception
    assert alerts_shown(app) == [f"News 2 {MARKUP}", f"News 0 {MARKUP}"]
    said = shown_text(app)
    assert said.replace("\\", "").count("by Ana: **Big** reach") == 2
    assert "by Ana: **Big**" not in said
    assert UNSEEN in said


def test_today_drops_an_alert_that_is_seen_until_that_is_undone(watched: Engine) -> None:
    app = open_directly("today", me="Ana")
    see = next(button for button in app.button if str(button.key).startswith("see_") and button.key != "see_all")
    see.click().run()
    assert not app.exception
    assert alerts_shown(app) == [f"News 0 {MARKUP}"]
    assert "1 new post of watched people" in shown_text(app)
    app.button(key="undo_last").click().run()
    assert len(alerts_shown(app)) == 2
    app.button(key="see_all").click().run()
    assert not app.exception
    assert alerts_shown(app) == []
    assert "of watched people" not in shown_text(app)
    assert count_standing(watched, AlertSeen) == 2


def test_today_lists_who_is_watched_and_stops_there(watched: Engine) -> None:
    app = open_directly("today")
    assert "watched by Ana" in shown_text(app)
    app.button(key=f"watch_list_{identity_id(watched, 'p7')}").click().run()
    assert not app.exception
    assert alerts_shown(app) == [f"News 2 {MARKUP}"]


@pytest.mark.parametrize("page", ["engagement", "profile", "data", "settings"])
def test_every_page_says_how_many_alerts_nobody_has_seen(page: str, watched: Engine) -> None:
    assert UNSEEN in shown_text(open_directly(page))
