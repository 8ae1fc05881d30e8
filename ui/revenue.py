"""The parts of the Revenue page below its numbers: the controls, and credit under each rule with its sales."""

from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from answers.attribution import (
    DEAL,
    DIMENSIONS,
    LOOKBACKS,
    NO_KEY,
    OPEN_DEAL,
    ORDER,
    OTHERS,
    RULE_LABELS,
    SOLD_LABELS,
    UNREACHED,
    Credit,
    read_credit,
    read_pipeline,
)
from answers.filters import Filters
from answers.sales_held import SalesHeld
from figures.credit_rules import credit_rules_figure, credit_rules_takeaway
from metrics.attribution import HALF_LIFE_DAYS
from ui.cache import ask
from ui.charts import show_figure
from ui.columns import money_column, share_column
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted, day, money, whole
from ui.revenue_empty import show_left_out, show_no_amounts, show_no_ties, show_nothing_sold
from ui.revenue_sales import Asked, in_units, show_sales
from ui.tables import show_table

SALES = {ORDER: "Orders", DEAL: "Won deals", OPEN_DEAL: "Open deals"}
BY = {
    "channel": "Channel",
    "network": "Network",
    "layer": "Public, website, private",
    "campaign": "Campaign",
    "member": "Team member",
    "host": "Influencer",
}
QUESTIONS = {
    "channel": "Which channels share in it?",
    "network": "Which networks share in it?",
    "layer": "Public networks, website or private community?",
    "campaign": "Which campaigns share in it?",
    "member": "Who of the team shares in it?",
    "host": "Whose conversations did the buyers take part in?",
}
RULE_WORDS = {
    "first_touch": "all to the first touch",
    "last_touch": "all to the last touch",
    "linear": "the same to each touch",
    "time_decay": f"half as much to a touch for every {HALF_LIFE_DAYS:.0f} days that it lies further back",
    "u_shaped": "40 % to the first, 40 % to the last, the rest to those between",
    "w_shaped": "30 % each to the first touch, the one that made the lead and the one before the opportunity; the rest "
    "to the others",
    "shapley": "a sale in equal parts to each of those whose touches came before it",
    "markov": "by how much less would be reached if one were taken out of all journeys, those without a sale included",
}
DEFAULT_LOOKBACK = 30
MOST_DRAWN = 12
ALL_SALES = "(all)"


def show_credit(here: Here, filters: Filters, held: SalesHeld) -> None:
    """The controls, every rule side by side, and what is behind the bar or row that is chosen."""
    asked = choose_credit(held)
    credit = _read(here, filters, asked)
    st.subheader(QUESTIONS[asked.by])
    st.caption(
        "A credit rule shares out what was sold among the posts, replies, answers, shares and visits that came before "
        "it. It is a way to count, and says nothing of what would have been sold without them. The period says when "
        "things were sold; networks, channels and brands choose which are named, and never change what was sold."
    )
    show_left_out(here, held, credit)
    if not credit.sales and not credit.total_minor:
        show_nothing_sold(credit)
        return
    if credit.sales == credit.without_amount:
        show_no_amounts(credit)
        return
    _show_totals(here, credit)
    if credit.note:
        st.caption(credit.note)
    if not credit.touched_minor and set(credit.rows["key"]) <= {UNREACHED}:
        show_no_ties(here, held, credit)
    if credit.rows["credit_minor"].isna().any():
        return
    chosen = _show_rules(credit, asked)
    if chosen is None:
        st.caption("Choose a mark in the chart or a row of the table to see the sales and people behind it.")
        return
    _show_behind(here, filters, asked, credit, chosen)


