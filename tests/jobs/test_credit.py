"""Touches, sales and credit by day: what they are, and that keeping them up in slices ends as a rebuild does."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlmodel import Session, select

from data_access.models.columns import to_micros
from data_access.models.derived import CreditDay, Sale, Touch, TransitionDay
from data_access.models.facts import Channel, ImportRun
from data_access.records import BrandRecord, IdentityRecord, OrganizationRecord
from data_access.store import reading, writing
from jobs.decisions import change_setting, mute_account, withdraw
from jobs.derive import due, load_rules
from jobs.derive.credit import CreditRows, compute_credit
from jobs.derive.due import CREDIT_DAY, mark_due
from jobs.derive.rules import Rules
from jobs.derive.sales import find_milestones
from jobs.derive.touches import derive_sold
from jobs.progress import Silence
from jobs.refresh import refresh
from jobs.undo import undo_run
from metrics.attribution import JOURNEY_RULES
from metrics.touch_journeys import DIMENSIONS, LOOKBACKS
from tests.jobs.sales import DAY, PLACE, deal, order, visit
from tests.jobs.stores import account, at, bring, channel, empty, post, rows_of

TABLES = ["touch", "sale", "credit_day", "transition_day"]


def touches_of(engine: Engine) -> list[Touch]:
    with reading(engine) as session:
        return sorted(session.exec(select(Touch)).all(), key=lambda row: (row.occurred_at, row.kind, row.fact_id))


def credit_of(
    engine: Engine, dimension: str = "layer", lookback: int = 30, kind: str = "order"
) -> dict[tuple[date, str], CreditDay]:
    with reading(engine) as session:
        rows = session.exec(
            select(CreditDay).where(
                CreditDay.sale_kind == kind, CreditDay.lookback_days == lookback, CreditDay.dimension == dimension
            )
        ).all()
        return {(row.day, row.key): row for row in rows}


def steps_of(engine: Engine, dimension: str = "layer", lookback: int = 30, kind: str = "order") -> dict[str, Any]:
    """The steps of all days together."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with reading(engine) as session:
        rows = session.exec(
            select(TransitionDay).where(
                TransitionDay.sale_kind == kind,
                TransitionDay.lookback_days == lookback,
                TransitionDay.dimension == dimension,
            )
        ).all()
    for row in rows:
        for start, ends in row.steps.items():
            for end, journeys in ends.items():
                found[start][end] += journeys
    return {start: dict(ends) for start, ends in found.items()}


def test_touches_are_what_buyers_and_the_team_do_and_nothing_passive(engine: Engine) -> None:
    bring(
        engine,
        [
            account("desk", is_team=True),
            channel("room", kind="private"),
            post("ours", 0, "desk"),
            post("host", 1, "ben", channel="room", text="Who has tried it?"),
            post("asks", 2, "ann", parent="host", kind="reply", channel="room", text="How does it work?"),
            post("told", 3, "desk", parent="asks", kind="reply", channel="room"),
            post("shares", 4, "ann", parent="ours", kind="share"),
            post("shares ben", 5, "ann", parent="host", kind="share"),
            post("here", 6, "ann", kind="check_in"),
            post("https", 7, "ann", text="See https://shop.example/a?utm_campaign=spring"),
            visit("v", 8, "ann", utm_campaign="autumn"),
            order("o", 9, "ann"),
        ],
    )
    found = touches_of(engine)
    ids = {row.person_id for row in found}
    assert len(ids) == 1, "ben has bought nothing and cannot be seen to"
    assert [
        (row.kind, row.layer, row.campaign, row.member_id is not None, row.host_id is not None) for row in found
    ] == [
        ("reply", "private", None, False, True),
        ("answer", "private", None, True, True),
        ("share", "public", None, True, False),
        ("check_in", "public", None, False, False),
        ("post", "public", "spring", False, False),
        ("visit", "hub", "autumn", False, False),
    ]


def test_touches_leave_out_channels_of_rivals(engine: Engine) -> None:
    records = [BrandRecord("Rival"), channel("wall", brand="Rival"), post("p", 0), order("o", 1)]
    bring(engine, records, "1")
    assert len(touches_of(engine)) == 1
    bring(engine, [BrandRecord("Rival", is_competitor=True)], "2")
    assert touches_of(engine) == []


