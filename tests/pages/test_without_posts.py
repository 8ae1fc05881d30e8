"""Every page of a store that a CRM or a shop filled alone, and of one whose sales go on after its posts end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.importers import ImportOptions
from data_access.records import Record
from data_access.store import build_engine, migrate
from jobs.importing import import_paths
from jobs.progress import Silence
from tests.crm_files import HUBSPOT_TABLES, PIPELINE, save
from tests.jobs.sales import DAY, deal, order, visit
from tests.jobs.stores import account, bring, post
from tests.pages.conftest import open_directly, open_through_home, shown_text
from ui.guard import LIVES_ON_POSTS
from ui.navigation import ENTRIES, find_entry

PAGES = [entry.name for entry in ENTRIES]
REST = [page for page in PAGES if page not in LIVES_ON_POSTS]


@pytest.fixture(scope="module")
def _crm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline, HubSpot's tables, two orders and a visit: no post."""
    folder = tmp_path_factory.mktemp("crm")
    engine = build_engine(f"sqlite:///{folder / 'crm.db'}")
    migrate(engine)
    paths = [save(folder / "pipeline", PIPELINE), save(folder / "hub", HUBSPOT_TABLES)]
    assert {run.status for run in import_paths(engine, paths, ImportOptions(currency="EUR"), Silence())} == {"done"}
    bring(engine, [account("ann", display_name="Ann"), visit("v", 0), order("o", DAY), order("o2", 40 * DAY)])
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder / "crm.db"


@pytest.fixture
def crm_store(empty_store: str, _crm: Path, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "app.db").write_bytes(_crm.read_bytes())
    engine = build_engine(empty_store)
    yield engine
    engine.dispose()


def fill(url: str, records: list[Record]) -> None:
    engine = build_engine(url)
    migrate(engine)
    bring(engine, records)
    engine.dispose()


def button(app: AppTest, label: str) -> None:
    next(found for found in app.main.button if found.label == label).click().run()


@pytest.mark.parametrize("page", LIVES_ON_POSTS)
def test_page_that_lives_on_posts_says_what_came_in_when_there_is_no_post(page: str, crm_store: Engine) -> None:
    app = open_through_home(page)
    assert not app.exception
    assert app.title[0].value == find_entry(page).title
    assert "No posts yet: what came in is 6 deals, 2 orders, 1 visit, 3 people, 4 organisations." in shown_text(app)
    assert [found.label for found in app.main.button] == ["Import posts"]
    button(app, "Import posts")
    assert app.title[0].value == "Data"


@pytest.mark.parametrize("page", REST)
def test_page_shows_what_there_is_when_there_is_no_post(page: str, crm_store: Engine) -> None:
    app = open_directly(page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value.startswith(find_entry(page).title)
    assert "Explore the demo community" not in shown_text(app)


def test_data_says_how_fresh_sales_and_visits_are_when_there_is_no_post(crm_store: Engine) -> None:
    app = open_directly("data")
    others = next(frame.value for frame in app.dataframe if "kind" in frame.value and "fresh" in frame.value)
    assert others["kind"].unique().tolist() == ["Orders", "Deals", "Visits"]
    assert others["fresh"].notna().all()


def test_revenue_ends_with_the_sales_when_there_is_no_post(crm_store: Engine) -> None:
    app = open_directly("revenue")
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Revenue from orders"], shown["Orders"]) == ("EUR 10.00", "1"), (
        "the last 28 days have the second order"
    )
    assert "Data ends on 11 Apr 2026." in shown_text(app)


def test_journeys_lead_to_the_customers_when_nobody_is_new_in_the_period(crm_store: Engine) -> None:
    app = open_directly("journeys")
    assert "Nobody was first seen in this period" in shown_text(app)
    button(app, "Show all days")
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Customer"] == "2", "Ann, and HubSpot's Ann Lee by a deal that was won"


def test_journeys_say_why_when_deals_name_nobody(empty_store: str) -> None:
    fill(empty_store, [deal("d", 0)])
    app = open_directly("journeys")
    assert not app.exception
    assert "No posts yet: what came in is 1 deal." in shown_text(app)


def test_profile_finds_contacts_when_there_is_no_post(crm_store: Engine) -> None:
    app = open_directly("profile", p_search="ann")
    assert not app.exception
    people = next(frame.value for frame in app.dataframe if "name" in frame.value)
    assert set(people["name"]) == {"Ann", "Ann Lee"}
    assert "No posts yet" in shown_text(open_directly("profile"))


@pytest.mark.parametrize("page", PAGES)
def test_page_works_when_contacts_are_all_there_is(page: str, empty_store: str) -> None:
    fill(empty_store, [account("ann", display_name="Ann")])
    app = open_directly(page)
    assert not app.exception
    assert "Explore the demo community" not in shown_text(app)


def test_pages_end_with_what_they_are_about_when_sales_go_on_after_the_posts(empty_store: str) -> None:
    fill(empty_store, [post("p", 0), order("o", DAY), order("o2", 90 * DAY), deal("d", None, created_at=None)])
    today, revenue = open_directly("today"), open_directly("revenue")
    assert "2 March 2026" in shown_text(today) or "2 Mar 2026" in shown_text(today)
    assert "Posts end on 2 Mar 2026, other data on 31 May 2026." in shown_text(today)
    assert {metric.label: metric.value for metric in open_directly("engagement").metric}["Posts"] == "1"
    assert "Data ends on 31 May 2026." in shown_text(revenue)
    assert {metric.label: metric.value for metric in revenue.metric}["Orders"] == "1"


def test_revenue_ends_with_the_sales_when_posts_go_on_after_them(empty_store: str) -> None:
    fill(empty_store, [order("o", 0), post("p", 90 * DAY)])
    revenue = open_directly("revenue")
    assert "Sales end on 2 Mar 2026, other data on 31 May 2026." in shown_text(revenue)
    assert {metric.label: metric.value for metric in revenue.metric}["Orders"] == "1"


@pytest.fixture(scope="module")
def crm_urls(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[dict[str, str]]:
    """A real pipeline alone, and real orders alone."""
    engines = {}
    for name, path in (("pipeline", "maven_crm"), ("orders", "cdnow/CDNOW_sample.txt")):
        engines[name] = build_engine(f"sqlite:///{tmp_path_factory.mktemp(name) / 'store.db'}")
        migrate(engines[name])
        runs = import_paths(engines[name], [shared_data / path], ImportOptions(), Silence())
        assert {run.status for run in runs} == {"done"}
    yield {name: engine.url.render_as_string() for name, engine in engines.items()}
    for engine in engines.values():
        engine.dispose()


@pytest.mark.realdata
@pytest.mark.xdist_group("sales pages")
@pytest.mark.parametrize("name", ["pipeline", "orders"])
@pytest.mark.parametrize("page", PAGES)
def test_page_works_with_a_real_crm_alone(
    page: str, name: str, crm_urls: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", crm_urls[name])
    app = open_directly(page)
    assert not app.exception
    assert not app.error
    held = {"pipeline": "8,800 deals", "orders": "6,919 orders"}[name]
    if page in LIVES_ON_POSTS:
        assert f"No posts yet: what came in is {held}" in shown_text(app)
