"""The sources on the Data page: how fresh each is, on which days data is missing, what was not brought in at all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from answers.sources import MOST_SOURCES, SHOWN_WEEKS, MissingData, Sources, read_sources
from figures.source_days import source_days_figure, source_days_takeaway
from ui.cache import ask
from ui.charts import show_figure
from ui.guard import Here
from ui.numbers import counted, day, whole
from ui.tables import show_table

COLUMNS: dict[str, Any] = {
    "network": st.column_config.TextColumn("Network", width=95),
    "source": st.column_config.TextColumn("Source", width=145),
    "fresh": st.column_config.TextColumn(
        "How fresh", width=250, help="As of the newest post of any source, not of today: a store may hold older data."
    ),
    "last_day": st.column_config.DateColumn("Newest day", format="D MMM YYYY", width=90),
    "gaps": st.column_config.NumberColumn(
        "Days missing",
        format="localized",
        width=85,
        help=f"Of the last {SHOWN_WEEKS} weeks: without posts where posts are usual",
    ),
    "usual": st.column_config.TextColumn(
        "Usual now", width=155, help="The weekdays on which data is usual as of the newest day. Before, others may be."
    ),
    "file": st.column_config.TextColumn("Newest posts came with", width="medium"),
    "imported": st.column_config.DatetimeColumn("Imported", format="D MMM YYYY, HH:mm"),
    "posts": st.column_config.NumberColumn("Posts", format="localized"),
    "channels": st.column_config.NumberColumn("Channels", format="localized"),
    "first_day": st.column_config.DateColumn("Oldest day", format="D MMM YYYY"),
}
OTHERS: dict[str, Any] = {
    "kind": st.column_config.TextColumn("What", width=105),
    "network": COLUMNS["network"],
    "source": st.column_config.TextColumn("Source", width=130),
    "fresh": st.column_config.TextColumn("How fresh", width=220, help="As of the newest day of any data, not of today"),
    "last_day": COLUMNS["last_day"],
    "gaps": st.column_config.NumberColumn(
        "Days missing",
        format="localized",
        width=85,
        help=f"In {SHOWN_WEEKS} weeks: without any where some are usual. Blank where several sources have them.",
    ),
    "usual": COLUMNS["usual"],
    "file": st.column_config.TextColumn("The newest came with", width="medium"),
    "imported": COLUMNS["imported"],
}
_NAMED_METRICS = 4
#: From so many days on, it is said that what came since is not here.
_OLD_DAYS = 7
_RULE = (
    "Data is usual on a day if at least 90 % of the same weekdays in the 8 weeks before it had posts, of which at "
    "least 4 are known. A usual day without posts is missing; missing days say nothing of what is usual."
)


def show_sources(here: Here) -> None:
    """Each source's freshness and gaps; then what would fill which number."""
    today = datetime.now(ZoneInfo(here.time_zone)).date()
    found = ask(here, read_sources, today=today)
    st.header("Sources", help=_RULE)
    if found.last_day is None:
        st.caption("No source has posts yet.")
    else:
        _show_freshness(here, found, found.last_day, today)
    if not found.others.empty:
        _show_others(here, found.others)
    _show_missing(found)


def _show_others(here: Here, others: pd.DataFrame) -> None:
    st.subheader("Orders, deals, visits, survey answers")
    imported = others["imported_at"].dt.tz_convert(here.time_zone).dt.tz_localize(None)
    alt = "Sources of orders, deals, visits and survey answers"
    show_table(others.assign(imported=imported)[list(OTHERS)], name="other_sources", alt=alt, columns=OTHERS)


def _show_freshness(here: Here, found: Sources, last_day: date, today: date) -> None:
    table = found.sources.assign(
        imported=found.sources["imported_at"].dt.tz_convert(here.time_zone).dt.tz_localize(None)
    )
    st.text(describe_age(last_day, today, found.dated_ahead))
    missing = int((table["gaps"] > 0).sum())
    lacking = f"{counted(missing, 'source')} {'lacks' if missing == 1 else 'lack'} days"
    said = lacking if missing else "no day is missing"
    most = f" The {MOST_SOURCES} with the newest posts are shown." if len(table) == MOST_SOURCES else ""
    until = f"In the {SHOWN_WEEKS} weeks up to {day(last_day)}"
    st.caption(f"{until}, {said} on which posts are usual.{most}")
    shown_from = pd.Timestamp(last_day - timedelta(weeks=SHOWN_WEEKS) + timedelta(days=1))
    is_silent = (table["last_day"] < shown_from) & (table["gaps"] == 0)
    alt = "Sources, those with missing days first"
    show_table(table.loc[~is_silent, list(COLUMNS)], name="sources", alt=alt, columns=COLUMNS)
    if not found.days.empty:
        show_figure(source_days_figure(found.days), key="source_days", takeaway=source_days_takeaway(found.days))
    silent = table.loc[is_silent, list(COLUMNS)]
    if not silent.empty:
        have = "source has" if len(silent) == 1 else "sources have"
        with st.expander(f"{whole(len(silent))} {have} been silent for longer than these {SHOWN_WEEKS} weeks"):
            show_table(silent, name="silent_sources", alt="Sources without posts of late", columns=COLUMNS)


def describe_age(newest: date, today: date, dated_ahead: date | None = None) -> str:
    """How old the newest post is, in days, and whether any is dated after today.

    >>> describe_age(date(2026, 3, 1), date(2026, 8, 31))
    'The newest post is 183 days old (of 1 Mar 2026). What came since is not here: bring it in.'
    >>> describe_age(date(2026, 3, 1), date(2026, 3, 1), date(2027, 1, 9))
    'The newest post is of today (1 Mar 2026). Posts dated after today, up to 9 Jan 2027, are not counted here.'
    """
    days = (today - newest).days
    age = f"{counted(days, 'day')} old (of {day(newest)})" if days > 0 else f"of today ({day(newest)})"
    since = " What came since is not here: bring it in." if days >= _OLD_DAYS else ""
    ahead = f" Posts dated after today, up to {day(dated_ahead)}, are not counted here." if dated_ahead else ""
    return f"The newest post is {age}.{since}{ahead}"


def _show_missing(found: Sources) -> None:
    st.subheader("Not here yet")
    if not found.missing:
        st.caption("There is some of every kind of data that Rapport shows.")
        return
    st.caption("Some numbers and pages are empty, as this data is not here. Drop such a file above to fill them.")
    table = pd.DataFrame([_in_words(one) for one in found.missing])
    st.table(table, border="horizontal", hide_index=True)


def _in_words(one: MissingData) -> dict[str, str]:
    return {
        "What is missing": one.label,
        "Numbers that it fills": _listed(one.fills) or "–",
        "Where it shows": one.shows[:1].upper() + one.shows[1:],
        "Bring it in as": "; ".join(one.formats),
    }


def _listed(metrics: Sequence[str]) -> str:
    """The first metrics, and how many more: what they are called may hold a comma.

    >>> _listed(["Orders", "Share of voice, by reach"])
    'Orders; Share of voice, by reach'
    """
    more = len(metrics) - _NAMED_METRICS
    return "; ".join(metrics[:_NAMED_METRICS]) + (f"; and {more} more" if more > 0 else "")
