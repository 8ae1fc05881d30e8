"""From touches and sales to journeys: which touches lie before which sale, and which led to none.

Times are whole microseconds since 1970 UTC. A frame of touches has a row a touch: ``person_id``, ``kind``, ``fact_id``
(together its name), ``at``, ``channel_id``, ``network``, ``layer``, ``campaign``, ``member_id``, ``host_id``. A frame
of sales has a row for each person who takes part: ``sale`` (a whole number for each sale), ``person_id``,
``journey_at`` (up to when touches count) and, where known, ``lead_at`` and ``opportunity_at``.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.attribution_markov import CONVERSION, NULL, START
from metrics.columns import require_columns

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


def _nearest_before(journeys: pd.DataFrame, milestone: str) -> npt.NDArray[np.bool_]:
    flags = np.zeros(len(journeys), dtype=bool)
    at = journeys[milestone].astype("Int64")
    early = (journeys["at"] <= at).fillna(False).to_numpy(dtype=bool)
    candidates = journeys.loc[early, "journey"]
    flags[candidates.index[~candidates.duplicated(keep="last")]] = True
    return flags


def chain_flags(touches: pd.DataFrame, sales: pd.DataFrame, lookback_days: int) -> pd.DataFrame:
    """Which touches lead to no sale, and how they follow each other in null journeys.

    ``touches``: ``person_id``, ``at``, by person and time. ``sales``: ``person_id``, ``at`` (no refunds). A touch is
    null where its person buys nothing within ``lookback_days`` from it. A null journey goes on while the next touch of
    the person is null, too, and not farther away than that. Returns on the index of ``touches``: ``is_null``,
    ``follows`` (goes on from the touch before), ``ends`` (is the last of its null journey).
    """
    reach = lookback_days * DAY_MICROS
    at, person = touches["at"].to_numpy(dtype="int64"), touches["person_id"].to_numpy()
    is_null = ~(_next_sale(touches, sales) - at <= reach)
    follows = np.zeros(len(at), dtype=bool)
    near = (person[1:] == person[:-1]) & (at[1:] - at[:-1] <= reach)
    follows[1:] = near & is_null[1:] & is_null[:-1]
    goes_on = np.append(follows[1:], False) if len(at) else follows
    return pd.DataFrame({"is_null": is_null, "follows": follows, "ends": is_null & ~goes_on}, index=touches.index)


def _next_sale(touches: pd.DataFrame, sales: pd.DataFrame) -> npt.NDArray[np.int64]:
    """When each touch's person buys next, at its moment or later; ``NEVER`` where they do not."""
    if touches.empty or sales.empty:
        return np.full(len(touches), NEVER, dtype="int64")
    left = pd.DataFrame({"person_id": touches["person_id"].to_numpy(), "at": touches["at"].to_numpy()})
    left = left.assign(row=np.arange(len(left))).sort_values("at", kind="stable")
    right = sales[["person_id", "at"]].assign(next_at=sales["at"]).sort_values("at", kind="stable")
    found = pd.merge_asof(left, right, on="at", by="person_id", direction="forward")
    following = np.full(len(touches), NEVER, dtype="int64")
    known = found["next_at"].notna().to_numpy()
    following[found["row"].to_numpy()[known]] = found["next_at"].to_numpy()[known].astype("int64")
    return following


def null_steps(chains: pd.DataFrame, dimension: str, *, also: tuple[str, ...] = ()) -> pd.DataFrame:
    """The steps of null journeys: ``day`` (of the touch stepped to), ``from_key``, ``to_key``, and the columns
    ``also``. ``chains``: touches by person and time, with ``day``, a column ``dimension``, the same of the touch before
    (``previous_...``), and the columns of ``chain_flags``."""
    key = chains[dimension].to_numpy()
    null, follows, ends = (chains[name].to_numpy(dtype=bool) for name in ("is_null", "follows", "ends"))
    before = np.where(follows, chains[f"previous_{dimension}"].to_numpy(), START)
    kept = chains[["day", *also]]
    into = kept[null].assign(from_key=before[null], to_key=key[null])
    return pd.concat([into, kept[ends].assign(from_key=key[ends], to_key=NULL)], ignore_index=True)


def conversion_steps(journeys: pd.DataFrame, dimension: str, *, also: tuple[str, ...] = ()) -> pd.DataFrame:
    """The steps of journeys that end in a sale: ``day`` (of the sale), ``from_key``, ``to_key``, and the columns
    ``also``. ``journeys`` by journey and time, with ``sale_day`` and a column ``dimension``."""
    key, journey = journeys[dimension].to_numpy(), journeys["journey"].to_numpy()
    starts = np.ones(len(journey), dtype=bool)
    starts[1:] = journey[1:] != journey[:-1]
    ends = np.roll(starts, -1)
    kept = journeys[["sale_day", *also]].rename(columns={"sale_day": "day"})
    into = kept.assign(from_key=np.where(starts, START, np.roll(key, 1)), to_key=key)
    return pd.concat([into, kept[ends].assign(from_key=key[ends], to_key=CONVERSION)], ignore_index=True)
