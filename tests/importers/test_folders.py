"""Folders of many files, each named after its thread or channel, come in through a mapping and without code."""

import datetime as dt
import json
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from data_access.importers import ImportOptions, UnknownFormat, find_inputs, preview_mapping

LINES = r"pattern=^(?P<time>\S+) <(?P<author_handle>[^>]+)> (?P<text>.*)$".partition("=")[2]


def test_three_thousand_small_tables_are_one_input_read_once(tmp_path, importing):
    for number in range(3_000):
        folder = tmp_path / f"part{number % 3}"
        folder.mkdir(exist_ok=True)
        name = f".thread-{number}.tsv" if number % 10 == 0 else f"thread-{number}.tsv"
        written = f"2024-03-01T10:00:00Z\tann\t\tHello, all of you, here, in number {number}"
        answer = f"\n2024-03-01T10:05:00Z\tbob\tann\tHello ann, in number {number}\n"
        (folder / name).write_text(written + (answer if number % 2 else ""))
    mapping = {"time": "column_1", "author_handle": "column_2", "text": "column_4", "channel": "@folder"}
    imported = importing(tmp_path, mapping=mapping | {"title": "@file"})
    assert [found.name for found in imported.inputs] == [f"{tmp_path.name} (3,000 files)"]
    assert len(imported.posts) == 4_500
    assert imported.refusals == []
    assert {post.title for post in imported.posts if post.channel == "part0"} >= {".thread-0", "thread-3"}
    assert imported.inputs[0].bytes_read == imported.inputs[0].size_bytes


def test_files_of_one_shape_are_one_input_beside_others_and_say_which_file_a_row_was_refused_in(tmp_path, importing):
    threads = tmp_path / "threads"
    threads.mkdir()
    for number in range(30):
        rows = (
            f"1,hello from {number},0{number % 9 + 1}/04/2024\n2,what a day,{'soon' if number == 7 else '03/04/2024'}\n"
        )
        (threads / f"t{number:02}.csv").write_text("no,text,date\n" + rows)
    (threads / "t29.csv").write_text("no,text,date\n1,the one that tells,25/04/2024\n")
    (tmp_path / "other.csv").write_text("when,words\n2024-05-01,of another shape\n")
    imported = importing(tmp_path, mapping={"id": "@file + no"})
    assert [found.name for found in imported.inputs] == [f"{tmp_path.name}/threads (30 files)"]
    assert [post.native_id for post in imported.posts][:2] == ["t00/1", "t00/2"]
    assert {post.channel for post in imported.posts} == {f"t{number:02}" for number in range(30)}
    assert {post.occurred_at.month for post in imported.posts} == {4}
    assert [refusal.reason for refusal in imported.refusals] == [
        "threads/t07.csv: 'soon' cannot be read as a time (column date)"
    ]
    assert [missed.name for missed in imported.unrecognised] == [f"{tmp_path.name}/other.csv"]
    alone = importing(tmp_path / "other.csv", mapping={"text": "words", "time": "when", "channel": "@folder"})
    assert alone.posts[0].channel == tmp_path.name


def test_many_json_files_of_one_post_each_are_one_input(tmp_path, importing):
    for number in range(40):
        post = {"body": f"hello from {number}", "created": "2024-03-01T10:00:00Z"}
        more = {"likes": number} if number % 3 == 0 else {}
        (tmp_path / f"{number}.json").write_text(json.dumps(post | more))
    imported = importing(tmp_path, mapping={"id": "@file"})
    assert len(imported.inputs) == 1
    assert {post.native_id: post.likes for post in imported.posts} == {
        str(number): number if number % 3 == 0 else None for number in range(40)
    }


def test_many_files_of_one_record_each_are_read_in_the_format_that_knows_them(tmp_path, importing):
    author = {"id": 7, "username": "ann", "name": "Ann"}
    for number in range(30):
        post = {
            "id": number,
            "topic_id": 5,
            "topic_slug": "lamps",
            "post_number": number,
            "cooked": f"<p>hi {number}</p>",
        }
        more = {"created_at": "2024-03-01T10:00:00Z", "user_id": 7, "username": "ann", "actions_summary": []}
        (tmp_path / f"{number}.json").write_text(json.dumps(post | more))
        liked = {"body": f"liked {number}", "created_at": "2024-03-01T10:00:00Z", "username": "bob", "user": author}
        (tmp_path / f"other {number}.json").write_text(json.dumps(liked))
    imported = importing(tmp_path)
    assert Counter(found.format for found in imported.inputs) == {"discourse": 30, "table": 1}
    assert {post.text for post in imported.posts if post.network == "discourse"} == {f"hi {n}" for n in range(30)}


def test_no_file_of_many_is_left_out_when_two_have_the_same_name_as_text(tmp_path, importing):
    names = [*(f"{number}.json" for number in range(30)), "Rück.json", os.fsdecode(b"R\xfcck.json")]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(json.dumps({"text": f"hi {number}", "date": "2024-03-01T10:00:00Z"}))
    assert {post.text for post in importing(tmp_path).posts} == {f"hi {number}" for number in range(32)}


