"""The numbers of the catalogue: each a function from a slice of the rollups to a figure."""

import math
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from answers.slices import DaySums, Slice
from metrics import engagement
from metrics.participation import stickiness as stickiness_of
from metrics.ratios import ratio
from metrics.retention import came_back_within
from metrics.scorecard import share_of_voice as share_of_voice_of
from metrics.scorecard import topic_trend as topic_trend_of
from metrics.sentiment import balance_of
from metrics.sentiment import net_sentiment as net_sentiment_of

RETENTION_DAYS = 7
#: What is said where no account is known to be the team's: nothing can count as its answer.
NO_TEAM = "nobody is named as the team: say in Settings which accounts are ours"


@dataclass(frozen=True)
class Figure:
    """A number, what it is a ratio of (NaN where it is none), and which part of the posts it rests on, in words."""

    value: float
    numerator: float = math.nan
    denominator: float = math.nan
    coverage: str = ""


def _of(part: int, whole: int, words: str) -> str:
    return f"{words} {part:,} of {whole:,} posts"


def _count(slice_: Slice, name: str) -> Figure:
    return Figure(slice_.inbound.total(name))


def posts(slice_: Slice) -> Figure:
    return _count(slice_, "posts")


def comments(slice_: Slice) -> Figure:
    return _count(slice_, "comments")


def questions(slice_: Slice) -> Figure:
    return _count(slice_, "questions")


def shares_made(slice_: Slice) -> Figure:
    return _count(slice_, "shared")


def team_posts(slice_: Slice) -> Figure:
    return Figure(slice_.team.total("posts"))


def _known_authors(slice_: Slice) -> str:
    written = slice_.inbound.total("posts")
    return _of(written - slice_.inbound.total("unknown_authors"), written, "author known for")


def people(slice_: Slice) -> Figure:
    return Figure(slice_.people, coverage=_known_authors(slice_))


def new_people(slice_: Slice) -> Figure:
    return Figure(slice_.new_people, coverage=_known_authors(slice_))


def stickiness(slice_: Slice) -> Figure:
    active, window = slice_.active, slice_.people
    present = sum(len(members) for members in active.values())
    if slice_.days == 0:
        return Figure(math.nan)
    daily = pd.Series([len(members) for members in active.values()] + [0] * (slice_.days - len(active)), dtype="int64")
    return Figure(stickiness_of(daily, window), present / slice_.days, window, _known_authors(slice_))


def retention_day_7(slice_: Slice) -> Figure:
    last = slice_.rollups.span[1]
    people = slice_.rollups.people
    newcomers = people.newcomers(slice_.start, slice_.end)
    observed = {
        day: members
        for day, members in newcomers.items()
        if last is not None and day + timedelta(days=RETENTION_DAYS) <= last
    }
    active = people.by_day(slice_.start, slice_.end + timedelta(days=RETENTION_DAYS))
    back, came = came_back_within(active, observed, RETENTION_DAYS)
    everyone = sum(len(members) for members in newcomers.values())
    words = f"followed for {RETENTION_DAYS} days: {came:,} of {everyone:,} new people"
    return Figure(ratio(back, came), back, came, words)


def _scored(slice_: Slice) -> int:
    return sum(slice_.inbound.total(label) for label in ("positive", "neutral", "negative"))


def _scored_words(slice_: Slice) -> str:
    return _of(_scored(slice_), slice_.inbound.total("posts"), "sentiment scored for")


def _labelled(slice_: Slice, label: str) -> Figure:
    scored = _scored(slice_)
    count = slice_.inbound.total(label) if scored else math.nan
    return Figure(count, coverage=_scored_words(slice_))


def positive_posts(slice_: Slice) -> Figure:
    return _labelled(slice_, "positive")


def neutral_posts(slice_: Slice) -> Figure:
    return _labelled(slice_, "neutral")


def negative_posts(slice_: Slice) -> Figure:
    return _labelled(slice_, "negative")


def _net_sentiment(counts: DaySums) -> float:
    return balance_of(counts.total("positive"), counts.total("neutral"), counts.total("negative"))


def net_sentiment(slice_: Slice) -> Figure:
    balance = slice_.inbound.total("positive") - slice_.inbound.total("negative")
    return Figure(_net_sentiment(slice_.inbound), balance, _scored(slice_), _scored_words(slice_))


