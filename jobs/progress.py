"""How long work says how far it is, and learns that it should stop. It knows no store: ``jobs.job_progress`` does."""

from contextlib import suppress
from typing import Protocol


class Cancelled(Exception):
    """Somebody asked for the work to stop."""


class Progress(Protocol):
    """What long work reports to."""

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """A new step begins. ``total`` in ``unit``, where it is known."""

    def at(self, done: int) -> None:
        """So much of the step is done. Raises ``Cancelled`` where somebody asked for that."""


class Silence:
    """Reports to nobody."""

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """Nothing."""

    def at(self, done: int) -> None:
        """Nothing."""


#: What a step's name begins with once nothing can be taken back any more.
ALL_IN = "All is in. "


class Finishing:
    """Reports what follows once all is in: it does not stop, since there is nothing to take back."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """A new step begins."""
        with suppress(Cancelled):
            self._progress.step(ALL_IN + name, total, unit)

    def at(self, done: int) -> None:
        """So much is done."""
        with suppress(Cancelled):
            self._progress.at(done)
