"""Tables that number their rows alike: what could be two things is asked, what is the same goes on being the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_access.importers import ImportOptions, OpenSource, preview_mapping
from data_access.models.facts import ImportRun, Order, Post, RunStatus
from data_access.queries.imports import list_runs
from data_access.store import read_data_version, reading
from data_access.upsert import table
from jobs import importing, own_sources
from jobs.importing import RunResult, import_paths, with_saved_mappings
from jobs.own_sources import settle_dropped
from jobs.progress import Silence
from tests.jobs.stores import FACTS, rows_of

Lines = Sequence[tuple[int, str, str]]
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def said(about: str, numbers: range, month: int = 3) -> Lines:
    return [(n, f"2026-{month:02d}-{1 + n % 28:02d}T10:00:00Z", f"{about} number {n}") for n in numbers]


LAMPS, PUMPS = said("The lamp", range(1, 41)), said("A pump", range(1, 41), month=4)


@pytest.fixture
def bring_in(engine: Engine, tmp_path: Path) -> Callable[..., RunResult]:
    def bring(name: str, lines: Lines, **options: object) -> RunResult:
        path = tmp_path / name
        path.write_text("id,created_at,text\n" + "".join(f"{n},{when},{text}\n" for n, when, text in lines))
        (result,) = import_paths(engine, [path], replace(ImportOptions(), **options), Silence())  # type: ignore[arg-type]
        return result

    return bring


def texts(engine: Engine, source: str = "file") -> set[str]:
    with reading(engine) as session:
        return set(session.scalars(select(table(Post).c.text).where(table(Post).c.source == source)))


def test_other_table_with_the_same_ids_is_asked_about_and_loses_nothing(
    engine: Engine, bring_in: Callable[..., RunResult]
) -> None:
    bring_in("lamps.csv", LAMPS)
    before = rows_of(engine, FACTS)
    asked = bring_in("pumps.csv", PUMPS)
    assert (asked.status, asked.added, asked.changed) == (RunStatus.FAILED, 0, 0)
    assert asked.asks is not None
    assert asked.error is not None
    assert "40 ids of pumps.csv are here already, from lamps.csv, and all of them are of something else" in asked.asks
    assert "--map source==pumps." in asked.error
    assert "--map source==file." in asked.error
    assert rows_of(engine, FACTS) == before

    other = bring_in("pumps.csv", PUMPS, mapping={"source": "=pumps"})
    assert (other.added, other.changed) == (41, 0)  # with their channel
    assert texts(engine) == {text for _n, _when, text in LAMPS}
    assert texts(engine, "pumps") == {text for _n, _when, text in PUMPS}


@on_sqlite
def test_same_posts_changed_are_overwritten_when_somebody_says_so(
    engine: Engine, bring_in: Callable[..., RunResult]
) -> None:
    bring_in("lamps.csv", LAMPS)
    assert bring_in("pumps.csv", PUMPS, mapping={"source": "=file"}).changed == 40
    assert texts(engine) == {text for _n, _when, text in PUMPS}
    assert bring_in("pumps.csv", PUMPS).asks is None


@on_sqlite
def test_next_exports_are_told_by_their_ids_or_else_by_their_name(
    engine: Engine, bring_in: Callable[..., RunResult]
) -> None:
    bring_in("lamps.csv", LAMPS)
    bring_in("pumps-2026-04.csv", PUMPS, mapping={"source": "=pumps"})
    overlapping = [*PUMPS[20:], *said("A pump", range(41, 51), month=5)]
    assert (bring_in("all.csv", overlapping).asks, len(texts(engine, "pumps"))) == (None, 50)
    assert bring_in("pumps-2026-06.csv", said("A pump", range(60, 70), month=6)).asks is None
    assert len(texts(engine, "pumps")) == 60
    bring_in("lamps-may.csv", [*LAMPS[30:], *said("The lamp", range(90, 95), month=5)])
    assert len(texts(engine)) == 45
    assert bring_in("cords.csv", said("My cord", range(1, 30), month=7)).asks is not None


@on_sqlite
def test_overlapping_export_with_edited_texts_and_another_name_is_not_asked_about(
    engine: Engine, bring_in: Callable[..., RunResult]
) -> None:
    bring_in("october.csv", LAMPS)
    edited = [(n, when, f"{text} (edited)") for n, when, text in LAMPS[10:]]
    again = bring_in("november.csv", [*edited, *said("The lamp", range(41, 51))])
    assert (again.asks, again.changed, len(texts(engine))) == (None, 30, 50)
    assert bring_in("november.csv", [*edited, *said("The lamp", range(41, 51))]).asks is None


@on_sqlite
def test_rows_of_one_id_that_differ_are_asked_about_once(
    engine: Engine, bring_in: Callable[..., RunResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = [(1 + n % 2, when, text) for n, when, text in LAMPS]
    for looked_at in (2_000, 1):  # before the table is read, and again when all of it was
        monkeypatch.setattr(own_sources, "_LOOKED_AT_RECORDS", looked_at)
        asked = bring_in("threads.csv", threads)
        assert asked.asks is not None
        assert asked.error is not None
        assert "38 rows of threads.csv have the id of another row" in asked.asks
        assert "--map id=COLUMN" in asked.error
        assert texts(engine) == set()
    assert bring_in("threads.csv", threads, mapping={"source": "=file"}).counts["post"] == 2
    assert bring_in("threads.csv", threads).asks is None
    assert bring_in("threads later.csv", [*threads, *said("The lamp", range(41, 43))]).asks is None
    assert bring_in("threads.csv", threads, mapping={"id": ""}).counts["post"] == 40


@on_sqlite
def test_import_that_asks_once_all_is_read_is_news_to_the_pages(
    engine: Engine, bring_in: Callable[..., RunResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in("lamps.csv", LAMPS)
    monkeypatch.setattr(own_sources, "_LOOKED_AT_RECORDS", 1)
    with reading(engine) as session:
        before = read_data_version(session)
    assert bring_in("threads.csv", [(50 + n % 2, when, text) for n, when, text in LAMPS]).asks is not None
    with reading(engine) as session:
        assert list_runs(session)["file"].tolist() == ["threads.csv", "lamps.csv"]
        assert read_data_version(session) > before


@on_sqlite
def test_edited_rows_of_one_id_are_not_asked_about(engine: Engine, bring_in: Callable[..., RunResult]) -> None:
    edits = [(n, when, f"{text} as of version {version}") for n, when, text in LAMPS for version in (1, 2)]
    assert (bring_in("edits.csv", edits).asks, len(texts(engine))) == (None, 40)


@pytest.fixture
def numbered(tmp_path: Path) -> Path:
    """A folder of 30 tables that number their rows 1, 2, 3, and its last a copy of the first."""
    folder = tmp_path / "threads"
    folder.mkdir()
    for thread in range(30):
        rows = "".join(f"{n},2026-03-{1 + thread % 29:02d}T10:0{n}:00Z,{thread % 29}: answer {n}\n" for n in (1, 2, 3))
        (folder / f"thread {thread}.csv").write_text(f"id,created_at,text\n{rows}")
    return folder


@pytest.mark.parametrize("looked_at", [2_000, 4])
def test_folder_whose_files_number_their_own_rows_is_asked_about_and_loses_nothing(
    engine: Engine, numbered: Path, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr(own_sources, "_LOOKED_AT_RECORDS", looked_at)
    (asked,) = import_paths(engine, [numbered], ImportOptions(), Silence())
    assert (asked.status, asked.added, texts(engine)) == (RunStatus.FAILED, 0, set())
    assert asked.error is not None
    assert "84 rows of threads (30 files) have the id of another row" in asked.error
    assert "--map source=@path" in asked.error

    (kept,) = import_paths(engine, [numbered], ImportOptions(mapping={"source": "@path"}), Silence())
    assert (kept.asks, kept.counts["post"]) == (None, 90)


@on_sqlite
def test_orders_with_the_numbers_of_others_are_asked_about_when_they_come_late(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_sources, "_LOOKED_AT_RECORDS", 4)
    rows = [f"{n % 8},2026-0{1 + n // 8}-0{1 + n % 8},ann@shop.example,{7 + n}.00" for n in range(16)]
    lines = [f"{n},2026-01-01,ann@shop.example,{n}.00" for n in (90, 91, 91)]  # the same line twice
    (tmp_path / "tills.csv").write_text("\n".join(["Order ID,Date,Email,Total", *lines, *rows, ""]))
    (asked,) = import_paths(engine, [tmp_path / "tills.csv"], ImportOptions(), Silence())
    assert asked.asks is not None
    assert "8 rows of tills.csv have the id of another row, and all of them say something else" in asked.asks
    assert "other orders" in asked.asks


@on_sqlite
def test_rows_that_are_there_twice_hide_no_other_posts(engine: Engine, bring_in: Callable[..., RunResult]) -> None:
    others = said("Quite another thing", range(1, 25), month=4)
    asked = bring_in("pages.csv", [*LAMPS, *LAMPS, *others])
    assert asked.asks is not None
    assert "24 rows of pages.csv have the id of another row" in asked.asks
    assert texts(engine) == set()


@on_sqlite
def test_lines_of_one_order_are_asked_about(engine: Engine, tmp_path: Path) -> None:
    lines = ["Order ID,Date,Email,Total", *(f"7,2026-03-02,ann@shop.example,{amount}.00" for amount in (10, 20, 30))]
    (tmp_path / "lines.csv").write_text("\n".join([*lines, ""]))
    (asked,) = import_paths(engine, [tmp_path / "lines.csv"], ImportOptions(), Silence())
    assert asked.asks is not None
    assert "2 rows of lines.csv have the id of another row" in asked.asks


def test_ids_that_meet_late_in_a_file_are_asked_about_before_anything_is_written(
    engine: Engine, bring_in: Callable[..., RunResult], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("_LOOKED_AT_RECORDS", 10), ("_ROWS_AT_ONCE", 6)):
        monkeypatch.setattr(own_sources, name, value)
    bring_in("lamps.csv", LAMPS)
    before = rows_of(engine, FACTS)
    asked = bring_in("pumps.csv", [*said("A pump", range(100, 120)), *PUMPS])
    assert asked.asks is not None
    assert (asked.status, asked.run_id) == (RunStatus.FAILED, 2)
    assert rows_of(engine, FACTS) == before

    # dropped again, the page asks though the beginning of the file still shows nothing
    options = with_saved_mappings(engine, ImportOptions())
    shown = preview_mapping(tmp_path / "pumps.csv", options, lambda found: settle_dropped(engine, found))
    assert shown.open_source == OpenSource("pumps.csv", "posts", 40, 40, ("lamps.csv",), "pumps")
    named = bring_in(
        "pumps.csv", [*said("A pump", range(100, 120)), *PUMPS], sources={str(tmp_path / "pumps.csv"): "pumps"}
    )
    assert (named.asks, len(texts(engine, "pumps"))) == (None, 60)


@on_sqlite
@pytest.mark.parametrize("source", [None, "=pumps"])
def test_killed_import_goes_on_past_its_own_rows(
    engine: Engine, bring_in: Callable[..., RunResult], monkeypatch: pytest.MonkeyPatch, source: str | None
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    lines = [(n, f"2026-03-{n:02d}T10:00:00Z", f"The lamp number {n}") for n in range(1, 25)]
    mapping = None if source is None else {"source": source}
    if source is not None:
        bring_in("lamps.csv", LAMPS)
    with monkeypatch.context() as patch:
        for name in ("_SMALLEST", "_FIRST", "_LARGEST"):
            patch.setattr(importing, name, 5)
        patch.setattr(importing, "settle_run", kill)
        with pytest.raises(Killed):
            bring_in("killed.csv", lines, mapping=mapping)
    result = bring_in("killed.csv", lines, mapping=mapping)
    assert (result.status, result.asks, result.added) == (RunStatus.DONE, None, 25)
    assert len(texts(engine, (source or "=file")[1:])) == 24


def test_orders_of_two_shops_with_the_same_numbers_are_asked_about(engine: Engine, tmp_path: Path) -> None:
    for shop, day, amount in (("books", 1, 10), ("tea", 2, 7)):
        rows = "".join(f"{n},2026-0{day}-{n:02d},ann{n}@{shop}.example,{amount + n}.00\n" for n in range(1, 9))
        (tmp_path / f"{shop}.csv").write_text(f"Order ID,Date,Email,Total\n{rows}")
    books, tea = import_paths(engine, [tmp_path / "books.csv", tmp_path / "tea.csv"], ImportOptions(), Silence())
    assert (books.asks, books.counts["order"]) == (None, 8)
    assert tea.asks is not None
    assert "other orders" in tea.asks
    with reading(engine) as session:
        assert session.execute(select(func.count(), func.min(table(Order).c.amount_minor))).one() == (8, 1100)
        runs = table(ImportRun)
        assert session.scalars(select(runs.c.status).order_by(runs.c.id)).all() == [RunStatus.DONE, RunStatus.FAILED]


@on_sqlite
@pytest.mark.parametrize("looked_at", [2_000, 1])
def test_rows_of_one_id_are_asked_about_with_what_is_here_of_these_ids(
    engine: Engine, bring_in: Callable[..., RunResult], monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr(own_sources, "_LOOKED_AT_RECORDS", looked_at)
    bring_in("lamps.csv", LAMPS)
    twice = [*PUMPS, *said("My cord", range(1, 41), month=5)]
    asked = bring_in("twice.csv", twice)
    assert asked.asks is not None
    assert asked.error is not None
    assert "40 rows of twice.csv have the id of another row" in asked.asks
    assert "40 of these ids are here already as well, from lamps.csv" in asked.asks
    assert "others than those of lamps.csv: --map source==twice." in asked.error
    assert "which are then written over: --map source==file." in asked.error

    apart = bring_in("twice.csv", twice, mapping={"source": "=twice"})
    assert (apart.asks, texts(engine)) == (None, {text for _n, _when, text in LAMPS})
    assert texts(engine, "twice") == {text for _n, _when, text in twice[40:]}


@on_sqlite
def test_question_that_came_up_late_is_answered_by_rows_without_an_id(
    engine: Engine, bring_in: Callable[..., RunResult], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(own_sources, "_LOOKED_AT_RECORDS", 10)
    assert bring_in("late.csv", [*LAMPS, *PUMPS]).asks is not None

    def look(mapping: dict[str, str]) -> OpenSource | None:
        options = with_saved_mappings(engine, ImportOptions(mapping=mapping or None))
        return preview_mapping(tmp_path / "late.csv", options, lambda found: settle_dropped(engine, found)).open_source

    question = look({})
    assert question is not None
    assert question.apart == {"id": ""}
    assert look({"kind": "posts", **question.apart}) is None
