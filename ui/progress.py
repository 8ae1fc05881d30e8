"""Work that runs in a child process: how far it is, how fast, how long it still takes, and the way to stop it."""

from pathlib import Path
from typing import Any

import streamlit as st

from data_access.models.derived import Job, JobStatus
from data_access.store import reading
from jobs.launch import list_jobs, request_cancel, start_job
from jobs.progress import ALL_IN
from ui.guard import Here
from ui.markup import plain
from ui.numbers import duration, percent, size, whole

TITLES = {
    "demo": "Loading the demo community",
    "import": "Importing",
    "refresh": "Computing everything again",
    "train": "Fitting again",
    "topics": "Finding the topics of all posts",
    "brands": "Finding the brands that posts name",
    "erase": "Erasing a person",
    "settle": "Bringing the numbers to what was decided",
    "influence": "Scoring who moves the community",
    "doctor": "Looking the store over, and repairing it",
}
#: Kinds of jobs that are started from pages: the store is repaired from the command line alone.
STARTED_HERE = tuple(kind for kind in TITLES if kind != "doctor")
#: These bring facts in; cancelled, they take them back.
_BRINGING = ("import", "demo")
#: What is decided stands: to leave numbers as they were before it would only be wrong.
_NOT_CANCELLED = ("settle",)
LAST_IMPORT = "_last_import"
#: Of these a rate says nothing.
_SLOW_UNITS = ("periods", "days")
ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


def read_jobs(here: Here) -> list[Job]:
    """The newest jobs, newest first."""
    with reading(here.engine) as session:
        return list_jobs(session)


def running_job(here: Here) -> Job | None:
    """The job that runs, else the one that waits its turn, or None."""
    active = [job for job in read_jobs(here) if job.status in ACTIVE]
    return next((job for job in active if job.status == JobStatus.RUNNING), active[-1] if active else None)


def is_all_in(job: Job) -> bool:
    """Whether what a job brings is in the store, and only what hangs on the whole community is still computed."""
    return (job.step or "").startswith(ALL_IN)


def _step_of(job: Job) -> str:
    if not job.cancel_requested or is_all_in(job):
        return job.step or "Starting"
    return "Stopping, and taking back what came in" if job.kind in _BRINGING else "Stopping"


def show_job(here: Here) -> None:
    """The running job, drawn again each second. The whole page is, once all that the job brings is in and when it ends:
    below stands what came in."""
    job = running_job(here)
    _show_job(here, job.id if job is not None and is_all_in(job) else None)


@st.fragment(run_every="1s")
def _show_job(here: Here, drawn_all_in: int | None) -> None:
    """``drawn_all_in``: the job of which all was in when the page was drawn, None where of none."""
    job = running_job(here)
    if job is None:
        tell_end(read_jobs(here))
        st.rerun()
    if is_all_in(job) and job.id != drawn_all_in:
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{TITLES.get(job.kind, job.kind.capitalize())}**")
        st.text(_step_of(job))
        measured = {"unit": (job.result or {}).get("unit")} if job.cancel_requested else job.result
        st.progress(_share(job), text=describe_progress(job.done, job.total, measured or {}))
        if is_all_in(job) or job.kind in _NOT_CANCELLED:
            return
        st.button(
            "Cancel",
            key=f"cancel_{job.id}",
            icon=":material/close:",
            disabled=job.cancel_requested,
            on_click=request_cancel,
            args=(here.engine, job.id),
            help="What it brought in so far is taken back."
            if job.kind in _BRINGING
            else "What is worked out so far stays. Started again, it goes on.",
        )


@st.fragment(run_every="3s")
def show_job_in_sidebar(here: Here) -> None:
    """One line on the work that runs, for the pages that are not about it."""
    job = running_job(here)
    if job is None:
        st.rerun()
    share = f", {percent(_share(job), 0)}" if job.total else ""
    step = plain(_step_of(job), longest=60)  # of one of several files, as the share is
    change = "grow" if job.kind in _BRINGING else "may change"
    st.caption(f"{TITLES.get(job.kind, job.kind)}: {step}{share}. Numbers {change} until it is done.")


