"""Where the posts are, when a period has next to none."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.full_days import FullDays, find_full_days
from answers.scope import read_scope
from answers.today import read_today
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_hour

THEN = MONDAY - 400 * DAY


def add_old_and_new(session: Session, new: int) -> None:
    """Two posts on each of 30 days a year ago but the eleventh, a lone day before, and ``new`` posts now."""
    add_channel(session)
    add_channel(session, 2, network="reddit")
    add_daily(session, THEN - 20 * DAY, neutral=5)
    for n in [n for n in range(30) if n != 10]:
        add_daily(session, THEN + n * DAY, neutral=2)
    add_daily(session, MONDAY, channel=2, neutral=new)
    add_hour(session, MONDAY, 23, new, channel=2)


@pytest.mark.parametrize(("new", "is_offered"), [(2, True), (3, False)])
def test_full_days_are_those_without_a_silent_week_when_the_period_has_a_twentieth(
    session: Session, new: int, is_offered: bool
) -> None:
    add_old_and_new(session, new)
    scope = read_scope(session)
    found = find_full_days(session, scope.last_days(28), scope=scope)
    assert found == (FullDays(THEN, THEN + 30 * DAY, posts=58, shown=new) if is_offered else None)


def test_full_days_are_of_the_channels_that_are_chosen(session: Session) -> None:
    add_old_and_new(session, 50)
    scope = read_scope(session)
    period = scope.last_days(28)
    assert find_full_days(session, period, scope=scope) is None
    chosen = Filters(period.start, period.end, networks=("twitter",))
    found = find_full_days(session, chosen, scope=scope)
    assert found is not None
    assert (found.shown, found.end) == (0, THEN + 30 * DAY)
    every_day = Filters(THEN - timedelta(days=30), MONDAY + DAY, networks=("twitter",))
    assert find_full_days(session, every_day, scope=scope) is None


def test_today_is_the_last_day_of_the_period_when_that_ends_before_the_data(session: Session) -> None:
    add_old_and_new(session, 2)
    today = read_today(session, Filters(THEN, THEN + 30 * DAY))
    assert today.day == THEN + 29 * DAY
    assert today.numbers[0].value == 2
    assert not today.is_unfinished
