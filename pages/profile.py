"""Profile."""

import streamlit as st

from ui.guard import guard

here = guard("profile")
st.title("Profile")
