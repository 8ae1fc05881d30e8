"""Today: what happened in the last day that has data, what is unusual, and who waits for an answer."""

import streamlit as st

from answers.waiting import read_waiting
from ui.actions import offer_undo
from ui.cache import ask
from ui.filters import choose_filters
from ui.guard import guard
from ui.waiting import ask_for_word, describe_waiting, show_waiting

here = guard("today")
filters = choose_filters(here)
st.title("Today")
offer_undo(here.engine, here.who)
ask_for_word(here)

st.header("Who waits for an answer")
waiting = ask(here, read_waiting, filters, scope=here.scope)
st.caption(describe_waiting(waiting))
show_waiting(here, waiting)
