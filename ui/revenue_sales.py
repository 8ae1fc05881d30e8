"""The sales behind a number of credit: who bought, which touches came before, and what each got."""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from answers.attribution import OPEN_DEAL, RULE_LABELS, UNREACHED, CreditSales, read_credit_sales
from answers.filters import Filters
from metrics.attribution import JOURNEY_RULES
from metrics.money import minor_digits
from ui.cache import ask
from ui.columns import decimal_column, money_column, written
from ui.guard import Here
from ui.markup import plain
from ui.navigation import go, page_link
from ui.numbers import whole
from ui.pager import read_cursors, show_pager
from ui.tables import ROW_PIXELS, show_table, to_csv

PAGE_SIZE = 12
MOST_IN_CSV = 20_000
MOST_PEOPLE = 8
TOUCH_WORDS = {
    "post": "Wrote",
    "reply": "Replied",
    "answer": "We answered",
    "share": "Shared ours",
    "check_in": "Checked in",
    "visit": "Visited",
}
LAYER_WORDS = {"public": "Public network", "hub": "Website", "private": "Private community"}


@dataclass(frozen=True)
class Asked:
    """Credit for what, under which rule, by what, and how many days back."""

    rule: str
    by: str
    lookback_days: int
    sale_kind: str


def in_units(minor: pd.Series, currency: str) -> pd.Series:
    """Minor units in whole units of a currency, to be shown and sorted."""
    return minor.astype("Float64") / 10 ** minor_digits(currency)


def show_sales(here: Here, filters: Filters, asked: Asked, key: str | None, *, title: str) -> None:
    """The sales in whose journeys ``key`` is (None: all), newest first, a page at a time, with their CSV; from a sale
    to its people and touches. ``title`` is ours, or escaped."""
    st.subheader(title)
    wanted = (filters, asked, key)
    cursors = read_cursors(wanted, "r_sales")
    page = _read(here, filters, asked, key, cursor=cursors[-1], limit=PAGE_SIZE)
    if page.sales.empty:
        st.caption("None on this page; older ones may follow." if page.next_cursor else "There is none.")
        chosen = None
    else:
        chosen = _show_page(here, asked, key, page, position=len(cursors))
    with st.container(horizontal=True, vertical_alignment="center"):
        show_pager(cursors, page.next_cursor, key="r_sales")
        st.download_button(
            "CSV",
            data=lambda: to_csv(_all_sales(here, filters, asked, key)),
            file_name="sales.csv",
            mime="text/csv",
            key="csv_r_sales",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            help=f"These sales with their buyers, at most {whole(MOST_IN_CSV)}",
        )
    if chosen is not None:
        _show_sale(here, asked, page, chosen)
    elif not page.sales.empty:
        st.caption("Choose a sale to see its people, and what each touch before it gets.")


def _read(here: Here, filters: Filters, asked: Asked, key: str | None, **more: Any) -> CreditSales:
    return ask(
        here,
        read_credit_sales,
        filters,
        rule=asked.rule,
        by=asked.by,
        key=key,
        lookback_days=asked.lookback_days,
        sale_kind=asked.sale_kind,
        scope=here.scope,
        **more,
    )


def _table(here: Here, asked: Asked, page: CreditSales) -> pd.DataFrame:
    sales = page.sales.reset_index(drop=True)
    buyers = page.people.assign(name=page.people["name"].fillna("").astype(str))
    by_sale = buyers.groupby(["sale_kind", "sale_id"], sort=False)
    names = by_sale["name"].agg(", ".join).rename("who")
    first = by_sale["person_id"].first().rename("person_id")
    rows = sales.join(names, on=["sale_kind", "sale_id"]).join(first, on=["sale_kind", "sale_id"])
    word = "Order" if asked.sale_kind == "order" else "Deal"
    numbered = word + " " + rows["sale_id"].astype(str)
    what = rows["name"].where(rows["name"].notna(), numbered)
    return rows.assign(
        what=what.where(rows["amount_minor"] >= 0, what + ", refund"),
        day=pd.to_datetime(rows["occurred_at"], utc=True).dt.tz_convert(here.time_zone),
        who=rows["who"].fillna("Nobody known"),
        amount=_amounts(rows, "amount_minor"),
        credit=_amounts(rows, "credit_minor"),
        person_id=rows["person_id"].astype("Int64"),
    )


def _amounts(rows: pd.DataFrame, name: str) -> pd.Series:
    units = [10 ** minor_digits(str(currency)) for currency in rows["currency"]]
    return rows[name].astype("Float64") / pd.Series(units, index=rows.index, dtype="Float64")


def _show_page(here: Here, asked: Asked, key: str | None, page: CreditSales, *, position: int) -> int | None:
    rows = _table(here, asked, page)
    columns = _sale_columns(asked, key, rows)
    clicked = f"r_profile_{position}"
    button: Any = st.column_config.ButtonColumn("Profile", type="tertiary", key=clicked, width="small", pinned=True)
    shown = rows.assign(open=rows["person_id"].map(lambda person: None if pd.isna(person) else "Open").astype("object"))
    table, config = written(shown[["open", *columns]], columns)
    event = st.dataframe(
        table,
        key=f"r_sales_{crc32(repr((asked, key, rows['sale_id'].tolist())).encode())}",
        hide_index=True,
        height=ROW_PIXELS * (len(rows) + 1) + 3,
        column_config={"open": button, **config},
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        alt="Sales, newest first",
    )
    click = st.session_state.get(clicked)
    if click and click["row"] < len(rows) and pd.notna(rows["person_id"].iloc[click["row"]]):
        go("profile", person=str(int(rows["person_id"].iloc[click["row"]])))
    chosen = event["selection"]["rows"]
    return int(chosen[0]) if chosen and chosen[0] < len(rows) else None


