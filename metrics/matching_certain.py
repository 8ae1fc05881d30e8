"""Accounts that are one person's for certain: by a verified address, an id, or a profile that links to the other."""

import duckdb
import pandas as pd

from metrics.matching_accounts import load_accounts, open_duckdb
from metrics.matching_words import (
    GLOBAL_HANDLE_NETWORKS,
    GLOBAL_ID_NETWORKS,
    PROFILE_PATTERNS,
    RECORD_NETWORKS,
    SHARED_HOSTS,
)

#: An address of accounts that go by more different full names than this is a shared one.
MOST_NAMES_OF_AN_ADDRESS = 2
#: Beyond this many accounts of one address or id, each is paired with the first only: as many pairs as accounts.
ALL_PAIRS_UP_TO = 12
#: A profile that more accounts than this link to is a celebrity's or a company's.
MOST_LINKS_TO_A_PROFILE = 8

FOUND_AT = "found_at"
#: As a case, not as an equality: DuckDB would take that for a way to join, and may pair all accounts of a role first.
_SAME_OWNER = """
    CASE WHEN coalesce(l.role, '') = coalesce(r.role, '') THEN coalesce(l.role, '') <> 'bot' ELSE false END
"""


def certain_pairs(accounts: pd.DataFrame, *, hosts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Pairs of accounts that are one person's for certain, and by which rule.

    Columns: ``account_id`` (whole numbers, each once), ``network``, ``source``, ``native_id``; used where present:
    ``handle``, ``name``, ``email``, ``email_verified``, ``url``, ``bio``, ``role`` (None, ``team`` or ``bot``). Returns
    ``left_id`` < ``right_id`` and ``rule``, each pair once, in order:

    - ``verified_email``: the same address, verified on both sides; letter case, blanks around it and, at providers that
      deliver name+tag@ to name@, the tag do not count. Not: mailboxes such as info@, an address of accounts with more
      than two different full names, nor two accounts of one place (network and source) with different names.
    - ``platform_id``: the same id on a network whose ids hold everywhere (``GLOBAL_ID_NETWORKS``); an account of which
      only the handle is known and the one that has this handle; a contact or visitor whose id is the other's.
    - ``profile_link``: the url or the text of a profile names the other's profile, and no other account's. Two accounts
      of one place that link to the same profile are no evidence, nor is a profile that many link to.

    Team members are paired with each other only, bots with nobody. Of more than twelve accounts of one address or id
    each is paired with the first only. ``hosts`` (``network``, ``source``, ``host``) is given with a part of all
    accounts: on which host most accounts of each place have their profiles, among all.

    >>> certain_pairs(pd.DataFrame({
    ...     "account_id": [1, 2], "network": ["crm", "twitter"], "source": ["crm", "x"], "native_id": ["C-1", "77"],
    ...     "email": ["ann@lee.example", "Ann@lee.example "], "email_verified": [True, True],
    ... })).to_dict("records")
    [{'left_id': 1, 'right_id': 2, 'rule': 'verified_email'}]
    """
    with open_duckdb() as connection:
        load_accounts(connection, accounts)
        connection.execute("CREATE TABLE found (left_id BIGINT, right_id BIGINT, rule VARCHAR, priority INTEGER)")
        _pair_by_email(connection)
        _pair_by_id(connection)
        _pair_by_handle(connection)
        _pair_by_link(connection, hosts)
        return connection.execute("""
            SELECT left_id, right_id, arg_min(rule, priority) AS rule FROM found
            GROUP BY left_id, right_id ORDER BY left_id, right_id
        """).df()


def _pair_groups(connection: duckdb.DuckDBPyConnection, rule: str, priority: int, *, condition: str = "true") -> None:
    """Pair the accounts of the table ``held`` (account_id, value) that have one value."""
    connection.execute("""
        CREATE TABLE counted AS SELECT *, count(*) OVER (PARTITION BY value) AS holders,
            row_number() OVER (PARTITION BY value ORDER BY account_id) AS place FROM held
    """)
    connection.execute(f"""
        CREATE TABLE paired AS SELECT DISTINCT x.account_id AS left_id, y.account_id AS right_id
        FROM counted x JOIN counted y ON x.value = y.value
        WHERE x.account_id < y.account_id AND (x.holders <= {ALL_PAIRS_UP_TO} OR x.place = 1)
    """)
    connection.execute(f"""
        INSERT INTO found SELECT left_id, right_id, '{rule}', {priority}
        FROM paired JOIN account l ON l.account_id = left_id JOIN account r ON r.account_id = right_id
        WHERE {_SAME_OWNER} AND {condition}
    """)
    for table in ("held", "counted", "paired"):
        connection.execute(f"DROP TABLE {table}")


def _pair_by_email(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        CREATE TABLE held AS
        WITH known AS (SELECT account_id, email_of(email) AS value, plain_name(name) AS spoken FROM account
                       WHERE email_verified AND email IS NOT NULL),
        own AS (SELECT * FROM known WHERE value IS NOT NULL AND NOT is_shared_mailbox(value)),
        shared AS (SELECT value FROM own WHERE contains(spoken, ' ')
                   GROUP BY value HAVING count(DISTINCT spoken) > {MOST_NAMES_OF_AN_ADDRESS})
        SELECT account_id, value FROM own WHERE value NOT IN (FROM shared)
    """)
    one_place = "l.network = r.network AND l.source = r.source"
    names_differ = "split_part(plain_name(l.name), ' ', 1) <> split_part(plain_name(r.name), ' ', 1)"
    _pair_groups(connection, "verified_email", 1, condition=f"NOT ({one_place} AND coalesce({names_differ}, false))")


