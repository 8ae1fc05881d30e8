"""Credit for a sale, shared among the touches before it: seven rules that look at one journey at a time, and Markov's.

A journey is what one buyer (of a deal: all its contacts) had to do with us before a sale, one row a touch:

- ``journey``: whole number, the same as in the frame of sales;
- ``key``: what is credited, such as a channel; text or categories;
- ``days_before``: days from the touch to the sale, 0 or more;
- ``touch_id``: tells the touches of a journey apart and orders those of one moment, the earlier one lower;
- ``is_lead``, ``is_opportunity`` (only the W rule, only if known): the nearest touch at or before that milestone.

A credit rule says how a team chooses to share the credit, not what would have happened without a touch.
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.attribution_markov import markov_credit, require_keys, transitions_of
from metrics.attribution_split import UNTOUCHED, RepeatedTouch, sale_of_touches, split_minor
from metrics.columns import require_columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

JOURNEY_RULES = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "w_shaped", "shapley")
#: The eight credit rules. Markov looks at all journeys at once, those without a sale included.
RULES = (*JOURNEY_RULES[:-1], "markov", "shapley")
HALF_LIFE_DAYS = 7.0
U_ENDS, U_MIDDLE = 0.4, 0.2
W_MILESTONE, W_OTHERS = 0.3, 0.1


class UnknownRule(ValueError):
    """There is no such credit rule, or it does not share out single journeys."""

    def __init__(self, rule: str, known: tuple[str, ...]) -> None:
        self.rule = rule
        super().__init__(f"There is no credit rule {rule!r} here; there are {', '.join(known)}.")


class TouchAfterSale(ValueError):
    """A touch lies after its sale, or nobody knows when it was."""


def credit_shares(journeys: pd.DataFrame, rule: str, *, half_life_days: float = HALF_LIFE_DAYS) -> pd.Series:
    """The share of its sale that each touch gets under one of ``JOURNEY_RULES``.

    Columns: ``journey``, ``key``, ``days_before``, ``touch_id``, and for W, where known, ``is_lead`` and
    ``is_opportunity`` (see the top of the file). Rows in any order. ``half_life_days`` is for time decay alone.
    Returns shares from 0 to 1 on the frame's index, which add up to 1 in each journey. Raises ``MissingColumns``,
    ``UnknownRule``, ``TouchAfterSale`` and ``RepeatedTouch``. Read several rules side by side: where they
    agree on a key, the choice of rule does not matter for it.

    >>> touches = pd.DataFrame({"journey": 1, "key": list("ABCD"), "days_before": [0, 7, 14, 28], "touch_id": range(4)})
    >>> credit_shares(touches, "time_decay").round(4).tolist()
    [0.5517, 0.2759, 0.1379, 0.0345]
    """
    require_columns(journeys, f"credit_shares by {rule}", "journey", "key", "days_before", "touch_id")
    if rule not in _SHARES:
        raise UnknownRule(rule, JOURNEY_RULES)
    if half_life_days <= 0:
        raise ValueError(f"A half-life lasts more than 0 days, not {half_life_days}.")
    touches = _Touches(journeys, half_life_days)
    return pd.Series(_SHARES[rule](touches), index=journeys.index, name=rule, dtype="float64")


def credit_by_key(
    journeys: pd.DataFrame, sales: pd.DataFrame, rule: str, *, half_life_days: float = HALF_LIFE_DAYS
) -> pd.DataFrame:
    """What each key gets of the sales under one of ``RULES``, in whole minor units.

    ``journeys`` as in ``credit_shares``; those that no sale names are null journeys, which only Markov looks at.
    ``sales``: ``journey`` (once each), ``amount_minor`` (a refund is negative and takes the shares of its journey),
    ``currency``. Returns ``key``, ``currency``, ``credit_minor``, sorted; it adds up to the sales of each currency
    exactly; key "" has the sales that no touch reaches. For Markov a refund is no conversion. Raises what
    ``credit_shares`` and ``split_minor`` do, and ``MissingKey``.
    """
    require_columns(journeys, "credit_by_key", "journey", "key")
    require_columns(sales, "credit_by_key", "journey", "amount_minor", "currency")
    if rule not in RULES:
        raise UnknownRule(rule, RULES)
    require_keys(journeys)
    sale = sale_of_touches(journeys, sales)
    reached = np.zeros(len(sales), dtype=bool)
    reached[sale[sale >= 0]] = True
    untouched = sales.loc[~reached, ["currency", "amount_minor"]].assign(key=UNTOUCHED)
    if rule == "markov":
        credited = _markov_by_currency(journeys, sales.loc[reached], sales["journey"])
    else:
        sold = journeys if (sale >= 0).all() else journeys.loc[sale >= 0]
        minor = split_minor(credit_shares(sold, rule, half_life_days=half_life_days), sold, sales)
        credited = _summed(sold["key"], sales["currency"], sale[sale >= 0], minor)
    both = pd.concat([part.astype({"key": "str", "currency": "str"}) for part in (credited, untouched)])
    sums = both.groupby(["key", "currency"])["amount_minor"].sum()
    return sums.rename("credit_minor").reset_index()


def _summed(key: pd.Series, currency: pd.Series, sale: npt.NDArray[np.intp], minor: pd.Series) -> pd.DataFrame:
    """The sum of ``minor`` for each key and currency that go together: as a group-by, in a third of the time."""
    key_codes, keys = pd.factorize(key)
    currency_codes, currencies = pd.factorize(currency)
    cell = key_codes * len(currencies) + currency_codes[sale]
    sums = np.zeros(len(keys) * len(currencies), dtype=np.int64)
    np.add.at(sums, cell, minor.to_numpy())
    used = np.flatnonzero(np.bincount(cell, minlength=len(sums)))
    at_key, at_currency = np.divmod(used, max(len(currencies), 1))
    return pd.DataFrame({"key": keys[at_key], "currency": currencies[at_currency], "amount_minor": sums[used]})


def _markov_by_currency(journeys: pd.DataFrame, sales: pd.DataFrame, sold: pd.Series) -> pd.DataFrame:
    bought = sales.loc[sales["amount_minor"] >= 0, "journey"]
    seen = journeys.loc[journeys["journey"].isin(bought) | ~journeys["journey"].isin(sold)]
    outcomes = pd.DataFrame({"journey": seen["journey"].unique()})
    outcomes = outcomes.assign(conversions=outcomes["journey"].isin(bought).astype("int64"))
    transitions = transitions_of(seen, outcomes.assign(nulls=1 - outcomes["conversions"]))
    totals = sales.groupby("currency")["amount_minor"].sum()
    parts = {currency: markov_credit(transitions, int(total)) for currency, total in totals.items()}
    rows = [(key, currency, int(minor)) for currency, part in parts.items() for key, minor in part.items()]
    return pd.DataFrame(rows, columns=["key", "currency", "amount_minor"]).astype({"amount_minor": "int64"})


class _Touches:
    """The columns of a frame of journeys as arrays, journeys numbered from 0."""

    def __init__(self, journeys: pd.DataFrame, half_life_days: float) -> None:
        self.journey, self.count = _numbered(journeys["journey"].to_numpy())
        self.sizes: Integers = np.bincount(self.journey, minlength=self.count)
        self.days: Floats = journeys["days_before"].to_numpy(dtype=np.float64)
        if not (np.isfinite(self.days) & (self.days >= 0)).all():
            raise TouchAfterSale("Each touch lies 0 or more days before its sale: days_before has others, or none.")
        self.half_life_days = half_life_days
        self.frame = journeys

    def first(self) -> Flags:
        """The one earliest touch of each journey."""
        return self._extreme(np.maximum, np.minimum)

    def last(self) -> Flags:
        """The one latest touch of each journey."""
        return self._extreme(np.minimum, np.maximum)

    def _extreme(self, of_days: np.ufunc, of_ids: np.ufunc) -> Flags:
        at_edge = self.days == self.over_journeys(of_days, self.days, self.journey)[self.journey]
        edge = np.flatnonzero(at_edge)
        if len(edge) > self.count:
            ids = _ordered_ids(self.frame["touch_id"].iloc[edge])
            journey = self.journey[edge]
            edge = edge[ids == self.over_journeys(of_ids, ids, journey)[journey]]
        if len(edge) > self.count:
            raise RepeatedTouch("Two touches of a journey share their moment and their touch_id.")
        found = np.zeros(len(self.days), dtype=bool)
        found[edge] = True
        return found

    def over_journeys(self, extreme: np.ufunc, values: npt.NDArray, journey: Integers) -> npt.NDArray:  # type: ignore[type-arg]
        found = np.empty(self.count, dtype=values.dtype)
        found[journey] = values  # any of a journey's values: where its extreme starts from
        extreme.at(found, journey, values)
        return found

    def flagged(self, column: str) -> Flags:
        """Where ``column`` is true; nowhere without such a column."""
        if column not in self.frame.columns:
            return np.zeros(len(self.days), dtype=bool)
        return np.asarray(self.frame[column].fillna(False), dtype=np.bool_)

    def sums(self, weights: npt.NDArray[np.float64] | Flags) -> Floats:
        """The sum of ``weights`` over each journey."""
        return np.bincount(self.journey, weights=weights, minlength=self.count).astype(np.float64)


def _numbered(journey: Integers) -> tuple[Integers, int]:
    """The journeys numbered from 0, and how many they are. Numbers that lie close together need no hashing."""
    low, high = (int(journey.min()), int(journey.max())) if len(journey) else (0, 0)
    if high - low > 4 * len(journey):
        codes, found = pd.factorize(journey)
        return np.asarray(codes, dtype=np.int64), len(found)
    is_used = np.zeros(high - low + 1, dtype=bool)
    is_used[journey - low] = True
    number = np.cumsum(is_used) - 1
    return np.asarray(number[journey - low], dtype=np.int64), int(is_used.sum())


def _ordered_ids(touch_id: pd.Series) -> Integers:
    if pd.api.types.is_integer_dtype(touch_id):
        return np.asarray(touch_id, dtype=np.int64)
    return np.asarray(pd.factorize(touch_id, sort=True)[0], dtype=np.int64)


def _first_touch(touches: _Touches) -> Floats:
    return touches.first().astype(np.float64)


def _last_touch(touches: _Touches) -> Floats:
    return touches.last().astype(np.float64)


def _linear(touches: _Touches) -> Floats:
    return (1 / touches.sizes)[touches.journey]


def _time_decay(touches: _Touches) -> Floats:
    """2^(-days / half-life), measured from the journey's latest touch so that old journeys do not vanish."""
    latest = touches.over_journeys(np.minimum, touches.days, touches.journey)
    weights = np.exp2((latest[touches.journey] - touches.days) / touches.half_life_days)
    return np.asarray(weights / touches.sums(weights)[touches.journey])


