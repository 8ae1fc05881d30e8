"""Accounts made comparable: names, handles, addresses and links in one spelling, and the DuckDB that compares them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd
import pyarrow as pa

from metrics.columns import require_columns
from metrics.matching_words import PLACEHOLDERS, PLUS_TAG_HOSTS, SHARED_HOSTS, SHARED_MAILBOXES

#: Text columns that are used where a frame has them.
TEXT_COLUMNS = (
    "network",
    "source",
    "native_id",
    "handle",
    "name",
    "email",
    "url",
    "bio",
    "location",
    "organization",
    "role",
    "first_name",
    "surname",
    "birth_date",
    "postcode",
    "address",
)
MAX_THREADS = 8


@contextmanager
def open_duckdb(*, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that fetches nothing from anywhere and uses no more threads than the machine has. What does
    not fit there goes to the system's folder for temporary files while it runs."""
    with TemporaryDirectory(prefix="rapport-", ignore_cleanup_errors=True) as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": folder,
            "threads": str(threads or min(os.cpu_count() or 1, MAX_THREADS)),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(":memory:", config=config)
        try:
            connection.execute("SET enable_progress_bar = false")
            # DuckDB 2.0 fails where it can tell beforehand that a text function meets nothing but NULL.
            connection.execute("SET disabled_optimizers = 'statistics_propagation'")
            yield connection
        finally:
            connection.close()


def load_accounts(connection: duckdb.DuckDBPyConnection, accounts: pd.DataFrame) -> None:
    """Make the table ``account``: every column of ``TEXT_COLUMNS`` (NULL where the frame has none), in order of id."""
    require_columns(accounts, "matching", "account_id", "network", "source", "native_id")
    known = [name for name in TEXT_COLUMNS if name in accounts.columns]
    frame = accounts[known].astype("string")
    frame["account_id"] = accounts["account_id"].astype("int64")
    verified = accounts["email_verified"] if "email_verified" in accounts.columns else pd.Series(False, accounts.index)
    frame["email_verified"] = verified.astype("boolean").fillna(False).astype("bool")
    # as Arrow: of pandas' texts DuckDB makes an object each
    connection.register("account_frame", pa.Table.from_pandas(frame, preserve_index=False))
    # A column of nothing but NULL would otherwise be of no type.
    texts = ", ".join(f"CAST({name if name in known else 'NULL'} AS VARCHAR) AS {name}" for name in TEXT_COLUMNS)
    connection.execute(f"""
        CREATE TABLE account AS SELECT account_id, {texts}, email_verified FROM account_frame ORDER BY account_id
    """)
    connection.unregister("account_frame")
    _create_macros(connection)


def _create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """The spellings, as SQL functions."""
    macros = {
        "plain(x)": r"nullif(trim(regexp_replace(lower(strip_accents(x)), '[^\p{L}\p{N}]+', ' ', 'g')), '')",
        "plain_name(x)": r"nullif(trim(regexp_replace(' ' || regexp_replace(plain(x), '\b(mr|mrs|ms|dr|prof|jr|sr|phd)"
        r"\b', ' ', 'g'), '\s+', ' ', 'g')), '')",
        "letters(x)": r"nullif(regexp_replace(lower(strip_accents(x)), '[^\p{L}]+', '', 'g'), '')",
        # Without @, and without the instance that follows the name on Mastodon and Bluesky.
        "plain_handle(x)": r"nullif(regexp_replace(regexp_replace(ltrim(lower(trim(x)), '@'), '@.*$', ''), "
        r"'\.bsky\.social$', ''), '')",
        "email_of(x)": r"CASE WHEN regexp_matches(trim(x), '^[^@\s]+@[^@\s]+\.[^@\s]+$') THEN CASE WHEN "
        f"list_contains({_list(PLUS_TAG_HOSTS)}, split_part(lower(trim(x)), '@', 2)) "
        r"THEN regexp_replace(lower(trim(x)), '\+[^@]*@', '@') ELSE lower(trim(x)) END END",
        "is_shared_mailbox(x)": f"list_contains({_list(SHARED_MAILBOXES)}, split_part(split_part(x, '@', 1), '+', 1))",
        "is_placeholder(x)": f"list_contains({_list(PLACEHOLDERS)}, x)",
        "link_of(x)": r"nullif(rtrim(regexp_replace(regexp_replace(lower(trim(x)), '^(https?://)?(www\.)?', ''), "
        r"'[?#].*$', ''), '/.,;:!)'), '')",
    }
    for signature, body in macros.items():
        connection.execute(f"CREATE MACRO {signature} AS {body}")


