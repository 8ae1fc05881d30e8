"""Money shared out in whole minor units: nothing is lost to rounding, and no float is ever added up."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns

#: The key of what no touch reaches.
UNTOUCHED = ""
#: Remainders closer than this are equal: noise of floating point must not decide who gets a cent.
_GRAINS = 1 << 22
_LARGEST_MINOR = 1 << 62

Integers = npt.NDArray[np.int64]


class RepeatedSale(ValueError):
    """A journey leads to two rows of the sales."""


class RepeatedTouch(ValueError):
    """Two touches of a journey have one moment and one ``touch_id``: nothing says which came first."""


class AmountTooLarge(ValueError):
    """An amount has more than 18 digits."""


class SharesOfOthers(ValueError):
    """The shares do not belong to these touches."""


def split_minor(shares: pd.Series, journeys: pd.DataFrame, sales: pd.DataFrame) -> pd.Series:
    """Each touch's part of its journey's sale, in whole minor units, by largest remainder.

    ``shares``: from ``credit_shares`` on ``journeys``. ``journeys``: ``journey``, ``touch_id``. ``sales``: ``journey``
    (once each), ``amount_minor`` (whole; below 0 for a refund, which splits as the same amount above 0 would).
    Returns whole numbers on the index of ``journeys`` that add up to each sale exactly; of equal remainders the lower
    ``touch_id`` gets the unit; a touch without a share gets none, a journey without a sale 0. Raises
    ``MissingColumns``, ``SharesOfOthers``, ``RepeatedSale``, ``AmountTooLarge``.

    >>> touches = pd.DataFrame({"journey": 7, "touch_id": [3, 1, 2]})
    >>> sales = pd.DataFrame({"journey": [7], "amount_minor": [100]})
    >>> split_minor(pd.Series([1 / 3, 1 / 3, 1 / 3]), touches, sales).tolist()
    [33, 34, 33]
    """
    require_columns(journeys, "split_minor", "journey", "touch_id")
    require_columns(sales, "split_minor", "journey", "amount_minor")
    if not shares.index.equals(journeys.index):
        raise SharesOfOthers("The shares stand on another index than the touches: take both from one frame.")
    sale = sale_of_touches(journeys, sales)
    share = shares.to_numpy(dtype=np.float64)
    credited = np.flatnonzero((sale >= 0) & (share > 0))
    minor = np.zeros(len(journeys), dtype=np.int64)
    minor[credited] = _largest_remainder(
        share[credited],
        sale[credited],
        sales["amount_minor"].to_numpy(dtype=np.int64),
        journeys["touch_id"].iloc[credited],
    )
    return pd.Series(minor, index=journeys.index, name="credit_minor")


def sale_of_touches(journeys: pd.DataFrame, sales: pd.DataFrame) -> npt.NDArray[np.intp]:
    """The row of ``sales`` that each touch's journey leads to, counted from 0; -1 without one. Column of both:
    ``journey``. Raises ``RepeatedSale``."""
    journey = pd.Index(sales["journey"])
    if not journey.is_unique:
        raise RepeatedSale(f"Journey {journey[journey.duplicated()][0]} has two sales: give each sale its own journey.")
    return np.asarray(journey.get_indexer(journeys["journey"]), dtype=np.intp)


def split_total(shares: pd.Series, total_minor: int) -> pd.Series:
    """``total_minor`` split by ``shares`` (0 or more, adding up to 1); of equal remainders the lower label gets it.

    >>> split_total(pd.Series({"B": 0.5, "A": 0.5}), 3).to_dict()
    {'B': 1, 'A': 2}
    """
    labels = shares.index.to_series(index=range(len(shares)), name="touch_id")
    touches = pd.DataFrame({"journey": 0, "touch_id": labels})
    sale = pd.DataFrame({"journey": [0], "amount_minor": [total_minor]})
    minor = split_minor(shares.reset_index(drop=True), touches, sale)
    return minor.set_axis(shares.index)


def _largest_remainder(
    share: npt.NDArray[np.float64], sale: npt.NDArray[np.intp], amounts: Integers, touch_id: pd.Series
) -> Integers:
    if (amounts > _LARGEST_MINOR).any() or (amounts < -_LARGEST_MINOR).any():
        raise AmountTooLarge(f"An amount is beyond {_LARGEST_MINOR} minor units.")
    size = np.abs(amounts)
    exact = share * size[sale]
    whole = np.floor(exact)
    parts = whole.astype(np.int64)
    left = size - _sums(sale, parts, len(amounts))
    heads = np.maximum(np.bincount(sale, minlength=len(amounts)), 1)
    parts += (left // heads)[sale]  # 0, but for amounts so large that a float has no room for their last digits
    units = left % heads
    parts += _ranks(exact - whole, sale, touch_id, units[sale] > 0) < units[sale]
    return np.where(amounts[sale] < 0, -parts, parts)


def _sums(group: npt.NDArray[np.intp], values: Integers, groups: int) -> Integers:
    sums = np.zeros(groups, dtype=np.int64)
    np.add.at(sums, group, values)
    return sums


def _ranks(
    remainder: npt.NDArray[np.float64], sale: npt.NDArray[np.intp], touch_id: pd.Series, wanted: npt.NDArray[np.bool_]
) -> Integers:
    """The place of each touch in its sale, from 0, by remainder (largest first) and ``touch_id``; where ``wanted``."""
    rows = np.flatnonzero(wanted)
    ids = touch_id.iloc[rows]
    if not ids.is_monotonic_increasing:
        rows = rows[np.argsort(pd.factorize(ids, sort=True)[0], kind="stable")]
    grains = np.rint((1 - remainder[rows]) * _GRAINS).astype(np.int64)
    rows = rows[_stable_order(sale[rows] * (2 * _GRAINS) + grains)]
    starts = np.flatnonzero(np.diff(sale[rows], prepend=-1))
    ranks = np.zeros(len(remainder), dtype=np.int64)
    ranks[rows] = np.arange(len(rows)) - np.repeat(starts, np.diff(starts, append=len(rows)))
    return ranks


def _stable_order(values: Integers) -> Integers:
    """The order of ``values`` (0 or more), equal ones as they come. Sorting values that carry their place takes a fifth
    of what ``np.argsort`` does, where both fit into 63 bits."""
    bits = len(values).bit_length()
    if len(values) and int(values.max()).bit_length() + bits > 63:
        return np.asarray(np.argsort(values, kind="stable"), dtype=np.int64)
    return np.sort((values << bits) | np.arange(len(values))) & ((1 << bits) - 1)
