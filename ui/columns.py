"""How numbers stand in the columns of a table: one way for each kind of number, as ``ui.numbers`` writes them in words.

The browser writes them, so that a column is still put in order by its numbers.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from metrics.money import minor_digits
from metrics.signs import with_minus
from ui.numbers import signed, signed_percent

SHARE_FORMAT = "%.1f %%"
POINTS_FORMAT = "%.0f"
_CHANGES = {"%+.0f": 0, "%+.1f": 1, "%+.1f pts": 1}
_DECIMALS = {POINTS_FORMAT: 0} | {f"%,.{digits}f": digits for digits in range(5)}
#: In longer tables the browser writes what is below nothing, with a hyphen: words of our own take .2 ms a row.
MOST_ROWS_WITH_MINUS = 100
GROWTH_FORMAT = "%+.0f %%"


def count_column(label: str, **options: Any) -> Any:
    """Counts, their thousands apart: 1,234."""
    return st.column_config.NumberColumn(label, format="localized", **options)


def decimal_column(label: str, digits: int = 1, **options: Any) -> Any:
    """Numbers that are no counts, all with as many digits: 1,234.5."""
    return st.column_config.NumberColumn(label, format=f"%,.{digits}f", **options)


def money_column(label: str, currency: str, **options: Any) -> Any:
    """Amounts in whole units of a currency, with the digits of its smallest: 1,234.50."""
    return decimal_column(label, minor_digits(currency), **options)


def share_column(label: str, **options: Any) -> Any:
    """Shares of one as percentages: 5.1 %. The table passes through ``written``."""
    return st.column_config.NumberColumn(label, format=SHARE_FORMAT, **options)


def share_bar_column(label: str, **options: Any) -> Any:
    """Shares of one as bars with percentages. The table passes through ``written``."""
    return st.column_config.ProgressColumn(label, format=SHARE_FORMAT, min_value=0, max_value=100, **options)


def points_column(label: str = "Net sentiment", **options: Any) -> Any:
    """Points of a scale that goes below nothing: 30, 0, −12. The table passes through ``written``."""
    return st.column_config.NumberColumn(label, format=POINTS_FORMAT, **options)


def change_column(label: str, digits: int = 0, unit: str = "", **options: Any) -> Any:
    """Changes with their signs: +30, 0, −12. The table passes through ``written``."""
    form = f"%+.{digits}f{' ' + unit if unit else ''}"
    if form not in _CHANGES:
        raise ValueError(f"changes are written as one of {', '.join(_CHANGES)}, not {form}")
    return st.column_config.NumberColumn(label, format=form, **options)


def growth_column(label: str, **options: Any) -> Any:
    """Changes in shares of what was before, with their signs: +30 %, 0 %, −12 %. The table passes through
    ``written``."""
    return st.column_config.NumberColumn(label, format=GROWTH_FORMAT, **options)


def written(frame: pd.DataFrame, columns: Mapping[str, Any] | None) -> tuple[Any, dict[str, Any]]:
    """What ``st.dataframe`` takes of a table: shares of one in hundredths; whole numbers that are but named as counts;
    changes, and what is below nothing in a short table, in words of their own, since the browser would give nothing a
    sign and numbers a hyphen. The input stays as it is."""
    shown, config = frame, dict(columns or {})
    changes = {}
    for name, column in config.items():
        form = column.get("type_config", {}).get("format") if isinstance(column, dict) else None
        if name not in shown:
            continue
        if isinstance(column, str) and pd.api.types.is_integer_dtype(shown[name]):
            config[name] = count_column(column)
        if form == SHARE_FORMAT:
            shown = shown.assign(**{name: _rounded(shown[name].astype("Float64") * 100, 1)})
        elif form == POINTS_FORMAT:
            shown = shown.assign(**{name: _rounded(shown[name].astype("Float64"), 0)})
        if form in _CHANGES or form == GROWTH_FORMAT or (form in _DECIMALS and _needs_minus(shown[name])):
            changes[name] = form
            config[name] = {**column, "type_config": {**column["type_config"], "format": None}}
    if not changes:
        return shown, config
    writers = {name: _writer(form) for name, form in changes.items()}
    return shown.reset_index(drop=True).style.format(writers, na_rep=""), config


def _needs_minus(values: pd.Series) -> bool:
    is_short = len(values) <= MOST_ROWS_WITH_MINUS
    return is_short and pd.api.types.is_numeric_dtype(values) and bool((values < 0).any())


def _rounded(values: pd.Series, digits: int) -> pd.Series:
    """As they are shown; what rounds to nothing has no sign."""
    return values.round(digits) + 0.0


def _writer(form: str) -> Any:
    if form == GROWTH_FORMAT:
        return lambda value: signed_percent(value, 0)
    if form in _DECIMALS:
        return lambda value: with_minus(f"{value:,.{_DECIMALS[form]}f}")
    digits, unit = _CHANGES[form], form.partition(" ")[2]
    return lambda value: signed(value, digits) + (f" {unit}" if unit else "")
