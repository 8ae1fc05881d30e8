"""The numbers said with sentiment."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import sentiment
from metrics.columns import MissingColumns


@pytest.mark.parametrize(
    ("compound", "label"),
    [(1, "positive"), (0.05, "positive"), (0.0499, "neutral"), (-0.0499, "neutral"), (-0.05, "negative")],
)
def test_label_of_follows_thresholds(compound: float, label: str) -> None:
    assert sentiment.label_of(compound) == label


def test_net_sentiment_equals_reference() -> None:
    counts = pd.DataFrame({"positive": [80], "negative": [20], "neutral": [100]})
    assert sentiment.net_sentiment(counts) == 30


def test_net_sentiment_is_nan_when_nothing_is_scored() -> None:
    assert math.isnan(sentiment.net_sentiment(pd.DataFrame({"positive": [], "negative": [], "neutral": []})))


def test_net_sentiment_names_what_is_missing() -> None:
    with pytest.raises(MissingColumns, match="net_sentiment needs the columns neutral, negative"):
        sentiment.net_sentiment(pd.DataFrame({"positive": [1]}))


@given(st.lists(st.tuples(*[st.integers(0, 10**9)] * 3), min_size=1, max_size=20))
def test_net_sentiment_is_bounded_and_ignores_order(rows: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["positive", "neutral", "negative"])
    value = sentiment.net_sentiment(frame)
    assert math.isnan(value) or -100 <= value <= 100
    reversed_value = sentiment.net_sentiment(frame.iloc[::-1])
    assert value == reversed_value or (math.isnan(value) and math.isnan(reversed_value))


def test_agreement_equals_hand_computed_values() -> None:
    people = ["positive", "positive", "negative", "negative", "neutral"]
    model = ["positive", "neutral", "negative", "positive", "neutral"]
    found = sentiment.agreement(pd.DataFrame({"label": people, "model_label": model}))
    assert (found.posts, found.accuracy) == (5, 0.6)
    # F1: positive 2*1/(2+2) = 1/2, negative 2*1/(2+1) = 2/3, neutral 2*1/(1+2) = 2/3
    assert found.macro_f1 == pytest.approx((1 / 2 + 2 / 3 + 2 / 3) / 3)
    assert found.confusion["posts"].sum() == 5


def test_agreement_is_nan_when_nobody_relabelled() -> None:
    found = sentiment.agreement(pd.DataFrame({"label": [None], "model_label": ["neutral"]}))
    assert found.posts == 0
    assert math.isnan(found.accuracy)
    assert math.isnan(found.macro_f1)
