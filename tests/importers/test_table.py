"""Tables of any kind become posts."""

import csv
import datetime as dt
import gzip
import io
import json
import tracemalloc

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.importers import ImportOptions, UnknownFormat, find_inputs

HEADER = ["Post ID", "User", "Created At", "Message", "Likes", "In Reply To"]
ROWS = [
    ["p1", "ann", "2024-03-01 10:00:00", "The lamp broke &amp; nobody answers, @Helpdesk!", "1,204", ""],
    ["p2", "helpdesk", "2024-03-01 11:00:00+01:00", "Sorry to hear that, Ann.\nPlease write to us.", "3", "p1"],
]
MARCH_FIRST = dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC)


def as_csv(rows, delimiter=",", newline="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue()


def check_the_two_posts(imported):
    first, second = imported.posts
    assert not imported.refusals
    assert (first.native_id, first.author, first.occurred_at, first.likes) == ("p1", "@ann", MARCH_FIRST, 1204)
    assert first.text == "The lamp broke & nobody answers, @Helpdesk!"
    assert first.mentions == ("@helpdesk",)
    assert (first.kind, first.network, first.source) == ("post", "import", "file")
    assert (second.kind, second.parent, second.occurred_at) == ("reply", "p1", MARCH_FIRST)
    assert second.text == "Sorry to hear that, Ann.\nPlease write to us."
    assert imported.identity("@ann").handle == "ann"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_table_gives_posts_when_delimiter_and_encoding_are_not_named(tmp_path, importing, delimiter, encoding):
    path = tmp_path / "export.dat"
    path.write_bytes(as_csv([HEADER, *ROWS], delimiter).encode(encoding))
    check_the_two_posts(importing(path))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_table_gives_posts_when_lines_end_in_any_way(tmp_path, importing, newline):
    path = tmp_path / "export.csv"
    path.write_bytes(as_csv([HEADER, *ROWS], newline=newline).encode())
    check_the_two_posts(importing(path))


def test_table_keeps_letters_when_encoding_is_an_old_one(tmp_path, importing):
    texts = ["Der Kühlschrank läuft über, schöne Grüße", "Größer wäre besser für große Küchen", "Müller hört öfter zu"]
    rows = [["text", "date"], *[[text, f"2024-03-0{day}"] for day, text in enumerate(texts, start=1)]]
    path = tmp_path / "export.csv"
    path.write_bytes(as_csv(rows).encode("cp1252"))
    assert [post.text for post in importing(path).posts] == texts


def test_table_gives_posts_when_it_is_a_workbook(tmp_path, importing):
    book = openpyxl.Workbook()
    for row in [[], HEADER, ["p1", "ann", MARCH_FIRST.replace(tzinfo=None), ROWS[0][3], 1204, None], ROWS[1]]:
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    check_the_two_posts(importing(tmp_path / "export.xlsx"))


def test_table_gives_posts_when_it_is_parquet(tmp_path, importing):
    columns = dict(zip(HEADER, zip(*ROWS, strict=True), strict=True))
    columns["Likes"] = [1204.0, 3.0]
    columns["In Reply To"] = [None, "p1"]
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), tmp_path / "export.parquet")
    check_the_two_posts(importing(tmp_path / "export.parquet"))


def test_table_gives_posts_when_it_is_json_of_any_shape(tmp_path, importing):
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    nested = [{**row, "user": {"screen_name": row["User"]}} for row in rows]
    for row in nested:
        del row["User"]
    for name, text in {
        "list.json": json.dumps(rows),
        "inside.json": json.dumps({"ok": True, "data": {"posts": rows, "users": []}}),
        "nested.json": json.dumps(nested),
        "lines.ndjson": "\n".join(map(json.dumps, rows)),
    }.items():
        (tmp_path / name).write_text(text)
        check_the_two_posts(importing(tmp_path / name))


def test_table_gives_posts_when_it_is_gzipped(tmp_path, importing):
    path = tmp_path / "export.csv.gz"
    path.write_bytes(gzip.compress(as_csv([HEADER, *ROWS]).encode()))
    imported = importing(path)
    check_the_two_posts(imported)
    assert imported.inputs[0].bytes_read == imported.inputs[0].size_bytes == path.stat().st_size


