"""From files, folders and zips to inputs."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from data_access.importers import FORMATS, ImportOptions, UnknownFormat, find_inputs
from data_access.importers.reading import content

TABLE = "text,date\nhello to you,2024-03-01\n"


def pack(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_inputs_are_found_sorted_when_path_is_a_folder(tmp_path, importing):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.csv").write_text(TABLE)
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / ".hidden.csv").write_text(TABLE)
    (tmp_path / ".profile").write_text("no table, and hidden")
    (tmp_path / "~$a.csv").write_text(TABLE)
    (tmp_path / "notes.bin").write_bytes(b"\x00\x01\x02")
    pack(tmp_path / "c.zip", {"three.csv": TABLE})
    imported = importing(tmp_path)
    folder = tmp_path.name
    names = [f"{folder}/.hidden.csv", f"{folder}/a.csv", f"{folder}/b/two.csv", f"{folder}/c.zip/three.csv"]
    assert [found.name for found in imported.inputs] == names
    assert [missed.name for missed in imported.unrecognised] == [f"{folder}/notes.bin"]
    assert len(imported.posts) == 4


def test_inputs_leave_out_what_systems_add_when_path_is_a_zip(tmp_path, importing):
    pack(tmp_path / "export.zip", {"in/a.csv": TABLE, "__MACOSX/in/._a.csv": "x", "in/.DS_Store": "x"})
    imported = importing(tmp_path / "export.zip")
    assert [found.name for found in imported.inputs] == ["export.zip/in/a.csv"]
    assert imported.unrecognised == []


def test_zip_inside_a_zip_is_named_when_found(tmp_path, importing):
    inner = io.BytesIO()
    pack(inner, {"a.csv": TABLE})
    pack(tmp_path / "outer.zip", {"inner.zip": inner.getvalue(), "b.csv": TABLE})
    imported = importing(tmp_path / "outer.zip")
    assert [found.name for found in imported.inputs] == ["outer.zip/b.csv"]
    assert "is a zip inside a zip" in imported.unrecognised[0].reason


def test_zip_bomb_is_not_unpacked_when_it_grows_too_much(tmp_path, importing, monkeypatch):
    monkeypatch.setattr(content, "SUSPECT_BYTES", 1_000_000)
    pack(tmp_path / "bomb.zip", {"bomb.csv": "text,date\n" + "," * 2_000_000, "a.csv": TABLE})
    imported = importing(tmp_path / "bomb.zip")
    assert [found.name for found in imported.inputs] == ["bomb.zip/a.csv"]
    assert "a zip bomb is not unpacked" in imported.unrecognised[0].reason
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"text,date\n" + b"," * 2_000_000))
    with pytest.raises(UnknownFormat, match=r"a zip bomb is not unpacked\. Unpack it yourself"):
        importing(tmp_path / "bomb.csv.gz")


def test_damaged_zip_is_unknown_when_it_cannot_be_opened(tmp_path):
    pack(tmp_path / "export.zip", {"a.csv": TABLE * 100})
    packed = (tmp_path / "export.zip").read_bytes()
    (tmp_path / "export.zip").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(UnknownFormat, match="is a damaged zip"):
        list(find_inputs([tmp_path / "export.zip"], ImportOptions()))


def test_zip_member_that_is_damaged_costs_itself_only(tmp_path, importing):
    rows = "".join(f"hello number {n},2024-03-01\n" for n in range(5_000))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("a.csv", "text,date\n" + rows)
        archive.writestr("b.csv", TABLE)
    packed = (tmp_path / "export.zip").read_bytes()
    (tmp_path / "export.zip").write_bytes(packed.replace(b"number 4000,", b"number 4OOO,"))
    imported = importing(tmp_path / "export.zip")
    assert "the file breaks off here" in imported.refusals[-1].reason
    assert imported.posts[-1].text == "hello to you"


@pytest.mark.parametrize(
    "data", [b"", b"\n \n", b"\x89PNG\r\n\x1a\n\x00\x00", b"just one line of prose", b"[]", b"{}", b"[1, 2]"]
)
def test_file_is_unknown_when_it_holds_no_records(tmp_path, data):
    (tmp_path / "file.csv").write_bytes(data)
    with pytest.raises(UnknownFormat) as caught:
        list(find_inputs([tmp_path / "file.csv"], ImportOptions()))
    assert caught.value.file == "file.csv"
    is_empty = data.strip() in (b"", b"[]", b"{}")
    assert ("nothing to import" if is_empty else "--format") in caught.value.advice


def test_web_page_is_told_from_a_table_when_it_holds_commas(tmp_path):
    file = tmp_path / "page.csv"
    file.write_text("<!DOCTYPE html>\n<html><head><title>Posts, newest first</title></head>\n<p>One, two</p></html>\n")
    with pytest.raises(UnknownFormat, match=r"is a web page, not data\. Export the same as CSV or JSON"):
        list(find_inputs([file], ImportOptions()))


def test_table_says_what_is_wrong_with_its_first_row_when_none_can_be_read(tmp_path):
    (tmp_path / "file.csv").write_text("text,date\nhello, my dear,friend,2024-03-01\n")
    with pytest.raises(UnknownFormat, match="holds no row that can be read; the first has 4 cells, the header names 2"):
        list(find_inputs([tmp_path / "file.csv"], ImportOptions()))


def test_path_is_missing_when_it_does_not_exist(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such file or folder"):
        list(find_inputs([tmp_path / "nothing"], ImportOptions()))


def test_format_is_forced_when_named(tmp_path, importing):
    path = tmp_path / "tweets.csv"
    path.write_text(
        "tweet_id,airline,name,text,tweet_created\n7,Blue Wings,ann,late again today,2015-02-24 11:35:52 -0800\n"
    )
    assert importing(path).format == "airline_tweets"
    assert importing(path, format="table").format == "table"
    with pytest.raises(UnknownFormat, match="There are: access_log, "):
        importing(path, format="fax")


def test_formats_are_told_apart_when_listed():
    names = [known.name for known in FORMATS]
    assert len(set(names)) == len(names)
    assert names[-1] == "table"
    assert {"mastodon", "discourse", "slack", "reddit", "airline_tweets", "support_tweets"} <= set(names)
    assert all(known.label and known.description for known in FORMATS)


def test_inputs_count_the_same_when_read_twice(tmp_path):
    (tmp_path / "a.csv").write_text(TABLE)
    found = next(iter(find_inputs([tmp_path / "a.csv"], ImportOptions())))
    first = list(found.read())
    assert list(found.read()) == first
    assert found.rows_read == 1


def test_zip_gives_all_its_files_when_two_have_one_path(tmp_path, importing):
    names = ("dup.csv", "due.csv", "in/a.csv", "in\\a.csv", "/in/a.csv")
    pack(tmp_path / "export.zip", {name: f"text,date\nfile {n},2024-03-01\n" for n, name in enumerate(names)})
    packed = (tmp_path / "export.zip").read_bytes()
    (tmp_path / "export.zip").write_bytes(packed.replace(b"due.csv", b"dup.csv"))
    imported = importing(tmp_path / "export.zip")
    assert sorted(post.text for post in imported.posts) == [f"file {number}" for number in range(5)]
    assert {found.name.removeprefix("export.zip/") for found in imported.inputs} == {
        *("dup.csv", "dup (2).csv", "in/a.csv", "in/a (2).csv", "in/a (3).csv")
    }


def test_gzip_that_is_cut_off_gives_the_rows_that_can_be_read(tmp_path, importing):
    rows = "".join(f"hello number {n},2024-03-01\n" for n in range(2_000))
    packed = gzip.compress(b"text,date\n" + rows.encode())
    (tmp_path / "export.csv.gz").write_bytes(packed[:-400])
    imported = importing(tmp_path / "export.csv.gz")
    assert len(imported.posts) > 1_000
    assert [refusal.reason.partition(":")[0] for refusal in imported.refusals] == ["the file breaks off here"]


def test_gzip_that_is_cut_off_in_its_head_is_called_broken(tmp_path):
    (tmp_path / "export.csv.gz").write_bytes(gzip.compress(b"text,date\nhello there,2024-03-01\n")[:25])
    with pytest.raises(UnknownFormat, match="is broken"):
        list(find_inputs([tmp_path / "export.csv.gz"], ImportOptions()))


@pytest.mark.parametrize("packing", ["bzip2", "xz", "tar"])
def test_file_in_another_packing_says_which_and_to_unpack_it(tmp_path, importing, packing):
    rows = b"id,text,date\n1,hello there,2024-03-01\n"
    path = tmp_path / "rows.packed"
    if packing == "tar":
        (tmp_path / "rows.csv").write_bytes(rows)
        with tarfile.open(path, "w:gz") as archive:
            archive.add(tmp_path / "rows.csv", "rows.csv")
    else:
        path.write_bytes({"bzip2": bz2, "xz": lzma}[packing].compress(rows))
    with pytest.raises(UnknownFormat, match=f"is packed with {packing}. Unpack it"):
        importing(path)
