"""What the shells are offered, asked as they ask."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from data_access.store import build_engine, migrate
from jobs.cli import app
from tests.jobs.stores import bring, post


def ask(shell: str, line: str, word: str = "") -> list[str]:
    """What is offered for ``word`` after ``line``, as the script of the shell asks for it."""
    whole = f"rapport {line} {word}".replace("  ", " ")
    asked = {
        "bash": {"COMP_WORDS": whole, "COMP_CWORD": str(len(f"rapport {line}".split()))},
        "zsh": {"_TYPER_COMPLETE_ARGS": whole},
        "fish": {"_TYPER_COMPLETE_ARGS": whole, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }
    variables = asked[shell] | {"_RAPPORT_COMPLETE": f"complete_{shell}"}
    said = CliRunner().invoke(app, [], prog_name="rapport", env=variables).stdout
    return [offered for offered in said.splitlines() if offered]


@pytest.mark.parametrize(
    ("line", "word", "offered"),
    [
        ("", "re", ["restore", "refresh", "refusals"]),
        ("metric", "net_s", ["net_sentiment"]),
        ("metric posts --by", "mo", ["month"]),
        ("metric attributed_revenue --rule", "sh", ["shapley"]),
        ("import posts.csv --format", "slack_", ["slack_api"]),
        ("import posts.csv --time-zone", "Europe/Berl", ["Europe/Berlin"]),
        ("train", "cust", ["customer_value"]),
    ],
)
def test_bash_is_offered_what_there_is(line: str, word: str, offered: list[str]) -> None:
    assert sorted(ask("bash", line, word)) == sorted(offered)


def test_zsh_and_fish_are_told_what_it_is() -> None:
    (zsh,) = (line for line in ask("zsh", "metric", "net_s") if "net_sentiment" in line)
    assert "Net sentiment" in zsh
    assert ask("fish", "metric", "net_s")[0].split("\t") == ["net_sentiment", "Net sentiment"]


def test_networks_are_those_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'known.db'}"
    monkeypatch.setenv("RAPPORT_DATABASE_URL", url)
    assert ask("bash", "metric posts --network") == []
    assert not (tmp_path / "known.db").exists()
    migrate(engine := build_engine(url))
    bring(engine, [post("p", 0)])
    engine.dispose()
    assert ask("bash", "metric posts --network") == ["net"]


@pytest.mark.parametrize("url", ["bogus", "sqlite://host:port/", "nosuch://there"])
def test_nothing_is_said_when_the_address_of_the_store_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", url)
    assert ask("bash", "metric posts --network") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_can_be_shown_for_each_shell(shell: str) -> None:
    variables = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "_RAPPORT_COMPLETE": f"source_{shell}"}
    assert "_RAPPORT_COMPLETE" in CliRunner().invoke(app, [], prog_name="rapport", env=variables).stdout
