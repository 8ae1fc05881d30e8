"""What is said of a file before it is imported: what is in it, that it is cut off, that it holds nothing."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from data_access.importers import ImportOptions, MappingPreview, preview_mapping
from data_access.importers.reading import json_records

MESSAGES = [
    {"type": "message", "user": f"U{n}", "text": f"Hello there {n}", "ts": f"17000000{n:02d}.0"} for n in range(30)
]


def look(path: Path, content: object) -> MappingPreview:
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return preview_mapping(path, ImportOptions())


def test_file_says_what_is_in_it(tmp_path):
    shown = look(tmp_path / "general.json", MESSAGES)
    assert (shown.format, len(shown.records)) == ("slack", 20)
    assert (shown.counts["post"], shown.is_whole, shown.breaks_off) == (30, True, None)


def test_file_without_facts_says_why(tmp_path):
    shown = look(tmp_path / "left.json", [message | {"subtype": "channel_leave"} for message in MESSAGES[:2]])
    assert (shown.format, shown.is_whole, dict(shown.counts)) == ("slack", True, {})
    assert list(shown.passed_over.values()) == [2]
    assert not shown.is_lost


@pytest.mark.parametrize("is_packed", [False, True])
def test_json_that_is_cut_off_behind_what_is_shown_says_so_before(tmp_path, is_packed):
    cut = json.dumps(MESSAGES).encode()[:-30]
    shown = look(tmp_path / "general.json", gzip.compress(cut) if is_packed else cut)
    assert shown.breaks_off == "it ends in the middle"
    assert (shown.counts["post"], shown.is_lost) == (29, False)


def test_json_too_large_to_look_through_is_told_by_its_last_sign(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "_LOOKED_THROUGH_BYTES", 100)
    whole = json.dumps(MESSAGES).encode()
    assert look(tmp_path / "whole.json", whole + b"\n").breaks_off is None
    assert look(tmp_path / "cut.json", whole[:-1]).breaks_off == "it ends in the middle"


def test_what_a_strict_parser_does_not_take_is_not_cut_off(tmp_path):
    loose = json.dumps([*MESSAGES, MESSAGES[0] | {"score": float("nan")}]).encode()
    assert look(tmp_path / "loose.json", loose).breaks_off is None


def test_json_whose_first_record_is_cut_off_is_lost(tmp_path):
    issue = {
        "number": 7, "id": 9, "title": "A lamp", "html_url": "https://github.com/o/r/issues/7",
        "comments_url": "https://api.github.com/repos/o/r/issues/7/comments", "comments": 0,
        "user": {"login": "ann", "id": 1}, "created_at": "2026-03-01T10:00:00Z", "body": "It flickers " * 20,
    }  # fmt: skip
    assert look(tmp_path / "whole", issue).counts["post"] == 1
    shown = look(tmp_path / "cut", json.dumps(issue).encode()[:-60])
    assert (shown.format, shown.is_lost) == ("github", True)


def test_json_cut_off_in_its_first_record_says_to_export_it_again(tmp_path):
    shown = look(tmp_path / "odd.json", b'[{"words": "some')
    assert shown.problem == (
        "is JSON that cannot be read from its first record on: it ends in the middle. Download or export it again."
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": {"message": "No permission.", "errors": [{"message": "No permission."}]}}, "No permission"),
        ({"ok": False, "error": "channel_not_found"}, "channel_not_found"),
        ({"message": "Rate limit", "documentation_url": "https://api.example/limits"}, "Rate limit"),
    ],
)
def test_answer_of_an_api_that_failed_is_not_asked_about_as_posts(tmp_path, answer, said):
    shown = look(tmp_path / "answer.json", answer)
    assert (shown.format, shown.columns) == (None, ())
    assert shown.problem.startswith(f"holds no data but what went wrong where it was fetched: {said}. ")


def test_one_object_is_no_table_that_only_lacks_columns(tmp_path):
    shown = look(tmp_path / "one.json", {"title": "A lamp", "text": "Hello there", "created_at": "2026-03-01"})
    assert (shown.format, shown.columns) == (None, ())
    assert shown.problem.startswith("is one JSON object and no list of posts. Drop the whole of the export")


def test_table_without_rows_has_no_columns_to_choose(tmp_path):
    shown = look(tmp_path / "empty.csv", b"id,name\n")
    assert (shown.columns, shown.problem) == ((), "holds a header and no rows. There is nothing to import.")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"README.md": b"# Read me\n"}, "holds only texts or pictures for people, or empty files."),
        (
            {"a.bin": b"\x00\x01", "b.bin": b"\x00\x02"},
            "holds nothing that can be imported: all.zip/a.bin holds nothing",
        ),
        ({}, "holds no files."),
    ],
)
def test_zip_of_which_nothing_can_be_imported_says_why(tmp_path, members, said):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.mkdir("in")
        for name, content in members.items():
            packed.writestr(name, content)
    assert preview_mapping(tmp_path / "all.zip", ImportOptions()).problem.startswith(said)


def test_zip_of_a_part_alone_says_of_which_export_it_is(tmp_path):
    users = [{"id": "U1", "name": "ann", "profile": {"display_name": "Ann"}, "updated": 1700000000}]
    with zipfile.ZipFile(tmp_path / "users.zip", "w") as packed:
        packed.writestr("users.json", json.dumps(users))
    shown = preview_mapping(tmp_path / "users.zip", ImportOptions())
    assert "users.json is a part of an export of several files (Slack export): its people." in shown.part


def test_question_of_a_form_about_recommending_is_an_answer_of_a_survey(tmp_path):
    asked = "Timestamp,How likely are you to recommend us?,Email\n2026-01-01 10:00,9,a@x.example\n"
    shown = look(tmp_path / "form.csv", asked.encode())
    assert (shown.kind, shown.mapping["nps"]) == ("feedback", "How likely are you to recommend us?")


def test_of_many_refused_rows_the_first_are_kept(tmp_path):
    rows = "".join(f"{n},{'2026-01-01' if n < 150 else 'some day'},Hello there {n}\n" for n in range(250))
    shown = look(tmp_path / "posts.csv", f"id,created_at,text\n{rows}".encode())
    assert (len(shown.refusals), shown.refusals[0].line, shown.counts["post"]) == (50, 152, 150)
