"""Topics on the pages: edited in Settings, by sentiment, and what one person likes."""

from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from answers.filters import Filters
from answers.records import RecordFilters
from answers.topics import Topics, read_person_topics, read_topic_trend, read_topics
from data_access.topics import list_topic_rules
from figures.bars import sentiment_bars_figure, sentiment_bars_takeaway
from jobs.text_rules import TOPICS, are_rules_due
from jobs.topics import LONGEST_NAME, BadTopic, decide_topic, retire_topic
from metrics.topics import BadPattern
from ui.cache import ask
from ui.charts import show_figure, show_trend
from ui.columns import change_column, points_column, share_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted
from ui.records import show_records
from ui.tables import show_table
from ui.text_rules import RuleEditor, RuleWords, edit_rule, show_due

NEW = "A new topic"
MOST_BARS = 12
EDITOR = RuleEditor(
    what="topic",
    rules=TOPICS,
    table="topic_rule",
    how=(
        "Words and phrases with commas or new lines between them; a post with any of them is about the topic. "
        '`refund*` takes every word that begins so, `"no, thanks"` a phrase with its comma, `#sale` only the hashtag, '
        "`-free refund` rules a post out."
    ),
    placeholder='refund*, money back, "no, thanks", -tax refund',
    finds="be about it",
    without="About no topic",
    decide=decide_topic,
    retire=retire_topic,
    refused=(BadTopic, BadPattern),
    longest_name=LONGEST_NAME,
    new=NEW,
)
COUNT: Any = st.column_config.NumberColumn
COLUMNS: dict[str, Any] = {
    "topic": "Topic",
    "posts": COUNT("Posts", format="localized"),
    "change": change_column("Change", help="Against the period of the same length before"),
    "share": share_column("Share", help="Of the mentions of all topics"),
    "net_sentiment": points_column("Net sentiment", help="(positive - negative) / scored, times 100"),
    "net_sentiment_change": change_column("Change of sentiment"),
    "positive": COUNT("Positive", format="localized"),
    "neutral": COUNT("Neutral", format="localized"),
    "negative": COUNT("Negative", format="localized"),
}
PERSON_COLUMNS: dict[str, Any] = {
    "topic": "Topic",
    "posts": COUNT("Posts", format="localized"),
    "net_sentiment": points_column("Net sentiment"),
    "positive": "Positive",
    "negative": "Negative",
}


def read_rules(session: Session) -> tuple[dict[str, str], bool]:
    """The pattern of each topic, and whether posts have yet to be read by some of them."""
    return list_topic_rules(session), are_rules_due(session, TOPICS)


def topics_form(here: Here) -> None:
    """The topics of the workspace: add, change and retire them, with what each would find before it is saved."""
    rules, is_due = ask(here, read_rules)
    show_due(here, EDITOR, is_due=is_due)
    edit_rule(here, EDITOR, {topic: RuleWords(words) for topic, words in rules.items()})


def show_topics(here: Here, filters: Filters) -> None:
    """How people feel about each topic; a bar or a row leads to its posts."""
    st.subheader("What do people talk about, and how do they feel about it?")
    topics: Topics = ask(here, read_topics, filters, scope=here.scope)
    if not topics.mentions:
        _say_why_empty(topics)
        return
    frame = topics.by_topic.assign(name=topics.by_topic["topic"])
    scored = frame[frame["scored"] > 0].head(MOST_BARS)
    takeaway = sentiment_bars_takeaway(scored, what="topic")
    points = show_figure(sentiment_bars_figure(scored), key="s_topics", takeaway=takeaway, select=True)
    every = counted(topics.mentions, "mention")
    st.caption(f"{plain(takeaway, longest=400)} A post counts once for each of its topics: {every}.")
    row = show_table(
        frame[list(COLUMNS)], name="topics", alt="Topics by posts and sentiment", columns=COLUMNS, select=True
    )
    clicked = str(points[0]["customdata"]) if points else None
    chosen = str(frame.iloc[row]["topic"]) if row is not None else clicked
    if chosen is None:
        st.caption("Choose a bar or a row to read its posts.")
        return
    _show_topic(here, filters, chosen)
    page_link("settings", "Change the words of topics in Settings")


def _say_why_empty(topics: Topics) -> None:
    if topics.rules:
        nothing_here("No post of this period is about a topic. Widen the filters, or give topics more words.")
    else:
        why = "There is no topic yet. A topic is a list of words, such as “refund*, money back”."
        nothing_here(why, button="Make topics in Settings", page="settings")


def _show_topic(here: Here, filters: Filters, topic: str) -> None:
    trend = ask(here, read_topic_trend, filters, topic, scope=here.scope)
    st.subheader(f"{plain(topic)} by day")
    show_trend(trend[["day", "value"]], name=f"Posts about {topic}", unit="count", key="s_topic_trend")
    show_records(here, RecordFilters(filters, topic=topic), title=f"Posts about {plain(topic)}", key="s_topic")


def show_person_topics(here: Here, person_id: int) -> None:
    """What a person likes and dislikes, by the topics of what they wrote; a row leads to these posts."""
    topics: pd.DataFrame = ask(here, read_person_topics, person_id)
    if topics.empty:
        nothing_here(
            "Nothing that they wrote is about a topic.",
            button="Topics in Settings",
            page="settings",
            key="person_topics",
        )
        return
    likes, dislikes, rest = st.columns(3)
    groups = (
        (likes, "Likes", topics["verdict"] == "likes", "Net positive, from two scored posts on."),
        (dislikes, "Dislikes", topics["verdict"] == "dislikes", "Net negative, from two scored posts on."),
        (rest, "Also speaks of", topics["verdict"].isna(), "Neither, or too few scored posts to tell."),
    )
    chosen = None
    for column, title, is_in, help_ in groups:
        with column:
            st.subheader(title, help=help_)
            group = topics[is_in]
            if group.empty:
                st.caption("Nothing that we know of.")
                continue
            name = f"person_{title.split()[0].lower()}"
            shown = group[list(PERSON_COLUMNS)]
            row = show_table(shown, name=name, alt=title, columns=PERSON_COLUMNS, select=True)
            chosen = chosen if row is None else str(group.iloc[row]["topic"])
    if chosen is None:
        st.caption("Choose a row to read what they wrote about it.")
        return
    wanted = RecordFilters(_all_days(here), topic=chosen, person=person_id)
    show_records(here, wanted, title=f"What they wrote about {plain(chosen)}", key="p_topic")


def _all_days(here: Here) -> Filters:
    """Every day with data, in every channel, the competitors' too."""
    last = here.scope.last_days(1)
    channels = tuple(sorted(int(channel) for channel in here.scope.channels["id"]))
    return Filters(here.scope.first_day or last.start, last.end, channels=channels)
