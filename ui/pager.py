"""Lists a page at a time: newer and older. The cursors of the pages up to the one shown are kept in the session."""

from typing import Any

import streamlit as st

Cursors = list[str | None]


def read_cursors(wanted: Any, key: str) -> Cursors:
    """Where the pages up to the one shown begin; from the first again when something else is asked for."""
    name = f"_pages_{key}"
    if name not in st.session_state or st.session_state[name][0] != wanted:
        st.session_state[name] = (wanted, [None])
    cursors: Cursors = st.session_state[name][1]
    return cursors


def show_pager(cursors: Cursors, next_cursor: str | None, *, key: str) -> None:
    """Buttons to the newer and the older page, where there is more than one."""
    is_first, is_last = len(cursors) == 1, next_cursor is None
    if is_first and is_last:
        return
    st.button("Newer", key=f"newer_{key}", disabled=is_first, on_click=_go_back, args=(cursors,))
    st.button("Older", key=f"older_{key}", disabled=is_last, on_click=cursors.append, args=(next_cursor,))


def _go_back(cursors: Cursors) -> None:
    cursors.pop()
