"""When things happen in the demo: 400 days that end on 30 June 2026, their rhythm, their special days, our hours.

Days are local to Dublin and numbered from 0; times are whole seconds since 1970 (UTC).
"""

from bisect import bisect
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from math import exp, pi, sin
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from jobs.demo.company import BUSINESS_HOURS, TIME_ZONE

DAYS = 400
LAST_DAY = date(2026, 6, 30)
FIRST_DAY = LAST_DAY - timedelta(days=DAYS - 1)
#: The day of the outage, a Tuesday; its posts are ``CRISIS_VOLUME`` times a normal Tuesday's.
CRISIS_DAY = (date(2026, 3, 10) - FIRST_DAY).days
CRISIS_VOLUME = 5.0
#: The campaign's first day, its days, and the days on which others take its hashtag over.
CAMPAIGN_DAY = (date(2026, 5, 2) - FIRST_DAY).days
CAMPAIGN_DAYS = 35
HIJACK_DAYS = tuple(range(CAMPAIGN_DAY + 6, CAMPAIGN_DAY + 10))
LAUNCH_DAYS = tuple((day - FIRST_DAY).days for day in (date(2025, 9, 18), date(2025, 11, 27), date(2026, 4, 16)))
POLL_DAYS = tuple((day - FIRST_DAY).days for day in (date(2025, 10, 7), date(2026, 1, 20), date(2026, 5, 19)))
NPS_DAYS = tuple(
    (day - FIRST_DAY).days for day in (date(2025, 8, 12), date(2025, 11, 11), date(2026, 2, 10), date(2026, 5, 12))
)

#: How much of what comes in outside business hours is answered before they open again.
ON_CALL_SHARE = 0.6

_WEEKDAY = (1.06, 1.1, 1.08, 1.04, 0.95, 0.84, 0.93)
_HOURS_WORKDAY = (2, 1, 1, 1, 1, 2, 6, 14, 22, 25, 25, 26, 30, 28, 25, 25, 27, 32, 38, 46, 50, 44, 28, 10)
_HOURS_WEEKEND = (4, 2, 1, 1, 1, 1, 3, 7, 15, 26, 36, 40, 38, 34, 32, 32, 33, 35, 38, 42, 42, 36, 24, 12)


@cache
def day_start(day: int) -> int:
    """The second at which local day ``day`` starts. Day 0 starts at 01:00, so that it is one day in UTC as well."""
    local = datetime.combine(FIRST_DAY + timedelta(days=day), time(1 if day == 0 else 0), ZoneInfo(TIME_ZONE))
    return int(local.timestamp())


#: The first second after the demo, and the moment at which all of it was observed.
END = day_start(DAYS)
OBSERVED_AT = datetime.fromtimestamp(END, UTC)


def to_datetime(second: int) -> datetime:
    """The aware time of whole seconds since 1970."""
    return datetime.fromtimestamp(second, UTC)


def date_of(day: int) -> date:
    """The date of a numbered day."""
    return FIRST_DAY + timedelta(days=day)


def weekday(day: int) -> int:
    """0 for Monday, of a numbered day."""
    return (FIRST_DAY.weekday() + day) % 7


def day_weights(rng: Random) -> npt.NDArray[np.float64]:
    """How much is said on each day, next to the others: growth, season, weekday, chance, special days."""
    weights = np.empty(DAYS)
    for day in range(DAYS):
        year_share = (FIRST_DAY + timedelta(days=day)).timetuple().tm_yday / 365
        season = 1 + 0.12 * sin(2 * pi * (year_share - 0.05)) + (0.2 if 0.92 < year_share < 0.985 else 0)
        weights[day] = (0.75 + 0.5 * day / DAYS) * season * _WEEKDAY[weekday(day)] * exp(rng.gauss(0, 0.07))
    for day in LAUNCH_DAYS:
        weights[day] *= 1.7
    for day in HIJACK_DAYS:
        weights[day] *= 1.5
    weights[CRISIS_DAY] *= CRISIS_VOLUME + 0.6
    weights[CRISIS_DAY + 1] *= 1.6
    return weights


def cumulative_posts(posts: int, rng: Random) -> list[int]:
    """How many of ``posts`` belong to conversations that started by the end of each day."""
    shares = np.cumsum(day_weights(rng))
    return [round(float(share)) for share in shares / shares[-1] * posts]


@cache
def _hour_cumulative(is_weekend: bool) -> tuple[float, ...]:
    hours = _HOURS_WEEKEND if is_weekend else _HOURS_WORKDAY
    return tuple(accumulate(hour / sum(hours) for hour in hours))


def moment_of_day(day: int, rng: Random) -> int:
    """A second of the day at which somebody writes."""
    hour = min(bisect(_hour_cumulative(weekday(day) >= 5), rng.random()), 23)
    hour = max(hour, 1) if day == 0 else hour
    return day_start(day) + (hour - (1 if day == 0 else 0)) * 3600 + int(rng.random() * 3600)


def day_of(second: int) -> int:
    """The number of the local day that holds ``second``."""
    day = min((second - day_start(0)) // 86_400, DAYS)
    if second < day_start(day):
        return day - 1
    return day if day >= DAYS or second < day_start(day + 1) else day + 1


def local_hour(second: int) -> int:
    """The hour of the local day, 0 to 23."""
    return (second - day_start(day_of(second))) // 3600


def after_waking(second: int, rng: Random) -> int:
    """``second``, or some time after seven where people sleep through it."""
    day = day_of(second)
    hour = (second - day_start(day)) // 3600
    if hour >= 7 or day == 0 or rng.random() < 0.15:
        return second
    return day_start(day) + 7 * 3600 + int(rng.random() * 7200)


def is_open(second: int) -> bool:
    """Whether the team works at ``second``."""
    day = day_of(second)
    hours = BUSINESS_HOURS[weekday(day)]
    return hours is not None and hours[0] <= (second - day_start(day)) / 3600 < hours[1]


def next_opening(second: int) -> int:
    """When the team next starts to work, from ``second`` on."""
    day = day_of(second)
    while True:
        hours = BUSINESS_HOURS[weekday(day)]
        if hours is not None and day_start(day) + hours[0] * 3600 >= second:
            return day_start(day) + hours[0] * 3600
        day += 1


def answer_delay(second: int, rng: Random, *, median_minutes: float) -> int:
    """How many seconds the team takes: log-normal while it works; at night and at weekends mostly until it opens."""
    delay = int(60 * median_minutes * exp(rng.gauss(0, 1.05))) + 45
    if is_open(second) and is_open(second + delay):
        return delay
    on_call = second + 3 * delay
    if rng.random() < ON_CALL_SHARE and local_hour(second) >= 7 and 7 <= local_hour(on_call) < 23:
        return 3 * delay
    return next_opening(second) - second + int(60 * 0.8 * median_minutes * exp(rng.gauss(0, 0.9))) + 45
