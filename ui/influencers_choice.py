"""Who is chosen on the Influencers page: one person, in the address, in the graph and in the table alike.

Neither the graph nor the table can be told from outside what is selected in it once it is drawn. So each is drawn anew
(with another key) when the choice was made elsewhere, and left as it is, with its zoom or its order, when it was
made in it.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

PERSON = "i_person"
GRAPH, TABLE, CIRCLE, NETWORK, COMMUNITY, ELSEWHERE = "graph", "table", "circle", "network", "community", "elsewhere"
_DRAWN_IN = (GRAPH, TABLE, CIRCLE, NETWORK, COMMUNITY)
_LAST = "_i_last"


def chosen_person() -> int | None:
    """The person whom the address names."""
    asked = st.query_params.get(PERSON, "")
    return int(asked) if asked.isdecimal() and len(asked) <= 18 else None


def choose(person: int | None, where: str = ELSEWHERE) -> None:
    """Choose a person, or nobody. ``where``: what they were chosen in."""
    if person is None:
        st.query_params.pop(PERSON, None)
    else:
        st.query_params[PERSON] = str(person)
    st.session_state[_LAST] = person
    for part in _DRAWN_IN:
        if part != where:
            st.session_state[_turn(part)] = st.session_state.get(_turn(part), 0) + 1


def follow_address(find_holder: Callable[[int], int | None] | None = None) -> None:
    """Draw graph and table anew where the address names another person than the one chosen here. ``find_holder``: the
    person whom a number means, which may be that of any account of theirs."""
    asked = chosen_person()
    found = asked if asked is None or find_holder is None else find_holder(asked) or asked
    if st.session_state.get(_LAST) != found or found != asked:
        choose(found)


def _turn(part: str) -> str:
    return f"_i_turn_{part}"


def drawn_as(part: str, content: str) -> tuple[str, int | None]:
    """The key under which a part is drawn, and whom it marks: who was chosen when it was first drawn with that
    ``content`` (anything that tells one drawing from another)."""
    key = f"i_{part}_{content}_{st.session_state.get(_turn(part), 0)}"
    held = st.session_state.get(f"_i_drawn_{part}")
    if held is None or held[0] != key or key not in st.session_state:
        held = (key, chosen_person())
        st.session_state[f"_i_drawn_{part}"] = held
    return held[0], held[1]


def choose_clicked(key: str, people: list[int], part: str = GRAPH) -> None:
    """What a click in a graph means: its person is chosen; whoever is chosen already is let go.

    ECharts tells a second click on the same dot as an empty selection, so the last one is kept. It marks by itself the
    dot that was clicked: the mark of who was chosen elsewhere goes; where there is none the drawing stays as it is,
    with its zoom.
    """
    places = _clicked_places(st.session_state.get(key))
    kept = f"_i_clicked_{key}"
    place = places[0] if places else st.session_state.get(kept)
    if place is None or place >= len(people):
        return
    st.session_state[kept] = place
    person = people[place]
    if person == chosen_person():
        choose(None)
        return
    choose(person, part)
    st.session_state[f"_i_drawn_{part}"] = (key, None)


def _clicked_places(state: Any) -> list[int]:
    selected = state["selection"]["selected"] if state else []
    return [int(place) for group in selected if group["data_type"] == "node" for place in group["data_indices"]]


def choose_row(key: str, people: list[int]) -> None:
    """The row that is selected in a table is the person chosen; none where it was let go."""
    rows = st.session_state[key]["selection"]["rows"]
    choose(people[rows[0]] if rows and rows[0] < len(people) else None, TABLE)
