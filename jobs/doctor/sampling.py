"""What is looked at one by one: the newest days and accounts, and some of the others, drawn the same way each time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from jobs.derive.people import IDENTITY, POST, POST_DAY
from jobs.derive.slices import BY_PEOPLE, BY_POSTS, TURN_DAY

_NEWEST_DAYS, _OTHER_DAYS = 7, 13
_NEWEST_ACCOUNTS, _OTHER_ACCOUNTS = 100, 400
_NEWEST_POSTS, _OTHER_POSTS = 50, 150
_POSTS_A_DAY, _MANY_POSTS_A_DAY = 50, 1_000


@dataclass(frozen=True)
class Sample:
    """``days``: with posts, or with rows of any rollup, oldest first. ``accounts``, ``posts``: ids. ``of_days``: how
    many days there are. ``posts_a_day``: of how many posts of each of the days the text is read."""

    days: Sequence[date]
    accounts: Sequence[int]
    of_days: int
    posts: Sequence[int] = ()
    posts_a_day: int = _POSTS_A_DAY


def draw_sample(session: Session, seed: int) -> Sample:
    """The newest days, accounts and posts, and some others by ``seed``; every day that has rows and no posts."""
    chance = random.Random(seed)
    days, bare = _list_days(session)
    accounts = list(session.scalars(select(IDENTITY.c.id).order_by(IDENTITY.c.id)))
    return Sample(
        sorted({*_some(chance, days, _NEWEST_DAYS, _OTHER_DAYS), *bare}),
        _some(chance, accounts, _NEWEST_ACCOUNTS, _OTHER_ACCOUNTS),
        len(days) + len(bare),
        _draw_posts(session, chance),
    )


def draw_all(session: Session) -> Sample:
    """Every day and account, and some posts."""
    days = sorted(set().union(*_list_days(session)))
    accounts = list(session.scalars(select(IDENTITY.c.id)))
    return Sample(days, accounts, len(days), _draw_posts(session, random.Random(1)), _MANY_POSTS_A_DAY)


def _list_days(session: Session) -> tuple[list[date], list[date]]:
    """The days with posts, and those of which only some rollup has rows, which is wrong."""
    with_posts = set(session.scalars(select(POST_DAY.c.day).distinct()))
    known: set[date] = set()
    for target in (*BY_POSTS, *BY_PEOPLE, TURN_DAY):
        known.update(session.scalars(select(target.c.day).distinct()))
    return sorted(with_posts), sorted(known - with_posts)


def _draw_posts(session: Session, chance: random.Random) -> list[int]:
    newest = session.scalars(select(POST.c.id).order_by(POST.c.id.desc()).limit(_NEWEST_POSTS)).all()
    last = max(newest, default=0)
    drawn = {
        session.scalar(select(POST.c.id).where(POST.c.id >= chance.randint(1, last)).order_by(POST.c.id).limit(1))
        for _ in range(_OTHER_POSTS if last else 0)
    }
    return sorted({*newest, *drawn})


def _some(chance: random.Random, known: list[Any], newest: int, others: int) -> list[Any]:
    older = known[:-newest]
    return sorted(chance.sample(older, min(others, len(older)))) + known[-newest:]
