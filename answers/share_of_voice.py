"""Us and the competitors: who is talked about, by how many, over time and by topic, and what drove the spikes."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers.bands import HISTORY
from answers.brand_days import BrandDays, day_number
from answers.brands import Voices, voice_channel_ids
from answers.catalogue import MetricAnswer, compute_metrics
from answers.filters import DAY, Filters
from answers.muted import read_muted
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from answers.slices import buckets
from data_access.brands import BrandWords
from data_access.queries.brands import (
    COUNTS,
    list_brand_texts,
    list_top_brand_post_ids,
    read_brand_days,
    read_brand_topic_days,
)
from data_access.queries.posts import list_posts_by_id
from data_access.topics import list_topic_rules
from metrics.baseline import seasonal_band
from metrics.terms import distinguishing_terms

MENTIONS, PEOPLE, REACH = MEASURES = ("mentions", "people", "reach")
#: With fewer scored mentions than this a brand is neither praised nor blamed for a topic.
LEAST_SCORED = 5
#: A day with fewer mentions is no spike, however quiet the days before: 6 against 1 may be one thread.
LEAST_MENTIONS = 10
#: A topic that fewer posts of a day mention drives no spike.
LEAST_POSTS = 3
BEFORE = timedelta(days=28)
MOST_SPIKES = 30
SHOWN = 5
_DAYS_BY_DAY, _DAYS_BY_WEEK = 62, 400
_SENTIMENT = ["positive", "neutral", "negative"]
#: The columns of spikes but for what drove them.
_SPIKES = {
    "day": "datetime64[us]",
    "brand_id": "int64",
    "mentions": "int64",
    "expected": "float64",
    "high": "float64",
    "brand": "object",
    "is_ours": "bool",
}
_Numbers: TypeAlias = "np.ndarray[Any, Any]"
#: Each count of mentions: a row a stretch of days, a column a brand.
_Counts: TypeAlias = dict[str, _Numbers]


@dataclass(frozen=True)
class ShareOfVoice:
    """Who was talked about in the period, in all channels or those that the filters name. ``voices``: whom it compares.

    ``reach_of``: what the measure reach is, ``reach`` or ``views``, whichever more mentions report; None where neither
    is reported. ``by``: day, week or month. Frames name a brand by ``brand_id``, ``brand``, ``is_ours``.

    ``by_brand``, ours first, then by mentions: ``mentions``, ``people`` (int64), ``reach`` (float64, NaN where no
    mention reports it), ``reach_posts`` (how many do), ``mentions_share``, ``people_share``, ``reach_share`` (0 to 1,
    of all these brands); of the period before, NaN where data does not reach back so far: ``mentions_before``,
    ``mentions_share_before``; ``mentions_change``, ``mentions_share_change``; ``positive``, ``neutral``, ``negative``,
    ``scored`` (int64), ``net_sentiment`` (-100 to 100).

    ``over_time``: ``period`` (datetime64: the day, the Monday, the first of the month), ``start``, ``end`` (dates,
    half-open: what of it lies in the period), ``mentions``, ``people``, ``reach``, ``net_sentiment``, and the share of
    each measure.

    ``by_topic``: ``topic``, ``mentions``, ``positive``, ``neutral``, ``negative``, ``scored``, ``net_sentiment``,
    ``share`` of the brand's mentions that are about it (0 to 1). ``praised``, ``blamed``: rows of it, at most five a
    brand, by positive or negative mentions: topics that are net positive, or net negative, over at least 5 scored
    mentions. ``topics``: how many topics Settings has.

    ``spikes``: days with more mentions than usual, and at least 10, newest first: ``day``, ``mentions``, ``expected``,
    ``high``, ``words`` (what drove it, empty where nothing stands out).
    """

    filters: Filters
    voices: Voices
    by: str
    reach_of: str | None
    topics: int
    by_brand: pd.DataFrame = field(repr=False)
    over_time: pd.DataFrame = field(repr=False)
    by_topic: pd.DataFrame = field(repr=False)
    praised: pd.DataFrame = field(repr=False)
    blamed: pd.DataFrame = field(repr=False)
    spikes: pd.DataFrame = field(repr=False)

    @property
    def mentions(self) -> int:
        """Of all these brands together."""
        return int(self.by_brand["mentions"].sum())


@dataclass(frozen=True)
class Spike:
    """A brand's day: ``topics`` (``topic``, ``posts``, ``usual`` a day over the 28 days before), ``terms`` (``term``,
    ``score``, ``posts``, ``other_posts``: what its posts say more than those before), ``posts``: those with most likes,
    replies and shares, with the columns of ``list_posts``. Muted words are left out."""

    brand_id: int
    day: date
    topics: pd.DataFrame = field(repr=False)
    terms: pd.DataFrame = field(repr=False)
    posts: pd.DataFrame = field(repr=False)


def choose_by(filters: Filters) -> str:
    """By day, week or month, so that a line has some ten to sixty points.

    >>> choose_by(Filters(date(2026, 1, 1), date(2026, 1, 29)))
    'day'
    """
    return "day" if filters.days <= _DAYS_BY_DAY else "week" if filters.days <= _DAYS_BY_WEEK else "month"


def read_share_of_voice(
    session: Session, filters: Filters, by: str | None = None, *, scope: Scope | None = None
) -> ShareOfVoice:
    """Everything the Share of voice page shows, for a filter. ``by``: day, week or month; None chooses."""
    reading = _Reading(session, filters, scope or read_scope(session), by or choose_by(filters))
    return replace(reading.answer(), **reading.topics(), **reading.spikes())


def read_brands_compared(
    session: Session,
    filters: Filters,
    by: str | None = None,
    names: tuple[str, ...] = (),
    *,
    scope: Scope | None = None,
    series_days: int | None = None,
) -> tuple[ShareOfVoice, dict[str, MetricAnswer]]:
    """The same without topics and spikes, of which the page shows one at a time: these are empty. And the metrics
    ``names``, with a value a day over the last ``series_days``, where there are brands of ours and others."""
    scope = scope or read_scope(session)
    reading = _Reading(session, filters, scope, by or choose_by(filters))
    voice = reading.answer()
    if not (names and voice.voices.ours and voice.voices.rivals):
        return voice, {}
    return voice, compute_metrics(
        session, names, filters, "day", scope=scope, series_days=series_days, brands=reading.brands
    )


def read_voice_topics(session: Session, filters: Filters, *, scope: Scope | None = None) -> dict[str, pd.DataFrame]:
    """The frames of ``ShareOfVoice`` that are about topics, by name."""
    return _Reading(session, filters, scope or read_scope(session), choose_by(filters)).topics()


def read_voice_spikes(session: Session, filters: Filters, *, scope: Scope | None = None) -> dict[str, pd.DataFrame]:
    """The spikes of ``ShareOfVoice``, by name."""
    return _Reading(session, filters, scope or read_scope(session), choose_by(filters)).spikes()


class _Reading:
    """The rollups of one filter, each read once."""

    def __init__(self, session: Session, filters: Filters, scope: Scope, by: str) -> None:
        self._session = session
        self._filters = filters
        self._by = by
        self.brands = BrandDays(session, scope, filters, min(filters.previous().start, filters.start - HISTORY))
        self._voices = self.brands.voices
        self._ids = [brand.brand_id for brand in self._voices.all]
        self._first, self._last = self.brands.span

    def answer(self) -> ShareOfVoice:
        counts = self._counts([self._filters.start], [self._filters.end])
        reach_of = _choose_reach(counts)
        return ShareOfVoice(
            filters=self._filters,
            voices=self._voices,
            by=self._by,
            reach_of=reach_of,
            topics=len(list_topic_rules(self._session)),
            by_brand=self._by_brand(counts, reach_of),
            over_time=self._over_time(reach_of),
            **{name: pd.DataFrame() for name in ("by_topic", "praised", "blamed", "spikes")},
        )

    def topics(self) -> dict[str, pd.DataFrame]:
        """The frames that are about topics, by name."""
        by_topic = self._by_topic()
        said = {"praised": ("positive", "negative"), "blamed": ("negative", "positive")}
        return {"by_topic": by_topic} | {name: _said_of(by_topic, *labels) for name, labels in said.items()}

    def spikes(self) -> dict[str, pd.DataFrame]:
        """The frame of spikes, by its name."""
        return {"spikes": self._spikes()}

    def _is_ours(self, brand: BrandWords) -> bool:
        return brand in self._voices.ours

    def _counts(self, starts: list[date], ends: list[date]) -> _Counts:
        """The counts over stretches of days: a row a stretch, a column a brand."""
        if not self._ids:
            return {name: np.zeros((len(starts), 0), dtype="int64") for name in COUNTS}
        sums = np.stack([self.brands.sums(brand, starts, ends) for brand in self._ids], axis=1)
        return {name: sums[:, :, place] for place, name in enumerate(COUNTS)}

    def _people(self, starts: list[date], ends: list[date]) -> _Numbers:
        """How many people named a brand: a row a stretch of days, a column a brand."""
        rows = [
            [len(self.brands.people(brand, start, end)) for brand in self._ids]
            for start, end in zip(starts, ends, strict=True)
        ]
        return np.array(rows, dtype="int64").reshape(len(starts), len(self._ids))

    def _measures(self, counts: _Counts, people: _Numbers, reach_of: str | None) -> dict[str, Any]:
        """The columns that tell brands and their measures, a value a stretch of days and brand: shares are of the
        stretch."""
        stretches = len(people)
        named = [(brand.brand_id, brand.name, self._is_ours(brand)) for brand in self._voices.all]
        ids, names, ours = zip(*named, strict=True) if named else ((), (), ())
        reporting = counts[f"{reach_of or 'reach'}_posts"]
        reach = np.where(reporting > 0, counts[reach_of or "reach"], math.nan)
        measures = {"mentions": counts["posts"], "people": people, "reach": reach}
        found = {
            "brand_id": np.array(ids * stretches, dtype="int64"),
            "brand": np.array(names * stretches, dtype="object"),
            "is_ours": np.array(ours * stretches, dtype="bool"),
            **{name: values.ravel() for name, values in measures.items()},
            "reach_posts": reporting.ravel(),
            **{f"{name}_share": _shares(values).ravel() for name, values in measures.items()},
            **{name: counts[name].ravel() for name in _SENTIMENT},
        }
        return found | _sentiment_of(found)

    def _by_brand(self, counts: _Counts, reach_of: str | None) -> pd.DataFrame:
        period, before = self._filters, self._filters.previous()
        found = self._measures(counts, self._people([period.start], [period.end]), reach_of)
        then = self._counts([before.start], [before.end])["posts"].astype("float64")
        if self._first is None or before.start < self._first:
            then = then * math.nan
        found |= {"mentions_before": then.ravel(), "mentions_share_before": _shares(then).ravel()}
        for name in ("mentions", "mentions_share"):
            found[f"{name}_change"] = found[name] - found[f"{name}_before"]
        keys = zip(~found["is_ours"], -found["mentions"], found["brand"], strict=True)
        order = [place for place, _ in sorted(enumerate(keys), key=lambda pair: pair[1])]
        return _frame({name: values[order] for name, values in found.items()})

    def _over_time(self, reach_of: str | None) -> pd.DataFrame:
        """Days after the end of the data, and before its beginning, are left out."""
        start, end = self._filters.start, self._filters.start
        if self._first is not None and self._last is not None:
            start, end = max(start, self._first), min(self._filters.end, self._last + DAY)
        periods = list(buckets(start, end, self._by))
        names, starts, ends = (list(column) for column in zip(*periods, strict=True)) if periods else ([], [], [])
        measures = self._measures(self._counts(starts, ends), self._people(starts, ends), reach_of)
        times = {
            "period": np.array(names, dtype="datetime64[us]"),
            "start": np.array(starts, dtype="object"),
            "end": np.array(ends, dtype="object"),
        }
        each = {name: values.repeat(len(self._ids)) for name, values in times.items()}
        return _frame({"period": each["period"], **measures, "start": each["start"], "end": each["end"]})

    def _by_topic(self) -> pd.DataFrame:
        period: dict[str, Any] = {"start": self._filters.start, "end": self._filters.end}
        period["channels"] = self.brands.channels
        every = read_brand_days(self._session, **period).set_index("brand_id")["posts"].to_dict()
        brands = {brand.brand_id: (not self._is_ours(brand), brand.name) for brand in self._voices.all}
        rows = read_brand_topic_days(self._session, **period)
        ids, topics = rows["brand_id"].tolist(), rows["topic"].tolist()
        places = [place for place, number in enumerate(ids) if number in brands]
        places.sort(key=lambda place: (topics[place], *brands[ids[place]]))
        rows = rows.iloc[places].rename(columns={"posts": "mentions"}).reset_index(drop=True)
        ids = rows["brand_id"].tolist()
        mentioned = np.array([every.get(number, 0) for number in ids], dtype="int64")
        return rows.assign(
            **_sentiment_of(rows),
            share=(rows["mentions"] / mentioned).astype("float64"),
            brand=pd.Series([brands[number][1] for number in ids], dtype="object"),
            is_ours=np.array([not brands[number][0] for number in ids], dtype="bool"),
        )

    def _spikes(self) -> pd.DataFrame:
        found = _frame(self._unusual())
        order = ["day", "is_ours", "mentions", "brand_id"]
        found = found.sort_values(order, ascending=[False, False, False, True], ignore_index=True).head(MOST_SPIKES)
        return found.assign(words=pd.Series(self._say_what_drove(found), index=found.index, dtype="object"))

    def _unusual(self) -> dict[str, _Numbers]:
        """The columns of the days of the period on which a brand is named more than usual."""
        rows = [row for brand in self._voices.all for row in self._list_unusual(brand)] if self._first else []
        columns = list(zip(*rows, strict=True)) or [()] * len(_SPIKES)
        return {name: np.array(held, dtype=kind) for (name, kind), held in zip(_SPIKES.items(), columns, strict=True)}

    def _list_unusual(self, brand: BrandWords) -> Iterator[tuple[Any, ...]]:
        assert self._first is not None
        assert self._last is not None
        first = day_number(max(self._filters.start - HISTORY, self._first))
        days = np.arange(first, max(first, day_number(min(self._filters.end, self._last + DAY))))
        posts = self.brands.posts_by_day(brand.brand_id, days)
        dates = days.astype("datetime64[D]")
        band = seasonal_band(pd.DataFrame({"day": dates, "value": posts}))
        expected, high = band["expected"].to_numpy(), band["high"].to_numpy()
        is_high = band["is_unusual"].to_numpy() & (posts > expected) & (posts >= LEAST_MENTIONS)
        for place in np.flatnonzero(is_high & (days >= day_number(self._filters.start))):
            whose = brand.brand_id, posts[place], expected[place], high[place], brand.name, self._is_ours(brand)
            yield dates[place], *whose

    def _say_what_drove(self, spikes: pd.DataFrame) -> list[str]:
        if spikes.empty:
            return []
        start, end = spikes["day"].min().date() - BEFORE, spikes["day"].max().date() + DAY
        by = ("day", "brand_id", "topic")
        rows = read_brand_topic_days(self._session, start=start, end=end, channels=self.brands.channels, by=by)
        held = _posts_by_day(rows)
        return [_sentence(_driving(held, row.brand_id, row.day)) for row in spikes.itertuples()]


def _frame(columns: Mapping[str, _Numbers]) -> pd.DataFrame:
    """The columns as they are: pandas would make texts of its own of objects."""
    return pd.DataFrame(
        {name: pd.Series(held, dtype="object") if held.dtype == "object" else held for name, held in columns.items()}
    )


def _choose_reach(counts: _Counts) -> str | None:
    """``reach`` or ``views``, whichever more mentions report; None where neither is reported."""
    reported = {name: int(counts[f"{name}_posts"].sum()) for name in ("reach", "views")}
    best = max(reported, key=lambda name: reported[name])
    return best if reported[best] else None


def _shares(values: _Numbers) -> _Numbers:
    """Each value as a share of its row, 0 to 1; NaN where the row has nothing."""
    every = np.nansum(values.astype("float64"), axis=1, keepdims=True)
    return np.asarray(values / np.where(every > 0, every, math.nan))


def _sentiment_of(rows: Mapping[str, Any] | pd.DataFrame) -> dict[str, _Numbers]:
    """How many mentions are scored, and their net sentiment, from ``positive``, ``neutral`` and ``negative``."""
    positive, neutral, negative = (np.asarray(rows[name]) for name in _SENTIMENT)
    scored = positive + neutral + negative
    return {"scored": scored, "net_sentiment": 100 * (positive - negative) / np.where(scored > 0, scored, math.nan)}


def _said_of(by_topic: pd.DataFrame, label: str, other: str) -> pd.DataFrame:
    """The topics of each brand with most mentions of ``label``, where these outweigh the ``other``."""
    is_said = (by_topic["scored"] >= LEAST_SCORED) & (by_topic[label] > by_topic[other])
    order = ["is_ours", "brand", label, "topic"]
    rows = by_topic[is_said].sort_values(order, ascending=[False, True, False, True], kind="stable")
    return rows.groupby("brand_id", sort=False).head(SHOWN).reset_index(drop=True)


#: Posts by brand, topic and day, as its ordinal.
_Held = dict[int, dict[str, dict[int, int]]]


def _day_numbers(days: "pd.Series[Any] | pd.DatetimeIndex") -> list[int]:
    """The ordinals of days."""
    numbers = days.to_numpy().astype("datetime64[D]").astype("int64") + date(1970, 1, 1).toordinal()
    return [int(number) for number in numbers]


def _posts_by_day(rows: pd.DataFrame) -> _Held:
    """The posts of each brand, topic and day, to look up."""
    held: _Held = {}
    columns = (_day_numbers(rows["day"]), *(rows[name].tolist() for name in ("brand_id", "topic", "posts")))
    for day, brand_id, topic, posts in zip(*columns, strict=True):
        held.setdefault(brand_id, {}).setdefault(topic, {})[day] = posts
    return held


def _driving(held: _Held, brand_id: int, day: date) -> list[tuple[str, int, float]]:
    """Topics of a brand's day by how much more it has of them than a day of the 28 before: topic, posts, usual."""
    found, number = [], day.toordinal()
    for topic, posts in held.get(brand_id, {}).items():
        if number in posts:
            before = sum(posts.get(other, 0) for other in range(number - BEFORE.days, number))
            found.append((topic, posts[number], before / BEFORE.days))
    return sorted(found, key=lambda row: (row[2] - row[1], row[0]))


