"""The metric catalogue: the one place that says what each number is, and the one way to compute it.

The dictionary page, the tooltips, the command line and the pages all read this.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers import measures, sold
from answers.active_people import ActivePeople
from answers.brand_days import BrandDays
from answers.filters import Filters
from answers.measures import Figure
from answers.scope import Scope, read_scope
from answers.slices import Rollups, Slice, buckets, is_outside
from data_access.queries.sales import DEAL, OPEN_DEAL, ORDER

COUNT, SHARE, POINTS, SECONDS, MONEY = "count", "share", "points", "seconds", "money"
UP, DOWN, NEITHER = "up", "down", "neither"

INBOUND = "inbound posts in our brands' channels, or in those that the filters name"
NOT_PUBLIC = "posts of the team, of bots and of muted accounts"
NAMING = "inbound posts, of all channels or of those that the filters name, that hold words of a brand"
UNNAMED = f"{NOT_PUBLIC}; posts that speak of a brand without its words (Settings has them)"
TURNS = "turns that opened in the period"
OURS = "our own definition"
#: Of which kind of sale a metric is: orders where there are any, else deals.
EITHER = "either"
ORDERS = "orders and refunds, each on its own day"
REACHED = "a post, reply, answer, share, check-in or visit of the buyers' in the 30 days before"
NO_RATE = "sales in a currency that Settings has no rate for"
ALTIMETER = "Altimeter Group and Web Analytics Demystified, Social Marketing Analytics, April 2010"
VADER = "Hutto and Gilbert, VADER, ICWSM 2014; corrections made here"


class UnknownMetric(KeyError):
    """The catalogue has no metric of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"there is no metric called {self.name!r}; `rapport metrics` lists them"


@dataclass(frozen=True)
class Metric:
    """One entry. ``unit``: count, share (0 to 1), points (-100 to 100), seconds, or money (of the workspace's
    currency). ``direction``: whether up is good, down is good, or neither. ``sold``: the kind of sale that it is of,
    whose days need not be those of posts; None where it is of posts."""

    name: str
    label: str
    unit: str
    formula: str
    population: str
    excludes: str
    source: str
    question: str
    direction: str
    compute: Callable[[Slice], Figure] = field(repr=False)
    sold: str | None = None


def _count(name: str, label: str, formula: str, question: str, compute: Callable[[Slice], Figure]) -> Metric:
    return Metric(name, label, COUNT, formula, INBOUND, NOT_PUBLIC, OURS, question, NEITHER, compute)


def _response(name: str, label: str, formula: str, question: str, compute: Callable[[Slice], Figure]) -> Metric:
    excludes = "turns that nobody has answered yet; direct messages that no export brings"
    return Metric(name, label, SECONDS, formula, f"answered {TURNS}", excludes, OURS, question, DOWN, compute)


def _sentiment(name: str, label: str, formula: str, question: str, direction: str, unit: str = COUNT) -> Metric:
    excludes = f"{NOT_PUBLIC}; posts that are not scored (in another language than English)"
    compute = getattr(measures, name)
    return Metric(name, label, unit, formula, f"scored {INBOUND}", excludes, VADER, question, direction, compute)


def _rate(name: str, label: str, formula: str, population: str, source: str) -> Metric:
    excludes = "posts that do not report every count of the formula, as on networks that count no shares or no views"
    question = "Of those who see the posts, how many do something about it?"
    return Metric(name, label, SHARE, formula, population, excludes, source, question, UP, getattr(measures, name))


def _received(name: str, label: str, formula: str, question: str) -> Metric:
    excludes = f"{NOT_PUBLIC}; posts whose network does not report this count"
    return Metric(name, label, COUNT, formula, INBOUND, excludes, OURS, question, UP, getattr(measures, name))


