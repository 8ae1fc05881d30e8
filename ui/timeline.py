"""One person's timeline: what they wrote, visited, bought and said, and what we did, newest first, a page at a time."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from answers.profile import Profile, read_timeline
from data_access.queries.timeline import SORTS, WRITTEN
from ui.cache import ask
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain, web_address
from ui.numbers import compact, duration, moment, money, whole
from ui.pager import read_cursors, show_pager
from ui.records import LONGEST_TEXT, MOST_IN_CSV, PAGE_SIZE, present, show_record
from ui.tables import to_csv

TITLES = {
    "post": "Posts",
    "reply": "Replies",
    "answer": "Our answers",
    "case": "Notes and assignments",
    "visit": "Visits",
    "order": "Orders",
    "deal": "Deals",
    "feedback": "Surveys",
}
ICONS = {
    "answer": "forum",
    "case": "assignment_ind",
    "visit": "web",
    "order": "shopping_cart",
    "deal": "handshake",
    "feedback": "rate_review",
}
#: The sorts that are shown, in the address.
SHOWN_SORTS = "p_show"
SURVEYS = {"csat": "Satisfaction (1 to 5)", "nps": "Would recommend (0 to 10)", "poll": "Poll"}


def show_timeline(here: Here, profile: Profile) -> None:
    """What they did, newest first, and pills that narrow it to some sorts."""
    if not profile.entries:
        nothing_here(
            "Nothing that they did was brought in: no post, visit, order, deal or survey answer.",
            button="Import files",
            page="data",
            key="timeline",
        )
        return
    sorts = _choose_sorts(profile)
    wanted = (profile.person_id, sorts)
    cursors = read_cursors(wanted, "p_timeline")
    page = ask(here, read_timeline, profile.person_id, sorts=sorts, cursor=cursors[-1], limit=PAGE_SIZE)
    own = page.records.assign(person_id=None)  # no link from the profile to itself
    records = {int(record["post_id"]): record for record in own.to_dict("records")}
    for row in page.rows.to_dict("records"):
        if row["sort"] in WRITTEN and row["entry_id"] in records:
            show_record(here, records[row["entry_id"]], key="p_timeline")
        else:
            _show_entry(row, here.time_zone)
    with st.container(horizontal=True, vertical_alignment="center"):
        show_pager(cursors, page.next_cursor, key="p_timeline")
        _download(here, profile, sorts)


def _choose_sorts(profile: Profile) -> tuple[str, ...]:
    """The sorts chosen; none means all. There is no choice where only one is there. They stand in the address."""
    there = {TITLES[sort]: sort for sort in SORTS if sort in profile.entries}
    if len(there) < 2:
        return SORTS
    # another person may have other sorts
    kept = [title for title in st.session_state.get(SHOWN_SORTS) or [] if title in there]
    if SHOWN_SORTS in st.session_state and kept != list(st.session_state[SHOWN_SORTS] or []):
        st.session_state[SHOWN_SORTS] = kept
    chosen = st.pills(
        "Show", list(there), selection_mode="multi", key=SHOWN_SORTS, bind="query-params", label_visibility="collapsed"
    )
    counts = ", ".join(f"{title.lower()} {whole(profile.entries[sort])}" for title, sort in there.items())
    st.caption(f"{counts[:1].upper()}{counts[1:]}. Newest first.")
    return tuple(there[title] for title in there if title in chosen) if chosen else SORTS


def _download(here: Here, profile: Profile, sorts: tuple[str, ...]) -> None:
    st.download_button(
        "CSV",
        data=lambda: to_csv(
            ask(here, read_timeline, profile.person_id, sorts=sorts, limit=MOST_IN_CSV, with_records=False).rows
        ),
        file_name="timeline.csv",
        mime="text/csv",
        key="csv_p_timeline",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help=f"This timeline, at most {whole(MOST_IN_CSV)} entries",
    )


def _show_entry(row: dict[str, Any], time_zone: str) -> None:
    """An entry that is no post. What people or a CRM wrote goes through ``st.text``, or escaped."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/{ICONS[row['sort']]}: **{plain(DESCRIBED[row['sort']](row), longest=120)}**")
            place = _text(row, "channel", _text(row, "network"))
            st.caption(plain(f"{place} · {moment(row['occurred_at'], time_zone)}"))
        for line in DETAILS[row["sort"]](row):
            st.text(line[:LONGEST_TEXT])


def _text(row: dict[str, Any], name: str, otherwise: str = "") -> str:
    return str(row[name]) if present(row[name]) else otherwise


def _amount(row: dict[str, Any]) -> str:
    known = present(row["amount_minor"]) and present(row["currency"])
    return money(int(row["amount_minor"]), row["currency"]) if known else ""


def _order(row: dict[str, Any]) -> str:
    verb = "Refund" if present(row["amount_minor"]) and row["amount_minor"] < 0 else "Order"
    return " · ".join(part for part in (verb, _text(row, "title"), _amount(row)) if part)


def _deal(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (f"Deal {row['kind']}", _text(row, "title"), _amount(row)) if part)


def _feedback(row: dict[str, Any]) -> str:
    score = compact(row["score"]) if present(row["score"]) else _text(row, "title")
    return f"{SURVEYS.get(row['kind'], row['kind'])}: {score or 'no score'}"


def _visit(row: dict[str, Any]) -> list[str]:
    came = [part for part in (_text(row, "title"), _text(row, "text")) if part]
    address = web_address(row["url"] if present(row["url"]) else None)
    return [*([address] if address else []), *([f"Came from {', '.join(came)}"] if came else [])]


def _answer(row: dict[str, Any]) -> str:
    took = f" after {duration(row['seconds'])}" if present(row["seconds"]) else ""
    return f"{_text(row, 'by', 'The team')} answered{took}"


def _case(row: dict[str, Any]) -> str:
    who = _text(row, "by", "Somebody")
    said = {
        "assigned": f"{who} assigned the conversation to {_text(row, 'title', 'nobody')}",
        "note": f"{who} left a note",
        "snoozed": f"{who} put the conversation off",
        "answered_elsewhere": f"{who} answered elsewhere",
        "no_answer_needed": f"{who} said that no answer is needed",
    }
    return said.get(row["kind"], f"{who}: {row['kind']}")


DESCRIBED: dict[str, Callable[[dict[str, Any]], str]] = {
    "post": lambda row: _text(row, "title", "Post"),
    "reply": lambda row: _text(row, "title", "Reply"),
    "answer": _answer,
    "case": _case,
    "visit": lambda row: "Visit",
    "order": _order,
    "deal": _deal,
    "feedback": _feedback,
}
DETAILS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "post": lambda row: [_text(row, "text")],
    "reply": lambda row: [_text(row, "text")],
    "answer": lambda row: [_text(row, "text")],
    "case": lambda row: [row["text"]] if present(row["text"]) else [],
    "visit": _visit,
    "order": lambda row: [],
    "deal": lambda row: [f"Stage: {row['text']}"] if present(row["text"]) and row["text"] != row["kind"] else [],
    "feedback": lambda row: [row["text"]] if present(row["text"]) else [],
}
