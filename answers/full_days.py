"""Where the posts are, when a period has next to none: an old export came in, or one post is newer than the rest."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlmodel import Session

from answers.filters import DAY, Filters
from answers.scope import Scope, channel_ids
from data_access.queries.activity import read_activity

#: A silence of more days than this ends a stretch.
SILENT_DAYS = 7
#: A period is next to empty where a stretch has so many times its posts, in all and a day.
TIMES_FULLER = 20


@dataclass(frozen=True)
class FullDays:
    """The days [start, end) in which most was posted without a week of silence: how many ``posts``, and how many the
    period has that was looked at (``shown``)."""

    start: date
    end: date
    posts: int
    shown: int


def find_full_days(session: Session, filters: Filters, *, scope: Scope) -> FullDays | None:
    """The days to look at instead of a period that is next to empty; None where it is not, or nothing is fuller.

    Of inbound posts, in the channels of ``filters``."""
    channels = channel_ids(scope, filters)
    oldest, newest = scope.days_of(channels)
    if oldest is None or newest is None or (filters.start <= oldest and newest < filters.end):
        return None
    of_period = read_activity(
        session, start=filters.start, end=filters.end, channels=channels, by=(), counts=("posts",)
    )
    shown = int(of_period["posts"].sum())
    if shown * TIMES_FULLER > scope.posts:
        return None
    rows = read_activity(session, start=oldest, end=newest + DAY, channels=channels, counts=("posts",))
    if rows.empty:
        return None
    found = _longest_talk(rows["day"].to_numpy(dtype="datetime64[D]"), rows["posts"].to_numpy(), shown)
    is_fuller = found.posts >= TIMES_FULLER * max(shown, 1)
    is_denser = found.posts * filters.days >= TIMES_FULLER * shown * (found.end - found.start).days
    return found if is_fuller and is_denser else None


def _longest_talk(days: np.ndarray, posts: np.ndarray, shown: int) -> FullDays:
    """Of the stretches between silences the one with most posts, the newest of several."""
    begins = np.flatnonzero(np.diff(days, prepend=days[0]).astype("int64") > SILENT_DAYS)
    begins = np.concatenate([[0], begins])
    ends = np.concatenate([begins[1:], [len(days)]])
    sums = np.add.reduceat(posts, begins)
    best = len(sums) - 1 - int(np.argmax(sums[::-1]))
    return FullDays(days[begins[best]].item(), days[ends[best] - 1].item() + DAY, int(sums[best]), shown)
