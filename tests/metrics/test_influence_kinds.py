"""Kinds of people: who is an advocate, a hub, a broker."""

import math

import pandas as pd
import pytest

from metrics.columns import MissingColumns
from metrics.influence_kinds import KINDS, KindRules, describe_kinds, kinds_of_people

NOBODY = {
    "praise": 0,
    "blame": 0,
    "posts": 4,
    "pagerank": 0.001,
    "in_people": 1,
    "in_strength": 0.5,
    "betweenness": 0.0,
    "constraint": 0.9,
    "community": 1,
    "first_on_days": 700.0,
    "is_customer": False,
    "trend": "steady",
}


def kinds(*people: dict[str, object], others: int = 40, **rules: float) -> list[tuple[str, ...]]:
    rows = [{**NOBODY, **person} for person in people] + [NOBODY] * others
    found = kinds_of_people(pd.DataFrame(rows), KindRules(**rules))  # type: ignore[arg-type]
    assert set(found.iloc[len(people) :]) <= {()}, "a person of no note is of a kind"
    return found.iloc[: len(people)].tolist()


@pytest.mark.parametrize(
    ("praise", "blame", "expected"),
    [
        (3, 0, ("advocate",)),
        (2, 0, ()),
        (4, 2, ("advocate",)),
        (5, 3, ()),
        (0, 3, ("detractor",)),
        (2, 4, ("detractor",)),
        (3, 5, ()),
        (0, 0, ()),
    ],
)
def test_advocates_praise_thrice_and_twice_as_often_as_they_blame(
    praise: int, blame: int, expected: tuple[str, ...]
) -> None:
    assert kinds({"praise": praise, "blame": blame}) == [expected]


def test_hubs_are_the_few_whom_most_turn_to_when_enough_do() -> None:
    turned_to = [{"in_people": people} for people in (60, 50, 40, 30, 20, 19, 10)]
    assert kinds(*turned_to) == [("hub",)] * 5 + [()] * 2
    assert kinds({"in_people": 9}) == [()]
    assert kinds({"in_people": 20}, {"in_people": 20}, hub_least=1, hub_share=0.01) == [("hub",)] * 2


def test_hubs_are_one_in_a_hundred_when_the_community_is_large() -> None:
    people = pd.DataFrame([{**NOBODY, "in_people": number} for number in range(1, 3_001)])
    found = kinds_of_people(people, KindRules())
    assert [kind == ("hub",) for kind in found] == [number > 2_970 for number in range(1, 3_001)]


def test_brokers_stand_between_people_who_do_not_know_each_other() -> None:
    between = {"betweenness": 0.2, "constraint": 0.05}
    assert kinds(
        between,
        {**between, "constraint": 0.6},
        {**between, "betweenness": 0.0001},
        {**between, "constraint": math.nan, "betweenness": math.nan, "pagerank": math.nan},
    ) == [("broker",), (), (), ()]


def test_brokers_need_ties_with_two_communities_when_those_are_known() -> None:
    rows = [{**NOBODY, "betweenness": 0.2, "constraint": 0.05, "tie_communities": ends} for ends in (1, 2, 3)]
    assert kinds_of_people(pd.DataFrame(rows), KindRules()).tolist() == [(), ("broker",), ("broker",)]


def test_newcomers_rise_when_people_turn_to_them_soon() -> None:
    rising = {"first_on_days": 30.0, "in_people": 3, "in_strength": 4.0}
    assert kinds(
        rising,
        {**rising, "first_on_days": 91.0},
        {**rising, "in_people": 2},
        {**rising, "first_on_days": math.nan},
        {**rising, "trend": "fading"},
        others=40,
    ) == [("newcomer_rising",), (), (), (), ()]


def test_newcomers_are_those_of_the_period_when_it_is_short() -> None:
    rows = [{**NOBODY, "first_on_days": days, "in_people": 3, "in_strength": 9.0} for days in (20.0, 40.0)]
    found = kinds_of_people(pd.DataFrame(rows), KindRules(), period_days=28)
    assert found.tolist() == [("newcomer_rising",), ()]


def test_customers_are_silent_when_they_wrote_nothing() -> None:
    tieless = {"pagerank": math.nan, "betweenness": math.nan, "constraint": math.nan, "community": math.nan}
    assert kinds({"is_customer": True, "posts": 0, **tieless}, {"is_customer": True}, {"posts": 0, **tieless}) == [
        ("silent_customer",),
        (),
        (),
    ]


def test_someone_can_be_of_several_kinds() -> None:
    assert kinds({"praise": 9, "in_people": 50, "betweenness": 0.3, "constraint": 0.04}) == [
        ("advocate", "hub", "broker")
    ]


def test_kinds_keep_the_index_and_the_frame_as_they_are() -> None:
    people = pd.DataFrame([NOBODY, {**NOBODY, "praise": 5}], index=[70, 30])
    before = people.copy()
    assert kinds_of_people(people, KindRules()).to_dict() == {70: (), 30: ("advocate",)}
    pd.testing.assert_frame_equal(people, before)
    assert kinds_of_people(people.iloc[:0], KindRules()).empty
    with pytest.raises(MissingColumns, match="praise"):
        kinds_of_people(people.drop(columns="praise"), KindRules())


def test_rules_are_told_with_the_numbers_in_force() -> None:
    told = describe_kinds(KindRules(advocate_posts=7, advocate_ratio=1.5, advocate_days=60, newcomer_days=45))
    assert tuple(told) == KINDS
    assert told["advocate"] == (
        "At least 7 positive posts about us in 60 days, and at least 1.5 times as many as negative ones."
    )
    assert "45 days" in told["newcomer_rising"]
