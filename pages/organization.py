"""Organisation: its people, what is new with them, its deals and orders; without one, all to choose from."""

import streamlit as st

from ui.actions import offer_undo
from ui.filters import choose_filters
from ui.guard import guard
from ui.navigation import ICON
from ui.organization import (
    open_asked,
    read_news,
    show_all,
    show_head,
    show_numbers,
    show_orders,
    show_people,
    show_signals,
    show_unknown,
)
from ui.organization_deals import show_deals, show_happened
from ui.waiting import ask_for_word

here = guard("organization")
filters = choose_filters(here)
asked = st.query_params.get("organization")
known = open_asked(here, asked, filters)

if known is None:
    st.title("Organisations")
    if asked:
        show_unknown()
    show_all(here, filters)
    st.stop()

st.set_page_config(page_title=f"{known.name} · Rapport", page_icon=ICON)
show_head(known)
offer_undo(here.engine, here.who)
ask_for_word(here)
news = read_news(here, known, filters)
show_numbers(here, known, filters, news.waiting.to_us.waiting)

people, signals, deals, orders, timeline = st.tabs(
    ["People", "Signals", "Deals", "Orders", "Timeline"],
    default="Deals" if known.people.empty and len(known.deals) else None,
    key="o_tab",
    on_change="rerun",
    bind="query-params",
)
if people.open:
    with people:
        show_people(known)
if signals.open:
    with signals:
        show_signals(here, known, news)
if deals.open:
    with deals:
        show_deals(here, known)
if orders.open:
    with orders:
        show_orders(known, here.time_zone)
if timeline.open:
    with timeline:
        show_happened(here, known)
