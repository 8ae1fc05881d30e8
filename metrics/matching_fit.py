"""A matching model learnt from the accounts at hand: how often strangers agree, how often one person's accounts.

How often strangers agree (``u``) comes from pairs drawn at random. How often one person's accounts do (``m``) comes,
for social accounts, from the pairs that are certain; for records that name people in parts, of which none is certain,
from expectation maximisation (Splink).
"""

from typing import Any

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
from splink import DuckDBAPI, Linker

from metrics.matching_accounts import load_accounts, open_duckdb, prepare_accounts
from metrics.matching_certain import certain_pairs
from metrics.matching_fields import Field, fields_of
from metrics.matching_frequencies import account_frequencies, count_rows, record_frequencies
from metrics.matching_model import PRIOR, make_model, model_fields, splink_settings
from metrics.matching_score import quiet_splink
from metrics.matching_words import RECORD_NETWORKS

#: Accounts drawn to see how often strangers agree: some three million pairs.
SAMPLE = 2_500
#: Fewer pairs of one person than this teach nothing.
FEWEST_LABELS = 100
#: What is known beforehand counts as much as this many pairs.
PRIOR_LABELS = 50
#: For each certain pair, so many more pairs of one person are thought to be there uncertain.
UNCERTAIN_PER_CERTAIN = 0.5
#: Fields that labels cannot teach: the certain pairs were found by them.
FOUND_BY = ("email", "link", "network")
#: Fields of accounts of which pairs drawn at random tell how often strangers agree.
TAUGHT_BY_STRANGERS = ("handle", "location", "organization")
#: Fields that compare accounts of one name only.
NAMESAKE_FIELDS = ("namesake_handle", "namesake_location")
#: Records that agree on one of these are taken for one person's when the prior is estimated; so many of all are found.
SURE_RECORD_RULES = (
    "l.first_name = r.first_name AND l.surname = r.surname AND l.birth_date = r.birth_date",
    "l.surname = r.surname AND l.email_key = r.email_key",
    "l.first_name = r.first_name AND l.email_key = r.email_key",
    "l.birth_date = r.birth_date AND l.postcode = r.postcode AND l.surname = r.surname",
    "l.birth_date = r.birth_date AND l.address = r.address",
)
FOUND_BY_SURE_RULES = 0.7
#: Pairs that expectation maximisation looks at, in turn: what a rule holds fixed, another teaches.
TRAINING_RULES = (
    "l.first_name = r.first_name AND l.surname = r.surname",
    "l.birth_date = r.birth_date",
    "l.email_key = r.email_key",
)
MOST_TRAINING_PAIRS = 1_000_000
FEWEST_RECORDS = 20


def fit_model(accounts: pd.DataFrame, *, seed: int) -> dict[str, Any]:
    """A model like ``default_model``, with what these accounts teach of shares, the prior and how common values are.

    Columns: as ``score_pairs``. A frame with ``first_name`` and ``surname`` is taken for records that name people in
    parts. Where there is too little to learn from, the defaults stay. The same accounts in any order and the same
    ``seed`` give the same model. Returns plain JSON; keep it, and score with it for as long as results should compare.
    """
    with open_duckdb(threads=1) as connection:
        load_accounts(connection, accounts)
        prepare_accounts(connection)
        if _filled(connection, "first_name") >= 0.5 and _filled(connection, "surname") >= 0.5:
            return _fit_records(connection, seed)
        return _fit_accounts(connection, certain_pairs(accounts), seed)


def _filled(connection: duckdb.DuckDBPyConnection, column: str) -> float:
    """The share of accounts that have a value."""
    return count_rows(connection, f"SELECT count({column}) FROM prepared") / max(_count(connection), 1)


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    return count_rows(connection, "SELECT count(*) FROM prepared")


