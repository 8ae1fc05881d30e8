"""Language and sentiment of many texts: equal texts once, across processes where there are many."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from os import cpu_count
from typing import Generic, TypeVar

from data_access.staging import Score
from metrics.language import detect_language
from metrics.vader import SCORED_LANGUAGES, score_text

T = TypeVar("T")
#: What is scored: title, text, and the language that the network reported.
Scorable = tuple[str | None, str, str | None]

CHUNK = 1_000
#: Below this many texts, starting processes costs more than it saves.
WORTH_PROCESSES = 8_000
_REMEMBERED = 200_000
_SHORT = 300


def scored_text(title: str | None, text: str) -> str:
    """What of a post is read for sentiment and language: its title, if any, and its text."""
    return f"{title}\n{text}" if title else text


def score_one(title: str | None, text: str, reported_language: str | None) -> Score:
    """Language and sentiment of one post. Only English is scored; another or an unknown language never as neutral."""
    body = scored_text(title, text)
    language = detect_language(body, reported_language) if body.strip() else None
    return Score(language, score_text(body) if language in SCORED_LANGUAGES else None)


def score_chunk(posts: Sequence[Scorable]) -> list[Score]:
    """``score_one`` over many."""
    return [score_one(*post) for post in posts]


@dataclass
class _Batch(Generic[T]):
    items: list[tuple[T, Scorable | None]]
    known: dict[Scorable, Score]
    fresh: list[Scorable]
    future: Future[list[Score]] | None


class Scorer:
    """Scores a stream, in order. Use as a context manager: it may start processes."""

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or min(cpu_count() or 1, 8)
        self._pool: ProcessPoolExecutor | None = None
        self._known: dict[Scorable, Score] = {}
        self._seen = 0

    def __enter__(self) -> "Scorer":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def score(self, items: Iterable[tuple[T, Scorable | None]]) -> Iterator[list[tuple[T, Score | None]]]:
        """Batches of the items with their scores, in the order in which they came; None for what has no text."""
        waiting: list[_Batch[T]] = []
        stream = iter(items)
        while batch := list(islice(stream, CHUNK)):
            posts = {post for _, post in batch if post is not None}
            known = {post: self._known[post] for post in posts if post in self._known}
            fresh = list(dict.fromkeys(post for _, post in batch if post is not None and post not in known))
            waiting.append(_Batch(batch, known, fresh, self._submit(fresh)))
            if len(waiting) > 2 * self._processes or self._pool is None:
                yield self._finish(waiting.pop(0))
        for entry in waiting:
            yield self._finish(entry)

    def _submit(self, fresh: list[Scorable]) -> Future[list[Score]] | None:
        self._seen += len(fresh)
        if self._pool is None and self._seen > WORTH_PROCESSES and self._processes > 1:
            self._pool = ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"))
        return None if self._pool is None or not fresh else self._pool.submit(score_chunk, fresh)

    def _finish(self, batch: _Batch[T]) -> list[tuple[T, Score | None]]:
        scores = score_chunk(batch.fresh) if batch.future is None else batch.future.result()
        found = dict(zip(batch.fresh, scores, strict=True))
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._known.update((post, score) for post, score in found.items() if len(post[1]) < _SHORT)
        found.update(batch.known)
        return [(item, None if post is None else found[post]) for item, post in batch.items]
