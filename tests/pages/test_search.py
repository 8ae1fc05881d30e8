"""The search box: on every page, from a name, handle or id to the profile."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.store import reading
from tests.pages.conftest import open_directly, open_through_home, shown_text
from ui.search import find_hits


def _find(app: AppTest, text: str) -> AppTest:
    return app.text_input(key="find").set_value(text).run()


def _links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.sidebar.get("page_link")]


def test_search_lists_people_as_links_when_there_are_several(small_store: Engine) -> None:
    app = _find(open_through_home("engagement"), "person")
    assert not app.exception
    *people, posts = _links(app)
    assert (len(people), posts) == (6, "Posts that say “person”")
    assert "More are found: type more letters" in shown_text(app)
    assert app.title[0].value == "Engagement"


@pytest.mark.parametrize("text", ["@person7", "PERSON7", "Person 7"])
def test_search_opens_the_profile_when_it_is_the_only_hit(small_store: Engine, text: str) -> None:
    app = _find(open_through_home("engagement"), text)
    assert not app.exception
    assert "Person 7" in app.title[0].value
    assert app.text_input(key="find").value == ""


def test_search_says_so_when_nobody_is_found(small_store: Engine) -> None:
    app = _find(open_through_home("today"), "zebedee")
    assert "Nobody by that name" in shown_text(app)


def test_search_escapes_names_that_hold_markup(small_store: Engine) -> None:
    with reading(small_store) as session:
        ((page, _, _, label),), has_more = find_hits(session, "person3")
    assert (page, has_more) == ("profile", False)
    assert label.startswith("\\*\\*Bold\\*\\* \\[win\\]")


def test_search_is_not_there_when_there_is_nobody_to_find(empty_store: str) -> None:
    app = open_directly("data")
    assert not app.exception
    assert not [field for field in app.text_input if field.key == "find"]
