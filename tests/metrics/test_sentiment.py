"""VADER's published scores, its caps, and the numbers said with it."""

import csv
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from metrics import sentiment
from metrics.columns import MissingColumns

PACKAGE = SentimentIntensityAnalyzer()
WORDS = [
    *list(PACKAGE.lexicon)[::40],
    *list(PACKAGE.emojis)[::100],
    *NEGATE,
    *BOOSTER_DICT,
    *SPECIAL_CASES,
    *("but", "BUT", "least", "at", "very", "no", "or", "nor", "so", "this", "never", "without", "doubt", "kind", "of"),
    *("!!!", "??", "the", "plane", "GREAT", "bad", "good", ":)"),
]


@pytest.mark.parametrize(
    ("text", "compound"),
    [
        ("VADER is smart, handsome, and funny.", 0.8316),
        ("VADER is smart, handsome, and funny!", 0.8439),
        ("VADER is VERY SMART, handsome, and FUNNY!!!", 0.9342),
        ("VADER is not smart, handsome, nor funny.", -0.7424),
        ("Today SUX!", -0.5461),
        ("", 0),
    ],
)
def test_score_text_equals_published_value(text: str, compound: float) -> None:
    assert sentiment.score_text(text) == compound


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_score_text_equals_package(text: str) -> None:
    assert sentiment.score_text(text) == PACKAGE.polarity_scores(text)["compound"]


@given(st.text(max_size=200))
def test_score_text_is_bounded_and_equals_package_when_text_is_anything(text: str) -> None:
    score = sentiment.score_text(text)
    assert -1 <= score <= 1
    assert score == PACKAGE.polarity_scores(sentiment.capped(text))["compound"]


def test_capped_passes_on_a_hundred_emoji_when_text_has_thousands() -> None:
    emoji = sentiment.analyser().emoji_characters
    passed = sentiment.capped("so good " + "😀" * 3_000 + " indeed")
    assert sum(character in emoji for character in passed) == sentiment.MAX_EMOJI
    assert passed.startswith("so good ")
    assert passed.endswith(" indeed")


def test_capped_passes_on_the_first_characters_when_text_is_long() -> None:
    assert sentiment.capped("a" * 3_999 + "bc") == "a" * 3_999 + "b"


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


@pytest.mark.realdata
def test_score_text_equals_package_when_texts_are_real(shared_data: Path) -> None:
    with (shared_data / "airline" / "tweets_half.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert len(texts) == 7_313
    assert [sentiment.score_text(text) for text in texts] == [
        PACKAGE.polarity_scores(text)["compound"] for text in texts
    ]


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
