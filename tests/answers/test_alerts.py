"""Alerts and the watch list, read."""

import pandas as pd
from sqlalchemy import Engine, select

from answers.alerts import count_unseen, list_unseen, read_alerts, read_thanks, read_watch_list
from data_access.models.facts import ImportRun
from data_access.store import reading
from jobs.decisions import decide_matches, withdraw
from jobs.watching import see_alerts, thank_person
from tests.jobs.stores import account, at, bring, post
from tests.jobs.test_watching import PLACE, person, watch
from tests.kept_stores import filled_once


@filled_once
def fill(engine: Engine) -> None:
    """Ann is watched with a note, and has written twice since; Ben is watched and silent."""
    bring(engine, [post("a1", 0), post("b1", 0, "ben")], "1")
    watch(engine, "ann", note="Knows everybody")
    watch(engine, "ben")
    bring(engine, [post("a2", 5, text="I love it"), post("c1", 6, "cat"), post("a3", 7)], "2")


def test_alerts_are_newest_first_and_say_why(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as session:
        alerts = read_alerts(session)
        assert count_unseen(session) == 2
    assert alerts["native_id"].tolist() == ["a3", "a2"]
    assert alerts["author"].tolist() == ["ann", "ann"]
    assert alerts["why"].tolist() == ["Watched since 2 Mar 2026 by Ada: Knows everybody"] * 2
    assert alerts.loc[1, ["label", "text", "is_seen"]].tolist() == ["positive", "I love it", False]


def test_seen_alert_is_off_the_list_until_that_is_undone(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as session:
        newest, older = list_unseen(session)
    (seen,) = see_alerts(engine, post_ids=[newest], decided_by="Ada")
    with reading(engine) as session:
        assert read_alerts(session)["post_id"].tolist() == [older]
        assert read_alerts(session, unseen_only=False)["is_seen"].tolist() == [True, False]
        assert count_unseen(session) == 1
        assert read_watch_list(session).set_index("name").loc["ann", ["posts", "unseen"]].tolist() == [2, 1]
    withdraw(engine, table="alert_seen", decision_id=seen, decided_by="Ada")
    with reading(engine) as session:
        assert list_unseen(session) == [newest, older]


def test_alerts_of_one_import_are_those_that_it_brought(engine: Engine) -> None:
    fill(engine)
    bring(engine, [post("a4", 9)], "3")
    with reading(engine) as session:
        runs = list(session.scalars(select(ImportRun.id).order_by(ImportRun.id)))
        found = [read_alerts(session, run_id=run)["native_id"].tolist() for run in runs]
    assert found == [[], ["a3", "a2"], ["a4"]]


def test_alerts_are_cut_at_the_limit(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as session:
        assert read_alerts(session, limit=1)["native_id"].tolist() == ["a3"]


def test_nothing_is_empty_with_the_same_columns(engine: Engine) -> None:
    with reading(engine) as session:
        none, watched = read_alerts(session), read_watch_list(session)
        assert (count_unseen(session), list_unseen(session)) == (0, [])
    assert none.empty
    assert watched.empty
    fill(engine)
    with reading(engine) as session:
        assert list(read_alerts(session).columns) == list(none.columns)
        assert list(read_watch_list(session).columns) == list(watched.columns)


def test_watch_list_says_who_since_when_and_what_came(engine: Engine) -> None:
    fill(engine)
    with reading(engine) as session:
        watched = read_watch_list(session)
    assert watched["name"].tolist() == ["ann", "ben"]
    assert watched["posts"].tolist() == [2, 0]
    assert watched["since"].tolist() == [at(0), at(0)]
    assert watched["last_at"].tolist() == [at(7), at(0)]
    assert watched["note"].tolist() == ["Knows everybody", None]


def test_watch_list_has_one_row_for_who_was_joined(engine: Engine) -> None:
    fill(engine)
    bring(engine, [account("ann"), account("ben")], "accounts")
    decide_matches(engine, pairs=[((*PLACE, "ann"), (*PLACE, "ben"))], verdict="same", decided_by="Ada")
    with reading(engine) as session:
        watched = read_watch_list(session)
    assert watched[["posts", "note"]].to_numpy().tolist() == [[2, "Knows everybody"]]


def test_watch_since_ever_has_no_moment(engine: Engine) -> None:
    bring(engine, [account("ann")], "1")
    watch(engine, "ann")
    bring(engine, [post("a1", 0)], "2")
    watch(engine, "ann")
    with reading(engine) as session:
        watched, alerts = read_watch_list(session), read_alerts(session)
    assert pd.isna(watched.loc[0, "since"])
    assert alerts["why"].tolist() == ["Watched by Ada"]


def test_thanks_are_listed_oldest_first(engine: Engine) -> None:
    fill(engine)
    for note in ("A card", None):
        thank_person(engine, person_id=person(engine, "ann"), decided_by="Ada", note=note)
    with reading(engine) as session:
        thanks = read_thanks(session, person(engine, "ann"))
        assert read_thanks(session, person(engine, "ben")).empty
    assert thanks["note"].tolist() == ["A card", None]
    assert thanks["until"].tolist() == [at(7), at(7)]