def test_credit_is_as_computed_by_hand(engine: Engine) -> None:
    """Ann buys for 10.00 after a visit and two posts; each rule in cents."""
    bring(
        engine,
        [
            visit("v", 0),
            post("a", 7 * DAY),
            post("b", 14 * DAY),
            order("o", 14 * DAY),
            order("r", 15 * DAY, amount=-501, refund_of="o"),
            order("nobody's", 15 * DAY, None, amount=70),
        ],
    )
    sold, returned = date(2026, 3, 16), date(2026, 3, 17)
    by_layer = credit_of(engine)
    assert set(by_layer) == {(sold, "hub"), (sold, "public"), (returned, "hub"), (returned, "public"), (returned, "")}
    hub, public, refund = by_layer[sold, "hub"], by_layer[sold, "public"], by_layer[returned, "hub"]
    assert (hub.first_touch, hub.last_touch, hub.linear, hub.u_shaped) == (1000, 0, 334, 400)
    assert (public.first_touch, public.last_touch, public.linear, public.u_shaped) == (0, 1000, 666, 600)
    # weights 1, 1/2 and 1/4
    assert (hub.time_decay, public.time_decay) == (143, 857)
    # one touch is the first of three parts of 30, the two others share 10, and 60 have no milestone to go to
    assert (hub.w_shaped, public.w_shaped) == (750, 250)
    assert (hub.shapley, public.shapley) == (500, 500)
    assert (hub.sales, hub.touched_minor, public.sales, public.touched_minor) == (1, 1000, 1, 1000)
    assert (refund.sales, refund.touched_minor, refund.linear, refund.first_touch) == (0, -501, -167, -501)
    assert (by_layer[returned, ""].sales, by_layer[returned, ""].linear) == (1, 70)
    week = credit_of(engine, lookback=7)
    assert (week[sold, "public"].first_touch, (sold, "hub") in week) == (1000, False)
    assert steps_of(engine) == {"(start)": {"hub": 1}, "hub": {"public": 1}, "public": {"public": 1, "(conversion)": 1}}
    assert steps_of(engine, lookback=7) == {
        "(start)": {"hub": 1, "public": 1},
        "hub": {"(null)": 1},
        "public": {"public": 1, "(conversion)": 1},
    }


def test_null_journeys_split_where_a_sale_or_a_long_gap_lies_between(engine: Engine) -> None:
    bring(engine, [visit("1", 0), post("2", DAY), visit("3", 20 * DAY), order("o", 25 * DAY), post("4", 26 * DAY)])
    assert steps_of(engine, lookback=7) == {
        "(start)": {"hub": 2, "public": 1},
        "hub": {"public": 1, "(conversion)": 1},
        "public": {"(null)": 2},
    }
    assert steps_of(engine, lookback=7, kind="deal") == {}


def test_touches_before_an_earlier_order_count_again(engine: Engine) -> None:
    bring(engine, [visit("v", 0), order("1", DAY), order("2", 2 * DAY, amount=500)])
    by_layer = credit_of(engine)
    assert [row.linear for row in by_layer.values()] == [1000, 500]
    assert {key for _, key in by_layer} == {"hub"}


def test_deal_shares_out_among_all_its_contacts_and_knows_its_milestones(engine: Engine) -> None:
    stages = [{"stage": "qualified", "entered_at": at(3 * DAY).isoformat()}]
    bring(
        engine,
        [
            account("desk", is_team=True),
            visit("1", 0, "ann"),
            post("2", DAY, "ben"),
            visit("3", 2 * DAY, "ben", channel="shop"),
            post("4", 4 * DAY, "ann"),
            deal("d", 5 * DAY, "ann", "ben", "desk", created_at=at(DAY + 5), stages=stages),
        ],
    )
    with reading(engine) as session:
        assert len(session.exec(select(Sale)).all()) == 2
    rows = {key: row for (_, key), row in credit_of(engine, "channel", kind="deal").items()}
    with reading(engine) as session:
        shop_id, wall_id = (
            session.exec(select(Channel.id).where(Channel.native_id == name)).one() for name in ("shop", "wall")
        )
    nowhere, wall, shop = rows["(none)"], rows[str(wall_id)], rows[str(shop_id)]
    # first: the visit without a channel; lead: ben's post; opportunity: the visit to the shop; the last post the rest
    assert (nowhere.w_shaped, wall.w_shaped, shop.w_shaped) == (300, 400, 300)
    assert steps_of(engine, "channel", kind="deal")["(start)"] == {"(none)": 1}


