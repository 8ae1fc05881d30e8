"""Files as people have them: old encodings, odd line ends, broken ends, bombs. Nothing is lost, and messages say what
to do."""

import datetime as dt
import gzip
import io
import json
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from data_access.importers import ImportOptions, UnknownFormat, find_inputs
from data_access.importers.reading import content, spreadsheet, text_lines, tree
from data_access.importers.reading.encodings import detect_encoding

HEADER = "id,text,date,likes\n"
ROW = "1,hello there,2024-03-01,3\n"


@pytest.fixture
def reading(tmp_path, importing):
    def read(data, name="export.csv", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return importing(path, **options)

    return read


OLD_TEXTS = [
    ("Das Gerät läuft über Nacht, schöne Grüße", "cp1252"),
    ("kostet 5 €, „gut“ – sagt er", "cp1252"),
    ("Déjà vu où ça, à bientôt", "latin-1"),
    ("mañana será otro día ¿no?", "latin-1"),
    ("Zażółć gęślą jaźń i łódź, proszę", "cp1250"),
    ("Zażółć gęślą jaźń i łódź, proszę", "iso8859_2"),
    ("Привет, как дела? всё хорошо", "cp1251"),
    ("Привет, как дела? всё хорошо", "koi8_r"),
    ("İyi günler, şimdi çalışıyor mu?", "cp1254"),
    ("こんにちは世界。これはテストです", "shift_jis"),
    ("日本語の文章を書きます、よろしく", "euc_jp"),
    ("今天天气很好，这是一个测试", "gb18030"),
    ("größer & 日本", "utf-8"),
    ("größer & 日本", "utf-8-sig"),
    ("größer & 日本", "utf-16"),
    ("größer and more of it", "utf-16-le"),
    ("größer and more of it", "utf-16-be"),
]


@pytest.mark.parametrize(("text", "encoding"), OLD_TEXTS)
def test_text_is_kept_when_its_file_is_in_any_encoding(reading, text, encoding):
    table = f'id,text,date\r\n1,"{text}",2024-03-01\r\n'
    assert [post.text for post in reading(table.encode(encoding)).posts] == [text]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_json_is_read_when_it_is_not_in_utf8(reading, encoding):
    rows = [{"text": "Grüße aus Köln, schöne Größe", "date": "2024-03-01"}] * 2
    document = json.dumps(rows, ensure_ascii=False).encode(encoding)
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(encoding)
    assert [post.text for post in reading(document).posts] == [rows[0]["text"]] * 2
    assert [post.text for post in reading(lines).posts] == [rows[0]["text"]] * 2


def test_encoding_follows_the_first_letters_beyond_ascii_when_they_stand_late(reading):
    plain = "".join(f"{n},some plain words and more,2024-03-01,1\n" for n in range(30_000))
    late = "x,schöne Grüße,2024-03-01,1\ny,größer,2024-03-01,1\n".encode("cp1252")
    imported = reading((HEADER + plain).encode() + late)
    assert [post.text for post in imported.posts[-2:]] == ["schöne Grüße", "größer"]
    assert imported.refusals == []


def test_binary_file_is_no_text_in_utf16():
    assert detect_encoding(bytes(range(256)) * 4) not in ("utf-16-le", "utf-16-be")


def test_nul_bytes_that_a_crash_left_cost_nothing(reading):
    imported = reading(HEADER.encode() + b"1,he\x00llo there,2024-03-01,3\n2,and on,2024-03-01,1\n" + b"\x00" * 4_000)
    assert [(post.text, post.likes) for post in imported.posts] == [("hello there", 3), ("and on", 1)]


def test_letters_that_only_look_like_line_ends_stay_in_the_text(reading):
    texts = ["a\x0cb \u2028c \x85d", "two\nlines", "a\rb"]
    rows = "".join(f'{n},"{text}",2024-03-01,1\r\n' for n, text in enumerate(texts))
    imported = reading(HEADER.replace("\n", "\r\n") + rows)
    assert [post.text for post in imported.posts] == ["a\x0cb \u2028c \x85d", "two\nlines", "a\nb"]


def test_ragged_rows_are_read_when_cells_are_missing_and_refused_when_there_are_too_many(reading):
    rows = "1,only a text,2024-03-01\n2,blank cells more,2024-03-01,1,,\n3,a,2024-03-01,1,b\n4,whole,2024-03-01,2\n"
    imported = reading(HEADER + rows)
    assert [(post.native_id, post.likes) for post in imported.posts] == [("1", None), ("2", 1), ("4", 2)]
    assert [(refusal.line, refusal.raw) for refusal in imported.refusals] == [(4, "3,a,2024-03-01,1,b")]
    assert "needs quotation marks" in imported.refusals[0].reason


@pytest.mark.parametrize("end", ["2,half a ro", '2,2024-03-02,"half a te'])
def test_last_row_is_refused_with_what_to_do_when_the_file_is_cut_off(reading, end):
    header = "id,date,text\n" if '"' in end else HEADER
    first = '1,2024-03-01,"hello there"\n' if '"' in end else ROW
    imported = reading(header + first + end)
    assert [post.text for post in imported.posts] == ["hello there"]
    assert [(refusal.line, refusal.raw) for refusal in imported.refusals] == [(3, end)]
    assert "Export it again, or complete the row" in imported.refusals[0].reason


@pytest.mark.parametrize(("end", "comes_in"), [("2024-03-1", False), ("2024-03-12", False), ("2024-03-12T09:30", True)])
def test_last_row_is_refused_when_the_file_is_cut_off_within_its_time(reading, end, comes_in):
    imported = reading(f"id,text,date\n1,hello there,2024-03-01T10:00\n2,half a row,{end}")
    assert [post.native_id for post in imported.posts] == ["1", *(["2"] if comes_in else [])]
    assert [refusal.line for refusal in imported.refusals] == ([] if comes_in else [3])


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("2024-03-01 10:00:00.123456", "2024-03-01 11:00:00"),
        ("2024-03-01 10:00:00.123456", "2024-03-01 11:00:00.5"),
        ("10.0.0.12", "10.0.0.1"),
        ("1.2.34", "1.2.3"),
        ("2024-03-01T10:00", '"2024-03-01"'),
    ],
)
def test_last_row_comes_in_when_its_last_cell_is_whole_but_shorter_than_the_one_above(reading, before, end):
    imported = reading(f"id,text,date,last\n1,hello there,2024-03-01,{before}\n2,a whole row,2024-03-01,{end}")
    assert [post.native_id for post in imported.posts] == ["1", "2"]


