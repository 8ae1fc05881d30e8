"""How people take part in what they see, and how long they wait for our answer.

Rates are ratios of sums: numerator and denominator over the same posts, those that report every count in them.
Posts of a network that never reports one of the counts are left out: unknown is not 0. A mean of single posts' rates
would let a post with three views outweigh one with a million.
"""

import math
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns
from metrics.ratios import ratio

MICROSECONDS = 1_000_000
#: A day and channel with more different response times than this keeps them to three digits.
MOST_EXACT = 256
_MOST = 2**32 - 1
Seconds = npt.NDArray[np.int64]
#: Response times: a row each, of the seconds and how many turns took them.
Times = npt.NDArray[np.int64]


def engagement_rate(engagements: float, audience: float) -> float:
    """Likes, comments and shares for each person reached, impression or follower; from 0, NaN without an audience.

    >>> engagement_rate(500, 10_000)
    0.05
    """
    return ratio(engagements, audience)


def _summed(activity: pd.DataFrame, metric: str, numerator: str, denominator: str) -> float:
    require_columns(activity, metric, numerator, denominator)
    return ratio(int(activity[numerator].sum()), int(activity[denominator].sum()))


def engagement_rate_by_views(activity: pd.DataFrame) -> float:
    """(likes + replies + shares) / views, over the posts that report all four.

    Columns: ``view_engagements``, ``views`` (counts). Returns 0 or more; NaN where no post reports them all. When it
    falls while views rise, more people see posts that fewer care for.

    >>> engagement_rate_by_views(pd.DataFrame({"view_engagements": [400, 100], "views": [9_000, 1_000]}))
    0.05
    """
    return _summed(activity, "engagement_rate_by_views", "view_engagements", "views")


def engagement_rate_by_reach(activity: pd.DataFrame) -> float:
    """(likes + replies + shares) / people reached, over the posts that report all four.

    Columns: ``reach_engagements``, ``reach`` (counts). Returns 0 or more; NaN where no post reports them all.
    """
    return _summed(activity, "engagement_rate_by_reach", "reach_engagements", "reach")


def audience_engagement(activity: pd.DataFrame) -> float:
    """(comments + shares) / views, over the posts that report all three: talk, without likes.

    Columns: ``view_conversations``, ``conversation_views`` (counts). Returns 0 or more; NaN where no post reports them
    all. Source: Altimeter Group and Web Analytics Demystified, *Social Marketing Analytics* (2010).
    """
    return _summed(activity, "audience_engagement", "view_conversations", "conversation_views")


def response_rate(closed: int, opened: int, pending: int = 0) -> float:
    """Turns answered / turns opened, leaving out ``pending`` ones: open, and younger than the target.

    Returns 0 to 1; NaN where no turn is due. Below 1, somebody was left without an answer.

    >>> response_rate(8, 12, pending=2)
    0.8
    """
    return ratio(closed, opened - pending)


@dataclass(frozen=True)
class ResponseTimes:
    """Seconds from the opening of a turn to its answer, over ``turns`` answered turns; NaN where there is none."""

    turns: int
    median: float
    mean: float
    p90: float


def response_times(seconds: Iterable[int]) -> ResponseTimes:
    """Median, mean and 90th percentile (linear interpolation) of response times in seconds.

    >>> response_times([60, 120, 180])
    ResponseTimes(turns=3, median=120.0, mean=120.0, p90=168.0)
    """
    return summarise_times(count_times(seconds))


def summarise_times(times: Times) -> ResponseTimes:
    """The same of counted times, which may stand in any order and more than once."""
    if len(times) == 0:
        return ResponseTimes(0, math.nan, math.nan, math.nan)
    # seconds and turns as one number: sorting these is five times as fast as sorting by the seconds
    ordered = np.sort((times[:, 0] << _TURN_BITS) | times[:, 1])
    seconds, turns = ordered >> _TURN_BITS, ordered & (2**_TURN_BITS - 1)
    up_to = np.cumsum(turns)
    total = int(up_to[-1])
    if total == 0:
        return ResponseTimes(0, math.nan, math.nan, math.nan)
    mean = float(np.dot(seconds, turns)) / total
    return ResponseTimes(total, _quantile(seconds, up_to, 0.5), mean, _quantile(seconds, up_to, 0.9))


_TURN_BITS = 31


