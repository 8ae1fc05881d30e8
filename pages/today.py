"""Today."""

import streamlit as st

from ui.guard import guard

here = guard("today")
st.title("Today")
