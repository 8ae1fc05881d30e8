"""Graph and table of the Influencers page, side by side and in step, with the search that needs no pointer."""

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from answers.influencers import LOWEST_FIRST, SCORES, Influencers
from figures.influence_graph import dot_sizes, graph_takeaway, influence_graph_spec, mark_chosen, spread_out
from figures.influence_groups import Grouping, group_by_community, group_by_revenue, group_by_sentiment
from metrics.money import minor_digits
from ui.columns import decimal_column, money_column, points_column
from ui.influencers import Look
from ui.influencers_choice import GRAPH, TABLE, choose, choose_clicked, choose_row, chosen_person, drawn_as
from ui.influencers_words import TREND_SIGNS, describe_shown, every_hover, kinds_of, score_column
from ui.numbers import money

HEIGHT = 560
TREND_HELP = "Their PageRank against the period before: ↑ rising, → steady, ↓ fading, ✦ new"


def show_side_by_side(graph: Influencers, look: Look) -> None:
    """The graph on the left, its people as a table on the right: choose in one, see it in the other."""
    left, right = st.columns(2, gap="small")
    with left:
        show_graph(graph, look)
    with right:
        show_people_table(graph, look)


def group_people(graph: Influencers, colour_by: str) -> Grouping:
    """Who is coloured alike."""
    if colour_by == "sentiment":
        return group_by_sentiment(graph.people)
    if colour_by == "revenue":
        return group_by_revenue(graph.people, lambda minor: money(minor, graph.worth.currency).removesuffix(".00"))
    return group_by_community(graph.people, graph.communities)


def show_graph(graph: Influencers, look: Look) -> None:
    """The drawing; a click chooses a person, or lets them go."""
    grouping = group_people(graph, look.colour_by)
    draw_graph(
        place_people(graph, look),
        graph.ties,
        grouping,
        hover=every_hover(graph.people, look.size_by, graph.worth.currency),
        communities=graph.communities if look.colour_by == "community" else None,
        part=GRAPH,
        alt=graph_takeaway(
            graph.people,
            graph.ties,
            grouping,
            score=SCORES[look.size_by].title,
            total=graph.total,
            is_lowest=look.size_by in LOWEST_FIRST,
        ),
    )


def place_people(graph: Influencers, look: Look) -> pd.DataFrame:
    """The people with the places where they are drawn and the ``score`` by which."""
    scores = size_scores(graph.people, look.size_by)
    places = _spread_out(graph.people[["x", "y"]], dot_sizes(scores))
    return graph.people.assign(x=places["x"], y=places["y"], score=scores)


@st.cache_data(max_entries=100, show_spinner=False)
def _spread_out(places: pd.DataFrame, sizes: "np.ndarray[Any, np.dtype[np.float64]]") -> pd.DataFrame:
    """As ``spread_out``, once for the same people: each click draws them anew."""
    return spread_out(places, sizes)


def size_scores(people: pd.DataFrame, size_by: str) -> "pd.Series[float]":
    """What the dots' sizes go by: the score, or one over it where low says most."""
    scores = people[score_column(size_by)].astype("float64")
    return 1 / scores.where(scores > 0) if size_by in LOWEST_FIRST else scores


def draw_graph(
    people: pd.DataFrame,
    ties: pd.DataFrame,
    grouping: Grouping,
    *,
    hover: list[list[str]],
    communities: pd.DataFrame | None,
    part: str,
    alt: str,
    height: int = HEIGHT,
    **options: Any,
) -> None:
    """Draw people and ties so that a click chooses a person, and who was chosen elsewhere is marked."""
    spec = influence_graph_spec(people, ties, grouping, hover=hover, communities=communities, **options)
    key, marked = drawn_as(part, fingerprint(spec))
    ids = [int(person) for person in people["person_id"]]
    if marked in ids:
        mark_chosen(spec, ids.index(marked), text_colour())
    st.echarts_chart(
        spec, height=height, key=key, on_select=lambda: choose_clicked(key, ids, part), renderer="canvas", alt=alt
    )


def text_colour() -> str:
    """The theme's colour of text, for what does not read the theme itself."""
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    return str(st.get_option(f"theme.{scheme}.textColor"))


def fingerprint(content: Any) -> str:
    """A short text that is the same for the same content."""
    return hashlib.blake2b(repr(content).encode(), digest_size=8).hexdigest()


