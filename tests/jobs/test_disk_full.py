"""A full disk: the message says what to do, the store is whole, and the same command goes on once there is space."""

import errno
import multiprocessing
import os
import resource
import shutil
import sys
from pathlib import Path

import pytest
from psycopg.errors import DiskFull
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from data_access.store import build_engine, migrate, open_store, reading, writing
from jobs.cli import app
from jobs.doctor import Level, examine
from jobs.failures import DISK_FULL, explain
from jobs.job_progress import JOB
from jobs.launch import add_job, list_jobs
from tests.jobs.stores import DERIVED, FACTS, rows_of
from tests.jobs.test_together import write_export

#: Less than the staging file takes, bytes.
STAGED = 30_000


def import_with_room(url: str, path: Path, said: Path, most_bytes: int | None) -> None:
    """``rapport import`` in a process of its own that can write no file behind so many bytes."""
    os.environ["RAPPORT_DATABASE_URL"] = url
    open_store.cache_clear()
    with said.open("w") as file:
        sys.stdout = sys.stderr = file
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        app(["import", str(path)])


def run(url: str, path: Path, said: Path, most_bytes: int | None = None) -> int:
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=import_with_room, args=(url, path, said, most_bytes))
    process.start()
    process.join(250)
    assert process.exitcode is not None
    return process.exitcode


def problems(engine: Engine) -> list[str]:
    """What the doctor finds, but for work that is yet to be done."""
    return [found.what for found in examine(engine) if found.level == Level.PROBLEM and found.check != "work"]


def test_import_goes_on_when_the_disk_has_room_again(tmp_path: Path) -> None:
    export, said = write_export(tmp_path / "export.csv", 0, 200), tmp_path / "said"
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("whole", "ours")]
    for url in urls:
        migrate(built := build_engine(url))
        built.dispose()
    assert run(urls[0], export, said) == 0
    ours = build_engine(urls[1])
    for room in (STAGED, 6 * STAGED):
        assert run(urls[1], export, said, room) == 1
        assert DISK_FULL.format(where="") in said.read_text()
        assert problems(ours) == []
        assert list(Path(os.environ["RAPPORT_STAGING_DIR"]).glob("*.part")) == []
    assert run(urls[1], export, said) == 0
    whole = build_engine(urls[0])
    names = [name for name in (*FACTS, *DERIVED) if name != "interaction"]
    assert rows_of(ours, names) == rows_of(whole, names)
    assert [found.what for found in examine(ours) if found.level == Level.PROBLEM] == []
    for engine in (ours, whole):
        engine.dispose()


def test_import_says_that_the_disk_of_the_database_is_full(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OperationalError("COPY post", {}, DiskFull("could not extend file: No space left on device"))

    monkeypatch.setenv("RAPPORT_DATABASE_URL", database_url)
    export = write_export(tmp_path / "export.csv", 0, 50)
    message = DISK_FULL.format(where=" on the machine of the database")
    with monkeypatch.context() as patch:
        patch.setattr("jobs.importing._copy_batch", full)
        result = CliRunner().invoke(app, ["import", str(export)])
    assert (result.exit_code, message in result.stderr) == (1, True)
    with reading(engine) as session:
        assert [(job.status, job.error) for job in list_jobs(session)] == [("failed", message)]
    assert CliRunner().invoke(app, ["import", str(export)]).exit_code == 0
    assert len(rows_of(engine, ["post"])["post"]) == 50
    open_store().dispose()
    open_store.cache_clear()


def test_job_that_could_not_say_why_it_ended_is_said_to_have_had_no_room(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:

    add_job(engine, "import", {})
    with writing(engine) as session:
        session.connection().execute(JOB.update().values(pid=2**22 + 1, status="running"))
    monkeypatch.setattr("jobs.failures.shutil.disk_usage", lambda _folder: shutil._ntuple_diskusage(1, 1, 0))
    with reading(engine) as session:
        assert [job.error for job in list_jobs(session)] == [DISK_FULL.format(where="")]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_writing_a_file_says_that_the_disk_is_full(number: int) -> None:
    assert explain(OSError(number, "No space left on device")) == DISK_FULL.format(where="")
    assert explain(ValueError("no")) is None