METRICS: tuple[Metric, ...] = (
    _count("posts", "Posts", "Posts that people wrote", "How much is said to and about us?", measures.posts),
    Metric(
        "people",
        "People",
        COUNT,
        "Different people who wrote at least one post",
        INBOUND,
        f"{NOT_PUBLIC}; posts whose author the file does not name",
        OURS,
        "How many people take part?",
        UP,
        measures.people,
    ),
    Metric(
        "new_people",
        "New people",
        COUNT,
        "People whose first post ever, in these channels, is in the period",
        INBOUND,
        f"{NOT_PUBLIC}; posts whose author the file does not name",
        OURS,
        "Do people join who were not here before?",
        UP,
        measures.new_people,
    ),
    _count("comments", "Comments", "Posts that are replies or comments", "How much of it is talk?", measures.comments),
    _count(
        "questions",
        "Questions",
        "Posts that are questions, or have a question mark outside of links",
        "How much do people ask?",
        measures.questions,
    ),
    _count(
        "shares_made",
        "Shares made",
        "Posts that share somebody's post",
        "How much do people pass on?",
        measures.shares_made,
    ),
    Metric(
        "team_posts",
        "Our posts",
        COUNT,
        "Posts that the team wrote",
        "posts of the team's accounts in the same channels",
        "posts of accounts that Settings and the file do not name as ours",
        OURS,
        "How much do we say ourselves?",
        NEITHER,
        measures.team_posts,
    ),
    _sentiment(
        "net_sentiment",
        "Net sentiment",
        "(positive - negative) / scored posts, times 100",
        "Do more people praise us than complain?",
        UP,
        POINTS,
    ),
    _sentiment("positive_posts", "Positive posts", "Posts labelled positive", "How much praise is there?", UP),
    _sentiment("neutral_posts", "Neutral posts", "Posts labelled neutral", "How much is plain talk?", NEITHER),
    _sentiment("negative_posts", "Negative posts", "Posts labelled negative", "How much do people complain?", DOWN),
    _sentiment(
        "negative_share", "Negative share", "Negative / scored posts", "Which part of the talk complains?", DOWN, SHARE
    ),
    Metric(
        "scored_share",
        "Scored share",
        SHARE,
        "Scored / all posts",
        INBOUND,
        NOT_PUBLIC,
        OURS,
        "On which part of the posts do the numbers of sentiment rest?",
        UP,
        measures.scored_share,
    ),
    _received("likes_received", "Likes received", "Likes that the posts got", "Do people agree with each other?"),
    _received("replies_received", "Replies received", "Replies that the posts got", "Do people answer each other?"),
    _received("shares_received", "Shares received", "Shares that the posts got", "Do posts travel?"),
    _rate(
        "audience_engagement",
        "Audience engagement",
        "(comments + shares) / views: a ratio of sums over the posts that report them all",
        INBOUND,
        ALTIMETER,
    ),
    _rate(
        "engagement_rate_by_views",
        "Engagement rate by views",
        "(likes + comments + shares) / views: a ratio of sums over the posts that report them all",
        INBOUND,
        OURS,
    ),
    _rate(
        "engagement_rate_by_reach",
        "Engagement rate by reach",
        "(likes + comments + shares) / people reached: a ratio of sums over the posts that report them all",
        INBOUND,
        OURS,
    ),
    _rate(
        "team_engagement_rate_by_views",
        "Engagement rate of our posts",
        "(likes + comments + shares) / views of the team's posts: a ratio of sums over those that report them all",
        "posts of the team's accounts in the same channels",
        OURS,
    ),
    _response(
        "median_response_seconds",
        "Median response time",
        "Median of the time from a person's first unanswered post to the first team reply to a post of theirs",
        "How long does someone usually wait for us?",
        measures.median_response_seconds,
    ),
    _response(
        "mean_response_seconds",
        "Mean response time",
        "Mean of the time from a person's first unanswered post to the first team reply to a post of theirs",
        "How long do people wait altogether, for each answer?",
        measures.mean_response_seconds,
    ),
    _response(
        "p90_response_seconds",
        "Response time, 90th percentile",
        "The time within which nine of ten answered turns are answered",
        "How long do the unlucky ones wait?",
        measures.p90_response_seconds,
    ),
    _response(
        "median_business_response_seconds",
        "Median response time in business hours",
        "As the median response time, counting only business hours as Settings has them",
        "How long does someone usually wait while we are here?",
        measures.median_business_response_seconds,
    ),
    _response(
        "mean_business_response_seconds",
        "Mean response time in business hours",
        "As the mean response time, counting only business hours as Settings has them",
        "How long do people wait while we are here, for each answer?",
        measures.mean_business_response_seconds,
    ),
    _response(
        "p90_business_response_seconds",
        "Response time in business hours, 90th percentile",
        "As the 90th percentile, counting only business hours as Settings has them",
        "How long do the unlucky ones wait while we are here?",
        measures.p90_business_response_seconds,
    ),
    Metric(
        "response_rate",
        "Response rate",
        SHARE,
        "Turns answered / turns opened",
        TURNS,
        "open turns that are younger than the response target at the end of the data; unknown where nobody is named as "
        "the team",
        OURS,
        "Does everyone who asks get an answer?",
        UP,
        measures.response_rate,
    ),
    Metric(
        "turns_opened",
        "Turns opened",
        COUNT,
        "Times that a person began to wait for an answer",
        TURNS,
        "shares, check-ins, posts of unknown authors, bots and muted accounts; in private channels all but questions "
        "and mentions of us",
        OURS,
        "How much is there to answer?",
        NEITHER,
        measures.turns_opened,
    ),
    Metric(
        "turns_closed",
        "Turns answered",
        COUNT,
        "Turns that a team reply to a post of the person's has closed",
        TURNS,
        "answers given on a network that no export brings",
        OURS,
        "How much have we answered?",
        UP,
        measures.turns_closed,
    ),
    Metric(
        "turns_open",
        "Turns not answered",
        COUNT,
        "Turns without an answer at the end of the data",
        TURNS,
        "nothing: what is not said to us counts too, and so do cases that somebody marked as done here: they have no "
        "reply on the network. Today lists who waits for us",
        OURS,
        "How many of those who began to wait had no reply?",
        DOWN,
        measures.turns_open,
    ),
    Metric(
        "stickiness",
        "Stickiness",
        SHARE,
        "People active on a day, mean over the days of the period / people active in the period",
        INBOUND,
        f"{NOT_PUBLIC}; days before the beginning and after the end of the data",
        OURS,
        "How often do those who come, come?",
        UP,
        measures.stickiness,
    ),
    Metric(
        "retention_day_7",
        "Back within 7 days",
        SHARE,
        "Cumulative retention: new people who posted again on one of the 7 days after their first / new people",
        "people whose first post ever, in these channels, is in the period",
        "people who came less than 7 days before the end of the data",
        OURS,
        "Do new people come back?",
        UP,
        measures.retention_day_7,
    ),
    Metric(
        "share_of_voice",
        "Share of voice",
        SHARE,
        "Mentions of our brands / mentions of ours and the competitors'. A post that names two counts for both",
        NAMING,
        UNNAMED,
        ALTIMETER,
        "How much of the talk in our market is about us?",
        UP,
        measures.share_of_voice,
    ),
    Metric(
        "share_of_voice_people",
        "Share of voice, by people",
        SHARE,
        "People who name our brands / people who name ours and people who name the competitors'. Who names two counts "
        "for both",
        f"people who wrote {NAMING}",
        f"{UNNAMED}; posts of unknown authors",
        ALTIMETER,
        "Do many speak of us, or few who speak much?",
        UP,
        measures.share_of_voice_people,
    ),
    Metric(
        "share_of_voice_reach",
        "Share of voice, by reach",
        SHARE,
        "Reach of posts that name our brands / reach of those that name ours and the competitors'",
        f"{NAMING}, of which the network reports the reach",
        f"{UNNAMED}; posts whose reach no network reports",
        ALTIMETER,
        "Is what is said about us heard by as many as what is said about others?",
        UP,
        measures.share_of_voice_reach,
    ),
    Metric(
        "brand_mentions",
        "Brand mentions",
        COUNT,
        "Posts that name our brands, each once for each that it names",
        NAMING,
        UNNAMED,
        ALTIMETER,
        "How much are we talked about, or the brands that the filters name?",
        UP,
        measures.brand_mentions,
    ),
    Metric(
        "brand_net_sentiment",
        "Net sentiment of mentions",
        POINTS,
        "(positive - negative) / scored mentions of our brands, times 100",
        f"scored {NAMING}",
        f"{UNNAMED}; posts that are not scored (in another language than English)",
        VADER,
        "Do people praise or complain where they name us?",
        UP,
        measures.brand_net_sentiment,
    ),
    Metric(
        "topic_mentions",
        "Topic mentions",
        COUNT,
        "Posts about a topic, each once for each of its topics",
        f"{INBOUND} that hold words of a topic rule",
        f"{NOT_PUBLIC}; posts that no rule in Settings matches",
        OURS,
        "How much is said about what we watch?",
        NEITHER,
        measures.topic_mentions,
    ),
    Metric(
        "topic_trend",
        "Leading topic",
        SHARE,
        "Mentions of the topic that is mentioned most / mentions of all topics",
        f"{INBOUND} that hold words of a topic rule",
        f"{NOT_PUBLIC}; posts that no rule in Settings matches",
        ALTIMETER,
        "Does one topic take over the talk?",
        NEITHER,
        measures.topic_trend,
    ),
    Metric(
        "topic_net_sentiment",
        "Net sentiment of topics",
        POINTS,
        "(positive - negative) / scored mentions of topics, times 100",
        f"scored {INBOUND} that hold words of a topic rule, each once for each of its topics",
        f"{NOT_PUBLIC}; posts that are not scored (in another language than English)",
        VADER,
        "Do people praise or complain where they speak of what we watch?",
        UP,
        measures.topic_net_sentiment,
    ),
    Metric(
        "extra_orders",
        "Extra orders after an act",
        COUNT,
        "Change of orders from the 60 days before an act to the 60 after it, less that of matched customers who did "
        "not act: difference in differences, overlap weights, intervals clustered by person. An effect is reported "
        "only if both groups' orders ran alike before, and the p-value corrected for all acts is at most 5 %",
        "customers (a contact in the CRM, or an order), each at their first act after 120 days without one",
        "refunds; acts closer than 60 days to the beginning or end of the data; what nobody recorded",
        "Card and Krueger, American Economic Review 84, 1994; Li, Morgan and Zaslavsky, JASA 113, 2018; Benjamini and "
        "Hochberg, JRSS B 57, 1995",
        "What does one like, comment, share or answered question go with?",
        UP,
        measures.extra_orders,
    ),
    Metric(
        "comes_before",
        "Talk before sales (p-value)",
        SHARE,
        "Granger's F test on changes from week to week, with 1 to 4 weeks, both ways, corrected for all tests",
        "whole weeks of which both posts and orders are known",
        f"{NOT_PUBLIC}; refunds",
        "Granger, Econometrica 37, 1969; Benjamini and Hochberg, JRSS B 57, 1995",
        "Does what people say, or how much, come before what they buy?",
        NEITHER,
        measures.comes_before,
    ),
    Metric(
        "engagement_score",
        "Engagement score",
        COUNT,
        "100 p / (p + 20), where p is the sum of what a person did: an order 8 points, a survey answer 5, a post or "
        "reply 3, a share or a reply received 2, a visit 1, each times 2^(-days before the last day of data / 30)",
        "one person, of whom their profile shows it",
        "acts of more than 360 days before; refunds; likes; what the team and bots do",
        OURS,
        "How much does this person take part, now?",
        UP,
        measures.engagement_score,
    ),
    Metric(
        "circle_change",
        "Bought after taking part, less before",
        MONEY,
        "What those who answered, mentioned or shared a person bought in the 30, 60 or 90 days from the first time "
        "that they ever did, less what they bought in as many days before: the mean of all of them, with an interval "
        "by drawing people anew. What several take part in counts in equal parts",
        "one person's circle in the period, of whom their profile shows it",
        f"the team, bots and muted accounts; who took part too near to the ends of the days with sales; {NO_RATE}",
        "Ours; Efron and Tibshirani, An Introduction to the Bootstrap, 1993",
        "Do the people around somebody buy more after they first take part than before, whatever the cause?",
        UP,
        measures.circle_change,
    ),
    Metric(
        "revenue",
        "Revenue",
        MONEY,
        "Orders less refunds",
        ORDERS,
        f"deals, which are another view of the same business; {NO_RATE}",
        OURS,
        "What do people buy?",
        UP,
        sold.revenue,
        ORDER,
    ),
    Metric(
        "orders",
        "Orders",
        COUNT,
        "Orders that were placed",
        "orders of the shop",
        "refunds",
        OURS,
        "How often do people buy?",
        UP,
        sold.orders,
        ORDER,
    ),
    Metric(
        "won_deals_amount",
        "Won deals",
        MONEY,
        "Amounts of the deals that were won",
        "deals, on the day on which they closed",
        f"orders; deals that are open or lost; deals that do not say when they closed; {NO_RATE}",
        OURS,
        "What do organisations buy?",
        UP,
        sold.won_deals_amount,
        DEAL,
    ),
    Metric(
        "won_deals",
        "Deals won",
        COUNT,
        "Deals that were won",
        "deals, on the day on which they closed",
        "deals that do not say when they closed",
        OURS,
        "How often do organisations buy?",
        UP,
        sold.won_deals,
        DEAL,
    ),
    Metric(
        "attributed_revenue",
        "Attributed revenue",
        MONEY,
        f"What was sold after {REACHED}. A credit rule (first, last, linear, time decay, U, W, Markov, Shapley) shares "
        "it out among these touches, to the cent; the sum is the same under each",
        f"{ORDERS}; won deals where there is no order, or where asked for",
        f"what nobody who can be seen to buy did before; likes, views and follows; channels of competitors; {NO_RATE}",
        OURS,
        "Which of what is sold comes after a conversation with us?",
        UP,
        sold.attributed_revenue,
        EITHER,
    ),
    Metric(
        "unattributed_revenue",
        "Revenue that no touch reaches",
        MONEY,
        f"What was sold without {REACHED}",
        f"{ORDERS}; won deals where there is no order",
        NO_RATE,
        OURS,
        "What is sold to people whom we never meet, or do not recognise?",
        NEITHER,
        sold.unattributed_revenue,
        EITHER,
    ),
    Metric(
        "influenced_share",
        "Influenced share",
        SHARE,
        f"What was sold after {REACHED} / all that was sold",
        f"{ORDERS}; won deals where there is no order",
        NO_RATE,
        OURS,
        "Which part of what is sold comes after a conversation with us?",
        UP,
        sold.influenced_share,
        EITHER,
    ),
    Metric(
        "open_pipeline",
        "Open pipeline",
        MONEY,
        "Amounts of the deals that are open",
        "deals at the end of the data, whatever the period",
        f"deals won or lost; {NO_RATE}",
        OURS,
        "What may organisations buy next?",
        UP,
        sold.open_pipeline,
        OPEN_DEAL,
    ),
)

