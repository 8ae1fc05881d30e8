"""Tables, and any table as CSV."""

from typing import Any

import pandas as pd
import streamlit as st

# A spreadsheet takes a cell that begins with one of these for a formula, and would run what a member wrote.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
ROW_PIXELS = 35
MOST_ROWS_SHOWN = 14


def safe_cell(value: Any) -> Any:
    """``value``, with an apostrophe before a text that a spreadsheet would run as a formula.

    >>> safe_cell("=1+1"), safe_cell(-5), safe_cell("plain")
    ("'=1+1", -5, 'plain')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def to_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV in UTF-8 with a byte-order mark, so that spreadsheets read accents, and no formulas."""
    safe = frame.rename(columns=lambda name: safe_cell(str(name)))
    for position in range(safe.shape[1]):
        column = safe.iloc[:, position]
        if column.dtype == object or isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype):
            safe.isetitem(position, column.astype(object).map(safe_cell))
    return bytes(safe.to_csv(index=False).encode("utf-8-sig"))


def download_csv(frame: pd.DataFrame, name: str, *, key: str | None = None) -> None:
    """A small button that downloads the frame. The file is made when it is asked for."""
    st.download_button(
        "CSV",
        data=lambda: to_csv(frame),
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
    shared: dict[str, Any] = {"hide_index": True, "column_config": columns, "height": height, "alt": alt}
    key = key or f"table_{name}"
    if select:
        default: Any = None if chosen is None else {"selection": {"rows": [chosen]}}
        event = st.dataframe(
            frame, key=key, on_select="rerun", selection_mode="single-row", selection_default=default, **shared
        )
        rows = event["selection"]["rows"]
    else:
        st.dataframe(frame, key=key, **shared)
        rows = []
    download_csv(frame, name, key=f"csv_{key}")
    return int(rows[0]) if rows and rows[0] < len(frame) else None
