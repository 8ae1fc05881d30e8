"""Sentiment."""

import streamlit as st

from ui.filters import choose_filters
from ui.guard import guard

here = guard("sentiment")
filters = choose_filters(here)
st.title("Sentiment")
