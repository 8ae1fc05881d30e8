"""Markov's credit rule: how much less often journeys would end in a sale if all that lead to a key were lost there.

Journeys are taken as a chain of order 1: where one goes next hangs on where it is and on nothing before. It is solved
in closed form through the fundamental matrix, never simulated. Source: E. Anderl, I. Becker, F. von Wangenheim and
J. H. Schumann, *Mapping the customer journey* (2016); J. G. Kemeny and J. L. Snell, *Finite Markov chains* (1960).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # loads its parts where they are first used

from metrics.attribution_split import UNTOUCHED, RepeatedTouch, split_total
from metrics.columns import require_columns

START = "(start)"
CONVERSION = "(conversion)"
NULL = "(null)"
#: Up to so many keys the matrix is inverted whole (a second at 2,000; the time grows with the cube), unless journeys go
#: from a key to few others, so that its factors are sparse. Beyond, it is factorised whatever they do.
DENSE_KEYS = 4_000
_BLOCK = 256
_SPARSE_PART = 0.05

Floats = npt.NDArray[np.float64]
Journeys = npt.NDArray[np.int64]


class ReservedKey(ValueError):
    """A key is called like the start or an end of the chain."""


class MissingKey(ValueError):
    """A touch has no key."""


class MissingOutcome(ValueError):
    """Nothing says how a journey ended, or two rows do."""


def require_keys(journeys: pd.DataFrame) -> None:
    """Check that each touch has a key and that none is called like the start or an end of the chain. Column: ``key``.
    Raises ``MissingKey``, ``ReservedKey``."""
    found = set(journeys["key"].unique())
    if any(pd.isna(key) for key in found):
        raise MissingKey("Some touches have no key: give them one, such as '(none)'.")
    if taken := sorted({START, CONVERSION, NULL} & found):
        raise ReservedKey(f"A key is called {taken[0]}, which is the name of an end of each journey.")


def transitions_of(journeys: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """How many journeys step from one key to the next. ``journeys`` as in ``credit_shares``, rows in any order;
    ``outcomes``: ``journey`` (each of ``journeys`` once), ``conversions`` and ``nulls`` (how often it ended so: 1 and
    0, or counts of a path).

    Returns ``from_key``, ``to_key``, ``journeys`` (counts above 0), sorted; starts at "(start)", ends at "(conversion)"
    and "(null)". Raises ``MissingColumns``, ``MissingOutcome``, ``MissingKey``, ``ReservedKey``, ``RepeatedTouch``.

    >>> touches = pd.DataFrame({"journey": 1, "key": ["B", "A"], "days_before": [0, 3], "touch_id": [1, 2]})
    >>> transitions_of(touches, pd.DataFrame({"journey": [1], "conversions": [1], "nulls": [0]})).to_dict("list")
    {'from_key': ['(start)', 'A', 'B'], 'to_key': ['A', 'B', '(conversion)'], 'journeys': [1, 1, 1]}
    """
    require_columns(outcomes, "transitions_of", "journey", "conversions", "nulls")
    codes, keys, order, starts = _in_order(journeys)
    ends = np.roll(starts, -1)
    row = _outcome_rows(journeys, outcomes)[order]
    conversions, nulls = (outcomes[name].to_numpy(dtype=np.int64)[row] for name in ("conversions", "nulls"))
    here = codes[order]
    size = len(keys) + 3
    start, conversion, null = range(len(keys), size)
    pairs = [np.where(starts, start, np.roll(here, 1)) * size + here]
    pairs += [here[ends] * size + conversion, here[ends] * size + null]
    weights = [conversions + nulls, conversions[ends], nulls[ends]]
    return _counted(pairs, weights, [*keys, START, CONVERSION, NULL])


def _outcome_rows(journeys: pd.DataFrame, outcomes: pd.DataFrame) -> npt.NDArray[np.intp]:
    ended = pd.Index(outcomes["journey"])
    row = ended.get_indexer(journeys["journey"]) if ended.is_unique else np.full(len(journeys), -1)
    if (row < 0).any():
        raise MissingOutcome(
            "Each journey needs one row of outcomes that says how it ended: some have none or several."
        )
    return np.asarray(row, dtype=np.intp)


def _counted(
    pairs: list[npt.NDArray[np.int64]], weights: list[npt.NDArray[np.int64]], names: list[str]
) -> pd.DataFrame:
    number, found = pd.factorize(np.concatenate(pairs))
    counts = np.zeros(len(found), dtype=np.int64)
    np.add.at(counts, number, np.concatenate(weights))
    found, counts = found[counts > 0], counts[counts > 0]
    labels = np.array(names, dtype=object)
    frame = pd.DataFrame(
        {
            "from_key": pd.Series(labels[found // len(names)], dtype="str"),
            "to_key": pd.Series(labels[found % len(names)], dtype="str"),
            "journeys": counts,
        }
    )
    return frame.sort_values(["from_key", "to_key"], ignore_index=True)


def _in_order(
    journeys: pd.DataFrame,
) -> tuple[npt.NDArray[np.int64], pd.Index, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The code of each touch's key, the keys, the touches by journey and time, and which of those open a journey."""
    require_columns(journeys, "transitions_of", "journey", "key", "days_before", "touch_id")
    require_keys(journeys)
    codes, keys = pd.factorize(journeys["key"])
    keys = pd.Index(keys).astype("str")
    journey = journeys["journey"].to_numpy()
    days = journeys["days_before"].to_numpy(dtype=np.float64)
    touch_id = journeys["touch_id"].to_numpy()
    order = _time_order(journey, days, touch_id)
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = journey[order][1:] != journey[order][:-1]
    return codes.astype(np.int64), keys, order, starts