def choose_credit(held: SalesHeld) -> Asked:
    """The controls, in one row and in the address: which sales, under which rule, by what, and how far back."""
    sales_, rule_, by_, lookback_ = st.columns([39, 19, 26, 16], vertical_alignment="bottom")
    shared: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
    kind = sales_.segmented_control(
        "Sales",
        held.kinds,
        default=held.kinds[0],
        format_func=SALES.__getitem__,
        key="r_sales",
        required=True,
        **shared,
    )
    rule = rule_.selectbox(
        "Credit rule",
        list(RULE_LABELS),
        index=list(RULE_LABELS).index("linear"),
        format_func=RULE_LABELS.__getitem__,
        key="r_rule",
        **shared,
    )
    by = by_.selectbox("By", DIMENSIONS, format_func=BY.__getitem__, key="r_by", **shared)
    lookback = lookback_.selectbox(
        "Touches within",
        LOOKBACKS,
        index=LOOKBACKS.index(DEFAULT_LOOKBACK),
        format_func=lambda days: f"{days} days",
        key="r_lookback",
        help="How long before a sale a touch may lie to share in it.",
        **shared,
    )
    return Asked(
        rule=rule or "linear",
        by=by or "channel",
        lookback_days=int(lookback or DEFAULT_LOOKBACK),
        sale_kind=kind if kind in held.kinds else held.kinds[0],
    )


def _read(here: Here, filters: Filters, asked: Asked) -> Credit:
    shared: dict[str, Any] = {"rule": asked.rule, "by": asked.by, "lookback_days": asked.lookback_days}
    if asked.sale_kind == OPEN_DEAL:
        return ask(here, read_pipeline, **shared, scope=here.scope)
    return ask(here, read_credit, filters, **shared, sale_kind=asked.sale_kind, scope=here.scope)


def _show_totals(here: Here, credit: Credit) -> None:
    """What is shared out, the same under every rule."""
    last = here.scope.newest_day
    when = ""
    if credit.sale_kind == OPEN_DEAL:
        when = f" open on {day(last)}, whatever the period" if last else ""
    elif credit.sale_kind == ORDER:
        when = ", less refunds"
    st.markdown(
        f"Every rule shares out the same **{_amount(credit.total_minor, credit)}** "
        f"({_sold(credit.sales, credit.sale_kind)}{when}): **{_amount(credit.touched_minor, credit)}** "
        f"with a touch in the {credit.lookback_days} days before, "
        f"**{_amount(credit.unreached_minor, credit)}** that no touch reaches.{_without_amount(credit)}"
    )
    st.caption(f"{RULE_LABELS[credit.rule]}: {RULE_WORDS[credit.rule]}.")


def _sold(sales: int, sale_kind: str) -> str:
    """
    >>> _sold(1, ORDER), _sold(1200, ORDER)
    ('1 order', '1,200 orders')
    """
    return counted(sales, SOLD_LABELS[sale_kind].removesuffix("s"))


def _without_amount(credit: Credit) -> str:
    if not credit.without_amount:
        return ""
    verb = "names" if credit.without_amount == 1 else "name"
    return f" Of the {SOLD_LABELS[credit.sale_kind]}, {whole(credit.without_amount)} {verb} no amount."


def _known_rules(credit: Credit) -> dict[str, str]:
    """The rules that give credit to every key."""
    return {name: label for name, label in RULE_LABELS.items() if not credit.rows[name].isna().any()}


def _amount(minor: int, credit: Credit) -> str:
    return plain(money(minor, credit.currency))


def _show_rules(credit: Credit, asked: Asked) -> str | None:
    """Every rule side by side, as a figure and a table in step. Returns the key of the chosen bar or row."""
    rows = _in_units(credit)
    named = rows[~rows["key"].isin([NO_KEY, OTHERS, UNREACHED])].head(MOST_DRAWN)
    clicked = None
    if len(named):
        # what has no key of its own leads nothing, and has its part in the whole
        all_rows = rows.assign(key=rows["key"].where(~rows["key"].isin([NO_KEY, OTHERS]), UNREACHED))
        known = _known_rules(credit)
        what = f"Credit by {BY[asked.by].lower()}"
        takeaway = credit_rules_takeaway(all_rows, rules=known, rule=asked.rule, what=what)
        figure = credit_rules_figure(
            named, rules=known, rule=asked.rule, x_title=f"credit under each rule, {credit.currency}"
        )
        points = show_figure(figure, key=f"r_chart_{asked.by}_{asked.sale_kind}", takeaway=takeaway, select=True)
        clicked = str(points[0]["customdata"][0]) if points and points[0].get("customdata") else None
        st.caption(f"{plain(takeaway, longest=400)}{_describe_not_drawn(rows, credit, len(named))}")
    elif credit.touched_minor:
        st.caption(f"None of these touches has a {BY[asked.by].lower()}.")
    return _choose_row(rows, credit, asked, clicked)


