"""How alike people are."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.similarity import similarity


def features(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["part", "key", "count"]).astype({"count": "int64"})


def of(person: int, *rows: tuple[str, str, int]) -> pd.DataFrame:
    return features(*rows).assign(person_id=person)


ANN = features(("topic", "price", 3), ("topic", "size", 4), ("channel", "forum", 5), ("activity", "posts", 10))


def test_similarity_is_1_with_a_twin_and_0_with_a_stranger() -> None:
    twin = ANN.assign(person_id=2)
    stranger = of(3, ("topic", "colour", 9), ("channel", "wall", 2))
    found = similarity(ANN, pd.concat([stranger, twin]))
    assert found["person_id"].tolist() == [2, 3]
    assert found["similarity"].tolist() == pytest.approx([1, 0])


def test_similarity_weighs_topics_channels_and_activity() -> None:
    # topics: (3, 4) with (4, 3) is 24 / 25; another channel; 5 posts beside 10
    other = of(2, ("topic", "price", 4), ("topic", "size", 3), ("channel", "wall", 5), ("activity", "posts", 5))
    row = similarity(ANN, other).iloc[0]
    assert (row["topic"], row["channel"], row["activity"]) == pytest.approx((0.96, 0, 0.5))
    assert row["similarity"] == pytest.approx(0.5 * 0.96 + 0.2 * 0.5)


def test_similarity_leaves_out_what_the_person_has_nothing_of() -> None:
    silent = features(("channel", "forum", 5))
    found = similarity(silent, of(2, ("topic", "price", 9), ("channel", "forum", 1)))
    assert found.columns.tolist() == ["person_id", "similarity", "channel"]
    assert found["similarity"].tolist() == pytest.approx([1])
    assert similarity(features(), of(2, ("topic", "price", 9))).empty


counts = st.lists(
    st.tuples(st.sampled_from(["topic", "channel", "activity"]), st.sampled_from("abc"), st.integers(1, 99)),
    min_size=1,
    max_size=8,
)


@given(counts, counts)
def test_similarity_is_bounded_and_the_same_whatever_the_order(
    own: list[tuple[str, str, int]], theirs: list[tuple[str, str, int]]
) -> None:
    found = similarity(features(*own), of(2, *theirs))
    assert found["similarity"].between(0, 1 + 1e-9).all()
    turned = similarity(features(*own[::-1]), of(2, *theirs[::-1]))
    assert turned["similarity"].tolist() == pytest.approx(found["similarity"].tolist())
