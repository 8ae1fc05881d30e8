"""Posts as people wrote them: the one list under every chart, from a record to its author and to the original."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.records import RecordFilters, read_records
from data_access.queries.post_search import SearchWords, parse_words
from jobs.decisions import relabel
from ui.actions import decide
from ui.cache import ask
from ui.guard import Here
from ui.markup import marked, plain, shortened, web_address
from ui.navigation import page_link
from ui.numbers import moment, whole
from ui.pager import read_cursors, show_pager
from ui.tables import to_csv

PAGE_SIZE = 8
#: What stands where somebody said nothing in words: files do not come in.
NO_TEXT = "(no words: a picture, a sticker or a file)"
LONGEST_TEXT = 1200
LONGEST_WHOLE_TEXT = 20_000
LONGEST_NAME = 60
MOST_IN_CSV = 20_000
LABELS = {
    "positive": ":material/thumb_up: positive",
    "neutral": "neutral",
    "negative": ":material/thumb_down: negative",
}
COUNTS = {"likes": "like", "shares": "share", "replies": "reply", "views": "view"}
PLURALS = {"like": "likes", "share": "shares", "reply": "replies", "view": "views"}


def show_records(here: Here, wanted: RecordFilters, *, title: str, key: str) -> None:
    """The posts behind a number, newest first, a page at a time: each with author, original, and sentiment to correct;
    all of them as CSV. ``title`` is ours."""
    st.subheader(title)
    cursors = read_cursors(wanted, key)
    page = ask(here, read_records, wanted, cursor=cursors[-1], limit=PAGE_SIZE)
    if page.rows.empty and page.next_cursor is None and len(cursors) == 1:
        st.caption("No posts here. Choose another point, or widen the filters.")
        return
    words = parse_words(wanted.words) if wanted.words else None
    for row in page.rows.to_dict("records"):
        show_record(here, row, key=key, words=words)
    if page.looked_at:
        st.caption(
            f"Of posts with these words, the newest {whole(page.looked_at)} were looked at for this list. "
            "“Older” looks at those before."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        show_pager(cursors, page.next_cursor, key=key)
        st.download_button(
            "CSV",
            data=lambda: to_csv(ask(here, read_records, wanted, limit=MOST_IN_CSV).rows),
            file_name=f"{key}.csv",
            mime="text/csv",
            key=f"csv_{key}",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            help=f"These posts, at most {whole(MOST_IN_CSV)}",
        )


def show_record(here: Here, row: dict[str, Any], *, key: str, words: SearchWords | None = None) -> None:
    """One post, with ``words`` in bold. What members wrote is shown as it stands: it goes through ``st.text``, or
    escaped."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_author(row)
            st.caption(plain(describe_record(row, here.time_zone)))
        if present(row.get("title")):
            st.markdown(f"**{plain(str(row['title']))}**")
        show_text(str(row["text"]), words)
        with st.container(horizontal=True, vertical_alignment="center"):
            sentiment_control(here, row, key=key)
            open_original(row)


def show_text(text: str, words: SearchWords | None = None) -> None:
    """A text as it was written, with ``words`` in bold; of a long one the beginning, and all of it on demand."""
    if words and text:
        st.markdown(marked(text, words.means, LONGEST_TEXT))
    else:
        st.text(shortened(text, LONGEST_TEXT) or NO_TEXT)
    if len(text) > LONGEST_TEXT:
        with st.expander(f"Read all of it ({whole(len(text))} letters)"):
            st.text(shortened(text, LONGEST_WHOLE_TEXT))


def show_author(row: dict[str, Any]) -> None:
    """The author's name, leading to their profile where we know who they are."""
    name = plain(str(row["author"]) if present(row.get("author")) else "unknown author", longest=LONGEST_NAME)
    if present(row.get("person_id")):
        page_link("profile", f"**{name}**", person=str(int(row["person_id"])))
    else:
        st.markdown(f"**{name}**")


def describe_record(row: dict[str, Any], time_zone: str) -> str:
    """Where and when, whom the post answers, and what it got."""
    known = {word: int(row[name]) for name, word in COUNTS.items() if present(row.get(name))}
    counts = [f"{whole(count)} {word if count == 1 else PLURALS[word]}" for word, count in known.items() if count]
    channel, network = str(row["channel"]), str(row["network"])
    place = [channel] if channel.lower() == network.lower() else [channel, network]
    return " · ".join([*place, moment(row["occurred_at"], time_zone), *_whom(row), *counts])


def _whom(row: dict[str, Any]) -> list[str]:
    """Whose post this one answers or shares, where that is known."""
    if not present(row.get("answered")):
        return []
    name = " ".join(str(row["answered"]).split())
    return [f"{'shares' if row.get('kind') == 'share' else 'answers'} {name[:LONGEST_NAME]}"]


def open_original(row: dict[str, Any]) -> None:
    """A button to the post on its network, in a new tab, where there is one on the web."""
    url = web_address(row["url"] if present(row.get("url")) else None)
    if url:
        st.link_button("Original", url, icon=":material/open_in_new:", type="tertiary")


def sentiment_control(here: Here, row: dict[str, Any], *, key: str) -> None:
    """The post's sentiment, to be corrected where it is seen."""
    label = row["label"] if present(row.get("label")) else None
    # the label and the version are in the key, so that an undo or a colleague's correction shows
    widget = f"label_{key}_{row['post_id']}_{label}_{here.data_version}"
    st.segmented_control(
        "Sentiment",
        list(LABELS),
        default=label,
        format_func=lambda name: LABELS[name],
        key=widget,
        required=True,
        label_visibility="collapsed",
        on_change=_relabel,
        args=(here, row, widget),
    )
    if label is None:
        st.caption("not scored", width="content")
    elif row.get("is_relabelled"):
        st.caption("corrected here", width="content")


def _relabel(here: Here, row: dict[str, Any], widget: str) -> None:
    label = st.session_state[widget]
    key = {name: row[name] for name in ("network", "source", "native_id")}
    decide(f"Marked as {label}.", "relabel", relabel, here.engine, label=label, decided_by=here.who, **key)


def present(value: Any) -> bool:
    """Whether there is a value: not None, NaN or NA."""
    return value is not None and not (pd.api.types.is_scalar(value) and pd.isna(value)) and value != ""
