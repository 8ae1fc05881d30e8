"""A person's influence on their profile: scores and places, what kind of people they are, and whether it pays."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.influencers import SCORES
from answers.profile import Profile
from answers.profile_influence import PLACED, PeriodScores, describe_kind_rules, read_person_influence
from answers.profile_influence import SCORES as SHOWN
from figures.influence_groups import name_community
from ui.cache import ask
from ui.circle_sales import show_circle_sales
from ui.empty import nothing_here
from ui.guard import Here
from ui.influencers import show_no_scores
from ui.influencers_words import PERIOD_TITLES, TRENDS, in_score, kind_title, ordinal
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import NOTHING, day_range, whole
from ui.tables import show_table

PERIOD_KEY = "p_influence"
DEFAULT_PERIOD = "365"
_PAGE = "influencers"


def show_influence(here: Here, profile: Profile) -> None:
    """Their scores of every period, for the chosen one their places and kinds, and what their circle bought."""
    periods = {one.period: one for one in ask(here, read_person_influence, profile.person_id, scope=here.scope)}
    chosen = st.segmented_control(
        "Up to the last day with a post",
        list(periods),
        default=DEFAULT_PERIOD,
        format_func=lambda period: _title(period),
        key=PERIOD_KEY,
        bind="query-params",
        required=True,
    )
    one = periods[chosen or DEFAULT_PERIOD]
    if not any(period.is_known for period in periods.values()):
        show_no_scores(here, "p_influence_start")
    elif not one.is_tied:
        nothing_here(_why_no_scores(one))
    else:
        _show_words(here, one)
    if any(period.is_tied for period in periods.values()):
        _show_scores(list(periods.values()))
    _link_to_page(one, profile)
    show_circle_sales(here, profile.person_id, one.days)


def _title(period: str) -> str:
    title = PERIOD_TITLES[period]
    return title[:1].upper() + title[1:]


def _why_no_scores(one: PeriodScores) -> str:
    if one.role is not None:
        return "The team and bots are not scored: the graph is of the public."
    return (
        f"From {day_range(one.days.start, one.days.end)} they answered, mentioned or shared nobody of the public, and "
        "nobody did so to them. Choose a longer period."
    )


def _show_words(here: Here, one: PeriodScores) -> None:
    """Places, trend, community, and each kind with its rule."""
    st.markdown(f"{describe_places(one)} {_describe_trend(one)}")
    if one.community is not None:
        st.markdown(f"Community: {plain(name_community(one.community, one.label), longest=120)}")
    rules = describe_kind_rules(here.settings)
    for kind in one.kinds:
        title = kind_title(kind).replace("_", " ")
        st.markdown(f"**{title}**: {plain(rules.get(kind, ''), longest=500)}")


def describe_places(one: PeriodScores) -> str:
    """The places in a sentence, such as "3rd of 1,890 by PageRank"."""
    told = [
        f"**{ordinal(one.places[name])}** of {whole(one.people)} by {SCORES[name].title}"
        for name in PLACED
        if name in one.places
    ]
    if not told:
        return f"Without a place among {whole(one.people)} people."
    if "betweenness" not in one.places:
        told.append("connects nobody who would not meet otherwise")
    return ", ".join(told) + "."


def _describe_trend(one: PeriodScores) -> str:
    return "" if one.trend is None else f"Against the period before: {TRENDS.get(one.trend, plain(one.trend))}."


def _show_scores(periods: list[PeriodScores]) -> None:
    rows = []
    for one in periods:
        if not one.is_known:
            continue
        row: dict[str, str] = {"period": _title(one.period), "days": day_range(one.days.start, one.days.end)}
        row["trend"] = TRENDS.get(one.trend or "", NOTHING)
        row |= {name: _cell(one, name) for name in SHOWN}
        rows.append(row)
    columns: dict[str, Any] = {"period": st.column_config.TextColumn("Period", pinned=True), "days": "Days"}
    columns["trend"] = st.column_config.TextColumn("Trend", help="Against the period of the same length before")
    columns |= {name: st.column_config.TextColumn(SCORES[name].title, help=SCORES[name].meaning) for name in SHOWN}
    show_table(pd.DataFrame(rows), name="influence", alt="Scores and places in each period", columns=columns)


def _cell(one: PeriodScores, name: str) -> str:
    value = in_score(one.scores.get(name), name, "")
    return f"{value} ({ordinal(one.places[name])})" if name in one.places else value


def _link_to_page(one: PeriodScores, profile: Profile) -> None:
    if one.is_tied:
        label = "See them in the graph: Influencers :material/arrow_forward:"
        page_link(_PAGE, label, i_person=str(profile.person_id), f_period=_FILTER_PERIODS[one.period])


_FILTER_PERIODS = {"28": "28 days", "90": "90 days", "365": "365 days", "all": "All"}
