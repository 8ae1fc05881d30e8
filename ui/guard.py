"""The first line of each page: its title, the store, who looks, and what to show while there is nothing to look at."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy import Engine

from answers.scope import ANYTHING, POSTS, SALES, Scope, read_scope
from data_access.settings import Settings, read_settings
from data_access.store import StoreTooNew, open_store, read_data_version, reading, store_url
from ui.cache import ask_store
from ui.navigation import ICON, find_entry

#: What decisions are signed with where nobody said who they are.
NOBODY_NAMED = "someone"
NEEDS_NO_DATA = ("data", "dictionary", "settings")
#: Pages that say nothing without posts.
LIVES_ON_POSTS = ("today", "engagement", "sentiment", "influencers", "share_of_voice", "search")
#: Of what the days of a page are, where not of posts.
ABOUT = {"revenue": SALES, "journeys": ANYTHING, "organization": ANYTHING}


@dataclass(frozen=True)
class Here:
    """Where a page runs: its store, the store's version, what the store holds, who looks at it, and where in the
    sidebar its filters stand."""

    page: str
    engine: Engine
    store_url: str
    data_version: int
    scope: Scope
    who: str
    filters: Any = field(default=None, compare=False, repr=False)

    @property
    def settings(self) -> Settings:
        """The workspace's settings that stand."""
        return self.scope.settings

    @property
    def time_zone(self) -> str:
        """The workspace's time zone."""
        return self.scope.time_zone


def guard(page: str) -> Here:
    """Set the page up and return where it runs. Stops the page where it cannot go on: a store of a newer version, a
    store without data under a page that lives on data, or one without posts under a page that lives on posts."""
    entry = find_entry(page)
    st.set_page_config(page_title=f"{entry.title} · Rapport", page_icon=ICON, layout="wide")
    url = store_url()
    engine = _open(url)
    with reading(engine) as session:
        version = read_data_version(session)
    # named, so that the days of the page turn at midnight although nothing is written to the store
    today = datetime.now(ZoneInfo(ask_store(url, version, read_settings).time_zone)).date()
    scope = ask_store(url, version, read_scope, ABOUT.get(page, POSTS), today)
    # the filters above what is set once: a list that opens below the window's edge closes as it scrolls into view
    search, filters, work = st.sidebar.container(), st.sidebar.container(), st.sidebar.container()
    here = Here(page, engine, url, version, scope, _choose_who(scope.settings), filters)
    if scope.is_empty and page not in NEEDS_NO_DATA:
        from ui.first_run import welcome  # it takes what is defined here

        welcome(here)
        st.stop()
    _show_search(here, search)
    _show_unseen_count(here, work)
    if page != "data":
        _show_running_job(here, work)
    if not scope.posts and page in LIVES_ON_POSTS:
        from ui.first_run import no_posts_yet  # it takes what is defined here

        no_posts_yet(here)
        st.stop()
    return here


def _show_search(here: Here, box: Any) -> None:
    from ui.search import search_box  # it takes what is defined here

    if not here.scope.is_empty:
        with box:
            search_box(here)


def _show_unseen_count(here: Here, box: Any) -> None:
    from ui.alerts import show_unseen_count  # it takes what is defined here

    with box:
        show_unseen_count(here)


def _show_running_job(here: Here, box: Any) -> None:
    from ui.progress import running_job, show_job_in_sidebar  # they take what is defined here

    if running_job(here) is not None:
        with box:
            show_job_in_sidebar(here)


def _open(url: str) -> Engine:
    try:
        return open_store(url)
    except StoreTooNew as error:
        st.title("This store is newer than this Rapport")
        st.text(str(error))
        st.stop()


def _choose_who(settings: Settings) -> str:
    """Who takes the decisions of this session: chosen from the team list, or typed where it is empty."""
    # a typed name is an option too, or it would not survive a reload
    typed = (st.session_state.get("me"), st.query_params.get("me"))
    names = dict.fromkeys([*(member.name for member in settings.team), *(name for name in typed if name)])
    chosen = st.sidebar.selectbox(
        "You are",
        list(names),
        index=None,
        key="me",
        bind="query-params",
        persist_state="session",
        accept_new_options=True,
        placeholder="Choose or type your name",
        help="Decisions that you take here carry this name. The list is the team in Settings.",
    )
    return (chosen or "").strip()[:80] or NOBODY_NAMED
