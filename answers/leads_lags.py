"""Does what people say, or how much, come before what they buy?"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, channel_ids, read_scope
from data_access.queries.activity import read_activity
from data_access.queries.credit import read_sale_counts
from data_access.queries.sales import ORDER as ORDER_SALE
from metrics.leads_lags import cross_correlations, leads_lags
from metrics.retention import monday_of
from metrics.touch_journeys import LOOKBACKS

POSTS, SENTIMENT, ORDERS = "posts", "net_sentiment", "orders"
NAMES = {POSTS: "Posts", SENTIMENT: "Net sentiment", ORDERS: "Orders"}
PAIRS = ((POSTS, ORDERS), (SENTIMENT, ORDERS))
MOST_LAG_WEEKS = 8


@dataclass(frozen=True)
class LeadsLagsAnswer:
    """Whole weeks of which both talk and sales are known.

    ``weeks``: ``week`` (datetime64: its Monday), ``posts``, ``net_sentiment`` (NaN in a week without scored posts),
    ``orders``. ``tests``: as ``metrics.leads_lags.LeadsLags``. ``correlations``: by the leading name (posts,
    net_sentiment), as ``cross_correlations`` with orders. ``sentences``: what can be said, one a direction;
    ``why_empty``: why nothing can.
    """

    filters: Filters
    weeks: pd.DataFrame = field(repr=False)
    tests: pd.DataFrame = field(repr=False)
    correlations: dict[str, pd.DataFrame] = field(repr=False)
    sentences: tuple[str, ...]
    changes: int
    why_empty: str = ""


def read_leads_lags(session: Session, filters: Filters, *, scope: Scope | None = None) -> LeadsLagsAnswer:
    """Whether the filter's channels' volume or sentiment comes before orders, or after, in all whole weeks of the
    filter's period."""
    scope = scope or read_scope(session)
    weeks = read_weeks(session, filters, scope=scope)
    found = leads_lags(weeks, PAIRS)
    why = found.why_empty if len(weeks) else "There are no whole weeks of which both posts and orders are known."
    return LeadsLagsAnswer(
        filters=filters,
        weeks=weeks,
        tests=found.tests,
        correlations={name: cross_correlations(weeks, name, ORDERS, most=MOST_LAG_WEEKS) for name, _ in PAIRS},
        sentences=() if why else tuple(describe_directions(found.tests)),
        changes=found.changes,
        why_empty=why.replace(SENTIMENT, NAMES[SENTIMENT].lower()),
    )


def read_weeks(session: Session, filters: Filters, *, scope: Scope) -> pd.DataFrame:
    """Whole local weeks from Monday: ``week``, ``posts``, ``net_sentiment``, ``orders``; no week where there is no
    order."""
    sold = read_sale_counts(
        session, sale_kind=ORDER_SALE, lookback_days=min(LOOKBACKS), start=filters.start, end=filters.end
    )
    channels = channel_ids(scope, filters)
    days = read_activity(session, start=filters.start, end=filters.end, channels=channels)
    if sold.empty or days.empty:
        return _weeks_of(days.iloc[:0], sold.iloc[:0], [])
    first = max(days["day"].min(), sold["day"].min()).date()
    last = min(days["day"].max(), sold["day"].max()).date()
    return _weeks_of(days, sold, _mondays(first, last))


def _mondays(first: date, last: date) -> list[date]:
    """Of the weeks that lie wholly within the days from ``first`` to ``last``."""
    start = monday_of(first + timedelta(days=6))
    weeks = ((last - start).days + 1) // 7
    return [start + timedelta(weeks=week) for week in range(max(weeks, 0))]


def _weeks_of(days: pd.DataFrame, sold: pd.DataFrame, mondays: list[date]) -> pd.DataFrame:
    index = pd.DatetimeIndex(pd.to_datetime(pd.Series(mondays, dtype="datetime64[us]")), name="week")
    monday = days["day"] - pd.to_timedelta(days["day"].dt.day_of_week, unit="D")
    sums = days.groupby(monday)[["posts", "positive", "neutral", "negative"]].sum().reindex(index, fill_value=0)
    scored = sums["positive"] + sums["neutral"] + sums["negative"]
    net = 100 * (sums["positive"] - sums["negative"]) / scored.where(scored > 0)
    orders = sold.groupby(sold["day"] - pd.to_timedelta(sold["day"].dt.day_of_week, unit="D"))["sales"].sum()
    frame = pd.DataFrame(
        {POSTS: sums["posts"], SENTIMENT: net, ORDERS: orders.reindex(index, fill_value=0)}, index=index
    )
    return frame.astype({POSTS: "int64", SENTIMENT: "float64", ORDERS: "int64"}).reset_index()


def describe_directions(tests: pd.DataFrame) -> list[str]:
    """For each direction what can be said, in a sentence."""
    return [
        describe_direction(str(leader), str(follower), rows)
        for (leader, follower), rows in tests.groupby(["leader", "follower"], sort=False)
    ]


def describe_direction(leader: str, follower: str, tests: pd.DataFrame) -> str:
    """Whether ``leader`` comes before ``follower``, in a sentence.

    >>> tests = pd.DataFrame({"lags": [1, 2], "adjusted_p": [0.5, 0.002], "comes_before": [False, True]})
    >>> describe_direction("posts", "orders", tests)
    'Posts come before orders: changes of the 2 weeks before help to tell the next change (p 0.002, corrected).'
    """
    best = tests.loc[tests["adjusted_p"].idxmin()]
    verb = "comes" if leader == SENTIMENT else "come"
    names = f"{NAMES[leader]} {verb}"
    if not bool(best["comes_before"]):
        return f"No sign in {len(tests)} tests that {names.lower()} before {NAMES[follower].lower()}."
    weeks = f"{int(best['lags'])} weeks" if best["lags"] > 1 else "week"
    p = f"p {best['adjusted_p']:.3f}" if best["adjusted_p"] >= 0.001 else "p below 0.001"
    return (
        f"{names} before {NAMES[follower].lower()}: changes of the {weeks} before help to tell the next change "
        f"({p}, corrected)."
    )
