"""Watch a folder: import what lands in it, and mail a digest when a new day of data has come."""

import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from data_access.importers import ImportOptions
from jobs.digest import MailSettings, send_digest_once
from jobs.importing import RunResult, import_paths
from jobs.progress import Progress

#: What lies in the folder: a file, or a folder that is one export, with the size and time of change of all in it.
Look = dict[Path, tuple[tuple[str, int, int], ...]]


def watch_folder(
    engine: Engine,
    folder: Path,
    progress: Progress,
    *,
    every_seconds: float,
    once: bool = False,
    mail: MailSettings | None = None,
) -> Iterator[RunResult]:
    """Import each file or folder that is new or changed and has stopped growing, until interrupted (or ``once``)."""
    done: Look = {}
    before: Look = {}
    while True:
        now = look(folder)
        ready = [path for path, state in now.items() if done.get(path) != state and (once or before.get(path) == state)]
        for path in sorted(ready):
            yield from import_paths(engine, [path], ImportOptions(), progress)
            done[path] = now[path]
        if ready and mail is not None:
            send_digest_once(engine, mail)
        if once:
            return
        before = now
        time.sleep(every_seconds)


def look(folder: Path) -> Look:
    """The files and folders in a folder as they stand now (sizes in bytes, times of change in ns); not the hidden."""
    found: Look = {}
    for entry in folder.iterdir():
        if not entry.name.startswith("."):
            files = [entry] if entry.is_file() else sorted(path for path in entry.rglob("*") if path.is_file())
            states = [(str(path), path.stat()) for path in files]
            found[entry] = tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
    return found
