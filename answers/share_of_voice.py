"""Us and the competitors: who is talked about, by how many, over time and by topic, and what drove the spikes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd
from pyroaring import BitMap
from sqlmodel import Session

from answers.bands import HISTORY
from answers.brands import Voices, read_voices, voice_channel_ids
from answers.filters import DAY, Filters
from answers.muted import read_muted
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from answers.slices import buckets
from data_access.queries.brands import (
    COUNTS,
    list_brand_texts,
    list_top_brand_post_ids,
    read_brand_days,
    read_brand_people,
    read_brand_topic_days,
)
from data_access.queries.posts import list_posts_by_id
from data_access.topics import list_topic_rules
from metrics.baseline import seasonal_band
from metrics.ratios import ratio
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


#: What the page shows one at a time.
PARTS = ("over_time", "topics", "spikes")


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
    return replace(reading.answer(), **{name: frame for part in PARTS for name, frame in reading.part(part).items()})


def read_brands_compared(
    session: Session, filters: Filters, by: str | None = None, *, scope: Scope | None = None
) -> ShareOfVoice:
    """The same without its parts, of which the page shows one at a time: these are empty."""
    return _Reading(session, filters, scope or read_scope(session), by or choose_by(filters)).answer()


def read_voice_part(
    session: Session, filters: Filters, by: str, part: str, *, scope: Scope | None = None
) -> dict[str, pd.DataFrame]:
    """One of ``PARTS``: the frames of ``ShareOfVoice`` that belong to it, by name."""
    return _Reading(session, filters, scope or read_scope(session), by).part(part)


class _Reading:
    """The rollups of one filter, each read once."""

    def __init__(self, session: Session, filters: Filters, scope: Scope, by: str) -> None:
        self._session = session
        self._filters = filters
        self._by = by
        self._voices = read_voices(session, filters)
        self._ids = [brand.brand_id for brand in self._voices.all]
        self._channels = voice_channel_ids(scope, filters)
        self._first, self._last = scope.days_of(self._channels)
        start = min(filters.previous().start, filters.start - HISTORY)
        self._days = self._of_voices(
            read_brand_days(session, start=start, end=filters.end, channels=self._channels, by=("day", "brand_id"))
        )
        self._reach_of = self._choose_reach()

    @cached_property
    def _people(self) -> pd.DataFrame:
        period = {"start": self._filters.start, "end": self._filters.end}
        return self._of_voices(read_brand_people(self._session, **period, channels=self._channels))

    def _of_voices(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["brand_id"].isin(self._ids)]

    def _choose_reach(self) -> str | None:
        now = self._sums(self._filters.start, self._filters.end)
        reported = {name: int(now[f"{name}_posts"].sum()) for name in ("reach", "views")}
        best = max(reported, key=lambda name: reported[name])
        return best if reported[best] else None

    def answer(self) -> ShareOfVoice:
        return ShareOfVoice(
            filters=self._filters,
            voices=self._voices,
            by=self._by,
            reach_of=self._reach_of,
            topics=len(list_topic_rules(self._session)),
            by_brand=self._by_brand(),
            **{name: pd.DataFrame() for name in ("over_time", "by_topic", "praised", "blamed", "spikes")},
        )

    def part(self, part: str) -> dict[str, pd.DataFrame]:
        """The frames of a part, by name."""
        if part == "over_time":
            return {"over_time": self._over_time()}
        if part == "spikes":
            return {"spikes": self._spikes()}
        by_topic = self._by_topic()
        said = {"praised": ("positive", "negative"), "blamed": ("negative", "positive")}
        return {"by_topic": by_topic} | {name: _said_of(by_topic, *labels) for name, labels in said.items()}

    def _sums(self, start: date, end: date) -> pd.DataFrame:
        """Counts by brand (the index), every brand."""
        return self._counts(start, end).set_index("brand_id")[list(COUNTS)]

    def _counts(self, start: date, end: date) -> pd.DataFrame:
        """Counts by brand, every brand, a row each."""
        first, last = self._days["day"].searchsorted([pd.Timestamp(start), pd.Timestamp(end)])
        rows = self._days.iloc[first:last].groupby("brand_id")[list(COUNTS)].sum()
        return rows.reindex(pd.Index(self._ids, name="brand_id", dtype="int64"), fill_value=0).reset_index()

    def _measures(self, rows: pd.DataFrame, people: pd.Series, keys: list[str]) -> pd.DataFrame:
        """The measures in rows of counts: with their shares of those rows that have the same ``keys``, and the
        sentiment. ``people`` is by the index of ``rows``."""
        reach_of = self._reach_of or "reach"
        found = rows[[*keys, "brand_id"]].merge(_named(self._voices).reset_index(), on="brand_id")
        found["mentions"] = rows["posts"].to_numpy()
        found["people"] = people.to_numpy(dtype="int64")
        reporting = rows[f"{reach_of}_posts"].to_numpy()
        found["reach"] = rows[reach_of].astype("float64").where(reporting > 0).to_numpy()
        found["reach_posts"] = reporting
        for name in MEASURES:
            values = found[name].astype("float64")
            every = found.groupby(keys)[name].transform("sum") if keys else pd.Series(values.sum(), index=found.index)
            found[f"{name}_share"] = values / every.astype("float64").where(every > 0)
        found[_SENTIMENT] = rows[_SENTIMENT].to_numpy()
        return _with_net(found)

    def _by_brand(self) -> pd.DataFrame:
        rows = self._counts(self._filters.start, self._filters.end)
        named = (
            self._people.groupby("brand_id")["people"].agg(_distinct) if len(self._people) else pd.Series(dtype="int64")
        )
        now = self._measures(rows, rows["brand_id"].map(named).fillna(0), [])
        before = self._filters.previous()
        then = self._sums(before.start, before.end)["posts"].astype("float64")
        if self._first is None or before.start < self._first:
            then = then * float("nan")
        total = float(then.sum()) if then.notna().any() else float("nan")
        now["mentions_before"] = then.to_numpy()
        now["mentions_share_before"] = pd.Series([ratio(value, total) for value in then], dtype="float64")
        for name in ("mentions", "mentions_share"):
            now[f"{name}_change"] = now[name] - now[f"{name}_before"]
        order = ["is_ours", "mentions", "brand"]
        return now.sort_values(order, ascending=[False, False, True], ignore_index=True)

    def _over_time(self) -> pd.DataFrame:
        """Days after the end of the data, and before its beginning, are left out."""
        start, end = self._filters.start, self._filters.start
        if self._first is not None and self._last is not None:
            start, end = max(start, self._first), min(self._filters.end, self._last + DAY)
        periods = pd.DataFrame(list(buckets(start, end, self._by)), columns=["period", "start", "end"])
        periods["period"] = periods["period"].astype("datetime64[us]")
        grid = pd.MultiIndex.from_product([periods["period"], self._ids], names=["period", "brand_id"])
        days = _in_periods(self._days, periods)
        rows = days.groupby(["period", "brand_id"])[list(COUNTS)].sum().reindex(grid, fill_value=0).reset_index()
        people = _in_periods(self._people, periods).groupby(["period", "brand_id"])["people"]
        named = {key: _distinct(group) for key, group in people}
        counted = pd.Series([named.get(key, 0) for key in grid], dtype="int64")
        return self._measures(rows.astype(grid.dtypes), counted, ["period"]).merge(periods, on="period")

    def _by_topic(self) -> pd.DataFrame:
        rows = self._of_voices(
            read_brand_topic_days(
                self._session, start=self._filters.start, end=self._filters.end, channels=self._channels
            )
        )
        every = self._sums(self._filters.start, self._filters.end)["posts"]
        found = _with_net(rows.rename(columns={"posts": "mentions"}))
        found["share"] = (found["mentions"] / found["brand_id"].map(every)).astype("float64")
        found = found.merge(_named(self._voices).reset_index(), on="brand_id")
        order = ["topic", "is_ours", "brand"]
        return found.sort_values(order, ascending=[True, False, True], ignore_index=True)

    def _spikes(self) -> pd.DataFrame:
        bands = [self._band(brand) for brand in self._ids] if self._first is not None else []
        found = pd.concat(bands, ignore_index=True) if bands else _no_spikes()
        found = found.merge(_named(self._voices).reset_index(), on="brand_id")
        order = ["day", "is_ours", "mentions", "brand_id"]
        found = found.sort_values(order, ascending=[False, False, False, True], ignore_index=True).head(MOST_SPIKES)
        return found.assign(words=pd.Series(self._say_what_drove(found), index=found.index, dtype="object"))

    def _band(self, brand_id: int) -> pd.DataFrame:
        """The days of the period on which a brand is named more than usual."""
        assert self._first is not None
        assert self._last is not None
        start = max(self._filters.start - HISTORY, self._first)
        every = pd.date_range(start, min(self._filters.last_day, self._last), name="day", unit="us")
        mine = self._days[self._days["brand_id"] == brand_id]
        posts = dict(zip(_day_numbers(mine["day"]), mine["posts"].tolist(), strict=True))
        values = [posts.get(number, 0) for number in _day_numbers(every)]
        band = seasonal_band(pd.DataFrame({"day": every, "value": values}))
        is_high = band["is_unusual"] & (band["value"] > band["expected"]) & (band["value"] >= LEAST_MENTIONS)
        band = band[is_high & (band["day"] >= pd.Timestamp(self._filters.start))]
        found = band.rename(columns={"value": "mentions"}).assign(brand_id=brand_id)
        return found[["day", "brand_id", "mentions", "expected", "high"]].astype({"mentions": "int64"})

    def _say_what_drove(self, spikes: pd.DataFrame) -> list[str]:
        if spikes.empty:
            return []
        start, end = spikes["day"].min().date() - BEFORE, spikes["day"].max().date() + DAY
        by = ("day", "brand_id", "topic")
        rows = read_brand_topic_days(self._session, start=start, end=end, channels=self._channels, by=by)
        held = _posts_by_day(rows)
        return [_sentence(_driving(held, row.brand_id, row.day)) for row in spikes.itertuples()]


def _named(voices: Voices) -> pd.DataFrame:
    """``brand`` and ``is_ours`` by brand (the index)."""
    ids = pd.Index([brand.brand_id for brand in voices.all], name="brand_id", dtype="int64")
    names = pd.Series([brand.name for brand in voices.all], index=ids, dtype="object")
    return pd.DataFrame({"brand": names, "is_ours": pd.Series(ids.isin(voices.our_ids), index=ids, dtype="bool")})


def _in_periods(rows: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """The rows whose day lies in one of the periods (ascending, ``start`` to ``end``), with its name as ``period``."""
    ends = periods["end"].astype("datetime64[us]").to_numpy()
    first = periods["start"].astype("datetime64[us]").min()
    inside = rows[(rows["day"] >= first) & (rows["day"] < periods["end"].astype("datetime64[us]").max())]
    place = ends.searchsorted(inside["day"].to_numpy(), side="right")
    return inside.assign(period=periods["period"].to_numpy()[place])


def _distinct(bitmaps: "pd.Series[Any]") -> int:
    return len(BitMap.union(BitMap(), *bitmaps))


def _no_spikes() -> pd.DataFrame:
    kinds = {
        "day": "datetime64[us]",
        "brand_id": "int64",
        "mentions": "int64",
        "expected": "float64",
        "high": "float64",
    }
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _with_net(rows: pd.DataFrame) -> pd.DataFrame:
    scored = rows[_SENTIMENT].sum(axis=1).astype("int64")
    known = scored.where(scored > 0).astype("float64")
    return rows.assign(scored=scored, net_sentiment=100 * (rows["positive"] - rows["negative"]) / known)


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
