"""What commands and jobs say: results alone on standard output, lines of JSON on standard error where asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from data_access.store import open_store
from jobs.cli import app
from jobs.launch import add_job, read_job
from jobs.logs import LoggedProgress, log, speaking, speaks_json
from jobs.progress import Silence

POSTS = "id,user,text,created_at\n1,ann,Hello there,2026-03-02T08:00:00Z\n2,ben,,2026-03-02T09:00:00Z\n"


@pytest.fixture
def run():  # type: ignore[no-untyped-def]
    yield lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])
    open_store().dispose()
    open_store.cache_clear()


def lines_of(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines()]


def test_log_json_keeps_standard_output_for_results(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "posts.csv").write_text(POSTS)
    result = run("--log-json", "import", tmp_path / "posts.csv")
    assert result.stdout.startswith("posts.csv: table, 2 rows: ")
    lines = lines_of(result.stderr)
    assert {line["event"] for line in lines} >= {"start", "step", "end"}
    assert all({"time", "level", "event", "message"} <= line.keys() for line in lines)
    assert all(str(line["time"]).endswith("+00:00") for line in lines)
    steps = [line for line in lines if line["event"] == "step"]
    assert steps[0] | {"time": None} == {
        "time": None,
        "level": "info",
        "event": "step",
        "command": "import",
        "job": 1,
        "step": "Reading posts.csv",
        "total": len(POSTS),
        "unit": "bytes",
        "message": "Reading posts.csv",
    }
    assert (lines[-1]["event"], lines[-1]["exit_code"]) == ("end", 0)


@pytest.mark.parametrize(
    ("arguments", "code"), [(["import", "/nowhere.csv"], 2), (["metric", "happiness"], 2), (["nothing"], 2)]
)
def test_log_json_says_what_was_not_understood(run, arguments: list[str], code: int) -> None:  # type: ignore[no-untyped-def]
    result = run("--log-json", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert [line["level"] for line in lines_of(result.stderr) if line["event"] == "message"] == ["error"]


def test_log_json_has_the_traceback_when_a_command_breaks(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("never so")

    monkeypatch.setattr("jobs.refresh.refresh", broken)
    result = run("--log-json", "refresh")
    (line,) = (line for line in lines_of(result.stderr) if line["level"] == "error")
    assert (result.exit_code, line["message"], line["error"]) == (1, "never so", "ZeroDivisionError")
    assert "in broken" in str(line["traceback"])
    assert isinstance(run("refresh").exception, ZeroDivisionError)


def test_command_says_where_to_look_when_the_store_cannot_be_used(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def gone(*_arguments: object) -> None:
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))

    monkeypatch.setattr("jobs.refresh.refresh", gone)
    result = run("refresh")
    assert result.exit_code == 1
    assert "The store cannot be used now: connection refused. Is it where RAPPORT_DATABASE_URL says" in result.stderr


def test_progress_is_logged_once_a_second(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([10.0, 10.5, 11.25, 12.0, 12.5])
    monkeypatch.setattr("jobs.logs.time.monotonic", lambda: next(moments))
    with speaking(as_json=True, command="import"):
        progress = LoggedProgress(Silence())
        progress.step("Copying a.csv", 400)
        for done in (100, 200, 300, 400):
            progress.at(done)
    told = [line for line in lines_of(capsys.readouterr().err) if line["event"] == "progress"]
    assert [(line["done"], line["total"], line["seconds"]) for line in told] == [(200, 400, 1.25), (400, 400, 2.5)]


def test_words_are_said_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    with speaking(as_json=False):
        log.info("Two rows of [x] were left out.")
        log.info("Ended", extra={"event": "end"})
    assert capsys.readouterr().err == "Two rows of [x] were left out.\n"


@pytest.mark.parametrize(
    ("said", "is_json"), [("0", False), ("No", False), (" off", False), ("1", True), ("yes", True)]
)
def test_environment_asks_for_json_or_not(monkeypatch: pytest.MonkeyPatch, said: str, is_json: bool) -> None:
    monkeypatch.setenv("RAPPORT_LOG_JSON", said)
    with speaking():
        assert speaks_json() is is_json


def test_job_process_logs_json_when_the_environment_asks_for_it(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'rapport.db'}")
    job = add_job(engine, "train", {"model": "nonsense"})
    environment = os.environ | {"RAPPORT_LOG_JSON": "1", "RAPPORT_DATABASE_URL": str(engine.url)}
    done = subprocess.run([sys.executable, "-m", "jobs.run", str(job)], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    lines = lines_of(done.stderr)
    assert (lines[-1]["job"], lines[-1]["level"], lines[-1]["error"]) == (job, "error", "UnknownModel")
    assert read_job(engine, job).status == "failed"
    engine.dispose()
    open_store.cache_clear()


def test_help_says_how_commands_end(run) -> None:  # type: ignore[no-untyped-def]
    said = " ".join(run("--help").stdout.split())
    assert "Exit codes: 0 done; 1 something was not done" in said
    assert "--log-json" in said
