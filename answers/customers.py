"""What customers are worth: by segment, one by one, and those who talk with us next to the others.

A customer has bought something that was not wholly refunded, here as on the way to becoming one (``PersonStage``).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from data_access.models.derived import PersonValue
from data_access.queries.customers import (
    list_currencies,
    list_customers,
    list_person_values,
    read_engaged_value,
    read_segments,
)
from data_access.queries.models import CUSTOMER_VALUE, read_current_model
from metrics.segments import SEGMENTS

MOST_PEOPLE = 200


@dataclass(frozen=True)
class ValueModel:
    """The model that is applied now: its ``version``, the last day with an order when it was fitted (``as_of``), when
    that was, and, of one currency, how many customers it rests on and what to know of it (``notes``: sentences).
    ``is_fitted``: whether it says what people will buy; else it only places them in segments, if that."""

    version: str
    as_of: date
    fitted_at: datetime
    customers: int
    repeaters: int
    is_fitted: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Customers:
    """Customers of one ``currency``: who ordered in it, and was not refunded everything.

    ``currencies``: all there are. ``people``, ``revenue_minor``, ``expected_minor`` (in the 365 days after the model's
    ``as_of``; None where nothing is expected of anybody), and ``others_without``: how many have no expected revenue.
    ``segments``: ``segment``, ``meaning``, ``people``, ``revenue_minor``, ``expected_minor``, ``share`` (of revenue, 0
    to 1), best first, "not placed" last. ``engaged``: ``group``, ``people``, ``orders``, ``revenue_minor``,
    ``revenue_each_minor`` and ``expected_each_minor`` (float64, NaN where there is none).
    """

    currency: str
    currencies: tuple[str, ...]
    people: int
    revenue_minor: int
    expected_minor: int | None
    others_without: int
    model: ValueModel | None
    segments: pd.DataFrame = field(repr=False)
    engaged: pd.DataFrame = field(repr=False)


NOT_PLACED = "not placed"
GROUPS = {1: "wrote in a public network or the community", 0: "did not"}


def read_customers(session: Session, currency: str | None = None) -> Customers | None:
    """Everything that the customers' section shows, over all time. None where nobody has ordered anything.

    ``currency``: one in which people ordered; else the one of most people. Currencies are never added.
    """
    currencies = list_currencies(session)
    if not currencies:
        return None
    chosen = currency if currency in currencies else currencies[0]
    rows = read_segments(session, chosen)
    foreseen = int(rows["foreseen"].sum())
    people = int(rows["people"].sum())
    return Customers(
        currency=chosen,
        currencies=tuple(currencies),
        people=people,
        revenue_minor=int(rows["revenue_minor"].sum()),
        expected_minor=int(rows["expected_minor"].sum()) if foreseen else None,
        others_without=people - foreseen,
        model=read_value_model(session, chosen),
        segments=_segments(rows),
        engaged=_engaged(read_engaged_value(session, chosen)),
    )


def _segments(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows.assign(segment=rows["segment"].fillna(NOT_PLACED))
    order = {name: number for number, name in enumerate([*SEGMENTS, NOT_PLACED])}
    meaning = named["segment"].map(SEGMENTS).fillna("ordered in a currency that the model was not fitted to")
    total = max(1, int(named["revenue_minor"].sum()))
    shown = named.assign(meaning=meaning, share=named["revenue_minor"] / total, place=named["segment"].map(order))
    columns = ["segment", "meaning", "people", "revenue_minor", "expected_minor", "share"]
    return shown.sort_values("place")[columns].reset_index(drop=True)


def _engaged(rows: pd.DataFrame) -> pd.DataFrame:
    each = rows["revenue_minor"] / rows["people"]
    expected = rows["expected_minor"] / rows["foreseen"].where(rows["foreseen"] > 0)
    shown = rows.assign(
        group=rows["is_engaged"].map(GROUPS),
        revenue_each_minor=each.astype("float64"),
        expected_each_minor=expected.astype("float64"),
    )
    return shown[["group", "people", "orders", "revenue_minor", "revenue_each_minor", "expected_each_minor"]]


def read_value_model(session: Session, currency: str) -> ValueModel | None:
    """The current model, as far as it speaks of a currency. None where none was fitted."""
    model = read_current_model(session, CUSTOMER_VALUE)
    if model is None:
        return None
    fit: dict[str, Any] = model.parameters["currencies"].get(currency, {})
    notes = fit.get("notes", [f"There were no orders in {currency} when it was fitted. Fit again."])
    return ValueModel(
        version=model.version,
        as_of=date.fromordinal(model.parameters["as_of"]),
        fitted_at=model.fitted_at,
        customers=fit.get("customers", 0),
        repeaters=fit.get("repeaters", 0),
        is_fitted=bool(fit.get("rate")),
        notes=tuple(notes),
    )


def list_people_of_segment(
    session: Session, currency: str, segment: str | None, *, limit: int = MOST_PEOPLE
) -> pd.DataFrame:
    """The customers of a segment (a key of ``metrics.segments.SEGMENTS``; None: of all), those with the most revenue
    first: the columns of ``data_access.queries.customers.list_customers``."""
    return list_customers(session, currency, segment=segment, limit=limit)


def list_engaged(session: Session, currency: str, group: str, *, limit: int = MOST_PEOPLE) -> pd.DataFrame:
    """The customers of a row of ``Customers.engaged``, by its ``group``: columns as for a segment."""
    return list_customers(session, currency, engaged=group == GROUPS[1], limit=limit)


@dataclass(frozen=True)
class PersonWorth:
    """What one person is worth, in one ``currency`` ("" for deals of no known currency). Amounts in minor units.

    ``revenue_minor``: orders less refunds; ``to_date_minor``: that and the deals won in which they took part. The model
    adds ``segment``, the ``quintiles`` of recency, frequency and money (5 is best), ``probability_alive`` (0 to 1),
    ``expected_orders`` and ``expected_minor`` of the 365 days after ``as_of``; None where it says nothing. ``how``: in
    sentences, how these came about.
    """

    currency: str
    orders: int
    revenue_minor: int
    first_order_at: datetime | None
    last_order_at: datetime | None
    deals_won: int
    deals_won_minor: int
    deals_open: int
    deals_open_minor: int
    to_date_minor: int
    segment: str | None
    quintiles: tuple[int, int, int] | None
    probability_alive: float | None
    expected_orders: float | None
    expected_minor: int | None
    as_of: date | None
    how: tuple[str, ...]


def read_person_value(session: Session, person_id: int) -> tuple[PersonWorth, ...]:
    """What a person is worth, an entry a currency, the largest first; empty for who never bought and has no deal."""
    return tuple(_worth(session, row) for row in list_person_values(session, person_id))


def _worth(session: Session, row: PersonValue) -> PersonWorth:
    model = read_value_model(session, row.currency)
    fifths = (row.recency_quintile, row.frequency_quintile, row.monetary_quintile)
    names = ("currency", "orders", "revenue_minor", "first_order_at", "last_order_at", "segment")
    deals = ("deals_won", "deals_won_minor", "deals_open", "deals_open_minor")
    foreseen = ("probability_alive", "expected_orders", "expected_minor")
    return PersonWorth(
        **{name: getattr(row, name) for name in (*names, *deals, *foreseen)},
        to_date_minor=row.revenue_minor + row.deals_won_minor,
        quintiles=None if None in fifths else fifths,  # type: ignore[arg-type]
        as_of=model.as_of if model and row.segment else None,
        how=tuple(_explain(row, model)),
    )


def _explain(row: PersonValue, model: ValueModel | None) -> list[str]:
    words = [
        "Value to date: orders less refunds, and the deals won in which they are a contact, each with its whole sum."
    ]
    if row.orders == 0:
        return words
    if model is None:
        return [*words, "Nothing is expected yet: there are too few customers to fit a model to."]
    if row.segment:
        meaning = SEGMENTS[row.segment]
        words.append(
            f"Segment: {row.segment}, who {meaning}. From the fifths of how lately ({row.recency_quintile} of 5), how "
            f"often ({row.frequency_quintile} of 5) and for how much ({row.monetary_quintile} of 5) they bought, "
            f"as of {model.as_of:%-d %b %Y}."
        )
    if row.expected_orders is not None:
        words.append(
            "Expected: orders of the 365 days after that day, from how often and how lately they and everybody else "
            "bought (BG/NBD), at what their orders are usually worth, drawn towards everybody's (Gamma-Gamma)."
        )
    return [*words, *model.notes]
