"""Two tabs of the Revenue page: what acts go with, and whether talk comes before sales."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.catalogue import find_metric
from answers.effects import (
    ACTS,
    BUYERS,
    EVERYONE,
    ORGANIZATIONS,
    PRIVATE,
    WINDOWS,
    Effects,
    count_compared,
    count_customers,
    list_effect_people,
    read_effects,
    whole_history,
)
from answers.filters import Filters
from answers.leads_lags import NAMES, ORDERS, PAIRS, LeadsLagsAnswer, read_leads_lags
from figures.effects import before_after_figure, before_after_takeaway, forest_figure, forest_takeaway
from figures.leads_lags import leads_lags_figure, leads_lags_takeaway
from metrics.matched_effects import Verdict
from ui.cache import ask
from ui.cards import explain
from ui.charts import show_figure
from ui.columns import points_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import NOTHING, counted, day, money, whole
from ui.tables import show_table

BUYER_NAMES = {EVERYONE: "Everyone", PRIVATE: "Private customers", ORGANIZATIONS: "Who buys for an organisation"}
DEFAULT_WINDOW = 60
#: Of more customers than this the comparison takes longer than a second: it waits for a button.
MOST_AT_ONCE = 3_000
_WORDS_PIXELS = 600
MOST_PEOPLE_SHOWN = 250  # of each group


def show_effects(here: Here, filters: Filters) -> None:
    """What one like, comment, share or answered question goes with; from a row to the people compared."""
    st.subheader("What does one like, comment, share or answer go with?", help=explain(find_metric("extra_orders")))
    left, right = st.columns([2, 3])
    with left:
        window = st.segmented_control(
            "Orders within",
            WINDOWS,
            default=DEFAULT_WINDOW,
            format_func=lambda days: f"{days} days",
            key="fx_window",
            required=True,
        )
    with right:
        buyers = st.segmented_control(
            "Of", BUYERS, default=EVERYONE, format_func=BUYER_NAMES.__getitem__, key="fx_buyers", required=True
        )
    if _waits_for_button(here):
        return
    history = _history(here, filters)
    with st.spinner("Comparing people who did with people who did not …"):
        effects = ask(here, read_effects, history, window_days=int(window), buyers=str(buyers), scope=here.scope)
    if effects.why_empty:
        nothing_here(effects.why_empty, button="Import orders and posts", page="data", key="fx_data")
        return
    _show_table_of_acts(here, effects)


def _history(here: Here, filters: Filters) -> Filters:
    return whole_history(filters, here.scope.oldest_day or filters.start)


def _waits_for_button(here: Here) -> bool:
    """Whether nobody has asked yet for a comparison that takes its time."""
    customers = ask(here, count_customers)
    if customers <= MOST_AT_ONCE or st.session_state.get("fx_asked"):
        return False
    nothing_here(
        f"Comparing {whole(customers)} customers takes some seconds.",
        button="Compare",
        on_click=_remember_asked,
        key="fx_compare",
    )
    return True


def _remember_asked() -> None:
    st.session_state["fx_asked"] = True


def _show_table_of_acts(here: Here, effects: Effects) -> None:
    table = effects.table
    takeaway = forest_takeaway(table)
    title = f"extra orders in {effects.window_days} days, a person who did"
    show_figure(forest_figure(table, x_title=title), key="fx_forest", takeaway=takeaway)
    st.markdown(plain(takeaway, longest=600))
    shown = table.assign(worth=[_worth(row, effects) for row in _rows(table)])
    columns: dict[str, Any] = {
        "label": "Act",
        "did": st.column_config.NumberColumn("Did", format="localized", help="Customers who did it"),
        "did_not": st.column_config.NumberColumn("Did not", format="localized", help="Customers compared with them"),
        "worth": st.column_config.TextColumn("Worth, each", help="Of an effect: extra orders times the mean order"),
        "words": st.column_config.TextColumn("What can be said", width=_WORDS_PIXELS),
    }
    if (shown["worth"] == NOTHING).all():
        columns.pop("worth")
    row = show_table(shown[list(columns)], name="effects", alt=takeaway, columns=columns, select=True)
    st.caption(describe_comparison(effects))
    if row is None:
        st.caption("Choose an act to see orders before and after it, and the people compared.")
        return
    _show_act(here, effects, str(table.iloc[row]["act"]))


def _rows(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in table.iterrows()]


def _worth(row: pd.Series, effects: Effects) -> str:
    if effects.currency is None or row["verdict"] != Verdict.EFFECT or pd.isna(row["worth_minor"]):
        return NOTHING
    ends = [money(int(row[name]), effects.currency) for name in ("worth_minor", "worth_low_minor", "worth_high_minor")]
    return f"{ends[0]} ({ends[1]} to {ends[2]})"


def describe_comparison(effects: Effects) -> str:
    """How the comparison is made, in plain words."""
    window = effects.window_days
    known = ""
    if effects.first_at is not None and effects.last_at is not None:
        known = f" from {day(effects.first_at.date())} to {day(effects.last_at.date())}, whatever the period's start"
    compared = count_compared(effects.effects.values())
    drawn = "" if effects.looked_at >= effects.customers else f" of {whole(effects.customers)}"
    return (
        f"{counted(effects.looked_at, 'customer')}{drawn}{known}. A person's first act after {2 * window} days without "
        "one; beside them, customers with the same chance who did not take it then, whatever they did later. They are "
        "weighted to be alike in "
        "earlier orders, activity, time with us, networks and date. Shown is by how much more their orders in "
        f"{window} days changed, with a 95 % interval; an effect is reported only if both groups' orders ran alike "
        f"before, and after allowing for {counted(compared, 'act')} compared. What nobody recorded cannot be "
        "matched: people who buy and talk more for a while at the same time look like an effect."
    )


def _show_act(here: Here, effects: Effects, act: str) -> None:
    effect = effects.effects[act]
    about = next(one for one in ACTS if one.name == act)
    st.subheader(f"{about.label}: who {about.did}, and who {about.did_not}")
    if not effect.means.empty:
        figure = before_after_figure(effect.means, window_days=effects.window_days)
        takeaway = before_after_takeaway(effect.means)
        show_figure(figure, key="fx_before_after", takeaway=takeaway)
        st.caption(takeaway)
    ordered = effect.people.sort_values(["is_treated", "weight", "person_id"], ascending=[False, False, True])
    people = ordered.groupby("is_treated", sort=False).head(MOST_PEOPLE_SHOWN)
    names = ask(here, list_effect_people, tuple(int(person) for person in people["person_id"]))
    shown = people.merge(names, on="person_id", how="left").assign(
        group=lambda rows: rows["is_treated"].map({True: about.did, False: about.did_not}),
        moment=lambda rows: pd.to_datetime(rows["day"], unit="D", utc=True).dt.tz_convert(here.time_zone),
    )
    columns: dict[str, Any] = {
        "name": "Name",
        "group": "Group",
        "moment": st.column_config.DatetimeColumn("Looked at on", format="D MMM YYYY"),
        "orders_before": st.column_config.NumberColumn("Orders before"),
        "orders_after": st.column_config.NumberColumn("Orders after"),
        "weight": st.column_config.NumberColumn("Weight", format="%.2f", help="How much they count: 0 to 1"),
    }
    if len(effect.people) > len(shown):
        st.caption(f"The {whole(len(shown))} who count most, of {whole(len(effect.people))}.")
    row = show_table(shown[list(columns)], name=f"effect_{act}", alt="People compared", columns=columns, select=True)
    if row is None:
        st.caption("Choose a person to open their profile.")
    else:
        chosen = shown.iloc[row]
        name = plain(str(chosen["name"])) if chosen["name"] else "their profile"
        page_link("profile", f"Open {name}", person=str(int(chosen["person_id"])))


def show_leads_lags(here: Here, filters: Filters) -> None:
    """Whether volume or sentiment comes before orders, week by week."""
    st.subheader("Does talk come before sales?", help=explain(find_metric("comes_before")))
    answer = ask(here, read_leads_lags, _history(here, filters), scope=here.scope)
    if answer.why_empty:
        nothing_here(
            f"{answer.why_empty} Counted are whole weeks of which both posts and orders are known: "
            f"{whole(len(answer.weeks))}.",
            button="Import more",
            page="data",
            key="ll_data",
        )
        return
    for sentence in answer.sentences:
        st.markdown(f"- {sentence}")
    for column, (name, _) in zip(st.columns(len(PAIRS)), PAIRS, strict=True):
        with column:
            _show_pair(answer, name)
    st.caption(
        f"Changes from week to week, {whole(answer.changes)} of them, over all weeks before the end of the period. "
        "Granger's test both ways with 1 to 4 weeks, corrected for all tests made (Benjamini and Hochberg). What comes "
        "before need not be why: a season or a campaign may move both."
    )
    with st.expander("The weeks and the tests"):
        _show_weeks(answer)


def _show_pair(answer: LeadsLagsAnswer, name: str) -> None:
    first, second = NAMES[name].lower(), NAMES[ORDERS].lower()
    frame = answer.correlations[name]
    takeaway = leads_lags_takeaway(frame, first=first, second=second)
    show_figure(leads_lags_figure(frame, first=first, second=second), key=f"ll_{name}", takeaway=takeaway)
    st.caption(takeaway)


def _show_weeks(answer: LeadsLagsAnswer) -> None:
    titles: dict[str, Any] = {
        "week": st.column_config.DateColumn("Week from", format="D MMM YYYY"),
        "posts": "Posts",
        "net_sentiment": points_column("Net sentiment"),
        "orders": "Orders",
    }
    show_table(answer.weeks, name="leads_lags_weeks", alt="Posts, sentiment and orders by week", columns=titles)
    tests = answer.tests.assign(leader=answer.tests["leader"].map(NAMES), follower=answer.tests["follower"].map(NAMES))
    names: dict[str, Any] = {
        "leader": "Earlier",
        "follower": "Later",
        "lags": "Weeks",
        "p_value": st.column_config.NumberColumn("p", format="%.3f"),
        "adjusted_p": st.column_config.NumberColumn("p, corrected", format="%.3f"),
        "comes_before": "Comes before",
    }
    show_table(tests, name="leads_lags_tests", alt="Granger's tests both ways", columns=names)
