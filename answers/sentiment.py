"""How people feel, where, about what, and how far the scorer can be trusted."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.bands import read_bands
from answers.catalogue import MetricAnswer, compute_metrics
from answers.engagement import read_by_channel
from answers.filters import Filters
from answers.muted import read_muted
from answers.scope import Scope, channel_ids, read_scope
from data_access.queries.activity import read_activity
from data_access.queries.coverage import list_relabelled
from data_access.queries.posts import list_texts
from metrics.sentiment import Agreement, agreement
from metrics.terms import distinguishing_terms

NUMBERS = ("net_sentiment", "positive_posts", "neutral_posts", "negative_posts", "negative_share", "scored_share")
LABELS = ("positive", "neutral", "negative")
#: Of how many of the newest posts with a label the likes and dislikes are made.
TEXTS = 2_000
#: With more days than this the trend is of weeks: a line of so many days shows nothing but their scatter.
MOST_TREND_DAYS = 120
GROUPS = ("channel", "network", "brand")
#: What can be asked for by itself.
PARTS = ("trend", "where", "likes", "days", "scorer")


@dataclass(frozen=True)
class Sentiment:
    """How people felt in the period.

    ``numbers``: by name of the metric. ``trend_unit``: day, or week where more than ``MOST_TREND_DAYS`` have data.
    ``trend``: net sentiment by day: ``day``, ``value``, ``expected``, ``low``, ``high``, ``is_unusual``; by week:
    ``day`` (the first one of it in the period), ``value`` (over all posts of the week, so that each counts alike),
    ``posts`` (scored, int64) and ``days`` (of the period, int64). ``by_day``: ``day``, ``positive``, ``neutral``,
    ``negative``, ``unscored`` (posts), days without posts as 0. ``by_channel``, ``by_network``, ``by_brand``:
    ``channel`` (with ``channel_id``), ``network`` or ``brand`` ("no brand" where none); the four counts, ``scored``,
    ``net_sentiment``, ``negative_share``.
    ``likes``, ``dislikes``: ``term`` (word or #hashtag), ``score``, ``posts``, ``other_posts``: what positive posts say
    more than negative ones, and the reverse. ``texts``: how many posts those rest on. ``scorer``: how right it is on
    the posts that people relabelled.
    """

    filters: Filters
    numbers: dict[str, MetricAnswer]
    trend: pd.DataFrame = field(repr=False)
    by_day: pd.DataFrame = field(repr=False)
    by_channel: pd.DataFrame = field(repr=False)
    by_network: pd.DataFrame = field(repr=False)
    by_brand: pd.DataFrame = field(repr=False)
    likes: pd.DataFrame = field(repr=False)
    dislikes: pd.DataFrame = field(repr=False)
    texts: int
    scorer: Agreement
    trend_unit: str = "day"

    def trend_days(self, start: date) -> tuple[date, date]:
        """The day or week of the trend that begins with ``start``, up to the day after it."""
        if self.trend_unit == "day":
            return start, start + timedelta(days=1)
        days = self.trend.loc[self.trend["day"] == pd.Timestamp(start), "days"]
        return start, start + timedelta(days=int(days.max()) if len(days) else 7)

    @property
    def coverage(self) -> str:
        """On which part of the posts all this rests, in words."""
        return self.numbers["scored_share"].coverage


def read_sentiment(
    session: Session, filters: Filters, *, parts: Collection[str] = PARTS, scope: Scope | None = None
) -> Sentiment:
    """Everything the Sentiment page shows, for a filter; of it only some ``parts``, where they are named: what belongs
    to others is empty."""
    scope = scope or read_scope(session)
    found: dict[str, Any] = dict.fromkeys(_FRAMES, pd.DataFrame())
    found |= {"numbers": {}, "texts": 0, "scorer": agreement(_NOTHING_RELABELLED)}
    for part in parts:
        found |= _READERS[part](session, filters, scope)
    return Sentiment(filters, **found)


def _read_trend(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    first, last = _known_days(filters, scope)
    numbers = compute_metrics(session, NUMBERS, filters, scope=scope)
    if (last - first).days + 1 <= MOST_TREND_DAYS:
        trend = read_bands(session, ["net_sentiment"], filters, scope=scope)["net_sentiment"]
        return {"numbers": numbers, "trend": trend}
    known = filters.between(first, last + timedelta(days=1))
    weekly = compute_metrics(session, ["net_sentiment"], known, "week", scope=scope, compare=False)
    return {"numbers": numbers, "trend": _by_week(weekly["net_sentiment"].series, first), "trend_unit": "week"}


def _known_days(filters: Filters, scope: Scope) -> tuple[date, date]:
    """The first and the last day of the period that lie within the data of its channels; of the period where none is
    known."""
    first, last = scope.days_of(channel_ids(scope, filters))
    if first is None or last is None:
        return filters.start, filters.last_day
    return max(filters.start, first), min(filters.last_day, last)


def _by_week(series: pd.DataFrame, first: date) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "day": series["period"].clip(lower=pd.Timestamp(first)),
            "value": series["value"],
            "posts": series["denominator"].fillna(0).astype("int64"),
            "days": series["days"],
        }
    )


def _read_where(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    by_channel = read_by_channel(session, filters, scope=scope).assign(
        brand=lambda rows: rows["brand"].fillna("no brand")
    )
    return {
        "by_channel": _grouped(by_channel, ["channel_id", "channel", "network"]),
        "by_network": _grouped(by_channel, ["network"]),
        "by_brand": _grouped(by_channel, ["brand"]),
    }


def _read_terms(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    return dict(zip(("likes", "dislikes", "texts"), read_likes(session, filters, scope=scope), strict=True))


def _read_days(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    return {"by_day": _by_day(session, filters, scope)}


def _read_scorer(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    return {"scorer": agreement(list_relabelled(session, channels=channel_ids(scope, filters)))}


_READERS: dict[str, Callable[[Session, Filters, Scope], dict[str, Any]]] = {
    "trend": _read_trend,
    "where": _read_where,
    "likes": _read_terms,
    "days": _read_days,
    "scorer": _read_scorer,
}
_FRAMES = ("trend", "by_day", "by_channel", "by_network", "by_brand", "likes", "dislikes")
_NOTHING_RELABELLED = pd.DataFrame({"label": pd.Series(dtype="object"), "model_label": pd.Series(dtype="object")})


def _by_day(session: Session, filters: Filters, scope: Scope) -> pd.DataFrame:
    names = [*LABELS, "unscored"]
    channels = channel_ids(scope, filters)
    rows = read_activity(session, start=filters.start, end=filters.end, channels=channels, counts=tuple(names))
    first, last = scope.days_of(channels)
    if first is None or last is None:
        return rows[["day", *names]]
    start, end = max(filters.start, first), min(filters.last_day, last)
    every = pd.date_range(start, end, name="day", unit="us")
    return rows.set_index("day")[names].reindex(every, fill_value=0).reset_index()


def _grouped(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    counts = rows.groupby(keys, as_index=False)[[*LABELS, "unscored"]].sum()
    scored = counts[list(LABELS)].sum(axis=1)
    known = scored.where(scored > 0).astype("float64")
    found = counts.assign(
        scored=scored.astype("int64"),
        net_sentiment=100 * (counts["positive"] - counts["negative"]) / known,
        negative_share=counts["negative"] / known,
    )
    order = found.assign(total=scored + counts["unscored"]).sort_values(
        ["total", *keys], ascending=False, kind="stable"
    )
    return order.drop(columns="total").reset_index(drop=True)


def read_likes(session: Session, filters: Filters, *, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """What positive posts say more than negative ones, the reverse, and how many posts both rest on: of each label the
    newest thousand of the period. Muted words are left out."""
    found = {}
    for label in ("positive", "negative"):
        found[label] = list_texts(
            session,
            start=filters.start,
            end=filters.end,
            channels=channel_ids(scope, filters),
            limit=TEXTS // 2,
            labels=[label],
        )
    is_muted = read_muted(session)
    likes = distinguishing_terms(found["positive"], found["negative"], limit=40)
    dislikes = distinguishing_terms(found["negative"], found["positive"], limit=40)
    kept = [terms[~terms["term"].map(is_muted).astype(bool)] for terms in (likes, dislikes)]
    likes, dislikes = (terms.reset_index(drop=True).head(15) for terms in kept)
    return likes, dislikes, sum(len(texts) for texts in found.values())