def _fit_accounts(connection: duckdb.DuckDBPyConnection, certain: pd.DataFrame, seed: int) -> dict[str, Any]:
    model = make_model("accounts", fields_of("accounts"), prior=PRIOR)
    count = _count(connection)
    if count < FEWEST_RECORDS:
        return model
    if len(certain) >= FEWEST_LABELS:
        sure = len(certain) * UNCERTAIN_PER_CERTAIN / (count * (count - 1) / 2)
        model["prior"] = _rounded(float(np.clip(sure, 1e-8, 1e-2)))
    _learn_u(connection, model, seed)
    _learn_u_of_namesakes(connection, model)
    if len(certain) >= FEWEST_LABELS:
        _learn_m_from_labels(connection, model, certain)
    model["frequencies"] = account_frequencies(connection, _persons(connection, certain), prior=model["prior"])
    return model


def _persons(connection: duckdb.DuckDBPyConnection, certain: pd.DataFrame) -> pd.DataFrame:
    """``account_id``, ``person``: accounts that are certainly one person's have one number."""
    ids = connection.execute("SELECT account_id FROM prepared ORDER BY account_id").df()["account_id"]
    graph = nx.Graph()
    graph.add_edges_from(zip(certain["left_id"].tolist(), certain["right_id"].tolist(), strict=True))
    person = {account: min(group) for group in nx.connected_components(graph) for account in group}
    return pd.DataFrame({"account_id": ids, "person": ids.map(person).fillna(ids).astype("int64")})


def _fit_records(connection: duckdb.DuckDBPyConnection, seed: int) -> dict[str, Any]:
    fields = tuple(field for field in fields_of("records") if _is_known(connection, field))
    model = make_model("records", fields, prior=PRIOR)
    if _count(connection) < FEWEST_RECORDS:
        return model
    _learn_u(connection, model, seed)
    _learn_by_expectation_maximisation(connection, model)
    model["frequencies"] = record_frequencies(connection, fields)
    return model


def _is_known(connection: duckdb.DuckDBPyConnection, field: Field) -> bool:
    column = {"location": "location_key", "email": "email_key"}.get(field.name, field.name)
    return _filled(connection, column) >= 0.05


def _learn_u(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], seed: int) -> None:
    """Set the model's ``u`` to how often pairs of a sample agree."""
    taught = [field for field in model["fields"] if model["kind"] == "records" or field in TAUGHT_BY_STRANGERS]
    # Drawn by a hash of the id: neither the order of rows nor the threads decide who is in.
    connection.execute(f"""
        CREATE OR REPLACE TABLE sampled AS SELECT * FROM prepared
        WHERE account_id IN (SELECT account_id FROM prepared ORDER BY hash(account_id, {int(seed)}), account_id
                             LIMIT {SAMPLE})
        ORDER BY account_id
    """)
    with quiet_splink():
        linker = _linker(connection, "sampled", model)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e9, min_count_per_level=None, num_chunks=1)
        learnt = _learnt(linker)
    for field, levels in model["fields"].items():
        for label, share in levels.items():
            found = learnt.get((field, label), {}).get("u")
            if found is not None and field in taught:
                share["u"] = _rounded(max(found, share["u"] / 30))


def _learn_u_of_namesakes(connection: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> None:
    """Set ``u`` of what is compared of namesakes to how often two accounts of one name in one place agree."""
    pairs = connection.execute(f"""
        SELECT l.account_id AS account_id_l, r.account_id AS account_id_r
        FROM prepared l JOIN prepared r ON l.name_key = r.name_key AND l.place = r.place
        WHERE l.account_id < r.account_id AND coalesce(l.email_key <> r.email_key, true)
            AND l.network NOT IN {RECORD_NETWORKS}
        ORDER BY hash(l.account_id, r.account_id), 1, 2 LIMIT {MOST_TRAINING_PAIRS}
    """).df()
    _blend(model, _shares_among(connection, model, pairs), "u", NAMESAKE_FIELDS)
    # A place gives a handle out once: the second who wants it adds a digit there, and has the very handle elsewhere.
    handles = model["fields"]["namesake_handle"]
    same, nearly = handles["same handle"], handles["same handle but for digits and signs"]
    wanted = same["u"] + nearly["u"]
    same["u"], nearly["u"] = _rounded(0.7 * wanted), _rounded(0.3 * wanted)


def _learn_m_from_labels(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], certain: pd.DataFrame) -> None:
    """Set the model's ``m`` to how often the certain pairs agree."""
    labels = pd.DataFrame({"account_id_l": certain["left_id"], "account_id_r": certain["right_id"]})
    fields = tuple(field for field in model["fields"] if field not in FOUND_BY)
    _blend(model, _shares_among(connection, model, labels), "m", fields)


