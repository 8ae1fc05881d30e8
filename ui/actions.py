"""What happens after a decision: it is said, and can be taken back."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from data_access.decisions import NoSuchDecision
from data_access.models.decisions import Setting
from data_access.store import reading
from jobs.decisions import INFLUENCE_SETTINGS, REBUILDING_SETTINGS, touches_people, withdraw_many
from jobs.derive.due import count_due
from jobs.launch import start_job

_LAST = "_last_decision"
#: The job that reads all posts anew when a rule of that kind changes.
_RULE_JOBS = {"topic_rule": "topics", "brand_rule": "brands"}


def decide(said: str, table: str, action: Callable[..., Any], engine: Engine, **details: Any) -> None:
    """Run ``action(engine, **details)``, which returns the decision's id or ids, and offer to undo it. For callbacks.

    ``said`` is what was decided, in our words: it is shown as Markdown, so pass members' text through ``plain``.
    """
    decided = action(engine, **details)
    ids = decided if isinstance(decided, list) else [decided]
    st.session_state[_LAST] = {"said": said + _say_rest(engine, table), "table": table, "ids": ids, "is_told": False}


def end(said: str, action: Callable[..., Any], back: Callable[..., Any], engine: Engine, **details: Any) -> None:
    """Run ``action(engine, **details)``, which withdraws decisions and returns their ids, and offer to take that back:
    by ``back(engine, ids, decided_by=...)``. For callbacks; ``said`` as in ``decide``."""
    ids = action(engine, **details)
    st.session_state[_LAST] = {"said": said, "ids": ids, "is_told": False, "back": back}


def add_to_last(said: str) -> None:
    """Add a sentence to what was just decided, where it is known only afterwards: Markdown, as in ``decide``."""
    st.session_state[_LAST]["said"] += f" {said}"


def undo(engine: Engine, table: str, ids: list[int], who: str) -> None:
    """Withdraw decisions of one kind. For callbacks."""
    try:
        withdraw_many(engine, table=table, decision_ids=ids, decided_by=who)
    except NoSuchDecision:  # a colleague was faster
        part = "A part of this was undone by somebody else: see the audit trail in Settings."
        st.toast(part if len(ids) > 1 else "This was already undone.")
        return
    keys = _list_keys(engine, ids) if table == "setting" else set()
    if keys & REBUILDING_SETTINGS:
        start_job(engine, "refresh", {})
    if keys & INFLUENCE_SETTINGS:
        start_job(engine, "influence", {})
    if table in _RULE_JOBS:
        start_job(engine, _RULE_JOBS[table], {})
    st.session_state.pop(_LAST, None)
    st.toast("Undone. What was before stands again." + _say_rest(engine, table), icon=":material/undo:")


def _say_rest(engine: Engine, table: str) -> str:
    """That numbers are still to follow a decision, where they are: it touches much."""
    if not touches_people(table):
        return ""
    with reading(engine) as session:
        return " The numbers follow: the sidebar says how far they are." if count_due(session) else ""


def _list_keys(engine: Engine, decision_ids: list[int]) -> set[str]:
    """The settings that these decisions are of."""
    with reading(engine) as session:
        found = [session.get(Setting, decision_id) for decision_id in decision_ids]
        return {setting.key for setting in found if setting is not None}


def offer_undo(engine: Engine, who: str) -> None:
    """Say the last decision of this session once, and keep an Undo button on the page until the next one."""
    last = st.session_state.get(_LAST)
    if not last:
        return
    if not last["is_told"]:
        st.toast(last["said"], icon=":material/check:")
        last["is_told"] = True
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(last["said"])
        take_back = partial(_take_back, last["back"]) if "back" in last else partial(undo, table=last["table"])
        arguments = {"engine": engine, "ids": last["ids"], "who": who}
        st.button(
            "Undo", key="undo_last", icon=":material/undo:", on_click=take_back, kwargs=arguments, type="tertiary"
        )
        st.button("Keep", key="keep_last", on_click=_forget, type="tertiary")


def _take_back(back: Callable[..., Any], engine: Engine, ids: list[int], who: str) -> None:
    back(engine, ids, decided_by=who)
    st.session_state.pop(_LAST, None)
    st.toast("Undone. What was before stands again.", icon=":material/undo:")


def _forget() -> None:
    st.session_state.pop(_LAST, None)
