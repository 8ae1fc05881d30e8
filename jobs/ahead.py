"""Reading ahead: while one batch of staged records is copied into the store, a second process reads the next.

It takes them from the staging file and finds in their texts what hangs on nothing in the store. The one that writes has
then only to write. Few records, a machine of one core or a second process that ends: all of it is done in the one.
"""

import signal
import sys
from dataclasses import dataclass
from functools import cached_property
from os import cpu_count
from pathlib import Path

from data_access.staging import FIELDS, Columns, StagedRow, Staging, staged_rows
from jobs.derive.said import READ_OF_POSTS, Said, Sought, read_said
from jobs.pipes import Child, read_message, write_message

#: Below this many records that wait, starting a process costs more than it saves.
WORTH_A_PROCESS = 8_000
_POST = "post"
_READ = tuple(FIELDS[_POST].index(name) for name in READ_OF_POSTS)
#: What the second process is asked for: the rows behind a position, how many, and what to look for in them.
_Asked = tuple[int, int, Sought]


@dataclass(frozen=True)
class Batch:
    """Records of one kind, of which ``size`` were asked for. ``said``: what was found in the texts of posts where
    ``sought`` was looked for."""

    columns: Columns
    size: int
    said: Said | None = None
    sought: Sought | None = None

    def __len__(self) -> int:
        return len(self.columns.positions)

    @property
    def kind(self) -> str:
        """What they all are."""
        return self.columns.kind

    @cached_property
    def rows(self) -> list[StagedRow]:
        """The records one by one."""
        return staged_rows(self.columns)


class Ahead:
    """Reads a sealed staging file batch by batch. Use as a context manager: it may start a process."""

    def __init__(self, staging: Staging, processes: int | None = None) -> None:
        self._staging = staging
        self._rows = staging.rows
        self._is_alone = (processes or cpu_count() or 1) < 2
        self._child: Child | None = None
        self._asked: _Asked | None = None

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop()

    def batch(self, after: int, size: int, sought: Sought | None) -> Batch:
        """The next records of one kind behind position ``after``, about ``size``; empty at the end. Those behind them
        are then being read, where it is known what is ``sought`` in posts."""
        batch = self._receive(after) or Batch(self._staging.columns(after, size), size)
        if sought is not None and batch.kind == _POST:
            self._ask(batch.columns.positions[-1], size, sought)
        return batch

    def _ask(self, after: int, size: int, sought: Sought) -> None:
        if self._is_alone or (self._child is None and self._rows - after < WORTH_A_PROCESS):
            return
        try:
            if self._child is None:
                self._child = Child(f"from {__name__} import serve; serve()", str(self._staging.path))
            self._child.send((after, size, sought.plain))
            self._asked = after, size, sought
        except OSError:  # it has ended, or none can be started
            self._give_up()

    def _receive(self, after: int) -> Batch | None:
        asked, self._asked = self._asked, None
        if asked is None or self._child is None:
            return None
        message = self._child.receive()
        if message is None:
            self._give_up()
            return None
        columns, said = message
        if asked[0] != after:
            return None
        return Batch(Columns(*columns), asked[1], None if said is None else Said(*said), asked[2])

    def _give_up(self) -> None:
        self._is_alone = True
        self._stop()

    def _stop(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


def serve() -> None:
    """Answer until whoever asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent says when it is over
    with Staging(Path(sys.argv[1])) as staging:
        while (message := read_message(sys.stdin.buffer)) is not None:
            after, size, sought = message
            columns = staging.columns(after, size)
            said = _read_posts(columns, Sought.of_plain(sought)) if columns.kind == _POST else None
            try:
                write_message(sys.stdout.buffer, [list(columns), None if said is None else list(said)])
            except BrokenPipeError:
                return


def _read_posts(columns: Columns, sought: Sought) -> Said:
    return read_said(sought, zip(*(columns.values[place] for place in _READ), strict=True))
