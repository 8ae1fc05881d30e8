"""Files that people drop: kept on disk until they are imported, looked at before, their columns put right."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data_access.importers import DATE_ORDER, FIELDS, FORMATS, REQUIRED, ImportOptions, MappingPreview, preview_mapping
from data_access.models.derived import Job, JobStatus
from jobs.decisions import change_setting
from jobs.importing import with_saved_mappings
from jobs.launch import start_job
from ui.guard import Here
from ui.numbers import compact
from ui.tables import show_table

NO_COLUMN = ""
ORDERS = {"day": "Day first (31/12)", "month": "Month first (12/31)"}
ENDED = (JobStatus.DONE, JobStatus.CANCELLED)


@dataclass
class Upload:
    """A file that lies ready: where, what it seems to be, and the mapping of its columns as it now stands."""

    path: Path
    preview: MappingPreview
    mapping: dict[str, str] = field(default_factory=dict)
    is_ready: bool = True


def uploads_folder() -> Path:
    """Where dropped files lie until they are imported: ``RAPPORT_UPLOAD_DIR``, else ``./.rapport/uploads``."""
    return Path(os.environ.get("RAPPORT_UPLOAD_DIR") or ".rapport/uploads").resolve()


def keep_upload(file: Any) -> Path:
    """Write a dropped file to disk, once. Its name is kept, without any folder that it might name."""
    kept: dict[str, str] = st.session_state.setdefault("_uploads", {})
    if file.file_id not in kept or not Path(kept[file.file_id]).exists():
        folder = uploads_folder() / file.file_id.replace("/", "_")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (Path(file.name.replace("\\", "/")).name or "upload")
        path.write_bytes(file.getbuffer())
        kept[file.file_id] = str(path)
    return Path(kept[file.file_id])


def drop_imported(jobs: list[Job]) -> None:
    """Remove dropped files whose import has ended: what they held is in the store, or was not wanted."""
    folder = uploads_folder()
    for job in jobs:
        for name in job.arguments.get("paths", []) if job.status in ENDED else []:
            path = Path(name)
            if path.is_file() and path.is_relative_to(folder):
                path.unlink()


def choose_files(here: Here) -> list[Upload]:
    """The drop area, and below it each file with what will come of it."""
    files = st.file_uploader(
        "Drop files here",
        accept_multiple_files=True,
        key=f"files_{st.session_state.get('_uploads_done', 0)}",
        help="CSV, TSV, Excel, Parquet, JSON, NDJSON, zip or gz. The content says what it is, not the name.",
    )
    uploads = []
    for file in files or []:
        with st.container(border=True):
            uploads.append(_look_at(here, keep_upload(file)))
    return uploads


def _look_at(here: Here, path: Path) -> Upload:
    shown = look(here, path, {})
    st.text(f"{path.name} · {_size(path)}")
    if not shown.columns or (shown.format not in (None, "table") and not shown.problem):
        return _show_known(path, shown)
    mapping = _edit_mapping(path, shown)
    changed = {name: spec for name, spec in mapping.items() if spec != shown.mapping.get(name, NO_COLUMN)}
    if changed:
        shown = look(here, path, changed)
    order = _choose_order(path, shown)
    if order and order != shown.mapping.get(DATE_ORDER):
        changed[DATE_ORDER] = order
        shown = look(here, path, changed)
    if shown.problem:
        st.warning(_without_command_line(shown.problem))
    show_preview(shown, key=str(path))
    standing = {name: spec for name, spec in {**shown.mapping, **changed}.items() if spec}
    return Upload(path, shown, standing, is_ready=shown.problem is None)


def _size(path: Path) -> str:
    return f"{compact(path.stat().st_size)}B"


def _show_known(path: Path, shown: MappingPreview) -> Upload:
    if shown.format is None:
        st.warning(f"This file cannot be imported: {_without_command_line(shown.problem or 'nothing is known of it.')}")
        return Upload(path, shown, is_ready=False)
    label = next((known.label for known in FORMATS if known.name == shown.format), shown.format)
    st.badge(f"Recognised: {label}", icon=":material/check:", color="blue")
    show_preview(shown, key=str(path))
    return Upload(path, shown)


def _without_command_line(problem: str) -> str:
    """The problem without the advice that is for the command line."""
    for start in (" Name them, as in", " Say which: --map", " Name its format with"):
        problem = problem.split(start)[0]
    return problem


def look(here: Here, path: Path, mapping: dict[str, str]) -> MappingPreview:
    """What would come of a file with these columns, as seen before the import."""
    return _look(here.store_url, here.data_version, str(path), tuple(sorted(mapping.items())), here)


@st.cache_data(max_entries=40, show_spinner="Looking into the file")
def _look(
    store_url: str, data_version: int, path: str, mapping: tuple[tuple[str, str], ...], _here: Here
) -> MappingPreview:
    options = ImportOptions(mapping=dict(mapping) or None, time_zone=_here.time_zone)
    return preview_mapping(Path(path), with_saved_mappings(_here.engine, options))


def _edit_mapping(path: Path, shown: MappingPreview) -> dict[str, str]:
    """The columns as people put them right: field -> column, empty for none."""
    table = mapping_table(shown)
    options = [NO_COLUMN, *dict.fromkeys([*shown.mapping.values(), *(column.name for column in shown.columns)])]
    st.caption("Which column holds what? Text and time are needed; the rest makes more of it.")
    edited = st.data_editor(
        table,
        key=f"mapping_{path}",
        hide_index=True,
        height=320,
        alt="Which column of the file holds which field",
        disabled=["field", "why", "example"],
        column_config={
            "field": "Field",
            "column": st.column_config.SelectboxColumn("Column of the file", options=options, width="medium"),
            "why": "Why",
            "example": st.column_config.TextColumn("For example", width="large"),
        },
    )
    return dict(zip(edited["field"].str.rstrip(" *"), edited["column"].fillna(NO_COLUMN), strict=True))


def _choose_order(path: Path, shown: MappingPreview) -> str | None:
    """Whether dates have the day or the month first, asked where they could be read either way."""
    if DATE_ORDER not in shown.mapping and "day or the month" not in (shown.problem or ""):
        return None
    return st.segmented_control(
        "Dates are written with the",
        list(ORDERS),
        default=shown.mapping.get(DATE_ORDER),
        format_func=lambda order: ORDERS[order],
        key=f"order_{path}",
    )


def mapping_table(shown: MappingPreview) -> pd.DataFrame:
    """``field`` (needed ones marked *), ``column``, ``why``, ``example``: those that are known first."""
    values = {column.name: ", ".join(column.values[:2]) for column in shown.columns}
    rows = []
    for name in sorted(FIELDS, key=lambda name: (name not in REQUIRED, name not in shown.mapping)):
        spec = shown.mapping.get(name, NO_COLUMN)
        mark = " *" if name in REQUIRED else ""
        rows.append((name + mark, spec, shown.reasons.get(name, ""), values.get(spec, "")))
    return pd.DataFrame(rows, columns=["field", "column", "why", "example"])


def show_preview(shown: MappingPreview, *, key: str) -> None:
    """The first posts as they would come in, and what would be refused."""
    if shown.records:
        names = ["occurred_at", "author", "kind", "text", "channel", "likes", "shares", "replies"]
        frame = pd.DataFrame([dict(record) for record in shown.records])
        frame = frame[[name for name in names if name in frame and frame[name].notna().any()]]
        st.dataframe(frame, hide_index=True, height=210, key=f"preview_{key}", alt="The first posts as they come in")
    if shown.refusals:
        st.caption("Rows at the beginning that would be refused; the rest comes in.")
        refused = pd.DataFrame([asdict(refusal) for refusal in shown.refusals])
        show_table(refused, name="refused_preview", alt="Rows that would be refused", key=f"refused_{key}")


def start_import(here: Here, uploads: list[Upload], *, brand: str, channel: str, keep_mapping: bool) -> None:
    """Start the import of the files in a child process. Mappings are kept for files of the same columns."""
    saved = {
        upload.preview.header_shape: upload.mapping
        for upload in uploads
        if upload.preview.header_shape and upload.mapping
    }
    if keep_mapping:
        for shape, mapping in saved.items():
            key = f"mapping:{shape}"
            change_setting(here.engine, key=key, value=mapping, decided_by=here.who)
    options: dict[str, Any] = {"time_zone": here.time_zone, "saved_mappings": saved}
    options |= {name: value.strip() for name, value in (("brand", brand), ("channel", channel)) if value.strip()}
    start_job(here.engine, "import", {"paths": [str(upload.path) for upload in uploads], "options": options})
    st.session_state["_uploads_done"] = st.session_state.get("_uploads_done", 0) + 1