def _shares_among(
    connection: duckdb.DuckDBPyConnection, model: dict[str, Any], pairs: pd.DataFrame
) -> dict[str, pd.Series]:
    """How many of ``pairs`` (account_id_l, account_id_r) are at each level of each field known on both sides."""
    fields = model_fields(model)
    counts = {field.name: pd.Series(0, index=[level.label for level in field.compared]) for field in fields}
    if pairs.empty:
        return counts
    blocked = pairs.rename(columns={"account_id_l": "join_key_l", "account_id_r": "join_key_r"}).assign(match_key="0")
    with quiet_splink():
        api = DuckDBAPI(connection)
        linker = _linker(connection, "prepared", model, api)
        linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
        outcomes = linker.inference.predict(warning_mode="never").physical_name
        for field in fields:
            found = connection.execute(f"""
                SELECT gamma_{field.name} AS outcome, count(*) AS pairs FROM {outcomes}
                WHERE outcome >= 0 GROUP BY outcome
            """).fetchall()
            for outcome, number in found:
                counts[field.name].iloc[len(field.compared) - 1 - outcome] += number
    return counts


def _blend(model: dict[str, Any], counts: dict[str, pd.Series], kind: str, fields: tuple[str, ...]) -> None:
    """Move the model's shares of ``kind`` (m or u) to the ones counted, the more so the more pairs were."""
    for field in fields:
        pairs = int(counts[field].sum())
        for label, share in model["fields"][field].items():
            share[kind] = _rounded((int(counts[field][label]) + PRIOR_LABELS * share[kind]) / (pairs + PRIOR_LABELS))


def _learn_by_expectation_maximisation(connection: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> None:
    with quiet_splink():
        linker = _linker(connection, "prepared", model)
        training = linker.training
        training.estimate_probability_two_random_records_match(list(SURE_RECORD_RULES), recall=FOUND_BY_SURE_RULES)
        for rule in TRAINING_RULES:
            if _pairs_by(connection, rule) >= FEWEST_LABELS:
                training.estimate_parameters_using_expectation_maximisation(
                    rule, estimate_without_term_frequencies=True, max_pairs=MOST_TRAINING_PAIRS
                )
        saved = linker.misc.save_model_to_json()
        learnt = _learnt(linker)
    model["prior"] = _rounded(float(np.clip(saved["probability_two_random_records_match"], 1e-8, 0.1)))
    for field, levels in model["fields"].items():
        for label, share in levels.items():
            found = learnt.get((field, label), {}).get("m")
            if found is not None:
                share["m"] = _rounded(max(found, 1e-5))


def _pairs_by(connection: duckdb.DuckDBPyConnection, rule: str) -> int:
    return count_rows(
        connection, f"SELECT count(*) FROM prepared l JOIN prepared r ON {rule} WHERE l.account_id < r.account_id"
    )


def _linker(
    connection: duckdb.DuckDBPyConnection, table: str, model: dict[str, Any], api: DuckDBAPI | None = None
) -> Linker:
    api = api or DuckDBAPI(connection)
    return Linker(api.register(table), splink_settings(model, without_rarity=True), log_level=None)


def _learnt(linker: Linker) -> dict[tuple[str, str], dict[str, float]]:
    """The linker's shares ``m`` and ``u`` by field and level."""
    saved = linker.misc.save_model_to_json()
    return {
        (comparison["output_column_name"], level["label_for_charts"]): {
            "m": level.get("m_probability"), "u": level.get("u_probability"),
        }
        for comparison in saved["comparisons"]
        for level in comparison["comparison_levels"]
    }  # fmt: skip


def _rounded(share: float) -> float:
    """To six digits, so that the last bits of a sum, which hang on its order, are not in the model."""
    return float(f"{share:.6g}")
