"""Every credit rule on tables of paths: nine small ones, and PathData's ten thousand."""

from pathlib import Path

import pandas as pd
import pytest

from metrics.attribution import RULES
from metrics.attribution_markov import conversion_rate, markov_removal_effects
from metrics.attribution_paths import journeys_of, path_credit, path_transitions
from metrics.columns import MissingColumns

NINE = pd.DataFrame(
    {
        "path": ["A", "A > B", "A > B > C", "B", "B > A", "B > C > A", "C", "C > A", "C > B > A"],
        "conversions": 3,
        "nulls": 0,
    }
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first_touch", [9, 9, 9]),
        ("last_touch", [15, 6, 6]),
        ("linear", [10.5, 9, 7.5]),
        ("u_shaped", [11.1, 8.4, 7.5]),
        ("markov", [10.643, 8.515, 7.842]),
        ("shapley", [10.5, 9, 7.5]),
    ],
)
def test_path_credit_equals_reference_on_nine_paths(rule: str, expected: list[float]) -> None:
    assert path_credit(NINE, rule).round(3).to_dict() == dict(zip("ABC", expected, strict=True))


def test_removal_effects_equal_reference_on_nine_paths() -> None:
    effects = markov_removal_effects(path_transitions(NINE))
    assert effects.round(4).to_dict() == {"A": 0.6667, "B": 0.5333, "C": 0.4912}


def test_path_credit_goes_by_steps_when_the_rule_needs_times() -> None:
    """Two touches a half-life apart share 1 to 2; without milestones W gives the first 3 parts and the other 1."""
    paths = pd.DataFrame({"path": ["A > B"], "conversions": [12]})
    assert path_credit(paths, "time_decay", step_days=7).to_dict() == pytest.approx({"A": 4, "B": 8})
    assert path_credit(paths, "w_shaped").to_dict() == pytest.approx({"A": 9, "B": 3})


def test_path_credit_is_0_when_nothing_converts() -> None:
    paths = pd.DataFrame({"path": ["A > B"], "conversions": [0], "nulls": [4]})
    for rule in RULES:
        assert path_credit(paths, rule).to_dict() == {"A": 0, "B": 0}


def test_journeys_of_names_missing_columns() -> None:
    with pytest.raises(MissingColumns, match="path"):
        journeys_of(NINE.drop(columns="path"))
    with pytest.raises(MissingColumns, match="nulls"):
        path_transitions(NINE.drop(columns="nulls"))


@pytest.fixture(scope="module")
def path_data(shared_data: Path) -> pd.DataFrame:
    paths = pd.read_csv(shared_data / "pathdata" / "PathData_from_rda.csv")
    named = paths.rename(columns={"total_conversions": "conversions", "total_null": "nulls"})
    return named.astype({"nulls": "int64"})


@pytest.mark.realdata
@pytest.mark.parametrize("rule", ["first", "last", "linear"])
def test_path_credit_equals_published_values_when_paths_are_real(
    rule: str, path_data: pd.DataFrame, shared_data: Path
) -> None:
    published = pd.read_csv(shared_data / "pathdata" / "PathData_reference_first_last_linear.csv", index_col=0)
    credit = path_credit(path_data, rule if rule == "linear" else f"{rule}_touch")
    assert credit.to_dict() == pytest.approx(published[f"{rule}_conv"].to_dict(), abs=1e-5)
    assert credit["alpha"] == pytest.approx({"first": 6308, "last": 8447, "linear": 7574.7186}[rule], abs=1e-4)


@pytest.mark.realdata
def test_markov_equals_exact_values_when_paths_are_real(path_data: pd.DataFrame, shared_data: Path) -> None:
    transitions = path_transitions(path_data)
    told = path_data["conversions"].sum() / path_data[["conversions", "nulls"]].sum().sum()
    assert conversion_rate(transitions) == pytest.approx(told, abs=1e-12)
    assert told == pytest.approx(0.223845, abs=1e-6)
    credit = path_credit(path_data, "markov")
    top = {"alpha": 5344.948, "iota": 3884.615, "eta": 3340.847, "beta": 2527.352, "theta": 1971.913}
    assert credit[list(top)].round(3).to_dict() == top
    effects = markov_removal_effects(transitions)
    assert effects["alpha"] == pytest.approx(0.558399, abs=1e-6)
    simulated = pd.read_csv(shared_data / "pathdata" / "PathData_ChannelAttribution_markov1_result.csv", index_col=0)
    assert credit[list(top)].to_dict() == pytest.approx(simulated["total_conversions"][list(top)].to_dict(), rel=0.05)


@pytest.mark.realdata
@pytest.mark.parametrize("rule", RULES)
def test_path_credit_adds_up_when_paths_are_real(rule: str, path_data: pd.DataFrame) -> None:
    credit = path_credit(path_data, rule)
    assert credit.sum() == pytest.approx(path_data["conversions"].sum())
    shuffled = path_credit(path_data.sample(frac=1, random_state=4), rule)
    assert shuffled.to_dict() == pytest.approx(credit.to_dict())
