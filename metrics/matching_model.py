"""The model that weighs what two accounts have in common: its parameters as plain JSON, and Splink's settings of it."""

from typing import Any

from metrics.matching_fields import Field, Level, fields_of

VERSION = "1"
#: The share of pairs of accounts that are one person's, in a store of some thousand people.
PRIOR = 1e-4
#: No rarity makes a value count for less than this share.
LEAST_SHARE = 1e-8


def default_model() -> dict[str, Any]:
    """The model for stores too small to learn from: parameters from what is known of people and their accounts.

    Returns plain JSON: ``version``, ``kind`` (``accounts``; ``records`` where a fitted frame names people in parts),
    ``prior`` (the share of pairs that are one person's), ``fields`` (for each field and level the shares ``m`` of
    pairs of one person and ``u`` of pairs of two people at this level) and ``frequencies`` (how common values are).

    >>> default_model()["fields"]["location"]["same town"]
    {'m': 0.6, 'u': 0.03}
    """
    return make_model("accounts", fields_of("accounts"), prior=PRIOR)


def make_model(kind: str, fields: tuple[Field, ...], *, prior: float) -> dict[str, Any]:
    """A model of ``kind`` with the parameters that the fields come with."""
    shares = {field.name: {level.label: {"m": level.m, "u": level.u} for level in field.compared} for field in fields}
    return {"version": VERSION, "kind": kind, "prior": prior, "fields": shares, "frequencies": {}}


def model_fields(model: dict[str, Any]) -> tuple[Field, ...]:
    """The fields that the model weighs. Raises ``ValueError`` for a model that another version made."""
    if model.get("version") != VERSION:
        raise ValueError(f"The matching model is of version {model.get('version')}; this program reads {VERSION}.")
    return tuple(field for field in fields_of(model["kind"]) if field.name in model["fields"])


def rarity_columns(model: dict[str, Any]) -> list[str]:
    """The columns of which it matters how common a value is."""
    levels = (level for field in model_fields(model) for level in field.compared)
    return sorted({level.rarity for level in levels if level.rarity is not None})


def splink_settings(model: dict[str, Any], *, without_rarity: bool = False) -> dict[str, Any]:
    """The model as Splink's settings for its DuckDB back end."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "account_id",
        "probability_two_random_records_match": model["prior"],
        # Not used: the pairs to score are registered with Splink, so that those of a few accounts can be taken alone.
        "blocking_rules_to_generate_predictions": ["l.account_id = r.account_id"],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "comparisons": [
            {
                "output_column_name": field.name,
                "comparison_levels": _levels(field, model["fields"][field.name], without_rarity),
            }
            for field in model_fields(model)
        ],
    }


def _levels(field: Field, shares: dict[str, dict[str, float]], without_rarity: bool) -> list[dict[str, Any]]:
    missing = {
        "sql_condition": field.missing.condition,
        "label_for_charts": field.missing.label,
        "is_null_level": True,
    }
    return [missing, *(_level(level, shares[level.label], without_rarity) for level in field.compared)]


def _level(level: Level, share: dict[str, float], without_rarity: bool) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "sql_condition": level.condition,
        "label_for_charts": level.label,
        "m_probability": share["m"],
        "u_probability": share["u"],
    }
    if level.rarity is not None and not without_rarity:
        settings |= {
            "tf_adjustment_column": level.rarity,
            "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": LEAST_SHARE,
            "disable_tf_exact_match_detection": True,
        }
    return settings
