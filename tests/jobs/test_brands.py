"""Which posts name which brand: at once for what comes in, by the job for what was there before."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap
from sqlalchemy import Engine
from sqlmodel import select

from data_access.brands import BrandWords, default_words, list_brands
from data_access.importers import ImportOptions
from data_access.models.columns import to_micros
from data_access.models.derived import Due
from data_access.records import BrandRecord, Record
from data_access.store import reading, writing
from jobs import text_rules
from jobs.brands import BadBrand, NoSuchBrand, decide_brand, derive_brands, retire_brand
from jobs.decisions import change_setting, decide_matches, mute_account, relabel, withdraw
from jobs.erasure import erase_person
from jobs.importing import RunResult, import_paths
from jobs.launch import add_job, read_job
from jobs.progress import Silence
from jobs.refresh import refresh
from jobs.run import run_job
from jobs.text_rules import BRANDS, TOPICS, are_rules_due, derive_rules
from jobs.topics import decide_topic
from jobs.undo import undo_run
from metrics.topics import BadPattern, Term, TopicMatcher, read_rule, words_of
from tests.jobs.stores import at, bring, channel, empty, post, rows_of

NAMING = (
    "I love Acme",
    "Acme and Zenith, which?",
    "@zenith where is my parcel?",
    "@zenithhelp hello",
    "#zenith at Acme Road",
    "nobody",
    "",
)
OURS = BrandRecord("Acme", is_competitor=False)
THEIRS = BrandRecord("Zenith", is_competitor=True)


def _bring_last(engine: Engine, records: Iterable[Record], name: str) -> RunResult:
    """Import records as the last run of an import, at whose end the posts of before are read for new brands."""
    run = bring(engine, records, name)
    derive_brands(engine, Silence())
    return run


def _decide(engine: Engine, brand: str, pattern: str, exclusions: str = "") -> int:
    return decide_brand(engine, brand=brand, pattern=pattern, exclusions=exclusions, decided_by="Ada")


def _named(engine: Engine) -> dict[str, list[str]]:
    """The posts that name each brand, by native id."""
    rows = rows_of(engine, ["post", "brand", "brand_mention"])
    posts, brands = {row[0]: row[3] for row in rows["post"]}, {row[0]: row[1] for row in rows["brand"]}
    found: dict[str, list[str]] = {}
    for post_id, brand_id, _ in rows["brand_mention"]:
        found.setdefault(brands[brand_id], []).append(posts[post_id])
    return {brand: sorted(keys) for brand, keys in found.items()}


def _is_due(engine: Engine) -> bool:
    with reading(engine) as session:
        return are_rules_due(session, BRANDS)


def _brands(engine: Engine) -> dict[str, BrandWords]:
    with reading(engine) as session:
        return {brand.name: brand for brand in list_brands(session)}


def test_posts_name_a_brand_by_its_name_and_handles_when_nobody_chose_words(engine: Engine) -> None:
    bring(engine, [OURS, THEIRS, channel("wall", brand="Acme")])
    bring(engine, [post(f"p{n}", n, text=text) for n, text in enumerate(NAMING)], "posts")
    assert _named(engine) == {"Acme": ["p0", "p1", "p4"], "Zenith": ["p1", "p2", "p4"]}
    assert not _is_due(engine)
    assert _brands(engine)["Zenith"].pattern == "Zenith, @zenith"
    assert _brands(engine)["Zenith"].is_competitor


def test_posts_from_before_name_a_brand_when_a_channel_with_its_handle_comes_in(engine: Engine) -> None:
    bring(engine, [OURS, THEIRS, *(post(f"p{n}", n, text=text) for n, text in enumerate(NAMING))])
    assert _named(engine)["Zenith"] == ["p1", "p2", "p4"]
    handle = channel("zenithhelp", brand="Zenith")
    handle.name = "@zenithhelp"
    bring(engine, [handle], "channels")
    assert _is_due(engine)
    derive_brands(engine, Silence())
    assert _brands(engine)["Zenith"].pattern == "Zenith, @zenith, @zenithhelp"
    assert _named(engine)["Zenith"] == ["p1", "p2", "p3", "p4"]
    assert not _is_due(engine)


def test_posts_from_before_name_a_brand_that_comes_in_later(engine: Engine) -> None:
    bring(engine, [post("a", 0, text="Acme it is"), post("b", 1, text="Zenith")])
    assert _named(engine) == {}
    _bring_last(engine, [OURS], "brands")
    assert _named(engine) == {"Acme": ["a"]}


def test_posts_of_before_are_read_once_when_many_files_bring_brands(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, paths, passes = "id,text,created_at,user,brand,channel\n", [], []
    for number, brand in enumerate(("Acme", "Zenith", "Nadir")):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_text(f"{header}{number},Acme and Zenith and Nadir,2024-01-0{number + 1},ann,{brand},{brand}\n")
    read_all = text_rules._derive_posts
    monkeypatch.setattr(text_rules, "_derive_posts", lambda *args: (passes.append(1), read_all(*args)))
    runs = list(import_paths(engine, paths, ImportOptions(), Silence()))
    assert [run.status for run in runs] == ["done"] * 3
    assert len(passes) == 1
    assert _named(engine) == {brand: ["0", "1", "2"] for brand in ("Acme", "Zenith", "Nadir")}
    assert not _is_due(engine)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Acme", "Acme, @acme"),
        ("Blue Acme", "Blue Acme, @blueacme"),
        ("A1", "A1"),
        ("A, B & Co", '"A, B & Co"'),
        ("-Minus", '"-Minus"'),
        ("Star*", '"Star*"'),
        ("!!!", ""),
        ("Yahoo “!”", "Yahoo '!'"),
        ("Café „Zur Post“", "Café 'Zur Post'"),
        ("Acme «-» shop", "Acme '-' shop"),
        ("Acme “x” - Shop", "Acme 'x' - Shop"),
        ('A, B "C" *', "\"A, B 'C' *\""),
    ],
)
def test_name_is_looked_for_as_it_stands_when_it_holds_a_sign_of_the_language(
    engine: Engine, name: str, pattern: str
) -> None:
    bring(engine, [BrandRecord(name), post("a", 0, text=f"so {name} it is"), post("b", 1, text="else")])
    assert _brands(engine)[name].pattern == pattern
    assert _named(engine) == ({name: ["a"]} if pattern else {})


@pytest.mark.parametrize("name", ["https://acme.example", "ann@acme.example", "“"])
def test_import_goes_on_when_no_text_can_hold_the_name_of_a_brand(engine: Engine, name: str) -> None:
    bring(engine, [BrandRecord(name), OURS, post("a", 0, text=f"so {name} it is"), post("b", 1, text="Acme")])
    assert _named(engine) == {"Acme": ["b"]}


@given(st.text(max_size=20) | st.text("aB@#.,*- \n\"“”„«»'é:/", max_size=20), st.sampled_from(["", "@acme"]))
def test_default_words_of_a_brand_are_its_name_whatever_it_holds(name: str, handle: str) -> None:
    words = tuple(words_of(name)) if re.search(r"\w", name) else ()
    account = "@" + name.replace(" ", "").lower()
    wanted = {Term(one) for one in (words, tuple(words_of(handle))) if one}
    rule = read_rule(default_words(name, [handle]))
    assert wanted <= set(rule.terms) <= wanted | {Term((account,))}
    assert TopicMatcher({"It": rule}).topics(f"so {name} it is") == (("It",) if words else ())


def test_posts_that_were_there_are_read_when_the_job_runs(engine: Engine) -> None:
    bring(engine, [OURS, *(post(f"p{n}", n, text=text) for n, text in enumerate(NAMING))])
    _decide(engine, "acme", "Acme, @zenithhelp", "Acme Road")
    assert _is_due(engine)
    job = add_job(engine, "brands", {})
    run_job(engine, job)
    assert read_job(engine, job).status == "done"
    assert _named(engine) == {"Acme": ["p0", "p1", "p3"]}
    assert not _is_due(engine)


@pytest.mark.parametrize(("pattern", "is_noted"), [("anvil", True), ("acme, ac-me", False)])
def test_scores_of_people_are_due_when_other_posts_name_a_brand(engine: Engine, pattern: str, is_noted: bool) -> None:
    bring(engine, [OURS, THEIRS, post("a", 0, text="the anvil"), post("b", 0, text="Acme")])
    with writing(engine) as session:
        session.connection().exec_driver_sql("DELETE FROM due WHERE kind = 'influence'")
    _decide(engine, "Acme", pattern)
    derive_brands(engine, Silence())
    with reading(engine) as session:
        assert [row.kind for row in session.exec(select(Due))] == (["influence"] if is_noted else [])


def test_days_count_inbound_posts_by_brand_with_reach_and_people(engine: Engine) -> None:
    bring(
        engine,
        [
            OURS,
            THEIRS,
            post("a", 0, text="I love Acme", reach=100, views=7),
            post("b", 1, "ben", text="I hate Acme and Zenith", views=3),
            post("c", 2, "ann", text="Acme at noon of the day", reach=50),
            post("d", 3, None, text="Acme, said nobody at noon"),
            post("m", 4, "mia", text="I hate Acme"),
        ],
    )
    mute_account(engine, network="net", source="net.example", native_id="mia", decided_by="Ada")
    people = {row[1] for row in rows_of(engine, ["person_identity"])["person_identity"]}
    ours, theirs = rows_of(engine, ["brand_day"])["brand_day"]
    assert ours[3:11] == (4, 1, 2, 1, 150, 2, 10, 2)
    assert theirs[3:11] == (1, 0, 0, 1, 0, 0, 3, 1)
    assert len(BitMap.deserialize(ours[11])) == 2
    assert set(BitMap.deserialize(ours[11])) <= people
    assert len(BitMap.deserialize(theirs[11])) == 1
    relabel(engine, network="net", source="net.example", native_id="c", label="positive", decided_by="Ada")
    assert rows_of(engine, ["brand_day"])["brand_day"][0][4:7] == (2, 1, 1)


def test_days_count_a_person_once_when_two_accounts_turn_out_to_be_theirs(engine: Engine) -> None:
    bring(engine, [OURS, post("a", 0, "ann", text="Acme"), post("b", 1, "ben", text="Acme")])
    pair = (("net", "net.example", "ann"), ("net", "net.example", "ben"))
    decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")
    (day,) = rows_of(engine, ["brand_day"])["brand_day"]
    assert (day[3], len(BitMap.deserialize(day[11]))) == (2, 1)


def test_days_count_brands_by_topic(engine: Engine) -> None:
    bring(engine, [OURS, THEIRS, post("a", 0, text="I love the parcel of Acme"), post("b", 1, text="Acme or Zenith")])
    decide_topic(engine, topic="Parcels", pattern="parcel", decided_by="Ada")
    derive_rules(engine, TOPICS, Silence())
    (row,) = rows_of(engine, ["brand_topic_day"])["brand_topic_day"]
    assert row[3:] == ("Parcels", 1, 1, 0, 0)


def test_mention_knows_when_the_post_was(engine: Engine) -> None:
    bring(engine, [OURS, post("a", 5, text="Acme")])
    with engine.connect() as connection:
        (moment,) = connection.exec_driver_sql("SELECT occurred_at FROM brand_mention").scalars()
    assert moment == to_micros(at(5))


def test_brand_that_only_settings_name_is_looked_for_until_they_no_longer_do(engine: Engine) -> None:
    bring(engine, [post("a", 0, text="Nadir is better")])
    named = change_setting(engine, key="competitors", value=["Nadir"], decided_by="Ada")
    assert _is_due(engine)
    derive_brands(engine, Silence())
    assert _named(engine) == {"Nadir": ["a"]}
    assert _brands(engine)["Nadir"].is_competitor
    withdraw(engine, table="setting", decision_id=named, decided_by="Ada")
    derive_brands(engine, Silence())
    assert _named(engine) == {}
    assert _brands(engine) == {}
    assert rows_of(engine, ["brand_day"])["brand_day"] == []


def test_mentions_stand_as_before_when_a_rule_is_withdrawn(engine: Engine) -> None:
    bring(engine, [OURS, post("a", 0, text="Acme"), post("b", 1, text="the Anvil")])
    before = rows_of(engine, ["brand_mention", "brand_day"])
    rule = _decide(engine, "Acme", "anvil")
    derive_brands(engine, Silence())
    assert _named(engine) == {"Acme": ["b"]}
    withdraw(engine, table="brand_rule", decision_id=rule, decided_by="Ada")
    derive_brands(engine, Silence())
    assert rows_of(engine, ["brand_mention", "brand_day"]) == before


def test_retired_brand_is_named_by_no_post(engine: Engine) -> None:
    bring(engine, [OURS, post("a", 0, text="Acme")])
    retire_brand(engine, brand="acme", decided_by="Ada")
    derive_brands(engine, Silence())
    assert _named(engine) == {}
    assert not _brands(engine)["Acme"].is_active
    with pytest.raises(NoSuchBrand):
        retire_brand(engine, brand="Acme", decided_by="Ada")


def test_rule_is_refused_when_it_says_nothing(engine: Engine) -> None:
    with pytest.raises(BadPattern):
        _decide(engine, "Acme", "-acme")
    with pytest.raises(BadPattern):
        _decide(engine, "Acme", "acme", "!!!")
    with pytest.raises(BadBrand):
        _decide(engine, "   ", "acme")
    assert _brands(engine) == {}


def test_undoing_the_import_of_a_brand_leaves_nothing_of_it(engine: Engine) -> None:
    bring(engine, [post("a", 0, text="Acme or Zenith")])
    before = rows_of(engine)
    run = _bring_last(engine, [OURS, THEIRS], "brands")
    assert _named(engine) == {"Acme": ["a"], "Zenith": ["a"]}
    assert run.run_id is not None
    undo_run(engine, run.run_id)
    assert rows_of(engine, ["brand"])["brand"] == []
    after = rows_of(engine)
    for name in ("brand_mention", "brand_day", "brand_topic_day"):
        assert after[name] == before[name] == []


def test_brand_stays_when_its_import_is_undone_but_settings_name_it(engine: Engine) -> None:
    bring(engine, [post("a", 0, text="Zenith")])
    run = _bring_last(engine, [THEIRS], "brands")
    change_setting(engine, key="competitors", value=["Zenith"], decided_by="Ada")
    assert run.run_id is not None
    undo_run(engine, run.run_id)
    assert _named(engine) == {"Zenith": ["a"]}


def test_erased_person_names_no_brand(engine: Engine) -> None:
    bring(engine, [OURS, post("a", 0, "ann", text="Acme"), post("b", 1, "ben", text="Acme")])
    keys = {row[3]: row[0] for row in rows_of(engine, ["identity"])["identity"]}
    people = dict(row[:2] for row in rows_of(engine, ["person_identity"])["person_identity"])
    erase_person(engine, person_id=people[keys["ann"]], decided_by="Ada")
    assert _named(engine) == {"Acme": ["b"]}
    (day,) = rows_of(engine, ["brand_day"])["brand_day"]
    assert day[3] == 1


posts = st.builds(
    lambda number, minutes, author, text, views: post(f"p{number}", minutes, author, text=text, views=views),
    st.integers(0, 9),
    st.integers(0, 3 * 1440),
    st.sampled_from(["ann", "ben", None]),
    st.sampled_from(NAMING),
    st.none() | st.integers(0, 3),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.lists(posts, min_size=1, max_size=6)),
        st.tuples(st.just("brand"), st.sampled_from([OURS, THEIRS])),
        st.tuples(
            st.just("rule"),
            st.sampled_from(["Acme", "Zenith", "Nadir"]),
            st.sampled_from(["acme", "zenith*, @zenith", "#zenith"]),
            st.sampled_from(["", "road"]),
        ),
        st.tuples(st.just("topic"), st.sampled_from(["parcel", "love"])),
        st.tuples(st.just("competitors"), st.sampled_from([[], ["Zenith"], ["Nadir", "Acme"]])),
        st.tuples(st.just("mute"), st.sampled_from(["ann", "ben"])),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("undo run"), st.integers(0, 9)),
        st.tuples(st.just("job")),
    ),
    min_size=1,
    max_size=7,
)


def _take(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]], runs: list[int], number: int) -> None:
    kind, *values = step
    if kind in ("import", "brand"):
        run = bring(engine, values[0] if kind == "import" else values, f"run {number}")
        runs += [run.run_id] if run.run_id is not None else []
    elif kind == "rule":
        taken.append(("brand_rule", _decide(engine, *values)))
    elif kind == "topic":
        taken.append(("topic_rule", decide_topic(engine, topic="A", pattern=values[0], decided_by="Ada")))
    elif kind == "competitors":
        setting = change_setting(engine, key="competitors", value=values[0], decided_by="Ada")
        taken.append(("setting", setting))
    elif kind == "mute":
        key = {"network": "net", "source": "net.example", "native_id": values[0]}
        taken.append(("mute", mute_account(engine, **key, decided_by="Ada")))
    elif kind == "job":
        derive_brands(engine, Silence())
    elif kind == "undo run" and runs:
        undo_run(engine, runs.pop(values[0] % len(runs)))
    elif kind == "undo" and taken:
        table, decision = taken.pop(values[0] % len(taken))
        withdraw(engine, table=table, decision_id=decision, decided_by="Ada")


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_brands_equal_a_refresh_after_any_sequence_of_imports_and_rules(
    engine: Engine, steps: list[tuple[Any, ...]]
) -> None:
    empty(engine)
    taken: list[tuple[str, int]] = []
    runs: list[int] = []
    for number, step in enumerate(steps):
        _take(engine, step, taken, runs, number)
    derive_rules(engine, TOPICS, Silence())
    derive_brands(engine, Silence())
    names = ["post_topic", "topic_day", "brand_mention", "brand_day", "brand_topic_day"]
    kept_up = rows_of(engine, names)
    refresh(engine, Silence())
    rebuilt = rows_of(engine, names)
    for name in names:
        assert kept_up[name] == rebuilt[name], name