def test_last_row_comes_in_when_its_time_is_a_day_and_its_line_ends(reading):
    imported = reading("id,text,date\n1,hello there,2024-03-01T10:00\n2,a whole row,2024-03-12\n")
    assert [post.native_id for post in imported.posts] == ["1", "2"]


def test_row_with_too_long_a_cell_is_to_be_shortened_in_its_file(reading):
    imported = reading(f"{HEADER}{ROW}2,{'very long ' * 110_000},2024-03-02\n")
    assert "shorten it in the original file" in imported.refusals[0].reason


def test_header_is_found_when_names_repeat_are_missing_or_stand_below_titles(reading):
    doubled = reading("id,text,text,,date\n1,hello,world,x,2024-03-01\n", mapping={"text": "text_2"})
    assert [post.text for post in doubled.posts] == ["world"]
    titled = reading("Posts of our page\n\nid,text,date\n1,a thing,2024-03-01\n2,b thing,2024-03-02\n")
    assert [(post.native_id, post.text) for post in titled.posts] == [("1", "a thing"), ("2", "b thing")]
    named = reading("sep=;\r\nid;text;date\r\n1;a, b, c and d;2024-03-01\r\n2;never;soon\r\n")
    assert [post.text for post in named.posts] == ["a, b, c and d"]
    assert named.refusals[0].line == 4
    spaced = reading(",,\n,,\nid,text,date\n1,a thing,2024-03-01\n")
    assert [post.native_id for post in spaced.posts] == ["1"]


def test_first_row_is_data_when_it_holds_a_time(reading):
    rows = "2024-03-01T10:00:00.000Z\tann\thello all\n2024-03-01T10:01:00.000Z\tbob\thello ann\n"
    imported = reading(rows, mapping={"text": "column_3"})
    assert [post.text for post in imported.posts] == ["hello all", "hello ann"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (HEADER, "holds a header and no rows"),
        ("", "is empty"),
        (gzip.compress(gzip.compress(ROW.encode(), mtime=0), mtime=0), "packed twice"),
    ],
    ids=["header only", "empty", "packed twice"],
)
def test_file_without_rows_is_said_to_be_so(reading, data, message):
    with pytest.raises(UnknownFormat, match=message):
        reading(data)