def _sentence(topics: list[tuple[str, int, float]]) -> str:
    driving = [(topic, posts) for topic, posts, usual in topics if posts > 2 * usual and posts >= LEAST_POSTS]
    return "; ".join(f"{topic} in {posts:,} posts" for topic, posts in driving[:2])


def read_spike(session: Session, filters: Filters, brand_id: int, day: date, *, scope: Scope | None = None) -> Spike:
    """What a brand's day had more of than usual."""
    scope = scope or read_scope(session)
    channels = voice_channel_ids(scope, filters)
    by = ("day", "brand_id", "topic")
    rows = read_brand_topic_days(session, start=day - BEFORE, end=day + DAY, channels=channels, by=by)
    driving = _driving(_posts_by_day(rows), brand_id, day)
    is_muted = read_muted(session)
    since, start, end = (local_midnight(one, scope.time_zone) for one in (day - BEFORE, day, day + DAY))
    top = list_top_brand_post_ids(session, brand_id, since=start, until=end, channels=channels, limit=SHOWN)
    posts = list_posts_by_id(session, top)
    now = list_brand_texts(session, brand_id, since=start, until=end, channels=channels)
    before = list_brand_texts(session, brand_id, since=since, until=start, channels=channels)
    return Spike(
        brand_id=brand_id,
        day=day,
        topics=pd.DataFrame(driving[:SHOWN], columns=["topic", "posts", "usual"]),
        terms=_unmuted(distinguishing_terms(now, before, limit=50), "term", is_muted).head(SHOWN),
        posts=_unmuted(posts, "text", is_muted),
    )


def _unmuted(rows: pd.DataFrame, column: str, is_muted: Callable[[str], bool]) -> pd.DataFrame:
    return rows[~rows[column].map(is_muted).astype(bool)].reset_index(drop=True)
