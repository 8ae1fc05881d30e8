"""Who is who after a few accounts changed is who is who when all accounts are looked at."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from data_access.models import facts
from data_access.store import read_data_version, reading, writing
from data_access.upsert import table
from jobs.derive import derive_people, load_rules
from jobs.matching import match_accounts
from jobs.progress import Silence
from jobs.undo import remove_accounts
from metrics.matching_accounts import open_duckdb
from metrics.matching_blocks import block_pairs, list_slices, prepare_blocks
from metrics.matching_score import PAIR_COLUMNS
from tests.jobs.stores import empty, rows_of

IDENTITY = table(facts.Identity)
KEPT = ("match_pair", "account_key", "profile_host")

names = st.sampled_from([None, "Ann Lee", "Lee Ann", "Bo Ek", "Ann L", "Cy Roe", "ann"])
handles = st.sampled_from([None, "annlee", "ann_lee", "boek", "Leeann", "C-100200", "cyroe"])
accounts = st.fixed_dictionaries({
    "place": st.sampled_from(["twitter x.example", "twitter y.example", "mastodon a.example", "crm c.example",
                              "web w.example", "forum f.example"]),
    "native_id": st.sampled_from(["700700", "C-100200", "abcdef123", "@annlee", "@boek", "5"]),
    "handle": handles,
    "display_name": names,
    "email": st.sampled_from([None, "ann@lee.example", " Ann@Lee.example", "bo.ekman@ek.example", "info@lee.example",
                              "bo.ekman@gmail.com", "bo.ekman+x@gmail.com"]),
    "email_verified": st.sampled_from([True, True, False, None]),
    "url": st.sampled_from([None, "https://x.com/annlee", "https://a.example/@annlee", "https://f.example/u/boek",
                            "https://g.example/u/boek", "https://f.example/u/annlee", "https://own.example"]),
    "bio": st.sampled_from([None, "also @annlee@a.example", "see https://f.example/u/boek and x.com/cyroe",
                            "https://twitter.com/annlee", "@boek@a.example"]),
    "location": st.sampled_from([None, "Oslo", "Oslo, Norway", "Cork"]),
    "organization": st.sampled_from([None, "Kilbride Ltd"]),
})  # fmt: skip
steps = st.lists(st.lists(accounts, min_size=1, max_size=6), min_size=2, max_size=3)


def score_all_blocked(
    frame: pd.DataFrame, model: dict[str, Any], *, at_least: float, account_ids: Any = None, crowded: Any = ()
) -> pd.DataFrame:
    """As ``score_pairs``, but every pair that the model would look at is likely."""
    with open_duckdb() as connection:
        prepare_blocks(connection, frame, account_ids, crowded)
        (first, last), *_ = list_slices(connection, model["kind"])
        block_pairs(connection, model["kind"], first, last, into="blocked")
        blocked = connection.execute("SELECT join_key_l AS left_id, join_key_r AS right_id FROM blocked").df()
    return blocked.assign(probability=0.6, weight=1.0, fields=[[] for _ in range(len(blocked))])[PAIR_COLUMNS]


def say(engine: Engine, said: list[dict[str, Any]]) -> set[int]:
    """Write what accounts say of themselves, new ones and such as are there. Returns their ids."""
    changed = set()
    with writing(engine) as session:
        connection = session.connection()
        for row in said:
            network, source = row["place"].split()
            key = {"network": network, "source": source, "native_id": row["native_id"]}
            values = {name: value for name, value in row.items() if name != "place"}
            where = [IDENTITY.c[name] == value for name, value in key.items()]
            known = connection.execute(select(IDENTITY.c.id).where(*where)).scalar()
            if known is None:
                known = connection.execute(IDENTITY.insert().values(**key | values).returning(IDENTITY.c.id)).scalar()
            connection.execute(update(IDENTITY).where(IDENTITY.c.id == known).values(**values))
            changed.add(int(known or 0))
        derive_people(session, load_rules(session), sorted(changed))
    return changed


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_pairs_after_some_changes_equal_those_of_all(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, steps: list[list[dict[str, Any]]]
) -> None:
    # small groups are already too large: the first is another's, those who link are too many
    monkeypatch.setattr("metrics.matching_certain.ALL_PAIRS_UP_TO", 2)
    monkeypatch.setattr("metrics.matching_certain.MOST_LINKS_TO_A_PROFILE", 2)
    monkeypatch.setattr("metrics.matching.score_pairs", score_all_blocked)
    empty(engine)
    for step in steps:
        match_accounts(engine, Silence(), changed=say(engine, step))
    kept_up = rows_of(engine, KEPT)
    match_accounts(engine, Silence())
    assert kept_up == rows_of(engine, KEPT)


def test_others_are_looked_at_again_when_an_account_of_theirs_is_erased(engine: Engine) -> None:
    names = ("Ann Lee", "Bo Ek", "Cy Roe")
    ids = [
        max(say(engine, [{
            "place": f"forum {number}.example", "native_id": "5", "handle": None, "display_name": name,
            "email": "desk@lee.example", "email_verified": True,
        }]))
        for number, name in enumerate(names)
    ]  # fmt: skip
    match_accounts(engine, Silence(), changed=set(ids))
    # an address of three names is a shared one, of two it is somebody's
    assert {row[2] for row in rows_of(engine, ["match_pair"])["match_pair"]} == {"model"}
    with writing(engine) as session:
        remove_accounts(session, load_rules(session), ids[:1])
    match_accounts(engine, Silence(), changed=())
    ((left, right, rule, *_),) = rows_of(engine, ["match_pair"])["match_pair"]
    assert ([left, right], rule) == (ids[1:], "verified_email")
    assert ("matching",) not in {row[:1] for row in rows_of(engine, ["due"])["due"]}


def test_a_pair_keeps_its_state_and_settles_nobody_when_only_its_reasons_change(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [
        max(say(engine, [{"place": f"forum {host}.example", "native_id": "5", "display_name": "Ann Lee"}]))
        for host in "abcd"
    ]

    def score(likely: float, perhaps: float, adds: float) -> None:
        rows = [(*ids[:2], likely, adds, [{"field": "name", "level": "same", "weight": adds}]),
                (*ids[2:], perhaps, adds, [])]  # fmt: skip
        monkeypatch.setattr("metrics.matching.score_pairs", lambda *_, **__: pd.DataFrame(rows, columns=PAIR_COLUMNS))
        match_accounts(engine, Silence())

    score(0.99, 0.6, 7.0)
    before = rows_of(engine, ["match_pair"])["match_pair"]
    with reading(engine) as session:
        version = read_data_version(session)
    monkeypatch.setattr("jobs.matching.derive_people", pytest.fail)
    score(0.99, 0.7, 8.0)
    with reading(engine) as session:
        assert read_data_version(session) > version  # the review shows how likely they are
    now = rows_of(engine, ["match_pair"])["match_pair"]
    states = [row[-2:] for row in now]
    assert states == [row[-2:] for row in before] == [("joined", None), ("review", None)]
    assert [row[3:5] for row in now] == [(0.99, 8.0), (0.7, 8.0)]