@pytest.mark.parametrize("written", ["1.2E+17", "1,2E+17", "1.2E17", "5.70055E+17"])
def test_id_that_lost_digits_is_refused_with_what_to_do_and_one_with_a_zero_is_read(reading, written):
    imported = reading(
        f'id,text,date,in_reply_to\n3.0,hello,2024-03-01,\n"{written}",lost,2024-03-01,3.0\n4,on,2024-03-01,3.0\n'
    )
    assert [(post.native_id, post.parent) for post in imported.posts] == [("3", None), ("4", "3")]
    assert [refusal.line for refusal in imported.refusals] == [3]
    assert "export it again with ids as text" in imported.refusals[0].reason


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-03-01T10:00:00", "2024-03-01T09:00:00"),
        ("2024-07-01T10:00:00", "2024-07-01T08:00:00"),
        ("2024-03-01T10:00:00Z", "2024-03-01T10:00:00"),
        ("2024-03-01 10:00:00 -0500", "2024-03-01T15:00:00"),
        ("1709287200", "2024-03-01T10:00:00"),
        ("1709287200000", "2024-03-01T10:00:00"),
        ("1709287200000000", "2024-03-01T10:00:00"),
        ("1709287200000000000", "2024-03-01T10:00:00"),
        ("45352.4166666667", "2024-03-01T09:00:00"),
        ("45352", "2024-02-29T23:00:00"),
        ("25/12/2024 10:00", "2024-12-25T09:00:00"),
        ("1.3.2024 10:00", "2024-03-01T09:00:00"),
    ],
)
def test_time_is_read_with_and_without_a_zone(reading, written, read):
    imported = reading(f"id,text,date\n1,hello there,{written}\n", time_zone="Europe/Berlin")
    assert imported.posts[0].occurred_at == dt.datetime.fromisoformat(read).replace(tzinfo=dt.UTC)


def test_views_in_the_tens_of_thousands_are_no_days_of_a_spreadsheet(reading):
    with pytest.raises(UnknownFormat, match="Written at"):
        reading("text,total\nthe first of some texts,45352\nand the second of the texts,45360\n")


def test_counts_have_thousands_and_amounts_a_decimal_comma(reading):
    posts = reading(HEADER + '1,a,2024-03-01,"1,234"\n2,b,2024-03-01,1.234\n3,c,2024-03-01,12.0\n4,d,2024-03-01,1.5\n')
    assert [post.likes for post in posts.posts] == [1234, 1234, 12]
    assert "no whole number" in posts.refusals[0].reason
    orders = reading("id;amount;time;currency\n1;1.234,50;2024-03-01;EUR\n2;7,5;2024-03-01;EUR\n")
    assert [order.amount_minor for order in orders.orders] == [123450, 750]


def test_json_says_where_it_breaks_and_a_bad_line_costs_itself(reading):
    row = json.dumps({"text": "hello there", "date": "2024-03-01"})
    trailing = reading(f"[{row}] and more")
    assert len(trailing.posts) == 1
    assert trailing.refusals[0].reason == (
        "the JSON breaks off after 1 record: lexical error: invalid char in json text. "
        "The rest of the file was not read: export it again, or mend it there, and import it once more"
    )
    assert "breaks off after 1 record" in reading(f"[{row}, {row[:-9]}").refusals[0].reason
    lines = reading("\n".join(["{bad", row, row, row.replace('"2024-03-01"', '"2024-03-01", "likes": NaN'), "", "[1]"]))
    assert len(lines.posts) == 3
    assert [refusal.line for refusal in lines.refusals] == [1, 6]
    with pytest.raises(UnknownFormat, match="cannot be read from its first record on"):
        reading('[{"text": "hello there", "date": "2024-03-01", "likes": !}]')


def test_million_blank_rows_are_passed_over_in_a_second(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + ROW + ",,,\n" * 1_000_000 + '2,"of two\nlines",2024-03-01,\n3,at,never,\n')
    began = time.process_time()
    imported = importing(path)
    assert time.process_time() - began < 10  # alone it takes 0.3
    assert [post.text for post in imported.posts] == ["hello there", "of two\nlines"]
    assert imported.inputs[0].rows_skipped == {"blank row": 1_000_000}
    assert [refusal.line for refusal in imported.refusals] == [1_000_005]


