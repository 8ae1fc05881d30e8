"""The parts of the Search page: what to look for, and the posts that say it."""

import streamlit as st

from answers.filters import Filters
from answers.records import RecordFilters, read_records
from answers.scope import channel_ids
from data_access.models.derived import Side
from data_access.queries.post_search import LONGEST_TYPED, SearchTooWide, SearchWords, Term, parse_words
from ui.cache import ask
from ui.filters import ALL, choose_all_days
from ui.guard import Here
from ui.markup import plain
from ui.numbers import day_range
from ui.records import PAGE_SIZE, show_records

_LAST = "last_search"
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
            "Written by",
            list(WHOSE),
            default="Everyone",
            key="p_whose",
            bind="query-params",
            required=True,
        )
    if typed and parse_words(typed):
        st.session_state[_LAST] = {"words": typed, "p_whose": chosen or "Everyone"}
    return (typed or "").strip(), WHOSE.get(chosen or "Everyone")


def _look_again() -> None:
    st.session_state.update(st.session_state[_LAST])


def show_found(here: Here, filters: Filters, typed: str, side: str | None) -> None:
    """The posts that say the words, or why there are none and what would change that."""
    if not typed:
        st.caption("Type words to read the posts that say them, newest first. All of the words have to be in a post.")
        st.caption(
            "“does not work” in quotation marks: side by side. -refund: without that word. bright\\*: what begins so."
        )
        if last := st.session_state.get(_LAST):  # back from another page the browser may have lost them
            again = f"Look for {describe_words(parse_words(last['words']))} again"
            st.button(again, key="search_again", icon=":material/history:", on_click=_look_again)
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
        _say_nothing_found(here, filters, words, side)
        return
    show_records(here, wanted, title=f"Posts that say {describe_words(words)}", key="search")


def describe_words(words: SearchWords) -> str:
    """What is looked for, as Markdown.

    >>> describe_words(parse_words('lamp "not working" -refund bright*'))
    '“lamp”, “not working” and “bright…”, without “refund”'
    """
    without = f", without {_listed(words.unwanted, 'or')}" if words.unwanted else ""
    return f"{_listed(words.wanted, 'and')}{without}"


def _listed(terms: tuple[Term, ...], last: str) -> str:
    *first, end = (f"“{plain(term.words, 80)}{'…' if term.is_prefix else ''}”" for term in terms)
    return f"{', '.join(first)} {last} {end}" if first else end


def _say_nothing_found(here: Here, filters: Filters, words: SearchWords, side: str | None) -> None:
    days = day_range(filters.start, filters.end)
    by = next(f" of {whose[0].lower()}{whose[1:]}" for whose, meant in WHOSE.items() if meant == side) if side else ""
    where = ""
    if filters.networks or filters.channels or filters.brands:
        where = ", where the filters in the sidebar look"
    elif len(channel_ids(here.scope, filters)) < len(here.scope.channels):
        several = here.scope.channels["brand"].nunique() > 1  # of one brand no filter is offered
        by_what = "a brand" if several else "a channel"
        where = f" in channels of ours: choose {by_what} in the sidebar to look in a competitor's"
    st.caption(f"No post{by} from {days} says {describe_words(words)}{where}.")
    with st.container(horizontal=True):
        if st.session_state.get("f_period") != ALL:
            st.button("Look at all days", key="search_all_days", on_click=choose_all_days, type="primary")
        if side:
            st.button("Look at everyone's posts", key="search_everyone", on_click=_choose_everyone)
    if st.session_state.get("f_period") == ALL:
        st.caption("Try fewer words, or the beginning of one with * after it.")


def _choose_everyone() -> None:
    st.session_state["p_whose"] = "Everyone"
