"""Whose a refund is, and who is a customer, wherever it is asked."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from data_access.models.derived import CreditDay, Person, PersonIdentity, PersonStage, PersonValue, Sale, Touch
from data_access.models.facts import Identity
from data_access.queries.effects import list_orders
from data_access.records import IdentityRecord, OrganizationRecord
from data_access.store import reading
from jobs.progress import Silence
from jobs.refresh import refresh
from tests.jobs.sales import DAY, deal, order, visit
from tests.jobs.stores import bring, channel, post, rows_of

_END = 1 << 60


def revenue_of(engine: Engine) -> dict[str, tuple[int, int]]:
    """Orders and revenue by the account of their person."""
    with reading(engine) as session:
        rows = session.exec(
            select(Identity.native_id, PersonValue)
            .join(PersonIdentity, PersonIdentity.identity_id == Identity.id)  # type: ignore[arg-type]
            .join(PersonValue, PersonValue.person_id == PersonIdentity.person_id)  # type: ignore[arg-type]
        ).all()
    return {name: (value.orders, value.revenue_minor) for name, value in rows}


@pytest.mark.parametrize("named", [None, "ben"])
@pytest.mark.parametrize("is_refund_first", [False, True])
def test_refund_lowers_the_buyers_value_whoever_is_named_on_it(
    engine: Engine, named: str | None, is_refund_first: bool
) -> None:
    bring(engine, [channel("wall"), visit("v", 0), visit("w", 0, "ben")])
    sold = [order("o", DAY, amount=1_000), order("r", 2 * DAY, named, amount=-300, refund_of="o")]
    for record in reversed(sold) if is_refund_first else sold:
        bring(engine, [record], name=record.native_id)
    assert revenue_of(engine) == {"ann": (1, 700)}
    with reading(engine) as session:
        orders = list_orders(session, 1_009, until=_END)
        people = {row.person_id for row in session.exec(select(Sale)).all()}
    assert orders["amount_minor"].tolist() == [1_000, -300]
    assert set(orders["person_id"]) == people
    kept = rows_of(engine)
    refresh(engine, Silence())
    assert rows_of(engine) == kept


def test_refund_that_changes_its_order_leaves_the_first_buyers_value(engine: Engine) -> None:
    bring(engine, [channel("wall"), order("o", DAY, amount=1_000), order("p", DAY, "ben", amount=900)])
    back: dict[str, Any] = {"who": None, "amount": -300}
    bring(engine, [order("r", 2 * DAY, refund_of="o", **back)], name="first")
    assert revenue_of(engine) == {"ann": (1, 700), "ben": (1, 900)}
    bring(engine, [order("r", 2 * DAY, refund_of="p", **back)], name="corrected")
    assert revenue_of(engine) == {"ann": (1, 1_000), "ben": (1, 600)}


def test_negative_order_that_names_no_order_is_no_sale(engine: Engine) -> None:
    bring(engine, [channel("wall"), visit("v", 0), order("o", DAY, amount=1_000), order("n", 2 * DAY, amount=-300)])
    with reading(engine) as session:
        sales = session.exec(select(Sale).order_by(Sale.fact_id)).all()  # type: ignore[arg-type]
    assert [(sale.amount_minor, sale.is_refund, sale.person_id > 0) for sale in sales] == [
        (1_000, False, True),
        (-300, True, False),
    ]


def test_buyer_who_was_wholly_refunded_is_no_customer_anywhere(engine: Engine) -> None:
    bring(engine, [channel("wall"), visit("v", 0), order("o", DAY, amount=1_000)])
    with reading(engine) as session:
        assert session.exec(select(PersonStage.path)).all() == ["hub>customer"]
    bring(engine, [order("r", 2 * DAY, None, amount=-1_000, refund_of="o")], name="refund")
    with reading(engine) as session:
        assert session.exec(select(PersonStage.path)).all() == ["hub"]
        assert [value.orders for value in session.exec(select(PersonValue)).all()] == [0]
        assert len(session.exec(select(Person)).all()) == 1


def test_people_of_an_organisation_have_touches_before_its_deals_whichever_came_in_first(engine: Engine) -> None:
    place = ("net", "net.example")
    who = [
        OrganizationRecord(*place, "acme", "Acme"),
        IdentityRecord(*place, "ann", organization="Acme", organization_native_id="acme"),
    ]
    bring(engine, [*who, channel("wall"), post("p", 0)], name="forum")
    with reading(engine) as session:
        assert session.exec(select(Touch)).all() == []
    bring(engine, [deal("d", DAY, organization="acme", amount=5_000)], name="deals")
    with reading(engine) as session:
        assert [touch.kind for touch in session.exec(select(Touch)).all()] == ["post"]
        credit = session.exec(select(CreditDay).where(CreditDay.dimension == "all", CreditDay.lookback_days == 7)).all()
    assert [(day.key, day.linear) for day in credit] == [("(any)", 5_000)]
    kept = rows_of(engine)
    refresh(engine, Silence())
    assert rows_of(engine) == kept
    bring(engine, [deal("d", DAY, "ben", organization="acme", amount=5_000)], name="named")
    with reading(engine) as session:
        assert session.exec(select(Touch)).all() == []
