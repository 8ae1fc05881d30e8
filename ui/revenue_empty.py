"""What the Revenue page says where a number or a part of it is missing: why, and what changes that."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from answers.attribution import OPEN_DEAL, SOLD_LABELS, Credit
from answers.sales_held import SalesHeld
from ui.empty import nothing_here
from ui.filters import choose_all_days
from ui.guard import Here
from ui.markup import plain
from ui.navigation import go, page_link
from ui.numbers import counted, day, money
from ui.settings_forms import save

#: Of more currencies, the workspace's is chosen in Settings.
MOST_OFFERED = 4


def show_no_sales() -> None:
    """Why there is nothing to share out, and the way to change that."""
    nothing_here(
        "No order and no deal has come in yet. Bring in exports of your CRM or shop: HubSpot or Salesforce (deals and "
        "contacts as CSV), Shopify orders, Stripe payments, or any table with an amount, a day and who bought.",
        button="Import orders and deals",
        page="data",
        key="r_import",
    )


def show_no_rate(here: Here, currencies: tuple[str, ...]) -> None:
    """Everything sold is in currencies without a rate: what to do about it."""
    own = here.settings.currency
    rest = "" if len(currencies) == 1 else " Amounts in the others then stand apart, until Settings has their rates."
    with st.container(border=True, horizontal_alignment="center"):
        st.caption(
            f"Everything sold is in {list_words(currencies)}, and this workspace counts in {own}: without a rate there "
            f"is nothing to add up. Count in {list_words(currencies, 'or')}, or enter a rate.{rest}"
        )
        _offer_currencies(here, currencies)


def list_words(words: Sequence[str], last: str = "and") -> str:
    """Words in a row, as people read them out.

    >>> list_words(["GBP"]), list_words(["GBP", "JPY", "USD"], "or")
    ('GBP', 'GBP, JPY or USD')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _offer_currencies(here: Here, currencies: Sequence[str]) -> None:
    """A button for each currency that makes it the workspace's, and the way to the rates. Rates lead to the currency
    that was the workspace's, so that they go with it."""
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        for place, currency in enumerate(currencies[:MOST_OFFERED]):
            kind: Any = "primary" if place == 0 and len(currencies) == 1 else "secondary"
            if st.button(f"Count in {currency}", type=kind, key=f"r_currency_{currency}"):
                save(here, {"currency": currency, "rates": []})
        if st.button("Enter a rate in Settings", key="r_rates"):
            go("settings")


def show_left_out(here: Here, held: SalesHeld, credit: Credit) -> None:
    """What is in no number: what no rate is known for, and what nobody dated."""
    if len(credit.unconverted):
        _show_unconverted(here, held, credit)
    if len(credit.undated) and (credit.sales or credit.total_minor):
        st.caption(f"Not in these numbers: {_undated(credit)}.")


def _undated(credit: Credit) -> str:
    """What was won without a date, in words, and why it is in no period."""
    count, thing = int(credit.undated["sales"].sum()), SOLD_LABELS[credit.sale_kind].removesuffix("s")
    named = credit.undated[credit.undated["currency"] != ""]
    amounts = [money(int(row.total_minor), str(row.currency)) for row in named.itertuples()]
    said = f" ({', '.join(amounts)})" if amounts else ""
    return plain(f"{counted(count, thing)}{said} without a date of the close, in no period")


def _show_unconverted(here: Here, held: SalesHeld, credit: Credit) -> None:
    thing = SOLD_LABELS[credit.sale_kind].removesuffix("s")
    parts = [
        f"{money(int(row.total_minor), str(row.currency))} of {counted(int(row.sales), thing)}"
        for row in credit.unconverted.itertuples()
    ]
    words = (
        f":material/currency_exchange: Not in these numbers, which are in {credit.currency}: "
        f"{plain(', '.join(parts))}. Enter a rate, or count in another currency."
    )
    is_all = not credit.sales and not credit.total_minor
    if is_all and not held.lacks_every_rate(here.settings):  # nothing of the period can be seen as it is
        with st.container(border=True, horizontal_alignment="center"):
            st.markdown(words)
            _offer_currencies(here, credit.unconverted["currency"].tolist())
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(words)
        page_link("settings", "Open Settings")


def show_nothing_sold(credit: Credit) -> None:
    """Why there is nothing to share out in the period, where there is not."""
    things = SOLD_LABELS[credit.sale_kind]
    if not credit.unconverted.empty:
        return
    if credit.sale_kind == OPEN_DEAL:
        nothing_here("There are no open deals.")
        return
    if credit.first_day is None or credit.last_day is None:
        if credit.undated.empty:
            nothing_here(f"There are no {things}.")
        else:
            said = f"Known are only {_undated(credit)}. Bring in the day on which each was closed."
            nothing_here(said, button="Import their dates", page="data", key="r_dates")
        return
    nothing_here(
        f"No {things} in this period. They are known from {day(credit.first_day)} to {day(credit.last_day)}.",
        button="Show all of them",
        on_click=choose_all_days,
        key="r_all",
    )


def show_no_amounts(credit: Credit) -> None:
    """Why there is nothing to share out where sales are known and no amount of any."""
    things = SOLD_LABELS[credit.sale_kind]
    who = f"None of the {credit.sales:,} {things} names an amount"
    if credit.sales == 1:
        who = f"The one {things.removesuffix('s')} names no amount"
    nothing_here(
        f"{who}, so there is nothing to share out.",
        button="Import amounts",
        page="data",
        key="r_amounts",
    )


def show_no_ties(here: Here, held: SalesHeld, credit: Credit) -> None:
    """Why no touch reaches what was sold."""
    things = SOLD_LABELS[credit.sale_kind]
    if not held.has_buyers:
        nothing_here(
            f"Nobody is known behind these {things}: no contact, no buyer, nobody of the organisation. Bring in "
            "contacts with their e-mail or organisation, and the posts or visits that may be theirs.",
            button="Import contacts",
            page="data",
            key="r_contacts",
        )
        return
    nothing_here(
        f"The buyers of these {things} have no post, reply, share or visit in the {credit.lookback_days} days before, "
        "or their other accounts are not known to be theirs. Confirm which accounts are one person's, or bring in "
        "visits.",
        button="Review accounts",
        page="data",
        key="r_review",
    )
