"""The parts of the Engagement page below its trend."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from answers.engagement import BACK, RESPONSE, Engagement
from answers.measures import NO_TEAM
from answers.records import RecordFilters
from figures.bars import bars_figure, bars_takeaway
from figures.cohorts import cohorts_figure, cohorts_takeaway
from figures.distribution import response_times_figure, response_times_takeaway
from figures.heatmap import WEEKDAYS, heatmap_figure, heatmap_takeaway
from ui.cards import metric_card, show_cards
from ui.charts import show_figure
from ui.columns import share_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.numbers import percent, whole
from ui.people_list import show_people_list
from ui.records import show_record, show_records
from ui.tables import show_table

MOST_BARS = 12
_PAGE_PIXELS = 300  # the number beside it is to be seen on a laptop's screen
COUNT_COLUMNS = {"posts": "Posts", "people": "People", "comments": "Comments", "questions": "Questions"}


def show_where(here: Here, engagement: Engagement) -> None:
    """Posts by network and by channel; a click on a channel leads to its posts."""
    st.subheader("Which network, which channel?")
    left, right = st.columns(2)
    networks = engagement.by_network.assign(name=engagement.by_network["network"], value=engagement.by_network["posts"])
    with left:
        figure = bars_figure(networks.head(MOST_BARS), x_title="posts by network")
        show_figure(figure, key="e_network", takeaway=bars_takeaway(networks, what="Posts by network"))
    table = engagement.by_channel
    channels = table.assign(name=distinct_names(table), value=table["posts"]).head(MOST_BARS)
    with right:
        figure = bars_figure(channels, x_title="posts by channel")
        takeaway = bars_takeaway(channels, what="Posts by channel")
        points = show_figure(figure, key="e_channel", takeaway=takeaway, select=True)
    shown = table[["channel", "network", "brand", *COUNT_COLUMNS]]
    titles = {"channel": "Channel", "network": "Network", "brand": "Brand", **COUNT_COLUMNS}
    row = show_table(shown, name="channels", alt="Activity by channel", columns=titles, select=True)
    name = str(points[0]["customdata"]) if points else None
    chosen = table.iloc[[row]] if row is not None else channels[channels["name"] == name]
    if chosen.empty:
        st.caption("Choose a channel, in the chart or the table, to read its posts.")
        return
    filters = replace(engagement.filters, channels=(int(chosen["channel_id"].iloc[0]),))
    title = f"Posts in {plain(chosen['channel'].iloc[0])}"
    show_records(here, RecordFilters(filters), title=title, key="e_channel_posts")


def distinct_names(channels: pd.DataFrame) -> pd.Series:
    """The names of channels, with the network where another channel has the same.

    >>> channels = pd.DataFrame({"channel": ["@us", "@us", "Help"], "network": ["bluesky", "twitter", "forum"]})
    >>> distinct_names(channels).tolist()
    ['@us · bluesky', '@us · twitter', 'Help']
    """
    is_shared = channels["channel"].duplicated(keep=False)
    return channels["channel"].where(~is_shared, channels["channel"] + " · " + channels["network"])


def show_when(here: Here, engagement: Engagement) -> None:
    """The week's rhythm; a click on an hour leads to its posts."""
    st.subheader("When do people write?")
    rows = engagement.heatmap
    if rows.empty:
        nothing_here("Nobody wrote in this period. Choose a longer one in the sidebar.")
        return
    frame = rows.assign(value=rows["posts_a_week"])
    figure = heatmap_figure(frame, unit="posts in a usual hour")
    points = show_figure(figure, key="e_heatmap", takeaway=heatmap_takeaway(frame), select=True)
    st.caption(f"Hours of {here.time_zone}. {heatmap_takeaway(frame)} Choose an hour to read its posts.")
    if points:
        weekday, hour = (int(value) for value in points[0]["customdata"])
        wanted = RecordFilters(engagement.filters, weekday=weekday, hour=hour)
        title = f"Posts on {WEEKDAYS[weekday]}, {hour:02d}:00 to {hour + 1:02d}:00"
        show_records(here, wanted, title=title, key="e_hour_posts")


