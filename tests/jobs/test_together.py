"""Imports at the same time, in processes of their own, while somebody reads: nobody waits, and no number is torn."""

import csv
import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from answers.scope import read_scope
from answers.today import read_today
from data_access import rollups
from data_access.models import derived, facts
from data_access.store import open_store, reading
from data_access.upsert import table
from jobs import importing
from jobs.cli import app
from jobs.derive.due import count_due
from tests.jobs.stores import rows_of

ROWS = 400
HOURLY, PERSON_DAY = rollups.HOURLY_ACTIVITY, rollups.PERSON_DAY
RUN = table(facts.ImportRun)


def write_export(path: Path, first: int, rows: int = ROWS) -> Path:
    """Posts of the same forty people, each a quarter of an hour after the one before."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "text", "created_at", "in_reply_to_id"])
        for number in range(first, first + rows):
            day, minute = divmod(number * 15, 1_440)
            moment = f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T{minute // 60:02d}:{minute % 60:02d}:00Z"
            parent = number - 7 if number % 3 == 0 and number > 6 else ""
            writer.writerow([number, f"user{number % 40}", f"I love lamp {number}", moment, parent])
    return path


def import_file(url: str, path: Path) -> None:
    """What ``rapport import`` does, in a process of its own."""
    os.environ["RAPPORT_DATABASE_URL"] = url
    open_store.cache_clear()
    importing.derive_influence = lambda *_: False  # it takes long, and nobody reads it here
    importing._SMALLEST = importing._LARGEST = ROWS // 10  # a run copies in many steps, however fast the machine
    sys.stdout = sys.stderr = path.with_suffix(f".{os.getpid()}.log").open("w")
    app(["import", str(path)])


def count(session: Session, what: Callable[..., object], target: object) -> int:
    return session.execute(select(what).select_from(target)).scalar() or 0  # type: ignore[call-overload,no-any-return]


def read_numbers(engine: Engine) -> int:
    """Read what pages show; every rollup must be of exactly the posts that are there. Returns how many."""
    with reading(engine) as session:
        scope = read_scope(session)
        read_today(session, scope.last_days(7), scope=scope)
        posts = count(session, func.count(), table(facts.Post))
        inbound = select(func.sum(rollups.DAILY_ACTIVITY.c.posts)).where(rollups.DAILY_ACTIVITY.c.side == "inbound")
        sums = [
            count(session, func.count(), table(derived.PostDay)),
            count(session, func.count(), table(derived.PostScore)),
            count(session, func.sum(rollups.DAILY_ACTIVITY.c.posts), rollups.DAILY_ACTIVITY),
            count(session, func.sum(HOURLY.c.posts), HOURLY),
            session.execute(inbound).scalar() or 0,
            count(session, func.sum(PERSON_DAY.c.posts), PERSON_DAY),
        ]
        assert sums == [posts] * len(sums)
        return posts


def test_imports_at_once_and_reading_meanwhile_give_whole_numbers(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    first, second = write_export(tmp_path / "first.csv", 0), write_export(tmp_path / "second.csv", ROWS)
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=import_file, args=(database_url, path)) for path in (first, second, first)]
    for process in processes:
        process.start()
    seen = []
    while any(process.is_alive() for process in processes):
        seen.append(read_numbers(engine))
    for process in processes:
        process.join()
    said = [log.read_text() for log in tmp_path.glob("*.log")]
    assert [process.exitcode for process in processes] == [0, 0, 0], said
    assert seen == sorted(seen)
    assert len(set(seen)) > 2, "nothing was read while the imports were at work"
    assert read_numbers(engine) == 2 * ROWS
    with reading(engine) as session:
        runs = session.execute(select(RUN.c.file, RUN.c.status, RUN.c.added, RUN.c.unchanged)).all()
        assert sorted(run.file for run in runs) == ["first.csv", "first.csv", "second.csv"]
        assert {run.status for run in runs} == {"done"}
        assert count_due(session) == 0
    assert len(rows_of(engine, ["identity"])["identity"]) == 40
