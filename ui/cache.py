"""What a question to the store costs, paid once: answers are kept until the store changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from answers.scope import Scope
from data_access.store import open_store, reading

if TYPE_CHECKING:
    from ui.guard import Here

T = TypeVar("T")


def ask(here: Here, question: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """What ``question(session, *arguments, **named)`` returns for the store as it is now.

    ``question`` is a function of a module, and its arguments are plain values: days, ids, filters. The answer is kept
    until anything is written to the store, so an import or a decision shows at once. It is a copy: change it freely.
    """
    return ask_store(here.store_url, here.data_version, question, *arguments, **named)


def ask_store(store_url: str, data_version: int, question: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """The same, of a store by its address and version."""
    name = f"{question.__module__}.{question.__qualname__}"
    answer: T = _ask(store_url, data_version, name, arguments, named, question)
    return answer


def _name(scope: Scope) -> tuple[Any, ...]:
    """What tells scopes of a store apart: comparing their frames takes longer than most answers."""
    return scope.about, scope.data_version, scope.last_day, scope.newest_day, scope.last_post_day, scope.ahead


@st.cache_data(max_entries=400, show_spinner=False, hash_funcs={Scope: _name})
def _ask(
    store_url: str,
    data_version: int,
    name: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    _question: Callable[..., Any],
) -> Any:
    with reading(open_store(store_url)) as session:
        return _question(session, *arguments, **named)
