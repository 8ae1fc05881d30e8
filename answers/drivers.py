"""What drove a day: the channels, words, posts and people that it had more of than usual."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers.filters import DAY, Filters
from answers.muted import read_muted
from answers.scope import Scope, channel_ids
from answers.topics import read_unusual_topics
from data_access.queries.activity import read_activity
from data_access.queries.people import list_top_people
from data_access.queries.posts import (
    list_newest_ids,
    list_posts_by_id,
    list_top_post_ids,
    list_top_tags,
    read_texts,
)
from metrics.baseline import WEEKS
from metrics.terms import distinguishing_terms

BEFORE = timedelta(days=28)
#: Of how many posts of a day, and of the days before, the words are compared.
TEXTS = 600
#: Of how many of the day's newest posts hashtags and the posts that got most are.
CANDIDATES = 3_000
#: The days before are looked at whole where they have no more posts than this.
MOST_BEFORE = 12_000
SHOWN = 5
#: A topic or hashtag that fewer posts hold drives no day.
LEAST_POSTS = 3


@dataclass(frozen=True)
class Drivers:
    """What a day had more of than usual; each frame most telling first and at most five rows.

    ``channels``: ``channel_id``, ``channel``, ``network``, ``posts``, ``expected`` (median of 8 same weekdays),
    ``extra``. ``tags``: ``tag``, ``posts``, ``usual`` (a day, over the 28 days before; in as many posts as were looked
    at). ``terms``: ``term``, ``score``, ``posts``, ``other_posts``, from ``TEXTS`` posts of the day and of
    the days before. ``topics``: ``topic``, ``posts``, ``usual`` (a day, over the 28 days before). ``people``:
    ``person_id``, ``name``, ``posts``, ``positive``, ``negative``, ``scored``. ``tags`` are of the newest
    ``CANDIDATES`` of the day's ``posts_of_day``; what is usual is of all ``posts_before`` up to ``MOST_BEFORE``, of
    more the newest ``CANDIDATES``.
    """

    day: date
    channels: pd.DataFrame = field(repr=False)
    tags: pd.DataFrame = field(repr=False)
    terms: pd.DataFrame = field(repr=False)
    topics: pd.DataFrame = field(repr=False)
    people: pd.DataFrame = field(repr=False)
    posts_of_day: int = 0
    posts_before: int = 0

    @property
    def bounds(self) -> str:
        """Of how many posts the words, hashtags and posts are, where that is not all; else empty."""
        parts = []
        if max(self.posts_of_day, self.posts_before) > TEXTS:
            now, before = min(self.posts_of_day, TEXTS), min(self.posts_before, TEXTS)
            parts.append(f"words compare the newest {now:,} posts of that day with the newest {before:,} before it")
        if self.posts_of_day > CANDIDATES:
            parts.append(f"hashtags and the posts that got most are of its newest {CANDIDATES:,}")
        if self.posts_before > MOST_BEFORE:
            parts.append(f"what is usual of a hashtag is estimated from the newest {CANDIDATES:,} posts before it")
        said = "; ".join(parts)
        return f"{said[0].upper()}{said[1:]}." if said else ""

    @cached_property
    def words(self) -> str:
        """The drivers as a sentence; empty where nothing stands out."""
        parts = []
        grown = self.channels[self.channels["extra"] > 0]
        if len(grown):
            row = grown.iloc[0]
            parts.append(f"{row['extra']:,.0f} more posts than usual in {row['channel']}")
        topics = self.topics[(self.topics["posts"] > 2 * self.topics["usual"]) & (self.topics["posts"] >= LEAST_POSTS)]
        parts += [f"{row.topic} in {_counted(row.posts)}" for row in topics.head(2).itertuples()]
        tags = self.tags[(self.tags["posts"] > 2 * self.tags["usual"]) & (self.tags["posts"] >= LEAST_POSTS)]
        parts += [f"#{row.tag} in {_counted(row.posts)}" for row in tags.head(2).itertuples()]
        terms = [term for term in self.terms["term"] if not term.startswith("#")][:3]
        if terms:
            parts.append("people say " + ", ".join(f"“{term}”" for term in terms))
        said = "; ".join(parts)
        return f"{said[:1].upper()}{said[1:]}." if said else ""


def _counted(posts: int) -> str:
    """A number of posts, in words.

    >>> _counted(1), _counted(1200)
    ('1 post', '1,200 posts')
    """
    return "1 post" if posts == 1 else f"{posts:,} posts"


def read_drivers(session: Session, filters: Filters, *, scope: Scope) -> Drivers:
    """What drove the first day of ``filters`` in their channels. Muted words are left out."""
    day, channels = filters.start, channel_ids(scope, filters)
    is_muted = read_muted(session)
    rows = _read_days(session, channels, day)
    now, before = (_count_posts(rows, start, end) for start, end in ((day, day + DAY), (day - BEFORE, day)))
    newest = list_newest_ids(session, start=day, end=day + DAY, channels=channels, limit=CANDIDATES)
    many = CANDIDATES if before > MOST_BEFORE else MOST_BEFORE
    earlier = list_newest_ids(session, start=day - BEFORE, end=day, channels=channels, limit=many)
    return Drivers(
        day=day,
        channels=_channels(rows, scope, channels, day),
        tags=_tags(session, newest, earlier, is_muted, looked_at=_part(now, CANDIDATES) / _part(before, many)),
        terms=_terms(session, newest[:TEXTS], earlier[:TEXTS], is_muted),
        topics=read_unusual_topics(session, Filters(day, day + DAY), before=BEFORE, channels=channels, limit=SHOWN),
        people=list_top_people(session, start=day, end=day + DAY, channels=channels, limit=SHOWN),
        posts_of_day=now,
        posts_before=before,
    )


def read_top_posts(session: Session, filters: Filters, *, scope: Scope) -> pd.DataFrame:
    """Of the newest ``CANDIDATES`` posts of the period those with most likes, replies and shares, at most five, with
    the columns of ``list_posts``. Those with muted words are left out."""
    channels = channel_ids(scope, filters)
    newest = list_newest_ids(session, start=filters.start, end=filters.end, channels=channels, limit=CANDIDATES)
    posts = list_posts_by_id(session, list_top_post_ids(session, newest, limit=SHOWN))
    return posts[~posts["text"].map(read_muted(session)).astype(bool)]


def _read_days(session: Session, channels: Collection[int], day: date) -> pd.DataFrame:
    """``day``, ``channel_id``, ``posts`` of a day and of the weeks before that say what is usual."""
    start, keys = day - timedelta(weeks=WEEKS), ("day", "channel_id")
    return read_activity(session, start=start, end=day + DAY, channels=channels, by=keys, counts=("posts",))


def _count_posts(rows: pd.DataFrame, start: date, end: date) -> int:
    is_inside = (rows["day"] >= pd.Timestamp(start)) & (rows["day"] < pd.Timestamp(end))
    return int(rows.loc[is_inside, "posts"].sum())


def _channels(rows: pd.DataFrame, scope: Scope, channels: Collection[int], day: date) -> pd.DataFrame:
    start = day - timedelta(weeks=WEEKS)
    weekdays = [start + timedelta(weeks=n) for n in range(WEEKS + 1)]
    places, found_in = np.unique(rows["channel_id"], return_inverse=True)
    weeks, rest = np.divmod((rows["day"] - pd.Timestamp(start)).dt.days.to_numpy(), 7)
    posts = np.zeros((len(places), len(weekdays)), dtype="int64")
    posts[found_in[rest == 0], weeks[rest == 0]] = rows["posts"].to_numpy()[rest == 0]
    first, _ = scope.days_of(channels)
    before = [n for n, weekday in enumerate(weekdays[:-1]) if weekday >= (first or day)]
    usual = np.median(posts[:, before], axis=1) if before else np.full(len(places), math.nan)
    names = scope.channels
    labels = dict(zip(names["id"].tolist(), zip(names["name"], names["network"], strict=True), strict=True))
    # plain rows: a day has few of them, and each step on a frame takes longer than all of them
    found = [
        (place, *labels[place], held, expected, held - expected)
        for place, held, expected in zip(places.tolist(), posts[:, -1].tolist(), usual.tolist(), strict=True)
        if place in labels
    ]
    found.sort(key=lambda row: (math.isnan(row[-1]), -row[-1], row[0]))
    columns = ["channel_id", "channel", "network", "posts", "expected", "extra"]
    kinds = dict(zip(columns, ("int64", "object", "object", "int64", "float64", "float64"), strict=True))
    return pd.DataFrame(found[:SHOWN], columns=columns).astype(kinds)


def _part(posts: int, most: int) -> float:
    """Which part of so many posts is looked at.

    >>> _part(0, 10), _part(40, 10)
    (1.0, 0.25)
    """
    return min(1.0, most / max(posts, 1))


def _tags(
    session: Session,
    newest: Collection[int],
    earlier: Collection[int],
    is_muted: Callable[[str], bool],
    *,
    looked_at: float,
) -> pd.DataFrame:
    """``looked_at``: the part of the day's posts that is looked at, for each part of those before."""
    now = list_top_tags(session, newest, limit=50)
    if now.empty:
        return pd.DataFrame({"tag": now["tag"], "posts": now["posts"], "usual": pd.Series(dtype="float64")})
    before = list_top_tags(session, earlier, limit=1_000)
    usual = dict(zip(before["tag"], (before["posts"] / BEFORE.days * looked_at).tolist(), strict=True))
    found = [
        (tag, posts, usual.get(tag, 0.0))
        for tag, posts in zip(now["tag"], now["posts"].tolist(), strict=True)
        if not is_muted(f"#{tag}")
    ]
    found.sort(key=lambda row: row[2] - row[1])
    kinds = {"tag": "object", "posts": "int64", "usual": "float64"}
    return pd.DataFrame(found[:SHOWN], columns=list(kinds)).astype(kinds)


def _terms(
    session: Session, newest: Collection[int], earlier: Collection[int], is_muted: Callable[[str], bool]
) -> pd.DataFrame:
    terms = distinguishing_terms(read_texts(session, newest).values(), read_texts(session, earlier).values(), limit=50)
    return terms[~terms["term"].map(is_muted).astype(bool)].reset_index(drop=True).head(SHOWN)
