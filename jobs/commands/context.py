"""What the commands have in common: the store, a job of their own, and an end that says why."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from jobs.logs import LoggedProgress, log

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from jobs.terminal import TerminalProgress

#: The exit code of what Ctrl+C stopped.
INTERRUPTED = 130


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say on standard error why nothing more is done. Returns what to raise. Code 2: the command was not understood."""
    log.log(logging.ERROR if code else logging.INFO, message)
    return typer.Exit(code)


def check_one_output(*, as_json: bool, as_csv: bool) -> None:
    """Ends the program where JSON and CSV are asked for at once."""
    if as_json and as_csv:
        raise fail("--json and --csv exclude each other: take one.", 2)


def opened_store() -> "Engine":
    """The store, migrated. Ends the program where a newer Rapport wrote it."""
    from data_access.store import StoreTooNew, open_store

    try:
        return open_store()
    except StoreTooNew as error:
        raise fail(str(error)) from error


@contextmanager
def own_job(engine: "Engine", kind: str, arguments: dict[str, Any]) -> Iterator["TerminalProgress"]:
    """Run what follows as a job that the pages show, and may cancel."""
    from jobs.launch import running_job
    from jobs.progress import Cancelled
    from jobs.terminal import TerminalProgress

    try:
        with running_job(engine, kind, arguments) as job, TerminalProgress(LoggedProgress(job)) as progress:
            yield progress
    except Cancelled as error:
        said = "Cancelled in the app. A file that had come in only in part was taken back."
        raise fail(said if kind == "import" else "Cancelled in the app.", INTERRUPTED) from error
