"""People with many accounts: joined, split, undone, and everything that hangs on them with them."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from answers.matching import read_pair, read_review_queue
from answers.profile import find_person, read_profile
from data_access.records import DealRecord, IdentityRecord, OrderRecord, Record, VisitRecord
from data_access.store import reading, writing
from jobs.decisions import NoSuchVerdict, UnlikeRoles, change_setting, decide_matches, withdraw, withdraw_many
from jobs.derive.due import MATCHING, mark_due
from jobs.importing import RecordStream, import_input
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from tests.jobs.stores import at, bring, empty, post, rows_of

#: Accounts by native id: the network is the id's first letter. Some say more of who they are than others.
PEOPLE: dict[str, dict[str, Any]] = {
    "a-lee": {"handle": "annelee", "display_name": "Anneliese Leewood", "location": "Cork"},
    "b-lee": {"handle": "annelee", "display_name": "Anneliese Leewood", "location": "Cork"},
    "c-lee": {"display_name": "Anneliese Leewood", "email": "anne@x.example", "email_verified": True},
    "d-lee": {"handle": "anneleewood", "email": "anne@x.example", "email_verified": True},
    "a-ben": {"handle": "benofold", "bio": "also at https://mastodon.example/@benofold"},
    "c-ben": {"display_name": "Ben Ofold", "email": "ben@x.example", "email_verified": True},
    "b-ben": {"handle": "benofold", "display_name": "Ben Ofold", "email": "ofold@y.example", "email_verified": True},
    "a-desk": {"handle": "desk"},
}
NAMES = sorted(PEOPLE)


def key(name: str) -> tuple[str, str, str]:
    network = "crm" if name.startswith("c-") else f"net{name[0]}"
    return (network, f"{network}.example", name)


def person(name: str, **more: Any) -> IdentityRecord:
    return IdentityRecord(*key(name), **(PEOPLE[name] | more))


def wrote(name: str, number: int, minutes: float, **values: Any) -> Record:
    network, source, _ = key(name)
    found = post(f"p{number}", minutes, name, channel=f"wall-{network}", **values)
    found.network, found.source = network, source
    return found


def bought(name: str, number: int, minutes: float, cents: int = 1_000) -> OrderRecord:
    network, source, _ = key(name)
    return OrderRecord(network, source, f"o{number}", cents, "EUR", at(minutes), identity=name)


def seen(name: str, number: int, minutes: float) -> VisitRecord:
    network, source, _ = key(name)
    return VisitRecord(network, source, f"v{number}", name, at(minutes), utm_campaign="spring")


def sold(name: str, number: int, minutes: float) -> DealRecord:
    network, source, _ = key(name)
    won = {"is_won": True, "amount_minor": 9_000, "currency": "EUR", "closed_at": at(minutes)}
    return DealRecord(network, source, f"d{number}", contacts=(name,), created_at=at(0), **won)


names = st.sampled_from(NAMES)
numbers = st.integers(0, 5)
times = st.integers(0, 20 * 1440)
facts = st.lists(
    st.one_of(
        st.builds(person, names),
        st.builds(wrote, names, numbers, times),
        st.builds(bought, st.sampled_from(["c-lee", "c-ben"]), numbers, times),
        st.builds(seen, names, numbers, times),
        st.builds(sold, st.sampled_from(["c-lee", "c-ben"]), numbers, times),
    ),
    min_size=1,
    max_size=10,
)
verdicts = st.tuples(st.just("decide"), names, names, st.sampled_from(["same", "same", "different"]))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), facts),
        verdicts,
        verdicts,
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("team"), st.sampled_from([["desk"], ["neta/desk", "netb/annelee"], []])),
    ),
    min_size=1,
    max_size=8,
)
WHOLE: list[Record] = [
    *(person(name) for name in NAMES),
    *(wrote(name, number, 700 * number + 40) for number, name in enumerate(NAMES)),
    *(bought(name, number, 2_000 + 900 * number) for number, name in enumerate(["c-lee", "c-ben", "c-lee"])),
    *(seen(name, number, 500 * number) for number, name in enumerate(NAMES)),
    sold("c-lee", 1, 9_000),
]


def decide(engine: Engine, left: str, right: str, verdict: str) -> list[int]:
    return decide_matches(engine, pairs=[(key(left), key(right))], verdict=verdict, decided_by="Ada")


def take(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]], number: int) -> None:
    kind, *values = step
    if kind == "import":
        bring(engine, values[0], f"run {number}")
    elif kind == "decide" and values[0] != values[1]:
        with suppress(UnlikeRoles):
            taken += [("match_decision", decision) for decision in decide(engine, *values)]
    elif kind == "team":
        value = [{"name": "Ada", "accounts": values[0]}]
        taken.append(("setting", change_setting(engine, key="team", value=value, decided_by="Ada")))
    elif kind == "undo" and taken:
        table, decision = taken.pop(values[0] % len(taken))
        withdraw(engine, table=table, decision_id=decision, decided_by="Ada")


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_rows_equal_a_refresh_after_any_sequence_of_imports_and_decisions(
    engine: Engine, steps: list[tuple[Any, ...]]
) -> None:
    empty(engine)
    taken: list[tuple[str, int]] = []
    for number, step in enumerate([("import", WHOLE[::2]), *steps]):
        take(engine, step, taken, number)
    kept_up = rows_of(engine)
    refresh(engine, Silence())
    rebuilt = rows_of(engine)
    for name in rebuilt:
        assert kept_up[name] == rebuilt[name], name


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(decisions=st.lists(verdicts, min_size=1, max_size=6), order=st.randoms(use_true_random=False))
def test_decisions_taken_back_in_any_order_leave_nothing_behind(
    engine: Engine, decisions: list[tuple[Any, ...]], order: Any
) -> None:
    empty(engine)
    bring(engine, WHOLE)
    before = rows_of(engine)
    taken: list[tuple[str, int]] = []
    for step in decisions:
        take(engine, step, taken, 0)
    for table, decision in order.sample(taken, len(taken)):
        withdraw(engine, table=table, decision_id=decision, decided_by="Ben")
    after = rows_of(engine)
    for name in before:
        assert before[name] == after[name], name


def people_of(engine: Engine) -> list[set[str]]:
    """The accounts of each person who has several."""
    held: dict[int, set[str]] = {}
    names_of = {row[0]: row[3] for row in rows_of(engine, ["identity"])["identity"]}
    for identity_id, person_id, _ in rows_of(engine, ["person_identity"])["person_identity"]:
        held.setdefault(person_id, set()).add(names_of[identity_id])
    return [accounts for accounts in held.values() if len(accounts) > 1]


def id_of(engine: Engine, name: str) -> int:
    return next(int(row[0]) for row in rows_of(engine, ["identity"])["identity"] if row[3] == name)


def test_same_verified_address_joins_and_a_shared_mailbox_does_not(engine: Engine) -> None:
    shared = {"email": "info@x.example", "email_verified": True}
    records = [person("c-lee"), person("d-lee"), person("c-ben", **shared), person("b-ben", **shared)]
    records[2].display_name = "Some Body"
    bring(engine, records)
    assert people_of(engine) == [{"c-lee", "d-lee"}]


def test_different_keeps_apart_what_a_rule_joins_also_after_another_import(engine: Engine) -> None:
    bring(engine, [person("c-lee"), person("d-lee")], "1")
    (decision,) = decide(engine, "c-lee", "d-lee", "different")
    assert people_of(engine) == []
    bring(engine, [person("c-lee", bio="new"), person("d-lee", followers=7)], "2")
    assert people_of(engine) == []
    withdraw(engine, table="match_decision", decision_id=decision, decided_by="Ada")
    assert people_of(engine) == [{"c-lee", "d-lee"}]


def test_links_open_whoever_holds_the_account_now(engine: Engine) -> None:
    bring(engine, [person("a-ben"), person("a-desk"), wrote("a-ben", 1, 5), wrote("a-desk", 2, 6)])
    first, second = id_of(engine, "a-ben"), id_of(engine, "a-desk")
    (decision,) = decide(engine, "a-desk", "a-ben", "same")
    with reading(engine) as session:
        assert find_person(session, first) == find_person(session, second) == min(first, second)
        profile = read_profile(session, second)
        assert profile is not None
        assert (profile.posts, len(profile.accounts)) == (2, 2)
    withdraw(engine, table="match_decision", decision_id=decision, decided_by="Ada")
    with reading(engine) as session:
        assert (find_person(session, first), find_person(session, second)) == (first, second)


def test_team_member_never_joins_a_customer_of_the_same_address(engine: Engine) -> None:
    bring(engine, [person("c-lee"), person("d-lee", is_team=True)])
    assert people_of(engine) == []
    (pair,) = rows_of(engine, ["match_pair"])["match_pair"]
    assert "apart" in pair


def test_accounts_of_one_member_are_one_person(engine: Engine) -> None:
    bring(engine, [person("a-desk"), person("a-ben")])
    team = [{"name": "Ada", "accounts": ["neta/desk", "benofold"]}]
    decision = change_setting(engine, key="team", value=team, decided_by="Ada")
    assert people_of(engine) == [{"a-desk", "a-ben"}]
    withdraw(engine, table="setting", decision_id=decision, decided_by="Ada")
    assert people_of(engine) == []


def test_review_queue_shows_evidence_and_empties_as_it_is_decided(engine: Engine) -> None:
    bring(engine, [person("c-lee"), person("b-lee"), wrote("b-lee", 1, 5)])
    with reading(engine) as session:
        queue = read_review_queue(session)
        assert queue.waiting == len(queue.pairs) == 1
        left, right = int(queue.pairs.loc[0, "left_id"]), int(queue.pairs.loc[0, "right_id"])
        detail = read_pair(session, left, right)
    assert detail is not None
    fields = detail.fields.set_index("field")
    assert fields.loc["name", ["left", "right"]].tolist() == ["Anneliese Leewood"] * 2
    assert fields.loc["name", "weight"] > 0
    assert fields.loc["email", "left"] == "anne@x.example"
    assert detail.change.startswith("If joined: one person with 2 accounts and 1 post.")
    ids = decide_matches(engine, pairs=[detail.keys], verdict="different", decided_by="Ada")
    with reading(engine) as session:
        assert read_review_queue(session).waiting == 0
    withdraw_many(engine, table="match_decision", decision_ids=ids, decided_by="Ada")
    with reading(engine) as session:
        assert read_review_queue(session).waiting == 1


def test_decision_that_failed_joins_nobody_with_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(engine, [person("a-desk"), person("b-ben"), person("a-lee"), person("d-lee")])

    def fill_disk(*_: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("jobs.decisions.finish", fill_disk)
        with pytest.raises(OSError, match="disk full"):
            decide(engine, "a-desk", "b-ben", "same")
    decide(engine, "a-lee", "d-lee", "same")
    assert people_of(engine) == [{"a-lee", "d-lee"}]


def test_unknown_verdict_is_refused(engine: Engine) -> None:
    with pytest.raises(NoSuchVerdict, match="same or different"):
        decide(engine, "a-ben", "c-ben", "perhaps")


class _CancelWhenMatched(Silence):
    """Cancels once the accounts were matched."""

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        if name.startswith("People"):
            raise Cancelled

    def at(self, done: int) -> None:
        pass


def test_cancelled_import_splits_whom_it_joined(engine: Engine) -> None:
    bring(engine, [person("c-lee"), wrote("c-lee", 1, 5), bought("c-lee", 1, 9)], "1")
    before = rows_of(engine)
    joining = [person("d-lee"), person("b-lee"), wrote("d-lee", 2, 7), seen("d-lee", 1, 3)]
    with pytest.raises(Cancelled):
        import_input(engine, RecordStream("2", "test", joining, "2"), _CancelWhenMatched(), options={})
    after = rows_of(engine)
    for name in before:
        assert before[name] == after[name], name


@pytest.mark.usefixtures("scores_apart")
def test_posts_are_touches_when_the_account_in_the_crm_is_mentioned_after_it_was_decided_on(engine: Engine) -> None:
    decide(engine, "a-ben", "c-ben", "same")
    bring(engine, [person("a-ben"), wrote("a-ben", 1, 5)], "1")
    bring(engine, [wrote("c-lee", 2, 9, mentions=("c-ben",))], "2")
    kept_up = rows_of(engine)
    assert [row[1:3] for row in kept_up["touch"]] == [("post", 1), ("post", 2)]
    refresh(engine, Silence())
    assert rows_of(engine) == kept_up


def test_word_on_two_people_joins_all_their_accounts(engine: Engine) -> None:
    """Also where each of the two has a verified address of their own."""
    bring(engine, [person("c-lee"), person("d-lee"), person("c-ben")])
    (decision,) = decide(engine, "c-ben", "c-lee", "same")
    assert people_of(engine) == [{"c-lee", "d-lee", "c-ben"}]
    withdraw(engine, table="match_decision", decision_id=decision, decided_by="Ada")
    assert people_of(engine) == [{"c-lee", "d-lee"}]


def test_nobody_joins_the_team_with_a_customer(engine: Engine) -> None:
    bring(engine, [person("c-lee"), person("a-desk", is_team=True)])
    with pytest.raises(UnlikeRoles, match="of the team"):
        decide(engine, "c-lee", "a-desk", "same")
    assert rows_of(engine, ["match_decision"])["match_decision"] == []


def test_members_accounts_are_one_person_whatever_their_addresses(engine: Engine) -> None:
    bring(engine, [person("c-lee"), person("c-ben")])
    team = [{"name": "Ada", "accounts": ["crm/c-lee", "crm/c-ben"]}]
    change_setting(engine, key="team", value=team, decided_by="Ada")
    assert people_of(engine) == [{"c-lee", "c-ben"}]


def cancel(engine: Engine, records: list[Record]) -> None:
    with pytest.raises(Cancelled):
        import_input(engine, RecordStream("cancelled", "test", records, "cancelled"), _CancelWhenMatched(), options={})


def test_cancelled_change_of_an_account_unties_it_again(engine: Engine) -> None:
    bring(engine, [person("c-lee"), person("a-desk"), wrote("c-lee", 1, 5)], "1")
    before = rows_of(engine)
    address = {"email": "anne@x.example", "email_verified": True, "display_name": "Anneliese Leewood"}
    cancel(engine, [person("a-desk", **address), wrote("a-desk", 2, 9)])
    after = rows_of(engine)
    for name in before:
        assert before[name] == after[name], name


def test_chain_is_followed_again_when_what_held_it_is_gone(engine: Engine) -> None:
    """A third account with another verified address held a likely pair; its import is cancelled."""
    bring(engine, [person("a-lee"), person("b-lee")], "1")
    assert people_of(engine) == [{"a-lee", "b-lee"}]
    before = rows_of(engine)
    ben = {"handle": "annelee", "location": "Cork", "display_name": "Anneliese Leewood"}
    third = person("d-lee", **ben, email="other@y.example")
    cancel(engine, [third, person("c-lee", **ben), wrote("d-lee", 2, 9)])
    after = rows_of(engine)
    for name in before:
        assert before[name] == after[name], name


def test_fit_that_was_not_applied_is_applied_by_the_next_import(engine: Engine) -> None:
    bring(engine, [person("a-lee"), person("b-lee")], "1")
    surely = rows_of(engine, ["match_pair"])["match_pair"]
    with writing(engine) as session:
        session.connection().exec_driver_sql("UPDATE match_pair SET probability = 0.1")
        mark_due(session, MATCHING, [0])
    bring(engine, [person("a-desk")], "2")
    assert rows_of(engine, ["match_pair", "due"]) == {"match_pair": surely, "due": []}


def test_setting_finds_a_name_whose_capital_is_not_ascii(engine: Engine) -> None:
    bring(engine, [IdentityRecord("neta", "neta.example", "Ünal")])
    change_setting(engine, key="bots", value=["Ünal"], decided_by="Ada")
    ((_, role, _),) = rows_of(engine, ["account_role"])["account_role"]
    assert role == "bot"
