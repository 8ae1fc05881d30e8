"""What accounts are found by to tell who is who: whether it is what they say."""

from collections.abc import Collection, Iterator

import numpy as np
from sqlalchemy import func, select
from sqlmodel import Session

from data_access.models.facts import RunStatus
from data_access.queries.matching import read_accounts
from data_access.queries.matching_keys import ACCOUNT_KEY, has_keys, read_hosts, read_keys
from data_access.upsert import chunks
from jobs.derive.due import DUE, MATCHING
from jobs.doctor.findings import Again, Finding, or_fine, repairable
from jobs.doctor.work import RUN
from jobs.launch import is_busy_elsewhere

CHECK = "matching"
_ACCOUNTS_AT_A_TIME = 20_000
_UNFINISHED = (RunStatus.COPYING, RunStatus.CANCELLING)


def check_matching(session: Session, accounts: Collection[int]) -> list[Finding]:
    """The keys of a sample of accounts, and on which hosts the profiles of all are. Not looked at where the next run
    of matching is yet to bring them up to date, or finds all anew."""
    if _is_yet_to_come(session):
        return []
    said = f"Accounts are found by what they have in common ({len(accounts):,} were looked at)."
    return or_fine(CHECK, _check(session, accounts), said)


def _is_yet_to_come(session: Session) -> bool:
    unfinished = select(RUN.c.id).where(RUN.c.status.in_(_UNFINISHED)).limit(1)
    due = select(DUE.c.key).where(DUE.c.kind == MATCHING).limit(1)
    return is_busy_elsewhere(session) or any(session.execute(which).first() for which in (unfinished, due))


def _check(session: Session, accounts: Collection[int]) -> Iterator[Finding]:
    # where none has any, the next run looks at all accounts
    stale = _list_stale(session, accounts) if has_keys(session) else set()
    again = Again()
    again.due[MATCHING] = {0}
    if stale:
        yield repairable(
            CHECK, f"{len(stale):,} accounts have not the keys by which others like them are found.", again
        )
    if not _are_hosts_counted(session):
        yield repairable(CHECK, "On which hosts profiles are is not what their accounts say.", again)


def _list_stale(session: Session, accounts: Collection[int]) -> set[int]:
    from metrics.matching_keys import account_keys  # loads DuckDB

    stale: set[int] = set()
    for part in chunks(sorted(accounts), _ACCOUNTS_AT_A_TIME):
        wanted, held = account_keys(read_accounts(session, part)), read_keys(session, part)
        if not np.array_equal(wanted, held):
            stale |= {account for account, _ in {*map(tuple, wanted.tolist())} ^ {*map(tuple, held.tolist())}}
    return stale


def _are_hosts_counted(session: Session) -> bool:
    from metrics.matching_keys import HOST, KINDS

    is_host = ACCOUNT_KEY.c.key % KINDS == HOST
    counted = select(ACCOUNT_KEY.c.key, func.count()).where(is_host).group_by(ACCOUNT_KEY.c.key)
    held = read_hosts(session)[["key", "accounts"]].itertuples(index=False, name=None)
    return set(held) == {tuple(row) for row in session.execute(counted)}
