"""Sentiment: how people feel, where that differs, what they like and dislike, and how right the scorer is."""

import streamlit as st

from answers.catalogue import compute_metrics
from answers.records import RecordFilters
from answers.sentiment import Sentiment, read_sentiment
from ui.actions import offer_undo
from ui.cache import ask
from ui.cards import SPARKLINE_DAYS, describe_comparison, metric_card, show_cards
from ui.charts import show_trend
from ui.filters import choose_filters
from ui.guard import guard
from ui.numbers import day_range
from ui.records import show_records
from ui.sentiment import show_days, show_likes, show_posts, show_scorer, show_where
from ui.topics import show_topics

CARDS = ("net_sentiment", "positive_posts", "neutral_posts", "negative_posts", "negative_share", "scored_share")

here = guard("sentiment")
filters = choose_filters(here)
st.title("Sentiment")
offer_undo(here.engine, here.who)

daily = ask(here, compute_metrics, CARDS, filters, "day", scope=here.scope, series_days=SPARKLINE_DAYS)
show_cards([metric_card(daily[name]) for name in CARDS], comparison=describe_comparison(here, filters))


def read(part: str) -> Sentiment:
    """What a part of the page needs."""
    sentiment: Sentiment = ask(here, read_sentiment, filters, parts=(part,), scope=here.scope)
    return sentiment


sentiment = read("trend")

st.header("How do people feel?")
chosen = show_trend(sentiment.trend, name="Net sentiment", unit="points", key="s_trend", select=True)
coverage = sentiment.coverage[:1].upper() + sentiment.coverage[1:]
is_weekly = sentiment.trend_unit == "week"
weeks = " A point is a week: its mean, in which every post counts alike." if is_weekly else ""
st.caption(
    f"{coverage}; other languages than English are not scored.{weeks} "
    f"Choose a {sentiment.trend_unit} to read its posts."
)
if chosen is not None:
    start, end = sentiment.trend_days(chosen.date())
    wanted = RecordFilters(filters.between(start, end))
    show_records(here, wanted, title=f"Posts of {day_range(start, end)}", key="s_day")

where, topics, likes, posts, days, scorer = st.tabs(
    ["Where", "By topic", "What people like and dislike", "Read and correct", "Day by day", "How right the scorer is"],
    key="s_tab",
    on_change="rerun",
    bind="query-params",
)
if where.open:
    with where:
        show_where(here, read("where"))
if topics.open:
    with topics:
        show_topics(here, filters)
if likes.open:
    with likes:
        show_likes(here, read("likes"))
if posts.open:
    with posts:
        show_posts(here, filters)
if days.open:
    with days:
        show_days(read("days"))
if scorer.open:
    with scorer:
        show_scorer(read("scorer"))
