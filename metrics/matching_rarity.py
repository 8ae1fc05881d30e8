"""How common a name, handle or town is: what its agreement between two accounts is worth hangs on it.

A rarity is a function of the value and of the tables kept in the model, never of the other accounts at hand.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from metrics.matching_words import COMMON_FIRST_NAMES, COMMON_HANDLES, COMMON_SURNAMES

#: The share of people who have one common first name, one common surname, or a name of which nothing is known.
COMMON_FIRST_SHARE, COMMON_SURNAME_SHARE, OTHER_NAME_SHARE = 6e-3, 5e-3, 3e-4
#: First names and surnames go together (by country), so that a full name is this many times as common as chance has it.
NAMES_GO_TOGETHER = 3.0
#: However rare a full name looks: a model that is sure by the name alone joins namesakes.
LEAST_NAME_SHARE = 5e-6
#: The share of accounts that have one given handle, by its length; longer ones are rarer.
HANDLE_SHARES = {1: 2e-3, 2: 2e-3, 3: 1e-3, 4: 4e-4, 5: 1.5e-4, 6: 6e-5, 7: 3e-5, 8: 1.5e-5, 9: 1e-5, 10: 7e-6}
LEAST_HANDLE_SHARE = 5e-6
COMMON_HANDLE_SHARE = 2e-3
OTHER_TOWN_SHARE = 0.03
#: The share of the people of one name who live in one town.
OTHER_NAMESAKE_SHARE = 0.06


def rarities(column: str, values: Iterable[str], frequencies: dict[str, Any]) -> pd.DataFrame:
    """The share of people who have each value. Returns the values as ``column`` and ``tf_`` + ``column``, 0 to 1."""
    distinct = sorted(set(values))
    shares = [share_of(column, value, frequencies) for value in distinct]
    return pd.DataFrame({
        column: pd.Series(distinct, dtype="str"), f"tf_{column}": pd.Series(shares, dtype="float64"),
    })  # fmt: skip


def share_of(column: str, value: str, frequencies: dict[str, Any]) -> float:
    """The share of people who have ``value``, by the model's tables (``frequencies``) and, past them, rules of thumb.

    >>> share_of("name_key", "brown dave", {}) > 10 * share_of("name_key", "birtwhistle ottoline", {})
    True
    >>> share_of("handle_key", "dave", {}) > 100 * share_of("handle_key", "moss_sprig_1984", {})
    True
    """
    table = frequencies.get(column, {})
    terms = table.get("terms", {})
    if value in terms:
        return float(terms[value])
    if column == "name_key":
        return _share_of_name(value, table)
    if column == "name_town":
        names = frequencies.get("name_key", {})
        is_shared = value.split("|")[0] in names.get("terms", {})
        return float(table.get("other", OTHER_NAMESAKE_SHARE)) * (names.get("unseen", 1.0) if is_shared else 1.0)
    if "other" in table:
        return float(table["other"])
    if column in ("handle_key", "handle_core", "email_local"):
        return _share_of_handle(value)
    return OTHER_TOWN_SHARE


def _share_of_name(name: str, table: dict[str, Any]) -> float:
    share = float(table.get("together", NAMES_GO_TOGETHER)) * float(table.get("unseen", 1.0))
    for word in name.split(" "):
        share *= _share_of_word(word, table)
    return max(min(share, 1.0), float(table.get("least", LEAST_NAME_SHARE)))


def _share_of_word(word: str, table: dict[str, Any]) -> float:
    parts = table.get("parts", {})
    if word in parts:
        return float(parts[word])
    if "other_part" in table:
        return float(table["other_part"])
    if word in COMMON_FIRST_NAMES:
        return COMMON_FIRST_SHARE
    return COMMON_SURNAME_SHARE if word in COMMON_SURNAMES else OTHER_NAME_SHARE


def _share_of_handle(handle: str) -> float:
    letters = "".join(sign for sign in handle if sign.isalpha())
    if letters in COMMON_HANDLES or letters in COMMON_FIRST_NAMES or letters in COMMON_SURNAMES:
        return COMMON_HANDLE_SHARE if letters == handle else COMMON_HANDLE_SHARE / 10
    return HANDLE_SHARES.get(len(handle), LEAST_HANDLE_SHARE)
