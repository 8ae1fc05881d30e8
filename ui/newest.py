"""The newest choice wins where the same thing can be chosen in several parts of a page, such as a chart and its table.

What is selected in a part cannot be changed from outside once it is drawn. So when something is newly chosen in one
part, the others are drawn anew, under other keys, with nothing chosen.
"""

from typing import Any

import streamlit as st

_TURNS = "_newest_turns"
_SEEN = "_newest_seen"


def newest_choice(*parts: str) -> list[str]:
    """The keys under which to draw the ``parts`` (keys of charts and tables), of which one at a time has the choice.

    To be asked in each run, before any of them is drawn."""
    turns: dict[str, int] = st.session_state.setdefault(_TURNS, {})
    seen: dict[str, Any] = st.session_state.setdefault(_SEEN, {})
    now = {part: _selected(_key(part, turns)) for part in parts}
    chosen = next((part for part in parts if now[part] and now[part] != seen.get(part)), None)
    for part in parts:
        if chosen is not None and part != chosen and now[part]:
            turns[part] = turns.get(part, 0) + 1
            now[part] = None
    seen.update(now)
    return [_key(part, turns) for part in parts]


def _key(part: str, turns: dict[str, int]) -> str:
    turn = turns.get(part, 0)
    return f"{part}_{turn}" if turn else part


def _selected(key: str) -> Any:
    """What is chosen in a chart (its points) or in a table (its rows); None where nothing is."""
    selection = st.session_state.get(key, {}).get("selection", {})
    return selection.get("points") or selection.get("rows") or None