def test_order_of_an_organisation_is_its_peoples(engine: Engine) -> None:
    company = OrganizationRecord(*PLACE, "acme", name="Acme")
    bring(engine, [company, visit("v", 0, "ann"), order("o", DAY, None, organization="acme")], "1")
    assert {key for _, key in credit_of(engine)} == {""}
    bring(engine, [IdentityRecord(*PLACE, "ann", organization_native_id="acme")], "2")
    assert {key for _, key in credit_of(engine)} == {"hub"}
    kept_up = rows_of(engine, TABLES)
    refresh(engine, Silence())
    assert rows_of(engine, TABLES) == kept_up


def test_credit_computed_ahead_is_computed_again_where_somebody_wrote_since(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[list[date]] = []

    def note(session: Session, days: Collection[date]) -> CreditRows:
        computed.append(sorted(days))
        return compute_credit(session, days)

    monkeypatch.setattr(due, "compute_credit", note)
    bring(engine, [visit("v", 0, "ann"), order("o", DAY, "ann")], "1")
    assert len(computed) == 1, "once, since nobody wrote"
    with writing(engine) as session:
        mark_due(session, CREDIT_DAY, (day.toordinal() for day in computed[0]))
    ahead = due.compute_ahead(engine)
    with writing(engine) as session:
        session.connection().execute(delete(Touch))
    with writing(engine) as session:
        assert due.settle_some(session, load_rules(session), ahead) == len(computed[0])
    assert {key for _, key in credit_of(engine)} == {""}, "what was computed before knew the visit"


def test_sales_are_settled_with_their_people_and_only_nobodys_by_themselves(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: list[int] = []

    def note(session: Session, rules: Rules, kind: str, fact_ids: Collection[int]) -> set[date]:
        alone.extend(fact_ids)
        return derive_sold(session, rules, kind, fact_ids)

    monkeypatch.setattr(due, "derive_sold", note)
    bring(engine, [visit("v", 0), order("o", DAY), deal("d", DAY, "ann"), order("nobody's", 2 * DAY, None)], "1")
    with reading(engine) as session:
        sales = {(row.sale_kind, row.person_id > 0): row.fact_id for row in session.exec(select(Sale))}
    assert set(sales) == {("order", True), ("deal", True), ("order", False)}
    assert alone == [sales["order", False]]


def test_refund_waits_for_its_order(engine: Engine) -> None:
    bring(engine, [visit("v", 0), order("r", 3 * DAY, amount=-400, refund_of="o")], "1")
    assert {key: row.linear for (_, key), row in credit_of(engine).items()} == {"": -400}
    bring(engine, [order("o", DAY)], "2")
    assert {day.day: row.linear for (day, key), row in credit_of(engine).items() if key == "hub"} == {3: 1000, 5: -400}


@pytest.mark.parametrize(
    ("created", "names", "lead", "opportunity"),
    [
        (None, [], None, None),
        (5, [], 5, None),
        (None, [("new", 7), ("talks", 9), ("won", 11)], 7, 9),
        (1, [("new", 7), ("won", 9)], 1, None),
        (1, [("new", 7), ("talks", 9), ("Qualified to buy", 11)], 1, 11),
        (1, [("new", 7), ("Unqualified", 9), ("Opportunity", 11)], 1, 11),
        (1, [("new", 7), ("Marketing qualified lead", 9), ("Sales qualified lead", 11)], 1, 11),
        (1, [("new", 7), ("Unqualified", 9)], 1, None),
    ],
)
def test_milestones_follow_the_stages(
    created: int | None, names: list[tuple[str, int]], lead: int | None, opportunity: int | None
) -> None:
    stages = [{"stage": name, "entered_at": at(minutes).isoformat()} for name, minutes in names]
    found = find_milestones(None if created is None else to_micros(at(created)), stages)
    assert found == tuple(None if minutes is None else to_micros(at(minutes)) for minutes in (lead, opportunity))


PEOPLE = st.sampled_from(["ann", "ben", "desk"])
#: Times on both sides of the lookbacks' edges.
TIMES = st.sampled_from([d * DAY + m for d in (0, 1, 6, 7, 8, 27, 29, 35, 80, 95) for m in (0, 5)])
MONEY = st.sampled_from([1, 100, 999, 1000])
posts = st.builds(
    lambda number, minutes, who, kind, parent, place: post(
        f"p{number}", minutes, who, text="", kind=kind, channel=place, parent=parent and f"p{parent}"
    ),
    st.integers(0, 6),
    TIMES,
    PEOPLE,
    st.sampled_from(["post", "reply", "share"]),
    st.none() | st.integers(1, 6),
    st.sampled_from(["wall", "room"]),
)
visits = st.builds(
    lambda number, minutes, who, campaign: visit(f"v{number}", minutes, who, utm_campaign=campaign),
    st.integers(0, 4),
    TIMES,
    PEOPLE,
    st.sampled_from([None, "spring"]),
)
orders = st.builds(
    lambda number, minutes, who, amount, currency: order(
        f"o{number}", minutes, who, amount, currency=currency, organization=None if who else "acme"
    ),
    st.integers(0, 3),
    TIMES,
    st.sampled_from(["ann", "ben", None]),
    MONEY,
    st.sampled_from(["EUR", "USD"]),
)
refunds = st.builds(
    lambda number, minutes, amount: order(f"r{number}", minutes, "ann", -amount, refund_of=f"o{number}"),
    st.integers(0, 3),
    TIMES,
    MONEY,
)
deals = st.builds(
    lambda number, minutes, who, amount, created: deal(
        f"d{number}", minutes, *who, amount=amount, organization="acme", created_at=at(created)
    ),
    st.integers(0, 2),
    st.none() | TIMES,
    st.sets(PEOPLE, max_size=2),
    MONEY,
    TIMES,
)
members = st.builds(
    lambda who: IdentityRecord(*PLACE, who, handle=who, organization_native_id="acme"), st.sampled_from(["ann", "cat"])
)
records = st.one_of(posts, visits, orders, refunds, deals, members)
imports = st.tuples(st.just("import"), st.lists(records, min_size=1, max_size=8))
others = st.sampled_from([("mute", "ann"), ("team", ["desk", "ben"]), ("team", ["desk"]), ("undo", 0), ("cancel", 0)])
steps = st.lists(st.one_of(imports, imports, imports, others), min_size=1, max_size=5)


def cancel_the_last(engine: Engine) -> None:
    """What a cancelled import leaves: nothing of the newest run. (Its journal of changes goes when it is done.)"""
    with reading(engine) as session:
        run = session.exec(select(ImportRun.id).order_by(ImportRun.id.desc()).limit(1)).first()  # type: ignore[union-attr]
    if run is not None:
        undo_run(engine, run)


def take(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]], number: int) -> None:
    kind, value = step
    if kind == "import":
        bring(engine, [channel("room", kind="private"), account("desk", is_team=True), *value], f"run {number}")
    elif kind == "mute":
        key = dict(zip(("network", "source", "native_id"), (*PLACE, value), strict=True))
        taken.append(("mute", mute_account(engine, **key, decided_by="Ada")))
    elif kind == "team":
        rows = [{"name": "Ada", "accounts": value}]
        taken.append(("setting", change_setting(engine, key="team", value=rows, decided_by="Ada")))
    elif kind == "cancel":
        cancel_the_last(engine)
    elif taken:
        table, decision = taken.pop()
        withdraw(engine, table=table, decision_id=decision, decided_by="Ada")


