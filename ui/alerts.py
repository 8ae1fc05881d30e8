"""Watching and thanking people: the buttons, the alerts on Today, the watch list, and the count beside every page."""

from typing import Any

import streamlit as st

from answers.alerts import count_unseen, list_unseen, read_alerts, read_name, read_thanks, read_watch_list
from jobs.watching import NobodyToWatch, see_alerts, stop_watching, thank_person, watch_again, watch_person
from ui.actions import decide, end
from ui.cache import ask
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted, moment, whole
from ui.records import LONGEST_TEXT, NO_TEXT, describe_record, open_original, present, sentiment_control, show_author

ALERTS_AT_A_TIME, PEOPLE_AT_A_TIME = 5, 10
MOST_LISTED = 200
LONGEST_NOTE = 2_000
WATCHING = "Each post that they write from now on raises an alert: on Today, beside every page, and in the mail."
THANKING = "Say that the team has thanked them, here or elsewhere: they leave the list of those to thank."


def watch_button(here: Here, person_id: int, *, key: str) -> None:
    """A button to watch a person, or to stop. ``key`` tells it from others on the page."""
    watched = ask(here, read_watch_list)
    is_watched = bool((watched["person_id"] == person_id).any())
    st.button(
        "Stop watching" if is_watched else "Watch",
        key=f"watch_{key}_{person_id}",
        icon=":material/visibility_off:" if is_watched else ":material/visibility:",
        type="tertiary",
        on_click=_stop if is_watched else _watch,
        args=(here, person_id),
        help="Their posts raise alerts. The alerts that they raised go, too." if is_watched else WATCHING,
    )


def _watch(here: Here, person_id: int) -> None:
    said = f"{_name(here, person_id)} is watched: each new post of theirs raises an alert."
    _decide(said, "watch", watch_person, here, person_id=person_id)


def _stop(here: Here, person_id: int) -> None:
    said = f"{_name(here, person_id)} is no longer watched."
    end(said, stop_watching, watch_again, here.engine, person_id=person_id, decided_by=here.who)


def _decide(said: str, table: str, action: Any, here: Here, **details: Any) -> None:
    try:
        decide(said, table, action, here.engine, decided_by=here.who, **details)
    except NobodyToWatch:  # an import or a colleague was faster
        st.toast("They are not here any more under this id: look for them again.")


def _name(here: Here, person_id: int) -> str:
    return plain(ask(here, read_name, person_id), longest=60)


def thank_button(here: Here, person_id: int, *, key: str) -> None:
    """A button to say that a person was thanked, with a note; it says so where they were. ``key`` tells it from others
    on the page."""
    thanks = ask(here, read_thanks, person_id)
    widget = f"thank_{key}_{person_id}"
    label = "Thank" if thanks.empty else "Thanked"
    icon = ":material/favorite_border:" if thanks.empty else ":material/favorite:"
    shown = st.popover(label, icon=icon, type="tertiary", key=widget, on_change="rerun", help=THANKING)
    if not shown.open:
        return
    with shown:
        for row in thanks.tail(3).to_dict("records"):
            st.text(_describe_thanks(row, here.time_zone))
        with st.form(f"form_{widget}", border=False):
            st.text_area("How, or for what (not needed)", key=f"note_{widget}", max_chars=LONGEST_NOTE)
            st.form_submit_button("They were thanked", on_click=_thank, args=(here, person_id, widget))


def _describe_thanks(row: dict[str, Any], time_zone: str) -> str:
    note = f": {row['note']}" if present(row["note"]) else ""
    return f"{moment(row['decided_at'], time_zone)}, {row['decided_by']}{note}"[:LONGEST_TEXT]


def _thank(here: Here, person_id: int, widget: str) -> None:
    note = (st.session_state[f"note_{widget}"] or "")[:LONGEST_NOTE]
    st.session_state[widget] = False
    _decide(f"{_name(here, person_id)} was thanked.", "thanked", thank_person, here, person_id=person_id, note=note)


