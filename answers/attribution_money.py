"""Credit in the workspace's currency, by the rates in Settings; what has no rate stands apart."""

from datetime import date

import pandas as pd
from sqlmodel import Session

from answers.scope import Scope
from data_access.queries.credit import NUMBERS, read_credit_days, read_credit_sums
from metrics.money import convert_minor

_MONEY = [name for name in NUMBERS if name != "sales"]


def read_credit_by_key(
    session: Session, scope: Scope, *, sale_kind: str, lookback_days: int, dimension: str, start: date, end: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Credit in the days [start, end): ``key`` and ``NUMBERS`` in minor units of the workspace's currency; and what
    cannot be converted: ``currency``, ``sales``, ``total_minor``."""
    period = {"sale_kind": sale_kind, "lookback_days": lookback_days, "start": start, "end": end}
    sums = read_credit_sums(session, dimension=dimension, **period)  # type: ignore[arg-type]
    own = sums["currency"] == scope.settings.currency
    foreign = sorted(set(sums.loc[~own, "currency"]))
    if not foreign:
        return sums.drop(columns="currency"), sum_apart(sums[~own])
    days = read_credit_days(session, dimension=dimension, currencies=foreign, **period)  # type: ignore[arg-type]
    converted, left = convert_credit(days, scope)
    both = pd.concat([sums.loc[own].drop(columns="currency"), converted.drop(columns="day")], ignore_index=True)
    return both.groupby("key", as_index=False).sum(), sum_apart(left)


def convert_credit(days: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows ``day``, ``key``, ``currency``, ``NUMBERS`` in the workspace's currency, each by the rate of its day, so
    that under every rule the keys of a day still add up to what was sold; and the rows that cannot be converted."""
    to, rates = scope.settings.currency, scope.settings.rates
    if (days["currency"] == to).all():
        return days.drop(columns="currency"), days.iloc[:0]
    totals = days.groupby(["day", "currency"], as_index=False)["linear"].sum()
    total, _ = convert_minor(totals.rename(columns={"linear": "amount_minor"}), rates, to)
    is_known = total.notna()
    known = days.merge(totals.loc[is_known, ["day", "currency"]], on=["day", "currency"]).reset_index(drop=True)
    sold = totals.assign(total=total)[is_known].set_index(["day", "currency"])["total"].astype("int64")
    money = {name: _convert(known, name, rates, to) for name in _MONEY}
    parts = known.assign(**money)
    for name in _MONEY[1:]:
        parts = _settle_rounding(parts, name, sold)
    left = days.merge(totals.loc[~is_known, ["day", "currency"]], on=["day", "currency"])
    return parts.drop(columns="currency"), left


def _convert(known: pd.DataFrame, name: str, rates: object, to: str) -> pd.Series:
    amounts = known[["currency", "day"]].assign(amount_minor=known[name])
    return convert_minor(amounts, rates, to)[0].astype("int64")  # type: ignore[arg-type]


def _settle_rounding(parts: pd.DataFrame, name: str, sold: pd.Series) -> pd.DataFrame:
    """Give what rounding lost or won of a day's total to its largest part."""
    groups = [parts["day"], parts["currency"]]
    missing = sold - parts[name].groupby(groups).sum()
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
    ``sales``, ``touched_minor``, ``touched_sales`` (that any touch reaches), ``total_minor``; and what cannot be
    converted: ``day``, ``currency``."""
    period = {"sale_kind": sale_kind, "lookback_days": lookback_days, "start": start, "end": end}
    rows = read_credit_days(session, dimension="all", **period)  # type: ignore[arg-type]
    converted, left = convert_credit(rows, scope)
    is_reached = converted["key"] != ""
    parts = pd.DataFrame(
        {
            "day": converted["day"],
            "sales": converted["sales"],
            "touched_sales": converted["sales"].where(is_reached, 0),
            "touched_minor": converted["linear"].where(is_reached, 0),
            "total_minor": converted["linear"],
        }
    )
    return parts.groupby("day", as_index=False).sum(), left[["day", "currency"]].drop_duplicates()
