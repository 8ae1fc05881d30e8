"""The sources on the Data page: how fresh each is, on which days data is missing, what was not brought in at all."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from answers.sources import MOST_SOURCES, SHOWN_WEEKS, MissingData, Sources, read_sources
from figures.source_days import source_days_figure, source_days_takeaway
from ui.cache import ask
from ui.charts import show_figure
from ui.guard import Here
from ui.numbers import counted, day
from ui.tables import show_table

COLUMNS: dict[str, Any] = {
    "network": "Network",
    "source": st.column_config.TextColumn("Source", width=170),
    "fresh": st.column_config.TextColumn("How fresh", width=150),
    "usual": st.column_config.TextColumn("Data is usual", width=150),
    "gaps": st.column_config.NumberColumn(
        "Days missing", format="localized", help=f"Of the last {SHOWN_WEEKS} weeks: without posts where posts are usual"
    ),
    "last_day": st.column_config.DateColumn("Newest day", format="D MMM YYYY"),
    "first_day": st.column_config.DateColumn("Oldest day", format="D MMM YYYY"),
    "posts": st.column_config.NumberColumn("Posts", format="localized"),
    "channels": st.column_config.NumberColumn("Channels", format="localized"),
    "file": st.column_config.TextColumn("Newest posts came with", width="medium"),
    "imported": st.column_config.DatetimeColumn("Imported", format="D MMM YYYY, HH:mm"),
}
_NAMED_METRICS = 4
_RULE = (
    "Data is usual on a day if at least 90 % of the same weekdays in the 8 weeks before it had posts, of which at "
    "least 4 are known. A usual day without posts is missing; missing days say nothing of what is usual."
)


def show_sources(here: Here) -> None:
    """Each source's freshness and gaps; then what would fill which number."""
    found = ask(here, read_sources)
    st.header("Sources", help=_RULE)
    if found.last_day is None:
        st.caption("No source has posts yet.")
    else:
        _show_freshness(here, found, found.last_day)
    _show_missing(found)


def _show_freshness(here: Here, found: Sources, last_day: date) -> None:
    table = found.sources.assign(
        imported=found.sources["imported_at"].dt.tz_convert(here.time_zone).dt.tz_localize(None)
    )
    missing = int((table["gaps"] > 0).sum())
    said = "No day is missing" if not missing else f"Of {counted(missing, 'source')} days are missing"
    most = f" The {MOST_SOURCES} with the newest posts are shown." if len(table) == MOST_SOURCES else ""
    st.caption(f"Data ends on {day(last_day)}. {said} on which posts are usual, in {SHOWN_WEEKS} weeks.{most}")
    show_table(table[list(COLUMNS)], name="sources", alt="Sources, those with missing days first", columns=COLUMNS)
    show_figure(source_days_figure(found.days), key="source_days", takeaway=source_days_takeaway(found.days))


def _show_missing(found: Sources) -> None:
    st.subheader("Not here yet")
    if not found.missing:
        st.caption("There is some of every kind of data that Rapport shows.")
        return
    st.caption("Each of these would fill what is empty now. Drop such a file above.")
    table = pd.DataFrame([_in_words(one) for one in found.missing])
    st.table(table, border="horizontal", hide_index=True)


def _in_words(one: MissingData) -> dict[str, str]:
    return {
        "What is missing": one.label,
        "Numbers that it fills": _listed(one.fills),
        "Where it shows": one.shows[:1].upper() + one.shows[1:],
        "Bring it in as": ", ".join(one.formats),
        "Read more": one.docs,
    }


def _listed(metrics: Sequence[str]) -> str:
    """The first metrics, and how many more."""
    more = len(metrics) - _NAMED_METRICS
    return ", ".join(metrics[:_NAMED_METRICS]) + (f" and {more} more" if more > 0 else "")
