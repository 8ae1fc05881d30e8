"""What a circle bought before and after taking part, and what the credit rules give to a person.

Pat writes on day 1, sales are known of days 0 to 200. Who answers pat, when, and who bought what stands in ``talk``.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import answers.circle_sales as subject
from answers.attribution import read_credit
from answers.circle_sales import CircleSales, read_circle_sales, read_circle_sales_ranking, read_host_credit
from answers.filters import Filters
from data_access.models.derived import Person
from data_access.models.facts import Identity
from data_access.records import ChannelRecord, IdentityRecord, InteractionRecord, PostRecord, Record
from data_access.store import reading
from jobs.decisions import change_setting, decide_matches, mute_account
from tests.jobs.sales import DAY, PLACE, deal, order
from tests.jobs.stores import account, at, bring, channel, post
from tests.kept_stores import filled_once

#: Days 60 to 200 after 2 March 2026.
PERIOD = Filters(date(2026, 5, 1), date(2026, 9, 20))
PEOPLE = ("pat", "ann", "ben", "cy", "dee", "dee2", "eve", "fay", "gus", "hal")


def reply(who: str, day: float, to: str = "p", **values: Any) -> PostRecord:
    return post(f"{who}{day}", day * DAY, who, parent=to, kind="reply", **values)


def everybody() -> list[Record]:
    return [
        channel("wall"),
        account("desk", is_team=True),
        account("robot", is_bot=True),
        *(account(name, display_name=name.title()) for name in PEOPLE),
        post("p", DAY, "pat"),
        post("other", DAY, "eve"),
        order("first", 0, "zed", amount=1),
        order("last", 200 * DAY, "zed", amount=1),
    ]


def talk() -> list[Record]:
    """Ann takes part twice, the team and a robot too; ben and cy too near to the ends; fay before the period."""
    return [
        *(reply("ann", day) for day in (100, 110)),
        *(reply(who, 100) for who in ("desk", "robot")),
        reply("ben", 10),
        reply("ben", 101),
        reply("cy", 190),
        reply("fay", 50),
        *(reply("gus", day) for day in (50, 100)),
        reply("eve", 100, to="other"),
        order("a1", 90 * DAY, "ann", amount=1_000),
        order("a2", 105 * DAY, "ann", amount=2_000),
        order("a3", 120 * DAY, "ann", amount=-500, refund_of="a2"),
        order("a4", 69 * DAY, "ann", amount=700),
        order("b", 102 * DAY, "ben", amount=90_000),
        order("c", 191 * DAY, "cy", amount=90_000),
        order("d", 101 * DAY, "desk", amount=90_000),
        order("f", 51 * DAY, "fay", amount=90_000),
        order("g", 55 * DAY, "gus", amount=40),
        order("own", 100 * DAY, "pat", amount=90_000),
    ]


def person(engine: Engine, native_id: str) -> int:
    with reading(engine) as session:
        statement = select(Person.id).join(Identity, Identity.id == Person.id).where(Identity.native_id == native_id)  # type: ignore[arg-type]
        return session.exec(statement).one()


def ask(engine: Engine, who: str = "pat", filters: Filters = PERIOD, **more: Any) -> CircleSales:
    more.setdefault("window_days", 30)
    with reading(engine) as session:
        return read_circle_sales(session, person(engine, who), filters, **more)


def numbers(circle: CircleSales) -> tuple[int, ...]:
    return (circle.people, circle.compared, circle.before_minor, circle.after_minor)


def by_name(circle: CircleSales) -> dict[str, list[int]]:
    columns = ["orders_before", "orders_after", "before_minor", "after_minor"]
    return dict(zip(circle.table["name"], circle.table[columns].to_numpy().tolist(), strict=True))


@filled_once
def _fill_store(engine: Engine) -> None:
    bring(engine, [*everybody(), *talk()])


@pytest.fixture
def store(engine: Engine) -> Engine:
    _fill_store(engine)
    return engine


def test_circle_is_who_took_part_in_the_period_and_counts_from_their_first_time_ever(store: Engine) -> None:
    circle = ask(store)
    # ann, ben, cy and gus; of ben 30 days before day 10 are not known, of cy 30 days after day 190
    assert (circle.people, circle.compared, circle.left_out) == (4, 2, 2)
    assert by_name(circle) == {"Ann": [1, 1, 1_000, 1_500], "Gus": [0, 1, 0, 40]}
    assert circle.table["first_at"].tolist() == [at(100 * DAY), at(50 * DAY)]
    assert (circle.orders_before, circle.orders_after) == (1, 2)
    assert (circle.buyers_before, circle.buyers_after) == (1, 2)
    assert (circle.mean_before_minor, circle.mean_after_minor) == (500, 770)
    assert circle.change.estimate == 270
    assert not circle.change.is_known


def test_circle_reaches_further_back_when_the_window_is_longer(store: Engine) -> None:
    # gus took part on day 50, so that of 60 days before only 50 are known
    circle = ask(store, window_days=60)
    assert by_name(circle) == {"Ann": [2, 1, 1_700, 1_500]}
    assert numbers(circle) == (4, 1, 1_700, 1_500)
    with pytest.raises(ValueError, match="45"):
        ask(store, window_days=45)


def test_parts_add_up_to_the_sums(store: Engine) -> None:
    circle = ask(store)
    steps = circle.steps.set_index("step")["amount_minor"]
    assert steps[steps != 0].to_dict() == {-2: 1_000, 1: 2_000 + 40, 4: -500}
    assert steps.loc[0:].sum() == circle.after_minor


def test_accounts_of_one_person_count_once(store: Engine) -> None:
    bring(
        store,
        [reply("dee2", 95), reply("dee", 100), order("e", 96 * DAY, "dee", amount=800), order("e2", 94 * DAY, "dee2")],
        "more",
    )
    apart = ask(store)
    assert by_name(apart)["Dee"] == [1, 0, 800, 0]
    assert apart.people == 6
    decide_matches(store, pairs=[((*PLACE, "dee"), (*PLACE, "dee2"))], verdict="same", decided_by="Ada")
    joined = ask(store)
    assert by_name(joined)["Dee"] == [1, 1, 1_000, 800]
    assert (joined.people, joined.compared) == (5, 3)


def test_own_accounts_are_not_of_the_circle(store: Engine) -> None:
    bring(store, [reply("dee", 100), order("e", 101 * DAY, "dee", amount=800)], "more")
    decide_matches(store, pairs=[((*PLACE, "pat"), (*PLACE, "dee"))], verdict="same", decided_by="Ada")
    assert "Dee" not in by_name(ask(store))
    assert ask(store).people == 4


def test_the_muted_are_not_of_the_circle(store: Engine) -> None:
    mute_account(store, network="net", source="net.example", native_id="ann", decided_by="Ada")
    assert by_name(ask(store)) == {"Gus": [0, 1, 0, 40]}


def test_talk_of_a_muted_account_does_not_count_when_its_person_has_another(store: Engine) -> None:
    bring(store, [account("ann2"), account("pat2"), post("p2", DAY, "pat2"), reply("hal", 100, to="p2")], "accounts")
    bring(store, [reply("ann2", 60)], "early")
    pairs = [((*PLACE, name), (*PLACE, f"{name}2")) for name in ("ann", "pat")]
    decide_matches(store, pairs=pairs, verdict="same", decided_by="Ada")
    assert (ask(store).people, by_name(ask(store))["Ann"]) == (5, [0, 1, 0, 700])
    for name in ("ann2", "pat2"):
        mute_account(store, network="net", source="net.example", native_id=name, decided_by="Ada")
    assert (ask(store).people, by_name(ask(store))["Ann"]) == (4, [1, 1, 1_000, 1_500])


def test_money_of_another_currency_is_named_until_there_is_a_rate(store: Engine) -> None:
    bring(store, [reply("hal", 100), order("usd", 101 * DAY, "hal", amount=333, currency="USD")], "more")
    without = ask(store)
    assert without.unconverted.to_dict("records") == [{"currency": "USD", "sales": 1, "total_minor": 333}]
    assert numbers(without) == (5, 3, 1_000, 1_540)
    assert "Hal" not in by_name(without)
    rate = {"currency": "USD", "rate": "0.5", "from": "2026-01-01"}
    change_setting(store, key="rates", value=[rate], decided_by="Ada")
    converted = ask(store)
    assert converted.unconverted.empty
    assert by_name(converted)["Hal"] == [0, 1, 0, int(Decimal("166"))]  # 166.5, half to even


def test_networks_limit_the_circle_and_not_the_first_time(store: Engine) -> None:
    bring(
        store,
        [
            ChannelRecord("chat", "c", "room", name="Room"),
            IdentityRecord("chat", "c", "gus", display_name="Gus on chat"),
            IdentityRecord("chat", "c", "pat", display_name="Pat on chat"),
            PostRecord("chat", "c", "p", "room", at(60 * DAY), author="pat", text="hello"),
            PostRecord("chat", "c", "g", "room", at(100 * DAY), author="gus", text="yes", parent="p", kind="reply"),
        ],
        "chat",
    )
    pairs = [((*PLACE, name), ("chat", "c", name)) for name in ("gus", "pat")]
    decide_matches(store, pairs=pairs, verdict="same", decided_by="Ada")
    circle = ask(store, filters=Filters(PERIOD.start, PERIOD.end, networks=("chat",)))
    assert by_name(circle) == {"Gus": [0, 1, 0, 40]}
    assert circle.table["first_at"].tolist() == [at(50 * DAY)]
    assert circle.people == 1


def test_won_deals_are_another_view_and_are_shared_in_equal_parts(store: Engine) -> None:
    bring(
        store,
        [
            deal("d0", 0, "zed"),
            deal("d1", 102 * DAY, "ann", "gus", "zed", amount=101),
            deal("d2", 200 * DAY, "zed"),
            deal("d3", 103 * DAY, "ann", is_won=False),
            deal("d4", 104 * DAY, "ann", amount=None, currency=None),
        ],
        "deals",
    )
    circle = ask(store, sale_kind="deal")
    # a third each: 34, 34 and 33 in the order of their ids; 52 days after gus took part
    assert by_name(circle) == {"Ann": [0, 2, 0, 34]}
    assert circle.without_amount == 1
    assert ask(store).sale_kind == "order"


def test_circle_is_empty_when_nobody_took_part_or_nothing_was_sold(engine: Engine) -> None:
    bring(engine, [channel("wall"), account("pat"), account("ann"), post("p", DAY, "pat"), reply("ann", 100)])
    unsold = ask(engine)
    assert (unsold.people, unsold.compared, unsold.first_day) == (1, 0, None)
    assert unsold.table.empty
    bring(engine, [order("o", 0), order("o2", 150 * DAY, amount=70)], "orders")
    assert numbers(ask(engine)) == (1, 1, 0, 0)
    assert ask(engine, "ann").people == 0


def newest(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(subject, "NEWEST_OF_ONE", number)
    monkeypatch.setattr(subject, "NEWEST_OF_MANY", number)


def test_circle_keeps_the_first_time_ever_when_only_the_newest_is_looked_at(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ask(store)
    newest(monkeypatch, 6)  # ann twice, ben, cy, gus and of the team or the robot one, all of day 100 and later
    cut = ask(store)
    assert by_name(cut) == by_name(whole)
    assert cut.table["first_at"].tolist() == whole.table["first_at"].tolist()
    assert cut.is_cut
    assert not whole.is_cut
    newest(monkeypatch, 1)
    assert ask(store).people == 1


def test_likes_and_follows_make_no_circle(store: Engine) -> None:
    acts = [
        InteractionRecord(*PLACE, kind, kind, actor="hal", target="pat", occurred_at=at(100 * DAY))
        for kind in ("like", "follow", "vote")
    ]
    bring(store, acts, "acts")
    assert ask(store).people == 4


@pytest.mark.parametrize("most", [None, 2])
def test_ranking_says_of_each_what_their_own_answer_says(
    store: Engine, monkeypatch: pytest.MonkeyPatch, most: int | None
) -> None:
    bring(store, [post("q", 3 * DAY, "gus"), reply("ann", 98, to="q"), reply("hal", 99, to="q")], "more")
    names = ("pat", "gus", "eve", "hal")
    hosts = {person(store, name): name for name in names}
    if most:
        monkeypatch.setattr(subject, "NEWEST_OF_MANY", most)
    with reading(store) as session:
        ranking = read_circle_sales_ranking(session, PERIOD, list(hosts), window_days=30)
    if not most:
        assert ranking.table["name"].tolist() == ["Pat", "Gus", "Eve", "Hal"]
    assert ranking.is_cut == bool(most)
    for row in ranking.table.itertuples():
        if most and hosts[row.person_id] == "pat":
            continue
        alone = ask(store, hosts[row.person_id])
        assert (row.people, row.before_minor, row.after_minor) == (alone.people, alone.before_minor, alone.after_minor)
        assert (row.buyers_after, row.orders_after) == (alone.buyers_after, alone.orders_after)


@pytest.mark.parametrize(("rate", "lookback"), [(None, 7), ("0.37", 90)])
def test_host_credit_is_to_the_cent_what_revenue_says(store: Engine, rate: str | None, lookback: int) -> None:
    bring(store, [reply("hal", 100), order("usd", 101 * DAY, "hal", amount=333, currency="USD")], "more")
    if rate:
        value = [{"currency": "USD", "rate": rate, "from": "2026-01-01"}]
        change_setting(store, key="rates", value=value, decided_by="Ada")
    with reading(store) as session:
        who = person(store, "pat")
        credit = read_host_credit(session, who, PERIOD, lookback_days=lookback)
        revenue = read_credit(session, PERIOD, by="host", lookback_days=lookback)
    row = revenue.rows[revenue.rows["key"] == str(who)].iloc[0]
    assert credit.rules.set_index("rule")["credit_minor"].to_dict() == {
        rule: row[rule] for rule in credit.rules["rule"]
    }
    assert credit.rules["credit_minor"].gt(0).any()
    assert (credit.total_minor, credit.reached_minor) == (revenue.total_minor, revenue.touched_minor)
    assert (credit.sales, credit.touched_minor) == (row["sales"], row["touched_minor"])
    assert credit.unconverted["currency"].tolist() == ([] if rate else ["USD"])


def test_host_credit_is_nothing_when_nobody_took_part_in_their_conversations(store: Engine) -> None:
    with reading(store) as session:
        credit = read_host_credit(session, person(store, "hal"), PERIOD)
    assert credit.rules["credit_minor"].tolist() == [0] * 7
    assert credit.sales == 0
