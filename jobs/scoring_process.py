"""Language and sentiment of texts in a process of its own, so that reading a file goes on beside it.

It loads nothing but what it scores with (``jobs.pipes``).
"""

import signal
import sys
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread
from typing import cast

from jobs.pipes import Child, read_message, write_message
from metrics.language import detect_language
from metrics.vader import SCORED_LANGUAGES, score_text

#: What is scored: title, text, and the language that the network reported.
Scorable = tuple[str | None, str, str | None]
#: Language and compound sentiment.
Scored = tuple[str | None, float | None]


class ScoringEnded(RuntimeError):
    """The process that scores has ended before it was told to."""

    def __init__(self) -> None:
        super().__init__("The process that scores texts has ended, perhaps for want of memory. Start the import again.")


def score_post(title: str | None, text: str, reported_language: str | None) -> Scored:
    """Language and sentiment of one post. Only English is scored; another or an unknown language never as neutral.

    >>> score_post(None, "Thank you, that is a great help", None), score_post("", " ", "en")
    (('en', 0.8519), (None, None))
    """
    body = f"{title}\n{text}" if title else text
    words = body.split()
    if not words:
        return None, None
    language = detect_language(body, reported_language, words)
    return language, score_text(body, words) if language in SCORED_LANGUAGES else None


def score_posts(posts: Sequence[Scorable]) -> list[Scored]:
    """``score_post`` over many."""
    return [score_post(*post) for post in posts]


class ScoringProcess:
    """A process that scores what it is sent, in its order. Use ``close`` at the end."""

    def __init__(self) -> None:
        self._child = Child(f"from {__name__} import serve; serve()")

    def send(self, posts: Sequence[Scorable]) -> None:
        """Have these scored. Raises ``ScoringEnded``."""
        try:
            self._child.send([tuple(map(_plain, post)) for post in posts])
        except OSError as error:
            raise ScoringEnded from error

    def receive(self) -> list[Scored]:
        """The scores of the first that were sent and not yet received. Waits for them. Raises ``ScoringEnded``."""
        message = self._child.receive()
        if message is None:
            raise ScoringEnded
        return cast("list[Scored]", message)

    def close(self) -> None:
        """End it, and whatever it is at."""
        self._child.close()


def serve() -> None:
    """Score what comes in until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent says when it is over
    waiting: SimpleQueue[list[Scorable] | None] = SimpleQueue()
    Thread(target=_take_in, args=(waiting,), daemon=True).start()
    while (message := waiting.get()) is not None:
        try:
            write_message(sys.stdout.buffer, score_posts(message))
        except BrokenPipeError:
            return


def _plain(text: str | None) -> str | None:
    return None if text is None else str(text)  # what parsed it may have given a text of a kind of its own


def _take_in(waiting: "SimpleQueue[list[Scorable] | None]") -> None:
    """Take in what is sent while the process scores: the parent never waits to send while we wait to answer."""
    while (message := read_message(sys.stdin.buffer)) is not None:
        waiting.put(message)
    waiting.put(None)
