"""Share of voice on its page: who is talked about, over time and by topic, praise and blame, spikes."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from answers.filters import DAY, Filters
from answers.records import RecordFilters
from answers.share_of_voice import (
    LEAST_SCORED,
    MEASURES,
    MENTIONS,
    PEOPLE,
    REACH,
    ShareOfVoice,
    Spike,
    choose_by,
    read_spike,
)
from data_access.models.derived import Label
from figures.share_of_voice import (
    choose_shown,
    voice_bars_figure,
    voice_bars_takeaway,
    voice_lines_figure,
    voice_lines_takeaway,
    voice_topics_figure,
    voice_topics_takeaway,
)
from jobs.text_rules import BRANDS, are_rules_due
from ui.brands import EDITOR
from ui.cache import ask
from ui.charts import show_figure
from ui.columns import change_column, decimal_column, points_column, share_column
from ui.empty import nothing_here
from ui.filters import choose_all_days
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.newest import newest_choice
from ui.numbers import counted, day, day_range, whole
from ui.records import show_record, show_records
from ui.settings_forms import save
from ui.tables import show_table
from ui.text_rules import show_due

BY = ("day", "week", "month")
MOST_TOPICS = 12
COUNT: Any = st.column_config.NumberColumn
SENTIMENT: dict[str, Any] = {
    "net_sentiment": points_column("Net sentiment", help="(positive - negative) / scored, times 100"),
}
_SAID_PIXELS = 68  # two tables side by side show all columns on a laptop
SPIKE_COLUMNS: dict[str, Any] = {
    "day": st.column_config.DateColumn("Day", format="D MMM YYYY", width="small"),
    "brand": "Brand",
    "mentions": COUNT("Mentions", format="localized"),
    "expected": decimal_column("Usual", help="The median of the 8 same weekdays before"),
    "high": decimal_column("Up to", help="The upper end of what is usual"),
    "words": st.column_config.TextColumn("More about", width="large"),
}


def read_due(session: Session) -> bool:
    """Whether posts have yet to be read for some brand."""
    return are_rules_due(session, BRANDS)


def show_brands_due(here: Here) -> None:
    """Say that the words of a brand have changed and posts are yet to be read by them."""
    show_due(here, EDITOR, is_due=ask(here, read_due))


def say_why_empty(here: Here, voice: ShareOfVoice) -> bool:
    """Say what is missing, or ask for it. Returns whether nothing can be shown without it."""
    if not voice.voices.all:
        why = "No brand is known yet. Name yours and your competitors: posts that mention them are then found."
        nothing_here(why, button="Name your brands in Settings", page="settings")
        return True
    if not voice.voices.rivals and len(voice.voices.ours) > 1 and any(one.is_unclaimed for one in voice.voices.ours):
        _ask_which_are_ours(here, voice)
    elif not voice.voices.rivals:
        why = "Nobody to compare with yet. Name your competitors in Settings: then posts that mention them are found."
        nothing_here(why, button="Name your competitors", page="settings")
    elif not voice.voices.ours:
        why = "None of the brands is ours. Name yours in Settings: posts that mention it are then found."
        nothing_here(why, button="Name your brands in Settings", page="settings")
    if voice.mentions:
        return False
    why = "No post of this period mentions any of these brands. Look at all days, or give them more words in Settings."
    nothing_here(why, button="Look at all days", on_click=choose_all_days)
    return True


def _ask_which_are_ours(here: Here, voice: ShareOfVoice) -> None:
    """Which of the brands that files named are ours: the others become competitors."""
    ours = voice.voices.ours
    names, known = [brand.name for brand in ours], [brand.name for brand in ours if not brand.is_unclaimed]
    unclaimed = (
        f"{whole(len(names) - len(known))} of these {whole(len(names))}" if known else f"all {whole(len(names))}"
    )
    with st.container(border=True):
        st.caption(
            f"Nobody to compare with yet: {unclaimed} brands count as ours, since neither a file nor Settings says "
            "whose they are. Say which are yours: the others become competitors, and what people write in their "
            "channels no longer counts as written to you. It can be undone here, and changed in Settings."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.multiselect("Our brands", names, known, key="v_ours", placeholder="Choose yours", width=420)
            is_told = 0 < len(chosen) < len(names)
            if st.button("Compare them with the others", key="v_ours_save", type="primary", disabled=not is_told):
                others = [name for name in names if name not in chosen]
                own = [name for name in here.settings.own_brands if name not in others]
                save(here, {"own_brands": own, "competitors": [*here.settings.competitors, *others]})


def choose_look(filters: Filters) -> tuple[str, str]:
    """By what brands are compared, and over which steps of time: both in the address."""
    shared: dict[str, Any] = {"bind": "query-params", "required": True}
    with st.container(horizontal=True):
        measure = st.segmented_control(
            "Compare by",
            MEASURES,
            default=MENTIONS,
            format_func=str.capitalize,
            key="v_measure",
            help="Mentions: posts. People: who wrote them. Reach: how many saw them, where networks report it.",
            **shared,
        )
        by = st.segmented_control(
            "Over time by", BY, default=choose_by(filters), format_func=str.capitalize, key="v_by", **shared
        )
    return str(measure or MENTIONS), str(by or choose_by(filters))


def name_measure(voice: ShareOfVoice, measure: str) -> str:
    """What the measure counts here: reach is views where no network reports reach."""
    return (voice.reach_of or "reach") if measure == REACH else measure


def show_brands(here: Here, voice: ShareOfVoice, measure: str) -> None:
    """Each brand's part, and a table of all measures; a bar or a row leads to its posts."""
    st.header("Who is talked about?")
    named = name_measure(voice, measure)
    rows = voice.by_brand.assign(value=voice.by_brand[measure], share=voice.by_brand[f"{measure}_share"])
    takeaway = voice_bars_takeaway(rows, what=named.capitalize())
    figure = voice_bars_figure(rows, x_title=named)
    chart, table = newest_choice(f"v_bars_{measure}", "table_share_of_voice")
    points = show_figure(figure, key=chart, takeaway=takeaway, select=True)
    st.caption(_explain(voice, measure))
    if without_rule := [brand.name for brand in voice.voices.all if not brand.is_decided]:
        names = plain(", ".join(without_rule))
        st.caption(
            f"Looked for by name and handles alone, since nobody has chosen other words: {names}. Posts that call them "
            "otherwise are not counted."
        )
    row = _brand_table(voice, table)
    clicked = int(points[0]["customdata"]) if points else None
    brand_id = int(voice.by_brand.iloc[row]["brand_id"]) if row is not None else clicked
    if brand_id is None:
        st.caption("Choose a bar or a row to read the posts that mention the brand.")
    else:
        _show_posts(here, voice, brand_id, voice.filters, key="v_brand")


