"""What somebody waits for in the browser: from opening a page in Chromium to its first paint, until its script has
ended and nothing more is sent (the code of a chart comes after the chart), and how much is sent. Cold: the first visit
with an empty cache; warm: the second of the same."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Row
from data_access.store import open_store
from jobs.demo_import import import_demo
from jobs.progress import Silence
from ui.navigation import ENTRIES

ROOT = Path(__file__).parents[1]
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
TIMEOUT_SECONDS = 120
#: A page of which nothing was sent for so long is whole.
_QUIET_SECONDS = 1.0
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
_STATE = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state')"


@dataclass(frozen=True)
class Visit:
    """Milliseconds to the first paint and until the page is whole, and bytes received."""

    painted: float
    whole: float
    received: int

    @property
    def words(self) -> str:
        return f"{self.painted:,.0f} ms, whole {self.whole:,.0f} ms, {self.received / 1e6:.2f} MB"


def measure_first_paint(posts: int) -> list[Row]:
    """A row a page, on the demo. One row that says why, where there is no Playwright or no Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [Row("first paint", "not measured: Playwright is not installed")]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{Path(folder) / 'demo.db'}"
        engine = open_store(url)
        import_demo(engine, progress=Silence(), posts=posts)
        engine.dispose()
        browser = playwright.chromium.launch(executable_path=_find_chromium(), args=list(ARGUMENTS))
        rows = [_measure_page(browser, url, page) for page in (entry.name for entry in ENTRIES)]
        browser.close()
        return rows


def _find_chromium() -> str | None:
    """The system's; None lets Playwright take its own."""
    return next((path for path in CHROMIUM if Path(path).exists()), None)


def _measure_page(browser: Any, url: str, page: str) -> Row:
    with _served(url) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        cold, warm = (_visit(context, f"{address}/{page}") for _ in range(2))
        context.close()
    name = page.replace("_", " ")
    return Row(f"first paint of {name}", f"cold {cold.words}; warm {warm.words}")


def _visit(context: Any, address: str) -> Visit:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received, newest = 0, 0.0

    def count(event: dict[str, Any]) -> None:
        nonlocal received, newest
        newest = time.perf_counter()
        frame = event.get("response", {}).get("payloadData")
        received += int(event.get("encodedDataLength", 0)) if frame is None else len(frame) * 3 // 4

    session.on("Network.loadingFinished", count)
    session.on("Network.webSocketFrameReceived", count)
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector('[data-testid="stHeading"]', timeout=1_000 * TIMEOUT_SECONDS)
    page.wait_for_function(f"{_STATE} === 'notRunning'", timeout=1_000 * TIMEOUT_SECONDS)
    newest = max(newest, time.perf_counter())
    while time.perf_counter() - newest < _QUIET_SECONDS:
        page.wait_for_timeout(20)
    painted = float(page.evaluate(_PAINT))
    page.close()
    return Visit(painted, 1_000 * (newest - began), received)


@contextmanager
def _served(url: str) -> Iterator[str]:
    """The app in a process of its own, up and idle."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (
        *(sys.executable, "-m", "streamlit", "run", "Home.py", "--server.headless=true"),
        *(f"--server.port={port}", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"),
    )
    environment = os.environ | {"RAPPORT_DATABASE_URL": url}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_until_up(address: str) -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer")
