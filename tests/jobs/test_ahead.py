"""Reading ahead by a second process gives what reading in the one gives, also when that process ends."""

import os
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access.records import Record
from data_access.staging import Staging
from jobs import ahead
from jobs.ahead import Ahead, Batch
from jobs.derive.said import Said, Sought
from metrics.topics import parse_pattern
from tests.jobs.stores import account, bring, channel, empty, post, rows_of

SOUGHT = Sought("Europe/Berlin", (("Lamps", "lamp*"),), (("7", parse_pattern("acme")),))
TEXT = "Is lamp {} by Acme? #green https://a.example/{}"
POSTS = [post(f"p{number}", number * 60, text=TEXT.format(number, number)) for number in range(9)]


def read_batches(staging: Staging, processes: int, *, ends_after: int) -> list[Batch]:
    """Three records at a time; the second process ends after so many batches."""
    found: list[Batch] = []
    with Ahead(staging, processes) as reader:
        while (batch := reader.batch(found[-1].rows[-1].position if found else 0, 3, SOUGHT)).rows:
            found.append(batch)
            if len(found) == ends_after and reader._child is not None:
                os.kill(reader._child.pid, signal.SIGKILL)
                os.waitid(os.P_PID, reader._child.pid, os.WEXITED | os.WNOWAIT)
    return found


def test_ahead_reads_the_same_when_the_second_process_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 0)
    with Staging(tmp_path / "staged") as staging:
        staging.add([account("ann"), *POSTS], [("en", 0.5)] * len(POSTS))
        staging.seal(10, {})
        alone = read_batches(staging, 1, ends_after=0)
        helped = read_batches(staging, 2, ends_after=3)
    assert [batch.rows for batch in helped] == [batch.rows for batch in alone]
    assert [len(batch.rows) for batch in alone] == [1, 3, 3, 3]
    # posts are read ahead behind posts: the third batch is the first that was
    assert [batch.said is not None for batch in helped][:3] == [False, False, True]
    assert helped[2].said == Said(
        [date(2026, 3, 2).toordinal()] * 3,
        [12, 13, 14],
        [True] * 3,
        [(place, "green") for place in range(3)],
        [(place, f"https://a.example/{place + 3}") for place in range(3)],
        [(place, "Lamps") for place in range(3)],
        [(place, 7) for place in range(3)],
    )


def test_ahead_reads_alone_when_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def refuse(code: str, *_arguments: str) -> None:
        tried.append(code)
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(ahead, "Child", refuse)
    with Staging(tmp_path / "staged") as staging:
        staging.add(POSTS, [("en", 0.5)] * len(POSTS))
        staging.seal(10, {})
        assert [len(batch.rows) for batch in read_batches(staging, 2, ends_after=0)] == [3, 3, 3]
    assert len(tried) == 1


def without_models(engine: Engine) -> dict[str, list[Any]]:
    """Every derived row, but for the number of the model: a store that was emptied may number it anew."""
    rows = rows_of(engine)
    return rows | {"post_score": [(row[0], *row[2:]) for row in rows["post_score"]]}


def test_import_gives_the_same_when_a_second_process_reads_ahead(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = replace(POSTS[4], text="Not a lamp", likes=2)
    records: list[Record] = [channel(brand="Acme"), account("ann"), *POSTS, edited]
    for name in ("_SMALLEST", "_FIRST", "_LARGEST"):
        monkeypatch.setattr(f"jobs.importing.{name}", 3)
    bring(engine, records)
    alone = without_models(engine)
    empty(engine)
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 0)
    bring(engine, records)
    assert without_models(engine) == alone
    assert {row[1] for row in alone["post_tag"]} == {"green"}
