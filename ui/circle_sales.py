"""What the people in somebody's circle bought before and after taking part, and what the credit rules give to them."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.attribution import DEAL, LOOKBACKS, ORDER, RULE_LABELS, SOLD_LABELS
from answers.circle_sales import (
    NEWEST_OF_ONE,
    WINDOWS,
    CircleSales,
    HostCredit,
    read_circle_sales,
    read_host_credit,
)
from answers.filters import Filters
from answers.sales_held import SalesHeld, read_sales_held
from figures.circle_sales import circle_sales_figure, circle_sales_takeaway
from metrics.circle_sales import FEWEST_CHANGED, FEWEST_PEOPLE
from metrics.money import minor_digits
from ui.cache import ask
from ui.cards import Card, show_cards
from ui.charts import show_figure
from ui.columns import count_column, money_column, share_column
from ui.empty import nothing_here
from ui.filters import CUSTOM
from ui.guard import Here
from ui.markup import plain
from ui.navigation import page_link
from ui.numbers import counted, day, day_range, money, whole
from ui.people_list import show_people_list
from ui.revenue import BY, RULE_WORDS, SALES
from ui.tables import show_table

DAYS_KEY, SALES_KEY, LOOKBACK_KEY = "c_days", "c_sales", "c_lookback"
DEFAULT_WINDOW, DEFAULT_LOOKBACK = 60, 30
KINDS = {ORDER: "Orders", DEAL: "Won deals"}
NO_CAUSE = (
    "People who come to talk often are about to buy anyway: this says what came before what, and nothing about cause."
)
_MOST_ON_PAGE = 500


def show_circle_sales(here: Here, person_id: int, filters: Filters) -> None:
    """What the circle of a person bought before and after each first took part, the people who did, and the credit
    that each rule gives to the person. ``filters``: the period, and the networks that make the circle."""
    st.subheader("What their circle bought", anchor=False)
    held = ask(here, read_sales_held, here.scope.newest_day)
    kinds = tuple(kind for kind in held.kinds if kind in KINDS)
    if not kinds:
        nothing_here(
            "No order and no won deal has come in yet, so nothing can be said of what the people around them bought.",
            button="Import orders",
            page="data",
            key="c_import",
        )
        return
    window, kind = choose_window(kinds)
    circle: CircleSales = ask(
        here, read_circle_sales, person_id, filters, window_days=window, sale_kind=kind, scope=here.scope
    )
    st.caption(_describe_circle(circle))
    _name_apart(circle.unconverted, circle.currency)
    if not circle.people:
        nothing_here(f"Nobody of the public answered, mentioned or shared them {_in_period(filters)}.")
    elif not circle.compared:
        _show_too_short(circle)
    elif circle.table.empty:
        nothing_here(
            f"Of {_people(circle.compared)} nobody is known to have bought anything in the {window} days before or "
            "after taking part. Bring in more orders, or join their accounts with the contacts of the CRM.",
            button="Import orders",
            page="data",
            key="c_orders",
        )
    else:
        _show_before_and_after(here, circle)
    _show_credit(here, person_id, filters, held, kind)


def choose_window(kinds: tuple[str, ...], key: str = "") -> tuple[int, str]:
    """The controls, in the address: how many days before and after taking part, and which of these kinds of sale.
    ``key`` tells them from others on the page."""
    shared: dict[str, Any] = {"bind": "query-params", "persist_state": "session", "required": True}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        window = st.segmented_control(
            "Before and after taking part",
            WINDOWS,
            default=DEFAULT_WINDOW,
            format_func=lambda days: f"{days} days",
            key=DAYS_KEY + key,
            **shared,
        )
        kind = kinds[0]
        if len(kinds) > 1:
            help_ = "Orders and won deals are two views of the same business, and are never added."
            kind = st.segmented_control(
                "Sales",
                kinds,
                default=kinds[0],
                format_func=KINDS.__getitem__,
                key=SALES_KEY + key,
                help=help_,
                **shared,
            )
    return int(window or DEFAULT_WINDOW), kind if kind in kinds else kinds[0]


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{whole(number)} people"


def _in_period(filters: Filters) -> str:
    if filters.days == 1:
        return f"on {day(filters.start)}"
    return f"from {day_range(filters.start, filters.end)}"


def _describe_circle(circle: CircleSales) -> str:
    """Who is looked at, and what taking part is."""
    where = f" on {', '.join(plain(name) for name in circle.filters.networks)}" if circle.filters.networks else ""
    words = (
        f"Their circle: {_people(circle.people)} who answered, mentioned or shared them{where} "
        f"{_in_period(circle.filters)}, without the team, bots and the muted. Taking part: the first time ever that "
        "they did."
    )
    if circle.left_out and circle.first_day and circle.last_day:
        span = f"{day(circle.first_day)} to {day(circle.last_day)}"
        words += (
            f" Left out: {whole(circle.left_out)}, of whom the {circle.window_days} days before and after are not both "
            f"within the days with {SOLD_LABELS[circle.sale_kind]} ({span})."
        )
    if circle.is_cut:
        words += f" Only the newest {whole(NEWEST_OF_ONE)} interactions with each account are looked at."
    return words


def _name_apart(unconverted: pd.DataFrame, currency: str) -> None:
    """What is left out since its currency has no rate."""
    if unconverted.empty:
        return
    parts = [money(int(row.total_minor), str(row.currency)) for row in unconverted.itertuples()]
    words = f"Left out, since Settings has no rate to {currency}: {', '.join(parts)}."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(words, longest=400))
        page_link("settings", "Enter a rate in Settings")


def _show_too_short(circle: CircleSales) -> None:
    shorter = [days for days in WINDOWS if days < circle.window_days]
    why = (
        f"Of {_people(circle.people)} nobody has both {circle.window_days} days before and {circle.window_days} days "
        "after within the days with sales."
    )
    if shorter:
        nothing_here(why, button=f"Look at {shorter[0]} days", on_click=_look_at_fewest, key="c_shorter")
    else:
        nothing_here(why, button="Import more orders", page="data", key="c_more")


def _look_at_fewest() -> None:
    st.session_state[DAYS_KEY] = WINDOWS[0]


def _units(minor: float, currency: str) -> float:
    return float(minor) / 10.0 ** minor_digits(currency)


def _show_before_and_after(here: Here, circle: CircleSales) -> None:
    things, currency, window = SOLD_LABELS[circle.sale_kind], circle.currency, circle.window_days
    less = "less refunds, each on its own day" if circle.sale_kind == ORDER else "on the day of the close"
    several = f"What several people take part in counts in equal parts. {_without_amount(circle)}"
    cards = [
        Card(
            "Bought after",
            _units(circle.after_minor, currency),
            currency,
            before=_units(circle.before_minor, currency),
            help=f"In the {window} days after taking part, {less}. {several}",
        ),
        Card(
            "Buyers after",
            circle.buyers_after,
            "count",
            before=circle.buyers_before,
            help=f"People of the circle. {things.capitalize()} before: {whole(circle.orders_before)}; after: "
            f"{whole(circle.orders_after)}.",
        ),
        Card(
            "A person, after",
            _units(circle.mean_after_minor, currency),
            currency,
            before=_units(circle.mean_before_minor, currency),
            help=f"The mean of all {whole(circle.compared)}, those who bought nothing included.",
        ),
    ]
    show_cards(cards, columns=3, comparison=f"Compared with the {window} days before each of them first took part.")
    st.markdown(describe_change(circle))
    steps = circle.steps.assign(value=[_units(minor, currency) for minor in circle.steps["amount_minor"]])
    named: dict[str, Any] = {"window_days": window, "currency": currency}
    takeaway = circle_sales_takeaway(steps, **named)
    figure = circle_sales_figure(steps, **named)
    key = f"c_figure_{circle.person_id}_{window}_{circle.sale_kind}"
    show_figure(figure, key=key, takeaway=takeaway)
    page_link("revenue", "Compared with matched people: what acts go with :material/arrow_forward:", r_tab=_EFFECTS)
    _show_buyers(here, circle)


_EFFECTS = "What acts go with"


def _without_amount(circle: CircleSales) -> str:
    if not circle.without_amount:
        return ""
    return f"Without an amount, so that they add nothing: {whole(circle.without_amount)}."


def describe_change(circle: CircleSales) -> str:
    """What can be said of the difference, in sentences that claim no cause."""
    change, currency = circle.change, circle.currency
    before, after = (
        plain(money(round(minor), currency)) for minor in (circle.mean_before_minor, circle.mean_after_minor)
    )
    means = f"A person bought {before} before and {after} after, on average."
    if not change.is_known:
        return (
            f"{means} No interval is given: it takes {FEWEST_PEOPLE} people, {FEWEST_CHANGED} of them with a "
            f"difference. {NO_CAUSE}"
        )
    low, high = (plain(_signed(minor, currency)) for minor in (change.low, change.high))
    interval = f"{plain(_signed(change.estimate, currency))} a person (95 % interval {low} to {high})"
    if change.low <= 0 <= change.high:
        return f"{means} The difference, {interval}, cannot be told from zero. {NO_CAUSE}"
    more = "more" if change.low > 0 else "less"
    return f"{means} They bought {more} after than before: {interval}. {NO_CAUSE}"


def _signed(minor: float, currency: str) -> str:
    amount = money(abs(round(minor)), currency)
    return f"{'−' if round(minor) < 0 else '+'}{amount}"


def _show_buyers(here: Here, circle: CircleSales) -> None:
    table, currency = circle.table.head(_MOST_ON_PAGE), circle.currency
    words = f"{_people(len(circle.table))} of the circle who bought, who bought most after first."
    if len(circle.table) > len(table):
        words += f" Shown are {whole(len(table))}."
    if (table[["before_minor", "after_minor"]] < 0).any(axis=None):
        words += " Below 0: a refund counts on its own day."
    st.caption(words)
    shown = table.assign(
        first_at=table["first_at"].dt.tz_convert(here.time_zone).dt.date,
        before_minor=[_units(minor, currency) for minor in table["before_minor"]],
        after_minor=[_units(minor, currency) for minor in table["after_minor"]],
    ).rename(columns={"before_minor": "bought_before", "after_minor": "bought_after"})
    things = KINDS[circle.sale_kind]
    columns: dict[str, Any] = {
        "name": "Name",
        "first_at": st.column_config.DateColumn("First took part", format="D MMM YYYY"),
        "bought_before": money_column(f"Bought before, {currency}", currency),
        "bought_after": money_column(f"Bought after, {currency}", currency),
        "orders_before": count_column(f"{things} before"),
        "orders_after": count_column(f"{things} after"),
    }
    name = f"circle_sales_{circle.person_id}"
    show_people_list(shown, columns, name=name, alt="People of the circle who bought, who bought most after first")


def _show_credit(here: Here, person_id: int, filters: Filters, held: SalesHeld, kind: str) -> None:
    st.subheader("What the credit rules give to them", anchor=False)
    lookback = st.segmented_control(
        "Touches within",
        LOOKBACKS,
        default=DEFAULT_LOOKBACK,
        format_func=lambda days: f"{days} days",
        key=LOOKBACK_KEY,
        help="How long before a sale somebody may have taken part in one of their conversations.",
        bind="query-params",
        persist_state="session",
        required=True,
    )
    credit: HostCredit = ask(
        here,
        read_host_credit,
        person_id,
        filters,
        lookback_days=int(lookback or DEFAULT_LOOKBACK),
        sale_kind=kind,
        scope=here.scope,
    )
    _name_apart(credit.unconverted, credit.currency)
    if not credit.sales and not credit.rules["credit_minor"].any():
        st.caption(_describe_no_credit(credit, held))
    else:
        _show_rules(credit)
    page_link(
        "revenue",
        "Everyone's credit, and Markov's: Revenue by influencer :material/arrow_forward:",
        **_revenue_params(credit, held),
    )


def _describe_no_credit(credit: HostCredit, held: SalesHeld) -> str:
    """Why the rules give nothing, with the days that have sales."""
    things = SOLD_LABELS[credit.sale_kind]
    words = (
        f"None of the {things} {_in_period(credit.filters)} was bought by somebody who had taken part in a "
        f"conversation of theirs in the {credit.lookback_days} days before."
    )
    span = held.spans.get(credit.sale_kind)
    return words if span is None else f"{words} There are {things} from {day(span[0])} to {day(span[1])}."


def _revenue_params(credit: HostCredit, held: SalesHeld) -> dict[str, Any]:
    """The address of Revenue with the same days (as far as there are sales), sales and lookback, by influencer."""
    shown = {"r_by": BY["host"], "r_sales": SALES[credit.sale_kind], "r_lookback": f"{credit.lookback_days} days"}
    first, last = held.days or (credit.filters.start, credit.filters.last_day)
    days = [max(first, credit.filters.start), min(last, credit.filters.last_day)]
    if days[0] > days[1]:
        return shown
    return shown | {"f_period": CUSTOM, "f_days": [value.isoformat() for value in days]}


def _show_rules(credit: HostCredit) -> None:
    things, currency = SOLD_LABELS[credit.sale_kind], credit.currency
    st.caption(
        plain(
            f"Of {money(credit.total_minor, currency)} sold {_in_period(credit.filters)}, buyers of "
            f"{counted(credit.sales, things.removesuffix('s'))} ({money(credit.touched_minor, currency)}) had taken "
            f"part in a conversation of theirs in the {credit.lookback_days} days before.",
            longest=600,
        )
        + " A credit rule shares out a sale among all touches before it; it does not say that a touch made anybody buy."
    )
    rules = credit.rules
    shown = pd.DataFrame(
        {
            "rule": rules["rule"].map(RULE_LABELS),
            "credit": [money(int(minor), currency) for minor in rules["credit_minor"]],
            "share": rules["share"],
            "meaning": [RULE_WORDS[rule][:1].upper() + RULE_WORDS[rule][1:] for rule in rules["rule"]],
        }
    )
    columns: dict[str, Any] = {
        "rule": "Credit rule",
        "credit": "Credit",
        "share": share_column("Of all sold"),
        "meaning": st.column_config.TextColumn("How it shares out", width="large"),
    }
    alt = f"Credit of this person under each rule, from {shown['credit'].iloc[0]} under first touch"
    show_table(shown, name=f"credit_rules_{credit.person_id}", alt=alt, columns=columns)
