"""What each credit rule gives, by day: ``CreditDay`` and ``TransitionDay``."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import delete, func, select
from sqlmodel import Session

from answers.attribution_keys import UNREACHED, read_journeys
from data_access.bulk import insert_rows, insert_tuples
from data_access.models import derived
from data_access.models.columns import to_micros
from data_access.queries.sales import DEAL, SOLD, list_sales_of, list_sales_on
from data_access.queries.touches import list_touches_around
from data_access.upsert import table
from jobs.derive.touches import list_at_risk, list_purchases
from metrics.attribution import JOURNEY_RULES, credit_shares
from metrics.attribution_split import split_minor
from metrics.journey_steps import Integers, Steps, conversion_steps, count_steps, null_steps
from metrics.touch_journeys import (
    DAY_MICROS,
    DIMENSIONS,
    LONGEST_LOOKBACK,
    LOOKBACKS,
    chain_flags,
    next_sales,
    with_keys,
)

CREDIT_DAY = table(derived.CreditDay)
TOUCH = table(derived.Touch)
TRANSITION_DAY = table(derived.TransitionDay)

#: The dimension that asks only whether any touch reaches a sale, and its one key.
ALL, ANY = "all", "(any)"
_TOUCHES_AT_A_TIME = 20_000
_FIRST_DAY = date(1970, 1, 1)
_REACH = LONGEST_LOOKBACK * DAY_MICROS
_BY_SALE = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "w_shaped")


def count_days_at_once(session: Session, days: Sequence[date]) -> int:
    """How many of these days, from the first, to derive in one go: neighbouring days share most of the touches before
    them, so that many cost little more than a few, until memory or those who wait to write count."""
    by_day = select(TOUCH.c.day, func.count()).where(TOUCH.c.day.in_(days)).group_by(TOUCH.c.day)
    touches: dict[date, int] = dict(session.execute(by_day).all())
    before = accumulate(touches.get(day, 0) for day in days)
    return max(1, sum(held <= _TOUCHES_AT_A_TIME for held in before))


@dataclass(frozen=True)
class CreditRows:
    """What ``CreditDay`` (its columns ``_BY``, then ``_NUMBERS``) and ``TransitionDay`` are to hold of these days."""

    days: list[date]
    credit: list[tuple[Any, ...]]
    steps: list[dict[str, Any]]


def compute_credit(session: Session, days: Collection[date]) -> CreditRows:
    """The credit of these days, from sales and touches. Reads alone: of a large store a day can take seconds."""
    wanted = sorted(days)
    sales, journeys = read_journeys(session, list_sales_on(session, wanted))
    sold, stacked = stack_lookbacks(sales, journeys)
    steps = _step_rows([_conversions(sold, stacked), _nulls(session, wanted)])
    return CreditRows(wanted, list_credit_rows(sold, stacked), steps)


def write_credit(session: Session, rows: CreditRows) -> None:
    """Put these rows in the place of those of their days."""
    for target in (CREDIT_DAY, TRANSITION_DAY):
        session.connection().execute(
            delete(target).where(
                target.c.sale_kind.in_(SOLD),
                target.c.lookback_days.in_(LOOKBACKS),
                target.c.dimension.in_((ALL, *DIMENSIONS)),
                target.c.day.in_(rows.days),
            )
        )
    insert_tuples(session, CREDIT_DAY, (*_BY, *_NUMBERS), rows.credit)
    if rows.steps:
        insert_rows(session, TRANSITION_DAY, rows.steps)


def stack_lookbacks(sales: pd.DataFrame, journeys: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sales and journeys once for each lookback, numbered apart: all at once takes a tenth of one after the other."""
    count = len(sales)
    near = [journeys[journeys["days_before"] <= lookback] for lookback in LOOKBACKS]
    stacked = [frame.assign(journey=frame["journey"] + place * count) for place, frame in enumerate(near)]
    sold = [sales.assign(sale=sales["sale"] + i * count, lookback_days=days) for i, days in enumerate(LOOKBACKS)]
    return pd.concat(sold, ignore_index=True), pd.concat(stacked, ignore_index=True)


