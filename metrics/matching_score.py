"""How likely two accounts are one person's, by a model: Splink's weights, field by field."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from splink import DuckDBAPI, Linker

from metrics.matching_accounts import load_accounts, open_duckdb, prepare_accounts
from metrics.matching_fields import pair_conditions
from metrics.matching_keys import CORE, HANDLE, KEY, MAILBOX, NAME
from metrics.matching_model import model_fields, rarity_columns, splink_settings
from metrics.matching_rarity import rarities

#: A name, handle or mailbox's name that more accounts than this have is nobody's in particular: it brings no pairs up.
MOST_HOLDERS = 400
_BLOCKS = {
    "full_block": ("name_key", NAME),
    "handle_block": ("handle_key", HANDLE),
    "core_block": ("handle_core", CORE),
    "mailbox_block": ("email_local", MAILBOX),
}
PAIR_COLUMNS = ["left_id", "right_id", "probability", "weight", "fields"]


def score_pairs(
    accounts: pd.DataFrame,
    model: dict[str, Any],
    *,
    at_least: float = 0.5,
    account_ids: Collection[int] | None = None,
    crowded: Collection[int] = (),
) -> pd.DataFrame:
    """Pairs of accounts that may be one person's, with how likely that is and what says so.

    Columns of ``accounts``: as ``certain_pairs``, and where present ``location``, ``organization``; for records that
    name people in parts ``first_name``, ``surname``, ``birth_date``, ``postcode``, ``address``. ``account_ids``: only
    pairs of which one is among these. ``crowded``, where ``accounts`` are some of many: the keys (``account_keys``) of
    names, handles and mailboxes that more than ``MOST_HOLDERS`` of all have.
    Returns one row a pair, in order of ids: ``left_id`` < ``right_id``,
    ``probability`` (``at_least`` to 1), ``weight`` (base-2 logarithm of the odds) and ``fields``, a list of
    ``{field, level, weight}`` for each field known on both sides; the weights and the prior's add up to the pair's.
    A probability is a function of the two accounts and the model alone, so it can be read as is: of pairs at .95,
    one in twenty is wrong. Team members are paired with each other only, bots with nobody.
    Source: Fellegi and Sunter (1969), by Splink.
    """
    with open_duckdb() as connection:
        prepare_pairs(connection, accounts, model, account_ids, crowded)
        scored = _predict(connection, model, at_least)
    return _to_pairs(scored, model)


def match_probability(prior: float, shares: list[tuple[float, float]]) -> tuple[float, float]:
    """The weight (base-2 logarithm of the odds) and probability of a pair with these shares (m, u) of its levels.

    >>> weight, probability = match_probability(0.001, [(0.98, 0.005), (0.98, 0.0001)])
    >>> round(weight, 4), round(probability, 5)
    (10.9089, 0.99948)
    """
    weight = float(np.log2(prior / (1 - prior)) + sum(np.log2(m / u) for m, u in shares))
    return weight, float(1 / (1 + 2.0**-weight))


@contextmanager
def quiet_splink() -> Iterator[None]:
    """Keep Splink from writing what it does to the terminal."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def prepare_pairs(
    connection: duckdb.DuckDBPyConnection,
    accounts: pd.DataFrame,
    model: dict[str, Any],
    account_ids: Collection[int] | None,
    crowded: Collection[int] = (),
) -> None:
    """Make the tables ``prepared`` (the accounts, comparable) and ``blocked`` (the pairs worth comparing)."""
    load_accounts(connection, accounts)
    prepare_accounts(connection)
    _add_blocks(connection, crowded)
    chosen = pd.DataFrame({"account_id": pd.Series(sorted(account_ids or ()), dtype="int64")})
    connection.register("chosen", chosen)
    connection.execute("CREATE TABLE candidate (left_id BIGINT, right_id BIGINT)")
    wanted = "" if account_ids is None else (
        "AND (l.account_id IN (SELECT account_id FROM chosen) OR r.account_id IN (SELECT account_id FROM chosen))"
    )  # fmt: skip
    for condition in pair_conditions(model["kind"]):
        connection.execute(f"""
            INSERT INTO candidate SELECT least(l.account_id, r.account_id), greatest(l.account_id, r.account_id)
            FROM prepared l JOIN prepared r ON {condition}
            WHERE l.account_id < r.account_id AND l.role = r.role AND l.role <> 'bot' {wanted}
        """)
    connection.execute("""
        CREATE TABLE blocked AS SELECT '0' AS match_key, left_id AS join_key_l, right_id AS join_key_r
        FROM (SELECT DISTINCT left_id, right_id FROM candidate) ORDER BY left_id, right_id
    """)


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


def register_rarities(connection: duckdb.DuckDBPyConnection, linker: Linker, api: Any, model: dict[str, Any]) -> None:
    """Tell Splink how common each value at hand is by the model."""
    for column in rarity_columns(model):
        found = connection.execute(f"SELECT DISTINCT {column} FROM prepared WHERE {column} IS NOT NULL").fetchall()
        table = rarities(column, (value for (value,) in found), model["frequencies"])
        linker.table_management.register_term_frequency_lookup(api.register(table), column)


def _predict(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], at_least: float) -> pd.DataFrame:
    api = DuckDBAPI(connection)
    with quiet_splink():
        linker = Linker(api.register("prepared"), splink_settings(model), log_level=None, validate_settings=False)
        register_rarities(connection, linker, api, model)
        linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
        scored = linker.inference.predict(warning_mode="never")
        return connection.execute(
            "SELECT account_id_l, account_id_r, match_probability, match_weight, COLUMNS('^(gamma|mw)_') "
            f"FROM {scored.physical_name} WHERE match_probability >= ? ORDER BY account_id_l, account_id_r",
            [at_least],
        ).df()


def _to_pairs(scored: pd.DataFrame, model: dict[str, Any]) -> pd.DataFrame:
    pairs = pd.DataFrame({
        "left_id": scored["account_id_l"].astype("int64"),
        "right_id": scored["account_id_r"].astype("int64"),
        "probability": scored["match_probability"].astype("float64").round(9),
        "weight": scored["match_weight"].astype("float64").round(6),
    })  # fmt: skip
    pairs["fields"] = _explain(scored, model)
    return pairs[PAIR_COLUMNS]


def _explain(scored: pd.DataFrame, model: dict[str, Any]) -> pd.Series:
    """What each field adds, as lists of ``{field, level, weight}``."""
    said: list[list[dict[str, Any]]] = [[] for _ in range(len(scored))]
    for field in model_fields(model):
        outcome = scored[f"gamma_{field.name}"].to_numpy()
        weight = scored[f"mw_{field.name}"].to_numpy(dtype="float64")
        if f"mw_tf_adj_{field.name}" in scored.columns:
            weight = weight + scored[f"mw_tf_adj_{field.name}"].to_numpy(dtype="float64")
        # Splink counts outcomes from the last level, "different", as 0 upward; -1 is "not known".
        labels = [level.label for level in reversed(field.compared)]
        for place in np.flatnonzero(outcome >= 0):
            said[place].append({
                "field": field.shown, "level": labels[outcome[place]], "weight": round(float(weight[place]), 4),
            })  # fmt: skip
    return pd.Series(said, index=scored.index, dtype="object")
