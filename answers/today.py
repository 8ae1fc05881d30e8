"""What happened on the last day that has data, what is unusual, and what is new since someone last looked."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session

from answers.bands import HISTORY, read_bands, until_hour
from answers.catalogue import COUNT, POINTS, SHARE, Metric, MetricAnswer, compute_metrics, find_metric
from answers.filters import DAY, Filters
from answers.scope import Scope, channel_ids, read_scope
from answers.slices import Rollups
from answers.waiting import read_waiting
from data_access.queries.activity import read_hours
from data_access.queries.coverage import count_answered_since, count_decisions_since, list_imports_since
from metrics.priority import duration_in_words
from metrics.ratios import ratio
from metrics.signs import with_minus

#: The numbers of the day. Who waits is no number of a day: it is ``answers.waiting``'s.
DAY_NUMBERS = ("posts", "people", "net_sentiment", "negative_posts", "median_response_seconds")
WATCHED = ("posts", "people", "negative_posts", "net_sentiment", "questions")
SPARK_DAYS = 28
WATCHED_DAYS = 7
MOST_UNUSUAL = 3


@dataclass(frozen=True)
class TodayNumber:
    """A number of the day and what is usual for it (NaN where the data does not reach back far enough).

    ``comparison`` says in words what ``expected`` is; ``change`` is ``value - expected``. ``series``: ``day``,
    ``value``, the last 28 days.
    """

    metric: Metric
    value: float
    expected: float
    low: float
    high: float
    is_unusual: bool
    comparison: str
    coverage: str
    series: pd.DataFrame = field(repr=False)

    @property
    def change(self) -> float:
        return self.value - self.expected


@dataclass(frozen=True)
class Unusual:
    """A metric outside its usual band on a day of the last seven. What drove that day: ``answers.drivers``."""

    day: date
    metric: Metric
    value: float
    expected: float
    low: float
    high: float

    @property
    def what(self) -> str:
        """What happened, as a sentence."""
        low, high = (math.ceil(self.low), math.floor(self.high)) if self.metric.unit == COUNT else (self.low, self.high)
        for digits in (0, 1, 2):  # a value outside is not written like the limit that it passed
            value, *limits = (in_words(self.metric, number, digits) for number in (self.value, low, high))
            if value not in limits:
                break
        day = f"{self.day:%A} {self.day.day} {self.day:%B}"
        return f"{self.metric.label} on {day}: {value}, usually {limits[0]} to {limits[1]}."


def group_by_day(unusual: Iterable[Unusual]) -> list[list[Unusual]]:
    """What was unusual, the same day's together, in the order of the first of each."""
    days: dict[date, list[Unusual]] = {}
    for one in unusual:
        days.setdefault(one.day, []).append(one)
    return list(days.values())


@dataclass(frozen=True)
class Today:
    """The last day that has data, or the last that was asked for. ``last_hour``: its last hour with data, where no
    later day has any; ``is_unfinished``: counts are compared with the same hours of other days. ``day`` is None in an
    empty store, and then there are no numbers."""

    day: date | None
    last_hour: int | None
    is_unfinished: bool
    numbers: tuple[TodayNumber, ...]
    unusual: tuple[Unusual, ...]


def in_words(metric: Metric, value: float, digits: int = 0) -> str:
    """A value of a metric as people write it, with ``digits`` decimals where it is a share or points.

    >>> in_words(find_metric("negative_share"), 0.123), in_words(find_metric("net_sentiment"), -5.0)
    ('12 %', '−5')
    """
    if math.isnan(value):
        return "unknown"
    if metric.unit == SHARE:
        return f"{value * 100:.{digits}f} %"
    if metric.unit == COUNT:
        return f"{value:,.0f}"
    if metric.unit == POINTS:
        return with_minus(f"{value:+.{digits}f}") if round(value, digits) else "0"
    return duration_in_words(value)


def read_today(session: Session, filters: Filters, *, scope: Scope | None = None) -> Today:
    """The last day that has data, or the last of the period where that ends before, in the networks, channels and
    brands of ``filters``. Where the period begins does not matter."""
    scope = scope or read_scope(session)
    if scope.last_day is None or not scope.posts:
        return Today(None, None, False, (), ())
    last = min(scope.last_day, filters.last_day)
    is_unfinished = scope.is_last_day_unfinished and last == scope.last_day
    window = filters.between(last - (SPARK_DAYS - 1) * DAY, last + DAY)
    share = usual_share_by_now(session, filters, scope=scope) if is_unfinished else math.nan
    names = dict.fromkeys((*DAY_NUMBERS, *WATCHED))
    longer = window.between(window.start - HISTORY, window.end)
    rollups = Rollups(session, scope, longer, longer.start)
    bands = read_bands(session, names, window, scope=scope, rollups=rollups)
    bands = {name: until_hour(band, share) if find_metric(name).unit == COUNT else band for name, band in bands.items()}
    day = window.between(last, window.end)
    answers = compute_metrics(session, DAY_NUMBERS, day, scope=scope, compare=False, rollups=rollups)
    until = (scope.last_hour or 0) + 1 if is_unfinished else None
    numbers = [_day_number(answers[name], bands[name], last, until) for name in DAY_NUMBERS]
    return Today(
        day=last,
        last_hour=scope.last_hour if last == scope.last_day else None,
        is_unfinished=is_unfinished,
        numbers=tuple(numbers),
        unusual=_unusual(bands, window),
    )


