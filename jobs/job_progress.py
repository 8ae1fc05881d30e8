"""How long work says in the store how far it is, and learns there that it should stop."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from data_access.models import derived
from data_access.store import build_engine, reading, writing
from data_access.upsert import table
from jobs.progress import Cancelled

JOB = table(derived.Job)
_EVERY_SECONDS = 0.5
_BEAT_SECONDS = 20.0


@contextmanager
def beating(engine: Engine, job_id: int) -> Iterator[None]:
    """Say that a job is alive while it works, since a step that says nothing may take minutes: else it would be taken
    for gone, and another would begin beside it."""
    is_done = Event()
    url = engine.url.render_as_string(hide_password=False)
    thread = Thread(target=_beat, args=(url, job_id, is_done), name=f"heartbeat of job {job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _beat(url: str, job_id: int, is_done: Event) -> None:
    engine = build_engine(url)  # its own connection: the work finds its own as it left them
    while not is_done.wait(_BEAT_SECONDS):
        with suppress(SQLAlchemyError), writing(engine, counts=False) as session:  # no room, or no turn: the next may
            session.connection().execute(update(JOB).where(JOB.c.id == job_id).values(heartbeat_at=datetime.now(UTC)))
    engine.dispose()


class JobProgress:
    """Reports to the row of a job, twice a second at most, with rate and time left."""

    def __init__(self, engine: Engine, job_id: int) -> None:
        self._engine = engine
        self._job_id = job_id
        self._name = ""
        self._unit = "rows"
        self._total: int | None = None
        self._began = self._told = 0.0

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """A new step begins."""
        self._name, self._total, self._unit = name, total, unit
        self._began = time.monotonic()
        self._tell(0)

    def at(self, done: int) -> None:
        """So much is done. Raises ``Cancelled`` where somebody asked for that."""
        if time.monotonic() - self._told >= _EVERY_SECONDS:
            self._tell(done)

    def _tell(self, done: int) -> None:
        self._told = time.monotonic()
        elapsed = self._told - self._began
        rate = done / elapsed if elapsed > 0 and done else None
        left = (self._total - done) / rate if rate and self._total else None
        values = {
            "step": self._name,
            "done": done,
            "total": self._total,
            "heartbeat_at": datetime.now(UTC),
            "result": {"unit": self._unit, "rate": rate, "seconds_left": left},
        }
        with writing(self._engine, counts=False) as session:
            session.connection().execute(update(JOB).where(JOB.c.id == self._job_id).values(**values))
        with reading(self._engine) as session:
            asked = session.execute(select(JOB.c.cancel_requested).where(JOB.c.id == self._job_id)).scalar()
        if asked:
            raise Cancelled
