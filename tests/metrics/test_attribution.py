"""Credit rules on journeys against published and hand-computed values, and what holds for any journeys."""

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.attribution import (
    JOURNEY_RULES,
    RULES,
    TouchAfterSale,
    UnknownRule,
    credit_by_key,
    credit_shares,
    shapley_values,
)
from metrics.attribution_markov import MissingKey
from metrics.attribution_split import AmountTooLarge, RepeatedSale, RepeatedTouch, SharesOfOthers, split_minor
from metrics.columns import MissingColumns


def journey_of(keys: str, days: list[float] | None = None) -> pd.DataFrame:
    """One journey, a touch a letter, earliest first."""
    before = list(range(len(keys)))[::-1] if days is None else days
    return pd.DataFrame({"journey": 1, "key": list(keys), "days_before": before, "touch_id": range(len(keys))})


def sale_of(amount_minor: int) -> pd.DataFrame:
    return pd.DataFrame({"journey": [1], "amount_minor": [amount_minor], "currency": ["EUR"]})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first_touch", [1, 0, 0, 0]),
        ("last_touch", [0, 0, 0, 1]),
        ("linear", [0.25, 0.25, 0.25, 0.25]),
        ("time_decay", [1 / 15, 2 / 15, 4 / 15, 8 / 15]),
        ("u_shaped", [0.4, 0.1, 0.1, 0.4]),
        ("w_shaped", [0.75, 0.25 / 3, 0.25 / 3, 0.25 / 3]),
        ("shapley", [1 / 6, 1 / 3, 1 / 6, 1 / 3]),
    ],
)
def test_credit_shares_equal_hand_computed_ones(rule: str, expected: list[float]) -> None:
    assert credit_shares(journey_of("ABAC", [21, 14, 7, 0]), rule).tolist() == pytest.approx(expected)


def test_time_decay_equals_reference() -> None:
    shares = credit_shares(journey_of("ABCD", [28, 14, 7, 0]), "time_decay")
    assert shares.round(4).tolist() == [0.0345, 0.1379, 0.2759, 0.5517]


def test_time_decay_keeps_to_the_half_life_however_long_ago_the_touches_were() -> None:
    shares = credit_shares(journey_of("AB", [90_000, 89_999]), "time_decay", half_life_days=1)
    assert shares.tolist() == pytest.approx([1 / 3, 2 / 3])


def test_u_shaped_gives_halves_when_there_are_two_touches() -> None:
    assert credit_shares(journey_of("AB"), "u_shaped").tolist() == [0.5, 0.5]


def test_w_shaped_gives_the_milestones_30_each_when_all_are_known() -> None:
    touches = journey_of("ABCDE").assign(
        is_lead=[False, True, False, False, False], is_opportunity=pd.array([None, None, None, True, None], "boolean")
    )
    assert credit_shares(touches, "w_shaped").tolist() == pytest.approx([0.3, 0.3, 0.05, 0.3, 0.05])


def test_w_shaped_spreads_what_is_missing_in_proportion() -> None:
    lead = journey_of("ABC").assign(is_lead=[False, True, False])
    assert credit_shares(lead, "w_shaped").tolist() == pytest.approx([3 / 7, 3 / 7, 1 / 7])
    no_others = journey_of("AB").assign(is_lead=[True, False], is_opportunity=[False, True])
    assert credit_shares(no_others, "w_shaped").tolist() == pytest.approx([2 / 3, 1 / 3])


def test_first_and_last_touch_go_by_touch_id_when_moments_are_equal() -> None:
    touches = journey_of("ABC", [2, 2, 2]).assign(touch_id=[8, 7, 9])
    assert credit_shares(touches, "first_touch").tolist() == [0, 1, 0]
    assert credit_shares(touches, "last_touch").tolist() == [0, 0, 1]
    named = touches.assign(touch_id=["post 2", "post 1", "visit 1"])
    assert credit_shares(named, "first_touch").tolist() == [0, 1, 0]


def test_shapley_values_equal_reference() -> None:
    worth = {"O": 7, "F": 6, "D": 4, "OF": 15, "OD": 7, "FD": 9, "OFD": 19}
    values = shapley_values({frozenset(players): value for players, value in worth.items()})
    assert {player: round(value, 4) for player, value in values.items()} == {"O": 7.6667, "F": 8.1667, "D": 3.1667}


def test_shapley_rule_equals_shapley_values_when_a_path_needs_all_its_keys() -> None:
    """A path is worth something to each coalition that has all its keys."""
    paths = ["A", "AB", "ABC", "CBA", "CA"]
    coalitions = [frozenset(part) for part in ("A", "B", "C", "AB", "AC", "BC", "ABC")]
    worth = {part: sum(set(path) <= part for path in paths) for part in coalitions}
    journeys = pd.concat([journey_of(path).assign(journey=number) for number, path in enumerate(paths)])
    credit = credit_shares(journeys, "shapley").groupby(journeys["key"]).sum()
    assert credit.to_dict() == pytest.approx(shapley_values(worth))