def table_columns(graph: Influencers, score: str) -> dict[str, Any]:
    """The columns of the table of people, the chosen score first."""
    number: Any = st.column_config.NumberColumn
    currency = graph.worth.currency
    first = [score, *(name for name in ("pagerank", "in_strength", "in_people", "betweenness", "reach", "revenue"))]
    columns: dict[str, Any] = {"name": st.column_config.TextColumn("Name", width=130)}
    for name in dict.fromkeys(first):
        title = f"{SCORES[name].title}, {currency}" if name == "revenue" else SCORES[name].title
        shared: Any = {"help": SCORES[name].meaning, "width": 88}
        if name == "revenue":
            columns[name] = money_column(title, currency, **shared)
        elif name == "in_strength":  # of old acts next to nothing is left: no powers of ten
            columns[name] = decimal_column(title, **shared)
        else:
            form = "localized" if name in ("in_people", "reach", "core", "h_index") else "%.3g"
            columns[name] = number(title, format=form, **shared)
        if name == score:
            columns |= {
                "kinds": st.column_config.TextColumn("Kinds", width=84, help="What kinds of people they are"),
                "trend": st.column_config.TextColumn("Trend", width=60, help=TREND_HELP),
            }
    return columns | {
        "net_sentiment": points_column("Net sentiment", help="Of their posts in the period, -100 to 100"),
        "community": st.column_config.TextColumn("Community", width="medium"),
    }


def table_rows(graph: Influencers) -> pd.DataFrame:
    """The people as the table shows them, money in whole units."""
    people = graph.people
    named = people.rename(columns={"name": "name_"})
    return people.assign(
        kinds=[", ".join(kinds_of(row)) for row in named.itertuples(index=False)],
        trend=people["trend"].map(lambda trend: TREND_SIGNS.get(trend) if isinstance(trend, str) else None),
        community=people["community_label"].fillna(""),
        revenue=people["revenue_minor"].astype("float64") / 10 ** _digits(graph),
    )


def _digits(graph: Influencers) -> int:
    return minor_digits(graph.worth.currency)


def show_people_table(graph: Influencers, look: Look) -> None:
    """The people of the graph, highest first; a selected row chooses its person. Who was chosen elsewhere is on top."""
    rows = table_rows(graph)
    ids = [int(person) for person in rows["person_id"]]
    key, marked = drawn_as(TABLE, fingerprint((ids, look.size_by)))
    if marked in ids:
        place = ids.index(marked)
        order = [place, *(number for number in range(len(ids)) if number != place)]
        rows, ids = rows.iloc[order], [ids[number] for number in order]
    columns = table_columns(graph, look.size_by)
    st.dataframe(
        rows[[name for name in columns if name in rows and rows[name].notna().any()]],
        key=key,
        on_select=lambda: choose_row(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [0]}} if marked in ids else None,
        hide_index=True,
        height=HEIGHT,
        column_config=columns,
        placeholder="",
        alt=f"{describe_shown(graph, look.size_by)}. Select a row to see the person.",
    )


def find_person(graph: Influencers) -> None:
    """A box to choose a person of the graph by name, with the keyboard alone."""
    labels = person_labels(graph.people)
    ids = list(labels)
    current = chosen_person()
    st.session_state["i_find"] = labels.get(current) if current is not None else None
    st.selectbox(
        "Person",
        list(labels.values()),
        key="i_find",
        index=None,
        placeholder="Choose or type a name",
        on_change=lambda: _choose_found(ids, list(labels.values())),
    )


def _choose_found(ids: list[int], labels: list[str]) -> None:
    found = st.session_state.get("i_find")
    choose(ids[labels.index(found)] if found in labels else None)


def person_labels(people: pd.DataFrame) -> dict[int, str]:
    """A label for each person; namesakes are told apart by their handle, or else by their place."""
    named = people["name"].astype(str)
    handles = people["handle"].where(people["handle"].notna(), "")
    called = named.where(~named.duplicated(keep=False) | (handles == ""), named + " · " + handles)
    is_doubled = called.duplicated(keep=False)
    return {
        int(person): f"{label} ({place})" if doubled else str(label)
        for place, (person, label, doubled) in enumerate(
            zip(people["person_id"], called, is_doubled, strict=True), start=1
        )
    }