def sold_by_day(engine: Engine) -> dict[tuple[str, date, str], int]:
    """What was sold, each sale once, from the rows of who took part."""
    with reading(engine) as session:
        sales = {(row.sale_kind, row.fact_id): row for row in session.exec(select(Sale)).all()}
    sums: dict[tuple[str, date, str], int] = defaultdict(int)
    for (kind, _), row in sales.items():
        if kind in ("order", "deal") and row.day is not None:
            sums[kind, row.day, row.currency] += row.amount_minor
    return dict(sums)


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_credit_equals_a_rebuild_and_adds_up_after_any_history(engine: Engine, steps: list[tuple[Any, ...]]) -> None:
    empty(engine)
    taken: list[tuple[str, int]] = []
    for number, step in enumerate(steps):
        take(engine, step, taken, number)
    kept_up = rows_of(engine, TABLES)
    refresh(engine, Silence())
    rebuilt = rows_of(engine, TABLES)
    for name in TABLES:
        assert kept_up[name] == rebuilt[name], name
    sold = sold_by_day(engine)
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    with reading(engine) as session:
        for row in session.exec(select(CreditDay)).all():
            for rule in JOURNEY_RULES:
                place = (row.sale_kind, row.day, row.currency)
                sums[(*place, row.lookback_days, row.dimension, rule)] += getattr(row, rule)
    wanted = {
        (*place, lookback, dimension, rule): amount
        for place, amount in sold.items()
        for lookback in LOOKBACKS
        for dimension in ("all", *DIMENSIONS)
        for rule in JOURNEY_RULES
    }
    assert dict(sums) == wanted
