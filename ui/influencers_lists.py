"""Lists to act on: whom to thank, to answer, to ask, to welcome. Each row leads to the person and to their post."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.influencer_lists import LISTS, MOST_LISTED, read_list
from answers.influencers import GraphFilters
from metrics.money import minor_digits
from ui.alerts import thank_button, watch_button
from ui.cache import ask
from ui.columns import money_column, points_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.influencers import clear_filters, is_narrowed
from ui.influencers_choice import choose
from ui.influencers_graph import fingerprint
from ui.influencers_words import mood_of, people_counted
from ui.markup import plain, web_address
from ui.navigation import page_link
from ui.numbers import moment, whole
from ui.records import NO_TEXT, present
from ui.tables import show_table

LONGEST_POST = 600
_RULES = ("See when somebody counts as one", "settings")
#: What may put somebody on an empty list: a button, and the page that it leads to.
_MENDS = {
    "advocates_to_thank": _RULES,
    "detractors_to_answer": _RULES,
    "brokers": ("Import posts", "data"),
    "rising_newcomers": ("Import posts", "data"),
    "silent_customers": ("Import orders", "data"),
}


def show_lists(here: Here, filters: GraphFilters) -> None:
    """The lists, one at a time, or none; the page's filters narrow them, but for the kind of person."""
    titles = {title: name for name, (title, *_) in LISTS.items()}
    chosen = st.pills(
        "Whom to act on",
        list(titles),
        key="i_list",
        bind="query-params",
        help="Opens a list above the graph; choose it again to close it.",
    )
    if chosen is None:
        return
    name = titles[chosen]
    st.caption(LISTS[name].explanation)
    rows = ask(here, read_list, name, filters, scope=here.scope)
    if rows.empty:
        _show_nobody(name, filters)
        return
    row = _show_rows(here, name, rows)
    first_of = f"The first {whole(MOST_LISTED)}" if len(rows) == MOST_LISTED else people_counted(len(rows))
    st.caption(f"{first_of}. Select a row to see the post, to thank and to watch.")
    if row is None:
        row = _choose_by_name(name, rows)
    if row is not None:
        _show_one(here, rows.iloc[row])


def _choose_by_name(name: str, rows: pd.DataFrame) -> int | None:
    """The place of a person chosen in a box: the table takes no key presses."""
    labels = [f"{place}. {person}" for place, person in enumerate(rows["name"], 1)]
    chosen = st.selectbox(
        "Or choose by name",
        labels,
        index=None,
        key=f"i_list_person_{name}_{fingerprint(rows['person_id'].tolist())}",
        placeholder="Choose or type a name",
        width=320,
    )
    return None if chosen is None else labels.index(chosen)


def _show_nobody(name: str, filters: GraphFilters) -> None:
    """Why a list is empty, and what changes that."""
    if is_narrowed(filters):
        why = "Nobody who matches the filters is on this list."
        nothing_here(why, button="Clear the filters", on_click=clear_filters, key="i_list_clear")
        return
    button, page = _MENDS[name]
    nothing_here(LISTS[name].empty, button=button, page=page, key="i_list_mend")


def _show_rows(here: Here, name: str, rows: pd.DataFrame) -> int | None:
    currency = here.settings.currency
    number: Any = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "name": st.column_config.TextColumn("Name", width=150),
        "why": st.column_config.TextColumn("Why", width="large"),
        "post_text": st.column_config.TextColumn("Their post", width="medium"),
        "post_at": st.column_config.DatetimeColumn("Written", format="D MMM YYYY", timezone=here.time_zone),
        "community_label": st.column_config.TextColumn("Community", width="small"),
        "revenue": money_column(f"Revenue, {currency}", currency),
        "net_sentiment": points_column("Net sentiment"),
        "pagerank": number("PageRank", format="%.3g"),
    }
    shown = rows.assign(revenue=rows["revenue_minor"].astype("float64") / 10 ** minor_digits(currency))
    kept = [column for column in columns if column in shown and shown[column].notna().any()]
    # another row would slip under the selection where somebody leaves the list
    key = f"i_list_{name}_{fingerprint(rows['person_id'].tolist())}"
    return show_table(shown[kept], name=name, alt=LISTS[name].title, columns=columns, select=True, key=key)


def _show_one(here: Here, row: "pd.Series[Any]") -> None:
    person = int(row["person_id"])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(str(row['name']), longest=60)}**", width="content")
            if row["is_watched"]:
                st.badge("Watched", color="gray")
            st.space("stretch")
            st.button(
                "See in the graph",
                key="i_list_see",
                icon=":material/hub:",
                type="tertiary",
                on_click=choose,
                args=(person,),
            )
            page_link("profile", ":material/person: Open profile", person=str(person))
            watch_button(here, person, key="i_list_watch")
            thank_button(here, person, key="i_list_thank")
        st.text(f"{row['why']}. Net sentiment {mood_of(row['net_sentiment'])}.")
        if present(row["post_id"]):
            _show_post(here, row)


def _show_post(here: Here, row: "pd.Series[Any]") -> None:
    text = str(row["post_text"]) if present(row["post_text"]) else NO_TEXT
    st.caption(moment(row["post_at"], here.time_zone))
    st.text(text if len(text) <= LONGEST_POST else f"{text[:LONGEST_POST]}…")
    if address := web_address(row["post_url"] if present(row["post_url"]) else None):
        st.link_button("Open the original", address, icon=":material/open_in_new:", type="tertiary")
