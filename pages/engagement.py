"""Engagement: how much is said, by how many, when, and how fast we answer."""

import streamlit as st

from answers.catalogue import compute_metrics
from ui.cache import ask
from ui.cards import describe_comparison, metric_card, show_cards
from ui.charts import show_trend
from ui.filters import choose_filters
from ui.guard import guard

CARDS = ("posts", "people", "new_people", "median_response_seconds", "response_rate", "stickiness")

here = guard("engagement")
filters = choose_filters(here)
st.title("Engagement")

answers = ask(here, compute_metrics, CARDS, filters, "day")
show_cards([metric_card(answers[name]) for name in CARDS], compared_with=describe_comparison(filters))
series = answers["posts"].series.rename(columns={"period": "day"})
day = show_trend(series, name="Posts", unit="count", key="posts_trend", select=True)
st.write(day)
