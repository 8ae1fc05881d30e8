"""Importing: twice changes nothing, any order ends alike, killed it goes on, cancelled it is undone."""

import errno
import itertools
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from data_access import upsert
from data_access.exchange.manifest import MANIFEST, WHAT
from data_access.importers import ImportOptions
from data_access.models.derived import PersonIdentity
from data_access.models.facts import Channel, Identity, ImportRefusal, ImportRun, Post
from data_access.queries.imports import list_runs
from data_access.records import DealRecord, InteractionRecord, Note, OrderRecord, PostRecord, Record, Refusal
from data_access.staging import staging_directory
from data_access.store import reading
from data_access.upsert import table
from jobs import importing, staging_input
from jobs.erasure import erase_person
from jobs.importing import RecordStream, import_input, import_paths
from jobs.launch import running_job
from jobs.progress import ALL_IN, Cancelled, Progress, Silence
from jobs.refresh import refresh
from tests.jobs.stores import DERIVED, FACTS, account, at, bring, channel, empty, post, rows_of

EVERYTHING = [*FACTS, *DERIVED]


class Killed(BaseException):
    """The process is gone."""


class Stops:
    """A reporter that raises at its nth report."""

    def __init__(self, error: type[BaseException], at_report: int) -> None:
        self._error = error
        self._left = at_report

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        self.at(0)

    def at(self, done: int) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._error


def community(posts: int = 60) -> list[Record]:
    texts = itertools.cycle(["I love it!", "I hate this, it is broken", "Where is it? #Help", "ok https://a.example/x"])
    authors = itertools.cycle(["ann", "ben", "cat", "desk"])
    answers = [
        post(f"p{n}", n * 37, next(authors), text=next(texts), parent=f"p{n - 1}" if n % 3 else None, likes=n)
        for n in range(posts)
    ]
    return [channel(brand="Us"), account("desk", is_team=True), *answers]


