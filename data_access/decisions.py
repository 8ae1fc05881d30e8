"""Decisions: appended, read, withdrawn. Nothing here updates a row; the newest that stands wins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, func, select

from data_access.models import decisions
from data_access.models.decisions import DecisionBase, MatchDecision, Mute, Relabel, Watch

D = TypeVar("D", bound=DecisionBase)

#: Every kind of decision by the name of its table.
KINDS: dict[str, type[DecisionBase]] = {
    str(kind.__tablename__): kind
    for kind in (
        decisions.Relabel,
        decisions.MatchDecision,
        decisions.CaseEvent,
        decisions.Mute,
        decisions.TopicRule,
        decisions.BrandRule,
        decisions.Watch,
        decisions.AlertSeen,
        decisions.Thanked,
        decisions.Expert,
        decisions.Setting,
        decisions.ChannelReview,
        decisions.IdeaStatus,
        decisions.RoleGrant,
        decisions.Erasure,
    )
}

#: Those on a fact, which name it by its natural key: what is held about somebody, and goes with them.
ON_FACTS: tuple[type[DecisionBase], ...] = (
    decisions.Relabel,
    decisions.CaseEvent,
    decisions.Mute,
    decisions.Expert,
    decisions.IdeaStatus,
    decisions.Watch,
    decisions.AlertSeen,
    decisions.Thanked,
)


class NoSuchDecision(LookupError):
    """There is no such decision, or it was withdrawn before."""


def append_decision(session: Session, model: type[D], /, *, decided_by: str, **values: Any) -> D:
    """Append a decision, dated now."""
    row = model(decided_at=datetime.now(UTC), decided_by=decided_by, **values)
    session.add(row)
    session.flush()
    return row


def withdraw_decision(session: Session, kind: type[D], *, decision_id: int, decided_by: str) -> D:
    """Say that a decision no longer stands. Returns the decision withdrawn. Raises ``NoSuchDecision``."""
    row = session.get(kind, decision_id)
    if row is None or row.withdraws is not None or not stands(session, kind, decision_id):
        raise NoSuchDecision(f"{kind.__tablename__} {decision_id} does not stand, so it cannot be withdrawn.")
    values = {name: getattr(row, name) for name in kind.model_fields if name not in DecisionBase.model_fields}
    append_decision(session, kind, decided_by=decided_by, withdraws=decision_id, **values)
    return row


def stands(session: Session, kind: type[DecisionBase], decision_id: int) -> bool:
    """Whether nobody withdrew a decision."""
    return session.exec(select(kind.id).where(kind.withdraws == decision_id)).first() is None


def list_standing(session: Session, kind: type[D]) -> list[D]:
    """The decisions of a kind that stand, oldest first."""
    return list(session.exec(_standing(select(kind), kind)))


def _standing(statement: Any, kind: type[DecisionBase]) -> Any:
    withdrawn = select(kind.withdraws).where(col(kind.withdraws).is_not(None))
    return statement.where(col(kind.withdraws).is_(None), col(kind.id).not_in(withdrawn)).order_by(col(kind.id))


def list_standing_relabels(session: Session) -> dict[tuple[str, str, str], str]:
    """The label that people gave, by the post's natural key."""
    # values, not objects: each transaction of an import asks for all of them
    given = select(col(Relabel.network), col(Relabel.source), col(Relabel.native_id), col(Relabel.label))
    rows = session.exec(_standing(given, Relabel))
    return {(network, source, native_id): label for network, source, native_id, label in rows}


Key = tuple[str, str, str]


@dataclass(frozen=True)
class StandingMatches:
    """What people said of pairs of accounts, by natural key; of each pair the newest. ``same``: newest first."""

    same: tuple[tuple[Key, Key], ...] = ()
    apart: tuple[tuple[Key, Key], ...] = ()


_known_matches: dict[str, tuple[tuple[Any, ...], StandingMatches]] = {}


def list_standing_matches(session: Session) -> StandingMatches:
    """Which accounts somebody said are one person's, and which are not. Kept while no row comes or goes: an import asks
    in each of its transactions."""
    # when, too: of a decision that failed and was rolled back, SQLite gives the id to the next
    newest = func.max(MatchDecision.id), func.max(MatchDecision.decided_at)
    version = tuple(session.exec(select(func.count(), *newest).select_from(MatchDecision)).one())
    store = session.get_bind().engine.url.render_as_string()
    if store not in _known_matches or _known_matches[store][0] != version:
        _known_matches[store] = (version, _read_standing_matches(session))
    return _known_matches[store][1]


def _read_standing_matches(session: Session) -> StandingMatches:
    newest: dict[frozenset[Key], MatchDecision] = {}
    for row in list_standing(session, MatchDecision):
        newest[frozenset((_left(row), _right(row)))] = row
    rows = sorted(newest.values(), key=lambda row: row.id or 0, reverse=True)
    by_verdict: dict[str, list[tuple[Key, Key]]] = {"same": [], "different": []}
    for row in rows:
        by_verdict[row.verdict].append((_left(row), _right(row)))
    return StandingMatches(tuple(by_verdict["same"]), tuple(by_verdict["different"]))


def _left(row: MatchDecision) -> Key:
    return (row.left_network, row.left_source, row.left_native_id)


def _right(row: MatchDecision) -> Key:
    return (row.right_network, row.right_source, row.right_native_id)


@dataclass(frozen=True)
class StandingMute:
    """A muted account (``key``) or a muted word (``word``, lower case)."""

    id: int
    key: tuple[str, str, str] | None
    word: str | None
    decided_by: str


def list_standing_mutes(session: Session) -> Iterator[StandingMute]:
    """The mutes that stand, oldest first."""
    for row in list_standing(session, Mute):
        assert row.id is not None
        key = (row.network, row.source, row.native_id) if row.network and row.source and row.native_id else None
        yield StandingMute(row.id, key, row.word.lower() if row.word else None, row.decided_by)


def list_standing_watches(session: Session) -> dict[Key, datetime | None]:
    """The accounts that are watched, each with the earliest moment since when; None: since ever."""
    since_of: dict[Key, datetime | None] = {}
    for row in list_standing(session, Watch):
        key = (row.network, row.source, row.native_id)
        before = since_of.get(key, row.since)
        since_of[key] = None if row.since is None or before is None else min(row.since, before)
    return since_of
