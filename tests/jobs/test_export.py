"""A store written as files and brought back is the same store, from either engine and on either engine."""

import csv
import errno
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from data_access.decisions import append_decision
from data_access.exchange import (
    DamagedExport,
    NewerExport,
    NoSpace,
    NotAnExport,
    NotEmpty,
    TargetExists,
    find_export,
    open_export,
)
from data_access.exchange.manifest import MANIFEST
from data_access.exchange.places import Counted
from data_access.exchange.tables import list_exchanged
from data_access.models.decisions import Setting
from data_access.models.facts import ImportRun, Post
from data_access.records import ChannelDayRecord, FeedbackRecord, OrganizationRecord, Refusal
from data_access.store import build_engine, reading, writing
from jobs.decisions import change_setting, decide_matches, relabel, withdraw
from jobs.erasure import erase_person
from jobs.export import export_store
from jobs.fitting import fit_customer_value
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from jobs.restore import load_export
from tests.jobs.sales import PLACE, deal, order, visit
from tests.jobs.stores import DERIVED, OF_EVERYBODY, account, at, bring, channel, post, rows_of

pytestmark = pytest.mark.usefixtures("uploads")

EXCHANGED = [one.table.name for one in list_exchanged(with_derived=False)]
FOLLOWING = [*DERIVED, *sorted(OF_EVERYBODY)]
#: Texts that a file, a spreadsheet or an engine might give back otherwise.
AWKWARD = [
    "=cmd|' /C calc'!A0",
    "'tis quoted",
    "''",
    "'=1",
    "-5",
    "+1",
    "@ann",
    "\ttab",
    "\r\n=2",
    "  =3",
    "＝4",
    'a "quote", a comma\r\nand a line',
    "NULL",
    "\\N",
    "null",
    "1e5",
    "héllo 😀 \u2028",
    " ",
]


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_UPLOAD_DIR", str(tmp_path / "uploads"))


