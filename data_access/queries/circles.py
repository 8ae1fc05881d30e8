"""Who talked with whom around a few people, from their interactions through the indexes on actor and target."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, case, exists, func, select, type_coerce
from sqlmodel import Session

from data_access.models import derived, facts
from data_access.models.derived import Role
from data_access.queries.frames import Rows, read_frame, read_integers
from data_access.queries.influence_conditions import INFLUENCE, RELATIONS
from data_access.queries.influencers import TIE
from data_access.upsert import chunks, table

INTERACTION = table(facts.Interaction)
ACCOUNT_ROLE = table(derived.AccountRole)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
_ACCOUNTS_AT_A_TIME = 2_000
_ACT_COLUMNS = ["interaction_id", "actor_id", "target_id", "relation", "micros"]


@dataclass(frozen=True)
class TalkConditions:
    """Which interactions: between two times (UTC, half-open), of which ``relations`` (reply | mention | share) and on
    which networks; empty is "any". Of each account and direction the ``newest`` so many."""

    since: datetime
    until: datetime
    relations: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    newest: int = 5_000


def list_accounts_held(session: Session, people: Collection[int]) -> pd.DataFrame:
    """The accounts that these people hold, without those that are muted: ``identity_id``, ``person_id``."""
    statement: Rows = select(PERSON_IDENTITY.c.identity_id, PERSON_IDENTITY.c.person_id).where(~_is_muted())
    return _of_each(session, statement, PERSON_IDENTITY.c.person_id, people)


def list_holders_with_role(session: Session, accounts: Collection[int]) -> pd.DataFrame:
    """Who holds these accounts, but for the muted ones: ``identity_id``, ``person_id``, ``role`` (of the person: team,
    bot, muted or None)."""
    statement: Rows = (
        select(PERSON_IDENTITY.c.identity_id, PERSON_IDENTITY.c.person_id, PERSON.c.role)
        .join_from(PERSON_IDENTITY, PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
        .where(~_is_muted())
    )
    return _of_each(session, statement, PERSON_IDENTITY.c.identity_id, accounts)


def _is_muted() -> ColumnElement[bool]:
    """Whether the account is: somebody may have others that are not."""
    is_its = ACCOUNT_ROLE.c.identity_id == PERSON_IDENTITY.c.identity_id
    return exists().where(is_its, ACCOUNT_ROLE.c.role == Role.MUTED).correlate(PERSON_IDENTITY)


def list_roles_of(session: Session, people: Collection[int]) -> dict[int, str | None]:
    """The role (team, bot, muted or None) of each of these people who are in the store."""
    statement: Rows = select(PERSON.c.id, PERSON.c.role)
    rows = _of_each(session, statement, PERSON.c.id, people)
    return {int(person): role for person, role in zip(rows["id"], rows["role"], strict=True)}


def _of_each(session: Session, statement: Rows, column: ColumnElement[int], ids: Collection[int]) -> pd.DataFrame:
    parts = list(chunks(sorted(set(ids)), _ACCOUNTS_AT_A_TIME)) or [[]]
    return pd.concat([read_frame(session, statement.where(column.in_(part))) for part in parts], ignore_index=True)


def list_acts(
    session: Session, accounts: Collection[int], wanted: TalkConditions, *, is_sent: bool
) -> tuple[pd.DataFrame, bool]:
    """What these accounts did towards others, or others towards them: ``interaction_id``, ``actor_id``,
    ``target_id`` (accounts), ``relation`` (its place in ``RELATIONS``), ``micros`` (since 1970, UTC); and whether any
    account has more than ``wanted.newest``, of which only the newest are there."""
    mine = INTERACTION.c.actor_id if is_sent else INTERACTION.c.target_id
    parts, is_bounded = [], False
    for some in chunks(sorted(set(accounts)), _ACCOUNTS_AT_A_TIME):
        counts = _count_acts(session, some, wanted, mine)
        busy = sorted(account for account, count in counts.items() if count > wanted.newest)
        few = sorted(set(counts) - set(busy))
        is_bounded |= bool(busy)
        if few:
            parts.append(read_integers(session, _acts(wanted).where(mine.in_(few))))
        parts += [read_integers(session, _newest(wanted, mine, account)) for account in busy]
    rows = np.concatenate(parts) if parts else np.empty((0, len(_ACT_COLUMNS)), dtype=np.int64)
    return pd.DataFrame(rows, columns=_ACT_COLUMNS), is_bounded


def _count_acts(
    session: Session, accounts: Sequence[int], wanted: TalkConditions, mine: ColumnElement[int]
) -> dict[int, int]:
    """How many interactions each account has in the time, of any kind: the index alone says so."""
    moment = INTERACTION.c.occurred_at
    statement: Rows = (
        select(mine, func.count())
        .where(mine.in_(accounts), moment >= wanted.since, moment < wanted.until)
        .group_by(mine)
    )
    return {int(account): int(count) for account, count in read_integers(session, statement)}


def _acts(wanted: TalkConditions) -> Rows:
    relations = {name: number for number, name in enumerate(RELATIONS)}
    moment: Any = INTERACTION.c.occurred_at
    statement: Rows = select(
        INTERACTION.c.id,
        INTERACTION.c.actor_id,
        INTERACTION.c.target_id,
        case(relations, value=INTERACTION.c.kind).label("relation"),
        type_coerce(moment, BigInteger()).label("micros"),
    ).where(
        moment >= wanted.since,
        moment < wanted.until,
        INTERACTION.c.kind.in_(wanted.relations or RELATIONS),
        INTERACTION.c.target_id.is_not(None),
    )
    return statement.where(INTERACTION.c.network.in_(wanted.networks)) if wanted.networks else statement


def _newest(wanted: TalkConditions, mine: ColumnElement[int], account: int) -> Rows:
    return _acts(wanted).where(mine == account).order_by(INTERACTION.c.occurred_at.desc()).limit(wanted.newest)


def list_sides(session: Session, period: str, communities: Collection[int]) -> pd.DataFrame:
    """How strongly each of the people that are drawn is tied to the people of these communities, in both directions
    together: ``person_id``, ``community`` (the others'), ``weight``, ``times``."""
    frames = []
    for person, other in ((TIE.c.source_id, TIE.c.target_id), (TIE.c.target_id, TIE.c.source_id)):
        is_other = (INFLUENCE.c.period == TIE.c.period) & (INFLUENCE.c.person_id == other)
        statement: Rows = (
            select(
                person.label("person_id"),
                INFLUENCE.c.community,
                func.sum(TIE.c.weight).label("weight"),
                func.sum(TIE.c.times).label("times"),
            )
            .join_from(TIE, INFLUENCE, is_other)
            .where(TIE.c.period == period, INFLUENCE.c.community.in_(sorted(set(communities))))
            .group_by(person, INFLUENCE.c.community)
        )
        frames.append(read_frame(session, statement))
    both = pd.concat(frames, ignore_index=True).groupby(["person_id", "community"], as_index=False)
    return both[["weight", "times"]].sum()