def test_line_without_end_costs_itself_and_little_memory(tmp_path, importing, monkeypatch):
    monkeypatch.setattr(text_lines, "LONGEST_LINE", 1 << 20)
    path = tmp_path / "export.csv"
    path.write_text(HEADER + ROW + "2," + "x" * 30_000_000 + f",2024-03-01,1\n3,{'y ' * 600_000},2024-03-01,1\n{ROW}")
    tracemalloc.start()
    imported = importing(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(imported.posts) == 2
    assert [refusal.line for refusal in imported.refusals] == [3, 4]
    assert "no newline ends it" in imported.refusals[0].reason
    assert peak < 25_000_000


def pack(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_zip_is_read_in_its_place_when_names_lead_out_of_it(tmp_path, importing):
    pack(
        tmp_path / "export.zip", {"../../evil.csv": HEADER + ROW, "/etc/x.csv": HEADER + ROW, "in\\b.csv": HEADER + ROW}
    )
    imported = importing(tmp_path / "export.zip")
    names = ["export.zip/evil.csv", "export.zip/etc/x.csv", "export.zip/in/b.csv"]
    assert [found.name for found in imported.inputs] == names
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_bombs_are_refused_in_little_memory_with_what_to_do(tmp_path, importing, monkeypatch):
    monkeypatch.setattr(content, "SUSPECT_BYTES", 900_000)
    monkeypatch.setattr(spreadsheet, "_KEPT_SUSPECT_BYTES", 300_000)
    blank = ",,,\n" * 150_000
    pack(tmp_path / "many.zip", {f"{n}.csv": HEADER + ROW + blank for n in range(4)})
    (tmp_path / "one.csv.gz").write_bytes(gzip.compress((HEADER + ROW + blank * 4).encode()))
    workbook = openpyxl.Workbook(write_only=True)
    workbook.create_sheet("posts").append(["id", "text"])
    kept = io.BytesIO()
    workbook.save(kept)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 50_000)
    (tmp_path / "book.xlsx").write_bytes(kept.getvalue())
    tracemalloc.start()
    imported = importing(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    reasons = {missed.name.partition("/")[2]: missed.reason for missed in imported.unrecognised}
    assert reasons.keys() == {"book.xlsx", "many.zip/1.csv", "many.zip/2.csv", "many.zip/3.csv"}
    assert all("Unpack it yourself if you trust it" in reason for reason in reasons.values())
    assert [refusal.reason.partition(":")[0] for refusal in imported.refusals] == ["the file breaks off here"]
    assert len(imported.posts) == 2
    assert peak < 20_000_000


def test_zip_that_lists_too_many_files_is_refused(tmp_path, monkeypatch):
    pack(tmp_path / "export.zip", {f"{n}.csv": ROW for n in range(50)})
    monkeypatch.setattr(tree, "_LONGEST_LIST_BYTES", 1_000)
    with pytest.raises(UnknownFormat, match="import the folder"):
        list(find_inputs([tmp_path / "export.zip"], ImportOptions()))


def test_workbook_gives_its_rows_when_days_are_numbers_and_rows_are_empty(tmp_path, importing):
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("posts")
    for row in (["id", "text", "date"], [3.0, "hello there", 45352.5], *[[None] * 3] * 2_000, ["4", "on", 45353]):
        sheet.append(row)
    workbook.save(tmp_path / "export.xlsx")
    imported = importing(tmp_path / "export.xlsx")
    assert [(post.native_id, post.occurred_at.isoformat()) for post in imported.posts] == [
        ("3", "2024-03-01T12:00:00+00:00"),
        ("4", "2024-03-02T00:00:00+00:00"),
    ]


@pytest.mark.realdata
def test_real_ratings_keep_their_quotation_marks(real_data, importing):
    files = [path for path in sorted((real_data / "vader_ground_truth").iterdir()) if path.suffix == ".txt"]
    mapping = {"id": "column_1", "text": "column_3", "time": "=2014-06-01"}
    path = next(path for path in files if path.read_bytes().count(b'"') > 100)
    imported = importing(path, mapping=mapping)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(imported.posts) == len(lines)
    assert sum(post.text.count('"') for post in imported.posts) == sum(
        line.split("\t")[2].strip().replace("&quot;", '"').count('"') for line in lines
    )
    assert imported.refusals == []
