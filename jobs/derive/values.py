"""What customers have bought, and what the current model expects of them."""

from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import delete
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived
from data_access.queries.models import CUSTOMER_VALUE, read_current_model
from data_access.queries.purchases import read_deals, read_orders
from data_access.upsert import chunks, table
from jobs.derive.rules import Rules
from metrics.customer_value import (
    PurchaseRate,
    Spending,
    expected_purchases,
    expected_value,
    probability_alive,
    summarise_purchases,
)
from metrics.purchases import standing_purchases
from metrics.segments import name_segments, rfm_quintiles

VALUE = table(derived.PersonValue)
WEEKS_AHEAD = 365 / 7
_KEYS = ["person_id", "currency"]
_AMOUNTS = ("orders", "revenue_minor", "deals_won", "deals_won_minor", "deals_open", "deals_open_minor")
_UNKNOWN = (
    *("first_order_at", "last_order_at", "recency_quintile", "frequency_quintile", "monetary_quintile"),
    *("segment", "probability_alive", "expected_orders", "expected_minor"),
)
# elementwise functions may differ in the last bit with the length of their input, and slices must equal a rebuild
_PLACES = 6

Row = dict[str, Any]


def derive_values(session: Session, rules: Rules, people: Collection[int]) -> None:
    """Derive the value of these people anew. A person who is not there any more has none."""
    for part in chunks(sorted(people)):
        session.connection().execute(delete(VALUE).where(among(VALUE.c.person_id, part)))
    orders, deals = read_orders(session, people), read_deals(session, people)
    rows = _list_bought(orders)
    for key, values in _list_deals(deals).items():
        rows.setdefault(key, _nothing(key)).update(values)
    model = read_current_model(session, CUSTOMER_VALUE)
    if model is not None and not orders.empty:
        for key, values in _list_expected(orders, model.parameters, rules.zone).items():
            rows[key].update(values)
    if rows:
        insert_rows(session, VALUE, [rows[key] for key in sorted(rows)])


def _nothing(key: tuple[int, str]) -> Row:
    return dict(zip(_KEYS, key, strict=True)) | dict.fromkeys(_AMOUNTS, 0) | dict.fromkeys(_UNKNOWN)


def _list_bought(orders: pd.DataFrame) -> dict[tuple[int, str], Row]:
    rows: dict[tuple[int, str], Row] = {}
    for key, revenue in orders.groupby(_KEYS)["amount_minor"].sum().items():
        rows[_key(key)] = _nothing(_key(key)) | {"revenue_minor": int(revenue)}
    bought = standing_purchases(orders).groupby(_KEYS)["occurred_at"].agg(["count", "min", "max"])
    for key, count, first, last in bought.itertuples():
        times = {"first_order_at": first.to_pydatetime(), "last_order_at": last.to_pydatetime()}
        rows[_key(key)].update({"orders": int(count)} | times)
    return rows


def _key(key: Any) -> tuple[int, str]:
    return int(key[0]), str(key[1])


def _list_deals(deals: pd.DataFrame) -> dict[tuple[int, str], Row]:
    """Won and open deals; those of no known currency under "". Lost ones are worth nothing."""
    rows: dict[tuple[int, str], Row] = {}
    known = deals.assign(currency=deals["currency"].fillna(""), amount_minor=deals["amount_minor"].fillna(0))
    for kind, group in (("won", known[known["is_won"].fillna(False)]), ("open", known[known["is_won"].isna()])):
        for key, count, amount in group.groupby(_KEYS)["amount_minor"].agg(["count", "sum"]).itertuples():
            values = {f"deals_{kind}": int(count), f"deals_{kind}_minor": int(amount)}
            rows.setdefault(_key(key), {}).update(values)
    return rows


def to_days(occurred_at: pd.Series, zone: ZoneInfo) -> pd.Series:
    """The local days of UTC times, as ordinals (``date.toordinal``)."""
    local = occurred_at.dt.tz_convert(zone).dt.tz_localize(None)
    return (local - pd.Timestamp(1970, 1, 1)).dt.days + pd.Timestamp(1970, 1, 1).toordinal()


def describe_customers(orders: pd.DataFrame, zone: ZoneInfo, as_of: int) -> pd.DataFrame:
    """The customers of one currency: the columns of ``metrics.customer_value.summarise_purchases`` and of
    ``metrics.segments.quintile_edges``. ``orders`` as ``read_orders``; ``as_of``: the ordinal of a day."""
    purchases = standing_purchases(orders)
    bought = pd.DataFrame(
        {
            "customer": purchases["person_id"],
            "day": to_days(purchases["occurred_at"], zone),
            "value": purchases["amount_minor"].astype("float64"),
        }
    )
    summary = summarise_purchases(bought, end_day=as_of)
    by_customer = bought.groupby("customer")
    return summary.assign(
        recency_days=(as_of - by_customer["day"].max()).to_numpy(),
        orders=by_customer.size().to_numpy(),
        revenue_minor=orders.groupby("person_id")["amount_minor"].sum().loc[summary["customer"]].to_numpy(),
    )


def _list_expected(orders: pd.DataFrame, parameters: Mapping[str, Any], zone: ZoneInfo) -> dict[tuple[int, str], Row]:
    rows: dict[tuple[int, str], Row] = {}
    for currency, group in orders.groupby("currency"):
        fit = parameters["currencies"].get(currency)
        if fit is None:
            continue
        customers = describe_customers(group, zone, parameters["as_of"])
        columns = _place(customers, fit) | _foresee(customers, fit)
        for position, person_id in enumerate(customers["customer"]):
            rows[(int(person_id), str(currency))] = {name: values[position] for name, values in columns.items()}
    return rows


def _place(customers: pd.DataFrame, fit: Mapping[str, Any]) -> dict[str, list[Any]]:
    if not fit["edges"] or customers.empty:
        return {}
    fifths = rfm_quintiles(customers, fit["edges"])
    columns = {f"{name}_quintile": fifths[name].tolist() for name in ("recency", "frequency", "monetary")}
    return columns | {"segment": name_segments(fifths).tolist()}


def _foresee(customers: pd.DataFrame, fit: Mapping[str, Any]) -> dict[str, list[Any]]:
    if not fit["rate"] or customers.empty:
        return {}
    rate = PurchaseRate(**fit["rate"])
    orders = np.round(expected_purchases(rate, customers, WEEKS_AHEAD), _PLACES)
    columns = {
        "probability_alive": np.round(probability_alive(rate, customers), _PLACES).tolist(),
        "expected_orders": orders.tolist(),
    }
    if fit["spending"]:
        amounts = np.round(orders * np.round(expected_value(Spending(**fit["spending"]), customers), 2))
        columns["expected_minor"] = [None if np.isnan(amount) else int(amount) for amount in amounts]
    return columns
