"""The parts of the Journeys page: the steps that people take, where they come from, when they came, who is stuck."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.journeys import (
    MOST_LOOKED_AT,
    MOST_PEOPLE,
    STAGE_NAMES,
    WITHIN_DAYS,
    Journeys,
    list_journey_people,
    read_cohorts,
    read_first_channels,
    read_journeys,
    read_stuck,
    read_usual_days,
    spread_of,
)
from figures.bars import bars_figure, bars_takeaway
from figures.sankey import (
    cohort_shares_figure,
    cohort_shares_takeaway,
    lag_figure,
    lag_takeaway,
    sankey_figure,
    sankey_takeaway,
)
from ui.cache import ask
from ui.cards import Card, show_cards
from ui.charts import show_figure
from ui.columns import share_column
from ui.empty import nothing_here
from ui.filters import choose_all_days
from ui.first_run import why_no_posts
from ui.guard import Here
from ui.markup import plain
from ui.numbers import counted, day, whole
from ui.people_list import MOST_IN_CSV, show_people_list
from ui.tables import show_table

MOST_BARS = 12
PEOPLE_COLUMNS: dict[str, Any] = {
    "name": "Name",
    "path": st.column_config.TextColumn("Stages, in the order reached", width="large"),
    "first_on": st.column_config.DateColumn("First sign", format="D MMM YYYY"),
    "channel": "First channel",
    "public_on": st.column_config.DateColumn("Public network", format="D MMM YYYY"),
    "hub_on": st.column_config.DateColumn("Website", format="D MMM YYYY"),
    "private_on": st.column_config.DateColumn("Community", format="D MMM YYYY"),
    "customer_on": st.column_config.DateColumn("Customer", format="D MMM YYYY"),
}


def show_nobody(here: Here, filters: Filters) -> None:
    """Why nobody was first seen in the period: it is too short, or nobody has a first sign at all."""
    every_day = filters.between(here.scope.first_day or filters.start, here.scope.as_of.end)
    if not here.scope.posts and not ask(here, read_journeys, every_day, scope=here.scope).people:
        why_no_posts(here)
        return
    nothing_here(
        "Nobody was first seen in this period and in these channels.",
        button="Show all days",
        on_click=choose_all_days,
        key="j_all",
    )


def show_numbers(here: Here, journeys: Journeys) -> None:
    """How many people there are, and how many reached each stage."""
    reached = journeys.reached.set_index("stage")
    first = (
        f"People whose first sign was in the period: {day(journeys.filters.start)} to {day(journeys.filters.last_day)}."
    )
    cards = [
        Card("People", journeys.people, "count", help=first),
        Card(
            "Moved on",
            journeys.moved_on / journeys.people,
            "share",
            help="Of these people, those who came to a second stage, whichever it was.",
        ),
        *(
            Card(
                name[:1].upper() + name[1:],
                float(reached.loc[stage, "people"]),
                "count",
                help=f"Of these people, those of whom there is a sign: {SIGNS[stage]}.",
            )
            for stage, name in STAGE_NAMES.items()
        ),
    ]
    last = here.scope.newest_day
    words = f"What they did since counts up to {day(last)}, the last day with data." if last else None
    show_cards(cards, comparison=words)


SIGNS = {
    "public": "a post or reply in a public channel",
    "hub": "a visit, or a post on the website",
    "private": "a post in the private community",
    "customer": "an order, or a deal won in which they are a contact",
}


def show_moves(here: Here, journeys: Journeys) -> None:
    """The Sankey and the steps; from a step to how long it took and to the people who took it."""
    st.subheader("How do people move on?")
    takeaway = sankey_takeaway(journeys.flows, STAGE_NAMES, people=journeys.people, moved_on=journeys.moved_on)
    if journeys.steps.empty:
        nothing_here(
            f"{takeaway} Accounts of one person on several networks count together once they are known to be theirs: "
            "join them on the Data page, or choose a longer period.",
            button="Join accounts",
            page="data",
            key="j_join",
        )
        return
    show_figure(sankey_figure(journeys.places, journeys.flows, STAGE_NAMES), key="j_sankey", takeaway=takeaway)
    st.caption(
        f"{takeaway} Left to right: the stages in the order in which people reached them. Who stays at a stage leaves "
        "a gap behind it; of the first stages only those who went on are drawn."
    )
    columns: dict[str, Any] = {
        "from": "From",
        "to": "To",
        "people": "People",
        "share": share_column("Of those who came there"),
        "median_days": st.column_config.NumberColumn("Median days", format="%d"),
        "usual_days": st.column_config.NumberColumn("Three of four within, days", format="%d"),
    }
    steps = journeys.steps
    row = show_table(steps[list(columns)], name="steps", alt="Steps between stages", columns=columns, select=True)
    if row is None:
        st.caption("Choose a step to see how long it took, and who took it.")
        return
    chosen = steps.iloc[row]
    words = f"from {chosen['from']} to {chosen['to']}"
    spread = spread_of(journeys.lags, str(chosen["step"]))
    takeaway = lag_takeaway(spread, step=words)
    show_figure(lag_figure(spread), key="j_lags", takeaway=takeaway)
    st.caption(takeaway)
    show_behind(here, journeys.filters, f"Who went {words}", "step", step=str(chosen["step"]))


def show_behind(here: Here, filters: Filters, title: str, name: str, **wanted: Any) -> None:
    """The people behind a number, newest first. ``title`` is ours, or escaped."""
    people = ask(here, list_journey_people, filters, **wanted, scope=here.scope)
    st.subheader(title)
    if people.empty:
        st.caption("Nobody.")
        return
    if len(people) == MOST_PEOPLE:
        st.caption(f"The newest {whole(MOST_PEOPLE)}; the CSV has all.")
    show_people_list(
        people,
        PEOPLE_COLUMNS,
        name=f"journeys_{name}",
        alt=title,
        whole_list=lambda: ask(here, list_journey_people, filters, **wanted, limit=MOST_IN_CSV, scope=here.scope),
    )


GROUP_COLUMNS: dict[str, Any] = {
    "people": "People",
    "moved_on": "Moved on",
    "share": share_column("Share who moved on"),
    "median_days": st.column_config.NumberColumn("Median days to the second stage", format="%d"),
    "customers": "Bought after",
    "customer_share": share_column("Share who bought after"),
}


def show_first_channels(here: Here, filters: Filters) -> None:
    """Where people were first seen; from a channel to them."""
    st.subheader("Where were they first seen?")
    rows = ask(here, read_first_channels, filters, scope=here.scope)
    named = rows.assign(name=rows["channel"] + rows["network"].map(lambda network: f" · {network}" if network else ""))
    top = named.assign(value=named["people"]).head(MOST_BARS)
    takeaway = bars_takeaway(named.assign(value=named["people"]), what="People by first channel")
    points = show_figure(bars_figure(top, x_title="people"), key="j_channel", takeaway=takeaway, select=True)
    columns = {"channel": "First channel", "network": "Network", **GROUP_COLUMNS}
    row = show_table(
        rows[list(columns)], name="first_channels", alt="People by first channel", columns=columns, select=True
    )
    clicked = named[named["name"] == str(points[0]["customdata"])] if points else named.iloc[:0]
    chosen = named.iloc[[row]] if row is not None else clicked
    if chosen.empty:
        st.caption("Choose a channel, in the chart or the table, to see who was first seen there.")
        return
    title = f"First seen in {plain(str(chosen['name'].iloc[0]), longest=60)}"
    show_behind(here, filters, title, "channel", channel=int(chosen["channel_id"].iloc[0]))


def show_cohorts(here: Here, filters: Filters) -> None:
    """People by the month of the first sign; from a month to them."""
    st.subheader("Do those who come later go as far?")
    rows = ask(here, read_cohorts, filters, scope=here.scope)
    takeaway = cohort_shares_takeaway(rows, within_days=WITHIN_DAYS)
    if len(rows) > 1:
        show_figure(cohort_shares_figure(rows, within_days=WITHIN_DAYS), key="j_cohorts", takeaway=takeaway)
    st.caption(
        f"{takeaway} Hollow marks: months of which only a part is in the period. Those "
        "first seen when the data begins may have been there before."
    )
    columns = {
        "month": st.column_config.DateColumn("First sign in", format="MMM YYYY"),
        "share_within": share_column(f"Moved on within {WITHIN_DAYS} days"),
        **GROUP_COLUMNS,
    }
    row = show_table(
        rows[list(columns)], name="cohorts", alt="People by month of first sign", columns=columns, select=True
    )
    if row is None:
        st.caption("Choose a month to see who was first seen in it.")
        return
    month = rows["month"].iloc[row].date()
    show_behind(here, filters, f"First seen in {month:%B %Y}", "month", month=month)


def show_stuck(here: Here, filters: Filters) -> None:
    """Who came far, is active, and takes longer over the next step than is usual."""
    st.subheader("Who is stuck?")
    usual = ask(here, read_usual_days, scope=here.scope)
    stuck = ask(here, read_stuck, filters, usual=usual, scope=here.scope)
    how = (
        f"People who came to the community or to a second stage, have not bought, wrote in the last {stuck.active_days}"
        " days of data, and have been at their last stage for longer than it took three of four of those who went on "
        "from it. Who wrote most comes first."
    )
    if stuck.unknown:
        how += f" Nothing is usual yet for: {', '.join(stuck.unknown)} (fewer than ten people went on from there)."
    if stuck.is_cut:
        how += f" Only the {whole(MOST_LOOKED_AT)} who wrote last are looked at: choose a shorter period for the rest."
    st.caption(how)
    if stuck.rows.empty:
        nothing_here("Nobody is. Choose a longer period in the sidebar: it says when people were first seen.")
        return
    columns: dict[str, Any] = {
        "name": "Name",
        "stage": "At",
        "waiting_days": st.column_config.NumberColumn("Days there"),
        "usual_days": st.column_config.NumberColumn("Usual days", format="%d"),
        "posts": st.column_config.NumberColumn("Posts lately"),
        "last_on": st.column_config.DateColumn("Last wrote", format="D MMM YYYY"),
        "since": st.column_config.DateColumn("There since", format="D MMM YYYY"),
        "path": st.column_config.TextColumn("Stages, in the order reached"),
    }
    st.caption(f"{counted(len(stuck.rows), 'person').replace('persons', 'people')}.")
    show_people_list(pd.DataFrame(stuck.rows), columns, name="journeys_stuck", alt="People who are stuck")
