"""Jobs run in a child process with a row that says how far they are; one at a time."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine, update

from data_access.models.derived import Job, JobStatus
from data_access.store import BUSY_SECONDS, build_engine, reading, writing
from jobs import job_progress, launch
from jobs.commands.context import INTERRUPTED, own_job
from jobs.job_progress import JobProgress
from jobs.launch import add_job, claim_job, end_job, list_jobs, read_job, request_cancel, running_job, start_job
from jobs.progress import Cancelled
from tests.jobs.stores import rows_of

CSV = "id,user,text,created_at\n1,ann,I love it,2026-03-02T08:00:00Z\n2,ben,Where is it?,2026-03-02T09:00:00Z\n"


def wait_for(engine: Engine, job_id: int) -> Job:
    """The job when its process has ended."""
    pid = read_job(engine, job_id).pid
    assert pid is not None
    launch._children[pid].wait(timeout=120)
    with reading(engine) as session:
        return next(job for job in list_jobs(session) if job.id == job_id)


def test_import_job_brings_the_file_in(engine: Engine, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(CSV)
    own = build_engine(database_url)
    job = wait_for(engine, start_job(own, "import", {"paths": [str(file)], "options": {"brand": "Us"}}))
    own.dispose()
    assert (job.status, job.error) == (JobStatus.DONE, None)
    assert job.result["runs"][0]["added"] >= 4
    assert len(rows_of(engine, ["post"])["post"]) == 2


def test_job_that_fails_says_why(engine: Engine, database_url: str) -> None:
    own = build_engine(database_url)
    job = wait_for(engine, start_job(own, "import", {"paths": ["/nowhere/at/all.csv"]}))
    own.dispose()
    assert job.status == JobStatus.FAILED
    assert job.error is not None
    assert "all.csv" in job.error


@pytest.mark.parametrize(
    ("kind", "other"),
    [("import", "import"), ("import", "train"), ("train", "demo"), ("refresh", "topics"), ("train", "refresh")],
)
def test_second_job_waits_for_the_first_when_they_take_turns(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, kind: str, other: str
) -> None:
    first, second = add_job(engine, kind, {}), add_job(engine, other, {})
    claim_job(engine, first, JobProgress(engine, first))
    waits: list[float] = []

    def end_first(seconds: float) -> None:
        waits.append(seconds)
        end_job(engine, first, None)

    monkeypatch.setattr(launch.time, "sleep", end_first)
    claim_job(engine, second, JobProgress(engine, second))
    assert len(waits) == 1
    assert read_job(engine, second).status == JobStatus.RUNNING


def test_progress_raises_when_somebody_asked_to_stop(engine: Engine) -> None:
    job_id = add_job(engine, "import", {})
    progress = JobProgress(engine, job_id)
    progress.step("Reading", 100, "bytes")
    request_cancel(engine, job_id)
    with pytest.raises(Cancelled):
        progress.step("Copying", 100)
    end_job(engine, job_id, Cancelled())
    assert read_job(engine, job_id).status == JobStatus.CANCELLED


def test_job_whose_process_is_gone_is_shown_as_failed(engine: Engine) -> None:
    job_id = add_job(engine, "import", {})
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with writing(engine) as session:
        values = {"status": JobStatus.RUNNING, "pid": os.getpid(), "heartbeat_at": long_ago}
        session.connection().execute(update(launch.JOB).where(launch.JOB.c.id == job_id).values(**values))
    with reading(engine) as session:
        (job,) = list_jobs(session)
    assert job.status == JobStatus.FAILED
    assert "goes on from there" in (job.error or "")


def test_job_keeps_its_turn_when_a_step_of_it_says_nothing_for_long(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_progress, "_BEAT_SECONDS", 0.01)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with running_job(engine, "influence", {}):
        second = add_job(engine, "import", {})
        with writing(engine) as session:
            session.connection().execute(
                update(launch.JOB).where(launch.JOB.c.id != second).values(heartbeat_at=long_ago)
            )
        until = time.monotonic() + 10
        while not (is_alive := is_told(engine, "influence")) and time.monotonic() < until:
            pass
        assert is_alive
        assert not launch._claim(engine, second)
    assert launch._claim(engine, second)


def is_told(engine: Engine, kind: str) -> bool:
    """Whether the newest job of a kind is shown as one that runs."""
    with reading(engine) as session:
        return next(job.status for job in list_jobs(session) if job.kind == kind) == JobStatus.RUNNING


def test_job_that_waits_for_its_turn_to_write_is_not_taken_for_gone() -> None:
    waiting_since = datetime.now(UTC) - timedelta(seconds=BUSY_SECONDS)
    assert launch.is_alive(os.getpid(), waiting_since)


def _wrapped() -> BaseException:
    try:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise ValueError("unfinished")  # noqa: B904
    except ValueError as error:
        return error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), _wrapped(), OSError("Wrapping Python error KeyboardInterrupt")])
def test_ctrl_c_is_said_in_words(error: BaseException) -> None:
    assert launch.describe_error(error) == "It was stopped with Ctrl+C. Run it again."


def test_command_that_is_cancelled_in_the_app_ends_with_a_sentence(engine: Engine) -> None:
    with pytest.raises(typer.Exit) as ended, own_job(engine, "import", {}):
        raise Cancelled
    assert ended.value.exit_code == INTERRUPTED
    with reading(engine) as session:
        assert [job.status for job in list_jobs(session)] == [JobStatus.CANCELLED]
