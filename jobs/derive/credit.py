"""What each credit rule gives, by day: ``CreditDay`` and ``TransitionDay``."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import delete
from sqlmodel import Session

from answers.attribution_keys import UNREACHED, read_journeys
from data_access.bulk import insert_rows
from data_access.models import derived
from data_access.models.columns import to_micros
from data_access.queries.sales import DEAL, SOLD, list_sales_of, list_sales_on
from data_access.queries.touches import list_touches_around
from data_access.upsert import table
from jobs.derive.rules import Rules
from jobs.derive.touches import list_at_risk, list_purchases
from metrics.attribution import JOURNEY_RULES, credit_shares
from metrics.attribution_split import split_minor
from metrics.touch_journeys import (
    DAY_MICROS,
    DIMENSIONS,
    LONGEST_LOOKBACK,
    LOOKBACKS,
    chain_flags,
    conversion_steps,
    null_steps,
    with_keys,
)

CREDIT_DAY = table(derived.CreditDay)
TRANSITION_DAY = table(derived.TransitionDay)

#: The dimension that asks only whether any touch reaches a sale, and its one key.
ALL, ANY = "all", "(any)"
_REACH = LONGEST_LOOKBACK * DAY_MICROS
_BY_SALE = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "w_shaped")


def derive_credit_days(session: Session, rules: Rules, days: Collection[date]) -> None:
    """Compute the credit of these days anew, from sales and touches."""
    wanted = sorted(days)
    for target in (CREDIT_DAY, TRANSITION_DAY):
        session.connection().execute(
            delete(target).where(
                target.c.sale_kind.in_(SOLD),
                target.c.lookback_days.in_(LOOKBACKS),
                target.c.dimension.in_((ALL, *DIMENSIONS)),
                target.c.day.in_(wanted),
            )
        )
    sales, journeys = read_journeys(session, list_sales_on(session, wanted))
    sold, stacked = stack_lookbacks(sales, journeys)
    rows = list_credit_rows(sold, stacked)
    if rows:
        insert_rows(session, CREDIT_DAY, rows)
    steps = _step_rows(pd.concat([*_conversions(sold, stacked), *_nulls(session, wanted)], ignore_index=True))
    if steps:
        insert_rows(session, TRANSITION_DAY, steps)


def stack_lookbacks(sales: pd.DataFrame, journeys: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sales and journeys once for each lookback, numbered apart: all at once takes a tenth of one after the other."""
    count = len(sales)
    near = [journeys[journeys["days_before"] <= lookback] for lookback in LOOKBACKS]
    stacked = [frame.assign(journey=frame["journey"] + place * count) for place, frame in enumerate(near)]
    sold = [sales.assign(sale=sales["sale"] + i * count, lookback_days=days) for i, days in enumerate(LOOKBACKS)]
    return pd.concat(sold, ignore_index=True), pd.concat(stacked, ignore_index=True)