def _explain(voice: ShareOfVoice, measure: str) -> str:
    if measure == MENTIONS:
        return f"{_where(voice.filters)}. A post that mentions two brands counts for both."
    if measure == PEOPLE:
        return f"{_where(voice.filters)}. Who mentions two brands counts for both; unknown authors count for none."
    reporting = int(voice.by_brand["reach_posts"].sum())
    if voice.reach_of is None:
        return "No network reports how many saw these posts."
    words = f"{voice.reach_of.capitalize()} are reported for" if voice.reach_of == "views" else "Reach is reported for"
    return f"{words} {whole(reporting)} of {counted(voice.mentions, 'mention')}: of the others nobody knows."


def _where(filters: Filters) -> str:
    if filters.networks or filters.channels:
        return "In the networks and channels that you chose"
    return "In every channel, the competitors' too"


def _brand_table(voice: ShareOfVoice, key: str) -> int | None:
    reach = (voice.reach_of or "reach").capitalize()
    columns: dict[str, Any] = {
        "brand": "Brand",
        "mentions": COUNT("Mentions", format="localized"),
        "mentions_change": change_column("Change", help="Against the period of the same length before"),
        "mentions_share": share_column("Share", help="Of the mentions of all these brands"),
        "mentions_share_change": change_column("Change of share", 1, "pts", help="In percentage points"),
        "people": COUNT("People", format="localized"),
        "people_share": share_column("Share of people"),
        "reach": COUNT(reach, format="localized", help="Over the posts that report it"),
        "reach_share": share_column(f"Share of {reach.lower()}"),
        "reach_posts": COUNT("Reported for", format="localized", help="How many of the mentions report it"),
        **SENTIMENT,
        "positive": COUNT("Positive", format="localized"),
        "negative": COUNT("Negative", format="localized"),
        "scored": COUNT("Scored", format="localized"),
    }
    if voice.reach_of is None:
        columns = {name: title for name, title in columns.items() if not name.startswith("reach")}
    if voice.by_brand["mentions_before"].isna().all():
        columns = {name: title for name, title in columns.items() if not name.endswith("_change")}
    rows = voice.by_brand[list(columns)]
    if "mentions_share_change" in rows:
        rows = rows.assign(mentions_share_change=(rows["mentions_share_change"] * 100).round(1) + 0.0)
    return show_table(rows, name="share_of_voice", alt="Brands by mentions", columns=columns, select=True, key=key)