def test_table_counts_rows_bytes_and_blank_rows_when_read(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text(as_csv([HEADER, ROWS[0], [""] * 6, [""] * 6, ROWS[1]]))
    found = importing(path).inputs[0]
    assert (found.rows_read, found.bytes_read, dict(found.rows_skipped)) == (2, path.stat().st_size, {"blank row": 2})


def test_table_refuses_row_with_line_and_reason_when_row_is_bad(tmp_path, importing):
    rows = [
        HEADER,
        ROWS[0],
        ["p3", "bob", "not a time", "hello", "1", ""],
        ROWS[1],
        ["p4", "bob", "2024-03-01", "hello", "many", ""],
        ["1.2E+17", "bob", "2024-03-01", "hello", "1", ""],
        ["p5", "bob", "2024-03-01", "hello", "1", "", "and", "more"],
    ]
    path = tmp_path / "export.csv"
    path.write_text(as_csv(rows))
    imported = importing(path)
    assert len(imported.posts) == 2
    assert [refusal.line for refusal in imported.refusals] == [3, 6, 7, 8]
    reasons = [refusal.reason for refusal in imported.refusals]
    assert reasons[0] == "'not a time' cannot be read as a time (column Created At)"
    assert reasons[1] == "'many' is no whole number (column Likes)"
    assert "rounded by a spreadsheet" in reasons[2]
    assert reasons[2].endswith("choose no column for this id")
    assert "has 8 cells, the header names 6" in reasons[3]
    assert "bob" in (imported.refusals[0].raw or "")


def test_table_refuses_one_row_when_its_bytes_are_damaged(tmp_path, importing):
    lines = [b"text,date", "schön,2024-03-01".encode(), b"br\xfcken,2024-03-02", "große Ähren,2024-03-03".encode()] * 2
    path = tmp_path / "export.csv"
    path.write_bytes(b"\n".join([lines[0], *[lines[1]] * 9, lines[2], lines[3]]))
    imported = importing(path)
    assert len(imported.posts) == 10
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(11, "holds bytes that are not utf-8")]


def test_table_refuses_one_row_when_its_quotation_mark_is_not_closed(tmp_path, importing):
    lines = ["id,text,date", '1,"sound, and\nof two lines",2024-03-01', '2,"never closed,2024-03-02']
    lines += [f'{n},"fine, number {n}",2024-03-03' for n in range(3, 8)]
    lines += ['8,"open at the end,2024-03-03', "9,no quotes any more,2024-03-03"]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines) + "\n")
    imported = importing(path)
    assert [post.native_id for post in imported.posts] == ["1", "3", "4", "5", "6", "7", "9"]
    assert imported.posts[1].text == "fine, number 3"
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (4, "has a quotation mark that is not closed"),
        (10, "has a quotation mark that is not closed"),
    ]
    assert imported.inputs[0].rows_read == 9


