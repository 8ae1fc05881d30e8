"""Jobs: long work in a child process, with a row that says how far it is. One at a time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, select, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from sqlmodel import select as select_models

from data_access.models.derived import Job, JobStatus
from data_access.store import BUSY_SECONDS, reading, writing
from jobs.failures import DISK_FULL, explain, has_no_room, is_disk_full
from jobs.job_progress import JOB, JobProgress, beating
from jobs.logs import log, now_about
from jobs.progress import Cancelled

_PROJECT = Path(__file__).parents[1]
#: A job that waits for its turn to write says nothing meanwhile.
_ALIVE = timedelta(seconds=BUSY_SECONDS + 60)
_POLL_SECONDS = 0.2
#: Each of these reads what the others write in many short transactions: a model fitted, or topics found, in the middle
#: of an import would rest on half of it.
_TAKING_TURNS = ("import", "demo", "refresh", "train", "topics", "brands", "erase", "influence", "settle", "doctor")
_LIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
_GONE = "It stopped before it was done. Start it again: it goes on from there."
_children: dict[int, subprocess.Popen[bytes]] = {}


def add_job(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
    """A row for a job that is about to start. Returns its id."""
    now = datetime.now(UTC)
    with writing(engine, counts=False) as session:
        job = Job(kind=kind, arguments=arguments, started_at=now, heartbeat_at=now)
        session.add(job)
        session.flush()
        assert job.id is not None
        return job.id


def start_job(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
    """Start a job (a kind of ``jobs.run.KINDS``) in a child process that outlives the page. Returns its id."""
    for pid in [pid for pid, child in _children.items() if child.poll() is not None]:
        del _children[pid]
    job_id = add_job(engine, kind, arguments)
    logs = Path(os.environ.get("RAPPORT_LOG_DIR") or ".rapport/logs")
    logs.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"RAPPORT_DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_PROJECT), os.environ.get("PYTHONPATH")]))
    with (logs / f"job-{job_id}.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "jobs.run", str(job_id)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _children[child.pid] = child
    with writing(engine, counts=False) as session:
        session.connection().execute(update(JOB).where(JOB.c.id == job_id).values(pid=child.pid))
    return job_id


def list_jobs(session: Session, limit: int = 20) -> list[Job]:
    """The newest jobs, newest first. A job whose process is gone is shown as failed."""
    jobs = list(session.exec(select_models(Job).order_by(col(Job.id).desc()).limit(limit)))
    for job in jobs:
        if job.status in _LIVE and not is_alive(job.pid, job.heartbeat_at):
            session.expunge(job)
            job.status, job.error = JobStatus.FAILED, _why_gone(session)
    return jobs


def request_cancel(engine: Engine, job_id: int) -> None:
    """Ask a job to stop and undo what it did. It does so within a second or two."""
    with writing(engine, counts=False) as session:
        session.connection().execute(update(JOB).where(JOB.c.id == job_id).values(cancel_requested=True))


@contextmanager
def running_job(engine: Engine, kind: str, arguments: dict[str, Any]) -> Iterator[JobProgress]:
    """Run what follows in this process as a job: it has its turn, its row, and its end is said."""
    job_id = add_job(engine, kind, arguments)
    now_about(job=job_id)
    progress = JobProgress(engine, job_id)
    try:
        claim_job(engine, job_id, progress)
        with beating(engine, job_id):
            yield progress
    except BaseException as error:
        end_job(engine, job_id, error)
        raise
    end_job(engine, job_id, None)


def claim_job(engine: Engine, job_id: int, progress: JobProgress) -> None:
    """Wait for the jobs that this one takes turns with, then mark it as running. Raises ``Cancelled``."""
    if _claim(engine, job_id):
        return
    log.info("Waiting for another job to finish.")
    progress.step("Waiting for another job to finish")
    while _has_others(engine, job_id) or not _claim(engine, job_id):
        time.sleep(_POLL_SECONDS)
        progress.at(0)


def is_busy_elsewhere(session: Session) -> bool:
    """Whether another process is at work on one of the jobs that take turns."""
    live = select(JOB.c.pid, JOB.c.heartbeat_at).where(JOB.c.kind.in_(_TAKING_TURNS), JOB.c.status == JobStatus.RUNNING)
    others = (job for job in session.execute(live) if job.pid != os.getpid())
    return any(is_alive(other.pid, other.heartbeat_at) for other in others)


def mark_gone(engine: Engine, job_ids: Iterable[int]) -> None:
    """Say of jobs whose processes are gone that they failed."""
    for job_id in sorted(job_ids):
        end_job(engine, job_id, RuntimeError(_GONE))


def is_busy(session: Session, kind: str) -> bool:
    """Whether a job of ``kind`` would wait for another one now."""
    live = select(JOB.c.pid, JOB.c.heartbeat_at).where(JOB.c.kind.in_(_one_at_a_time(kind)), JOB.c.status.in_(_LIVE))
    return any(is_alive(other.pid, other.heartbeat_at) for other in session.execute(live))


def _one_at_a_time(kind: str) -> tuple[str, ...]:
    """The kinds of which only one job runs at a time while one of ``kind`` does."""
    return _TAKING_TURNS if kind in _TAKING_TURNS else (kind,)


def _has_others(engine: Engine, job_id: int) -> bool:
    """Whether a job has to wait for others. Only reads: who waits takes no turn of writing from those that work."""
    with reading(engine) as session:
        return any(is_alive(other.pid, other.heartbeat_at) for other in _list_others(session, job_id))


def _list_others(session: Session, job_id: int) -> Sequence[Row[Any]]:
    """The jobs that run and with which this one takes turns: ``id``, ``pid``, ``heartbeat_at``."""
    kind = session.execute(select(JOB.c.kind).where(JOB.c.id == job_id)).scalar_one()
    running = (JOB.c.kind.in_(_one_at_a_time(kind)), JOB.c.status == JobStatus.RUNNING)
    return session.execute(select(JOB.c.id, JOB.c.pid, JOB.c.heartbeat_at).where(*running)).all()


def _claim(engine: Engine, job_id: int) -> bool:
    with writing(engine, counts=False) as session:
        others = _list_others(session, job_id)
        if any(is_alive(other.pid, other.heartbeat_at) for other in others):
            return False
        now = datetime.now(UTC)
        gone = {"status": JobStatus.FAILED, "finished_at": now, "error": _GONE}
        session.connection().execute(update(JOB).where(JOB.c.id.in_([other.id for other in others])).values(**gone))
        values = {"status": JobStatus.RUNNING, "pid": os.getpid(), "heartbeat_at": now}
        session.connection().execute(update(JOB).where(JOB.c.id == job_id).values(**values))
        return True


def end_job(engine: Engine, job_id: int, error: BaseException | None, result: dict[str, Any] | None = None) -> None:
    """Say how a job ended."""
    status = JobStatus.DONE if error is None else JobStatus.FAILED
    if isinstance(error, Cancelled):
        status = JobStatus.CANCELLED
    now = datetime.now(UTC)
    values: dict[str, Any] = {"status": status, "finished_at": now, "heartbeat_at": now}
    values["error"] = None if error is None or isinstance(error, Cancelled) else describe_error(error)
    values["result"] = result or {}
    # where there is no room to say so, ``list_jobs`` does
    is_full = error is not None and is_disk_full(error)
    with suppress(OperationalError) if is_full else nullcontext(), writing(engine, counts=False) as session:
        session.connection().execute(update(JOB).where(JOB.c.id == job_id).values(**values))


def describe_error(error: BaseException) -> str:
    """What went wrong, in plain words where there are any."""
    return explain(error) or str(error) or type(error).__name__


def _why_gone(session: Session) -> str:
    """Why a job may have ended without saying so."""
    if has_no_room(session.get_bind().engine.url):
        return DISK_FULL.format(where="")
    return _GONE


def read_job(engine: Engine, job_id: int) -> Job:
    """A job's row."""
    with reading(engine) as session:
        return session.exec(select_models(Job).where(Job.id == job_id)).one()


def is_alive(pid: int | None, heartbeat_at: datetime) -> bool:
    """Whether the process of a job is still there."""
    if pid is not None:
        child = _children.get(pid)
        if child is not None and child.poll() is not None:
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
    return datetime.now(UTC) - heartbeat_at < _ALIVE
