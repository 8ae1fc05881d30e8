"""What the store holds and which channels a filter speaks of."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import channel_ids, read_scope, rival_channel_ids
from data_access.models.derived import DailyActivity, HourlyActivity
from data_access.models.facts import Brand, Channel, Post
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


def test_channel_ids_leaves_out_competitors_when_filter_names_nobody(session: Session) -> None:
    add_channels(session)
    scope = read_scope(session)
    assert channel_ids(scope, WEEK) == (1, 3, 4)
    assert rival_channel_ids(scope, WEEK) == (2,)


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
