"""A real ``rapport import``, killed fifty times and started again each time, on SQLite and on PostgreSQL.

Every other kill comes at a random moment, the others right when a step begins (reading, who is who, copying, people,
brands, influence). Whenever an import comes to its end, the store must hold exactly the rows of one that nobody killed,
and the doctor must find nothing; then the next store begins.
"""

import csv
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from benchmarks.measure import Row
from benchmarks.postgresql import postgres_server
from data_access.models import derived, facts
from data_access.store import build_engine, migrate, open_store, reading
from data_access.upsert import table
from jobs.cli import app
from jobs.doctor import Level, examine

ROWS = 3_000
#: Its processes come from one that has everything loaded and nothing begun: what was measured before in this one may
#: have left threads, which no copy of it has.
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["benchmarks.kills"])
#: What tells when and by which run a row came, not what follows from the file.
_NOT_COMPARED = {"job", "data_version", "model", "import_run", "import_change", "import_refusal"}
_RUN = table(facts.ImportRun)
_TABLES = SQLModel.metadata.tables


def write_export(path: Path, rows: int = ROWS) -> None:
    """Posts of 150 people in three channels who answer each other, like things and name two brands."""
    chance = random.Random(5)
    texts = ["I love this Lumo lamp", "The pump is broken, I hate it", "Where is my order?", "Zenith or Lumo? #green"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "text", "created_at", "in_reply_to_id", "channel", "likes"])
        for number in range(rows):
            parent = chance.randrange(number) if number and chance.random() < 0.5 else ""
            day, minute = divmod(number * 9, 1_440)
            moment = f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T{minute // 60:02d}:{minute % 60:02d}:00Z"
            author, said = f"user{chance.randrange(150)}", f"{chance.choice(texts)} {number}"
            writer.writerow([number, author, said, moment, parent, f"room{number % 3}", chance.randrange(9)])


@dataclass
class Killer:
    """Imports one file again and again. ``seconds`` and ``steps``: what a whole import takes."""

    file: Path
    folder: Path
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    seconds: float = 0.0
    steps: int = 0
    killed_in: Counter[str] = field(default_factory=Counter)

    def run(self, url: str, *, kill: Callable[[int, float], bool] | None = None) -> bool:
        """Import; kill once ``kill`` says so of the number of steps begun and the seconds since it came up. Returns
        whether it came to its end."""
        heard, said = _SERVER.Pipe(duplex=False)
        process = _SERVER.Process(target=_import, args=(url, self.file, self.folder / "staging", said))
        process.start()
        said.close()
        reader = heard.fileno()
        os.set_blocking(reader, False)
        began, steps, step, rest, errors = 0.0, 0, "starting", b"", []
        while process.is_alive():
            *lines, rest = (rest + _read(reader)).split(b"\n")
            for said in map(json.loads, lines):
                began = began or time.monotonic()
                errors += [said["message"]] if said["level"] == "error" else []
                if said["event"] == "step":
                    steps, step = steps + 1, said["step"].removesuffix(f" {self.file.name}")
            if kill is not None and began and kill(steps, time.monotonic() - began):
                process.kill()
                process.join()
                heard.close()
                self.killed_in[step] += 1
                return False
            time.sleep(0.001)
        heard.close()
        if process.exitcode != 0:
            raise RuntimeError(f"The import ended with {process.exitcode} in {step!r}: {errors}")
        if kill is None and not self.seconds:
            self.seconds, self.steps = time.monotonic() - began, steps
        return True

    def draw(self, number: int) -> Callable[[int, float], bool]:
        """When to kill next: at a random moment, or as a step begins."""
        if number % 2:
            at_step = self.chance.randint(1, self.steps)
            return lambda steps, _seconds: steps >= at_step
        after = self.chance.random() * self.seconds
        return lambda _steps, seconds: seconds >= after


def _import(url: str, file: Path, staging: Path, said: Connection) -> None:
    """The command, in a process of its own that has everything loaded: only what it does can be killed."""
    os.dup2(said.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.environ |= {"RAPPORT_DATABASE_URL": url, "RAPPORT_STAGING_DIR": str(staging)}
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    open_store.cache_clear()
    app(["--log-json", "import", str(file), "--brand", "Lumo"])


def _read(reader: int) -> bytes:
    """What was said since."""
    try:
        return os.read(reader, 65_536)
    except BlockingIOError:
        return b""


def read_rows(engine: Engine) -> dict[str, list[Any]]:
    """Every row of the facts and of what is derived, in an order of its own."""
    kinds = (kind for module in (facts, derived) for kind in vars(module).values())
    names = {str(kind.__tablename__) for kind in kinds if isinstance(kind, type) and hasattr(kind, "__table__")}
    with reading(engine) as session:
        return {
            name: sorted(
                (_row(name, row) for row in session.execute(SQLModel.metadata.tables[name].select())), key=repr
            )
            for name in sorted(names - _NOT_COMPARED)
        }


def _row(name: str, row: Any) -> tuple[Any, ...]:
    """A row without the run that brought it; of interactions without ids, which hang on where a batch ends."""
    values = row._mapping
    return tuple(
        value for key, value in values.items() if key != "run_id" and not (name == "interaction" and key == "id")
    )


def _check(engine: Engine, whole: dict[str, list[Any]]) -> list[str]:
    """The tables that have other rows than those of a whole import, and what the doctor finds."""
    ours = read_rows(engine)
    wrong = [name for name in whole if ours[name] != whole[name]]
    wrong += [finding.what for finding in examine(engine) if finding.level == Level.PROBLEM]
    with reading(engine) as session:
        added = sum(session.scalars(select(_RUN.c.added)))
    rows = sum(len(whole[name]) for name in ("post", "identity", "channel", "brand"))
    return [*wrong, *([f"{added:,} rows said to be added"] if added < rows - 1 else [])]


def measure_kills(kills: int = 50) -> list[Row]:
    """``kills`` kills on each engine."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbers = iter(range(10_000))
        rows = [_measure("SQLite", lambda: f"sqlite:///{folder / f'store-{next(numbers)}.db'}", folder, kills)]
        with postgres_server() as make_database:
            return [*rows, _measure("PostgreSQL", make_database, folder, kills)]


def _measure(engine_name: str, make: Callable[[], str], folder: Path, kills: int) -> Row:
    file = folder / "export.csv"
    write_export(file)
    os.environ["RAPPORT_STAGING_DIR"] = str(folder / "staging")
    killer = Killer(file, folder)
    engine = _open(make())
    killer.run(_url(engine))
    whole = read_rows(engine)
    wrong, stores, done = [f"unkilled: {what}" for what in _check(engine, whole)], 0, 0
    while done < kills:
        engine.dispose()
        engine = _open(make())
        stores += 1
        while done < kills and not killer.run(_url(engine), kill=killer.draw(done)):
            done += 1
        killer.run(_url(engine))
        wrong += [f"after {done} kills: {what}" for what in _check(engine, whole)]
        print(f"{engine_name}: {done} kills, {stores} stores, {wrong or 'all well'}", file=sys.stderr, flush=True)
    engine.dispose()
    steps = ", ".join(f"{step} {count}" for step, count in killer.killed_in.most_common())
    value = f"{done} kills, {stores} stores: {'; '.join(wrong) or 'each with the rows of a whole import'} ({steps})"
    return Row(f"import killed and run again, {engine_name}", value, "the rows of a whole one", not wrong)


def _open(url: str) -> Engine:
    engine = build_engine(url)
    migrate(engine)
    return engine


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


if __name__ == "__main__":
    from benchmarks.measure import print_table

    print_table(measure_kills(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
