"""Refused rows handed out, mended, and imported again: what was mended comes in, the rest is refused again."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from answers.refusals import RefusedFile, describe_refused, find_refused, write_refused
from data_access.importers import ImportOptions
from data_access.importers.reading.table_rows import FROM, REASON, ROW
from data_access.models import facts
from data_access.queries.refusals import find_refusing_run, list_mended_runs
from data_access.records import Refusal
from data_access.store import build_engine, reading
from data_access.upsert import table
from jobs import importing
from jobs.erasure_traces import Erased, erase_traces
from jobs.importing import RunResult, import_paths
from jobs.progress import Silence
from tests.jobs.stores import bring, post

POST = table(facts.Post)
SHOP = """Nr;Wer;Was;Wann
1;ann;I love the new lamp;03/04/2026 10:00
2;ben;=SUM(1) is what I typed;31/13/2026 10:00
3;cara;The lamp; broken again;05/04/2026 10:00
4;dan;'Where' can I buy it?;soon
5;eve;I like it;06/04/2026 10:00
"""
OPTIONS = ImportOptions(
    brand="Lamps", mapping={"id": "Nr", "author": "Wer", "text": "Was", "time": "Wann", "date_order": "day"}
)


def bring_file(engine: Engine, path: Path, options: ImportOptions | None = None) -> RunResult:
    (run,) = import_paths(engine, [path], options or ImportOptions(), Silence())
    assert run.error is None
    return run


def refused_of(engine: Engine, run: RunResult) -> tuple[RefusedFile, bytes]:
    with reading(engine) as session:
        file = find_refused(session, run.run_id)
        assert file is not None
        return file, write_refused(session, file)


def posts_of(engine: Engine) -> dict[str, tuple[str, str, int]]:
    with reading(engine) as session:
        rows = session.execute(select(POST.c.native_id, POST.c.text, POST.c.occurred_at, POST.c.channel_id)).all()
    return {row.native_id: (row.text, f"{row.occurred_at:%Y-%m-%d %H:%M}", row.channel_id) for row in rows}


def rows_in(content: bytes, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def written(rows: list[dict[str, str]], delimiter: str, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_mended_row_comes_in_as_its_file_would_have_brought_it_and_the_others_are_refused_again(
    engine: Engine, tmp_path: Path
) -> None:
    shop = tmp_path / "shop.csv"
    shop.write_text(SHOP)
    run = bring_file(engine, shop, OPTIONS)
    assert (run.rows_read, run.refused) == (5, 3)
    before = posts_of(engine)

    file, content = refused_of(engine, run)
    assert (file.rows, file.without_row, file.not_kept, file.can_return) == (3, 0, 0, True)
    rows = rows_in(content, ";")
    assert [(row["refused.line"], row["Nr"], row[ROW]) for row in rows] == [
        ("3", "2", ""),
        ("4", "3", "3;cara;The lamp; broken again;05/04/2026 10:00"),
        ("5", "4", ""),
    ]
    assert all(row[REASON] and row[FROM].startswith("shop.csv ") for row in rows)
    assert rows[0]["Was"] == "'=SUM(1) is what I typed"

    rows[0]["Wann"] = "04/05/2026 10:00"
    again = bring_file(engine, written(rows, ";", tmp_path / "mended.csv"))
    assert (again.rows_read, again.refused, again.counts["post"]) == (3, 2, 1)
    after = posts_of(engine)
    (channel,) = {channel for _text, _time, channel in before.values()}
    assert after == before | {"2": ("=SUM(1) is what I typed", "2026-05-04 10:00", channel)}

    rows = rows_in(refused_of(engine, again)[1], ";")
    assert [row["Nr"] for row in rows] == ["3", "4"]
    rows[0] |= {"Was": "The lamp; broken again", "Wann": "05/04/2026 10:00", ROW: ""}
    rows[1]["Wann"] = "05/04/2026 11:00"
    last = bring_file(engine, written(rows, ";", tmp_path / "mended again.csv"))
    assert (last.refused, last.counts["post"]) == (0, 2)
    assert posts_of(engine)["3"] == ("The lamp; broken again", "2026-04-05 10:00", channel)
    assert posts_of(engine)["4"][0] == "'Where' can I buy it?"
    with reading(engine) as session:
        told = [list_mended_runs(session, one.run_id) for one in (run, again, last)]  # type: ignore[arg-type]
    assert [[(one.file, one.came_in, one.refused) for one in each] for each in told] == [
        [("mended.csv", 1, 2)],
        [("mended again.csv", 2, 0)],
        [],
    ]


@pytest.fixture
def store(_sqlite_template: Path, tmp_path: Path) -> Engine:
    path = tmp_path / "store.db"
    path.write_bytes(_sqlite_template.read_bytes())
    return build_engine(f"sqlite:///{path}")


def test_refused_rows_come_back_unmended_as_they_went(store: Engine, tmp_path: Path) -> None:
    shop = tmp_path / "shop.csv"
    shop.write_text(SHOP)
    _file, content = refused_of(store, bring_file(store, shop, OPTIONS))
    for name in ("once.csv", "twice.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        run = bring_file(store, path)
        assert (run.refused, run.added) == (3, 0)
        _file, back = refused_of(store, run)
        for row, same in zip(rows_in(content, ";"), rows_in(back, ";"), strict=True):
            assert [row[name] for name in (ROW, "Nr", "Was", "Wann")] == [
                same[name] for name in (ROW, "Nr", "Was", "Wann")
            ]
        content = back


def test_mended_objects_come_in_through_the_importer_of_their_file(store: Engine, tmp_path: Path) -> None:
    def status(number: int, created_at: str) -> dict[str, object]:
        return {
            "id": str(number),
            "uri": f"https://m.example/users/ann/statuses/{number}",
            "url": f"https://m.example/@ann/{number}",
            "created_at": created_at,
            "content": f"<p>Hello {number}</p>",
            "account": {"id": "7", "username": "ann", "acct": "ann", "url": "https://m.example/@ann"},
            "visibility": "public",
        }

    statuses = [status(1, "2026-03-02T08:00:00Z"), status(2, "at noon"), status(3, "never")]
    path = tmp_path / "found.json"
    path.write_text(json.dumps({"accounts": [], "statuses": statuses, "hashtags": []}))
    run = bring_file(store, path)
    assert (run.format, run.refused) == ("mastodon", 2)
    file, content = refused_of(store, run)
    document = json.loads(content)
    assert [s["id"] for s in document["statuses"]] == ["2", "3"]
    assert document["statuses"][0]["refused"]["reason"]

    document["statuses"][0]["created_at"] = "2026-03-02T12:00:00Z"
    mended = tmp_path / file.name
    mended.write_text(json.dumps(document))
    again = bring_file(store, mended)
    assert (again.format, again.refused, again.counts["post"]) == ("mastodon", 1, 1)
    assert sorted(posts_of(store)) == ["1", "2"]
    assert [s["id"] for s in json.loads(refused_of(store, again)[1])["statuses"]] == ["3"]


def test_object_with_half_a_surrogate_pair_is_handed_out_to_be_mended(store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "posts.ndjson"
    path.write_text(
        '{"id": 1, "user": "ann", "text": "I like it very much", "created_at": "2026-03-02T08:00:00Z"}\n'
        '{"id": 2, "user": "ann", "text": "I like it \\ud83d too", "created_at": "at noon"}\n'
    )
    file, content = refused_of(store, bring_file(store, path))
    (tmp_path / file.name).write_bytes(content.replace(b"at noon", b"2026-03-02T12:00:00Z"))
    again = bring_file(store, tmp_path / file.name)
    assert (again.refused, posts_of(store)["2"][0]) == (0, "I like it ? too")


def test_row_that_is_kept_in_part_is_to_be_mended_in_the_original_file(store: Engine, tmp_path: Path) -> None:
    row = {"id": 1, "user": "ann", "text": "I like it very much", "created_at": "2026-03-02T08:00:00Z"}
    path = tmp_path / "posts.json"
    path.write_text(json.dumps([row, row | {"id": 2, "created_at": "at noon", "text": "a long row " * 10_000}]))
    file, content = refused_of(store, bring_file(store, path))
    (record,) = json.loads(content)
    assert record["refused"]["reason"].endswith("put it right in the original file, and import that")
    (tmp_path / file.name).write_bytes(content)
    again = bring_file(store, tmp_path / file.name)
    (refusal,) = json.loads(refused_of(store, again)[1])
    assert refusal["refused"]["reason"] == record["refused"]["reason"]


def test_lines_that_are_no_json_are_handed_out_until_they_are_mended(store: Engine, tmp_path: Path) -> None:
    row = {"user": "ann", "text": "I like it very much", "created_at": "2026-03-02T08:00:00Z"}
    good = [{"id": number} | row for number in (1, 2)]
    path = tmp_path / "posts.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in good) + '{"id": 3, "text": "cut o\n')
    file, content = refused_of(store, bring_file(store, path))
    (record,) = [json.loads(line) for line in content.splitlines()]
    assert (record["refused"]["line"], record["refused"]["row"]) == (3, '{"id": 3, "text": "cut o')
    mended = tmp_path / file.name
    mended.write_text(json.dumps(record) + "\n")
    assert bring_file(store, mended).refused == 1
    mended.write_text(json.dumps({"refused": {"from": record["refused"]["from"]}} | good[0] | {"id": 3}) + "\n")
    assert bring_file(store, mended).counts["post"] == 1


def test_file_says_how_many_refused_rows_are_not_kept(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "KEPT_REFUSALS", 2)
    run = bring(store, [post("a", 0), *(Refusal(n, "is odd", f"row {n}") for n in range(1, 6))])
    file, content = refused_of(store, run)
    assert (file.rows, file.not_kept, file.can_return) == (2, 3, False)
    assert "3 more were refused and not kept" in describe_refused(file)
    assert [row["row"] for row in rows_in(content, ",")] == ["row 1", "row 2"]


def test_nothing_is_written_where_nothing_was_refused(store: Engine) -> None:
    run = bring(store, [post("a", 0)])
    with reading(store) as session:
        assert find_refused(session, run.run_id) is None
        assert find_refused(session) is None


def test_what_stood_around_refused_rows_goes_with_somebody_who_is_erased(store: Engine, tmp_path: Path) -> None:
    row = {"user": "ben", "text": "I like it very much", "created_at": "2026-03-02T08:00:00Z"}
    rows = [{"id": number} | row for number in range(5)] + [{"id": 5} | row | {"created_at": "soon"}]
    for name, owner in (("anns.json", "Ann Ashdown"), ("other.json", "Cara")):
        path = tmp_path / name
        path.write_text(json.dumps({"owner": owner, "posts": rows}))
        assert json.loads(refused_of(store, bring_file(store, path))[1])["owner"] == owner
    erase_traces(store, Erased((), (), frozenset(), frozenset({"ann ashdown"})))
    with reading(store) as session:
        runs = [find_refusing_run(session, number) for number in (1, 2)]
    kept = {run.file: run.shape for run in runs if run is not None}
    assert kept["anns.json"] == {}
    assert kept["other.json"]["around"] == {"owner": "Cara"}
