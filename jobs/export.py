"""The store as files: ``rapport export`` for others and other engines, ``rapport backup`` to be put back as it was."""

from pathlib import Path

from sqlalchemy import Engine

from data_access.exchange import (
    DamagedExport,
    Manifest,
    check_files,
    new_archive,
    new_folder,
    open_export,
    write_tables,
)
from data_access.store import reading
from jobs.progress import Progress


def export_store(engine: Engine, folder: Path, progress: Progress, *, file_format: str = "parquet") -> Manifest:
    """Write facts, decisions and fitted models into a new folder, as they are at one moment, whoever writes meanwhile.
    ``file_format``: parquet | csv. Raises ``TargetExists`` and ``NoSpace``; then nothing is left there."""
    progress.step(f"Writing {folder.name}")
    with reading(engine) as session, new_folder(folder) as place:
        return write_tables(session, place, file_format=file_format, with_derived=False, told=progress.at)


def back_up(engine: Engine, file: Path, progress: Progress) -> Manifest:
    """Write everything that the store holds at one moment, derived rows too, into a zip, and read it back.

    Raises ``TargetExists``, ``NoSpace``, and ``DamagedExport`` where the disk does not give back what it was given;
    then nothing is left there.
    """
    progress.step(f"Writing {file.name}")
    with reading(engine) as session, new_archive(file) as place:
        manifest = write_tables(session, place, file_format="parquet", with_derived=True, told=progress.at)
    progress.step(f"Reading {file.name} back", manifest.bytes, "bytes")
    try:
        with open_export(file) as written:
            check_files(written, progress.at)
    except DamagedExport:
        file.unlink()
        raise
    return manifest
