"""Where people are drawn."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from metrics.columns import MissingColumns
from metrics.influence_layout import layout
from metrics.influence_packing import pack_discs

COLUMNS = ["source", "target", "weight"]
TIES = st.lists(st.tuples(st.integers(1, 15), st.integers(1, 15), st.floats(0.1, 9)), max_size=40)


@pytest.fixture(scope="module")
def planted() -> tuple[pd.DataFrame, pd.Series]:
    graph = nx.planted_partition_graph(5, 40, 0.2, 0.005, seed=4)
    ties = pd.DataFrame([(a, b, 1.0) for a, b in graph.edges], columns=COLUMNS)
    hubs = pd.DataFrame(
        [(40 * group + n, 40 * group, 2.0) for group in range(5) for n in range(1, 40)], columns=COLUMNS
    )
    return pd.concat([ties, hubs], ignore_index=True), pd.Series({person: person // 40 + 1 for person in range(200)})


def test_layout_keeps_communities_apart(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    ties, community = planted
    places = layout(ties, community).set_index("person_id")
    middles = places.groupby(community).transform("mean")
    own = np.hypot(*(places - middles).to_numpy().T)
    for group, middle in places.groupby(community).mean().iterrows():
        others = places[community != group]
        assert np.hypot(*(others - middle).to_numpy().T).min() > own[(community == group).to_numpy()].max()


def test_layout_puts_who_is_turned_to_near_the_middle(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    places = layout(*planted).set_index("person_id")
    for group in range(5):
        members = places.loc[40 * group : 40 * group + 39]
        far = np.hypot(*(members - members.mean()).to_numpy().T)
        assert far[0] <= np.quantile(far, 0.1)


def test_layout_lets_nobody_hide_another(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    places = layout(*planted)[["x", "y"]].to_numpy()
    nearest = cKDTree(places).query(places, k=2)[0][:, 1]
    assert nearest.min() > 0.02


def test_layout_draws_bridges_on_the_side_that_they_lead_to() -> None:
    ring = [(a, b, 1.0) for base in (0, 100) for a in range(base, base + 30) for b in range(a + 1, base + 30, 7)]
    bridges = [(29, 100 + n, 3.0) for n in range(8)]
    ties = pd.DataFrame([*ring, *bridges], columns=COLUMNS)
    places = layout(ties, pd.Series({n: 1 + n // 100 for n in {*range(30), *range(100, 130)}})).set_index("person_id")
    far, own = places.loc[100:].mean(), places.loc[:29].mean()
    assert np.hypot(*(places.loc[29] - far)) < np.hypot(*(own - far))


def test_layout_draws_who_has_no_community_with_those_they_talk_to(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    ties, community = planted
    helper = pd.DataFrame([(999, 81, 5.0), (999, 82, 5.0), (999, 3, 1.0)], columns=COLUMNS)
    places = layout(pd.concat([ties, helper]), community).set_index("person_id")
    middles = places.loc[:199].groupby(community).mean()
    assert np.hypot(*(middles - places.loc[999]).to_numpy().T).argmin() == 2


def test_layout_is_not_flung_apart_when_many_pairs_are_alone() -> None:
    pairs = pd.DataFrame([(2 * n, 2 * n + 1, 1.0) for n in range(300)], columns=COLUMNS)
    places = layout(pairs, pd.Series({n: 1 + n // 2 for n in range(600)}))
    assert np.hypot(places["x"], places["y"]).median() > 0.3
    assert cKDTree(places[["x", "y"]]).query(places[["x", "y"]], k=2)[0][:, 1].min() > 0.005


@settings(max_examples=30, deadline=None)
@given(rows=TIES)
def test_layout_has_everyone_once_within_the_square_whatever_the_order(rows: list[tuple[int, int, float]]) -> None:
    ties = pd.DataFrame(rows, columns=COLUMNS).astype({"source": "int64", "target": "int64", "weight": "float64"})
    community = pd.Series({person: person % 3 for person in range(1, 10)})
    before = ties.copy()
    places = layout(ties, community)
    expected = set(community.index) | {end for a, b, _ in rows if a != b for end in (a, b)}
    assert places["person_id"].tolist() == sorted(expected)
    assert places[["x", "y"]].abs().to_numpy().max() <= 1
    pd.testing.assert_frame_equal(places, layout(ties[::-1], community[::-1]), check_exact=True)
    pd.testing.assert_frame_equal(ties, before)


def test_layout_is_empty_when_there_is_nobody() -> None:
    empty = pd.DataFrame({"source": [], "target": [], "weight": []})
    assert layout(empty, pd.Series(dtype="int64")).columns.tolist() == ["person_id", "x", "y"]
    with pytest.raises(MissingColumns, match="weight"):
        layout(empty.drop(columns="weight"), pd.Series(dtype="int64"))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.5, 5), min_size=2, max_size=90))
def test_discs_never_touch_when_packed(sizes: list[float]) -> None:
    radius = np.sort(sizes)[::-1]
    centres = pack_discs(radius, np.ones((min(len(radius), 80),) * 2), gap=0.5)
    apart = np.hypot(*(centres[:80, None] - centres[None, :80]).transpose(2, 0, 1))
    needed = radius[:80, None] + radius[None, :80] + 0.5
    np.fill_diagonal(apart, np.inf)
    assert (apart >= needed - 1e-6).all()
