"""The tables of the Data page: runs and freshness, as they are shown."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from data_access.queries.imports import list_freshness, list_refusals, list_runs
from jobs.imported import describe_counts
from ui.cache import ask
from ui.guard import Here
from ui.numbers import duration

RUN_COLUMNS: dict[str, Any] = {
    "started": st.column_config.DatetimeColumn("Started", format="D MMM YYYY, HH:mm"),
    "file": st.column_config.TextColumn("File", width="medium"),
    "format": "Format",
    "status": "Status",
    "rows_read": st.column_config.NumberColumn("Rows", format="localized"),
    "added": st.column_config.TextColumn("Added", width="medium"),
    "refused": st.column_config.NumberColumn("Refused", format="localized"),
    "changed": st.column_config.NumberColumn("Changed", format="localized"),
    "unchanged": st.column_config.NumberColumn("Known before", format="localized"),
    "noted": st.column_config.NumberColumn("Notes", format="localized", help="What was read as something else"),
    "covers": st.column_config.TextColumn("Covers", width="medium"),
    "took": "Took",
    "error": "Problem",
}
NOTE_COLUMNS: dict[str, Any] = {
    "note": st.column_config.TextColumn("Note", width="large"),
    "rows": st.column_config.NumberColumn("Rows", format="localized"),
}
FRESHNESS_COLUMNS: dict[str, Any] = {
    "network": "Network",
    "source": "Source",
    "channels": st.column_config.NumberColumn("Channels", format="localized"),
    "posts": st.column_config.NumberColumn("Posts", format="localized"),
    "first_day": st.column_config.DateColumn("First day", format="D MMM YYYY"),
    "last_day": st.column_config.DateColumn("Last day", format="D MMM YYYY"),
    "behind": st.column_config.NumberColumn("Days behind the newest", format="localized"),
}


def runs_of(here: Here) -> pd.DataFrame:
    """The newest imports, with the columns of ``list_runs``."""
    return ask(here, list_runs)


def refusals_of(here: Here, run_id: int) -> pd.DataFrame:
    """What an import refused, with the columns of ``list_refusals``."""
    return ask(here, list_refusals, run_id)


def freshness_of(here: Here) -> pd.DataFrame:
    """How fresh each source is, with the columns of ``list_freshness``."""
    return ask(here, list_freshness)


def runs_table(runs: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """``list_runs`` as it is shown: times in the workspace's zone, the range of days in words."""
    days = [
        "" if pd.isna(first) else f"{first.tz_convert(time_zone):%d %b %Y} to {last.tz_convert(time_zone):%d %b %Y}"
        for first, last in zip(runs["first_at"], runs["last_at"], strict=True)
    ]
    table = runs.assign(
        started=runs["started_at"].dt.tz_convert(time_zone).dt.tz_localize(None),
        added=[describe_counts(counts or {}) or "nothing new" for counts in runs["counts"]],
        covers=days,
        noted=[len(notes or {}) for notes in runs["notes"]],
        took=[duration(seconds) for seconds in runs["seconds"]],
        error=runs["error"].fillna(""),
    )
    return table[list(RUN_COLUMNS)]


def notes_table(notes: Mapping[str, int]) -> pd.DataFrame:
    """What a run read as something else: ``note``, ``rows`` (how many rows it happened in), the most first."""
    ordered = sorted(notes.items(), key=lambda item: (-item[1], item[0]))
    return pd.DataFrame(ordered, columns=["note", "rows"])


def freshness_table(freshness: pd.DataFrame) -> pd.DataFrame:
    """``list_freshness`` with ``behind``: whole days between a source's newest day and the newest of all."""
    newest = freshness["last_day"].max()
    return freshness.assign(behind=(newest - freshness["last_day"]).dt.days)[list(FRESHNESS_COLUMNS)]
