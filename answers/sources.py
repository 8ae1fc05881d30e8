"""How fresh each source is, on which days data is missing, and what was not brought in but would fill which number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session

from answers.catalogue import METRICS, Metric
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from data_access.importers import FORMATS
from data_access.queries.dated_rows import DatedKind, DatedSource, find_days_with_any, list_dated_sources
from data_access.queries.imports import list_freshness
from data_access.queries.sales import DEAL, OPEN_DEAL, ORDER
from data_access.queries.sources import find_newest_day, find_newest_import, list_held, list_source_days
from metrics.gaps import WEEKS, find_gaps, usual_weekdays

#: How many weeks of days are shown; as many again and the weeks that say what is usual are read.
SHOWN_WEEKS = 12
#: Beyond these, days are not looked at: a folder of thousands of exports has as many sources.
MOST_SOURCES = 50
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_ANY_TABLE = "any table (CSV, Excel, JSON ...)"
POSTED, GAP, QUIET = "posts", "missing", "quiet"
_DATED_LABELS = {
    DatedKind.ORDERS: "Orders",
    DatedKind.DEALS: "Deals",
    DatedKind.VISITS: "Visits",
    DatedKind.FEEDBACK: "Survey answers",
}


@dataclass(frozen=True)
class MissingData:
    """A kind of data of which there is none: what it is, the labels of the metrics that it fills, what else, and the
    labels of the formats that bring it."""

    name: str
    label: str
    fills: tuple[str, ...]
    shows: str
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """``sources``: ``network``, ``source``, ``channels``, ``posts``, ``first_day``, ``last_day``, ``gaps`` (days of the
    shown weeks), ``usual``, ``fresh`` (in words), ``file`` and ``imported_at`` (UTC; of the newest posts, None and NaT
    where not known). ``days``: ``name``, ``day``, ``posts``, ``state`` (posts, missing, quiet) of the shown weeks,
    without the ``silent`` sources (how many), which have nothing to show in them. ``last_day``: the newest day with
    posts of any source, today at the latest; None where there is none. ``dated_ahead``: the newest day after today with
    posts, None where there is none. ``others``: sources of orders, deals, visits and survey answers: ``kind``,
    ``network``, ``source``, ``last_day``, ``gaps`` and ``usual`` (NA and None where several sources bring the kind),
    ``fresh``, ``file``, ``imported_at``."""

    sources: pd.DataFrame = field(repr=False)
    days: pd.DataFrame = field(repr=False)
    missing: tuple[MissingData, ...]
    last_day: date | None
    silent: int = 0
    dated_ahead: date | None = None
    others: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)


@dataclass(frozen=True)
class _Kind:
    label: str
    is_of: Callable[[Metric], bool]
    shows: str
    formats: tuple[str, ...]


def _named(*names: str) -> Callable[[Metric], bool]:
    return lambda metric: metric.name in names


_TURNS = ("response", "turns")
_KINDS: dict[str, _Kind] = {
    "posts": _Kind(
        "Posts",
        lambda metric: metric.sold is None,
        "Today, Engagement, Sentiment, Influencers, Share of voice",
        ("slack", "mastodon", "bluesky", "reddit", "discourse", "table"),
    ),
    "answers": _Kind(
        "Posts of the team",
        lambda metric: metric.name.startswith("team_") or any(word in metric.name for word in _TURNS),
        "how fast people are answered, on Today and Engagement; Settings says which accounts are the team's",
        ("slack", "mastodon", "support_tweets", "table"),
    ),
    "orders": _Kind(
        "Orders",
        lambda metric: (
            metric.sold == ORDER
            or metric.sold == "either"
            or metric.name in ("extra_orders", "comes_before", "circle_change")
        ),
        "Revenue, customers and their value, whose circle buys",
        ("shopify_orders", "stripe_charges", "table"),
    ),
    "deals": _Kind(
        "Deals",
        lambda metric: metric.sold in (DEAL, OPEN_DEAL),
        "Organisations, the pipeline on Revenue",
        ("hubspot", "salesforce", "maven_crm", "table"),
    ),
    "emails": _Kind(
        "E-mail addresses of people",
        _named("attributed_revenue", "influenced_share"),
        "who is the same person in the community, the shop and the CRM; Journeys",
        ("hubspot", "salesforce", "shopify_orders", "table"),
    ),
    "visits": _Kind(
        "Visits of the website",
        _named("attributed_revenue", "influenced_share"),
        "the website's step in Journeys, campaigns in Revenue",
        ("access_log", "table"),
    ),
    "likes": _Kind(
        "Likes of posts",
        _named("likes_received", "audience_engagement"),
        "top posts on Engagement",
        ("mastodon", "bluesky", "x_api_v2", "social_insights", "table"),
    ),
    "shares": _Kind(
        "Shares of posts",
        _named("shares_received", "audience_engagement"),
        "top posts on Engagement",
        ("mastodon", "bluesky", "x_api_v2", "social_insights", "table"),
    ),
    "views": _Kind(
        "Views of posts",
        lambda metric: "by_views" in metric.name,
        "engagement rates on Engagement",
        ("x_api_v2", "social_insights", "table"),
    ),
    "reach": _Kind(
        "Reach of posts",
        lambda metric: "reach" in metric.name,
        "engagement rates on Engagement, share of voice by reach",
        ("social_insights", "table"),
    ),
    "followers": _Kind(
        "Followers of accounts",
        _named(),
        "followers on Influencers and Profile, whom to answer first on Today",
        ("mastodon", "bluesky", "x_api_v2", "table"),
    ),
    "feedback": _Kind(
        "Survey answers (NPS, satisfaction)",
        _named("engagement_score"),
        "what people answered, on their Profile",
        ("table",),
    ),
}
#: What is counted of sales says more of them than what they are compared with.
_FIRST_WHAT_IS_SOLD = sorted(METRICS, key=lambda metric: metric.sold is None)
#: Said of a store that holds posts; of one that holds none, the first of these says enough.
_OF_POSTS = ("answers", "likes", "shares", "views", "reach")


def read_sources(session: Session, *, scope: Scope | None = None, today: date | None = None) -> Sources:
    """The sources of posts, those with missing days first, then the stalest; those of other data; and what is not there
    at all. A day after ``today`` is of a post that is dated wrongly: no source is late against it."""
    scope = scope or read_scope(session)
    newest = scope.ahead_day or scope.last_post_day
    is_ahead = newest is not None and today is not None and newest > today
    last = (find_newest_day(session, today) or today) if is_ahead and today is not None else newest
    since = (last or date.today()) - timedelta(weeks=SHOWN_WEEKS + WEEKS) + timedelta(days=1)
    missing = list_missing(list_held(session))
    table = list_freshness(session)
    others = _read_others(session, scope, last, today)
    if last is None or table.empty:
        none = pd.DataFrame(columns=["name", "day", "posts", "state"])
        return Sources(table, none, missing, None, others=others)
    found = _walk(list_source_days(session, since), table.head(MOST_SOURCES), since, last)
    imports = [_find_import(session, scope, row.network, row.source) for row in table.head(MOST_SOURCES).itertuples()]
    rows = table.head(MOST_SOURCES).assign(
        gaps=[int(days["is_gap"].sum()) for days in found],
        usual=[describe_usual(usual_weekdays(days)) for days in found],
        fresh=[
            describe_freshness(days, row.last_day.date(), last)
            for days, row in zip(found, table.itertuples(), strict=False)
        ],
        file=pd.Series([None if one is None else one[0] for one in imports], dtype=object),
        imported_at=pd.to_datetime([None if one is None else one[1] for one in imports], utc=True),
    )
    order = rows.reset_index(drop=True).sort_values(["gaps", "last_day"], ascending=[False, True], kind="stable")
    is_drawn = [bool(found[place]["is_gap"].any() or found[place]["posts"].any()) for place in order.index]
    days = _shown_days([found[place] for place in order.index], order, is_drawn)
    silent = len(order) - sum(is_drawn)
    return Sources(order.reset_index(drop=True), days, missing, last, silent, newest if is_ahead else None, others)


def _read_others(session: Session, scope: Scope, posted: date | None, today: date | None) -> pd.DataFrame:
    """What comes in day by day beside posts, as of the newest day of any data (``posted``: of posts)."""
    zone = ZoneInfo(scope.time_zone)
    found = [(one, one.newest and one.newest.astimezone(zone).date()) for one in _dated(session)]
    days = [day for day in (posted, *(day for _, day in found)) if day is not None and (today is None or day <= today)]
    last = max(days, default=today or date.today())
    since = last - timedelta(weeks=SHOWN_WEEKS + WEEKS) + timedelta(days=1)
    window = [since + timedelta(days=number) for number in range((last - since).days + 1)]
    midnights = [local_midnight(day, scope.time_zone) for day in (*window, last + timedelta(days=1))]
    bounds = list(pairwise(midnights))
    rows = []
    for one, newest in found:
        row = {"kind": _DATED_LABELS[one.kind], "network": one.network, "source": one.source, "last_day": newest}
        gaps, usual = pd.NA, None
        fresh = "without days" if newest is None else _describe_silence(newest, last)
        if one.is_alone and newest is not None:
            has = find_days_with_any(session, one.kind, bounds)
            days = pd.DataFrame({"day": pd.to_datetime([day for day, any_ in zip(window, has, strict=True) if any_])})
            walked = _walk_days(days.assign(posts=1), last)
            gaps, usual = int(walked["is_gap"].sum()), describe_usual(usual_weekdays(walked))
            fresh = describe_freshness(walked, newest, last, what="data")
        rows.append(
            row | {"gaps": gaps, "usual": usual, "fresh": fresh, "file": one.file, "imported_at": one.imported_at}
        )
    columns = ["kind", "network", "source", "last_day", "gaps", "usual", "fresh", "file", "imported_at"]
    frame = pd.DataFrame(rows, columns=columns)
    times = {
        "last_day": pd.to_datetime(frame["last_day"]),
        "imported_at": pd.to_datetime(frame["imported_at"], utc=True),
    }
    return frame.assign(gaps=frame["gaps"].astype("Int64"), **times)


def _dated(session: Session) -> list[DatedSource]:
    return list_dated_sources(session, most=MOST_SOURCES)


def _walk_days(days: pd.DataFrame, last: date) -> pd.DataFrame:
    """The gaps of the shown weeks, of a source of whose days before the first of ``days`` nothing is known."""
    end = pd.Timestamp(last)
    first = days["day"].min() if len(days) else end
    found = find_gaps(days, first_day=first, last_day=end)
    return found[found["day"] > end - pd.Timedelta(weeks=SHOWN_WEEKS)]


def _walk(days: pd.DataFrame, table: pd.DataFrame, since: date, last: date) -> list[pd.DataFrame]:
    """The gaps of each source, in the order of the table, of the shown weeks."""
    by_source = dict(tuple(days.groupby(["network", "source"], sort=False)))
    none = days.iloc[:0]
    shown_from = pd.Timestamp(last - timedelta(weeks=SHOWN_WEEKS) + timedelta(days=1))
    found = []
    for row in table.itertuples():
        own = by_source.get((row.network, row.source), none)
        first = min(max(row.first_day, pd.Timestamp(since)), pd.Timestamp(last))
        gaps = find_gaps(own, first_day=first, last_day=pd.Timestamp(last))
        found.append(gaps[gaps["day"] >= shown_from])
    return found


def _find_import(session: Session, scope: Scope, network: str, source: str) -> tuple[str, pd.Timestamp] | None:
    """The newest import that brought posts of a source's newest day."""
    channels = scope.channels
    own = channels[(channels["network"] == network) & (channels["source"] == source)].dropna(subset="last_day")
    if own.empty:
        return None
    newest = own[own["last_day"] == own["last_day"].max()]
    since = newest["last_day"].iloc[0].tz_localize(scope.time_zone, ambiguous=True, nonexistent="shift_forward")
    return find_newest_import(session, newest["id"].astype(int).tolist(), since.to_pydatetime().astimezone(UTC))


