"""Topics on the pages: edited with a live preview in Settings, by sentiment, and what one person likes."""

import zlib
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from answers.filters import Filters
from answers.records import RecordFilters
from answers.topic_preview import Example, TopicPreview, preview_topic
from answers.topics import Topics, read_person_topics, read_topic_trend, read_topics
from data_access.topics import list_topic_rules
from figures.bars import sentiment_bars_figure, sentiment_bars_takeaway
from jobs.launch import start_job
from jobs.topics import LONGEST_NAME, BadTopic, are_topics_due, decide_topic, retire_topic
from metrics.topics import BadPattern
from ui.actions import decide
from ui.cache import ask
from ui.charts import show_figure, show_trend
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted, percent, whole
from ui.progress import running_job
from ui.records import show_records
from ui.tables import show_table

NEW = "A new topic"
MOST_BARS = 12
SHOWN_EXAMPLES = 6
HOW = (
    "Words and phrases with commas or new lines between them; a post with any of them is about the topic. "
    '`refund*` takes every word that begins so, `"no, thanks"` a phrase with its comma, `#sale` only the hashtag, '
    "`-free refund` rules a post out."
)
COUNT: Any = st.column_config.NumberColumn
COLUMNS: dict[str, Any] = {
    "topic": "Topic",
    "posts": COUNT("Posts", format="localized"),
    "change": COUNT("Change", format="%+d", help="Against the period of the same length before"),
    "share": COUNT("Share", format="percent", help="Of the mentions of all topics"),
    "net_sentiment": COUNT("Net sentiment", format="%.0f", help="(positive - negative) / scored, times 100"),
    "net_sentiment_change": COUNT("Change of sentiment", format="%+.0f"),
    "positive": COUNT("Positive", format="localized"),
    "neutral": COUNT("Neutral", format="localized"),
    "negative": COUNT("Negative", format="localized"),
}
PERSON_COLUMNS: dict[str, Any] = {
    "topic": "Topic",
    "posts": COUNT("Posts", format="localized"),
    "net_sentiment": COUNT("Net sentiment", format="%.0f"),
    "positive": "Positive",
    "negative": "Negative",
}


def read_rules(session: Session) -> tuple[dict[str, str], bool]:
    """The pattern of each topic, and whether posts have yet to be read by some of them."""
    return list_topic_rules(session), are_topics_due(session)


def topics_form(here: Here) -> None:
    """The topics of the workspace: add, change and retire them, with what each would find before it is saved."""
    rules, is_due = ask(here, read_rules)
    _show_due(here, is_due)
    _edit_topic(here, rules)


def _show_due(here: Here, is_due: bool) -> None:
    if not is_due:
        return
    if running_job(here) is not None:
        st.caption("Posts from before are being read by the topics that stand now.")
    else:
        nothing_here(
            "A topic has changed, and posts from before have not been read by it yet.",
            button="Read them now",
            on_click=lambda: start_job(here.engine, "topics", {}),
            key="topics_due",
        )


@st.fragment
def _edit_topic(here: Here, rules: dict[str, str]) -> None:
    """A fragment, so that typing draws the preview anew and not the page."""
    left, right = st.columns([2, 3])
    with left:
        chosen = st.selectbox("Topic", [NEW, *rules], key="topic_chosen")
        known = chosen if chosen in rules else None
        # the pattern that stands is in the key, so that an undo or a colleague's change shows
        key = f"{known}_{zlib.crc32(rules.get(known or '', '').encode())}"
        name = known or st.text_input("Its name", max_chars=LONGEST_NAME, key=f"topic_name_{len(rules)}")
        words = st.text_area(
            "Words",
            rules.get(known or "", ""),
            key=f"topic_words_{key}_{len(rules)}",
            height=140,
            max_chars=10_000,
            placeholder='refund*, money back, "no, thanks", -tax refund',
        )
        st.caption(HOW)
        with st.container(horizontal=True):
            if st.button("Save topic", type="primary", disabled=not words.strip()):
                _save(here, name, words)
            if known and st.button("Retire", help="It is no longer looked for. Undo brings it back."):
                _decided(here, f"The topic {plain(known)} is retired.", retire_topic, topic=known)
    with right:
        _show_preview(here, words)


def _save(here: Here, name: str, words: str) -> None:
    try:
        _decided(here, f"The topic {plain(name)} is saved.", decide_topic, topic=name, pattern=words)
    except (BadTopic, BadPattern) as error:
        st.error(plain(str(error)))


def _decided(here: Here, said: str, action: Any, **details: Any) -> None:
    decide(said, "topic_rule", action, here.engine, decided_by=here.who, **details)
    start_job(here.engine, "topics", {})
    st.rerun()


def _show_preview(here: Here, words: str) -> None:
    if not here.scope.posts:
        st.caption("There is no post yet to try the words on.")
        return
    if not words.strip():
        st.caption("Type words, and see here what they find among the newest posts.")
        return
    try:
        preview: TopicPreview = ask(here, preview_topic, words)
    except BadPattern as error:
        st.error(plain(str(error)))
        return
    st.markdown(
        f"**{whole(preview.hits)} of the newest {counted(preview.posts, 'post')}** would be about it"
        f" ({percent(preview.share)})."
    )
    hits, near, without = st.tabs(
        [f"Found ({whole(preview.hits)})", f"Nearly ({whole(preview.near_misses)})", "About no topic"]
    )
    with hits:
        _show_examples(preview.examples, "No post holds these words.")
    with near:
        _show_examples(preview.near, "No other post holds the beginning of one of these words.")
    with without:
        _show_examples(preview.without, "Each of the newest posts is about some topic.")


def _show_examples(examples: tuple[Example, ...], empty: str) -> None:
    if not examples:
        st.caption(empty)
    with st.container(height=300, border=False):
        for example in examples:
            st.markdown(marked(example))


def marked(example: Example) -> str:
    """An example as Markdown, its words marked; whatever members wrote stays text.

    >>> print(marked(Example("my *refund*, please", ((4, 10),))))
    my \\*:orange-background[**refund**]\\*, please
    """
    parts, at = [], 0
    for start, end in example.spans:
        word = plain(example.text[start:end])
        parts += [_escaped(example.text[at:start]), f":orange-background[**{word}**]"]
        at = end
    return "".join([*parts, _escaped(example.text[at:])]).strip()


def _escaped(text: str) -> str:
    """The text between two marks, with the spaces next to them."""
    before, after = (" " if text[place : place + 1].isspace() else "" for place in (0, len(text) - 1))
    return f"{before}{plain(text, len(text) + 1)}{after}" if text.strip() else before


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
    st.caption(f"{takeaway} A post counts once for each of its topics: {counted(topics.mentions, 'mention')}.")
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
