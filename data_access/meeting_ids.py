"""Ids of a table that the store, or the table itself, has already, and whether what is there says the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from data_access.among import among
from data_access.models import facts
from data_access.upsert import chunks, stored_columns, table

#: What is compared of each kind, and how much of it must be known on both sides before it can contradict.
_COMPARED: dict[str, tuple[type[SQLModel], tuple[str, ...], int]] = {
    "post": (facts.Post, ("occurred_at", "text", "title"), 2),
    "order": (facts.Order, ("occurred_at", "amount_minor"), 2),
    "visit": (facts.Visit, ("occurred_at", "url"), 2),
    "feedback": (facts.Feedback, ("occurred_at", "score", "comment"), 2),
    "deal": (facts.Deal, ("name", "amount_minor", "created_at"), 1),
    "organization": (facts.Organization, ("name", "domain"), 1),
    "identity": (facts.Identity, ("display_name", "handle", "email"), 1),
}
#: Kinds of fact that are looked at, what tells most first.
COMPARED_KINDS = tuple(_COMPARED)
#: People change their names: a few who did are no other people.
_FEWEST = {"identity": 3}
#: What is compared of the rows of one import where that is something else.
_WITHIN: dict[str, tuple[tuple[str, ...], int]] = {"order": (("amount_minor",), 1)}
_NOTHING = (None, "")


@dataclass
class Meeting:
    """Ids of one kind that are in the store, or rows whose id another row has: how many were ``met``, how many of these
    have nothing but the id in common with what is there (``differing``), and how many ids each import brought
    (``runs``: its id -> ids)."""

    met: int = 0
    differing: int = 0
    runs: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Meeting") -> None:
        """Count what another look found, too."""
        self.met += other.met
        self.differing += other.differing
        self.runs.update(other.runs)

    def is_conflict(self, kind: str) -> bool:
        """Whether at least a tenth of them mean something else there: what a corrected export never does."""
        return self.differing >= _FEWEST.get(kind, 1) and 10 * self.differing >= self.met

    @property
    def agreeing(self) -> int:
        """Ids that mean the same in the store."""
        return self.met - self.differing


def meet(session: Session, kind: str, rows: Iterable[Mapping[str, Any]], source: str) -> Meeting:
    """Which ids of these rows (``staging.FIELDS``, times in microseconds) the store has in ``source``. Several rows of
    one id differ where none of them says what is there."""
    model, names, fewest = _COMPARED[kind]
    wanted: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in rows:
        wanted.setdefault(row["network"], {}).setdefault(row["native_id"], []).append(row)
    target = table(model)
    columns = [column for column in stored_columns(model) if column.name in {*names, "native_id", "run_id"}]
    found = Meeting()
    for network, by_id in wanted.items():
        for part in chunks(list(by_id)):
            there = select(*columns).where(
                target.c.network == network, target.c.source == source, among(target.c.native_id, part)
            )
            for stored in session.execute(there):
                found.met += 1
                found.runs[stored.run_id] += 1
                versions, there_is = by_id[stored.native_id], stored._asdict()
                found.differing += all(_differs(there_is, row, names, fewest) for row in versions)
    return found


def list_met(session: Session, kind: str, networks: Sequence[str], ids: Sequence[str], source: str) -> list[int]:
    """Which of these rows (their networks and ids) the store has in ``source``: their places."""
    target = table(_COMPARED[kind][0])
    by_network: dict[str, list[str]] = {}
    for network, native_id in zip(networks, ids, strict=True):
        by_network.setdefault(network, []).append(native_id)
    there: set[tuple[str, str]] = set()
    for network, wanted in by_network.items():
        for part in chunks(wanted):
            found = select(target.c.native_id).where(
                target.c.network == network, target.c.source == source, among(target.c.native_id, part)
            )
            there.update((network, native_id) for native_id in session.scalars(found))
    return [place for place, key in enumerate(zip(networks, ids, strict=True)) if key in there] if there else []


def compare_versions(kind: str, versions: Sequence[Mapping[str, Any]]) -> Meeting:
    """Rows of one id: how many say something else than the first and the one before them, and how many of these have
    nothing in common with either. Rows that only say the same once more, as pages that overlap do, count as none. Of
    orders another amount is enough: lines of one order share its day.

    >>> said = ((1, "a"), (1, "a"), (1, "b"), (2, "c"))
    >>> compare_versions("post", [{"occurred_at": day, "text": text, "title": None} for day, text in said])
    Meeting(met=2, differing=1, runs=Counter())
    >>> compare_versions("order", [{"occurred_at": 1, "amount_minor": amount} for amount in (1000, 2000)]).differing
    1
    """
    _model, names, fewest = _COMPARED[kind]
    names, fewest = _WITHIN.get(kind, (names, fewest))
    found = Meeting()
    for before, row in pairwise(versions):
        if any(all(other[name] == row[name] for name in names) for other in (versions[0], before)):
            continue
        found.met += 1
        found.differing += all(_differs(other, row, names, fewest) for other in (versions[0], before))
    return found


def _differs(stored: Mapping[str, Any], row: Mapping[str, Any], names: Iterable[str], fewest: int) -> bool:
    """Whether nothing that both sides know is the same."""
    known = [(stored[name], row[name]) for name in names if stored[name] not in _NOTHING and row[name] not in _NOTHING]
    return len(known) >= fewest and all(there != here for there, here in known)
