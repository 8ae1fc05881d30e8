"""With whom the chosen person talks, as a graph and a table, and the paths from them to somebody else."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.circles import MOST_SHOWN, CircleGraph, Path, Paths, read_circle_graph, read_paths
from answers.influencers import GraphFilters, Influencers
from figures.influence_groups import Group, Grouping
from ui.cache import ask
from ui.guard import Here
from ui.influencers import Look
from ui.influencers_choice import CIRCLE, choose, chosen_person
from ui.influencers_graph import draw_graph, person_labels, size_scores
from ui.influencers_words import every_hover, kinds_of, people_counted
from ui.markup import plain
from ui.numbers import counted, whole
from ui.tables import show_table

STEPS = {"1 step": 1, "2 steps": 2}
HEIGHT = 480
MOST_NAMED = 24
NOBODY = "They answered, mentioned and shared nobody in this period, and nobody them."


def read_person(here: Here, graph: Influencers, person: int) -> "pd.Series[Any] | None":
    """The scores of a person, also of one whom the filters leave out; None for who has none in the period."""
    found = graph.people[graph.people["person_id"] == person]
    if found.empty:
        circle: CircleGraph = ask(here, read_circle_graph, graph.filters, person, 1, scope=here.scope)
        found = circle.people[(circle.people["person_id"] == person)].assign(rank=0)
        has_any = bool(len(found)) and (found["pagerank"].notna() | (found["posts"] > 0)).iloc[0]
        if not has_any and len(circle.people) <= 1:
            return None
    return found.iloc[0]


def show_circle(here: Here, graph: Influencers, look: Look, person: int) -> None:
    """Graph and table of whom they talk with, and of whom those talk with."""
    chosen = st.segmented_control(
        "Steps", list(STEPS), default="1 step", key="i_steps", bind="query-params", label_visibility="collapsed"
    )
    steps = STEPS[chosen or "1 step"]
    circle: CircleGraph = ask(here, read_circle_graph, graph.filters, person, steps, scope=here.scope)
    if len(circle.people) <= 1:
        st.caption(NOBODY)
        return
    st.caption(describe_circle(circle))
    left, right = st.columns([3, 2], gap="small")
    with left:
        _draw(graph, circle, look)
    with right:
        _show_table(circle)


def describe_circle(circle: CircleGraph) -> str:
    """How many are in the circle, and what of it is shown."""
    words = f"{people_counted(circle.total)} within {circle.steps} step{'s' if circle.steps > 1 else ''}"
    shown = len(circle.people) - 1
    if shown < circle.total:
        words += f"; shown are those with the strongest ties, {whole(MOST_SHOWN)} a step"
    if circle.is_bounded:
        words += ". Older talk of somebody with very much of it is left out"
    return f"{words}. Filters of the graph other than period, network and ties do not narrow a circle."


def group_by_step(people: pd.DataFrame) -> Grouping:
    """The person, whom they talk with, and grey for whom those talk with."""
    groups = [
        Group("Chosen", 1),
        Group("One step away", 0),
        Group("Two steps away"),
        Group("Team and bots", is_team=True),
    ]
    place = people["step"].clip(upper=2).where(people["role"].isna() | (people["step"] == 0), 3).astype(int)
    used = [number for number in range(len(groups)) if (place == number).any()]
    return Grouping(tuple(groups[number] for number in used), place.map(used.index).to_numpy())


def _draw(graph: Influencers, circle: CircleGraph, look: Look) -> None:
    name = str(circle.people["name"].iloc[0])
    held = f"{people_counted(len(circle.people) - 1)} and {counted(len(circle.ties), 'tie')}"
    draw_graph(
        circle.people.assign(score=size_scores(circle.people, look.size_by)),
        drawn_ties(circle),
        group_by_step(circle.people),
        hover=every_hover(circle.people, look.size_by, graph.worth.currency),
        communities=None,
        part=CIRCLE,
        alt=f"Circle of {name}: {held}. The table holds the same.",
        height=HEIGHT,
        named=MOST_NAMED,
        arrows=True,
    )
    if len(drawn_ties(circle)) < len(circle.ties):
        st.caption(
            f"Of the {whole(len(circle.ties))} ties, those of {plain(name, longest=40)} and the heaviest others."
        )


def drawn_ties(circle: CircleGraph) -> pd.DataFrame:
    """The ties of the person in the middle, and of the others the heaviest, so many as there are people."""
    is_own = (circle.ties["source_id"] == circle.person_id) | (circle.ties["target_id"] == circle.person_id)
    others = circle.ties[~is_own].nlargest(len(circle.people), "weight")
    return pd.concat([circle.ties[is_own], others], ignore_index=True)


def talk_with(circle: CircleGraph) -> pd.DataFrame:
    """The circle as a table: ``person_id``, ``name``, ``step``, ``there`` (how often the person in the middle answered,
    mentioned or shared them), ``back``, ``kinds``, ``community``."""
    ties, middle = circle.ties, circle.person_id
    there = ties[ties["source_id"] == middle].set_index("target_id")["times"]
    back = ties[ties["target_id"] == middle].set_index("source_id")["times"]
    others = circle.people[circle.people["person_id"] != middle]
    named = others.rename(columns={"name": "name_"})
    return pd.DataFrame(
        {
            "person_id": others["person_id"],
            "name": others["name"],
            "step": others["step"],
            "there": others["person_id"].map(there).fillna(0).astype("int64"),
            "back": others["person_id"].map(back).fillna(0).astype("int64"),
            "kinds": [", ".join(kinds_of(row)) for row in named.itertuples(index=False)],
            "community": others["community_label"].fillna(""),
        }
    ).reset_index(drop=True)


def _show_table(circle: CircleGraph) -> None:
    rows = talk_with(circle)
    number: Any = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "name": st.column_config.TextColumn("Name", width=125),
        "back": number("To them", help="How often this person answered, mentioned or shared the one in the middle"),
        "there": number("From them", help="How often the one in the middle answered, mentioned or shared this person"),
        "step": number("Step"),
        "kinds": "Kinds",
        "community": "Community",
    }
    key = f"i_circle_table_{circle.person_id}_{circle.steps}"
    row = show_table(rows[list(columns)], name="circle", alt="The circle", columns=columns, select=True, key=key)
    if row is not None and int(rows["person_id"].iloc[row]) != chosen_person():
        choose(int(rows["person_id"].iloc[row]))
        st.rerun()


def show_path(here: Here, graph: Influencers, person: int) -> None:
    """The chains of talk from the chosen person to another."""
    labels = {number: label for number, label in person_labels(graph.people).items() if number != person}
    found = st.selectbox(
        "To whom?", list(labels.values()), index=None, key="i_path_to", placeholder="Choose or type a name"
    )
    if found is None:
        st.caption("Choose somebody of the graph: who answered, mentioned or shared whom on the way to them?")
        return
    other = next(number for number, label in labels.items() if label == found)
    paths: Paths = ask(here, read_paths, _anybody(graph.filters), person, other, scope=here.scope)
    if not paths.paths:
        there_may_be = " There may be one through people whose talk was not followed." if paths.is_bounded else ""
        st.caption(f"No path of {paths.longest} steps or fewer leads to them in this period.{there_may_be}")
        return
    many = "The shortest path" if len(paths.paths) == 1 else f"The {len(paths.paths)} shortest paths"
    st.caption(f"{many}, in {paths.length} step{'' if paths.length == 1 else 's'}, those of the strongest ties first.")
    for path in paths.paths:
        st.markdown(describe_path(path))


def _anybody(filters: GraphFilters) -> GraphFilters:
    return GraphFilters(
        filters.period, networks=filters.networks, relations=filters.relations, with_team=filters.with_team
    )


def describe_path(path: Path) -> str:
    """A chain of names as Markdown, and between each two how often one answered, mentioned or shared the other."""
    parts = [f"**{plain(path.names[0], longest=40)}**"]
    for step, name in zip(path.steps, path.names[1:], strict=True):
        ways = [f"{whole(step.there)} →"] if step.there else []
        ways += [f"← {whole(step.back)}"] if step.back else []
        parts.append(f":gray[— {' · '.join(ways)} —] **{plain(name, longest=40)}**")
    return " ".join(parts)
