"""Engagement: how much is said, by how many, when, and how fast we answer."""

from datetime import timedelta

import streamlit as st

from answers.catalogue import compute_metrics
from answers.engagement import Engagement, read_engagement
from answers.measures import NO_TEAM
from answers.records import RecordFilters
from ui.actions import offer_undo
from ui.cache import ask
from ui.cards import SPARKLINE_DAYS, describe_comparison, metric_card, show_cards
from ui.charts import show_trend
from ui.engagement import show_back, show_response, show_standing_out, show_when, show_where, show_writers
from ui.filters import choose_filters
from ui.guard import guard
from ui.navigation import page_link
from ui.numbers import day, is_missing
from ui.records import show_records

CARDS = ("posts", "people", "new_people", "response_rate", "median_response_seconds", "audience_engagement")

here = guard("engagement")
filters = choose_filters(here)
st.title("Engagement")
offer_undo(here.engine, here.who)

daily = ask(here, compute_metrics, CARDS, filters, "day", scope=here.scope, series_days=SPARKLINE_DAYS)
show_cards([metric_card(daily[name]) for name in CARDS], comparison=describe_comparison(here, filters))
if daily["response_rate"].coverage == NO_TEAM:
    page_link("settings", "Nobody is named as the team, so what it answered is not known: name it in Settings")


def read(part: str) -> Engagement:
    """What a part of the page needs."""
    engagement: Engagement = ask(here, read_engagement, filters, parts=(part,), scope=here.scope)
    return engagement


st.header("How much is said?")
earlier = ask(here, compute_metrics, ("posts",), filters.previous(), "day", scope=here.scope)["posts"].series
is_comparable = not is_missing(daily["posts"].previous)
chosen = show_trend(
    read("volume").volume,
    name="Posts",
    unit="count",
    key="e_volume",
    before=earlier.rename(columns={"period": "day"}) if is_comparable else None,
    select=True,
)
if chosen is None:
    st.caption("Choose a day to read its posts.")
else:
    start = chosen.date()
    wanted = RecordFilters(filters.between(start, start + timedelta(days=1)))
    show_records(here, wanted, title=f"Posts of {day(start)}", key="e_day")

where, when, response, back, writers, top = st.tabs(
    ["Where", "When", "How fast we answer", "Who comes back", "Who writes most", "What stands out"],
    key="e_tab",
    on_change="rerun",
    bind="query-params",
)
if where.open:
    with where:
        show_where(here, read("where"))
if when.open:
    with when:
        show_when(here, read("when"))
if response.open:
    with response:
        show_response(here, read("response"))
if back.open:
    with back:
        show_back(read("back"))
if writers.open:
    with writers:
        show_writers(read("writers"))
if top.open:
    with top:
        show_standing_out(here, read("top"))
