"""How long turns took and wait, by the day on which they opened."""

from datetime import UTC, date, timedelta
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlmodel import Session

from answers.scope import Scope
from data_access.models.columns import to_micros
from data_access.queries.turns import read_packed_times
from metrics.engagement import Times, unpack_seconds, unpack_times

_EPOCH = date(1970, 1, 1)


class DayTimes:
    """Response times of days, oldest first, unpacked once: the times of any days are a part of one array."""

    def __init__(self, packed: list[tuple[date, bytes]]) -> None:
        """``packed``: times by day, a day more than once where several channels have any."""
        self._times = unpack_times(held for _, held in packed)
        self._days = np.array([(day - _EPOCH).days for day, _ in packed], dtype="int64")
        ends = np.cumsum([len(held) for _, held in packed], dtype="int64") // _PAIR_BYTES
        self._ends: npt.NDArray[np.int64] = np.concatenate([[0], ends]).astype("int64")

    def cut(self, start: date, end: date) -> Times:
        """The times of the turns that opened in [start, end)."""
        first, last = self._ends[self._days.searchsorted([(start - _EPOCH).days, (end - _EPOCH).days])]
        return self._times[first:last]


_PAIR_BYTES = 8


def read_day_times(session: Session, name: str, start: date, end: date, channels: tuple[int, ...]) -> DayTimes:
    """``response_seconds`` or ``business_seconds`` of the turns that opened in [start, end)."""
    return DayTimes(read_packed_times(session, name, start=start, end=end, channels=channels))


def read_young_turns(session: Session, scope: Scope, channels: tuple[int, ...]) -> pd.DataFrame:
    """The turns that are open and, at the end of the data, younger than the response target: ``day``, ``turns``."""
    counts: dict[date, int] = {}
    if scope.last_moment is not None:
        since = scope.last_moment - timedelta(minutes=scope.settings.response_target_minutes)
        # a local day of any zone begins at most a day before that of UTC
        start, end = since.astimezone(UTC).date() - timedelta(days=1), scope.last_moment.date() + timedelta(days=2)
        rows = read_packed_times(session, "open_since", start=start, end=end, channels=channels)
        for day, group in groupby(rows, key=lambda row: row[0]):
            opened = unpack_seconds(held for _, held in group)
            counts[day] = int(np.count_nonzero(opened > to_micros(since)))
    days = np.array(list(counts), dtype="datetime64[D]").astype("datetime64[us]")
    return pd.DataFrame({"day": pd.Series(days), "turns": np.array(list(counts.values()), dtype="int64")})