def _u_shaped(touches: _Touches) -> Floats:
    sizes = touches.sizes
    ends = np.where(sizes > 2, U_ENDS, 1 / np.maximum(np.minimum(sizes, 2), 1))
    middle = U_MIDDLE / np.maximum(sizes - 2, 1)
    at_end = touches.first() | touches.last()
    return np.where(at_end, ends[touches.journey], middle[touches.journey])


def _w_shaped(touches: _Touches) -> Floats:
    """30 % each to the first touch, the lead's and the opportunity's, 10 % to the others; what has no touch to go to is
    spread over the rest in proportion."""
    weights = np.zeros(len(touches.days))
    others = np.ones(len(touches.days), dtype=bool)
    for milestone in (touches.first(), touches.flagged("is_lead"), touches.flagged("is_opportunity")):
        weights += W_MILESTONE * _equally(touches, milestone)
        others &= ~milestone
    weights += W_OTHERS * _equally(touches, others)
    return np.asarray(weights / touches.sums(weights)[touches.journey])


def _equally(touches: _Touches, among: Flags) -> Floats:
    """1 a journey, in equal parts to the touches ``among``; 0 to the others."""
    return np.asarray(among / np.maximum(touches.sums(among), 1)[touches.journey])


def _shapley(touches: _Touches) -> Floats:
    """Equally to the distinct keys of the journey (a path's value needs each of them), then to each key's touches."""
    key, keys = pd.factorize(touches.frame["key"], use_na_sentinel=False)
    pair, pairs = pd.factorize(touches.journey * len(keys) + key)
    distinct = np.bincount(pairs // max(len(keys), 1), minlength=touches.count)
    return np.asarray(1 / (distinct[touches.journey] * np.bincount(pair)[pair]))


_SHARES: dict[str, Callable[[_Touches], Floats]] = {
    "first_touch": _first_touch,
    "last_touch": _last_touch,
    "linear": _linear,
    "time_decay": _time_decay,
    "u_shaped": _u_shaped,
    "w_shaped": _w_shaped,
    "shapley": _shapley,
}


def shapley_values(coalition_values: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Each player's mean marginal value over all orders of joining, from what each coalition is worth.

    ``coalition_values``: the worth of coalitions; those left out are worth 0. Takes 2^n steps for n players. Returns a
    value a player, alphabetically; together what all of them are worth. Source: L. S. Shapley (1953).

    >>> shapley_values({frozenset("A"): 1, frozenset("B"): 2, frozenset("AB"): 4})
    {'A': 1.5, 'B': 2.5}
    """
    players = sorted(set().union(*coalition_values))
    return {player: _shapley_value(player, players, coalition_values) for player in players}


def _shapley_value(player: str, players: list[str], worth: Mapping[frozenset[str], float]) -> float:
    others = [other for other in players if other != player]
    value = 0.0
    for size in range(len(players)):
        joining = (
            worth.get(frozenset((*before, player)), 0) - worth.get(frozenset(before), 0)
            for before in combinations(others, size)
        )
        value += sum(joining) / (len(players) * comb(len(others), size))
    return value