def usual_share_by_now(session: Session, filters: Filters, *, scope: Scope) -> float:
    """Which part of a day's posts is in by the last hour that has data: over the 8 same weekdays before. NaN where
    those have no post."""
    if scope.last_day is None or scope.last_hour is None:
        return math.nan
    hours = read_hours(
        session,
        start=scope.last_day - HISTORY,
        end=scope.last_day,
        channels=channel_ids(scope, filters),
        by=("weekday", "hour"),
    )
    same = hours[hours["weekday"] == scope.last_day.weekday()]
    return ratio(int(same.loc[same["hour"] <= scope.last_hour, "posts"].sum()), int(same["posts"].sum()))


def _comparison(metric: Metric, day: date, until: int | None) -> str:
    words = f"usual for a {day:%A}"
    return f"{words} until {until}:00" if until is not None and metric.unit == COUNT else words


def _day_number(answer: MetricAnswer, band: pd.DataFrame, day: date, until: int | None) -> TodayNumber:
    """``until``: the hour at which the day's data ends, where it is unfinished."""
    last = band.iloc[-1]
    return TodayNumber(
        metric=answer.metric,
        value=answer.value,
        expected=float(last["expected"]),
        low=float(last["low"]),
        high=float(last["high"]),
        is_unusual=bool(last["is_unusual"]),
        comparison=_comparison(answer.metric, day, until),
        coverage=answer.coverage,
        series=band[["day", "value"]],
    )


def _unusual(bands: dict[str, pd.DataFrame], window: Filters) -> tuple[Unusual, ...]:
    since = pd.Timestamp(window.end - WATCHED_DAYS * DAY)
    found = []
    for name in WATCHED:
        band = bands[name]
        for row in band[band["is_unusual"] & (band["day"] >= since)].itertuples(index=False):
            distance = abs(row.value - row.expected) / max(row.high - row.expected, 1e-9)
            found.append((row.day.date(), distance, name, row))
    found.sort(key=lambda item: (item[0], item[1]), reverse=True)
    chosen = found[:MOST_UNUSUAL]
    return tuple(
        Unusual(day, find_metric(name), row.value, row.expected, row.low, row.high) for day, _, name, row in chosen
    )


@dataclass(frozen=True)
class SinceLastLook:
    """What is new for someone who comes back. ``imports`` and ``decisions``: the frames of
    ``data_access.queries.coverage``. ``new_posts`` came in with the imports; ``new_waiting`` turns opened after the
    end of the data that was there then and wait; ``answered`` were answered after it."""

    since: datetime
    imports: pd.DataFrame = field(repr=False)
    decisions: pd.DataFrame = field(repr=False)
    new_posts: int
    new_waiting: int
    answered: int

    @property
    def is_nothing(self) -> bool:
        return bool(self.imports.empty and self.decisions.empty)


def read_since_last_look(
    session: Session,
    filters: Filters,
    *,
    looked_at: datetime,
    seen_until: datetime | None = None,
    scope: Scope | None = None,
) -> SinceLastLook:
    """What has changed since ``looked_at`` (UTC, by the clock), when the data ended at ``seen_until`` (``last_moment``
    of the scope at that time)."""
    scope = scope or read_scope(session)
    imports = list_imports_since(session, looked_at)
    decisions = count_decisions_since(session, looked_at)
    waiting = answered = 0
    if seen_until is not None and len(imports):
        waiting = _count_newly_waiting(session, filters, seen_until, scope)
        answered = count_answered_since(session, seen_until, channels=channel_ids(scope, filters))
    return SinceLastLook(looked_at, imports, decisions, int(imports["posts"].sum()), waiting, answered)


def _count_newly_waiting(session: Session, filters: Filters, moment: datetime, scope: Scope) -> int:
    """How many wait, as the list has it, who began to after ``moment``."""
    first = moment.astimezone(ZoneInfo(scope.time_zone)).date()
    days = filters.between(first, max(first, scope.last_day or first) + DAY)
    turns = read_waiting(session, days, detailed=False, scope=scope).to_us.turns
    return int((turns["opened_at"] > moment).sum())
