"""Scoring beside reading: the same scores in the same order, and no waiting for a process that has ended."""

import os
import signal

import pytest

from jobs import scoring
from jobs.scoring import Scorable, Scorer, score_one
from jobs.scoring_process import ScoringEnded, ScoringProcess

POSTS: list[Scorable] = [
    (None, "Thank you, the lamp that you sent is great", None),
    ("Spät", "Der Flug war schon wieder zu spät", "en"),
    (None, "half a pair \ud83d of the surrogates that I hate", None),
    (None, "  ", "en"),
    (None, "ok", "fr"),
]


def test_scorer_gives_each_its_own_score_when_several_processes_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "CHUNK", 7)
    monkeypatch.setattr(scoring, "WORTH_PROCESSES", 10)
    items = [(number, None if number % 4 == 0 else POSTS[number % len(POSTS)]) for number in range(100)]
    with Scorer(processes=2) as scorer:
        scored = [pair for batch in scorer.score(items) for pair in batch]
    assert scored == [(number, None if post is None else score_one(*post)) for number, post in items]


def test_scoring_process_says_so_when_it_has_ended() -> None:
    process = ScoringProcess()
    os.kill(process._child.pid, signal.SIGKILL)
    with pytest.raises(ScoringEnded, match="Start the import again"):
        process.receive()
    process.close()