def show_unseen_count(here: Here) -> None:
    """How many posts of watched people nobody has seen, leading to them; nothing where there is none."""
    unseen = ask(here, count_unseen)
    if unseen:
        page_link("today", f":material/notifications: {counted(unseen, 'new post')} of watched people")


def show_alerts(here: Here) -> None:
    """The posts of watched people that nobody has seen, newest first; nothing where there is none."""
    unseen = ask(here, list_unseen)
    if not unseen:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("New posts of watched people", width="content", anchor=False)
        st.space("stretch")
        everything = f"Seen, all {whole(len(unseen))}" if len(unseen) > 1 else "Seen"
        if len(unseen) > 1:
            st.button(everything, key="see_all", icon=":material/done_all:", on_click=_see, args=(here, unseen))
    alerts = ask(here, read_alerts, limit=MOST_LISTED)
    page, pages = _page_of(len(alerts), ALERTS_AT_A_TIME, "al_page")
    for row in alerts.iloc[(page - 1) * ALERTS_AT_A_TIME : page * ALERTS_AT_A_TIME].to_dict("records"):
        _show_alert(here, row)
    if pages > 1:
        st.pagination(pages, key="al_page")
    if len(unseen) > MOST_LISTED:
        st.caption(f"The newest {whole(MOST_LISTED)} of {whole(len(unseen))}.")


def _page_of(rows: int, at_a_time: int, key: str) -> tuple[int, int]:
    pages = max(1, -(-rows // at_a_time))
    number = st.session_state.get(key, 1)
    return (number if isinstance(number, int) and number <= pages else 1), pages


def _show_alert(here: Here, row: dict[str, Any]) -> None:
    with st.container(border=True, key=f"alert_{row['post_id']}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_author(row)
            st.caption(plain(describe_record(row, here.time_zone)))
        if present(row["title"]):
            st.markdown(f"**{plain(str(row['title']))}**")
        st.text(str(row["text"])[:LONGEST_TEXT] or NO_TEXT)
        st.caption(plain(row["why"] if present(row["why"]) else "", longest=300))
        with st.container(horizontal=True, vertical_alignment="center"):
            sentiment_control(here, row, key="alerts")
            open_original(row)
            arguments = (here, [int(row["post_id"])])
            see = f"see_{row['post_id']}"
            st.button("Seen", key=see, icon=":material/done:", type="tertiary", on_click=_see, args=arguments)


def _see(here: Here, post_ids: list[int]) -> None:
    said = f"{counted(len(post_ids), 'post')} marked as seen."
    decide(said, "alert_seen", see_alerts, here.engine, post_ids=post_ids, decided_by=here.who)


def show_watch_list(here: Here) -> None:
    """Who is watched, since when, by whom, and what they wrote since; with a button to stop each."""
    watched = ask(here, read_watch_list)
    if watched.empty:
        nothing_here(
            "Nobody is watched. Press Watch on somebody's profile, and each post that they write raises an alert.",
            button="Find someone",
            page="profile",
            key="watch_list",
        )
        return
    page, pages = _page_of(len(watched), PEOPLE_AT_A_TIME, "wl_page")
    for row in watched.iloc[(page - 1) * PEOPLE_AT_A_TIME : page * PEOPLE_AT_A_TIME].to_dict("records"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_author({"author": row["name"], "person_id": row["person_id"]})
            st.caption(plain(describe_watched(row, here.time_zone), longest=300))
            st.space("stretch")
            watch_button(here, int(row["person_id"]), key="list")
        if present(row["note"]):
            st.text(f"Note: {row['note']}"[:LONGEST_TEXT])
    if pages > 1:
        st.pagination(pages, key="wl_page")


def describe_watched(row: dict[str, Any], time_zone: str) -> str:
    """A row of the watch list in words: since when, by whom, what came since."""
    since = f" since {moment(row['since'], time_zone)}" if present(row["since"]) else ""
    unseen = f", {whole(row['unseen'])} not seen" if row["unseen"] else ""
    last = f" · last post {moment(row['last_at'], time_zone)}" if present(row["last_at"]) else " · no post yet"
    return f"watched by {row['decided_by']}{since} · {counted(row['posts'], 'post')} since{unseen}{last}"
