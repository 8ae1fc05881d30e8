"""Which accounts are worth comparing: the pairs that some rule brings up, a slice of all accounts after the other."""

from collections.abc import Collection

import duckdb
import numpy as np
import pandas as pd

from metrics.matching_accounts import load_accounts, prepare_accounts
from metrics.matching_fields import pair_conditions
from metrics.matching_keys import CORE, HANDLE, KEY, MAILBOX, NAME

#: A name, handle or mailbox's name that more accounts than this have is nobody's in particular: it brings no pairs up.
MOST_HOLDERS = 400
#: Pairs that are scored at once, where one account has no more by itself: what bounds the memory.
PAIRS_AT_ONCE = 250_000
#: So few accounts have no more pairs than that, or not many more.
FEW = 2_000
_BLOCKS = {
    "full_block": ("name_key", NAME),
    "handle_block": ("handle_key", HANDLE),
    "core_block": ("handle_core", CORE),
    "mailbox_block": ("email_local", MAILBOX),
}
_MAY_MEET = "l.account_id < r.account_id AND l.role = r.role AND l.role <> 'bot' AND (l.is_chosen OR r.is_chosen)"


def prepare_blocks(
    connection: duckdb.DuckDBPyConnection,
    accounts: pd.DataFrame,
    account_ids: Collection[int] | None,
    crowded: Collection[int] = (),
) -> None:
    """Make the table ``prepared``: the accounts, comparable, and by what pairs of them are found. ``account_ids``: only
    pairs of which one is among these are; ``crowded``: keys of what too many have."""
    load_accounts(connection, accounts)
    prepare_accounts(connection)
    _add_blocks(connection, crowded)
    connection.register("chosen", pd.DataFrame({"account_id": pd.Series(sorted(account_ids or ()), dtype="int64")}))
    is_chosen = "true" if account_ids is None else "account_id IN (SELECT account_id FROM chosen)"
    connection.execute("ALTER TABLE prepared ADD COLUMN is_chosen BOOLEAN")
    connection.execute(f"UPDATE prepared SET is_chosen = {is_chosen}")


def _add_blocks(connection: duckdb.DuckDBPyConnection, crowded: Collection[int]) -> None:
    """The columns ``full_block``, ``handle_block``, ...: names and handles that few enough accounts have."""
    connection.register("crowded", pd.DataFrame({"key": pd.Series(sorted(crowded), dtype="int64")}))
    for block, (column, kind) in _BLOCKS.items():
        connection.execute(f"ALTER TABLE prepared ADD COLUMN {block} VARCHAR")
        connection.execute(f"""
            UPDATE prepared SET {block} = {column} WHERE {column} IN (
                SELECT {column} FROM prepared WHERE {column} IS NOT NULL
                GROUP BY {column} HAVING count(*) <= {MOST_HOLDERS})
                AND {KEY.format(value=column, kind=kind)} NOT IN (SELECT key FROM crowded)
        """)


def list_slices(connection: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[int, int]]:
    """Ranges of account ids, first and last, that together are all: the pairs whose lower id is in one are some
    ``PAIRS_AT_ONCE`` at most. One at least."""
    ids = connection.execute("SELECT account_id FROM prepared ORDER BY account_id").fetchnumpy()["account_id"]
    if len(ids) <= FEW:
        return [(int(ids.min(initial=0)), int(ids.max(initial=0)))]
    pairs = np.zeros(len(ids), dtype=np.int64)
    for condition in pair_conditions(kind):
        found = connection.execute(f"""
            SELECT l.account_id, count(*) AS pairs FROM prepared l JOIN prepared r ON {condition}
            WHERE {_MAY_MEET} GROUP BY l.account_id
        """).fetchnumpy()
        pairs[np.searchsorted(ids, found["account_id"])] += found["pairs"]
    before = np.concatenate([[0], np.cumsum(pairs)])
    slices, begin = [], 0
    while begin < len(ids):
        end = int(np.searchsorted(before, before[begin] + PAIRS_AT_ONCE, side="right")) - 1
        end = max(end, begin + 1)
        slices.append((int(ids[begin]), int(ids[end - 1])))
        begin = end
    return slices


def block_pairs(connection: duckdb.DuckDBPyConnection, kind: str, first: int, last: int, *, into: str) -> None:
    """Make a table of the pairs worth comparing, each once, whose lower id is one of ``first`` to ``last``."""
    connection.execute("CREATE OR REPLACE TABLE candidate (left_id BIGINT, right_id BIGINT)")
    for condition in pair_conditions(kind):
        connection.execute(f"""
            INSERT INTO candidate SELECT l.account_id, r.account_id FROM prepared l JOIN prepared r ON {condition}
            WHERE l.account_id BETWEEN {first} AND {last} AND {_MAY_MEET}
        """)
    connection.execute(f"""
        CREATE TABLE {into} AS SELECT '0' AS match_key, left_id AS join_key_l, right_id AS join_key_r
        FROM (SELECT DISTINCT left_id, right_id FROM candidate) ORDER BY left_id, right_id
    """)
