"""``rapport export``, ``backup`` and ``restore``: the whole store, out and back in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.completion import complete_file_format
from jobs.commands.context import INTERRUPTED, fail, opened_store
from jobs.commands.words import FILE_FORMATS
from jobs.logs import LoggedProgress
from jobs.progress import Progress, Silence

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from data_access.exchange import Manifest
    from jobs.terminal import TerminalProgress


@contextmanager
def _drawn() -> Iterator["TerminalProgress"]:
    """Progress that is drawn and written nowhere. What is known to go wrong is said, and ends the program."""
    from data_access.exchange import DamagedExport, NewerExport, NoSpace, NotAnExport, NotEmpty, TargetExists
    from jobs.terminal import TerminalProgress

    try:
        with TerminalProgress(LoggedProgress(Silence())) as progress:
            yield progress
    except (TargetExists, NoSpace, NotAnExport, NewerExport, DamagedExport, NotEmpty) as error:
        raise fail(str(error)) from error


def _say(what: str, manifest: "Manifest") -> None:
    size = f"{manifest.bytes / 1e6:,.1f} MB"
    posts = manifest.find("post")
    typer.echo(f"{what}: {posts.rows if posts else 0:,} posts, {manifest.rows:,} rows in all, {size}.")


def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet")],
    format: Annotated[
        str,
        typer.Option(help=f"The kind of file: {' or '.join(FILE_FORMATS)}", autocompletion=complete_file_format),
    ] = "parquet",
) -> None:
    """Write all facts and decisions as files, one a table, to read elsewhere or to import into an empty store.

    Example: rapport export sillgrove-2026-06 --format csv

    Example: RAPPORT_DATABASE_URL=postgresql://rapport@db.example/rapport rapport import sillgrove-2026-06
    """
    if format not in FILE_FORMATS:
        raise fail(f"--format takes {' or '.join(FILE_FORMATS)}; got {format!r}.", 2)
    from jobs.export import export_store

    engine = opened_store()
    with _drawn() as progress:
        manifest = export_store(engine, folder, progress, file_format=format)
    _say(f"{folder} written", manifest)


def backup(
    file: Annotated[Path, typer.Argument(help="A file that is not there yet; it is written as a zip")],
) -> None:
    """Copy the whole store into one file, while people work. It can be restored on SQLite and on PostgreSQL.

    Example: rapport backup backups/rapport-$(date +%F).zip
    """
    from jobs.export import back_up

    engine = opened_store()
    with _drawn() as progress:
        manifest = back_up(engine, file, progress)
    _say(f"{file} written and read back", manifest)


def restore(
    file: Annotated[Path, typer.Argument(help="What rapport backup or rapport export wrote", exists=True)],
) -> None:
    """Put a backup in the place of the store. On SQLite the store of before is kept beside it; on PostgreSQL the backup
    comes into an empty database.

    Example: rapport restore backups/rapport-2026-06-30.zip

    Example: RAPPORT_DATABASE_URL=sqlite:///trial.db rapport restore backups/rapport-2026-06-30.zip
    """
    from data_access.exchange import open_export
    from data_access.store import store_url
    from jobs.restore import RestoredStoreDamaged, StoreInUse, restore_file, sqlite_file

    store = sqlite_file(store_url())
    if store is None:
        bring_back(opened_store(), file)
        return
    try:
        with _drawn() as progress, open_export(file) as place:
            aside = restore_file(store, place, progress)
            _say(f"{store} restored", place.manifest)
    except (StoreInUse, RestoredStoreDamaged) as error:
        raise fail(str(error)) from error
    if aside is not None:
        typer.echo(f"The store of before is {aside}: remove it when you need it no more.")


def bring_back(engine: "Engine", path: Path) -> None:
    """Load an export or a backup into the store, which has to be empty, and derive what did not come with it."""
    from data_access.exchange import open_export
    from jobs.launch import running_job
    from jobs.restore import load_export

    with _drawn() as drawn, open_export(path) as place:
        with running_job(engine, "import", {"paths": [str(path)]}) as job:
            # the job's row says nothing meanwhile: the store is one transaction's
            if not load_export(engine, place, drawn):
                _refresh(engine, job)
        _say(f"{path} imported", place.manifest)


def _refresh(engine: "Engine", job: Progress) -> None:
    from jobs.refresh import refresh
    from jobs.terminal import TerminalProgress

    try:
        with TerminalProgress(LoggedProgress(job)) as progress:
            refresh(engine, progress)
    except KeyboardInterrupt as error:
        raise fail("Stopped. All facts are in; run the same command again to derive the rest.", INTERRUPTED) from error
