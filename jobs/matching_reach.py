"""Which accounts are to be read to find who is who after a few changed: all on which it may hang, among millions."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlmodel import Session

from data_access.queries.matching import read_accounts
from data_access.queries.matching_keys import Keys, count_holders, list_holders, read_keys
from jobs.matching_keys import count_hosts_without

#: With more accounts to read than these, reading all is no slower.
MOST_READ = 60_000


class TooMany(Exception):
    """That so much hangs on what changed that everything is to be looked at."""


@dataclass
class Reach:
    """What the rules need to say which accounts are certainly one person's, after some changed.

    ``accounts``: as ``read_accounts``. ``touched``: those of whose pairs any may have come or gone by a rule.
    ``keys``: of the changed accounts, as they are now; ``held``: as they were. ``hosts``: of which host the profiles of
    a place are, for how many accounts.
    """

    changed: set[int]
    touched: set[int]
    accounts: pd.DataFrame
    keys: Keys
    held: Keys
    hosts: pd.DataFrame


def find_reach(session: Session, changed: Collection[int]) -> Reach:
    """What the rules need after these accounts changed. Raises ``TooMany``."""
    from metrics.matching_keys import HOST, account_keys, count_hosts, keys_together, kinds_of

    now, held = read_accounts(session, changed), read_keys(session, changed)
    keys = account_keys(now)
    hosts, is_moved = count_hosts_without(session, held[kinds_of(held[:, 1]) == HOST][:, 1], count_hosts(now))
    if is_moved:
        raise TooMany
    # what an account said until now may have kept others from being tied, or tied them
    either = keys_together(np.concatenate([keys[:, 1], held[:, 1]]))
    touched = {*changed, *_holders(session, either)}
    read = _read_by_rules(session, touched, set(changed), keys)
    return Reach(set(changed), touched, read_accounts(session, read), keys, held, hosts)


def _read_by_rules(session: Session, touched: set[int], changed: set[int], keys: Keys) -> set[int]:
    """All accounts on which it hangs whom the rules tie the ``touched`` to."""
    from metrics.matching_keys import keys_found_under, keys_linked, keys_linking, keys_together

    theirs = _keys_of(session, touched, changed, keys)
    found = touched | _holders(session, keys_together(theirs)) | _linkers(session, keys_linking(theirs), changed)
    # of those whom they link to: whether others have their addresses, and how many link to them
    linked = _holders(session, keys_linked(theirs)) | changed
    addresses = _keys_of(session, linked, changed, keys)
    found |= linked | _holders(session, keys_found_under(addresses))
    found |= _linkers(session, keys_linking(addresses), changed)
    _refuse_many(len(found))
    return found


def read_compared(session: Session, reach: Reach, weighed: set[int]) -> tuple[pd.DataFrame, set[int]]:
    """The ``weighed`` accounts and all that the model is to compare with them, as ``read_accounts``; and by which keys
    nobody is compared, since too many have them.

    Raises ``TooMany``.
    """
    from metrics.matching_keys import LIMITED, keys_compared, kinds_of
    from metrics.matching_score import MOST_HOLDERS

    wanted = keys_compared(_keys_of(session, weighed, reach.changed, reach.keys))
    counts = count_holders(session, wanted.tolist())
    now, before = (Counter(keys[:, 1].tolist()) for keys in (reach.keys, reach.held))
    crowded = {
        key
        for key in wanted[np.isin(kinds_of(wanted), LIMITED)].tolist()
        if counts.get(key, 0) + now[key] - before[key] > MOST_HOLDERS
    }
    _refuse_many(sum(count for key, count in counts.items() if key not in crowded))
    found = list_holders(session, counts.keys() - crowded) | reach.changed | weighed
    return read_accounts(session, found), crowded


def _keys_of(session: Session, accounts: set[int], changed: set[int], keys: Keys) -> Keys:
    """The distinct keys of accounts as they are now; the store has those of the ``changed`` as they were."""
    mine = keys[np.isin(keys[:, 0], list(accounts & changed)), 1]
    return np.unique(np.concatenate([mine, read_keys(session, accounts - changed)[:, 1]]))


def _linkers(session: Session, keys: Keys, changed: set[int]) -> set[int]:
    """Who links to some addresses: of each so many that one more makes no difference."""
    from metrics.matching_certain import MOST_LINKS_TO_A_PROFILE

    return _some_holders(session, keys, MOST_LINKS_TO_A_PROFILE + 2 + len(changed))


def _some_holders(session: Session, keys: Keys, limit: int) -> set[int]:
    counts = count_holders(session, keys.tolist())
    many = {key for key, count in counts.items() if count > limit}
    _refuse_many(sum(min(count, limit) for count in counts.values()))
    return list_holders(session, counts.keys() - many) | list_holders(session, many, limit=limit)


def _holders(session: Session, keys: Keys) -> set[int]:
    counts = count_holders(session, keys.tolist())
    _refuse_many(sum(counts.values()))
    return list_holders(session, counts)


def _refuse_many(accounts: int) -> None:
    if accounts > MOST_READ:
        raise TooMany
