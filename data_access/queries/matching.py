"""Accounts as matching reads them, and the pairs that were found."""

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Row, func, select
from sqlmodel import Session

from data_access.among import among
from data_access.models.derived import MatchPair, PersonIdentity
from data_access.models.facts import Identity, Order, Post
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import Key, chunks, table

IDENTITY = table(Identity)
PAIR = table(MatchPair)
PERSON_IDENTITY = table(PersonIdentity)
POST = table(Post)
ORDER = table(Order)
__all__ = [
    "Key",
    "count_accounts",
    "count_pairs",
    "has_pairs",
    "list_pairs",
    "read_accounts",
    "read_pair_accounts",
    "read_pairs",
    "sum_of_people",
]
_FIELDS = ("network", "source", "native_id", "handle", "email", "email_verified", "url", "bio", "location")
_ACCOUNTS = pa.schema([
    ("account_id", pa.int64()),
    *((name, pa.bool_() if name == "email_verified" else pa.large_string()) for name in _FIELDS),
    ("name", pa.large_string()),
    ("organization", pa.large_string()),
])  # fmt: skip
_TYPES = {pa.large_string(): pd.StringDtype("pyarrow"), pa.bool_(): pd.BooleanDtype()}
_ROWS_AT_A_TIME = 20_000


def read_accounts(session: Session, ids: Collection[int] | None = None) -> pd.DataFrame:
    """Every account that says something of who it is, or those of ``ids``: ``account_id`` (int64), ``network``,
    ``source``, ``native_id``, ``handle``, ``name``, ``email``, ``email_verified`` (boolean), ``url``, ``bio``,
    ``location``, ``organization`` (texts, kept as Arrow: there may be millions). Not their roles: those follow from
    Settings, and say who may join, not who is alike."""
    statement: Rows = (
        select(
            IDENTITY.c.id.label("account_id"),
            *(IDENTITY.c[name] for name in _FIELDS),
            IDENTITY.c.display_name.label("name"),
            IDENTITY.c.organization,
        )
        .where(func.coalesce(IDENTITY.c.handle, IDENTITY.c.display_name, IDENTITY.c.email).is_not(None))
        .order_by(IDENTITY.c.id)
    )
    statements = (
        [statement] if ids is None else [statement.where(among(IDENTITY.c.id, part)) for part in chunks(sorted(ids))]
    )
    parts = [_ACCOUNTS.empty_table()]
    for each in statements:
        rows = session.connection().execute(each.execution_options(yield_per=_ROWS_AT_A_TIME))
        parts.extend(_as_arrow(part) for part in rows.partitions())
    return pa.concat_tables(parts).to_pandas(types_mapper=_TYPES.get)