#: What the metrics from this one on are about.
_FIRST_OF_AREA = {
    "posts": "Posts and people",
    "net_sentiment": "Sentiment",
    "likes_received": "Engagement",
    "median_response_seconds": "Answering",
    "stickiness": "Coming back",
    "share_of_voice": "Brands",
    "topic_mentions": "Topics",
    "extra_orders": "Talk and sales",
    "revenue": "Revenue",
}
_BY_NAME = {metric.name: metric for metric in METRICS}


@dataclass(frozen=True)
class MetricAnswer:
    """A metric for a filter. ``value`` and ``previous`` (the same length before) are NaN where there is nothing to say.

    ``change`` is ``value - previous``; ``relative_change`` that as a share of ``previous``. ``numerator`` and
    ``denominator`` are those of a ratio, else NaN. ``series``: ``period`` (datetime64: the day, the Monday, or the
    first of the month), ``value`` and ``denominator`` (float64; the latter NaN where the metric is no ratio), ``days``
    (int64, how many days of the period lie in it); empty without ``by``.
    """

    metric: Metric
    filters: Filters
    value: float
    previous: float
    numerator: float
    denominator: float
    coverage: str
    series: pd.DataFrame = field(repr=False)

    @property
    def change(self) -> float:
        return self.value - self.previous

    @property
    def relative_change(self) -> float:
        return self.change / abs(self.previous) if self.previous else math.nan


