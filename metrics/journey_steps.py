"""How journeys step from one key to the next, counted: what the Markov rule needs.

Steps are told by the places of touches, not by rows of text, so that every dimension and lookback is a matter of whole
numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.attribution_markov import CONVERSION, NULL, START
from metrics.touch_journeys import ChainFlags

Integers = npt.NDArray[np.int64]
#: A slice, a day, and the steps of its journeys.
Counted = tuple[int, int, dict[str, dict[str, int]]]


@dataclass(frozen=True)
class Steps:
    """Steps to touches, one at each place in these arrays: ``touch`` and ``previous`` (the rows, in some frame, of the
    touch stepped to and of the one before, -1 at the start), ``is_last`` (of its journey), ``day`` and ``slice`` (whole
    numbers of 0 or more to count apart by). ``sink``: what comes after the last touch."""

    touch: Integers
    previous: Integers
    is_last: npt.NDArray[np.bool_]
    day: Integers
    slice: Integers
    sink: str


def conversion_steps(journey: Integers, *, day: Integers, slice_: Integers, touch: Integers) -> Steps:
    """The steps of journeys that end in a sale: an array each for journeys' touches, by journey and time, with the day
    of the sale and the row of the touch."""
    starts = np.ones(len(journey), dtype=bool)
    starts[1:] = journey[1:] != journey[:-1]
    previous = np.where(starts, -1, np.roll(touch, 1))
    return Steps(touch, previous, np.roll(starts, -1), day, slice_, CONVERSION)


def null_steps(flags: Sequence[ChainFlags], *, day: Integers, shown: Sequence[npt.NDArray[np.bool_]]) -> Steps:
    """The steps of journeys that end in no sale, at the day of the touch stepped to. ``flags``: of one frame of
    touches, an entry a slice; ``shown``: whose steps count there. ``day``: of each touch."""
    touches = [np.flatnonzero(flag.is_null & wanted) for flag, wanted in zip(flags, shown, strict=True)]
    touch = _joined(touches)
    follows = _joined([flag.follows[rows] for flag, rows in zip(flags, touches, strict=True)])
    ends = _joined([flag.ends[rows] for flag, rows in zip(flags, touches, strict=True)])
    slices = np.repeat(np.arange(len(touches)), [len(rows) for rows in touches])
    return Steps(touch, np.where(follows, touch - 1, -1), ends.astype(bool), day[touch], slices, NULL)


def _joined(parts: Sequence[npt.NDArray[np.generic]]) -> Integers:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def count_steps(parts: Sequence[tuple[Steps, pd.Series]]) -> list[Counted]:
    """How many journeys step from key to key, by slice and day: ``{from: {to: journeys}}``, in the order of their text.
    ``parts``: steps with the keys of the touches that they name."""
    codes, names = _numbered([keys for _, keys in parts])
    start = names.index(START)
    cells = []
    for (steps, _), code in zip(parts, codes, strict=True):
        key = code[steps.touch]
        before = np.where(steps.previous >= 0, code[steps.previous], start) if len(code) else key
        last = steps.is_last
        sink = np.full(int(last.sum()), names.index(steps.sink))
        cells.append(np.array([steps.slice, steps.day, before, key]))
        cells.append(np.array([steps.slice[last], steps.day[last], key[last], sink]))
    return _nested(np.concatenate(cells, axis=1), names)


def _numbered(keys: Sequence[pd.Series]) -> tuple[list[Integers], list[str]]:
    """Keys as places in the list of all of them in the order of their text."""
    found = [pd.factorize(part.to_numpy(dtype="object")) for part in keys]
    names = sorted({START, NULL, CONVERSION}.union(*(unique.tolist() for _, unique in found)))
    place = {name: number for number, name in enumerate(names)}
    codes = [np.array([place[name] for name in unique], dtype=np.int64)[code] for code, unique in found]
    return codes, names


def _nested(cells: Integers, names: list[str]) -> list[Counted]:
    if not cells.shape[1]:
        return []
    sizes = tuple((cells.max(axis=1) + 1).tolist())
    used, journeys = np.unique(np.ravel_multi_index(tuple(cells), sizes), return_counts=True)
    slices, days, before, after = np.unravel_index(used, sizes)
    is_new_row = np.diff(slices, prepend=-1).astype(bool) | np.diff(days, prepend=-1).astype(bool)
    starts = np.flatnonzero(is_new_row | np.diff(before, prepend=-1).astype(bool))
    ends = [names[place] for place in after.tolist()]
    counts = journeys.tolist()
    rows: list[Counted] = []
    for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(used)], strict=True):
        if is_new_row[first]:
            rows.append((int(slices[first]), int(days[first]), {}))
        rows[-1][2][names[before[first]]] = dict(zip(ends[first:last], counts[first:last], strict=True))
    return rows
