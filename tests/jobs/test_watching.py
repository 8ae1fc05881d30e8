"""Who is watched, which alerts were seen, who was thanked: each decision and its undo."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access.decisions import list_standing
from data_access.models.decisions import AlertSeen, Thanked, Watch
from data_access.models.derived import Alert, PersonIdentity
from data_access.models.facts import Identity, Post
from data_access.store import reading
from jobs.decisions import decide_matches, withdraw, withdraw_many
from jobs.watching import NobodyToWatch, see_alerts, stop_watching, thank_person, watch_again, watch_person
from tests.jobs.stores import account, at, bring, post, rows_of

PLACE = ("net", "net.example")


def person(engine: Engine, native_id: str) -> int:
    """Who holds an account now."""
    with reading(engine) as session:
        held = select(PersonIdentity.person_id).join(Identity, Identity.id == PersonIdentity.identity_id)
        return int(session.execute(held.where(Identity.native_id == native_id)).scalar_one())


def alerts(engine: Engine) -> list[str]:
    """The posts that are alerts, by their ids on the network, oldest first."""
    with reading(engine) as session:
        posts = select(Post.native_id).join(Alert, Alert.post_id == Post.id).order_by(Alert.occurred_at)
        return list(session.scalars(posts))


def watch(engine: Engine, native_id: str, **values: Any) -> int:
    return watch_person(engine, person_id=person(engine, native_id), decided_by="Ada", **values)


def test_watch_raises_alerts_of_later_posts_alone(engine: Engine) -> None:
    bring(engine, [post("a1", 0), post("b1", 10, "ben")], "1")
    watch(engine, "ann")
    bring(engine, [post("a0", 5), post("a2", 10), post("a3", 11), post("b2", 12, "ben")], "2")
    assert alerts(engine) == ["a3"]  # a0 and a2 are no newer than what was here when she was watched
    assert len(rows_of(engine, ["alert"])["alert"]) == 1


def test_watch_names_the_account_that_wrote_most_and_keeps_since_when(engine: Engine) -> None:
    bring(engine, [account("ann"), post("b1", 0, "ann2"), post("b2", 3, "ann2")])
    pair = ((*PLACE, "ann"), (*PLACE, "ann2"))
    decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")
    watch(engine, "ann", note="  Ours to keep ")
    with reading(engine) as session:
        (row,) = list_standing(session, Watch)
    assert (row.native_id, row.since, row.note, row.decided_by) == ("ann2", at(3), "Ours to keep", "Ada")


def test_watch_of_nobody_is_refused(engine: Engine) -> None:
    with pytest.raises(NobodyToWatch, match="99"):
        watch_person(engine, person_id=99, decided_by="Ada")
    with pytest.raises(NobodyToWatch, match="99"):
        thank_person(engine, person_id=99, decided_by="Ada")


def test_undone_watch_takes_its_alerts_along(engine: Engine) -> None:
    bring(engine, [post("a1", 0)], "1")
    decision = watch(engine, "ann")
    bring(engine, [post("a2", 1)], "2")
    assert alerts(engine) == ["a2"]
    withdraw(engine, table="watch", decision_id=decision, decided_by="Ben")
    assert alerts(engine) == []


def test_earliest_watch_that_stands_counts_when_there_are_several(engine: Engine) -> None:
    bring(engine, [post("a1", 0)], "1")
    first = watch(engine, "ann")
    bring(engine, [post("a2", 1)], "2")
    watch(engine, "ann")
    bring(engine, [post("a3", 2)], "3")
    assert alerts(engine) == ["a2", "a3"]
    withdraw(engine, table="watch", decision_id=first, decided_by="Ada")
    assert alerts(engine) == ["a3"]


def test_stopped_watch_is_over_and_stands_again_as_it_was(engine: Engine) -> None:
    bring(engine, [post("a1", 0), post("b1", 0, "ben")], "1")
    watch(engine, "ann", note="why")
    watch(engine, "ben")
    bring(engine, [post("a2", 1), post("b2", 2, "ben")], "2")
    stopped = stop_watching(engine, person_id=person(engine, "ann"), decided_by="Ada")
    assert alerts(engine) == ["b2"]
    assert stop_watching(engine, person_id=person(engine, "ann"), decided_by="Ada") == []
    again = watch_again(engine, stopped, decided_by="Ben")
    assert alerts(engine) == ["a2", "b2"]
    with reading(engine) as session:
        assert [(row.since, row.note) for row in list_standing(session, Watch) if row.id in again] == [(at(0), "why")]


def test_watch_and_thanks_look_past_a_post_with_a_wrong_clock(engine: Engine) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=3_650) - at(0)).total_seconds() / 60
    bring(engine, [post("a1", 0), post("wrong", ahead, "ben")], "1")
    before = datetime.now(UTC)
    watch(engine, "ann")
    thank_person(engine, person_id=person(engine, "ann"), decided_by="Ada")
    soon = (datetime.now(UTC) + timedelta(days=1) - at(0)).total_seconds() / 60
    bring(engine, [post("a2", soon)], "2")
    assert alerts(engine) == ["a2"]
    with reading(engine) as session:
        (watched,), (thanked,) = list_standing(session, Watch), list_standing(session, Thanked)
    assert watched.since is not None
    assert thanked.until is not None
    assert before <= watched.since <= thanked.until <= datetime.now(UTC)


def test_watch_in_an_empty_store_takes_any_later_post(engine: Engine) -> None:
    bring(engine, [account("ann")], "1")
    watch(engine, "ann")
    bring(engine, [post("a1", -9_999)], "2")
    assert alerts(engine) == ["a1"]


def test_seen_alerts_are_noted_once_and_undone(engine: Engine) -> None:
    bring(engine, [post("a1", 0), post("a2", 1)])
    with reading(engine) as session:
        ids = list(session.scalars(select(Post.id).order_by(Post.id)))
    (first,) = see_alerts(engine, post_ids=ids[:1], decided_by="Ada")
    (second,) = see_alerts(engine, post_ids=[*ids, 99], decided_by="Ben")
    withdraw_many(engine, table="alert_seen", decision_ids=[first], decided_by="Ada")
    with reading(engine) as session:
        rows = list_standing(session, AlertSeen)
    assert [(row.id, row.native_id, row.decided_by) for row in rows] == [(second, "a2", "Ben")]


def test_thanks_keep_until_when_and_are_undone(engine: Engine) -> None:
    bring(engine, [post("a1", 0), post("b1", 7, "ben")])
    decision = thank_person(engine, person_id=person(engine, "ann"), decided_by="Ada", note="A card")
    with reading(engine) as session:
        (row,) = list_standing(session, Thanked)
    assert (row.native_id, row.until, row.note) == ("ann", at(7), "A card")
    withdraw(engine, table="thanked", decision_id=decision, decided_by="Ada")
    with reading(engine) as session:
        assert list_standing(session, Thanked) == []
