"""What ``rapport metric attributed_revenue --by ...`` prints: credit by key, in whole units of the currency."""

from decimal import Decimal
from typing import Any

import pandas as pd
from sqlmodel import Session

from answers.attribution import DEAL, ORDER, Credit, read_credit, read_pipeline
from answers.filters import Filters
from answers.scope import Scope
from metrics.attribution import RULES
from metrics.money import minor_digits

#: The metrics that can be told by key, and by what.
CREDIT_METRICS = ("attributed_revenue", "open_pipeline")
CREDIT_BY = {
    "channel": "channel",
    "network": "network",
    "layer": "layer",
    "campaign": "campaign",
    "member": "member",
    "influencer": "host",
}
SALES = {"orders": ORDER, "deals": DEAL}


def read_credit_rows(
    session: Session,
    scope: Scope | None,
    filters: Filters,
    *,
    name: str,
    rule: str,
    by: str,
    lookback_days: int,
    sale_kind: str | None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The answer in a line, and a row a key. Raises ``ValueError`` for another rule or lookback."""
    asked: dict[str, Any] = {"rule": rule, "by": CREDIT_BY[by], "lookback_days": lookback_days, "scope": scope}
    if name == "open_pipeline":
        credit = read_pipeline(session, **asked)
    else:
        credit = read_credit(session, filters, sale_kind=sale_kind, **asked)
    line = {
        "metric": name,
        "from": credit.filters.start.isoformat(),
        "to": credit.filters.last_day.isoformat(),
        "rule": rule,
        "by": by,
        "lookback_days": lookback_days,
        "sales": next((word for word, kind in SALES.items() if kind == credit.sale_kind), "open deals"),
        "currency": credit.currency,
        "value": _units(credit, credit.touched_minor),
        "no_touch": _units(credit, credit.unreached_minor),
        "total": _units(credit, credit.total_minor),
        "coverage": " ".join(word for word in (credit.coverage, credit.note, _left_out(credit)) if word),
    }
    return line, [_row(credit, row) for row in credit.rows.to_dict("records")]


def _row(credit: Credit, row: dict[Any, Any]) -> dict[str, Any]:
    rules = {rule: _units(credit, row[rule]) for rule in RULES}
    share = None if row["share"] != row["share"] else round(row["share"], 6)
    named = {"key": row["key"], "label": row["label"], "credit": _units(credit, row["credit_minor"]), "share": share}
    return named | {"sales": row["sales"], **rules}


def _units(credit: Credit, minor: int | None) -> float | None:
    if minor is None or minor is pd.NA:
        return None
    return float(Decimal(int(minor)).scaleb(-minor_digits(credit.currency)))


def _left_out(credit: Credit) -> str:
    words = []
    if len(credit.unconverted):
        currencies = ", ".join(credit.unconverted["currency"])
        words.append(f"Without sales in {currencies}, for which Settings has no rate.")
    if credit.without_amount:
        words.append(f"Of the sales, {credit.without_amount:,} name no amount.")
    if len(credit.undated):
        words.append(f"Without {int(credit.undated['sales'].sum()):,} won on a day that nothing tells.")
    return " ".join(words)
