"""Bringing files in: what a dropped file is taken for, its columns put right, and the import that starts."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access.records import Note
from data_access.settings import list_setting_rows
from data_access.store import reading
from tests.jobs.stores import bring, post
from tests.pages.conftest import open_directly, shown_text

ODD = "Kommentar,Wann?,Wer\n" + "".join(f'"Remark number {n}",2024-01-{n:02d} 10:00,ann\n' for n in range(1, 21))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    monkeypatch.setenv("RAPPORT_UPLOAD_DIR", str(tmp_path / "uploads"))
    jobs: list[dict[str, Any]] = []

    def start(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
        jobs.append({"kind": kind, **arguments})
        return len(jobs)

    monkeypatch.setattr("ui.uploads.start_job", start)
    return jobs


def test_data_imports_nothing_until_the_needed_columns_are_known(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = open_directly("data")
    app.file_uploader[0].upload("odd.csv", ODD.encode()).run()
    assert not app.exception
    assert "No column for text can be told" in app.warning[0].value
    assert "--map" not in app.warning[0].value
    assert next(button for button in app.button if button.label == "Import").disabled


def test_data_starts_an_import_with_the_columns_that_somebody_put_right(
    small_store: Engine, started: list[dict[str, Any]]
) -> None:
    app = open_directly("data")
    app.file_uploader[0].upload("odd.csv", ODD.encode()).run()
    editor = next(key for key in app.session_state if str(key).startswith("mapping_"))
    table = next(frame.value for frame in app.dataframe if "column" in frame.value)
    row = table.index[table["field"] == "text *"][0]
    app.session_state[editor] = {
        "edited_rows": {int(row): {"column": "Kommentar"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    assert not app.warning
    next(button for button in app.button if button.label == "Import").click().run()
    assert not app.exception
    assert [job["kind"] for job in started] == ["import"]
    path = Path(started[0]["paths"][0])
    assert (path.name, path.read_text()) == ("odd.csv", ODD)
    mapping = next(iter(started[0]["options"]["saved_mappings"].values()))
    assert (mapping["text"], mapping["time"]) == ("Kommentar", "Wann?")
    with reading(small_store) as session:
        assert [value for key, value in list_setting_rows(session).items() if key.startswith("mapping:")] == [mapping]


def test_data_keeps_a_dropped_file_inside_its_folder_when_its_name_leads_out(
    empty_store: str, started: list[dict[str, Any]], tmp_path: Path
) -> None:
    app = open_directly("data")
    app.file_uploader[0].upload("../../../evil.csv", ODD.encode()).run()
    assert not app.exception
    kept = list(tmp_path.rglob("evil.csv"))
    assert len(kept) == 1
    assert kept[0].is_relative_to(tmp_path / "uploads")


def test_data_lists_what_came_in_and_how_fresh_it_is(small_store: Engine) -> None:
    app = open_directly("data")
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert runs.iloc[0]["file"] == "small"
    assert runs.iloc[0]["covers"] == "02 Mar 2026 to 10 Apr 2026"
    fresh = next(frame.value for frame in app.dataframe if "behind" in frame.value)
    assert fresh.iloc[0][["network", "channels", "behind"]].tolist() == ["net", 2, 0]
    assert "How fresh it is" in shown_text(app)


def test_data_shows_what_an_import_read_as_something_else(small_store: Engine) -> None:
    bring(small_store, [Note("Product 'Lampone' is read as 'Lamp one'"), post("later", 0)], "deals")
    app = open_directly("data")
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert runs.iloc[0]["noted"] == 1
    app.session_state["table_imports"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert "Read as something else" in shown_text(app)
    notes = next(frame.value for frame in app.dataframe if "note" in frame.value)
    assert notes.to_dict("records") == [{"note": "Product 'Lampone' is read as 'Lamp one'", "rows": 1}]


def test_dates_that_read_two_ways_are_asked_about_once_the_columns_are_known(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    rows = "".join(f"I love the lamp number {n};0{n}/04/2026 10:00;ann\n" for n in range(1, 9))
    app = open_directly("data")
    app.file_uploader[0].upload("dates.csv", f"Was;Wann;Wer\n{rows}".encode()).run()
    editor = next(key for key in app.session_state if str(key).startswith("mapping_"))
    table = next(frame.value for frame in app.dataframe if "column" in frame.value)
    row = table.index[table["field"] == "text *"][0]
    edits = {"edited_rows": {int(row): {"column": "Was"}}, "added_rows": [], "deleted_rows": []}
    app.session_state[editor] = edits
    app.run()
    assert next(button for button in app.main.button if button.label == "Import").disabled
    app.session_state[editor] = edits
    app.segmented_control[0].set_value("day").run()
    assert app.segmented_control[0].value == "day"
    app.session_state[editor] = edits
    next(button for button in app.main.button if button.label == "Import").click().run()
    assert not app.exception
    (job,) = started
    assert "day" in next(iter(job["options"]["saved_mappings"].values())).values()