def test_table_caps_raw_when_refused_row_is_long(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text(as_csv([HEADER, ROWS[0], ["p3", "bob", "never", "long " * 30_000, "1", ""]]))
    assert len(importing(path).refusals[0].raw) == 100_000


def test_table_keeps_quotes_when_they_are_data(tmp_path, importing):
    path = tmp_path / "ratings.txt"
    path.write_bytes(b'1\t2.5\t"Great" is what they said today\r\n2\t-1.0\tSo "bad"\r\n3\t0.5\t"No end\r\n')
    mapping = {"id": "column_1", "text": "column_3", "time": "=2014-06-01"}
    imported = importing(path, mapping=mapping)
    assert [post.text for post in imported.posts] == ['"Great" is what they said today', 'So "bad"', '"No end']
    assert [post.native_id for post in imported.posts] == ["1", "2", "3"]


def test_table_joins_columns_when_mapping_names_several(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text("head,words,when\nOne,two three,2024-03-01\n,four,2024-03-02\n")
    imported = importing(
        path, mapping={"text": "head + words", "time": "when", "network": "=forum", "source": "=example.org"}
    )
    assert [post.text for post in imported.posts] == ["One\n\ntwo three", "four"]
    assert {(post.network, post.source) for post in imported.posts} == {("forum", "example.org")}


def test_table_is_unknown_when_text_and_time_cannot_be_told(tmp_path):
    path = tmp_path / "stock.csv"
    path.write_text("sku,amount\na1,5\nb2,6\n")
    with pytest.raises(UnknownFormat) as caught:
        list(find_inputs([path], ImportOptions()))
    message = str(caught.value)
    assert caught.value.file == "stock.csv"
    assert "sku, amount" in message
    assert "--map text=COLUMN --map time=COLUMN" in message
    assert "--format" in message


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_table_says_what_it_leaves_out_when_a_column_is_not_what_it_is_called(tmp_path, importing, ending):
    rows = [{"date": "2024-03-01", "text": f"hello {n}", "likes": "quite some", "views": "12"} for n in range(3)]
    path = tmp_path / f"posts{ending}"
    if ending == ".json":
        path.write_text(json.dumps(rows))
    else:
        path.write_text("date,text,likes,views\n" + "".join(",".join(row.values()) + "\n" for row in rows))
    imported = importing(path)
    assert [(post.likes, post.views) for post in imported.posts] == [(None, 12)] * 3
    assert [note.text for note in imported.notes] == [
        "The column 'likes' is left out: most of its cells, such as 'quite some', are no whole numbers"
    ]


def test_table_says_what_is_wrong_with_a_column_when_it_is_the_one_that_is_needed(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("text,date\nhello there,1.71E+12\n")
    with pytest.raises(UnknownFormat, match=r"The column 'date' is left out: .*'1\.71E\+12', are no times\."):
        list(find_inputs([path], ImportOptions()))


def test_table_is_unknown_when_mapping_names_no_column(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(as_csv([HEADER, *ROWS]))
    with pytest.raises(UnknownFormat, match="There is no column 'Words'"):
        list(find_inputs([path], ImportOptions(mapping={"text": "Words"})))
    with pytest.raises(UnknownFormat, match="There is no field 'words' for posts"):
        list(find_inputs([path], ImportOptions(mapping={"words": "Message"})))


def test_table_asks_for_date_order_when_values_leave_it_open(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text("text,date\nhello there,03/04/2017\nonce more,05/06/2017\n")
    with pytest.raises(UnknownFormat, match="--map date_order=day or --map date_order=month"):
        importing(path)
    by_day = importing(path, mapping={"date_order": "day"})
    by_month = importing(path, mapping={"date_order": "month"})
    assert by_day.posts[0].occurred_at == dt.datetime(2017, 4, 3, tzinfo=dt.UTC)
    assert by_month.posts[0].occurred_at == dt.datetime(2017, 3, 4, tzinfo=dt.UTC)


def test_table_reads_dates_by_day_when_one_value_shows_it(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text("text,date\nhello there,03/04/2017\nonce more,25/06/2017\n")
    assert importing(path).posts[0].occurred_at == dt.datetime(2017, 4, 3, tzinfo=dt.UTC)


def test_table_reads_times_in_the_zone_when_they_name_none(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text("text,date\nhello there,2024-07-01 12:00\n")
    assert importing(path, time_zone="Europe/Berlin").posts[0].occurred_at == dt.datetime(2024, 7, 1, 10, tzinfo=dt.UTC)


def test_table_applies_options_when_they_override_the_file(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text(as_csv([HEADER, *ROWS]))
    imported = importing(path, brand="Lumen", channel="Support line", team=("@HelpDesk",))
    assert [(channel.name, channel.brand) for channel in imported.channels] == [("Support line", "Lumen")]
    assert {post.channel for post in imported.posts} == {imported.channels[0].native_id}
    assert [brand.name for brand in imported.brands] == ["Lumen"]
    assert imported.identity("@helpdesk").is_team is True
    assert imported.identity("@ann").is_team is None


def test_table_marks_team_when_rows_are_not_inbound(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text("text,date,author_id,inbound\nhello there,2024-03-01,7,True\nhello Ann,2024-03-02,8,False\n")
    imported = importing(path)
    assert (imported.identity("7").is_team, imported.identity("8").is_team) == (None, True)


def test_table_repeats_an_account_when_it_changed_only(tmp_path, importing):
    path = tmp_path / "export.csv"
    rows = ["text,date,username,location"]
    rows += [f"hello number {n},2024-03-0{n},ann,{'Rome' if n < 4 else 'Oslo'}" for n in range(1, 7)]
    path.write_text("\n".join(rows))
    assert [identity.location for identity in importing(path).identities] == ["Rome", "Oslo"]


def test_table_drops_what_no_database_keeps_when_texts_hold_it(tmp_path, importing):
    path = tmp_path / "export.ndjson"
    path.write_bytes(b'{"text": "a\\u0000b", "date": "2024-03-01"}\n{"text": "cd", "date": "2024-03-02"}\n')
    assert [post.text for post in importing(path).posts] == ["ab", "cd"]
    (tmp_path / "half.json").write_bytes(b'[{"text": "half \\ud83d letter", "date": "2024-03-01"}]')
    text = importing(tmp_path / "half.json").posts[0].text
    assert text.encode()
    assert text.startswith("half ")


def test_table_ends_with_a_refusal_when_json_breaks_off(tmp_path, importing):
    rows = [{"text": f"hello number {n}", "date": "2024-03-01", "id": n} for n in range(50)]
    path = tmp_path / "export.json"
    path.write_text(json.dumps(rows)[:-30])
    imported = importing(path)
    assert [post.native_id for post in imported.posts] == [str(n) for n in range(49)]
    assert "the JSON breaks off after 49 records" in imported.refusals[-1].reason


def test_table_ends_with_a_refusal_when_gzip_breaks_off(tmp_path, importing):
    rows = [["text", "date"], *[[f"hello number {n} {n * 7919}", "2024-03-01"] for n in range(200_000)]]
    packed = gzip.compress(as_csv(rows).encode())
    path = tmp_path / "export.csv.gz"
    path.write_bytes(packed[: len(packed) - 500_000])
    imported = importing(path)
    assert len(imported.posts) > 1_000
    assert "the file breaks off here" in imported.refusals[-1].reason


def test_table_ids_follow_from_content_when_file_has_none(tmp_path, importing):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("text,date,username\nhello there,2024-03-01,ann\nhello there,2024-03-01,bob\n")
    first, second = importing(tmp_path / "a.csv"), importing(tmp_path / "b.csv")
    assert [post.native_id for post in first.posts] == [post.native_id for post in second.posts]
    assert len({post.native_id for post in first.posts}) == 2


def test_table_keeps_every_row_when_rows_without_ids_are_alike(tmp_path, importing):
    alike = "ok,2024-03-01 10:00,bob"
    (tmp_path / "a.csv").write_text(f"text,date,username,channel\n{alike},x\n{alike},y\n{alike},y\n{alike},\n")
    (tmp_path / "b.csv").write_text(f"text,date,username\n{alike}\n")
    posts, again, other = (importing(tmp_path / name).posts for name in ("a.csv", "a.csv", "b.csv"))
    assert len({post.native_id for post in posts}) == 4
    assert [post.native_id for post in again] == [post.native_id for post in posts]
    assert other[0].native_id == posts[3].native_id  # neither names a channel
    assert importing(tmp_path / "b.csv", channel="x").posts[0].native_id == posts[0].native_id


printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.from_regex(r"[A-Za-z_][\w/:-]{0,20}", fullmatch=True), printable), min_size=1, max_size=8))
def test_table_returns_texts_and_ids_when_csv_module_wrote_them(tmp_path, importing, cells):
    plain = [(f"x{key}", text.replace("&", "+").replace("<", "(").strip()) for key, text in cells]
    rows = [["id", "text", "created_at"], *[[key, f"t{text}", "2024-03-01T10:00:00Z"] for key, text in plain]]
    path = tmp_path / "export.csv"
    path.write_text(as_csv(rows), newline="", encoding="utf-8")
    posts = importing(path).posts
    assert [(post.native_id, post.text) for post in posts] == [(key, f"t{text}".strip()) for key, text in plain]


def test_table_memory_stays_flat_when_file_is_long(tmp_path, importing):
    words = "some words of a post " * 12

    def peak(rows):
        path = tmp_path / f"{rows}.csv"
        lines = (f"{n},user{n % 997},2024-03-01 10:00:00,{words} number {n}\n" for n in range(rows))
        with path.open("w") as out:
            out.write("id,username,date,text\n")
            out.writelines(lines)
        found = next(iter(find_inputs([path], ImportOptions())))
        tracemalloc.start()
        count = sum(1 for record in found.read())
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count > rows
        return memory

    assert peak(18_000) < 1.3 * peak(6_000)


def test_table_is_read_when_very_many_blank_lines_stand_before_it(tmp_path, importing):
    (tmp_path / "posts.csv").write_text("\n" * 300_000 + "text,date\nhello there,2024-03-01\n")
    imported = importing(tmp_path / "posts.csv")
    assert [(post.text, post.occurred_at.day) for post in imported.posts] == [("hello there", 1)]
    assert imported.refusals == []
