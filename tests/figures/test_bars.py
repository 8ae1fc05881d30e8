"""Bars of counts and of sentiment."""

import pandas as pd
import pytest

from figures.bars import (
    bars_figure,
    bars_takeaway,
    sentiment_bars_figure,
    sentiment_bars_takeaway,
    sentiment_days_figure,
    sentiment_days_takeaway,
)
from figures.template import LABEL_COLOURS

COUNTS = pd.DataFrame({"name": ["forum", "twitter", "slack"], "value": [10, 60, 30], "before": [5, 5, 5]})
SENTIMENT = pd.DataFrame(
    {"name": ["forum", "twitter", "slack"], "positive": [8, 1, 0], "neutral": [1, 1, 0], "negative": [1, 2, 0]}
)


def test_bars_figure_puts_the_longest_on_top() -> None:
    figure = bars_figure(COUNTS, x_title="posts")
    assert list(figure.data[0].y) == ["forum", "slack", "twitter"]  # Plotly draws the last one on top
    assert figure.layout.xaxis.title.text == "posts"


def test_bars_figure_adds_the_period_before_when_asked() -> None:
    assert [trace.name for trace in bars_figure(COUNTS, x_title="posts", before=True).data] == [
        "period before",
        "this period",
    ]


def test_bars_takeaway_names_the_leader_and_its_share() -> None:
    assert bars_takeaway(COUNTS, what="Posts by network") == (
        "Posts by network: twitter leads with 60, 60 % of 3 together."
    )


def test_bars_takeaway_says_so_when_there_is_no_data() -> None:
    assert "no data" in bars_takeaway(COUNTS.iloc[:0], what="Posts")


def test_sentiment_bars_figure_shows_shares_of_scored_posts() -> None:
    figure = sentiment_bars_figure(SENTIMENT)
    assert figure.layout.xaxis.ticksuffix == "\u00a0%"  # as percentages are written in words
    by_name = {trace.name: dict(zip(trace.y, trace.x, strict=True)) for trace in figure.data}
    assert by_name["negative"]["twitter"] == pytest.approx(50)
    assert by_name["positive"]["forum"] == pytest.approx(80)
    assert pd.isna(by_name["neutral"]["slack"])  # nothing scored there is not "none of them"
    negative = next(trace for trace in figure.data if trace.name == "negative")
    assert negative.marker.color == LABEL_COLOURS["negative"]
    assert negative.marker.pattern.shape == "/"  # not by colour alone


def test_sentiment_bars_takeaway_names_the_most_negative() -> None:
    assert sentiment_bars_takeaway(SENTIMENT, what="channel") == (
        "Sentiment by channel: most negative is twitter, with 50 % of its scored posts."
    )
    assert "nothing is scored" in sentiment_bars_takeaway(SENTIMENT.iloc[2:], what="channel")


def test_sentiment_days_figure_keeps_the_unscored_apart() -> None:
    frame = pd.DataFrame(
        {"day": pd.to_datetime(["2026-03-02"]), "positive": [1], "neutral": [2], "negative": [3], "unscored": [4]}
    )
    figure = sentiment_days_figure(frame)
    assert figure.layout.xaxis.tickformatstops[1].value == "%-d %b\n%Y", "days as in the other charts"
    assert {trace.name: trace.y[0] for trace in figure.data} == {
        "negative": 3,
        "neutral": 2,
        "positive": 1,
        "not scored": 4,
    }
    assert sentiment_days_takeaway(frame) == (
        "Posts a day by sentiment: 1 positive, 2 neutral, 3 negative; 4 not scored."
    )


def test_bars_name_as_it_stands_what_holds_markup() -> None:
    name = "<b>x</b> & y"
    for figure in (
        bars_figure(COUNTS.assign(name=name), x_title="posts"),
        sentiment_bars_figure(SENTIMENT.assign(name=name)),
    ):
        assert set(figure.data[0].y) == {"&lt;b&gt;x&lt;/b&gt; &amp; y"}
        assert set(figure.data[0].customdata) == {name}
