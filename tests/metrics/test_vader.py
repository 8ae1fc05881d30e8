"""VADER's published scores, its caps, and that every score equals the package's."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from metrics import vader

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
    assert vader.score_text(text) == compound


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_score_text_equals_package(text: str) -> None:
    assert vader.score_text(text) == PACKAGE.polarity_scores(text)["compound"]


@given(st.text(max_size=200))
def test_score_text_is_bounded_and_equals_package_when_text_is_anything(text: str) -> None:
    score = vader.score_text(text)
    assert -1 <= score <= 1
    assert score == PACKAGE.polarity_scores(vader.capped(text))["compound"]


def test_capped_passes_on_a_hundred_emoji_when_text_has_thousands() -> None:
    emoji = vader.analyser().emoji_characters
    passed = vader.capped("so good " + "😀" * 3_000 + " indeed")
    assert sum(character in emoji for character in passed) == vader.MAX_EMOJI
    assert passed.startswith("so good ")
    assert passed.endswith(" indeed")


def test_capped_passes_on_the_first_characters_when_text_is_long() -> None:
    assert vader.capped("a" * 39_999 + "bc") == "a" * 39_999 + "b"


@pytest.mark.parametrize("characters", [4_500, 9_000])
def test_score_text_equals_package_when_text_is_a_long_story(characters: int) -> None:
    said = re.split(" ", "It was a GREAT day, but then the pump broke again! Nobody was ever so kind to me. ")
    story = " ".join(said[number * 7 % len(said)] for number in range(characters))[:characters]
    story = f"I hate to say it. {story} In the end it was awful, awful, never again."
    assert vader.score_text(story) == PACKAGE.polarity_scores(story)["compound"]


@pytest.mark.realdata
def test_score_text_equals_package_when_texts_are_real(shared_data: Path) -> None:
    with (shared_data / "airline" / "tweets_half.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert len(texts) == 7_313
    assert [vader.score_text(text) for text in texts] == [PACKAGE.polarity_scores(text)["compound"] for text in texts]
