"""Dictionary."""

import streamlit as st

from ui.guard import guard

here = guard("dictionary")
st.title("Dictionary")