def show_response(here: Here, engagement: Engagement) -> None:
    """How fast we answer, next to the target."""
    st.subheader("How long do people wait for us?")
    show_cards([metric_card(engagement.numbers[name]) for name in RESPONSE], columns=5)
    if engagement.numbers["response_rate"].coverage == NO_TEAM:
        why = "Nobody is named as the team, so what it answered is not known. Say in Settings which accounts are ours."
        nothing_here(why, button="Name the team", page="settings")
        return
    if engagement.response_times.empty:
        nothing_here(
            "No turn was answered in this period: no team account replied. Settings says which accounts are ours.",
            button="Look at the team",
            page="settings",
        )
        return
    target = here.settings.response_target_minutes * 60
    takeaway = response_times_takeaway(engagement.response_times, target_seconds=target)
    figure = response_times_figure(engagement.response_times, target_seconds=target)
    show_figure(figure, key="e_response", takeaway=takeaway)
    st.caption(f"{takeaway} The target is {whole(here.settings.response_target_minutes)} minutes; Settings changes it.")
    columns = {
        "step": "Time to answer",
        "turns": "Turns",
        "share": share_column("Share"),
    }
    shown = engagement.response_times[["step", "turns", "share"]]
    show_table(shown, name="response_times", alt="Answered turns by time to answer", columns=columns)


def show_back(engagement: Engagement) -> None:
    """Whether people come back."""
    st.subheader("Do people come back?")
    show_cards([metric_card(engagement.numbers[name]) for name in BACK], columns=3)
    if engagement.cohorts.empty:
        st.caption("Nobody wrote for the first time in this period.")
    else:
        show_figure(cohorts_figure(engagement.cohorts), key="e_cohorts", takeaway=cohorts_takeaway(engagement.cohorts))
        st.caption(f"Each row: those who first wrote in that week. {cohorts_takeaway(engagement.cohorts)}")


def show_writers(engagement: Engagement) -> None:
    """On how few the talk hangs, and who they are."""
    st.subheader("On how many does the talk hang?")
    st.text(describe_participation(engagement.participation))
    columns: dict[str, Any] = {
        "group": "Group",
        "people": st.column_config.NumberColumn("People", format="localized"),
        "posts": st.column_config.NumberColumn("Posts", format="localized"),
        "share": share_column("Share of the posts"),
    }
    show_table(engagement.participation, name="participation", alt="Who writes how much", columns=columns)
    if engagement.top_people.empty:
        return
    st.subheader("Who writes most?")
    shown = {"name": "Name", "posts": "Posts", "positive": "Positive", "negative": "Negative"}
    show_people_list(engagement.top_people, shown, name="writers", alt="Who wrote most in the period")


def describe_participation(split: pd.DataFrame) -> str:
    """The share of the most active, in a sentence.

    >>> split = pd.DataFrame({"group": ["top 1 %"], "people": [2], "posts": [40], "share": [0.4]})
    >>> describe_participation(split)
    'The most active 2 people wrote 40 % of the posts.'
    """
    if split.empty:
        return "Nobody whose account we know wrote in this period."
    first = split.iloc[0]
    people = "person" if first["people"] == 1 else f"{whole(first['people'])} people"
    return f"The most active {people} wrote {percent(first['share'])} of the posts."


def show_standing_out(here: Here, engagement: Engagement) -> None:
    """Posts, hashtags, links and people that got or made most."""
    if engagement.is_cut:
        st.caption(f"Among the newest {whole(engagement.considered)} posts of the period.")
    tags, links = st.columns(2)
    with tags:
        st.subheader("Hashtags")
        columns = {"tag": "Hashtag", "posts": "Posts", "positive": "Positive", "negative": "Negative"}
        row = show_table(engagement.top_tags, name="hashtags", alt="Commonest hashtags", columns=columns, select=True)
    with links:
        st.subheader("Links")
        pages: dict[str, Any] = {"url": st.column_config.TextColumn("Page", width=_PAGE_PIXELS), "posts": "Posts"}
        show_table(engagement.top_links, name="links", alt="Pages that posts point to most", columns=pages)
    if row is not None:
        tag = str(engagement.top_tags.iloc[row]["tag"])
        show_records(
            here, RecordFilters(engagement.filters, tag=tag), title=f"Posts with #{plain(tag)}", key="e_tag_posts"
        )
    st.subheader("Posts that got most likes, replies and shares")
    if engagement.top_posts.empty:
        st.caption("No post of this period got any, or the network did not say.")
    for post in engagement.top_posts.to_dict("records"):
        show_record(here, post, key="e_top")