def _quantile(seconds: Seconds, up_to: Seconds, share: float) -> float:
    """As ``np.quantile`` of each turn's seconds; ``up_to``: how many turns took so long or less."""
    place, part = divmod((int(up_to[-1]) - 1) * share, 1)
    below, above = seconds[np.searchsorted(up_to, [place, min(place + 1, up_to[-1] - 1)], side="right")].tolist()
    return float(below + (above - below) * part)


def count_times(seconds: Iterable[int]) -> Times:
    """How many turns took how long.

    >>> count_times([90, 60, 90]).tolist()
    [[60, 1], [90, 2]]
    """
    different, turns = np.unique(np.fromiter(seconds, dtype=np.int64), return_counts=True)
    return np.column_stack((different, turns)).astype(np.int64)


def pack_times(seconds: Iterable[int]) -> bytes:
    """Response times as pairs of little-endian 32-bit integers: the seconds, and how many turns took them.

    More than ``MOST_EXACT`` different ones are rounded to three digits, so that they take no more room the more turns
    there are. The order of turns stays, so that a median or percentile of rounded times is that of the exact ones,
    rounded: at most 0.5 % off. A turn of more than 136 years, whose question has a wrong date, counts as one of 136.

    >>> unpack_times([pack_times([90, 60, 90])]).tolist()
    [[60, 1], [90, 2]]
    """
    counted = Counter(seconds)  # most days have few turns, where arrays take ten times as long
    if len(counted) > MOST_EXACT:
        exact = np.fromiter(counted.elements(), dtype=np.int64)
        return count_times(np.minimum(_to_three_digits(exact), _MOST)).astype("<u4").tobytes()
    flat = [min(number, _MOST) for number in chain.from_iterable(sorted(counted.items()))]
    return struct.pack(f"<{len(flat)}I", *flat)


def _to_three_digits(seconds: Seconds) -> Seconds:
    """
    >>> _to_three_digits(np.array([0, 999, 1_004, 1_005, 123_456])).tolist()
    [0, 999, 1000, 1010, 123000]
    """
    unit = 10 ** np.maximum(np.floor(np.log10(np.maximum(seconds, 1))).astype(np.int64) - 2, 0)
    rounded: Seconds = (seconds + unit // 2) // unit * unit
    return rounded


def unpack_times(packed: Iterable[bytes]) -> Times:
    """The times of several ``pack_times`` below each other; one of several may stand there more than once.

    A pair that is cut off is left out: ``rapport doctor`` finds it.
    """
    return np.frombuffer(_join_whole(packed), dtype="<u4").reshape(-1, 2).astype(np.int64)


def unpack_seconds(packed: Iterable[bytes]) -> Seconds:
    """One array from several of little-endian 64-bit integers, as the rollup keeps them; one cut off is left out."""
    return np.frombuffer(_join_whole(packed), dtype="<i8").astype(np.int64)


def _join_whole(packed: Iterable[bytes]) -> bytes:
    return b"".join(part[: len(part) // 8 * 8] for part in packed)


def pack_seconds(seconds: Iterable[int]) -> bytes:
    """Whole numbers as sorted little-endian 64-bit integers.

    >>> unpack_seconds([pack_seconds([30, 10])]).tolist()
    [10, 30]
    """
    ordered = sorted(seconds)
    return struct.pack(f"<{len(ordered)}q", *ordered)


def reply_seconds(posts: pd.DataFrame) -> Seconds:
    """For each team post whose direct parent is a person's post: seconds between the two.

    Columns: ``post_id``, ``parent_id`` (may be missing), ``is_team``, ``occurred_at`` (microseconds since 1970 UTC).
    Unlike a turn it counts every reply, also the second half of one in two parts.
    """
    require_columns(posts, "reply_seconds", "post_id", "parent_id", "is_team", "occurred_at")
    asked = posts.loc[~posts["is_team"].astype(bool)].set_index("post_id")["occurred_at"]
    ours = posts.loc[posts["is_team"].astype(bool) & posts["parent_id"].isin(asked.index)]
    waited = ours["occurred_at"].to_numpy() - asked.loc[ours["parent_id"].astype("int64")].to_numpy()
    return np.asarray(waited // MICROSECONDS, dtype=np.int64)


def resolution_time(total: float, inquiries: int) -> float:
    """Mean time for each inquiry, in the unit of ``total``; NaN without inquiries. Source: Altimeter (2010).

    >>> resolution_time(6_000, 500)
    12.0
    """
    return ratio(total, inquiries)
