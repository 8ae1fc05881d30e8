"""How engaged a person is."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.columns import MissingColumns
from metrics.engagement_score import HALF_LIFE_DAYS, OLDEST_DAYS, WEIGHTS, engagement_score


def acts(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kind", "days", "times"]).astype({"days": "int64", "times": "int64"})


def test_engagement_score_weighs_each_act_by_its_kind() -> None:
    # 2 posts of 3, 1 visit of 1, 1 order of 8: 15 points; 100 * 15 / 35
    found = engagement_score(acts(("post", 0, 2), ("visit", 0, 1), ("order", 0, 1)))
    assert found.points == 15
    assert found.score == 42.9
    assert found.parts["kind"].tolist() == ["order", "post", "visit"]
    assert found.parts["score"].tolist() == pytest.approx([100 * 8 / 35, 100 * 6 / 35, 100 / 35])


@pytest.mark.parametrize(("days", "points"), [(0, 8.0), (30, 4.0), (60, 2.0), (90, 1.0), (15, 8 * 2**-0.5)])
def test_engagement_score_halves_an_act_every_30_days(days: int, points: float) -> None:
    assert engagement_score(acts(("order", days, 1))).points == pytest.approx(points)


def test_engagement_score_is_half_at_20_points_and_two_thirds_at_40() -> None:
    assert engagement_score(acts(("visit", 0, 20))).score == 50
    assert engagement_score(acts(("visit", 0, 40))).score == 66.7


def test_engagement_score_is_0_when_nothing_was_done_in_a_year() -> None:
    for none in (acts(), acts(("order", OLDEST_DAYS + 1, 9)), acts(("blink", 0, 9))):
        found = engagement_score(none)
        assert (found.score, found.points, len(found.parts)) == (0, 0, 0)


def test_engagement_score_names_the_column_that_is_missing() -> None:
    with pytest.raises(MissingColumns, match="times"):
        engagement_score(acts(("post", 0, 1)).drop(columns="times"))


some_acts = st.lists(
    st.tuples(st.sampled_from(sorted(WEIGHTS)), st.integers(0, OLDEST_DAYS), st.integers(1, 500)), min_size=1
)


@given(some_acts, st.randoms())
def test_engagement_score_is_bounded_adds_up_and_ignores_the_order(
    rows: list[tuple[str, int, int]], random: object
) -> None:
    frame = acts(*rows)
    before = frame.copy()
    found = engagement_score(frame)
    assert 0 <= found.score <= 100
    assert found.parts["score"].sum() == pytest.approx(found.score, abs=0.06)
    assert found.parts["times"].sum() == sum(row[2] for row in rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert engagement_score(acts(*rows)).points == pytest.approx(found.points)
    pd.testing.assert_frame_equal(frame, before)


@given(some_acts)
def test_engagement_score_never_grows_while_nothing_is_done(rows: list[tuple[str, int, int]]) -> None:
    later = [(kind, days + HALF_LIFE_DAYS, times) for kind, days, times in rows]
    assert engagement_score(acts(*later)).points <= engagement_score(acts(*rows)).points / 2 + 1e-9
