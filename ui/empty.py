"""What stands where there is nothing to show: why, and the one button that changes that."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.navigation import go


def nothing_here(
    why: str,
    *,
    button: str | None = None,
    page: str | None = None,
    on_click: Callable[..., Any] | None = None,
    key: str = "",
) -> None:
    """Say why a part is empty; ``button`` leads to ``page`` or calls ``on_click``. ``why`` is never a member's text."""
    with st.container(border=True, horizontal_alignment="center"):
        st.caption(why)
        if button and st.button(button, key=f"empty_{key or page or button}", on_click=on_click) and page:
            go(page)
