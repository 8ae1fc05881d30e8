"""What the doctor says of a store, and what is to be done about it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Delete, Index

from jobs.derive.touched import Slices


class Level(StrEnum):
    """``problem``: something is wrong. ``note``: worth knowing. ``fine``: looked at, and as it should be."""

    PROBLEM = "problem"
    NOTE = "note"
    FINE = "fine"


@dataclass
class Again:
    """What a repair derives again, drops or brings to its end. ``reindex``: names; "" for all of SQLite's."""

    posts: set[int] = field(default_factory=set)
    accounts: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    slices: Slices = field(default_factory=lambda: defaultdict(set))
    turn_slices: Slices = field(default_factory=lambda: defaultdict(set))
    due: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    gone: list[Delete] = field(default_factory=list)
    reindex: set[str] = field(default_factory=set)
    indexes: list[Index] = field(default_factory=list)
    jobs: set[int] = field(default_factory=set)
    files: set[Path] = field(default_factory=set)
    runs: bool = False
    post_index: bool = False
    everything: bool = False

    def update(self, other: "Again") -> None:
        """Take in what another says."""
        for name in ("posts", "accounts", "conversations", "reindex", "jobs", "files"):
            getattr(self, name).update(getattr(other, name))
        for name in ("slices", "turn_slices", "due"):
            for key, values in getattr(other, name).items():
                getattr(self, name)[key] |= values
        self.gone += other.gone
        self.indexes += other.indexes
        self.runs |= other.runs
        self.post_index |= other.post_index
        self.everything |= other.everything


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``what``: in plain words; ``advice``: what to do; ``again``: what repairs it."""

    check: str
    level: Level
    what: str
    advice: str = ""
    again: Again | None = None

    @property
    def is_repairable(self) -> bool:
        """Whether ``rapport doctor --repair`` can do something about it."""
        return self.again is not None


REPAIR = "rapport doctor --repair"


def repairable(check: str, what: str, again: Again) -> Finding:
    """Something wrong that a repair puts right."""
    return Finding(check, Level.PROBLEM, what, f"Run {REPAIR}.", again)


def wrong(check: str, what: str, advice: str) -> Finding:
    """Something wrong that somebody has to see to."""
    return Finding(check, Level.PROBLEM, what, advice)


def note(check: str, what: str, advice: str = "") -> Finding:
    """Something worth knowing."""
    return Finding(check, Level.NOTE, what, advice)


def fine(check: str, what: str) -> Finding:
    """Something that is as it should be."""
    return Finding(check, Level.FINE, what)


def or_fine(check: str, found: Iterable[Finding], what: str) -> list[Finding]:
    """What was found; where that is no problem, that it is fine, too."""
    findings = list(found)
    if not any(finding.level == Level.PROBLEM for finding in findings):
        findings.insert(0, fine(check, what))
    return findings
