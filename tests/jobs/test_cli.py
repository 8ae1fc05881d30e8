"""The command line: results on standard output, messages on standard error, exit codes that say how it went."""

import csv
import io
import json
import re
from pathlib import Path

import networkx as nx
import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from answers.catalogue import compute_metric, list_metrics
from answers.scope import read_scope
from data_access.models.derived import PersonIdentity
from data_access.store import build_engine, migrate, open_store, reading
from jobs.cli import app
from jobs.influence import derive_influence
from jobs.launch import list_jobs
from jobs.progress import Silence
from jobs.watching import watch_person
from tests.crm_files import HUBSPOT_TABLES, PIPELINE, save
from tests.jobs.sales import order, visit
from tests.jobs.stores import bring, post
from tests.kept_stores import filled_once

DOCS = Path(__file__).parents[2]
COMMANDS = sorted(
    str(command.name or command.callback.__name__) for command in app.registered_commands if command.callback
)


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("RAPPORT_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    yield lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])
    open_store().dispose()
    open_store.cache_clear()


@filled_once
def _bring_three_posts(engine: Engine) -> None:
    texts = ["I love it", "I hate it", "I love you"]
    bring(engine, [post(f"p{n}", n * 1_440, text=text) for n, text in enumerate(texts)])


def fill(database_url: str) -> None:
    engine = build_engine(database_url)
    _bring_three_posts(engine)
    engine.dispose()


def test_import_prints_what_came_in(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "posts.csv"
    file.write_text("Nr;Wer;Nachricht;Wann\n1;ann;Hello there;2026-03-02 08:00\n2;ben;Hi;2026-03-02 09:00\n")
    mapping = ["--map", "text=Nachricht", "--map", "time=Wann", "--map", "author=Wer", "--map", "id=Nr"]
    result = run("import", file, *mapping, "--brand", "Us", "--time-zone", "Europe/Berlin")
    assert result.exit_code == 0, result.stderr
    assert "posts.csv: table, 2 rows: " in result.stdout
    again = run("import", file, *mapping, "--brand", "Us", "--time-zone", "Europe/Berlin")
    assert "0 added, 0 changed" in again.stdout


def test_import_exits_with_1_and_says_what_came_in_when_a_file_breaks_off(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    row = '{"id": %d, "text": "Hello there", "date": "2026-03-02T08:00Z"}'
    (tmp_path / "broken.json").write_text(f"[{row % 1}, {row % 2}, oops, {row % 3}]")
    result = run("import", tmp_path / "broken.json")
    assert result.exit_code == 1
    assert "broken.json: the JSON breaks off after 2 records" in result.stderr
    assert "The rest of the file was not read: export it again" in result.stderr
    assert "(2 posts, " in result.stdout


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("named", ["youtube", "discord", "github", "mbox", "activitypub"])
def test_import_exits_with_1_when_a_file_has_nothing_of_the_format_that_was_named(
    run, tmp_path: Path, named: str
) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "posts.csv"
    path.write_text("id,text,created_at\n1,hello there,2026-03-01\n")
    result = run("import", path, "--format", named)
    assert result.exit_code == 1
    assert "Nothing came in: leave --format away" in result.stderr
    assert run("import", path).exit_code == 0


def test_empty_page_of_the_format_that_was_named_is_nothing_wrong(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = {"kind": "youtube#searchListResponse", "pageInfo": {"totalResults": 0}, "items": []}
    (tmp_path / "page.json").write_text(json.dumps(page))
    assert run("import", tmp_path / "page.json", "--format", "youtube").exit_code == 0


def test_import_asks_what_ids_belong_to_that_mean_something_else_here(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name, text, month in (("lamps", "Nice lamp", 3), ("pumps", "Bad pump", 4)):
        rows = "".join(f"{n},2026-0{month}-{n:02d}T08:00:00Z,{text} {n}\n" for n in range(1, 6))
        (tmp_path / f"{name}.csv").write_text(f"id,created_at,text\n{rows}")
    asked = run("import", tmp_path / "lamps.csv", tmp_path / "pumps.csv")
    assert asked.exit_code == 1
    assert "lamps.csv: table, 5 rows: 6 added" in asked.stdout
    assert "pumps.csv: 5 ids of pumps.csv are here already, from lamps.csv" in asked.stderr
    assert "Nothing was imported. For other posts" in asked.stderr
    named = run("import", tmp_path / "pumps.csv", "--map", "source==pumps")
    assert (named.exit_code, "6 added" in named.stdout, "0 changed" in named.stdout) == (0, True, True)


def test_import_says_how_to_mend_what_it_refused(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "posts.csv").write_text("id,text,date\n1,Hello there,2026-03-02T08:00Z\n2,Hello,tomorrow\n")
    result = run("import", tmp_path / "posts.csv")
    command = re.search(r"rapport (refusals \d+ --out mend\.csv)", result.stderr)
    assert command is not None
    assert run(*command[1].split()[:2]).stdout.startswith("posts.csv, line 3: ")
    (tmp_path / "posts.csv").write_text("id,text,date\n3,Hello again,2026-03-02T08:00Z\n")
    assert "rapport refusals" not in run("import", tmp_path / "posts.csv").stderr


def test_import_of_a_folder_passes_over_what_is_for_people_and_adds_many_files_up(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("README.md", "logo.png"):
        (folder / name).write_text("About these exports: they are of the forum.\n")
    alone = run("import", folder)
    assert (alone.exit_code, alone.stdout) == (1, "")
    for number in range(21):
        (folder / f"{number}.csv").write_text(f"id,text,date{number}\n{number},Hello,2026-03-02T08:00Z\n")
    result = run("import", folder, "--map", "text=text")
    assert result.exit_code == 0, result.stderr
    assert "2 files are passed over, for people to read or look at: exports/README.md, exports/logo" in result.stderr
    assert "rows/s" not in result.stdout
    assert result.stdout.splitlines()[-1].startswith("In all 21 files, 21 rows: 42 added (21 posts, 21 ch")
    assert run("import", folder / "README.md").exit_code == 1


def test_empty_page_is_nothing_wrong_among_others_and_is_said_alone(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, page in enumerate(["[]", '{"data": [], "meta": {"result_count": 0}}', "id,text,date\n"]):
        (pages / f"{number}.json").write_text(page)
        alone = run("import", pages / f"{number}.json")
        assert (alone.exit_code, "There is nothing to import." in alone.stderr) == (1, True)
    (pages / "9.json").write_text('[{"id": "1", "text": "Hello", "date": "2026-03-02T08:00Z"}]')
    together = run("import", pages)
    assert (together.exit_code, "1 post" in together.stdout) == (0, True)
    assert "3 files are empty: pages/0.json, pages/1.json, pages/2.json" in together.stderr


def test_import_says_what_it_read_as_something_else(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = run("import", save(tmp_path / "crm", PIPELINE))
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("crm: maven_crm, 12 rows: ")
    assert "  The product 'LampPro' is read as 'Lamp Pro' (1)" in lines


def test_import_takes_amounts_in_the_currency_that_it_is_told(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = save(tmp_path / "hub", HUBSPOT_TABLES)
    assert "it is taken as CHF" in run("import", folder, "--currency", "chf").stdout
    refused = run("import", folder, "--currency", "francs")
    assert refused.exit_code == 2
    assert "Use its ISO code, such as EUR." in refused.stderr


def test_import_of_what_nobody_knows_says_what_to_do(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "colours.csv"
    file.write_text("colour,size\nred,3\nblue,4\n")
    result = run("import", file)
    assert result.exit_code == 1
    assert "--map text=" in result.stderr
    assert result.stdout == ""


def test_metric_prints_the_number_of_the_pages(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    fill(database_url)
    result = run("metric", "net_sentiment", "--from", "2026-03-02", "--to", "2026-03-04", "--json")
    with reading(open_store()) as session:
        known = compute_metric(session, "net_sentiment", read_scope(session).last_days(3))
    printed = json.loads(result.stdout)
    assert printed["value"] == known.value == pytest.approx(100 / 3)
    assert (printed["from"], printed["to"]) == ("2026-03-02", "2026-03-04")


def test_metric_by_day_prints_a_row_a_day(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    fill(database_url)
    result = run("metric", "posts", "--from", "2026-03-01", "--to", "2026-03-05", "--by", "day", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["value"] for row in rows] == ["", "1.0", "1.0", "1.0", ""]


_WITH_BOTH = (["metric", "posts"], ["search", "lamp"], ["alerts"], ["influencers"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["metric", "happiness"], "rapport metrics"),
        (["metric", "posts", "--from", "yesterday"], "YYYY-MM-DD"),
        (["metric", "posts", "--by", "fortnight"], "day, week or month"),
        (["import", "/nowhere/at/all.csv"], "does not exist"),
        (["import", __file__, "--format", "nope"], "There is no format 'nope'. There are: "),
        (["import", __file__, "--currency", "zzz"], "There is no currency 'zzz'. Use its ISO code, such as EUR."),
        (["import", __file__, "--map", "text"], "--map takes field=column"),
        (["import", __file__, "--time-zone", "Mars/Base"], "Mars/Base"),
        (["train", "fortune"], "There is no model 'fortune' to train. There are: customer_value, matching."),
        *(([*command, "--json", "--csv"], "exclude each other") for command in _WITH_BOTH),
    ],
)
def test_wrong_use_exits_with_2_says_what_is_meant_and_leaves_nothing(  # type: ignore[no-untyped-def]
    run, engine: Engine, arguments: list[str], message: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    with reading(engine) as session:
        assert list_jobs(session) == []


def test_address_that_is_none_is_said_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", "bogus:secret")
    result = CliRunner().invoke(app, ["metric", "posts"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Set it to one such as sqlite:///rapport.db" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("option", "known"), [("--network", "net"), ("--brand", "There is none"), ("--channel", "wall")]
)
def test_metric_exits_with_2_and_lists_what_there_is_when_filter_names_nothing(  # type: ignore[no-untyped-def]
    run, database_url: str, option: str, known: str
) -> None:
    fill(database_url)
    result = run("metric", "posts", option, "Nosuch")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "'Nosuch'" in result.stderr
    assert known in result.stderr
    if option != "--brand":
        assert json.loads(run("metric", "posts", option, known, "--json").stdout)["value"] == 3


def test_metric_begins_28_days_before_the_end_that_is_given(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    fill(database_url)
    printed = json.loads(run("metric", "posts", "--to", "2025-09-30", "--json").stdout)
    assert (printed["from"], printed["to"], printed["value"]) == ("2025-09-03", "2025-09-30", None)


def test_metric_prints_credit_by_key(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    engine = build_engine(database_url)
    bring(engine, [visit("v", 0), post("p", 1), order("o", 2, amount=1_050)])
    engine.dispose()
    asked = ("metric", "attributed_revenue", "--rule", "last_touch", "--by", "layer", "--sales", "orders")
    printed = json.loads(run(*asked, "--lookback", "7", "--json").stdout)
    assert (printed["value"], printed["no_touch"], printed["currency"]) == (10.5, 0.0, "EUR")
    assert [(row["label"], row["credit"]) for row in printed["series"]] == [("Public networks", 10.5), ("Website", 0.0)]
    assert json.loads(run("metric", "attributed_revenue", "--json").stdout)["value"] == 10.5
    assert run(*asked, "--lookback", "8").exit_code == 2
    assert run("metric", "posts", "--by", "layer").exit_code == 2


def test_metric_ends_with_the_sales_when_it_is_of_sales(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    engine = build_engine(database_url)
    bring(engine, [post("p", 0), order("o", 0, amount=500), order("o2", 90 * 24 * 60, amount=700)])
    engine.dispose()
    sold, said = (json.loads(run("metric", name, "--json").stdout) for name in ("revenue", "posts"))
    assert (sold["to"], sold["value"]) == ("2026-05-31", 7.0)
    assert (said["to"], said["value"]) == ("2026-03-02", 1)


def test_digest_says_that_there_are_no_posts_when_only_a_shop_was_imported(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    engine = build_engine(database_url)
    bring(engine, [order("o", 0)])
    engine.dispose()
    assert "no posts yet" in run("digest").stdout


def test_alerts_are_printed_by_the_import_and_listed(run, database_url: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("alerts").stdout == "There is no post of a watched person that nobody has seen.\n"
    head = "id,user,text,created_at\n"
    for name, day in (("before", 2), ("after", 3)):
        (tmp_path / f"{name}.csv").write_text(head + f"{day},ann,Written {name},2026-03-0{day}T08:00:00Z\n")
    run("import", tmp_path / "before.csv")
    with reading(open_store()) as session:
        person = session.execute(select(PersonIdentity.person_id)).scalar_one()
    watch_person(open_store(), person_id=person, decided_by="Ada")
    assert "  1 new post of a watched person: ann\n" in run("import", tmp_path / "after.csv").stdout
    (listed,) = json.loads(run("alerts", "--json").stdout)
    assert (listed["person"], listed["text"], listed["is_seen"]) == ("ann", "Written after", False)
    assert listed["occurred_at"] == "2026-03-03T08:00:00+00:00"
    (row,) = csv.DictReader(io.StringIO(run("alerts", "--csv", "--all").stdout))
    assert row["why"] == "Watched since 2 Mar 2026 by Ada"
    assert "ann, " in run("alerts").stdout


def test_every_metric_is_listed(run) -> None:  # type: ignore[no-untyped-def]
    result = run("metrics")
    assert [line.split()[0] for line in result.stdout.splitlines()] == [metric.name for metric in list_metrics()]


def test_refresh_and_digest_work_on_an_empty_store(run) -> None:  # type: ignore[no-untyped-def]
    assert run("refresh").exit_code == 0
    assert "no posts yet" in run("digest").stdout


def test_search_lists_posts_with_the_words(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    fill(database_url)
    found = run("search", '"I love"', "--csv")
    assert found.exit_code == 0, found.stderr
    assert [row["text"] for row in csv.DictReader(io.StringIO(found.stdout))] == ["I love you", "I love it"]
    assert "I love it" in run("search", "--", "love", "-you").stdout
    assert json.loads(run("search", "it", "--from", "2026-03-03", "--json").stdout)["series"][0]["text"] == "I hate it"
    assert "says that" in run("search", "zebedee").stdout
    assert run("search", "--", "-love").exit_code == 2
    assert "YYYY-MM-DD" in run("search", "love", "--from", "yesterday").stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_help_with_an_example_and_is_documented(run, command: str) -> None:  # type: ignore[no-untyped-def]
    name = command.rstrip("_")
    assert "Example: rapport" in run(name, "--help").stdout
    documented = "".join(path.read_text(encoding="utf-8") for path in [DOCS / "README.md", *DOCS.glob("docs/*.md")])
    assert f"rapport {name}" in documented


def answered(database_url: str) -> None:
    """Ann is answered by Ben and Cat, Ben by Cat."""
    engine = build_engine(database_url)
    migrate(engine)
    talk = [post("p", 0, "ann"), post("q", 9, "ben", parent="p"), post("r", 19, "cat", parent="p")]
    bring(engine, [*talk, post("s", 29, "cat", parent="q")])
    derive_influence(engine, Silence())
    engine.dispose()


def test_influencers_lists_people_by_a_score(run, database_url: str) -> None:  # type: ignore[no-untyped-def]
    answered(database_url)
    found = json.loads(run("influencers", "--json", "--by", "in_people", "--period", "28").stdout)
    assert (found["people"], found["with_a_tie"]) == (3, 3)
    assert [(row["rank"], row["name"], row["in_people"]) for row in found["series"]] == [
        (1, "ann", 2),
        (2, "ben", 1),
        (3, "cat", 0),
    ]
    assert len(run("influencers", "--csv", "--limit", "2").stdout.splitlines()) == 3


def test_influencers_writes_a_graph_that_networkx_reads(run, database_url: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    answered(database_url)
    for name in ("people.gexf", "people.graphml"):
        assert run("influencers", "--graph", tmp_path / name).exit_code == 0
    for graph in (nx.read_gexf(tmp_path / "people.gexf"), nx.read_graphml(tmp_path / "people.graphml")):
        names = nx.get_node_attributes(graph, "label")
        assert {(names[left], names[right]) for left, right in graph.edges()} == {
            ("ben", "ann"),
            ("cat", "ann"),
            ("cat", "ben"),
        }


@pytest.mark.parametrize("asked", [("--by", "fame"), ("--period", "7"), ("--kind", "boss"), ("--graph", "people.png")])
def test_influencers_refuses_what_there_is_not(run, asked: tuple[str, str]) -> None:  # type: ignore[no-untyped-def]
    assert run("influencers", *asked).exit_code == 2