def without_runs(rows: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Rows without their last column where that names the run."""
    return {name: [row[:-1] if name in FACTS else row for row in found] for name, found in rows.items()}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_SMALLEST", "_FIRST", "_LARGEST"):
        monkeypatch.setattr(importing, name, 7)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_accounts_stay_one_when_more_write_than_are_remembered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    monkeypatch.setattr(upsert, "_MET_LATELY", 1)
    names = [f"u{number % 4}" for number in range(24)]
    bring(engine, [post(f"p{place}", place, name, mentions=("u1",)) for place, name in enumerate(names)])
    with reading(engine) as session:
        wrote = select(Identity.native_id, func.count()).join(Post, Post.author_id == Identity.id)
        counts = session.execute(wrote.group_by(Identity.id).order_by(Identity.native_id)).all()
    assert [tuple(row) for row in counts] == [("u0", 6), ("u1", 6), ("u2", 6), ("u3", 6)]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_posts_are_counted_for_plans_when_accounts_came_in_before_them(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    monkeypatch.setattr(importing, "_COUNTED_FROM", 1)
    bring(engine, [*(account(f"u{n}") for n in range(14)), *(post(f"p{n}", n, f"u{n}") for n in range(5))])
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT reltuples FROM pg_class WHERE oid = 'post'::regclass")).scalar()
    assert counted == 5


def test_second_import_changes_nothing(engine: Engine) -> None:
    first = bring(engine, community(), "a")
    before = rows_of(engine, EVERYTHING)
    second = bring(engine, community(), "a again")
    assert (first.added, first.changed) == (62, 0)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 62)
    assert rows_of(engine, EVERYTHING) == before


def test_newest_observation_wins_whichever_file_comes_last(engine: Engine) -> None:
    new = replace(post("p", 0, likes=9, text="edited"), observed_at=at(100))
    old = replace(post("p", 0, likes=5, views=70, text="first"), observed_at=at(50))
    bring(engine, [new], "new")
    result = bring(engine, [old], "old")
    (row,) = rows_of(engine, ["post"])["post"]
    names = list(table(Post).columns.keys())
    found = dict(zip(names, row, strict=True))
    assert (found["likes"], found["views"], found["text"]) == (9, 70, "edited")
    assert result.changed == 1
    assert result.notes == {importing.OVERRULED: 1}


def test_record_that_says_less_overrules_nothing_and_is_not_noted(engine: Engine) -> None:
    bring(engine, [replace(post("p", 0, likes=9, text="first"), observed_at=at(100))], "new")
    result = bring(engine, [replace(post("p", 0, likes=5, text="first"), observed_at=at(50))], "old")
    assert (result.unchanged, result.notes) == (1, {})


def test_repeated_id_in_one_file_is_one_post(engine: Engine) -> None:
    result = bring(engine, [post("p", 0, likes=1), post("p", 0, likes=3), post("p", 0, likes=2)])
    (row,) = rows_of(engine, ["post"])["post"]
    assert 3 in row
    assert result.unchanged == 2


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("apart", [0, 9])
def test_what_one_file_says_otherwise_of_a_deal_is_noted_wherever_a_batch_ends(engine: Engine, apart: int) -> None:
    new = DealRecord("crm", "crm", "d", name="A lamp", observed_at=at(9))
    between = [DealRecord("crm", "crm", f"d{number}") for number in range(apart)]
    result = bring(engine, [new, *between, replace(new, name="Lamps", observed_at=at(1))])
    assert (result.unchanged, result.notes) == (1, {importing.OVERRULED: 1})


@pytest.mark.usefixtures("small_batches")
def test_rows_are_counted_once_when_the_staging_file_is_made_anew(engine: Engine) -> None:
    bring(engine, community()[2:5], "before")
    stream = RecordStream("file", "test", community(), identity="file")
    with pytest.raises(Killed):
        import_input(engine, stream, StopsWhileCopying(30, Killed), options={})
    for path in staging_directory().iterdir():
        path.unlink()
    result = bring(engine, community(), "file")
    assert (result.run_id, result.added, result.changed, result.unchanged) == (2, 58, 1, 3)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("reports", [1, 2, 3, 5, 8])
def test_killed_import_goes_on_when_run_again(engine: Engine, reports: int) -> None:
    stream = RecordStream("file", "test", community(), identity="file")
    with pytest.raises(Killed):
        import_input(engine, stream, Stops(Killed, reports), options={})
    result = bring(engine, community(), "file")
    assert (result.run_id, result.status) == (1, "done")
    whole = rows_of(engine, EVERYTHING)
    assert len(whole["post"]) == 60
    refresh(engine, Silence())
    assert rows_of(engine, EVERYTHING) == whole
    assert list(staging_directory().iterdir()) == []


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("reports", [2, 4, 9])
def test_cancelled_import_leaves_the_store_as_it_was(engine: Engine, reports: int) -> None:
    bring(
        engine, [replace(post("p5", 185, "ben", text="Hm", parent="p4"), observed_at=at(0)), account("eve")], "before"
    )
    before = rows_of(engine, EVERYTHING)
    stream = RecordStream("file", "test", community(), identity="file")
    with pytest.raises(Cancelled):
        import_input(engine, stream, Stops(Cancelled, reports), options={})
    assert rows_of(engine, EVERYTHING) == before
    with reading(engine) as session:
        assert session.execute(select(ImportRun.status).where(ImportRun.id == 2)).scalar() == "cancelled"


class StopsWhileCopying(Silence):
    """Somebody stops it once some records are copied."""

    def __init__(self, copied: int, error: type[BaseException] = Cancelled) -> None:
        self._copied, self._is_copying, self._error = copied, False, error

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        self._is_copying = name.startswith("Copying")

    def at(self, done: int) -> None:
        if self._is_copying and done >= self._copied:
            raise self._error


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("public", [replace(channel("room", kind="private"), observed_at=at(99))]),
        ("private", [replace(channel("room", kind="public"), observed_at=at(99))]),
        ("private", [InteractionRecord("net", "net.example", "m1", "mention", "ann", "desk", post="p")]),
    ],
)
def test_turns_are_as_they_were_when_what_closed_or_opened_them_is_cancelled(
    engine: Engine, kind: str, more: list[Record]
) -> None:
    room = [post("p", 0, channel="room", text="A nice day"), post("q", 1, "ben", channel="room", text="Is it?")]
    bring(engine, [channel("room", kind=kind), account("desk", is_team=True), *room], "before")
    before = rows_of(engine)
    with pytest.raises(Cancelled):
        bring(engine, more, "more", StopsWhileCopying(len(more)))
    assert rows_of(engine) == before


class Late(Silence):
    """Somebody asks to stop once all is in."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        self.seen.append(name)
        if name.startswith(ALL_IN):
            raise Cancelled


def test_import_whose_rows_are_all_in_is_not_cancelled(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("id,author,date,text,in_reply_to_id\n1,ann,2026-03-01,Hello,\n2,ben,2026-03-01,Hi ann,1\n")
    progress = Late()
    (result,) = import_paths(engine, [file], ImportOptions(), progress)
    assert result.status == "done"
    assert len(rows_of(engine, ["post"])["post"]) == 2
    assert f"{ALL_IN}Who moves the community" in progress.seen
    assert len(rows_of(engine, ["influence_period"])["influence_period"]) == 4


def test_who_is_who_waits_for_the_last_of_several_files(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    match = importing.match_accounts

    def note(engine: Engine, progress: Progress, *, changed: set[int]) -> None:
        asked.append(len(changed))
        match(engine, progress, changed=changed)

    monkeypatch.setattr(importing, "match_accounts", note)
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.csv").write_text(f"id,email,name,confirmed\n{number},ann@lee.example,Ann Lee,yes\n")

    def bring(files: list[Path]) -> list[str]:
        return [result.status for file in files for result in import_paths(engine, [file], ImportOptions(), Silence())]

    assert bring([folder]) == ["done"] * 3
    assert asked == [1, 0]  # with the last file, and what is left after it: the others are noted
    together = rows_of(engine, ["match_pair", "person_identity", "due"])
    assert len(together["match_pair"]) == 3
    empty(engine)
    assert bring(sorted(folder.iterdir())) == ["done"] * 3
    assert rows_of(engine, ["match_pair", "person_identity", "due"]) == together


def test_refused_rows_are_kept_with_line_and_reason(engine: Engine) -> None:
    stream = RecordStream("file", "test", [*community(3), Refusal(7, "no time in it", "a,b")], identity="f")  # type: ignore[list-item]
    result = import_input(engine, stream, Silence(), options={})
    with reading(engine) as session:
        kept = session.execute(select(ImportRefusal.line, ImportRefusal.reason, ImportRefusal.raw)).all()
    assert result.refused == 1
    assert kept == [(7, "no time in it", "a,b")]


def test_notes_are_counted_and_kept_when_a_file_is_read_as_something_else(engine: Engine) -> None:
    records = [Note("'Ax' is read as 'AX'"), post("p", 0), Note("'Ax' is read as 'AX'"), Note("No currency: EUR")]
    result = bring(engine, records)
    assert result.notes == {"'Ax' is read as 'AX'": 2, "No currency: EUR": 1}
    with reading(engine) as session:
        assert session.execute(select(table(ImportRun).c.notes)).scalar_one() == result.notes


def test_notes_stay_few_when_every_row_has_its_own(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging_input, "_KEPT_NOTES", 3)
    result = bring(engine, [post("p", 0), *(Note(f"note {number}") for number in range(9))])
    assert list(result.notes.values()) == [1, 1, 1, 6]


def test_readers_see_whole_batches_while_an_import_runs(engine: Engine) -> None:
    """Every post that a reader sees has its derived rows: no torn numbers, no lock errors."""
    torn: list[tuple[int, ...]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with reading(engine) as session:
                counts = [
                    session.execute(select(func.count()).select_from(table(Post).metadata.tables[name])).scalar() or 0
                    for name in ("post", "post_score", "post_day", "post_thread")
                ]
            if len(set(counts)) > 1:
                torn.append(tuple(counts))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        bring(engine, community(600))
    finally:
        done.set()
        reader.join()
    assert torn == []


def test_money_and_text_survive_as_they_came(engine: Engine) -> None:
    text = "Größe 👩‍👧 \x00 \ud800 ok"
    order = OrderRecord("crm", "shop", "o1", 9_007_199_254_740_993, "EUR", at(0), identity="c1")
    bring(engine, [post("p", 0, text=text), order])
    with reading(engine) as session:
        assert session.execute(select(Post.text)).scalar() == "Größe 👩‍👧  ? ok"
    assert 9_007_199_254_740_993 in rows_of(engine, ["order"])["order"][0]


def test_counts_of_a_run_say_what_came_in(engine: Engine) -> None:
    def stream() -> Iterator[Record]:
        yield from community(12)

    bring(engine, stream())
    with reading(engine) as session:
        run = session.execute(select(ImportRun)).scalars().one()
    assert run.counts == {"channel": 1, "identity": 1, "post": 12}
    assert (run.first_at, run.last_at) == (at(0), at(11 * 37))
    assert isinstance(community(1)[2], PostRecord)


@pytest.mark.usefixtures("small_batches")
def test_killed_import_is_finished_before_another_begins(engine: Engine) -> None:
    """Two runs never lie over each other: the first would undo what is the second's."""
    stream = RecordStream("killed", "test", community(), identity="killed")
    with pytest.raises(Killed):
        import_input(engine, stream, Stops(Killed, 5), options={})
    other = bring(engine, [*community(), post("more", 9_000)], "other")
    with reading(engine) as session:
        statuses = list(session.execute(select(ImportRun.file, ImportRun.status).order_by(ImportRun.id)))  # type: ignore[arg-type]
    assert statuses == [("killed", "done"), ("other", "done")]
    assert (other.added, other.changed) == (1, 0)


@pytest.mark.usefixtures("small_batches")
def test_import_killed_while_reading_is_marked_as_failed_by_the_next(engine: Engine) -> None:
    stream = RecordStream("killed", "test", community(), identity="killed")
    with pytest.raises(Killed):
        import_input(engine, stream, Stops(Killed, 0), options={})
    bring(engine, community(3), "other")
    with reading(engine) as session:
        status, error = session.execute(select(ImportRun.status, ImportRun.error).where(ImportRun.id == 1)).one()
    assert status == "failed"
    assert "Import the file again" in str(error)


def test_refusals_and_counts_survive_a_kill_right_after_reading(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    records: list[Record | Refusal] = [*community(3), Refusal(7, "no time in it", "a,b")]

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_keep_refusals", killed)
        with pytest.raises(Killed):
            import_input(engine, RecordStream("f", "test", records, "f"), Silence(), options={})  # type: ignore[arg-type]
    result = import_input(engine, RecordStream("f", "test", [], "f"), Silence(), options={})
    assert (result.rows_read, result.refused) == (6, 1)
    assert len(rows_of(engine, ["import_refusal"])["import_refusal"]) == 1


def test_damaged_staging_file_is_made_anew(engine: Engine) -> None:
    stream = RecordStream("f", "test", community(5), "f")
    with pytest.raises(Killed):
        import_input(engine, stream, Stops(Killed, 3), options={})
    (path,) = staging_directory().iterdir()
    path.write_bytes(b"not a database" * 500)
    assert bring(engine, community(5), "f").status == "done"
    assert len(rows_of(engine, ["post"])["post"]) == 5


@pytest.mark.usefixtures("small_batches")
def test_half_of_an_import_is_taken_back_when_another_begins_and_what_was_read_is_gone(engine: Engine) -> None:
    bring(engine, [*community(2), post("old", 0, likes=1)], "first")
    before = rows_of(engine, EVERYTHING)
    half = [*community(), replace(post("old", 0, likes=7), observed_at=at(9))]
    with pytest.raises(Killed):
        import_input(engine, RecordStream("killed", "test", half, "killed"), Stops(Killed, 9), options={})
    assert len(rows_of(engine, ["post"])["post"]) > 3
    (path,) = staging_directory().iterdir()
    path.unlink()
    assert bring(engine, [], "other").status == "done"
    assert without_runs(rows_of(engine, EVERYTHING)) == without_runs(before)
    assert rows_of(engine, ["import_change"])["import_change"] == []
    with reading(engine) as session:
        run = session.get_one(ImportRun, 2)
        assert (run.status, "taken back. Import the file again" in str(run.error)) == ("failed", True)


@pytest.mark.usefixtures("small_batches")
def test_no_row_is_passed_over_when_somebody_is_erased_and_what_was_read_is_gone(engine: Engine) -> None:
    records = [channel(), *(post(f"p{n}", n, "ann" if n < 10 else "ben") for n in range(30))]
    with pytest.raises(Killed):
        import_input(engine, RecordStream("f", "test", records, "f"), Stops(Killed, 7), options={})
    (path,) = staging_directory().iterdir()
    path.unlink()
    with reading(engine) as session:
        person = session.scalars(select(table(PersonIdentity).c.person_id)).first()
    assert person is not None
    erase_person(engine, person_id=person, decided_by="test")
    bring(engine, records, "f")
    assert len(rows_of(engine, ["post"])["post"]) == 20


def test_channel_that_turns_private_lets_turns_go(engine: Engine) -> None:
    bring(engine, [channel(), post("p", 0, text="A nice day"), post("q", 1, "ben", text="Is it?")], "public")
    assert len(rows_of(engine, ["turn"])["turn"]) == 2
    bring(engine, [replace(channel(kind="private"), observed_at=at(99))], "private")
    kept_up = rows_of(engine)
    assert len(kept_up["turn"]) == 1
    refresh(engine, Silence())
    assert rows_of(engine) == kept_up


def test_mention_that_comes_later_opens_a_turn_in_a_private_room(engine: Engine) -> None:
    bring(engine, [channel("room", kind="private"), account("desk", is_team=True), post("p", 0, channel="room")], "1")
    bring(engine, [InteractionRecord("net", "net.example", "m1", "mention", "ann", "desk", post="p")], "2")
    kept_up = rows_of(engine)
    assert len(kept_up["turn"]) == 1
    refresh(engine, Silence())
    assert rows_of(engine) == kept_up


def test_reply_reaches_an_author_who_becomes_known_later(engine: Engine) -> None:
    bring(engine, [post("a", 0, None), post("b", 1, "ben", parent="a")], "1")
    assert rows_of(engine, ["interaction"])["interaction"] == []
    bring(engine, [post("a", 0, "ann")], "2")
    assert len(rows_of(engine, ["interaction"])["interaction"]) == 1


def test_import_goes_on_when_a_run_before_it_cannot_be_brought_to_its_end(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(engine, [post("p1", 0, likes=1)], "first")
    before = rows_of(engine, EVERYTHING)
    broken = [replace(post("p1", 0, likes=7), observed_at=at(9)), post("p2", 1), post("p3", 2)]
    real = importing._end_run

    def fails(*_arguments: object) -> None:
        raise OverflowError("Python int too large to convert to SQLite INTEGER")

    monkeypatch.setattr(importing, "_end_run", fails)
    with pytest.raises(OverflowError):
        bring(engine, broken, "broken")
    monkeypatch.setattr(importing, "_end_run", lambda engine, run, s: fails() if run == 2 else real(engine, run, s))
    result = bring(engine, [], "after")
    assert (result.run_id, result.status) == (3, "done")
    assert without_runs(rows_of(engine, EVERYTHING)) == without_runs(before)
    with reading(engine) as session:
        run = session.get_one(ImportRun, 2)
        assert (run.status, "OverflowError: Python int too large" in str(run.error)) == ("failed", True)
    assert list(staging_directory().iterdir()) == []


def test_run_that_the_disk_had_no_room_for_is_not_given_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_end_run", full)
        for name in ("first", "after"):
            with pytest.raises(OSError, match="No space"):
                bring(engine, [post(name, 0)], name)
    assert bring(engine, [], "last").run_id == 2
    with reading(engine) as session:
        assert session.get_one(ImportRun, 1).status == "done"


def test_later_edits_come_in_when_a_post_of_the_first_file_is_dated_ahead(engine: Engine) -> None:
    bring(engine, [post("p0", 0, likes=1), replace(post("p1", 0), occurred_at=datetime(2999, 1, 2, tzinfo=UTC))])
    bring(engine, [post("p0", 0, text="Edited", likes=50), post("p2", 60)], "again")
    row = rows_of(engine, ["post"])["post"]
    assert any("Edited" in values and 50 in values for values in row)


def test_file_that_does_not_come_in_stands_among_the_imports_once(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("id,text,date\n1,Hello there,2024-01-05\n")
    (tmp_path / "odd.csv").write_text("id,text,date\n1,Hello there,03/04/2024\n")
    for _ in range(2):
        list(import_paths(engine, [tmp_path], ImportOptions(), Silence()))
    with reading(engine) as session:
        runs = list_runs(session, only_amiss=True)
    (odd,) = [run for run in runs.itertuples() if "odd.csv" in run.file]
    assert (odd.status, odd.added) == ("failed", 0)
    assert "can be read with the day or the month first" in odd.error
    assert "on the Data page" in odd.error


def test_file_whose_reason_no_engine_takes_stands_among_the_imports(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a \\u0000 b": 1, "\\ud800": "x"}]')
    (tmp_path / "good.csv").write_text("id,text,date\n1,Hello there,2024-01-05\n")
    whole_store = tmp_path / os.fsdecode(b"M\xe4rz")
    whole_store.mkdir()
    (whole_store / MANIFEST).write_text(json.dumps({"what": WHAT}))
    paths = [tmp_path / "a.json", whole_store, tmp_path / "good.csv"]
    list(import_paths(engine, paths, ImportOptions(), Silence()))
    with reading(engine) as session:
        runs = list_runs(session)
    assert runs[["file", "status"]].to_numpy().tolist() == [
        ["good.csv", "done"],
        ["März", "failed"],
        ["a.json", "failed"],
    ]
    assert "The columns are: a  b, ?." in runs["error"].iloc[-1]


def test_names_of_files_that_are_no_utf_8_come_in_as_text(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"M\xe4rz")
    folder.mkdir()
    (folder / os.fsdecode(b"R\xfcckmeldungen.csv")).write_text("id,text,date\n1,Hello there,2024-01-05\n")
    (folder / os.fsdecode(b"\xdcbrig.bin")).write_bytes(b"\x00\x01 nothing known")
    with running_job(engine, "import", {"paths": [str(folder)]}) as progress:
        list(import_paths(engine, [folder], ImportOptions(mapping={"channel": "@path"}), progress))
    with reading(engine) as session:
        assert sorted(list_runs(session)["file"]) == ["März/Rückmeldungen.csv", "März/Übrig.bin"]
        assert session.scalars(select(table(Channel).c.name)).all() == ["Rückmeldungen"]
