"""Sentiment and language: our analyser beside the package's own, in the same run on the same texts."""

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.measure import Row, seconds_of
from data_access.records import PostRecord
from jobs.demo import generate
from metrics.language import detect_language
from metrics.vader import score_text


def measure_scoring(count: int = 10_000) -> list[Row]:
    """Texts a second, how often the scores agree, and the share told as English."""
    texts = [r.text for r in generate(posts=count, seed=3).records() if isinstance(r, PostRecord)]
    analyser = SentimentIntensityAnalyzer()
    theirs = [analyser.polarity_scores(text)["compound"] for text in texts]
    ours = [score_text(text) for text in texts]
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    plain = seconds_of(lambda: [analyser.polarity_scores(text) for text in texts], times=2)
    fast = seconds_of(lambda: [score_text(text) for text in texts], times=2)
    language = seconds_of(lambda: [detect_language(text, None) for text in texts], times=2)
    return [
        Row("sentiment", f"{len(texts) / fast:,.0f} texts/s, {plain / fast:.1f} times the package's rate"),
        Row("scores equal to the package's", f"{same:,} of {len(texts):,}", "all", same == len(texts)),
        Row("language", f"{len(texts) / language:,.0f} texts/s"),
    ]
