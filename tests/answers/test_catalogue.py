"""Every metric of the catalogue on a store that fits in the head, and the catalogue's own completeness."""

import inspect
import math
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session

from answers import measures, sold
from answers.catalogue import (
    METRICS,
    Metric,
    UnknownMetric,
    compute_metric,
    compute_metrics,
    describe,
    find_metric,
    list_metrics,
)
from answers.filters import Filters
from answers.measures import Figure
from answers.scope import read_scope
from data_access.models.derived import AccountRole, CreditDay, Role, Sale, TopicDay
from data_access.models.facts import Brand, Identity, Post
from data_access.settings import add_setting
from tests.answers.brand_rows import add_mentions
from tests.answers.store import DAY, MONDAY, add_active, add_channel, add_daily, add_turn_day, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def public_measures() -> set[str]:
    return {
        name
        for module in (measures, sold)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation is Figure
    }


def test_every_public_measure_is_in_the_catalogue() -> None:
    assert public_measures() == {metric.compute.__name__ for metric in METRICS}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_entry_has_every_field(metric: Metric) -> None:
    for item in fields(metric):
        if item.name not in ("compute", "sold"):
            assert str(getattr(metric, item.name)).strip(), item.name
    assert metric.unit in {"count", "share", "points", "seconds", "money"}
    assert metric.direction in {"up", "down", "neither"}
    assert metric.question.endswith("?")
    assert metric.name == metric.compute.__name__
    assert set(describe(metric)) == {item.name for item in fields(metric)} - {"compute", "sold"}


def test_names_are_unique() -> None:
    assert len({metric.name for metric in list_metrics()}) == len(METRICS)
    assert len({metric.label for metric in list_metrics()}) == len(METRICS)


def test_number_is_the_sum_of_its_series_when_a_clock_dated_posts_ahead(session: Session) -> None:
    add_channel(session, 1)
    for days, posts in ((0, 3), (1, 2), (5, 40)):
        add_daily(session, MONDAY + days * DAY, 1, posts=posts)
    scope = read_scope(session, today=MONDAY + 2 * DAY)
    answer = compute_metric(session, "posts", WEEK, by="day", scope=scope)
    assert (answer.value, answer.series["value"].sum()) == (5, 5)
    assert math.isnan(compute_metric(session, "posts", WEEK.between(MONDAY + 4 * DAY, WEEK.end), scope=scope).value)


def test_find_metric_says_where_to_look_when_name_is_unknown() -> None:
    with pytest.raises(UnknownMetric, match="rapport metrics"):
        find_metric("vibes")


def add_week(session: Session) -> None:
    """Two weeks: the one before with 4 posts, then MONDAY with 10 and its Tuesday with 6."""
    session.add_all([Brand(id=1, name="Ours"), Brand(id=2, name="Theirs", is_competitor=True)])
    session.flush()
    add_channel(session, 1, brand=1)
    add_channel(session, 2, brand=2)
    add_daily(session, MONDAY - 7 * DAY, positive=3, negative=1)
    counts = {"comments": 4, "questions": 3, "shared": 2, "likes": 30, "replies": 8, "shares": 2}
    reporting = {"likes_posts": 10, "replies_posts": 9, "shares_posts": 8}
    seen = {"views": 1_000, "view_engagements": 40, "view_posts": 8}
    talked = {"conversation_views": 1_500, "view_conversations": 10, "conversation_posts": 9}
    reached = {"reach": 500, "reach_engagements": 40, "reach_posts": 5}
    add_daily(
        session, MONDAY, posts=10, positive=5, neutral=2, negative=2, **counts, **reporting, **seen, **talked, **reached
    )
    add_daily(session, MONDAY + DAY, posts=6, negative=3, unknown_authors=1, views=1_000, view_posts=1)
    add_daily(session, MONDAY, side="team", posts=5, views=100, view_engagements=9, view_posts=5)
    add_daily(session, MONDAY, side="excluded", posts=99)
    add_daily(session, MONDAY, channel=2, posts=48)
    add_active(session, MONDAY - 7 * DAY, [1, 2])
    add_active(session, MONDAY, [1, 3, 4])
    add_active(session, MONDAY + DAY, [3])
    add_active(session, MONDAY + 8 * DAY, [1, 5])
    add_daily(session, MONDAY + 8 * DAY, posts=2)
    session.add(Post(id=1, network="t", source="s", native_id="1", channel_id=1, occurred_at=at(MONDAY + 8 * DAY, 12)))
    add_turn_day(
        session, MONDAY, seconds=[60, 120, 600], business=[60, 60, 60], open_since=[at(MONDAY, 9), at(MONDAY, 10)]
    )
    for day, topic, posts, labels in (
        (-7, "Refunds", 2, {"negative": 2}),
        (0, "Refunds", 3, {"positive": 2, "negative": 1}),
        (1, "Parcels", 1, {"negative": 1}),
        (1, "Refunds", 1, {}),
    ):
        session.add(TopicDay(day=MONDAY + day * DAY, channel_id=1, topic=topic, posts=posts, **labels))
    add_sold(session)
    add_voice(session)
    session.flush()


