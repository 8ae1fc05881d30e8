"""Volume, people, rates, response times, and what drew most attention."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypedDict

import numpy as np
import pandas as pd
from pyroaring import BitMap
from sqlmodel import Session

from answers.active_people import ActivePeople
from answers.bands import read_bands
from answers.catalogue import MetricAnswer, compute_metrics
from answers.filters import Filters
from answers.scope import Scope, channel_ids, read_scope
from answers.turn_times import read_day_times
from data_access.queries.activity import read_activity, read_hours
from data_access.queries.people import read_people_by_channel, read_writers
from data_access.queries.posts import (
    CANDIDATES,
    list_newest_ids,
    list_posts_by_id,
    list_top_links,
    list_top_post_ids,
    list_top_tags,
)
from metrics.participation import participation_split
from metrics.retention import monday_of, weekly_cohorts

NUMBERS = (
    *("posts", "people", "new_people", "comments", "questions", "team_posts"),
    *("audience_engagement", "engagement_rate_by_views", "engagement_rate_by_reach", "stickiness", "retention_day_7"),
    *("response_rate", "median_response_seconds", "mean_response_seconds", "p90_response_seconds"),
    *("median_business_response_seconds", "turns_opened", "turns_open"),
)
MINUTE, HOUR, DAY_SECONDS = 60, 3_600, 86_400
#: Upper ends of the response times, in words as people set targets.
RESPONSE_STEPS = (
    ("under 5 min", 5 * MINUTE),
    ("5 to 15 min", 15 * MINUTE),
    ("15 to 60 min", HOUR),
    ("1 to 4 h", 4 * HOUR),
    ("4 to 12 h", 12 * HOUR),
    ("12 to 24 h", DAY_SECONDS),
    ("1 to 3 d", 3 * DAY_SECONDS),
    ("over 3 d", None),
)
COHORT_WEEKS = 12
#: What can be asked for by itself.
PARTS = ("numbers", "volume", "where", "when", "response", "back", "writers", "top")
RESPONSE = ("turns_opened", "response_rate", "median_response_seconds", "mean_response_seconds", "p90_response_seconds")
BACK = ("new_people", "retention_day_7", "stickiness")
#: The numbers that come with a part.
NUMBERS_OF = {"response": RESPONSE, "back": BACK}


class Period(TypedDict):
    """What every query of a slice takes."""

    start: date
    end: date
    channels: tuple[int, ...]


@dataclass(frozen=True)
class Engagement:
    """What people did in the period.

    ``numbers``: by name of the metric. ``volume``: ``day``, ``value`` (posts), ``expected``, ``low``, ``high``,
    ``is_unusual``. ``by_network``: ``network``, ``posts``, ``people``, ``comments``, ``questions``. ``by_channel``: the
    same for ``channel_id``, ``channel``, ``network``, ``brand``. ``heatmap``: ``weekday`` (0 is Monday), ``hour``,
    ``posts``, ``posts_a_week``: all 168 rows, none where there are no posts. ``response_times``: ``step`` (words),
    ``seconds_from``, ``seconds_to`` (NaN: no end), ``turns``, ``share``. ``cohorts``: as
    ``metrics.retention.weekly_cohorts``, the last 12 weeks. ``participation``: as
    ``metrics.participation.participation_split``. ``top_posts``: columns of ``list_posts`` and ``engagements``;
    ``top_tags``: ``tag``, ``posts``, ``positive``, ``negative``; ``top_links``: ``url``, ``posts``; ``top_people``:
    ``person_id``, ``name``, ``posts``, ``positive``, ``negative``, ``scored``. ``considered``: of how many of the
    newest posts the lists of top posts, tags and links are made, and ``is_cut`` whether the period has more.
    """

    filters: Filters
    numbers: dict[str, MetricAnswer]
    volume: pd.DataFrame = field(repr=False)
    by_network: pd.DataFrame = field(repr=False)
    by_channel: pd.DataFrame = field(repr=False)
    heatmap: pd.DataFrame = field(repr=False)
    response_times: pd.DataFrame = field(repr=False)
    cohorts: pd.DataFrame = field(repr=False)
    participation: pd.DataFrame = field(repr=False)
    top_posts: pd.DataFrame = field(repr=False)
    top_tags: pd.DataFrame = field(repr=False)
    top_links: pd.DataFrame = field(repr=False)
    top_people: pd.DataFrame = field(repr=False)
    considered: int
    is_cut: bool


def read_engagement(
    session: Session, filters: Filters, *, parts: Collection[str] = PARTS, scope: Scope | None = None
) -> Engagement:
    """Everything the Engagement page shows, for a filter; of it only some ``parts``, where they are named: what belongs
    to others is empty."""
    scope = scope or read_scope(session)
    found: dict[str, Any] = dict.fromkeys(_FRAMES, pd.DataFrame()) | {"considered": 0, "is_cut": False}
    people = ActivePeople(session, channel_ids(scope, filters), filters.start, filters.end)
    for part in parts:
        if part == "back":
            found |= _read_back(session, filters, scope, people)
        elif part in _READERS:
            found |= _READERS[part](session, filters, scope)
    wanted = {name for part in parts for name in NUMBERS_OF.get(part, ())}
    names = [name for name in NUMBERS if "numbers" in parts or name in wanted]
    return Engagement(filters, compute_metrics(session, names, filters, scope=scope, people=people), **found)


def _period(filters: Filters, scope: Scope) -> Period:
    return Period(start=filters.start, end=filters.end, channels=channel_ids(scope, filters))


def _read_volume(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    return {"volume": read_bands(session, ["posts"], filters, scope=scope)["posts"]}


def _read_where(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    people = read_people_by_channel(session, **_period(filters, scope))
    by_channel = _by_channel(session, filters, scope, people)
    return {"by_channel": by_channel, "by_network": _by_network(by_channel, people)}


def _read_when(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    return {"heatmap": read_heatmap(session, filters, scope=scope)}


def _read_response(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    return {"response_times": read_response_times(session, filters, scope=scope)}


def _read_back(session: Session, filters: Filters, scope: Scope, people: ActivePeople) -> dict[str, Any]:
    # read here, what the numbers need as well: the cohorts go on from there
    people.by_day(filters.start, filters.end)
    people.before(filters.start)
    return {"cohorts": read_cohorts(session, filters, scope=scope, people=people)}


def _read_writers(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    histogram, most = read_writers(session, **_period(filters, scope))
    return {"participation": participation_split(histogram), "top_people": most}


def _read_top(session: Session, filters: Filters, scope: Scope) -> dict[str, Any]:
    period = _period(filters, scope)
    posts = int(read_activity(session, **period, by=(), counts=("posts",))["posts"].sum())
    newest = list_newest_ids(session, **period, limit=CANDIDATES)
    return {
        "top_posts": _describe_top(session, newest, limit=10),
        "top_tags": list_top_tags(session, newest),
        "top_links": list_top_links(session, newest),
        "considered": min(posts, CANDIDATES),
        "is_cut": posts > CANDIDATES,
    }


_READERS: dict[str, Callable[[Session, Filters, Scope], dict[str, Any]]] = {
    "volume": _read_volume,
    "where": _read_where,
    "when": _read_when,
    "response": _read_response,
    "writers": _read_writers,
    "top": _read_top,
}
_FRAMES = (
    *("volume", "by_network", "by_channel", "heatmap", "response_times", "cohorts", "participation"),
    *("top_posts", "top_tags", "top_links", "top_people"),
)


_SUMMED = ("posts", "comments", "questions", "positive", "neutral", "negative", "unscored")
_COUNTS = ["posts", "people", *_SUMMED[1:]]


def read_by_channel(session: Session, filters: Filters, *, scope: Scope) -> pd.DataFrame:
    """Inbound activity of the period by channel, most posts first: ``channel_id``, ``channel``, ``network``, ``brand``,
    ``posts``, ``people``, ``comments``, ``questions``, ``positive``, ``neutral``, ``negative``, ``unscored``."""
    return _by_channel(session, filters, scope, read_people_by_channel(session, **_period(filters, scope)))


def _by_channel(session: Session, filters: Filters, scope: Scope, people: dict[int, BitMap]) -> pd.DataFrame:
    rows = read_activity(session, **_period(filters, scope), by=("channel_id",), counts=_SUMMED)
    rows["people"] = [len(people.get(channel, ())) for channel in rows["channel_id"]]
    names = scope.channels.rename(columns={"id": "channel_id", "name": "channel"})
    named = rows.merge(names[["channel_id", "channel", "network", "brand"]], on="channel_id")
    ordered = named.sort_values(["posts", "channel_id"], ascending=[False, True], ignore_index=True)
    return ordered[["channel_id", "channel", "network", "brand", *_COUNTS]].astype({"people": "int64"})


def _by_network(by_channel: pd.DataFrame, people: dict[int, BitMap]) -> pd.DataFrame:
    """``by_channel`` by network; a person who writes on two networks counts on both, on two channels of one once."""
    sums = by_channel.groupby("network", as_index=False)[_COUNTS].sum()
    ids = by_channel.groupby("network")["channel_id"].agg(list)
    everyone = [BitMap().union(*[people.get(n, BitMap()) for n in ids[name]]) for name in sums["network"]]
    counted = sums.assign(people=pd.Series([len(members) for members in everyone], dtype="int64"))
    return counted.sort_values(["posts", "network"], ascending=[False, True], ignore_index=True)


def read_heatmap(session: Session, filters: Filters, *, scope: Scope) -> pd.DataFrame:
    """Inbound posts by local weekday (0 is Monday) and hour: ``weekday``, ``hour``, ``posts``, ``posts_a_week``: how
    many in a usual such hour, over the days with data. All 168 rows; none where there is no post."""
    rows = read_hours(session, start=filters.start, end=filters.end, channels=channel_ids(scope, filters))
    if rows.empty:
        columns = {"weekday": "int64", "hour": "int64", "posts": "int64", "posts_a_week": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})
    every = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    posts = rows.set_index(["weekday", "hour"])["posts"].reindex(every, fill_value=0).reset_index()
    seen = np.bincount([day.weekday() for day in _days_with_data(filters, scope)], minlength=7)
    return posts.assign(posts_a_week=posts["posts"] / np.maximum(seen[posts["weekday"]], 1))


def _days_with_data(filters: Filters, scope: Scope) -> list[date]:
    days = (filters.start + timedelta(days=n) for n in range(filters.days))
    first, last = scope.days_of(channel_ids(scope, filters))
    if first is None or last is None:
        return []
    return [day for day in days if first <= day <= last]


def read_response_times(session: Session, filters: Filters, *, scope: Scope, is_business: bool = False) -> pd.DataFrame:
    """The answered turns of the period by how long they took: ``step`` (words), ``seconds_from``, ``seconds_to`` (NaN:
    no end), ``turns``, ``share`` (0 to 1); empty where none was answered. ``is_business``: business hours only."""
    name = "business_seconds" if is_business else "response_seconds"
    seconds, many = (
        read_day_times(session, name, filters.start, filters.end, channel_ids(scope, filters))
        .cut(filters.start, filters.end)
        .T
    )
    ends = [float(end) if end is not None else np.inf for _, end in RESPONSE_STEPS]
    starts = [0.0, *ends[:-1]]
    turns = np.bincount(np.searchsorted(ends, seconds, side="right"), weights=many, minlength=len(ends))
    frame = pd.DataFrame(
        {
            "step": pd.Series([words for words, _ in RESPONSE_STEPS], dtype="object"),
            "seconds_from": starts,
            "seconds_to": [end if np.isfinite(end) else np.nan for end in ends],
            "turns": turns.astype("int64"),
            "share": turns / max(1, int(many.sum())),
        }
    )
    return frame if len(seconds) else frame.iloc[:0]


def read_cohorts(
    session: Session, filters: Filters, *, scope: Scope, people: ActivePeople | None = None
) -> pd.DataFrame:
    """Weekly cohorts of the last 12 weeks of the period, as ``metrics.retention.weekly_cohorts``, up to the end of the
    data. ``people``: what was read before of who was active in the filter's channels."""
    channels = channel_ids(scope, filters)
    _, last = scope.days_of(channels)
    end = min(filters.end, last + timedelta(days=1)) if last else filters.end
    start = max(filters.start, end - timedelta(weeks=COHORT_WEEKS))
    monday = monday_of(start)
    people = people or ActivePeople(session, channels, monday, end)
    # who came earlier stands on the day before, as if they had all come then
    active = {monday - timedelta(days=1): people.before(monday)} | people.by_day(monday, end)
    return weekly_cohorts(active, start, end)


def _describe_top(session: Session, candidates: Collection[int], *, limit: int) -> pd.DataFrame:
    """The posts that got most likes, replies and shares: the columns of ``list_posts`` and ``engagements``."""
    posts = list_posts_by_id(session, list_top_post_ids(session, candidates, limit=limit))
    counts = posts[["likes", "replies", "shares"]].fillna(0).astype("int64")
    return posts.assign(engagements=counts.sum(axis=1).astype("int64"))
