"""Search: every post that says some words, the newest first."""

import streamlit as st

from ui.actions import offer_undo
from ui.filters import choose_filters
from ui.guard import guard
from ui.post_search import choose_words, show_found

here = guard("search")
filters = choose_filters(here)
st.title("Search")
offer_undo(here.engine, here.who)
words, side = choose_words()
show_found(here, filters, words, side)