def negative_share(slice_: Slice) -> Figure:
    negative, scored = slice_.inbound.total("negative"), _scored(slice_)
    return Figure(ratio(negative, scored), negative, scored, _scored_words(slice_))


def scored_share(slice_: Slice) -> Figure:
    scored, written = _scored(slice_), slice_.inbound.total("posts")
    return Figure(ratio(scored, written), scored, written, _scored_words(slice_))


def _received(slice_: Slice, name: str) -> Figure:
    reporting = slice_.inbound.total(f"{name}_posts")
    coverage = _of(reporting, slice_.inbound.total("posts"), f"{name} reported for")
    return Figure(slice_.inbound.total(name) if reporting else math.nan, coverage=coverage)


def likes_received(slice_: Slice) -> Figure:
    return _received(slice_, "likes")


def replies_received(slice_: Slice) -> Figure:
    return _received(slice_, "replies")


def shares_received(slice_: Slice) -> Figure:
    return _received(slice_, "shares")


def _rate(counts: DaySums, numerator: str, audience: str, reporting: str, words: str) -> Figure:
    coverage = _of(counts.total(reporting), counts.total("posts"), f"{words} all reported for")
    engagements, seen = counts.total(numerator), counts.total(audience)
    return Figure(engagement.engagement_rate(engagements, seen), engagements, seen, coverage)


def _rate_by_views(counts: DaySums) -> Figure:
    return _rate(counts, "view_engagements", "views", "view_posts", "likes, replies, shares and views")


def engagement_rate_by_views(slice_: Slice) -> Figure:
    return _rate_by_views(slice_.inbound)


def engagement_rate_by_reach(slice_: Slice) -> Figure:
    words = "likes, replies, shares and reach"
    return _rate(slice_.inbound, "reach_engagements", "reach", "reach_posts", words)


def audience_engagement(slice_: Slice) -> Figure:
    columns = ("view_conversations", "conversation_views", "conversation_posts")
    return _rate(slice_.inbound, *columns, "replies, shares and views")


def team_engagement_rate_by_views(slice_: Slice) -> Figure:
    return _rate_by_views(slice_.team)


def turns_opened(slice_: Slice) -> Figure:
    return Figure(slice_.turns.total("opened"))


def turns_closed(slice_: Slice) -> Figure:
    return Figure(slice_.turns.total("closed"))


def turns_open(slice_: Slice) -> Figure:
    return Figure(slice_.turns.total("opened") - slice_.turns.total("closed"))


def response_rate(slice_: Slice) -> Figure:
    opened, closed, pending = slice_.turns.total("opened"), slice_.turns.total("closed"), slice_.young_turns
    if opened and not closed and not slice_.rollups.has_team:
        return Figure(math.nan, coverage=NO_TEAM)
    coverage = f"{pending:,} younger than the target left out" if pending else ""
    return Figure(engagement.response_rate(closed, opened, pending), closed, opened - pending, coverage)


def _answered(slice_: Slice, times: engagement.ResponseTimes) -> str:
    return f"answered: {times.turns:,} of {slice_.turns.total('opened'):,} turns"


def median_response_seconds(slice_: Slice) -> Figure:
    times = slice_.response_times
    return Figure(times.median, coverage=_answered(slice_, times))


def mean_response_seconds(slice_: Slice) -> Figure:
    times = slice_.response_times
    return Figure(times.mean, coverage=_answered(slice_, times))


def p90_response_seconds(slice_: Slice) -> Figure:
    times = slice_.response_times
    return Figure(times.p90, coverage=_answered(slice_, times))


def median_business_response_seconds(slice_: Slice) -> Figure:
    times = slice_.business_times
    return Figure(times.median, coverage=_answered(slice_, times))


def mean_business_response_seconds(slice_: Slice) -> Figure:
    times = slice_.business_times
    return Figure(times.mean, coverage=_answered(slice_, times))


def p90_business_response_seconds(slice_: Slice) -> Figure:
    times = slice_.business_times
    return Figure(times.p90, coverage=_answered(slice_, times))


