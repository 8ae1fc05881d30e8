"""The parts of the Search page: what to look for, and the posts that say it."""

import streamlit as st

from answers.filters import Filters
from answers.records import RecordFilters, read_records
from data_access.models.derived import Side
from data_access.queries.post_search import LONGEST_TYPED, SearchTooWide, parse_words
from ui.cache import ask
from ui.filters import ALL, choose_all_days
from ui.guard import Here
from ui.markup import plain
from ui.numbers import day_range
from ui.records import PAGE_SIZE, show_records

WHOSE = {"Everyone": None, "The community": Side.INBOUND, "Our team": Side.TEAM}


def choose_words() -> tuple[str, str | None]:
    """Draw the box for the words and the choice of whose posts. Returns the words as typed, and the side. Both live in
    the address."""
    box, whose = st.columns([3, 2], vertical_alignment="bottom")
    with box:
        typed = st.text_input(
            "Words",
            type="search",
            key="words",
            bind="query-params",
            max_chars=LONGEST_TYPED,
            placeholder='lamp "does not work" -refund bright*',
            help="All of them have to be in a post. Words between quotation marks stand side by side; - before a word "
            "leaves posts with it out; * after one finds what begins so.",
        )
    with whose:
        chosen = st.segmented_control(
            "Written by", list(WHOSE), default="Everyone", key="p_whose", bind="query-params", required=True
        )
    return (typed or "").strip(), WHOSE.get(chosen or "Everyone")


def show_found(here: Here, filters: Filters, typed: str, side: str | None) -> None:
    """The posts that say the words, or why there are none and what would change that."""
    if not typed:
        st.caption("Type words to read the posts that say them.")
        return
    words = parse_words(typed)
    if not words:
        is_only_without = bool(words.unwanted)
        st.caption(
            "Words with - before them only leave posts out: add one that posts should say."
            if is_only_without
            else "There is no letter and no digit in this: type a word."
        )
        return
    wanted = RecordFilters(filters, side=side, words=typed)
    try:
        first = ask(here, read_records, wanted, cursor=None, limit=PAGE_SIZE)  # as the list asks: once for both
    except SearchTooWide as error:
        st.caption(str(error))
        return
    if first.rows.empty and first.next_cursor is None:
        _say_nothing_found(filters, typed)
        return
    show_records(here, wanted, title=f"Posts that say “{plain(typed, 80)}”", key="search")


def _say_nothing_found(filters: Filters, typed: str) -> None:
    days = day_range(filters.start, filters.end)
    limits = bool(filters.networks or filters.channels or filters.brands)
    st.caption(
        f"No post of {days} says “{plain(typed, 80)}”{', where the filters in the sidebar look' if limits else ''}."
    )
    if st.session_state.get("f_period") != ALL:
        st.button("Look at all days", key="search_all_days", on_click=choose_all_days, type="primary")
    else:
        st.caption("Try fewer words, or the beginning of one with * after it.")
