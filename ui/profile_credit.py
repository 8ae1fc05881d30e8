"""Which touches before a person's purchases get credit, under a rule of one's choice."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.attribution import LOOKBACKS, OPEN_DEAL, RULE_LABELS, CreditSales, read_person_credit
from answers.profile import Profile
from ui.cache import ask
from ui.columns import decimal_column, share_bar_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.numbers import moment, money
from ui.records import present
from ui.tables import show_table

#: Markov shares out all sales together, so that it says nothing of one.
RULES = {label: name for name, label in RULE_LABELS.items() if name != "markov"}
LABELS = {name: label for label, name in RULES.items()}
MEANINGS = {
    "first_touch": "All of it to the first touch.",
    "last_touch": "All of it to the last touch before the sale.",
    "linear": "Each touch gets the same.",
    "time_decay": "A touch gets half of what one a week later gets.",
    "u_shaped": "40 % to the first touch, 40 % to the last, the rest to those between.",
    "w_shaped": "30 % each to the first touch, the lead and the opportunity, 10 % to the rest.",
    "shapley": "The same to each channel that took part, shared among its touches.",
}
DAYS = {f"{days} days": days for days in LOOKBACKS}
DEFAULT_RULE, DEFAULT_DAYS = "Linear", "30 days"
KINDS = {"order": "Order", "deal": "Deal won", OPEN_DEAL: "Open deal"}
TOUCHES = {
    "post": "Their post",
    "reply": "Their reply",
    "answer": "Our answer",
    "share": "Their share",
    "check_in": "Check-in",
    "visit": "Website visit",
}
SALE_COLUMNS: dict[str, Any] = {
    "when": "When",
    "what": "What",
    "amount": "Amount",
    "touches": st.column_config.NumberColumn("Touches before it"),
}
TOUCH_COLUMNS: dict[str, Any] = {
    "credit": "Credit",
    "share": share_bar_column("Of the sale"),
    "what": "Touch",
    "where": "Where",
    "when": "When",
    "days": decimal_column("Days before"),
    "member": "Who of us",
    "host": "In whose conversation",
    "campaign": "Campaign",
}


def show_credit(here: Here, profile: Profile) -> None:
    """Their purchases and open deals, and for the chosen one the touches before it with what the rule gives each."""
    rule, days = _choose_rule()
    credit: CreditSales = ask(
        here, read_person_credit, profile.person_id, rule=rule, lookback_days=days, scope=here.scope
    )
    if credit.sales.empty:
        nothing_here(
            "No order or deal of theirs is known, so there is nothing to share out. Bring in orders or deals, or join "
            "their account with the contact in the CRM.",
            button="Import orders",
            page="data",
            key="person_credit",
        )
        return
    st.caption(
        f"{MEANINGS[rule]} A credit rule shares out a sale among the touches of the {days} days before it; it does "
        "not say that a touch made anybody buy."
    )
    sales = credit.sales.reset_index(drop=True)
    key = f"p_sales_{profile.person_id}"
    shown = _sales(here, sales)
    first = _first_shown(sales)
    row = show_table(
        shown, name="sales", alt="Sales, newest first", columns=SALE_COLUMNS, select=True, key=key, chosen=first
    )
    _show_touches(here, credit, sales.iloc[first if row is None else row], rule)


def _is_refund(row: Any) -> bool:
    return bool(row["sale_kind"] == "order" and present(row["amount_minor"]) and row["amount_minor"] < 0)


def _first_shown(sales: pd.DataFrame) -> int:
    """The newest sale that is no refund and has a touch; else the newest that is no refund; else the newest."""
    bought = [(place, row["touches"]) for place, row in enumerate(sales.to_dict("records")) if not _is_refund(row)]
    touched = [place for place, touches in bought if touches > 0]
    return next(iter([*touched, *(place for place, _ in bought)]), 0)


def _choose_rule() -> tuple[str, int]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "Credit rule",
            list(RULES),
            index=list(RULES).index(DEFAULT_RULE),
            key="p_rule",
            bind="query-params",
            width=220,
            help="Markov is not here: it shares out all sales together, and says nothing of one.",
        )
        days = st.segmented_control(
            "Touches of the last",
            list(DAYS),
            default=DEFAULT_DAYS,
            key="p_lookback",
            bind="query-params",
            required=True,
        )
    return RULES[label or DEFAULT_RULE], DAYS[days or DEFAULT_DAYS]


def _describe_sale(row: Any) -> str:
    kind = "Refund" if _is_refund(row) else KINDS[row["sale_kind"]]
    parts = (kind, row["name"], row["organization"])
    return " · ".join(str(part) for part in parts if present(part))


def _sales(here: Here, sales: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "when": [
                moment(row["occurred_at"], here.time_zone) if present(row["occurred_at"]) else "open"
                for row in sales.to_dict("records")
            ],
            "what": [_describe_sale(row) for row in sales.to_dict("records")],
            "amount": [_money(row["amount_minor"], row["currency"]) for row in sales.to_dict("records")],
            "touches": sales["touches"],
        }
    )


def _money(minor: Any, currency: Any) -> str:
    return money(int(minor), str(currency)) if present(minor) and present(currency) else ""


def _show_touches(here: Here, credit: CreditSales, sale: pd.Series, rule: str) -> None:
    is_it = (credit.touches["sale_kind"] == sale["sale_kind"]) & (credit.touches["sale_id"] == sale["sale_id"])
    touches = credit.touches[is_it]
    name = plain(_describe_sale(sale), longest=100)
    st.subheader(f"Who shares in it: {name}, {plain(_money(sale['amount_minor'], sale['currency']))}", anchor=False)
    if touches.empty:
        st.caption("No touch is known in these days. Choose a longer time, or join the accounts that are theirs.")
        return
    given = touches.assign(
        credit=[_money(minor, sale["currency"]) for minor in touches["credit_minor"]],
        share=(touches["credit_minor"].astype("float64") / (float(sale["amount_minor"]) or float("nan"))).round(3),
        what=touches["kind"].map(TOUCHES),
        where=_where(touches),
        when=[moment(value, here.time_zone) for value in touches["occurred_at"]],
        days=touches["days_before"].astype("float64"),
    )
    columns = {name: title for name, title in TOUCH_COLUMNS.items() if given[name].notna().any()}
    texts = ["member", "host", "campaign"]
    given[texts] = given[texts].astype("object").where(given[texts].notna(), "")
    many = "1 touch" if len(touches) == 1 else f"{len(touches):,} touches"
    counted = " Days before are counted from the order that is refunded." if _is_refund(sale) else ""
    st.caption(f"{many} before it, oldest first, under {LABELS[rule]}.{counted}")
    show_table(given[list(columns)], name="touches", alt="Touches before the sale, oldest first", columns=columns)


def _where(touches: pd.DataFrame) -> pd.Series:
    known = touches["channel"].where(touches["channel"].notna(), touches["label"])
    return known.where(known.notna(), touches["network"])
