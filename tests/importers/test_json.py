"""JSON as programs write it, and as it breaks."""

import io
import json

import ijson
import pytest

from data_access.importers.reading.content import Content
from data_access.importers.reading.json_records import read_items
from data_access.importers.reading.json_text import DEEPEST, TooDeep, open_sound


@pytest.fixture
def reading(tmp_path, importing):
    def read(data, name="export.json"):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return importing(tmp_path / name)

    return read


def rows_of(count, text="hello there"):
    return [{"id": n, "date": "2024-03-01", "text": text} for n in range(1, count + 1)]


class Blocks(io.BytesIO):
    """A stream that gives out a few bytes at a time."""

    def __init__(self, data, size):
        super().__init__(data)
        self.size = size

    def read1(self, _length=-1):
        return super().read1(self.size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_document_is_made_sound_wherever_its_blocks_are_cut(size):
    data = (
        b'\xef\xbb\xbf{"a\tb": [NaN, -Infinity, Infinity, 1],\r\n\t"NaN": "NaN \\"[{\tInfinity\\\\",'
        b' "c": "\\\\\\"\x01\n", "d": "gr\xc3\xbc\xc3\x9fe, gr\xfc", "e": true,'
        b' "f": [9223372036854775807, 9223372036854775808, -12345678901234567890, 0.12345678901234567890,'
        b' "12345678901234567890"]}'
    )
    assert json.loads(open_sound(Blocks(data, size)).read()) == {
        "a\tb": [None, None, None, 1],
        "NaN": 'NaN "[{\tInfinity\\',
        "c": '\\"\x01\n',
        "d": "grüße, grü",
        "e": True,
        "f": [
            9223372036854775807,
            "9223372036854775808",
            "-12345678901234567890",
            0.12345678901234567890,
            "12345678901234567890",
        ],
    }


@pytest.mark.parametrize("damage", ["NaN", '"a\tb"', '"a\nb"', "-Infinity"])
def test_list_gives_all_records_when_one_holds_what_is_no_json(reading, damage):
    text = json.dumps(rows_of(3_000)).replace('"id": 4,', f'"id": 4, "score": {damage},')
    imported = reading(text)
    assert (len(imported.posts), imported.refusals) == (3_000, [])


@pytest.mark.parametrize("lines", [False, True])
def test_id_keeps_every_digit_when_it_is_a_number_beyond_64_bits(reading, lines):
    ids = (1234567890123456789, 9223372036854775807, 9223372036854775808, 109876543210987654321)
    rows = [{"id": number, "date": "2024-03-01", "text": "a long id"} for number in ids]
    imported = reading("\n".join(map(json.dumps, rows)) if lines else json.dumps(rows))
    assert [post.native_id for post in imported.posts] == [str(number) for number in ids]
    assert imported.refusals == []


def test_list_is_not_read_on_and_says_so_when_it_breaks(reading):
    text = json.dumps(rows_of(3_000)).replace('"id": 4,', '"id": 4, oops,')
    imported = reading(text)
    assert len(imported.posts) == 3
    assert imported.refusals[-1].line == 4
    assert "breaks off after 3 records" in imported.refusals[-1].reason
    assert "The rest of the file was not read: export it again" in imported.refusals[-1].reason


@pytest.mark.parametrize("lines", [False, True])
def test_json_gives_all_records_when_one_word_is_in_another_encoding(reading, lines):
    rows = [json.dumps(row, ensure_ascii=False).encode() for row in rows_of(200, "grüße an alle")]
    rows[0] = rows[0].replace("ü".encode(), b"\xfc")
    imported = reading(b"\n".join(rows) if lines else b"[" + b",".join(rows) + b"]")
    assert [post.text for post in imported.posts] == ["grüße an alle"] * 200


@pytest.mark.parametrize("lines", [False, True])
def test_json_is_decoded_when_its_first_letter_beyond_ascii_is_far_in(reading, lines):
    rows = [
        json.dumps(row).encode() for row in [*rows_of(300, "some words " * 400), {**rows_of(1, "caf!")[0], "id": 301}]
    ]
    rows[-1] = rows[-1].replace(b"caf!", b"caf\xe9")
    imported = reading(b"\n".join(rows) if lines else b"[" + b",".join(rows) + b"]")
    assert (len(imported.posts), imported.refusals, imported.posts[-1].text) == (301, [], "café")


def test_list_breaks_off_soon_and_clearly_when_it_is_nested_very_deeply(reading):
    deep = "[" * 100_000 + "]" * 100_000
    text = json.dumps(rows_of(2)).replace('"id": 2', f'"x": {deep}, "id": 2')
    imported = reading(text)
    assert [post.native_id for post in imported.posts] == ["1"]
    assert "nested deeper than 1,000 levels" in imported.refusals[-1].reason
    assert open_sound(io.BytesIO(text.encode())).read(1_000_000).count(b"[") <= DEEPEST + 1  # nobody sees the rest


def test_depth_is_counted_outside_of_strings_only():
    record = {"text": "[{" * 5_000, "x": json.loads("[" * 900 + "]" * 900)}
    data = json.dumps([record] * 30).encode()
    content = Content("a.json", len(data), lambda: io.BytesIO(data))
    assert [isinstance(item, tuple) for item in read_items(content, "item")] == [True] * 30
    with pytest.raises(TooDeep):
        open_sound(io.BytesIO(b"[" * (DEEPEST + 1))).read()
    assert len(list(ijson.basic_parse(open_sound(io.BytesIO(b"[" * DEEPEST + b"]" * DEEPEST))))) == 2 * DEEPEST


def test_records_are_read_when_the_last_of_two_lines_is_cut_off(reading):
    first, second = (json.dumps(row) for row in rows_of(2))
    imported = reading(f"{first}\n{second[:-9]}")
    assert [post.native_id for post in imported.posts] == ["1"]
    assert [refusal.line for refusal in imported.refusals] == [2]


def test_records_are_read_when_they_are_joined(reading):
    joined = reading("".join(json.dumps(row) for row in rows_of(3)))
    assert [post.native_id for post in joined.posts] == ["1", "2", "3"]
    pages = reading("".join(json.dumps([row]) for row in rows_of(3)))
    assert [post.native_id for post in pages.posts] == ["1", "2", "3"]


@pytest.mark.parametrize("is_lines", [False, True])
def test_one_record_is_refused_and_kept_when_it_holds_a_number_larger_than_any(reading, is_lines):
    rows = [json.dumps({**row, "likes": 7}) for row in rows_of(20)]
    rows[1] = rows[1].replace("7}", "1e999}")
    rows[2] = rows[2].replace("7}", '123456789012345678901234567890, "ratio": -1.5E+4000}')
    found = reading("\n".join(rows) if is_lines else f"[{', '.join(rows)}]")
    assert [post.native_id for post in found.posts] == ["1", *map(str, range(4, 21))]
    assert [(refusal.line, refusal.reason) for refusal in found.refusals] == [
        (2, "'1e999' is no whole number (column likes)"),
        (3, "123456789012345678901234567890 is too large a number"),
    ]
    assert [json.loads(refusal.raw)["id"] for refusal in found.refusals] == [2, 3]
