"""Language and sentiment of many texts, beside what the caller does where there are many."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from os import cpu_count
from typing import TypeVar

from data_access.staging import Score
from jobs.scoring_process import Scorable, Scored, ScoringProcess, score_post, score_posts

__all__ = ["Scorable", "Scorer", "score_one"]

T = TypeVar("T")

CHUNK = 1_000
#: Below this many texts, starting a process costs more than it saves.
WORTH_PROCESSES = 4_000
#: Reading a file takes longer than scoring it: one process for each other core, but no more than are ever busy.
_MOST_PROCESSES = 3
#: So many chunks wait for each process, so that none is idle.
_AHEAD = 3


def score_one(title: str | None, text: str, reported_language: str | None) -> Score:
    """Language and sentiment of one post. Only English is scored; another or an unknown language never as neutral."""
    return Score(*score_post(title, text, reported_language))


class Scorer:
    """Scores a stream, in order. Use as a context manager: it may start processes."""

    def __init__(self, processes: int | None = None) -> None:
        self._most = min((cpu_count() or 1) - 1, _MOST_PROCESSES) if processes is None else processes
        self._processes: list[ScoringProcess] = []
        self._seen = 0
        self._sent = 0

    def __enter__(self) -> "Scorer":
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self._processes:
            process.close()

    def score_blocks(self, blocks: Iterable[tuple[T, Sequence[Scorable]]]) -> Iterator[tuple[T, Sequence[Scored]]]:
        """Each block with the scores of its posts, in the order in which they came."""
        waiting: deque[tuple[T, Sequence[Scorable], ScoringProcess | None]] = deque()
        for block, posts in blocks:
            waiting.append((block, posts, self._send(posts)))
            while len(waiting) > _AHEAD * len(self._processes):
                yield _finish(*waiting.popleft())
        while waiting:
            yield _finish(*waiting.popleft())

    def score(self, items: Iterable[tuple[T, Scorable | None]]) -> Iterator[list[tuple[T, Score | None]]]:
        """Batches of the items with their scores, in the order in which they came; None for what has no text."""
        for batch, scored in self.score_blocks(_chunked(items)):
            scores = iter(scored)
            yield [(item, None if post is None else Score(*next(scores))) for item, post in batch]

    def _send(self, posts: Sequence[Scorable]) -> ScoringProcess | None:
        """Where these are scored; None where that is for us to do."""
        self._seen += len(posts)
        if not self._processes and self._seen > WORTH_PROCESSES:
            self._processes = [ScoringProcess() for _ in range(self._most)]
        if not self._processes or not posts:
            return None
        process = self._processes[self._sent % len(self._processes)]
        self._sent += 1
        process.send(posts)
        return process


def _finish(block: T, posts: Sequence[Scorable], process: ScoringProcess | None) -> tuple[T, Sequence[Scored]]:
    return block, score_posts(posts) if process is None else process.receive()


def _chunked(
    items: Iterable[tuple[T, Scorable | None]],
) -> Iterator[tuple[list[tuple[T, Scorable | None]], list[Scorable]]]:
    stream = iter(items)
    while batch := list(islice(stream, CHUNK)):
        yield batch, [post for _, post in batch if post is not None]
