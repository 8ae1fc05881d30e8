"""How many move on, in how many days, by channel and month; who is stuck; and the people behind the numbers."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from answers.filters import Filters
from answers.journeys import (
    Journeys,
    Stuck,
    list_journey_people,
    read_cohorts,
    read_first_channels,
    read_journeys,
    read_stuck,
    spread_of,
)
from data_access.queries import journeys as queries
from data_access.queries.journeys import list_active_on_paths
from data_access.records import OrderRecord, Record
from data_access.store import reading
from tests.jobs.stores import account, at, bring, channel, post
from tests.kept_stores import filled_once

DAY = 1440
MARCH = Filters(date(2026, 3, 1), date(2026, 4, 1))


def _order(number: int, days: float, buyer: str) -> OrderRecord:
    return OrderRecord("net", "net.example", f"o{number}", 1_000, "EUR", at(days * DAY), identity=buyer)


def _community() -> list[Record]:
    """Ten people on the wall on day 0, who come to the room after 1 to 10 days; of them three buy at once, two of the
    others write on; one is seen only by an order, one only in the room, in April."""
    rows: list[Record] = [channel("wall"), channel("room", kind="private")]
    for number in range(10):
        rows += [account(f"p{number}"), post(f"w{number}", 0, f"p{number}")]
        rows.append(post(f"r{number}", (1 + number) * DAY, f"p{number}", channel="room"))
    rows += [_order(number, 1 + number, f"p{number}") for number in range(3)]
    rows += [post("late 1", 60 * DAY, "p5", channel="room"), post("late 2", 61 * DAY, "p6")]
    return [*rows, _order(9, 3, "shopper"), post("april", 40 * DAY, "new", channel="room")]


@filled_once
def _fill_store(engine: Engine) -> None:
    bring(engine, _community())


@pytest.fixture
def store(engine: Engine) -> Engine:
    _fill_store(engine)
    return engine


def _journeys(store: Engine, filters: Filters = MARCH) -> Journeys:
    with reading(store) as session:
        return read_journeys(session, filters)


def test_people_belong_to_the_period_of_their_first_sign(store: Engine) -> None:
    march = _journeys(store)
    assert (march.people, march.moved_on) == (11, 10)
    reached = march.reached.set_index("stage")["people"]
    assert reached.to_dict() == {"public": 10, "hub": 0, "private": 10, "customer": 4}
    assert _journeys(store, Filters(date(2026, 4, 1), date(2026, 5, 1))).people == 1
    assert _journeys(store, Filters(date(2025, 4, 1), date(2025, 5, 1))).people == 0


def test_steps_say_how_many_and_in_how_many_days(store: Engine) -> None:
    march = _journeys(store)
    first, second = march.steps.to_dict("records")
    assert (first["from"], first["to"], first["people"], first["asked"]) == (
        "public network",
        "private community",
        10,
        10,
    )
    assert (first["median_days"], first["usual_days"]) == (5.0, 8.0)
    assert (second["step"], second["people"], second["share"], second["median_days"]) == (
        "private>customer",
        3,
        0.3,
        0.0,
    )
    spread = spread_of(march.lags, "public>private").set_index("name")["people"]
    assert spread.to_dict() == {
        "same day": 0,
        "1 to 7 days": 7,
        "8 to 30 days": 3,
        "31 to 90 days": 0,
        "over 90 days": 0,
    }


def test_flows_end_where_the_places_say(store: Engine) -> None:
    march = _journeys(store)
    into = march.flows.groupby(["from_place", "to_stage"])["people"].sum()
    for place in march.places[march.places["place"] > 0].itertuples(index=False):
        assert into[(place.place - 1, place.stage)] == place.people
    out = march.flows.groupby(["from_place", "from_stage"])["people"].sum().to_dict()
    assert out == {(p.place, p.stage): p.moved_on for p in march.places.itertuples(index=False) if p.moved_on}


def test_groups_add_up_to_everybody(store: Engine) -> None:
    with reading(store) as session:
        by_channel = read_first_channels(session, MARCH).set_index("channel")
        (month,) = read_cohorts(session, MARCH).to_dict("records")
    assert by_channel["people"].to_dict() == {"Wall": 10, "no channel: a purchase or a visit": 1}
    assert by_channel["customers"].tolist() == [3, 0]
    assert by_channel["median_days"].iloc[0] == 5.0
    assert (month["month"].date(), month["people"], month["moved_on"], month["customers"]) == (
        date(2026, 3, 1),
        11,
        10,
        3,
    )
    assert month["share_within"] == pytest.approx(10 / 11)
    assert not month["is_whole"]  # the data begins on the second


def test_people_of_no_channel_are_left_out_when_channels_are_chosen(store: Engine) -> None:
    with reading(store) as session:
        wall = int(read_first_channels(session, MARCH)["channel_id"].iloc[0])
    assert _journeys(store, replace(MARCH, channels=(wall,))).people == 10
    assert _journeys(store, replace(MARCH, networks=("net",))).people == 10


def test_each_number_leads_to_its_people(store: Engine) -> None:
    march = _journeys(store)
    with reading(store) as session:
        for step in march.steps.itertuples(index=False):
            assert len(list_journey_people(session, MARCH, step=step.step)) == step.people
        for stage in march.reached.itertuples(index=False):
            assert len(list_journey_people(session, MARCH, stage=stage.stage)) == stage.people
        for group in read_first_channels(session, MARCH).itertuples(index=False):
            assert len(list_journey_people(session, MARCH, channel=group.channel_id)) == group.people
        for group in read_cohorts(session, MARCH).itertuples(index=False):
            assert len(list_journey_people(session, MARCH, month=group.month.date())) == group.people
        row = list_journey_people(session, MARCH, step="private>customer").iloc[0]
    assert row["path"] == "public network, private community, customer"
    assert row["channel"] == "Wall"


def _stuck(store: Engine) -> Stuck:
    with reading(store) as session:
        return read_stuck(session, Filters(date(2026, 3, 1), date(2026, 6, 1)))


def test_nobody_is_stuck_while_too_few_have_gone_on(store: Engine) -> None:
    stuck = _stuck(store)
    assert stuck.rows.empty
    assert stuck.unknown == ("website", "private community")


def test_stuck_are_the_active_who_are_later_than_three_of_four(store: Engine) -> None:
    # seven more buy two days after they came to the room: ten have gone on from it
    extra: list[Record] = []
    for number in range(20, 27):
        extra += [post(f"w{number}", 0, f"p{number}", channel="room"), _order(number, 2, f"p{number}")]
    bring(store, extra, "more")
    stuck = _stuck(store)
    assert stuck.as_of == date(2026, 5, 2)
    assert stuck.unknown == ("website",)
    rows = stuck.rows.set_index("name")
    assert sorted(rows.index) == ["new", "p5", "p6"]
    assert rows.loc["p5", "stage"] == "private community"
    assert (rows.loc["p5", "waiting_days"], rows.loc["p5", "usual_days"]) == (55, 2.0)


@pytest.mark.parametrize("at_once", [1, 20_000])
def test_of_the_active_those_who_wrote_last_are_listed_when_the_list_is_cut(
    store: Engine, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(queries, "_LOOKED_UP_AT_ONCE", at_once)
    asked = {"paths": ["public>private", "private"], "start": date(2026, 3, 1), "end": date(2026, 6, 1)}
    recent = {"since": date(2026, 3, 1), "until": date(2026, 6, 1)}
    with reading(store) as session:
        shown = [list_active_on_paths(session, **asked, **recent, limit=limit) for limit in (2, 4)]  # type: ignore[arg-type]
        april = list_active_on_paths(session, **asked | {"start": date(2026, 4, 1)}, **recent, limit=4)  # type: ignore[arg-type]
    assert [rows["name"].tolist() for rows in shown] == [["p6", "p5"], ["p6", "p5", "new", "p9"]]
    assert april["name"].tolist() == ["new"]
    assert shown[1]["posts"].tolist() == [3, 3, 1, 2]
    assert shown[0]["last_on"].dt.date.tolist() == [date(2026, 5, 2), date(2026, 5, 1)]


def test_empty_store_has_no_journeys(engine: Engine) -> None:
    march = _journeys(engine)
    assert (march.people, march.moved_on) == (0, 0)
    assert march.steps.empty
    assert _stuck(engine).rows.empty
