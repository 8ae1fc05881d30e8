"""The first facts of a file as they would come in: in plain words, in the workspace's time zone."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from answers.refusals import quoted
from data_access.importers import FORMATS, KINDS, MappingPreview
from data_access.importers.reading.content import REST_NOT_READ
from data_access.importers.reading.money import NO_CURRENCY
from jobs.imported import describe_counts
from ui.markup import plain
from ui.numbers import moment, money
from ui.refusals import say_reasons
from ui.tables import ROW_PIXELS, show_table

SHOWN_ROWS = 5
_SAID_NOTES = 3
Record = Mapping[str, Any]
Cell = Callable[[Record, str], Any]

_OUTCOMES = {True: "won", False: "lost", None: "open"}
_YES_NO = {True: "yes", False: "no", None: None}


def _field(name: str) -> Cell:
    return lambda record, zone: record[name]


def _time(name: str) -> Cell:
    return lambda record, zone: None if record[name] is None else moment(record[name], zone)


def _money(record: Record, zone: str) -> str | None:
    known = record["amount_minor"] is not None and record["currency"]
    return money(record["amount_minor"], record["currency"]) if known else None


def _stages(record: Record, zone: str) -> str:
    reached = [(stage["stage"], datetime.fromisoformat(stage["entered_at"])) for stage in record["stages"]]
    return ", ".join(f"{stage} ({moment(when, zone)})" for stage, when in reached)


#: What is shown of each kind: title -> cell.
_COLUMNS: dict[str, dict[str, Cell]] = {
    "posts": {
        "Written": _time("occurred_at"),
        "By": _field("author"),
        "What": _field("kind"),
        "Text": _field("text"),
        "Title": _field("title"),
        "Channel": _field("channel"),
        "Likes": _field("likes"),
        "Shares": _field("shares"),
        "Replies": _field("replies"),
    },
    "people": {
        "Name": _field("display_name"),
        "E-mail": _field("email"),
        "Confirmed": lambda record, zone: _YES_NO[record["email_verified"]],
        "Handle": _field("handle"),
        "Organisation": _field("organization"),
        "Place": _field("location"),
        "Looked after by": _field("owner"),
        "Web page": _field("url"),
        "Id": _field("native_id"),
    },
    "organisations": {
        "Name": _field("name"),
        "Domain": _field("domain"),
        "Sector": _field("sector"),
        "Country": _field("country"),
        "Employees": _field("employees"),
        "Id": _field("native_id"),
    },
    "deals": {
        "Deal": lambda record, zone: record["name"] or record["native_id"],
        "Stage": _field("stage"),
        "Outcome": lambda record, zone: _OUTCOMES[record["is_won"]],
        "Amount": _money,
        "Contacts": lambda record, zone: ", ".join(record["contacts"]),
        "Organisation": lambda record, zone: str(record["organization"] or "").removeprefix("name:"),
        "Held by": _field("owner"),
        "Opened": _time("created_at"),
        "Closed": _time("closed_at"),
        "Stages": _stages,
    },
    "orders": {
        "When": _time("occurred_at"),
        "Amount": _money,
        "What": lambda record, zone: "refund" if record["amount_minor"] < 0 else "order",
        "Customer": _field("identity"),
        "Product": _field("product"),
        "Quantity": _field("quantity"),
        "Refund of": _field("refund_of"),
        "Id": _field("native_id"),
    },
    "visits": {
        "When": _time("occurred_at"),
        "Visitor": _field("identity"),
        "Page": _field("url"),
        "Led by": _field("referrer"),
        "Source": _field("utm_source"),
        "Medium": _field("utm_medium"),
        "Campaign": _field("utm_campaign"),
    },
    "feedback": {
        "When": _time("occurred_at"),
        "Question": _field("kind"),
        "Score": _field("score"),
        "Choice": _field("choice"),
        "Person": _field("identity"),
        "Comment": _field("comment"),
        "About": _field("about"),
    },
}


def preview_table(shown: MappingPreview, time_zone: str) -> pd.DataFrame:
    """The first facts as they are shown; columns that are empty throughout are left out."""
    columns = _COLUMNS[shown.records_kind]
    rows = [{title: cell(record, time_zone) for title, cell in columns.items()} for record in shown.records]
    frame = pd.DataFrame(rows, columns=list(columns))
    is_said = [title for title in columns if any(value not in (None, "") for value in frame[title])]
    return frame[is_said]


def say_beside(shown: MappingPreview) -> None:
    """The other files of a folder or zip: what they are taken for, and which of them the import will not take in."""
    if not shown.beside:
        return
    labels = {known.name: known.label for known in FORMATS} | {"table": "table"}
    fine = [found for found in shown.beside if found.problem is None]
    listed = [plain(f"{found.name} ({found.kind or labels.get(found.format or '', found.format)})") for found in fine]
    more = ", and more, not looked at" if shown.is_more_beside else ""
    if more and not listed:
        st.caption(f"Shown is {plain(shown.name)}. Beside it are the files below{more}.")
    if listed:
        st.caption(f"Shown is {plain(shown.name)}. Beside it come in: {', '.join(listed)}{more}.")
    for found in shown.beside:
        if found.problem is not None:
            why = plain(f"{found.name}: {found.problem}", longest=600)
            st.warning(f"{why} The others come in without it. To put it right, drop that file by itself.")


def describe_found(shown: MappingPreview) -> str:
    """What comes of a file, in a sentence; empty where nothing does.

    >>> describe_found(MappingPreview("a.json", "slack", counts={"post": 3, "identity": 1}, is_whole=True))
    'In it: 3 posts, 1 account.'
    >>> describe_found(MappingPreview("a.json", "slack", counts={"post": 1900, "identity": 100}))
    'At its beginning: 1,900 posts, 100 accounts; more may follow.'
    """
    found = describe_counts(shown.counts)
    if not found:
        return ""
    return f"In it: {found}." if shown.is_whole else f"At its beginning: {found}; more may follow."


def say_what_comes(shown: MappingPreview) -> None:
    """What comes of a file, that nothing does and why, and that it is cut off."""
    if shown.breaks_off is not None:
        rest = "Nothing of it can be read" if shown.is_lost else "What stands before that comes in"
        why = plain(shown.breaks_off)
        st.warning(f"This file cannot be read to its end: {why}. {rest}; for the whole, export it again.")
    elif shown.is_lost:
        st.warning("Nothing of this file can be read; the reasons are below.")
    elif shown.format is not None and shown.is_whole and not shown.counts:
        why = "; ".join(f"{count:,} × {reason}" for reason, count in shown.passed_over.items())
        st.info(f"Nothing comes of this file by itself{f': {plain(why, longest=300)}' if why else ''}.")


def _say_notes(shown: MappingPreview) -> None:
    """What was read as something else at the beginning of a file, where it is not asked."""
    notes = [(note, count) for note, count in shown.notes.items() if not note.startswith(NO_CURRENCY)]
    if notes:
        said = "; ".join(f"{note} ({count:,} ×)" if count > 1 else note for note, count in notes[:_SAID_NOTES])
        more = f"; and {len(notes) - _SAID_NOTES:,} more" if len(notes) > _SAID_NOTES else ""
        st.caption(f"{plain(said, longest=600)}{more}.")


def show_preview(shown: MappingPreview, time_zone: str, *, key: str, is_folded: bool = False) -> None:
    """The first facts as they would come in, what would be refused, and what else is in a folder or zip. ``is_folded``:
    the first facts are drawn where somebody opens them."""
    say_what_comes(shown)
    say_beside(shown)
    if found := describe_found(shown):
        st.caption(found)
    _say_notes(shown)
    if shown.records:
        title = f"The first rows as they come in; times are in {time_zone}."
        folded = st.expander(title, key=f"rows_{key}", on_change="rerun") if is_folded else None
        if folded is None:
            st.caption(title)
        if folded is None or folded.open:
            with folded or st.container():
                _show_rows(shown, time_zone, key=key)
    said = [refusal for refusal in shown.refusals if not refusal.reason.endswith(REST_NOT_READ)]
    if said:
        st.caption(f"Rows that would be refused{'' if shown.is_lost else '; the rest comes in'}.")
        say_reasons(refusal.reason for refusal in said)
        refused = pd.DataFrame([asdict(refusal) for refusal in said])
        refused = refused.assign(reason=refused["reason"].map(quoted))
        titles = {"line": "Line", "reason": "Why", "raw": "The row"}
        show_table(
            refused, name="refused_preview", alt="Rows that would be refused", columns=titles, key=f"refused_{key}"
        )


def _show_rows(shown: MappingPreview, time_zone: str, *, key: str) -> None:
    alt = f"The first {KINDS[shown.records_kind].name} as they come in"
    height = ROW_PIXELS * (min(len(shown.records), SHOWN_ROWS) + 1) + 3
    st.dataframe(preview_table(shown, time_zone), hide_index=True, height=height, key=f"preview_{key}", alt=alt)