def list_metrics() -> tuple[Metric, ...]:
    """Every metric, in the order in which the dictionary shows them."""
    return METRICS


def list_areas() -> dict[str, tuple[Metric, ...]]:
    """Every metric under what it is about.

    >>> [metric.name for metric in list_areas()["Coming back"]]
    ['stickiness', 'retention_day_7']
    """
    found: dict[str, list[Metric]] = {}
    area = ""
    for metric in METRICS:
        area = _FIRST_OF_AREA.get(metric.name) or area
        found.setdefault(area, []).append(metric)
    return {area: tuple(metrics) for area, metrics in found.items()}


def find_metric(name: str) -> Metric:
    """The metric of that name. Raises ``UnknownMetric``.

    >>> find_metric("net_sentiment").unit
    'points'
    """
    if name not in _BY_NAME:
        raise UnknownMetric(name)
    return _BY_NAME[name]


def _figure(metric: Metric, rollups: Rollups, start: date, end: date) -> Figure:
    """Where the data of the filter's channels does not reach there is no number, not even 0. Posts that a wrong clock
    dated behind its last day are in no number: neither in that of a period, nor in those of its days."""
    span = _span(metric, rollups)
    if is_outside(span, start, end):
        return Figure(math.nan)
    last = span[1]
    until = end if last is None or end <= last else last + timedelta(days=1)
    return metric.compute(rollups.slice(start, until))


