"""Weeks of talk and sales, and what can be said of them."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlmodel import Session, select

from answers.filters import Filters
from answers.leads_lags import describe_direction, read_leads_lags
from data_access.models import facts
from data_access.settings import add_setting
from jobs.derive import load_rules
from jobs.derive.credit import compute_credit, write_credit
from jobs.derive.touches import derive_sold
from tests.answers.store import MONDAY, add_channel, add_daily, add_person


def add_order(session: Session, number: int, moment: datetime, amount_minor: int = 500) -> None:
    session.add(
        facts.Order(
            network="crm",
            source="c",
            native_id=str(number),
            identity_id=1,
            amount_minor=amount_minor,
            currency="EUR",
            occurred_at=moment,
            refund_of_native_id="1" if amount_minor < 0 else None,
        )
    )


def derive_sales(session: Session) -> None:
    """What an import derives of the orders: on which local days there are sales."""
    session.flush()
    rules = load_rules(session)
    orders = session.exec(select(facts.Order.id)).all()
    sold_on = derive_sold(session, rules, "order", [number for number in orders if number])
    write_credit(session, compute_credit(session, sold_on))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def add_weeks(session: Session, weeks: int) -> None:
    """Orders follow posts by two weeks: n posts on a Wednesday, n to n + 2 orders on the Tuesday two weeks later."""
    add_channel(session, 1)
    add_person(session, 1)
    posts = [int(count) for count in np.random.default_rng(2).integers(5, 16, weeks)]
    number = 0
    for week in range(weeks):
        start = MONDAY + timedelta(weeks=week)
        add_daily(session, start, posts=1)
        add_daily(session, start + timedelta(days=2), posts=posts[week], positive=posts[week] - 2, negative=2)
        add_daily(session, start + timedelta(days=6), posts=1)
        for _ in range((posts[week - 2] if week >= 2 else 5) + week * week % 3):
            number += 1
            add_order(session, number, noon(start + timedelta(days=1)))
    add_order(session, number + 1, noon(MONDAY))
    add_order(session, number + 2, noon(MONDAY + timedelta(weeks=weeks, days=-1)))
    derive_sales(session)


def test_posts_come_before_orders_that_follow_them(session: Session) -> None:
    add_weeks(session, 45)
    answer = read_leads_lags(session, Filters(MONDAY, MONDAY + timedelta(weeks=45)))
    assert len(answer.weeks) == 45
    assert answer.changes == 44
    assert answer.sentences[0].startswith("Posts come before orders: changes of the ")
    assert answer.sentences[1].startswith("No sign in 4 tests that orders come before posts")
    assert answer.correlations["posts"].set_index("lag")["correlation"].idxmax() == 2


def test_weeks_are_whole_and_hold_both_posts_and_orders(session: Session) -> None:
    add_channel(session, 1)
    add_person(session, 1)
    for day in range(-3, 18):
        add_daily(session, MONDAY + timedelta(days=day), posts=2, positive=1, negative=1)
    for number, day in enumerate((-2, 0, 3, 3, 8, 15)):
        add_order(session, number + 1, noon(MONDAY + timedelta(days=day)))
    add_order(session, 99, noon(MONDAY + timedelta(days=4)), amount_minor=-500)
    derive_sales(session)
    weeks = read_leads_lags(session, Filters(MONDAY - timedelta(days=5), MONDAY + timedelta(days=20))).weeks
    assert weeks["week"].dt.date.tolist() == [MONDAY, MONDAY + timedelta(weeks=1)]
    assert weeks["posts"].tolist() == [14, 14]
    assert weeks["net_sentiment"].tolist() == [0.0, 0.0]
    assert weeks["orders"].tolist() == [3, 1]  # the refund is none


def test_orders_lie_in_the_workspaces_week(session: Session) -> None:
    add_setting(session, key="time_zone", value="Asia/Tokyo", decided_by="me")
    add_channel(session, 1)
    add_person(session, 1)
    for day in range(14):
        add_daily(session, MONDAY + timedelta(days=day), posts=1)
    sunday_evening = noon(MONDAY + timedelta(days=6)) + timedelta(hours=8)  # Monday morning in Tokyo
    for number, moment in enumerate((noon(MONDAY), sunday_evening, noon(MONDAY + timedelta(days=13)))):
        add_order(session, number + 1, moment)
    derive_sales(session)
    weeks = read_leads_lags(session, Filters(MONDAY, MONDAY + timedelta(days=14))).weeks
    assert weeks["orders"].tolist() == [1, 2]


@pytest.mark.parametrize("has_orders", [False, True])
def test_too_little_data_says_so(session: Session, has_orders: bool) -> None:
    if has_orders:
        add_weeks(session, 10)
    answer = read_leads_lags(session, Filters(MONDAY, MONDAY + timedelta(weeks=10)))
    assert answer.sentences == ()
    assert ("too short: 9 changes" if has_orders else "no whole weeks") in answer.why_empty


def test_direction_names_the_weeks_of_the_surest_test() -> None:
    tests = pd.DataFrame({"lags": [1, 2], "adjusted_p": [0.00001, 0.03], "comes_before": [True, True]})
    assert describe_direction("net_sentiment", "orders", tests) == (
        "Net sentiment comes before orders: changes of the week before help to tell the next change "
        "(p below 0.001, corrected)."
    )
    assert describe_direction("net_sentiment", "orders", tests.assign(comes_before=False)) == (
        "No sign in 2 tests that net sentiment comes before orders."
    )
