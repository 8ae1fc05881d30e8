"""Members' text never acts as markup."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ui.markup import marked, plain, web_address


@given(st.text())
def test_plain_leaves_no_sign_that_markdown_acts_on(text: str) -> None:
    escaped = plain(text)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)[*_`\[\]<>:$~|#!]", re.sub(r"\\.", "", escaped))


@given(st.text(alphabet=st.characters(exclude_characters="\\"), max_size=50))
def test_plain_says_the_same_when_its_backslashes_are_gone(text: str) -> None:
    shown = plain(text, longest=len(text) + 1)
    assert shown.replace("\\", "").replace("\u2060", "") == " ".join(text.split()).replace("\u2060", "")


def test_plain_is_cut_when_the_text_is_long() -> None:
    assert plain("a" * 300, longest=10) == "a" * 9 + "…"


def test_web_address_is_none_when_the_scheme_is_not_of_the_web() -> None:
    for url in ("javascript:alert(1)", " JaVaScRiPt:x", "data:text/html,x", "file:///etc/passwd", "//x", "", None):
        assert web_address(url) is None
    assert web_address(" https://example.org ") == "https://example.org"


def test_plain_text_makes_no_link_by_itself() -> None:
    """Streamlit's Markdown links mail addresses, www. and http:// on its own, escaped or not."""
    joined = "\u2060"
    assert plain("a@b.example") == f"a{joined}\\@b\\.example"
    assert plain("WWW.evil.example") == f"WWW{joined}\\.evil\\.example"
    assert plain("see https://evil.example") == f"see https{joined}\\:\\/\\/evil\\.example"
    assert plain("@ann at 10:30") == "\\@ann at 10\\:30"


def test_marked_keeps_lines_and_paragraphs_apart() -> None:
    text = "first line\r\nsecond *line*\n \n\nlamp below\n"
    assert marked(text, lambda word: word == "lamp") == "first line  \nsecond \\*line\\*\n\n**lamp** below"
