"""What is said with the sentiment of texts (``vader``).

Source: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text" (2014).
"""

from dataclasses import dataclass

import pandas as pd

from metrics.columns import require_columns
from metrics.ratios import ratio

SENTIMENT_NAME = "vader"
#: Changes whenever the same text may get another score: what was scored by another version is scored again.
SENTIMENT_VERSION = "vader-3.3.2-3"
POSITIVE_FROM = 0.05
NEGATIVE_TO = -0.05


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
