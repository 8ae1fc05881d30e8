"""Engagement."""

import streamlit as st

from ui.filters import choose_filters
from ui.guard import guard

here = guard("engagement")
filters = choose_filters(here)
st.title("Engagement")
