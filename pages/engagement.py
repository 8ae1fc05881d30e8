"""Engagement."""

import streamlit as st

from ui.guard import guard

here = guard("engagement")
st.title("Engagement")
