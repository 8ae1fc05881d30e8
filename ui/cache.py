"""What a question to the store costs, paid once: answers are kept until the store changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from numbers import Number
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from answers.scope import Scope
from data_access.store import open_store, reading

if TYPE_CHECKING:
    from ui.guard import Here

#: The frames of a page have some rows and many columns with names: as pyarrow's strings, pandas' choice, these alone
#: take up to a fifth of its time. They are equal either way.
pd.set_option("mode.string_storage", "python")

T = TypeVar("T")
_PLAIN = (str, Number, np.bool_, date, timedelta, Enum, bytes, NoneType)


def ask(here: Here, question: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """What ``question(session, *arguments, **named)`` returns for the store as it is now.

    ``question`` is a function of a module, and its arguments are plain values: days, ids, filters. The answer is kept
    until anything is written to the store, so an import or a decision shows at once. It is a copy: change it freely.
    """
    return ask_store(here.store_url, here.data_version, question, *arguments, **named)


def ask_store(store_url: str, data_version: int, question: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """The same, of a store by its address and version."""
    key = _spell((store_url, data_version, question.__module__, question.__qualname__, arguments, named))

    def answer() -> T:
        with reading(open_store(store_url)) as session:
            return question(session, *arguments, **named)

    # by their names: Streamlit looks up what those without are called, each time
    found: T = _ask(key=key, _answer=answer)
    return found


def _spell(value: Any) -> str:
    """A plain value in words that no other has: Streamlit's own hash of the same takes thirty times as long.

    Raises ``TypeError`` for what is no plain value.
    """
    if isinstance(value, Scope):
        return _spell(_name(value))
    if isinstance(value, tuple | list):
        return f"({', '.join([_spell(part) for part in value])})"
    if isinstance(value, dict):
        return f"{{{', '.join([f'{_spell(name)}: {_spell(part)}' for name, part in value.items()])}}}"
    if isinstance(value, frozenset | set):
        return f"{{{', '.join(sorted(_spell(part) for part in value))}}}"
    if isinstance(value, _PLAIN):
        return f"{type(value).__name__} {value!r}"
    if is_dataclass(value):
        return f"{type(value).__qualname__} {_spell([getattr(value, part.name) for part in fields(value)])}"
    raise TypeError(f"{value!r} is no plain value: ask with days, ids, filters")


def _name(scope: Scope) -> tuple[Any, ...]:
    """What tells scopes of a store apart: comparing their frames takes longer than most answers."""
    return scope.about, scope.data_version, scope.last_day, scope.newest_day, scope.last_post_day, scope.ahead


@st.cache_data(max_entries=400, show_spinner=False)
def _ask(key: str, _answer: Callable[[], Any]) -> Any:
    return _answer()