def _show_posts(
    here: Here,
    voice: ShareOfVoice,
    brand_id: int,
    filters: Filters,
    *,
    key: str,
    label: str | None = None,
    topic: str | None = None,
) -> None:
    wanted = RecordFilters(filters, label=label, topic=topic, brand=brand_id)
    kind = f"{label.capitalize()} posts" if label else "Posts"
    about = f" and are about {plain(topic)}" if topic else ""
    period = "" if filters == voice.filters else f", {day_range(filters.start, filters.end)}"
    title = f"{kind} that mention {plain(_name(voice, brand_id))}{about}{period}"
    show_records(here, wanted, title=title, key=key)


def _name(voice: ShareOfVoice, brand_id: int) -> str:
    return next((brand.name for brand in voice.voices.all if brand.brand_id == brand_id), "")


def show_over_time(here: Here, voice: ShareOfVoice, measure: str) -> None:
    """A line a brand; a point leads to the brand's posts of that time."""
    named = name_measure(voice, measure)
    as_share = st.toggle("As a share of all these brands", key="v_share", bind="query-params")
    column = f"{measure}_share" if as_share else measure
    rows = voice.over_time.assign(value=voice.over_time[column], is_whole=_are_whole(voice))
    shown = choose_shown(voice.by_brand)
    takeaway = voice_lines_takeaway(rows, shown=shown, what=named.capitalize(), is_share=as_share)
    y_title = f"share of {named}" if as_share else named
    figure = voice_lines_figure(rows, shown=shown, y_title=y_title, is_share=as_share)
    key = f"v_lines_{column}_{voice.by}"
    points = show_figure(figure, key=key, takeaway=takeaway, select=True)
    if not rows["is_whole"].all():
        st.caption(f"Hollow marks: a {voice.by} of which only a part is in the period, or in the data.")
    left_out = len(voice.by_brand) - len(shown)
    if left_out:
        st.caption(f"{counted(left_out, 'more brand')} in the table: a figure tells four apart.")
    columns: dict[str, Any] = {
        "period": st.column_config.DateColumn(voice.by.capitalize(), format="D MMM YYYY"),
        "brand": "Brand",
        "mentions": COUNT("Mentions", format="localized"),
        "people": COUNT("People", format="localized"),
        "reach": COUNT((voice.reach_of or "reach").capitalize(), format="localized"),
        f"{measure}_share": share_column(f"Share of {named}"),
        **SENTIMENT,
    }
    with st.expander("As a table"):
        show_table(voice.over_time[list(columns)], name="voice_over_time", alt="Brands over time", columns=columns)
    if not points:
        st.caption("Choose a point to read the posts behind it.")
        return
    moment, brand_id = pd.Timestamp(points[0]["x"]), int(points[0]["customdata"])
    at = voice.over_time[(voice.over_time["period"] == moment) & (voice.over_time["brand_id"] == brand_id)]
    if len(at):
        part = voice.filters.between(at.iloc[0]["start"], at.iloc[0]["end"])
        _show_posts(here, voice, brand_id, part, key="v_point")


