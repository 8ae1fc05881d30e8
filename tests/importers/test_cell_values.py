"""Ids, counts and times as files write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.reading.options import Damaged, ImportOptions
from data_access.importers.reading.plain_text import plain_text
from data_access.importers.reading.values import TimeReader, read_count, read_email, read_id

NOON = dt.datetime(2015, 2, 24, 12, 0, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2015-02-24T12:00:05Z",
        "2015-02-24 12:00:05",
        "2015-02-24 04:00:05 -0800",
        "2015-02-24T13:00:05+01:00",
        "2015/02/24 12:00:05",
        "2015-02-24 12:00:05 UTC",
        "Tue Feb 24 12:00:05 +0000 2015",
        "Tue, 24 Feb 2015 12:00:05 GMT",
        "Tue, 24 Feb 2015 13:00:05 +0100",
        "24 February 2015 12:00:05",
        "Feb 24, 2015 12:00:05 PM",
        "24.02.2015 12:00:05",
        "24/02/2015 12:00:05",
        "2/24/2015, 12:00:05 PM",
        "24/02/2015 14:00:05 +02:00",
        "24.02.2015 14:00:05 GMT+2",
        "24-Feb-15 12:00:05",
        "2015.02.24 12:00:05",
        "2015/2/24 12:00:05",
        "2015-02-24 12:00:05 PM",
        "2015-02-24 04:00:05 AM -0800",
        "February 24, 2015 at 12:00:05 PM UTC",
        "Feb 24, 2015, 14:00:05 +02:00",
        "Tue Feb 24 2015 13:00:05 GMT+0100 (Central European Standard Time)",
        "Tue, 24 Feb 2015 04:00:05 -0800 (PST)",
        "Tue, 24 Feb 2015 07:00:05 EST",
        "Tue, 24 Feb 15 12:00:05 -0000",
        "Tue Feb 24 12:00:05 UTC 2015",
        "1424779205",
        "1424779205.0",
        "1424779205000",
        "1424779205000000",
        1424779205,
        1424779205.0,
        dt.datetime(2015, 2, 24, 12, 0, 5),
        NOON,
    ],
)
def test_time_is_read_when_written_in_a_usual_way(written):
    assert TimeReader().read(written) == NOON


@pytest.mark.parametrize("written", ["soon", "12:30", "2015-13-01", "99", 17, "0001-01-01", "31/02/2015", True])
def test_time_is_refused_when_it_is_none(written):
    with pytest.raises(Damaged):
        TimeReader().read(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mar 4, 2017, 10:00:00 PM GMT", "2017-03-04T22:00:00"),
        ("4 March 2017 22:00 Z", "2017-03-04T22:00:00"),
        ("3/14/2017 22:00 UTC", "2017-03-14T22:00:00"),
        ("14.03.2017 22:00UTC", "2017-03-14T22:00:00"),
        ("2017/03/14 22:00:00.250 UTC", "2017-03-14T22:00:00.250"),
        ("Sat, 04 Mar 2017 22:00:00 -0000", "2017-03-04T22:00:00"),
        ("Mar 4, 2017, 10:00:00 PM", "2017-03-05T03:00:00"),
    ],
)
def test_time_is_in_utc_when_it_says_so_whatever_the_zone_of_the_file_and_the_rows_before(written, read):
    reader = TimeReader("America/New_York")
    for before in ("2017-03-04 10:00", "Sat, 04 Mar 2017 22:00:00 EST", written):
        reader.read(before)
    assert reader.read(written) == dt.datetime.fromisoformat(read).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Mar 4, 2017, 10:00:00 PM PST", "PST"),
        ("2017-03-04 22:00:00 CET", "CET"),
        ("4/14/2017 22:00 (CEST)", "CEST"),
        ("14.03.2017 22:00 Europe/Berlin", "Europe/Berlin"),
        ("4 Mar 2017 22:00:00 CST", "CST"),
    ],
)
def test_time_is_refused_with_what_to_do_when_its_zone_is_a_name(written, zone):
    reader = TimeReader()
    reader.read("Sat, 04 Mar 2017 22:00:00 EST")
    with pytest.raises(Damaged, match=f"names the zone '{zone}': write its offset instead.*--time-zone"):
        reader.read(written)


def test_column_is_the_time_when_all_of_it_names_a_zone_and_says_what_to_do(tmp_path, importing):
    path = tmp_path / "export.csv"
    path.write_text("text,date\nhello there,2024-03-01 10:00 PST\nand you,2024-03-02 11:00 (PST)\n")
    imported = importing(path)
    assert ["say --time-zone" in refusal.reason for refusal in imported.refusals] == [True, True]


@pytest.mark.parametrize(
    "written", ["Mar 4, 2017 10:00-11:00", "4.3.2017 10:00 +15:00", "4.3.2017 13:00 AM", "in 3017"]
)
def test_time_says_how_it_is_written_when_it_cannot_be_read(written):
    with pytest.raises(Damaged, match=r"cannot be read as a time: write it as 2017-03-04 22:00"):
        TimeReader().read(written)


def test_time_is_refused_when_day_and_month_are_open():
    with pytest.raises(Damaged):
        TimeReader().read("03/04/2015")
    assert TimeReader(date_order="month").read("03/04/2015") == dt.datetime(2015, 3, 4, tzinfo=dt.UTC)


@given(st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2099, 12, 30), timezones=st.just(dt.UTC)))
def test_time_is_the_same_when_written_as_iso_or_epoch(moment):
    micros = (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
    assert TimeReader().read(moment.isoformat()) == moment
    if micros >= 10**15:
        assert TimeReader().read(str(micros)) == moment


@pytest.mark.parametrize(
    ("written", "read"), [("3.0", "3"), (3.0, "3"), (3, "3"), (" 1e8330 ", "1e8330"), ("nan", None), (None, None)]
)
def test_id_is_text_when_written_as_a_number(written, read):
    assert read_id(written) == read


@pytest.mark.parametrize("written", ["1.2E+17", "5.7E+17", "1e+17", 1.2e17])
def test_id_is_refused_when_a_spreadsheet_rounded_it(written):
    with pytest.raises(Damaged, match="rounded by a spreadsheet"):
        read_id(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [("0", 0), ("-3", -3), ("1 204", 1204), ("1\u00a0204", 1204), ("2.5M", 2_500_000), ("1,5K", 1_500),
     ("1,5\u00a0k", 1_500), ("2 Tsd.", 2_000), ("1,2 млн", 1_200_000), ("3.4万", 34_000), ("n/a", None), (7.0, 7)],
)  # fmt: skip
def test_count_is_read_when_written_in_a_usual_way(written, read):
    assert read_count(written) == read


def test_counts_follow_what_stands_before_decimals_when_the_mapping_says_it(tmp_path, importing):
    path = tmp_path / "counts.csv"
    path.write_text('id,text,date,likes\n1,a,2024-03-01,5.000\n2,b,2024-03-01,"12,0"\n3,c,2024-03-01,"1,2K"\n')
    point, comma = (importing(path, mapping={"likes": "likes", "decimals": said}) for said in ("point", "comma"))
    assert ([post.likes for post in point.posts], [refusal.line for refusal in point.refusals]) == ([5], [3, 4])
    assert [post.likes for post in comma.posts] == [5000, 12, 1200]
    assert "--map decimals=comma" in importing(path, mapping={"likes": "likes"}).refusals[0].reason


@pytest.mark.parametrize("written", ["many", "1.5", 1.5, "12 likes", "1.5B", "1,234K"])
def test_count_is_refused_when_it_is_no_whole_number(written):
    with pytest.raises(Damaged):
        read_count(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("if a<b then c>d", "if a<b then c>d"),
        ("x<i and i>0 so fine", "x<i and i>0 so fine"),
        ("use vector<a> here, or list<p>", "use vector<a> here, or list<p>"),
        ("see ?a=1&copy=1&notit; &unknown;", "see ?a=1&copy=1&notit; &unknown;"),
        ("caf&eacute; &#8211; &#x27;ok&#39; &amp;amp;", "café – 'ok' &amp;"),
        ("<p>Hello", "Hello"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("a <b>bold</b> word", "a bold word"),
        ('see <a href="https://x.example">this', "see this"),
        ("<a href=https://x.example>this</a> &amp; that", "this & that"),
    ],
)
def test_text_is_read_as_html_when_it_holds_what_only_html_has(written, read):
    assert plain_text(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ann <Ann@Example.org>", "ann@example.org"),
        ("mail:ann@mail.example.co.uk.", "ann@mail.example.co.uk"),
        ("@ann, bob@example.org", "bob@example.org"),
        ("ann@home@example.org", "home@example.org"),
        ("ann@.org", None),
        ("ann@example.x", None),
        ("ann", None),
        (7, None),
        ("a" * 300_000 + "@" + "." * 300_000, None),  # hours, if each letter were tried as the first
    ],
)
def test_email_is_read_where_there_is_one(written, read):
    assert read_email(written) == read


def test_options_are_refused_when_time_zone_does_not_exist():
    with pytest.raises(ValueError, match="There is no time zone 'Mars/Base'"):
        ImportOptions(time_zone="Mars/Base")
