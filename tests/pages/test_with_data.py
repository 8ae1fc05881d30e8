"""Every page with the demo community, and with real tweets: stores that one worker fills and reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.importers import ImportOptions
from data_access.store import build_engine, migrate
from jobs.demo_import import import_demo
from jobs.importing import import_paths
from jobs.progress import Silence
from tests.pages.conftest import open_directly, open_through_home
from ui.navigation import ENTRIES, find_entry

PAGES = [entry.name for entry in ENTRIES]


@pytest.fixture(scope="module")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    engine = build_engine(url)
    migrate(engine)
    import_demo(engine, progress=Silence(), posts=3000)
    yield url
    engine.dispose()


@pytest.fixture(scope="module")
def tweets_url(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('tweets') / 'tweets.db'}"
    engine = build_engine(url)
    migrate(engine)
    paths = [shared_data / "airline" / "tweets_half.csv", shared_data / "twcs" / "twcs_first5000.csv"]
    assert [run.status for run in import_paths(engine, paths, ImportOptions(), Silence())] == ["done", "done"]
    yield url
    engine.dispose()


@pytest.mark.xdist_group("demo pages")
@pytest.mark.parametrize("page", PAGES)
def test_page_works_with_the_demo(page: str, demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", demo_url)
    _assert_it_works(open_directly(page, f_period="All"), page)


@pytest.mark.realdata
@pytest.mark.xdist_group("tweet pages")
@pytest.mark.parametrize("page", PAGES)
def test_page_works_with_real_tweets(page: str, tweets_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", tweets_url)
    _assert_it_works(open_through_home(page, f_period="All"), page)


def _assert_it_works(app: AppTest, page: str) -> None:
    assert not app.exception
    assert not app.error
    assert app.title[0].value.startswith(find_entry(page).title)