def test_split_minor_gives_the_odd_cent_to_the_largest_remainder_then_the_lowest_touch_id() -> None:
    touches = journey_of("ABC").assign(touch_id=[3, 1, 2])
    assert split_minor(pd.Series([0.5, 0.25, 0.25]), touches, sale_of(101)).tolist() == [51, 25, 25]
    assert split_minor(pd.Series([1 / 3] * 3), touches, sale_of(101)).tolist() == [33, 34, 34]
    assert split_minor(pd.Series([1 / 3] * 3), touches, sale_of(-101)).tolist() == [-33, -34, -34]


def test_split_minor_lets_no_noise_of_floating_point_decide() -> None:
    """0.1 + 0.2 is not 0.3 in floating point; 5 cents leave four equal remainders all the same."""
    shares = pd.Series([0.1 + 0.2, 0.3, 0.3, 0.1])
    assert split_minor(shares, journey_of("ABCD").assign(touch_id=[9, 1, 2, 3]), sale_of(5)).tolist() == [1, 2, 2, 0]


def test_split_minor_is_0_when_a_journey_has_no_sale() -> None:
    touches = journey_of("AB").assign(journey=[1, 2])
    assert split_minor(pd.Series([1.0, 1.0]), touches, sale_of(7)).tolist() == [7, 0]


def test_split_minor_refuses_what_it_cannot_split() -> None:
    touches, shares = journey_of("AB"), pd.Series([0.5, 0.5])
    with pytest.raises(SharesOfOthers):
        split_minor(shares, touches.set_axis([5, 6]), sale_of(7))
    with pytest.raises(RepeatedSale, match="Journey 1"):
        split_minor(shares, touches, pd.concat([sale_of(7), sale_of(8)]))
    with pytest.raises(AmountTooLarge):
        split_minor(shares, touches, sale_of(-(2**63)))
    with pytest.raises(MissingColumns, match="amount_minor"):
        split_minor(shares, touches, sale_of(7).drop(columns="amount_minor"))


def test_credit_shares_name_what_is_wrong() -> None:
    with pytest.raises(MissingColumns, match="touch_id"):
        credit_shares(journey_of("AB").drop(columns="touch_id"), "linear")
    with pytest.raises(UnknownRule, match="middle"):
        credit_shares(journey_of("AB"), "middle")
    with pytest.raises(UnknownRule, match="markov"):
        credit_shares(journey_of("AB"), "markov")
    with pytest.raises(TouchAfterSale):
        credit_shares(journey_of("AB", [1, -1]), "linear")
    with pytest.raises(TouchAfterSale):
        credit_shares(journey_of("AB", [1, float("nan")]), "linear")
    with pytest.raises(RepeatedTouch):
        credit_shares(journey_of("AB", [1, 1]).assign(touch_id=4), "first_touch")
    with pytest.raises(ValueError, match="half-life"):
        credit_shares(journey_of("AB"), "time_decay", half_life_days=0)


@pytest.mark.parametrize("rule", RULES)
def test_credit_by_key_shows_what_no_touch_reaches_and_keeps_currencies_apart(rule: str) -> None:
    journeys = pd.concat([journey_of("AB"), journey_of("B").assign(journey=2), journey_of("C").assign(journey=3)])
    sales = pd.DataFrame(
        {"journey": [1, 2, 9], "amount_minor": [101, -7, 40], "currency": ["EUR", "USD", "EUR"]}
    ).set_axis([4, 4, 4])
    credit = credit_by_key(journeys, sales, rule).set_index(["currency", "key"])["credit_minor"]
    assert credit["EUR", ""] == 40
    assert credit.groupby("currency").sum().to_dict() == {"EUR": 141, "USD": -7}
    assert credit["EUR", "A"] > 0 or rule == "last_touch"


@pytest.mark.parametrize("rule", RULES)
def test_credit_by_key_is_all_untouched_or_empty_when_there_are_no_touches_or_sales(rule: str) -> None:
    nothing = journey_of("A").iloc[:0]
    assert credit_by_key(nothing, sale_of(7), rule).to_dict("list") == {
        "key": [""],
        "currency": ["EUR"],
        "credit_minor": [7],
    }
    empty = credit_by_key(nothing, sale_of(7).iloc[:0], rule)
    assert empty.empty
    assert list(empty.columns) == ["key", "currency", "credit_minor"]


def test_credit_by_key_counts_a_refund_as_no_conversion_when_markov_looks_at_journeys() -> None:
    """B leads to nothing but a refund: only A has an effect, and takes 100 - 30."""
    journeys = pd.concat([journey_of("A"), journey_of("B").assign(journey=2)])
    sales = pd.DataFrame({"journey": [1, 2], "amount_minor": [100, -30], "currency": "EUR"})
    assert credit_by_key(journeys, sales, "markov").set_index("key")["credit_minor"].to_dict() == {"A": 70}


def test_credit_by_key_names_what_is_wrong() -> None:
    with pytest.raises(MissingKey, match="none"):
        credit_by_key(journey_of("AB").assign(key=["A", None]), sale_of(7), "linear")
    with pytest.raises(UnknownRule, match="middle"):
        credit_by_key(journey_of("AB"), sale_of(7), "middle")
    with pytest.raises(MissingColumns, match="currency"):
        credit_by_key(journey_of("AB"), sale_of(7).drop(columns="currency"), "linear")