def test_many_tables_whose_dates_have_two_readings_are_asked_about_once(tmp_path, importing):
    for number in range(30):
        (tmp_path / f"t{number}.csv").write_text("text,date\nhello there,03/04/2024\n")
    imported = importing(tmp_path)
    assert imported.inputs == []
    assert len(imported.unrecognised) == 1
    assert "--map date_order=day" in imported.unrecognised[0].reason
    assert preview_mapping(tmp_path, ImportOptions()).ambiguous_dates.example == "03/04/2024"
    preview = preview_mapping(tmp_path, ImportOptions(mapping={"date_order": "day"}))
    assert (preview.mapping["channel"], len(preview.records)) == ("@file", 20)


def test_threads_keep_what_was_said_alike_in_each_and_files_that_overlap_are_not_told_twice(tmp_path, importing):
    for number in range(30):
        rows = "2024-03-01 10:00,bob,thanks\n" * (2 if number == 7 else 1)
        (tmp_path / f"t{number}.csv").write_text("date,username,text\n" + rows)
    threads = importing(tmp_path).posts
    assert len({post.native_id for post in threads}) == len(threads) == 31
    assert [post.native_id for post in importing(tmp_path).posts] == [post.native_id for post in threads]
    overlapping = importing(tmp_path, mapping={"channel": "=general"}).posts
    assert len({post.native_id for post in overlapping}) == 2


def test_fingerprint_of_many_follows_their_names_and_contents(tmp_path):
    for number in range(30):
        (tmp_path / f"t{number}.csv").write_text(f"text,date\nhello {number},2024-03-01\n")

    def fingerprint():
        [found] = find_inputs([tmp_path], ImportOptions())
        return found.fingerprint

    first = fingerprint()
    assert fingerprint() == first
    (tmp_path / "t1.csv").rename(tmp_path / "t99.csv")
    assert fingerprint() != first


def test_zip_of_many_tables_is_one_input(tmp_path, importing):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for number in range(500):
            archive.writestr(f"rooms/{number % 5}/{number}.csv", f"text,date\nhello {number},2024-03-01\n")
    imported = importing(tmp_path / "export.zip", mapping={"channel": "@folder + @file"})
    assert [found.name for found in imported.inputs] == ["export.zip/rooms (500 files)"]
    assert {post.channel for post in imported.posts} == {f"{number % 5}/{number}" for number in range(500)}


def test_lines_of_text_come_in_by_a_pattern(tmp_path, importing):
    chat = tmp_path / "#general.log"
    chat.write_bytes(
        "2024-03-01T10:00:00 <ann> schöne Grüße\n\n*** bob joined\n2024-03-01T10:01:00 <bob> hi\n".encode()
    )
    imported = importing(chat, mapping={"pattern": LINES, "channel": "@file"})
    assert [(post.author, post.text, post.channel) for post in imported.posts] == [
        ("@ann", "schöne Grüße", "#general"),
        ("@bob", "hi", "#general"),
    ]
    assert imported.posts[0].occurred_at == dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC)
    assert [(refusal.line, refusal.reason, refusal.raw) for refusal in imported.refusals] == [
        (3, "does not match the pattern", "*** bob joined")
    ]
    assert imported.inputs[0].rows_skipped == {"blank row": 1}
    other = importing(chat, mapping={"pattern": LINES.replace("?P<", "?<"), "channel": "@file"})
    assert other.posts == imported.posts
    assert other.inputs[0].fingerprint != imported.inputs[0].fingerprint


@pytest.mark.parametrize(("pattern", "problem"), [("(", "the pattern cannot be read"), (".*", "no named groups")])
def test_pattern_is_refused_with_an_example_when_it_cannot_be_used(tmp_path, importing, pattern, problem):
    (tmp_path / "a.log").write_text("2024-03-01 hello\n")
    with pytest.raises(UnknownFormat, match=problem) as caught:
        importing(tmp_path / "a.log", mapping={"pattern": pattern})
    assert "(?P<time>" in caught.value.advice


def test_time_is_joined_of_name_and_column(tmp_path, importing):
    path = tmp_path / "2024-03-01.csv"
    path.write_text("clock,text\n10:05,hello to you\n")
    imported = importing(path, mapping={"time": "@file + clock", "text": "text"})
    assert imported.posts[0].occurred_at == dt.datetime(2024, 3, 1, 10, 5, tzinfo=dt.UTC)
    with pytest.raises(UnknownFormat, match="The file itself gives @file, @folder, @path"):
        importing(path, mapping={"time": "@name", "text": "text"})


def test_pipe_says_what_to_do(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "posts.csv")
    with pytest.raises(UnknownFormat, match="Save what it gives as a file first"):
        list(find_inputs([tmp_path / "posts.csv"], ImportOptions()))
