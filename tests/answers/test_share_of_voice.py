"""Us and the competitors, on days that a reader can add up."""

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from answers.catalogue import compute_metrics
from answers.filters import Filters
from answers.records import RecordFilters, read_records
from answers.share_of_voice import ShareOfVoice, choose_by, read_share_of_voice, read_spike
from data_access.models.decisions import Mute
from data_access.models.derived import BrandDay, BrandMention, PostTopic
from data_access.settings import add_setting
from tests.answers.brand_rows import OTHERS, OURS, THEIRS, add_brands, add_mentions, add_topic_mentions
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


@pytest.fixture
def market(session: Session) -> Session:
    """Two channels with posts from two weeks before to the end of the week; this week 8 mentions, 5 of them of us."""
    add_brands(session)
    add_channel(session, 1, brand=OURS)
    add_channel(session, 2, brand=THEIRS, network="reddit")
    for day, channel in ((-14, 1), (-14, 2), (6, 1), (6, 2)):
        add_daily(session, MONDAY + day * DAY, channel, posts=1)
    add_mentions(session, MONDAY - 3 * DAY, OURS, 2, [1])
    add_mentions(session, MONDAY - 3 * DAY, THEIRS, 6, [2])
    add_mentions(session, MONDAY, OURS, 3, [1, 2], positive=2, negative=1, views=30, views_posts=2)
    add_mentions(session, MONDAY, THEIRS, 2, [2, 3], channel=2, negative=2)
    add_mentions(session, MONDAY + DAY, OURS, 2, [2], channel=2, neutral=2, views=10, views_posts=1)
    add_mentions(session, MONDAY + 3 * DAY, THEIRS, 1, [3], positive=1)
    return session


def _by_name(voice: ShareOfVoice) -> dict[str, dict[str, object]]:
    return {row["brand"]: row for row in voice.by_brand.to_dict("records")}


def test_brands_have_mentions_people_and_views_with_their_shares(market: Session) -> None:
    voice = read_share_of_voice(market, WEEK)
    assert voice.by_brand["brand"].tolist() == ["Ours", "Theirs", "Others"]
    rows = _by_name(voice)
    ours, theirs, others = rows["Ours"], rows["Theirs"], rows["Others"]
    assert (ours["mentions"], theirs["mentions"], others["mentions"]) == (5, 3, 0)
    assert (ours["mentions_share"], theirs["mentions_share"]) == (5 / 8, 3 / 8)
    assert (ours["people"], theirs["people"]) == (2, 2)
    assert ours["people_share"] == 1 / 2
    assert voice.reach_of == "views"
    assert (ours["reach"], ours["reach_posts"]) == (40, 3)
    assert math.isnan(theirs["reach"])  # type: ignore[arg-type]
    assert ours["reach_share"] == 1


def test_brands_are_compared_with_the_period_before(market: Session) -> None:
    rows = _by_name(read_share_of_voice(market, WEEK))
    assert (rows["Ours"]["mentions_before"], rows["Ours"]["mentions_change"]) == (2, 3)
    assert rows["Ours"]["mentions_share_before"] == 1 / 4
    assert rows["Ours"]["mentions_share_change"] == pytest.approx(5 / 8 - 1 / 4)
    longer = read_share_of_voice(market, Filters(MONDAY - 7 * DAY, MONDAY + 7 * DAY))
    assert longer.by_brand["mentions_before"].isna().all(), "data does not reach back so far"


def test_brands_have_the_sentiment_of_their_mentions(market: Session) -> None:
    rows = _by_name(read_share_of_voice(market, WEEK))
    assert (rows["Ours"]["scored"], rows["Ours"]["net_sentiment"]) == (5, 20)
    assert rows["Theirs"]["net_sentiment"] == pytest.approx(-100 / 3)
    assert math.isnan(rows["Others"]["net_sentiment"])  # type: ignore[arg-type]


