"""Who takes part in somebody's talk, since when, and who shares in what they buy. Times are whole microseconds since
1970 UTC. All is read through indexes, of each account a stated number of the newest interactions."""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import CTE, BigInteger, ColumnElement, and_, case, exists, func, literal, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from data_access.among import among
from data_access.models.columns import from_micros
from data_access.models.derived import AccountRole, CreditDay, Person, PersonIdentity, Role, Sale
from data_access.models.facts import Interaction, InteractionKind
from data_access.queries.credit import NUMBERS
from data_access.queries.frames import Rows, read_frame

#: What ties somebody to the person whom they answer, mention or share.
TALK = (InteractionKind.REPLY, InteractionKind.MENTION, InteractionKind.SHARE)
_AT_A_TIME = 400
_MICROS = BigInteger()
_BEFORE_ALL = -(1 << 62)


def list_accounts_of(session: Session, people: Collection[int]) -> pd.DataFrame:
    """Accounts by the person who holds them, without those that are muted: ``person_id``, ``identity_id``."""
    account = col(PersonIdentity.identity_id)
    wanted = select(col(PersonIdentity.person_id), account).where(~_is_muted(account))
    frames = [read_frame(session, wanted.where(col(PersonIdentity.person_id).in_(part))) for part in _parts(people)]
    return pd.concat(frames, ignore_index=True).sort_values(["person_id", "identity_id"], ignore_index=True)


def _is_muted(account: Any) -> ColumnElement[bool]:
    """Whether an account is: somebody may have others that are not."""
    role = aliased(AccountRole)
    return exists(
        select(1).where(col(role.identity_id) == account, col(role.role) == Role.MUTED).correlate_except(role)
    )


def list_circles(
    session: Session,
    people: Collection[int],
    *,
    since: int,
    until: int,
    networks: Collection[str] = (),
    newest: int,
) -> tuple[pd.DataFrame, dict[int, int]]:
    """Who of the public answered, mentioned or shared these people within [since, until), on these networks or on any:
    ``host_id`` (of ``people``), ``person_id``, ``at`` (the first time ever, on any network). Over the ``newest``
    interactions of any kind with each account; muted accounts do not count on either side. And those of these people's
    accounts that have as many before ``until`` or more, by their id: the time of the oldest of the newest so many."""
    frames = [read_frame(session, _talk(part, until, networks, newest)) for part in _parts(people)]
    talk = pd.concat(frames, ignore_index=True)
    is_cut = talk["cut_at"] > _BEFORE_ALL
    cut = dict(zip(talk.loc[is_cut, "target_id"].tolist(), talk.loc[is_cut, "cut_at"].tolist(), strict=True))
    known = talk.assign(person_id=_holders_of(session, talk["actor_id"]))
    known = known[(known["person_id"] > 0) & (known["person_id"] != known["host_id"])]
    known = known.assign(is_within=(known["at"] >= since) & (known["is_there"] > 0))
    both = known.groupby(["host_id", "person_id"], as_index=False).agg(at=("at", "min"), is_within=("is_within", "max"))
    return both.loc[both["is_within"], ["host_id", "person_id", "at"]].reset_index(drop=True), cut


def _holders_of(session: Session, accounts: pd.Series) -> Any:
    """Who of the public holds each of these accounts; 0 where nobody does."""
    unique, places = np.unique(accounts.to_numpy(), return_inverse=True)
    held = list_public_holders(session, unique.tolist())
    persons = np.zeros(len(unique), dtype="int64")
    persons[np.searchsorted(unique, held["identity_id"])] = held["person_id"]
    return persons[places]


def list_public_holders(session: Session, accounts: Collection[int]) -> pd.DataFrame:
    """Who of the public holds these accounts, of those that are not muted: ``identity_id``, ``person_id``."""
    account = col(PersonIdentity.identity_id)
    # an outer join keeps SQLite from beginning with all people
    statement: Rows = (
        select(account, col(PersonIdentity.person_id))
        .join(Person, col(Person.id) == col(PersonIdentity.person_id), isouter=True)
        .where(among(account, accounts), col(Person.role).is_(None), ~_is_muted(account))
    )
    return read_frame(session, statement)


def _talk(people: Collection[int], until: int, networks: Collection[str], newest: int) -> Rows:
    """What was done towards each account of these people: by which ``actor_id``, when, and whether on these networks.
    An account to which nobody did anything has a row of account 0."""
    accounts = _accounts_with_cut(people, until, newest)
    is_talk = and_(
        col(Interaction.target_id) == accounts.c.target_id,
        col(Interaction.occurred_at) >= accounts.c.cut_at,
        col(Interaction.occurred_at) < from_micros(until),
        col(Interaction.kind).in_([str(kind) for kind in TALK]),
    )
    at: Any = type_coerce(col(Interaction.occurred_at), _MICROS)
    is_there = case((col(Interaction.network).in_(sorted(networks)), 1), else_=0) if networks else literal(1)
    return select(
        *(accounts.c.host_id, accounts.c.target_id, accounts.c.cut_at),
        func.coalesce(col(Interaction.actor_id), 0).label("actor_id"),
        func.coalesce(at, _BEFORE_ALL).label("at"),
        is_there.label("is_there"),
    ).join_from(accounts, Interaction, is_talk, isouter=True)


