"""Who was active, as bitmaps; and people by id."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyroaring import BitMap
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from data_access.models.derived import ActiveAnywhere, ActiveMonth, ActiveSet, Person, PersonDay, PersonIdentity
from data_access.models.facts import Identity
from data_access.queries.frames import Rows, read_frame, read_given

_Counts = npt.NDArray[np.int64]
_LENGTH = {ActiveSet: "day", ActiveMonth: "month"}


def read_active_people(
    session: Session, *, end: date, channels: Collection[int], start: date | None = None
) -> dict[date, BitMap]:
    """The people active on each day of [start, end), or since the beginning; days without anyone are missing."""
    held: dict[str, list[BitMap]] = {}
    for day, people in _read_span(session, ActiveSet, start, end, channels, "day", "people"):
        held.setdefault(str(day), []).append(BitMap.deserialize(people))
    union = {day: BitMap.union(*sets) if len(sets) > 1 else sets[0] for day, sets in held.items()}
    return {date.fromisoformat(day): people for day, people in union.items() if people}


def read_people(session: Session, *, start: date | None, end: date, channels: Collection[int]) -> BitMap:
    """Everyone active in [start, end), or since the beginning."""
    held = _read_sets(session, start, end, channels, "people")
    return BitMap().union(*[BitMap.deserialize(people) for (people,) in held])


def read_people_by_channel(session: Session, *, start: date, end: date, channels: Collection[int]) -> dict[int, BitMap]:
    """The people active in each channel in [start, end); channels without anyone are missing."""
    found: dict[int, BitMap] = {}
    for channel, people in _read_sets(session, start, end, channels, "channel_id", "people"):
        found.setdefault(channel, BitMap()).update(BitMap.deserialize(people))
    return found


def _read_sets(
    session: Session, start: date | None, end: date, channels: Collection[int], *names: str
) -> Iterator[Any]:
    """The sets that make up [start, end): of its whole months, and of the days before and after these."""
    first, last = _whole_months(start, end)
    spans = ((ActiveSet, start, first), (ActiveMonth, first, last), (ActiveSet, last, end))
    for model, since, until in spans:
        if until is None or (model is ActiveSet and since is None) or (since is not None and since >= until):
            continue
        yield from _read_span(session, model, since, until, channels, *names)


_Model = type[ActiveSet] | type[ActiveMonth]


def _read_span(
    session: Session, model: _Model, start: date | None, end: date, channels: Collection[int], *names: str
) -> Iterator[Any]:
    """The sets of the days, or of the months, of [start, end): of all channels together where these are kept of just
    those, else of each channel."""
    if "channel_id" not in names and _is_together(session, model, start, end, channels):
        statement: Rows = select(*(getattr(ActiveAnywhere, name) for name in names)).where(
            *_within(ActiveAnywhere, start, end), col(ActiveAnywhere.length) == _LENGTH[model]
        )
    else:
        statement = select(*(getattr(model, name) for name in names)).where(
            *_within(model, start, end), col(model.channel_id).in_(channels)
        )
    yield from read_given(session, statement)


def _within(model: _Model | type[ActiveAnywhere], start: date | None, end: date) -> list[ColumnElement[bool]]:
    is_before = col(model.day) < end
    return [is_before] if start is None else [is_before, col(model.day) >= start]


def _is_together(session: Session, model: _Model, start: date | None, end: date, channels: Collection[int]) -> bool:
    """Whether all sets of [start, end) are kept for these channels together: each day's, or month's, with none of
    others in it and none of these left out."""
    statement: Rows = select(col(ActiveAnywhere.day), col(ActiveAnywhere.channels), col(ActiveAnywhere.others)).where(
        *_within(ActiveAnywhere, start, end), col(ActiveAnywhere.length) == _LENGTH[model]
    )
    wanted = BitMap(channels)
    days = set()
    for day, among, left_out in read_given(session, statement):
        try:
            is_of_these = BitMap.deserialize(among) <= wanted and wanted.isdisjoint(BitMap.deserialize(left_out))
        except ValueError:  # damaged
            return False
        if not is_of_these:
            return False
        days.add(day)
    with_sets: Rows = select(col(model.day)).where(*_within(model, start, end)).distinct()
    return bool(days) and days.issuperset(day for (day,) in read_given(session, with_sets))


def _whole_months(start: date | None, end: date) -> tuple[date | None, date]:
    """The first days of the first whole month in [start, end) and of the first after these; ``end`` twice where there
    is no whole one.

    >>> [str(day) for day in _whole_months(date(2026, 1, 31), date(2026, 3, 2))]
    ['2026-02-01', '2026-03-01']
    """
    last = end.replace(day=1)
    if start is None:
        return None, last
    first = start if start.day == 1 else (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    return (first, last) if first < last else (end, end)


def _count_posts(session: Session, *, start: date, end: date, channels: Collection[int]) -> _Counts:
    """How much each wrote in [start, end), by their id: 0 for those who wrote nothing. From packed rows: a row a person
    and day would be millions in a year of a large community."""
    held = [
        (BitMap.deserialize(people), np.frombuffer(posts, dtype="<i4"))
        for people, posts in _read_sets(session, start, end, channels, "people", "posts")
    ]
    totals = np.zeros(max((people.max() for people, _ in held if people), default=-1) + 1, dtype="int64")
    for people, posts in held:
        # in the type that an array is indexed by, else each index is converted on its way
        totals[np.frombuffer(people.to_array(), dtype="uint32").astype("intp")] += posts
    return totals


def read_writers(
    session: Session, *, start: date, end: date, channels: Collection[int], limit: int = 10
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How many people wrote how much in [start, end): ``posts`` (of one person), ``people`` (who wrote that many); and
    who wrote most, as ``list_top_people``."""
    written = _count_posts(session, start=start, end=end, channels=channels)
    counted = np.bincount(written)
    posts = np.flatnonzero(counted[1:]) + 1
    histogram = pd.DataFrame({"posts": posts.astype("int64"), "people": counted[posts].astype("int64")})
    return histogram, _describe_top(session, written, start, end, channels, limit)