def _list(words: frozenset[str] | tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + word.replace("'", "''") + "'" for word in sorted(words)) + "]"


def prepare_accounts(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``prepared`` of ``account``: one row an account, the columns that the model compares.

    Each value hangs on its own account only.
    """
    connection.execute(f"""
        CREATE TABLE prepared AS
        SELECT *, name_key || '|' || town AS name_town FROM (
        WITH spelled AS (
            SELECT account_id, role, network, source, email_verified,
                network || chr(31) || source AS place,
                coalesce(plain_name(name), plain_name(concat_ws(' ', first_name, surname))) AS spoken,
                coalesce(name <> lower(name) OR name = upper(name), true) AS is_capitalised,
                plain_handle(handle) AS handle_spelled,
                email_of(email) AS address_spelled,
                plain(location) AS location_key,
                nullif(plain(split_part(location, ',', 1)), '') AS town,
                CASE WHEN contains(location, ',') THEN plain(regexp_extract(location, '([^,]*)$', 1)) END AS region,
                trim(regexp_replace(coalesce(plain(organization), ''),
                    '\\b(inc|ltd|llc|gmbh|corp|co|plc|ag|bv|sa)$', '')) AS employer,
                link_of(url) AS link,
                plain(first_name) AS first_name, plain(surname) AS surname,
                nullif(regexp_replace(birth_date, '[^0-9]+', '', 'g'), '') AS birth_date,
                plain(postcode) AS postcode, plain(address) AS address
            FROM account
        ), cleaned AS (
            SELECT *,
                -- A name that only repeats the handle, in small letters or one word, says nothing that it does not.
                CASE WHEN NOT is_placeholder(spoken) AND (
                    (contains(spoken, ' ') AND is_capitalised) OR replace(spoken, ' ', '') IS DISTINCT FROM
                    regexp_replace(handle_spelled, '[^\\p{{L}}\\p{{N}}]+', '', 'g')) THEN spoken END AS known,
                CASE WHEN NOT is_placeholder(handle_spelled) THEN handle_spelled END AS handle_key,
                CASE WHEN NOT is_shared_mailbox(address_spelled) THEN address_spelled END AS email_key
            FROM spelled
        ), parted AS (
            SELECT *, string_split(known, ' ') AS words FROM cleaned
        )
        SELECT account_id, coalesce(role, '') AS role, network, source, place,
            CASE WHEN len(words) > 1 AND length(words[-1]) > 1 AND length(words[1]) > 1
                THEN array_to_string(list_sort(words), ' ') END AS name_key,
            known AS name,
            words[1] AS given,
            CASE WHEN len(words) > 1 AND length(words[-1]) > 1 THEN words[-1] END AS family,
            CASE WHEN len(words) > 1 THEN left(words[-1], 1) END AS family_initial,
            handle_key,
            CASE WHEN length(letters(handle_key)) >= 4 THEN letters(handle_key) END AS handle_core,
            CASE WHEN len(words) > 1 THEN words[1] || words[-1] END AS spelling,
            CASE WHEN len(words) > 1 THEN words[-1] || words[1] END AS spelling_reversed,
            coalesce(letters(handle_key) IN (words[1] || words[-1], words[-1] || words[1],
                words[1] || left(words[-1], 1), left(words[1], 1) || words[-1], words[1]), false) AS handle_is_name,
            coalesce((length(words[1]) > 2 AND contains(letters(handle_key), words[1]))
                OR (length(words[-1]) > 2 AND contains(letters(handle_key), words[-1])), false) AS handle_has_name,
            email_key,
            CASE WHEN length(split_part(email_key, '@', 1)) >= 6 THEN split_part(email_key, '@', 1) END AS email_local,
            email_verified AND email_key IS NOT NULL AS email_verified,
            location_key, town, region, nullif(employer, '') AS employer,
            CASE WHEN contains(link, '.') AND NOT list_contains({_list(SHARED_HOSTS)}, split_part(link, '/', 1))
                THEN link END AS link,
            first_name, surname, birth_date, postcode, address
        FROM parted
        ) ORDER BY account_id
    """)
