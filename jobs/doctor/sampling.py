"""What is looked at one by one: the newest days and accounts, and some of the others, drawn the same way each time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from data_access.rollups import DAILY_ACTIVITY
from jobs.derive.people import IDENTITY

_NEWEST_DAYS, _OTHER_DAYS = 7, 13
_NEWEST_ACCOUNTS, _OTHER_ACCOUNTS = 100, 400


@dataclass(frozen=True)
class Sample:
    """``days``: with posts, oldest first. ``accounts``: ids. ``of_days``: how many there are."""

    days: Sequence[date]
    accounts: Sequence[int]
    of_days: int


def draw_sample(session: Session, seed: int) -> Sample:
    """The newest days and accounts, and some others by ``seed``."""
    chance = random.Random(seed)
    days = sorted(session.scalars(select(DAILY_ACTIVITY.c.day).distinct()))
    accounts = list(session.scalars(select(IDENTITY.c.id).order_by(IDENTITY.c.id)))
    return Sample(
        _some(chance, days, _NEWEST_DAYS, _OTHER_DAYS),
        _some(chance, accounts, _NEWEST_ACCOUNTS, _OTHER_ACCOUNTS),
        len(days),
    )


def draw_all(session: Session) -> Sample:
    """Every day and account."""
    days = sorted(session.scalars(select(DAILY_ACTIVITY.c.day).distinct()))
    return Sample(days, list(session.scalars(select(IDENTITY.c.id))), len(days))


def _some(chance: random.Random, known: list[Any], newest: int, others: int) -> list[Any]:
    older = known[:-newest]
    return sorted(chance.sample(older, min(others, len(older)))) + known[-newest:]
