"""What accounts are found by that may be one person's: keys, so that those of a few are found among millions.

A key is a whole number of 47 bits made of a value (a name, an address, a link) and of its kind. Two accounts that any
rule or the model could tie have keys that meet; accounts whose keys meet need have nothing in common.
"""

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.matching_accounts import load_accounts, open_duckdb, prepare_accounts
from metrics.matching_certain import FOUND_AT, find_addresses, find_carried_ids, find_links

#: A key is of the kind that is left of it when it is divided by this.
KINDS = 16
EMAIL, MAILBOX, NAME, CORE, SPELLING, HANDLE, FAMILY_IN_TOWN, GIVEN_IN_TOWN = range(8)
GIVEN_AT_WORK, FAMILY_AT_WORK, LINK, FOUND_UNDER, LINKS_TO, ID = range(8, 14)
HOST = 14
#: By which keys the model's pairs are found: an account with the one kind and one with the other, of one value.
_COMPARED = (
    *((kind, kind) for kind in (EMAIL, MAILBOX, NAME, CORE, HANDLE, FAMILY_IN_TOWN, GIVEN_IN_TOWN)),
    *((kind, kind) for kind in (GIVEN_AT_WORK, FAMILY_AT_WORK, LINK)),
    (CORE, SPELLING),
    (SPELLING, CORE),
)
#: By which keys a rule looks at accounts together.
_TOGETHER = ((EMAIL, EMAIL), (ID, ID), (FOUND_UNDER, FOUND_UNDER))
#: By which keys an account finds those that its profile links to, and one those that link to it.
_LINKED = ((LINKS_TO, FOUND_UNDER),)
_LINKING = ((FOUND_UNDER, LINKS_TO),)
#: Keys by which nobody is compared where more than ``MOST_HOLDERS`` have them.
LIMITED = (NAME, HANDLE, MAILBOX)
Keys = npt.NDArray[np.int64]


def kinds_of(keys: Keys) -> Keys:
    """The kind of each key."""
    return keys % KINDS


def keys_compared(keys: Keys) -> Keys:
    """The keys of the accounts that the model compares with accounts of these keys."""
    return _meeting(keys, _COMPARED)


def keys_together(keys: Keys) -> Keys:
    """The keys of the accounts on which it hangs what the rules say of accounts with these keys, but for who links to
    them."""
    return _meeting(keys, (*_TOGETHER, *_LINKED))


def keys_linking(keys: Keys) -> Keys:
    """The keys of the accounts that link to accounts with these keys."""
    return _meeting(keys, _LINKING)


def keys_linked(keys: Keys) -> Keys:
    """The keys of the accounts that accounts with these keys link to."""
    return _meeting(keys, _LINKED)


def keys_found_under(keys: Keys) -> Keys:
    """Those of the keys that are addresses under which accounts are found."""
    return _meeting(keys, ((FOUND_UNDER, FOUND_UNDER),))


def _meeting(keys: Keys, kinds: tuple[tuple[int, int], ...]) -> Keys:
    found = [keys[keys % KINDS == one] - one + other for one, other in kinds]
    return np.unique(np.concatenate(found))


def account_keys(accounts: pd.DataFrame) -> Keys:
    """The keys of accounts, columns as in ``score_pairs``: a row for each account and key, in order, each once."""
    with open_duckdb() as connection:
        _prepare(connection, accounts)
        found = connection.execute(f"""
            SELECT DISTINCT account_id, {KEY.format(value="value", kind="kind")} AS key
            FROM valued WHERE value IS NOT NULL ORDER BY account_id, key
        """).fetchnumpy()
    return np.column_stack([found["account_id"], found["key"]]).astype(np.int64)


def count_hosts(accounts: pd.DataFrame) -> pd.DataFrame:
    """How many accounts of each place have their profile on each host: ``key`` (as in ``account_keys``), ``network``,
    ``source``, ``host``, ``accounts``; in order of the key."""
    with open_duckdb() as connection:
        load_accounts(connection, accounts)
        find_addresses(connection)
        return connection.execute(f"""
            SELECT {KEY.format(value=_HOST, kind=HOST)} AS key, network, source, host,
                count(DISTINCT account_id) AS accounts
            FROM {FOUND_AT} WHERE host IS NOT NULL GROUP BY ALL ORDER BY key
        """).df()


def main_hosts(hosts: pd.DataFrame) -> pd.DataFrame:
    """The host that most accounts of each place have: ``network``, ``source``, ``host``, of ``count_hosts``."""
    order = hosts[hosts["accounts"] > 0].sort_values(["accounts", "host"], ascending=[False, True])
    return order.drop_duplicates(["network", "source"])[["network", "source", "host"]]


KEY = f"CAST(md5_number_lower({{value}}) >> 21 AS BIGINT) * {KINDS} + {{kind}}"
_HOST = "network || chr(31) || source || chr(31) || host"


def _prepare(connection: duckdb.DuckDBPyConnection, accounts: pd.DataFrame) -> None:
    """The table ``valued``: account_id, kind, value."""
    load_accounts(connection, accounts)
    prepare_accounts(connection)
    find_addresses(connection)
    find_links(connection)
    find_carried_ids(connection)
    values = {
        EMAIL: "email_key",
        MAILBOX: "email_local",
        NAME: "name_key",
        CORE: "handle_core",
        HANDLE: "handle_key",
        FAMILY_IN_TOWN: "family || chr(31) || town || chr(31) || left(given, 1)",
        GIVEN_IN_TOWN: "given || chr(31) || town || chr(31) || family_initial",
        GIVEN_AT_WORK: "given || chr(31) || employer",
        FAMILY_AT_WORK: "family || chr(31) || employer",
        LINK: "link",
    }
    selects = [f"SELECT account_id, {kind} AS kind, {value} AS value FROM prepared" for kind, value in values.items()]
    connection.execute(f"""
        CREATE VIEW valued AS {" UNION ALL ".join(selects)}
        UNION ALL SELECT account_id, {SPELLING}, spelling FROM prepared
        UNION ALL SELECT account_id, {SPELLING}, spelling_reversed FROM prepared
        UNION ALL SELECT account_id, {FOUND_UNDER}, address FROM {FOUND_AT}
        UNION ALL SELECT account_id, {HOST}, {_HOST} FROM {FOUND_AT} WHERE host IS NOT NULL
        UNION ALL SELECT account_id, {LINKS_TO}, address FROM linked
        UNION ALL SELECT account_id, {ID}, value FROM carried
        UNION ALL SELECT account_id, {ID}, value FROM unlikely
    """)
