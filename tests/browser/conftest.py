"""A served app and a real Chromium. Any request that leaves this machine fails the test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from data_access.store import open_store
from jobs.demo_import import import_demo
from jobs.progress import Silence

ROOT = Path(__file__).parents[2]
LOOPBACK = {"127.0.0.1", "localhost", "::1", ""}
#: Where the pictures of the pages are kept: a build artefact.
PICTURES = Path(os.environ.get("RAPPORT_PICTURES") or ROOT / "build/pictures")
expect.set_options(timeout=30_000)
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Streamlit's command line, where the button loads a demo of 2,000 posts: what it leads to is the same with 40,000.
_SMALL_DEMO = """
from streamlit.web.cli import main
from ui import first_run
first_run.DEMO["posts"] = 2_000
main()
"""


def find_chromium() -> str:
    """Debian's Chromium, or whatever of that name is on the PATH."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("These tests drive a real Chromium: apt-get install chromium (or run .ci/run, which does).")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the app did not come up:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Serves a store: from its database URL to the app's address."""
    running: list[subprocess.Popen[bytes]] = []
    logs: list[Path] = []

    def start(database_url: str) -> str:
        folder = tmp_path_factory.mktemp("served")
        port = _free_port()
        environment = os.environ | {
            "RAPPORT_DATABASE_URL": database_url,
            "RAPPORT_STAGING_DIR": str(folder / "staging"),
            "RAPPORT_LOG_DIR": str(folder / "logs"),
            "RAPPORT_UPLOAD_DIR": str(folder / "uploads"),
            "PYTHONWARNINGS": "default",
        }
        log = folder / "app.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-c", _SMALL_DEMO, "run", "Home.py"),
                    *("--server.port", str(port), "--server.headless", "true", "--server.address", "127.0.0.1"),
                ],
                cwd=ROOT,
                env=environment,
                stdout=sink,
                stderr=sink,
            )
        running.append(process)
        logs.append(log)
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(url, process, log)
        return url

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=20)
    said = "".join(log.read_text() for log in logs)
    assert "external IP" not in said, "the server asked someone on the web for its address"
    assert "Traceback" not in said, said[-3000:]


@pytest.fixture(scope="session")
def copy_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes a store of its own that holds a small demo community, imported once. Returns its database URL."""
    folder = tmp_path_factory.mktemp("demo")
    engine = open_store(f"sqlite:///{folder / 'demo.db'}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAPPORT_STAGING_DIR", str(folder / "staging"))
        import_demo(engine, progress=Silence(), posts=int(os.environ.get("RAPPORT_PICTURED_POSTS") or 4_000))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()

    def copy() -> str:
        path = tmp_path_factory.mktemp("copied") / "demo.db"
        shutil.copyfile(folder / "demo.db", path)
        return f"sqlite:///{path}"

    return copy


@pytest.fixture(scope="session")
def demo_store(copy_demo: Callable[[], str]) -> str:
    """A store with a small demo community."""
    return copy_demo()


@pytest.fixture(scope="session")
def demo_app(demo_store: str, serve: Callable[[str], str]) -> str:
    """The address of the app on the demo."""
    return serve(demo_store)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module: Playwright holds the worker's event loop until it is closed."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_chromium(), args=_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor at 1280 x 900. The test fails where the page asks anything of the outside."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(30_000)
    opened = context.new_page()
    left: list[str] = []

    def look(request: Request) -> None:
        if urlsplit(request.url).hostname not in LOOPBACK and not request.url.startswith(("data:", "blob:")):
            left.append(request.url)

    opened.on("request", look)
    yield opened
    context.close()
    assert left == [], "the page asked for something from outside"
