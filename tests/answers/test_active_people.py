"""Who was active over any stretch of days: the sets of months and of days say the same."""

from datetime import date, timedelta

import pytest
from pyroaring import BitMap
from sqlmodel import Session

from answers import active_people
from answers.active_people import ActivePeople
from data_access.queries.people import read_people, read_people_by_channel, read_writers
from tests.answers.store import DAY, add_channel, add_written

FIRST = date(2025, 12, 30)
#: Who wrote on which day: person 1 each tenth day, the others once.
DAYS = {FIRST + 10 * n * DAY: {1: 2, 100 + n: 1} for n in range(12)}


@pytest.fixture
def written(session: Session) -> Session:
    add_channel(session, 1)
    add_channel(session, 2)
    for day, posts in DAYS.items():
        add_written(session, day, posts)
    add_written(session, date(2026, 2, 14), {1: 1, 7: 5}, channel=2)
    return session


def everyone(start: date, end: date) -> set[int]:
    found = {person for day, posts in DAYS.items() if start <= day < end for person in posts}
    return found | ({1, 7} if start <= date(2026, 2, 14) < end else set())


STRETCHES = [
    (date(2026, 1, 1), date(2026, 4, 1)),
    (date(2025, 12, 31), date(2026, 3, 12)),
    (date(2026, 1, 29), date(2026, 3, 1)),
    (date(2026, 2, 8), date(2026, 2, 15)),
    (date(2025, 1, 1), date(2027, 1, 1)),
]


@pytest.mark.parametrize(("start", "end"), STRETCHES)
def test_people_of_a_stretch_are_those_of_its_days(written: Session, start: date, end: date) -> None:
    people = ActivePeople(written, (1, 2), start, start + 7 * DAY)
    assert set(people.between(start, end)) == everyone(start, end)
    assert set(people.before(start)) == everyone(date.min, start)
    by_channel = read_people_by_channel(written, start=start, end=end, channels=[1, 2])
    assert set().union(*by_channel.values()) == everyone(start, end)
    histogram, _ = read_writers(written, start=start, end=end, channels=[1, 2])
    assert histogram["people"].sum() == len(everyone(start, end))
    posts = sum(sum(posts.values()) for day, posts in DAYS.items() if start <= day < end)
    both = posts + (6 if start <= date(2026, 2, 14) < end else 0)
    assert (histogram["posts"] * histogram["people"]).sum() == both


def test_newcomers_are_the_same_asked_by_day_or_together(written: Session) -> None:
    people = ActivePeople(written, (1, 2), date(2026, 2, 1), date(2026, 3, 1))
    by_day = people.newcomers(date(2026, 2, 1), date(2026, 3, 1))
    new = {day: set(members) for day, members in by_day.items() if members}
    assert new == {date(2026, 2, 8): {104}, date(2026, 2, 14): {7}, date(2026, 2, 18): {105}, date(2026, 2, 28): {106}}
    one_by_one = [len(people.between(day, day + DAY) - people.before(day)) for day in by_day]
    assert one_by_one == [1, 1, 1, 1]


def test_day_sets_stay_right_when_earlier_and_later_days_are_asked_for(written: Session) -> None:
    people = ActivePeople(written, (1, 2), date(2026, 2, 1), date(2026, 2, 10))
    for start in (date(2026, 2, 5), date(2026, 3, 1), date(2026, 1, 5)):
        end = start + timedelta(days=14)
        held = set().union(*people.by_day(start, end).values())
        assert held == everyone(start, end)


def test_who_was_active_before_a_day_is_read_once_when_another_period_is_asked_for_between(
    written: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[date] = []

    def read(session: Session, *, start: date | None, end: date, channels: tuple[int, ...]) -> BitMap:
        reads.append(end)
        return read_people(session, start=start, end=end, channels=channels)

    monkeypatch.setattr(active_people, "read_people", read)
    people = ActivePeople(written, (1, 2), date(2026, 4, 1), date(2026, 4, 8))
    now, before = date(2026, 4, 1), date(2026, 1, 20)
    for day in (now, before, now):
        assert set(people.before(day)) == everyone(date.min, day)
    assert reads == [now, before]
