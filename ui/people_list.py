"""People in a table: a way to each profile, and their CSV."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ui.columns import written
from ui.navigation import go
from ui.tables import MOST_ROWS_SHOWN, ROW_PIXELS, download_csv

MOST_IN_CSV = 20_000


def show_people_list(
    people: pd.DataFrame,
    columns: dict[str, Any],
    *,
    name: str,
    alt: str,
    whole_list: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """People, each with a button to their profile. ``people``: ``person_id`` and the ``columns`` to show, by name;
    those that nobody has anything in are left out. ``whole_list`` gives the rows for the CSV where the table holds only
    the first."""
    clicked = f"open_{name}"
    kept = [column for column in columns if column in people and people[column].notna().any()]
    shown, config = written(people[kept].assign(open="Open")[["open", *kept]], columns)
    button: Any = st.column_config.ButtonColumn("Profile", type="tertiary", key=clicked, width="small", pinned=True)
    st.dataframe(
        shown,
        key=f"table_{name}",
        hide_index=True,
        height=ROW_PIXELS * (min(len(people), MOST_ROWS_SHOWN) + 1) + 3,
        column_config={"open": button, **config},
        placeholder="",
        alt=alt,
    )
    download_csv(whole_list or people, name, key=f"csv_{name}")
    click = st.session_state.get(clicked)
    if click and click["row"] < len(people):
        _open(str(int(people["person_id"].iloc[click["row"]])))


def _open(person: str) -> None:
    if st.session_state.get("is_routed"):
        go("profile", person=person)
    st.query_params["person"] = person  # the profile's own page, opened directly
    st.rerun()
