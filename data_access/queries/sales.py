"""Sales: who takes part in which order or deal, when, for how much. Times are whole microseconds since 1970 UTC."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, and_, func, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from data_access.models.derived import Sale
from data_access.models.facts import Deal, Order, Organization
from data_access.queries.frames import Rows, read_frame

ORDER, DEAL, OPEN_DEAL, LOST_DEAL = "order", "deal", "open_deal", "lost_deal"
#: The kinds that bring revenue, each a view of its own.
SOLD = (ORDER, DEAL)
DEALS = (DEAL, OPEN_DEAL, LOST_DEAL)
#: The currency of what names no amount.
NO_AMOUNT = ""

_AT_A_TIME = 400
_TIMES = ("occurred_at", "journey_at", "lead_at", "opportunity_at")
_OPTIONAL = ("at", "day", "order_id", "journey_at", "lead_at", "opportunity_at")


def _micros(name: str) -> Any:
    return type_coerce(getattr(Sale, name), BigInteger)


def _select() -> Rows:
    return select(
        col(Sale.sale_kind),
        col(Sale.fact_id),
        col(Sale.person_id),
        _micros("occurred_at").label("at"),
        col(Sale.day),
        col(Sale.order_id),
        *(_micros(name).label(name) for name in _TIMES[1:]),
        col(Sale.is_refund),
        col(Sale.amount_minor),
        col(Sale.currency),
    )


def _read(session: Session, statements: Sequence[Rows]) -> pd.DataFrame:
    frames = [read_frame(session, statement, optional=_OPTIONAL) for statement in statements]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def list_sales_of(session: Session, people: Collection[int]) -> pd.DataFrame:
    """What these people take part in: ``sale_kind``, ``fact_id``, ``person_id``, ``at`` (Int64, NA while a deal is
    open), ``day``, ``order_id`` (of a refund; Int64), ``journey_at``, ``lead_at``, ``opportunity_at`` (Int64),
    ``is_refund``, ``amount_minor``, ``currency``."""
    ids = sorted(people)
    parts = [ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME)] or [[]]
    return _read(session, [_select().where(col(Sale.person_id).in_(part)) for part in parts])


def list_sales_on(session: Session, days: Collection[date], *, kinds: Collection[str] = SOLD) -> pd.DataFrame:
    """Who takes part in what was sold on these days; ``person_id`` 0 where nobody is known. As ``list_sales_of``."""
    return _read(session, [_select().where(col(Sale.sale_kind).in_(kinds), col(Sale.day).in_(sorted(days)))])


def list_open_deals(session: Session) -> pd.DataFrame:
    """Who takes part in the deals that are open. As ``list_sales_of``."""
    return _read(session, [_select().where(col(Sale.sale_kind) == OPEN_DEAL)])


def list_sales_by_id(session: Session, keys: Collection[tuple[str, int]]) -> pd.DataFrame:
    """Who takes part in these sales (kind, id). As ``list_sales_of``."""
    by_kind: dict[str, list[int]] = {}
    for kind, number in sorted(keys):
        by_kind.setdefault(kind, []).append(number)
    statements = [
        _select().where(col(Sale.sale_kind) == kind, col(Sale.fact_id).in_(ids[start : start + _AT_A_TIME]))
        for kind, ids in by_kind.items()
        for start in range(0, len(ids), _AT_A_TIME)
    ]
    return _read(session, statements or [_select().where(col(Sale.fact_id).in_([]))])


@dataclass(frozen=True)
class SalePlace:
    """The last sale already seen, newest first."""

    at: int
    sale_kind: str
    fact_id: int


def list_newest_sales(
    session: Session,
    *,
    kinds: Collection[str],
    start: date | None = None,
    end: date | None = None,
    people: Collection[int] | None = None,
    days: Collection[date] | None = None,
    after: SalePlace | None = None,
    limit: int = 50,
) -> pd.DataFrame:
    """Sales, each once, newest first (open deals before all others): ``sale_kind``, ``fact_id``, ``at`` (Int64). On the
    local days [start, end), or on ``days`` alone; of anyone, or of ``people``."""
    # an open deal has no time: it stands at the end of all time
    at = func.coalesce(_micros("occurred_at"), OPEN_AT)
    statement = select(col(Sale.sale_kind), col(Sale.fact_id), func.max(at).label("at")).where(
        col(Sale.sale_kind).in_(kinds)
    )
    if start is not None:
        statement = statement.where(col(Sale.day) >= start)
    if end is not None:
        statement = statement.where(col(Sale.day) < end)
    if people is not None:
        statement = statement.where(col(Sale.person_id).in_(people))
    if days is not None:
        statement = statement.where(col(Sale.day).in_(days))
    if after is not None:
        older = or_(
            at < after.at,
            and_(
                at == after.at,
                or_(
                    col(Sale.sale_kind) < after.sale_kind,
                    and_(col(Sale.sale_kind) == after.sale_kind, col(Sale.fact_id) < after.fact_id),
                ),
            ),
        )
        statement = statement.where(older)
    order = (func.max(at).desc(), col(Sale.sale_kind).desc(), col(Sale.fact_id).desc())
    grouped: Any = statement.group_by(col(Sale.sale_kind), col(Sale.fact_id)).order_by(*order).limit(limit)
    return read_frame(session, grouped)


#: Where an open deal stands among dated sales, in microseconds.
OPEN_AT = 1 << 62


def list_sale_details(session: Session, keys: Collection[tuple[str, int]]) -> pd.DataFrame:
    """What these sales are of: ``sale_kind``, ``fact_id``, ``name`` (of the deal, else the product), ``organization``,
    ``native_id``."""
    frames = []
    for kind, model in ((ORDER, Order), (DEAL, Deal), (OPEN_DEAL, Deal), (LOST_DEAL, Deal)):
        ids = sorted(number for held, number in keys if held == kind)
        parts = (ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME))
        frames += [_details(session, kind, model, part) for part in parts]
    columns = ["sale_kind", "fact_id", "name", "organization", "native_id"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _details(session: Session, kind: str, model: Any, ids: Sequence[int]) -> pd.DataFrame:
    name = col(Order.product) if model is Order else func.coalesce(Deal.name, Deal.product)
    statement: Rows = (
        select(
            col(model.id).label("fact_id"),
            name.label("name"),
            col(Organization.name).label("organization"),
            col(model.native_id),
        )
        .join(Organization, col(Organization.id) == col(model.organization_id), isouter=True)
        .where(col(model.id).in_(ids))
    )
    return read_frame(session, statement).assign(sale_kind=kind)


def list_kinds(session: Session) -> tuple[str, ...]:
    """The kinds that bring revenue and of which there is any, orders first."""
    return tuple(
        kind
        for kind in SOLD
        if session.execute(select(col(Sale.fact_id)).where(col(Sale.sale_kind) == kind).limit(1)).first() is not None
    )


def read_sales_span(session: Session, kind: str, *, today: date | None = None) -> tuple[date | None, date | None]:
    """From which to which local day there are sales of this kind; None where there is none. It ends ``today`` (or
    the newest day of data, which is never ahead) at the latest, where that is named and not all are later."""
    # apart, since SQLite goes to the end of an index for one minimum or maximum only
    first, last = (
        session.scalar(select(end(col(Sale.day))).where(col(Sale.sale_kind) == kind)) for end in (func.min, func.max)
    )
    if first is not None and last is not None and today is not None and first <= today < last:
        last = session.scalar(select(func.max(Sale.day)).where(col(Sale.sale_kind) == kind, col(Sale.day) <= today))
    return first, last


def list_undated(session: Session, kind: str) -> pd.DataFrame:
    """What was sold on a day that nothing tells, such as won deals without the date of their close: ``currency`` ("":
    no amount is named), ``sales``, ``total_minor``. An open deal is none: it is not sold."""
    return _sum_undated(session, kind if kind in SOLD else None)


def read_open_sums(session: Session) -> pd.DataFrame:
    """The deals that are open: ``currency`` ("": no amount is named), ``sales``, ``total_minor``."""
    return _sum_undated(session, OPEN_DEAL)


def _sum_undated(session: Session, kind: str | None) -> pd.DataFrame:
    # one row of each sale; by DISTINCT, SQLite would go through all sales of the kind in the order of their ids
    taking_part = aliased(Sale)
    first = select(func.min(taking_part.person_id)).where(
        col(taking_part.sale_kind) == col(Sale.sale_kind), col(taking_part.fact_id) == col(Sale.fact_id)
    )
    statement: Rows = (
        select(col(Sale.currency), func.count().label("sales"), func.sum(Sale.amount_minor).label("total_minor"))
        .where(col(Sale.sale_kind) == kind, col(Sale.day).is_(None), col(Sale.person_id) == first.scalar_subquery())
        .group_by(col(Sale.currency))
        .order_by(col(Sale.currency))
    )
    return read_frame(session, statement).astype({"sales": "int64", "total_minor": "int64"})


def has_open_deals(session: Session) -> bool:
    """Whether any deal is open."""
    found = session.execute(select(col(Sale.fact_id)).where(col(Sale.sale_kind) == OPEN_DEAL).limit(1))
    return found.first() is not None


def has_buyers(session: Session) -> bool:
    """Whether of any sale it is known who takes part in it."""
    found = session.execute(select(col(Sale.person_id)).where(col(Sale.person_id) > 0).limit(1))
    return found.first() is not None


def list_currencies(session: Session, kinds: Collection[str]) -> tuple[str, ...]:
    """In which currencies there are sales of these kinds, in the order of the alphabet. What names no amount has
    none."""
    statement = select(col(Sale.currency)).where(col(Sale.sale_kind).in_(kinds), col(Sale.currency) != NO_AMOUNT)
    statement = statement.distinct()
    return tuple(sorted(session.execute(statement).scalars()))
