"""Files that somebody drops: what is said of each before the import."""

import json
from typing import Any

from tests.pages.conftest import open_directly, shown_text
from tests.pages.test_data import button_named, started

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