def _time_order(journey: Journeys, days: Floats, touch_id: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Rows by journey, the farthest from the sale first, those of one moment by ``touch_id``: as ``np.lexsort`` on all
    three, in half the time, since few touches share a moment."""
    order = np.argsort(-days)
    order = order[np.argsort(journey[order], kind="stable")]
    tied = (journey[order][1:] == journey[order][:-1]) & (days[order][1:] == days[order][:-1])
    if tied.any():
        places = np.flatnonzero(np.append(tied, False) | np.append(False, tied))
        rows = order[places]
        rows = rows[np.lexsort((touch_id[rows], -days[rows], journey[rows]))]
        order[places] = rows
        if (tied & (touch_id[order][1:] == touch_id[order][:-1])).any():
            raise RepeatedTouch("Two touches of a journey share their moment and their touch_id.")
    return np.asarray(order, dtype=np.intp)


def conversion_rate(transitions: pd.DataFrame) -> float:
    """The share of journeys that end in a conversion, as the chain has it, 0 to 1; NaN where none starts. For whole
    journeys it equals conversions / (conversions + nulls). Columns as in ``markov_removal_effects``.

    >>> conversion_rate(pd.DataFrame(
    ...     {"from_key": ["(start)", "A", "A"], "to_key": ["A", "(conversion)", "(null)"], "journeys": [4, 1, 3]}))
    0.25
    """
    return _solve(transitions, DENSE_KEYS).conversion_rate


def markov_removal_effects(transitions: pd.DataFrame, *, dense_keys: int = DENSE_KEYS) -> pd.Series:
    """For each key the share of all conversions that is lost if each journey that comes to it ends there.

    Columns: ``from_key``, ``to_key``, ``journeys`` (counts, several rows of a pair are added), from "(start)" to
    "(conversion)" and "(null)". ``dense_keys``: up to so many keys the matrix is inverted whole. Returns 0 to 1 by key,
    sorted by key; the effects need not add up to 1. All 0 without a conversion. Raises ``MissingColumns``.

    >>> markov_removal_effects(pd.DataFrame(
    ...     {"from_key": ["(start)", "A"], "to_key": ["A", "(conversion)"], "journeys": [1, 1]})).to_dict()
    {'A': 1.0}
    """
    return _solve(transitions, dense_keys).removal_effects


def markov_credit(transitions: pd.DataFrame, total_minor: int) -> pd.Series:
    """``total_minor`` (whole minor units; may be below 0) shared out in proportion to the removal effects.

    Columns as in ``markov_removal_effects``. Returns whole minor units by key that add up to ``total_minor``; of equal
    remainders the first key in the alphabet gets the unit. Where no key has an effect, key "" has it all.
    """
    effects = markov_removal_effects(transitions)
    if not effects.sum() > 0:
        return pd.Series({UNTOUCHED: total_minor}, dtype="int64", name="credit_minor")
    return split_total(effects / effects.sum(), total_minor)


@dataclass(frozen=True)
class _Solution:
    conversion_rate: float
    removal_effects: pd.Series


def _solve(transitions: pd.DataFrame, dense_keys: int) -> _Solution:
    """Removing key k loses what comes to k at all, times what is converted from there: N[s,k] / N[k,k] * c[k], where
    N = (I - Q)^-1 counts visits and c = N r is the chance of a conversion."""
    require_columns(transitions, "markov_removal_effects", "from_key", "to_key", "journeys")
    names, matrix = _probabilities(transitions)
    keys = names[3:]
    effects = pd.Series(0.0, index=pd.Index(keys, dtype="str", name="key"), name="removal_effect")
    if matrix[0].sum() == 0:
        return _Solution(float("nan"), effects)
    alive = _alive(matrix)
    if len(alive) == 0 or alive[0] != 0:
        return _Solution(0.0, effects)
    inner = scipy.sparse.identity(len(alive), format="csc") - matrix[alive][:, alive].tocsc()
    converted = matrix[alive][:, [1]].toarray().ravel()
    visits, chances, returns = _fundamental(inner, converted, dense_keys)
    lost = visits / returns * chances / chances[0]
    effects.iloc[alive[1:] - 3] = np.clip(lost[1:], 0, 1)
    return _Solution(float(chances[0]), effects)


def _probabilities(transitions: pd.DataFrame) -> "tuple[list[str], scipy.sparse.csr_matrix]":
    """The states (start, conversion, null, then the keys in order) and the chance of each step."""
    used = set(transitions["from_key"]) | set(transitions["to_key"])
    names = [START, CONVERSION, NULL, *sorted(used - {START, CONVERSION, NULL})]
    index = pd.Index(names)
    rows, columns = (index.get_indexer(transitions[name]) for name in ("from_key", "to_key"))
    counts = transitions["journeys"].to_numpy(dtype=np.float64)
    size = len(names)
    matrix = scipy.sparse.csr_matrix((counts, (rows, columns)), shape=(size, size))
    out = np.asarray(matrix.sum(axis=1)).ravel()
    return names, scipy.sparse.csr_matrix(scipy.sparse.diags_array(1 / np.where(out > 0, out, 1)) @ matrix)


def _alive(matrix: "scipy.sparse.csr_matrix") -> npt.NDArray[np.intp]:
    """The states that a journey can come to and convert from, in order. From the others nothing is converted, so they
    are as good as null; without them the matrix can always be inverted, also where counts were cut off at a day."""
    matrix.eliminate_zeros()
    forth = scipy.sparse.csgraph.breadth_first_order(matrix, 0, return_predecessors=False)
    back = scipy.sparse.csgraph.breadth_first_order(matrix.T.tocsr(), 1, return_predecessors=False)
    return np.asarray(np.setdiff1d(np.intersect1d(forth, back), [1]), dtype=np.intp)


def _fundamental(inner: "scipy.sparse.csc_matrix", converted: Floats, dense_keys: int) -> tuple[Floats, Floats, Floats]:
    """Of N = inner^-1: its first row, N @ converted, and its diagonal."""
    size = inner.shape[0]
    if size <= dense_keys:
        # rows add up to 0 or more, their diagonal above 0: no pivot is needed, so that one order does for both
        factors = scipy.sparse.linalg.splu(
            inner, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
        )
        is_sparse = factors.L.nnz + factors.U.nnz <= _SPARSE_PART * size * size
        if is_sparse and (factors.perm_r == factors.perm_c).all():
            return *_first_and_chances(factors, converted), inverse_diagonal(factors)
        inverse = np.linalg.inv(inner.toarray())
        return inverse[0], inverse @ converted, np.diagonal(inverse)
    factors = scipy.sparse.linalg.splu(inner)
    diagonal = np.empty(size)
    for low in range(0, size, _BLOCK):
        columns = np.arange(low, min(low + _BLOCK, size))
        units = np.zeros((size, len(columns)))
        units[columns, columns - low] = 1
        diagonal[columns] = factors.solve(units)[columns, columns - low]
    return *_first_and_chances(factors, converted), diagonal


def _first_and_chances(factors: "scipy.sparse.linalg.SuperLU", converted: Floats) -> tuple[Floats, Floats]:
    from_start = np.zeros(factors.shape[0])
    from_start[0] = 1
    return factors.solve(from_start, trans="T"), factors.solve(converted)


def inverse_diagonal(factors: "scipy.sparse.linalg.SuperLU") -> Floats:
    """The diagonal of a matrix's inverse from its sparse factors, whose rows and columns stand in one order.

    Goes from the last row to the first and computes of the inverse only what the factors have a place for. Source: K.
    Takahashi, J. Fagan and M.-S. Chen, *Formation of a sparse bus impedance matrix* (1973).
    """
    size = factors.shape[0]
    lower, upper = _by_row(factors.L.T), _by_row(factors.U)
    later = _places(lower, upper)
    inverse = np.zeros((size, size))  # what is never written takes no memory
    for row in range(size - 1, -1, -1):
        pivot = upper[row][row]
        places = np.array(sorted(later[row]), dtype=np.intp)
        below = np.array([lower[row].get(place, 0.0) for place in places.tolist()])
        right = np.array([upper[row].get(place, 0.0) for place in places.tolist()]) / pivot
        known = inverse[places[:, None], places]
        column = -(known @ below)
        inverse[places, row], inverse[row, places] = column, -(right @ known)
        inverse[row, row] = 1 / pivot - right @ column
    return np.asarray(np.diagonal(inverse)[factors.perm_c])


def _by_row(matrix: "scipy.sparse.sparray") -> list[dict[int, float]]:
    rows: list[dict[int, float]] = [{} for _ in range(matrix.shape[0])]
    entries = matrix.tocoo()
    for row, column, value in zip(entries.row.tolist(), entries.col.tolist(), entries.data.tolist(), strict=True):
        rows[row][column] = value
    return rows


def _places(lower: list[dict[int, float]], upper: list[dict[int, float]]) -> list[set[int]]:
    """For each row the later ones that it meets in either factor, or through an earlier row that meets both."""
    places = [{*below, *right} - {row} for row, (below, right) in enumerate(zip(lower, upper, strict=True))]
    for later in places:
        if later:
            nearest = min(later)
            places[nearest] |= later - {nearest}
    return places
