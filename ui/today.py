"""The parts of Today: its numbers as cards, what is unusual and why, what is new since the last look."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from answers.catalogue import MONEY
from answers.drivers import Drivers, read_drivers, read_top_posts
from answers.filters import DAY, Filters
from answers.full_days import find_full_days
from answers.records import RecordFilters
from answers.today import SinceLastLook, Today, TodayNumber, group_by_day, read_since_last_look
from answers.waiting import Waiting
from data_access.models.derived import Label
from data_access.queries.coverage import read_seen_until
from ui.cache import ask
from ui.cards import Card, explain
from ui.filters import choose_days
from ui.guard import Here
from ui.last_look import last_look
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import ago, counted, day, day_range, in_unit, is_missing, whole
from ui.records import show_record, show_records
from ui.waiting import describe_cut

#: What of a day can be read: the title of the list, and what narrows it.
POSTS_OF_DAY: dict[str, tuple[str, dict[str, Any]]] = {
    "All": ("All posts of the day", {}),
    "Negative": ("Negative posts of the day", {"label": Label.NEGATIVE}),
    "Questions": ("Questions of the day", {"is_question": True}),
}


def describe_day(today: Today, last_day: date | None = None) -> str:
    """Which day it is, and whether it is over. ``last_day``: the last that has data."""
    assert today.day is not None
    until = f" until {(today.last_hour or 0) + 1}:00" if today.is_unfinished else ""
    named = f"{today.day:%A}, {day(today.day)}{until}"
    if last_day is not None and today.day < last_day:
        return f"{named}: the last of the days chosen in the sidebar."
    return f"{named}: the last day that has data."


def offer_full_days(here: Here, filters: Filters) -> None:
    """Where the period has next to no posts: on which days they are, and a button that shows these."""
    found = ask(here, find_full_days, filters, scope=here.scope)
    if found is None:
        return
    shown = f"only {whole(found.shown)}" if found.shown else "none"
    most = "Your posts are" if not found.shown else "Most of your posts are"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{most} from {day_range(found.start, found.end)}: {whole(found.posts)}. "
            f"The period shown here, {day_range(filters.start, filters.end)}, has {shown}."
        )
        days = (found.start, found.end)
        st.button("Show these days", key="full_days", type="primary", on_click=choose_days, args=days)


def day_card(number: TodayNumber, *, currency: str = "") -> Card:
    """A number of the day next to what is usual; a sign says that it is outside of that. ``currency``: of money."""
    unit = currency if currency and number.metric.unit == MONEY else number.metric.unit
    usual = ""
    if not is_missing(number.low):
        low, high = (in_unit(limit, unit) for limit in (number.low, number.high))
        usual = f"\n\nUsual: {low} to {high}."
    return Card(
        label=number.metric.label,
        value=number.value,
        unit=unit,
        before=number.expected,
        better=number.metric.direction,
        history=number.series["value"].tolist(),
        help=explain(number.metric, number.coverage) + usual,
        icon=":material/priority_high:" if number.is_unusual else None,
    )


def waiting_card(waiting: Waiting, today: Today, time_zone: str) -> Card:
    """How many wait, as the list has it. Below it how many of them began to on the day; its line, on each day. Where
    not all were looked at, the number is the least that it can be, and no line is drawn: it would begin too late."""
    assert today.day is not None
    began = waiting.turns["opened_at"].dt.tz_convert(time_zone).dt.date
    days = pd.date_range(waiting.filters.start, waiting.filters.last_day).date
    counts = began.value_counts().reindex(days, fill_value=0)
    period = day_range(waiting.filters.start, waiting.filters.end)
    return Card(
        label="Waits for an answer",
        value=waiting.waiting,
        unit="count",
        history=() if waiting.is_least else counts.tolist(),
        help=f"How many wait for us?\n\nThose of the list below: who wrote to us from {period} and has no answer, but "
        f"for what was settled here.{describe_cut(waiting)}"
        + ("" if waiting.is_least else "\n\nThe line: on which day they began to."),
        change=("or more; " if waiting.is_least else "")
        + f"{whole(int((began == today.day).sum()))} new on {day(today.day)}",
    )


def describe_usual(today: Today, waiting: Waiting) -> str:
    """What the numbers of the day are compared with, where that is known, and of when who waits is, as a sentence."""
    period = day_range(waiting.filters.start, waiting.filters.end)
    is_known = any(not is_missing(number.expected) for number in today.numbers)
    compared = f"Compared with what is {today.numbers[0].comparison}. " if is_known else ""
    return f"{compared}Waits for an answer: of {period}, as listed below."


def show_posts_of_day(here: Here, today: Today, filters: Filters) -> None:
    """The posts that the numbers of the day are of, once somebody opens them."""
    assert today.day is not None
    on = filters.between(today.day, today.day + DAY)
    shown = st.expander(f"The posts of {day(today.day)}", on_change="rerun", key="posts_of_day")
    if shown.open:
        with shown:
            chosen = st.segmented_control(
                "Which posts",
                list(POSTS_OF_DAY),
                default="All",
                key="t_posts",
                required=True,
                label_visibility="collapsed",
            )
            title, narrowed = POSTS_OF_DAY[chosen or "All"]
            show_records(here, replace(RecordFilters(on), **narrowed), title=title, key=f"posts_of_{today.day}")


def show_unusual(here: Here, today: Today, filters: Filters) -> None:
    """What lies outside its usual band, with what drove it, or why nothing can be said."""
    if not today.unusual:
        known = any(not is_missing(number.low) for number in today.numbers)
        st.caption(
            "Nothing of the last seven days lies outside its usual band."
            if known
            else "What is usual needs four weeks of data before; there are fewer."
        )
    for position, of_day in enumerate(group_by_day(today.unusual)):
        with st.container(border=True):
            for unusual in of_day:
                st.text(unusual.what)
            on = filters.between(of_day[0].day, of_day[0].day + DAY)
            key = f"unusual_{on.start}"
            if position == 0:  # the day that matters; to read what drove one takes longer than all of the numbers
                drivers = _show_drivers(here, on)
                if drivers.posts_of_day:
                    _show_on_demand("The posts of that day that got most", key, partial(_show_top_posts, here, on, key))
            else:
                _show_on_demand("What drove it, and the posts that got most", key, partial(_explain, here, on, key))


def _show_on_demand(title: str, key: str, show: Callable[[], None]) -> None:
    shown = st.expander(title, on_change="rerun", key=key)
    if shown.open:
        with shown:
            show()


def _explain(here: Here, on: Filters, key: str) -> None:
    if _show_drivers(here, on).posts_of_day:
        _show_top_posts(here, on, key)


def _show_drivers(here: Here, on: Filters) -> Drivers:
    """What a day had more of than usual, and who wrote most on it: the same for whatever was unusual on it."""
    drivers = ask(here, read_drivers, on, scope=here.scope)
    if drivers.words:
        st.text(drivers.words)
    if drivers.bounds:
        st.caption(drivers.bounds)
    if not drivers.people.empty:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Most active:", width="content")
            for row in drivers.people.itertuples():
                page_link("profile", f"{plain(row.name, longest=40)} ({whole(row.posts)})", person=str(row.person_id))
    return drivers


def _show_top_posts(here: Here, on: Filters, key: str) -> None:
    posts = ask(here, read_top_posts, on, scope=here.scope)
    if posts.empty:
        st.caption("No post of that day has likes, replies or shares, or all of these have muted words.")
    for post in posts.to_dict("records"):
        show_record(here, post, key=key)


def show_since_last_look(here: Here, filters: Filters) -> None:
    """What came in and what was decided since this browser last looked; nothing for who is here for the first time."""
    looked_at = last_look()
    if looked_at is None:
        return
    seen_until = ask(here, read_seen_until, looked_at)
    since = ask(here, read_since_last_look, filters, looked_at=looked_at, seen_until=seen_until, scope=here.scope)
    with st.container(border=True):
        st.markdown(f"**Since you last looked, {ago(looked_at, pd.Timestamp.now('UTC').to_pydatetime())} ago**")
        st.text(describe_since(since))


def describe_since(since: SinceLastLook) -> str:
    """What is new, in a sentence or two."""
    if since.is_nothing:
        return "Nothing came in, and nobody decided anything."
    parts = []
    if not since.imports.empty:
        parts.append(f"{counted(since.new_posts, 'post')} came in with {counted(len(since.imports), 'import')}")
        parts.append(f"{whole(since.new_waiting)} more {'waits' if since.new_waiting == 1 else 'wait'} for an answer")
        parts.append(f"{whole(since.answered)} {'was' if since.answered == 1 else 'were'} answered")
    by_person = since.decisions.groupby("decided_by")["decisions"].sum()
    decided = [f"{count} by {who}" for who, count in by_person.items()]
    if decided:
        parts.append(f"decisions: {', '.join(decided)}")
    return f"{'; '.join(parts)}."