@pytest.fixture
def other_engine(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty store of the other kind than ``engine``'s."""
    if engine_name == "postgresql":
        path = tmp_path / "other.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), path)
        built = build_engine(f"sqlite:///{path}")
        yield built
        built.dispose()
        return
    cluster = request.getfixturevalue("postgres")
    url = cluster.take_migrated_database()
    built = build_engine(url)
    yield built
    built.dispose()
    cluster.give_back(url)


def fill(engine: Engine) -> None:
    """A small store with something in most tables, and with what files might lose."""
    texts = [post(f"p{n}", n * 30, text=text, title=text if n % 2 else None) for n, text in enumerate(AWKWARD)]
    shared: list[Any] = [
        channel(url="https://net.example/wall"),
        OrganizationRecord(*PLACE, "acme", "=Acme", employees=2**40),
        account("ann", email="ann@acme.example", is_team=False, followers=0, bio=""),
        account("ben", display_name="Ben Lee"),
        post("empty", 1, author=None, text="", title="", latitude=0.1 + 0.2, longitude=-0.0, likes=0),
        post("reply", 5, author="ben", parent="p1", language="en"),
        *texts,
        visit("v1", 10, utm_campaign="'spring"),
        order("o1", 20),
        order("o2", 3_000, amount=-(2**40), refund_of="o1"),
        deal("d1", 40, "ann", stages=()),
        FeedbackRecord(*PLACE, "f1", "csat", at(50), identity="ann", score=4.5, comment="=good"),
        ChannelDayRecord(*PLACE, "wall/2026-03-02", "wall", at(0).date(), followers=7),
        Refusal(3, "No time", "=1,'x,\r\n"),
    ]
    bring(engine, shared)
    change_setting(engine, key="response_target_minutes", value=30, decided_by="Kim")
    change_setting(engine, key="advocate_ratio", value=2, decided_by="Kim")
    with writing(engine) as session:
        append_decision(session, Setting, decided_by="", key="odd", value=None)
        append_decision(session, Setting, decided_by="'", key="text", value="=1")
    key = {"network": "net", "source": "net.example"}
    first = relabel(engine, **key, native_id="p1", label="positive", decided_by="Kim")
    relabel(engine, **key, native_id="p2", label="negative", decided_by="Kim")
    withdraw(engine, table="relabel", decision_id=first, decided_by="Kim")
    pair = (("net", "net.example", "ann"), ("net", "net.example", "ben"))
    decide_matches(engine, pairs=[pair], verdict="same", decided_by="Kim")
    fit_customer_value(engine)
    refresh(engine, Silence())


def load(engine: Engine, folder: Path) -> None:
    with open_export(folder) as place:
        load_export(engine, place, Silence())
    refresh(engine, Silence())


def test_import_of_an_export_gives_the_same_store_on_the_other_engine(
    engine: Engine, engine_name: str, other_engine: Engine, tmp_path: Path
) -> None:
    fill(engine)
    file_format = "csv" if engine_name == "sqlite" else "parquet"
    manifest = export_store(engine, tmp_path / "out", Silence(), file_format=file_format)
    assert {table.name: table.rows for table in manifest.tables}["post"] == len(AWKWARD) + 2
    load(other_engine, tmp_path / "out")
    assert rows_of(other_engine, EXCHANGED) == rows_of(engine, EXCHANGED)
    assert models_of(other_engine) == models_of(engine) != []
    assert rows_of(other_engine, FOLLOWING) == rows_of(engine, FOLLOWING)
    # what comes next follows: no id is given twice
    bring(other_engine, [post("next", 4_000)], name="next")
    relabel(other_engine, network="net", source="net.example", native_id="next", label="positive", decided_by="Kim")
    with reading(other_engine) as session:
        assert session.scalar(select(func.count()).select_from(Post)) == len(AWKWARD) + 3


def models_of(engine: Engine) -> list[Any]:
    with reading(engine) as session:
        model = next(one.table for one in list_exchanged(with_derived=False) if one.content == "model")
        return [tuple(row) for row in session.execute(select(model).order_by(model.c.id))]


@pytest.fixture
def store(_sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated SQLite store, for what hangs on no engine."""
    path = tmp_path / "store.db"
    shutil.copyfile(_sqlite_template, path)
    built = build_engine(f"sqlite:///{path}")
    yield built
    built.dispose()


@pytest.fixture
def target(_sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "target.db"
    shutil.copyfile(_sqlite_template, path)
    built = build_engine(f"sqlite:///{path}")
    yield built
    built.dispose()


@pytest.fixture
def exported(store: Engine, tmp_path: Path) -> Path:
    bring(store, [channel(), post("p1", 0), post("p2", 1, author="ben"), account("ann", display_name="=Ann")])
    export_store(store, tmp_path / "out", Silence())
    return tmp_path / "out"


def test_export_has_no_cell_that_a_spreadsheet_runs(store: Engine, tmp_path: Path) -> None:
    bring(store, [post(f"p{n}", n, text=text, title=text) for n, text in enumerate(AWKWARD)])
    export_store(store, tmp_path / "out", Silence(), file_format="csv")
    texts = 0
    for file in (tmp_path / "out").glob("*.csv"):
        for row in csv.reader(file.read_text("utf-8-sig", errors="strict").splitlines()):
            texts += len(row)
            dangerous = [cell for cell in row if cell.lstrip(" ")[:1] in set("=+@\t\r＝＋－＠") and cell.strip()]
            assert dangerous == []
    assert texts > 300
    assert "'=cmd" in (tmp_path / "out" / "post.csv").read_text("utf-8-sig")


def test_export_is_of_one_moment_when_somebody_writes_meanwhile(engine: Engine, tmp_path: Path) -> None:
    bring(engine, [post("p1", 0)])

    class Writing(Silence):
        def at(self, done: int) -> None:
            if done == 1:
                bring(engine, [post("p2", 1)], name="meanwhile")

    manifest = export_store(engine, tmp_path / "out", Writing())
    rows = {table.name: table.rows for table in manifest.tables}
    assert (rows["post"], rows["import_run"]) == (1, 1)


def test_load_is_refused_when_the_store_is_not_empty(exported: Path, store: Engine) -> None:
    before = rows_of(store, EXCHANGED)
    with pytest.raises(NotEmpty, match="RAPPORT_DATABASE_URL"), open_export(exported) as place:
        load_export(store, place, Silence())
    assert rows_of(store, EXCHANGED) == before


class Stopping(Silence):
    """Stops the work in the middle of loading, as a kill does: the transaction does not end."""

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        self.name = name

    def at(self, done: int) -> None:
        if self.name.startswith(("Loading", "Conversations")) and done > 1:
            raise Cancelled


def test_load_leaves_the_store_empty_when_it_is_killed_and_can_be_run_again(
    engine: Engine, exported: Path, store: Engine, scores_apart: None
) -> None:
    with open_export(exported) as place:
        with pytest.raises(Cancelled):
            load_export(engine, place, Stopping())
        assert not any(rows_of(engine, EXCHANGED).values())
        assert load_export(engine, place, Silence()) is False
        with pytest.raises(Cancelled):
            refresh(engine, Stopping())
        # killed while it derived: the facts are in, and the same command goes on from there
        assert load_export(engine, place, Silence()) is False
        refresh(engine, Silence())
        assert rows_of(engine, [*EXCHANGED, *DERIVED]) == rows_of(store, [*EXCHANGED, *DERIVED])
        with pytest.raises(NotEmpty):
            load_export(engine, place, Silence())


def test_erased_people_stay_out_of_a_store_that_was_brought_back(store: Engine, target: Engine, tmp_path: Path) -> None:
    bring(store, [account("ann"), post("p1", 0), post("p2", 1, author="ben")])
    with reading(store) as session:
        ann = session.scalar(select(Post.author_id).where(col(Post.native_id) == "p1"))
    erase_person(store, person_id=int(ann or 0), decided_by="Kim")
    export_store(store, tmp_path / "out", Silence())
    load(target, tmp_path / "out")
    bring(target, [account("ann"), post("p9", 9), post("p3", 10, author="ben")], name="later")
    with reading(target) as session:
        assert sorted(session.scalars(select(Post.native_id))) == ["p2", "p3"]


def test_load_takes_defaults_when_the_export_is_older_than_a_column(exported: Path, target: Engine) -> None:
    file = exported / "import_run.parquet"
    older = pyarrow.parquet.read_table(file).drop_columns(["options", "unchanged", "error"])
    pyarrow.parquet.write_table(older, file)
    manifest = json.loads((exported / MANIFEST).read_text())
    manifest["schema_revision"] = "0001"
    table = next(table for table in manifest["tables"] if table["name"] == "import_run")
    table["columns"] = {name: table["columns"][name] for name in older.column_names}
    table["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (exported / MANIFEST).write_text(json.dumps(manifest))
    load(target, exported)
    with reading(target) as session:
        run = session.execute(select(ImportRun)).scalar_one()
        assert (run.options, run.unchanged, run.error, run.rows_read) == ({}, 0, None, 4)


def test_load_is_refused_when_a_file_was_changed_or_is_missing(exported: Path, target: Engine) -> None:
    with (exported / "post.parquet").open("r+b") as file:
        file.truncate(1_000)
    with (
        pytest.raises(DamagedExport, match=r"post\.parquet is not as Rapport wrote it"),
        open_export(exported) as place,
    ):
        load_export(target, place, Silence())
    (exported / "post.parquet").unlink()
    with pytest.raises(DamagedExport, match=r"post\.parquet is missing"), open_export(exported) as place:
        load_export(target, place, Silence())
    assert not any(rows_of(target, EXCHANGED).values())


@pytest.mark.parametrize("change", [{"layout": 2}, {"schema_revision": "9999"}])
def test_load_is_refused_when_a_newer_rapport_wrote_it(exported: Path, target: Engine, change: dict[str, Any]) -> None:
    manifest = json.loads((exported / MANIFEST).read_text()) | change
    (exported / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(NewerExport, match="update Rapport"), open_export(exported) as place:
        load_export(target, place, Silence())


def test_export_is_known_by_its_manifest_and_not_by_its_name(exported: Path, target: Engine, tmp_path: Path) -> None:
    renamed = exported.rename(tmp_path / "renamed")
    zipped = Path(
        shutil.make_archive(str(tmp_path / "zipped"), "zip", tmp_path, "renamed")
    )  # with its folder, deflated
    assert find_export(renamed)
    assert find_export(zipped)
    load(target, zipped)
    assert len(rows_of(target, ["post"])["post"]) == 2
    (renamed / MANIFEST).write_text('{"name": "an app", "icons": []}')
    assert not find_export(renamed)
    with pytest.raises(NotAnExport), open_export(renamed):
        pass


def test_export_leaves_nothing_when_the_disk_is_full(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Counted, content: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Counted, "write", full)
    with pytest.raises(NoSpace, match="free some space"):
        export_store(store, tmp_path / "out", Silence())
    assert list(tmp_path.glob("out*")) == []


def test_export_writes_nothing_over(store: Engine, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(TargetExists, match="choose another folder"):
        export_store(store, tmp_path / "out", Silence())
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine.txt"]