AMOUNTS = st.one_of(st.integers(-(10**6), 10**6), st.integers(-(2**62), 2**62))
JOURNEYS = st.lists(
    st.tuples(
        AMOUNTS,
        st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from([0.0, 0.5, 3, 7, 28.25])), min_size=1, max_size=9),
    ),
    min_size=1,
    max_size=6,
)
Drawn = list[tuple[int, list[tuple[str, float]]]]


def frames_of(drawn: Drawn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Touches, of which every third is a lead's and every fourth an opportunity's; and a sale a journey."""
    rows = [(number, key, days) for number, (_, touches) in enumerate(drawn) for key, days in touches]
    journeys = pd.DataFrame(rows, columns=["journey", "key", "days_before"])
    number = np.arange(len(journeys))
    journeys = journeys.assign(touch_id=number, is_lead=number % 3 == 0, is_opportunity=number % 4 == 0)
    sales = pd.DataFrame({"journey": range(len(drawn)), "amount_minor": [amount for amount, _ in drawn]})
    return journeys, sales.assign(currency="EUR")


@settings(max_examples=60, deadline=None)
@given(JOURNEYS, st.sampled_from(JOURNEY_RULES))
def test_credit_shares_and_cents_add_up_for_any_journeys(drawn: Drawn, rule: str) -> None:
    journeys, sales = frames_of(drawn)
    shares = credit_shares(journeys, rule)
    assert shares.between(0, 1).all()
    assert shares.groupby(journeys["journey"]).sum().to_numpy() == pytest.approx(1)
    minor = split_minor(shares, journeys, sales)
    assert minor.dtype == "int64"
    assert minor.groupby(journeys["journey"]).sum().tolist() == sales["amount_minor"].tolist()
    exact = shares * sales["amount_minor"].to_numpy()[journeys["journey"]]
    assert ((minor - exact).abs() <= 1 + exact.abs() * 1e-12).all()
    refunded = split_minor(shares, journeys, sales.assign(amount_minor=-sales["amount_minor"]))
    assert refunded.tolist() == (-minor).tolist()


@settings(max_examples=60, deadline=None)
@given(JOURNEYS, st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_credit_is_the_same_when_rows_are_shuffled_and_leaves_its_input_alone(
    drawn: Drawn, rule: str, random: Random
) -> None:
    journeys, sales = frames_of([(amount // 2**20, touches) for amount, touches in drawn])
    sales = sales.iloc[: max(1, len(sales) // 2)]
    order = list(range(len(journeys)))
    random.shuffle(order)
    shuffled, before, sales_before = journeys.iloc[order], journeys.copy(), sales.copy()
    expected = credit_by_key(journeys, sales, rule)
    pd.testing.assert_frame_equal(credit_by_key(shuffled, sales.iloc[::-1], rule), expected)
    assert expected["credit_minor"].sum() == sales["amount_minor"].sum()
    if rule != "markov":
        shares = credit_shares(shuffled, rule)
        pd.testing.assert_series_equal(shares.sort_index(), credit_shares(journeys, rule), check_index_type=False)
        minor = split_minor(shares, shuffled, sales).sort_index()
        assert minor.tolist() == split_minor(credit_shares(journeys, rule), journeys, sales).tolist()
    pd.testing.assert_frame_equal(journeys, before)
    pd.testing.assert_frame_equal(sales, sales_before)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-(10**9), 10**9)), min_size=1, max_size=20))
def test_all_rules_but_markov_agree_when_each_journey_has_one_touch(drawn: list[tuple[str, int]]) -> None:
    journeys, sales = frames_of([(amount, [(key, 3.0)]) for key, amount in drawn])
    expected = credit_by_key(journeys, sales, "first_touch")
    for rule in JOURNEY_RULES:
        assert credit_shares(journeys, rule).tolist() == [1.0] * len(journeys)
        pd.testing.assert_frame_equal(credit_by_key(journeys, sales, rule), expected)


def test_all_rules_agree_when_each_journey_has_one_touch_and_sales_are_alike() -> None:
    """Markov too, where each sale comes to the same: without loops a key's effect is its share of conversions."""
    journeys, sales = frames_of([(100, [(key, 3.0)]) for key in "AAABBC"])
    for rule in RULES:
        assert credit_by_key(journeys, sales, rule)["credit_minor"].tolist() == [300, 200, 100]


@pytest.mark.parametrize("rule", JOURNEY_RULES)
def test_credit_shares_are_the_same_when_journeys_have_numbers_far_apart(rule: str) -> None:
    journeys, _ = frames_of([(1, [("A", 3.0), ("B", 1.0)]), (1, [("B", 2.0)]), (1, [("C", 2.0), ("A", 2.0)])])
    far = journeys.assign(journey=journeys["journey"] * 10**15 - 4)
    assert credit_shares(far, rule).tolist() == credit_shares(journeys, rule).tolist()
