"""What a post's text looks like in a list."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.records import NO_TEXT


def _shown(text: str) -> AppTest:
    def page(text: str) -> None:
        from ui.records import show_text

        show_text(text)

    app = AppTest.from_function(page, kwargs={"text": text}).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("text", ["", "A lamp.\nIt is on."])
def test_short_text_stands_as_it_is(text: str) -> None:
    app = _shown(text)
    assert [shown.value for shown in app.text] == [text or NO_TEXT]
    assert len(app.expander) == 0


def test_long_text_is_cut_behind_a_word_and_can_be_read_whole() -> None:
    text = "lamps " * 250 + "end"
    app = _shown(text)
    (expander,) = app.expander
    assert expander.label == "Read all of it (1,503 letters)"
    cut, whole = (shown.value for shown in app.text)
    assert cut == ("lamps " * 200).rstrip() + "…"
    assert whole == text
