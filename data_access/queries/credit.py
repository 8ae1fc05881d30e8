"""What the credit rules give, from the rollups by day."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from data_access.models.derived import CreditDay, Person, TransitionDay
from data_access.queries.frames import Rows, read_frame

#: The rules that stand in ``CreditDay``.
RULES = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "w_shaped", "shapley")
NUMBERS = ("sales", "touched_minor", *RULES)
_AT_A_TIME = 400


def _slice(sale_kind: str, lookback_days: int, dimension: str, start: date, end: date) -> list[ColumnElement[bool]]:
    return [
        col(CreditDay.sale_kind) == sale_kind,
        col(CreditDay.lookback_days) == lookback_days,
        col(CreditDay.dimension) == dimension,
        col(CreditDay.day) >= start,
        col(CreditDay.day) < end,
    ]


def read_credit_sums(
    session: Session, *, sale_kind: str, lookback_days: int, dimension: str, start: date, end: date
) -> pd.DataFrame:
    """Credit in the local days [start, end): ``key``, ``currency``, ``sales``, ``touched_minor``, a column a rule."""
    sums = [func.sum(getattr(CreditDay, name)).label(name) for name in NUMBERS]
    statement: Rows = select(col(CreditDay.key), col(CreditDay.currency), *sums)
    wanted = statement.where(*_slice(sale_kind, lookback_days, dimension, start, end))
    return read_frame(session, wanted.group_by(col(CreditDay.key), col(CreditDay.currency)))


def read_credit_days(
    session: Session,
    *,
    sale_kind: str,
    lookback_days: int,
    dimension: str,
    start: date,
    end: date,
    currencies: Collection[str] | None = None,
) -> pd.DataFrame:
    """The same by day: ``day`` and the columns of ``read_credit_sums``; of these currencies, or of all."""
    names = ("day", "key", "currency", *NUMBERS)
    statement: Rows = select(*(col(getattr(CreditDay, name)) for name in names))
    wanted = statement.where(*_slice(sale_kind, lookback_days, dimension, start, end))
    if currencies is not None:
        wanted = wanted.where(col(CreditDay.currency).in_(currencies))
    return read_frame(session, wanted.order_by(col(CreditDay.day), col(CreditDay.key), col(CreditDay.currency)))


def read_sale_counts(session: Session, *, sale_kind: str, lookback_days: int, start: date, end: date) -> pd.DataFrame:
    """How many were sold on each local day of [start, end) that has any, refunds left out: ``day``, ``sales``; the same
    whichever the lookback."""
    # in this dimension a sale is in one row
    one = _slice(sale_kind, lookback_days, "all", start, end)
    statement: Rows = select(col(CreditDay.day), func.sum(CreditDay.sales).label("sales")).where(*one)
    counted = statement.group_by(col(CreditDay.day)).order_by(col(CreditDay.day))
    return read_frame(session, counted.having(func.sum(CreditDay.sales) > 0))


def list_days_of_key(
    session: Session,
    *,
    sale_kind: str,
    lookback_days: int,
    dimension: str,
    key: str,
    start: date | None,
    end: date | None,
) -> list[date]:
    """The local days of [start, end), or of all, with a sale or a refund in whose journey the key is."""
    wanted = _slice(sale_kind, lookback_days, dimension, start or date.min, end or date.max)
    statement = select(col(CreditDay.day)).where(*wanted, col(CreditDay.key) == key).distinct()
    return sorted(session.execute(statement).scalars())


def read_transitions(
    session: Session, *, sale_kind: str, lookback_days: int, dimension: str, start: date | None, end: date | None
) -> pd.DataFrame:
    """How many journeys step from one key to the next in the local days [start, end): ``from_key``, ``to_key``,
    ``journeys``; since the beginning, or to the end, where None."""
    statement: Any = select(col(TransitionDay.steps)).where(
        col(TransitionDay.sale_kind) == sale_kind,
        col(TransitionDay.lookback_days) == lookback_days,
        col(TransitionDay.dimension) == dimension,
    )
    if start is not None:
        statement = statement.where(col(TransitionDay.day) >= start)
    if end is not None:
        statement = statement.where(col(TransitionDay.day) < end)
    counts: Counter[tuple[str, str]] = Counter()
    for steps in session.execute(statement).scalars():
        for start_key, ends in steps.items():
            for end_key, journeys in ends.items():
                counts[start_key, end_key] += journeys
    rows = [(*pair, journeys) for pair, journeys in sorted(counts.items())]
    frame = pd.DataFrame(rows, columns=["from_key", "to_key", "journeys"])
    return frame.astype({"from_key": "object", "to_key": "object", "journeys": "int64"})


def list_person_names(session: Session, people: Collection[int]) -> dict[int, str]:
    """The names of these people; those without one, or who are gone, are called by their number."""
    names = {person: f"Person {person}" for person in people}
    ids = sorted(people)
    for start in range(0, len(ids), _AT_A_TIME):
        statement = select(col(Person.id), col(Person.name)).where(col(Person.id).in_(ids[start : start + _AT_A_TIME]))
        names.update({row.id: row.name for row in session.execute(statement) if row.name})
    return names
