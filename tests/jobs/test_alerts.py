"""Alerts follow posts, accounts and decisions, in slices as in a refresh."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from answers.alerts import list_unseen
from data_access.decisions import list_standing
from data_access.models.decisions import AlertSeen, Thanked, Watch
from data_access.models.derived import AccountRole, Alert, PersonIdentity
from data_access.models.facts import Identity, Post
from data_access.queries.holdings import list_holdings
from data_access.store import reading
from jobs.decisions import change_setting, decide_matches, mute_account, withdraw
from jobs.erasure import erase_person
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from jobs.watching import see_alerts, stop_watching, thank_person, watch_person
from tests.jobs.stores import account, bring, empty, post, rows_of
from tests.jobs.test_watching import PLACE, alerts, person, watch

NAMES = ("ann", "ben", "cat", "desk")

names = st.sampled_from(NAMES)
posts = st.builds(
    lambda number, minutes, author, is_deleted: post(
        f"p{number}", minutes, author, deleted_at=post("d", 9_000).occurred_at if is_deleted else None
    ),
    st.integers(0, 11),
    st.integers(0, 3 * 1440),
    names | st.none(),
    st.booleans(),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.lists(posts, min_size=1, max_size=6)),
        st.tuples(st.just("import"), st.lists(posts, min_size=1, max_size=6)),
        st.tuples(st.just("watch"), names),
        st.tuples(st.just("watch"), names),
        st.tuples(st.just("stop"), names),
        st.tuples(st.just("match"), names, names, st.sampled_from(["same", "different"])),
        st.tuples(st.just("mute"), names),
        st.tuples(st.just("team"), st.sampled_from([["desk"], []])),
        st.tuples(st.just("see"), st.integers(0, 9)),
        st.tuples(st.just("undo"), st.integers(0, 9)),
    ),
    min_size=2,
    max_size=9,
)


def take(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]], number: int) -> None:
    kind, *values = step
    if kind == "import":
        bring(engine, [*(account(name) for name in NAMES), *values[0]], f"run {number}")
    elif kind == "see":
        with reading(engine) as session:
            here = [one for one in list_unseen(session) if one % 2 == values[0] % 2]
        taken += [("alert_seen", decision) for decision in see_alerts(engine, post_ids=here, decided_by="Ada")]
    elif kind == "undo":
        if taken:
            table, decision = taken.pop(values[0] % len(taken))
            withdraw(engine, table=table, decision_id=decision, decided_by="Ada")
    elif kind == "team":
        team = [{"name": "Ada", "accounts": values[0]}]
        taken.append(("setting", change_setting(engine, key="team", value=team, decided_by="Ada")))
    elif rows_of(engine, ["identity"])["identity"]:
        take_of_people(engine, step, taken)


def take_of_people(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]]) -> None:
    kind, name, *more = step
    if kind == "watch":
        taken.append(("watch", watch(engine, name)))
    elif kind == "stop":
        stopped = stop_watching(engine, person_id=person(engine, name), decided_by="Ada")
        taken[:] = [one for one in taken if one not in [("watch", decision) for decision in stopped]]
    elif kind == "mute":
        taken.append(("mute", mute_account(engine, **key(name), decided_by="Ada")))
    elif name != more[0] and "desk" not in (name, more[0]):
        pair = ((*PLACE, name), (*PLACE, more[0]))
        (decision,) = decide_matches(engine, pairs=[pair], verdict=more[1], decided_by="Ada")
        taken.append(("match_decision", decision))


def key(native_id: str) -> dict[str, str]:
    return {"network": PLACE[0], "source": PLACE[1], "native_id": native_id}


def alerts_by_definition(engine: Engine) -> set[int]:
    """The alerts as the words say it, from every post, account and watch."""
    with reading(engine) as session:
        holder = dict(session.execute(select(PersonIdentity.identity_id, PersonIdentity.person_id)).all())
        role = dict(session.execute(select(AccountRole.identity_id, AccountRole.role)).all())
        account_of = {row.native_id: row.id for row in session.execute(select(Identity.native_id, Identity.id))}
        since: dict[int, list[Any]] = {}
        for row in list_standing(session, Watch):
            since.setdefault(holder[account_of[row.native_id]], []).append(row.since)
        found = set()
        for one in session.scalars(select(Post).where(Post.author_id.is_not(None), Post.deleted_at.is_(None))):
            moments = since.get(holder[one.author_id], [])
            if role.get(one.author_id) in ("team", "muted"):
                continue
            if any(moment is None or one.occurred_at > moment for moment in moments):
                found.add(one.id)
        return found


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_alerts_are_those_of_the_definition_after_any_steps(engine: Engine, steps: list[tuple[Any, ...]]) -> None:
    empty(engine)
    taken: list[tuple[str, int]] = []
    for number, step in enumerate(steps):
        take(engine, step, taken, number)
    with reading(engine) as session:
        assert set(session.scalars(select(Alert.post_id))) == alerts_by_definition(engine)
        seen = {row.native_id for row in list_standing(session, AlertSeen)}
        shown = session.execute(select(Post.native_id, Alert.is_seen).join(Alert, Alert.post_id == Post.id))
        assert all(is_seen == (native_id in seen) for native_id, is_seen in shown)


def test_alerts_follow_accounts_that_are_joined_and_split(engine: Engine) -> None:
    bring(engine, [account("ann"), account("ben"), post("a1", 0), post("b1", 0, "ben")], "1")
    watch(engine, "ann")
    bring(engine, [post("b2", 5, "ben"), post("a2", 6)], "2")
    pair = ((*PLACE, "ann"), (*PLACE, "ben"))
    (joined,) = decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")
    assert alerts(engine) == ["b2", "a2"]
    withdraw(engine, table="match_decision", decision_id=joined, decided_by="Ada")
    assert alerts(engine) == ["a2"]


def test_alert_follows_its_post_when_it_is_moved_in_time_or_deleted(engine: Engine) -> None:
    bring(engine, [post("a1", 10)], "1")
    watch(engine, "ann")
    seen = post("z", 10_000).occurred_at
    bring(engine, [post("a2", 20)], "2")
    bring(engine, [post("a2", 20 + 1_440, observed_at=seen)], "3")
    (row,) = rows_of(engine, ["alert"])["alert"]
    assert row[3].isoformat() == "2026-03-03"
    bring(engine, [post("a2", 20, deleted_at=seen, observed_at=seen + timedelta(days=1))], "4")
    assert alerts(engine) == []


def test_alert_day_follows_the_time_zone(engine: Engine) -> None:
    bring(engine, [post("a1", 0)], "1")
    watch(engine, "ann")
    bring(engine, [post("late", 11 * 60)], "2")
    change_setting(engine, key="time_zone", value="Pacific/Auckland", decided_by="Ada")
    refresh(engine, Silence())
    (row,) = rows_of(engine, ["alert"])["alert"]
    assert row[3].isoformat() == "2026-03-03"


class StopsInTheEnd(Silence):
    """Cancels an import when its posts are in."""

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        if name.startswith("People and what"):
            raise Cancelled


def test_cancelled_import_takes_its_alerts_along(engine: Engine) -> None:
    bring(engine, [post("a1", 0)], "1")
    watch(engine, "ann")
    with pytest.raises(Cancelled):
        bring(engine, [post("a2", 5)], "2", StopsInTheEnd())
    assert [row[3] for row in rows_of(engine, ["post"])["post"]] == ["a1"]
    assert alerts(engine) == []


def test_erased_person_leaves_no_alert_and_no_decision_on_them(engine: Engine) -> None:
    bring(engine, [post("a1", 0), post("b1", 0, "ben")], "1")
    watch(engine, "ann", note="Ann writes well")
    watch(engine, "ben")
    thank_person(engine, person_id=person(engine, "ann"), decided_by="Ada")
    bring(engine, [post("a2", 1), post("b2", 2, "ben")], "2")
    with reading(engine) as session:
        ids = list(session.scalars(select(Alert.post_id)))
    see_alerts(engine, post_ids=ids, decided_by="Ada")
    ann = person(engine, "ann")
    with reading(engine) as session:
        held = list_holdings(session, [ann], [ann])
    assert {name: len(held[name]) for name in ("watch", "thanked", "alert_seen", "alert")} == dict.fromkeys(
        ("watch", "thanked", "alert_seen", "alert"), 1
    )
    erase_person(engine, person_id=ann, decided_by="Ada")
    assert alerts(engine) == ["b2"]
    with reading(engine) as session:
        assert [row.native_id for row in list_standing(session, Watch)] == ["ben"]
        assert [row.native_id for row in list_standing(session, AlertSeen)] == ["b2"]
        assert list_standing(session, Thanked) == []


def test_watch_person_of_the_team_raises_no_alert(engine: Engine) -> None:
    bring(engine, [account("desk", is_team=True), post("t1", 0, "desk")], "1")
    watch_person(engine, person_id=person(engine, "desk"), decided_by="Ada")
    bring(engine, [post("t2", 5, "desk")], "2")
    assert alerts(engine) == []