def add_voice(session: Session) -> None:
    """Ours is named by 1, 2 and 3 in 6 posts, Theirs by 3 and 4 in 2; the week before Ours in 3 posts by 1."""
    add_mentions(session, MONDAY - 7 * DAY, 1, 3, [1], positive=1)
    add_mentions(session, MONDAY, 1, 4, [1, 2], positive=3, negative=1, reach=300, reach_posts=2)
    add_mentions(session, MONDAY + DAY, 1, 2, [1, 3], channel=2, negative=1)
    add_mentions(session, MONDAY + DAY, 2, 2, [3, 4], reach=100, reach_posts=1)


def add_sold(session: Session) -> None:
    for kind, number, day, amount in (("order", 1, -7, 500), ("order", 2, 0, 4_000), ("deal", 3, 1, 20_000)):
        sale = {"sale_kind": kind, "fact_id": number, "person_id": 0, "currency": "EUR", "amount_minor": amount}
        session.add(Sale(**sale, day=MONDAY + day * DAY, occurred_at=at(MONDAY + day * DAY)))
    session.add(Sale(sale_kind="open_deal", fact_id=4, person_id=0, currency="EUR", amount_minor=7_000))
    for kind, day, key, sales, amount in (
        ("order", -7, "(any)", 1, 500),
        ("order", 0, "(any)", 2, 3_000),
        ("order", 0, "", 1, 1_000),
        ("deal", 1, "(any)", 1, 20_000),
    ):
        place = {"sale_kind": kind, "lookback_days": 30, "dimension": "all", "currency": "EUR", "key": key}
        session.add(CreditDay(**place, day=MONDAY + day * DAY, sales=sales, linear=amount))


