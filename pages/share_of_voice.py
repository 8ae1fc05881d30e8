"""Share of voice: us and the competitors, by mentions, people and reach, over time and by topic."""

from dataclasses import replace

import streamlit as st

from answers.catalogue import compute_metrics
from answers.share_of_voice import ShareOfVoice, read_brands_compared, read_voice_part
from ui.actions import offer_undo
from ui.cache import ask
from ui.cards import SPARKLINE_DAYS, describe_comparison, metric_card, show_cards
from ui.filters import choose_filters
from ui.guard import guard
from ui.share_of_voice import (
    choose_look,
    describe_brands,
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

here = guard("share_of_voice")
filters = choose_filters(here, channels_by_default="Every channel")
st.title("Share of voice")
offer_undo(here.engine, here.who)
show_brands_due(here)

measure, by = choose_look(filters)
voice: ShareOfVoice = ask(here, read_brands_compared, filters, by, scope=here.scope)
if say_why_empty(voice):
    st.stop()
if voice.voices.rivals and voice.voices.ours:
    numbers = ask(here, compute_metrics, CARDS, filters, "day", scope=here.scope, series_days=SPARKLINE_DAYS)
    known = [numbers[name] for name in CARDS if name != "share_of_voice_reach" or numbers[name].denominator > 0]
    show_cards([metric_card(answer) for answer in known], comparison=describe_comparison(here, filters))

show_brands(here, voice, measure)


def read(part: str) -> ShareOfVoice:
    """The brands with a part of the page."""
    return replace(voice, **ask(here, read_voice_part, filters, by, part, scope=here.scope))


over_time, topics, praise, spikes = st.tabs(
    ["Over time", "By topic", "Praised and blamed", "Spikes"], key="v_tab", on_change="rerun", bind="query-params"
)
if over_time.open:
    with over_time:
        show_over_time(here, read("over_time"), measure)
if topics.open:
    with topics:
        show_by_topic(here, read("topics"))
if praise.open:
    with praise:
        show_praise(here, read("topics"))
if spikes.open:
    with spikes:
        show_spikes(here, read("spikes"))
describe_brands(voice)