def _pair_by_id(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        CREATE TABLE held AS SELECT account_id, network || chr(31) || native_id AS value FROM account
        WHERE network IN {GLOBAL_ID_NETWORKS} AND NOT starts_with(native_id, '@')
    """)
    _pair_groups(connection, "platform_id", 2)
    find_carried_ids(connection)
    connection.execute(f"""
        INSERT INTO found
        WITH single AS (SELECT any_value(account_id) AS account_id, value, any_value(network) AS network FROM unlikely
                        WHERE network NOT IN ('web') GROUP BY value HAVING count(*) = 1)
        SELECT least(l.account_id, r.account_id), greatest(l.account_id, r.account_id), 'platform_id', 2
        FROM single s JOIN carried c ON c.value = s.value AND c.account_id <> s.account_id
        JOIN account l ON l.account_id = c.account_id JOIN account r ON r.account_id = s.account_id
        WHERE l.network <> r.network AND {_SAME_OWNER}
    """)


def find_carried_ids(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables ``unlikely``, ids that are long enough to be another's by no chance, and ``carried``, which ids
    contacts and visitors carry."""
    connection.execute("""
        CREATE OR REPLACE TABLE unlikely AS SELECT account_id, native_id AS value, network FROM account
        WHERE length(native_id) >= 9 OR (length(native_id) >= 6 AND regexp_matches(native_id, '[A-Za-z]'))
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE carried AS
        SELECT account_id, handle AS value FROM account WHERE network IN {RECORD_NETWORKS} AND length(handle) >= 6
        UNION SELECT account_id, native_id FROM account WHERE network = 'web' AND length(native_id) >= 6
    """)


def _pair_by_handle(connection: duckdb.DuckDBPyConnection) -> None:
    """An account of which only the handle is known, with the one account that has the handle."""
    connection.execute(f"""
        INSERT INTO found
        WITH named AS (SELECT account_id, network, source, lower(ltrim(handle, '@')) AS handle FROM account
                       WHERE handle IS NOT NULL AND NOT starts_with(native_id, '@')),
        bare AS (SELECT account_id, network, source, lower(ltrim(native_id, '@')) AS handle FROM account
                 WHERE starts_with(native_id, '@')),
        candidate AS (SELECT b.account_id AS bare_id, n.account_id FROM bare b JOIN named n
            ON b.network = n.network AND b.handle = n.handle
            AND (b.source = n.source OR b.network IN {tuple(GLOBAL_HANDLE_NETWORKS)})),
        single AS (SELECT bare_id, any_value(account_id) AS account_id FROM candidate
                   GROUP BY bare_id HAVING count(*) = 1)
        SELECT least(bare_id, s.account_id), greatest(bare_id, s.account_id), 'platform_id', 2
        FROM single s JOIN account l ON l.account_id = s.bare_id JOIN account r ON r.account_id = s.account_id
        WHERE {_SAME_OWNER}
    """)
    connection.execute(f"""
        CREATE TABLE held AS SELECT account_id, network || chr(31) || lower(native_id) AS value FROM account
        WHERE starts_with(native_id, '@') AND network IN {tuple(GLOBAL_HANDLE_NETWORKS)}
    """)
    _pair_groups(connection, "platform_id", 2)


def _pair_by_link(connection: duckdb.DuckDBPyConnection, hosts: pd.DataFrame | None) -> None:
    find_addresses(connection)
    find_links(connection)
    _find_hosts(connection, hosts)
    _find_profiles(connection)
    connection.execute(f"""
        INSERT INTO found
        WITH aimed AS (
            SELECT DISTINCT k.account_id, p.account_id AS target
            FROM linked k JOIN profile p ON k.address = p.address WHERE p.account_id <> k.account_id
        ), placed AS (
            SELECT a.*, count(*) OVER (PARTITION BY target, network, source) AS rivals,
                   count(*) OVER (PARTITION BY target) AS linkers
            FROM aimed a JOIN account USING (account_id)
        )
        SELECT least(p.account_id, target), greatest(p.account_id, target), 'profile_link', 3
        FROM placed p JOIN account l ON l.account_id = p.account_id JOIN account r ON r.account_id = p.target
        WHERE rivals = 1 AND linkers <= {MOST_LINKS_TO_A_PROFILE} AND {_SAME_OWNER}
            AND NOT (l.network = r.network AND l.source = r.source)
    """)


def find_addresses(connection: duckdb.DuckDBPyConnection) -> None:
    """The table ``FOUND_AT``: under which addresses accounts may be found, and on which ``host``, where it is a page's.

    That ends in the account's handle or id. What network and handle make stands for a page on a network that
    everybody knows.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE {FOUND_AT} AS
        SELECT account_id, network, source, link_of(url) AS address, split_part(link_of(url), '/', 1) AS host
        FROM account WHERE list_contains(
            [lower(ltrim(handle, '@')), lower(native_id)], ltrim(regexp_extract(link_of(url), '/([^/]+)$', 1), '@'))
        UNION ALL
        SELECT account_id, network, source, network || chr(31) || name, NULL FROM (
            SELECT account_id, network, source, lower(ltrim(handle, '@')) AS name FROM account WHERE handle IS NOT NULL
            UNION SELECT account_id, network, source, lower(native_id) FROM account
            UNION SELECT account_id, network, source, lower(ltrim(native_id, '@')) FROM account
            WHERE starts_with(native_id, '@'))
    """)


