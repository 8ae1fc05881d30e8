"""Ids, counts and times as files write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.reading.options import Damaged, ImportOptions
from data_access.importers.reading.values import TimeReader, read_count, read_id

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
    ("written", "read"), [("0", 0), ("-3", -3), ("1 204", 1204), ("2.5M", 2_500_000), ("n/a", None), (7.0, 7)]
)
def test_count_is_read_when_written_in_a_usual_way(written, read):
    assert read_count(written) == read


@pytest.mark.parametrize("written", ["many", "1.5", 1.5, "12 likes"])
def test_count_is_refused_when_it_is_no_whole_number(written):
    with pytest.raises(Damaged):
        read_count(written)


def test_options_are_refused_when_time_zone_does_not_exist():
    with pytest.raises(ValueError, match="There is no time zone 'Mars/Base'"):
        ImportOptions(time_zone="Mars/Base")
