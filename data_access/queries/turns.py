"""Turns: the rollup of their times, and those that wait."""

from collections.abc import Collection
from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from data_access.models.derived import TurnDay
from data_access.queries.frames import Rows, read_frame


def read_turn_days(session: Session, *, start: date, end: date, channels: Collection[int]) -> pd.DataFrame:
    """Turns by the day on which they opened, in [start, end): ``day``, ``channel_id``, ``opened``, ``closed`` and, as
    bytes of sorted 64-bit integers, ``response_seconds``, ``business_seconds``, ``open_since`` (microseconds)."""
    statement: Rows = (
        select(
            col(TurnDay.day),
            col(TurnDay.channel_id),
            col(TurnDay.opened),
            col(TurnDay.closed),
            col(TurnDay.response_seconds),
            col(TurnDay.business_seconds),
            col(TurnDay.open_since),
        )
        .where(col(TurnDay.day) >= start, col(TurnDay.day) < end, col(TurnDay.channel_id).in_(channels))
        .order_by(col(TurnDay.day), col(TurnDay.channel_id))
    )
    return read_frame(session, statement)
