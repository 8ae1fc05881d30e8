"""Frames as CSV that spreadsheets read rightly and run nothing of."""

from typing import Any

import pandas as pd

# A spreadsheet takes a cell that begins with one of these for a formula, and would run what a member wrote.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


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
