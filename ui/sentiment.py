"""The parts of the Sentiment page below its trend."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.records import RecordFilters
from answers.sentiment import Sentiment
from figures.bars import (
    sentiment_bars_figure,
    sentiment_bars_takeaway,
    sentiment_days_figure,
    sentiment_days_takeaway,
)
from ui.charts import show_figure
from ui.columns import points_column, share_column
from ui.engagement import distinct_names
from ui.guard import Here
from ui.markup import plain
from ui.numbers import counted, percent, whole
from ui.records import show_records
from ui.tables import show_table

MOST_BARS = 12
ENOUGH_LABELS = 30
GROUPS = {"Channel": "channel", "Network": "network", "Brand": "brand"}
SHOWN_LABELS = {
    "All": None,
    "Negative": "negative",
    "Neutral": "neutral",
    "Positive": "positive",
    "Not scored": "unscored",
}
COLUMNS: dict[str, Any] = {
    "positive": "Positive",
    "neutral": "Neutral",
    "negative": "Negative",
    "unscored": "Not scored",
    "net_sentiment": points_column("Net sentiment"),
    "negative_share": share_column("Negative share"),
}


def show_where(here: Here, sentiment: Sentiment) -> None:
    """Sentiment by channel, network or brand; a click leads to the posts."""
    st.subheader("Where do people feel better or worse?")
    by = st.segmented_control("By", list(GROUPS), default="Channel", key="s_by", bind="query-params", required=True)
    group = GROUPS[by or "Channel"]
    rows = {"channel": sentiment.by_channel, "network": sentiment.by_network, "brand": sentiment.by_brand}[group]
    frame = rows.assign(name=distinct_names(rows) if group == "channel" else rows[group])
    scored = frame[frame["scored"] > 0].head(MOST_BARS)
    takeaway = sentiment_bars_takeaway(scored, what=group)
    points = show_figure(sentiment_bars_figure(scored), key=f"s_where_{group}", takeaway=takeaway, select=True)
    titles = {group: by, **({"network": "Network"} if group == "channel" else {}), **COLUMNS}
    row = show_table(
        frame[list(titles)], name=f"sentiment_by_{group}", alt=f"Sentiment by {group}", columns=titles, select=True
    )
    clicked = frame[frame["name"] == str(points[0]["customdata"])] if points else frame.iloc[:0]
    chosen = frame.iloc[[row]] if row is not None else clicked
    if chosen.empty:
        st.caption("Choose a bar or a row to read its posts.")
        return
    wanted = RecordFilters(_narrowed(sentiment.filters, group, chosen))
    show_records(here, wanted, title=f"Posts: {plain(chosen['name'].iloc[0])}", key=f"s_{group}_posts")


def _narrowed(filters: Filters, group: str, chosen: pd.DataFrame) -> Filters:
    if group == "channel":
        return replace(filters, channels=(int(chosen["channel_id"].iloc[0]),))
    if group == "network":
        return replace(filters, networks=(str(chosen["network"].iloc[0]),))
    return replace(filters, brands=(str(chosen["brand"].iloc[0]),))


def show_likes(here: Here, sentiment: Sentiment) -> None:
    """The words that positive posts use more than negative ones, and the reverse."""
    st.subheader("What do people like, what not?")
    st.caption(
        f"Words and hashtags that set positive and negative posts apart: in the newest {whole(sentiment.texts)}."
    )
    left, right = st.columns(2)
    with left:
        liked = _terms(sentiment.likes, "More in positive posts", "likes", "Positive", "Negative")
    with right:
        disliked = _terms(sentiment.dislikes, "More in negative posts", "dislikes", "Negative", "Positive")
    for term, label in ((liked, "positive"), (disliked, "negative")):
        if term and term.startswith("#"):
            wanted = RecordFilters(sentiment.filters, tag=term, label=label)
            show_records(here, wanted, title=f"{label.capitalize()} posts with {plain(term)}", key=f"s_{label}_tag")
    if sentiment.likes.empty and sentiment.dislikes.empty:
        st.caption("Too few posts are scored in this period to tell.")


def _terms(terms: pd.DataFrame, title: str, name: str, here: str, there: str) -> str | None:
    columns = {"term": title, "posts": f"{here} posts", "other_posts": f"{there} posts"}
    row = show_table(terms[list(columns)], name=name, alt=title, columns=columns, select=True)
    return None if row is None else str(terms.iloc[row]["term"])


def show_posts(here: Here, filters: Filters) -> None:
    """The posts of the period by sentiment, each to be corrected where it is wrong."""
    shown = st.segmented_control(
        "Which posts", list(SHOWN_LABELS), default="Negative", key="s_label", bind="query-params", required=True
    )
    st.caption("Press another sentiment where the scorer is wrong: every number follows, and Undo takes it back.")
    wanted = RecordFilters(filters, label=SHOWN_LABELS[shown or "All"])
    show_records(here, wanted, title="Posts of the period", key="s_posts")


def show_days(sentiment: Sentiment) -> None:
    """How many posts a day, by sentiment."""
    st.subheader("How many posts does it rest on?")
    takeaway = sentiment_days_takeaway(sentiment.by_day)
    show_figure(sentiment_days_figure(sentiment.by_day), key="s_days", takeaway=takeaway)
    st.caption(takeaway)
    titles = {
        "day": st.column_config.DateColumn("Day", format="D MMM YYYY"),
        **{name: COLUMNS[name] for name in list(COLUMNS)[:4]},
    }
    show_table(sentiment.by_day, name="sentiment_by_day", alt="Posts a day by sentiment", columns=titles)


def show_scorer(sentiment: Sentiment) -> None:
    """How often the scorer agrees with people, on what they looked at."""
    st.subheader("How right is the scorer?")
    scorer = sentiment.scorer
    if not scorer.posts:
        st.caption(
            "Nobody has corrected a post of these channels yet, so nothing is known. Mark some under "
            "“Read and correct”: right ones too, or the measure counts only mistakes."
        )
        return
    few = (
        f" That is few: with {ENOUGH_LABELS} the numbers begin to mean something."
        if scorer.posts < ENOUGH_LABELS
        else ""
    )
    st.text(
        f"Of {counted(scorer.posts, 'post')} that people labelled, the scorer had {percent(scorer.accuracy)} right "
        f"(mean F1 of the labels: {percent(scorer.macro_f1)}).{few}"
    )
    st.caption("People correct what is wrong, so the true share is at least this.")
    columns = {"label": "People say", "model_label": "The scorer said", "posts": "Posts"}
    show_table(scorer.confusion, name="scorer", alt="Labels of people against labels of the scorer", columns=columns)
