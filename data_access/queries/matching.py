"""Accounts as matching reads them, and the pairs that were found."""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import AccountRole, MatchPair
from data_access.models.facts import Identity
from data_access.queries.frames import Rows, read_frame
from data_access.upsert import table

IDENTITY = table(Identity)
PAIR = table(MatchPair)
_FIELDS = ("network", "source", "native_id", "handle", "email", "email_verified", "url", "bio", "location")


def read_accounts(session: Session) -> pd.DataFrame:
    """Every account that says something of who it is: ``account_id`` (int64), ``network``, ``source``, ``native_id``,
    ``handle``, ``name``, ``email``, ``email_verified`` (boolean), ``url``, ``bio``, ``location``, ``organization``,
    ``role`` (team, bot, muted or None)."""
    statement: Rows = (
        select(
            IDENTITY.c.id.label("account_id"),
            *(IDENTITY.c[name] for name in _FIELDS),
            IDENTITY.c.display_name.label("name"),
            IDENTITY.c.organization,
            col(AccountRole.role),
        )
        .join_from(IDENTITY, table(AccountRole), col(AccountRole.identity_id) == IDENTITY.c.id, isouter=True)
        .where(func.coalesce(IDENTITY.c.handle, IDENTITY.c.display_name, IDENTITY.c.email).is_not(None))
        .order_by(IDENTITY.c.id)
    )
    accounts = read_frame(session, statement)
    return accounts.assign(email_verified=accounts["email_verified"].astype("boolean"))


def read_pairs(session: Session, accounts: Collection[int] | None = None) -> pd.DataFrame:
    """The pairs that stand, all or those with one of ``accounts``: ``left_id``, ``right_id``, ``rule``,
    ``probability``, ``weight``."""
    names = ("left_id", "right_id", "rule", "probability", "weight")
    statement: Rows = select(*(PAIR.c[name] for name in names)).order_by(PAIR.c.left_id, PAIR.c.right_id)
    pairs = read_frame(session, statement)
    if accounts is None:
        return pairs
    return pairs[pairs["left_id"].isin(accounts) | pairs["right_id"].isin(accounts)]
