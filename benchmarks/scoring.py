"""Sentiment and language: our analyser beside the package's own, in the same run on the same texts."""

import csv
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.measure import Row, seconds_of
from data_access.records import PostRecord
from jobs.demo import generate
from metrics.language import detect_language
from metrics.vader import score_text

SHARED_DATA = Path(__file__).parents[1] / "../shared/data"


def measure_scoring(count: int = 10_000) -> list[Row]:
    """Texts a second, how often the scores agree, and the share told as English."""
    texts = [r.text for r in generate(posts=count, seed=3).records() if isinstance(r, PostRecord)]
    analyser = SentimentIntensityAnalyzer()
    plain = seconds_of(lambda: [analyser.polarity_scores(text) for text in texts], times=2)
    fast = seconds_of(lambda: [score_text(text) for text in texts], times=2)
    language = seconds_of(lambda: [detect_language(text, None) for text in texts], times=2)
    rows = [
        Row("sentiment", f"{len(texts) / fast:,.0f} texts/s, {plain / fast:.1f} times the package's rate"),
        _compare_scores(analyser, "scores equal to the package's", texts),
        Row("language", f"{len(texts) / language:,.0f} texts/s"),
    ]
    if SHARED_DATA.is_dir():
        real = sorted({text for path in sorted(SHARED_DATA.rglob("*")) if path.is_file() for text in list_texts(path)})
        rows.append(_compare_scores(analyser, "the same, all texts of the real data", real))
    return rows


def _compare_scores(analyser: Any, name: str, texts: list[str]) -> Row:
    same = sum(score_text(text) == analyser.polarity_scores(text)["compound"] for text in texts)
    longest = max(map(len, texts))
    value = f"{same:,} of {len(texts):,}, the longest of {longest:,} characters"
    return Row(name, value, "all", same == len(texts))


def list_texts(path: Path) -> Iterator[str]:
    """Every cell, value or line of more than one word in a file, or in the files of a zip."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield from _list_texts(packed.read(name))
    else:
        yield from _list_texts(path.read_bytes())


def _list_texts(data: bytes) -> Iterator[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    try:
        values = _list_strings(json.loads(text))
    except json.JSONDecodeError:
        values = _list_cells(text)
    for value in values:
        if len(value.split(maxsplit=1)) > 1:
            yield value


def _list_strings(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for inner in document.values() if isinstance(document, dict) else document:
            yield from _list_strings(inner)


def _list_cells(text: str) -> Iterator[str]:
    csv.field_size_limit(sys.maxsize)
    has_commas = "," in text.partition("\n")[0]
    lines = csv.reader(text.splitlines(keepends=True)) if has_commas else (row.split("\t") for row in text.splitlines())
    for cells in lines:
        yield from cells
