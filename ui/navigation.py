"""What there is to open: one declared table, by who needs it, the links to it in the sidebar, and the ways from one
page to another."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Entry:
    """A page: its name (the file and the address), its title, who it is for, and what it answers."""

    name: str
    title: str
    section: str
    help: str


ENTRIES = (
    Entry(
        "today",
        "Today",
        "Community manager",
        "What happened in the last day, what is unusual, and who waits for an answer.",
    ),
    Entry(
        "engagement", "Engagement", "Community manager", "How much is said, by how many, when, and how fast we answer."
    ),
    Entry(
        "sentiment",
        "Sentiment",
        "Community manager",
        "How people feel, where that differs, and how right the scorer is.",
    ),
    Entry(
        "influencers",
        "Influencers",
        "Marketer",
        "Who moves the community: a graph and a table in step, circles and paths, and whom to act on.",
    ),
    Entry("profile", "Profile", "Marketer", "One person: accounts, everything they wrote, and whom they talk with."),
    Entry(
        "organization",
        "Organisations",
        "Marketer",
        "One organisation: its people, what is new with them, its deals and orders. Or all, to choose from.",
    ),
    Entry(
        "journeys",
        "Journeys",
        "Marketer",
        "Public network, website, community, customer: how many move on, in how many days, and who is stuck.",
    ),
    Entry(
        "share_of_voice",
        "Share of voice",
        "Marketer",
        "Us and the competitors: who is talked about, by how many, for what, and what drove the spikes.",
    ),
    Entry(
        "revenue",
        "Revenue",
        "Executive",
        "What was sold, which conversations came before it, and who shares in it under each credit rule.",
    ),
    Entry("search", "Search", "Everyone", "Every post that says some words, the newest first."),
    Entry("data", "Data", "Everyone", "Bring files in; see what came, what was refused and why, and how fresh it is."),
    Entry("dictionary", "Dictionary", "Everyone", "Each number: how it is computed, of whom, and what it leaves out."),
    Entry("settings", "Settings", "Everyone", "Time zone, brands, team, targets, and every decision taken here."),
)
#: The sections side by side in the sidebar, so that the filters below them need no scrolling on a laptop's screen:
#: how wide each column is, and what stands in it.
SIDE_BY_SIDE = ((5, ("Community manager", "Everyone")), (4, ("Marketer", "Executive")))
#: The period that the address need not name, the one of chosen days, and what the session keeps from page to page.
DEFAULT_PERIOD, CUSTOM_PERIOD = "28 days", "Custom"
KEPT = ("f_period", "f_days", "f_network", "f_channel", "f_brand", "me")
_LAST_FILTERS = "last_filters"
ICON = str(ROOT / "ui" / "icon.svg")


def find_entry(name: str) -> Entry:
    """The page of that name. Raises ``KeyError`` where there is none."""
    for entry in ENTRIES:
        if entry.name == name:
            return entry
    raise KeyError(f"{name!r} is no page; add it to ENTRIES in ui/navigation.py")


def _page(entry: Entry) -> Any:
    # no icon: the browser would ask Google's servers for it, as the icon of the tab
    return st.Page(ROOT / "pages" / f"{entry.name}.py", title=entry.title, url_path=entry.name, help=entry.help)


def _open_today() -> None:
    st.switch_page(_page(find_entry("today")), query_params=_current_params())


def _current_params() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def register() -> Any:
    """Tell Streamlit which pages there are. Returns the one that is asked for."""
    sections: dict[str, list[Any]] = {}
    for entry in ENTRIES:
        sections.setdefault(entry.section, []).append(_page(entry))
    start = st.Page(_open_today, title="Rapport", url_path="start", default=True, visibility="hidden")
    sections[ENTRIES[0].section].insert(0, start)
    return st.navigation(sections, position="hidden")


def _show_links(box: Any) -> None:
    """The way to every page. Streamlit's own list would stand above the filters at three times the height, and leave
    the filters out of its addresses: each would be written on arrival, as a step back of its own."""
    columns = box.container().columns([width for width, _ in SIDE_BY_SIDE], gap="xxsmall")
    for column, (_, sections) in zip(columns, SIDE_BY_SIDE, strict=True):
        with column.container(gap="xxsmall"):
            for section in sections:
                st.caption(section)
                for entry in ENTRIES:
                    if entry.section == section:
                        page_link(entry.name, entry.title)


def open_page() -> None:
    """Show the page that the address names; ``/`` leads to Today."""
    st.session_state["is_routed"] = True
    page = register()
    _restore_filters(page.url_path)
    box, named = st.sidebar.empty(), _filters_in_address()
    _show_links(box)
    try:
        page.run()
    finally:
        _keep_filters(page.url_path)
        if _filters_in_address() != named:  # the address asked for what the data lacks, and the page has dropped it
            _show_links(box)


def _restore_filters(name: str) -> None:
    """Give the filters of another page what those of the last had, and name them in its address. Streamlit forgets with
    the first change of the page what a filter had from the address alone, and takes it out of the address."""
    last, kept = st.session_state.get(_LAST_FILTERS, (name, {}))
    if last != name or _has_come_back():
        for key, chosen in kept.items():
            st.session_state[key] = st.session_state.get(key, chosen)
        for key, values in _filters_in_address().items():
            if key not in st.query_params and not _is_bound(key):  # else its filter names it
                st.query_params[key] = values
        _seed_from_address()


def _has_come_back() -> bool:
    """Whether the browser's Back or Forward leads here from another page, whose filters the address lost."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation and not any(map(_is_bound, KEPT))


def _is_bound(key: str) -> bool:
    """Whether the last run drew this filter, or broke off, as the next had begun, before it let go of it."""
    context = get_script_run_ctx()
    if context is None:
        return False
    with context.session_state.query_params() as address:
        return bool(address.is_bound(key))


def _seed_from_address() -> None:
    """Let filters take what the address names now. On the browser's way back Streamlit gives them what it named before
    the run, out of which it has struck what the filters of the last page had: their defaults."""
    if context := get_script_run_ctx():
        with context.session_state.query_params() as address:
            address.set_initial_query_params_from_current()


def _keep_filters(name: str) -> None:
    _, kept = st.session_state.get(_LAST_FILTERS, (name, {}))
    now = {key: st.session_state[key] for key in KEPT if key in st.session_state}
    st.session_state[_LAST_FILTERS] = name, kept | now


def go(name: str, **params: str) -> None:
    """Switch to another page. The filters stay: they live in the session, and their widgets write the address."""
    st.switch_page(_page(find_entry(name)), query_params=params)


def page_link(name: str, label: str, **params: str) -> None:
    """A link to another page that keeps the filters. ``label`` is Markdown: pass member text through ``plain``."""
    if st.session_state.get("is_routed"):
        st.page_link(_page(find_entry(name)), label=label, query_params={**_filters_in_address(), **params})
    else:
        st.markdown(label)


def _filters_in_address() -> dict[str, list[str]]:
    """What is chosen, as the address names it: links drawn above the filters know the newest choice, and those of pages
    without filters the last."""
    named = {key: values for key, values in _current_params().items() if key in KEPT}
    for key in KEPT:
        if key in st.session_state:
            chosen = st.session_state[key]
            values = [str(value) for value in (chosen if isinstance(chosen, (list, tuple)) else [chosen]) if value]
            named[key] = [] if values == [DEFAULT_PERIOD] else values
    if named.get("f_period") != [CUSTOM_PERIOD]:
        named.pop("f_days", None)
    return {key: values for key, values in named.items() if values}
