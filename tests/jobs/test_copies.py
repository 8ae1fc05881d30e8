"""``rapport export``, ``backup``, ``restore`` and the way back in: what is said, and how they end."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from data_access.store import build_engine, open_store
from jobs.cli import app
from tests.jobs.stores import bring, post, rows_of

Run = Callable[..., Result]


@pytest.fixture
def store(_sqlite_template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    shutil.copyfile(_sqlite_template, path)
    engine = build_engine(f"sqlite:///{path}")
    bring(engine, [post("p1", 0, text="=1+1"), post("p2", 1)])
    engine.dispose()
    return path


@pytest.fixture
def run(store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a SQLite store, and lets go of it as the end of a process does."""

    def invoke(*arguments: object, on: Path = store) -> Result:
        monkeypatch.setenv("RAPPORT_DATABASE_URL", f"sqlite:///{on}")
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        open_store().dispose()
        open_store.cache_clear()
        return result

    return invoke


def posts_in(store: Path) -> int:
    engine = build_engine(f"sqlite:///{store}")
    try:
        return len(rows_of(engine, ["post"])["post"])
    finally:
        engine.dispose()


def test_export_comes_back_with_import(run: Run, tmp_path: Path) -> None:
    written = run("export", tmp_path / "out", "--format", "csv")
    assert (written.exit_code, "2 posts" in written.stdout) == (0, True), written.stderr
    assert "'=1+1" in (tmp_path / "out/post.csv").read_text("utf-8-sig")
    assert run("export", tmp_path / "out").exit_code == 1
    back = run("import", tmp_path / "out", on=tmp_path / "new.db")
    assert (back.exit_code, "2 posts" in back.stdout) == (0, True), back.stderr
    assert posts_in(tmp_path / "new.db") == 2
    refused = run("import", tmp_path / "out")
    assert refused.exit_code == 1
    assert "The store is not empty" in refused.stderr
    assert run("import", tmp_path / "out", tmp_path / "store.db").exit_code == 2
    assert run("export", tmp_path / "x", "--format", "xlsx").exit_code == 2


def test_watch_says_how_an_export_comes_back(run: Run, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    assert run("backup", tmp_path / "inbox/backup.zip").exit_code == 0
    watched = run("watch", tmp_path / "inbox", "--once")
    assert "rapport restore" in watched.stdout + watched.stderr
    assert posts_in(tmp_path / "store.db") == 2


def test_restore_says_what_it_did_and_what_to_do(run: Run, store: Path, tmp_path: Path) -> None:
    written = run("backup", tmp_path / "backup.zip")
    assert (written.exit_code, "read back" in written.stdout) == (0, True), written.stderr
    assert run("backup", tmp_path / "backup.zip").exit_code == 1
    restored = run("restore", tmp_path / "backup.zip")
    assert restored.exit_code == 0, restored.stderr
    assert "store-before-" in restored.stdout
    (tmp_path / "notes.zip").write_bytes(b"no zip")
    refused = run("restore", tmp_path / "notes.zip")
    assert (refused.exit_code, "is no export of Rapport" in refused.stderr) == (1, True)
    assert posts_in(store) == 2
