"""How many of the people come often, and how much of the talk comes from how few."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns
from metrics.ratios import ratio

#: The groups of the "90-9-1" rule of thumb, as shares of the people, most active first.
GROUPS = (("top 1 %", 0.01), ("next 9 %", 0.09), ("other 90 %", 0.90))


def pack_counts(counts: Iterable[int]) -> bytes:
    """Whole numbers as little-endian 32-bit integers, in their order.

    >>> unpack_counts(pack_counts([3, 1])).tolist()
    [3, 1]
    """
    return np.fromiter(counts, dtype="<i4").tobytes()


def unpack_counts(packed: bytes) -> npt.NDArray[np.int32]:
    """The numbers of ``pack_counts``."""
    return np.frombuffer(packed, dtype="<i4")


def stickiness(daily_people: pd.Series, window_people: int) -> float:
    """People active on a day, mean over the window's days, of all people active in the window.

    ``daily_people``: a count for each day of the window, 0 where nobody came. Returns 0 to 1; NaN where nobody came at
    all. 0.1 means: on a given day one in ten of the window's people is there.

    >>> stickiness(pd.Series([2, 0, 4]), 4)
    0.5
    """
    if len(daily_people) == 0:
        return float("nan")
    return ratio(float(daily_people.mean()), window_people)


def participation_split(histogram: pd.DataFrame) -> pd.DataFrame:
    """What share of the posts comes from the most active 1 %, the next 9 % and the other 90 % of those who post.

    Columns: ``posts`` (how many someone wrote), ``people`` (how many wrote that many). Returns ``group``, ``people``,
    ``posts``, ``share`` (of the posts, 0 to 1, adding up to 1), empty where nobody posted. Each group has at least one
    person while people last. This is the observed split: if the first share is high, the talk hangs on a few people.
    """
    require_columns(histogram, "participation_split", "posts", "people")
    ordered = histogram[histogram["people"] > 0].sort_values("posts", ascending=False)
    per_person: npt.NDArray[np.int64] = np.repeat(ordered["posts"].astype("int64"), ordered["people"].astype("int64"))
    total = len(per_person)
    columns = ["group", "people", "posts", "share"]
    if total == 0:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in zip(columns, _DTYPES, strict=True)})
    first = max(1, round(total * GROUPS[0][1]))
    second = max(first + 1, round(total * (GROUPS[0][1] + GROUPS[1][1])))
    edges = [0, first, min(second, total), total]
    rows = []
    for (name, _), start, end in zip(GROUPS, edges, edges[1:], strict=False):
        posts = int(per_person[start:end].sum())
        rows.append((name, end - start, posts, ratio(posts, int(per_person.sum()))))
    return pd.DataFrame(rows, columns=columns)


_DTYPES = ("object", "int64", "int64", "float64")