def _sale_columns(asked: Asked, key: str | None, rows: pd.DataFrame) -> dict[str, Any]:
    """The columns of a page of sales: those that say the same of each are left out."""
    currencies = rows["currency"].unique()
    currency = str(currencies[0])
    unit = f", {currency}" if len(currencies) == 1 else ""
    columns: dict[str, Any] = {}
    if asked.sale_kind != OPEN_DEAL:
        columns["day"] = st.column_config.DatetimeColumn("Day", format="D MMM YYYY")
    columns["what"] = st.column_config.TextColumn("Deal" if asked.sale_kind != "order" else "Order", width="medium")
    columns["amount"] = money_column(f"Amount{unit}", currency)
    if len(currencies) > 1:
        columns["currency"] = st.column_config.TextColumn("Currency", width="small")
    if asked.rule != "markov" and key != UNREACHED:
        columns["credit"] = money_column(f"Of it{unit}", currency, help="What the rule gives to what is chosen above")
    columns["touches"] = st.column_config.NumberColumn(
        "Touches", help=f"All within {asked.lookback_days} days before", width="small"
    )
    columns["who"] = st.column_config.TextColumn("Who", width="medium")
    if rows["organization"].notna().any():
        columns["organization"] = st.column_config.TextColumn("Organisation", width="medium")
    return columns


def _show_sale(here: Here, asked: Asked, page: CreditSales, position: int) -> None:
    """One sale: who takes part, and the touches before it with what each rule gives them."""
    sale = page.sales.iloc[position]
    people, touches = (
        rows[(rows["sale_kind"] == sale["sale_kind"]) & (rows["sale_id"] == sale["sale_id"])]
        for rows in (page.people, page.touches)
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for person in people.head(MOST_PEOPLE).itertuples():
            touched = f"{person.touches} touch{'' if person.touches == 1 else 'es'}"
            label = f"{plain(str(person.name), longest=40)} ({touched})"
            page_link("profile", label, person=str(int(person.person_id)))
        if len(people) > MOST_PEOPLE:
            st.caption(f"and {whole(len(people) - MOST_PEOPLE)} more")
    if touches.empty:
        st.caption(f"No touch in the {asked.lookback_days} days before it.")
        return
    if asked.rule == "markov":
        st.caption("Markov shares out all sales together: a single one has no part of its own. The other rules' parts:")
    _show_touches(here, asked, touches, people, str(sale["currency"]))


def _show_touches(here: Here, asked: Asked, touches: pd.DataFrame, people: pd.DataFrame, currency: str) -> None:
    rules = [name for name in (asked.rule, *JOURNEY_RULES) if name in JOURNEY_RULES]
    rules = list(dict.fromkeys(rules))
    names = people.set_index("person_id")["name"]
    rows = touches.assign(
        when=touches["occurred_at"].dt.tz_convert(here.time_zone),
        act=touches["kind"].map(TOUCH_WORDS),
        who=touches["person_id"].map(names),
        place=touches["channel"].fillna(touches["layer"].map(LAYER_WORDS)),
        **{name: in_units(touches[name], currency) for name in rules},
    )
    columns: dict[str, Any] = {
        "when": st.column_config.DatetimeColumn("When", format="D MMM YYYY, HH:mm"),
        "days_before": decimal_column("Days before"),
        "who": "Who",
        "act": "What",
        "place": "Where",
        "campaign": "Campaign",
        "member": "Team member",
        "host": "In a conversation of",
    }
    columns = {name: column for name, column in columns.items() if rows[name].notna().any()}
    if rows["who"].nunique() < 2:
        columns.pop("who", None)
    columns |= {name: money_column(f"{RULE_LABELS[name]}, {currency}", currency) for name in rules}
    words = ("who", "act", "place", "campaign", "member", "host")
    shown = rows[list(columns)].assign(**{name: rows[name].fillna("") for name in words if name in columns})
    show_table(shown, name="touches", alt="Touches before the sale, oldest first", columns=columns, key="r_touches")


def _all_sales(here: Here, filters: Filters, asked: Asked, key: str | None) -> pd.DataFrame:
    """The sales of all pages, for the CSV; times in the workspace's zone, amounts in whole units."""
    parts: list[pd.DataFrame] = []
    cursor: str | None = None
    while True:
        page = _read(here, filters, asked, key, cursor=cursor, limit=1_000)
        if not page.sales.empty:
            parts.append(_table(here, asked, page))
        cursor = page.next_cursor
        if cursor is None or sum(map(len, parts)) >= MOST_IN_CSV:
            break
    names = ["sale_id", "day", "what", "who", "organization", "amount", "credit", "currency", "touches"]
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)
