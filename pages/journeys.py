"""Journeys: public network, website, private community, customer: how many people move on, and in how many days."""

import streamlit as st

from answers.journeys import read_journeys
from ui.cache import ask
from ui.filters import choose_filters
from ui.guard import guard
from ui.journeys import show_cohorts, show_first_channels, show_moves, show_nobody, show_numbers, show_stuck

here = guard("journeys")
filters = choose_filters(here)
st.title("Journeys")
st.caption(
    "From the public network over the website and the private community to a purchase. The period says when people "
    "were first seen: choose a long one."
)
journeys = ask(here, read_journeys, filters, scope=here.scope)
if not journeys.people:
    show_nobody(here, filters)
    st.stop()
show_numbers(here, journeys)

moves, channels, cohorts, stuck = st.tabs(
    ["How they move on", "First channel", "Month of first sign", "Who is stuck"],
    key="j_tab",
    on_change="rerun",
    bind="query-params",
)
if moves.open:
    with moves:
        show_moves(here, journeys)
if channels.open:
    with channels:
        show_first_channels(here, filters)
if cohorts.open:
    with cohorts:
        show_cohorts(here, filters)
if stuck.open:
    with stuck:
        show_stuck(here, filters)
