"""The dictionary page: a number, and the command that prints the same one."""

import json
import shlex

from sqlalchemy import Engine
from typer.testing import CliRunner

from answers.catalogue import list_metrics
from jobs.cli import app as command_line
from tests.pages.conftest import open_directly


def test_dictionary_names_the_command_that_prints_its_number(small_store: Engine) -> None:
    app = open_directly("dictionary", d_search="turns_opened", f_period="7 days")
    assert not app.exception
    entry = app.dataframe[1].value.iloc[:, 0]
    result = CliRunner().invoke(command_line, [*shlex.split(entry["Command line"])[1:], "--json"])
    assert f"**{json.loads(result.stdout)['value']:.0f}** in 4 Apr 2026 to 10 Apr 2026" in app.markdown[0].value


def test_dictionary_shows_every_number_under_what_it_is_about(small_store: Engine) -> None:
    app = open_directly("dictionary")
    shown = list(app.dataframe[0].value["Command line"])
    for area in app.segmented_control(key="d_about").options[1:]:
        opened = open_directly("dictionary", d_about=area)
        assert not opened.exception, area
        shown += list(opened.dataframe[0].value["Command line"])
    assert shown == [metric.name for metric in list_metrics()]


def test_dictionary_tells_scores_and_kinds_of_people(small_store: Engine) -> None:
    app = open_directly("dictionary", d_search="followers accounts")
    assert not app.exception
    assert app.expander[0].label == "Scores and kinds of people"
    assert set(app.dataframe[0].value["Name"]) == {"Reach"}


def test_dictionary_says_when_nothing_is_called_so(small_store: Engine) -> None:
    app = open_directly("dictionary", d_search="qqq")
    assert not app.expander
    assert "No number is called so. Try another word." in [caption.value for caption in app.caption]


def test_dictionary_keeps_its_area_when_words_are_looked_for_in_all(small_store: Engine) -> None:
    app = open_directly("dictionary", d_about="Sentiment")
    app.text_input(key="d_search").set_value("turns_opened").run()
    assert app.segmented_control(key="d_about").value == "Sentiment"
    assert "turns_opened" in app.dataframe[0].value["Command line"].tolist()
    app.text_input(key="d_search").set_value("").run()
    assert "net_sentiment" in app.dataframe[0].value["Command line"].tolist()


def test_dictionary_leads_to_the_import_when_nothing_is_here(empty_store: str) -> None:
    app = open_directly("dictionary")
    assert not app.exception
    assert [button.label for button in app.main.button] == ["Import my data"]
