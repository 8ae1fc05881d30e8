"""An import as people walk it: started on the page, followed from another one, cancelled, done again, mended."""

import csv
import io
import os
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, func, select

from data_access.models import derived, facts
from data_access.store import build_engine, reading
from data_access.upsert import table
from tests.browser.test_flows import heading, keep_picture, settled

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

ROWS, REFUSED = 6_000, 3
WORDS = ("lamp", "cable", "shade", "switch", "bulb", "table", "stand", "wall", "shop", "parcel")
LONG_MILLISECONDS = 240_000


def rows_of_export() -> Iterator[list[str]]:
    """Posts, of which every text is another; the last three have no time that can be read."""
    yield ["id", "username", "text", "created_at"]
    for number in range(ROWS):
        words = [WORDS[int(digit)] for digit in f"{number:05d}"]
        moment = "some day" if number >= ROWS - REFUSED else f"2026-03-{1 + number % 28:02d}T10:15:00Z"
        yield [str(number), f"person{number % 97}", f"I love the {' '.join(words)}, number {number}", moment]


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return path


def count(engine: Engine, *models: type) -> list[int]:
    with reading(engine) as session:
        return [int(session.scalar(select(func.count()).select_from(table(model))) or 0) for model in models]


@contextmanager
def standing_still(engine: Engine, path: Path) -> Iterator[None]:
    """The import of a file has copied some of it and goes no further meanwhile; it holds no lock on the store."""
    run, job = table(facts.ImportRun), table(derived.Job)
    copied = select(run.c.cursor["position"].as_integer()).where(run.c.status == "copying")
    says_so = job.c.status == "running", job.c.step.startswith("Copying")
    for _ in range(100_000):
        with reading(engine) as session:
            position = session.scalar(copied)
            pid = session.scalar(select(job.c.pid).where(*says_so))
        if position and pid:
            os.kill(pid, signal.SIGSTOP)
            with reading(engine) as session:  # it may have gone on to its next step meanwhile
                still = session.scalar(select(job.c.pid).where(*says_so))
            if still and is_free(path):
                break
            os.kill(pid, signal.SIGCONT)
    else:
        pytest.fail("the import copied nothing")
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def is_free(path: Path) -> bool:
    """Whether nobody writes to a store."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as store:
        try:
            store.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        store.execute("ROLLBACK")
        return True


def start_import(page: Page, file: Path) -> None:
    settled(page)
    page.locator("input[type=file]").set_input_files(file)
    button = page.get_by_role("button", name="Import", exact=True)
    expect(button).to_be_enabled(timeout=LONG_MILLISECONDS)
    button.click()


def test_import_is_followed_from_another_page_cancelled_done_again_and_mended(
    page: Page, serve: Callable[[str], str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    base = serve(url)
    engine = build_engine(url)
    before = write_csv(
        tmp_path / "before.csv", [["id", "username", "text", "created_at"], ["a", "ann", "Hi", "2026-03-01"]]
    )
    page.goto(f"{base}/data")
    start_import(page, before)
    expect(page.get_by_text("1 post, 1 account, 1 channel added.")).to_be_visible(timeout=LONG_MILLISECONDS)
    everything = (facts.Post, facts.Identity, facts.ImportChange, derived.PostScore, derived.DailyActivity)
    held = count(engine, *everything)

    export = write_csv(tmp_path / "posts.csv", list(rows_of_export()))
    start_import(page, export)
    expect(page.get_by_role("main").get_by_text("Importing", exact=True)).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Engagement").click()
    expect(heading(page, "Engagement")).to_be_visible()
    with standing_still(engine, tmp_path / "own.db"):
        assert count(engine, *everything) > held
        expect(page.get_by_test_id("stSidebar").get_by_text("Numbers grow until it is done")).to_be_visible()
        somebody_else = page.context.new_page()
        somebody_else.goto(f"{base}/data")
        expect(somebody_else.get_by_text("Copying posts.csv")).to_be_visible()
        expect(somebody_else.get_by_text(re.compile(r"[\d,]+ of [\d,]+ records"))).to_be_visible()
        keep_picture(somebody_else, "import")
        somebody_else.close()
        page.get_by_role("link", name="Data", exact=True).click()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Stopping, and taking back what came in")).to_be_visible()
    expect(page.get_by_text("Importing: cancelled, and taken back.")).to_be_visible(timeout=LONG_MILLISECONDS)
    assert count(engine, *everything) == held

    start_import(page, export)
    expect(page.get_by_text("3 rows were refused")).to_be_visible(timeout=LONG_MILLISECONDS)
    assert count(engine, facts.Post) == [ROWS - REFUSED + 1]
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download to mend").first.click()
    refused = list(csv.reader(io.StringIO(downloading.value.path().read_text("utf-8-sig"))))
    assert [row[-1] for row in refused] == ["created_at", "some day", "some day", "some day"]

    refused[1][-1] = "2026-03-05T10:15:00Z"
    start_import(page, write_csv(tmp_path / "mended.csv", refused))
    expect(page.get_by_text("1 post added. 2 rows were refused")).to_be_visible(timeout=LONG_MILLISECONDS)
    assert count(engine, facts.Post) == [ROWS - REFUSED + 2]
    engine.dispose()
