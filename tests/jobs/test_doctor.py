"""The doctor finds each kind of damage, says what to do, and puts back what is derived as it was."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from typer.testing import CliRunner

from data_access.models.facts import RunStatus
from data_access.records import IdentityRecord
from data_access.staging import staging_directory
from data_access.store import open_store, reading, writing
from jobs.brands import derive_brands
from jobs.cli import app
from jobs.decisions import change_setting
from jobs.doctor import Finding, Level, examine, examine_and_repair
from jobs.doctor.work import RUN, check_freshness
from jobs.importing import staging_path
from jobs.influence import derive_influence, derive_periods
from jobs.job_progress import JOB
from jobs.launch import add_job, read_job
from jobs.progress import Silence
from jobs.topics import decide_topic
from metrics.matching_keys import HOST, KINDS
from tests.jobs.sales import deal, order, visit
from tests.jobs.stores import DERIVED, FACTS, OF_EVERYBODY, account, at, bring, channel, post, rows_of
from tests.kept_stores import filled_once

EVERYTHING = [*DERIVED, *OF_EVERYBODY, *FACTS]
FIRST_POST = "(SELECT min(id) FROM post)"
LAST_POST = "(SELECT id FROM post WHERE native_id = 'c')"
ANN = "(SELECT id FROM identity WHERE handle = 'ann')"
NOBODY = 999_999
#: The damages are done in so many parts, each repaired at once.
PARTS = 5
#: What is done to the store, and which check is to find it.
DAMAGES = {
    "a score is lost": ("posts", f"DELETE FROM post_score WHERE post_id = {FIRST_POST}"),
    "a day is lost": ("posts", f"DELETE FROM post_day WHERE post_id = {FIRST_POST}"),
    "a place in a conversation is lost": ("posts", f"DELETE FROM post_thread WHERE post_id = {FIRST_POST}"),
    "a conversation is lost": ("references", f"DELETE FROM conversation WHERE id = {FIRST_POST}"),
    "a post stands on the wrong hour": ("rollups", f"UPDATE post_day SET hour = 3 WHERE post_id = {FIRST_POST}"),
    "a post is on the wrong side": ("rollups", f"UPDATE post_day SET side = 'team' WHERE post_id = {FIRST_POST}"),
    "a day counts too many": ("rollups", "UPDATE daily_activity SET posts = posts + 1"),
    "a day has too many likes": ("rollups", "UPDATE daily_activity SET likes = likes + 1"),
    "hours are lost": ("rollups", "DELETE FROM hourly_activity"),
    "days of people are lost": ("rollups", f"DELETE FROM person_day WHERE person_id = {ANN}"),
    "the people of a day are unreadable": ("rollups", "UPDATE active_set SET people = brand_day.people FROM brand_day"),
    "the posts of a day's people are lost": ("rollups", "UPDATE active_set SET posts = people"),
    "a day without posts has a row": (
        "rollups",
        "INSERT INTO person_day (person_id, channel_id, day, posts, positive, negative, scored) "
        f"SELECT {ANN}, channel_id, '2019-01-01', 1, 0, 0, 0 FROM post_day WHERE post_id = {FIRST_POST}",
    ),
    "who names a brand is lost": ("rollups", "UPDATE brand_day SET people = active_set.people FROM active_set"),
    "turns of days are lost": ("rollups", "DELETE FROM turn_day"),
    "closed turns are not counted": ("rollups", "UPDATE turn_day SET closed = 0"),
    "credit does not add up": ("rollups", "UPDATE credit_day SET linear = linear + 1 WHERE dimension = 'layer'"),
    "credit of a day is lost": ("rollups", "DELETE FROM credit_day"),
    "stages do not add up": ("rollups", "UPDATE stage_day SET people = 77"),
    "a score is of no post": (
        "references",
        f"INSERT INTO post_score (post_id, is_relabelled, is_question) VALUES ({NOBODY}, false, false)",
    ),
    "a day is of no post": (
        "references",
        f"INSERT INTO post_day (post_id, channel_id, day, hour, side) SELECT {NOBODY}, channel_id, day, 1, 'inbound'"
        f" FROM post_day WHERE post_id = {FIRST_POST}",
    ),
    "a turn is of no person": ("references", f"UPDATE turn SET person_id = {NOBODY}"),
    "a touch is of no person": ("references", f"UPDATE touch SET person_id = {NOBODY}"),
    "a sale is of no order": ("references", f"UPDATE sale SET fact_id = {NOBODY} WHERE sale_kind = 'order'"),
    "a value is of no person": ("references", f"UPDATE person_value SET person_id = {NOBODY} WHERE person_id = {ANN}"),
    "a score of influence is of no person": (
        "references",
        f"UPDATE influence SET person_id = {NOBODY} WHERE person_id = {ANN}",
    ),
    "a rollup is of no channel": ("references", f"UPDATE daily_activity SET channel_id = {NOBODY}"),
    "a person is lost": ("references", f"DELETE FROM person WHERE id = {ANN}"),
    "a person holds no account": ("people", f"INSERT INTO person (id) VALUES ({NOBODY})"),
    "an account is nobody's": ("people", f"DELETE FROM person_identity WHERE identity_id = {ANN}"),
    "an account cannot be found": ("search", f"DELETE FROM account_word WHERE identity_id = {ANN}"),
    "an account is found by another word": ("search", "UPDATE account_word SET word = 'x' WHERE word = 'ben'"),
    "something is due": ("work", "INSERT INTO due (kind, key) VALUES ('person', 1)"),
    "an index is lost": ("engine", "DROP INDEX ix_post_channel_time"),
    "the people of a month are lost": ("rollups", "DELETE FROM active_month"),
    "the channels of a day are unreadable": ("rollups", "UPDATE active_anywhere SET channels = posts"),
    "the people of all channels are of others": ("rollups", "UPDATE active_anywhere SET posts = people"),
    "the counts of people with scores are lost": ("rollups", "DELETE FROM influence_count"),
    "what somebody bought is lost": ("rollups", f"DELETE FROM person_value WHERE person_id = {ANN}"),
    "what somebody bought is another": ("rollups", "UPDATE person_value SET deals_won = deals_won + 1"),
    "a topic of a post is lost": ("texts", f"DELETE FROM post_topic WHERE post_id = {LAST_POST}"),
    "a post names no brand": ("texts", f"DELETE FROM brand_mention WHERE post_id = {LAST_POST}"),
    "a hashtag is lost": ("texts", "DELETE FROM post_tag"),
    "a link is another": ("texts", "UPDATE post_link SET url = 'https://other.example'"),
    "a score is another": ("texts", f"UPDATE post_score SET compound = 0.9 WHERE post_id = {LAST_POST}"),
    "a label is another": ("texts", f"UPDATE post_score SET label = 'negative' WHERE post_id = {LAST_POST}"),
}


def damage(engine: Engine, *statements: str) -> None:
    """Do to the store what no key allows."""
    is_sqlite = engine.dialect.name == "sqlite"
    connection = engine.raw_connection()
    if not is_sqlite:
        connection.driver_connection.autocommit = True  # type: ignore[union-attr]
    cursor = connection.cursor()
    off = "PRAGMA foreign_keys=OFF" if is_sqlite else "SET session_replication_role = replica"
    on = "PRAGMA foreign_keys=ON" if is_sqlite else "SET session_replication_role = origin"
    for statement in (off, *statements, on):
        cursor.execute(statement)
    cursor.close()
    connection.invalidate()
    engine.dispose()  # every connection reads the schema again


@filled_once
def fill(engine: Engine) -> None:
    """Two people who talk with the desk about a brand, and buy."""
    talk = [
        post("a", 0, "ann", text="Where is my Lamp?", likes=3),
        post("b", 9, "desk", parent="a", text="On its way"),
        post("c", 60 * 25, "ben", text="I love the Lamp #bright https://lamp.example/a", parent="a", likes=1),
        post("d", 60 * 26, "ann", parent="c", mentions=("ben",)),
    ]
    records = [account("desk", is_team=True), account("ann"), account("ben"), *talk, visit("v", 60 * 26, "ann")]
    records += [channel("wall", brand="Lamp"), order("o", 60 * 27, "ann"), deal("w", 60 * 28, "ben")]
    decide_topic(engine, topic="Lamps", pattern="lamp", decided_by="Ada")
    bring(engine, records)
    derive_brands(engine, Silence())
    derive_influence(engine, Silence())


#: What is done to the search, and what the doctor says of it; in SQLite, and in PostgreSQL.
SEARCH_DAMAGES = {
    "sqlite": {
        "DELETE FROM post_search_state": "What the search stands on is missing: post_search_state.",
        "DROP TABLE post_search_state": "What the search stands on is missing: post_search_state.",
        "DROP TABLE post_search": "What the search stands on is missing: post_search.",
        "DROP TRIGGER post_search_changed": "What the search stands on is missing: post_search_changed.",
        "DROP TRIGGER post_search_removed": "What the search stands on is missing: post_search_removed.",
        "INSERT INTO post_search (post_search) VALUES ('delete-all')": "The search has 0 posts and there are 4.",
        "INSERT INTO post_search (post_search) VALUES ('delete-all');INSERT INTO post_search (rowid, text) VALUES "
        "(1, 'other'), (2, 'words'), (3, 'than'), (4, 'theirs')": "4 of 4 posts that were looked for are not found by "
        "their words.",
    },
    "postgresql": {"DROP INDEX ix_post_words": "What the search stands on is missing: ix_post_words."},
}


def test_doctor_finds_and_rebuilds_a_damaged_search(engine: Engine) -> None:
    fill(engine)
    is_sqlite = engine.dialect.name == "sqlite"
    catalogue = "SELECT sql FROM sqlite_master ORDER BY name" if is_sqlite else "SELECT indexdef FROM pg_indexes"
    with reading(engine) as session:
        schema = set(session.scalars(text(catalogue)))
    assert not any("does not know" in finding.what for finding in examine(engine))
    for statements, said in SEARCH_DAMAGES[engine.dialect.name].items():
        damage(engine, *statements.split(";"))
        assert problems(examine(engine)) == [("words", said)]
        _, after = examine_and_repair(engine, Silence())
        assert problems(after) == []
        with reading(engine) as session:
            assert set(session.scalars(text(catalogue))) == schema


def problems(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(finding.check, finding.what) for finding in findings if finding.level == Level.PROBLEM]


@pytest.mark.parametrize("part", range(PARTS))
def test_doctor_finds_and_repairs_each_damage_to_what_is_derived(engine: Engine, part: int) -> None:
    fill(engine)
    assert problems(examine(engine)) == []
    whole = rows_of(engine, EVERYTHING)
    told: set[tuple[str, str]] = set()
    for name in list(DAMAGES)[part::PARTS]:
        check, statement = DAMAGES[name]
        damage(engine, statement)
        now = set(problems(examine(engine)))
        assert check in {found for found, _ in now - told}, name
        told = now
    before, after = examine_and_repair(engine, Silence())
    assert all(finding.is_repairable for finding in before if finding.level == Level.PROBLEM)
    assert problems(after) == []
    mended = rows_of(engine, EVERYTHING)
    assert [kind for kind in whole if whole[kind] != mended[kind]] == []
    assert "ix_post_channel_time" in {index["name"] for index in inspect(engine).get_indexes("post")}


def test_doctor_mends_times_that_are_wrong_or_cut_off(engine: Engine) -> None:
    fill(engine)
    whole = rows_of(engine, ["turn_day"])
    packed = "x'{}'" if engine.dialect.name == "sqlite" else r"'\x{}'"
    for held in ("0a00000001000000", "0102030405", "0000000000000000"):
        damage(engine, f"UPDATE turn_day SET response_seconds = {packed.format(held)}")
        before, after = examine_and_repair(engine, Silence())
        assert [what.split()[0] for _, what in problems(before)] == ["turn_day"], held
        assert problems(after) == []
        assert rows_of(engine, ["turn_day"]) == whole


def test_doctor_mends_what_accounts_that_are_alike_are_found_by(engine: Engine) -> None:
    said_of_both: dict[str, Any] = {"display_name": "Ann Lee", "email": "a@lee.example", "email_verified": True}
    alike = [
        IdentityRecord("forum", place, name, handle=name, url=f"https://{name}.example/{name}", **said_of_both)
        for place, name in (("a.example", "ann"), ("b.example", "lee"))
    ]
    bring(engine, alike)
    derive_influence(engine, Silence())
    assert problems(examine(engine)) == []
    kept = ("account_key", "profile_host", "match_pair", "due")
    whole = rows_of(engine, kept)
    assert all(whole[name] for name in kept[:3])
    lost = f"DELETE FROM account_key WHERE identity_id = {ANN} AND key % {KINDS} <> {HOST}"
    keys_lack = ("matching", "1 accounts have not the keys by which others like them are found.")
    hosts_differ = ("matching", "On which hosts profiles are is not what their accounts say.")
    for damages, said in (
        ((lost, "UPDATE profile_host SET accounts = accounts + 1"), [keys_lack, hosts_differ]),
        (("DELETE FROM account_key",), [hosts_differ]),
    ):
        damage(engine, *damages)
        before, after = examine_and_repair(engine, Silence())
        assert problems(before) == said
        assert problems(after) == []
        assert rows_of(engine, kept) == whole


def test_doctor_leaves_facts_alone_when_they_name_what_is_not_there(engine: Engine) -> None:
    fill(engine)
    damage(engine, f"UPDATE post SET author_id = {NOBODY} WHERE native_id = 'c'")
    facts = rows_of(engine, FACTS)
    _, after = examine_and_repair(engine, Silence())
    assert ("references", "1 rows of post name a identity that is not there (author_id).") in problems(after)
    assert rows_of(engine, FACTS) == facts


@pytest.mark.parametrize("column", ["actor_id", "target_id"])
def test_repair_comes_to_its_end_when_acts_and_shared_posts_name_accounts_that_are_not_there(
    engine: Engine, column: str
) -> None:
    fill(engine)
    damage(
        engine,
        f"UPDATE post SET author_id = {NOBODY}, shares = 3 WHERE native_id = 'c'",
        f"UPDATE interaction SET {column} = {NOBODY}",
    )
    derive_periods(engine, Silence())
    _, after = examine_and_repair(engine, Silence())
    assert {area for area, _ in problems(after)} == {"references"}


def test_doctor_mends_an_index_that_lacks_rows(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'damaged.db'}")
    fill(engine)
    partial = "UPDATE sqlite_schema SET sql = sql || ' WHERE hour < 0' WHERE name = 'ix_post_day_slice'"
    again = "UPDATE sqlite_schema SET sql = replace(sql, ' WHERE hour < 0', '') WHERE name = 'ix_post_day_slice'"
    damage(engine, "PRAGMA writable_schema=ON", partial)
    damage(engine, "REINDEX ix_post_day_slice", "PRAGMA writable_schema=ON", again)
    before, after = examine_and_repair(engine, Silence())
    assert ("engine", "Indexes do not hold what their tables do: ix_post_day_slice.") in problems(before)
    assert problems(after) == []
    engine.dispose()
    open_store.cache_clear()


def test_doctor_says_what_was_stopped_and_brings_it_to_its_end(engine: Engine) -> None:
    fill(engine)
    job = add_job(engine, "refresh", {})
    with writing(engine) as session:
        run_id = session.execute(RUN.select()).one().id
        session.connection().execute(JOB.update().values(pid=2**22 + 1, status="running"))
        values: dict[str, Any] = dict(session.execute(RUN.select()).mappings().one())
        stopped = values | {"id": run_id + 1, "status": RunStatus.STAGING, "fingerprint": "another", "file": "big.csv"}
        session.connection().execute(RUN.insert().values(**stopped))
    left = staging_path(engine, run_id)
    left.write_bytes(b"left over")
    of_another_store = staging_directory() / "run-1-0123456789abcdef.staging"
    of_another_store.touch()
    before, after = examine_and_repair(engine, Silence())
    assert problems(before) == [
        ("work", "1 import was stopped before its end: big.csv."),
        ("work", f"Jobs ended without saying so: {job} (refresh)."),
        ("work", "1 staging files of imports that have ended take 0 MB."),
    ]
    assert problems(after) == []
    assert (left.exists(), of_another_store.exists()) == (False, True)
    assert read_job(engine, job).status == "failed"


def test_doctor_says_how_new_each_source_is_and_which_is_dated_ahead(engine: Engine) -> None:
    bring(engine, [account("ann"), channel("c"), order("o", 0), visit("v", 60 * 24 * 365 * 60)])
    said = [(found.level, found.what) for found in examine(engine) if found.check == "freshness"]
    assert [level for level, _ in said] == [Level.FINE, Level.NOTE, Level.FINE]
    assert re.fullmatch(r"net \(net.example\): the newest order is of 2026-\d\d-\d\d, [\d,]+ days? ago\.", said[0][1])
    assert re.fullmatch(r"net \(net.example\): the newest visit is of 20\d\d-\d\d-\d\d, which is to come\.", said[1][1])


def test_newest_day_is_not_to_come_where_it_is_tomorrow_already(engine: Engine) -> None:
    change_setting(engine, key="time_zone", value="Pacific/Auckland", decided_by="Ada")  # 13 hours ahead
    bring(engine, [account("ann"), channel("c"), post("p", 300, "ann"), order("o", 301), visit("v", 48 * 60)])
    with reading(engine) as session:
        said = [(found.level, found.what) for found in check_freshness(session, at(302))]
    assert [level for level, _ in said] == [Level.FINE, Level.FINE, Level.NOTE, Level.FINE]
    assert [what.partition(": ")[2] for _, what in said[:3]] == [
        "the newest post is of 2026-03-03, 0 days ago.",
        "the newest order is of 2026-03-03, 0 days ago.",
        "the newest visit is of 2026-03-04, which is to come.",
    ]


def test_doctor_looks_away_while_an_import_is_at_work(engine: Engine) -> None:
    fill(engine)
    damage(engine, "INSERT INTO due (kind, key) VALUES ('person', 1)")
    job = add_job(engine, "import", {})
    with writing(engine) as session:
        session.connection().execute(JOB.update().where(JOB.c.id == job).values(pid=os.getppid(), status="running"))
    assert problems(examine(engine)) == []


def test_doctor_command_ends_with_1_until_it_is_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", url := f"sqlite:///{tmp_path / 'told.db'}")
    fill(open_store(url))
    damage(open_store(url), "UPDATE daily_activity SET posts = posts + 1", "DROP TABLE post_search_state")
    run = lambda *arguments: CliRunner().invoke(app, ["doctor", *arguments])  # noqa: E731
    told = run()
    assert (told.exit_code, told.stdout.splitlines()[-1]) == (1, "Something is wrong: see above what to do.")
    assert "Run rapport doctor --repair." in told.stdout
    mended = run("--repair", "--json")
    assert (mended.exit_code, json.loads(mended.stdout)["is_well"]) == (0, True)
    assert {found["check"] for found in json.loads(mended.stdout)["repaired"]} == {"rollups"}
    assert run().stdout.splitlines()[-1] == "The store is well."
    change_setting(open_store(url), key="time_zone", value="Mars/Olympus", decided_by="Ada")
    told = run("--repair")
    assert (told.exit_code, "There is no time zone 'Mars/Olympus'." in told.stdout) == (1, True)
    open_store(url).dispose()
    open_store.cache_clear()


def test_doctor_changes_nothing_when_it_only_looks(engine: Engine) -> None:
    fill(engine)
    damage(engine, "UPDATE daily_activity SET posts = posts + 1")
    before = rows_of(engine, EVERYTHING)
    assert problems(examine(engine)) != []
    assert rows_of(engine, EVERYTHING) == before
    with reading(engine) as session:
        assert session.execute(JOB.select()).first() is None
