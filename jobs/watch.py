"""Watch a folder: import what lands in it, mail at once what watched people wrote, and a digest when a new day of data
has come."""

import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from data_access.importers import ImportOptions
from jobs.alerts import send_alerts
from jobs.digest import MailSettings, send_digest_once
from jobs.importing import RunResult, import_paths
from jobs.launch import running_job
from jobs.logs import LoggedProgress

#: What lies in the folder: a file, or a folder that is one export, with the size and time of change of all in it.
Look = dict[Path, tuple[tuple[str, int, int], ...]]


def watch_folder(
    engine: Engine, folder: Path, *, every_seconds: float, once: bool = False, mail: MailSettings | None = None
) -> Iterator[RunResult | str]:
    """Import each file or folder that is new or changed and has stopped growing, until interrupted (or ``once``).

    What came in before, as it stands, is passed over, also after a restart. Yields what came of each file, and what
    went wrong with the mail, in words; mail is tried again after the next import, also after a restart.
    """
    done: Look = {}
    before: Look = {}
    while True:
        now = look(folder)
        ready = [path for path, state in now.items() if done.get(path) != state and (once or before.get(path) == state)]
        if ready:
            with running_job(engine, "import", {"paths": [str(path) for path in sorted(ready)]}) as progress:
                said = LoggedProgress(progress)
                for result in import_paths(engine, sorted(ready), ImportOptions(), said, skip_done=True):
                    yield result
                    yield from _mail_alerts(engine, mail)
            done.update({path: now[path] for path in ready})
            yield from _mail_digest(engine, mail)
        if once:
            return
        before = now
        time.sleep(every_seconds)


def _mail_alerts(engine: Engine, mail: MailSettings | None) -> Iterator[str]:
    """Mail what watched people wrote and no mail has named yet."""
    if mail is None:
        return
    try:
        send_alerts(engine, mail)
    except (OSError, smtplib.SMTPException) as error:
        yield f"The new posts of watched people could not be mailed through {mail.host}: {error}"


def _mail_digest(engine: Engine, mail: MailSettings | None) -> Iterator[str]:
    if mail is None:
        return
    try:
        send_digest_once(engine, mail)
    except (OSError, smtplib.SMTPException) as error:
        yield f"The digest could not be mailed through {mail.host}: {error}"


def look(folder: Path) -> Look:
    """The files and folders in a folder as they stand now (sizes in bytes, times of change in ns); not the hidden, nor
    any of which something goes just now: the next look sees what it has become."""
    found: Look = {}
    for entry in folder.iterdir():
        if not entry.name.startswith("."):
            with suppress(FileNotFoundError, NotADirectoryError):
                files = sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
                states = [(str(path), path.stat()) for path in files]
                found[entry] = tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
    return found
