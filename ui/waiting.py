"""The conversations that wait for an answer: each with its reason, and what can be done about it here."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import select

from answers.filters import Filters
from answers.waiting import MOST_ELSEWHERE, WAITING, Waiting, count_waiting_in, describe_customer, detail, list_cases
from data_access.models.decisions import CaseEventKind
from data_access.models.facts import Identity, Post
from data_access.queries.turns import MOST_WAITING, read_turn_details
from data_access.store import open_store, reading
from jobs.decisions import case_event, mute_account, mute_word
from ui.actions import decide
from ui.cache import ask
from ui.empty import nothing_here
from ui.filters import choose_all_days
from ui.guard import NOBODY_NAMED, Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import duration, moment, whole
from ui.records import LONGEST_TEXT, NO_TEXT, open_original, present, show_author
from ui.tables import download_csv

PAGE_SIZE = 10
_A_MINUTE = 60
SNOOZES = {"4 hours": 4, "1 day": 24, "3 days": 72, "1 week": 168}
SAID_TO_US = (
    "Said to us: what names or answers the team or names a brand of ours; and in a channel of our brands or in the "
    "private community, all but answers to other members."
)
ONLY_CUSTOMERS = (
    "Who bought something, or has a part in a deal that was won. Among those who are alike in all else, who bought "
    "more stands first."
)
MUTE_ACCOUNT, MUTE_WORD = "This account", "A word of it"


def choose_said_to_us(everything: Waiting) -> Waiting:
    """What waits for us; or all, where that is asked for. Nothing is asked where all is said to us."""
    waiting = everything.to_us
    if everything.waiting == waiting.waiting and len(everything.turns) == len(waiting.turns):
        return waiting
    with_others = st.toggle(
        "Show also what is not said to us", key="w_others", help=SAID_TO_US, persist_state="session"
    )
    return everything if with_others else waiting


def nobody_waits(here: Here, filters: Filters, everything: Waiting) -> None:
    """Why the list is empty: what waits is not said to us, or began to wait before the period."""
    first = here.scope.first_day
    if st.session_state.get("w_customers"):
        why = "No customer waits for us in this period."
        nothing_here(why, button="Show everyone", on_click=_show_everyone, key="w_show_everyone")
    elif everything.waiting:
        nothing_here(
            "Nobody waits for us in this period: what nobody has answered is not said to us.",
            button="Show it",
            on_click=_show_others,
            key="w_show_others",
        )
    elif first is not None and first < filters.start:
        why = "Nobody waits in this period. A longer one may hold older questions."
        nothing_here(why, button="Look at all days", on_click=choose_all_days)
    else:
        nothing_here("Nobody waits: everyone who asked has an answer, or nobody asked.")


def _show_everyone() -> None:
    st.session_state["w_customers"] = False


def _show_others() -> None:
    st.session_state["w_others"] = True


def warn_of_no_brand(waiting: Waiting) -> None:
    """While no brand is ours, whose posts count as waiting, and where that is changed."""
    if waiting.has_brand:
        return
    with st.container(border=True):
        st.markdown(
            "**No brand of ours is named.** So what strangers say in public counts as waiting for us only where it "
            "names or answers an account of the team."
            if waiting.is_told
            else "**No brand of ours is named.** So nobody can tell what is said to us: everyone who wrote and has no "
            "answer counts as waiting, strangers among them."
        )
        page_link("settings", "Name our brands: Settings :material/arrow_forward:")


def show_waiting_of(here: Here, everything: Waiting) -> None:
    """What of somebody's waits, on all days, to be worked on as on Today."""
    waiting = choose_said_to_us(everything)
    st.caption(f"On all days: {describe_waiting(waiting, everything)}")
    show_waiting(here, waiting)


