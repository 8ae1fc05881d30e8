"""A matching model learnt from the accounts at hand: how often strangers agree, how often one person's accounts.

How often strangers agree (``u``) comes from pairs drawn at random. How often one person's accounts do (``m``) comes,
for social accounts, from the pairs that are certain; for records that name people in parts, of which none is certain,
from expectation maximisation (Splink).
"""

from collections.abc import Collection
from typing import Any

import duckdb
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
from splink import DuckDBAPI, Linker

from metrics.matching_accounts import load_accounts, open_duckdb, prepare_accounts
from metrics.matching_certain import certain_pairs
from metrics.matching_fields import ONLY_NAME, ONLY_NAME_DISCOUNT, SAME_NAME, Field, fields_of
from metrics.matching_frequencies import account_frequencies, count_rows, record_frequencies
from metrics.matching_model import PRIOR, make_model, model_fields, splink_settings
from metrics.matching_rarity import share_of
from metrics.matching_score import quiet_splink
from metrics.matching_words import RECORD_NETWORKS

#: Accounts drawn to see how often strangers agree: some million pairs.
SAMPLE = 1_500
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
MOST_NAMESAKES = 200_000
EXPECTATION_STEPS = 30


def fit_model(accounts: pd.DataFrame, *, seed: int, certain: pd.DataFrame | None = None) -> dict[str, Any]:
    """A model like ``default_model``, with what these accounts teach of shares, the prior and how common values are.

    Columns: as ``score_pairs``. A frame with ``first_name`` and ``surname`` is taken for records that name people in
    parts. Where there is too little to learn from, the defaults stay. The same accounts in any order and the same
    ``seed`` give the same model. ``certain``: the ``certain_pairs`` of the accounts, where they are known already.
    Returns plain JSON; keep it, and score with it for as long as results should compare.
    """
    with open_duckdb() as connection:
        load_accounts(connection, accounts)
        prepare_accounts(connection)
        if _filled(connection, "first_name") >= 0.5 and _filled(connection, "surname") >= 0.5:
            return _fit_records(connection, seed)
        return _fit_accounts(connection, certain_pairs(accounts) if certain is None else certain, seed)


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
    model["frequencies"] = account_frequencies(
        connection,
        _persons(connection, certain),
        prior=model["prior"],
        namesakes_share=model["fields"]["namesake_location"]["same town"]["u"],
    )
    _learn_from_namesakes(connection, model)
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
        linker = _linker(connection, "sampled", _of_fields(model, taught))
        linker.training.estimate_u_using_random_sampling(max_pairs=1e9, min_count_per_level=None, num_chunks=1)
        learnt = _learnt(linker)
    for field in taught:
        for label, share in model["fields"][field].items():
            found = learnt.get((field, label), {}).get("u")
            if found is not None:
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
    _blend(model, _outcomes(connection, model, pairs, NAMESAKE_FIELDS), "u", NAMESAKE_FIELDS)
    # A place gives a handle out once: the second who wants it adds a digit there, and has the very handle elsewhere.
    handles = model["fields"]["namesake_handle"]
    same, nearly = handles["same handle"], handles["same handle but for digits and signs"]
    wanted = same["u"] + nearly["u"]
    same["u"], nearly["u"] = _rounded(0.7 * wanted), _rounded(0.3 * wanted)


