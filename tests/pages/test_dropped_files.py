"""Files that somebody drops: what is said of each before the import."""

import json
from pathlib import Path
from typing import Any

import pytest

from data_access.importers import ImportOptions, Input, UnrecognisedInput, find_inputs
from data_access.models.derived import Job, JobStatus
from data_access.records import PostRecord
from tests.pages.conftest import open_directly, shown_text
from tests.pages.test_data import button_named, started
from ui.dropped import drop_imported

__all__ = ["started"]
MESSAGES = [{"type": "message", "user": "U1", "text": f"Hello {n}", "ts": f"17000000{n:02d}.0"} for n in range(30)]


def drop(*files: tuple[str, bytes]) -> Any:
    app = open_directly("data")
    app.file_uploader[0].set_value([(name, content, "") for name, content in files])
    app.run()
    assert not app.exception
    return app


def test_file_that_is_cut_off_says_so_and_brings_what_stands_before(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = drop(("general.json", json.dumps(MESSAGES).encode()[:-30]))
    (warning,) = app.warning
    assert warning.value == (
        "This file cannot be read to its end: it ends in the middle. "
        "What stands before that comes in; for the whole, export it again."
    )
    assert "In it: 29 posts, 1 account, 1 channel." in shown_text(app)
    assert not button_named(app, "Import").disabled


def test_file_of_which_nothing_can_be_read_is_not_ready(empty_store: str, started: list[dict[str, Any]]) -> None:
    app = drop(("general.json", json.dumps(MESSAGES[:1]).encode()[:-2]))
    assert "Nothing of it can be read; for the whole, export it again." in app.warning[0].value
    assert button_named(app, "Import").disabled


def test_file_of_a_known_kind_without_facts_says_why(empty_store: str, started: list[dict[str, Any]]) -> None:
    left = [message | {"subtype": "channel_leave"} for message in MESSAGES[:2]]
    app = drop(("general.json", json.dumps(left).encode()))
    assert app.info[0].value.startswith("Nothing comes of this file by itself: 2 ×")


CHAT = b"03/04/24, 21:05 - Ann: Is it on?\n05/06/24, 21:05 - Bob: It is\n"
DATES = "Text;Date;Author\n" + "".join(f"I love the lamp number {n};0{n}/04/2026 10:00;ann\n" for n in range(1, 9))


def orders_of_dates(app: Any) -> list[Any]:
    return [control for control in app.segmented_control if "which day is" in control.label]


@pytest.mark.parametrize(
    "files",
    [
        (("WhatsApp Chat with Lamp club.txt", CHAT), ("WhatsApp Chat with Ann.txt", CHAT.replace(b"on", b"off"))),
        (("a.csv", DATES.encode()), ("b.csv", DATES.replace("lamp", "shade").encode())),
    ],
)
def test_order_of_day_and_month_is_asked_once_for_files_of_one_program(
    empty_store: str, started: list[dict[str, Any]], files: tuple[tuple[str, bytes], ...]
) -> None:
    app = drop(*files)
    (first,) = orders_of_dates(app)
    assert f"What you say of {files[0][0]} above holds for this file too." in shown_text(app).replace("\\", "")
    first.set_value("month").run()
    assert [order.value for order in orders_of_dates(app)] == ["month", "month"]
    button_named(app, "Import").click().run()
    assert not app.exception
    (job,) = started
    assert {mapping["date_order"] for mapping in job["options"]["saved_mappings"].values()} == {"month"}


def test_file_can_be_read_otherwise_than_the_one_above(empty_store: str, started: list[dict[str, Any]]) -> None:
    app = drop(("WhatsApp Chat with Lamp club.txt", CHAT), ("WhatsApp Chat with Ann.txt", CHAT))
    orders_of_dates(app)[0].set_value("month").run()
    orders_of_dates(app)[1].set_value("day").run()
    button_named(app, "Import").click().run()
    assert [mapping["date_order"] for mapping in started[0]["options"]["saved_mappings"].values()] == ["month", "day"]


PIPELINE = (
    b"opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    b"A1,Ann,LampPro,Acme,Won,2026-01-01,2026-02-01,500\n"
)
PRODUCTS = b"product,series,sales_price\nLamp Pro,Lamp,500\n"


def test_part_of_an_export_is_not_asked_about_as_posts_unless_somebody_says_that_it_is_none(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = drop(("products.csv", PRODUCTS))
    assert app.warning[0].value.startswith("This file is a part of an export of several files")
    assert not app.segmented_control
    assert button_named(app, "Import").disabled
    app.toggle[0].set_value(True).run()
    assert [control.label for control in app.segmented_control] == ["These rows are"]


def test_files_of_one_export_are_imported_as_one_folder(
    empty_store: str, started: list[dict[str, Any]], tmp_path: Path
) -> None:
    app = drop(("pipeline.csv", PIPELINE), ("products.csv", PRODUCTS))
    assert "2 files that are one export: pipeline.csv, products.csv" in shown_text(app)
    assert "In it: 1 deal." in shown_text(app)
    assert not app.checkbox  # of columns there is nothing to keep
    button_named(app, "Import").click().run()
    assert not app.exception
    (name,) = started[0]["paths"]
    assert (Path(name).name, sorted(path.name for path in Path(name).iterdir())) == (
        "Sales pipeline with accounts and products, 2 files",
        ["pipeline.csv", "products.csv"],
    )
    assert len(list(tmp_path.rglob("products.csv"))) == 1
    drop_imported([Job(kind="import", status=JobStatus.DONE, arguments=started[0])])
    assert not list(tmp_path.rglob("p*.csv"))


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("pipeline.csv", PIPELINE, "USD 500.00"),
        ("orders.csv", b"Order ID,Date,Email,Total\n1,2024-01-01,ann@shop.example,10\n2,2024-01-02,,5\n", "USD 10.00"),
    ],
)
def test_currency_is_asked_for_where_the_file_names_none(
    empty_store: str, started: list[dict[str, Any]], name: str, content: bytes, shown: str
) -> None:
    app = drop((name, content))
    (currency,) = [box for box in app.main.selectbox if box.label == "Currency of amounts that name none"]
    assert currency.value == "EUR"
    currency.set_value("USD").run()
    preview = next(frame.value for frame in app.dataframe if "Amount" in frame.value)
    assert preview.iloc[0]["Amount"] == shown
    button_named(app, "Import").click().run()
    assert not app.exception
    (job,) = started
    assert job["options"]["currencies"] == {job["paths"][0]: "USD"}


