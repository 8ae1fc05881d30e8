"""Accounts that may be one person's: what to decide, on what evidence, and what a decision would change."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlmodel import Session

from data_access.queries.matching import (
    Key,
    count_pairs,
    list_pairs,
    read_pair_accounts,
    sum_of_people,
)

MOST_SHOWN = 200
#: What is laid side by side, in this order.
COMPARED = ("network", "name", "handle", "email", "organization", "location", "url", "bio", "followers")


@dataclass(frozen=True)
class ReviewQueue:
    """Pairs that wait for somebody's word, the surest first.

    ``waiting``: how many there are in all. ``pairs``: ``left_id``, ``right_id``, ``left``, ``right`` (names),
    ``left_network``, ``right_network``, ``probability`` (0 to 1), ``why`` (the fields that speak for it), ``reason``
    (why it did not join by itself, or None).
    """

    waiting: int
    joined: int
    pairs: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class PairDetail:
    """Two accounts side by side.

    ``keys``: natural keys of the left and the right account. ``fields``: ``field``, ``left``, ``right``, ``level`` (how
    they agree, or None), ``weight`` (bits: above 0 speaks for one person, below against; NaN where it is not weighed).
    ``change``: what joining would do, in a sentence.
    """

    left_id: int
    right_id: int
    probability: float
    reason: str | None
    keys: tuple[Key, Key]
    people: tuple[int, int]
    change: str
    fields: pd.DataFrame = field(repr=False)


def read_review_queue(session: Session, *, limit: int = MOST_SHOWN) -> ReviewQueue:
    """What waits for a decision."""
    counts = count_pairs(session)
    pairs = list_pairs(session, state="review", limit=limit)
    pairs = pairs.assign(why=[_why(fields) for fields in pairs["fields"]]).drop(columns="fields")
    return ReviewQueue(counts.get("review", 0), counts.get("joined", 0), pairs)


def _why(fields: list[dict[str, Any]]) -> str:
    speaking = sorted((f for f in fields if (f["weight"] or 0) > 0), key=lambda f: -f["weight"])
    return ", ".join(str(f["level"]) for f in speaking[:3])


def read_pair(session: Session, left_id: int, right_id: int) -> PairDetail | None:
    """The evidence on one pair; None where there is no such pair any more."""
    found = read_pair_accounts(session, left_id, right_id)
    if found is None:
        return None
    pair, left, right = found
    sums = sum_of_people(session, [left.person_id, right.person_id])
    return PairDetail(
        left_id=left_id,
        right_id=right_id,
        probability=pair.probability,
        reason=pair.reason,
        keys=((left.network, left.source, left.native_id), (right.network, right.source, right.native_id)),
        people=(left.person_id, right.person_id),
        change=_change(sums),
        fields=_side_by_side(pair.fields, left, right),
    )


def _side_by_side(weighed: list[dict[str, Any]], left: Any, right: Any) -> pd.DataFrame:
    by_field: dict[str, list[dict[str, Any]]] = {}
    for entry in weighed:
        by_field.setdefault(_SHOWN_AS.get(entry["field"], entry["field"]), []).append(entry)
    rows = []
    for name in COMPARED:
        values = getattr(left, name), getattr(right, name)
        entries = by_field.pop(name, [])
        if not entries and values == (None, None):
            continue
        rows.append((name, *values, _levels(entries), _weight(entries)))
    rows += [(name, None, None, _levels(entries), _weight(entries)) for name, entries in by_field.items()]
    columns = ["field", "left", "right", "level", "weight"]
    table = pd.DataFrame(rows, columns=columns)
    shown = {name: table[name].map(lambda value: None if pd.isna(value) else str(value)) for name in ("left", "right")}
    return table.assign(**shown, weight=table["weight"].astype("float64"))


_SHOWN_AS = {"e-mail": "email", "display_name": "name", "organisation": "organization", "profile": "url"}


def _levels(entries: list[dict[str, Any]]) -> str | None:
    return "; ".join(str(entry["level"]) for entry in entries) or None


def _weight(entries: list[dict[str, Any]]) -> float | None:
    known = [entry["weight"] for entry in entries if entry["weight"] is not None]
    return sum(known) if known else None


def _change(sums: pd.DataFrame) -> str:
    """What joining two people would do, in a sentence."""
    accounts, posts, orders = (int(sums[name].sum()) for name in ("accounts", "posts", "orders"))
    parts = [_counted(accounts, "account"), _counted(posts, "post")]
    parts += [_counted(orders, "order")] if orders else []
    return f"If joined: one person with {', '.join(parts[:-1])} and {parts[-1]}. Links to either keep working."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