def _learn_from_namesakes(connection: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> None:
    """Learn from accounts of one name in two places that no rule joins: some are one person's, which ones is not known.

    Expectation maximisation over their handles and towns, ``u`` being known, says what share are one person's. From
    that follow ``m`` of handles among those whom no rule finds, and how much rarer than its parts a name is that no
    two accounts of one place have (``unseen``).
    """
    names = model["frequencies"].get("name_key")
    if names is None:
        return
    pairs = _open_namesakes(connection, names["terms"])
    # Pairs of which a town is not known have next to nothing to tell the two kinds apart by.
    pairs = pairs[pairs["is_placed"]].reset_index(drop=True)
    if len(pairs) < FEWEST_LABELS:
        return
    outcomes = _outcomes(connection, model, pairs, NAMESAKE_FIELDS)
    share, matches = maximise_expectation(model, outcomes)
    if share * len(pairs) < FEWEST_LABELS / 2:
        return
    handles = outcomes["namesake_handle"]
    counts = {label: float(matches[handles == label].sum()) for label in model["fields"]["namesake_handle"]}
    for label, shares in model["fields"]["namesake_handle"].items():
        known = sum(counts.values())
        shares["m"] = _rounded((counts[label] + PRIOR_LABELS * shares["m"]) / (known + PRIOR_LABELS))
    names["unseen"] = _rounded(_unseen_share(model, pairs["name_key"].tolist(), share))


def _open_namesakes(connection: duckdb.DuckDBPyConnection, shared_names: dict[str, float]) -> pd.DataFrame:
    """Pairs of accounts of one name (none of ``shared_names``) in two places that no rule joins."""
    names = pd.DataFrame({"name_key": pd.Series(sorted(shared_names), dtype="str")})
    connection.register("shared_names", names)
    return connection.execute(f"""
        SELECT l.account_id AS account_id_l, r.account_id AS account_id_r, l.name_key,
            l.town IS NOT NULL AND r.town IS NOT NULL AS is_placed
        FROM peopled l JOIN peopled r ON l.name_key = r.name_key AND l.place <> r.place AND l.person <> r.person
        WHERE l.account_id < r.account_id AND l.role = '' AND r.role = ''
            AND NOT (l.email_verified AND r.email_verified) AND l.name_key NOT IN (SELECT name_key FROM shared_names)
        ORDER BY hash(l.account_id, r.account_id), 1, 2 LIMIT {MOST_NAMESAKES}
    """).df()


def maximise_expectation(model: dict[str, Any], outcomes: pd.DataFrame) -> tuple[float, npt.NDArray[np.float64]]:
    """The share of pairs that are one person's, and how likely each is, by the levels of ``NAMESAKE_FIELDS``.

    ``outcomes``: a column a field, of its levels' labels, NULL where not known. ``u`` stays the model's; ``m`` starts
    there.
    """
    share, matches = 0.5, np.full(len(outcomes), 0.5)
    chances = {
        field: {label: dict(levels) for label, levels in model["fields"][field].items()} for field in NAMESAKE_FIELDS
    }
    for _ in range(EXPECTATION_STEPS):
        odds = np.full(len(outcomes), share / (1 - share))
        for field, levels in chances.items():
            ratio = {label: max(level["m"], 1e-4) / level["u"] for label, level in levels.items()}
            odds *= outcomes[field].map(ratio).fillna(1.0).to_numpy(dtype="float64")
        matches = odds / (1 + odds)
        share = float(np.clip(matches.mean(), 1e-3, 1 - 1e-3))
        for field, levels in chances.items():
            known = float(matches[outcomes[field].notna()].sum())
            for label, level in levels.items():
                first = model["fields"][field][label]["m"]
                found = float(matches[outcomes[field] == label].sum())
                level["m"] = (found + PRIOR_LABELS * first) / (known + PRIOR_LABELS)
    return share, matches


def _unseen_share(model: dict[str, Any], names: list[str], share: float) -> float:
    """The ``unseen`` with which the names of these pairs, by themselves, make the ``share`` of them one person's."""
    table = {**model["frequencies"]["name_key"], "unseen": 1.0, "least": 0.0}
    commonness = np.array([share_of("name_key", name, {"name_key": table}) for name in names])
    odds = model["prior"] / (1 - model["prior"]) * model["fields"]["name"][SAME_NAME]["m"] / commonness
    low, high = 1e-3, 1.0
    for _ in range(40):
        middle = (low * high) ** 0.5
        low, high = (low, middle) if np.mean(odds / (odds + middle)) < share else (middle, high)
    return float(low)


def _learn_m_from_labels(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], certain: pd.DataFrame) -> None:
    """Set the model's ``m`` to how often the certain pairs agree."""
    labels = pd.DataFrame({"account_id_l": certain["left_id"], "account_id_r": certain["right_id"]})
    fields = tuple(field for field in model["fields"] if field not in FOUND_BY)
    outcomes = _outcomes(connection, model, labels, fields)
    _blend(model, outcomes.replace({"name": {ONLY_NAME: SAME_NAME}}), "m", fields)
    names = model["fields"]["name"]
    names[ONLY_NAME]["m"] = _rounded(names[SAME_NAME]["m"] / ONLY_NAME_DISCOUNT)


def _of_fields(model: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The model with these fields alone: to compare the others of a million pairs takes seconds."""
    return model | {"fields": {name: levels for name, levels in model["fields"].items() if name in names}}


def _outcomes(
    connection: duckdb.DuckDBPyConnection, model: dict[str, Any], pairs: pd.DataFrame, names: Collection[str]
) -> pd.DataFrame:
    """The level of each of these fields for each of ``pairs`` (account_id_l, account_id_r), in their order; NULL if not
    known."""
    model = _of_fields(model, names)
    fields = model_fields(model)
    if pairs.empty:
        return pd.DataFrame({field.name: pd.Series(dtype="str") for field in fields})
    blocked = pd.DataFrame({"match_key": "0", "join_key_l": pairs["account_id_l"], "join_key_r": pairs["account_id_r"]})
    with quiet_splink():
        api = DuckDBAPI(connection)
        linker = _linker(connection, "prepared", model, api)
        linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
        table = linker.inference.predict(warning_mode="never").physical_name
        found = connection.execute(f"SELECT account_id_l, account_id_r, COLUMNS('^gamma_') FROM {table}").df()
    found = pairs[["account_id_l", "account_id_r"]].merge(found, how="left")
    labels = {field.name: dict(enumerate(level.label for level in reversed(field.compared))) for field in fields}
    return pd.DataFrame({name: found[f"gamma_{name}"].map(known) for name, known in labels.items()})


def _blend(model: dict[str, Any], outcomes: pd.DataFrame, kind: str, fields: tuple[str, ...]) -> None:
    """Move the model's shares of ``kind`` (m or u) to the ones seen, the more so the more pairs were."""
    for field in fields:
        known = int(outcomes[field].notna().sum())
        for label, share in model["fields"][field].items():
            seen = int((outcomes[field] == label).sum())
            share[kind] = _rounded((seen + PRIOR_LABELS * share[kind]) / (known + PRIOR_LABELS))


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
    return Linker(
        api.register(table), splink_settings(model, without_rarity=True), log_level=None, validate_settings=False
    )


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
