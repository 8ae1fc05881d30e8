"""Every page: without data and with some, opened directly and through Home."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import MARKUP, ROOT, open_directly, open_through_home, shown_text
from ui.guard import NEEDS_NO_DATA
from ui.markup import plain
from ui.navigation import ENTRIES, find_entry

PAGES = [entry.name for entry in ENTRIES]
OPENED = pytest.mark.parametrize("open_page", [open_directly, open_through_home], ids=["directly", "through Home"])
Open = Callable[..., AppTest]


def test_every_file_in_pages_is_declared() -> None:
    assert sorted(path.stem for path in (ROOT / "pages").glob("*.py")) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_begins_with_its_guard(page: str) -> None:
    """The guard is the first thing that a page does: nothing but its imports and names stands before it."""
    body = ast.parse(Path(ROOT / "pages" / f"{page}.py").read_text()).body
    first = next(
        statement
        for statement in body
        if not isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        and not (
            isinstance(statement, ast.Assign | ast.AnnAssign)
            and "st." not in ast.unparse(statement.value or statement)
            and "guard" not in ast.unparse(statement)
        )
    )
    assert ast.unparse(first) == f"here = guard('{page}')"


@OPENED
@pytest.mark.parametrize("page", [page for page in PAGES if page not in NEEDS_NO_DATA])
def test_page_offers_two_ways_in_when_the_store_is_empty(page: str, open_page: Open, empty_store: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert [button.label for button in app.main.button] == ["Explore the demo community", "Import my data"]


@OPENED
@pytest.mark.parametrize("page", NEEDS_NO_DATA)
def test_page_works_when_the_store_is_empty(page: str, open_page: Open, empty_store: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert app.title[0].value == find_entry(page).title


@OPENED
@pytest.mark.parametrize("page", PAGES)
def test_page_works_and_has_the_search_box_when_there_is_data(page: str, open_page: Open, small_store: Engine) -> None:
    app = open_page(page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value.startswith(find_entry(page).title)
    assert app.text_input(key="find").label == "Find a person or an organisation"


@pytest.mark.parametrize("page", PAGES)
def test_page_shows_no_members_markup(page: str, small_store: Engine) -> None:
    app = open_directly(page, **({"person": "5"} if page == "profile" else {}))
    assert not app.exception
    markdown = [element.value for kind in ("markdown", "caption") for element in app.get(kind)]
    labels = [element.label for kind in ("button", "link_button", "page_link") for element in app.get(kind)]
    assert not [line for line in [*markdown, *labels] if "[win](javascript" in str(line).replace(plain(MARKUP), "")]
    assert not [button for button in app.get("link_button") if not button.url.startswith("https://")]


def test_page_says_so_and_touches_nothing_when_the_store_is_newer(small_store: Engine) -> None:
    with small_store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    app = open_directly("today")
    assert not app.exception
    assert app.title[0].value == "This store is newer than this Rapport"
    assert "update Rapport" in shown_text(app)
