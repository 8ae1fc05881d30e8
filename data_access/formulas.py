"""Cells of CSV files that a spreadsheet would run as formulas: made safe on the way out, as they were on the way in.

The rule: a text that begins with one of ``= + - @``, a tab or a line end (spaces before it or not), or with an
apostrophe, gets one apostrophe before it. So a text in a file begins with an apostrophe only where one was put there,
and taking it away gives the text as it was.
"""

import re
from typing import Any

#: What a spreadsheet takes for the beginning of a formula; the last four are the wide signs of East Asian keyboards.
FORMULA_STARTS = "=+\\-@\t\r\n＝＋－＠"
#: The texts that get an apostrophe, as RE2 (Arrow) and Python read it.
GUARDED = f"^(?: *[{FORMULA_STARTS}]|')"
_GUARDED = re.compile(GUARDED)
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")


def safe_cell(value: Any) -> Any:
    """``value``, with an apostrophe before a text that a spreadsheet would run as a formula, or that has one already.

    >>> safe_cell("=1+1"), safe_cell("'tis"), safe_cell(-5), safe_cell("plain")
    ("'=1+1", "''tis", -5, 'plain')
    """
    return "'" + value if isinstance(value, str) and _GUARDED.match(value) else value


def safe_text(text: str) -> str:
    """``safe_cell`` of a cell as its own file had it: a number stays as it is, sign and all, since nothing of it runs.

    >>> safe_text("=1+1"), safe_text("-5"), safe_text("'=1"), safe_text("'tis")
    ("'=1+1", '-5', "''=1", "''tis")
    """
    return text if _NUMBER.fullmatch(text) else str(safe_cell(text))


def plain_cell(text: str) -> str:
    """A text as it was before ``safe_cell`` or ``safe_text``.

    >>> plain_cell("'=1+1"), plain_cell("''tis"), plain_cell("plain")
    ('=1+1', "'tis", 'plain')
    """
    return text.removeprefix("'")
