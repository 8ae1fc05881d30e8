"""To find a person: the search, and who is most active."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.people import MOST_HITS, read_most_active, search_people
from ui.cache import ask
from ui.columns import points_column
from ui.empty import nothing_here
from ui.first_run import why_no_posts
from ui.guard import Here
from ui.navigation import go
from ui.tables import MOST_ROWS_SHOWN, ROW_PIXELS, download_csv

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


def show_people(frame: pd.DataFrame, columns: dict[str, Any], *, name: str, alt: str) -> None:
    """A table of people with a button to each profile, and its CSV. ``frame`` has ``person_id``."""
    clicked = f"open_{name}"
    shown = frame[[column for column in columns if column in frame and frame[column].notna().any()]].assign(open="Open")
    button: Any = st.column_config.ButtonColumn("Profile", type="tertiary", key=clicked, width="small", pinned=True)
    st.dataframe(
        shown[["open", *shown.columns.drop("open")]],
        key=f"table_{name}",
        hide_index=True,
        height=ROW_PIXELS * (min(len(frame), MOST_ROWS_SHOWN) + 1) + 3,
        column_config={"open": button, **columns},
        placeholder="",
        alt=alt,
    )
    download_csv(frame, name, key=f"csv_{name}")
    click = st.session_state.get(clicked)
    if click and click["row"] < len(frame):
        person = str(int(frame["person_id"].iloc[click["row"]]))
        if st.session_state.get("is_routed"):
            go("profile", person=person)
        st.query_params["person"] = person
        st.rerun()


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
    show_people(hits, PEOPLE_COLUMNS, name="people_found", alt="People found")
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
    show_people(people, PEOPLE_COLUMNS, name="most_active", alt="Who wrote most in the period")


def show_unknown(asked: str) -> None:
    """Says that the address asks for somebody who is not here."""
    number = asked if asked.isdecimal() and len(asked) <= 18 else None
    named = f"the id {number}" if number else "that id"
    nothing_here(
        f"Nobody here has {named}. The link may be of another store, or the person was erased. Find somebody below."
    )
