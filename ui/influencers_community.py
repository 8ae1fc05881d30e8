"""A community on the Influencers page: what it talks about, how it grows, and all of its people in WebGL."""

import math
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_extras.sigma_graph import SigmaGraphSelection, sigma_graph

from answers.circles import Bridges, read_bridges
from answers.influencers import MOST_OF_A_COMMUNITY, GraphFilters, Influencers, read_community
from figures.influence_groups import name_community
from figures.influence_network import network_data
from ui.cache import ask
from ui.guard import Here
from ui.influencers import Look
from ui.influencers_choice import COMMUNITY, NETWORK, choose, chosen_person, drawn_as
from ui.influencers_graph import fingerprint, group_people, size_scores
from ui.influencers_words import growth_words, kind_title, mood_of
from ui.markup import plain
from ui.numbers import percent, whole
from ui.tables import show_table

HEIGHT = 540
MOST_WORDS = 8
AMONG_THEMSELVES = "The share of all their ties, by weight, that is with people of the same community."


def show_communities(here: Here, graph: Influencers, look: Look) -> None:
    """The communities as a table; from a row to what is known of it."""
    known = graph.communities
    if known.empty:
        st.caption("There is no community: too few people talk with each other in this period.")
        return
    number: Any = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "number": number("No.", width=50),
        "label": st.column_config.TextColumn("What they talk about", width="large"),
        "size": number("People", format="localized"),
        "growth": number("Growth", format="percent", help="Against the period of the same length before it"),
        "net_sentiment": number("Net sentiment", format="%+.0f", help="Of its people's posts, -100 to 100"),
        "posts": number("Posts", format="localized"),
        "closed": number("Among themselves", format="percent", help=AMONG_THEMSELVES),
    }
    across = known["weight_within"] + known["weight_across"]
    rows = known.assign(closed=known["weight_within"] / across.where(across > 0))
    shown = [name for name in columns if rows[name].notna().any()]
    row = show_table(rows[shown], name="communities", alt="Communities", columns=columns, select=True)
    if row is None:
        st.caption(
            "The largest, and those of the people shown. Select a row to see what they talk about and who they are."
        )
        return
    show_community(here, graph, look, int(rows["number"].iloc[row]), part=COMMUNITY)


def show_community(here: Here, graph: Influencers, look: Look, number: int, *, part: str = NETWORK) -> None:
    """What is known of a community, and, when asked for, all its people. ``part``: where on the page it stands."""
    rows = graph.communities[graph.communities["number"] == number]
    if rows.empty:
        st.caption("Nothing is known of this community in the period.")
        return
    row = rows.iloc[0]
    st.markdown(f"**{plain(name_community(number, row['label']), longest=80)}**")
    _show_numbers(row)
    words = ", ".join(str(word["word"]) for word in list(row["words"])[:MOST_WORDS])
    topics = ", ".join(str(topic["topic"]) for topic in list(row["topics"])[:MOST_WORDS])
    if words:
        st.caption(f"Words that they use more than others: {plain(words, longest=300)}")
    if topics:
        st.caption(f"Topics that they speak of: {plain(topics, longest=300)}")
    wants = st.toggle(
        f"Draw all its people (at most {whole(MOST_OF_A_COMMUNITY)})",
        key="i_all_people" if part == NETWORK else "i_all_of_it",
        bind="query-params",
        help="Drag to move, turn the wheel to come closer. A click chooses a person.",
    )
    if wants:
        show_network(here, graph.filters, look, number, part)


def _show_numbers(row: "pd.Series[Any]") -> None:
    within, across = float(row["weight_within"]), float(row["weight_across"])
    closed = within / (within + across) if within + across > 0 else math.nan
    with st.grid(4, min_column_width=150):
        st.metric("People", whole(row["size"]), border=True)
        growth = growth_words(row["growth"])
        st.metric("Growth", growth, border=True, help="Against the period of the same length before it.")
        st.metric(
            "Net sentiment", mood_of(row["net_sentiment"]), border=True, help="Of its people's posts, -100 to 100."
        )
        st.metric(
            "Among themselves",
            percent(closed, 0),
            border=True,
            help=AMONG_THEMSELVES,
        )


