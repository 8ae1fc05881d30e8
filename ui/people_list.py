"""The people behind a number: a table with a way to each profile, and its CSV."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ui.columns import written
from ui.navigation import go
from ui.numbers import whole
from ui.tables import MOST_ROWS_SHOWN, ROW_PIXELS, to_csv

MOST_IN_CSV = 20_000


def show_people_list(
    people: pd.DataFrame,
    columns: dict[str, Any],
    *,
    name: str,
    alt: str,
    whole_list: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """People, each with a button to their profile. ``people``: ``person_id`` and the ``columns`` to show, by name.
    ``whole_list`` gives the rows for the CSV where the table holds only the first."""
    clicked = f"open_{name}"
    shown, config = written(people[list(columns)].assign(open="Open")[["open", *columns]], columns)
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
    st.download_button(
        "CSV",
        data=lambda: to_csv(whole_list() if whole_list else people),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help=f"These people, at most {whole(MOST_IN_CSV)}",
    )
    click = st.session_state.get(clicked)
    if click and click["row"] < len(people):
        go("profile", person=str(int(people["person_id"].iloc[click["row"]])))
