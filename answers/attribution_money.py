"""Credit in the workspace's currency, by the rates in Settings; what has no rate stands apart.

What names no amount has the currency "" (``NO_AMOUNT``): it counts as a sale and comes to nothing, in any currency.
"""

from datetime import date

import pandas as pd
from sqlmodel import Session

from answers.attribution_keys import UNREACHED
from answers.scope import Scope
from data_access.queries.credit import NUMBERS, read_credit_days, read_credit_sums
from data_access.queries.sales import NO_AMOUNT
from metrics.money import convert_minor

_MONEY = [name for name in NUMBERS if name != "sales"]


def read_credit_by_key(
    session: Session, scope: Scope, *, sale_kind: str, lookback_days: int, dimension: str, start: date, end: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Credit in the days [start, end): ``key``, ``NUMBERS`` in minor units of the workspace's currency and
    ``without_amount`` (how many of ``sales`` name no amount); and what cannot be converted: ``currency``, ``sales``,
    ``total_minor``."""
    period = {"sale_kind": sale_kind, "lookback_days": lookback_days, "start": start, "end": end}
    sums = read_credit_sums(session, dimension=dimension, **period)  # type: ignore[arg-type]
    own = sums["currency"].isin([scope.settings.currency, NO_AMOUNT])
    foreign = sorted(set(sums.loc[~own, "currency"]))
    if not foreign:
        return _by_key(_without_currency(sums)), sum_apart(sums[~own])
    days = read_credit_days(session, dimension=dimension, currencies=foreign, **period)  # type: ignore[arg-type]
    converted, left = convert_credit(days, scope)
    both = pd.concat([_without_currency(sums[own]), converted.drop(columns="day")], ignore_index=True)
    return _by_key(both), sum_apart(left)


def _by_key(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby("key", as_index=False).sum()


def _without_currency(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one currency and of none, with ``without_amount`` in its place."""
    counted = rows.assign(without_amount=rows["sales"].where(rows["currency"] == NO_AMOUNT, 0))
    return counted.drop(columns="currency")


def convert_credit(days: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows ``day``, ``key``, ``currency``, ``NUMBERS`` in the workspace's currency, each by the rate of its day, with
    ``without_amount``; and the rows that cannot be converted. Under every rule and in every dimension the keys of a day
    still add up to what was sold, and those of touches to what touches reach."""
    to, rates = scope.settings.currency, scope.settings.rates
    own = days["currency"].isin([to, NO_AMOUNT])
    if own.all():
        return _without_currency(days), days.iloc[:0]
    foreign = days[~own].assign(is_reached=days["key"] != UNREACHED)
    sold = _convert_totals(foreign, scope)
    is_known = pd.MultiIndex.from_frame(foreign[["day", "currency"]]).isin(sold.index.droplevel("is_reached"))
    known = foreign[is_known].reset_index(drop=True)
    parts = known.assign(**{name: _convert(known, name, rates, to) for name in _MONEY})
    for name in _MONEY[1:]:
        parts = _settle_rounding(parts, name, sold)
    both = pd.concat([days[own], parts.drop(columns="is_reached")], ignore_index=True)
    return _without_currency(both), foreign[~is_known].drop(columns="is_reached")


def _convert_totals(days: pd.DataFrame, scope: Scope) -> pd.Series:
    """What touches reach and what they do not, by ``day``, ``currency`` and ``is_reached``, for those with a rate. Both
    together are what was sold, converted whole: so neither hangs on how it is shared out."""
    reached = days["linear"].where(days["is_reached"], 0)
    amounts = days[["day", "currency"]].assign(all=days["linear"], left=days["linear"] - reached)
    sums = amounts.groupby(["day", "currency"], as_index=False)[["all", "left"]].sum()
    to, rates = scope.settings.currency, scope.settings.rates
    total, left = (convert_minor(sums.assign(amount_minor=sums[name]), rates, to)[0] for name in ("all", "left"))
    each = ((True, total - left), (False, left))
    parts = [sums[["day", "currency"]].assign(is_reached=flag, minor=minor) for flag, minor in each]
    known = pd.concat(parts, ignore_index=True).dropna(subset="minor")
    return known.set_index(["day", "currency", "is_reached"])["minor"].astype("int64")


def _convert(known: pd.DataFrame, name: str, rates: object, to: str) -> pd.Series:
    amounts = known[["currency", "day"]].assign(amount_minor=known[name])
    return convert_minor(amounts, rates, to)[0].astype("int64")  # type: ignore[arg-type]


def _settle_rounding(parts: pd.DataFrame, name: str, sold: pd.Series) -> pd.DataFrame:
    """Give what rounding lost or won of a day's total, of what touches reach and of the rest, to its largest part."""
    groups = [parts["day"], parts["currency"], parts["is_reached"]]
    held = parts[name].groupby(groups).sum()
    missing = sold.reindex(held.index) - held
    largest = parts[name].abs().groupby(groups).idxmax()
    amended = parts[name].copy()
    amended.loc[largest.to_numpy()] += missing.loc[largest.index].to_numpy()
    return parts.assign(**{name: amended})


def sum_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """What cannot be converted: ``currency``, ``sales``, ``total_minor``."""
    sums = rows.groupby("currency", as_index=False)[["sales", "linear"]].sum()
    return sums.rename(columns={"linear": "total_minor"}).astype({"sales": "int64", "total_minor": "int64"})


def read_sold_days(
    session: Session, scope: Scope, sale_kind: str, lookback_days: int, start: date, end: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was sold on each day of [start, end) that has sales, in minor units of the workspace's currency: ``day``,
    ``sales``, ``touched_minor``, ``touched_sales`` (that any touch reaches), ``total_minor``, ``without_amount`` (how
    many of ``sales`` name none), ``without_rate`` (of how many it cannot be converted); and which those are, counted
    and in no amount: ``day``, ``currency``."""
    period = {"sale_kind": sale_kind, "lookback_days": lookback_days, "start": start, "end": end}
    rows = read_credit_days(session, dimension="all", **period)  # type: ignore[arg-type]
    converted, left = convert_credit(rows, scope)
    nothing = left.drop(columns="currency").assign(linear=0, without_amount=0, without_rate=left["sales"])
    counted = pd.concat([converted.assign(without_rate=0), nothing], ignore_index=True)
    is_reached = counted["key"] != UNREACHED
    parts = pd.DataFrame(
        {
            "day": counted["day"],
            "sales": counted["sales"],
            "touched_sales": counted["sales"].where(is_reached, 0),
            "touched_minor": counted["linear"].where(is_reached, 0),
            "total_minor": counted["linear"],
            "without_amount": counted["without_amount"],
            "without_rate": counted["without_rate"],
        }
    )
    return parts.groupby("day", as_index=False).sum(), left[["day", "currency"]].drop_duplicates()