def _describe_not_drawn(rows: pd.DataFrame, credit: Credit, drawn: int) -> str:
    left = rows[rows["key"].isin([NO_KEY, OTHERS, UNREACHED])]
    parts = [
        f"{plain(str(label))} {_amount(int(minor), credit)}"
        for label, minor in zip(left["label"], left["credit_minor"], strict=True)
    ]
    more = len(rows) - len(left) - drawn
    said = f" Not drawn: {', '.join(parts)}." if parts else ""
    return said + (f" The table has {whole(more)} more." if more > 0 else "")


def _in_units(credit: Credit) -> pd.DataFrame:
    """The rows with each rule's credit in whole units of the currency."""
    rows = credit.rows
    amounts = {name: in_units(rows[name], credit.currency) for name in (*RULE_LABELS, "touched_minor")}
    return rows.assign(**amounts)


def _choose_row(rows: pd.DataFrame, credit: Credit, asked: Asked, clicked: str | None) -> str | None:
    """The table, and the key of its chosen row. A click in the chart chooses its row; what is chosen stays so under
    another rule."""
    totals = {name: in_units(pd.Series([credit.total_minor]), credit.currency).iloc[0] for name in _known_rules(credit)}
    whole_row = {"key": ALL_SALES, "label": "All, under every rule", "share": 1.0, "sales": credit.sales, **totals}
    table = pd.concat([pd.DataFrame([whole_row]), rows], ignore_index=True)
    keys = table["key"].tolist()
    place = (asked.by, asked.sale_kind)
    seen_place, seen_click, remembered = st.session_state.get("_r_chosen", (None, None, None))
    if seen_place != place:
        seen_click, remembered = None, None
    is_new_click = clicked is not None and clicked != seen_click
    wanted = clicked if is_new_click else remembered
    # another order of rows, or a click in the chart, makes another table: a chosen position would be another key's
    key = f"r_rows_{crc32(repr((keys, asked, clicked)).encode())}"
    row = show_table(
        table[["label", asked.rule, "share", "sales", *(name for name in RULE_LABELS if name != asked.rule)]],
        name="credit",
        alt="Credit under each rule; the first row has the whole, the same under every rule",
        columns=_columns(credit, asked),
        select=True,
        key=key,
        chosen=keys.index(wanted) if wanted in keys else None,
    )
    chosen = keys[row] if row is not None else None
    st.session_state["_r_chosen"] = (place, clicked, chosen)
    return chosen


def _columns(credit: Credit, asked: Asked) -> dict[str, Any]:
    rules = {name: money_column(label, credit.currency) for name, label in RULE_LABELS.items()}
    rules[asked.rule] = money_column(f"{RULE_LABELS[asked.rule]}, {credit.currency}", credit.currency)
    return rules | {
        "label": st.column_config.TextColumn(BY[asked.by], pinned=True, width="medium"),
        "share": share_column("Of all", help=f"Under {RULE_LABELS[asked.rule]}"),
        "sales": st.column_config.NumberColumn(
            SALES[asked.sale_kind], format="localized", help="In whose journey it is: a sale counts for each"
        ),
    }


def _show_behind(here: Here, filters: Filters, asked: Asked, credit: Credit, chosen: str) -> None:
    things = SOLD_LABELS[asked.sale_kind]
    things = things[:1].upper() + things[1:]
    if chosen == ALL_SALES:
        show_sales(here, filters, asked, None, title=f"{things}: all")
        return
    row = credit.rows[credit.rows["key"] == chosen].iloc[0]
    label = plain(str(row["label"]), longest=60)
    if chosen == OTHERS:
        st.caption("Channels and networks that the sidebar leaves out: clear its filters to see what is behind each.")
        return
    title = f"{things} that no touch reaches" if chosen == UNREACHED else f"{things} behind {label}"
    if pd.notna(row["person_id"]):
        page_link("profile", f"Open the profile of {label}", person=str(int(row["person_id"])))
    show_sales(here, filters, asked, chosen, title=title)