def _accounts_with_cut(people: Collection[int], until: int, newest: int) -> CTE:
    """Accounts with the time of the last of their ``newest`` interactions, found by a walk along the index."""
    last = (
        select(type_coerce(col(Interaction.occurred_at), _MICROS))
        .where(
            col(Interaction.target_id) == col(PersonIdentity.identity_id),
            col(Interaction.occurred_at) < from_micros(until),
        )
        .order_by(col(Interaction.occurred_at).desc())
        .offset(newest - 1)
        .limit(1)
        .correlate(PersonIdentity)
        .scalar_subquery()
    )
    # before all where there are fewer
    found: Rows = select(
        col(PersonIdentity.person_id).label("host_id"),
        col(PersonIdentity.identity_id).label("target_id"),
        func.coalesce(last, _BEFORE_ALL).label("cut_at"),
    ).where(col(PersonIdentity.person_id).in_(people), ~_is_muted(col(PersonIdentity.identity_id)))
    return found.cte("accounts").prefix_with("MATERIALIZED")


def list_first_talk(
    session: Session, accounts: Collection[int], people: Collection[int], *, until: int
) -> pd.DataFrame:
    """When these people first answered, mentioned or shared these accounts: ``person_id``, ``target_id``,
    ``first_at``."""
    first_at = func.min(type_coerce(col(Interaction.occurred_at), _MICROS)).label("first_at")
    # the sum keeps SQLite from the index of targets: it is the accounts with the most talk that are asked for here
    is_theirs = (col(Interaction.target_id) + 0).in_(sorted(accounts))
    kinds = [str(kind) for kind in TALK]
    frames = []
    for part in _parts(people):
        statement: Rows = (
            select(col(PersonIdentity.person_id), col(Interaction.target_id), first_at)
            .join(Interaction, col(Interaction.actor_id) == col(PersonIdentity.identity_id))
            .where(col(PersonIdentity.person_id).in_(part), is_theirs, col(Interaction.kind).in_(kinds))
            .where(col(Interaction.occurred_at) < from_micros(until), ~_is_muted(col(Interaction.actor_id)))
            .group_by(col(PersonIdentity.person_id), col(Interaction.target_id))
        )
        frames.append(read_frame(session, statement))
    return pd.concat(frames, ignore_index=True)


def list_sales_between(
    session: Session, people: Collection[int], *, sale_kind: str, since: int, until: int
) -> pd.DataFrame:
    """What these people take part in within [since, until): ``sale`` (its id), ``person_id``, ``at``, ``is_refund`` (0
    or 1). What it comes to says ``list_participants``."""
    at = type_coerce(col(Sale.occurred_at), _MICROS).label("at")
    is_refund: Any = type_coerce(col(Sale.is_refund), BigInteger()).label("is_refund")
    statement: Rows = select(col(Sale.fact_id).label("sale"), col(Sale.person_id), at, is_refund)
    return read_frame(session, statement.where(_is_theirs(people, sale_kind, since, until)))


def _is_theirs(people: Collection[int], sale_kind: str, since: int, until: int) -> ColumnElement[bool]:
    return and_(
        among(col(Sale.person_id), sorted({int(person) for person in people})),
        # the sum keeps SQLite from the index of kinds and days
        (col(Sale.sale_kind) + "") == sale_kind,
        col(Sale.occurred_at) >= from_micros(since),
        col(Sale.occurred_at) < from_micros(until),
    )


def list_participants(session: Session, *, sale_kind: str, sales: Collection[int]) -> pd.DataFrame:
    """Everybody who takes part in these sales: ``sale``, ``person_id``, ``day``, ``amount_minor`` (of the whole sale),
    ``currency`` ("": no amount is known)."""
    columns: tuple[Any, ...] = (col(Sale.fact_id).label("sale"), col(Sale.person_id))
    columns += (col(Sale.day), col(Sale.amount_minor), col(Sale.currency))
    wanted = among(col(Sale.fact_id), sorted({int(sale) for sale in sales}))
    return read_frame(session, select(*columns).where(col(Sale.sale_kind) == sale_kind, wanted))


def read_credit_of_key(
    session: Session, *, sale_kind: str, lookback_days: int, dimension: str, key: str, start: date, end: date
) -> pd.DataFrame:
    """What the rules give to one key in the local days [start, end): ``currency`` and ``NUMBERS``."""
    sums = [func.sum(getattr(CreditDay, name)).label(name) for name in NUMBERS]
    statement: Rows = (
        select(col(CreditDay.currency), *sums)
        .where(
            col(CreditDay.sale_kind) == sale_kind,
            col(CreditDay.lookback_days) == lookback_days,
            col(CreditDay.dimension) == dimension,
            col(CreditDay.day) >= start,
            col(CreditDay.day) < end,
            col(CreditDay.key) == key,
        )
        .group_by(col(CreditDay.currency))
        .order_by(col(CreditDay.currency))
    )
    return read_frame(session, statement)


def _parts(numbers: Collection[int]) -> list[list[int]]:
    ids = sorted({int(number) for number in numbers})
    return [ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME)] or [[]]
