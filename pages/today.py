"""Today."""

import streamlit as st

from ui.filters import choose_filters
from ui.guard import guard

here = guard("today")
filters = choose_filters(here)
st.title("Today")
