"""Influencers: who moves the community, in a graph and a table that go together, and whom to act on."""

import streamlit as st

from answers.influencers import Influencers, read_influencers
from answers.profile import find_person as find_person_of_number
from ui.actions import offer_undo
from ui.cache import ask
from ui.circle_ranking import show_circle_ranking
from ui.filters import choose_filters
from ui.guard import guard
from ui.influencers import choose_graph, describe_period, show_due, show_no_scores, show_nobody
from ui.influencers_bridge import show_bridge
from ui.influencers_choice import chosen_person, follow_address
from ui.influencers_community import show_communities
from ui.influencers_export import show_exports
from ui.influencers_graph import find_person, show_side_by_side
from ui.influencers_lists import show_lists
from ui.influencers_person import show_person

here = guard("influencers")
filters = choose_filters(here)
st.title("Influencers")
follow_address(lambda number: ask(here, find_person_of_number, number))
wanted, look, search = choose_graph(here, filters)
graph: Influencers = ask(here, read_influencers, wanted, by=look.size_by, scope=here.scope)
if graph.period is None:
    show_no_scores(here)
    st.stop()
show_due(here, graph)
offer_undo(here.engine, here.who)
if graph.people.empty:
    show_nobody(graph)
    st.stop()
with search:
    find_person(graph)
show_lists(here, wanted)
show_side_by_side(graph, look)
show_exports(graph, look)
st.caption(describe_period(here, filters, graph))
chosen = chosen_person()
if chosen is not None:
    show_person(here, filters, graph, look, chosen)

communities, bridges, sales = st.tabs(
    ["Communities", "Who bridges two communities", "Whose circle bought"],
    key="i_below",
    on_change="rerun",
    bind="query-params",
)
if communities.open:
    with communities:
        show_communities(here, graph, look)
if bridges.open:
    with bridges:
        show_bridge(here, graph, chosen)
if sales.open:
    with sales:
        public = graph.people[graph.people["role"].isna()]
        show_circle_ranking(here, public["person_id"].tolist(), filters)
