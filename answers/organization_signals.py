"""What is new with an organisation: complaints, questions that wait, more talk than usual, first visits, topics."""

import math
from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.records import local_midnight
from answers.scope import Scope, channel_ids, read_scope
from answers.waiting import Waiting, read_waiting
from data_access.queries.organizations import (
    list_first_visits,
    list_members,
    list_negative_posts,
    list_people_waiting,
    list_topics_of,
    read_organization,
    read_posts_by_day,
)
from data_access.queries.posts import list_posts_by_id

MOST_NEGATIVE = 5
#: Of the people with an open question, the newest so many are looked at.
MOST_WAITING_PEOPLE = 200
#: A burst is a week with at least so many posts that is this many standard deviations above the weeks before.
FEWEST_POSTS, DEVIATIONS = 4, 2.0
WEEKS_BEFORE = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Burst:
    """The last week of the period, and the ``WEEKS_BEFORE`` before it: posts in it, and in a usual one."""

    posts: int
    usual: float

    @property
    def is_unusual(self) -> bool:
        """Whether there are more than chance would bring: counts of rare things scatter by the root of their mean.

        >>> Burst(9, 2.0).is_unusual, Burst(4, 2.0).is_unusual, Burst(3, 0.0).is_unusual
        (True, False, False)
        """
        return self.posts >= FEWEST_POSTS and self.posts > self.usual + DEVIATIONS * math.sqrt(max(self.usual, 1.0))


@dataclass(frozen=True)
class Signals:
    """What is new in the period. ``negative``: their newest complaints, as ``list_posts``. ``waiting``: what of theirs
    waits, on all days. ``burst``: whether they talk more than usual. ``visits``: whose first visit to the website was
    in the period: ``person_id``, ``name``, ``first_at`` (UTC), ``visits``. ``topics``: as ``list_topics_of``."""

    negative: pd.DataFrame = field(repr=False)
    waiting: Waiting
    burst: Burst
    visits: pd.DataFrame = field(repr=False)
    topics: pd.DataFrame = field(repr=False)


def read_signals(session: Session, organization_id: int, filters: Filters, *, scope: Scope | None = None) -> Signals:
    """What is new with an organisation in the period. Raises ``LookupError`` where there is none of that id."""
    fact = read_organization(session, organization_id)
    if fact is None:
        raise LookupError(f"no organisation has the id {organization_id}")
    scope = scope or read_scope(session)
    known = pd.DataFrame([{"organization_id": fact.id, "name": fact.name, "domain": fact.domain}])
    members = list_members(session, known).drop_duplicates("identity_id")
    accounts = [int(account) for account in members["identity_id"]]
    people = sorted({int(person) for person in members["person_id"]})
    negative = list_negative_posts(session, accounts, start=filters.start, end=filters.end, limit=MOST_NEGATIVE)
    return Signals(
        negative=list_posts_by_id(session, negative),
        waiting=read_their_waiting(session, people, scope),
        burst=_read_burst(session, people, filters, scope),
        visits=_first_visits(session, members, filters, scope),
        topics=list_topics_of(session, accounts, start=filters.start, end=filters.end),
    )


def read_their_waiting(session: Session, people: list[int], scope: Scope) -> Waiting:
    """What of these people's waits for an answer, most urgent first, on all days."""
    first, last = scope.first_day, scope.last_day
    every_day = scope.last_days((last - first).days + 1 if first and last else 1)
    asking = tuple(list_people_waiting(session, people)[:MOST_WAITING_PEOPLE])
    return read_waiting(session, every_day, person=asking, scope=scope)


def _read_burst(session: Session, people: list[int], filters: Filters, scope: Scope) -> Burst:
    last_week = filters.end - WEEK
    start = last_week - WEEKS_BEFORE * WEEK
    days = read_posts_by_day(session, people, start=start, end=filters.end, channels=channel_ids(scope, filters))
    is_last = days["day"] >= pd.Timestamp(last_week)
    return Burst(int(days.loc[is_last, "posts"].sum()), float(days.loc[~is_last, "posts"].sum()) / WEEKS_BEFORE)


def _first_visits(session: Session, members: pd.DataFrame, filters: Filters, scope: Scope) -> pd.DataFrame:
    accounts = [int(account) for account in members["identity_id"]]
    visits = list_first_visits(session, accounts, start=local_midnight(filters.start, scope.time_zone))
    end = local_midnight(filters.end, scope.time_zone)
    visits = visits[visits["first_at"] < pd.Timestamp(end)]
    named = visits.merge(members[["identity_id", "person_id", "name"]], on="identity_id")
    people = named.groupby("person_id", as_index=False, sort=False)
    return people.agg(name=("name", "first"), first_at=("first_at", "min"), visits=("visits", "sum"))
