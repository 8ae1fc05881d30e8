"""What accounts were called: every name of an account of which more than one is known, whichever file came first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Table, select, type_coerce
from sqlmodel import Session

from data_access.models.facts import IdentityName, NameKind

NAME: Table = IdentityName.__table__  # type: ignore[attr-defined]
_AT_A_TIME = 400


class SeenName(NamedTuple):
    """A name that an account had at a moment (microseconds since 1970 UTC; None where nobody knows)."""

    account: tuple[str, str, str]
    kind: str
    name: str
    observed_at: int | None


def differing_names(known: Mapping[str, Any], said: Mapping[str, Any]) -> list[SeenName]:
    """The names of an account, as the store knows it and as a file says, where they are not the same but for case.

    >>> ann = {"network": "net", "source": "net.example", "native_id": "7", "handle": "Ann", "observed_at": 1}
    >>> [(seen.name, seen.observed_at) for seen in differing_names(ann, ann | {"handle": "anna", "observed_at": 2})]
    [('Ann', 1), ('anna', 2)]
    >>> differing_names(ann, ann | {"handle": "ANN"}), differing_names(ann, ann | {"handle": None})
    ([], [])
    """
    found = []
    for kind in NameKind:
        one, two = known.get(kind), said.get(kind)
        if one and two and one != two and one.casefold() != two.casefold():
            account = (said["network"], said["source"], said["native_id"])
            found.append(SeenName(account, kind, one, known["observed_at"]))
            found.append(SeenName(account, kind, two, said["observed_at"]))
    return found


class NameRows(NamedTuple):
    """What is to be written: ``fresh`` rows of the table, and by row id its columns as they become and as they were."""

    fresh: list[dict[str, Any]]
    changes: dict[int, dict[str, Any]]
    before: dict[int, dict[str, Any]]

    @property
    def accounts(self) -> set[int]:
        """The accounts that have a name more."""
        return {row["identity_id"] for row in self.fresh}


def plan_names(session: Session, seen: Iterable[SeenName], ids: Mapping[tuple[str, str, str], int]) -> NameRows:
    """What these names add to those that are kept. ``ids``: of the accounts, by natural key."""
    latest: dict[tuple[int, str, str], int | None] = {}
    for one in seen:
        key = (ids[one.account], one.kind, one.name)
        latest[key] = _later(latest.get(key), one.observed_at)
    kept = _read(session, {account for account, _, _ in latest})
    plan = NameRows([], {}, {})
    for key, observed_at in latest.items():
        row_id, before = kept.get(key, (None, None))
        if row_id is None:
            account, kind, name = key
            plan.fresh.append({"identity_id": account, "kind": kind, "name": name, "observed_at": observed_at})
        elif _later(before, observed_at) != before:
            plan.changes[row_id] = {"observed_at": observed_at}
            plan.before[row_id] = {"observed_at": before}
    return plan


def _later(one: int | None, two: int | None) -> int | None:
    return max((moment for moment in (one, two) if moment is not None), default=None)


def _read(session: Session, accounts: Collection[int]) -> dict[tuple[int, str, str], tuple[int, int | None]]:
    moment = type_coerce(NAME.c.observed_at, BigInteger)
    columns = select(NAME.c.identity_id, NAME.c.kind, NAME.c.name, NAME.c.id, moment)
    found = {}
    for part in _parts(accounts):
        for account, kind, name, row_id, observed_at in session.execute(columns.where(NAME.c.identity_id.in_(part))):
            found[account, kind, name] = (row_id, observed_at)
    return found


def list_names(session: Session, accounts: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The names by which these accounts went, the latest first: (kind, name). Accounts with one name are left out."""
    columns = select(NAME.c.identity_id, NAME.c.kind, NAME.c.name)
    found: dict[int, list[tuple[str, str]]] = {}
    for part in _parts(accounts):
        newest = columns.where(NAME.c.identity_id.in_(part)).order_by(NAME.c.observed_at.desc(), NAME.c.id.desc())
        for account, kind, name in session.execute(newest):
            found.setdefault(account, []).append((kind, name))
    return found


def _parts(accounts: Collection[int]) -> Iterable[Sequence[int]]:
    ordered = sorted(accounts)
    return (ordered[start : start + _AT_A_TIME] for start in range(0, len(ordered), _AT_A_TIME))