EXPECTED = {
    "posts": (16, 4),
    "people": (3, 2),
    "new_people": (2, 2),
    "comments": (4, 0),
    "questions": (3, 0),
    "shares_made": (2, 0),
    "team_posts": (5, 0),
    "net_sentiment": (0, 50),
    "positive_posts": (5, 3),
    "neutral_posts": (2, 0),
    "negative_posts": (5, 1),
    "negative_share": (5 / 12, 1 / 4),
    "scored_share": (12 / 16, 1),
    "likes_received": (30, math.nan),
    "replies_received": (8, math.nan),
    "shares_received": (2, math.nan),
    "audience_engagement": (10 / 1_500, math.nan),
    "engagement_rate_by_views": (40 / 2_000, math.nan),
    "engagement_rate_by_reach": (40 / 500, math.nan),
    "team_engagement_rate_by_views": (9 / 100, math.nan),
    "median_response_seconds": (120, math.nan),
    "mean_response_seconds": (260, math.nan),
    "p90_response_seconds": (504, math.nan),
    "median_business_response_seconds": (60, math.nan),
    "mean_business_response_seconds": (60, math.nan),
    "p90_business_response_seconds": (60, math.nan),
    "response_rate": (3 / 5, math.nan),
    "turns_opened": (5, 0),
    "turns_closed": (3, 0),
    "turns_open": (2, 0),
    "stickiness": (4 / 7 / 3, 2 / 7 / 2),
    "retention_day_7": (1 / 2, 1 / 2),  # 3 came back on Tuesday, 4 did not; of the week before 1 came back on day 7
    "share_of_voice": (6 / 8, 1),
    "share_of_voice_people": (3 / 5, 1),  # 3 names both, and counts for both
    "share_of_voice_reach": (3 / 4, math.nan),
    "brand_mentions": (6, 3),
    "brand_net_sentiment": (20, 100),
    "topic_mentions": (5, 2),
    "topic_trend": (4 / 5, 1),
    "topic_net_sentiment": (0, -100),
    "extra_orders": (math.nan, math.nan),  # computed on the Revenue page
    "comes_before": (math.nan, math.nan),
    "engagement_score": (math.nan, math.nan),  # computed on the profile
    "circle_change": (math.nan, math.nan),
    "revenue": (40, 5),
    "orders": (3, 1),
    "won_deals_amount": (200, math.nan),  # the first deal was won only in the period itself
    "won_deals": (1, math.nan),
    "attributed_revenue": (30, 5),
    "unattributed_revenue": (10, 0),
    "influenced_share": (3 / 4, 1),
    "open_pipeline": (70, math.nan),  # what was open before nobody knows
}


def test_every_metric_has_its_hand_computed_value(session: Session) -> None:
    add_week(session)
    answers = compute_metrics(session, EXPECTED, WEEK)
    assert set(EXPECTED) == {metric.name for metric in METRICS}
    found = {name: (answer.value, answer.previous) for name, answer in answers.items()}
    for name, values in EXPECTED.items():
        assert found[name] == pytest.approx(values, nan_ok=True), name


def test_compute_metric_says_change_numerator_and_coverage(session: Session) -> None:
    add_week(session)
    answer = compute_metric(session, "negative_share", WEEK)
    assert (answer.numerator, answer.denominator) == (5, 12)
    assert answer.change == pytest.approx(5 / 12 - 1 / 4)
    assert answer.relative_change == pytest.approx(2 / 3)
    assert answer.coverage == "sentiment scored for 12 of 16 posts"


def test_compute_metric_has_no_comparison_when_data_does_not_reach_back(session: Session) -> None:
    add_week(session)
    answer = compute_metric(session, "posts", Filters(MONDAY - 7 * DAY, MONDAY))
    assert answer.value == 4
    assert math.isnan(answer.previous)
    assert math.isnan(answer.change)


def test_compute_metric_is_nan_when_period_is_outside_the_data(session: Session) -> None:
    add_week(session)
    assert math.isnan(compute_metric(session, "posts", Filters(MONDAY + 20 * DAY, MONDAY + 27 * DAY)).value)


def test_compute_metrics_are_all_nan_when_store_is_empty(session: Session) -> None:
    for name, answer in compute_metrics(session, EXPECTED, WEEK, by="day").items():
        assert math.isnan(answer.value), name
        assert answer.series["value"].isna().all(), name


def test_compute_metric_series_by_day_adds_up_to_the_value(session: Session) -> None:
    add_week(session)
    answer = compute_metric(session, "posts", WEEK, by="day")
    assert answer.series["value"].tolist() == [10, 6, 0, 0, 0, 0, 0]
    assert answer.series["period"].dtype == "datetime64[us]"


@pytest.mark.parametrize(
    ("by", "periods", "days"),
    [("week", [date(2026, 2, 23), MONDAY], [4, 7]), ("month", [date(2026, 2, 1), date(2026, 3, 1)], [3, 8])],
)
def test_compute_metric_series_names_whole_weeks_and_months_when_period_cuts_them(
    session: Session, by: str, periods: list[date], days: list[int]
) -> None:
    add_week(session)
    answer = compute_metric(session, "posts", Filters(date(2026, 2, 26), MONDAY + 7 * DAY), by=by)
    assert answer.series["period"].tolist() == [pd.Timestamp(period) for period in periods]
    assert answer.series["days"].tolist() == days
    assert answer.series["value"].sum() == answer.value


