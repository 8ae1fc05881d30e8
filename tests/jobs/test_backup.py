"""A backup is whole, is put back in one step, and is never written over anything."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from data_access.exchange import DamagedExport, TargetExists, find_export, open_export
from data_access.exchange.tables import list_exchanged
from data_access.store import build_engine
from jobs.export import back_up
from jobs.progress import Cancelled, Silence
from jobs.restore import RestoredStoreDamaged, StoreInUse, load_export, restore_file
from tests.jobs.stores import NOT_COMPARED, account, bring, channel, post, rows_of

EVERYTHING = sorted({one.table.name for one in list_exchanged(with_derived=True)} - NOT_COMPARED)


def test_backup_has_every_table_but_what_is_of_one_store() -> None:
    assert set(SQLModel.metadata.tables) - set(EVERYTHING) == {"job", "data_version", "model"}
    assert "model" in {one.table.name for one in list_exchanged(with_derived=False)}


@pytest.fixture
def backup(engine: Engine, tmp_path: Path) -> Path:
    """A backup of a small store of this engine."""
    bring(engine, [channel(), post("p1", 0), post("p2", 1, author="ben", parent="p1"), account("ann", bio="=Ann")])
    back_up(engine, tmp_path / "backup.zip", Silence())
    return tmp_path / "backup.zip"


@pytest.fixture
def never_derives(monkeypatch: pytest.MonkeyPatch) -> None:
    def derive(*_: Any) -> None:
        raise AssertionError("a backup brings its derived rows along")

    monkeypatch.setattr("jobs.restore.refresh", derive)


def restored(store: Path, backup: Path) -> Path | None:
    with open_export(backup) as place:
        return restore_file(store, place, Silence())


def rows_in(store: Path) -> dict[str, list[Any]]:
    engine = build_engine(f"sqlite:///{store}")
    try:
        return rows_of(engine, EVERYTHING)
    finally:
        engine.dispose()


@pytest.mark.usefixtures("never_derives")
def test_restore_gives_every_row_back_from_either_engine(engine: Engine, backup: Path, tmp_path: Path) -> None:
    assert restored(tmp_path / "new" / "restored.db", backup) is None
    before = rows_of(engine, EVERYTHING)
    assert len(before["post"]) == len(before["post_score"]) == 2
    assert rows_in(tmp_path / "new" / "restored.db") == before
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["restored.db"]


@pytest.mark.usefixtures("never_derives")
def test_backup_comes_into_an_empty_store_of_either_engine(engine: Engine, store: Path, tmp_path: Path) -> None:
    with open_export(tmp_path / "one.zip") as place:
        assert load_export(engine, place, Silence()) is True
    restored(store, tmp_path / "one.zip")
    assert rows_of(engine, EVERYTHING) == rows_in(store)


@pytest.fixture(scope="module")
def _two_posts(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two posts, and a backup of it made before the second came."""
    folder = tmp_path_factory.mktemp("two")
    shutil.copyfile(_sqlite_template, folder / "replaced.db")
    engine = build_engine(f"sqlite:///{folder / 'replaced.db'}")
    bring(engine, [post("p1", 0)])
    back_up(engine, folder / "one.zip", Silence())
    bring(engine, [post("p2", 1)], name="second")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder


@pytest.fixture
def store(_two_posts: Path, tmp_path: Path) -> Path:
    """A SQLite store that nobody has open, with two posts; beside it a backup that has the first."""
    for name in ("replaced.db", "one.zip"):
        shutil.copyfile(_two_posts / name, tmp_path / name)
    return tmp_path / "replaced.db"


def test_restore_keeps_the_store_of_before(store: Path, tmp_path: Path) -> None:
    before = rows_in(store)
    aside = restored(store, tmp_path / "one.zip")
    assert len(rows_in(store)["post"]) == 1
    assert aside is not None
    assert rows_in(aside) == before


def test_restore_keeps_both_stores_of_before_when_they_are_of_one_second(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Now(datetime):
        @classmethod
        def now(cls, _zone: object = None) -> "Now":
            return cls(2026, 3, 2, 8)

    monkeypatch.setattr("jobs.restore.datetime", Now)
    kept = [restored(store, tmp_path / "one.zip") for _ in range(2)]
    assert [one and one.name for one in kept] == [
        f"{store.stem}-before-20260302-080000.db",
        f"{store.stem}-before-20260302-080000-1.db",
    ]
    assert [len(rows_in(one)["post"]) for one in kept if one] == [2, 1]


def test_restore_is_refused_when_somebody_has_the_store_open(store: Path, tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{store}")
    with engine.connect(), pytest.raises(StoreInUse, match="Stop them"):  # a page has it, or a job
        restored(store, tmp_path / "one.zip")
    engine.dispose()
    assert len(rows_in(store)["post"]) == 2
    assert list(tmp_path.glob("*.restoring*")) == []


class Stopping(Silence):
    """Stops the work at a step."""

    def __init__(self, at: str) -> None:
        self.stopped_at = at

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        if name.startswith(self.stopped_at):
            raise Cancelled


@pytest.mark.parametrize("step", ["Loading", "Checking what", "Putting"])
def test_restore_leaves_the_store_of_before_when_it_is_stopped(store: Path, tmp_path: Path, step: str) -> None:
    with pytest.raises(Cancelled), open_export(tmp_path / "one.zip") as place:
        restore_file(store, place, Stopping(step))
    assert len(rows_in(store)["post"]) == 2
    (tmp_path / "replaced.db.restoring").write_bytes(b"what a kill leaves")
    restored(store, tmp_path / "one.zip")
    assert len(rows_in(store)["post"]) == 1


def test_restore_replaces_a_store_that_cannot_be_read(store: Path, tmp_path: Path) -> None:
    store.write_bytes(b"no database" * 1_000)
    aside = restored(store, tmp_path / "one.zip")
    assert len(rows_in(store)["post"]) == 1
    assert aside is not None
    assert aside.read_bytes().startswith(b"no database")


def test_restore_is_refused_when_what_came_of_it_does_not_hold_together(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(engine: Engine, *_: Any) -> bool:
        database = str(engine.url.database)
        engine.dispose()
        with sqlite3.connect(database) as connection:
            connection.execute(
                "INSERT INTO post (network, source, native_id, channel_id, kind, text, occurred_at)"
                " VALUES ('n', 's', 'p', 7, 'post', '', 0)"
            )
        connection.close()
        return True

    monkeypatch.setattr("jobs.restore.load_export", load)
    with pytest.raises(RestoredStoreDamaged, match="The store of before is as it was"):
        restored(store, tmp_path / "one.zip")
    assert len(rows_in(store)["post"]) == 2


def test_backup_writes_nothing_over(store: Path, tmp_path: Path) -> None:
    before = (tmp_path / "one.zip").read_bytes()
    engine = build_engine(f"sqlite:///{store}")
    with pytest.raises(TargetExists, match="choose another name"):
        back_up(engine, tmp_path / "one.zip", Silence())
    engine.dispose()
    assert (tmp_path / "one.zip").read_bytes() == before


def test_backup_is_removed_when_the_disk_does_not_give_it_back(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(*_: Any) -> None:
        raise DamagedExport("not as it was written")

    monkeypatch.setattr("jobs.export.check_files", check)
    engine = build_engine(f"sqlite:///{store}")
    with pytest.raises(DamagedExport):
        back_up(engine, tmp_path / "two.zip", Silence())
    engine.dispose()
    assert list(tmp_path.glob("two*")) == []
    assert find_export(tmp_path / "one.zip")
