"""What the command line prints: results on standard output; progress, a bar with rate and time left, on standard error
(``jobs.logs`` says each step where that is no terminal)."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn

from data_access.formulas import safe_cell
from jobs.logs import console, speaks_json
from jobs.progress import Progress as Reporter


class TerminalProgress:
    """Draws progress, and passes it on to another reporter (the row of a job)."""

    def __init__(self, also: Reporter) -> None:
        self._also = also
        self._task: TaskID | None = None
        self._unit = "rows"
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} {task.fields[unit]} {task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console(),
            transient=True,
            disable=not sys.stderr.isatty() or speaks_json(),
        )

    def __enter__(self) -> "TerminalProgress":
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """A new step begins."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._unit = unit
        self._task = self._bar.add_task(name, total=total, unit=unit, rate="")
        self._also.step(name, total, unit)

    def at(self, done: int) -> None:
        """So much is done."""
        if self._task is not None:
            speed = self._bar.tasks[-1].speed if self._bar.tasks else None
            self._bar.update(self._task, completed=done, rate=f"({speed:,.0f}/s)" if (speed or 0) >= 1 else "")
        self._also.at(done)


def print_table(shown: dict[str, Any], rows: list[dict[str, Any]] | None, *, as_json: bool, as_csv: bool) -> None:
    """Print an answer, or its rows where there are any: as words, JSON or CSV."""
    if as_json:
        typer.echo(json.dumps(shown | ({} if rows is None else {"series": rows}), indent=2))
    elif as_csv:
        table = [shown] if rows is None else rows
        print_csv(table, list(table[0]) if table else ["value"])
    else:
        for row in [shown] if rows is None else rows:
            typer.echo("  ".join(f"{key} {value}" for key, value in row.items() if value not in (None, "")))


def print_csv(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Print rows as CSV, without what a spreadsheet would run as a formula (``data_access.formulas``)."""
    writer = csv.DictWriter(sys.stdout, fieldnames=names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: safe_cell(value) for name, value in row.items()} for row in rows)


def plain(value: Any) -> Any:
    """A value as JSON and CSV have it: None where nothing is known, days and times as ISO 8601."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
