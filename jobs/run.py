"""The child process of a job: ``python -m jobs.run JOB_ID``.

What a kind of job works with takes a second or more to load. So each loads it by itself, once its row says that it has
begun: people see at once that what they pressed was heard, and no job waits for what another needs.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from data_access.store import open_store
from jobs.job_progress import JobProgress, beating
from jobs.launch import claim_job, describe_error, end_job, read_job
from jobs.logs import LoggedProgress, log, speak_json, speaking, speaks_json
from jobs.progress import Cancelled, Progress


def _import(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from data_access.importers import ImportOptions
    from jobs.importing import import_paths

    given = dict(arguments.get("options") or {})
    if "team" in given:
        given["team"] = tuple(given["team"])
    paths = [Path(path) for path in arguments["paths"]]
    return {"runs": [asdict(run) for run in import_paths(engine, paths, ImportOptions(**given), progress)]}


def _demo(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.demo_import import import_demo

    return {"runs": [asdict(import_demo(engine, progress=progress, **arguments))]}


def _refresh(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.refresh import refresh

    refresh(engine, progress)
    return {}


def _topics(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.text_rules import TOPICS, derive_rules

    derive_rules(engine, TOPICS, progress)
    return {}


def _brands(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.brands import derive_brands
    from jobs.influence import derive_influence

    derive_brands(engine, progress)
    derive_influence(engine, progress)
    return {}


def _train(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.train import train

    return {"notes": train(engine, arguments["model"], progress)}


def _erase(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.erasure import erase_accounts
    from jobs.influence import derive_influence

    erase_accounts(engine, progress=progress, **arguments)
    with suppress(Cancelled):  # whoever was to go is gone; the scores of the others stay due
        derive_influence(engine, progress)
    return {}


def _influence(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.influence import derive_influence

    derive_influence(engine, progress)
    return {}


def _settle(engine: Engine, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from jobs.derive import settle_due

    settle_due(engine, progress)
    return {}


KINDS: dict[str, Callable[[Engine, dict[str, Any], Progress], dict[str, Any]]] = {
    "import": _import,
    "demo": _demo,
    "refresh": _refresh,
    "train": _train,
    "topics": _topics,
    "brands": _brands,
    "erase": _erase,
    "influence": _influence,
    "settle": _settle,
}


def run_job(engine: Engine, job_id: int) -> None:
    """Run a job to its end and say how it ended. Errors are kept in its row and raised."""
    job = read_job(engine, job_id)
    progress = JobProgress(engine, job_id)
    try:
        claim_job(engine, job_id, progress)
        progress.step("Starting")
        with beating(engine, job_id):
            result = KINDS[job.kind](engine, job.arguments, LoggedProgress(progress))
    except BaseException as error:
        end_job(engine, job_id, error)
        raise
    end_job(engine, job_id, None, result)


def main(job_id: int) -> None:
    """Run a job; what it says goes to its log. Ends the program with 1 where it fails."""
    with speaking(job=job_id):
        if speaks_json():
            speak_json()
        try:
            run_job(open_store(), job_id)
        except Cancelled:
            log.info("Cancelled, and taken back.")
        except BaseException as error:
            log.error(describe_error(error), exc_info=error)
            raise SystemExit(1) from error


if __name__ == "__main__":
    main(int(sys.argv[1]))