def list_top_people(
    session: Session, *, start: date, end: date, channels: Collection[int], limit: int = 10
) -> pd.DataFrame:
    """Who wrote most in [start, end): ``person_id``, ``name`` (or None), ``posts``, ``positive``, ``negative``,
    ``scored``."""
    written = _count_posts(session, start=start, end=end, channels=channels)
    return _describe_top(session, written, start, end, channels, limit)


def _describe_top(
    session: Session, counted: _Counts, start: date, end: date, channels: Collection[int], limit: int
) -> pd.DataFrame:
    people = np.flatnonzero(counted > 0)  # many times as fast as of the numbers themselves
    totals = counted[people]
    if len(totals) > limit:  # a sort of everybody would take longer than the count
        is_among = totals >= np.partition(totals, -limit)[-limit]
        people, totals = people[is_among], totals[is_among]
    most = people[np.lexsort((people, -totals))[:limit]]
    sums = [func.sum(getattr(PersonDay, name)).label(name) for name in ("posts", "positive", "negative", "scored")]
    statement: Rows = (
        select(col(PersonDay.person_id), col(Person.name), *sums)
        .join(Person, col(Person.id) == col(PersonDay.person_id), isouter=True)
        .where(
            col(PersonDay.person_id).in_(most.tolist()),
            col(PersonDay.day) >= start,
            col(PersonDay.day) < end,
            col(PersonDay.channel_id).in_(channels),
        )
        .group_by(col(PersonDay.person_id), col(Person.name))
        .order_by(func.sum(PersonDay.posts).desc(), col(PersonDay.person_id))
    )
    return read_frame(session, statement)


def find_person_of(session: Session, identity_id: int) -> int | None:
    """The person who now holds an account; None where nobody does."""
    return session.scalar(select(col(PersonIdentity.person_id)).where(col(PersonIdentity.identity_id) == identity_id))


def read_person(session: Session, person_id: int) -> Person | None:
    """A person; None where there is none of that id."""
    return session.get(Person, person_id)


def list_accounts(session: Session, person_id: int) -> pd.DataFrame:
    """A person's accounts: ``identity_id``, ``network``, ``source``, ``native_id``, ``handle``, ``display_name``,
    ``email``, ``bio``, ``url``, ``location``, ``organization``, ``followers`` (Int64), ``evidence`` (dict or None)."""
    statement: Rows = (
        select(
            col(Identity.id).label("identity_id"),
            col(Identity.network),
            col(Identity.source),
            col(Identity.native_id),
            col(Identity.handle),
            col(Identity.display_name),
            col(Identity.email),
            col(Identity.bio),
            col(Identity.url),
            col(Identity.location),
            col(Identity.organization),
            col(Identity.followers),
            col(PersonIdentity.evidence),
        )
        .join(PersonIdentity, col(PersonIdentity.identity_id) == col(Identity.id))
        .where(col(PersonIdentity.person_id) == person_id)
        .order_by(col(Identity.network), col(Identity.id))
    )
    return read_frame(session, statement, optional=("followers",))


def read_person_days(session: Session, person_id: int) -> pd.DataFrame:
    """A person's days, all channels together: ``day``, ``posts``, ``positive``, ``negative``, ``scored``."""
    sums = [func.sum(getattr(PersonDay, name)).label(name) for name in ("posts", "positive", "negative", "scored")]
    statement: Rows = (
        select(col(PersonDay.day), *sums)
        .where(col(PersonDay.person_id) == person_id)
        .group_by(col(PersonDay.day))
        .order_by(col(PersonDay.day))
    )
    return read_frame(session, statement)
