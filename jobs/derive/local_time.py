"""Local days and hours of many times."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from data_access.models.columns import MICROSECOND, from_micros

#: A quarter of an hour, in microseconds.
_QUARTER = 900 * MICROSECOND
_WHOLE_QUARTERS_SINCE = 94_694_400 * MICROSECOND  # 1973


def local_hour(zone: ZoneInfo, micros: int) -> tuple[date, int]:
    """The local day and hour of a time, microseconds since 1970 UTC.

    >>> local_hour(ZoneInfo("Europe/Berlin"), 1_751_320_800_000_000)
    (datetime.date(2025, 7, 1), 0)
    """
    # since then all zones are whole quarters of an hour from UTC; Liberia was the last that was not
    if micros >= _WHOLE_QUARTERS_SINCE:
        return _hour_of_quarter(zone, micros // _QUARTER)
    local = from_micros(micros).astimezone(zone)
    return local.date(), local.hour


@lru_cache(maxsize=50_000)
def _hour_of_quarter(zone: ZoneInfo, quarter: int) -> tuple[date, int]:
    local = from_micros(quarter * _QUARTER).astimezone(zone)
    return local.date(), local.hour
