"""What a file leaves open is asked about, not guessed."""

import datetime as dt

import pytest

from data_access.importers import ImportOptions, UnknownFormat, header_shape, preview_mapping

OPEN = "text,date\nhello there,05/05/2017\nonce more,03/04/2017\n"


def table(tmp_path, text):
    path = tmp_path / "export.csv"
    path.write_text(text)
    return path


def test_preview_shows_both_readings_when_every_date_has_two(tmp_path):
    preview = preview_mapping(table(tmp_path, OPEN), ImportOptions())
    assert preview.asks == "date_order"
    assert preview.format is None
    asked = preview.ambiguous_dates
    assert (asked.column, asked.example) == ("date", "03/04/2017")
    assert (asked.day_first, asked.month_first) == (dt.date(2017, 4, 3), dt.date(2017, 3, 4))
    answered = preview_mapping(table(tmp_path, OPEN), ImportOptions(mapping={preview.asks: "month"}))
    assert (answered.asks, answered.ambiguous_dates, answered.problem) == (None, None, None)
    assert [post["occurred_at"].month for post in answered.records] == [5, 3]


def test_import_of_one_file_stops_and_says_how_to_answer_when_every_date_has_two_readings(tmp_path, importing):
    path = table(tmp_path, OPEN)
    with pytest.raises(UnknownFormat) as caught:
        importing(path)
    assert "'03/04/2017' is 3 April or 4 March 2017" in str(caught.value)
    assert "--map date_order=day or --map date_order=month" in caught.value.advice
    (tmp_path / "other.csv").write_text("text,date\nhello there,2017-04-03\n")
    imported = importing(tmp_path)
    assert len(imported.posts) == 1
    assert "date_order=day" in imported.unrecognised[0].reason


def test_saved_mapping_answers_for_the_header(tmp_path, importing):
    saved = {header_shape(["text", "date"]): {"text": "text", "time": "date", "date_order": "day"}}
    imported = importing(table(tmp_path, OPEN), saved_mappings=saved)
    assert [post.occurred_at.month for post in imported.posts] == [5, 4]


def test_dates_are_read_by_the_one_that_tells_wherever_it_stands_and_those_against_it_refused(tmp_path, importing):
    rows = [f"number {n},0{n % 9 + 1}/04/2017\n" for n in range(3_000)]
    path = table(tmp_path, "text,date\n" + "".join(rows) + "later,25/04/2017\nagainst it,04/26/2017\n")
    imported = importing(path)
    assert {post.occurred_at.month for post in imported.posts} == {4}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (3003, "'04/26/2017' is no date with the day first, as the others of the file are read (column date)")
    ]


def test_dates_are_asked_about_when_they_contradict_each_other(tmp_path):
    preview = preview_mapping(table(tmp_path, "text,date\na b,25/04/2017\nc d,04/26/2017\n"), ImportOptions())
    assert (preview.asks, preview.ambiguous_dates) == ("date_order", None)
    assert "others only with the month first" in preview.problem


def test_dates_are_not_asked_about_when_both_readings_are_the_same(tmp_path, importing):
    imported = importing(table(tmp_path, "text,date\nhello there,04/04/2017\n"))
    assert imported.posts[0].occurred_at == dt.datetime(2017, 4, 4, tzinfo=dt.UTC)


def test_date_is_refused_when_it_is_the_first_that_is_written_so_and_stands_late(tmp_path, importing):
    rows = "".join(f"number {n},2017-04-03\n" for n in range(1_500))
    imported = importing(table(tmp_path, f"text,date\n{rows}at last,03/04/2017\n"))
    assert len(imported.posts) == 1_500
    assert "say which (date_order is day or month)" in imported.refusals[0].reason


def test_dates_are_asked_about_with_one_that_reads_both_ways_when_another_is_no_date_at_all(tmp_path):
    path = table(tmp_path, "text,date\na b,31/31/2026\nc d,30/02/2026\ne f,03/04/2026\ng h,05/05/2026\n")
    preview = preview_mapping(path, ImportOptions())
    assert (preview.asks, preview.ambiguous_dates.example) == ("date_order", "03/04/2026")
    told = preview_mapping(table(tmp_path, "text,date\na b,31/31/2026\nc d,25/04/2026\n"), ImportOptions())
    assert (told.asks, told.mapping["date_order"]) == (None, "day")
