"""Sentiment."""

import streamlit as st

from ui.guard import guard

here = guard("sentiment")
st.title("Sentiment")
