"""Who takes part in somebody's talk, since when, and who shares in what they buy. Times are whole microseconds since
1970 UTC. All is read through indexes, of each account a stated number of the newest interactions."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import CTE, BigInteger, ColumnElement, and_, case, exists, func, select, type_coerce
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


def list_cut_accounts(session: Session, people: Collection[int], *, until: int, newest: int) -> dict[int, int]:
    """Of these people's accounts, those with more than ``newest`` interactions before ``until`` or just as many, by
    their id: the time of the oldest of the newest so many."""
    cut: dict[int, int] = {}
    for part in _parts(people):
        accounts = _accounts_with_cut(part, until, newest)
        rows = session.execute(select(accounts.c.target_id, accounts.c.cut_at).where(accounts.c.cut_at.is_not(None)))
        cut |= {int(account): int(oldest) for account, oldest in rows}
    return cut


def list_circles(
    session: Session,
    people: Collection[int],
    *,
    since: int,
    until: int,
    networks: Collection[str] = (),
    newest: int,
) -> pd.DataFrame:
    """Who of the public answered, mentioned or shared these people within [since, until), on these networks or on any:
    ``host_id`` (of ``people``), ``person_id``, ``at`` (the first time ever, on any network). Over the ``newest``
    interactions of any kind with each account; muted accounts do not count on either side."""
    frames = [_circles(session, part, since, until, networks, newest) for part in _parts(people)]
    circles = pd.concat(frames, ignore_index=True).dropna(subset="person_id").astype({"person_id": "int64"})
    return circles[circles["person_id"] != circles["host_id"]].reset_index(drop=True)


def _circles(
    session: Session, people: Collection[int], since: int, until: int, networks: Collection[str], newest: int
) -> pd.DataFrame:
    talk = _talk(people, until, networks, newest)
    account: Any = aliased(PersonIdentity)
    person: Any = aliased(Person)
    by = (talk.c.host_id, account.person_id)
    # outer joins keep SQLite from beginning with all interactions or all accounts
    statement: Rows = (
        select(*by, func.min(talk.c.first_at).label("at"))
        .select_from(talk)
        .join(account, account.identity_id == talk.c.actor_id, isouter=True)
        .join(person, person.id == account.person_id, isouter=True)
        .where(person.role.is_(None), ~_is_muted(talk.c.actor_id))
        .group_by(*by)
        .having(func.max(talk.c.last_at) >= since)
    )
    return read_frame(session, statement, optional=("person_id", "at"))


def _talk(people: Collection[int], until: int, networks: Collection[str], newest: int) -> CTE:
    """Each pair of a host and an account that did something towards them, made one before anybody is looked up: that
    is a quarter of the interactions."""
    accounts = _accounts_with_cut(people, until, newest)
    at: Any = type_coerce(col(Interaction.occurred_at), _MICROS)
    there = case((col(Interaction.network).in_(sorted(networks)), at)) if networks else at
    is_talk = and_(
        col(Interaction.target_id) == accounts.c.target_id,
        col(Interaction.occurred_at) >= func.coalesce(accounts.c.cut_at, -(1 << 62)),
        col(Interaction.occurred_at) < from_micros(until),
        col(Interaction.kind).in_([str(kind) for kind in TALK]),
    )
    by = (accounts.c.host_id, col(Interaction.actor_id))
    pairs = (
        select(*by, func.min(at).label("first_at"), func.max(there).label("last_at"))
        .select_from(accounts)
        .join(Interaction, is_talk, isouter=True)
        .group_by(*by)
    )
    return pairs.cte("talk").prefix_with("MATERIALIZED")


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
    found = select(
        col(PersonIdentity.person_id).label("host_id"),
        col(PersonIdentity.identity_id).label("target_id"),
        last.label("cut_at"),
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
    """What these people take part in within [since, until): ``sale`` (its id), ``person_id``, ``at``, ``day``,
    ``is_refund`` (0 or 1), ``amount_minor`` (of the whole sale), ``currency`` ("": no amount is known)."""
    at = type_coerce(col(Sale.occurred_at), _MICROS).label("at")
    is_refund: Any = type_coerce(col(Sale.is_refund), BigInteger()).label("is_refund")
    columns = (col(Sale.day), is_refund, col(Sale.amount_minor), col(Sale.currency))
    statement: Rows = select(col(Sale.fact_id).label("sale"), col(Sale.person_id), at, *columns)
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
    """Everybody who takes part in these sales: ``sale``, ``person_id``."""
    columns: tuple[Any, ...] = (col(Sale.fact_id).label("sale"), col(Sale.person_id))
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
