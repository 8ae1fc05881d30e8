"""A metric's days inside the band that is usual for their weekday."""

import math
from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers.catalogue import COUNT, MONEY, POINTS, SECONDS, SHARE, MetricAnswer, compute_metrics
from answers.filters import Filters
from answers.scope import Scope
from answers.slices import Rollups
from metrics.baseline import LEAST_DIFFERENCE, WEEKS, seasonal_band

HISTORY = timedelta(weeks=WEEKS)
#: A ratio over fewer than this says little of its day: such days neither make a band nor leave it.
LEAST_DENOMINATOR = 10
#: For what is no count: the smallest deviation, and the smallest distance worth a word.
SPREADS = {SHARE: (0.03, 0.05), POINTS: (5.0, 10.0), SECONDS: (60.0, 600.0)}
#: The same of money, in shares of the median day: how much is much depends on the business.
MONEY_SPREAD = (0.1, 0.25)


def band_of(answer: MetricAnswer) -> pd.DataFrame:
    """The daily series of ``answer`` with its band: ``day``, ``value``, ``expected``, ``low``, ``high`` (float64),
    ``is_unusual``. Values of days with too small a denominator are left out of the band but shown."""
    series = answer.series.sort_values("period", kind="stable")
    shown = series["value"].to_numpy(dtype="float64")
    is_thin = series["denominator"].to_numpy(dtype="float64") < LEAST_DENOMINATOR
    used = pd.DataFrame({"day": series["period"].to_numpy(), "value": np.where(is_thin, math.nan, shown)})
    if answer.metric.unit == COUNT:
        band = seasonal_band(used)
    else:
        spread, difference = _spread(answer.metric.unit, used["value"])
        band = seasonal_band(used, is_count=False, least_spread=spread, least_difference=difference)
    return band.assign(value=shown)


def _spread(unit: str, values: pd.Series) -> tuple[float, float]:
    if unit != MONEY:
        return SPREADS[unit]
    typical = abs(float(values.median())) if values.notna().any() else 0.0
    return MONEY_SPREAD[0] * typical, MONEY_SPREAD[1] * typical


def read_bands(
    session: Session, names: Iterable[str], filters: Filters, *, scope: Scope, rollups: Rollups | None = None
) -> dict[str, pd.DataFrame]:
    """For each metric, the days of the period with what the 8 weeks before make us expect, as ``band_of``.

    Days after the end of the data are left out. ``rollups``: of these days and the 8 weeks before, or longer.
    """
    longer = filters.between(filters.start - HISTORY, filters.end)
    answers = compute_metrics(session, names, longer, by="day", scope=scope, compare=False, rollups=rollups)
    return {name: _cut(band_of(answer), filters, scope) for name, answer in answers.items()}


def _cut(band: pd.DataFrame, filters: Filters, scope: Scope) -> pd.DataFrame:
    days = band["day"].to_numpy()
    is_inside = days >= np.datetime64(filters.start)
    if scope.last_day is not None:
        is_inside &= days <= np.datetime64(scope.last_day)
    return band[is_inside].reset_index(drop=True)


def until_hour(band: pd.DataFrame, share: float) -> pd.DataFrame:
    """A band of counts whose last day is unfinished: of that day only what is usual by now, when ``share`` (0 to 1) of
    a usual day's posts are in. The spread shrinks with the root of the share, as that of counts does."""
    if band.empty or not 0 < share < 1:
        return band
    last = band.index[-1]
    value, expected, high = band.loc[last, ["value", "expected", "high"]].astype("float64")
    reach = (high - expected) * math.sqrt(share)
    if math.isnan(expected):
        return band
    usual = expected * share
    is_outside = abs(value - usual) > reach and abs(value - usual) >= LEAST_DIFFERENCE
    changed = band.copy()
    changed.loc[last, ["expected", "low", "high"]] = [usual, max(0.0, usual - reach), usual + reach]
    changed.loc[last, "is_unusual"] = bool(is_outside)
    return changed