def test_page_and_catalogue_agree(market: Session) -> None:
    voice = read_share_of_voice(market, WEEK)
    ours = voice.by_brand[voice.by_brand["is_ours"]]
    numbers = compute_metrics(market, ["share_of_voice", "share_of_voice_people", "brand_mentions"], WEEK)
    assert numbers["share_of_voice"].value == ours["mentions_share"].sum()
    assert numbers["share_of_voice_people"].value == ours["people_share"].sum()
    assert numbers["brand_mentions"].value == ours["mentions"].sum()


def test_brands_are_counted_in_the_channels_that_the_filters_name(market: Session) -> None:
    reddit = _by_name(read_share_of_voice(market, Filters(WEEK.start, WEEK.end, networks=("reddit",))))
    assert (reddit["Ours"]["mentions"], reddit["Theirs"]["mentions"]) == (2, 2)
    one = _by_name(read_share_of_voice(market, Filters(WEEK.start, WEEK.end, channels=(1,))))
    assert (one["Ours"]["mentions"], one["Theirs"]["mentions"]) == (3, 1)


def test_a_competitor_is_compared_with_all_others_when_the_filters_name_it(market: Session) -> None:
    voice = read_share_of_voice(market, Filters(WEEK.start, WEEK.end, brands=("Theirs",)))
    assert [brand.name for brand in voice.voices.ours] == ["Theirs"]
    assert [brand.name for brand in voice.voices.rivals] == ["Others", "Ours"]
    assert voice.by_brand.iloc[0]["mentions_share"] == 3 / 8


def test_settings_say_whose_a_brand_is(market: Session) -> None:
    add_setting(market, key="own_brands", value=["Ours", "Theirs"], decided_by="Ada")
    voice = read_share_of_voice(market, WEEK)
    assert [brand.name for brand in voice.voices.rivals] == ["Others"]
    assert voice.by_brand.loc[voice.by_brand["is_ours"], "mentions_share"].sum() == 1


def test_days_have_a_row_for_each_brand_also_where_nobody_names_it(market: Session) -> None:
    voice = read_share_of_voice(market, WEEK, "day")
    assert len(voice.over_time) == 7 * 3
    ours = voice.over_time[voice.over_time["brand"] == "Ours"]
    assert ours["mentions"].tolist() == [3, 2, 0, 0, 0, 0, 0]
    assert ours["people"].tolist() == [2, 1, 0, 0, 0, 0, 0]
    assert ours["mentions_share"].tolist()[:2] == [3 / 5, 1]
    assert math.isnan(ours["mentions_share"].tolist()[2])


@pytest.mark.parametrize(("by", "mentions", "people"), [("week", [2, 5], [1, 2]), ("month", [2, 5], [1, 2])])
def test_weeks_and_months_count_each_person_once(
    market: Session, by: str, mentions: list[int], people: list[int]
) -> None:
    voice = read_share_of_voice(market, Filters(MONDAY - 7 * DAY, MONDAY + 7 * DAY), by)
    ours = voice.over_time[voice.over_time["brand"] == "Ours"]
    assert ours["mentions"].tolist() == mentions
    assert ours["people"].tolist() == people


@pytest.mark.parametrize(("days", "by"), [(7, "day"), (62, "day"), (63, "week"), (400, "week"), (401, "month")])
def test_steps_grow_with_the_period(days: int, by: str) -> None:
    assert choose_by(Filters(MONDAY, MONDAY + days * DAY)) == by


def test_topics_say_which_part_of_a_brands_mentions_they_are(market: Session) -> None:
    add_topic_mentions(market, MONDAY, OURS, "Parcels", 2, positive=1, negative=1)
    add_topic_mentions(market, MONDAY, THEIRS, "Parcels", 1)
    rows = read_share_of_voice(market, WEEK).by_topic
    found = rows[["topic", "brand", "mentions", "share", "scored"]].to_numpy().tolist()
    assert found == [["Parcels", "Ours", 2, 2 / 5, 2], ["Parcels", "Theirs", 1, 1 / 3, 0]]


