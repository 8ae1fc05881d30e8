"""A real `rapport import`, killed at any moment and run again, ends with the rows of one that nobody killed."""

import csv
import os
import random
import signal
import subprocess
import sys
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


@pytest.mark.timeout(400)
def test_import_killed_at_random_ends_with_the_rows_of_a_whole_one(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    write_export(file)
    whole_url = f"sqlite:///{tmp_path / 'whole.db'}"
    whole = build_engine(whole_url)
    migrate(whole)
    assert start_import(whole_url, file, tmp_path / "whole").wait(timeout=120) == 0
    chance = random.Random(11)
    killed = 0
    for _ in range(KILLS):
        process = start_import(database_url, file, tmp_path)
        try:
            process.wait(timeout=chance.uniform(1.2, 5.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)
            killed += 1
    assert start_import(database_url, file, tmp_path).wait(timeout=120) == 0
    assert killed
    ours, theirs = rows_of(engine, COMPARED), rows_of(whole, COMPARED)
    for name in COMPARED:
        columns = WITHOUT_IDS if name == "interaction" else slice(None)
        assert sorted((row[columns] for row in ours[name]), key=repr) == sorted(
            (row[columns] for row in theirs[name]), key=repr
        ), name
    whole.dispose()