def test_files_of_the_same_columns_are_read_each_as_it_was_said(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = drop(("a.csv", DATES.encode()), ("b.csv", DATES.replace("lamp", "shade").encode()))
    orders_of_dates(app)[0].set_value("month").run()
    orders_of_dates(app)[1].set_value("day").run()
    button_named(app, "Import").click().run()
    options = ImportOptions(**started[0]["options"])
    orders = [
        {
            post.occurred_at.month
            for found in find_inputs([path], options.of_path(str(path)))
            for post in posts_of(found)
        }
        for path in map(Path, started[0]["paths"])
    ]
    assert orders == [set(range(1, 9)), {4}]


def posts_of(found: Input | UnrecognisedInput) -> list[PostRecord]:
    assert isinstance(found, Input)
    return [record for record in found.read() if isinstance(record, PostRecord)]


def test_import_that_starts_says_where_its_progress_stands(empty_store: str, started: list[dict[str, Any]]) -> None:
    app = drop(("pipeline.csv", PIPELINE))
    button_named(app, "Import").click().run()
    assert [toast.value for toast in app.toast] == ["Importing 1 file: how far it is stands at the top."]


def test_first_rows_of_many_files_are_shown_where_somebody_opens_them(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = drop(*[(f"channel{n}.json", json.dumps(MESSAGES[n:]).encode()) for n in range(8)])
    assert shown_text(app).count("In it: ") == 8
    assert not [frame for frame in app.dataframe if "Text" in frame.value]
    assert not button_named(app, "Import").disabled


def test_what_is_read_as_something_else_is_said_before_the_import(
    empty_store: str, started: list[dict[str, Any]]
) -> None:
    app = drop(("2026-03-01.json", json.dumps(MESSAGES).encode()))
    assert "Nothing names the channel, which is called after the day" in shown_text(app)
