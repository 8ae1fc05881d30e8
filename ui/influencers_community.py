"""A community on the Influencers page: what it talks about, how it grows, and all of its people in WebGL."""

import math
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_extras.sigma_graph import SigmaGraphSelection, sigma_graph

from answers.influencers import LOWEST_FIRST, MOST_OF_A_COMMUNITY, SCORES, GraphFilters, Influencers, read_community
from figures.influence_groups import Grouping, name_community
from figures.influence_network import network_data
from ui.cache import ask
from ui.columns import growth_column, points_column, share_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.influencers import Look, clear_filters, offer_longer
from ui.influencers_choice import COMMUNITY, NETWORK, choose, chosen_person, drawn_as
from ui.influencers_graph import fingerprint, group_people, size_scores, table_columns, table_rows
from ui.influencers_words import growth_words, mood_of, people_counted
from ui.markup import plain
from ui.numbers import counted, percent, whole
from ui.tables import show_table

HEIGHT = 540
MOST_WORDS = 8
AMONG_THEMSELVES = "The share of all their ties, by weight, that is with people of the same community."


def show_communities(here: Here, graph: Influencers, look: Look) -> None:
    """The communities as a table; from a row to what is known of it."""
    known = graph.communities
    if known.empty:
        why = "There is no community: too few people talk with each other in this period."
        offer_longer(graph, why, key="i_communities_longer")
        return
    number: Any = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "number": number("No.", width=50),
        "label": st.column_config.TextColumn("What they talk about", width="large"),
        "size": number("People", format="localized"),
        "growth": growth_column("Growth", help="Against the period of the same length before it"),
        "net_sentiment": points_column("Net sentiment", help="Of its people's posts, -100 to 100"),
        "posts": number("Posts", format="localized"),
        "closed": share_column("Among themselves", help=AMONG_THEMSELVES),
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
        nothing_here(
            "Nobody of this community matches the filters.",
            button="Clear the filters",
            on_click=clear_filters,
            key=f"i_clear_{part}",
        )
        return
    # of one community all would have the same colour
    grouping = group_people(whole_one, "sentiment" if look.colour_by == "community" else look.colour_by)
    colours, grey, line = chart_colours()
    people = whole_one.people.assign(score=size_scores(whole_one.people, look.size_by))
    data = network_data(people, whole_one.ties, grouping, colours=colours, grey=grey, line=line)
    key, _ = drawn_as(part, fingerprint((number, data["nodes"], len(data["edges"]))))
    st.caption(describe_network(whole_one, grouping, len(data["edges"])))
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
    _show_people(whole_one, grouping, look, number, part)


def describe_network(shown: Influencers, grouping: Grouping, lines: int) -> str:
    """What the drawing shows, in sentences: for who sees neither it nor its colours."""
    people, ties = shown.people, shown.ties
    words = f"{whole(len(people))} of {people_counted(shown.total)}"
    counts = [(group.name, int((grouping.of == place).sum())) for place, group in enumerate(grouping.groups)]
    words += f": {', '.join(f'{plain(name, longest=60)} {whole(count)}' for name, count in counts)}. "
    pairs = len(np.unique(np.sort(ties[["source_id", "target_id"]].to_numpy(), axis=1), axis=0))
    if lines < pairs:
        words += f"Of {whole(pairs)} pairs who talk {whole(lines)} are drawn: the strongest tie of each person, then "
        words += "the strongest of all. "
    else:
        words += f"{counted(pairs, 'pair')} who talk{'s' if pairs == 1 else ''}. "
    first = ", ".join(plain(str(name), longest=40) for name in people["name"].head(3))
    best = "Lowest" if shown.by in LOWEST_FIRST else "Highest"
    return f"{words}{best} by {SCORES[shown.by].title}: {first}. The table below holds the same people."


def _show_people(shown: Influencers, grouping: Grouping, look: Look, number: int, part: str) -> None:
    """The people of the drawing as a table, the colour in words; a selected row chooses its person."""
    rows = table_rows(shown).assign(colour=[grouping.groups[place].name for place in grouping.of])
    columns = table_columns(shown, look.size_by) | {"colour": "Coloured as"}
    del columns["community"]  # all are of one
    kept = [name for name in dict.fromkeys(["name", look.size_by, "colour", *columns]) if rows[name].notna().any()]
    people = rows["person_id"].astype(int).tolist()
    key = f"i_people_{part}_{number}_{fingerprint(people)}_{chosen_person()}"
    row = show_table(rows[kept], name="community_people", alt="The people drawn", columns=columns, select=True, key=key)
    if row is not None and people[row] != chosen_person():
        choose(people[row], part)
        st.rerun()


def _choose_node(part: str, selection: SigmaGraphSelection) -> None:
    if selection["type"] == "node" and selection["id"].isdecimal():
        choose(int(selection["id"]), part)


def chart_colours() -> tuple[list[str], str, str]:
    """The theme's blue, yellow and red, its grey, and that of its lines, for what does not read the theme itself."""
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    colours = list(st.get_option(f"theme.{scheme}.chartCategoricalColors"))
    return colours[:3], colours[3], str(st.get_option(f"theme.{scheme}.borderColor"))
