"""From touches and sales to journeys: which touches lie before which sale, and which led to none.

Times are whole microseconds since 1970 UTC. A frame of touches has a row a touch: ``person_id``, ``kind``, ``fact_id``
(together its name), ``at``, ``channel_id``, ``network``, ``layer``, ``campaign``, ``member_id``, ``host_id``. A frame
of sales has a row for each person who takes part: ``sale`` (a whole number for each sale), ``person_id``,
``journey_at`` (up to when touches count) and, where known, ``lead_at`` and ``opportunity_at``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LOOKBACKS = (7, 28, 30, 90)
LONGEST_LOOKBACK = max(LOOKBACKS)
DIMENSIONS = ("channel", "network", "layer", "campaign", "member", "host")
#: The key of touches that have none in a dimension, such as no campaign.
NO_KEY = "(none)"
DAY_MICROS = 86_400_000_000
NEVER = np.iinfo(np.int64).max

_COLUMNS = {"channel": "channel_id", "member": "member_id", "host": "host_id"}


def with_keys(touches: pd.DataFrame) -> pd.DataFrame:
    """The touches in the order of time, with ``touch_id`` (their place in it: those of one moment by kind and id) and a
    key in each of ``DIMENSIONS``, as text; ``NO_KEY`` where a touch has none.

    >>> touch = {"person_id": 1, "kind": "visit", "fact_id": 9, "at": 0, "channel_id": 3, "network": "web",
    ...     "layer": "hub", "campaign": None, "member_id": None, "host_id": None}
    >>> with_keys(pd.DataFrame([touch]))[["touch_id", "channel", "campaign"]].values.tolist()
    [[0, '3', '(none)']]
    """
    needed = [_COLUMNS.get(dimension, dimension) for dimension in DIMENSIONS]
    require_columns(touches, "with_keys", "person_id", "kind", "fact_id", "at", *needed)
    ordered = touches.sort_values(["at", "kind", "fact_id"], ignore_index=True)
    keys = {dimension: _key(ordered[_COLUMNS.get(dimension, dimension)]) for dimension in DIMENSIONS}
    return ordered.assign(touch_id=np.arange(len(ordered), dtype="int64"), **keys)


def _key(values: pd.Series) -> pd.Series:
    codes, found = pd.factorize(values)
    names = np.array([*(str(value) for value in found), NO_KEY], dtype=object)
    return pd.Series(names[codes], index=values.index, dtype="object")


def journeys_before(sales: pd.DataFrame, touches: pd.DataFrame, lookback_days: int = LONGEST_LOOKBACK) -> pd.DataFrame:
    """The touches within ``lookback_days`` before each sale, those at its very moment too. Touches before an earlier
    sale count again; a sale of several people has the touches of all of them.

    ``touches`` as ``with_keys`` gives them. Returns their columns and ``journey`` (the ``sale``), ``days_before`` (from
    0 to ``lookback_days``), ``is_lead``, ``is_opportunity`` (the last touch at or before that milestone), by journey
    and time. A sale without touches has no row.
    """
    require_columns(sales, "journeys_before", "sale", "person_id", "journey_at", "lead_at", "opportunity_at")
    columns = ["sale", "person_id", "journey_at", "lead_at", "opportunity_at"]
    pairs = sales[columns].merge(touches, on="person_id", how="inner")
    before = pairs["journey_at"].to_numpy() - pairs["at"].to_numpy()
    near = (before >= 0) & (before <= lookback_days * DAY_MICROS)
    found = pairs.loc[near].assign(days_before=before[near] / DAY_MICROS).rename(columns={"sale": "journey"})
    found = found.sort_values(["journey", "touch_id"], ignore_index=True)
    flags = {f"is_{name}": _nearest_before(found, f"{name}_at") for name in ("lead", "opportunity")}
    return found.drop(columns=["journey_at", "lead_at", "opportunity_at"]).assign(**flags)


def _nearest_before(journeys: pd.DataFrame, milestone: str) -> Flags:
    flags = np.zeros(len(journeys), dtype=bool)
    at = journeys[milestone].astype("Int64")
    early = (journeys["at"] <= at).fillna(False).to_numpy(dtype=bool)
    candidates = journeys.loc[early, "journey"]
    flags[candidates.index[~candidates.duplicated(keep="last")]] = True
    return flags


class ChainFlags(NamedTuple):
    """An array each for touches: ``is_null`` (leads to no sale), ``follows`` (goes on from the touch before), ``ends``
    (is the last of its null journey)."""

    is_null: Flags
    follows: Flags
    ends: Flags


def chain_flags(touches: pd.DataFrame, next_sale: Integers, lookback_days: int) -> ChainFlags:
    """Which touches lead to no sale, and how they follow each other in null journeys.

    ``touches``: ``person_id``, ``at``, by person and time. ``next_sale``: as ``next_sales`` gives it. A touch is null
    where its person buys nothing within ``lookback_days`` from it. A null journey goes on while the next touch of the
    person is null, too, and not farther away than that.
    """
    reach = lookback_days * DAY_MICROS
    at, person = touches["at"].to_numpy(dtype="int64"), touches["person_id"].to_numpy()
    is_null = ~(next_sale - at <= reach)
    follows = np.zeros(len(at), dtype=bool)
    near = (person[1:] == person[:-1]) & (at[1:] - at[:-1] <= reach)
    follows[1:] = near & is_null[1:] & is_null[:-1]
    goes_on = np.append(follows[1:], False) if len(at) else follows
    return ChainFlags(is_null, follows, is_null & ~goes_on)


def next_sales(touches: pd.DataFrame, sales: pd.DataFrame) -> Integers:
    """When each touch's person buys next, at its moment or later; ``NEVER`` where they do not. Columns of both:
    ``person_id``, ``at``.

    >>> touches = pd.DataFrame({"person_id": [1, 1, 2], "at": [5, 7, 5]})
    >>> sales = pd.DataFrame({"person_id": [1, 1], "at": [6, 5]})
    >>> [at if at < NEVER else None for at in next_sales(touches, sales).tolist()]
    [5, None, None]
    """
    count = len(touches)
    person, at = (np.concatenate([frame[name] for frame in (touches, sales)]) for name in ("person_id", "at"))
    is_sale = np.arange(len(at)) >= count
    order = np.lexsort((is_sale, at, person))  # of one moment the touch first: its sale comes next
    places = np.where(is_sale[order], np.arange(len(order)), len(order))
    following = np.minimum.accumulate(places[::-1])[::-1]
    found = np.append(order, -1)[following]
    is_own = (found >= 0) & (person[found] == person[order])
    following_at = np.empty(len(order), dtype="int64")
    following_at[order] = np.where(is_own, at[found], NEVER)
    return following_at[:count]