def list_credit_rows(sales: pd.DataFrame, journeys: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The rows of ``CreditDay`` (its columns ``_BY``, then ``_NUMBERS``) for sales and the journeys before them, both
    as ``stack_lookbacks`` gives them."""
    credited = journeys.assign(**{rule: _split(sales, journeys.assign(key=0), rule) for rule in _BY_SALE})
    keyed = _stack_dimensions(credited)
    sold = _each_dimension(sales)
    keyed = keyed.assign(shapley=_split(sold, keyed, "shapley"))
    rows = pd.concat([_reached(sold, keyed), _unreached(sold, keyed)], ignore_index=True)
    rows = rows.assign(day=rows["day"].dt.date).astype(dict.fromkeys(_NUMBERS, "int64"))
    return list(zip(*(rows[name].tolist() for name in (*_BY, *_NUMBERS)), strict=True))


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


_SLICES = [(kind, lookback) for kind in SOLD for lookback in LOOKBACKS]
_Keyed = tuple[Steps, pd.DataFrame]


def _conversions(sales: pd.DataFrame, journeys: pd.DataFrame) -> _Keyed:
    """The steps of journeys to a sale, by the day of the sale; refunds are none."""
    place = pd.Index(sales["sale"]).get_indexer(journeys["journey"])
    kept = np.flatnonzero(~sales["is_refund"].to_numpy(dtype=bool)[place])
    place = place[kept]
    slices = pd.MultiIndex.from_tuples(_SLICES).get_indexer(
        pd.MultiIndex.from_frame(sales[["sale_kind", "lookback_days"]])
    )
    journey = journeys["journey"].to_numpy()[kept]
    steps = conversion_steps(journey, day=_days_of(sales)[place], slice_=slices[place], touch=kept)
    return steps, journeys


def _nulls(session: Session, days: list[date]) -> _Keyed:
    """The steps of null journeys at the touches of these days."""
    # a touch's neighbours lie at most a lookback away; a local day begins at most a day beside the UTC one
    since = _micros_of(days[0]) - _REACH - DAY_MICROS
    until = _micros_of(days[-1]) + _REACH + 2 * DAY_MICROS
    touches = with_keys(list_touches_around(session, days, since=since, until=until))
    touches = touches.sort_values(["person_id", "touch_id"], ignore_index=True)
    sales = list_sales_of(session, set(touches["person_id"]))
    wanted = touches["day"].isin(pd.to_datetime(days)).to_numpy()
    flags, shown = [], []
    for kind in SOLD:
        at_risk = touches["person_id"].isin(list_at_risk(sales)).to_numpy() if kind == DEAL else True
        following = next_sales(touches, list_purchases(sales, kind))
        flags += [chain_flags(touches, following, lookback) for lookback in LOOKBACKS]
        shown += [wanted & at_risk] * len(LOOKBACKS)
    return null_steps(flags, day=_days_of(touches), shown=shown), touches


def _days_of(rows: pd.DataFrame) -> Integers:
    """The local days of rows, counted from 1970."""
    return np.asarray(rows["day"].to_numpy().astype("datetime64[D]").astype("int64"), dtype=np.int64)


def _micros_of(day: date) -> int:
    return to_micros(datetime.combine(day, time(), UTC))


def _step_rows(parts: Sequence[_Keyed]) -> list[dict[str, Any]]:
    """One row a day, kind, lookback and dimension, its steps in the order of their keys."""
    rows = []
    for dimension in DIMENSIONS:
        for slice_, day, steps in count_steps([(found, touches[dimension]) for found, touches in parts]):
            kind, lookback = _SLICES[slice_]
            named = {"sale_kind": kind, "lookback_days": lookback, "dimension": dimension}
            rows.append(named | {"day": _FIRST_DAY + timedelta(days=day), "steps": steps})
    return rows