def _find_hosts(connection: duckdb.DuckDBPyConnection, hosts: pd.DataFrame | None) -> None:
    """The table ``main_host``: the host that most accounts of each place have, of those at hand without ``hosts``."""
    if hosts is not None:
        known = hosts[["network", "source", "host"]].astype("str")
        connection.register("known_hosts", known)
        connection.execute("CREATE TABLE main_host AS SELECT network, source, host FROM known_hosts")
        return
    connection.execute(f"""
        CREATE TABLE main_host AS SELECT network, source, host
        FROM (SELECT network, source, host, count(*) AS accounts FROM {FOUND_AT} WHERE host IS NOT NULL GROUP BY ALL)
        QUALIFY row_number() OVER (PARTITION BY network, source ORDER BY accounts DESC, host) = 1
    """)


def _find_profiles(connection: duckdb.DuckDBPyConnection) -> None:
    """The table ``profile``: under which address (one account's only) each account is found.

    A page's address counts where it stands on the host that most of the account's place have.
    """
    connection.execute(f"""
        CREATE TABLE profile AS
        WITH named AS (
            SELECT DISTINCT f.account_id, f.address
            FROM {FOUND_AT} f LEFT JOIN main_host h USING (network, source, host)
            WHERE f.host IS NULL OR h.host IS NOT NULL
                OR (f.network = 'mastodon' AND regexp_matches(f.address, '^[^/]+/@[^/]+$'))
        )
        SELECT address, any_value(account_id) AS account_id FROM named GROUP BY address HAVING count(*) = 1
    """)


def find_links(connection: duckdb.DuckDBPyConnection) -> None:
    """The table ``linked``: which addresses the url and the text of each account name."""
    known = " ".join(
        f"WHEN regexp_matches(link, '{pattern}') THEN '{network}' || chr(31) || regexp_extract(link, '{pattern}', 1)"
        for network, pattern in PROFILE_PATTERNS
    )
    shared = ", ".join(f"'{host}'" for host in SHARED_HOSTS)
    connection.execute(f"""
        CREATE OR REPLACE TABLE linked AS
        WITH written AS (
            SELECT account_id, link_of(url) AS link FROM account WHERE contains(url, '/')
            UNION
            SELECT account_id, link_of(unnest(regexp_extract_all(bio, '[\\w.-]+\\.[A-Za-z]{{2,}}/[^\\s,;)>\\]"]+')))
            FROM account WHERE contains(bio, '/')
            UNION
            SELECT account_id, split_part(remote, '@', 3) || '/@' || split_part(remote, '@', 2)
            FROM (SELECT account_id, lower(unnest(regexp_extract_all(
                bio, '@[\\w.]+@[\\w-]+(?:\\.[\\w-]+)+'))) AS remote FROM account WHERE contains(bio, '@'))
        )
        SELECT account_id, CASE {known} ELSE link END AS address FROM written
        WHERE link IS NOT NULL AND NOT (link IN ({shared}))
    """)
