"""Bringing files in: what a dropped file is taken for, its columns put right, and the import that starts."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import ui.progress
from data_access.importers import ImportOptions
from data_access.models.derived import Job, JobStatus
from data_access.models.facts import ImportRun
from data_access.records import Note, Refusal
from data_access.settings import list_setting_rows
from data_access.store import open_store, reading, writing
from jobs.decisions import change_setting
from jobs.importing import import_paths
from jobs.launch import add_job
from jobs.progress import ALL_IN, Silence
from jobs.run import run_job
from tests.jobs.stores import bring, post
from tests.pages.conftest import open_directly, shown_text
from ui.guard import Here

ODD = "Spruch,Wann?,Wer\n" + "".join(f'"Remark number {n}",2024-01-{n:02d} 10:00,ann\n' for n in range(1, 21))


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
    assert "choose which column holds" in app.warning[0].value
    assert "Text or Title" in app.warning[0].value
    assert "map" not in app.warning[0].value
    assert next(button for button in app.button if button.label == "Import").disabled


def test_data_starts_an_import_with_the_columns_that_somebody_put_right(
    small_store: Engine, started: list[dict[str, Any]]
) -> None:
    app = open_directly("data")
    app.file_uploader[0].upload("odd.csv", ODD.encode()).run()
    editor = next(key for key in app.session_state if str(key).startswith("mapping_"))
    table = next(frame.value for frame in app.dataframe if "column" in frame.value)
    row = table.index[table["field"] == "Text *"][0]
    app.session_state[editor] = {
        "edited_rows": {int(row): {"column": "Spruch"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    assert [warning.value.partition(":")[0] for warning in app.warning] == ["No column says who wrote"]
    next(button for button in app.button if button.label == "Import").click().run()
    assert not app.exception
    assert [job["kind"] for job in started] == ["import"]
    path = Path(started[0]["paths"][0])
    assert (path.name, path.read_text()) == ("odd.csv", ODD)
    mapping = next(iter(started[0]["options"]["saved_mappings"].values()))
    assert (mapping["text"], mapping["time"]) == ("Spruch", "Wann?")
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
    assert runs.iloc[0]["name"] == "small"
    assert runs.iloc[0]["covers"] == "2 Mar 2026 to 10 Apr 2026"
    (row,) = next(frame.value for frame in app.dataframe if "fresh" in frame.value).to_dict("records")
    assert (row["network"], row["fresh"], row["usual"], row["gaps"], row["file"]) == (
        "net",
        "has the newest posts",
        "every day",
        0,
        "small",
    )
    said = shown_text(app)
    assert "days old (of 10 Apr 2026). What came since is not here: bring it in." in said
    assert "In the 12 weeks up to 10 Apr 2026, no day is missing on which posts are usual." in said
    not_here = app.table[0].value
    assert "Orders" in not_here["What is missing"].tolist()
    assert "Shopify orders" in " ".join(not_here["Bring it in as"])


def test_data_shows_what_an_import_read_as_something_else(small_store: Engine) -> None:
    bring(small_store, [Note("Product 'Lampone' is read as 'Lamp one'"), post("later", 0)], "deals")
    app = open_directly("data")
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert runs.iloc[0]["noted"] == 1
    _choose_newest_run(app)
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
    row = table.index[table["field"] == "Text *"][0]
    edits = {"edited_rows": {int(row): {"column": "Was"}}, "added_rows": [], "deleted_rows": []}
    app.session_state[editor] = edits
    app.run()
    assert next(button for button in app.main.button if button.label == "Import").disabled
    assert "Import waits for dates.csv: settle what is open above" in shown_text(app).replace("\\", "")
    app.session_state[editor] = edits
    order = next(control for control in app.segmented_control if control.label.startswith("Dates"))
    assert "which day is 01/04/2026 10:00 in Wann?" in order.label.replace("\\", "")
    assert order.options == ["1 Apr 2026 (day first)", "4 Jan 2026 (month first)"]
    order.set_value("day").run()
    app.session_state[editor] = edits
    next(button for button in app.main.button if button.label == "Import").click().run()
    assert not app.exception
    (job,) = started
    assert "day" in next(iter(job["options"]["saved_mappings"].values())).values()


def test_chat_whose_dates_read_two_ways_waits_for_the_answer(empty_store: str, started: list[dict[str, Any]]) -> None:
    app = open_directly("data")
    chat = "03/04/24, 21:05 - Ann: Is it on?\n05/06/24, 21:05 - Bob: It is\n"
    app.file_uploader[0].upload("WhatsApp Chat with Lamp club.txt", chat.encode()).run()
    assert not app.exception
    assert "3 April or 4 March 2024" in app.warning[0].value
    assert next(button for button in app.main.button if button.label == "Import").disabled
    next(control for control in app.segmented_control if control.label.startswith("Dates")).set_value("month").run()
    assert not app.warning
    next(button for button in app.main.button if button.label == "Import").click().run()
    assert not app.exception
    (job,) = started
    assert [dict(mapping) for mapping in job["options"]["saved_mappings"].values()] == [{"date_order": "month"}]


ORDERS = "Nr,Wann,Kunde,Summe\n" + "".join(
    f'O{n},2024-01-{n:02d} 23:30,ann{n % 3}@shop.example,"1.{n:03d},50"\n' for n in range(1, 10)
)


def _upload(name: str, content: str) -> Any:
    app = open_directly("data")
    app.file_uploader[0].upload(name, content.encode()).run()
    assert not app.exception
    return app


def _rows_are(app: Any) -> Any:
    return next(control for control in app.segmented_control if control.label == "These rows are")


def test_data_tells_what_rows_are_and_why(empty_store: str, started: list[dict[str, Any]]) -> None:
    app = _upload("orders.csv", "Order ID,Date,Email,Total\n1,2024-01-01,ann@shop.example,10\n2,2024-01-02,,5\n")
    assert _rows_are(app).value == "orders"
    said = shown_text(app)
    assert "Taken for orders: there are amounts in 'Total' and times in 'Date'" in said.replace("\\", "")
    assert [(box.label, box.value) for box in app.main.selectbox] == [("Currency of amounts that name none", "EUR")]
    assert "Amount paid, in all" in said


def test_data_makes_orders_of_rows_when_somebody_says_that_they_are(
    small_store: Engine, started: list[dict[str, Any]]
) -> None:
    app = _upload("bestellungen.csv", ORDERS)
    _rows_are(app).set_value("orders").run()
    editor = next(key for key in app.session_state if str(key).startswith("mapping_orders"))
    table = next(frame.value for frame in app.dataframe if "column" in frame.value)
    wanted = {"Amount paid, in all *": "Summe", "Id of the order": "Nr"}
    edits = {int(table.index[table["field"] == label][0]): {"column": column} for label, column in wanted.items()}
    app.session_state[editor] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    app.run()
    assert not app.exception
    assert not app.warning
    preview = next(frame.value for frame in app.dataframe if "Amount" in frame.value)
    assert preview.iloc[0]["Amount"] == "EUR 1,001.50"
    assert not [field for field in app.text_input if field.label in ("Brand", "Channel")]
    app.session_state[editor] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    next(button for button in app.main.button if button.label == "Import").click().run()
    (mapping,) = started[0]["options"]["saved_mappings"].values()
    assert {
        "kind": "orders",
        "amount": "Summe",
        "id": "Nr",
        "time": "Wann",
        "email": "Kunde",
    }.items() <= mapping.items()
    again = _upload("bestellungen.csv", ORDERS)
    assert _rows_are(again).value == "orders"
    assert "Taken for orders: that is saved for tables with this header." in shown_text(again)


def test_data_previews_times_in_the_zone_of_the_workspace(small_store: Engine, started: list[dict[str, Any]]) -> None:
    change_setting(small_store, key="time_zone", value="Asia/Tokyo", decided_by="Ana")
    app = _upload("posts.csv", "text,date\nHello to all of you out there,2024-01-01T20:00:00Z\n")
    preview = next(frame.value for frame in app.dataframe if "Written" in frame.value)
    assert preview["Written"].tolist() == ["2 Jan 2024, 05:00"]
    assert "times are in Asia/Tokyo" in shown_text(app)


def test_data_says_what_came_in_when_the_import_is_done(empty_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def import_at_once(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
        job_id = add_job(engine, kind, arguments)
        run_job(engine, job_id)
        return job_id

    monkeypatch.setattr("ui.uploads.start_job", import_at_once)
    app = _upload("posts.csv", "id,text,date,username\n1,Hello there,2024-01-01,ann\n2,Good bye,2024-01-02,ben\n")
    next(button for button in app.main.button if button.label == "Import").click().run()
    assert not app.exception
    assert app.success[0].value == "2 posts, 2 accounts, 1 channel added."
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert runs.iloc[0]["added"] == "2 posts, 2 accounts, 1 channel"


def test_ids_that_mean_something_else_here_are_asked_about_before_the_import(
    small_store: Engine, started: list[dict[str, Any]], tmp_path: Path
) -> None:
    rows = "".join(f"{n},Nice lamp {n},2024-01-0{n},ann\n" for n in range(1, 7))
    (tmp_path / "posts.csv").write_text(f"id,text,date,username\n{rows}")
    list(import_paths(small_store, [tmp_path / "posts.csv"], ImportOptions(), Silence()))
    other = rows.replace("Nice lamp", "Bad pump").replace("2024-01", "2024-02")
    app = _upload("posts.csv", f"id,text,date,username\n{other}")
    assert "6 ids of posts.csv are here already, from posts.csv" in app.warning[0].value.replace("\\", "")
    assert next(button for button in app.main.button if button.label == "Import").disabled
    control = next(control for control in app.segmented_control if control.label == "These are")
    assert control.options == ["Other posts: keep both", "The same posts, changed"]
    control.set_value("other").run()
    name = next(field for field in app.text_input if field.label == "Name of where they come from")
    assert name.value == "posts"
    name.set_value("pump shop").run()
    assert not app.exception
    next(button for button in app.main.button if button.label == "Import").click().run()
    (job,) = started
    assert job["options"]["sources"] == {job["paths"][0]: "pump shop"}
    assert ["source" in mapping for mapping in job["options"]["saved_mappings"].values()] == [False]


def test_answer_about_the_ids_of_one_file_is_kept_for_no_other(
    small_store: Engine, started: list[dict[str, Any]]
) -> None:
    rows = [f"{n % 10},Thing {n},2024-{1 + n // 10:02d}-01,ann\n" for n in range(20)]
    app = _upload("threads.csv", f"id,text,date,username\n{''.join(rows)}")
    control = next(control for control in app.segmented_control if control.label == "These are")
    control.set_value("other").run()
    next(button for button in app.main.button if button.label == "Import").click().run()
    assert not app.exception
    (job,) = started
    assert ["id" in mapping for mapping in job["options"]["saved_mappings"].values()] == [False]
    with reading(small_store) as session:
        kept = [value for key, value in list_setting_rows(session).items() if key.startswith("mapping:")]
    assert [(mapping["id"], "source" in mapping) for mapping in kept] == [("id", False)]


def test_rows_of_one_id_that_are_here_too_can_be_others_than_those(
    small_store: Engine, started: list[dict[str, Any]], tmp_path: Path
) -> None:
    rows = "".join(f"{n},Nice lamp {n},2024-01-0{n},ann\n" for n in range(1, 7))
    (tmp_path / "lamps.csv").write_text(f"id,text,date,username\n{rows}")
    list(import_paths(small_store, [tmp_path / "lamps.csv"], ImportOptions(), Silence()))
    pumps, cords = (
        rows.replace("Nice lamp", f"A {what}").replace("-01-", f"-{month}-")
        for what, month in (("pump", "02"), ("cord", "03"))
    )
    app = _upload("twice.csv", f"id,text,date,username\n{pumps}{cords}")
    assert "6 of these ids are here already as well, from lamps.csv" in app.warning[0].value.replace("\\", "")
    control = next(control for control in app.segmented_control if control.label == "These are")
    assert len(control.options) == 3
    control.set_value("changed").run()
    next(button for button in app.main.button if button.label == "Import").click().run()
    assert not app.exception
    (job,) = started
    assert job["options"]["sources"] == {job["paths"][0]: "twice"}


def _choose_newest_run(app: Any) -> None:
    runs = next(frame for frame in app.dataframe if "rows_read" in frame.value)
    app.session_state[runs.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.exception


def test_data_hands_out_refused_rows_to_mend(small_store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    good = "".join(f"{n},Hello there,2024-01-0{n},ann\n" for n in range(1, 7))
    path.write_text(f"id,text,date,username\n{good}7,Good bye,never,ben\n8,Who?,later,cy\n")
    (run,) = import_paths(small_store, [path], ImportOptions(), Silence())
    assert (run.added > 0, run.refused) == (True, 2)
    app = open_directly("data")
    _choose_newest_run(app)
    said = shown_text(app)
    assert "2 rows refused" in said
    assert "what is still wrong is refused again" in said
    assert "2 rows: ‘never’ cannot be read as a time" in said
    assert "Download to mend" in [button.label for button in app.get("download_button")]
    refused = next(frame.value for frame in app.dataframe if "reason" in frame.value)
    assert refused["line"].tolist() == [8, 9]


def test_data_says_why_a_file_did_not_come_in_whenever_somebody_looks(small_store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("id,text,date\n1,Hello there,03/04/2024\n")
    list(import_paths(small_store, [path], ImportOptions(), Silence()))
    app = open_directly("data")
    _choose_newest_run(app)
    assert ["can be read with the day or the month first" in warning.value for warning in app.warning] == [True]
    assert "Nothing of that file was refused." not in shown_text(app)
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert (runs["status"].iloc[0], runs["added"].iloc[0]) == ("failed", "nothing")


def test_chosen_import_is_no_other_when_another_comes_and_what_was_cancelled_is_gone(small_store: Engine) -> None:
    run = bring(small_store, [post("one", 0), Refusal(1, "is odd", "a")], "first")
    app = open_directly("data")
    _choose_newest_run(app)
    assert "1 row refused" in shown_text(app)
    bring(small_store, [post("two", 0)], "second")
    with writing(small_store) as session:
        session.get_one(ImportRun, run.run_id).status = JobStatus.CANCELLED
    app.run()
    assert not app.exception
    assert "Choose a row to see what it refused" in shown_text(app)
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert runs["added"].tolist()[:2] == ["1 post", "all taken back"]


def test_data_says_that_a_file_beyond_its_kept_rows_has_more(small_store: Engine, monkeypatch: Any) -> None:
    monkeypatch.setattr("jobs.importing.KEPT_REFUSALS", 1)
    bring(small_store, [post("later", 0), Refusal(1, "is odd", "a"), Refusal(2, "is odd", "b")], "odd")
    app = open_directly("data")
    _choose_newest_run(app)
    assert "1 more were refused and not kept" in shown_text(app)


def test_data_offers_to_go_on_with_an_import_that_was_killed(
    small_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[str, dict[str, Any]]] = []

    def start(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
        begun.append((kind, arguments))
        return 0

    monkeypatch.setattr("ui.progress.start_job", start)
    path = tmp_path / "posts.csv"
    path.write_text("id,text,date\n1,Hello there,2024-01-01\n")
    arguments = {"paths": [str(path)], "options": {"brand": "Ours"}}
    job_id = add_job(small_store, "import", arguments)
    with writing(small_store, counts=False) as session:
        job = session.get_one(Job, job_id)
        job.status, job.pid = JobStatus.RUNNING, 2**22 + 1  # no process has such a number
    app = open_directly("data")
    assert "Stopped before it was done" in shown_text(app)
    next(button for button in app.button if button.label == "Go on").click().run()
    assert begun == [("import", arguments)]

    path.unlink()
    app = open_directly("data")
    assert "Go on" not in shown_text(app)
    assert "drop it again" in shown_text(app)


def test_data_draws_what_came_in_anew_when_all_is_in(empty_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_store(empty_store)
    job_id = add_job(engine, "import", {"paths": [], "options": {}})
    drawn: list[int | None] = []
    show = ui.progress._show_job

    def say(step: str) -> None:
        with writing(engine, counts=False) as session:
            job = session.get_one(Job, job_id)
            job.status, job.pid, job.step = JobStatus.RUNNING, os.getpid(), step

    def show_later(here: Here, drawn_all_in: int | None) -> None:
        if not drawn:  # the rest comes in after the page was begun
            bring(engine, [post("first", 0)], "first")
            say(f"{ALL_IN}Who moves the community")
        drawn.append(drawn_all_in)
        show(here, drawn_all_in)

    monkeypatch.setattr("ui.progress._show_job", show_later)
    say("Copying first")
    app = open_directly("data")
    assert not app.exception
    assert drawn == [None, job_id]
    said = shown_text(app)
    assert "All is in. Who moves the community" in said
    assert "Nothing was brought in yet" not in said
    assert "No source has posts yet" not in said
    assert next(frame.value for frame in app.dataframe if "rows_read" in frame.value)["name"].tolist() == ["first"]


def test_data_imports_the_files_that_are_ready_when_others_are_not_recognised(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = open_directly("data")
    posts = "id,text,date,username\n1,Hello there,2024-01-01,ann\n2,Good bye,2024-01-02,ben\n"
    app.file_uploader[0].set_value([("posts.csv", posts.encode(), "text/csv"), ("odd.csv", ODD.encode(), "text/csv")])
    app.run()
    assert not app.exception
    assert next(button for button in app.main.button if button.label == "Import").disabled
    assert "settle what is open above, or skip it, or import what is ready" in shown_text(app)
    next(button for button in app.main.button if button.label == "Import the one that is ready").click().run()
    assert not app.exception
    assert [[Path(path).name for path in job["paths"]] for job in started] == [["posts.csv"]]


def test_data_leaves_out_a_file_that_somebody_skips_and_takes_it_in_again(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = open_directly("data")
    posts = "id,text,date,username\n1,Hello there,2024-01-01,ann\n2,Good bye,2024-01-02,ben\n"
    app.file_uploader[0].set_value([("posts.csv", posts.encode(), "text/csv"), ("odd.csv", ODD.encode(), "text/csv")])
    app.run()
    button_named(app, "Skip this file", place=1).click().run()
    assert "odd.csv · 808 B · skipped" in shown_text(app)
    assert not button_named(app, "Import").disabled
    button_named(app, "Take it in again").click().run()
    assert button_named(app, "Import").disabled
    button_named(app, "Skip this file", place=1).click().run()
    button_named(app, "Import").click().run()
    assert not app.exception
    assert [[Path(path).name for path in job["paths"]] for job in started] == [["posts.csv"]]


def button_named(app: Any, label: str, place: int = 0) -> Any:
    return [button for button in app.main.button if button.label == label][place]


def test_data_says_that_nothing_tells_what_rows_are(empty_store: str, started: list[dict[str, Any]]) -> None:
    app = open_directly("data")
    app.file_uploader[0].upload("odd.csv", b"Colour,Size\nred,3\nblue,4\n").run()
    assert "Nothing in the file tells what its rows are: choose it here." in shown_text(app)
    app.file_uploader[0].upload("posts.csv", b"text,date\nHi there,2024-01-01\nBye,2024-01-02\n").run()
    assert "Taken for posts: there are texts in 'text'" in shown_text(app).replace("\\", "")


def test_every_page_shows_how_far_an_import_of_somebody_else_is(small_store: Engine) -> None:
    job_id = add_job(small_store, "import", {"paths": [], "options": {}})
    with writing(small_store, counts=False) as session:
        job = session.get_one(Job, job_id)
        job.status, job.pid, job.step = JobStatus.RUNNING, os.getpid(), "Copying posts.csv"
        job.done, job.total = 500, 2000
        job.result = {"unit": "rows", "rate": 250.0, "seconds_left": 6.0}
    assert "Importing: Copying posts\\.csv, 25 %" in shown_text(open_directly("engagement"))
    data = open_directly("data")
    assert "Copying posts.csv" in shown_text(data)
    assert data.get("progress")[0].proto.text == "500 of 2,000 rows · 250 a second · 6 s left"
    assert "as it was when the page was opened" in shown_text(data)
    assert not data.button(key="look_again").click().run().exception
    next(button for button in data.button if button.label == "Cancel").click().run()
    assert "Stopping, and taking back what came in" in shown_text(data)
    assert data.get("progress")[0].proto.text == "500 of 2,000 rows"


def test_what_is_decided_stands_so_bringing_numbers_to_it_cannot_be_cancelled(small_store: Engine) -> None:
    job_id = add_job(small_store, "settle", {})
    with writing(small_store, counts=False) as session:
        job = session.get_one(Job, job_id)
        job.status, job.pid, job.step = JobStatus.RUNNING, os.getpid(), "People and what they bought"
    said = shown_text(open_directly("engagement"))
    assert "Bringing the numbers to what was decided: People and what they bought. Numbers may change" in said
    assert "Cancel" not in [button.label for button in open_directly("data").button]


def test_data_offers_the_names_of_files_as_a_column_where_several_are_dropped(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = open_directly("data")
    assert not app.exception
    files = [(f"{name}.csv", ODD.encode(), "text/csv") for name in ("general", "support")]
    app.file_uploader[0].set_value(files).run()
    assert not app.exception
    assert "@file: the file's name without its ending, here general" in shown_text(app).replace("\\", "")
    editor = next(key for key in app.session_state if str(key).startswith("mapping_") and "general" in str(key))
    table = next(frame.value for frame in app.dataframe if "column" in frame.value)
    rows = {field: int(table.index[table["field"] == field][0]) for field in ("Text *", "Channel, page or forum")}
    edits = {rows["Text *"]: {"column": "Spruch"}, rows["Channel, page or forum"]: {"column": "@file"}}
    app.session_state[editor] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    app.run()
    assert not app.exception
    preview = next(frame.value for frame in app.dataframe if "Written" in frame.value)
    assert set(preview["Channel"]) == {"general"}


def test_data_says_what_else_is_in_a_zip(empty_store: str, started: list[dict[str, Any]]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "text,date\nhello,2024-03-01\n")
        archive.writestr("dates.csv", "text,date\nhello,03/04/2024\n")
        archive.writestr("orders.csv", "Order ID,Date,Email,Total\n1,2024-01-02,a@b.example,7.00\n")
    app = open_directly("data")
    app.file_uploader[0].upload("export.zip", packed.getvalue()).run()
    assert not app.exception
    assert "Beside it come in: export.zip/orders.csv (orders)." in shown_text(app).replace("\\", "")
    assert any("drop that file by itself" in warning.value for warning in app.warning)


def test_data_says_that_not_all_of_a_zip_was_looked_at(empty_store: str, started: list[dict[str, Any]]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "text,date\nhello,2024-03-01\n")
        for n in range(11):
            archive.writestr(f"dates {n:02d}.csv", f"text,date,column {n}\nhello,03/04/2024,x\n")
    app = open_directly("data")
    app.file_uploader[0].upload("export.zip", packed.getvalue()).run()
    assert not app.exception
    assert "Beside it are the files below, and more, not looked at." in shown_text(app)


def test_data_lists_only_imports_with_refused_rows_when_asked(
    small_store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "half.csv"
    path.write_text("id,text,date,username\n1,Hello there,2024-01-01,ann\n2,Good bye,never,ben\n")
    (run,) = import_paths(small_store, [path], ImportOptions(), Silence())
    assert run.refused == 1
    bring(small_store, [post("later", 0)], "small")
    monkeypatch.setattr("ui.import_tables.MOST_RUNS", 2)
    app = open_directly("data")
    _choose_newest_run(app)
    assert "Nothing of that file was refused." in shown_text(app)
    assert "The newest 2. Older imports stay in the store, but are not listed." in shown_text(app)
    next(box for box in app.checkbox if box.key == "runs_amiss").check().run()
    assert not app.exception
    runs = next(frame.value for frame in app.dataframe if "rows_read" in frame.value)
    assert runs["name"].str.endswith("half.csv").tolist() == [True]
    said = shown_text(app)
    assert "Older imports" not in said
    assert "Choose a row to see" in said  # the row that was chosen is not among these