def _span(metric: Metric, rollups: Rollups) -> tuple[date | None, date | None]:
    """From which to which day there is data of what a metric is of."""
    if metric.compute in measures.OF_VOICE:
        return rollups.brands.span
    if metric.sold is None:
        return rollups.span
    return rollups.sold_span(_kind_sold(metric.sold, rollups))


def _kind_sold(sold: str, rollups: Rollups) -> str:
    return rollups.sale_kind if sold == EITHER else sold


def _series(metric: Metric, rollups: Rollups, filters: Filters, by: str | None) -> pd.DataFrame:
    if by is None:
        return _NO_SERIES.copy()
    rows = []
    for name, start, end in buckets(filters.start, filters.end, by):
        figure = _figure(metric, rollups, start, end)
        rows.append((name, figure.value, figure.denominator, (end - start).days))
    return _as_series(rows)


def _as_series(rows: list[tuple[date, float, float, int]]) -> pd.DataFrame:
    periods, values, denominators, days = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pd.DataFrame(
        {
            "period": np.array(periods, dtype="datetime64[us]"),
            "value": np.array(values, dtype="float64"),
            "denominator": np.array(denominators, dtype="float64"),
            "days": np.array(days, dtype="int64"),
        }
    )


#: Made once: the dictionary asks for fifty.
_NO_SERIES = _as_series([])