def show_waiting(here: Here, waiting: Waiting, *, name: str | None = None) -> None:
    """The cases, most urgent first, a page at a time; with a ``name``, all of them as CSV of that name."""
    pages = max(1, -(-len(waiting.turns) // PAGE_SIZE))
    number = st.session_state.get("w_page", 1)
    page = number if isinstance(number, int) and number <= pages else 1
    shown = waiting.turns.iloc[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if "text" not in shown:
        shown = detail(shown, ask(here, read_turn_details, tuple(shown["opened_post_id"].tolist())))
    threads = tuple(shown["conversation_id"].unique().tolist())
    wait = ask(here, count_waiting_in, threads, here.scope) if threads else {}
    for row in shown.to_dict("records"):
        is_counted = row["state"] == WAITING and (row["is_to_us"] or not waiting.is_told)
        others = max(0, wait.get(row["conversation_id"], 0) - is_counted)
        show_case(here, row | {"others": others})
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key="w_page")
        if name is not None and not waiting.turns.empty:
            download_csv(partial(_list_all, here, waiting), name)


def _list_all(here: Here, waiting: Waiting) -> pd.DataFrame:
    with reading(open_store(here.store_url)) as session:
        return list_cases(session, waiting)


def show_case(here: Here, row: dict[str, Any]) -> None:
    """One case: who, why it stands here, what they wrote, and the buttons."""
    worth = _worth(row, here.settings.currency)
    with st.container(border=True, key=f"case_{row['opened_post_id']}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_author({"author": row["person"], "person_id": row["person_id"]})
            st.caption(plain(_place(row, here.time_zone) + worth))
            _state_badges(row, here.time_zone)
        st.caption(plain(row["reason"] + _others(row), longest=300))
        if present(row["title"]):
            st.markdown(f"**{plain(str(row['title']))}**")
        if row["posts"] > 1 and row["opened_text"] != row["text"]:
            st.text(f"First: {row['opened_text']}"[:LONGEST_TEXT])
        st.text(str(row["text"])[:LONGEST_TEXT] or NO_TEXT)
        if present(row["last_note"]):
            st.text(f"Note: {row['last_note']}"[:LONGEST_TEXT])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _actions(here, row)


def _place(row: dict[str, Any], time_zone: str) -> str:
    place = " · ".join(dict.fromkeys((str(row["channel"]), str(row["network"]))))
    posts = f" · {whole(row['posts'])} posts" if row["posts"] > 1 else ""
    return f"{place} · {moment(row['last_at'], time_zone)}{posts}"


def _worth(row: dict[str, Any], currency: str) -> str:
    how, minor = row["bought"], row["bought_minor"]
    return f" · {describe_customer(how, minor, currency)}" if minor else ""


def _others(row: dict[str, Any]) -> str:
    if not row["others"]:
        return ""
    many = "1 other waits" if row["others"] == 1 else f"{whole(row['others'])} others wait"
    return f"; {many} in this thread, and what is decided here is for the whole of it"


def _with_others(said: str, row: dict[str, Any]) -> str:
    if not row["others"]:
        return said
    many = "1 other" if row["others"] == 1 else f"{whole(row['others'])} others"
    return f"{said.removesuffix('.')}, with {many} who waited in this thread."


def _state_badges(row: dict[str, Any], time_zone: str) -> None:
    if row["state"] != WAITING:
        until = f" until {moment(row['snoozed_until'], time_zone)}" if present(row["snoozed_until"]) else ""
        st.badge(f"{row['state']}{until}".capitalize(), color="gray")
    if present(row["assignee"]):
        st.badge(plain(row["assignee"], longest=40), icon=":material/person:", color="blue")
    if row["notes"] > 1:
        st.badge(f"{row['notes']} notes", icon=":material/notes:", color="gray")


def _actions(here: Here, row: dict[str, Any]) -> None:
    case = str(row["opened_post_id"])
    open_original({"url": row["url"] if present(row["url"]) else row["opened_url"]})
    _menu("Assign", _assignees(here), f"assign_{case}", ":material/person_add:", _assign, here, row)
    note = st.popover("Note", icon=":material/edit_note:", type="tertiary", key=f"noting_{case}", on_change="rerun")
    if note.open:
        with note, st.form(f"note_form_{case}", border=False):
            st.text_area("Note for the team", key=f"note_{case}", max_chars=2000)
            st.form_submit_button("Keep", on_click=_note, args=(here, row))
    _menu("Snooze", list(SNOOZES), f"snooze_{case}", ":material/snooze:", _snooze, here, row)
    _menu("Mute", [MUTE_ACCOUNT, MUTE_WORD], f"mute_{case}", ":material/volume_off:", _mute, here, row)
    for label, kind in (
        ("Answered elsewhere", CaseEventKind.ANSWERED_ELSEWHERE),
        ("No answer needed", CaseEventKind.NO_ANSWER_NEEDED),
    ):
        arguments = (here, row, kind, f"Marked as {label.lower()}.")
        st.button(label, key=f"{kind}_{case}", type="tertiary", on_click=_settle, args=arguments)


def _assignees(here: Here) -> list[str]:
    """Who looks, where that is said, then the team."""
    team = [member.name for member in here.settings.team]
    me = [] if here.who == NOBODY_NAMED and team else [here.who]
    return list(dict.fromkeys([*me, *team]))


def _menu(label: str, options: list[str], key: str, icon: str, chosen: Any, here: Here, row: dict[str, Any]) -> None:
    arguments = (here, row, key)
    st.menu_button(label, options, key=key, icon=icon, type="tertiary", on_click=chosen, args=arguments)


def _decide_case(here: Here, row: dict[str, Any], said: str, **details: Any) -> None:
    key = {name: row[f"case_{name}"] for name in ("network", "source", "native_id")}
    covers = pd.Timestamp(row["case_last_at"]).to_pydatetime()
    decide(said, "case_event", case_event, here.engine, decided_by=here.who, covers_until=covers, **key, **details)


def _settle(here: Here, row: dict[str, Any], kind: str, said: str) -> None:
    _decide_case(here, row, _with_others(said, row), kind=str(kind))


def _assign(here: Here, row: dict[str, Any], widget: str) -> None:
    name = st.session_state[widget]
    if name:
        _decide_case(here, row, f"Assigned to {plain(name)}.", kind=CaseEventKind.ASSIGNED, assignee=name)


def _note(here: Here, row: dict[str, Any]) -> None:
    st.session_state[f"noting_{row['opened_post_id']}"] = False
    note = (st.session_state[f"note_{row['opened_post_id']}"] or "").strip()[:2000]
    if note:
        _decide_case(here, row, "Note kept.", kind=CaseEventKind.NOTE, note=note)


def _snooze(here: Here, row: dict[str, Any], widget: str) -> None:
    chosen = st.session_state[widget]
    if chosen in SNOOZES:
        until = snooze_end(here.scope.last_moment or row["last_at"], chosen)
        _decide_case(here, row, _with_others(f"Snoozed for {chosen}.", row), kind=CaseEventKind.SNOOZED, until=until)


def snooze_end(now: datetime, chosen: str) -> datetime:
    """When a snooze ends, in the data's time: an old export stands still until more comes in."""
    return now + timedelta(hours=SNOOZES[chosen])


def _mute(here: Here, row: dict[str, Any], widget: str) -> None:
    chosen = st.session_state[widget]
    if chosen == MUTE_ACCOUNT:
        mute_author(here, int(row["opened_post_id"]), str(row["person"]))
    elif chosen == MUTE_WORD:
        st.session_state["_word_to_mute"] = str(row["text"])


def mute_author(here: Here, post_id: int, name: str) -> None:
    """Mute the account that wrote a post."""
    with reading(here.engine) as session:
        statement = select(Identity.network, Identity.source, Identity.native_id)
        found = session.exec(statement.join(Post, Post.author_id == Identity.id).where(Post.id == post_id)).first()  # type: ignore[arg-type]
    if found is None:
        return
    key = dict(zip(("network", "source", "native_id"), found, strict=True))
    decide(f"{plain(name)} is muted.", "mute", mute_account, here.engine, decided_by=here.who, **key)


def ask_for_word(here: Here) -> None:
    """A dialog to choose the word to mute, where somebody asked for that."""
    text = st.session_state.pop("_word_to_mute", None)
    if text is not None:
        _choose_word(here, text)


@st.dialog("Mute a word")
def _choose_word(here: Here, text: str) -> None:
    words = list(dict.fromkeys(word.strip(".,;:!?\"'()[]").lower() for word in text.split()))
    choices = [word for word in words if len(word) > 2 and not word.startswith("http")][:60]
    word = st.selectbox(
        "Conversations with this word stay off the list",
        choices,
        index=None,
        accept_new_options=True,
        placeholder="Choose a word of the post, or type one",
    )
    if st.button("Mute", type="primary", disabled=not word) and word:
        said = f"The word {plain(word)} is muted."
        decide(said, "mute", mute_word, here.engine, word=word, decided_by=here.who)
        st.rerun()


def describe_waiting(waiting: Waiting, everything: Waiting | None = None) -> str:
    """How many wait, in a sentence. ``everything``: with those that are not said to us, where they are not shown."""
    longest = waiting.turns.loc[waiting.turns["state"] == WAITING, "waiting_seconds"].max()
    settled = f" {whole(waiting.settled)} settled or muted here." if waiting.settled else ""
    elsewhere = everything.waiting - waiting.waiting if everything is not None else 0
    others = f" {whole(elsewhere)} more {'is' if elsewhere == 1 else 'are'} not said to us." if elsewhere else ""
    cut = describe_cut(waiting)
    if not waiting.waiting:
        return f"nobody {'of these ' if waiting.is_least else ''}waits for us.{others}{settled}{cut}"
    verb = "waits" if waiting.waiting == 1 else "wait"
    verb, of_these = ("or more wait", " of these") if waiting.is_least else (verb, "")
    so_long = f", the longest{of_these} for {duration(longest)}" if longest >= _A_MINUTE else ""
    return f"{whole(waiting.waiting)} {verb}{so_long}.{others}{settled}{cut}"


def describe_cut(waiting: Waiting) -> str:
    """What was not looked at, in a sentence; empty where all was."""
    newest, elsewhere = whole(MOST_WAITING), whole(MOST_ELSEWHERE)
    rest = ": choose a shorter period for the rest."
    if waiting.is_cut and waiting.is_cut_elsewhere:
        return f" Only the newest {newest} of our channels and the newest {elsewhere} of others are looked at{rest}"
    if waiting.is_cut:
        return f" Only the newest {newest} are looked at{rest}"
    if waiting.is_cut_elsewhere:
        return f" Of channels that are not ours only the newest {elsewhere} are looked at{rest}"
    return ""
