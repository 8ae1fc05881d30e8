"""No CSV that Rapport writes has a cell that a spreadsheet would run, and what keeps it from that can be taken away."""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as compute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.formulas import FORMULA_STARTS, GUARDED, plain_cell, safe_cell, safe_text
from jobs.terminal import print_csv

PROJECT = Path(__file__).parents[2]
STARTS = set(FORMULA_STARTS.replace("\\", ""))
WRITERS = {"writer", "DictWriter", "CSVWriter", "write_csv", "to_csv"}
#: It writes lines as their own files have them, for the store; what goes out of it is guarded (``answers.refusals``).
FOR_THE_STORE = "data_access/importers/reading/mended.py"
GUARDS = ("safe_cell", "safe_text", "GUARDED")
texts = st.text(st.sampled_from("=+-@\t\r\n＝' a1\u2028"), max_size=6)


@given(texts)
def test_safe_cell_is_no_formula_and_gives_the_text_back(text: str) -> None:
    assert safe_cell(text).lstrip(" ")[:1] not in STARTS
    assert plain_cell(safe_cell(text)) == text


@given(texts)
def test_safe_text_leaves_numbers_alone_and_gives_the_text_back(text: str) -> None:
    assert plain_cell(safe_text(text)) == text
    assert safe_text(text) in (text, safe_cell(text))
    assert safe_text(text).lstrip(" ")[:1] not in STARTS or safe_text(text)[1:].isdigit()


@settings(deadline=None)  # Arrow takes its time for the first
@given(texts)
def test_safe_cell_is_the_same_rule_in_arrow(text: str) -> None:
    assert compute.match_substring_regex(pa.array([text]), GUARDED)[0].as_py() is (safe_cell(text) != text)


def test_print_csv_makes_formulas_harmless_and_keeps_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv([{"name": "=1+1", "value": -5}, {"name": "plain", "value": None}], ["name", "value"])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["name", "value"], ["'=1+1", "-5"], ["plain", ""]]


def _writers(tree: ast.AST) -> Iterator[str]:
    """What a module calls to write CSV: ``csv.writer`` and the like, or a frame's own ``to_csv``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            yield node.func.attr


def test_every_module_that_writes_csv_guards_its_cells() -> None:
    folders = ("answers", "data_access", "jobs", "pages", "ui")
    files = [file for folder in folders for file in (PROJECT / folder).rglob("*.py")]
    writing = {
        file.relative_to(PROJECT).as_posix(): text
        for file in files
        for text in [file.read_text()]
        if any(_writers(ast.parse(text)))
    }
    assert {"answers/spreadsheets.py", "jobs/terminal.py", "data_access/exchange/writing.py"} <= set(writing)
    unguarded = [name for name, text in writing.items() if not any(guard in text for guard in GUARDS)]
    assert unguarded == [FOR_THE_STORE], (
        "write cells with data_access.formulas.safe_cell, or frames with answers.spreadsheets.to_csv"
    )


def test_tables_offer_no_csv_but_ours() -> None:
    """Streamlit's own download of a table guards nothing, and neither does copying cells out of it."""
    assert "disableDataExport = true" in (PROJECT / ".streamlit/config.toml").read_text()
