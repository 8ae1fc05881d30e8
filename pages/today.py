"""Today: what happened in the last day that has data, what is unusual, and who waits for an answer."""

import streamlit as st

from answers.today import read_today
from answers.waiting import read_waiting
from ui.actions import offer_undo
from ui.alerts import show_alerts, show_watch_list
from ui.cache import ask
from ui.cards import show_cards
from ui.filters import choose_filters
from ui.guard import guard
from ui.numbers import day
from ui.today import (
    day_card,
    describe_day,
    describe_usual,
    offer_full_days,
    show_posts_of_day,
    show_since_last_look,
    show_unusual,
    waiting_card,
)
from ui.waiting import (
    ONLY_CUSTOMERS,
    SAID_TO_US,
    ask_for_word,
    describe_waiting,
    nobody_waits,
    show_waiting,
    warn_of_no_brand,
)

here = guard("today")
filters = choose_filters(here)
st.title("Today")
offer_undo(here.engine, here.who)
ask_for_word(here)
show_alerts(here)

offer_full_days(here, filters)
# of the last day of the period alone: so it is kept while somebody tries others that end with the data
today = ask(here, read_today, filters.between(filters.last_day, filters.end), scope=here.scope)
st.caption(describe_day(today, here.scope.last_day))
show_since_last_look(here, filters)
everything = ask(here, read_waiting, filters, detailed=False, scope=here.scope)
numbers = [day_card(number, currency=here.scope.settings.currency) for number in today.numbers]
waits = waiting_card(everything.to_us, today, here.time_zone)
show_cards([*numbers, waits], comparison=describe_usual(today, everything))
show_posts_of_day(here, today, filters)

st.header("What is unusual")
show_unusual(here, today, filters)

st.header("Who waits for an answer")
warn_of_no_brand(everything)
with st.container(horizontal=True, vertical_alignment="center"):
    # kept while somebody looks at a case's person and comes back
    only_customers = st.toggle("Customers only", key="w_customers", help=ONLY_CUSTOMERS, persist_state="session")
    with_settled = st.toggle("Show also what was settled or snoozed here", key="w_settled", persist_state="session")
    with_others = everything.is_told and st.toggle(
        "Show also what is not said to us", key="w_others", help=SAID_TO_US, persist_state="session"
    )
if with_settled:
    everything = ask(here, read_waiting, filters, include_settled=True, detailed=False, scope=here.scope)
if only_customers:
    everything = everything.customers
waiting = everything if with_others else everything.to_us
whose = "customers" if only_customers else "those"
st.caption(f"Of {whose} who wrote since {day(filters.start)}: {describe_waiting(waiting, everything)}")
if waiting.turns.empty:
    nobody_waits(here, filters, everything)
show_waiting(here, waiting, name="waiting")

st.header("Watched people")
show_watch_list(here)
