"""Who takes part in which sale: ``Sale`` rows from orders, refunds and deals."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Row, Table, and_, bindparam, delete, or_, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.models.columns import from_micros, to_micros
from data_access.models.derived import Role
from data_access.queries.sales import DEAL, DEALS, LOST_DEAL, NO_AMOUNT, OPEN_DEAL, ORDER
from data_access.upsert import chunks, table
from jobs.derive.rules import Rules

IDENTITY = table(facts.Identity)
ORDERS = table(facts.Order)
DEAL_FACTS = table(facts.Deal)
DEAL_CONTACT = table(facts.DealContact)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
SALE = table(derived.Sale)

NOBODY = 0
_NOT_BUYERS = (Role.TEAM, Role.BOT)
#: Not yet or no longer one that sales work on.
_NO_OPPORTUNITY = re.compile(
    r"\b(?:not|no|non|never)\b|\b(?:un|dis)[\s_-]?(?:qualif|engag)|marketing[\s_-]*qualif|\bmql\b", re.IGNORECASE
)
_OPPORTUNITY = re.compile(r"opportun|qualif|engag", re.IGNORECASE)
_CLOSED = re.compile(r"won|lost|closed", re.IGNORECASE)
#: The two tables that sales are in, with the kinds of sale that each gives.
TABLES = {ORDER: (ORDER,), DEAL: DEALS}


class SaleRow(NamedTuple):
    """A row of ``Sale``, its times in microseconds."""

    sale_kind: str
    fact_id: int
    person_id: int
    occurred_at: int | None
    day: date | None
    order_id: int | None
    journey_at: int | None
    lead_at: int | None
    opportunity_at: int | None
    is_refund: bool
    amount_minor: int
    currency: str


def list_facts_of(session: Session, people: Collection[int]) -> dict[str, set[int]]:
    """The orders and deals that these people may take part in, or that the store says they take part in."""
    found: dict[str, set[int]] = {ORDER: set(), DEAL: set()}
    for part in chunks(sorted(people)):
        accounts = select(PERSON_IDENTITY.c.identity_id).where(among(PERSON_IDENTITY.c.person_id, part))
        employers = select(IDENTITY.c.organization_id).where(
            IDENTITY.c.id.in_(accounts), IDENTITY.c.organization_id.is_not(None)
        )
        for kind, statement in (
            (ORDER, select(ORDERS.c.id).where(ORDERS.c.identity_id.in_(accounts))),
            (ORDER, select(ORDERS.c.id).where(ORDERS.c.identity_id.is_(None), ORDERS.c.organization_id.in_(employers))),
            (DEAL, select(DEAL_CONTACT.c.deal_id).where(DEAL_CONTACT.c.identity_id.in_(accounts))),
            (DEAL, select(DEAL_FACTS.c.id).where(DEAL_FACTS.c.organization_id.in_(employers))),
        ):
            found[kind].update(session.scalars(statement))
        for row in session.execute(select(SALE.c.sale_kind, SALE.c.fact_id).where(among(SALE.c.person_id, part))):
            found[ORDER if row.sale_kind == ORDER else DEAL].add(row.fact_id)
    return found


def find_sale_changes(
    session: Session, rules: Rules, fact_ids: Mapping[str, Collection[int]]
) -> tuple[set[SaleRow], set[SaleRow]]:
    """Who takes part in these orders and deals: the stored rows that no longer hold, and those that hold now. A fact
    that is gone has none."""
    gone: set[SaleRow] = set()
    come: set[SaleRow] = set()
    orders = _with_refunds(session, fact_ids.get(ORDER, ()))
    for kind, ids in ((ORDER, orders), (DEAL, set(fact_ids.get(DEAL, ())))):
        for part in chunks(sorted(ids)):
            before = _stored(session, TABLES[kind], part)
            now = set(_order_rows(session, rules, part) if kind == ORDER else _deal_rows(session, rules, part))
            gone |= before - now
            come |= now - before
    return gone, come


def replace_sales(session: Session, gone: Collection[SaleRow], come: Collection[SaleRow]) -> None:
    """Put the rows that hold in the place of those that do not."""
    key = {name: SALE.c[name] == bindparam(f"b_{name}") for name in ("sale_kind", "fact_id", "person_id")}
    if gone:
        rows = [{f"b_{name}": getattr(row, name) for name in key} for row in gone]
        session.connection().execute(delete(SALE).where(*key.values()), rows)
    if come:
        insert_rows(session, SALE, [row._asdict() for row in sorted(come, key=lambda row: row[:3])])


def _with_refunds(session: Session, ids: Collection[int]) -> set[int]:
    """These orders and the refunds of them, by what the facts say and by what was derived before."""
    refund, order = ORDERS.alias("refund"), ORDERS
    found = set(ids)
    for part in chunks(sorted(ids)):
        names_it = and_(
            refund.c.network == order.c.network,
            refund.c.source == order.c.source,
            refund.c.refund_of_native_id == order.c.native_id,
        )
        found.update(session.scalars(select(refund.c.id).join(order, names_it).where(among(order.c.id, part))))
        found.update(session.scalars(select(SALE.c.fact_id).where(among(SALE.c.order_id, part))))
    return found


def _micros(column: Column[Any]) -> Any:
    return type_coerce(column, BigInteger).label(column.name)


def _columns() -> list[Any]:
    times = {"occurred_at", "journey_at", "lead_at", "opportunity_at"}
    return [_micros(SALE.c[name]) if name in times else SALE.c[name] for name in SaleRow._fields]


def _stored(session: Session, kinds: Iterable[str], ids: Sequence[int]) -> set[SaleRow]:
    statement = select(*_columns()).where(SALE.c.sale_kind.in_(list(kinds)), among(SALE.c.fact_id, ids))
    return {SaleRow(*row) for row in session.execute(statement)}


def _day(rules: Rules, micros: int | None) -> date | None:
    return None if micros is None else from_micros(micros).astimezone(rules.zone).date()


def _order_rows(session: Session, rules: Rules, ids: Sequence[int]) -> Iterable[SaleRow]:
    bought = ORDERS.alias("bought")
    names_it = and_(
        bought.c.network == ORDERS.c.network,
        bought.c.source == ORDERS.c.source,
        bought.c.native_id == ORDERS.c.refund_of_native_id,
    )
    orders = session.execute(
        select(
            *(ORDERS.c[name] for name in ("id", "identity_id", "organization_id", "amount_minor", "currency")),
            _micros(ORDERS.c.occurred_at),
            or_(ORDERS.c.refund_of_native_id.is_not(None), ORDERS.c.amount_minor < 0).label("is_refund"),
            bought.c.id.label("order_id"),
            bought.c.identity_id.label("order_identity_id"),
            bought.c.organization_id.label("order_organization_id"),
            type_coerce(bought.c.occurred_at, BigInteger).label("ordered_at"),
        )
        .join_from(ORDERS, bought, names_it, isouter=True)
        .where(among(ORDERS.c.id, ids))
    ).all()
    owner = {row.id: _owner(row) for row in orders}
    holders = _list_holders(session, {identity for identity, _ in owner.values() if identity})
    members = _list_members(session, {employer for identity, employer in owner.values() if employer and not identity})
    for row in orders:
        identity, employer = owner[row.id]
        people = holders.get(identity, set()) if identity else members.get(employer or NOBODY, set())
        for person in people or {NOBODY}:
            yield SaleRow(
                sale_kind=ORDER,
                fact_id=row.id,
                person_id=person,
                occurred_at=row.occurred_at,
                day=_day(rules, row.occurred_at),
                order_id=row.order_id,
                journey_at=row.ordered_at if row.order_id else row.occurred_at,
                lead_at=None,
                opportunity_at=None,
                is_refund=row.is_refund,
                amount_minor=row.amount_minor,
                currency=row.currency,
            )


def _owner(row: Row[Any]) -> tuple[int | None, int | None]:
    """The account and the organisation that an order is of. A refund is its order's; of an unknown order nobody's: no
    touch got credit for it, so that none may lose any."""
    if row.order_id:
        return row.order_identity_id, row.order_organization_id
    return (None, None) if row.is_refund else (row.identity_id, row.organization_id)


def _deal_rows(session: Session, rules: Rules, ids: Sequence[int]) -> Iterable[SaleRow]:
    names = ("id", "organization_id", "is_won", "amount_minor", "currency", "stages")
    times = (_micros(DEAL_FACTS.c.created_at), _micros(DEAL_FACTS.c.closed_at))
    deals = session.execute(select(*(DEAL_FACTS.c[name] for name in names), *times).where(among(DEAL_FACTS.c.id, ids)))
    contacts: dict[int, set[int]] = {}
    taking_part = select(DEAL_CONTACT.c.deal_id, DEAL_CONTACT.c.identity_id).where(among(DEAL_CONTACT.c.deal_id, ids))
    for deal_id, identity in session.execute(taking_part):
        contacts.setdefault(deal_id, set()).add(identity)
    rows = deals.all()
    holders = _list_holders(session, set().union(*contacts.values()))
    members = _list_members(session, {r.organization_id for r in rows if r.organization_id and r.id not in contacts})
    for row in rows:
        if row.id in contacts:
            people = set().union(*(holders.get(identity, set()) for identity in contacts[row.id]))
        else:
            people = members.get(row.organization_id, set())
        yield from _deal_sale(rules, row, people)


def _deal_sale(rules: Rules, row: Row[Any], people: Collection[int]) -> Iterable[SaleRow]:
    """A deal as a sale. One that closed without saying when cannot be dated: it is no sale of any day."""
    kind = {True: DEAL, False: LOST_DEAL, None: OPEN_DEAL}[row.is_won]
    closed_at = None if row.is_won is None else row.closed_at
    lead_at, opportunity_at = find_milestones(row.created_at, row.stages or [])
    is_known = row.amount_minor is not None and bool(row.currency)
    amount_minor, currency = (row.amount_minor, row.currency) if is_known else (0, NO_AMOUNT)
    for person in people or {NOBODY}:
        yield SaleRow(
            sale_kind=kind,
            fact_id=row.id,
            person_id=person,
            occurred_at=closed_at,
            day=_day(rules, closed_at),
            order_id=None,
            journey_at=closed_at,
            lead_at=lead_at,
            opportunity_at=opportunity_at,
            is_refund=False,
            amount_minor=amount_minor,
            currency=currency,
        )


def find_milestones(created_at: int | None, stages: Sequence[Mapping[str, Any]]) -> tuple[int | None, int | None]:
    """When a deal became a lead and when an opportunity, in microseconds: the lead when the deal was made, else when it
    came to its first stage; the opportunity when it first came to a stage that is called so (or "qualified",
    "engaging"), else to its second stage, unless that closes it. None where unknown.

    >>> find_milestones(None, [{"stage": "lead", "entered_at": "1970-01-01T00:00:01+00:00"},
    ...     {"stage": "Opportunity", "entered_at": "1970-01-01T00:00:02+00:00"}])
    (1000000, 2000000)
    """
    entered = sorted((_stage_time(stage), str(stage.get("stage", ""))) for stage in stages if stage.get("entered_at"))
    lead_at = created_at if created_at is not None else (entered[0][0] if entered else None)
    named = [at for at, name in entered if _OPPORTUNITY.search(name) and not _NO_OPPORTUNITY.search(name)]
    if named:
        return lead_at, named[0]
    second = [at for at, name in entered[1:2] if not (_CLOSED.search(name) or _NO_OPPORTUNITY.search(name))]
    return lead_at, second[0] if second else None


def _stage_time(stage: Mapping[str, Any]) -> int:
    moment = datetime.fromisoformat(str(stage["entered_at"]))
    return to_micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _list_holders(session: Session, identities: Collection[int]) -> dict[int, set[int]]:
    """The person of each account, leaving out the team and bots."""
    return _by_key(session, PERSON_IDENTITY.c.identity_id, identities)


def _list_members(session: Session, organizations: Collection[int]) -> dict[int, set[int]]:
    """The people of each organisation, leaving out the team and bots."""
    return _by_key(session, IDENTITY.c.organization_id, organizations)


def _by_key(session: Session, key: Column[Any], wanted: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    source: Table | Any = PERSON_IDENTITY.join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
    if key.table is IDENTITY:
        source = source.join(IDENTITY, IDENTITY.c.id == PERSON_IDENTITY.c.identity_id)
    for part in chunks(sorted(wanted)):
        statement = select(key, PERSON.c.id).select_from(source).where(key.in_(part))
        not_ours = PERSON.c.role.is_(None) | PERSON.c.role.not_in(_NOT_BUYERS)
        for number, person in session.execute(statement.where(not_ours)):
            found.setdefault(number, set()).add(person)
    return found
