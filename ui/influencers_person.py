"""The person chosen on the Influencers page: who it is, their scores, what can be done, and their circle."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.influencers import SCORES, Influencers
from answers.profile_influence import PeriodScores, describe_kind_rules, read_person_influence
from data_access.models.derived import Role
from data_access.queries.circles import list_roles_of
from ui.alerts import thank_button, watch_button
from ui.cache import ask
from ui.circle_sales import show_circle_sales
from ui.guard import Here
from ui.influencers import Look
from ui.influencers_choice import choose
from ui.influencers_circle import read_person, show_circle, show_path
from ui.influencers_community import show_community
from ui.influencers_words import ROLE_TITLES, TRENDS, in_score, kind_title, mood_of, ordinal, score_column
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import NOTHING, counted, is_missing, whole

SENTIMENT = "Positive less negative posts of the scored ones in the period, -100 to 100."
CARDS = ("in_people", "in_strength", "pagerank", "betweenness", "reach")


def show_person(here: Here, filters: Filters, graph: Influencers, look: Look, person: int) -> None:
    """The panel below the graph."""
    row = read_person(here, graph, person)
    if row is None:
        _show_why_none(here, person)
        return
    with st.container(border=True):
        _show_head(here, row)
        _show_scores(here, graph, row)
        _show_tabs(here, filters, graph, look, row)


def _show_why_none(here: Here, person: int) -> None:
    """Says why there is nothing of the person whom the address names."""
    roles = ask(here, list_roles_of, (person,))
    why = "The person chosen has no scores in this period: they wrote nothing and talked with nobody."
    if person not in roles:
        why = "Nobody has this number any more: the link may be of another store, or the person was erased."
    elif roles[person] == Role.MUTED:
        why = "The person chosen is muted: what they write counts in no score and in no graph."
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.caption(why)
        if person in roles:
            page_link("profile", "Open profile", person=str(person))
        st.button("Close", key="i_let_go", on_click=choose, args=(None,), type="tertiary")


def _show_head(here: Here, row: "pd.Series[Any]") -> None:
    person = int(row["person_id"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(plain(str(row["name"]), longest=60), width="content", anchor=False)
        for kind in row["kinds"]:
            st.badge(kind_title(kind), color="gray", help=describe_kind_rules(here.settings).get(kind))
        if isinstance(row["role"], str):
            st.badge(ROLE_TITLES.get(row["role"], row["role"]), color="gray")
        st.space("stretch")
        page_link("profile", ":material/person: Open profile", person=str(person))
        watch_button(here, person, key="i_watch")
        thank_button(here, person, key="i_thank")
        st.button("Close", key="i_let_go", on_click=choose, args=(None,), type="tertiary", icon=":material/close:")


def _show_scores(here: Here, graph: Influencers, row: "pd.Series[Any]") -> None:
    currency, person = graph.worth.currency, int(row["person_id"])
    placed = ask(here, read_person_influence, person, scope=here.scope)
    period: PeriodScores = next(scores for scores in placed if scores.period == graph.filters.period)
    extra = () if graph.by == "revenue" else (graph.by,)
    with st.grid(8, min_column_width=150):
        for score in list(dict.fromkeys((*extra, *CARDS)))[: len(CARDS)]:
            _card(
                SCORES[score].title,
                in_score(row[score_column(score)], score, currency),
                place_of(period, score),
                SCORES[score].meaning,
            )
        _card("Trend", TRENDS.get(row["trend"], NOTHING), None, _trend_help(row))
        scored = f"of {counted(int(row['scored']), 'post')}" if row["scored"] else None
        _card("Net sentiment", mood_of(row["net_sentiment"]), scored, SENTIMENT)
        bought = in_score(row["revenue_minor"], "revenue", currency)
        _card("Revenue", bought, "customer" if row["is_customer"] else None, SCORES["revenue"].meaning)


def _card(label: str, value: str, below: str | None, explanation: str) -> None:
    st.metric(
        label,
        value,
        below,
        delta_color="off",
        delta_arrow="off",
        help=explanation,
        border=True,
        height="stretch",
    )


def _trend_help(row: "pd.Series[Any]") -> str:
    before = row["pagerank_before"]
    if is_missing(before) or is_missing(row["pagerank"]):
        return "Their PageRank against the period of the same length before; one of the two is not known."
    return f"PageRank {row['pagerank']:.3g}, in the period of the same length before {before:.3g}."


def place_of(period: PeriodScores, score: str) -> str | None:
    """Which place somebody has by a score among all who have a tie, where that is told."""
    place = period.places.get(score)
    return f"{ordinal(place)} of {whole(period.people)}" if place else None


def _show_tabs(here: Here, filters: Filters, graph: Influencers, look: Look, row: "pd.Series[Any]") -> None:
    person = int(row["person_id"])
    circle, sales, path, community = st.tabs(
        ["Circle", "What their circle bought", "Path to someone", "Community"],
        key="i_tab",
        on_change="rerun",
        bind="query-params",
    )
    if circle.open:
        with circle:
            show_circle(here, graph, look, person)
    if sales.open:
        with sales:
            show_circle_sales(here, person, filters)
    if path.open:
        with path:
            show_path(here, graph, person)
    if community.open:
        with community:
            if pd.isna(row["community"]):
                why = "they talk with nobody of the public in this period"
                if isinstance(row["role"], str):
                    why = "communities are of the public, without the team and bots"
                st.caption(f"They are in no community: {why}.")
            else:
                show_community(here, graph, look, int(row["community"]))
