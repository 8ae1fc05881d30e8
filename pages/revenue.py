"""Revenue: what was sold, which conversations came before it, and who shares in it under each credit rule."""

import streamlit as st

from answers.sales_held import read_sales_held
from ui.cache import ask
from ui.customers import show_customers
from ui.effects import show_effects, show_leads_lags
from ui.filters import choose_filters
from ui.guard import guard
from ui.revenue import show_credit
from ui.revenue_empty import show_no_rate, show_no_sales
from ui.revenue_numbers import read_numbers, show_numbers, show_opening

here = guard("revenue")
filters = choose_filters(here)
st.title("Revenue")
held = ask(here, read_sales_held, here.scope.newest_day)
numbers = read_numbers(here, filters, held) if held.kinds else {}
show_opening(filters, numbers, here.settings.currency)
if not held.kinds:
    show_no_sales()
    st.stop()
if numbers:
    show_numbers(filters, numbers, here.settings.currency)
else:
    show_no_rate(here, held.currencies_without_rate(here.settings))

credit, effects, order, customers = st.tabs(
    ["Credit", "What acts go with", "Before or after", "Customers"],
    key="r_tab",
    on_change="rerun",
    bind="query-params",
)
if credit.open:
    with credit:
        if numbers:
            show_credit(here, filters, held)
        else:
            st.caption("There is nothing to share out until the amounts can be added up.")
if effects.open:
    with effects:
        show_effects(here, filters)
if order.open:
    with order:
        show_leads_lags(here, filters)
if customers.open:
    with customers:
        show_customers(here, filters)
