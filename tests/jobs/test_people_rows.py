"""Rows that hang on whole persons: what they are worth, and how far they have come. Kept up, they equal a refresh."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from data_access.models.derived import Due, PersonStage, PersonValue, StageDay
from data_access.queries.models import CUSTOMER_VALUE, list_model_versions, read_current_model
from data_access.records import DealRecord, OrderRecord, VisitRecord
from data_access.store import reading
from jobs.decisions import UnlikeRoles, change_setting, decide_matches, mute_account, withdraw
from jobs.derive.due import INFLUENCE
from jobs.fitting import fit_customer_value
from jobs.importing import settle_due
from jobs.progress import Silence
from jobs.refresh import refresh
from jobs.train import NothingToFit, UnknownModel, train
from jobs.undo import undo_run
from tests.jobs.stores import account, at, bring, channel, empty, post, rows_of

DAY = 1440
PLACE = ("net", "net.example")
BUYERS = ("ann", "ben", "cat", "desk")
COMPARED = ["person_value", "person_stage", "stage_day", "due"]


def order(native_id: str, minutes: float, buyer: str | None = "ann", amount: int = 1_000, **values: Any) -> OrderRecord:
    values.setdefault("currency", "EUR")
    return OrderRecord(*PLACE, native_id, amount, occurred_at=at(minutes), identity=buyer, **values)


def visit(native_id: str, minutes: float, who: str = "ann", **values: Any) -> VisitRecord:
    return VisitRecord(*PLACE, native_id, who, at(minutes), **values)


def deal(native_id: str, is_won: bool | None, *contacts: str, amount: int | None = 5_000, **values: Any) -> DealRecord:
    values.setdefault("currency", "EUR")
    return DealRecord(*PLACE, native_id, is_won=is_won, amount_minor=amount, contacts=contacts, **values)


def value_of(engine: Engine, number: int = 0) -> PersonValue:
    with reading(engine) as session:
        return session.exec(select(PersonValue).order_by(PersonValue.person_id, PersonValue.currency)).all()[number]  # type: ignore[arg-type]


def stages(engine: Engine) -> list[PersonStage]:
    with reading(engine) as session:
        return list(session.exec(select(PersonStage).order_by(PersonStage.person_id)))  # type: ignore[arg-type]


def a_shop(customers: int = 60) -> list[OrderRecord]:
    """One order each on the first day, and a second of every other customer 30 days later, one of every fourth 60."""
    rows = []
    for number in range(customers):
        days = [0, *([30] if number % 2 == 0 else []), *([60] if number % 4 == 0 else [])]
        rows += [order(f"o{number}-{d}", (d + number % 7) * DAY, f"b{number}", 1_000 + 10 * number + d) for d in days]
    return rows


def test_value_nets_refunds_and_counts_the_orders_that_stand(engine: Engine) -> None:
    bring(
        engine,
        [
            order("o1", 0, amount=1_000),
            order("o2", DAY, amount=2_000),
            order("o3", 2 * DAY, amount=500),
            order("r1", 3 * DAY, amount=-500, refund_of="o3"),
            order("r2", 4 * DAY, amount=-300, refund_of="o2"),
            order("d1", 0, amount=700, currency="USD"),
        ],
    )
    euro, dollar = value_of(engine, 0), value_of(engine, 1)
    assert (euro.currency, euro.orders, euro.revenue_minor) == ("EUR", 2, 2_700)
    assert (euro.first_order_at, euro.last_order_at) == (at(0), at(DAY))
    assert (dollar.currency, dollar.orders, dollar.revenue_minor) == ("USD", 1, 700)
    assert (euro.segment, euro.probability_alive, euro.expected_minor) == (None, None, None)


def test_deals_count_for_their_contacts_and_are_not_shared_out_where_there_is_none(engine: Engine) -> None:
    bring(
        engine,
        [
            account("ann"),
            account("ben"),
            deal("won", True, "ann", "ben", closed_at=at(DAY)),
            deal("lost", False, "ann", closed_at=at(DAY)),
            deal("open", None, "ann", amount=None, currency=None),
            deal("big", True, organization="acme", amount=10**9, closed_at=at(DAY)),
        ],
    )
    rows = rows_of(engine, ["person_value"])["person_value"]
    assert len(rows) == 3
    unknown, euro, bens = value_of(engine, 0), value_of(engine, 1), value_of(engine, 2)
    assert (unknown.currency, unknown.deals_open, unknown.deals_open_minor) == ("", 1, 0)
    assert (euro.deals_won, euro.deals_won_minor, euro.deals_open) == (1, 5_000, 0)
    assert (bens.deals_won_minor, bens.orders, bens.revenue_minor) == (5_000, 0, 0)


def test_the_first_fit_comes_by_itself_when_there_are_customers_enough(engine: Engine) -> None:
    bring(engine, a_shop(40), "1")
    with reading(engine) as session:
        assert read_current_model(session, CUSTOMER_VALUE) is None
    bring(engine, a_shop(60), "2")
    with reading(engine) as session:
        model = read_current_model(session, CUSTOMER_VALUE)
    assert model is not None
    assert date.fromordinal(model.parameters["as_of"]) == date(2026, 5, 7)  # the last order's
    best = value_of(engine, 56)
    assert best.segment == "best"
    assert best.expected_orders is not None
    assert best.expected_orders > 0
    assert best.expected_minor is not None
    assert len(rows_of(engine, ["due"])["due"]) == 0
    bring(engine, a_shop(80), "3")
    with reading(engine) as session:
        assert [row.version for row in list_model_versions(session, CUSTOMER_VALUE)] == ["1"]


def test_train_makes_another_version_and_refresh_does_not(engine: Engine) -> None:
    bring(engine, a_shop(), "1")
    kept_up = rows_of(engine, COMPARED)
    refresh(engine, Silence())
    assert rows_of(engine, COMPARED) == kept_up
    bring(engine, [order("late", 400 * DAY, "b1")], "2")
    before = value_of(engine, 5)
    (note,) = train(engine, CUSTOMER_VALUE, Silence())
    assert note.startswith("EUR: 60 customers, 31 bought again.")
    after = value_of(engine, 5)
    assert (before.person_id, before.orders) == (after.person_id, after.orders)
    assert before.expected_orders is not None
    assert after.expected_orders is not None
    # a year has passed since this person's last order
    assert after.expected_orders < before.expected_orders
    assert (before.recency_quintile, after.segment) == (3, "fading")
    with reading(engine) as session:
        versions = list_model_versions(session, CUSTOMER_VALUE)
    assert [(row.version, row.is_current) for row in versions] == [("2", True), ("1", False)]
    kept_up = rows_of(engine, COMPARED)
    refresh(engine, Silence())
    assert rows_of(engine, COMPARED) == kept_up


def test_train_says_so_when_there_is_nothing_to_fit(engine: Engine) -> None:
    with pytest.raises(NothingToFit, match="Nobody has ordered"):
        train(engine, CUSTOMER_VALUE, Silence())
    with pytest.raises(UnknownModel, match="customer_value"):
        train(engine, "weather", Silence())


def test_a_new_fit_of_who_is_who_is_applied_and_refresh_keeps_it(engine: Engine) -> None:
    with pytest.raises(NothingToFit, match="no accounts"):
        train(engine, "matching", Silence())
    people = [account(f"p{n}", display_name=f"Person Number{n}", email=f"p{n}@shop.example") for n in range(12)]
    bring(engine, people)
    (note,) = train(engine, "matching", Silence())
    assert note.startswith("Fitted to 12 accounts")
    with reading(engine) as session:
        assert [row.is_current for row in list_model_versions(session, "matching")][:1] == [True]
    kept_up = rows_of(engine, ["match_pair", "person", "person_identity", *COMPARED])
    refresh(engine, Silence())
    assert rows_of(engine, ["match_pair", "person", "person_identity", *COMPARED]) == kept_up


def test_team_members_have_no_value_and_no_stage(engine: Engine) -> None:
    bring(engine, [account("desk", is_team=True), post("p", 0, "desk"), order("o", 5, "desk")])
    assert rows_of(engine, ["person_value", "person_stage"]) == {"person_value": [], "person_stage": []}


def test_stages_are_the_first_local_days_of_each_layer(engine: Engine) -> None:
    change_setting(engine, key="time_zone", value="Pacific/Auckland", decided_by="Ada")
    bring(
        engine,
        [
            channel("room", kind="private"),
            channel("journal", kind="hub"),
            post("p1", 11 * 60, "ann"),
            post("p2", 3 * DAY, "ann"),
            visit("v1", 5 * DAY, "ann"),
            post("p3", 7 * DAY, "ann", channel="room"),
            order("r", 8 * DAY, amount=-5, refund_of="?"),
            order("o", 9 * DAY),
        ],
    )
    (ann,) = stages(engine)
    assert ann.path == "public>hub>private>customer"
    # 08:00 UTC and 11 hours is 19:00, which is the next day at 08:00 in Auckland
    assert (ann.first_on, ann.public_on) == (date(2026, 3, 3), date(2026, 3, 3))
    assert (ann.hub_on, ann.private_on, ann.customer_on) == (date(2026, 3, 7), date(2026, 3, 9), date(2026, 3, 11))
    with reading(engine) as session:
        (day,) = session.exec(select(StageDay)).all()
    assert (day.first_on, day.first_channel_id, day.people) == (date(2026, 3, 3), ann.first_channel_id, 1)
    assert day.lags == {"public>hub": {"4": 1}, "hub>private": {"2": 1}, "private>customer": {"2": 1}}


def test_a_won_deal_makes_its_contacts_customers_and_no_channel_is_channel_0(engine: Engine) -> None:
    bring(engine, [account("ann"), deal("won", True, "ann", closed_at=at(DAY)), deal("open", None, "ann")])
    (ann,) = stages(engine)
    assert (ann.path, ann.customer_on, ann.first_channel_id) == ("customer", date(2026, 3, 3), None)
    assert rows_of(engine, ["stage_day"])["stage_day"] == [(date(2026, 3, 3), 0, "customer", 1, {})]


def test_rows_follow_when_accounts_are_joined_and_go_back_when_that_is_undone(engine: Engine) -> None:
    bring(engine, [post("p", 0, "ann"), order("o", DAY, "shop-7"), account("ann"), account("shop-7")])
    before = rows_of(engine, COMPARED)
    keys = (("net", "net.example", "ann"), ("net", "net.example", "shop-7"))
    (decision,) = decide_matches(engine, pairs=[keys], verdict="same", decided_by="Ada")
    (joined,) = stages(engine)
    assert joined.path == "public>customer"
    assert value_of(engine).person_id == joined.person_id
    assert rows_of(engine, ["stage_day"])["stage_day"][0][-1] == {"public>customer": {"1": 1}}
    withdraw(engine, table="match_decision", decision_id=decision, decided_by="Ada")
    assert rows_of(engine, COMPARED) == before


def test_rows_follow_when_an_import_is_undone(engine: Engine) -> None:
    bring(engine, [post("p", 0, "ann"), order("o", DAY)], "1")
    before = rows_of(engine, COMPARED)
    run = bring(engine, [order("o2", 2 * DAY), visit("v", -DAY), order("o", 5 * DAY, amount=77), post("q", 5, "cat")])
    assert rows_of(engine, COMPARED) != before
    assert run.run_id is not None


posts = st.builds(
    lambda number, minutes, author, place: post(f"p{number}", minutes, author, channel=place),
    st.integers(0, 9),
    st.integers(0, 9 * DAY),
    st.sampled_from(BUYERS),
    st.sampled_from(["wall", "room", "journal"]),
)
orders = st.builds(
    lambda number, minutes, buyer, amount, currency, refund: order(
        f"o{number}",
        minutes,
        buyer,
        amount=-amount if refund is not None else amount,
        currency=currency,
        refund_of=f"o{refund}" if refund is not None else None,
    ),
    st.integers(0, 9),
    st.integers(0, 9 * DAY),
    st.sampled_from([*BUYERS, None]),
    st.sampled_from([0, 500, 900]),
    st.sampled_from(["EUR", "USD"]),
    st.none() | st.none() | st.integers(0, 9),
)
visits = st.builds(
    lambda number, minutes, who: visit(f"v{number}", minutes, who),
    st.integers(0, 5),
    st.integers(0, 9 * DAY),
    st.sampled_from(BUYERS),
)
deals = st.builds(
    lambda number, won, contacts, amount: deal(f"d{number}", won, *contacts, amount=amount, closed_at=at(number * DAY)),
    st.integers(0, 4),
    st.sampled_from([True, False, None]),
    st.lists(st.sampled_from(BUYERS), max_size=2, unique=True),
    st.sampled_from([None, 100, 700]),
)
channels = st.builds(
    lambda name, kind, hours: channel(name, kind=kind, observed_at=at(30 * DAY + hours * 60)),
    st.sampled_from(["wall", "room", "journal"]),
    st.sampled_from(["public", "hub", "private"]),
    st.integers(0, 9),
)
records = st.lists(st.one_of(posts, orders, orders, visits, deals, channels), min_size=1, max_size=8)
imports = st.tuples(st.just("import"), records)
undos = st.tuples(st.just("undo import"), records)
trains = st.tuples(st.just("train"), st.none())
mutes = st.tuples(st.just("mute"), st.sampled_from(["ann", "ben"]))
teams = st.tuples(st.just("team"), st.sampled_from([["desk"], ["desk", "ben"], []]))
matches = st.tuples(st.just("match"), st.sampled_from([("ann", "ben"), ("ben", "cat"), ("ann", "desk")]))
takes_back = st.tuples(st.just("withdraw"), st.integers(0, 9))
steps = st.lists(st.one_of(imports, imports, undos, trains, mutes, teams, matches, takes_back), min_size=1, max_size=6)


def take(engine: Engine, step: tuple[str, Any], taken: list[tuple[str, int]], number: int) -> None:
    kind, value = step
    if kind == "import":
        bring(engine, value, f"run {number}")
    elif kind == "undo import":
        run = bring(engine, value, f"run {number}")
        assert run.run_id is not None
        undo_run(engine, run.run_id)
    elif kind == "train":
        fit_customer_value(engine)
        settle_due(engine, Silence())
    elif kind == "mute":
        taken.append(("mute", mute_account(engine, **_key(value), decided_by="Ada")))
    elif kind == "team":
        team = [{"name": "Ada", "accounts": value}]
        taken.append(("setting", change_setting(engine, key="team", value=team, decided_by="Ada")))
    elif kind == "match":
        pair = tuple(("net", "net.example", name) for name in value)
        with suppress(UnlikeRoles):  # one of them may be of the team by now
            decided = decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")  # type: ignore[list-item]
            taken += [("match_decision", decision) for decision in decided]
    elif taken:
        table, decision = taken.pop(value % len(taken))
        withdraw(engine, table=table, decision_id=decision, decided_by="Ada")


def _key(native_id: str) -> dict[str, str]:
    return {"network": "net", "source": "net.example", "native_id": native_id}


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_rows_of_people_equal_a_refresh_after_any_history(engine: Engine, steps: list[tuple[str, Any]]) -> None:
    empty(engine)
    bring(engine, [channel("room", kind="private"), channel("journal", kind="hub")], "channels")
    taken: list[tuple[str, int]] = []
    for number, step in enumerate(steps):
        take(engine, step, taken, number)
    with reading(engine) as session:
        # scores of people are derived after a whole import, not with each step
        assert session.exec(select(Due).where(Due.kind != INFLUENCE)).all() == []
    kept_up = rows_of(engine, COMPARED)
    refresh(engine, Silence())
    rebuilt = rows_of(engine, COMPARED)
    for name in COMPARED:
        assert kept_up[name] == rebuilt[name], name