def test_compute_metric_refuses_another_by(session: Session) -> None:
    with pytest.raises(ValueError, match="'hour'"):
        compute_metric(session, "posts", WEEK, by="hour")


def test_compute_metric_speaks_of_the_competitor_when_filter_names_it(session: Session) -> None:
    add_week(session)
    theirs = Filters(WEEK.start, WEEK.end, brands=("Theirs",))
    answers = compute_metrics(session, ["posts", "share_of_voice"], theirs)
    assert answers["posts"].value == 48
    assert answers["share_of_voice"].value == 2 / 8


def add_networks(session: Session) -> None:
    """Three weeks of twitter, and reddit only on Wednesday and Thursday of the second, each from 2 people."""
    add_channel(session, 1)
    add_channel(session, 2, network="reddit", source="r")
    add_channel(session, 3, network="reddit", source="r")
    for n in range(-7, 14):
        add_daily(session, MONDAY + n * DAY, channel=1, posts=5)
    for channel, day in ((2, 2), (2, 3), (3, 2)):
        add_daily(session, MONDAY + day * DAY, channel=channel, posts=4)
        add_active(session, MONDAY + day * DAY, [10 * channel, day], channel=channel)


def test_numbers_are_unknown_before_and_after_the_data_of_the_network(session: Session) -> None:
    add_networks(session)
    reddit = Filters(WEEK.start, WEEK.end, networks=("reddit",))
    answer = compute_metric(session, "posts", reddit, by="day")
    assert answer.value == 12
    assert math.isnan(answer.previous)
    assert answer.series["value"].fillna(-1).tolist() == [-1, -1, 8, 4, -1, -1, -1]
    later = compute_metric(session, "posts", reddit.between(WEEK.end, WEEK.end + 7 * DAY))
    assert math.isnan(later.value)
    assert compute_metric(session, "posts", WEEK).previous == 35


def test_numbers_are_zero_when_the_channel_is_silent_but_its_export_goes_on(session: Session) -> None:
    add_networks(session)
    thursday = Filters(MONDAY + 3 * DAY, MONDAY + 4 * DAY, channels=(3,))
    assert compute_metric(session, "posts", thursday).value == 0
    assert math.isnan(compute_metric(session, "posts", thursday.between(MONDAY + 4 * DAY, MONDAY + 5 * DAY)).value)


def test_stickiness_is_over_the_days_with_data_when_the_data_begins_later(session: Session) -> None:
    add_networks(session)
    answer = compute_metric(session, "stickiness", Filters(WEEK.start, WEEK.end, channels=(2,)))
    assert answer.value == pytest.approx(2 / 3)  # 2 of 3 people on each of two days


def test_counts_received_are_nan_when_the_network_never_reports_that_count(session: Session) -> None:
    add_channel(session)
    add_daily(session, MONDAY, posts=4, likes=7, likes_posts=3)
    answers = compute_metrics(session, ["likes_received", "shares_received", "audience_engagement"], WEEK)
    assert (answers["likes_received"].value, answers["likes_received"].coverage) == (
        7,
        "likes reported for 3 of 4 posts",
    )
    assert math.isnan(answers["shares_received"].value)
    assert answers["shares_received"].coverage == "shares reported for 0 of 4 posts"
    assert math.isnan(answers["audience_engagement"].value)
    assert answers["audience_engagement"].coverage == "replies, shares and views all reported for 0 of 4 posts"


def test_share_of_voice_is_nan_when_there_is_no_competitor(session: Session) -> None:
    add_channel(session)
    add_daily(session, MONDAY, posts=1)
    answer = compute_metric(session, "share_of_voice", WEEK)
    assert math.isnan(answer.value)
    assert answer.coverage == "no competitor is named in Settings or by a file"


