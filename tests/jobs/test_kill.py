"""A real `rapport import`, killed at any moment and run again, ends with the rows of one that nobody killed."""

import contextlib
import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.store import build_engine, migrate
from tests.jobs.stores import DERIVED, FACTS, NOT_COMPARED, rows_of

ROWS = 4_000
KILLS = 6
#: Which of an interaction's batch comes first hangs on where a batch ends, so their ids are not compared.
WITHOUT_IDS = slice(1, None)
COMPARED = [name for name in (*FACTS, *DERIVED) if name not in NOT_COMPARED]


def write_export(path: Path) -> None:
    chance = random.Random(5)
    texts = ["I love this lamp", "The pump is broken, I hate it", "Where is my order?", "ok #green"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "text", "created_at", "in_reply_to_id"])
        for number in range(ROWS):
            parent = chance.randrange(number) if number and chance.random() < 0.5 else ""
            day, minute = divmod(number * 9, 1_440)
            moment = f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T{minute // 60:02d}:{minute % 60:02d}:00Z"
            writer.writerow(
                [number, f"user{chance.randrange(200)}", f"{chance.choice(texts)} {number}", moment, parent]
            )


def start_import(url: str, file: Path, folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"RAPPORT_DATABASE_URL": url, "RAPPORT_STAGING_DIR": str(folder / "staging")}
    command = [sys.executable, "-m", "jobs.cli", "import", str(file)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process was still at work then, and so was killed."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        return True
    return False


def kill_once_it_stages(process: subprocess.Popen[bytes], staging: Path) -> bool:
    """Whether it was killed in the middle, however fast the machine is."""
    while process.poll() is None and not (staging.exists() and any(staging.iterdir())):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.01)
    return kill_after(process, 0)


@pytest.mark.timeout(400)
def test_import_killed_at_random_ends_with_the_rows_of_a_whole_one(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    write_export(file)
    whole_url = f"sqlite:///{tmp_path / 'whole.db'}"
    whole = build_engine(whole_url)
    migrate(whole)
    began = time.monotonic()
    assert start_import(whole_url, file, tmp_path / "whole").wait(timeout=120) == 0
    whole_seconds = time.monotonic() - began
    chance = random.Random(11)
    assert kill_once_it_stages(start_import(database_url, file, tmp_path), tmp_path / "staging")
    for _ in range(KILLS):
        kill_after(start_import(database_url, file, tmp_path), chance.uniform(0.2, 1) * whole_seconds)
    assert start_import(database_url, file, tmp_path).wait(timeout=120) == 0
    ours, theirs = rows_of(engine, COMPARED), rows_of(whole, COMPARED)
    for name in COMPARED:
        columns = WITHOUT_IDS if name == "interaction" else slice(None)
        assert sorted((row[columns] for row in ours[name]), key=repr) == sorted(
            (row[columns] for row in theirs[name]), key=repr
        ), name
    whole.dispose()
