"""The search box on every page: a person by handle, name, e-mail, organisation or id, or an organisation; and the way
to the posts that say what was typed."""

from collections import Counter
from typing import Any

import streamlit as st
from sqlmodel import Session

from answers.people import search_organizations, search_people
from data_access.search_words import fold
from ui.cache import ask
from ui.guard import Here
from ui.markup import plain
from ui.navigation import ENTRIES, go, page_link

MOST_PEOPLE, MOST_ORGANIZATIONS = 6, 3
LEAST_LETTERS = 2
_BOX, _PLACE, _IS_NEW = "find", "_find_place", "_find_is_new"
#: A page, its parameter, its value, and the label of a link to it.
Hit = tuple[str, str, str, str]


def search_box(here: Here) -> None:
    """Draw the box and, below it, what it finds: links to profiles and organisations. Enter opens the only hit,
    or the only organisation where nobody is called so."""
    place = (here.page, st.query_params.get("person"), st.query_params.get("organization"))
    if st.session_state.get(_PLACE) != place:  # found: the list has done its work
        st.session_state[_PLACE] = place
        st.session_state[_BOX] = ""
    typed = st.text_input(
        "Find a person or an organisation",
        key=_BOX,
        max_chars=120,
        label_visibility="collapsed",  # what it finds stands in it, and leaves the filters their place
        placeholder="Find by name, handle, e-mail",
        on_change=_remember_typing,
    ).strip()
    is_new = st.session_state.pop(_IS_NEW, False)
    if len(typed.lstrip("@")) < LEAST_LETTERS and not typed.isdecimal():
        return
    hits, has_more = ask(here, find_hits, typed)
    if hits and is_new and _is_meant(hits) and st.session_state.get("is_routed"):
        page, parameter, value, _ = hits[0]
        go(page, **{parameter: value})
    for page, parameter, value, label in hits:
        page_link(page, label, **{parameter: value})
    if has_more:
        st.caption("More are found: type more letters.")
    if not hits:
        st.caption("Nobody by that name, handle, e-mail or organisation.")
    if here.scope.posts:
        page_link("search", f"Posts that say “{plain(typed, 40)}”", words=typed)


def _remember_typing() -> None:
    st.session_state[_IS_NEW] = True


def _is_meant(hits: list[Hit]) -> bool:
    """Whether the first hit is what was typed: alone, or an organisation above its own people."""
    return len(hits) == 1 or [page for page, *_ in hits[:2]] == ["organization", "profile"]


def _called(row: Any) -> str:
    return fold(row.handle if isinstance(row.handle, str) and row.handle else row.name)


def _label(row: Any, *, has_namesake: bool) -> str:
    handle = row.handle if isinstance(row.handle, str) and row.handle != row.name else ""
    known = [value for value in (row.location, row.email) if isinstance(value, str) and value]
    formerly = f"formerly {row.formerly}" if isinstance(row.formerly, str) else ""
    parts = (row.name, *(known[:1] if has_namesake else ()), f"@{handle}" if handle else "", formerly, row.network)
    return " · ".join(plain(part, 60) for part in parts if part)


def _is_called(row: Any, typed: str) -> bool:
    """Whether a word of the person's own name or handle begins so."""
    names = " ".join(fold(value) for value in (row.name, row.handle) if isinstance(value, str))
    return f" {fold(typed).strip().lstrip('@')}" in f" {names}"


def find_hits(session: Session, typed: str) -> tuple[list[Hit], bool]:
    """Where a search leads: people, then organisations; the other way round where people are only found as those of
    an organisation. Labels are Markdown, members' text in them escaped. And whether there are more of either."""
    found_people = search_people(session, typed, limit=MOST_PEOPLE + 1)
    people, has_more = found_people.head(MOST_PEOPLE), len(found_people) > MOST_PEOPLE
    many = Counter(_called(row) for row in people.itertuples(index=False))
    hits: list[Hit] = [
        ("profile", "person", str(int(row.person_id)), _label(row, has_namesake=many[_called(row)] > 1))
        for row in people.itertuples(index=False)
    ]
    if any(entry.name == "organization" for entry in ENTRIES):
        organizations = search_organizations(session, typed, limit=MOST_ORGANIZATIONS + 1)
        has_more = has_more or len(organizations) > MOST_ORGANIZATIONS
        found: list[Hit] = [
            ("organization", "organization", str(int(row.organization_id)), f"{plain(row.name, 60)} · organisation")
            for row in organizations.head(MOST_ORGANIZATIONS).itertuples(index=False)
        ]
        is_name = any(_is_called(row, typed) for row in people.itertuples(index=False))
        hits = [*hits, *found] if is_name else [*found, *hits]
    return hits, has_more
