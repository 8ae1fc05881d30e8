"""Profile: one person, found by handle, name or e-mail: accounts, sentiment, timeline, circle."""

import streamlit as st

from ui.actions import offer_undo
from ui.empty import nothing_here
from ui.filters import choose_filters
from ui.guard import guard
from ui.navigation import ICON
from ui.profile import (
    open_asked,
    show_accounts,
    show_circle,
    show_head,
    show_most_active,
    show_numbers,
    show_open,
    show_period,
    show_search,
    show_sentiment,
    show_unknown,
)
from ui.timeline import show_timeline
from ui.waiting import ask_for_word

here = guard("profile")
asked = st.query_params.get("person")
profile = open_asked(here, asked)

if profile is None:
    filters = choose_filters(here)
    st.title("Profile")
    if asked:
        show_unknown(asked)
    if not show_search(here):
        show_most_active(here, filters)
    st.stop()

st.set_page_config(page_title=f"{profile.name} · Rapport", page_icon=ICON)
show_head(here, profile)
offer_undo(here.engine, here.who)
ask_for_word(here)
if profile.posts:
    show_numbers(profile)
accounts, feeling = st.columns([1, 2])
with accounts:
    show_accounts(profile)
period = None
with feeling:
    if profile.posts:
        period = show_sentiment(profile)
    else:
        st.header("What they wrote")
        rest = " What else they did stands in the timeline." if profile.entries else ""
        nothing_here(f"No post of theirs was brought in.{rest}")
if period is not None:
    show_period(here, profile, period)

timeline, waits, circle = st.tabs(
    ["Timeline", "Waits for an answer", "Circle"], key="p_tab", on_change="rerun", bind="query-params"
)
if timeline.open:
    with timeline:
        show_timeline(here, profile)
if waits.open:
    with waits:
        show_open(here, profile)
if circle.open:
    with circle:
        show_circle(here, profile)