def show_network(here: Here, filters: GraphFilters, look: Look, number: int, part: str) -> None:
    """All people of a community, drawn in WebGL so that thousands can be dragged."""
    whole_one: Influencers = ask(here, read_community, filters, number, by=look.size_by, scope=here.scope)
    if whole_one.people.empty:
        st.caption("Nobody of this community matches the filters.")
        return
    # of one community all would have the same colour
    grouping = group_people(whole_one, "sentiment" if look.colour_by == "community" else look.colour_by)
    colours, grey, line = chart_colours()
    people = whole_one.people.assign(score=size_scores(whole_one.people, look.size_by))
    data = network_data(people, whole_one.ties, grouping, colours=colours, grey=grey, line=line)
    key, _ = drawn_as(part, fingerprint((number, data["nodes"], len(data["edges"]))))
    shades = ("blue", "yellow", "red")
    names = [
        f":{'gray' if group.colour is None else shades[group.colour]}[●] {plain(group.name, longest=60)}"
        for group in grouping.groups
    ]
    st.markdown("  ".join(names))
    sigma_graph(
        {"nodes": data["nodes"], "edges": data["edges"]},
        layout=None,
        height=HEIGHT,
        node_size="size",
        on_select=partial(_choose_node, part),
        key=key,
    )
    shown = f"{whole(len(people))} of {whole(whole_one.total)} people"
    lines = len(data["edges"])
    left = f", with the {whole(lines)} heaviest of their ties" if lines < len(whole_one.ties) else ""
    st.caption(f"{shown}{left}. The table above holds the first of them, for who uses no pointer.")


def _choose_node(part: str, selection: SigmaGraphSelection) -> None:
    if selection["type"] == "node" and selection["id"].isdecimal():
        choose(int(selection["id"]), part)


def chart_colours() -> tuple[list[str], str, str]:
    """The theme's blue, yellow and red, its grey, and that of its lines, for what does not read the theme itself."""
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    colours = list(st.get_option(f"theme.{scheme}.chartCategoricalColors"))
    return colours[:3], colours[3], str(st.get_option(f"theme.{scheme}.borderColor"))


def show_bridge(here: Here, graph: Influencers, person: int | None) -> None:
    """Who stands between two communities, that of ``person`` first."""
    names = {
        int(row.number): name_community(int(row.number), row.label)
        for row in graph.communities.itertuples(index=False)
        if row.size >= 2
    }
    if len(names) < 2:
        st.caption("There is one community only: nothing to bridge.")
        return
    first, second = st.columns(2)
    numbers = list(names)
    own = graph.people.loc[graph.people["person_id"] == person, "community"].dropna()
    start = int(own.iloc[0]) if len(own) and int(own.iloc[0]) in names else numbers[0]
    with first:
        one = _pick_community("Between", names, start, "i_bridge_a")
    with second:
        other = _pick_community("and", names, next(number for number in numbers if number != start), "i_bridge_b")
    if one == other:
        st.caption("Choose two different communities.")
        return
    found: Bridges = ask(here, read_bridges, graph.filters, one, other, scope=here.scope)
    if found.people.empty:
        st.caption("Nobody who is drawn has ties into both. Choose others, or a longer period.")
        return
    rows = found.people.assign(kinds=[", ".join(kind_title(kind) for kind in kinds) for kinds in found.people["kinds"]])
    number: Any = st.column_config.NumberColumn
    columns = {
        "name": "Name",
        "weight_first": number(f"Ties with {one}", format="%.3g", help="Weight, both directions"),
        "weight_second": number(f"Ties with {other}", format="%.3g", help="Weight, both directions"),
        "community_label": "Their own community",
        "kinds": "Kinds",
    }
    key = f"i_bridges_{one}_{other}_{chosen_person()}"
    row = show_table(
        rows[list(columns)], name="bridges", alt="Who bridges two communities", columns=columns, select=True, key=key
    )
    shown = f"The strongest {whole(len(rows))} of {whole(found.total)}" if found.total > len(rows) else whole(len(rows))
    st.caption(f"{shown} with ties into both, by the harmonic mean of the two. Select a row to see the person.")
    if row is not None:
        choose(int(rows["person_id"].iloc[row]))
        st.rerun()


def _pick_community(label: str, names: dict[int, str], start: int, key: str) -> int:
    titles = list(names.values())
    chosen = st.selectbox(label, titles, index=titles.index(names[start]), key=key)
    return next(number for number, title in names.items() if title == chosen)
