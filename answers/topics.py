"""What is talked about, how people feel about it, and what one person likes and dislikes."""

from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, channel_ids, read_scope
from data_access.queries.topics import list_person_topics, read_topic_days
from data_access.topics import list_topic_rules
from metrics.scorecard import topic_trend

#: With fewer scored posts than this nobody can be said to like or dislike a topic.
LEAST_SCORED = 2
COUNTED = ("posts", "positive", "neutral", "negative")
COLUMNS = [
    *("topic", *COUNTED, "scored", "share", "net_sentiment"),
    *("before", "share_before", "net_sentiment_before", "change", "share_change", "net_sentiment_change"),
]


@dataclass(frozen=True)
class Topics:
    """What people spoke of in the period, and in the one of the same length before.

    ``by_topic``: most mentioned first, topics of a rule that nobody mentioned too: ``topic``, ``posts``, ``positive``,
    ``neutral``, ``negative``, ``scored`` (int64), ``share`` of the mentions of all topics (0 to 1), ``net_sentiment``
    (-100 to 100); the same of the period before: ``before`` (posts, float64), ``share_before``,
    ``net_sentiment_before``, all NaN where data does not reach back that far; and the changes from then to now:
    ``change`` (posts), ``share_change``, ``net_sentiment_change``. ``mentions``: of all topics together; a post counts
    once for each of its topics. ``rules``: how many topics Settings has.
    """

    filters: Filters
    mentions: int
    rules: int
    by_topic: pd.DataFrame = field(repr=False)


def read_topics(session: Session, filters: Filters, *, scope: Scope | None = None) -> Topics:
    """What is talked about in the period of a filter."""
    scope = scope or read_scope(session)
    rules = list_topic_rules(session)
    channels = channel_ids(scope, filters)
    now = _counts(session, filters, channels, list(rules))
    before = filters.previous()
    then = _counts(session, before, channels, now.index.tolist())
    first, _ = scope.days_of(channels)
    if first is None or before.start < first:
        then = then.astype("float64") * float("nan")
    by_topic = now.join(
        then[["posts", "share", "net_sentiment"]].rename(
            columns={"posts": "before", "share": "share_before", "net_sentiment": "net_sentiment_before"}
        )
    )
    by_topic["before"] = by_topic["before"].astype("float64")
    for change, new, old in (
        ("change", "posts", "before"),
        ("share_change", "share", "share_before"),
        ("net_sentiment_change", "net_sentiment", "net_sentiment_before"),
    ):
        by_topic[change] = by_topic[new] - by_topic[old]
    by_topic = by_topic.reset_index().sort_values(["posts", "topic"], ascending=[False, True], ignore_index=True)
    return Topics(filters, int(now["posts"].sum()), len(rules), by_topic[COLUMNS])


def list_topic_names(session: Session, filters: Filters, *, scope: Scope | None = None) -> list[str]:
    """The topics of ``Topics.by_topic``, in its order."""
    scope = scope or read_scope(session)
    rows = read_topic_days(session, start=filters.start, end=filters.end, channels=channel_ids(scope, filters))
    posts = dict.fromkeys(list_topic_rules(session), 0) | dict(zip(rows["topic"], rows["posts"], strict=True))
    return sorted(posts, key=lambda topic: (-posts[topic], topic))


def _counts(session: Session, filters: Filters, channels: tuple[int, ...], topics: list[str]) -> pd.DataFrame:
    """Counts, share and net sentiment by topic (the index): those that are mentioned, and ``topics``."""
    rows = read_topic_days(session, start=filters.start, end=filters.end, channels=channels).set_index("topic")
    every = sorted({*rows.index, *topics})
    rows = rows.reindex(pd.Index(every, name="topic", dtype="object"), fill_value=0)
    mentions = int(rows["posts"].sum())
    share = [topic_trend(int(posts), mentions) for posts in rows["posts"]]
    return _with_net(rows).assign(share=pd.Series(share, index=rows.index, dtype="float64"))


