"""The parts of a profile, each behind its tab."""

from collections.abc import Callable

import streamlit as st

from answers.profile import Profile
from ui.empty import nothing_here
from ui.guard import Here
from ui.navigation import page_link
from ui.profile_accounts import show_accounts
from ui.profile_actions import ACCOUNTS_TAB, TAB
from ui.profile_credit import show_credit
from ui.profile_influence import show_influence
from ui.profile_people import show_circle, show_similar
from ui.profile_sentiment import show_sentiment
from ui.timeline import SHOWN_SORTS, show_timeline
from ui.topics import show_person_topics
from ui.waiting import show_waiting_of

_PERSON = "_p_person"


def _show_open(here: Here, profile: Profile) -> None:
    """What of theirs waits for an answer, to be worked on as on Today."""
    if profile.waiting.turns.empty:
        nothing_here("Nothing of theirs waits for an answer.")
        return
    page_link("today", "Everyone who waits, on all days: Today :material/arrow_forward:", f_period="All")
    show_waiting_of(here, profile.waiting)


def _show_topics(here: Here, profile: Profile) -> None:
    show_person_topics(here, profile.person_id)


PARTS: dict[str, Callable[[Here, Profile], None]] = {
    "Timeline": show_timeline,
    "Waits for an answer": _show_open,
    "Sentiment and purchases": show_sentiment,
    "Likes and dislikes": _show_topics,
    "Credit": show_credit,
    "Circle": show_circle,
    "Influence": show_influence,
    "Similar people": show_similar,
    ACCOUNTS_TAB: show_accounts,
}


def _start_anew(person_id: int) -> None:
    """Another person begins as the address says, not where the one before was left: else a copy of the address would
    show something else."""
    if st.session_state.get(_PERSON, person_id) != person_id:
        for key, start in ((TAB, next(iter(PARTS))), (SHOWN_SORTS, [])):
            if key not in st.query_params:
                st.session_state[key] = start
    st.session_state[_PERSON] = person_id


def show_parts(here: Here, profile: Profile) -> None:
    """A tab a part, in the address. Only the open one is computed."""
    _start_anew(profile.person_id)
    for tab, show in zip(
        st.tabs(list(PARTS), key=TAB, on_change="rerun", bind="query-params"), PARTS.values(), strict=True
    ):
        if tab.open:
            with tab:
                show(here, profile)
