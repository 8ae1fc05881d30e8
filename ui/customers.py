"""What customers are worth: a section with segments, the people in them, and how far to trust the model."""

from typing import Any

import pandas as pd
import streamlit as st

from answers.customers import (
    MOST_PEOPLE,
    NOT_PLACED,
    Customers,
    ValueModel,
    list_engaged,
    list_people_of_segment,
    read_customers,
)
from answers.filters import Filters
from data_access.queries.models import CUSTOMER_VALUE
from figures.bars import bars_figure, bars_takeaway
from jobs.launch import start_job
from metrics.money import minor_digits
from metrics.value_fit import FEWEST_CUSTOMERS, FEWEST_REPEATERS
from ui.cache import ask
from ui.charts import show_figure
from ui.columns import count_column, decimal_column, money_column, share_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.numbers import NOTHING, compact, day, percent, whole
from ui.people_list import MOST_IN_CSV, show_people_list
from ui.progress import running_job
from ui.tables import show_table


def show_customers(here: Here, filters: Filters) -> None:
    """Customers by segment, what they are worth and expected to be, those who talk with us next to the others, and the
    model behind it. Over all of the data: a segment is of whole histories, so that ``filters`` do not limit it."""
    st.subheader("What are customers worth?")
    customers = ask(here, read_customers, st.session_state.get("c_currency"))
    if customers is None:
        nothing_here(
            "No order is known of anybody. Bring in orders, with who made them.",
            button="Import orders",
            page="data",
            key="customers",
        )
        return
    if len(customers.currencies) > 1:
        st.segmented_control(
            "Currency",
            customers.currencies,
            default=customers.currency,
            key="c_currency",
            required=True,
            help="Currencies are not added.",
        )
    st.caption(
        "Orders less refunds of people who are known; won deals are not in it, see Credit with Won deals. All orders "
        "count, whatever the period in the sidebar: a segment is of whole histories."
    )
    _show_numbers(customers)
    _show_segments(here, customers)
    _show_engaged(here, customers)
    _show_model(here, customers)


def _amount(minor: float | None, currency: str) -> str:
    if minor is None:
        return NOTHING
    return f"{currency} {compact(minor / 10 ** minor_digits(currency))}"


