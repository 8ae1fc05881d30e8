"""Who stands between two communities, on the Influencers page."""

import pandas as pd
import streamlit as st

from answers.circles import Bridges, read_bridges
from answers.influencers import Influencers
from figures.influence_groups import name_community
from ui.cache import ask
from ui.columns import decimal_column
from ui.guard import Here
from ui.influencers import offer_longer
from ui.influencers_choice import choose, chosen_person
from ui.influencers_circle import read_person
from ui.influencers_words import kind_title, people_counted
from ui.numbers import whole
from ui.tables import show_table

_FIRST_OF, _CHOSEN_HERE = "_i_bridge_of", "_i_bridge_chosen"


def show_bridge(here: Here, graph: Influencers, person: int | None) -> None:
    """Who stands between two communities, that of ``person`` first."""
    lead = _whose_first(person)
    names, start = _communities(here, graph, lead)
    if len(names) < 2:
        offer_longer(graph, "There is one community only: nothing to bridge.", key="i_bridge_longer")
        return
    first, second = st.columns(2)
    with first:
        one = _pick("Between", names, start, f"i_bridge_a_{lead or ''}")
    with second:
        other = _pick("and", names, next(number for number in names if number != start), f"i_bridge_b_{lead or ''}")
    if one == other:
        st.caption("Choose two different communities.")
        return
    found: Bridges = ask(here, read_bridges, graph.filters, one, other, scope=here.scope)
    if found.people.empty:
        offer_longer(graph, "Nobody who is drawn has ties into both. Choose others.", key="i_bridge_nobody")
        return
    _show_table(found)


def _whose_first(person: int | None) -> int | None:
    """Whose community comes first: the person chosen; one chosen in this very table leaves the two as they are."""
    if person is None or person != st.session_state.get(_CHOSEN_HERE):
        st.session_state[_FIRST_OF] = person
    found: int | None = st.session_state.get(_FIRST_OF)
    return found


def _communities(here: Here, graph: Influencers, person: int | None) -> tuple[dict[int, str], int]:
    """The communities to choose from by number, and the one that comes first."""
    known = graph.communities[graph.communities["size"] >= 2]
    names = {
        int(number): name_community(int(number), label)
        for number, label in zip(known["number"], known["label"], strict=True)
    }
    row = None if person is None else read_person(here, graph, person)
    if row is None or pd.isna(row["community"]):
        return names, next(iter(names), 0)
    own = int(row["community"])
    return {own: name_community(own, row["community_label"])} | names, own


def _pick(label: str, names: dict[int, str], start: int, key: str) -> int:
    titles = list(names.values())
    chosen = st.selectbox(label, titles, index=titles.index(names[start]), key=key)
    return next(number for number, title in names.items() if title == chosen)


def _show_table(found: Bridges) -> None:
    rows = found.people.assign(kinds=[", ".join(kind_title(kind) for kind in kinds) for kinds in found.people["kinds"]])
    columns = {
        "name": "Name",
        "weight_first": decimal_column(f"Ties with {found.first}", help="Weight, both directions"),
        "weight_second": decimal_column(f"Ties with {found.second}", help="Weight, both directions"),
        "community_label": "Their own community",
        "kinds": "Kinds",
    }
    key = f"i_bridges_{found.first}_{found.second}_{chosen_person()}"
    row = show_table(
        rows[list(columns)], name="bridges", alt="Who bridges two communities", columns=columns, select=True, key=key
    )
    all_of_them = f"The strongest {whole(len(rows))} of {people_counted(found.total)}"
    shown = all_of_them if found.total > len(rows) else people_counted(len(rows))
    st.caption(f"{shown} with ties into both, by the harmonic mean of the two. Select a row to see the person.")
    if row is not None and int(rows["person_id"].iloc[row]) != chosen_person():
        st.session_state[_CHOSEN_HERE] = int(rows["person_id"].iloc[row])
        choose(st.session_state[_CHOSEN_HERE])
        st.rerun()
