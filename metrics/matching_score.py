"""How likely two accounts are one person's, by a model: Splink's weights, field by field."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from splink import DuckDBAPI, Linker

from metrics.matching_accounts import open_duckdb
from metrics.matching_blocks import MOST_HOLDERS as MOST_HOLDERS
from metrics.matching_blocks import block_pairs, list_slices, prepare_blocks
from metrics.matching_model import model_fields, rarity_columns, splink_settings
from metrics.matching_rarity import rarities

_NEARLY = 1 - 1e-6
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
        prepare_blocks(connection, accounts, account_ids, crowded)
        parts = [_to_pairs(scored, model) for scored in _predict(connection, model, at_least)]
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


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


def register_rarities(connection: duckdb.DuckDBPyConnection, linker: Linker, api: Any, model: dict[str, Any]) -> None:
    """Tell Splink how common each value at hand is by the model."""
    for column in rarity_columns(model):
        found = connection.execute(f"SELECT DISTINCT {column} FROM prepared WHERE {column} IS NOT NULL").fetchall()
        table = rarities(column, (value for (value,) in found), model["frequencies"])
        linker.table_management.register_term_frequency_lookup(api.register(table), column)


def _predict(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], at_least: float) -> Iterator[pd.DataFrame]:
    """The pairs from ``at_least`` on as Splink scores them, slice after slice: all at once may be a hundred million."""
    api = DuckDBAPI(connection)
    with quiet_splink():
        linker = Linker(api.register("prepared"), splink_settings(model), log_level=None, validate_settings=False)
        register_rarities(connection, linker, api, model)
        for number, (first, last) in enumerate(list_slices(connection, model["kind"])):
            blocked = f"blocked_{number}"  # Splink knows a table, and what came of it, by its name
            block_pairs(connection, model["kind"], first, last, into=blocked)
            linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
            # a little less than is asked for: Splink asks of the weight what is asked of the probability here
            scored = linker.inference.predict(at_least * _NEARLY, warning_mode="never")
            yield connection.execute(
                "SELECT account_id_l, account_id_r, match_probability, match_weight, COLUMNS('^(gamma|mw)_') "
                f"FROM {scored.physical_name} WHERE match_probability >= ? ORDER BY account_id_l, account_id_r",
                [at_least],
            ).df()
            scored.drop_table_from_database_and_remove_from_cache()
            connection.execute(f"DROP TABLE {blocked}")


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
        # what is said of many pairs alike is one object: a million pairs would say some millions of things
        alike: dict[tuple[str, float], dict[str, Any]] = {}
        for place in np.flatnonzero(outcome >= 0):
            level, adds = labels[outcome[place]], round(float(weight[place]), 4)
            new = {"field": field.shown, "level": level, "weight": adds}
            said[place].append(alike.setdefault((level, adds), new))
    return pd.Series(said, index=scored.index, dtype="object")
