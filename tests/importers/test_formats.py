"""Every format is described where people look for it."""

import re
from pathlib import Path

import pytest

from data_access.importers import FORMATS
from data_access.importers.reading.inputs import list_contents
from data_access.importers.reading.sample import take_sample

PAGE = Path(__file__).parents[2] / "docs/formats.md"


def test_every_format_has_a_row_in_the_docs():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), flags=re.MULTILINE)
    assert rows == sorted(known.name for known in FORMATS)


@pytest.mark.parametrize("text", ["id,text\n1,hello there\n", '["hello", "there"]', '{"hello": "there"}'])
@pytest.mark.parametrize("known", [known for known in FORMATS if not known.is_fallback], ids=lambda known: known.name)
def test_every_format_says_of_a_file_that_is_none_of_it_what_is_wrong(known, text, tmp_path, importing):
    path = tmp_path / "posts.csv"
    path.write_text(text)
    imported = importing(path, format=known.name)
    assert imported.posts == []
    assert imported.refusals or any(found.rows_skipped for found in imported.inputs)


@pytest.mark.realdata
def test_no_real_file_is_taken_for_two_formats(shared_data):
    found = {}
    for content in list_contents(shared_data / "native"):
        sample = take_sample(content)
        found[content.name] = [known.name for known in FORMATS if not known.is_fallback and known.matches(sample)]
    assert len(found) > 400
    assert {name: formats for name, formats in found.items() if len(formats) > 1} == {}