def _no_voice(slice_: Slice) -> Figure | None:
    """Why there is no share of voice, where there is none."""
    voices = slice_.rollups.brands.voices
    if not voices.rivals:
        return Figure(math.nan, coverage="no competitor is named in Settings or by a file")
    if not voices.ours:
        return Figure(math.nan, coverage="none of our brands is named in Settings or by a file")
    return None


def _against(slice_: Slice) -> str:
    rivals = len(slice_.rollups.brands.voices.rivals)
    return f"compared with {rivals:,} other brand{'s' if rivals != 1 else ''}"


def brand_mentions(slice_: Slice) -> Figure:
    if not slice_.rollups.brands.voices.ours:
        return Figure(math.nan, coverage="none of our brands is named in Settings or by a file")
    return Figure(slice_.our_mentions.total("posts"))


def brand_net_sentiment(slice_: Slice) -> Figure:
    rows = slice_.our_mentions
    positive, neutral, negative = (rows.total(name) for name in ("positive", "neutral", "negative"))
    scored = positive + neutral + negative
    coverage = f"sentiment scored for {scored:,} of {rows.total('posts'):,} mentions"
    return Figure(_net_sentiment(rows), positive - negative, scored, coverage)


def share_of_voice(slice_: Slice) -> Figure:
    if missing := _no_voice(slice_):
        return missing
    ours, theirs = slice_.our_mentions.total("posts"), slice_.rival_mentions.total("posts")
    return Figure(share_of_voice_of(ours, theirs), ours, ours + theirs, _against(slice_))


def share_of_voice_people(slice_: Slice) -> Figure:
    if missing := _no_voice(slice_):
        return missing
    voices = slice_.rollups.brands.voices
    ours, theirs = slice_.people_mentioning(voices.our_ids), slice_.people_mentioning(voices.rival_ids)
    return Figure(share_of_voice_of(ours, theirs), ours, ours + theirs, _against(slice_))


def share_of_voice_reach(slice_: Slice) -> Figure:
    if missing := _no_voice(slice_):
        return missing
    both = (slice_.our_mentions, slice_.rival_mentions)
    ours, theirs = (rows.total("reach") for rows in both)
    reporting, mentions = (sum(rows.total(name) for rows in both) for name in ("reach_posts", "posts"))
    coverage = f"reach reported for {reporting:,} of {mentions:,} mentions"
    return Figure(share_of_voice_of(ours, theirs), ours, ours + theirs, coverage)


#: What is of mentions of brands, and so of the days of the channels where these are looked for.
OF_VOICE = frozenset({brand_mentions, brand_net_sentiment, share_of_voice, share_of_voice_people, share_of_voice_reach})


def topic_mentions(slice_: Slice) -> Figure:
    return Figure(int(slice_.topics["posts"].sum()))


def topic_trend(slice_: Slice) -> Figure:
    by_topic = slice_.topics.groupby("topic")["posts"].sum()
    if by_topic.empty:
        return Figure(math.nan, 0, 0, "no topic is mentioned")
    leading, mentions, every = str(by_topic.idxmax()), int(by_topic.max()), int(by_topic.sum())
    coverage = f"{leading}: {mentions:,} of {every:,} mentions"
    return Figure(topic_trend_of(mentions, every), mentions, every, coverage)


def topic_net_sentiment(slice_: Slice) -> Figure:
    counts = slice_.topics[["positive", "neutral", "negative"]].sum()
    scored, balance = int(counts.sum()), int(counts["positive"] - counts["negative"])
    coverage = f"sentiment scored for {scored:,} of {int(slice_.topics['posts'].sum()):,} mentions"
    return Figure(net_sentiment_of(slice_.topics), balance, scored, coverage)


_ON_REVENUE = "shown on the Revenue page, where it is computed from single customers"


def extra_orders(slice_: Slice) -> Figure:
    return Figure(math.nan, coverage=_ON_REVENUE)


def comes_before(slice_: Slice) -> Figure:
    return Figure(math.nan, coverage=_ON_REVENUE)


def circle_change(slice_: Slice) -> Figure:
    return Figure(math.nan, coverage="of one person's circle at a time: their profile shows it")


def engagement_score(slice_: Slice) -> Figure:
    return Figure(math.nan, coverage="of one person at a time: their profile shows it")