def _with_net(rows: pd.DataFrame) -> pd.DataFrame:
    scored = rows[["positive", "neutral", "negative"]].sum(axis=1).astype("int64")
    known = scored.where(scored > 0).astype("float64")
    return rows.assign(scored=scored, net_sentiment=100 * (rows["positive"] - rows["negative"]) / known)


def read_topic_trend(session: Session, filters: Filters, topic: str, *, scope: Scope | None = None) -> pd.DataFrame:
    """A topic by day: ``day`` (datetime64), ``value`` (posts about it, float64), ``share`` of the mentions of all
    topics (NaN on a day without any). Days of the period that lie outside the data are missing."""
    scope = scope or read_scope(session)
    channels = channel_ids(scope, filters)
    first, last = scope.days_of(channels)
    if first is None or last is None:
        none = {"day": "datetime64[us]", "value": "float64", "share": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in none.items()})
    rows = read_topic_days(session, start=filters.start, end=filters.end, channels=channels, by=("day", "topic"))
    every = pd.date_range(max(filters.start, first), min(filters.last_day, last), name="day", unit="us")
    mine = rows[rows["topic"] == topic].set_index("day")["posts"].reindex(every, fill_value=0)
    whole = rows.groupby("day")["posts"].sum().reindex(every, fill_value=0)
    share = (mine / whole.where(whole > 0)).astype("float64")
    return pd.DataFrame({"value": mine.astype("float64"), "share": share}).reset_index()


def read_unusual_topics(
    session: Session, filters: Filters, *, before: timedelta, channels: tuple[int, ...], limit: int
) -> pd.DataFrame:
    """Topics by how much more a day of the period has of them than a usual day of the time ``before`` it: ``topic``,
    ``posts``, ``usual`` (a day, float64)."""
    now = read_topic_days(session, start=filters.start, end=filters.end, channels=channels)
    then = read_topic_days(session, start=filters.start - before, end=filters.start, channels=channels)
    usual = dict(zip(then["topic"], (then["posts"] / before.days).tolist(), strict=True))
    found = [
        (topic, posts, usual.get(topic, 0.0)) for topic, posts in zip(now["topic"], now["posts"].tolist(), strict=True)
    ]
    found.sort(key=lambda row: row[2] * max(filters.days, 1) - row[1])
    kinds = {"topic": "object", "posts": "int64", "usual": "float64"}
    return pd.DataFrame(found[:limit], columns=list(kinds)).astype(kinds)


def read_person_topics(session: Session, person_id: int) -> pd.DataFrame:
    """What a person speaks of, most first, in their newest 5,000 posts: ``topic``, ``posts``, ``positive``,
    ``neutral``, ``negative``, ``scored`` (int64), ``net_sentiment`` (-100 to 100; NaN where nothing is scored),
    ``verdict``: ``likes`` where it is above 0 over at least two scored posts, ``dislikes`` where it is below, else
    None; ``last_at`` (UTC)."""
    rows = _with_net(list_person_topics(session, person_id))
    verdicts = [_verdict(int(scored), net) for scored, net in zip(rows["scored"], rows["net_sentiment"], strict=True)]
    found = rows.assign(verdict=pd.Series(verdicts, index=rows.index, dtype="object"))
    order = ["topic", *COUNTED, "scored", "net_sentiment", "verdict", "last_at"]
    return found.sort_values(["posts", "topic"], ascending=[False, True], ignore_index=True)[order]


def _verdict(scored: int, net_sentiment: float) -> str | None:
    """
    >>> _verdict(1, 100.0), _verdict(2, 50.0), _verdict(3, -33.3), _verdict(2, 0.0)
    (None, 'likes', 'dislikes', None)
    """
    if scored < LEAST_SCORED or not net_sentiment:
        return None
    return "likes" if net_sentiment > 0 else "dislikes"
