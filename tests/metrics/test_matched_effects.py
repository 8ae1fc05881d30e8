"""An effect is reported where it is, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.effects import count_findings
from benchmarks.random_pairing import read_pairing
from benchmarks.simulated_communities import judge_community, simulate_community, simulate_phases
from metrics.columns import MissingColumns
from metrics.matched_comparison import Span
from metrics.matched_effects import Effect, Verdict, judge, matched_effect

SPAN = Span(0.0, 400.0, 60)


def events(rows: list[tuple[int, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "day"]).astype({"person_id": "int64", "day": "float64"})


def compare(orders: list[tuple[int, float]], *, people: int = 80, span: Span = SPAN) -> Effect:
    """The even half of the people did something on day 200, the odd half had the chance; all were there on day 100."""
    there = [(person, 100.0 + person % 7) for person in range(people)]
    return matched_effect(
        "like",
        acts=events([(person, 200.0) for person in range(0, people, 2)]),
        chances=events([(person, 200.0) for person in range(1, people, 2)]),
        activity=events(there),
        orders=events(orders),
        people=pd.DataFrame({"person_id": range(people)}),
        span=span,
    )


def test_effect_is_the_difference_of_the_changes_when_groups_are_alike() -> None:
    # both groups buy once on day 150; of those who did, every other one buys again on day 210
    orders = [(person, 150.0) for person in range(80)] + [(person, 210.0) for person in range(0, 80, 4)]
    found = compare(orders)
    assert (found.treated, found.others) == (40, 40)
    assert found.change.estimate == pytest.approx(0.5, abs=0.02)
    assert found.lead.estimate == pytest.approx(0.0, abs=0.02)
    assert judge([found])[0].verdict == Verdict.EFFECT


def test_nothing_is_reported_when_the_groups_differed_before() -> None:
    # those who did had begun to buy in the month before, and went on
    orders = [(person, day) for person in range(0, 80, 2) if person % 6 for day in (180.0, 210.0, 240.0)]
    found = judge([compare(orders)])[0]
    assert found.change.p_value < 0.05
    assert found.verdict == Verdict.DIFFERED_BEFORE


def test_nothing_is_reported_when_people_are_too_few() -> None:
    found = judge([compare([(0, 210.0)], people=40)])[0]
    assert found.verdict == Verdict.TOO_FEW
    assert np.isnan(found.change.estimate)
    assert np.isnan(found.adjusted_p)


def test_nothing_is_reported_when_the_data_is_too_short() -> None:
    assert compare([(0, 210.0)], span=Span(150.0, 260.0, 60)).verdict == Verdict.TOO_FEW


def test_nothing_is_reported_when_one_trait_tells_the_groups_apart() -> None:
    people = pd.DataFrame({"person_id": range(80), "is_loud": [person % 2 == 0 for person in range(80)]})
    found = matched_effect(
        "like",
        acts=events([(person, 200.0) for person in range(0, 80, 2)]),
        chances=events([(person, 200.0) for person in range(1, 80, 2)]),
        activity=events([(person, 100.0) for person in range(80)]),
        orders=events([(person, 210.0) for person in range(0, 80, 2)]),
        people=people,
        span=SPAN,
    )
    assert judge([found])[0].verdict == Verdict.UNBALANCED


def test_acts_looked_at_together_raise_the_bar() -> None:
    one = compare([(person, 210.0) for person in range(0, 80, 4)])
    weak = replace(one, change=replace(one.change, p_value=0.03))
    assert judge([weak])[0].verdict == Verdict.EFFECT
    dull = [replace(one, act=f"act {number}", change=replace(one.change, p_value=0.8)) for number in range(3)]
    together = judge([weak, *dull])
    assert together[0].adjusted_p == pytest.approx(0.12)
    assert {effect.verdict for effect in together} == {Verdict.NOT_TOLD_FROM_ZERO}


def test_a_column_that_is_missing_is_named_with_its_frame() -> None:
    nothing = events([])
    with pytest.raises(MissingColumns, match="orders"):
        matched_effect(
            "like",
            acts=nothing,
            chances=nothing,
            activity=nothing,
            orders=pd.DataFrame({"person_id": [1]}),
            people=pd.DataFrame({"person_id": [1]}),
            span=SPAN,
        )


def test_input_is_left_as_it_was() -> None:
    community = simulate_community(5, extra_orders=0.3, people=300)
    copies = [frame.copy() for frame in (community.orders, community.activity, community.people)]
    judge_community(community)
    for frame, copy in zip((community.orders, community.activity, community.people), copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_planted_effect_is_in_the_interval_and_zero_is_not() -> None:
    found = count_findings(range(8), extra_orders=0.3)
    assert found.covered >= 6  # of 8 at 95 %, fewer than 6 come in one of 170 runs
    assert found.excluded_zero >= 7
    assert found.reported >= 5


def test_nothing_is_found_where_nothing_is_planted() -> None:
    found = count_findings(range(100, 108), extra_orders=0.0)
    assert found.any_reported <= 1
    assert found.covered >= 6


def test_bootstrap_over_customers_agrees_with_the_clustered_interval() -> None:
    community = simulate_community(3, extra_orders=0.3, people=600)
    effect = judge_community(community)["answer"]
    people = effect.people
    gain = (people["orders_after"] - people["orders_before"]).to_numpy()
    did, weight = people["is_treated"].to_numpy(), people["weight"].to_numpy()
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(1_000):
        counts = np.bincount(rng.integers(len(people), size=len(people)), minlength=len(people)) * weight
        drawn.append(np.average(gain[did], weights=counts[did]) - np.average(gain[~did], weights=counts[~did]))
    assert np.std(drawn) == pytest.approx(effect.change.standard_error, rel=0.1)


@pytest.mark.realdata
def test_no_lift_is_reported_on_real_tweets_paired_at_random_with_a_real_crm(shared_data: Path) -> None:
    effects = judge_community(read_pairing(shared_data, seed=1))
    assert {act: effect.verdict for act, effect in effects.items()} == {
        "answer": Verdict.NOT_TOLD_FROM_ZERO,
        "comment": Verdict.NOT_TOLD_FROM_ZERO,
    }
    assert all(effect.change.low < 0 < effect.change.high for effect in effects.values())


def test_phases_have_more_posts_and_orders_and_no_effect_is_planted_in_them() -> None:
    plain, lively = (simulate_phases(4, orders_times=times, posts_times=posts) for times, posts in ((1, 1), (3, 4)))
    # a phase covers 90 of 490 days at which it can be: 18 % of the days have 4 times the posts, 3 times the orders
    assert len(lively.activity) / len(plain.activity) == pytest.approx(1 + 3 * 90 / 490, rel=0.1)
    assert len(lively.orders) / len(plain.orders) == pytest.approx(1 + 2 * 90 / 490, rel=0.1)
    pd.testing.assert_frame_equal(lively.orders, simulate_phases(4, orders_times=3).orders)