def test_brand_is_praised_and_blamed_only_where_enough_posts_are_scored(market: Session) -> None:
    for brand, topic, positive, negative in (
        (OURS, "Light", 4, 1),
        (OURS, "Parcels", 4, 0),  # four scored posts are too few
        (OURS, "App", 2, 6),
        (OURS, "Price", 3, 3),
        (OURS, "Taste", 9, 2),
        (THEIRS, "App", 5, 0),
    ):
        counts = {"positive": positive, "negative": negative}
        add_topic_mentions(market, MONDAY, brand, topic, positive + negative, **counts)
    voice = read_share_of_voice(market, WEEK)
    assert voice.praised[["brand", "topic", "positive"]].to_numpy().tolist() == [
        ["Ours", "Taste", 9],
        ["Ours", "Light", 4],
        ["Theirs", "App", 5],
    ]
    assert voice.blamed[["brand", "topic", "negative"]].to_numpy().tolist() == [["Ours", "App", 6]]


@pytest.fixture
def quiet_then_loud(session: Session) -> Session:
    """Eight weeks with 4 mentions a day, then a Wednesday with 30, 12 of them about parcels."""
    add_brands(session)
    add_channel(session, 1)
    add_person(session, 1)
    for day in (-56, 6):
        add_daily(session, MONDAY + day * DAY, posts=1)
    for day in range(-56, 7):
        add_mentions(session, MONDAY + day * DAY, OURS, 30 if day == 2 else 4, [1])
    add_topic_mentions(session, MONDAY - 5 * DAY, OURS, "Parcels", 1)
    add_topic_mentions(session, MONDAY + 2 * DAY, OURS, "Parcels", 12)
    add_topic_mentions(session, MONDAY + 2 * DAY, OURS, "Light", 2)
    for number, (text, likes) in enumerate([("the parcel", 5), ("spoiler parcel", 9), ("a parcel", 7)], start=10):
        add_post(
            session, number, moment=at(MONDAY + 2 * DAY, 9 + number - 10), text=text, likes=likes, replies=0, shares=0
        )
        session.add(BrandMention(post_id=number, brand_id=OURS, occurred_at=at(MONDAY + 2 * DAY, 9 + number - 10)))
    session.flush()
    return session


def test_spike_is_a_day_above_what_is_usual_with_what_drove_it(quiet_then_loud: Session) -> None:
    (spike,) = read_share_of_voice(quiet_then_loud, WEEK).spikes.to_dict("records")
    assert (spike["day"], spike["brand"], spike["mentions"]) == (pd.Timestamp(MONDAY + 2 * DAY), "Ours", 30)
    assert (spike["expected"], spike["high"]) == (4, 4 + 3 * 2)
    assert spike["words"] == "Parcels in 12 posts"


@pytest.mark.parametrize(("mentions", "is_spike"), [(9, False), (10, True)])
def test_day_of_few_mentions_is_no_spike_when_the_days_before_had_hardly_any(
    market: Session, mentions: int, is_spike: bool
) -> None:
    for weeks in range(1, 9):
        add_mentions(market, MONDAY - 7 * weeks * DAY + 5 * DAY, THEIRS, 1)
        add_daily(market, MONDAY - 7 * weeks * DAY + 5 * DAY, channel=2, posts=1)
    add_mentions(market, MONDAY + 5 * DAY, THEIRS, mentions)
    spikes = read_share_of_voice(market, WEEK).spikes
    assert spikes["mentions"].tolist() == ([mentions] if is_spike else [])


