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


@pytest.mark.parametrize(
    ("stopped", "arguments", "code"),
    [
        ("jobs.importing.import_paths", ("import", "notes.csv"), 130),
        ("jobs.restore.load_export", ("import", "backup.zip"), 130),
        ("jobs.refresh.refresh", ("import", "out"), 130),
        ("jobs.export.back_up", ("backup", "new.zip"), 130),
        ("jobs.watch.watch_folder", ("watch", "."), 0),
    ],
)
def test_command_ends_with_130_when_it_is_stopped_and_watch_with_0(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: str, arguments: tuple[str, str], code: int
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    run("export", tmp_path / "out")
    run("backup", tmp_path / "backup.zip")
    (tmp_path / "notes.csv").touch()
    monkeypatch.setattr(stopped, stop)
    command, name = arguments
    assert run(command, tmp_path / name, on=tmp_path / "empty.db").exit_code == code


def test_copies_say_in_words_where_they_cannot_be_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    under_a_file = run("backup", tmp_path / "file" / "x.zip")
    assert (under_a_file.exit_code, f"{tmp_path / 'file'}: File exists. Look" in under_a_file.stderr) == (1, True)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert run("backup", ".").exit_code == 1
    assert "is there already" in run("export", tmp_path).stderr
    written = run("export", ".")
    assert (written.exit_code, Path("manifest.json").exists()) == (0, True), written.stderr
    assert list(Path().glob("*.part")) == []


def test_copies_leave_files_alone_that_are_called_like_parts_of_theirs(run: Run, tmp_path: Path) -> None:
    mine = [tmp_path / "out.part", tmp_path / "backup.zip.part"]
    for file in mine:
        file.write_text("mine")
    assert (run("export", tmp_path / "out").exit_code, run("backup", tmp_path / "backup.zip").exit_code) == (0, 0)
    assert run("backup", tmp_path / "backup.zip").exit_code == 1
    assert [file.read_text() for file in mine] == ["mine", "mine"]
    assert sorted(tmp_path.glob("*.part")) == sorted(mine)
