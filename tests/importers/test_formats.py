"""Every format is described where people look for it."""

import re
from pathlib import Path

from data_access.importers import FORMATS

PAGE = Path(__file__).parents[2] / "docs/formats.md"


def test_every_format_has_a_row_in_the_docs():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), flags=re.MULTILINE)
    assert rows == sorted(known.name for known in FORMATS)