def _as_arrow(rows: Sequence[Row[Any]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(held, kind) for held, kind in zip(columns, _ACCOUNTS.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_ACCOUNTS)


def count_accounts(session: Session, *, named: bool = False, up_to: int) -> int:
    """How many accounts ``read_accounts`` reads, those with a name only if ``named``; counting stops at ``up_to``."""
    says = (
        IDENTITY.c.display_name
        if named
        else func.coalesce(IDENTITY.c.handle, IDENTITY.c.display_name, IDENTITY.c.email)
    )
    some = select(IDENTITY.c.id).where(says.is_not(None)).limit(up_to).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def read_pairs(session: Session, accounts: Collection[int] | None = None) -> pd.DataFrame:
    """The pairs that stand: all, or those that have one of ``accounts``. ``left_id``, ``right_id``, ``rule``,
    ``probability``, ``fields``; in the order of ids."""
    names = ("left_id", "right_id", "rule", "probability", "fields")
    statement: Rows = select(*(PAIR.c[name] for name in names))
    if accounts is None:
        return read_frame(session, statement.order_by(PAIR.c.left_id, PAIR.c.right_id))
    parts = [read_frame(session, statement.where(PAIR.c.left_id < 0))]
    for part in chunks(sorted(accounts)):
        parts += [read_frame(session, statement.where(among(side, part))) for side in (PAIR.c.left_id, PAIR.c.right_id)]
    found = pd.concat(parts, ignore_index=True).drop_duplicates(["left_id", "right_id"])
    return found.sort_values(["left_id", "right_id"], ignore_index=True)


def has_pairs(session: Session) -> bool:
    """Whether any pair stands."""
    return session.execute(select(PAIR.c.left_id).limit(1)).first() is not None


def count_pairs(session: Session) -> dict[str, int]:
    """How many pairs there are in each state."""
    statement = select(PAIR.c.state, func.count()).group_by(PAIR.c.state)
    return {state: int(count) for state, count in session.execute(statement)}


def list_pairs(session: Session, *, state: str, limit: int) -> pd.DataFrame:
    """Pairs in a state, the surest first: ``left_id``, ``right_id``, ``left``, ``right`` (names), ``left_network``,
    ``right_network``, ``probability``, ``fields``, ``reason``."""
    left, right = IDENTITY.alias("l"), IDENTITY.alias("r")
    statement: Rows = (
        select(
            PAIR.c.left_id,
            PAIR.c.right_id,
            _name(left).label("left"),
            _name(right).label("right"),
            left.c.network.label("left_network"),
            right.c.network.label("right_network"),
            PAIR.c.probability,
            PAIR.c.fields,
            PAIR.c.reason,
        )
        .join_from(PAIR, left, left.c.id == PAIR.c.left_id)
        .join(right, right.c.id == PAIR.c.right_id)
        .where(PAIR.c.state == state)
        .order_by(PAIR.c.probability.desc(), PAIR.c.left_id, PAIR.c.right_id)
        .limit(limit)
    )
    return read_frame(session, statement)


def _name(account: Any) -> ColumnElement[Any]:
    return func.coalesce(account.c.display_name, account.c.handle, account.c.native_id)


def read_pair_accounts(session: Session, left_id: int, right_id: int) -> tuple[Row[Any], Row[Any], Row[Any]] | None:
    """A pair (``rule``, ``probability``, ``weight``, ``fields``, ``state``, ``reason``) with its two accounts
    (``network``, ``source``, ``native_id``, ``handle``, ``name``, ``email``, ``url``, ``bio``, ``location``,
    ``organization``, ``followers``, ``person_id``); None where there is none."""
    pair = session.execute(select(PAIR).where(PAIR.c.left_id == left_id, PAIR.c.right_id == right_id)).one_or_none()
    accounts = {row.id: row for row in session.execute(_accounts([left_id, right_id]))}
    if pair is None or left_id not in accounts or right_id not in accounts:
        return None
    return pair, accounts[left_id], accounts[right_id]


def _accounts(ids: Collection[int]) -> Rows:
    return (
        select(
            IDENTITY.c.id,
            *(IDENTITY.c[name] for name in _FIELDS),
            IDENTITY.c.display_name.label("name"),
            IDENTITY.c.organization,
            IDENTITY.c.followers,
            PERSON_IDENTITY.c.person_id,
        )
        .join_from(IDENTITY, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == IDENTITY.c.id)
        .where(IDENTITY.c.id.in_(ids))
    )


def sum_of_people(session: Session, people: Collection[int]) -> pd.DataFrame:
    """What each of these people has: ``person_id``, ``accounts``, ``posts``, ``orders``."""
    owner = PERSON_IDENTITY.c.person_id
    posts = select(func.count()).where(POST.c.author_id == PERSON_IDENTITY.c.identity_id).scalar_subquery()
    orders = select(func.count()).where(ORDER.c.identity_id == PERSON_IDENTITY.c.identity_id).scalar_subquery()
    statement: Rows = (
        select(
            owner,
            func.count().label("accounts"),
            func.sum(posts).label("posts"),
            func.sum(orders).label("orders"),
        )
        .where(owner.in_(sorted(set(people))))
        .group_by(owner)
    )
    return read_frame(session, statement)
