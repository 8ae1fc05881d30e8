"""An organisation's deals and orders in the workspace's currency, by the rates in Settings."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pandas as pd

from answers.scope import Scope
from metrics.money import convert_minor

WON, LOST, OPEN = "won", "lost", "open"
_APART = {"currency": "object", "amount_minor": "int64", "rows": "int64"}
_NOTHING_APART = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _APART.items()})


def with_outcome(deals: pd.DataFrame) -> pd.DataFrame:
    """``deals`` with ``outcome`` (won, lost or open) for ``is_won``."""
    outcome = deals["is_won"].map({True: WON, False: LOST}).astype(object)
    return deals.assign(outcome=outcome.where(deals["is_won"].notna(), OPEN)).drop(columns="is_won")


def convert(rows: pd.DataFrame, moments: pd.Series, scope: Scope) -> tuple[pd.Series, pd.DataFrame]:
    """Amounts (``amount_minor``, ``currency``) in minor units of the workspace's currency, each by the rate of the
    local day of its moment (of the last day with data where it has none): Int64, missing where no amount or no rate is
    known; and what has an amount but no rate: ``currency``, ``amount_minor`` (sum), ``rows``."""
    known = rows["amount_minor"].notna()
    if (rows.loc[known, "currency"] == scope.settings.currency).all():  # then no rate and no day is asked for
        return rows["amount_minor"].astype("Int64"), _NOTHING_APART.copy()
    local = pd.to_datetime(moments, utc=True).dt.tz_convert(ZoneInfo(scope.time_zone)).dt.tz_localize(None)
    days = local.dt.normalize().fillna(pd.Timestamp(scope.last_days(1).start))
    amounts = pd.DataFrame(
        {
            "amount_minor": rows["amount_minor"].astype("Int64"),
            "currency": rows["currency"].fillna(""),
            "day": days,
        },
        index=rows.index,
    )[known]
    converted, apart = convert_minor(amounts, scope.settings.rates, scope.settings.currency)
    return converted.reindex(rows.index).astype("Int64"), apart


def add_apart(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What cannot be converted, of several kinds: ``what``, ``currency``, ``amount_minor``, ``rows``."""
    named = [part.assign(what=what) for what, part in parts.items() if not part.empty]
    columns = ["what", *_APART]
    return pd.concat(named, ignore_index=True)[columns] if named else pd.DataFrame(columns=columns)
