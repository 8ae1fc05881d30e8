"""Local days and hours of many times."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from data_access.models.columns import MICROSECOND, from_micros

_MINUTE = 60 * MICROSECOND
_WHOLE_MINUTES_SINCE = 94_694_400 * MICROSECOND  # 1973


def local_hour(zone: ZoneInfo, micros: int) -> tuple[date, int]:
    """The local day and hour of a time, microseconds since 1970 UTC.

    >>> local_hour(ZoneInfo("Europe/Berlin"), 1_751_320_800_000_000)
    (datetime.date(2025, 7, 1), 0)
    >>> local_hour(ZoneInfo("America/St_Johns"), 1_289_097_600_000_000)  # the clock went back at one minute past
    (datetime.date(2010, 11, 6), 23)
    """
    # since then all zones are whole minutes from UTC (Liberia was the last that was not), and change on whole minutes
    if micros >= _WHOLE_MINUTES_SINCE:
        return _hour_of_minute(zone, micros // _MINUTE)
    local = from_micros(micros).astimezone(zone)
    return local.date(), local.hour


@lru_cache(maxsize=50_000)
def _hour_of_minute(zone: ZoneInfo, minute: int) -> tuple[date, int]:
    local = from_micros(minute * _MINUTE).astimezone(zone)
    return local.date(), local.hour
