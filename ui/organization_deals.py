"""An organisation's deals with their stages, and everything that happened with it in the order of time."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.organization import SORTS, Happened, Organization, list_stages, read_happened
from ui.cache import ask
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted, day, moment, money, whole
from ui.records import present, show_record
from ui.tables import show_table

AT_A_TIME = 30
TITLES = {"post": "Posts", "visit": "Visits", "feedback": "Feedback", "order": "Orders", "deal": "Deals"}
ICONS = {"visit": "web", "order": "shopping_cart", "deal": "handshake", "feedback": "rate_review"}
ACTS = {"visit": "Visit", "order": "Order", "deal": "Deal", "feedback": "Feedback"}


def show_deals(here: Here, known: Organization) -> None:
    """The deals; a chosen one with its stages and who takes part."""
    if known.deals.empty:
        nothing_here(
            "No deal with it is known. Bring in deals from the CRM, with the organisation that they are with.",
            button="Import deals",
            page="data",
            key="organization_deals",
        )
        return
    st.caption(
        f"{counted(known.open, 'open deal')}, {whole(known.won)} won, {whole(known.lost)} lost. "
        "Choose one to see its stages."
    )
    deals = known.deals
    local = {
        name: deals[name].dt.tz_convert(here.time_zone).dt.tz_localize(None) for name in ("created_at", "closed_at")
    }
    rows = deals.assign(
        **local,
        title=deals["name"].fillna(deals["product"]).fillna(deals["native_id"]),
        outcome=deals["outcome"].str.capitalize(),
        amount=[_amount(row) for row in deals.itertuples(index=False)],
    )
    date: Any = st.column_config.DateColumn
    columns: dict[str, Any] = {
        "title": "Deal",
        "outcome": "Outcome",
        "stage": "Stage",
        "amount": "Amount",
        "owner": "Held by",
        "contacts": "People",
        "product": "Product",
        "created_at": date("Made", format="D MMM YYYY"),
        "closed_at": date("Closed", format="D MMM YYYY"),
    }
    shown = rows[[name for name in columns if rows[name].notna().any()]]
    row = show_table(shown, name="organization_deals", alt="Deals, open ones first", columns=columns, select=True)
    if row is not None:
        _show_deal(here, known, deals.iloc[row], str(rows["title"].iloc[row]))


def _amount(deal: Any) -> str | None:
    if not present(deal.amount_minor):
        return None
    return money(int(deal.amount_minor), deal.currency if present(deal.currency) else "?")


def _show_deal(here: Here, known: Organization, deal: Any, title: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(title, longest=120)}**")
        steps = list_stages(deal)
        if not steps:
            st.caption("The CRM gave no day for any of its stages.")
        for place, (stage, at) in enumerate(steps):
            until = steps[place + 1][1] if place + 1 < len(steps) else None
            days = f", for {counted((until - at).days, 'day')}" if until is not None else ""
            local = at.tz_convert(here.time_zone)
            st.text(f"{day(local.date())}  {stage}{days}")
        people = known.contacts[known.contacts["deal_id"] == deal["deal_id"]]
        if people.empty:
            st.caption("The CRM names nobody who takes part in it.")
        with st.container(horizontal=True, gap="small"):
            for person in people.itertuples(index=False):
                name = plain(str(person.name), longest=60)
                page_link("profile", f":material/person: {name}", person=str(int(person.person_id)))


def show_happened(here: Here, known: Organization) -> None:
    """Posts, visits, feedback, orders and stages of deals on all days, newest first."""
    chosen = st.pills(
        "Show",
        SORTS,
        selection_mode="multi",
        format_func=lambda sort: TITLES[sort],
        key=f"o_sorts_{known.organization_id}",
        label_visibility="collapsed",
    )
    sorts = tuple(sort for sort in SORTS if sort in chosen) if chosen else SORTS
    key = f"o_shown_{known.organization_id}"
    limit = int(st.session_state.get(key, AT_A_TIME))
    happened: Happened = ask(here, read_happened, known.organization_id, sorts=sorts, limit=limit)
    if happened.entries.empty:
        why = "Nothing of this kind is known" if chosen else "Nothing is known: no post, visit, order or deal"
        nothing_here(
            f"{why}. Bring in files that name its people or itself.", button="Import files", page="data", key="all"
        )
        return
    records = {int(record["post_id"]): record for record in happened.records.to_dict("records")}
    for entry in happened.entries.to_dict("records"):
        if entry["sort"] == "post" and entry["entry_id"] in records:
            show_record(here, {str(k): v for k, v in records[entry["entry_id"]].items()}, key="o_timeline")
        else:
            _show_entry(entry, known, here.time_zone)
    if happened.has_more:
        st.button("Show older", key="o_older", on_click=_show_older, args=(key, limit))


def _show_older(key: str, limit: int) -> None:
    st.session_state[key] = limit + AT_A_TIME


def _show_entry(entry: dict[Any, Any], known: Organization, time_zone: str) -> None:
    sort = str(entry["sort"])
    title = str(entry["title"]) if present(entry["title"]) else ACTS[sort]
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/{ICONS[sort]}: **{plain(_describe(entry, known, title), longest=140)}**")
        st.caption(moment(pd.Timestamp(entry["occurred_at"]), time_zone))
        if present(entry["person_id"]):
            name = plain(str(entry["name"]), longest=60)
            page_link("profile", name, person=str(int(entry["person_id"])))


def _describe(entry: dict[Any, Any], known: Organization, title: str) -> str:
    if entry["sort"] == "order":
        row = known.orders[known.orders["order_id"] == entry["entry_id"]].iloc[0]
        verb = "Refund" if row["is_refund"] or row["amount_minor"] < 0 else "Order"
        return " · ".join(dict.fromkeys([verb, title, money(int(row["amount_minor"]), row["currency"])]))
    return (
        title
        if entry["sort"] == "deal"
        else f"{ACTS[entry['sort']]}: {title}"
        if title != ACTS[entry["sort"]]
        else title
    )
