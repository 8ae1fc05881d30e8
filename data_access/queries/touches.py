"""Touches: contacts between us and people who can be seen to buy. Times are whole microseconds since 1970 UTC (``at``),
so that a lookback is plain subtraction."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, select, type_coerce
from sqlmodel import Session, col

from data_access.models.derived import Touch
from data_access.queries.frames import Rows, read_frame

_AT_A_TIME = 400
_OPTIONAL = ("channel_id", "member_id", "host_id")
_AT: Any = type_coerce(col(Touch.occurred_at), BigInteger)


def _select() -> Rows:
    names = ("network", "layer", "campaign", *_OPTIONAL)
    return select(
        col(Touch.person_id),
        col(Touch.kind),
        col(Touch.fact_id),
        _AT.label("at"),
        col(Touch.day),
        *(col(getattr(Touch, name)) for name in names),
    )


def _between(since: int | None, until: int | None) -> list[ColumnElement[bool]]:
    # compared as whole numbers: the type of a time would refuse them
    bounds = []
    if since is not None:
        bounds.append(since <= _AT)
    if until is not None:
        bounds.append(until >= _AT)
    return bounds


def list_touches(
    session: Session, people: Collection[int], *, since: int | None = None, until: int | None = None
) -> pd.DataFrame:
    """The touches of these people, from ``since`` to ``until`` (microseconds, both within): ``person_id``, ``kind``,
    ``fact_id``, ``at``, ``day``, ``network``, ``layer``, ``campaign`` (None where none), ``channel_id``,
    ``member_id``, ``host_id`` (Int64)."""
    ids = sorted(people)
    parts: list[Sequence[int]] = [ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME)] or [[]]
    frames = []
    for part in parts:
        statement = _select().where(col(Touch.person_id).in_(part), *_between(since, until))
        frames.append(read_frame(session, statement, optional=_OPTIONAL))
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def list_touches_around(session: Session, days: Collection[date], *, since: int, until: int) -> pd.DataFrame:
    """The touches, from ``since`` to ``until``, of everyone who has one on these days. Columns of ``list_touches``."""
    present = select(col(Touch.person_id)).where(col(Touch.day).in_(sorted(days))).distinct()
    statement = _select().where(col(Touch.person_id).in_(present), *_between(since, until))
    return read_frame(session, statement, optional=_OPTIONAL)
