"""What came in: the runs on the Data page, and what each read as something else."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from data_access.models.derived import JobStatus
from data_access.queries.imports import list_runs
from jobs.imported import describe_counts
from ui.cache import ask
from ui.guard import Here
from ui.numbers import day_range, duration
from ui.tables import show_table

RUN_COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("File", width=190),
    "started": st.column_config.DatetimeColumn("Started", format="D MMM YYYY, HH:mm", width=125),
    "status": st.column_config.TextColumn("Status", width=80),
    "rows_read": st.column_config.NumberColumn("Rows", format="localized", width=60),
    "refused": st.column_config.NumberColumn("Refused", format="localized", width=65),
    "added": st.column_config.TextColumn("Added", width=280),
    "error": st.column_config.TextColumn("Problem", width="large"),
    "format": "Format",
    "changed": st.column_config.NumberColumn("Changed", format="localized"),
    "unchanged": st.column_config.NumberColumn(
        "Nothing new",
        format="localized",
        help="Records that said nothing new: known before, or more than once in the file",
    ),
    "noted": st.column_config.NumberColumn(
        "Notes", format="localized", help="What was read as something else, or left out"
    ),
    "covers": st.column_config.TextColumn("Covers", width="medium"),
    "took": "Took",
    "file": st.column_config.TextColumn("Whole path", width="large"),
}
MOST_RUNS = 100
#: Whether only imports that refused rows or have a problem are listed.
ONLY_AMISS = "runs_amiss"
NOTE_COLUMNS: dict[str, Any] = {
    "note": st.column_config.TextColumn("Note", width="large"),
    "rows": st.column_config.NumberColumn("Rows", format="localized"),
}


def runs_of(here: Here) -> pd.DataFrame:
    """The newest imports, with the columns of ``list_runs``: those that refused rows or have a problem where the box
    for it is ticked, which stands where there are such. Says so where older ones are left out."""
    amiss = ask(here, list_runs, MOST_RUNS + 1, only_amiss=True)
    is_narrowed = len(amiss) > 0 and st.checkbox("Only with refused rows or problems", key=ONLY_AMISS)
    runs = amiss if is_narrowed else ask(here, list_runs, MOST_RUNS + 1)
    if len(runs) > MOST_RUNS:
        which = " of these" if is_narrowed else ""
        st.caption(f"The newest {MOST_RUNS}{which}. Older imports stay in the store, but are not listed.")
    return runs.head(MOST_RUNS)


def runs_key(runs: pd.DataFrame) -> str:
    """The key of the table of these imports: a row that was chosen among others is none of these."""
    return f"table_imports_{bool(st.session_state.get(ONLY_AMISS))}_{runs['id'].iloc[0]}_{len(runs)}"


def end_of_path(path: str, longest: int = 26) -> str:
    """The end of a path, which tells one file of a folder from another; cut where it is long.

    >>> end_of_path("slack/general/2020-01-03.json"), end_of_path("posts.csv")
    ('…general/2020-01-03.json', 'posts.csv')
    """
    if len(path) <= longest:
        return path
    end = path[-(longest - 1) :]
    return "…" + (end.split("/", 1)[1] if "/" in end else end)


def _added(status: str, counts: Mapping[str, int]) -> str:
    if status == JobStatus.CANCELLED:
        return "all taken back"
    return describe_counts(counts) or ("nothing" if status == JobStatus.FAILED else "nothing new")


def runs_table(runs: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """``list_runs`` as it is shown: times in the workspace's zone, the range of days in words; without columns that
    would say nothing of any."""
    days = [
        ""
        if pd.isna(first)
        else day_range(first.tz_convert(time_zone).date(), last.tz_convert(time_zone).date() + timedelta(days=1))
        for first, last in zip(runs["first_at"], runs["last_at"], strict=True)
    ]
    table = runs.assign(
        name=runs["file"].map(end_of_path),
        started=runs["started_at"].dt.tz_convert(time_zone).dt.tz_localize(None),
        added=[_added(row.status, row.counts or {}) for row in runs.itertuples()],
        covers=days,
        noted=[len(notes_of(row)) for _, row in runs.iterrows()],
        took=[duration(seconds) for seconds in runs["seconds"]],
        error=runs["error"].fillna(""),
    )
    empty = {
        "error": table["error"] == "",
        "noted": table["noted"] == 0,
        "changed": table["changed"] == 0,
        "file": table["file"] == table["name"],
    }
    return table[[name for name in RUN_COLUMNS if name not in empty or not empty[name].all()]]


def notes_of(run: Mapping[str, Any]) -> dict[str, int]:
    """What a run of ``list_runs`` read as something else or left out, with how many rows it happened in."""
    return (run["notes"] or {}) | {f"Skipped: {why}": rows for why, rows in (run["skipped"] or {}).items()}


def notes_table(notes: Mapping[str, int]) -> pd.DataFrame:
    """What a run read as something else or left out: ``note``, ``rows`` (in how many rows), the most first."""
    ordered = sorted(notes.items(), key=lambda item: (-item[1], item[0]))
    return pd.DataFrame(ordered, columns=["note", "rows"])


def show_notes(notes: Mapping[str, int]) -> None:
    """What a run read as something else or left out."""
    st.subheader("Read as something else, or left out")
    alt = "What was read as something else or left out, most rows first"
    show_table(notes_table(notes), name="notes", alt=alt, columns=NOTE_COLUMNS)
