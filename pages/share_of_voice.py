"""Share of voice: us and the competitors, by mentions, people and reach, over time and by topic."""

from dataclasses import replace

import streamlit as st

from answers.share_of_voice import read_brands_compared, read_voice_spikes, read_voice_topics
from ui.actions import offer_undo
from ui.cache import ask
from ui.cards import SPARKLINE_DAYS, describe_comparison, metric_card, show_cards
from ui.filters import choose_filters
from ui.guard import guard
from ui.share_of_voice import (
    choose_look,
    lead_to_words,
    say_why_empty,
    show_brands,
    show_brands_due,
    show_by_topic,
    show_over_time,
    show_praise,
    show_spikes,
)

CARDS = (
    "share_of_voice",
    "share_of_voice_people",
    "share_of_voice_reach",
    "brand_mentions",
    "brand_net_sentiment",
)
#: What the cards are called where four stand side by side: on a laptop's screen longer names are cut.
SHORT_LABELS = {
    "share_of_voice_people": "Share by people",
    "share_of_voice_reach": "Share by reach",
    "brand_net_sentiment": "Net sentiment",
}

here = guard("share_of_voice")
filters = choose_filters(here, channels_by_default="Every channel")
st.title("Share of voice")
offer_undo(here.engine, here.who)
show_brands_due(here)

measure, by = choose_look(filters)
voice, numbers = ask(here, read_brands_compared, filters, by, CARDS, scope=here.scope, series_days=SPARKLINE_DAYS)
if say_why_empty(here, voice):
    st.stop()
if numbers:
    known = [name for name in CARDS if name != "share_of_voice_reach" or numbers[name].denominator > 0]
    cards = {name: metric_card(numbers[name]) for name in known}
    short = [replace(card, label=SHORT_LABELS.get(name, card.label)) for name, card in cards.items()]
    show_cards(short, comparison=describe_comparison(here, filters))

show_brands(here, voice, measure)

over_time, topics, praise, spikes = st.tabs(
    ["Over time", "By topic", "Praised and blamed", "Spikes"], key="v_tab", on_change="rerun", bind="query-params"
)
if over_time.open:
    with over_time:
        show_over_time(here, voice, measure)
if topics.open:
    with topics:
        show_by_topic(here, replace(voice, **ask(here, read_voice_topics, filters, scope=here.scope)))
if praise.open:
    with praise:
        show_praise(here, replace(voice, **ask(here, read_voice_topics, filters, scope=here.scope)))
if spikes.open:
    with spikes:
        show_spikes(here, replace(voice, **ask(here, read_voice_spikes, filters, scope=here.scope)))
lead_to_words()