def list_credit_rows(sales: pd.DataFrame, journeys: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of ``CreditDay`` for sales and the journeys before them, both as ``stack_lookbacks`` gives them."""
    credited = journeys.assign(**{rule: _split(sales, journeys.assign(key=0), rule) for rule in _BY_SALE})
    keyed = _stack_dimensions(credited)
    sold = _each_dimension(sales)
    keyed = keyed.assign(shapley=_split(sold, keyed, "shapley"))
    rows = pd.concat([_reached(sold, keyed), _unreached(sold, keyed)], ignore_index=True)
    rows = rows.assign(day=rows["day"].dt.date).astype(dict.fromkeys(_NUMBERS, "int64"))
    columns = {name: rows[name].tolist() for name in (*_BY, *_NUMBERS)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _split(sales: pd.DataFrame, journeys: pd.DataFrame, rule: str) -> pd.Series:
    amounts = pd.DataFrame({"journey": sales["sale"], "amount_minor": sales["amount_minor"]})
    return split_minor(credit_shares(journeys, rule), journeys, amounts)


_EVERY = (ALL, *DIMENSIONS)
_BY = ["sale_kind", "lookback_days", "dimension", "day", "key", "currency"]
_NUMBERS = ("sales", "touched_minor", *JOURNEY_RULES)


def _stack_dimensions(credited: pd.DataFrame) -> pd.DataFrame:
    """Each touch once for each dimension, journeys numbered apart as ``_each_dimension`` numbers sales."""
    journey = credited["journey"].to_numpy()
    keys = [credited[dimension] if dimension in DIMENSIONS else pd.Series(ANY, credited.index) for dimension in _EVERY]
    count = len(_EVERY)
    columns = {name: np.tile(credited[name].to_numpy(), count) for name in ("touch_id", "days_before", *_BY_SALE)}
    numbers = {"journey": np.concatenate([journey * count + place for place in range(count)])}
    return pd.DataFrame(numbers | columns | {"key": pd.concat(keys, ignore_index=True)})


def _each_dimension(sales: pd.DataFrame) -> pd.DataFrame:
    count = len(_EVERY)
    parts = [sales.assign(sale=sales["sale"] * count + i, dimension=name) for i, name in enumerate(_EVERY)]
    return pd.concat(parts, ignore_index=True)


def _reached(sales: pd.DataFrame, keyed: pd.DataFrame) -> pd.DataFrame:
    """One row a key: what the rules give, and the sales that the key is in."""
    facts = sales.set_index("sale")[[*(name for name in _BY if name != "key"), "amount_minor", "is_refund"]]
    placed = keyed.join(facts, on="journey")
    is_again = placed.duplicated(["journey", "key"])
    placed = placed.assign(
        sales=~(is_again | placed["is_refund"].astype(bool)),
        touched_minor=placed["amount_minor"].where(~is_again, 0),
    )
    return placed.groupby(_BY)[list(_NUMBERS)].sum().reset_index()


def _unreached(sales: pd.DataFrame, keyed: pd.DataFrame) -> pd.DataFrame:
    left = sales[~sales["sale"].isin(keyed["journey"])]
    counted = left.assign(key=UNREACHED, sales=~left["is_refund"], touched_minor=left["amount_minor"])
    sums = counted.groupby(_BY)[["sales", "touched_minor"]].sum().reset_index()
    return sums.assign(**dict.fromkeys(JOURNEY_RULES, sums["touched_minor"]))


def _conversions(sales: pd.DataFrame, journeys: pd.DataFrame) -> Iterable[pd.DataFrame]:
    facts = sales.set_index("sale")[["sale_kind", "lookback_days", "day", "is_refund"]]
    placed = journeys.drop(columns="day").join(facts.rename(columns={"day": "sale_day"}), on="journey")
    placed = placed[~placed["is_refund"].astype(bool)]
    for dimension in DIMENSIONS:
        yield conversion_steps(placed, dimension, also=("sale_kind", "lookback_days")).assign(dimension=dimension)


def _nulls(session: Session, days: list[date]) -> Iterable[pd.DataFrame]:
    """The steps of null journeys at the touches of these days."""
    # a touch's neighbours lie at most a lookback away; a local day begins at most a day beside the UTC one
    since = _micros_of(days[0]) - _REACH - DAY_MICROS
    until = _micros_of(days[-1]) + _REACH + 2 * DAY_MICROS
    touches = with_keys(list_touches_around(session, days, since=since, until=until))
    touches = touches.sort_values(["person_id", "touch_id"], ignore_index=True)
    touches = touches.assign(**{f"previous_{name}": touches[name].shift(1) for name in DIMENSIONS})
    sales = list_sales_of(session, set(touches["person_id"]))
    wanted = touches["day"].isin(pd.to_datetime(days)).to_numpy()
    stacked = []
    for kind in SOLD:
        at_risk = touches["person_id"].isin(list_at_risk(sales)).to_numpy() if kind == DEAL else True
        sold = list_purchases(sales, kind)
        for lookback in LOOKBACKS:
            flags = chain_flags(touches, sold, lookback)
            shown = wanted & at_risk
            stacked.append(touches[shown].assign(**flags[shown], sale_kind=kind, lookback_days=lookback))
    chains = pd.concat(stacked, ignore_index=True)
    for dimension in DIMENSIONS:
        yield null_steps(chains, dimension, also=("sale_kind", "lookback_days")).assign(dimension=dimension)


def _micros_of(day: date) -> int:
    return to_micros(datetime.combine(day, time(), UTC))


def _step_rows(steps: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a day, kind, lookback and dimension, its steps in the order of their keys."""
    by = ["sale_kind", "lookback_days", "dimension", "day"]
    counts = steps.groupby([*by, "from_key", "to_key"], sort=True).size().reset_index(name="journeys")
    rows: dict[tuple[Any, ...], dict[str, dict[str, int]]] = {}
    columns = (counts[name].tolist() for name in (*by, "from_key", "to_key", "journeys"))
    for kind, lookback, dimension, day, start, end, journeys in zip(*columns, strict=True):
        rows.setdefault((kind, lookback, dimension, day.date()), {}).setdefault(start, {})[end] = journeys
    return [dict(zip(by, key, strict=True)) | {"steps": found} for key, found in rows.items()]