def test_spike_leads_to_its_topics_and_most_liked_posts(quiet_then_loud: Session) -> None:
    spike = read_spike(quiet_then_loud, WEEK, OURS, MONDAY + 2 * DAY)
    assert spike.topics.to_numpy().tolist() == [["Parcels", 12, 1 / 28], ["Light", 2, 0]]
    assert spike.posts["text"].tolist() == ["spoiler parcel", "a parcel", "the parcel"]
    quiet_then_loud.add(Mute(decided_at=at(MONDAY), decided_by="Ada", kind="word", word="spoiler"))
    quiet_then_loud.flush()
    assert len(read_spike(quiet_then_loud, WEEK, OURS, MONDAY + 2 * DAY).posts) == 2


def test_nobody_is_talked_about_when_the_store_is_empty(session: Session) -> None:
    voice = read_share_of_voice(session, WEEK)
    assert voice.voices.all == ()
    assert voice.mentions == 0
    for frame in (voice.by_brand, voice.over_time, voice.by_topic, voice.praised, voice.blamed, voice.spikes):
        assert frame.empty


def test_records_of_a_brand_are_its_posts_newest_first_page_by_page(market: Session) -> None:
    add_person(market, 1)
    for number in range(10, 15):
        moment = at(MONDAY, number)
        add_post(market, number, moment=moment, channel=1 + number % 2, label="positive" if number < 12 else "negative")
        brand = THEIRS if number == 14 else OURS
        market.add(BrandMention(post_id=number, brand_id=brand, occurred_at=moment))
        market.add(PostTopic(post_id=number, topic="Light", occurred_at=moment)) if number > 11 else None
    market.flush()
    wanted = RecordFilters(WEEK, brand=OURS)
    first = read_records(market, wanted, limit=3)
    assert first.rows["post_id"].tolist() == [13, 12, 11], "in every channel, the competitor's too"
    second = read_records(market, wanted, limit=3, cursor=first.next_cursor)
    assert second.rows["post_id"].tolist() == [10]
    assert second.next_cursor is None
    for limits, ids in (
        ({"topic": "Light"}, [13, 12]),
        ({"label": "positive"}, [11, 10]),
        ({"person": 1}, [13, 12, 11, 10]),
    ):
        assert read_records(market, RecordFilters(WEEK, brand=OURS, **limits)).rows["post_id"].tolist() == ids
    one = RecordFilters(Filters(WEEK.start, WEEK.end, channels=(1,)), brand=OURS)
    assert read_records(market, one).rows["post_id"].tolist() == [12, 10]


days = st.tuples(st.integers(-10, 9), st.sampled_from([OURS, THEIRS, OTHERS]), st.sampled_from([1, 2]))
counts = st.tuples(st.integers(1, 9), st.sets(st.integers(1, 5), max_size=4), st.none() | st.integers(0, 50))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.dictionaries(days, counts, max_size=12), by=st.sampled_from(["day", "week", "month"]))
def test_shares_and_steps_add_up_whatever_is_said(
    market: Session, rows: dict[tuple[int, int, int], tuple[int, set[int], int | None]], by: str
) -> None:
    market.connection().execute(delete(BrandDay))
    for (day, brand, channel), (posts, people, views) in rows.items():
        seen = {} if views is None else {"views": views, "views_posts": 1}
        add_mentions(market, MONDAY + day * DAY, brand, posts, people, channel=channel, **seen)
    voice = read_share_of_voice(market, WEEK, by)
    inside = [posts for (day, _, _), (posts, _, _) in rows.items() if 0 <= day < 7]
    assert voice.mentions == sum(inside)
    assert voice.over_time["mentions"].sum() == voice.mentions
    for name in ("mentions", "people"):
        total = voice.by_brand[name].sum()
        assert voice.by_brand[f"{name}_share"].sum() == pytest.approx(1 if total else 0)
    assert (voice.by_brand["people"] <= voice.by_brand["mentions"] * 4).all()
    steps = voice.over_time.groupby("brand_id")["people"].sum()
    assert (steps >= voice.by_brand.set_index("brand_id")["people"].reindex(steps.index)).all()
