"""A real `rapport import`, killed at any moment and run again, ends with the rows of one that nobody killed."""

import csv
import multiprocessing
import os
import random
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access.store import build_engine, migrate, open_store
from jobs import importing
from jobs.cli import app
from tests.jobs.stores import DERIVED, FACTS, NOT_COMPARED, rows_of

pytestmark = pytest.mark.xdist_group("kills")  # both engines are held against the one whole import

ROWS = 2_000
KILLS = 6
STEP = ROWS // 10
#: Which of an interaction's batch comes first hangs on where a batch ends, so their ids are not compared.
WITHOUT_IDS = slice(1, None)
COMPARED = [name for name in (*FACTS, *DERIVED) if name not in NOT_COMPARED]
#: Forks each process from one that has imported everything and has no thread: a start takes no time.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.jobs.test_kill", "splink", "jobs.influence", "metrics.matching_score"])


def write_export(path: Path) -> None:
    chance = random.Random(5)
    texts = ["I love this lamp", "The pump is broken, I hate it", "Where is my order?", "ok #green"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "text", "created_at", "in_reply_to_id"])
        for number in range(ROWS):
            parent = chance.randrange(number) if number and chance.random() < 0.5 else ""
            day, minute = divmod(number * 18, 1_440)
            moment = f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T{minute // 60:02d}:{minute % 60:02d}:00Z"
            writer.writerow(
                [number, f"user{chance.randrange(200)}", f"{chance.choice(texts)} {number}", moment, parent]
            )


def import_file(url: str, file: Path, folder: Path) -> None:
    """What ``rapport import`` does. The file is copied in ten steps, however fast the machine."""
    os.environ |= {"RAPPORT_DATABASE_URL": url, "RAPPORT_STAGING_DIR": str(folder / "staging")}
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    importing._SMALLEST = importing._FIRST = importing._LARGEST = STEP
    open_store.cache_clear()
    app(["import", str(file)])


def start_import(url: str, file: Path, folder: Path) -> BaseProcess:
    process = PROCESSES.Process(target=import_file, args=(url, file, folder))
    process.start()
    return process


def kill_after(process: BaseProcess, seconds: float) -> bool:
    """Whether the process was still at work then, and so was killed."""
    process.join(seconds)
    is_at_work = process.is_alive()
    process.kill()
    process.join(30)
    return is_at_work


def kill_once_it_stages(process: BaseProcess, staging: Path) -> bool:
    """Whether it was killed in the middle, however fast the machine is."""
    while process.is_alive() and not (staging.exists() and any(staging.iterdir())):
        process.join(0.01)
    return kill_after(process, 0)


def end_of(process: BaseProcess) -> int | None:
    process.join(120)
    return process.exitcode


@dataclass(frozen=True)
class Whole:
    """The rows of an import that nobody killed, and how long it took."""

    rows: dict[str, list[Any]]
    seconds: float


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "export.csv"
    write_export(path)
    return path


@pytest.fixture(scope="module")
def whole(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    url = f"sqlite:///{folder / 'whole.db'}"
    engine = build_engine(url)
    migrate(engine)
    first = PROCESSES.Process(target=os.getpid)
    first.start()
    first.join()  # what forks the others is up now
    began = time.monotonic()
    assert end_of(start_import(url, file, folder)) == 0
    seconds = time.monotonic() - began
    rows = rows_of(engine, COMPARED)
    engine.dispose()
    return Whole(rows, seconds)


@pytest.mark.timeout(400)
def test_import_killed_at_random_ends_with_the_rows_of_a_whole_one(
    engine: Engine, database_url: str, file: Path, whole: Whole, tmp_path: Path
) -> None:
    chance = random.Random(11)
    assert kill_once_it_stages(start_import(database_url, file, tmp_path), tmp_path / "staging")
    for _ in range(KILLS):
        kill_after(start_import(database_url, file, tmp_path), chance.uniform(0.05, 1) * whole.seconds)
    assert end_of(start_import(database_url, file, tmp_path)) == 0
    ours = rows_of(engine, COMPARED)
    for name in COMPARED:
        columns = WITHOUT_IDS if name == "interaction" else slice(None)
        assert sorted((row[columns] for row in ours[name]), key=repr) == sorted(
            (row[columns] for row in whole.rows[name]), key=repr
        ), name
