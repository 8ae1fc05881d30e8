"""What ties one person's accounts, and which others may be theirs."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import case, func, or_, select, tuple_
from sqlmodel import Session, col

from data_access.decisions import Key
from data_access.models.decisions import MatchDecision
from data_access.models.derived import MatchPair, Person, PersonIdentity
from data_access.models.facts import Deal, DealContact, Identity, IdentityName, NameKind, Organization
from data_access.queries.frames import Rows, read_frame

_LEFT = ("left_network", "left_source", "left_native_id")
_RIGHT = ("right_network", "right_source", "right_native_id")
_KEY = ("network", "source", "native_id")


@dataclass(frozen=True)
class Affiliation:
    """Who of the team looks after a person, and where the person works; None where nobody said."""

    owner: str | None
    organization_id: int | None
    organization: str | None


def read_affiliation(session: Session, accounts: Collection[int]) -> Affiliation:
    """Of these accounts, in the order of their ids: the first owner that a CRM names, else the owner of their newest
    deal; the first organisation of the CRM, else what a profile says."""
    statement = (
        select(
            col(Identity.owner),
            col(Identity.organization_id),
            col(Organization.name),
            col(Identity.organization),
        )
        .join(Organization, col(Organization.id) == col(Identity.organization_id), isouter=True)
        .where(col(Identity.id).in_(accounts))
        .order_by(col(Identity.id))
    )
    rows = session.execute(statement).all()
    owner = next((row[0] for row in rows if row[0]), None) or _deal_owner(session, accounts)
    in_crm = next((row for row in rows if row[1] is not None), None)
    if in_crm is not None:
        return Affiliation(owner, int(in_crm[1]), str(in_crm[2]))
    return Affiliation(owner, None, next((row[3] for row in rows if row[3]), None))


def _deal_owner(session: Session, accounts: Collection[int]) -> str | None:
    theirs = select(col(DealContact.deal_id)).where(col(DealContact.identity_id).in_(accounts))
    newest = func.coalesce(Deal.closed_at, Deal.created_at).desc()
    statement = select(col(Deal.owner)).where(col(Deal.id).in_(theirs), col(Deal.owner).is_not(None))
    return session.scalar(statement.order_by(newest, col(Deal.id).desc()).limit(1))


def list_pairs_of(session: Session, accounts: Collection[int], *, state: str) -> pd.DataFrame:
    """Pairs in a state with one or both ends in these accounts, the surest first: ``left_id``, ``right_id``, ``rule``,
    ``probability``, ``fields`` (a list of ``field``, ``level``, ``weight``), ``reason``."""
    names = ("left_id", "right_id", "rule", "probability", "fields", "reason")
    statement: Rows = (
        select(*(getattr(MatchPair, name) for name in names))
        .where(
            or_(col(MatchPair.left_id).in_(accounts), col(MatchPair.right_id).in_(accounts)),
            col(MatchPair.state) == state,
        )
        .order_by(col(MatchPair.probability).desc(), col(MatchPair.left_id), col(MatchPair.right_id))
    )
    return read_frame(session, statement)


def list_accounts_named(session: Session, accounts: Collection[int]) -> pd.DataFrame:
    """Accounts with who holds them: ``identity_id``, ``person_id``, ``name`` (of the account), ``handle``, ``role`` (of
    the person), the natural key (``network``, ``source``, ``native_id``)."""
    statement: Rows = (
        select(
            col(Identity.id).label("identity_id"),
            col(PersonIdentity.person_id),
            func.coalesce(Identity.display_name, Identity.handle, Identity.native_id).label("name"),
            col(Identity.handle),
            col(Person.role),
            *(col(getattr(Identity, name)) for name in _KEY),
        )
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Identity.id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(col(Identity.id).in_(accounts))
        .order_by(col(Identity.id))
    )
    return read_frame(session, statement)


def list_earlier_names(session: Session, accounts: Collection[int]) -> pd.DataFrame:
    """The names that accounts had before, the latest first: ``identity_id``, ``kind`` (handle or display_name),
    ``name``, ``observed_at`` (when it was seen last; NaT where nobody knows)."""
    now = case((col(IdentityName.kind) == NameKind.HANDLE, Identity.handle), else_=Identity.display_name)
    statement: Rows = (
        select(
            col(IdentityName.identity_id),
            col(IdentityName.kind),
            col(IdentityName.name),
            col(IdentityName.observed_at),
        )
        .join(Identity, col(Identity.id) == col(IdentityName.identity_id))
        .where(col(IdentityName.identity_id).in_(accounts), func.lower(IdentityName.name) != func.lower(now))
        .order_by(col(IdentityName.observed_at).desc(), col(IdentityName.id).desc())
    )
    return read_frame(session, statement)


def list_match_decisions(session: Session, keys: Collection[Key]) -> dict[frozenset[Key], MatchDecision]:
    """The newest decision that stands of each pair of accounts one of which has one of these natural keys."""
    withdrawn = select(col(MatchDecision.withdraws)).where(col(MatchDecision.withdraws).is_not(None))
    sides: list[Any] = [tuple_(*(getattr(MatchDecision, name) for name in side)) for side in (_LEFT, _RIGHT)]
    statement = select(MatchDecision).where(
        or_(*(side.in_(list(keys)) for side in sides)),
        col(MatchDecision.withdraws).is_(None),
        col(MatchDecision.id).not_in(withdrawn),
    )
    newest: dict[frozenset[Key], MatchDecision] = {}
    for row in session.execute(statement.order_by(col(MatchDecision.id))).scalars():
        ends: list[Key] = [tuple(getattr(row, name) for name in side) for side in (_LEFT, _RIGHT)]
        newest[frozenset(ends)] = row
    return newest
