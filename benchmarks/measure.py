"""How benchmarks are taken: seconds of the best of several runs, peak memory of a process of its own."""

import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table. ``goal`` is what it should be, in words; ``is_met`` None where there is none to meet."""

    name: str
    value: str
    goal: str = ""
    is_met: bool | None = None


def seconds_of(work: Callable[[], Any], *, times: int = 1) -> float:
    """The fewest seconds that ``work`` took in ``times`` runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def peak_megabytes() -> float:
    """The most memory that this process and its ended children held so far, MB."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    scale = 1024 if sys.platform != "darwin" else 1024**2
    return max(_own_peak(), children) / scale


def _own_peak() -> int:
    """In the units of ``getrusage``, which on Linux also counts what the process that started this one held."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def print_table(rows: Iterable[Row]) -> None:
    """The rows as a table in Markdown, each as soon as it is there."""
    print("| what | measured | goal | met |")
    print("|---|---|---|---|", flush=True)
    for row in rows:
        met = "" if row.is_met is None else "yes" if row.is_met else "NO"
        print(f"| {row.name} | {row.value} | {row.goal} | {met} |", flush=True)
