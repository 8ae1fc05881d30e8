"""The table of imports: what each came to, in words."""

import pandas as pd

from ui.import_tables import RUN_COLUMNS, notes_of, runs_table

DAY = pd.Timestamp("2026-03-02T08:00Z")
RUN = {
    "id": 1, "file": "general.json", "format": "slack", "status": "done", "rows_read": 5, "added": 2,
    "counts": {"post": 2}, "changed": 0, "unchanged": 1, "refused": 0, "first_at": DAY, "last_at": DAY,
    "started_at": DAY, "seconds": 1.0, "error": None,
    "notes": {"One time is read as UTC": 3}, "skipped": {"a member's arrival": 2},
}  # fmt: skip


def test_rows_that_were_left_out_are_among_the_notes() -> None:
    runs = pd.DataFrame([RUN, RUN | {"notes": None, "skipped": None}])
    assert runs_table(runs, "UTC")["noted"].tolist() == [2, 0]
    assert notes_of(runs.iloc[0]) == {"One time is read as UTC": 3, "Skipped: a member's arrival": 2}


def test_a_record_that_stands_twice_in_a_file_is_not_said_to_be_known_before() -> None:
    shown = RUN_COLUMNS["unchanged"]
    assert shown["label"] == "Nothing new"
    assert "more than once in the file" in shown["help"]


def test_the_days_of_a_file_are_those_of_the_workspace() -> None:
    runs = pd.DataFrame([RUN, RUN | {"last_at": DAY + pd.Timedelta(days=8, hours=18)}, RUN | {"first_at": pd.NaT}])
    assert runs_table(runs, "Asia/Tokyo")["covers"].tolist() == ["2 Mar 2026", "2 Mar 2026 to 11 Mar 2026", ""]
