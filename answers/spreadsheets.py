"""Frames as CSV that spreadsheets read rightly and run nothing of."""

from typing import TYPE_CHECKING

from data_access.formulas import safe_cell as safe_cell

if TYPE_CHECKING:
    import pandas as pd


def to_csv(frame: "pd.DataFrame") -> bytes:
    """The frame as CSV in UTF-8 with a byte-order mark, so that spreadsheets read accents, and no formulas."""
    import pandas as pd  # who only lists refused rows waits for no frames

    safe = frame.rename(columns=lambda name: safe_cell(str(name)))
    for position in range(safe.shape[1]):
        column = safe.iloc[:, position]
        if column.dtype == object or isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype):
            safe.isetitem(position, column.astype(object).map(safe_cell))
    return bytes(safe.to_csv(index=False).encode("utf-8-sig"))