def _previous(metric: Metric, rollups: Rollups, filters: Filters) -> float:
    """NaN where the data does not reach back over all of the period before; of what was sold, where the first sale was
    only then or later."""
    before, first = filters.previous(), _span(metric, rollups)[0]
    if metric.sold is not None:
        first = rollups.sold_since(_kind_sold(metric.sold, rollups))
    if first is None or before.start < first:
        return math.nan
    return float(_figure(metric, rollups, before.start, before.end).value)


def _answer(
    metric: Metric, rollups: Rollups, filters: Filters, series: Filters, by: str | None, *, compare: bool
) -> MetricAnswer:
    figure = _figure(metric, rollups, filters.start, filters.end)
    return MetricAnswer(
        metric,
        filters,
        float(figure.value),
        _previous(metric, rollups, filters) if compare else math.nan,
        float(figure.numerator),
        float(figure.denominator),
        figure.coverage,
        _series(metric, rollups, series, by),
    )


def compute_metrics(
    session: Session,
    names: Iterable[str],
    filters: Filters,
    by: str | None = None,
    *,
    scope: Scope | None = None,
    compare: bool = True,
    series_days: int | None = None,
    brands: BrandDays | None = None,
    people: ActivePeople | None = None,
    rollups: Rollups | None = None,
) -> dict[str, MetricAnswer]:
    """Several metrics for one filter, reading each rollup once. ``by``: day, week (from Monday) or month.
    ``series_days``: of the series only that many days, up to the last with data. ``brands``: what was read of brands
    before, from the beginning of the period before. ``people``: the same of who was active in the filter's channels.
    ``rollups``: what was read of the same channels before, over these days, those of the comparison and maybe more.

    A number is NaN where the period lies wholly before or after the data of the filter's channels; the comparison where
    data does not reach back over all of the period before, or where ``compare`` is False.
    Raises ``UnknownMetric``, and ``ValueError`` for another ``by``.
    """
    wanted = [find_metric(name) for name in names]
    start = filters.previous().start if compare else filters.start
    scope = scope or read_scope(session)
    series = filters if series_days is None else _newest_days(filters, scope, series_days)
    rollups = rollups or Rollups(session, scope, filters, start, series if by else None, brands, people)
    return {metric.name: _answer(metric, rollups, filters, series, by, compare=compare) for metric in wanted}


def _newest_days(filters: Filters, scope: Scope, days: int) -> Filters:
    end = min(filters.end, scope.as_of.end)
    return filters.between(max(filters.start, end - timedelta(days=days)), max(filters.start, end))


def compute_metric(
    session: Session, name: str, filters: Filters, by: str | None = None, *, scope: Scope | None = None
) -> MetricAnswer:
    """One metric for a filter, as ``compute_metrics``."""
    return compute_metrics(session, [name], filters, by, scope=scope)[name]


def describe(metric: Metric) -> dict[str, str]:
    """An entry as plain text fields, for the dictionary and the tooltips."""
    return {item.name: getattr(metric, item.name) for item in fields(Metric) if item.name not in ("compute", "sold")}
