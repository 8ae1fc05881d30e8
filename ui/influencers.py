"""The parts of the Influencers page above the graph: what of it to show and how, and why there is none."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from answers.filters import Filters
from answers.influencers import ALL, SCORES, GraphFilters, Influencers, period_of
from answers.topics import list_topic_names
from jobs.launch import start_job
from ui.cache import ask
from ui.empty import nothing_here
from ui.guard import Here
from ui.influencers_words import KINDS, MOODS, PERIOD_TITLES, RELATIONS, describe_graph, describe_numbers
from ui.numbers import day_range
from ui.progress import read_jobs, running_job, show_failure

COLOURS = {"community": "Community", "sentiment": "Sentiment", "revenue": "Revenue"}
ANY_TOPIC, ANY_MOOD, ANY_KIND = "Every topic", "Every mood", "Every kind"
INFLUENCE_JOB = "influence"


@dataclass(frozen=True)
class Look:
    """How the graph is drawn: ``size_by`` is a key of ``SCORES``, ``colour_by`` one of ``COLOURS``."""

    size_by: str
    colour_by: str


def choose_graph(here: Here, filters: Filters) -> tuple[GraphFilters, Look, DeltaGenerator]:
    """Draw the page's own filters, which live in the address. Returns what they ask for, and a place for the search
    of a person."""
    period, _ = period_of(filters, here.scope)
    topics: list[str] = ask(here, list_topic_names, filters, scope=here.scope)
    with st.grid(4, min_column_width=170):
        size = _pick("Size by", {key: score.title for key, score in SCORES.items()}, "i_size")
        colour = _pick("Colour by", COLOURS, "i_colour")
        kind = _pick("Kind of person", {"": ANY_KIND, **KINDS}, "i_kind")
        mood = _pick("Their posts are", {"": ANY_MOOD, **MOODS}, "i_mood")
        topic = _pick("Who wrote about", {"": ANY_TOPIC, **{name: name for name in topics}}, "i_topic")
        relations = st.multiselect(
            "Ties",
            list(RELATIONS.values()),
            key="i_relation",
            bind="query-params",
            persist_state="session",
            placeholder="Every tie",
            help="Who got a reply, a mention or a share, and such ties only.",
        )
        search = st.container()
        with st.container(gap="small", vertical_alignment="bottom", height="stretch"):
            customers = _switch("Customers only", "i_customers", "Who bought something that was not wholly refunded.")
            team = _switch("Team and bots", "i_team", "Draws them too, as squares. They have no scores.")
    wanted = GraphFilters(
        period,
        networks=filters.networks,
        relations=tuple(key for key, title in RELATIONS.items() if title in relations),
        topic=topic or None,
        sentiment=mood or None,
        customers_only=customers,
        kind=kind or None,
        with_team=team,
    )
    return wanted, Look(size, colour), search


def _pick(label: str, options: dict[str, str], key: str) -> str:
    """One of ``options`` by its title, which the address holds. Returns its key."""
    titles = list(options.values())
    chosen = st.selectbox(label, titles, key=key, bind="query-params", persist_state="session")
    return next(name for name, title in options.items() if title == (chosen or titles[0]))


def _switch(label: str, key: str, explanation: str) -> bool:
    return st.toggle(label, key=key, bind="query-params", persist_state="session", help=explanation)


def describe_period(here: Here, filters: Filters, graph: Influencers) -> str:
    """Of which days the scores are, and how to read the graph. ``graph`` has a period."""
    assert graph.period is not None
    _, is_exact = period_of(filters, here.scope)
    which = PERIOD_TITLES[graph.filters.period]
    if graph.filters.period == ALL:
        which += " from the first to the last with a post"
    narrowed = is_narrowed(graph.filters) or graph.filters.kind is not None
    shown = describe_numbers(graph, graph.by, is_narrowed=narrowed)
    days = f"Scores of {which}: {day_range(graph.period.start, graph.period.end)}"
    if not is_exact:
        days += " (they are kept for the last 28, 90 and 365 days and for all, not for other days)"
    rest = ""
    if filters.channels or filters.brands:
        rest = " Channels and brands do not narrow this page."
    return f"{shown} {days}. {describe_graph(graph.period)}{rest}"


def show_due(here: Here, graph: Influencers) -> None:
    """Says so where newer posts are yet to be counted, and counts them in the background."""
    if not graph.is_due:
        return
    if start_influence_once(here):
        st.rerun()  # the sidebar follows it, and draws the page again when it ends
    st.caption(":material/update: Scores are being brought up to date: what came in lately is not yet in them.")


def start_influence_once(here: Here) -> bool:
    """Start to work the scores out, unless some work runs already, or this was tried for the same data. Returns whether
    it did."""
    tried = "_i_started"
    if st.session_state.get(tried) == here.data_version or running_job(here) is not None:
        return False
    st.session_state[tried] = here.data_version
    start_job(here.engine, INFLUENCE_JOB, {})
    return True


def show_no_scores(here: Here, key: str = "i_start") -> None:
    """There are no scores yet: the button works them out. ``key`` tells it from others on the page."""
    if running_job(here) is not None:
        nothing_here("Scores are being worked out. This page fills when they are there.")
        return
    show_failure(here, read_jobs(here))
    nothing_here(
        "Nobody has scores yet: who answers, mentions and shares whom has not been worked out.",
        button="Work the scores out",
        on_click=lambda: _start_influence(here),
        key=key,
    )


def _start_influence(here: Here) -> None:
    if running_job(here) is None:  # a second click on a slow page starts nothing
        start_job(here.engine, INFLUENCE_JOB, {})


def show_nobody(graph: Influencers) -> None:
    """Nobody matches, or nobody talks with anybody."""
    assert graph.period is not None
    if not graph.period.people:
        offer_longer(graph, "Nobody answered, mentioned or shared anybody of the public in these days.", key="i_all")
        return
    nothing_here("Nobody matches these filters.", button="Clear the filters", on_click=clear_filters, key="i_clear")


def offer_longer(graph: Influencers, why: str, *, key: str) -> None:
    """Says why something is empty in the period, with the button for all days, or, where those are shown already, for
    bringing in more."""
    if graph.filters.period == ALL:
        why += " Bring in posts with their replies, mentions and shares."
        nothing_here(why, button="Import posts", page="data", key=key)
        return
    nothing_here(f"{why} A longer period may have some.", button="Show all days", on_click=show_all_days, key=key)


def is_narrowed(filters: GraphFilters) -> bool:
    """Whether any filter that ``clear_filters`` sets back, but for the kind of person, leaves people out."""
    return bool(filters.networks or filters.relations or filters.topic or filters.sentiment or filters.customers_only)


def show_all_days() -> None:
    """Set the period to all days."""
    st.session_state["f_period"] = "All"


def clear_filters() -> None:
    """Set the page's own filters back, and the network."""
    st.session_state.update({"i_kind": ANY_KIND, "i_mood": ANY_MOOD, "i_topic": ANY_TOPIC})
    st.session_state.update({"i_relation": [], "f_network": [], "i_customers": False})