def tell_end(jobs: list[Job]) -> None:
    """Say how the newest job ended."""
    if not jobs:
        return
    title = TITLES.get(jobs[0].kind, jobs[0].kind.capitalize())
    if jobs[0].status == JobStatus.DONE:
        where = " What came of it stands at the top." if jobs[0].kind == "import" else ""
        st.toast(f"{title}: done.{where}", icon=":material/check:")
    elif jobs[0].status == JobStatus.CANCELLED:
        taken_back = ", and taken back" if jobs[0].kind in _BRINGING else ""
        before = " Files that were done before stay." if jobs[0].kind == "import" else ""
        st.toast(f"{title}: cancelled{taken_back}.{before}", icon=":material/close:")


def show_failure(here: Here, jobs: list[Job]) -> None:
    """Why the newest job failed, where it did, and the button that starts it again: an import goes on where it was."""
    if not jobs or jobs[0].status != JobStatus.FAILED:
        return
    job = jobs[0]
    with st.container(border=True):
        st.badge("Stopped before it was done", icon=":material/error:", color="red")
        st.text(f"{TITLES.get(job.kind, job.kind.capitalize())}: {job.error or 'it stopped before it was done'}")
        obstacle = _what_keeps(job)
        if obstacle is None:
            st.button(
                "Go on", key=f"go_on_{job.id}", icon=":material/play_arrow:", type="primary", on_click=_go_on,
                args=(here, job.kind, job.arguments),
            )  # fmt: skip
        else:
            st.caption(obstacle)


def _what_keeps(job: Job) -> str | None:
    """Why a job cannot be started again from here, in words; None where it can."""
    paths = [Path(name) for name in job.arguments.get("paths", [])]
    if job.kind not in STARTED_HERE or (job.kind == "import" and "options" not in job.arguments):
        return "It was started on the command line: run the same command again there."
    if not all(path.exists() for path in paths):
        return "Its file is no longer here: drop it again, and the import goes on where it was."
    return None


def _go_on(here: Here, kind: str, arguments: dict[str, Any]) -> None:
    st.session_state[LAST_IMPORT] = start_job(here.engine, kind, arguments)


def _share(job: Job) -> float:
    return min(1.0, job.done / job.total) if job.total else 0.0


def describe_progress(done: int, total: int | None, measured: dict[str, Any]) -> str:
    """How many, how fast, and how long it still takes; empty as long as there is nothing to tell. ``measured``:
    ``unit``, ``rate`` a second, ``seconds_left``.

    >>> describe_progress(500, 2000, {"unit": "rows", "rate": 250.0, "seconds_left": 6.0})
    '500 of 2,000 rows · 250 a second · 6 s left'
    >>> describe_progress(1_500_000, 6_000_000, {"unit": "bytes", "rate": 500_000.0, "seconds_left": 9.0})
    '1.5 MB of 6 MB read · 500 kB a second · 9 s left'
    >>> describe_progress(1, 4, {"unit": "periods", "rate": 0.2, "seconds_left": 15.0})
    '1 of 4 periods · 15 s left'
    >>> describe_progress(0, None, {"unit": "people"})
    ''
    """
    if not done and not total:
        return ""
    unit = str(measured.get("unit") or "")
    shown, unit = (size, "read") if unit == "bytes" else (whole, unit)
    parts = [f"{shown(done)} of {shown(total)} {unit}".strip() if total else f"{shown(done)} {unit}".strip()]
    if (measured.get("rate") or 0) >= 1 and unit not in _SLOW_UNITS:
        parts.append(f"{shown(measured['rate'])} a second")
    if measured.get("seconds_left") is not None:
        parts.append(f"{duration(measured['seconds_left'])} left")
    return " · ".join(parts)
