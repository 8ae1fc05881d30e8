"""Credit rules side by side."""

import pandas as pd

from figures.credit_rules import credit_rules_figure, credit_rules_takeaway
from figures.template import BLUE, GREY

RULES = {"first_touch": "First touch", "linear": "Linear", "markov": "Markov"}
FRAME = pd.DataFrame(
    {
        "key": ["7", "3", ""],
        "label": ["Forum", "Forum", "No touch"],
        "first_touch": [20.0, 70.0, 10.0],
        "linear": [60.0, 30.0, 10.0],
        "markov": [55.0, 35.0, 10.0],
    }
)


def test_credit_rules_figure_has_a_dot_for_each_rule_and_key() -> None:
    _, others, chosen = credit_rules_figure(FRAME, rules=RULES, rule="linear", x_title="EUR").data
    assert (chosen.name, chosen.marker.color, list(chosen.x)) == ("Linear", BLUE, [60, 30, 10])
    assert (others.name, others.marker.color, list(others.x)) == ("other rules", GREY, [20, 55, 70, 35, 10, 10])
    assert others.text[1] == "Forum<br>Markov"


def test_credit_rules_figure_spans_from_the_least_to_the_most() -> None:
    ranges = credit_rules_figure(FRAME, rules=RULES, rule="linear", x_title="EUR").data[0]
    assert list(ranges.x) == [20, 60, None, 30, 70, None, 10, 10, None]


def test_credit_rules_figure_keeps_keys_apart_when_they_share_a_label() -> None:
    figure = credit_rules_figure(FRAME, rules=RULES, rule="linear", x_title="EUR")
    chosen = figure.data[2]
    assert list(chosen.y) == [0, 1, 2]
    assert [list(point) for point in chosen.customdata] == [["7", "linear"], ["3", "linear"], ["", "linear"]]
    assert list(figure.layout.yaxis.ticktext) == ["Forum", "Forum", "No touch"]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # the first row on top


def test_credit_rules_figure_shortens_long_labels_when_drawn_and_not_when_pointed_at() -> None:
    figure = credit_rules_figure(FRAME.assign(label="x" * 60), rules=RULES, rule="linear", x_title="EUR")
    assert len(figure.layout.yaxis.ticktext[0]) == 34
    assert figure.data[2].text[0].startswith("x" * 60)


def test_credit_rules_takeaway_names_the_leader_and_where_rules_differ_most() -> None:
    assert credit_rules_takeaway(FRAME, rules=RULES, rule="linear", what="Credit by channel") == (
        "Credit by channel: under Linear, Forum leads with 60 %. The rules differ most on Forum: from 20 % to 60 %."
    )


def test_credit_rules_takeaway_lets_what_no_touch_reaches_lead_nothing() -> None:
    mostly = FRAME.assign(linear=[6.0, 4.0, 90.0])
    said = credit_rules_takeaway(mostly, rules=RULES, rule="linear", what="Credit")
    assert said.startswith("Credit: under Linear, Forum leads with 6 %.")
    unreached = credit_rules_takeaway(FRAME.iloc[2:], rules=RULES, rule="linear", what="Credit")
    assert unreached == "Credit: no touch came before what was sold."


def test_credit_rules_takeaway_says_so_when_rules_agree_or_nothing_was_sold() -> None:
    alike = FRAME.assign(first_touch=FRAME["linear"], markov=FRAME["linear"])
    assert credit_rules_takeaway(alike, rules=RULES, rule="markov", what="Credit").endswith("All rules agree.")
    empty = FRAME.iloc[:0]
    assert "nothing was sold" in credit_rules_takeaway(empty, rules=RULES, rule="linear", what="Credit")
    assert len(credit_rules_figure(empty, rules=RULES, rule="linear", x_title="EUR").data[2].x) == 0


def test_credit_rules_figure_names_as_it_stands_what_holds_markup() -> None:
    figure = credit_rules_figure(FRAME.assign(label="<b>x</b>"), rules=RULES, rule="linear", x_title="EUR")
    assert set(figure.layout.yaxis.ticktext) == {"&lt;b&gt;x&lt;/b&gt;"}
    assert figure.data[2].text[0] == "&lt;b&gt;x&lt;/b&gt;<br>Linear"
