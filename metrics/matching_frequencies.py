"""How common names and towns are among the accounts at hand, as tables that a model keeps."""

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from metrics.matching_fields import Field
from metrics.matching_rarity import NAMES_GO_TOGETHER

#: No more values of a column than this are kept in a model.
MOST_TERMS = 5_000
#: Names that fewer people have are not kept: an unlisted name is rare.
FEWEST_HOLDERS = 3
FEWEST_PEOPLE = 200


def account_frequencies(
    connection: duckdb.DuckDBPyConnection, persons: pd.DataFrame, *, prior: float, namesakes_share: float
) -> dict[str, Any]:
    """The tables for social accounts: names by word and, where people certainly share them, whole; towns.

    ``persons``: ``account_id``, ``person``. ``namesakes_share``: how many of the people of one name live in one town,
    0 to 1. Nothing where there are too few people to tell.
    """
    connection.register("persons", persons)
    connection.execute("CREATE TABLE peopled AS SELECT * FROM prepared JOIN persons USING (account_id)")
    named = int(persons["person"].nunique())
    if named < FEWEST_PEOPLE:
        return {}
    tables = {
        "name_key": _name_table(connection, prior),
        "name_town": _namesake_table(connection, namesakes_share),
        "town": _town_table(connection),
    }
    return {column: table for column, table in tables.items() if table}


def _name_table(connection: duckdb.DuckDBPyConnection, prior: float) -> dict[str, Any]:
    people = count_rows(connection, "SELECT count(DISTINCT person) FROM peopled WHERE name_key IS NOT NULL")
    if people < FEWEST_PEOPLE:
        return {}
    words = connection.execute(f"""
        SELECT word, count(DISTINCT person) AS holders
        FROM (SELECT person, unnest(string_split(name_key, ' ')) AS word FROM peopled WHERE name_key IS NOT NULL)
        GROUP BY word HAVING holders >= {FEWEST_HOLDERS} ORDER BY holders DESC, word LIMIT {MOST_TERMS}
    """).fetchall()
    # Two accounts of one place with one name are two people's: so many, at least, have the name.
    shared = connection.execute(f"""
        SELECT name_key, max(holders) AS holders FROM (
            SELECT name_key, place, count(DISTINCT person) AS holders FROM peopled
            WHERE name_key IS NOT NULL GROUP BY name_key, place)
        GROUP BY name_key HAVING max(holders) >= 2 ORDER BY holders DESC, name_key LIMIT {MOST_TERMS}
    """).fetchall()
    return {
        "parts": {word: _share(holders, people) for word, holders in words},
        "terms": {name: _share(holders, people) for name, holders in shared},
        "other_part": _share(FEWEST_HOLDERS - 1, people),
        "together": _names_together(connection),
        "unseen": _unseen(connection),
        "least": float(f"{max(prior / 20, 1e-8):.6g}"),
    }


def _namesake_table(connection: duckdb.DuckDBPyConnection, namesakes_share: float) -> dict[str, Any]:
    """How many of the people of one name live in one town, where two of them certainly do."""
    shared = connection.execute(f"""
        WITH named AS (
            SELECT name_key, place, count(DISTINCT person) AS holders FROM peopled
            WHERE name_key IS NOT NULL GROUP BY name_key, place
        ), towned AS (
            SELECT name_key, name_town, place, count(DISTINCT person) AS holders FROM peopled
            WHERE name_town IS NOT NULL GROUP BY name_key, name_town, place
        )
        SELECT name_town, max(t.holders) AS holders, max(n.holders) AS named
        FROM towned t JOIN named n USING (name_key, place)
        GROUP BY name_town HAVING max(t.holders) >= 2 ORDER BY holders DESC, name_town LIMIT {MOST_TERMS}
    """).fetchall()
    return {"terms": {term: _share(held, named) for term, held, named in shared}, "other": namesakes_share}


def _unseen(connection: duckdb.DuckDBPyConnection) -> float:
    """The share of pairs of people who have no place in common, so that nothing tells them apart if their names agree.

    A name that no two accounts of one place have is rarer than its parts make it, by as much as was looked at.
    """
    sizes = connection.execute("""
        SELECT place, count(DISTINCT person) AS people FROM peopled WHERE name_key IS NOT NULL GROUP BY place
    """).df()["people"]
    people = count_rows(connection, "SELECT count(DISTINCT person) FROM peopled WHERE name_key IS NOT NULL")
    apart = float(np.prod(1 - (np.sort(sizes.to_numpy()) / people) ** 2))
    return float(f"{max(apart, 0.05):.6g}")


def _names_together(connection: duckdb.DuckDBPyConnection) -> float:
    """How many times as often two people of one place share a full name as their shared parts by themselves make."""
    counts = connection.execute("""
        SELECT place, count(*) AS accounts FROM peopled WHERE name_key IS NOT NULL GROUP BY place ORDER BY place
    """).df()
    pairs = float((counts["accounts"] * (counts["accounts"] - 1) / 2).sum())
    alike = {
        column: count_rows(connection, f"""
            SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (
                SELECT count(DISTINCT person) AS n FROM peopled WHERE name_key IS NOT NULL GROUP BY place, {column})
        """)
        for column in ("name_key", "given", "family")
    }  # fmt: skip
    if alike["name_key"] < 20 or min(alike.values()) == 0:
        return NAMES_GO_TOGETHER
    ratio = (alike["name_key"] / pairs) / ((alike["given"] / pairs) * (alike["family"] / pairs))
    return float(f"{np.clip(ratio, 1.0, 50.0):.6g}")


def _town_table(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    people = count_rows(connection, "SELECT count(DISTINCT person) FROM peopled WHERE town IS NOT NULL")
    if people < FEWEST_PEOPLE:
        return {}
    towns = connection.execute(f"""
        SELECT town, count(DISTINCT person) AS holders FROM peopled WHERE town IS NOT NULL
        GROUP BY town HAVING holders >= {FEWEST_HOLDERS} ORDER BY holders DESC, town LIMIT {MOST_TERMS}
    """).fetchall()
    return {"terms": {town: _share(held, people) for town, held in towns}, "other": _share(FEWEST_HOLDERS - 1, people)}


def record_frequencies(connection: duckdb.DuckDBPyConnection, fields: tuple[Field, ...]) -> dict[str, Any]:
    """The tables for records that name people in parts: how many of the records have each value."""
    columns = sorted({level.rarity for field in fields for level in field.compared if level.rarity is not None})
    return {column: _value_table(connection, column) for column in columns}


def _value_table(connection: duckdb.DuckDBPyConnection, column: str) -> dict[str, Any]:
    known = max(count_rows(connection, f"SELECT count({column}) FROM prepared"), 1)
    values = connection.execute(f"""
        SELECT {column}, count(*) AS holders FROM prepared WHERE {column} IS NOT NULL
        GROUP BY {column} HAVING holders >= 2 ORDER BY holders DESC, {column} LIMIT {MOST_TERMS}
    """).fetchall()
    return {"terms": {value: _share(holders, known) for value, holders in values}, "other": _share(1, known)}


def count_rows(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that ``query`` finds."""
    ((number,),) = connection.execute(query).fetchall()
    return int(number)


def _share(holders: float, people: int) -> float:
    return float(f"{holders / people:.6g}")
