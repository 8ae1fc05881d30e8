"""A person's accounts: why each is theirs, which others may be, and the buttons that join and split."""

from typing import Any

import streamlit as st

from answers.people import search_people
from answers.person_accounts import (
    PersonAccounts,
    list_also_split,
    list_join_pairs,
    list_split_pairs,
    read_person_accounts,
)
from answers.profile import Profile
from data_access.models.derived import Role
from data_access.store import reading
from jobs.decisions import decide_matches
from ui.actions import add_to_last, decide
from ui.cache import ask
from ui.guard import Here
from ui.markup import plain, web_address
from ui.navigation import page_link
from ui.numbers import percent, whole
from ui.records import present
from ui.tables import download_csv

MOST_FOUND = 6
MOST_EARLIER = 20
LEAST_LETTERS = 2
SAME, DIFFERENT = "same", "different"
_BOX = "p_join"


def show_accounts(here: Here, profile: Profile) -> None:
    """Each account with why it is theirs, then what may be theirs, then a search for another."""
    found: PersonAccounts = ask(here, read_person_accounts, profile.person_id)
    own, others = st.columns([3, 2], gap="large")
    with own:
        st.subheader("Theirs")
        for row in profile.accounts.to_dict("records"):
            account = int(row["identity_id"])
            _show_account(here, profile, row, found.reasons.get(account, ""), found.earlier.get(account, []))
        download_csv(profile.accounts.drop(columns=["evidence", "mute_id"]), "accounts", key="csv_accounts")
    with others:
        _show_suggested(here, profile, found)
        _show_search(here, profile)


def _called(row: dict[str, Any]) -> str:
    handle = row["handle"] if present(row["handle"]) else row["display_name"]
    return str(handle if present(handle) else row["native_id"])


def _show_account(here: Here, profile: Profile, row: dict[str, Any], reason: str, earlier: list[str]) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(_called(row), longest=60)}**", width="content")
            st.badge(plain(row["network"], longest=40), color="gray")
            if present(row["mute_id"]):
                st.badge("Muted", icon=":material/volume_off:", color="orange")
            st.space("stretch")
            url = web_address(row["url"] if present(row["url"]) else None)
            if url:
                st.link_button("Original", url, icon=":material/open_in_new:", type="tertiary")
            if len(profile.accounts) > 1:
                st.button(
                    "Not theirs",
                    key=f"split_{row['identity_id']}",
                    icon=":material/call_split:",
                    type="tertiary",
                    on_click=_split,
                    args=(here, profile, row),
                    help="Makes this account a person of its own, with all that it wrote and bought. Can be undone.",
                )
        followers = f"{whole(row['followers'])} followers" if present(row["followers"]) else None
        name = row["display_name"] if row["display_name"] != _called(row) else None
        facts = [name, followers, *(row[part] for part in ("location", "organization", "email"))]
        known = " · ".join(str(fact) for fact in facts if present(fact))
        if known:
            st.text(known[:300])  # a caption would turn an address into a link
        if present(row["bio"]):
            st.text(str(row["bio"])[:600])
        if earlier:
            st.text(f"Earlier names: {', '.join(earlier[:MOST_EARLIER])}"[:600])
        if reason:
            st.caption(f":material/link: {plain(reason, longest=300)}")


def _split(here: Here, profile: Profile, row: dict[str, Any]) -> None:
    with reading(here.engine) as session:
        pairs = list_split_pairs(session, profile.person_id, int(row["identity_id"]))
    if not pairs:
        st.toast("This account is not theirs any more.")
        return
    one, name = f"{plain(_called(row), longest=60)} ({plain(row['network'])})", plain(profile.name, longest=60)
    said = f"{one} is not {name}."
    decide(said, "match_decision", decide_matches, here.engine, pairs=pairs, verdict=DIFFERENT, decided_by=here.who)
    with reading(here.engine) as session:
        others = list_also_split(session, [int(i) for i in profile.accounts["identity_id"]], int(row["identity_id"]))
    also = [other for other in profile.accounts.to_dict("records") if int(other["identity_id"]) in others]
    if also:
        named = ", ".join(f"{plain(_called(other), longest=60)} ({plain(other['network'])})" for other in also)
        add_to_last(f"Only through it was this theirs, so it leaves too: {named}.")


