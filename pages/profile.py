"""Profile: one person, found by handle, name or e-mail: who they are, what they did, what they are worth, and to whom
they are tied."""

import streamlit as st

from ui.actions import offer_undo
from ui.filters import choose_filters
from ui.guard import guard
from ui.navigation import ICON
from ui.profile import open_asked, show_head, show_numbers
from ui.profile_actions import ERASED, show_erased
from ui.profile_find import show_most_active, show_search, show_unknown
from ui.profile_parts import show_parts
from ui.waiting import ask_for_word

here = guard("profile")
asked = st.query_params.get("person")
profile = open_asked(here, asked)

if profile is None:
    filters = choose_filters(here)
    st.title("Profile")
    if asked:
        show_unknown(asked)
    elif ERASED in st.query_params:
        show_erased()
    if not show_search(here):
        show_most_active(here, filters)
    st.stop()

st.set_page_config(page_title=f"{profile.name} · Rapport", page_icon=ICON)
show_head(here, profile)
offer_undo(here.engine, here.who)
ask_for_word(here)
show_numbers(here, profile)

# each part is computed only while its tab is open
show_parts(here, profile)