def _are_whole(voice: ShareOfVoice) -> pd.Series:
    """Whether all days of each row of ``over_time`` are in the period and in the data."""
    rows = voice.over_time
    step = {"day": pd.DateOffset(days=1), "week": pd.DateOffset(weeks=1), "month": pd.DateOffset(months=1)}[voice.by]
    is_begun = pd.to_datetime(rows["start"]) == rows["period"]
    return is_begun & (pd.to_datetime(rows["end"]) == rows["period"] + step)


def show_by_topic(here: Here, voice: ShareOfVoice) -> None:
    """Which topics each brand is mentioned with; a sign or a row leads to the posts."""
    if _has_no_topics(voice, voice.by_topic):
        return
    shown = choose_shown(voice.by_brand)
    totals = voice.by_topic.groupby("topic")["mentions"].sum().sort_values(ascending=False, kind="stable")
    top = voice.by_topic[voice.by_topic["topic"].isin(totals.index[:MOST_TOPICS])]
    rows = top.assign(total=top["topic"].map(totals)).sort_values(["total", "topic"], ascending=[False, True])
    takeaway = voice_topics_takeaway(rows, shown=shown)
    chart, key = newest_choice("v_topics", "table_voice_topics")
    points = show_figure(voice_topics_figure(rows, shown=shown), key=chart, takeaway=takeaway, select=True)
    st.caption(f"{plain(takeaway, longest=600)} A post counts once for each brand and topic.")
    table = voice.by_topic.sort_values("mentions", ascending=False, kind="stable", ignore_index=True)
    columns: dict[str, Any] = {
        "topic": "Topic",
        "brand": "Brand",
        "mentions": COUNT("Mentions", format="localized"),
        "share": share_column("Share of the brand's"),
        **SENTIMENT,
        "positive": COUNT("Positive", format="localized"),
        "neutral": COUNT("Neutral", format="localized"),
        "negative": COUNT("Negative", format="localized"),
    }
    alt = "Brands by topic and sentiment"
    row = show_table(table[list(columns)], name="voice_topics", alt=alt, columns=columns, select=True, key=key)
    if row is not None:
        chosen: tuple[str, int] | None = (str(table.iloc[row]["topic"]), int(table.iloc[row]["brand_id"]))
    else:
        chosen = (str(points[0]["customdata"][1]), int(points[0]["customdata"][0])) if points else None
    if chosen is None:
        st.caption("Choose a sign or a row to read its posts.")
    else:
        _show_posts(here, voice, chosen[1], voice.filters, key="v_topic", topic=chosen[0])


def _has_no_topics(voice: ShareOfVoice, rows: pd.DataFrame) -> bool:
    if not voice.topics:
        why = "There is no topic yet. A topic is a list of words, such as “refund*, money back”."
        nothing_here(why, button="Make topics in Settings", page="settings", key="voice_topics")
    elif rows.empty:
        nothing_here(
            "No post that mentions these brands is about a topic. Widen the filters, or give topics more words."
        )
    return bool(rows.empty)