def _show_suggested(here: Here, profile: Profile, found: PersonAccounts) -> None:
    st.subheader("May be theirs")
    if found.suggested.empty:
        st.caption("No other account looks like theirs. If you know of one, find it below.")
        return
    for row in found.suggested.to_dict("records"):
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                label = f"**{plain(_suggested_name(row), longest=60)}**"
                page_link("profile", label, person=str(row["person_id"]))
                st.badge(plain(row["network"], longest=40), color="gray")
                st.badge(f"{percent(min(row['probability'], 0.99), 0)} alike", color="blue")
            if row["why"]:
                why = plain(row["why"], longest=300)
                st.caption(why[:1].upper() + why[1:])
            if present(row["reason"]):
                st.caption(f":material/info: {plain(row['reason'], longest=300)}")
            with st.container(horizontal=True):
                for verdict, text, icon in (
                    (SAME, "Join", ":material/merge:"),
                    (DIFFERENT, "Not the same", ":material/call_split:"),
                ):
                    st.button(
                        text,
                        key=f"{verdict}_{row['identity_id']}",
                        icon=icon,
                        type="secondary" if verdict == SAME else "tertiary",
                        on_click=_decide,
                        args=(here, profile, row, verdict),
                    )


def _suggested_name(row: dict[str, Any]) -> str:
    handle = f" · @{row['handle']}" if present(row["handle"]) and row["handle"] != row["name"] else ""
    return f"{row['name']}{handle}"


def _decide(here: Here, profile: Profile, row: dict[str, Any], verdict: str) -> None:
    other, name = plain(row["name"], longest=60), plain(profile.name, longest=60)
    said = f"{other} ({plain(row['network'])}) is joined with {name}." if verdict == SAME else f"{other} is not {name}."
    pairs = [(row["own_key"], row["other_key"])]
    decide(said, "match_decision", decide_matches, here.engine, pairs=pairs, verdict=verdict, decided_by=here.who)


def _show_search(here: Here, profile: Profile) -> None:
    st.subheader("Join another")
    typed = st.text_input(
        "Find another account of theirs",
        key=f"{_BOX}_{profile.person_id}",
        placeholder="Handle, name or e-mail",
        max_chars=100,
    ).strip()
    if len(typed) < LEAST_LETTERS:
        return
    hits = ask(here, search_people, typed, limit=MOST_FOUND + 1)
    hits = hits[hits["person_id"] != profile.person_id].head(MOST_FOUND)
    if hits.empty:
        st.caption("Nobody else by that handle, name or e-mail.")
    for row in hits.to_dict("records"):
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            page_link("profile", f"**{plain(row['name'], longest=60)}**", person=str(row["person_id"]))
            st.caption(plain(f"{row['network']} · {whole(row['posts'])} posts", longest=120))
            st.space("stretch")
            _join_button(here, profile, row)


def _join_button(here: Here, profile: Profile, row: dict[str, Any]) -> None:
    is_unlike = _group(row["role"]) != _group(profile.role)
    st.button(
        "Join",
        key=f"join_{row['person_id']}",
        icon=":material/merge:",
        disabled=is_unlike,
        on_click=_join,
        args=(here, profile, row),
        help="The team, bots and the public are never joined." if is_unlike else None,
    )


def _group(role: Any) -> str | None:
    return str(role) if present(role) and role != Role.MUTED else None


def _join(here: Here, profile: Profile, row: dict[str, Any]) -> None:
    with reading(here.engine) as session:
        pairs = list_join_pairs(session, profile.person_id, int(row["person_id"]))
    if not pairs:
        st.toast("They are one person already.")
        return
    said = f"{plain(row['name'], longest=60)} is joined with {plain(profile.name, longest=60)}."
    decide(said, "match_decision", decide_matches, here.engine, pairs=pairs, verdict=SAME, decided_by=here.who)
