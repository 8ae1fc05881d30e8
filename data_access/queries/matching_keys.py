"""The keys by which accounts that may be one person's are found, and on which hosts their profiles are."""

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session

from data_access.among import among
from data_access.models.derived import AccountKey, ProfileHost
from data_access.queries.frames import Rows, read_frame, read_integers
from data_access.upsert import chunks, table

ACCOUNT_KEY = table(AccountKey)
PROFILE_HOST = table(ProfileHost)
Keys = npt.NDArray[np.int64]


def has_keys(session: Session) -> bool:
    """Whether the accounts have their keys."""
    return session.execute(select(ACCOUNT_KEY.c.key).limit(1)).first() is not None


def read_keys(session: Session, accounts: Collection[int]) -> Keys:
    """The keys of these accounts: a row (account, key) each, in order."""
    parts = [np.empty((0, 2), dtype=np.int64)]
    for part in chunks(sorted(accounts)):
        statement = _SELECT.where(among(ACCOUNT_KEY.c.identity_id, part)).order_by(*_SELECT.selected_columns)
        parts.append(np.array(session.execute(statement).all(), dtype=np.int64).reshape(-1, 2))
    return np.concatenate(parts)


def read_keys_between(session: Session, after: int, last: int | None) -> Keys:
    """The keys of the accounts whose id is above ``after``, up to ``last`` where given: (account, key) in order."""
    statement = _SELECT.where(ACCOUNT_KEY.c.identity_id > after).order_by(*_SELECT.selected_columns)
    return read_integers(session, statement if last is None else statement.where(ACCOUNT_KEY.c.identity_id <= last))


def count_holders(session: Session, keys: Collection[int]) -> dict[int, int]:
    """How many accounts have each of these keys; those that nobody has are left out."""
    held: dict[int, int] = {}
    for part in chunks(sorted(keys)):
        statement = select(ACCOUNT_KEY.c.key, func.count()).where(among(ACCOUNT_KEY.c.key, part))
        held.update((key, int(count)) for key, count in session.execute(statement.group_by(ACCOUNT_KEY.c.key)))
    return held


def list_holders(session: Session, keys: Collection[int], *, limit: int | None = None) -> set[int]:
    """The accounts that have one of these keys; ``limit``: no more than this many of each key."""
    found: set[int] = set()
    if limit is None:
        for part in chunks(sorted(keys)):
            found.update(session.scalars(select(ACCOUNT_KEY.c.identity_id).where(among(ACCOUNT_KEY.c.key, part))))
        return found
    for key in sorted(keys):
        statement = select(ACCOUNT_KEY.c.identity_id).where(ACCOUNT_KEY.c.key == key)
        found.update(session.scalars(statement.order_by(ACCOUNT_KEY.c.identity_id).limit(limit)))
    return found


def read_hosts(session: Session) -> pd.DataFrame:
    """How many accounts' profiles each host has: ``key``, ``network``, ``source``, ``host``, ``accounts``, in order of
    the key."""
    statement: Rows = select(*(PROFILE_HOST.c[name] for name in _HOST)).order_by(PROFILE_HOST.c.key)
    return read_frame(session, statement)


_SELECT: Any = select(ACCOUNT_KEY.c.identity_id, ACCOUNT_KEY.c.key)
_HOST = ("key", "network", "source", "host", "accounts")
