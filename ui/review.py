"""The review queue: accounts that may be one person's, the evidence side by side, and one click that decides."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.matching import PairDetail, ReviewQueue, read_pair, read_review_queue
from jobs.decisions import decide_matches
from ui.actions import decide
from ui.cache import ask
from ui.columns import change_column, written
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted
from ui.tables import ROW_PIXELS

MOST_ROWS = 8
FIELD_LABELS = {
    "network": "Network",
    "name": "Name",
    "handle": "Handle",
    "email": "E-mail",
    "organization": "Organisation",
    "location": "Place",
    "url": "Link",
    "bio": "Bio",
    "followers": "Followers",
    "id": "Id",
}
SAME, DIFFERENT = "same", "different"


def show_review(here: Here) -> None:
    """What waits for a decision, and the evidence on what is chosen."""
    queue = ask(here, read_review_queue)
    st.header("Accounts to confirm as one person")
    joined = (
        f" {counted(queue.joined, 'pair')} joined by {'itself' if queue.joined == 1 else 'themselves'}."
        if queue.joined
        else ""
    )
    if queue.pairs.empty:
        st.caption(
            f"No pair of accounts waits for your word.{joined} Pairs come here when an import brings look-alikes."
        )
        return
    st.caption(
        f"Like one person's, but not surely enough to join: {counted(queue.waiting, 'pair')}.{joined} "
        "The surest first. Choose several rows to decide them together."
    )
    rows = _choose(queue) or [0]
    chosen = queue.pairs.iloc[rows]
    details = [ask(here, read_pair, int(row.left_id), int(row.right_id)) for row in chosen.itertuples()]
    present = [(detail, row) for detail, (_, row) in zip(details, chosen.iterrows(), strict=True) if detail is not None]
    if present:
        _decide_buttons(here, [detail for detail, _ in present], present[0][1])
        _show_evidence(*present[0])
        if len(present) > 1:
            st.caption(f"This is the first of the {len(present)} that are chosen; a decision is for all of them.")


def selection_key(queue: ReviewQueue) -> str:
    """The key of the table: another one when the queue changes, so that a choice of rows is never taken for the pairs
    that come to stand there."""
    first = queue.pairs.iloc[0]
    return f"review_queue_{queue.waiting}_{first['left_id']}_{first['right_id']}"


def _choose(queue: ReviewQueue) -> list[int]:
    pairs = queue.pairs
    shown = pd.DataFrame(
        {
            "left": pairs["left"],
            "left_network": pairs["left_network"],
            "right": pairs["right"],
            "right_network": pairs["right_network"],
            "probability": 100 * pairs["probability"],
            "why": [_why(row.why, row.reason) for row in pairs.itertuples()],
        }
    )
    columns: dict[str, Any] = {
        "left": "One account",
        "left_network": "On",
        "right": "The other",
        "right_network": st.column_config.TextColumn("On "),
        "probability": st.column_config.ProgressColumn(
            "How sure", format="%.0f %%", min_value=0, max_value=100, width="small"
        ),
        "why": st.column_config.TextColumn("Why", width="large"),
    }
    event = st.dataframe(
        shown,
        key=selection_key(queue),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config=columns,
        height=ROW_PIXELS * (min(len(shown), MOST_ROWS) + 1) + 3,
        alt="Pairs of accounts that may be one person's, the surest first",
    )
    return [row for row in event["selection"]["rows"] if row < len(pairs)]


def _why(speaking: str, reason: Any) -> str:
    """What speaks for one person, and what kept the two from joining by themselves."""
    return (
        f"{speaking}. {reason}"
        if isinstance(reason, str) and speaking
        else str(reason if isinstance(reason, str) else speaking)
    )


def _decide_buttons(here: Here, details: list[PairDetail], first: Any) -> None:
    pairs = [detail.keys for detail in details]
    many = f" ({len(pairs)})" if len(pairs) > 1 else ""
    names = f"{plain(first['left'], longest=40)} and {plain(first['right'], longest=40)}"
    whom = names if len(pairs) == 1 else f"{len(pairs)} pairs, each"
    choices = (
        (SAME, f"Same person{many}", "S", f"{whom}: one person.", "primary", ":material/merge:"),
        (DIFFERENT, f"Not the same{many}", "D", f"{whom}: kept apart.", "secondary", ":material/call_split:"),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for verdict, label, key, said, kind, icon in choices:
            st.button(
                label,
                key=f"review_{verdict}",
                icon=icon,
                type=kind,  # type: ignore[arg-type]
                shortcut=key,
                on_click=decide,
                args=(said, "match_decision", decide_matches, here.engine),
                kwargs={"pairs": pairs, "verdict": verdict, "decided_by": here.who},
            )
        st.caption(details[0].change if len(details) == 1 else "")


def _show_evidence(detail: PairDetail, row: Any) -> None:
    if detail.reason:
        st.info(detail.reason, icon=":material/info:")
    fields = detail.fields
    shown = fields.assign(field=fields["field"].map(lambda name: FIELD_LABELS.get(name, str(name).capitalize())))
    columns: dict[str, Any] = {
        "field": "Field",
        "left": str(row["left"]),
        "right": str(row["right"]),
        "level": st.column_config.TextColumn("How they agree", width="medium"),
        "weight": change_column(
            "Weight",
            1,
            help="In bits: +1 makes one person twice as likely, -1 half as likely. They add up.",
        ),
    }
    table, config = written(shown, columns)
    st.dataframe(
        table,
        key=f"evidence_{detail.left_id}_{detail.right_id}",
        hide_index=True,
        height=ROW_PIXELS * (len(shown) + 1) + 3,
        column_config=config,
        placeholder="",
        alt="The two accounts side by side, with what each field says",
    )
    names = row["left"], row["right"]
    networks = row["left_network"], row["right_network"]
    with st.container(horizontal=True):
        for name, network, person in zip(names, networks, detail.people, strict=True):
            where = f" on {plain(network)}" if names[0] == names[1] else ""
            page_link("profile", f"Profile of {plain(name, longest=40)}{where}", person=str(person))
