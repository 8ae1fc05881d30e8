"""Stores for the pages: one without anything, and a small community whose members try markup."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data_access.records import BrandRecord, ChannelRecord, IdentityRecord, PostRecord, Record
from data_access.store import build_engine, migrate
from jobs.importing import RecordStream, import_input
from jobs.progress import Silence

ROOT = Path(__file__).parents[2]
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAYS = 40
MARKUP = "**Bold** [win](javascript:alert(1)) <b>x</b> :red[y]"
TEXTS = (
    "I love this product, it is wonderful",
    "This is terrible and I am very angry about it",
    "Where can I find the manual for it?",
    "=HYPERLINK(1) the parcel came on Tuesday",
)
NETWORK = ("net", "net.example")


def small_community() -> Iterator[Record]:
    """40 days: three posts a day of ten people in two channels; the team answers one in two; the last ones wait."""
    yield BrandRecord("Ours", is_competitor=False)
    yield ChannelRecord(*NETWORK, "wall", "Wall", brand="Ours")
    yield ChannelRecord(*NETWORK, "help", "Help", purpose="support", brand="Ours")
    yield IdentityRecord(*NETWORK, "team", handle="team", display_name="The team", is_team=True)
    for person in range(10):
        name = MARKUP if person == 3 else f"Person {person}"
        yield IdentityRecord(
            *NETWORK, f"p{person}", handle=f"person{person}", display_name=name, followers=person * 100
        )
    for number in range(DAYS * 3):
        yield from _post_and_answer(number)


def _post_and_answer(number: int) -> Iterator[Record]:
    moment = FIRST + timedelta(days=number // 3, hours=number % 3 * 4)
    text = TEXTS[number % 4] + (f" {MARKUP}" if number % 10 == 3 else "")
    channel = "wall" if number % 2 else "help"
    yield PostRecord(
        *NETWORK,
        f"post{number}",
        channel,
        moment,
        author=f"p{number % 10}",
        kind="question" if number % 4 == 2 else "post",
        text=text,
        url=f"https://net.example/{number}" if number % 7 else "javascript:alert(1)",
        likes=number % 5,
        shares=number % 3,
        replies=1,
        views=100 + number,
    )
    if number % 2 == 0 and number < DAYS * 3 - 6:
        yield PostRecord(
            *NETWORK,
            f"answer{number}",
            channel,
            moment + timedelta(minutes=20 + number),
            author="team",
            kind="reply",
            text="We are looking into it",
            parent=f"post{number}",
        )


@pytest.fixture(scope="session", autouse=True)
def _packages_searched_once() -> Iterator[None]:
    """Streamlit searches every installed package for components at each start, which takes longer than any page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def _small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "small.db"
    engine = build_engine(f"sqlite:///{path}")
    migrate(engine)
    stream = RecordStream("small", "test", small_community(), identity="small")
    import_input(engine, stream, Silence(), options={})
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The store of the app has no table yet."""
    url = f"sqlite:///{tmp_path / 'app.db'}"
    monkeypatch.setenv("RAPPORT_DATABASE_URL", url)
    return url


@pytest.fixture
def small_store(empty_store: str, _small_store: Path, tmp_path: Path) -> Iterator[Engine]:
    """The store of the app holds the small community."""
    (tmp_path / "app.db").write_bytes(_small_store.read_bytes())
    engine = build_engine(empty_store)
    yield engine
    engine.dispose()


def open_directly(page: str, **params: str | list[str]) -> AppTest:
    """The page opened by its own file, as in a fresh process."""
    return _run(AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60), params)


def open_through_home(page: str, **params: str | list[str]) -> AppTest:
    """The page opened through Home's navigation."""
    app = _run(AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60), {})
    return _run(app.switch_page(f"pages/{page}.py"), params)


def _run(app: AppTest, params: dict[str, str | list[str]]) -> AppTest:
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def shown_text(app: AppTest) -> str:
    """Everything that the page says, a line an element."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "text", "badge", "metric")
    lines = [str(element.value) for kind in kinds for element in app.get(kind)]
    return "\n".join(
        lines + [element.label for kind in ("button", "link_button", "metric") for element in app.get(kind)]
    )