def show_praise(here: Here, voice: ShareOfVoice) -> None:
    """What each brand is praised and blamed for; a row leads to the posts."""
    if _has_no_topics(voice, voice.by_topic):
        return
    ids = dict(zip(voice.by_brand["brand"], voice.by_brand["brand_id"], strict=True))
    name = st.segmented_control(
        "Brand",
        list(ids),
        default=next(iter(ids)),
        format_func=plain,
        key="v_praise",
        bind="query-params",
        required=True,
    )
    chosen = int(ids.get(name, next(iter(ids.values()))))
    keys = newest_choice(f"voice_{Label.POSITIVE}_{chosen}", f"voice_{Label.NEGATIVE}_{chosen}")
    left, right = st.columns(2)
    with left:
        praised = _said_table(voice.praised, chosen, "Praised for", Label.POSITIVE, keys[0])
    with right:
        blamed = _said_table(voice.blamed, chosen, "Blamed for", Label.NEGATIVE, keys[1])
    st.caption(f"Topics with more positive than negative posts, or the reverse, from {LEAST_SCORED} scored posts on.")
    said = praised or blamed
    if said is None:
        st.caption("Choose a row to read its posts.")
        return
    topic, label = said
    _show_posts(here, voice, chosen, voice.filters, key="v_said", label=label, topic=topic)


def _said_table(said: pd.DataFrame, brand_id: int, title: str, label: str, key: str) -> tuple[str, str] | None:
    st.subheader(title)
    rows = said[said["brand_id"] == brand_id].reset_index(drop=True)
    if rows.empty:
        st.caption(f"Nothing of which at least {LEAST_SCORED} scored posts speak.")
        return None
    columns: dict[str, Any] = {
        "topic": "Topic",
        str(label): COUNT(
            label.capitalize(), format="localized", width=_SAID_PIXELS, help=f"{label.capitalize()} posts"
        ),
        "scored": COUNT("Scored", format="localized", width=_SAID_PIXELS, help="Scored posts"),
        "net_sentiment": points_column("Net", width=_SAID_PIXELS, help="Net sentiment, -100 to 100"),
    }
    row = show_table(rows[list(columns)], name=f"voice_{label}", alt=title, columns=columns, select=True, key=key)
    return None if row is None else (str(rows.iloc[row]["topic"]), str(label))


def show_spikes(here: Here, voice: ShareOfVoice) -> None:
    """Days on which a brand was mentioned more than usual; a row leads to what drove it and to its posts."""
    if voice.spikes.empty:
        nothing_here(
            "On no day of this period was a brand mentioned more than is usual for the weekday. To know what is usual "
            "takes four weeks of data before it."
        )
        return
    rows = voice.spikes[list(SPIKE_COLUMNS)]
    alt = "Days with more mentions than usual"
    row = show_table(rows, name="voice_spikes", alt=alt, columns=SPIKE_COLUMNS, select=True)
    if row is None:
        st.caption("Choose a day to see what drove it, and its posts.")
        return
    chosen = voice.spikes.iloc[row]
    _show_spike(here, voice, int(chosen["brand_id"]), chosen["day"].date())


def _show_spike(here: Here, voice: ShareOfVoice, brand_id: int, on: date) -> None:
    spike: Spike = ask(here, read_spike, voice.filters, brand_id, on, scope=here.scope)
    st.subheader(f"{plain(_name(voice, brand_id))} on {day(on)}")
    terms = ", ".join(f"“{plain(str(term))}”" for term in spike.terms["term"])
    topics = ", ".join(
        f"{plain(row.topic)} in {counted(row.posts, 'post')} ({row.usual:.1f} a day before)"
        for row in spike.topics.head(3).itertuples()
    )
    said = [f"About {topics}." if topics else "", f"People say {terms} more than before." if terms else ""]
    st.markdown(" ".join(part for part in said if part) or "No topic or word stands out on that day.")
    if len(spike.posts):
        st.caption("With most likes, replies and shares")
        for record in spike.posts.head(3).to_dict("records"):
            show_record(here, record, key="v_spike_top")
    _show_posts(here, voice, brand_id, voice.filters.between(on, on + DAY), key="v_spike")


def lead_to_words() -> None:
    """Where the words by which brands are found are changed."""
    page_link("settings", "Change the words of brands in Settings")
