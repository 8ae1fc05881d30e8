"""The first screen of an empty store: what Rapport is, and two ways in. And that of one that has no post yet."""

import streamlit as st

from data_access.queries.held import count_facts
from jobs.imported import describe_counts
from jobs.launch import start_job
from ui.cache import ask
from ui.empty import nothing_here
from ui.guard import Here
from ui.navigation import find_entry, go
from ui.progress import read_jobs, running_job, show_failure, show_job

DEMO: dict[str, object] = {}


def welcome(here: Here) -> None:
    """What Rapport is, what this page would say, and two buttons; the progress of the demo where one was pressed."""
    st.title("Welcome to Rapport")
    st.markdown(
        "Rapport reads what people say about you on public networks and in your own community, and shows you what "
        "happens, how people feel, and who waits for an answer. Everything stays on this machine."
    )
    entry = find_entry(here.page)
    shows = f"{entry.help[0].lower()}{entry.help[1:]}"
    st.markdown(f"**{entry.title}** has nothing to show yet, since nothing has come in. Later it says: {shows}")
    show_failure(here, read_jobs(here))
    if running_job(here) is not None:
        show_job(here)
        return
    with st.container(horizontal=True):
        st.button(
            "Explore the demo community", type="primary", icon=":material/explore:", on_click=_start_demo, args=(here,)
        )
        if st.button("Import my data", icon=":material/upload_file:"):
            go("data")
    st.caption(
        "The demo is an invented company with 2,000 people who write over 400 days. It fills this store, so choose "
        "another store with RAPPORT_DATABASE_URL before you bring in your own data."
    )


def _start_demo(here: Here) -> None:
    start_job(here.engine, "demo", dict(DEMO))


def no_posts_yet(here: Here) -> None:
    """What a page that lives on posts shows while the store has other data only."""
    st.title(find_entry(here.page).title)
    why_no_posts(here)


def why_no_posts(here: Here) -> None:
    """The empty state of whatever lives on posts."""
    held = describe_counts(ask(here, count_facts))
    nothing_here(f"No posts yet: what came in is {held}.", button="Import posts", page="data", key="no_posts")