def _shown_days(found: Sequence[pd.DataFrame], rows: pd.DataFrame, is_drawn: Sequence[bool]) -> pd.DataFrame:
    is_one = rows.groupby("network")["source"].transform("nunique") == 1
    names = [
        row.network if alone else f"{row.network} · {row.source}"
        for row, alone in zip(rows.itertuples(), is_one, strict=True)
    ]
    parts = [days.assign(name=name) for days, name, drawn in zip(found, names, is_drawn, strict=True) if drawn]
    if not parts:
        return pd.DataFrame(columns=["name", "day", "posts", "state"])
    every = pd.concat(parts, ignore_index=True)
    state = pd.Series(QUIET, index=every.index).mask(every["is_gap"], GAP).mask(every["posts"] > 0, POSTED)
    return every.assign(state=state)[["name", "day", "posts", "state"]]


def describe_usual(weekdays: Sequence[int]) -> str:
    """On which days data is usual, in words.

    >>> describe_usual([0, 1, 2, 3, 4]), describe_usual(range(7)), describe_usual([0, 3]), describe_usual([])
    ('on weekdays', 'every day', 'on Mondays and Thursdays', 'on no day in particular')
    """
    if len(weekdays) == 7:
        return "every day"
    if list(weekdays) == [0, 1, 2, 3, 4]:
        return "on weekdays"
    names = [_WEEKDAYS[day] for day in weekdays]
    if not names:
        return "on no day in particular"
    return "on " + " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def describe_freshness(days: pd.DataFrame, newest: date, last: date, *, what: str = "posts") -> str:
    """How fresh a source of ``what`` is whose days these are (``find_gaps``), in words: ``newest`` is its newest day,
    ``last`` that of all sources.

    >>> every = pd.DataFrame({"day": pd.date_range("2026-03-01", periods=3), "is_gap": [False, True, True]})
    >>> describe_freshness(every, date(2026, 3, 1), date(2026, 3, 3))
    'nothing for 2 days'
    >>> describe_freshness(every, date(2027, 1, 9), date(2026, 3, 3))
    'has posts to come: 9 Jan 2027'
    """
    words = _describe_silence(newest, last, what=what)
    after = days[days["day"] > pd.Timestamp(newest)]
    is_explained = newest >= last or (last - newest).days >= 7 * WEEKS or after["is_gap"].any()
    return words if is_explained else f"{words}, which is usual"


def _describe_silence(newest: date, last: date, *, what: str = "data") -> str:
    silent = (last - newest).days
    if silent < 0:
        return f"has {what} to come: {newest.day} {newest:%b %Y}"
    if not silent:
        return f"has the newest {what}"
    words = "nothing for 1 day" if silent == 1 else f"nothing for {silent:,} days"
    return words if silent < 7 * WEEKS else f"{words}: it seems to have ended"


def list_missing(held: dict[str, bool]) -> tuple[MissingData, ...]:
    """The kinds of data of which there is none, with the metrics that each would fill."""
    missing = [name for name in _KINDS if not held[name]]
    if not held["posts"]:
        missing = [name for name in missing if name not in _OF_POSTS]
    labels = {known.name: _ANY_TABLE if known.is_fallback else known.label for known in FORMATS}
    return tuple(
        MissingData(
            name,
            kind.label,
            tuple(metric.label for metric in _FIRST_WHAT_IS_SOLD if kind.is_of(metric)),
            kind.shows,
            tuple(labels[known] for known in kind.formats if known in labels),
        )
        for name, kind in ((name, _KINDS[name]) for name in missing)
    )