def test_share_of_voice_is_nan_when_none_of_the_brands_is_ours(session: Session) -> None:
    add_channel(session)
    add_daily(session, MONDAY, posts=1)
    session.add(Brand(id=2, name="Theirs", is_competitor=True))
    session.flush()
    add_mentions(session, MONDAY, 2, 1)
    answers = compute_metrics(session, ["share_of_voice", "brand_mentions", "brand_net_sentiment"], WEEK)
    for answer in answers.values():
        assert math.isnan(answer.value)


def test_share_of_voice_counts_mentions_in_every_channel_or_those_that_the_filter_names(session: Session) -> None:
    add_week(session)
    every = compute_metric(session, "share_of_voice", WEEK)
    assert (every.numerator, every.denominator) == (6, 8)
    assert every.coverage == "compared with 1 other brand"
    one = compute_metric(session, "share_of_voice", Filters(WEEK.start, WEEK.end, channels=(1,)))
    assert (one.numerator, one.denominator) == (4, 6)
    ours = compute_metric(session, "share_of_voice", Filters(WEEK.start, WEEK.end, brands=("Ours",)))
    assert (ours.numerator, ours.denominator) == (6, 8)


def test_share_of_voice_by_day_is_of_that_days_mentions(session: Session) -> None:
    add_week(session)
    answers = compute_metrics(session, ["share_of_voice", "share_of_voice_people"], WEEK, by="day")
    assert answers["share_of_voice"].series["value"].tolist()[:2] == [1, 1 / 2]
    assert answers["share_of_voice_people"].series["value"].tolist()[:2] == [1, 1 / 2]


def test_share_of_voice_by_reach_says_for_how_many_mentions_it_is_known(session: Session) -> None:
    add_week(session)
    answer = compute_metric(session, "share_of_voice_reach", WEEK)
    assert (answer.numerator, answer.denominator) == (300, 400)
    assert answer.coverage == "reach reported for 3 of 8 mentions"


def test_response_rate_leaves_out_who_waits_less_than_the_target(session: Session) -> None:
    add_week(session)
    minutes = int((at(MONDAY + 8 * DAY, 12) - at(MONDAY, 9)) / timedelta(minutes=1)) - 30
    add_setting(session, key="response_target_minutes", value=minutes, decided_by="Ada")
    answer = compute_metric(session, "response_rate", WEEK)
    assert answer.value == 3 / 4  # one of two that wait is younger than the target
    assert "1 younger" in answer.coverage


def test_response_rate_is_unknown_where_nobody_is_named_as_the_team(session: Session) -> None:
    add_channel(session, 1)
    add_daily(session, MONDAY, posts=2)
    add_turn_day(session, MONDAY, open_since=[at(MONDAY, 9), at(MONDAY, 10)])
    session.flush()
    answer = compute_metric(session, "response_rate", WEEK)
    assert (math.isnan(answer.value), answer.coverage) == (True, measures.NO_TEAM)
    session.add(Identity(id=1, network="t", source="s", native_id="ann", is_team=True))
    session.flush()
    session.add(AccountRole(identity_id=1, role=Role.TEAM))
    session.flush()
    answer = compute_metric(session, "response_rate", WEEK)
    assert (answer.value, answer.coverage) == (0, "")


def test_retention_leaves_out_who_came_less_than_seven_days_before_the_end(session: Session) -> None:
    add_week(session)
    answer = compute_metric(session, "retention_day_7", Filters(MONDAY + 7 * DAY, MONDAY + 14 * DAY))
    assert math.isnan(answer.value)
    assert answer.coverage == "followed for 7 days: 0 of 1 new people"


def test_compute_metric_parts_add_up_to_the_whole_when_split_by_channel(session: Session) -> None:
    add_week(session)
    parts: list[Any] = [
        compute_metric(session, "posts", Filters(WEEK.start, WEEK.end, channels=(number,))).value for number in (1, 2)
    ]
    assert parts == [16, 48]
    assert compute_metric(session, "posts", Filters(WEEK.start, WEEK.end, channels=(1, 2))).value == sum(parts)
