"""Days without data where data is usual: an export that was forgotten, a connection that broke."""

import numpy as np
import pandas as pd

from metrics.columns import require_columns

WEEKS = 8
LEAST_WEEKS = 4
USUAL_SHARE = 0.9
_COLUMNS = ["day", "posts", "is_usual", "is_gap"]


def find_gaps(days: pd.DataFrame, *, first_day: pd.Timestamp, last_day: pd.Timestamp) -> pd.DataFrame:
    """Every day of a source from ``first_day`` to ``last_day``: whether data is usual on it, and missing.

    ``days``: ``day`` (datetime64, local, one row a day that has any) and ``posts``. Returns ``day``, ``posts`` (int64,
    0 where there are none), ``is_usual`` and ``is_gap`` (bool). Data is usual on a day if at least 90 % of the same
    weekdays in the 8 weeks before it had any, of which at least 4 must be known; a usual day without data is a gap.
    Gaps say nothing of what is usual and are left out of those weekdays, so that a long gap is one up to its fifth
    week; from then on the source is one that has ended. Days before ``first_day`` are not known. A gap at the end means
    that the next file is due; one in between, that a file is missing.

    >>> mondays = pd.DataFrame({"day": pd.date_range("2026-01-05", periods=5, freq="7D"), "posts": 3})
    >>> found = find_gaps(mondays, first_day=pd.Timestamp("2026-01-05"), last_day=pd.Timestamp("2026-02-09"))
    >>> found.loc[found["is_gap"], "day"].dt.strftime("%a %d %b").tolist()
    ['Mon 09 Feb']
    """
    require_columns(days, "find_gaps", "day", "posts")
    every = pd.date_range(first_day, last_day, freq="D")
    posts = days.groupby("day")["posts"].sum().reindex(every, fill_value=0).to_numpy(dtype="int64")
    is_usual, is_gap = _walk(posts > 0)
    columns = (every.to_numpy().astype("datetime64[us]"), posts, is_usual, is_gap)
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))


def _walk(has_posts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each day in turn whether data is usual, and missing: the latter counts for the days after it."""
    posted = has_posts.tolist()  # single values of a list take a tenth of the time
    is_usual, is_gap = [False] * len(posted), [False] * len(posted)
    for place, has in enumerate(posted):
        before = range(place - 7, max(-1, place - 7 * WEEKS - 1), -7)
        known = [posted[day] for day in before if not is_gap[day]]
        is_usual[place] = len(known) >= LEAST_WEEKS and sum(known) >= USUAL_SHARE * len(known)
        is_gap[place] = is_usual[place] and not has
    return np.array(is_usual, dtype=bool), np.array(is_gap, dtype=bool)


def usual_weekdays(found: pd.DataFrame) -> list[int]:
    """The weekdays (Monday is 0) on which data is usual in the last week of ``find_gaps``: what to expect of the next.

    >>> mondays = pd.DataFrame({"day": pd.date_range("2026-01-05", periods=5, freq="7D"), "posts": 3})
    >>> usual_weekdays(
    ...     find_gaps(mondays, first_day=pd.Timestamp("2026-01-05"), last_day=pd.Timestamp("2026-02-09"))
    ... )
    [0]
    """
    last_week = found.tail(7)
    return sorted(last_week.loc[last_week["is_usual"], "day"].dt.day_of_week.unique().tolist())
