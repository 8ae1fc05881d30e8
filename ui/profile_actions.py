"""What can be done about a person: mute, export what is held, erase; to join and split leads to their accounts."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from answers.holdings import write_holdings
from answers.profile import Profile
from data_access.models.derived import Role
from data_access.store import open_store, reading
from jobs.decisions import mute_account
from jobs.erasure import NobodyToErase, erase_accounts, is_long_to_erase, list_accounts_to_erase
from jobs.launch import start_job
from ui.actions import decide, undo
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.records import present

TAB, ACCOUNTS_TAB = "p_tab", "Accounts"
ERASED, SOON = "erased", "soon"
MOST_NAMED = 12
_MENU = "p_actions"
GOES = (
    "all their accounts, with names, handles, addresses and biographies",
    "everything that they wrote, their scores, and the names of groups that may be made of their words",
    "their visits, likes, mentions and survey comments",
    "what was decided here about any of these: labels, notes, joins, and their name in Settings",
    "their full name in titles of deals and pages, the name and address of a page of their own",
    "refused rows that name them, and files left by an import that failed",
)
STAYS = (
    "orders, deals and survey scores, as nobody's, so that sums stay what they were",
    "what others wrote, even about them, and the ids of pages of their own",
    "backups, and files outside Rapport: what was imported, exported or mailed, and logs",
    "a scrambled mark of each account, address and name, which nobody can read, so that no import brings them back",
)


def show_actions(here: Here, profile: Profile) -> None:
    """A menu of what can be done."""
    with st.popover("Actions", icon=":material/more_horiz:", key=_MENU, on_change="rerun"):
        st.button(
            "Join or split accounts",
            key="to_accounts",
            icon=":material/merge:",
            type="tertiary",
            on_click=_open_accounts,
            help="Opens the list of their accounts.",
        )
        st.download_button(
            "Export everything held",
            data=lambda: _export(here, profile.person_id),
            file_name=f"person-{profile.person_id}.json",
            mime="application/json",
            key="export_person",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            help="A JSON file with all that is held about them, to hand over when they ask.",
        )
        _mute_buttons(here, profile)
        is_erasing = st.button(
            "Erase…", key="erase_person", icon=":material/delete_forever:", type="tertiary", on_click=_close_menu
        )
    if is_erasing:
        ask_to_erase(here, profile)


def _close_menu() -> None:
    st.session_state[_MENU] = False


def _open_accounts() -> None:
    _close_menu()
    st.session_state[TAB] = ACCOUNTS_TAB


def _export(here: Here, person_id: int) -> bytes:
    with reading(open_store(here.store_url)) as session:
        return write_holdings(session, person_id).encode()


def _mute_buttons(here: Here, profile: Profile) -> None:
    if profile.role in (Role.TEAM, Role.BOT):
        return
    for row in profile.accounts.to_dict("records"):
        handle = row["handle"] if present(row["handle"]) else row["native_id"]
        of = f" {row['network']} · {handle}" if len(profile.accounts) > 1 else ""
        action: Callable[..., None] = _mute
        arguments: tuple[Any, ...] = (here, row, profile.name)
        label, icon = f"Mute{of}", ":material/volume_off:"
        if present(row["mute_id"]):
            action, arguments = undo, (here.engine, "mute", [int(row["mute_id"])], here.who)
            label, icon = f"Unmute{of}", ":material/volume_up:"
        st.button(
            plain(label, longest=60),
            key=f"mute_{row['identity_id']}",
            icon=icon,
            type="tertiary",
            on_click=action,
            args=arguments,
            help="Muted accounts count in no number and stand in no list.",
        )


def _mute(here: Here, row: dict[str, Any], name: str) -> None:
    key = {part: row[part] for part in ("network", "source", "native_id")}
    decide(f"{plain(name)} is muted.", "mute", mute_account, here.engine, decided_by=here.who, **key)


@st.dialog("Erase this person?", width="medium")
def ask_to_erase(here: Here, profile: Profile) -> None:
    """Says what goes and what stays, and erases once the name is typed."""
    accounts = len(profile.accounts)
    st.markdown(f"**{plain(profile.name)}**, {accounts} account{'' if accounts == 1 else 's'}. This cannot be undone.")
    for row in profile.accounts.head(MOST_NAMED).to_dict("records"):
        # as text: a namesake is told apart by handle and address, and Markdown would turn those into links
        parts = (row["network"], row["handle"] if present(row["handle"]) else row["native_id"], row["email"])
        st.text(" · ".join(str(part) for part in parts if present(part))[:300])
    if accounts > MOST_NAMED:
        st.caption(f"And {accounts - MOST_NAMED} more: see Accounts.")
    st.markdown("Goes, for good:\n" + "".join(f"\n- {what}" for what in GOES))
    st.markdown("Stays:\n" + "".join(f"\n- {what}" for what in STAYS))
    typed = st.text_input("Type their name to confirm", key="erase_name", placeholder=profile.name, autocomplete="off")
    is_sure = " ".join(typed.split()).casefold() == " ".join(profile.name.split()).casefold()
    if st.button("Erase for good", key="erase_now", type="primary", disabled=not is_sure):
        with st.spinner("Erasing"):
            is_done = _erase(here, profile.person_id)
        st.query_params.from_dict({ERASED: "1" if is_done else SOON})
        st.rerun()


def _erase(here: Here, person_id: int) -> bool:
    """Erase at once; False where a job does it, since it takes long or has to wait for an import."""
    is_done = True
    with suppress(NobodyToErase):  # a colleague was faster
        accounts = list_accounts_to_erase(here.engine, person_id)
        if is_long_to_erase(here.engine, accounts):
            start_job(here.engine, "erase", {"accounts": accounts, "decided_by": here.who})
            is_done = False
        else:
            erase_accounts(here.engine, accounts=accounts, decided_by=here.who)
            start_job(here.engine, "influence", {})  # whom they talked with has other scores now
    # answers of before would still hold them, and what was said last may name them
    st.cache_data.clear()
    st.session_state.pop("_last_decision", None)
    return is_done


def show_erased() -> None:
    """The page after somebody was erased, or while they are."""
    if st.query_params.get(ERASED) == SOON:
        nothing_here(
            "They are being erased. The sidebar says how far it is; with an import on its way, it waits for its end. "
            "Files exported before, and backups, still hold them: delete those too."
        )
        return
    nothing_here(
        "They are erased: accounts, posts, visits and what was decided about them. Orders and deals stay as nobody's. "
        "No import brings them back. Files exported before, and backups, still hold them: delete those too."
    )
