"""What the store holds and which channels a filter speaks of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, SQLModel

from answers.attribution import read_credit
from answers.brands import voice_channel_ids
from answers.circle_sales import read_circle_sales
from answers.filters import Filters
from answers.sales_held import read_sales_held
from answers.scope import ANYTHING, POSTS, SALES, channel_ids, read_scope
from answers.slices import Rollups
from data_access.models.derived import DailyActivity, HourlyActivity, Sale
from data_access.models.facts import Brand, Channel, Deal, Feedback, Identity, Order, Post, Visit
from data_access.settings import add_setting

WEEK = Filters(date(2026, 3, 2), date(2026, 3, 9))


def add_channels(session: Session) -> None:
    session.add_all(
        [Brand(id=1, name="Ours"), Brand(id=2, name="Theirs", is_competitor=True), Brand(id=3, name="Third")]
    )
    session.flush()
    for number, network, brand in [(1, "twitter", 1), (2, "reddit", 2), (3, "twitter", 3), (4, "discourse", None)]:
        session.add(
            Channel(id=number, network=network, source="s", native_id=str(number), name=f"c{number}", brand_id=brand)
        )
    session.flush()


def test_read_scope_is_empty_when_store_is(session: Session) -> None:
    scope = read_scope(session)
    assert scope.is_empty
    assert scope.posts == 0
    assert scope.channels.empty
    assert channel_ids(scope, WEEK) == ()


def test_read_scope_says_where_data_ends(session: Session) -> None:
    add_channels(session)
    moment = datetime(2026, 3, 5, 14, 20, tzinfo=UTC)
    session.add(Post(id=1, network="twitter", source="s", native_id="1", channel_id=1, occurred_at=moment))
    for day, posts in [(date(2026, 3, 1), 2), (date(2026, 3, 5), 1), (date(2026, 3, 9), 0)]:
        session.add(DailyActivity(day=day, channel_id=1, side="inbound", posts=posts))
    session.add(HourlyActivity(day=date(2026, 3, 5), hour=14, channel_id=1, side="inbound", weekday=3, posts=1))
    session.flush()
    scope = read_scope(session)
    assert (scope.first_day, scope.last_day, scope.last_hour) == (date(2026, 3, 1), date(2026, 3, 5), 14)
    assert scope.last_moment == moment
    assert scope.posts == 3
    assert scope.is_last_day_unfinished
    assert scope.last_days(7) == Filters(date(2026, 2, 27), date(2026, 3, 6))


def test_read_scope_ends_today_when_a_clock_was_wrong(session: Session) -> None:
    add_channels(session)
    for number, moment in enumerate([datetime(2026, 3, 5, 22, 59, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)]):
        native = str(number)
        session.add(Post(id=number, network="net", source="s", native_id=native, channel_id=1, occurred_at=moment))
    for day, posts in [(date(2026, 3, 1), 2), (date(2026, 3, 5), 1), (date(2998, 12, 31), 2), (date(2999, 1, 1), 1)]:
        session.add(DailyActivity(day=day, channel_id=1, side="inbound", posts=posts))
    session.flush()
    scope = read_scope(session, today=date(2026, 3, 6))
    assert (scope.last_day, scope.newest_day, scope.last_post_day) == (date(2026, 3, 5),) * 3
    assert scope.last_moment == datetime(2026, 3, 5, 22, 59, tzinfo=UTC)
    assert (scope.posts, scope.ahead, scope.ahead_day) == (6, 3, date(2999, 1, 1))
    assert scope.last_days(7).end == date(2026, 3, 6)
    then = read_scope(session, today=date(2999, 1, 1))
    assert (then.last_day, then.ahead) == (date(2999, 1, 1), 0)
    where_all_lie_ahead = read_scope(session, today=date(2026, 2, 28))
    assert (where_all_lie_ahead.last_day, where_all_lie_ahead.ahead_day) == (date(2999, 1, 1), None)


def add_posts(session: Session, first: date, last: date) -> None:
    session.add(Channel(id=9, network="net", source="s", native_id="9", name="c9"))
    session.flush()
    for day in (first, last):
        session.add(DailyActivity(day=day, channel_id=9, side="inbound", posts=1))
    session.flush()


def add_order(session: Session, day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    key = day.isoformat()
    order = Order(network="shop", source="s", native_id=key, amount_minor=1, currency="EUR", occurred_at=moment)
    session.add(order)
    session.flush()
    session.add(Sale(sale_kind="order", fact_id=order.id or 0, person_id=0, day=day, amount_minor=1, currency="EUR"))
    session.flush()


def test_days_of_sales_and_channels_end_with_the_others_when_one_is_dated_ahead(session: Session) -> None:
    add_posts(session, MARCH, date(2999, 1, 1))
    for day in (APRIL, JUNE, date(2998, 1, 1)):
        add_order(session, day)
    scope = read_scope(session, SALES, today=date(2026, 7, 1))
    period = Filters(APRIL, JUNE)
    credit = read_credit(session, period, scope=scope)
    circle = read_circle_sales(session, 1, period, scope=scope)
    assert read_sales_held(session, scope.newest_day).days == (APRIL, JUNE)
    assert (credit.first_day, credit.last_day) == (circle.first_day, circle.last_day) == (APRIL, JUNE)
    assert Rollups(session, scope, period, APRIL).sold_span("order") == (MARCH, JUNE)
    assert Rollups(session, scope, period, APRIL).sold_since("order") == APRIL
    assert scope.days_of([9]) == (MARCH, JUNE)


KEY = {"network": "crm", "source": "s", "native_id": "1"}
MARCH, APRIL, JUNE = date(2026, 3, 5), date(2026, 4, 1), date(2026, 6, 30)


@pytest.mark.parametrize(
    ("about", "days"), [(POSTS, (MARCH, APRIL)), (SALES, (APRIL, JUNE)), (ANYTHING, (MARCH, JUNE))]
)
def test_read_scope_ends_with_what_it_is_about_when_sales_go_on(
    session: Session, about: str, days: tuple[date, date]
) -> None:
    add_posts(session, MARCH, APRIL)
    for day in (APRIL, JUNE):
        add_order(session, day)
    scope = read_scope(session, about)
    assert (scope.first_day, scope.last_day) == days
    assert scope.last_days(28).end == days[1] + timedelta(days=1)
    assert (scope.oldest_day, scope.newest_day, scope.last_post_day) == (MARCH, JUNE, APRIL)
    assert scope.as_of == Filters(JUNE, JUNE + timedelta(days=1))


@pytest.mark.parametrize("about", [SALES, ANYTHING])
def test_read_scope_ends_today_when_a_sale_is_dated_ahead(session: Session, about: str) -> None:
    for day in (APRIL, JUNE):
        add_order(session, day)
    session.add(Deal(**KEY, closed_at=datetime(2999, 1, 1, tzinfo=UTC), is_won=False))
    session.flush()
    scope = read_scope(session, about, today=APRIL)
    assert (scope.first_day, scope.last_day, scope.newest_day) == (APRIL, APRIL, APRIL)
    where_all_lie_ahead = read_scope(session, SALES, today=MARCH)
    assert where_all_lie_ahead.last_day == JUNE


@pytest.mark.parametrize("about", [POSTS, SALES, ANYTHING])
def test_read_scope_takes_the_days_of_anything_when_there_is_none_of_what_it_is_about(
    session: Session, about: str
) -> None:
    add_order(session, JUNE)
    scope = read_scope(session, about)
    assert not scope.is_empty
    assert (scope.first_day, scope.last_day, scope.last_hour, scope.last_post_day) == (JUNE, JUNE, None, None)


LATE = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "fact",
    [
        Visit(**KEY, identity_id=1, occurred_at=LATE),
        Feedback(**KEY, kind="nps", occurred_at=LATE),
        Deal(**KEY, created_at=LATE),
        Deal(**KEY, closed_at=LATE, is_won=False),
        Order(**KEY, amount_minor=1, currency="EUR", occurred_at=LATE),
    ],
    ids=["visit", "feedback", "open deal", "lost deal", "order"],
)
def test_now_is_the_local_day_of_whatever_came_last(session: Session, fact: SQLModel) -> None:
    add_setting(session, key="time_zone", value="Europe/Berlin", decided_by="Ada")
    session.add(Identity(id=1, **KEY))
    session.flush()
    assert (read_scope(session).is_empty, read_scope(session).newest_day) == (False, None), "an account has no day"
    session.add(type(fact)(**fact.model_dump()))
    session.flush()
    assert read_scope(session).newest_day == date(2026, 3, 6)


def test_channel_ids_leaves_out_competitors_when_filter_names_nobody(session: Session) -> None:
    add_channels(session)
    scope = read_scope(session)
    assert channel_ids(scope, WEEK) == (1, 3, 4)
    assert voice_channel_ids(scope, WEEK) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"brands": ("Theirs",)}, (2,)),
        ({"brands": ("Ours", "Theirs")}, (1, 2)),
        ({"networks": ("twitter",)}, (1, 3)),
        ({"networks": ("twitter",), "brands": ("Third",)}, (3,)),
        ({"channels": (2, 4)}, (2, 4)),
        ({"networks": ("nowhere",)}, ()),
    ],
)
def test_channel_ids_follows_filter(session: Session, limits: dict[str, tuple[str, ...]], expected: tuple[int]) -> None:
    add_channels(session)
    filters = Filters(WEEK.start, WEEK.end, **limits)  # type: ignore[arg-type]
    assert channel_ids(read_scope(session), filters) == expected


def test_channel_ids_follows_settings_when_they_disagree_with_the_file(session: Session) -> None:
    add_channels(session)
    add_setting(session, key="own_brands", value=["Ours", "Theirs"], decided_by="Ada")
    add_setting(session, key="competitors", value=["Third"], decided_by="Ada")
    assert channel_ids(read_scope(session), WEEK) == (1, 2, 4)


def test_filters_refuses_when_period_ends_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Filters(date(2026, 3, 2), date(2026, 3, 1))
