"""Sentiment of English texts by VADER, and what is said with it.

Source: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text" (2014).
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer, SentiText

from metrics.columns import require_columns
from metrics.ratios import ratio

SENTIMENT_NAME = "vader"
#: Changes whenever the same text may get another score: what was scored by another version is scored again.
SENTIMENT_VERSION = "vader-3.3.2-1"
SCORED_LANGUAGES = frozenset({"en"})
POSITIVE_FROM = 0.05
NEGATIVE_TO = -0.05

#: VADER replaces each emoji by its description and then reads every word again for each word that it knows, so its
#: cost grows with the square of the emoji (4,000 took 18 s). Nobody's opinion hangs on the hundred-and-first.
MAX_EMOJI = 100
#: Its rules are for a sentence or a few. Beyond that the sum saturates at -1 or 1, and a pasted log would cost seconds.
MAX_CHARACTERS = 4_000

_NEGATION_WORDS = frozenset(NEGATE) | {"never", "without", "so", "this"}
_IDIOM_WORDS = frozenset(word for idiom in (*SPECIAL_CASES, *BOOSTER_DICT) if " " in idiom for word in idiom.split())


class Analyser(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """VADER with the same scores in less time: at a sentiment word it looks around, not at all words again."""

    def __init__(self) -> None:
        super().__init__()
        self.emoji_characters = frozenset(key for key in self.emojis if len(key) == 1)

    def compound(self, text: str) -> float:
        """The compound score of ``text``, -1 to 1, rounded to four digits as VADER's own."""
        described = self._describe_emoji(text).strip()
        sentitext = SentiText(described)
        words = sentitext.words_and_emoticons
        lower = [word.lower() for word in words]
        if self.lexicon.keys().isdisjoint(lower):
            return 0.0
        sentiments: list[float] = []
        for index, word in enumerate(lower):
            is_modifier = word in BOOSTER_DICT or (word == "kind" and lower[index + 1 : index + 2] == ["of"])
            if is_modifier or word not in self.lexicon:
                sentiments.append(0)
            else:
                sentiments = self.sentiment_valence(0, sentitext, words[index], index, sentiments)
        return float(self.score_valence(self._but_check(lower, sentiments), described)["compound"])

    def _describe_emoji(self, text: str) -> str:
        if text.isascii() or self.emoji_characters.isdisjoint(text):
            return text
        parts: list[str] = []
        after_space = True
        for character in text:
            if character in self.emoji_characters:
                parts.append(self.emojis[character] if after_space else " " + self.emojis[character])
                after_space = False
            else:
                parts.append(character)
                after_space = character == " "
        return "".join(parts)

    @staticmethod
    def _negation_check(valence: float, words_and_emoticons: list[str], start_i: int, i: int) -> float:
        window = [word.lower() for word in words_and_emoticons[i - start_i - 1 : i + 1]]
        if not any(word in _NEGATION_WORDS or "n't" in word for word in window):
            return valence
        checked = SentimentIntensityAnalyzer._negation_check(valence, window, start_i, len(window) - 1)
        return float(checked)

    @staticmethod
    def _special_idioms_check(valence: float, words_and_emoticons: list[str], i: int) -> float:
        window = [word.lower() for word in words_and_emoticons[i - 3 : i + 3]]
        if _IDIOM_WORDS.isdisjoint(window):
            return valence
        return float(SentimentIntensityAnalyzer._special_idioms_check(valence, window, 3))


@cache
def analyser() -> Analyser:
    """The one analyser of this process."""
    return Analyser()


def capped(text: str) -> str:
    """What of ``text`` is scored: its first 4,000 characters, and of its emoji the first 100.

    >>> len(capped("x" * 5_000))
    4000
    """
    text = text[:MAX_CHARACTERS]
    emoji = analyser().emoji_characters
    if text.isascii() or len(text) <= MAX_EMOJI or emoji.isdisjoint(text):
        return text
    left = MAX_EMOJI
    kept = []
    for character in text:
        if character in emoji:
            left -= 1
            if left < 0:
                continue
        kept.append(character)
    return "".join(kept)


def score_text(text: str) -> float:
    """VADER's compound score of an English text: -1 (very negative) to 1 (very positive).

    Only ask for texts in ``SCORED_LANGUAGES``: in others it finds no words and would say "neutral".

    >>> score_text("VADER is smart, handsome, and funny.")
    0.8316
    """
    return analyser().compound(capped(text))


def label_of(compound: float) -> str:
    """``positive`` from 0.05, ``negative`` to -0.05, else ``neutral`` (VADER's own thresholds).

    >>> label_of(0.05), label_of(0.049), label_of(-0.05)
    ('positive', 'neutral', 'negative')
    """
    if compound >= POSITIVE_FROM:
        return "positive"
    return "negative" if compound <= NEGATIVE_TO else "neutral"


def net_sentiment(counts: pd.DataFrame) -> float:
    """Positive minus negative posts, of all scored ones, times 100.

    Columns: ``positive``, ``neutral``, ``negative`` (posts). Returns -100 (all negative) to 100 (all positive); NaN
    where nothing is scored. Below 0, more people complain than praise: read the negative posts.

    >>> net_sentiment(pd.DataFrame({"positive": [80], "neutral": [100], "negative": [20]}))
    30.0
    """
    require_columns(counts, "net_sentiment", "positive", "neutral", "negative")
    return balance_of(*(int(counts[name].sum()) for name in ("positive", "neutral", "negative")))


def balance_of(positive: int, neutral: int, negative: int) -> float:
    """``net_sentiment`` of so many posts.

    >>> balance_of(80, 100, 20)
    30.0
    """
    return 100 * ratio(positive - negative, positive + neutral + negative)


@dataclass(frozen=True)
class Agreement:
    """How far the scorer agrees with people, over ``posts`` that both labelled; NaN where there is none.

    ``accuracy``: the share of equal labels. ``macro_f1``: the mean of the F1 of the labels that people gave.
    ``confusion``: ``label`` (people's), ``model_label``, ``posts``.
    """

    posts: int
    accuracy: float
    macro_f1: float
    confusion: pd.DataFrame


def agreement(labels: pd.DataFrame) -> Agreement:
    """How right the scorer is on the posts that people relabelled.

    Columns: ``label`` (people's), ``model_label``; a row a post, rows where either is missing are left out. People
    correct what is wrong, so this is a lower bound of what the scorer gets right overall.

    >>> rows = pd.DataFrame({"label": ["positive", "negative"], "model_label": ["positive", "neutral"]})
    >>> found = agreement(rows)
    >>> found.accuracy, found.macro_f1
    (0.5, 0.5)
    """
    require_columns(labels, "agreement", "label", "model_label")
    rows = labels[["label", "model_label"]].dropna()
    counts = rows.value_counts().rename("posts").reset_index()
    confusion = counts.sort_values(["label", "model_label"], ignore_index=True)
    right = rows["label"] == rows["model_label"]
    scores = []
    for label in rows["label"].unique():
        hits = int((right & (rows["label"] == label)).sum())
        scores.append(ratio(2 * hits, int((rows["label"] == label).sum() + (rows["model_label"] == label).sum())))
    macro_f1 = ratio(sum(scores), len(scores))
    return Agreement(len(rows), ratio(int(right.sum()), len(rows)), macro_f1, confusion)
