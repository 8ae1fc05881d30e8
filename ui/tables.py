"""Tables, and any table as CSV."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from answers.spreadsheets import to_csv as to_csv
from ui.columns import written

ROW_PIXELS = 35
MOST_ROWS_SHOWN = 14


def download_csv(frame: pd.DataFrame | Callable[[], pd.DataFrame], name: str, *, key: str | None = None) -> None:
    """A small button that downloads the frame, or what a function returns. The file is made when it is asked for."""
    st.download_button(
        "CSV",
        data=lambda: to_csv(frame() if callable(frame) else frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key or f"csv_{name}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help="Download this table",
    )


def show_table(
    frame: pd.DataFrame,
    *,
    name: str,
    alt: str,
    columns: dict[str, Any] | None = None,
    select: bool = False,
    key: str | None = None,
    chosen: int | None = None,
) -> int | None:
    """A table with its CSV. With ``select``, the position of the chosen row, or None; ``chosen`` is the row that is
    chosen when the table of this key first appears. Cells are shown as they stand: members' text is never read as
    markup."""
    height = ROW_PIXELS * (min(len(frame), MOST_ROWS_SHOWN) + 1) + 3
    shown, config = written(frame, columns)
    shared: dict[str, Any] = {
        "hide_index": True,
        "column_config": config,
        "height": height,
        "alt": alt,
        "placeholder": "",
    }
    key = key or f"table_{name}"
    if select:
        default: Any = None if chosen is None else {"selection": {"rows": [chosen]}}
        event = st.dataframe(
            shown, key=key, on_select="rerun", selection_mode="single-row", selection_default=default, **shared
        )
        rows = event["selection"]["rows"]
    else:
        st.dataframe(shown, key=key, **shared)
        rows = []
    download_csv(frame, name, key=f"csv_{key}")
    return int(rows[0]) if rows and rows[0] < len(frame) else None
