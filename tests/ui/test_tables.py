"""CSV that a spreadsheet can open without running what members wrote."""

import csv
import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ui.tables import to_csv


def _cells(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"))))


def test_to_csv_makes_formulas_harmless_and_keeps_numbers() -> None:
    frame = pd.DataFrame({"=name": ["=1+1", "@x", "plain", None], "value": [-1, 2, 3, 4]})
    assert _cells(frame) == [
        ["'=name", "value"],
        ["'=1+1", "-1"],
        ["'@x", "2"],
        ["plain", "3"],
        ["", "4"],
    ]
    assert frame.loc[0, "=name"] == "=1+1"  # the frame itself is left as it was


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_to_csv_has_no_cell_that_begins_like_a_formula(texts: list[str]) -> None:
    frame = pd.DataFrame({"text": pd.Series(texts, dtype=object), "n": range(len(texts))})
    assert not [row for row in _cells(frame)[1:] if row[0].lstrip(" ")[:1] in {"=", "+", "-", "@"} and row[0]]
