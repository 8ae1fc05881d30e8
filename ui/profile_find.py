"""To find a person: the search, and who is most active."""

from typing import Any

import streamlit as st

from answers.filters import Filters
from answers.people import MOST_HITS, read_most_active, search_people
from ui.cache import ask
from ui.columns import points_column
from ui.empty import nothing_here
from ui.first_run import why_no_posts
from ui.guard import Here
from ui.people_list import show_people_list

COUNT: Any = st.column_config.NumberColumn
PEOPLE_COLUMNS: dict[str, Any] = {
    "name": "Name",
    "handle": "Handle",
    "formerly": "Formerly",
    "network": "Network",
    "role": "Role",
    "followers": COUNT("Followers", format="localized"),
    "posts": COUNT("Posts", format="localized"),
    "net_sentiment": points_column("Net sentiment"),
}


def show_search(here: Here) -> bool:
    """A box for a handle, a name or an e-mail, and whom it finds. Returns whether something was asked for."""
    text = st.text_input(
        "Find a person",
        key="p_search",
        type="search",
        bind="query-params",
        placeholder="Handle, name or e-mail",
        max_chars=100,
    )
    wanted = (text or "").strip()[:100]
    if not wanted:
        return False
    hits = ask(here, search_people, wanted)
    if hits.empty:
        st.caption("Nobody is found. Try a part of the name, or the handle without its beginning.")
        return True
    if len(hits) == MOST_HITS:
        st.caption(f"The first {MOST_HITS}. More letters narrow it down.")
    show_people_list(hits, PEOPLE_COLUMNS, name="people_found", alt="People found")
    return True


def show_most_active(here: Here, filters: Filters) -> None:
    """Who wrote most in the period."""
    if not here.scope.posts:
        why_no_posts(here)
        return
    st.header("Most active in the period")
    people = ask(here, read_most_active, filters, scope=here.scope)
    if people.empty:
        nothing_here("Nobody wrote in this period and these channels. Choose a longer one in the sidebar.")
        return
    show_people_list(people, PEOPLE_COLUMNS, name="most_active", alt="Who wrote most in the period")


def show_unknown(asked: str) -> None:
    """Says that the address asks for somebody who is not here."""
    number = asked if asked.isdecimal() and len(asked) <= 18 else None
    named = f"the id {number}" if number else "that id"
    nothing_here(
        f"Nobody here has {named}. The link may be of another store, or the person was erased. Find somebody below."
    )