def _in_major(frame: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Amounts in whole units of the currency, to be sorted and summed in a table."""
    unit = 10 ** minor_digits(currency)
    amounts = [name for name in frame if str(name).endswith("_minor")]
    return frame.assign(**{str(name).removesuffix("_minor"): frame[name].astype("Float64") / unit for name in amounts})


def _show_numbers(customers: Customers) -> None:
    model, currency = customers.model, customers.currency
    with st.grid(4, min_column_width=215):
        st.metric("Customers", whole(customers.people), border=True, help="People with an order that stands.")
        st.metric(
            "Revenue to date",
            _amount(customers.revenue_minor, currency),
            border=True,
            help="Orders less refunds, over all time. Deals are not in it.",
        )
        st.metric(
            "Bought again",
            percent(model.repeaters / model.customers) if model and model.customers else NOTHING,
            border=True,
            help="Of the customers whom the model was fitted to, those who ordered on a second day.",
        )
        st.metric(
            "Expected in a year",
            _amount(customers.expected_minor, currency),
            border=True,
            help="Revenue of the 365 days after the model's last day from these customers. New ones are not in it.",
        )


def _people_columns(currency: str) -> dict[str, Any]:
    return {
        "name": "Name",
        "segment": "Segment",
        "orders": "Orders",
        "revenue": money_column(f"Revenue, {currency}", currency),
        "expected": money_column(f"Expected in a year, {currency}", currency),
        "expected_orders": decimal_column("Expected orders"),
        "probability_alive": share_column("Still buys"),
        "first_order_at": st.column_config.DatetimeColumn("First order", format="D MMM YYYY"),
        "last_order_at": st.column_config.DatetimeColumn("Last order", format="D MMM YYYY"),
        "recency_quintile": st.column_config.NumberColumn("How lately", help="A fifth of the customers: 5 is best"),
        "frequency_quintile": st.column_config.NumberColumn("How often", help="A fifth of the customers: 5 is best"),
        "monetary_quintile": st.column_config.NumberColumn("How much", help="A fifth of the customers: 5 is best"),
    }


def _show_segments(here: Here, customers: Customers) -> None:
    st.subheader("Who brings it?")
    currency = customers.currency
    rows = _in_major(customers.segments, currency)
    bars = rows.assign(name=rows["segment"], value=rows["revenue"].astype("float64"))
    takeaway = bars_takeaway(bars, what=f"Revenue to date by segment, {currency}")
    show_figure(bars_figure(bars, x_title=f"revenue to date, {currency}"), key="c_segments", takeaway=takeaway)
    columns: dict[str, Any] = {
        "segment": "Segment",
        "people": count_column("People"),
        "revenue": money_column(f"Revenue, {currency}", currency),
        "share": share_column("Of revenue"),
        "expected": money_column(f"Expected in a year, {currency}", currency),
        "meaning": "Who",
    }
    for note in customers.model.notes if customers.model else ():
        st.caption(f":material/info: {note}")
    row = show_table(rows[list(columns)], name="segments", alt="Customers by segment", columns=columns, select=True)
    if row is None:
        st.caption("Choose a segment to see who is in it.")
        return
    segment = str(rows["segment"].iloc[row])
    if segment == NOT_PLACED:
        st.caption("These customers are in no segment yet. Fit again, below.")
        return
    _show_people(here, customers, f"Customers: {segment}", list_people_of_segment, segment, name="segment_people")


def _show_people(here: Here, customers: Customers, title: str, question: Any, wanted: str, *, name: str) -> None:
    currency = customers.currency
    people = ask(here, question, currency, wanted)
    st.subheader(title)
    if len(people) == MOST_PEOPLE:
        st.caption(f"The {whole(MOST_PEOPLE)} with the most revenue; the CSV has all.")
    columns = _people_columns(currency)
    show_people_list(
        _in_major(people, currency),
        columns,
        name=name,
        alt=title,
        whole_list=lambda: _in_major(ask(here, question, currency, wanted, limit=MOST_IN_CSV), currency),
    )


def _show_engaged(here: Here, customers: Customers) -> None:
    st.subheader("Those who talk with us, next to the others")
    currency = customers.currency
    rows = _in_major(customers.engaged, currency)
    columns: dict[str, Any] = {
        "group": "Customers who",
        "people": count_column("People"),
        "orders": count_column("Orders"),
        "revenue": money_column(f"Revenue, {currency}", currency),
        "revenue_each": money_column(f"Revenue a person, {currency}", currency),
        "expected_each": money_column(f"Expected a person, {currency}", currency),
    }
    row = show_table(
        rows[list(columns)], name="engaged", alt="Who wrote, and who did not", columns=columns, select=True
    )
    st.caption(
        "Two groups side by side. They may differ in much beside talking with us, so the difference says nothing of "
        "what talking does; and who is not joined with their other accounts counts as not having written."
    )
    if row is not None:
        group = str(rows["group"].iloc[row])
        _show_people(here, customers, f"Customers who {group}", list_engaged, group, name="engaged_people")


def _show_model(here: Here, customers: Customers) -> None:
    st.subheader("How far to trust this")
    model = customers.model
    if model is None:
        st.text(
            f"No model is fitted yet. The first one comes by itself once {FEWEST_CUSTOMERS} people have ordered, "
            f"{FEWEST_REPEATERS} of them again; until then there are no segments and nothing is expected."
        )
    else:
        for sentence in _describe(model):
            st.markdown(f"- {sentence}")
    running = running_job(here)
    st.button(
        "Fit again",
        key="c_fit",
        icon=":material/refresh:",
        disabled=running is not None,
        on_click=_fit_again,
        args=(here,),
        help="Fits the model to all orders there are now, and derives segments and expected values anew.",
    )


def _fit_again(here: Here) -> None:
    start_job(here.engine, "train", {"model": CUSTOMER_VALUE})


def _describe(model: ValueModel) -> list[str]:
    """What to know of a model, in sentences of ours: none holds what a member wrote."""
    sentences = [
        f"Fitted to {whole(model.customers)} customers, {whole(model.repeaters)} of whom bought again, as of the last "
        f"order on {day(model.as_of)} (version {model.version}). Who ordered since is placed by it, too; it changes "
        "only when it is fitted again."
    ]
    if model.is_fitted:
        sentences.append(
            "How often and whether people still buy: BG/NBD (Fader, Hardie and Lee, 2005). For how much: Gamma-Gamma. "
            "Both know only when and for how much somebody bought, nothing of seasons, prices or what we do."
        )
    if model.is_fitted and not model.notes:
        sentences.append("Checked against how many customers bought how often: nothing speaks against the model.")
    return sentences
