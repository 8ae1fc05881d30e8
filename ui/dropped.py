"""Files that people drop: kept on disk until they are imported; those that are one export lie in one folder."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from data_access.importers import FORMATS, find_together
from data_access.models.derived import Job, JobStatus
from data_access.staging import uploads_directory
from ui.numbers import size

_ENDED = (JobStatus.DONE, JobStatus.CANCELLED)
_TOGETHER = "together_"
_NAMED_PARTS = 8
#: The folders of this session whose import has not been started.
_MADE = "_together"


@dataclass(frozen=True)
class Dropped:
    """What is looked at and imported as one: a file, or the folder (``path``) of ``parts`` that are one export."""

    path: Path
    parts: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files as they were dropped."""
        return self.parts or (self.path,)

    @property
    def title(self) -> str:
        """The files' names and how much they hold."""
        held = size(sum(file.stat().st_size for file in self.files))
        if not self.parts:
            return f"{self.path.name} · {held}"
        names = ", ".join(part.name for part in self.parts[:_NAMED_PARTS])
        more = f" and {len(self.parts) - _NAMED_PARTS} more" if len(self.parts) > _NAMED_PARTS else ""
        return f"{len(self.parts)} files that are one export: {names}{more} · {held}"


def keep_upload(file: Any) -> Path:
    """Write a dropped file to disk, once. Its name is kept, without any folder that it might name."""
    kept: dict[str, str] = st.session_state.setdefault("_uploads", {})
    if file.file_id not in kept or not Path(kept[file.file_id]).exists():
        folder = uploads_directory() / file.file_id.replace("/", "_")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (Path(file.name.replace("\\", "/")).name or "upload")
        path.write_bytes(file.getbuffer())
        kept[file.file_id] = str(path)
    return Path(kept[file.file_id])


def sort_out(paths: Sequence[Path]) -> list[Dropped]:
    """The files in the order in which they were dropped, those that are one export as one, where its first file was."""
    exports = _find_exports(tuple(map(str, paths))) if len(paths) > 1 else []
    found: dict[Path, Dropped] = {path: Dropped(path) for path in paths}
    for format_name, names in exports:
        parts = tuple(map(Path, names))
        found[parts[0]] = Dropped(_folder_of(format_name, parts), parts)
        for part in parts[1:]:
            del found[part]
    _remove_folders({str(one.path) for one in found.values() if one.parts})
    return list(found.values())


def _remove_folders(wanted: set[str]) -> None:
    """Remove the folders that were made here of files that are no longer dropped together."""
    for path in map(Path, st.session_state.get(_MADE, set()) - wanted):
        shutil.rmtree(path.parent, ignore_errors=True)
    st.session_state[_MADE] = wanted


def hand_over(folders: Sequence[Path], parts: Sequence[Path]) -> None:
    """Leave these folders to the import that starts; their ``parts`` by themselves are no longer needed. The folders of
    what was skipped go with the next look at what is dropped."""
    st.session_state[_MADE] = st.session_state.get(_MADE, set()) - set(map(str, folders))
    for part in parts:
        part.unlink(missing_ok=True)


@st.cache_data(max_entries=20, show_spinner="Looking at the files")
def _find_exports(paths: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The name of the format, and the paths, of each export among these files."""
    return [(export.format, tuple(map(str, export.paths))) for export in find_together(list(map(Path, paths)))]


def _folder_of(format_name: str, parts: Sequence[Path]) -> Path:
    """A folder with these files, called after what they are: the same for the same files."""
    label = next(known.label for known in FORMATS if known.name == format_name).replace("/", " ")
    key = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]
    folder = uploads_directory() / f"{_TOGETHER}{key}" / f"{label}, {len(parts)} files"
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        if not (folder / part.name).exists():
            _link(part, folder / part.name)
    return folder


def _link(path: Path, to: Path) -> None:
    """The same file under another name; a copy where the disk has no such links."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)


def is_wanted(dropped: Dropped) -> bool:
    """Name what was dropped, and let people leave it out of the import, or take it in again. Whether it comes in."""
    skipped: set[str] = st.session_state.setdefault("_skipped", set())
    key = str(dropped.path)
    is_skipped = key in skipped
    skip = "Skip these files" if dropped.parts else "Skip this file"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.text(f"{dropped.title}{' · skipped' if is_skipped else ''}", width="stretch")
        label, change = ("Take it in again", skipped.discard) if is_skipped else (skip, skipped.add)
        st.button(label, key=f"skip_{key}", type="tertiary", on_click=change, args=(key,))
    return not is_skipped


def drop_imported(jobs: list[Job]) -> None:
    """Remove what was dropped and whose import has ended: what it held is in the store, or was not wanted."""
    folder = uploads_directory()
    for job in jobs:
        for name in job.arguments.get("paths", []) if job.status in _ENDED else []:
            path = Path(name)
            if path.is_relative_to(folder) and path.is_file():
                path.unlink()
            elif path.is_dir() and path.parent.parent == folder and path.parent.name.startswith(_TOGETHER):
                shutil.rmtree(path.parent)
