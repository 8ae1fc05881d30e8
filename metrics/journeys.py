"""How people come closer: the stages they reach, in which order, and how long they take from one to the next."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from metrics.columns import require_columns

PUBLIC, HUB, PRIVATE, CUSTOMER = "public", "hub", "private", "customer"
#: In the order in which they count where several are reached on one day.
STAGES = (PUBLIC, HUB, PRIVATE, CUSTOMER)


class Sign(NamedTuple):
    """A sign of a person: the local day, the place of the stage in ``STAGES``, the channel (0: none is known)."""

    day: date
    rank: int
    channel_id: int

    @classmethod
    def of(cls, day: date, stage: str, channel_id: int | None) -> "Sign":
        """A sign of ``stage``."""
        return cls(day, STAGES.index(stage), channel_id or 0)


def path_of(signs: Iterable[Sign]) -> dict[str, date]:
    """The first day of each stage that was reached, in the order in which they were.

    >>> day = date(2026, 3, 2)
    >>> list(path_of([Sign.of(day, "customer", 0), Sign.of(day, "hub", 7), Sign.of(date(2026, 3, 1), "private", 4)]))
    ['private', 'hub', 'customer']
    """
    first: dict[str, date] = {}
    for sign in sorted(signs):
        first.setdefault(STAGES[sign.rank], sign.day)
    return first


def steps_of(days: Mapping[str, date]) -> dict[str, int]:
    """Whole days of each step from one stage to the next, for stages in the order of the path.

    >>> steps_of({"public": date(2026, 3, 2), "private": date(2026, 3, 5), "customer": date(2026, 3, 5)})
    {'public>private': 3, 'private>customer': 0}
    """
    path = list(days.items())
    pairs = pairwise(path)
    return {f"{left}>{right}": (then - before).days for (left, before), (right, then) in pairs}


def lag_quantile(lags: pd.DataFrame, share: float) -> float:
    """The days within which ``share`` (0 to 1) of those who took a step took it: the smallest number of days for which
    that holds. Columns: ``days``, ``people``. NaN where nobody took it.

    >>> lag_quantile(pd.DataFrame({"days": [0, 5, 40], "people": [2, 1, 1]}), 0.75)
    5.0
    """
    require_columns(lags, "lag_quantile", "days", "people")
    days = lags["days"].to_numpy()
    order = np.argsort(days, kind="stable")
    running = lags["people"].to_numpy()[order].cumsum()
    if not len(running) or running[-1] == 0:
        return float("nan")
    return float(days[order][int(np.searchsorted(running, share * running[-1] - 1e-9))])
