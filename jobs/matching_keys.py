"""The keys by which accounts that may be one person's are found: kept for every account, or for none."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from sqlalchemy import Engine, delete
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_tuples
from data_access.queries.matching_keys import (
    ACCOUNT_KEY,
    PROFILE_HOST,
    Keys,
    count_holders,
    has_keys,
    list_holders,
    read_hosts,
    read_keys,
    read_keys_between,
)
from data_access.store import reading, writing
from data_access.upsert import chunks
from jobs.derive.due import MATCHING, mark_due
from jobs.progress import Progress

_ACCOUNTS_AT_A_TIME = 20_000
_MANY = 100_000
_MOST_NEIGHBOURS = 2_000
_NAMES = ("identity_id", "key")


def keep_all_keys(engine: Engine, accounts: pd.DataFrame, progress: Progress) -> None:
    """Bring the keys of all accounts, as ``read_accounts`` gives them, to what they say now."""
    from metrics.matching_keys import account_keys, count_hosts

    before, hosts = 0, []
    (index,) = ACCOUNT_KEY.indexes
    with writing(engine, counts=False) as session:
        if len(accounts) > _MANY and not has_keys(session):
            # filled in the order of accounts, every part would write all of an index in the order of keys anew
            index.drop(session.connection(), checkfirst=True)
    for start in range(0, len(accounts), _ACCOUNTS_AT_A_TIME):
        part = accounts.iloc[start : start + _ACCOUNTS_AT_A_TIME]
        last = int(part["account_id"].iloc[-1])
        wanted = account_keys(part)
        hosts.append(count_hosts(part))
        with reading(engine) as session:
            held = read_keys_between(session, before, last)
        if not np.array_equal(wanted, held):
            with writing(engine, counts=False) as session:
                keep_keys(session, wanted, held)
        before = last
        progress.at(start + len(part))
    with writing(engine, counts=False) as session:
        session.connection().execute(delete(ACCOUNT_KEY).where(ACCOUNT_KEY.c.identity_id > before))
        index.create(session.connection(), checkfirst=True)
        found = pd.concat(hosts) if hosts else pd.DataFrame(columns=["key", "network", "source", "host", "accounts"])
        keep_hosts(session, found.groupby(["key", "network", "source", "host"], as_index=False)["accounts"].sum())


def keep_keys(session: Session, wanted: Keys, held: Keys) -> None:
    """Make the keys ``wanted`` of those ``held``, touching only what differs."""
    if not len(held):
        insert_tuples(session, ACCOUNT_KEY, _NAMES, list(map(tuple, wanted.tolist())))
        return
    now, before = set(map(tuple, wanted.tolist())), set(map(tuple, held.tolist()))
    stale: dict[int, list[int]] = {}
    for account, key in before - now:
        stale.setdefault(account, []).append(key)
    for account, keys in sorted(stale.items()):
        gone = delete(ACCOUNT_KEY).where(ACCOUNT_KEY.c.identity_id == account, ACCOUNT_KEY.c.key.in_(keys))
        session.connection().execute(gone)
    insert_tuples(session, ACCOUNT_KEY, _NAMES, sorted(now - before))


def keep_hosts(session: Session, hosts: pd.DataFrame) -> None:
    """Make the counts of hosts those given, columns as in ``read_hosts``; a host of no account is left out."""
    held = read_hosts(session)
    now = {row.key: row for row in hosts.itertuples(index=False) if row.accounts > 0}
    before = {row.key: row.accounts for row in held.itertuples(index=False)}
    changed = [key for key, row in now.items() if before.get(key) != row.accounts]
    for part in chunks(sorted({*changed, *(before.keys() - now.keys())})):
        session.connection().execute(delete(PROFILE_HOST).where(PROFILE_HOST.c.key.in_(part)))
    rows = [(key, now[key].network, now[key].source, now[key].host, int(now[key].accounts)) for key in sorted(changed)]
    insert_tuples(session, PROFILE_HOST, ("key", "network", "source", "host", "accounts"), rows)


def forget_all_keys(engine: Engine) -> None:
    """Drop every key: where nobody has anything in common with anybody, there is nothing to look up."""
    with reading(engine) as session:
        if not has_keys(session) and read_hosts(session).empty:
            return
    with writing(engine, counts=False) as session:
        session.connection().execute(delete(ACCOUNT_KEY))
        session.connection().execute(delete(PROFILE_HOST))


def forget_keys(session: Session, ids: Collection[int]) -> None:
    """Drop the keys of accounts that are about to go, and note those to which it may matter: an address that two had
    may be the other's alone now."""
    held = read_keys(session, ids)
    if not len(held):
        return
    from metrics.matching_keys import HOST, keys_together, kinds_of

    keys = held[:, 1]
    together = keys_together(keys).tolist()
    hosts, is_moved = count_hosts_without(session, keys[kinds_of(keys) == HOST])
    keep_hosts(session, hosts)  # in any case: a host may be theirs alone
    if is_moved or sum(count_holders(session, together).values()) > _MOST_NEIGHBOURS * len(ids):
        mark_due(session, MATCHING, [0])
    else:
        mark_due(session, MATCHING, list_holders(session, together) - set(ids))
    for part in chunks(sorted(ids)):
        session.connection().execute(delete(ACCOUNT_KEY).where(among(ACCOUNT_KEY.c.identity_id, part)))


def count_hosts_without(session: Session, gone: Keys, more: pd.DataFrame | None = None) -> tuple[pd.DataFrame, bool]:
    """How many accounts' profiles each host has, columns as in ``read_hosts``, when these keys are ``gone`` and
    ``more`` have come; and whether a place has most on another host than before: that matters to all its accounts."""
    from metrics.matching_keys import main_hosts

    held = read_hosts(session)
    keys, counts = np.unique(gone, return_counts=True)
    fewer = held["key"].map(dict(zip(keys.tolist(), counts.tolist(), strict=True))).fillna(0).astype("int64")
    parts = [held.assign(accounts=held["accounts"] - fewer), *([] if more is None else [more])]
    after = pd.concat(parts).groupby(["key", "network", "source", "host"], as_index=False)["accounts"].sum()
    compared = main_hosts(held).merge(main_hosts(after), on=["network", "source"], suffixes=("", "_after"))
    return after, bool((compared["host"] != compared["host_after"]).any())
